//! Many conditions, many demands on elements and long lists of alternatives: their choices multiply,
//! and the answer must not depend on how many there are.

use serde_json::{Value, json};
use unbroken::model::Polarity;
use unbroken::subtype::{Assumptions, Carrier, Containment, ContentModel, Formats};

use crate::containment::{ask, pair_2020};

#[track_caller]
fn verdict(writer: &Value, reader: &Value, model: ContentModel) -> Option<String> {
    let pair = pair_2020(&writer.to_string(), &reader.to_string());
    let assumptions = Assumptions { content_model: model, formats: Formats::Assert };
    let usage = (Polarity::Both, Carrier::StoredJson);
    match ask(&pair.shapes, pair.new, pair.old, assumptions, usage) {
        Containment::Holds => None,
        Containment::Fails(value) => Some(value.to_string()),
        Containment::Undecided(reason) => panic!("undecided: {reason}"),
    }
}

#[track_caller]
fn holds(writer: &Value, reader: &Value) {
    assert_eq!(verdict(writer, reader, ContentModel::Open), None);
}

#[track_caller]
fn fails(writer: &Value, reader: &Value, with: &str) {
    let value = verdict(writer, reader, ContentModel::Open).expect("a value is lost");
    assert!(value.contains(with), "{value}");
}

/// An object with a kind and a binding whose kind decides what else it has: with one condition for each
/// kind, on each of the two.
fn conditional(count: usize) -> Value {
    let is = |kind: &str| json!({"properties": {"kind": {"const": kind}}, "required": ["kind"]});
    let inner = |at: usize| {
        let then = json!({"required": [format!("m{}", at % 3)]});
        json!({"if": is(&format!("k{at}")), "then": then})
    };
    let outer = |at: usize| {
        let test = json!({
            "properties": {"binding": is(&format!("k{at}"))}, "required": ["binding"],
        });
        let then = json!({"properties": {"value": {"maxLength": 10 + at}}, "required": ["value"]});
        json!({"if": test, "then": then})
    };
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": ["binding"],
        "allOf": (0..count).map(outer).collect::<Vec<_>>(),
        "properties": {
            "value": text,
            "binding": {
                "type": "object",
                "required": ["kind"],
                "allOf": (0..count).map(inner).collect::<Vec<_>>(),
                "properties": {"kind": text, "m0": text, "m1": text, "m2": text},
            },
        },
    })
}

#[test]
fn a_name_of_which_no_condition_speaks_is_not_sent() {
    for count in [3, 16] {
        let old = conditional(count);
        let mut new = old.clone();
        new["properties"]["extra"] = json!({"type": "integer"});
        new["properties"]["binding"]["properties"]["extra"] = json!({"type": "integer"});
        holds(&old, &new);
        // One of many speaks of it.
        let mut told = old.clone();
        told["allOf"][1]["then"]["properties"]["extra"] = json!({"minLength": 1});
        fails(&told, &new, r#""extra":"#);
        let mut told = old;
        let then = &mut told["allOf"][1]["then"]["properties"];
        then["binding"] = json!({"properties": {"extra": {"minLength": 1}}});
        fails(&told, &new, r#""extra":"#);
    }
}

/// A list with a condition for each kind of element that it contains.
fn demanding(count: usize) -> Value {
    let kind = |at: usize| json!({"properties": {"kind": {"const": format!("k{at}")}}, "required": ["kind"]});
    let condition = |at: usize| {
        let test = json!({"properties": {"list": {"contains": kind(at)}}, "required": ["list"]});
        json!({"if": test, "then": {"required": [format!("n{at}")]}})
    };
    json!({
        "type": "object",
        "required": ["list"],
        "allOf": (0..count).map(condition).collect::<Vec<_>>(),
        "properties": {
            "list": {"type": "array", "items": {
                "type": "object", "properties": {"kind": {"type": "string"}},
            }},
        },
    })
}

#[test]
fn demands_on_elements_are_met_one_by_one() {
    for count in [2, 5, 12] {
        let old = demanding(count);
        let mut new = old.clone();
        new["properties"]["list"]["items"]["properties"]["extra"] = json!({"type": "integer"});
        holds(&old, &new);
        new["properties"]["list"]["items"]["properties"]["kind"]["maxLength"] = json!(2);
        fails(&old, &new, r#""kind":""#);
        if count > 5 {
            continue;
        }
        // What an element is tested for is stated too.
        let mut told = old.clone();
        told["allOf"][0]["if"]["properties"]["list"]["contains"]["properties"]["extra"] = json!({});
        let mut new = told.clone();
        new["properties"]["list"]["items"]["properties"]["extra"] = json!({"type": "integer"});
        fails(&told, &new, r#""extra":"#);
        if count > 2 {
            continue;
        }
        let mut all = old;
        let contained: Vec<_> = (0..count)
            .map(|at| json!({"contains": {"properties": {"kind": {"const": format!("k{at}")}}, "required": ["kind"]}}))
            .collect();
        all["properties"]["list"]["allOf"] = json!(contained);
        let mut new = all.clone();
        new["properties"]["list"]["minItems"] = json!(count);
        holds(&all, &new);
        new["properties"]["list"]["minItems"] = json!(count + 1);
        fails(&all, &new, r#""list":["#);
    }
}

/// Alternatives told apart by the text of a member, which most of them give as a pattern.
fn tagged(count: usize, most: usize) -> Value {
    let branch = |at: usize| {
        let tag = if at.is_multiple_of(7) {
            json!({"const": format!("t{at}")})
        } else {
            json!({"pattern": format!("^t{at}$")})
        };
        json!({"properties": {"tag": tag, "size": {"maximum": most}}, "required": ["tag"]})
    };
    let names: Vec<_> = (0..count).map(|at| format!("t{at}")).collect();
    json!({
        "type": "object",
        "properties": {"tag": {"enum": names}, "size": {"type": "integer"}},
        "anyOf": (0..count).map(branch).collect::<Vec<_>>(),
    })
}

#[test]
fn long_lists_are_held_against_each_other_by_their_tags() {
    for count in [12, 70] {
        let old = tagged(count, 9);
        holds(&old, &tagged(count, 10));
        holds(&old, &tagged(count + 20, 9));
        let mut narrower = tagged(count, 10);
        narrower["anyOf"][5]["properties"]["size"]["maximum"] = json!(8);
        fails(&old, &narrower, r#""tag":"t5""#);
        // Not only texts may be there.
        let mut untyped = old.clone();
        untyped["properties"]["tag"] = json!({});
        fails(&untyped, &narrower, r#""tag":"#);
        let mut loose = old.clone();
        loose["anyOf"][3] = json!({"required": ["size"]});
        fails(&loose, &old, r#""size":"#);
        loose["anyOf"][3] = json!({"required": ["tag"]});
        holds(&old, &loose);
    }
}
