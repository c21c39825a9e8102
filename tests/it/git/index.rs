//! Forms of the index and of the work tree that only git itself writes.

use super::hooks::{can_run, git, tried};
use super::scratch::{Scratch, orders};

/// A repository of several folders, all of it committed.
fn folders() -> Scratch {
    let scratch = Scratch::new();
    for folder in ["api", "docs", "web"] {
        scratch.write(&format!("{folder}/orders.yaml"), &orders("a"));
        scratch.write(&format!("{folder}/notes.md"), "x");
    }
    scratch.commit();
    scratch
}

fn done(scratch: &Scratch, arguments: &[&str]) {
    let (done, said) = tried(scratch.root(), arguments);
    assert!(done, "git {arguments:?}: {said}");
}

/// What is compared, as the report names it, and how the run ends.
fn compared(scratch: &Scratch, arguments: &[&str]) -> Vec<String> {
    let report = scratch.report(arguments);
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{report}");
    let contracts = report["contracts"].as_array().unwrap().iter();
    contracts.map(|contract| contract["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_index_in_two_files_is_read_as_one() {
    if !can_run() {
        return;
    }
    for version in ["2", "4"] {
        let scratch = folders();
        done(&scratch, &["update-index", "--index-version", version]);
        done(&scratch, &["update-index", "--split-index"]);
        done(&scratch, &["config", "core.splitIndex", "true"]);
        // What changes is written beside the shared file, however much it is.
        done(&scratch, &["config", "splitIndex.maxPercentChange", "100"]);
        let parts = std::fs::read_dir(scratch.git.path()).unwrap();
        let name = |part: std::io::Result<std::fs::DirEntry>| part.unwrap().file_name();
        let shared = parts.map(name).any(|name| name.to_string_lossy().starts_with("sharedindex."));
        assert!(shared, "git did not split the index");
        assert!(compared(&scratch, &["--staged"]).is_empty());
        assert!(compared(&scratch, &[]).is_empty());
        // One entry is replaced, one is gone, one is new before all others and one after them.
        scratch.write("api/orders.yaml", &orders("a, b"));
        scratch.write("a/orders.yaml", &orders("a"));
        scratch.write("zoo/orders.yaml", &orders("b"));
        done(&scratch, &["add", "--all"]);
        done(&scratch, &["rm", "--quiet", "web/orders.yaml", "web/notes.md", "docs/notes.md"]);
        let index = git(scratch.root(), &["ls-files"]).stdout;
        assert!(String::from_utf8(index).unwrap().starts_with("a/orders.yaml\napi/"));
        let expected = ["a/orders.yaml", "api/orders.yaml", "zoo/orders.yaml"];
        assert_eq!(compared(&scratch, &["--staged"]), expected, "version {version}");
        assert_eq!(compared(&scratch, &[]), expected, "version {version}");
        scratch.write("docs/orders.yaml", &orders("a, b"));
        assert_eq!(compared(&scratch, &["--staged"]), expected);
        assert_eq!(compared(&scratch, &[]).len(), 4);
    }
}

#[test]
fn half_of_an_index_in_two_files_says_what_to_do() {
    if !can_run() {
        return;
    }
    let scratch = folders();
    done(&scratch, &["update-index", "--split-index"]);
    for part in std::fs::read_dir(scratch.git.path()).unwrap() {
        let part = part.unwrap();
        if part.file_name().to_string_lossy().starts_with("sharedindex.") {
            std::fs::remove_file(part.path()).unwrap();
        }
    }
    let (code, said) = scratch.run(&["check", "--staged"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("it is split, and sharedindex."), "{said}");
    let index = scratch.git.path().join("index");
    std::fs::remove_file(index).unwrap();
    done(&scratch, &["reset", "--quiet"]);
    assert_eq!(scratch.run(&["check", "--staged"]).0, 0);
}

#[test]
fn what_a_sparse_checkout_leaves_out_was_not_removed() {
    if !can_run() {
        return;
    }
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        let scratch = folders();
        done(&scratch, &["sparse-checkout", "set", "--cone", sparse_index, "api"]);
        assert!(!scratch.root().join("web/orders.yaml").exists());
        assert!(compared(&scratch, &[]).is_empty());
        assert!(compared(&scratch, &["--staged"]).is_empty());
        scratch.write("api/orders.yaml", &orders("a, b"));
        assert_eq!(compared(&scratch, &[]), ["api/orders.yaml"]);
        let (code, said) = scratch.run(&["check"]);
        assert_eq!(code, 1, "{said}");
    }
}
