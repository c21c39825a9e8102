//! JSON against the cases that others have collected, and against damage.

use std::sync::Arc;

use crate::document::tests::{corpus, file};
use crate::document::{DocumentErrorKind, Limits, Value, decode, mangle};

fn accepts(bytes: &[u8]) -> Result<(), String> {
    let decoded = decode(bytes, &Limits::default());
    if let Some(fault) = decoded.fault {
        return Err(fault.in_file(file()).message);
    }
    let read = super::read(file(), &decoded.text, &Limits::default());
    read.map(drop).map_err(|fault| fault.in_file(file()).message)
}

fn refusal(text: &str) -> (String, u32, u32) {
    let fault = super::read(file(), &Arc::from(text), &Limits::default()).unwrap_err();
    let error = fault.in_file(file());
    (error.message, error.span.start, error.span.end)
}

#[test]
fn the_json_test_suite_agrees() {
    let Some(folder) = corpus("hostile/JSONTestSuite/test_parsing") else { return };
    let mut disagreements = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let answer = accepts(&std::fs::read(&path).unwrap());
        let repeats = answer.as_ref().is_err_and(|message| message.contains("stands twice"));
        let agrees = match name.as_bytes().first() {
            Some(b'y') => answer.is_ok() || repeats,
            Some(b'n') => answer.is_err(),
            _ => true,
        };
        if !agrees {
            disagreements.push(format!("{name}: {answer:?}"));
        }
    }
    assert_eq!(disagreements, Vec::<String>::new());
}

#[test]
fn every_failure_names_what_is_wrong_and_where() {
    let cases = [
        ("", "the text ends where a value is expected", 0, 0),
        ("[1,]", "JSON allows no `,` before `]`", 2, 3),
        ("{\"a\":1,}", "JSON allows no `,` before `}`", 6, 7),
        ("[1", "the text ends where `,` or `]` for what was opened at 1:1 is expected", 2, 2),
        ("{'a':1}", "JSON strings stand in double quotes, not single ones", 1, 2),
        ("{a:1}", "expected a name in double quotes, found `a`", 1, 2),
        ("[01]", "JSON numbers have no leading zeros", 1, 3),
        ("[1.]", "expected a digit after the decimal point, found `]`", 3, 4),
        ("[+1]", "expected a value, found `+`", 1, 2),
        ("[nul]", "expected a value, found `nul`", 1, 4),
        ("[\"é\\q\"]", "expected one of \" \\ / b f n r t u after `\\`, found `q`", 5, 6),
        ("[\"\\ud800x\"]", "`\\ud800` is half of a surrogate pair and means no character", 2, 8),
        ("[\"a\nb\"]", "a string ends on its line: write a line break as `\\n`", 3, 4),
        ("[1] // no", "JSON has no comments", 4, 5),
        ("1 2", "expected the end of the text after its one value, found `2`", 2, 3),
        ("\"a", "the string opened at 1:1 is never closed", 0, 1),
    ];
    for (text, message, start, end) in cases {
        assert_eq!(refusal(text), (message.to_owned(), start, end), "{text}");
    }
}

#[test]
fn a_repeated_name_is_refused_and_both_places_are_named() {
    let (message, start, end) = refusal("{\n \"é\": 1, \"b\": 2,\n  \"\\u00e9\": 3}");
    assert_eq!(message, "the name `é` stands twice in this object, first at 2:2: keep one of them");
    assert_eq!((start, end), (22, 30));
}

#[test]
fn depth_is_a_budget_and_not_the_stack() {
    let deep = "[".repeat(200_000);
    let fault = super::read(file(), &Arc::from(deep), &Limits::default()).unwrap_err();
    assert_eq!(fault.in_file(file()).kind, DocumentErrorKind::Limit);
    let exact = format!("{}1{}", "[".repeat(512), "]".repeat(512));
    assert!(super::read(file(), &Arc::from(exact), &Limits::default()).is_ok());
}

#[test]
fn a_hostile_object_costs_no_more_than_its_size() {
    let members: Vec<String> = (0..200_000).map(|index| format!("\"{index:06}\":0")).collect();
    assert_eq!(accepts(format!("{{{}}}", members.join(",")).as_bytes()), Ok(()));
}

#[test]
fn values_are_kept_as_written() {
    let text: Arc<str> =
        r#" {"n": [1e400, -0, 1.50], "s": "a\ud83d\ude00\n", "e": {}, "t": true} "#.into();
    let document = super::read(file(), &text, &Limits::default()).unwrap();
    let root = document.root();
    let numbers = document.elements(document.get(root, "n").unwrap());
    let shown: Vec<Value<'_>> = numbers.iter().map(|node| document.value(*node)).collect();
    assert_eq!(shown, [Value::Number("1e400"), Value::Number("-0"), Value::Number("1.50")]);
    assert_eq!(document.string(document.get(root, "s").unwrap()), Some("a😀\n"));
    let empty = document.span(document.get(root, "e").unwrap());
    assert_eq!(&text[empty.start as usize..empty.end as usize], "{}");
    let whole = document.span(root);
    assert_eq!((whole.start as usize, whole.end as usize), (1, text.len() - 1));
}

#[test]
fn damage_is_refused_or_read_exactly_as_a_second_reader_does() {
    let seeds = [
        r#"{"a": [1, -2.5e+3, "x\u00e9\n"], "b": {"c": null, "d": true}, "e": "é"}"#,
        r#"[{"k": "v"}, [], {}, "\ud83d\ude00", 0, 1e9, [[["deep"]]]]"#,
    ];
    for text in mangle::texts(&seeds, 6_000) {
        let Ok(valid) = str::from_utf8(&text) else { continue };
        let ours = accepts(&text);
        let theirs = serde_json::from_str::<serde_json::Value>(valid);
        let repeats = ours.as_ref().is_err_and(|message| message.contains("stands twice"));
        assert!(ours.is_ok() == theirs.is_ok() || repeats, "{valid}: {ours:?} {theirs:?}");
    }
}
