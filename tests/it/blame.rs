//! A witness stands beside the edit that it is about: done by itself that edit loses the value, or
//! undone by itself it lets the value arrive. Both are tried on the source documents, with a
//! validator that knows nothing of the program.

use serde_json::{Map, Value};

use crate::cases::reports;

/// What a pointer leads to, and how it got there.
fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    Some((parent, name.replace("~1", "/").replace("~0", "~")))
}

/// The document with what stands at `to` replaced by what the donor has at `from`.
fn edited(base: &Value, to: Option<&str>, donor: &Value, from: Option<&str>) -> Option<Value> {
    if let (Some(to), Some(from)) = (to, from)
        && to != from
        && split(to)?.0 == split(from)?.0
    {
        // Another keyword stands in its place.
        let without = edited(base, Some(to), donor, None)?;
        return edited(&without, None, donor, Some(from));
    }
    let mut copy = base.clone();
    match (to, from) {
        (Some(to), Some(from)) => *copy.pointer_mut(to)? = donor.pointer(from)?.clone(),
        (Some(to), None) => {
            let (parent, name) = split(to)?;
            match copy.pointer_mut(parent)? {
                Value::Object(members) => drop(members.remove(&name)?),
                Value::Array(elements) => drop(elements.remove(name.parse().ok()?)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
            }
        }
        (None, Some(from)) => {
            let (parent, name) = split(from)?;
            let value = donor.pointer(from)?.clone();
            let is_list = donor.pointer(parent)?.is_array();
            if copy.pointer(parent).is_none() {
                let (outer, last) = split(parent)?;
                let empty = if is_list { Value::Array(Vec::new()) } else { Map::new().into() };
                copy.pointer_mut(outer)?.as_object_mut()?.insert(last, empty);
            }
            match copy.pointer_mut(parent)? {
                Value::Object(members) => drop(members.insert(name, value)),
                Value::Array(elements) => elements.push(value),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
            }
        }
        (None, None) => return None,
    }
    Some(copy)
}

fn accepts(schema: &Value, value: &Value) -> Option<bool> {
    let options = jsonschema::options().should_validate_formats(true).offline();
    Some(options.build(schema).ok()?.is_valid(value))
}

/// Whether it is a whole number in the notation of one that is not: draft-04 tells them apart, and this
/// validator does not.
fn is_told_by_notation(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let is_whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
            is_whole && number.as_str().contains(['.', 'e', 'E'])
        }
        Value::Array(elements) => elements.iter().any(is_told_by_notation),
        Value::Object(members) => members.values().any(is_told_by_notation),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

#[test]
fn every_witness_is_lost_because_of_its_edit() {
    let (mut judged, mut wrong) = (0, Vec::new());
    for (case, _, report) in reports().iter().filter(|(case, ..)| case.format == "json-schema") {
        let sides = [&case.old, &case.new]
            .map(|side| case.text(side).and_then(|text| serde_json::from_str::<Value>(&text).ok()));
        let [Some(old), Some(new)] = sides else { continue };
        for finding in report["findings"].as_array().unwrap() {
            let places = [&finding["old"]["pointer"], &finding["new"]["pointer"]];
            let [mut was, mut is] = places.map(Value::as_str);
            let is_of_absence =
                ["condition-changed", "exclusion-changed", "object-closed", "object-opened"]
                    .contains(&finding["rule"].as_str().unwrap());
            if let (true, Some(old), Some(new)) = (is_of_absence, was, is) {
                // What a side has not got is located at the schema that lacks it.
                was = was.filter(|_| !new.starts_with(&format!("{old}/")));
                is = is.filter(|_| !old.starts_with(&format!("{new}/")));
            }
            for witness in finding["witnesses"].as_array().unwrap() {
                let value = &witness["value"];
                if is_told_by_notation(value) {
                    continue;
                }
                let is_old = witness["writer"] == "old";
                let (writer, reader) = if is_old { (&old, &new) } else { (&new, &old) };
                let (sent, read) = if is_old { (was, is) } else { (is, was) };
                let alone = edited(writer, sent, reader, read);
                let undone = edited(reader, read, writer, sent);
                let (Some(alone), Some(undone)) = (alone, undone) else { continue };
                let answers = (accepts(&alone, value), accepts(&undone, value));
                let (Some(done), Some(arrives)) = answers else { continue };
                judged += 1;
                if done && !arrives {
                    wrong.push(format!("{}: {} {value}", case.title(), finding["message"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged >= 30, "only {judged} witnesses could be judged");
}
