//! What the whole folder promises.

use std::path::{Path, PathBuf};

use crate::source::{FileId, Files, RepoPath};

use super::{Document, Limits, Pointer, parse};

/// The id of the only file of a side.
pub(super) fn file() -> FileId {
    Files::default().add(RepoPath::new("a.json").unwrap(), "".into())
}

/// A folder of cases that lies beside the repository and is no part of it.
pub(super) fn corpus(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().map(|folder| folder.join("shared/corpora").join(name));
    let found = found.into_iter().find(|folder| folder.exists());
    if found.is_none() {
        skipped(name);
    }
    found
}

/// Says that a test had nothing to test with.
#[allow(clippy::print_stderr, reason = "a skipped test is visible")]
fn skipped(name: &str) {
    eprintln!("skipped: the corpus {name} is absent");
}

fn read(name: &str, text: &str) -> Document {
    let path = RepoPath::new(name).unwrap();
    parse(file(), &path, text.as_bytes(), &Limits::default()).unwrap().document
}

#[test]
fn the_number_of_values_is_bounded_by_a_limit_with_a_name() {
    let limits = Limits { max_values: 100, ..Limits::default() };
    let of = |name: &str, text: &str| {
        let path = RepoPath::new(name).unwrap();
        let read = parse(file(), &path, text.as_bytes(), &limits);
        read.map(|parsed| parsed.document.len()).map_err(|error| error.message)
    };
    let numbers = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    for name in ["a.json", "a.yaml"] {
        assert_eq!(of(name, &numbers(90)), Ok(91), "{name}");
        for text in [numbers(100), "[[[[[]]]]],".repeat(30)] {
            let error = of(name, &format!("[{}0]", text.replace("]],[", "]], ["))).unwrap_err();
            assert_eq!(error, "there are more values than the limit max-values = 100", "{name}");
        }
    }
    let error = of("a.yaml", &"- 1\n".repeat(100)).unwrap_err();
    assert!(error.contains("max-values = 100"), "{error}");
}

#[test]
fn a_pointer_is_parsed_shown_and_followed() {
    let document = read("a.json", r#"{"a/b": {"m~n": [1, {"": 2}]}}"#);
    let pointer = Pointer::parse("/a~1b/m~0n/1/").unwrap();
    assert_eq!(pointer.tokens(), ["a/b", "m~n", "1", ""]);
    assert_eq!(pointer.to_string(), "/a~1b/m~0n/1/");
    assert!(document.at(&pointer).is_some());
    for absent in ["/a~1b/m~0n/01", "/a~1b/m~0n/2", "/a~1b/m~0n/-", "/a~1b/m~0n/+1"] {
        assert_eq!(document.at(&Pointer::parse(absent).unwrap()), None, "{absent}");
    }
}

#[test]
fn a_place_in_the_text_has_a_pointer() {
    let text = r#"{"a": [1, {"b": "x"}], "c": {}}"#;
    let document = read("a.json", text);
    let pointer =
        |needle: &str| document.pointer_of(u32::try_from(text.find(needle).unwrap()).unwrap());
    assert_eq!(pointer("{\"a").as_deref(), Some(""));
    assert_eq!(pointer("\"a").as_deref(), Some("/a"));
    assert_eq!(pointer("[1").as_deref(), Some("/a"));
    assert_eq!(pointer("1,").as_deref(), Some("/a/0"));
    assert_eq!(pointer("\"b").as_deref(), Some("/a/1/b"));
    assert_eq!(pointer("\"x").as_deref(), Some("/a/1/b"));
    assert_eq!(pointer("{}").as_deref(), Some("/c"));
    assert_eq!(pointer(", {\"b"), None);
}
