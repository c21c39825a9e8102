//! What is left open here and proven by the other engine is compatible, and the finding says who
//! proved it; where the other engine would read something else, it is not asked.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use unbroken::diff::{Finding, Proof};
use unbroken::model::Mode;
use unbroken::rules::Verdict;

use crate::comparison::{findings, usual};

/// A pattern that no automaton of ours knows.
const OPAQUE: &str = "(?i:v)$";

const DRAFT_7: &str = "http://json-schema.org/draft-07/schema#";
const LATEST: &str = "https://json-schema.org/draft/2020-12/schema";

fn compared(old: &Value, new: &Value) -> Vec<Finding> {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("old.json", old), ("new.json", new)] {
        fs::write(folder.path().join(name), text.to_string()).unwrap();
    }
    findings(folder.path(), ("old.json", "new.json"), usual(Mode::Backward))
}

/// The worst verdict, and whether a finding rests on the other engine.
fn outcome(old: &Value, new: &Value) -> (Verdict, bool) {
    let found = compared(old, new);
    let seconded = found.iter().any(|finding| {
        assert!(finding.verdict() == Verdict::Compatible || finding.assumptions.is_empty());
        finding.proof == Proof::Contained
            && finding.assumptions.iter().any(|said| said.contains("`jsonschema`"))
    });
    (found.iter().map(Finding::verdict).max().unwrap_or_default(), seconded)
}

/// The schema with a word beside the pattern that is and one that is not there.
fn both(around: impl Fn(Value) -> Value) -> (Value, Value) {
    let plain = json!({"type": "string", "pattern": OPAQUE});
    let longer = json!({"type": "string", "pattern": OPAQUE, "minLength": 1});
    (around(plain), around(longer))
}

#[test]
fn what_another_engine_proves_is_compatible() {
    let cases: [(&str, (Value, Value)); 5] = [
        ("alone", both(|tag| json!({"$schema": LATEST, "allOf": [tag]}))),
        ("a member", both(|tag| json!({"$schema": DRAFT_7, "properties": {"tag": tag}}))),
        (
            "behind references that recur",
            both(|tag| {
                json!({
                    "$schema": DRAFT_7, "$id": "https://example.com/tree", "$ref": "#/definitions/tree",
                    "definitions": {"tag": tag, "tree": {"type": "object", "properties": {
                        "tag": {"$ref": "#/definitions/tag"}, "next": {"$ref": "#/definitions/tree"}
                    }}}
                })
            }),
        ),
        (
            "with a format that both assert",
            both(
                |tag| json!({"$schema": LATEST, "properties": {"tag": tag, "on": {"format": "date"}}}),
            ),
        ),
        (
            "a body",
            both(|tag| {
                let content = json!({"application/json": {"schema": tag}});
                json!({
                    "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
                    "paths": {"/a": {"post": {
                        "requestBody": {"content": content}, "responses": {"204": {"description": ""}}
                    }}}
                })
            }),
        ),
    ];
    for (name, (old, new)) in cases {
        assert_eq!(outcome(&old, &new), (Verdict::Compatible, true), "{name}");
    }
}

#[test]
fn who_would_read_something_else_is_not_asked() {
    let cases: [(&str, (Value, Value)); 5] = [
        (
            "another resource inside",
            both(|tag| {
                let mut tag = tag;
                tag["$id"] = json!("tag");
                json!({"$schema": LATEST, "$ref": "#/$defs/tag", "$defs": {"tag": tag}})
            }),
        ),
        (
            "another draft inside",
            both(|tag| {
                let mut tag = tag;
                tag["$schema"] = json!(DRAFT_7);
                tag["$id"] = json!("https://example.com/tag");
                json!({"$schema": LATEST, "allOf": [tag]})
            }),
        ),
        (
            "a reference that depends on where one comes from",
            both(|tag| {
                let mut tag = tag;
                tag["$dynamicAnchor"] = json!("tag");
                json!({"$schema": LATEST, "allOf": [{"$dynamicRef": "#tag"}], "$defs": {"tag": tag}})
            }),
        ),
        (
            "a format that only we assert",
            both(|tag| {
                let mut tag = tag;
                tag["format"] = json!("byte");
                json!({"$schema": LATEST, "allOf": [tag]})
            }),
        ),
        (
            "a text",
            both(|tag| {
                json!({
                    "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
                    "paths": {"/a": {"get": {
                        "parameters": [{"name": "tag", "in": "query", "schema": tag}],
                        "responses": {"204": {"description": ""}}
                    }}}
                })
            }),
        ),
    ];
    for (name, (old, new)) in cases {
        assert_eq!(outcome(&old, &new), (Verdict::Undecided, false), "{name}");
    }
}

#[test]
fn what_is_lost_stays_open() {
    let old = json!({"$schema": LATEST, "type": "string", "pattern": OPAQUE});
    let new = json!({"$schema": LATEST, "type": "string", "pattern": OPAQUE, "minLength": 40});
    assert_ne!(outcome(&old, &new).0, Verdict::Compatible);
}
