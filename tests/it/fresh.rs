//! Files that tests write, to be committed: what the program prints, where people look for it.

use std::fs;
use std::path::Path;

/// Holds files below the package against what they should be. Tests of a pull request only look; at
/// home fresh files are written, to be committed.
pub(crate) fn assert_fresh(files: &[(String, String)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (name, text) in files {
        let path = root.join(name);
        if fs::read_to_string(&path).is_ok_and(|written| written == *text) {
            continue;
        }
        stale.push(name.as_str());
        if std::env::var_os("CI").is_none() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
    }
    assert!(stale.is_empty(), "stale, run the tests again and commit: {}", stale.join(", "));
}
