//! Schemas that nest or chain as deep as the limits allow, on a first thread with a small stack: an
//! answer or a located refusal, never a crash.

use std::process::Command;

/// A schema around a leaf.
type Schema = Box<dyn Fn(&str) -> String>;

fn nested(open: &str, close: &str, levels: usize, leaf: &str) -> String {
    format!("{}{leaf}{}", open.repeat(levels), close.repeat(levels))
}

/// `levels` definitions, each of which is the next one, or holds it as a member.
fn chained(levels: usize, link: &str, leaf: &str) -> String {
    let link = |at: usize| {
        format!(r#""d{at}": {}"#, link.replace("NEXT", &format!("#/$defs/d{}", at + 1)))
    };
    let links: Vec<String> = (0..levels).map(link).collect();
    let links = links.join(",");
    format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{links}, "d{levels}": {leaf}}}}}"##)
}

fn wide(word: &str, count: usize, leaf: &str) -> String {
    let parts = vec![r#"{"minimum": 0}"#; count].join(",");
    format!(r#"{{"{word}": [{parts}, {leaf}]}}"#)
}

#[test]
#[cfg(unix)]
fn what_nests_deep_is_answered_or_refused() {
    let home = tempfile::tempdir().unwrap();
    let (old, new) = (r#"{"maximum": 5}"#, r#"{"maximum": 4}"#);
    let pairs: [(&str, Schema); 8] = [
        ("not", Box::new(|leaf| nested(r#"{"not":"#, "}", 500, leaf))),
        ("allOf", Box::new(|leaf| nested(r#"{"allOf":["#, "]}", 250, leaf))),
        ("items", Box::new(|leaf| nested(r#"{"items":"#, "}", 120, leaf))),
        ("properties", Box::new(|leaf| nested(r#"{"properties":{"a":"#, "}}", 100, leaf))),
        ("too deep", Box::new(|leaf| nested(r#"{"items":"#, "}", 20_000, leaf))),
        ("references", Box::new(|leaf| chained(400, r#"{"$ref": "NEXT"}"#, leaf))),
        (
            "too many references",
            Box::new(|leaf| chained(1_000, r#"{"allOf": [{"$ref": "NEXT"}]}"#, leaf)),
        ),
        ("wide", Box::new(|leaf| wide("allOf", 200, leaf))),
    ];
    for (name, schema) in pairs {
        std::fs::write(home.path().join("old.json"), schema(old)).unwrap();
        std::fs::write(home.path().join("new.json"), schema(new)).unwrap();
        let output = Command::new("sh")
            .args(["-c", "ulimit -s 1024; exec \"$0\" diff old.json new.json --kind json-schema"])
            .arg(env!("CARGO_BIN_EXE_unbroken"))
            .current_dir(home.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let expected: &[i32] = if name.starts_with("too") { &[3, 4] } else { &[0, 1] };
        assert!(
            output.status.code().is_some_and(|code| expected.contains(&code)),
            "{name}: {said}"
        );
    }
}
