//! Schemas with one edit each, drawn with a fixed seed.

use serde_json::{Map, Value, json};

/// A schema in which one thing was edited.
pub(crate) struct Mutant {
    pub(crate) schema: Value,
    /// JSON Pointer of the edited schema.
    pub(crate) place: String,
    /// Where the edited schema is in the edited whole, if it moved.
    pub(crate) moved: Option<String>,
    pub(crate) what: String,
    pub(crate) kind: Kind,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that validation sees.
    Edit,
    /// Something that it does not.
    Note,
    /// Another spelling of the same.
    Rewriting,
}

impl Mutant {
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        [Some(self.place.as_str()), self.moved.as_deref()].into_iter().flatten()
    }
}

/// Edits of one schema: each gives the edited schema, or nothing where it does not apply.
type Edit = fn(&Map<String, Value>) -> Option<Value>;

/// So many edits of the schema, no two the same.
pub(crate) fn mutants(base: &Value, count: usize) -> Vec<Mutant> {
    let mut all = Vec::new();
    for place in places(base) {
        let Some(here) = base.pointer(&place).and_then(Value::as_object) else { continue };
        for (what, kind, edit) in EDITS {
            let Some(edited) = edit(here) else { continue };
            // Whatever wraps the root takes the definitions along.
            if place.is_empty() && edited.get("$schema").is_none() {
                continue;
            }
            let mut schema = base.clone();
            *schema.pointer_mut(&place).unwrap() = edited;
            let (place, what) = (place.clone(), (*what).to_owned());
            all.push(Mutant { schema, place, moved: None, what, kind: *kind });
        }
        all.extend(extracted(base, &place));
        all.extend(inlined(base, &place));
    }
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut drawn = Vec::new();
    while drawn.len() < count && !all.is_empty() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let index = usize::try_from(random % all.len() as u64).unwrap();
        drawn.push(all.swap_remove(index));
    }
    drawn
}

/// Pointers of all schemas, the root's definitions included.
fn places(base: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(place) = waiting.pop() {
        let Some(Value::Object(here)) = base.pointer(&place) else { continue };
        for (word, inner) in here {
            match (word.as_str(), inner) {
                ("properties" | "patternProperties" | "$defs", Value::Object(members)) => {
                    let below =
                        |name: &String| format!("{place}/{word}/{}", name.replace('/', "~1"));
                    waiting.extend(members.keys().map(below));
                }
                ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(list)) => {
                    waiting.extend((0..list.len()).map(|index| format!("{place}/{word}/{index}")));
                }
                (
                    "items"
                    | "additionalProperties"
                    | "contains"
                    | "not"
                    | "if"
                    | "then"
                    | "propertyNames",
                    Value::Object(_),
                ) => waiting.push(format!("{place}/{word}")),
                _ => {}
            }
        }
        found.push(place);
    }
    found.sort();
    found
}

const EDITS: &[(&str, Kind, Edit)] = &[
    ("a property added", Kind::Edit, |here| {
        let mut members = here.get("properties")?.as_object()?.clone();
        members.insert("added".to_owned(), json!({"type": "string"}));
        with(here, "properties", Value::Object(members))
    }),
    ("a property removed", Kind::Edit, |here| {
        let mut members = here.get("properties")?.as_object()?.clone();
        let name = members.keys().next()?.clone();
        members.remove(&name);
        with(here, "properties", Value::Object(members))
    }),
    ("a property required", Kind::Edit, |here| {
        let mut required = here.get("required")?.as_array()?.clone();
        let free = |name: &&String| !required.iter().any(|known| *known == name.as_str());
        let name = here.get("properties")?.as_object()?.keys().find(free)?.clone();
        required.push(Value::from(name));
        with(here, "required", Value::from(required))
    }),
    ("a property made optional", Kind::Edit, |here| {
        let mut required = here.get("required")?.as_array()?.clone();
        required.pop()?;
        with(here, "required", Value::from(required))
    }),
    ("a bound raised", Kind::Edit, |here| {
        let (word, bound) = bound(here)?;
        with(here, word, json!(bound + 1))
    }),
    ("a bound dropped", Kind::Edit, |here| without(here, bound(here)?.0)),
    ("a length set", Kind::Edit, |here| {
        let free =
            ["maxLength", "enum", "const", "format"].iter().all(|word| !here.contains_key(*word));
        if !free || here.get("type")? != "string" {
            return None;
        }
        with(here, "maxLength", json!(7))
    }),
    ("a value listed", Kind::Edit, |here| {
        let mut values = here.get("enum")?.as_array()?.clone();
        values.push(json!("listed"));
        with(here, "enum", Value::from(values))
    }),
    ("a value struck", Kind::Edit, |here| {
        let mut values = here.get("enum")?.as_array()?.clone();
        values.pop()?;
        with(here, "enum", Value::from(values))
    }),
    ("a constant changed", Kind::Edit, |here| {
        here.get("const")?;
        with(here, "const", json!("changed"))
    }),
    ("a type added", Kind::Edit, |here| {
        let word = here.get("type")?.as_str()?;
        let alone = !here.contains_key("enum") && word != "boolean";
        if alone { with(here, "type", json!([word, "boolean"])) } else { None }
    }),
    ("a type replaced", Kind::Edit, |here| {
        (here.get("type")? == "boolean").then_some(())?;
        with(here, "type", json!("array"))
    }),
    ("a type taken away", Kind::Edit, |here| {
        let mut types = here.get("type")?.as_array()?.clone();
        types.pop()?;
        with(here, "type", Value::from(types))
    }),
    ("the types dropped", Kind::Edit, |here| {
        here.get("type")?.as_array()?;
        without(here, "type")
    }),
    ("a pattern changed", Kind::Edit, |here| {
        here.get("pattern")?;
        with(here, "pattern", json!("^other$"))
    }),
    ("a format set", Kind::Edit, |here| {
        let free = here.keys().all(|word| word == "type");
        if !free || here.get("type")? != "string" {
            return None;
        }
        with(here, "format", json!("date"))
    }),
    ("an object closed", Kind::Edit, |here| {
        let open = here.contains_key("properties") && !here.contains_key("additionalProperties");
        if open { with(here, "additionalProperties", json!(false)) } else { None }
    }),
    ("an object opened", Kind::Edit, |here| {
        here.get("additionalProperties")?;
        without(here, "additionalProperties")
    }),
    ("uniqueness", Kind::Edit, |here| match here.get("uniqueItems") {
        Some(_) => without(here, "uniqueItems"),
        None if here.contains_key("items") => with(here, "uniqueItems", json!(true)),
        None => None,
    }),
    ("elements freed", Kind::Edit, |here| {
        here.get("items")?.as_object()?;
        without(here, "items")
    }),
    ("a branch added", Kind::Edit, |here| {
        let (word, mut branches) = branches(here)?;
        branches.insert(0, json!({"type": "array", "minItems": 3}));
        with(here, word, Value::from(branches))
    }),
    ("a branch removed", Kind::Edit, |here| {
        let (word, mut branches) = branches(here)?;
        branches.remove(0);
        with(here, word, Value::from(branches))
    }),
    ("one alternative beside it", Kind::Edit, |here| {
        Some(json!({"oneOf": [{"const": ["other"]}, here]}))
    }),
    ("null beside it", Kind::Edit, |here| {
        let plain = here.get("type")?.is_string();
        plain.then(|| json!({"anyOf": [here, {"type": "null"}]}))
    }),
    ("an exclusion", Kind::Edit, |here| match here.get("not") {
        Some(_) => without(here, "not"),
        None if here.get("type")? == "string" => with(here, "not", json!({"const": ""})),
        None => None,
    }),
    ("a consequence", Kind::Edit, |here| {
        here.get("if")?;
        with(here, "else", json!({"required": ["retries"]}))
    }),
    ("a condition dropped", Kind::Edit, |here| {
        let mut changed = here.clone();
        changed.remove("if")?;
        changed.remove("then");
        Some(Value::Object(changed))
    }),
    ("a condition added", Kind::Edit, |here| {
        let members = here.get("properties")?.as_object()?;
        let (one, other) = (members.keys().next()?, members.keys().nth(1)?);
        let condition = json!({"if": {"required": [one]}, "then": {"required": [other]}});
        let mut all = vec![condition];
        all.extend(here.get("allOf").and_then(Value::as_array).into_iter().flatten().cloned());
        with(here, "allOf", Value::from(all))
    }),
    ("a dependency dropped", Kind::Edit, |here| {
        here.get("dependentRequired")?;
        without(here, "dependentRequired")
    }),
    ("names freed", Kind::Edit, |here| {
        here.get("propertyNames")?;
        without(here, "propertyNames")
    }),
    ("a pattern of names dropped", Kind::Edit, |here| {
        here.get("patternProperties")?;
        without(here, "patternProperties")
    }),
    ("a demand on elements dropped", Kind::Edit, |here| {
        here.get("contains")?;
        without(here, "contains")
    }),
    ("a demand on elements doubled", Kind::Edit, |here| {
        here.get("contains")?;
        with(here, "minContains", json!(2))
    }),
    ("a position dropped", Kind::Edit, |here| {
        let mut positions = here.get("prefixItems")?.as_array()?.clone();
        positions.pop()?;
        with(here, "prefixItems", Value::from(positions))
    }),
    ("a description", Kind::Note, |here| with(here, "description", json!("another text"))),
    ("a default", Kind::Note, |here| {
        (here.get("type")? == "string").then_some(())?;
        with(here, "default", json!("abc"))
    }),
    ("all of it", Kind::Rewriting, |here| Some(json!({"allOf": [here]}))),
    ("any of it", Kind::Rewriting, |here| Some(json!({"anyOf": [here]}))),
    ("requirements apart", Kind::Rewriting, |here| {
        let required = here.get("required")?.clone();
        let mut changed = here.clone();
        changed.remove("required");
        let mut all = vec![json!({"required": required})];
        all.extend(here.get("allOf").and_then(Value::as_array).into_iter().flatten().cloned());
        changed.insert("allOf".to_owned(), Value::from(all));
        Some(Value::Object(changed))
    }),
    ("another order", Kind::Rewriting, |here| {
        let words = ["required", "enum", "anyOf", "oneOf", "allOf", "type"];
        let (word, list) =
            words.iter().find_map(|word| Some((*word, here.get(*word)?.as_array()?)))?;
        with(here, word, list.iter().rev().cloned().collect())
    }),
    ("a list of one value", Kind::Rewriting, |here| {
        let value = here.get("const")?.clone();
        let mut changed = here.clone();
        changed.remove("const");
        changed.insert("enum".to_owned(), json!([value]));
        Some(Value::Object(changed))
    }),
    ("alternatives for types", Kind::Rewriting, |here| {
        let types = here.get("type")?.as_array()?;
        let each = types.iter().map(|word| with(here, "type", word.clone()));
        Some(json!({"anyOf": each.collect::<Option<Vec<_>>>()?}))
    }),
    ("open as before", Kind::Rewriting, |here| {
        let open = here.contains_key("properties") && !here.contains_key("additionalProperties");
        if open { with(here, "additionalProperties", json!(true)) } else { None }
    }),
    ("no length at least", Kind::Rewriting, |here| {
        let free = here.get("type")? == "string" && !here.contains_key("minLength");
        if free { with(here, "minLength", json!(0)) } else { None }
    }),
    ("a bound under an enum", Kind::Rewriting, |here| {
        here.get("enum")?;
        with(here, "maxLength", json!(50))
    }),
    ("any elements", Kind::Rewriting, |here| {
        let free = here.get("type")? == "array" && !here.contains_key("items");
        if free { with(here, "items", json!(true)) } else { None }
    }),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "an edit may not apply, and this is what edits end with"
)]
fn with(here: &Map<String, Value>, word: &str, value: Value) -> Option<Value> {
    let mut changed = here.clone();
    changed.insert(word.to_owned(), value);
    Some(Value::Object(changed))
}

fn without(here: &Map<String, Value>, word: &str) -> Option<Value> {
    let mut changed = here.clone();
    changed.remove(word)?;
    Some(Value::Object(changed))
}

fn bound(here: &Map<String, Value>) -> Option<(&'static str, u64)> {
    let words = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];
    let words = words.into_iter().chain(["minProperties", "exclusiveMinimum"]);
    words.into_iter().find_map(|word| Some((word, here.get(word)?.as_u64()?)))
}

fn branches(here: &Map<String, Value>) -> Option<(&'static str, Vec<Value>)> {
    let words = ["anyOf", "oneOf"].into_iter();
    words.into_iter().find_map(|word| Some((word, here.get(word)?.as_array()?.clone())))
}

/// A schema moved to the definitions.
fn extracted(base: &Value, place: &str) -> Option<Mutant> {
    if place.is_empty() || place.starts_with("/$defs/") && !place[7..].contains('/') {
        return None;
    }
    let mut schema = base.clone();
    let here = schema.pointer_mut(place)?;
    let moved = std::mem::replace(here, json!({"$ref": "#/$defs/extracted"}));
    let home = schema.as_object_mut()?.entry("$defs").or_insert_with(|| json!({}));
    home.as_object_mut()?.insert("extracted".to_owned(), moved);
    Some(Mutant {
        schema,
        place: place.to_owned(),
        moved: Some("/$defs/extracted".to_owned()),
        what: "moved to the definitions".to_owned(),
        kind: Kind::Rewriting,
    })
}

/// A reference replaced by what it refers to.
fn inlined(base: &Value, place: &str) -> Option<Mutant> {
    let reference = base.pointer(place)?.get("$ref")?.as_str()?.strip_prefix('#')?;
    let target = base.pointer(reference)?.clone();
    let mut schema = base.clone();
    *schema.pointer_mut(place)? = target;
    Some(Mutant {
        schema,
        place: place.to_owned(),
        moved: Some(reference.to_owned()),
        what: "written in place".to_owned(),
        kind: Kind::Rewriting,
    })
}
