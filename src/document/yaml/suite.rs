//! YAML against the cases that others have collected, and against damage.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::BigDecimal;
use serde_json::Value as Json;

use crate::document::tests::{corpus, file};
use crate::document::{Document, Limits, NodeId, Value, mangle};

/// Departures that are decisions: names are scalars, stand once, and a contract holds a value.
const DECISIONS: [&str; 3] = ["must be a scalar", "stands twice", "holds no value"];

fn read(text: &str) -> Result<Document, String> {
    let read = super::read(file(), &Arc::from(text), &Limits::default());
    read.map(|(document, _)| document).map_err(|fault| fault.in_file(file()).message)
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let mut found: Vec<PathBuf> = folders
        .flat_map(|path| if path.join("in.yaml").exists() { vec![path] } else { cases(&path) })
        .collect();
    found.sort();
    found
}

#[test]
fn the_yaml_test_suite_agrees() {
    let Some(folder) = corpus("hostile/yaml-test-suite-data") else { return };
    let mut disagreements = Vec::new();
    let cases = cases(&folder);
    for case in &cases {
        let text = std::fs::read_to_string(case.join("in.yaml")).unwrap();
        let wanted = std::fs::read_to_string(case.join("in.json")).ok();
        let answer = read(&text);
        let agrees = match (&answer, case.join("error").exists()) {
            (Err(_), true) => true,
            (Ok(_), true) => false,
            (Err(message), false) => DECISIONS.iter().any(|words| message.contains(words)),
            (Ok(document), false) => {
                let first = wanted.as_deref().map(serde_json::Deserializer::from_str);
                let first = first.and_then(|reader| reader.into_iter::<Json>().next());
                first.is_none_or(|json| same(document, document.root(), &json.unwrap()))
            }
        };
        if !agrees {
            disagreements.push(format!(
                "{}: {:?}",
                case.display(),
                answer.map(|found| shown(&found))
            ));
        }
        read(&text).iter().for_each(spans_lie_in_their_parents);
    }
    assert_eq!(disagreements, Vec::<String>::new());
    assert!(cases.len() > 300);
}

fn same(document: &Document, node: NodeId, json: &Json) -> bool {
    match (document.value(node), json) {
        (Value::Null, Json::Null) => true,
        (Value::Boolean(ours), Json::Bool(theirs)) => ours == *theirs,
        (Value::Number(ours), Json::Number(theirs)) => {
            let theirs = BigDecimal::from_str(&theirs.to_string()).unwrap();
            BigDecimal::from_str(ours).unwrap() == theirs
        }
        (Value::String(ours), Json::String(theirs)) => ours == theirs,
        (Value::Array, Json::Array(theirs)) => {
            let ours = document.elements(node);
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| same(document, *ours, theirs))
        }
        (Value::Object, Json::Object(theirs)) => {
            document.members(node).len() == theirs.len()
                && document.members(node).all(|member| {
                    let theirs = theirs.get(member.key.text);
                    theirs.is_some_and(|theirs| same(document, member.value, theirs))
                })
        }
        _ => false,
    }
}

fn shown(document: &Document) -> String {
    show(document, document.root())
}

fn show(document: &Document, node: NodeId) -> String {
    match document.value(node) {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(digits) => digits.to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::Array => {
            let elements = document.elements(node).iter();
            let elements: Vec<String> = elements.map(|node| show(document, *node)).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object => {
            let members = document.members(node);
            let members: Vec<String> = members
                .map(|member| format!("{}: {}", member.key.text, show(document, member.value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Without aliases, what is inside is written inside.
fn spans_lie_in_their_parents(document: &Document) {
    let text = document.text();
    if text.contains('*') {
        return;
    }
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        let outer = document.span(node);
        assert!(text.get(outer.start as usize..outer.end as usize).is_some(), "{text:?}");
        let values = document.members(node).map(|member| member.value);
        let children = document.elements(node).iter().copied().chain(values);
        for child in children {
            let inner = document.span(child);
            assert!(
                outer.start <= inner.start && inner.end <= outer.end,
                "{outer:?} {inner:?} {text:?}"
            );
            open.push(child);
        }
    }
}

#[test]
fn damage_never_panics_and_never_moves_a_span_out_of_the_text() {
    let seeds = [
        "a: &x [1, 'é', \"q\\n\"]\nb: *x\nc:\n  - k: v\n    <<: {m: 1}\n  - |\n    lit é\n\n  - >-\n   f\n",
        "%YAML 1.2\n---\n? k\n: !!str 12\n!t z: {a: , b}\n...\n---\nsecond\n",
        "é: é\r\n\"ü\": 'it''s'\r\nz: # c é\r\n  - &x a b\r\n  - *x\r\n\t\r\n",
        r#"{"a": [1, -2.5e+3, "x\u00e9\n"], "b": {"c": null}}"#,
    ];
    for bytes in mangle::texts(&seeds, 8_000) {
        let text = String::from_utf8_lossy(&bytes);
        read(&text).iter().for_each(spans_lie_in_their_parents);
    }
}

fn find(text: &str, path: &[&str]) -> String {
    let document = read(text).unwrap();
    let node = path.iter().try_fold(document.root(), |node, token| document.child(node, token));
    let span = document.span(node.unwrap());
    text[span.start as usize..span.end as usize].to_owned()
}

#[test]
fn spans_underline_what_is_written() {
    let text = "é: &a !t  é é # cömment\r\nq: \"ü\"  # \"x\"\r\ns: 'it''s' # '\r\nl: |\r\n  one é\r\n\r\nf: [1, {x: }] # e\r\nm: &m\r\n  k: 1 # c\r\n\r\n# end\r\nn:\r\n";
    assert_eq!(find(text, &["é"]), "é é");
    assert_eq!(find(text, &["q"]), "\"ü\"");
    assert_eq!(find(text, &["s"]), "'it''s'");
    assert_eq!(find(text, &["l"]), "one é");
    assert_eq!(find(text, &["f"]), "[1, {x: }]");
    assert_eq!(find(text, &["f", "1"]), "{x: }");
    assert_eq!(find(text, &["f", "1", "x"]), "");
    assert_eq!(find(text, &["m"]), "k: 1");
    assert_eq!(find(text, &["n"]), "");
    assert_eq!(find("!<tag:yaml.org,2002:str> &a 'x'", &[]), "'x'");
    let long = format!("# {}\nä: ö\n", "é".repeat(500));
    assert_eq!(find(&long, &["ä"]), "ö");
}

#[test]
fn names_are_the_text_that_was_written() {
    let document = read("200: a\ntrue: b\n1.0: c\n~: d\n? e\n\"f\\n\": g\n").unwrap();
    let names: Vec<&str> = document.members(document.root()).map(|m| m.key.text).collect();
    assert_eq!(names, ["200", "true", "1.0", "~", "e", "f\n"]);
}

#[test]
fn merge_keys_give_way_to_own_members() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 0}\nd:\n  <<: *b\n  '<<': lit\n";
    let document = read(text).unwrap();
    assert_eq!(
        shown(&document),
        "{a: {x: 1, y: 1}, b: {y: 2, z: 2}, c: {x: 0, y: 1, z: 2}, d: {<<: \"lit\", y: 2, z: 2}}"
    );
    assert!(read("a: {<<: 1}").unwrap_err().contains("takes an object"));
    assert!(read("a: {<<: [{x: 1}, [2]]}").unwrap_err().contains("takes an object"));
}

#[test]
fn refusals_say_what_to_do_and_where() {
    for (text, message, place) in [
        ("a: &a [*a]", "inside the value that it names", "*a"),
        ("a: &a {<<: *a}", "inside the value that it names", "*a"),
        ("a: *b", "names no anchor", "*"),
        ("[a, b]: c", "must be a scalar", ""),
        ("a:\n\tb: 1", "indent with spaces", "\t"),
        ("é: 1\nb: 2\né: 3", "`é` stands twice in this object, first at 1:1", "é"),
        ("# only\n", "holds no value", ""),
    ] {
        let fault = super::read(file(), &Arc::from(text), &Limits::default()).unwrap_err();
        let error = fault.in_file(file());
        assert!(error.message.contains(message), "{text:?}: {}", error.message);
        assert_eq!(&text[error.span.start as usize..error.span.end as usize], place, "{text:?}");
    }
}

#[test]
fn bombs_meet_a_budget_with_a_name() {
    let limits =
        Limits { max_depth: 9, max_aliases: 20, max_merged_members: 30, ..Limits::default() };
    let refuse = |text: String| {
        let fault = super::read(file(), &Arc::from(text), &limits).unwrap_err();
        fault.in_file(file()).message
    };
    assert!(refuse("- ".repeat(10)).contains("max-depth = 9"));
    assert!(refuse(format!("a: &a 1\nb: [{}]", "*a, ".repeat(21))).contains("max-aliases = 20"));
    let merges = format!("a: &a {{b: 1, c: 2}}\nd: [{}]", "{<<: *a}, ".repeat(16));
    assert!(refuse(merges).contains("max-merged-members = 30"));

    let laughs = (1..60).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    let bomb = format!("a0: &a0 lol\n{}", laughs.collect::<String>());
    assert!(read(&bomb).unwrap().len() < 200);
    assert!(read(&"- ".repeat(200_000)).unwrap_err().contains("max-depth = 512"));
}

#[test]
fn what_is_passed_over_is_a_warning() {
    let (_, warnings) =
        super::read(file(), &Arc::from("a: !include b\n---\nc\n---\nd\n"), &Limits::default())
            .unwrap();
    let messages: Vec<&str> = warnings.iter().map(|(message, _, _)| message.as_str()).collect();
    assert_eq!(
        messages,
        ["the tag `!include` is ignored", "only the first document of this file is read"]
    );
}
