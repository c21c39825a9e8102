//! Pages that show what the program prints are fresh.

use std::fs;
use std::path::Path;

use crate::cases::unbroken;

const COMMAND: &str =
    "$ cargo run -q -- diff testdata/showcase/old.yaml testdata/showcase/new.yaml";

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = ["diff", "testdata/showcase/old.yaml", "testdata/showcase/new.yaml"];
    let output = unbroken(root, &arguments);
    assert_eq!(output.status.code(), Some(1));
    let shown = format!("{COMMAND}\n{}", String::from_utf8(output.stdout).unwrap());
    let page = root.join("README.md");
    let text = fs::read_to_string(&page).unwrap();
    let start = text.find(COMMAND).expect("the README runs the showcase");
    let end = start + text[start..].find("```").expect("the block ends");
    if text[start..end] != shown {
        // Tests of a pull request only look; at home the fresh page is written, to be committed.
        if std::env::var_os("CI").is_none() {
            fs::write(&page, format!("{}{shown}{}", &text[..start], &text[end..])).unwrap();
        }
        panic!("README.md was stale; run the tests again and commit it");
    }
}

#[test]
fn the_readme_is_short() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    assert!(fs::read_to_string(page).unwrap().lines().count() <= 150);
}

#[test]
fn the_architecture_is_short_and_names_every_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/ARCHITECTURE.md")).unwrap();
    assert!(text.lines().count() <= 200);
    for entry in fs::read_dir(root.join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = format!("`{}/`", path.file_name().unwrap().to_str().unwrap());
            assert!(text.contains(&name), "docs/ARCHITECTURE.md does not say what {name} is");
        }
    }
}
