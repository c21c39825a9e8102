//! The page on the config says what is true: its examples are read by the program and by the schema.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use unbroken::document::{self, Document, Limits, NodeId, parse};
use unbroken::policy::AcceptedFile;
use unbroken::policy::config::{CONFIG_PATH, ConfigFile};
use unbroken::source::{Files, RepoPath};

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The YAML examples of the page that begin with this comment.
fn examples(comment: &str) -> Vec<String> {
    let page = text("docs/config.md");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let found: Vec<String> =
        blocks.filter(|block| block.starts_with(comment)).map(str::to_owned).collect();
    assert!(!found.is_empty(), "no example of {comment}");
    found
}

fn json(document: &Document, node: NodeId) -> Value {
    match document.value(node) {
        document::Value::Null => Value::Null,
        document::Value::Boolean(value) => Value::Bool(value),
        document::Value::Number(digits) => serde_json::from_str(digits).unwrap(),
        document::Value::String(text) => Value::from(text),
        document::Value::Array => {
            document.elements(node).iter().map(|element| json(document, *element)).collect()
        }
        document::Value::Object => {
            let members = document.members(node);
            let members =
                members.map(|member| (member.key.text.to_owned(), json(document, member.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn parsed(text: &str) -> Value {
    let path = RepoPath::new(CONFIG_PATH).unwrap();
    let id = Files::default().add(path.clone(), text.into());
    let document = parse(id, &path, text.as_bytes(), &Limits::default()).unwrap().document;
    json(&document, document.root())
}

fn schema() -> Value {
    serde_json::from_str(&text("schemas/config.v1.schema.json")).unwrap()
}

/// What the schema finds wrong with a config.
pub(crate) fn against_the_schema(config: &str) -> Vec<String> {
    let validator = jsonschema::options().offline().build(&schema()).unwrap();
    let value = parsed(config);
    validator.iter_errors(&value).map(|error| error.to_string()).collect()
}

#[test]
fn every_example_is_read_by_the_program_and_by_the_schema() {
    let path = RepoPath::new(CONFIG_PATH).unwrap();
    for example in examples("# unbroken.yaml\n") {
        let read = ConfigFile::parse(&mut Files::default(), &path, example.as_bytes());
        read.unwrap_or_else(|error| panic!("{error}\n{example}"));
        assert_eq!(against_the_schema(&example), [""; 0], "{example}");
    }
    for example in examples("# .unbroken/accepted.yaml\n") {
        let read = AcceptedFile::parse(&mut Files::default(), &path, example.as_bytes());
        assert_eq!(read.unwrap_or_else(|error| panic!("{error}")).entries.len(), 1, "{example}");
    }
}

#[test]
fn what_the_program_refuses_the_schema_refuses() {
    let path = RepoPath::new(CONFIG_PATH).unwrap();
    for wrong in [
        "polizy: {}\n",
        "contracts: [{mode: full}]\n",
        "contracts: [{paths: []}]\n",
        "contracts: [{paths: [a], kind: openpai}]\n",
        "contracts: [{paths: [a], surfaces: []}]\n",
        "supported: [{}]\n",
        "supported: [{tags: a, branches: b}]\n",
        "policy: {rules: {no-such-rule: error}}\n",
        "policy: {rules: {property-removed: fatal}}\n",
        "policy: {severities: [{rules: [], severity: note}]}\n",
        "policy: {sunset: {minimum-days: -1}}\n",
    ] {
        let read = ConfigFile::parse(&mut Files::default(), &path, wrong.as_bytes());
        assert!(read.is_err(), "the program reads {wrong}");
        assert_ne!(against_the_schema(wrong), [""; 0], "the schema accepts {wrong}");
    }
}

#[test]
fn the_page_names_every_key() {
    let page = text("docs/config.md");
    let mut open = vec![schema()];
    let mut keys = Vec::new();
    while let Some(part) = open.pop() {
        match part {
            Value::Object(members) => {
                if let Some(Value::Object(properties)) = members.get("properties") {
                    keys.extend(properties.keys().cloned());
                }
                open.extend(members.into_iter().map(|(_, member)| member));
            }
            Value::Array(elements) => open.extend(elements),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    assert!(keys.len() > 20, "{keys:?}");
    for key in keys {
        let named = [format!("`{key}`"), format!("{key}:")];
        assert!(named.iter().any(|word| page.contains(word)), "docs/config.md does not say {key}");
    }
}
