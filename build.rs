//! Puts the pages of the rules into the program, so that `unbroken explain` needs no network.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = root.join("docs/rules");
    println!("cargo::rerun-if-changed=docs/rules");
    let mut pages = pages(&folder)?;
    pages.sort();
    let mut list = String::from("&[\n");
    for (id, path) in pages {
        let path = path.display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(list, "    ({id:?}, include_str!({path:?})),");
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("pages.rs"), list)
}

/// Each page: the id of its rule, and where it is. A package without pages has none to show.
fn pages(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
            && is_page
            && stem != "README"
        {
            pages.push((stem.to_owned(), path.clone()));
        }
    }
    Ok(pages)
}
