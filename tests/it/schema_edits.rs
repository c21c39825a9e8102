//! Edits of schemas, as people make them.

use serde_json::{Map, Value, json};

use crate::containment_random::Random;

/// Words that hold data or are no keywords, below which nothing is edited.
const DATA: [&str; 6] = ["$schema", "title", "const", "enum", "default", "required"];

/// The schema with one edit somewhere.
pub(crate) fn mutated(random: &mut Random, schema: &Value) -> Value {
    let mut places = Vec::new();
    collect(schema, &mut Vec::new(), Role::Schema, &mut places);
    let mut mutated = schema.clone();
    let index = usize::try_from(random.below(places.len() as u64)).unwrap();
    if let Some(Value::Object(members)) = mutated.pointer_mut(&places[index]) {
        edit(random, members);
    }
    mutated
}

/// What an object of the text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Schema,
    /// Schemas by name.
    Named,
}

/// The pointers of every schema object.
fn collect(value: &Value, path: &mut Vec<String>, role: Role, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if role == Role::Schema {
                places.push(path.concat());
            }
            for (name, member) in members {
                if role == Role::Schema && DATA.contains(&name.as_str()) {
                    continue;
                }
                let is_named = role == Role::Schema
                    && matches!(
                        name.as_str(),
                        "properties"
                            | "patternProperties"
                            | "$defs"
                            | "definitions"
                            | "dependentSchemas"
                            | "dependencies"
                    );
                path.push(format!("/{}", name.replace('~', "~0").replace('/', "~1")));
                collect(member, path, if is_named { Role::Named } else { Role::Schema }, places);
                path.pop();
            }
        }
        Value::Array(values) if role == Role::Schema => {
            for (index, value) in values.iter().enumerate() {
                path.push(format!("/{index}"));
                collect(value, path, Role::Schema, places);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
    }
}

fn edit(random: &mut Random, schema: &mut Map<String, Value>) {
    let words: Vec<String> = schema.keys().filter(|word| *word != "$schema").cloned().collect();
    let choice = random.below(10);
    if words.is_empty() || choice == 0 {
        return add(random, schema);
    }
    let word = words[usize::try_from(random.below(words.len() as u64)).unwrap()].clone();
    match choice {
        1 if word != "$defs" && word != "definitions" => {
            schema.remove(&word);
        }
        2 => wrap(random, schema),
        3 => add(random, schema),
        _ => {
            if let Some(value) = schema.get_mut(&word) {
                change(random, &word, value);
            }
        }
    }
}

/// Another spelling of the same.
fn wrap(random: &mut Random, schema: &mut Map<String, Value>) {
    let keep = ["$schema", "$defs", "definitions"];
    let inner: Map<String, Value> = schema
        .iter()
        .filter(|(word, _)| !keep.contains(&word.as_str()))
        .map(|(word, value)| (word.clone(), value.clone()))
        .collect();
    schema.retain(|word, _| keep.contains(&word.as_str()));
    let (word, value) = match random.below(4) {
        0 => ("allOf", json!([inner])),
        1 => ("anyOf", json!([inner])),
        2 => ("oneOf", json!([inner, {"not": {}}])),
        _ => ("not", json!({"not": inner})),
    };
    schema.insert(word.to_owned(), value);
}

fn add(random: &mut Random, schema: &mut Map<String, Value>) {
    let (word, value) = match random.below(14) {
        0 => ("maxLength", json!(random.below(12))),
        1 => ("minLength", json!(random.below(4))),
        2 => ("pattern", json!(random.of(&["^[a-z]", "[0-9]$", "^.{2,}$", "a|b", "^[^ ]*$"]))),
        3 => ("minimum", json!(random.below(10))),
        4 => ("maximum", json!(random.below(200))),
        5 => ("multipleOf", json!(1 + random.below(3))),
        6 => ("maxItems", json!(random.below(4))),
        7 => ("minItems", json!(random.below(3))),
        8 => ("uniqueItems", json!(true)),
        9 => ("maxProperties", json!(1 + random.below(6))),
        10 => ("required", json!([random.of(&["name", "kind", "id", "steps"])])),
        11 => ("additionalProperties", json!({"type": random.of(&["string", "number", "object"])})),
        12 => ("not", json!({"type": random.of(&["null", "array", "boolean"])})),
        _ => ("type", json!(random.of(&["object", "array", "string", "number", "integer"]))),
    };
    schema.insert(word.to_owned(), value);
}

fn change(random: &mut Random, word: &str, value: &mut Value) {
    match value {
        Value::Bool(flag) if word != "exclusiveMinimum" => *flag = !*flag,
        Value::Number(number) => {
            let counts = word.starts_with("min") && word != "minimum"
                || word.starts_with("max") && word != "maximum";
            *value = match number.as_i64() {
                Some(whole) if counts || word == "multipleOf" => {
                    json!((whole + random.of(&[-1, 1, 10])).max(1))
                }
                Some(whole) => json!(whole + random.of(&[-1, 1, 10])),
                None => json!(number.as_f64().unwrap_or_default() * 2.0),
            };
        }
        Value::String(text) if word == "type" => {
            let types = ["object", "array", "string", "number", "integer", "boolean", "null"];
            *value = match random.below(3) {
                0 => json!(
                    [text.as_str(), random.of(&types)]
                        .iter()
                        .collect::<std::collections::BTreeSet<_>>()
                ),
                1 => json!(if text == "integer" { "number" } else { "integer" }),
                _ => json!(random.of(&types)),
            };
        }
        Value::String(text) if word == "pattern" => {
            *value = json!(match random.below(4) {
                0 => text.trim_end_matches('$').to_owned(),
                1 => text.trim_start_matches('^').to_owned(),
                2 => text.replace("[0-9]", "[0-7]").replace("a-z", "a-y"),
                _ => format!("({text})|^$"),
            });
        }
        Value::Array(values) if matches!(word, "required" | "enum" | "type") => {
            let place = usize::try_from(random.below(values.len().max(1) as u64)).unwrap();
            if random.below(2) == 0 && values.len() > 1 {
                values.remove(place);
            } else if word == "enum" {
                values.push(json!(random.of(&["new", "other", "x"])));
                values.dedup();
            } else if word == "required" && !values.contains(&json!("extra")) {
                values.push(json!("extra"));
            }
        }
        Value::Array(values) if values.len() > 1 => {
            if random.below(2) == 0 {
                values.pop();
            } else {
                values.reverse();
            }
        }
        Value::Object(members) if word == "properties" => {
            let names: Vec<String> = members.keys().cloned().collect();
            let place = usize::try_from(random.below(names.len().max(1) as u64)).unwrap();
            match (random.below(3), names.get(place)) {
                (0, Some(name)) => {
                    members.remove(name);
                }
                (1, Some(name)) => {
                    let schema = members.remove(name).unwrap_or_default();
                    members.insert(format!("{name}2"), schema);
                }
                _ => {
                    let kind = random.of(&["string", "integer", "object"]);
                    members.insert("extra".to_owned(), json!({"type": kind}));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {}
    }
}
