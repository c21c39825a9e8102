//! What writers are assumed not to send: every sentence of the assumptions as a pair.

use unbroken::model::Polarity;
use unbroken::subtype::{Assumptions, Carrier, Containment, ContentModel, Formats};

use crate::containment::{ask, pair_2020};

const STORED: (Polarity, Carrier) = (Polarity::Both, Carrier::StoredJson);
const REQUEST: (Polarity, Carrier) = (Polarity::Request, Carrier::HttpJson);
const RESPONSE: (Polarity, Carrier) = (Polarity::Response, Carrier::HttpJson);
const TEXT: (Polarity, Carrier) = (Polarity::Request, Carrier::Text);

#[track_caller]
fn verdict(writer: &str, reader: &str, usage: (Polarity, Carrier), model: ContentModel) -> String {
    let pair = pair_2020(writer, reader);
    let assumptions = Assumptions { content_model: model, formats: Formats::Assert };
    match ask(&pair.shapes, pair.new, pair.old, assumptions, usage) {
        Containment::Holds => "holds".to_owned(),
        Containment::Fails(value) => value.to_string(),
        Containment::Undecided(reason) => panic!("undecided: {reason}"),
    }
}

#[track_caller]
fn holds(writer: &str, reader: &str) {
    assert_eq!(verdict(writer, reader, STORED, ContentModel::Open), "holds");
}

#[track_caller]
fn fails(writer: &str, reader: &str, value: &str) {
    assert_eq!(verdict(writer, reader, STORED, ContentModel::Open), value);
}

#[test]
fn an_optional_property_may_come_and_go_in_open_objects() {
    let (without, with) = (
        r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#,
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}"#,
    );
    holds(without, with);
    holds(with, without);
    let strict = verdict(without, with, STORED, ContentModel::Strict);
    assert_eq!(strict, r#"{"b":null}"#.replace("null", &strict[5..strict.len() - 1]));
    assert_ne!(strict, "holds");
}

#[test]
fn closing_an_object_takes_other_members_away() {
    let open = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let closed = r#"{"type": "object", "properties": {"a": {"type": "string"}},
        "additionalProperties": false}"#;
    assert_ne!(verdict(open, closed, STORED, ContentModel::Open), "holds");
    holds(closed, open);
}

#[test]
fn silence_and_true_and_the_empty_schema_are_the_same() {
    let silent = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    for rest in ["true", "{}"] {
        let said = format!(
            r#"{{"type": "object", "properties": {{"a": {{"type": "string"}}}},
                "additionalProperties": {rest}}}"#
        );
        let reader = r#"{"type": "object", "properties": {"a": {}, "b": {"type": "integer"}}}"#;
        holds(silent, reader);
        holds(&said, reader);
    }
}

#[test]
fn typing_the_values_of_a_free_form_map_takes_values_away() {
    let typed = r#"{"type": "object", "additionalProperties": {"type": "string"}}"#;
    let named = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    for free in [r#"{"type": "object"}"#, r#"{"type": "object", "properties": {}}"#] {
        assert_ne!(verdict(free, typed, STORED, ContentModel::Open), "holds");
        assert_ne!(verdict(free, named, STORED, ContentModel::Open), "holds");
    }
}

#[test]
fn a_writer_that_types_its_other_members_sends_them() {
    let typed = r#"{"type": "object", "properties": {"x": {}},
        "additionalProperties": {"type": "string"}}"#;
    let reader = r#"{"type": "object", "properties": {"x": {}, "a": {"type": "integer"}}}"#;
    fails(typed, reader, r#"{"a":""}"#);
}

#[test]
fn patterns_dependencies_and_listed_names_state_names() {
    let reader = r#"{"type": "object", "properties": {"x": {}, "ab": {"type": "integer"}}}"#;
    for writer in [
        r#"{"type": "object", "properties": {"x": {}}, "patternProperties": {"^a": {"type": "string"}}}"#,
        r#"{"type": "object", "properties": {"x": {}}, "required": ["ab"]}"#,
        r#"{"type": "object", "properties": {"x": {}}, "dependentRequired": {"x": ["ab"]}}"#,
        r#"{"type": "object", "properties": {"x": {}}, "propertyNames": {"enum": ["ab", "x"]}}"#,
    ] {
        assert_ne!(verdict(writer, reader, STORED, ContentModel::Open), "holds", "{writer}");
    }
    holds(
        r#"{"type": "object", "properties": {"x": {}}, "not": {"required": ["x", "ab"]}}"#,
        reader,
    );
}

#[test]
fn what_one_branch_states_is_not_sent_with_another() {
    let cards = r#"{"type": "object", "oneOf": [
        {"properties": {"kind": {"const": "card"}, "pan": {"type": "string"}}, "required": ["kind"]},
        {"properties": {"kind": {"const": "iban"}, "iban": {"type": "string"}}, "required": ["kind"]}]}"#;
    let reader = r#"{"type": "object", "properties": {"kind": {}}, "oneOf": [
        {"properties": {"kind": {"const": "card"}, "pan": {"type": "string"}}},
        {"properties": {"kind": {"const": "iban"}, "iban": {"type": "string"},
            "pan": {"type": "boolean"}}}]}"#;
    holds(cards, reader);
}

#[test]
fn branches_that_hold_together_send_the_names_of_both() {
    let writer = r#"{"type": "object", "anyOf": [
        {"properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"properties": {"b": {"type": "string"}}, "required": ["b"]}]}"#;
    let reader = r#"{"type": "object", "properties": {"a": {}, "b": {}},
        "not": {"required": ["a", "b"]}}"#;
    fails(writer, reader, r#"{"a":"","b":""}"#);
}

/// Twelve open alternatives, told apart by nothing but what they require.
fn alternatives(rest: &str) -> String {
    let branch =
        |name: char| format!(r#"{{"properties": {{"{name}": {{}}}}, "required": ["{name}"]}}"#);
    let branches: Vec<_> = ('a'..='l').map(branch).collect();
    format!(r#"{{"type": "object", "anyOf": [{}]{rest}}}"#, branches.join(", "))
}

#[test]
fn many_branches_that_hold_together_are_decided() {
    let reader = |refused: &str| {
        let names: Vec<_> = ('a'..='l').map(|name| format!(r#""{name}": {{}}"#)).collect();
        let names = names.join(", ");
        format!(r#"{{"properties": {{{names}, "z": {{}}}}, "not": {{"required": [{refused}]}}}}"#)
    };
    let writer = alternatives("");
    fails(&writer, &reader(r#""k", "l""#), r#"{"a":0,"k":0,"l":0}"#);
    fails(&writer, &reader(r#""b", "g", "l""#), r#"{"a":0,"b":0,"g":0,"l":0}"#);
    holds(&writer, &reader(r#""k", "z""#));
    holds(&alternatives(r#", "maxProperties": 2"#), &reader(r#""b", "g", "l""#));
    let exclusive = r#", "not": {"required": ["g", "l"]}"#;
    holds(&alternatives(exclusive), &reader(r#""b", "g", "l""#));
}

#[test]
fn names_that_the_reader_states_under_not_count() {
    holds(
        r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#,
        r#"{"type": "object", "not": {"required": ["secret"]}}"#,
    );
}

#[test]
fn each_place_has_names_of_its_own() {
    let writer = r#"{"type": "object", "properties": {"in": {"type": "object",
        "properties": {"a": {}}}}}"#;
    let reader = r#"{"type": "object", "properties": {"in": {"type": "object",
        "properties": {"a": {}, "b": {"type": "string"}}}, "b": {"type": "integer"}}}"#;
    holds(writer, reader);
    let closed = r#"{"type": "object", "properties": {"in": {"type": "object",
        "properties": {"a": {}, "b": {"type": "string"}}, "additionalProperties": false}}}"#;
    assert_ne!(verdict(writer, closed, STORED, ContentModel::Open), "holds");
}

#[test]
fn assertions_about_one_type_mean_that_type() {
    let untyped = r#"{"properties": {"a": {"type": "string"}}}"#;
    let typed = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    holds(untyped, typed);
    assert_ne!(verdict(untyped, typed, STORED, ContentModel::Strict), "holds");
    holds(r#"{"minimum": 3}"#, r#"{"type": "number", "minimum": 3}"#);
    holds(r#"{"items": {"pattern": "^a"}}"#, r#"{"type": "array", "items": {"type": "string"}}"#);
    assert_ne!(
        verdict(
            r#"{"minimum": 3, "pattern": "a"}"#,
            r#"{"type": "number"}"#,
            STORED,
            ContentModel::Open
        ),
        "holds"
    );
    assert_ne!(verdict("{}", r#"{"type": "object"}"#, STORED, ContentModel::Open), "holds");
}

#[test]
fn an_assumption_that_leaves_nothing_to_send_is_dropped() {
    let writer = r#"{"type": "object", "properties": {"x": {}}, "minProperties": 2,
        "propertyNames": {"pattern": "^[xy]$"}}"#;
    let reader = r#"{"type": "object", "properties": {"x": {}, "y": {"type": "string"}}}"#;
    assert_ne!(verdict(writer, reader, STORED, ContentModel::Open), "holds");
}

#[test]
fn read_only_members_are_not_sent_in_requests() {
    let plain = r#"{"type": "object", "properties": {"id": {"type": "integer"}, "n": {}},
        "required": ["id"]}"#;
    let marked = r#"{"type": "object", "properties": {
        "id": {"type": "string", "readOnly": true}, "n": {}}, "required": ["id"]}"#;
    assert_eq!(verdict(plain, marked, REQUEST, ContentModel::Open), "holds");
    assert_eq!(verdict(marked, plain, REQUEST, ContentModel::Open), "{}");
    assert_eq!(verdict(plain, marked, RESPONSE, ContentModel::Open), r#"{"id":0}"#);
    assert_ne!(verdict(plain, marked, STORED, ContentModel::Open), "holds");
    let closed = r#"{"type": "object", "properties": {"id": {"readOnly": true}},
        "additionalProperties": false}"#;
    let empty = r#"{"type": "object", "properties": {}, "additionalProperties": false}"#;
    assert_eq!(verdict(closed, empty, REQUEST, ContentModel::Open), "holds");
    assert_ne!(verdict(closed, empty, RESPONSE, ContentModel::Open), "holds");
}

#[test]
fn write_only_members_are_not_sent_in_responses() {
    let marked = r#"{"type": "object", "properties": {"p": {"type": "string", "writeOnly": true},
        "n": {}}, "required": ["p"]}"#;
    let plain = r#"{"type": "object", "properties": {"p": {"type": "string"}, "n": {}},
        "required": ["p"]}"#;
    assert_eq!(verdict(marked, plain, RESPONSE, ContentModel::Open), "{}");
    assert_eq!(verdict(marked, plain, REQUEST, ContentModel::Open), "holds");
    assert_eq!(verdict(plain, marked, RESPONSE, ContentModel::Open), "holds");
}

#[test]
fn known_formats_assert_on_their_own_type() {
    let plain = r#"{"type": "string"}"#;
    let date = r#"{"type": "string", "format": "date"}"#;
    assert_ne!(verdict(plain, date, STORED, ContentModel::Open), "holds");
    holds(date, plain);
    holds(r#"{"type": "integer", "format": "int32"}"#, r#"{"type": "integer", "format": "int64"}"#);
    let (wide, narrow) =
        (r#"{"type": "integer", "format": "int64"}"#, r#"{"type": "integer", "format": "int32"}"#);
    assert_ne!(verdict(wide, narrow, STORED, ContentModel::Open), "holds");
    holds(plain, r#"{"type": "string", "format": "int32"}"#);
    holds(plain, r#"{"type": "string", "format": "made-up"}"#);
    holds(
        r#"{"type": "string", "contentEncoding": "base64"}"#,
        r#"{"type": "string", "format": "byte"}"#,
    );
}

#[test]
fn a_scalar_that_crosses_as_text_is_its_text() {
    let holds = |writer: &str, reader: &str| {
        assert_eq!(verdict(writer, reader, TEXT, ContentModel::Open), "holds", "{writer} {reader}");
    };
    holds(r#"{"type": "integer"}"#, r#"{"type": "string"}"#);
    holds(r#"{"type": "number"}"#, r#"{"type": "string"}"#);
    holds(r#"{"type": "boolean"}"#, r#"{"type": "string"}"#);
    holds(r#"{"enum": ["1", "2"]}"#, r#"{"type": "integer"}"#);
    holds(r#"{"enum": [1, 2]}"#, r#"{"enum": ["1", "2", "3"]}"#);
    holds(r#"{"type": "boolean"}"#, r#"{"enum": ["true", "false"]}"#);
    holds(
        r#"{"type": "array", "items": {"type": "integer"}}"#,
        r#"{"type": "array", "items": {"type": "string"}}"#,
    );
    holds(r#"{"type": "string", "pattern": "^[1-9][0-9]*$"}"#, r#"{"type": "integer"}"#);
    let fails = |writer: &str, reader: &str| {
        assert_ne!(verdict(writer, reader, TEXT, ContentModel::Open), "holds", "{writer} {reader}");
    };
    fails(r#"{"type": "string"}"#, r#"{"type": "integer"}"#);
    fails(r#"{"type": "integer"}"#, r#"{"type": "string", "maxLength": 3}"#);
    fails(r#"{"type": "string"}"#, r#"{"type": "string", "minLength": 1}"#);
    fails(r#"{"type": "integer"}"#, r#"{"type": "integer", "minimum": 0}"#);
}

/// What a writer denies is said before it is looked into: where it sends at least one name of which
/// nothing else is known, no assumption about names is left.
#[test]
fn a_denial_of_what_members_and_elements_are_frees_what_they_send() {
    let told = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let denial = r#"{"properties": {"x": {"type": "integer"}}}"#;
    let both =
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "x": {"type": "integer"}}}"#;
    let list = |item: &str| {
        format!(r#"{{"type": "array", "items": {item}, "not": {{"items": {denial}}}}}"#)
    };
    fails(&list(told), &list(both), r#"[{"x":0.5}]"#);
    let one = |member: &str, beside: &str| {
        format!(
            r#"{{"type": "object", "required": ["m"], "properties": {{"m": {member}}},
                 "not": {{"properties": {{"m": {denial}}}}}{beside}}}"#
        )
    };
    fails(&one(told, ""), &one(both, ""), r#"{"m":{"x":0.5}}"#);
    let beside = r#", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]"#;
    fails(&one(told, beside), &one(both, beside), r#"{"a":0,"m":{"x":0.5}}"#);
}

/// Whoever says that elements may be anything says nothing of which type is meant.
#[test]
fn what_asserts_nothing_means_no_type() {
    let said = |rest: &str| format!(r#"{{"type": "object", "properties": {{"x": {{{rest}}}}}}}"#);
    let nothing = [r#""items": {}"#, r#""additionalProperties": true, "items": {}"#];
    for silent in nothing {
        let more = format!(r#"{silent}, "type": "array""#);
        assert_ne!(
            verdict(&said(silent), &said(&more), STORED, ContentModel::Open),
            "holds",
            "{silent}"
        );
    }
    holds(&said(r#""minItems": 1"#), &said(r#""minItems": 1, "type": "array""#));
    // An alternative that is never needed states a type all the same.
    let list = |contains: &str| {
        format!(
            r#"{{"type": "array", "items": {{"anyOf": [{{}}, {{"type": "string"}}]}},
                 "contains": {contains}}}"#
        )
    };
    let narrow = r#"{"minimum": 1, "type": "number"}"#;
    assert_ne!(
        verdict(&list(r#"{"minimum": 1}"#), &list(narrow), STORED, ContentModel::Open),
        "holds"
    );
}
