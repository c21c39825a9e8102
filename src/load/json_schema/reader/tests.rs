//! What the reader makes of references, cycles, identifiers and scopes.

use super::*;
use crate::document::Limits;
use crate::model::Kind;
use crate::source::{MemorySnapshot, RepoPath};

fn read(files: &[(&str, &str)]) -> (Shapes, Vec<Problem>, ShapeId) {
    let path = |name: &str| RepoPath::new(name).unwrap();
    let bytes = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let snapshot = MemorySnapshot::new("test", bytes);
    let mut documents = Documents::new(&snapshot, Limits::default());
    let file = documents.open(&path(files[0].0)).unwrap();
    let node = documents.document(file).unwrap().root();
    let mut reader = SchemaReader::default();
    let id = reader.read(&mut documents, Place { file, node }, Dialect::Draft202012);
    let (shapes, problems) = reader.finish();
    (shapes, problems, id)
}

fn property(shapes: &Shapes, id: ShapeId, name: &str) -> ShapeId {
    shapes.get(id).object.get().unwrap().properties[name].value
}

#[test]
fn a_cycle_through_a_member_is_one_shape() {
    let (shapes, problems, id) =
        read(&[("a.json", r##"{"type": "object", "properties": {"next": {"$ref": "#"}}}"##)]);
    assert!(problems.is_empty(), "{problems:?}");
    let next = property(&shapes, id, "next");
    assert_eq!(shapes.get(next).reference.as_ref().unwrap().target, id);
}

#[test]
fn a_cycle_in_place_is_unread() {
    let (shapes, problems, id) = read(&[("a.json", r##"{"$ref": "#"}"##)]);
    assert_eq!(problems.len(), 1);
    assert_eq!(&*shapes.get(id).unread[0].reason, "in-place reference cycle");
}

#[test]
fn what_applies_to_one_value_in_too_many_ways_is_cut_off() {
    let problems = |levels: usize| {
        let level = |at: usize| {
            let next = format!(r##"{{"$ref": "#/$defs/{}"}}"##, at + 1);
            format!(r#""{at}": {{"allOf": [{next}, {next}]}}"#)
        };
        let definitions = (0..levels).map(level).collect::<Vec<String>>().join(", ");
        let last = format!(r#""{levels}": {{"maximum": 9}}"#);
        let text = format!(r##"{{"$ref": "#/$defs/0", "$defs": {{{definitions}, {last}}}}}"##);
        read(&[("a.json", &text)]).1
    };
    assert!(problems(12).is_empty());
    let refused = problems(45);
    assert!(refused.iter().all(|it| it.message.contains("max-ways")), "{refused:?}");
    assert!(!refused.is_empty());
}

#[test]
fn identifiers_of_files_beside_and_of_embedded_resources_resolve() {
    let (shapes, problems, id) = read(&[
        (
            "v1/a.json",
            r#"{"$id": "https://example.com/v1/a.json", "properties": {
                "file": {"$ref": "b.json"}, "whole": {"$ref": "https://example.com/v1/b.json"},
                "inner": {"$ref": "inner#name"}},
                "$defs": {"x": {"$id": "inner", "$defs": {
                    "y": {"$anchor": "name", "type": "null"}}}}}"#,
        ),
        ("v1/b.json", r#"{"$id": "https://example.com/v1/b.json", "type": "array"}"#),
    ]);
    assert!(problems.is_empty(), "{problems:?}");
    for (name, kind) in [("file", Kind::Array), ("whole", Kind::Array), ("inner", Kind::Null)] {
        let referring = shapes.get(property(&shapes, id, name));
        let target = shapes.get(referring.reference.as_ref().unwrap().target);
        assert!(target.kinds.as_ref().unwrap().value.has(kind), "{name}");
    }
}

#[test]
fn a_broken_reference_hides_nothing_else() {
    let (shapes, problems, id) = read(&[(
        "a.json",
        r##"{"properties": {"a": {"$ref": "#/nowhere"}, "b": {"type": "nul"},
            "c": {"$ref": "https://example.com/x"}, "d": {"maximum": 3}}}"##,
    )]);
    let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Part, ProblemKind::Part, ProblemKind::Refused]);
    assert!(shapes.get(property(&shapes, id, "d")).number.get().is_some());
    for name in ["a", "b", "c"] {
        assert_eq!(shapes.get(property(&shapes, id, name)).unread.len(), 1, "{name}");
    }
}

#[test]
fn a_dynamic_reference_is_one_shape_for_each_scope() {
    let (shapes, problems, id) = read(&[(
        "a.json",
        r##"{"$id": "https://example.com/strict", "$dynamicAnchor": "node",
            "$ref": "tree", "unevaluatedProperties": false,
            "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "node", "type": "object",
                "properties": {"child": {"$dynamicRef": "#node"}}}}}"##,
    )]);
    assert!(problems.is_empty(), "{problems:?}");
    let tree = shapes.get(id).reference.as_ref().unwrap().target;
    let child = shapes.get(property(&shapes, tree, "child"));
    assert_eq!(child.reference.as_ref().unwrap().target, id);
}

#[test]
fn a_name_is_given_once() {
    let said = |words: &str| {
        let text = format!(
            r#"{{"$defs": {{"one": {{{words}, "type": "string"}}, "two": {{{words}, "type": "null"}}}}}}"#
        );
        let (_, problems, _) = read(&[("a.json", &text)]);
        problems.into_iter().map(|problem| (problem.kind, problem.message)).collect::<Vec<_>>()
    };
    let refused = |message: &str| vec![(ProblemKind::Part, message.to_owned())];
    assert_eq!(
        said(r#""$id": "https://example.com/item""#),
        refused(
            "`https://example.com/item` is what another schema of this file is called too: give each \
             an identifier of its own"
        )
    );
    let twice =
        refused("`#item` is what another schema here is called too: give each a name of its own");
    assert_eq!(said(r#""$anchor": "item""#), twice);
    assert_eq!(said(r#""$dynamicAnchor": "item""#), twice);
    assert_eq!(said(r#""$schema": "http://json-schema.org/draft-07/schema#""#), []);
    // Each in a resource of its own.
    let apart = r#"{"$defs": {"one": {"$id": "one", "$anchor": "item"},
        "two": {"$id": "two", "$anchor": "item"}, "three": {"$anchor": "item"}}}"#;
    let (_, problems, _) = read(&[("a.json", apart)]);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_text_that_is_no_pattern_and_a_list_of_no_values_are_refused() {
    let said = |text: &str| {
        let (_, problems, _) = read(&[("a.json", text)]);
        problems.into_iter().map(|problem| (problem.kind, problem.message)).collect::<Vec<_>>()
    };
    let part = |message: &str| vec![(ProblemKind::Part, message.to_owned())];
    let no_pattern = part("`(a` is no pattern of ECMA-262");
    assert_eq!(said(r#"{"pattern": "(a"}"#), no_pattern);
    assert_eq!(said(r#"{"patternProperties": {"(a": {}}}"#), no_pattern);
    // With the flag `u`, or without it, or since ECMA-262 2025.
    for pattern in [r"\\p{L}", r"[\\w-.]", r"\\A", "a{,3}", "(?i:a)", "(?<a>x)|(?<a>y)", r"\\k<n>"]
    {
        assert_eq!(said(&format!(r#"{{"pattern": "{pattern}"}}"#)), [], "{pattern}");
    }
    let draft_4 = "http://json-schema.org/draft-04/schema#";
    let empty = format!(r#"{{"$schema": "{draft_4}", "enum": []}}"#);
    assert_eq!(said(&empty), part("`enum` must be an array of at least one value"));
    assert_eq!(said(r#"{"enum": []}"#), []);
}
