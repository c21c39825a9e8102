//! Reports keep the promises of their schemas.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cases::reports;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.v1.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_report_of_a_case_is_valid_under_its_schema() {
    let validator = jsonschema::options().offline().build(&schema()).unwrap();
    let mut wrong = Vec::new();
    for (case, _, json) in reports() {
        let errors = validator.iter_errors(json);
        wrong.extend(errors.map(|e| format!("{}: {e} at {}", case.title(), e.instance_path())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_schema_describes_every_member_that_is_written() {
    let schema = schema();
    let mut unknown = Vec::new();
    for (case, _, json) in reports() {
        undescribed(json, &schema, &schema, &case.title(), &mut unknown);
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// Collects the members of `value` that `part` of the schema has no word about.
fn undescribed(value: &Value, part: &Value, root: &Value, at: &str, unknown: &mut Vec<String>) {
    let part = resolved(part, root);
    match value {
        Value::Array(elements) => {
            for element in elements {
                undescribed(element, &part["items"], root, at, unknown);
            }
        }
        Value::Object(members) if part.get("properties").is_some() => {
            for (name, member) in members {
                let here = format!("{at} › {name}");
                match part["properties"].get(name) {
                    Some(described) => undescribed(member, described, root, &here, unknown),
                    None => unknown.push(here),
                }
            }
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The part itself, or what it refers to, through the way in which the schema says "or null".
fn resolved<'s>(part: &'s Value, root: &'s Value) -> &'s Value {
    let part = part.get("anyOf").map_or(part, |alternatives| &alternatives[0]);
    match part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => root.pointer(pointer).unwrap(),
        None => part,
    }
}
