//! The comparison as a whole: one edit of a contract, and what is said about it.

mod calls;
mod pairing;
mod witnesses;

use crate::diff::{CompareOptions, Finding, messages::compare_messages};
use crate::load::protobuf::{ProtoRoot, load};
use crate::load::{LoadOptions, Loaded};
use crate::model::Mode;
use crate::source::{Folder, MemorySnapshot, RepoPath};

/// Loads a tree of files given by path and text.
pub(super) fn tree(files: &[(&str, &str)]) -> Loaded {
    let path = |text: &str| RepoPath::new(text).unwrap();
    let stored = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let snapshot = MemorySnapshot::new("test", stored);
    let root = ProtoRoot::new(
        path("a.proto"),
        vec![Folder::default()],
        files.iter().map(|(name, _)| path(name)).collect(),
    );
    let loaded = load(&snapshot, &root, &LoadOptions::default());
    assert_eq!(loaded.problems, [], "the test's own files load");
    loaded
}

/// Compares two versions of one file.
fn compare(old: &str, new: &str) -> Vec<Finding> {
    let with_package = |text: &str| format!("package x; {text}");
    let (old, new) = (with_package(old), with_package(new));
    let text = |text: &str| match text.find("syntax") {
        Some(_) => {
            let (package, rest) = text.split_at("package x; ".len());
            let end = rest.find(';').unwrap() + 1;
            format!("{} {package} {}", &rest[..end], &rest[end..])
        }
        None => format!("syntax = \"proto3\"; {text}"),
    };
    compare_messages(
        &tree(&[("a.proto", &text(&old))]),
        &tree(&[("a.proto", &text(&new))]),
        CompareOptions { mode: Mode::Full, ..CompareOptions::default() },
    )
}

/// The rules that fired, in order.
fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}
