//! Files that cannot be named, and files that the system keeps to itself: each is one problem that has a
//! place, and the rest is compared.

use git2::Oid;

use super::scratch::{Scratch, broken, orders};

/// A name that is not UTF-8.
const ODD: &[u8] = b"caf\xe9.yaml";

/// The tree of HEAD with such a file beside its folders.
fn with_odd(scratch: &Scratch, name: &[u8], text: &str) -> Oid {
    let head = scratch.git.head().unwrap().peel_to_tree().unwrap();
    let mut builder = scratch.git.treebuilder(Some(&head)).unwrap();
    let blob = scratch.git.blob(text.as_bytes()).unwrap();
    builder.insert(name, blob, 0o100_644).unwrap();
    builder.write().unwrap()
}

fn head(scratch: &Scratch) -> Oid {
    scratch.git.head().unwrap().target().unwrap()
}

#[test]
fn a_name_that_is_not_utf_8_hides_no_break_in_another_file() {
    let scratch = broken();
    let tree = with_odd(&scratch, ODD, &orders("a"));
    let commit = scratch.commit_tree(None, tree, &[head(&scratch)]);
    scratch.point("refs/heads/feature", commit);
    // The head has it.
    let (code, said) = scratch.run(&["check", "--head", "feature"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("caf\\351.yaml"), "{said}");
    assert!(said.contains("the name is not UTF-8"), "{said}");
    // Only the base has it: whoever removes it must be able to.
    let (code, said) = scratch.run(&["check", "--base", "feature"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("property-became-required"), "{said}");
    assert!(said.contains("caf\\351.yaml"), "{said}");
    // Both have it, and it is as it was.
    let after = scratch.commit_tree(None, tree, &[commit]);
    scratch.point("refs/heads/later", after);
    let (code, said) = scratch.run(&["check", "--base", "feature", "--head", "later"]);
    assert_eq!((code, said.contains("caf")), (0, false), "{said}");
}

#[test]
fn a_folder_of_such_a_name_is_looked_into() {
    let scratch = broken();
    let inner = with_odd(&scratch, b"orders.yaml", &orders("a"));
    let tree = scratch.git.head().unwrap().peel_to_tree().unwrap();
    let mut builder = scratch.git.treebuilder(Some(&tree)).unwrap();
    builder.insert(&b"\xff"[..], inner, 0o040_000).unwrap();
    let tree = builder.write().unwrap();
    let commit = scratch.commit_tree(None, tree, &[head(&scratch)]);
    scratch.point("refs/heads/feature", commit);
    let (code, said) = scratch.run(&["check", "--head", "feature"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("\\377/orders.yaml"), "{said}");
    assert!(said.contains("\\377/api/orders.yaml"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn in_the_work_tree_and_the_index_too() {
    use std::os::unix::ffi::OsStrExt as _;
    let scratch = broken();
    let name = std::ffi::OsStr::from_bytes(ODD);
    std::fs::write(scratch.root().join(name), orders("a")).unwrap();
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("caf\\351.yaml"), "{said}");
    assert!(said.contains("property-became-required"), "{said}");
    scratch.stage();
    let (code, said) = scratch.run(&["check", "--staged"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("caf\\351.yaml"), "{said}");
    // What git ignores is nobody's business.
    std::fs::write(scratch.root().join(std::ffi::OsStr::from_bytes(b"x\xff.yaml")), "a").unwrap();
    scratch.write(".gitignore", "x*\n");
    let (_, said) = scratch.run(&["check"]);
    assert!(!said.contains("x\\377"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_hides_no_break_in_another() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = broken();
    scratch.write("known.yaml", &orders("a"));
    scratch.commit();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("new.yaml", &orders("a"));
    for name in ["known.yaml", "new.yaml"] {
        let none = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(scratch.root().join(name), none).unwrap();
    }
    if std::fs::read(scratch.root().join("new.yaml")).is_ok() {
        eprintln!("skipped: nothing is kept from this user");
        return;
    }
    let report = scratch.report(&[]);
    let text = report["problems"].to_string();
    for name in ["known.yaml", "new.yaml"] {
        assert!(text.contains(name), "{text}");
    }
    assert!(report["contracts"].to_string().contains("api/orders.yaml"), "{report}");
    assert_eq!(scratch.run(&["check"]).0, 3);
}

#[cfg(unix)]
#[test]
fn two_folders_are_compared_but_for_such_a_name() {
    use std::os::unix::ffi::OsStrExt as _;

    let scratch = Scratch::new();
    scratch.write("old/a.yaml", &orders("a"));
    scratch.write("new/a.yaml", &orders("b"));
    let odd = scratch.root().join("new").join(std::ffi::OsStr::from_bytes(b"caf\xe9.yaml"));
    if std::fs::write(odd, "a: 1\n").is_err() {
        // The system has no such names.
        return;
    }
    let (code, said) = scratch.run(&["diff", "old", "new"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("property-became-required"), "the other file is compared: {said}");
    let expected = "unreadable: caf\\351.yaml: the name is not UTF-8 and the file is not compared; \
                    rename it (new)\n";
    assert!(said.contains(expected), "{said}");
}
