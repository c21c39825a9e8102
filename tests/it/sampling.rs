//! Values that a schema may accept, made without any engine: guesses, and their neighbours.

use serde_json::{Map, Value, json};

use crate::containment_random::Random;

/// How deep a guess follows the schema.
const DEPTH: u32 = 5;

/// Up to so many guesses, and for each a neighbour; some are accepted, some are not.
pub(crate) fn samples(schema: &Value, count: usize) -> Vec<Value> {
    let mut random = Random(0x5a5a_1234);
    let mut values = Vec::new();
    for _ in 0..count {
        let guess = guess(&mut random, schema, schema, DEPTH);
        values.push(neighbour(&mut random, &guess));
        values.push(guess);
    }
    values
}

fn guess(random: &mut Random, root: &Value, schema: &Value, depth: u32) -> Value {
    let Value::Object(members) = schema else { return simple(random) };
    if depth == 0 {
        return simple(random);
    }
    if let Some(Value::String(reference)) = members.get("$ref") {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or(Value::Null, |target| guess(random, root, target, depth - 1));
    }
    if let Some(value) = members.get("const") {
        return value.clone();
    }
    if let Some(Value::Array(values)) = members.get("enum") {
        return one_of(random, values).cloned().unwrap_or_default();
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        let Some(Value::Array(branches)) = members.get(word) else { continue };
        if members.contains_key("properties") && random.below(2) == 0 {
            continue;
        }
        let Some(branch) = one_of(random, branches) else { continue };
        let mut chosen = branch.clone();
        if let Value::Object(inner) = &mut chosen {
            // What stands around the branch holds too.
            for (word, value) in members.iter().filter(|(name, _)| *name != word) {
                match (inner.get_mut(word), value) {
                    (Some(Value::Object(own)), Value::Object(around)) => {
                        for (name, value) in around {
                            own.entry(name.clone()).or_insert(value.clone());
                        }
                    }
                    (Some(Value::Array(own)), Value::Array(around)) if word == "required" => {
                        own.extend(around.iter().cloned());
                    }
                    (Some(_), _) => {}
                    (None, _) => {
                        inner.insert(word.clone(), value.clone());
                    }
                }
            }
        }
        return guess(random, root, &chosen, depth);
    }
    of_type(random, root, members, depth)
}

fn of_type(random: &mut Random, root: &Value, schema: &Map<String, Value>, depth: u32) -> Value {
    let named = match schema.get("type") {
        Some(Value::String(name)) => Some(name.as_str()),
        Some(Value::Array(names)) => one_of(random, names).and_then(Value::as_str),
        _ if schema.contains_key("properties") || schema.contains_key("required") => Some("object"),
        _ if schema.contains_key("items") || schema.contains_key("prefixItems") => Some("array"),
        _ if schema.contains_key("pattern") || schema.contains_key("minLength") => Some("string"),
        _ if schema.contains_key("minimum") || schema.contains_key("maximum") => Some("number"),
        _ => None,
    };
    match named {
        Some("null") => Value::Null,
        Some("boolean") => json!(random.below(2) == 0),
        Some("integer" | "number") => {
            let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
            let base = bound("minimum").or(bound("maximum")).unwrap_or_default();
            let moved = base + [0.0, 1.0, -1.0, 5.0][usize::try_from(random.below(4)).unwrap()];
            serde_json::from_str(&moved.to_string()).unwrap_or_default()
        }
        Some("string") => text(random, schema),
        Some("array") => array(random, root, schema, depth),
        Some("object") => object(random, root, schema, depth),
        _ => simple(random),
    }
}

fn text(random: &mut Random, schema: &Map<String, Value>) -> Value {
    const WORDS: [&str; 18] = [
        "a",
        "",
        "ab",
        "DE00ABC",
        "1234",
        "ord_123abc",
        "2024-01-01T00:00:00Z",
        "a@b.c",
        "1.2.3",
        "./a",
        "MIT",
        "push",
        "name",
        "x-y",
        "0123456789AB",
        "E123",
        "en",
        "SEE a",
    ];
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let fits: Vec<&str> = WORDS
            .into_iter()
            .filter(|word| {
                regress::Regex::with_flags(pattern, "u")
                    .is_ok_and(|regex| regex.find(word).is_some())
            })
            .collect();
        if let Some(word) = one_of(random, &fits) {
            return json!(word);
        }
    }
    json!(random.of(&WORDS))
}

fn array(random: &mut Random, root: &Value, schema: &Map<String, Value>, depth: u32) -> Value {
    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(4);
    let length = least + random.below(3);
    let tuple = schema.get("prefixItems").or(schema.get("items").filter(|it| it.is_array()));
    let tuple = tuple.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rest = schema.get("items").filter(|it| !it.is_array());
    let length = if tuple.is_empty() { length } else { tuple.len() as u64 };
    let element = |index: u64| tuple.get(usize::try_from(index).unwrap()).or(rest);
    let elements = (0..length).map(|index| match element(index) {
        Some(schema) => guess(random, root, schema, depth - 1),
        None => simple(random),
    });
    Value::Array(elements.collect())
}

fn object(random: &mut Random, root: &Value, schema: &Map<String, Value>, depth: u32) -> Value {
    let mut members = Map::new();
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let declared = schema.get("properties").and_then(Value::as_object);
    for (name, member) in declared.into_iter().flatten() {
        if required.contains(&name.as_str()) || random.below(3) == 0 {
            members.insert(name.clone(), guess(random, root, member, depth - 1));
        }
    }
    for name in required {
        if !members.contains_key(name) {
            members.insert(name.to_owned(), simple(random));
        }
    }
    if let Some(rest) = schema.get("additionalProperties").filter(|it| it.is_object())
        && random.below(2) == 0
    {
        members.insert("web".to_owned(), guess(random, root, rest, depth - 1));
    }
    for (pattern, member) in
        schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
    {
        for name in ["prebuild", "build", "E123", "./a", "import"] {
            let is_named = regress::Regex::new(pattern).is_ok_and(|it| it.find(name).is_some());
            if is_named && random.below(2) == 0 {
                members.insert(name.to_owned(), guess(random, root, member, depth - 1));
            }
        }
    }
    Value::Object(members)
}

/// The value with one thing changed.
fn neighbour(random: &mut Random, value: &Value) -> Value {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let mut members = members.clone();
            let names: Vec<String> = members.keys().cloned().collect();
            let name = one_of(random, &names).cloned().unwrap_or_default();
            match random.below(4) {
                0 => {
                    members.remove(&name);
                }
                1 => {
                    members.insert("extra".to_owned(), simple(random));
                }
                _ => {
                    let changed = neighbour(random, &members[&name]);
                    members.insert(name, changed);
                }
            }
            Value::Object(members)
        }
        Value::Array(elements) if !elements.is_empty() => {
            let mut elements = elements.clone();
            let place = usize::try_from(random.below(elements.len() as u64)).unwrap();
            match random.below(3) {
                0 => {
                    elements.remove(place);
                }
                1 => elements.push(elements[place].clone()),
                _ => elements[place] = neighbour(random, &elements[place]),
            }
            Value::Array(elements)
        }
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 0.5),
        Value::String(text) => json!(format!("{text}z")),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => simple(random),
    }
}

fn simple(random: &mut Random) -> Value {
    let values = [json!(null), json!(true), json!(0), json!(1.5), json!("a"), json!([]), json!({})];
    one_of(random, &values).cloned().unwrap_or_default()
}

fn one_of<'v, T>(random: &mut Random, values: &'v [T]) -> Option<&'v T> {
    let index = random.below(values.len().max(1) as u64);
    values.get(usize::try_from(index).ok()?)
}
