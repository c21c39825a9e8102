//! The JSON Schema of the config, derived from the types that read it.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Config, KindWord, RuleId};
use crate::load::Format;
use crate::rules;
use crate::source::{Folder, Pattern};

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Paths from the root of the repository: `*` stays within a folder, `**` \
                does not, and a pattern that names a folder covers what is below it.",
            "type": "string",
            "minLength": 1
        })
    }
}

impl JsonSchema for Folder {
    fn schema_name() -> Cow<'static, str> {
        "Folder".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A folder, by its path from the root of the repository, which is `.`.",
            "type": "string",
            "minLength": 1
        })
    }
}

impl JsonSchema for KindWord {
    fn schema_name() -> Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A kind of contract.",
            "enum": Format::ALL.map(Format::name),
        })
    }
}

impl JsonSchema for RuleId {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut ids: Vec<&str> = rules::catalogue().map(|rule| rule.id).collect();
        ids.sort_unstable();
        json_schema!({
            "description": "A kind of change; `unbroken explain` says more of each.",
            "enum": ids,
        })
    }
}

/// The schema as it is written to the file.
fn derived() -> String {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("title".to_owned(), "The config of Unbroken, version 1: unbroken.yaml".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');
    text
}

#[test]
fn the_schema_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config.v1.schema.json");
    let derived = derived();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
        fs::write(&path, &derived).unwrap();
    }
    let read = |text: &str| -> (Value, Vec<Value>) {
        let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
        let rules = schema.pointer_mut("/$defs/Rule/enum").map(Value::take);
        (schema, rules.and_then(|rules| rules.as_array().cloned()).unwrap_or_default())
    };
    let (written, rules) = read(&fs::read_to_string(&path).unwrap_or_default());
    let (derived, known) = read(&derived);
    let mend = "run `INSTA_UPDATE=always cargo test --lib config::schema`";
    assert!(written == derived, "schemas/config.v1.schema.json is stale: {mend}");
    // A rule that is gone would be offered to people; one that is new is added with the next update.
    let gone: Vec<&Value> = rules.iter().filter(|rule| !known.contains(rule)).collect();
    assert!(!rules.is_empty() && gone.is_empty(), "{gone:?} are no rules any more: {mend}");
}
