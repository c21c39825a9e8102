//! YAML as JSON, read by the reader that contracts are read by.

use std::sync::Arc;

use serde_json::Value as Json;
use unbroken::document::{Document, Documents, Limits, NodeId, Value};
use unbroken::source::{MemorySnapshot, RepoPath};

pub(super) fn json_of_yaml(text: &str) -> Json {
    let path = RepoPath::new("file.yaml").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), text.as_bytes().to_vec())]);
    let mut documents = Documents::new(&snapshot, Limits::default());
    let file = documents.open(&path).unwrap_or_else(|error| panic!("{error}"));
    let document: Arc<Document> = documents.document(file).unwrap();
    json(&document, document.root())
}

fn json(document: &Document, node: NodeId) -> Json {
    match document.value(node) {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Bool(value),
        Value::Number(digits) => serde_json::from_str(digits).unwrap(),
        Value::String(text) => Json::String(text.to_owned()),
        Value::Array => document.elements(node).iter().map(|item| json(document, *item)).collect(),
        Value::Object => Json::Object(
            document
                .members(node)
                .map(|member| (member.key.text.to_owned(), json(document, member.value)))
                .collect(),
        ),
    }
}
