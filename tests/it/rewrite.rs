//! The same contract written in another way.

use serde_json::{Map, Value};
use unbroken::document::{Document, Limits, NodeId, Value as Node, parse};
use unbroken::source::{FileId, RepoPath};

/// A JSON or YAML text as JSON text, the members of every object in reverse.
pub(crate) fn reversed(name: &str, text: &str) -> String {
    let path = RepoPath::new(name).unwrap();
    let limits = Limits::default();
    let parsed = parse(FileId::default(), &path, text.as_bytes(), &limits).unwrap();
    let mut out = String::new();
    write(&parsed.document, parsed.document.root(), &mut out);
    out
}

fn write(document: &Document, node: NodeId, out: &mut String) {
    match document.value(node) {
        Node::Null => out.push_str("null"),
        Node::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Node::Number(digits) => out.push_str(digits),
        Node::String(text) => out.push_str(&Value::from(text).to_string()),
        Node::Array => {
            out.push('[');
            for (index, element) in document.elements(node).iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(document, *element, out);
            }
            out.push(']');
        }
        Node::Object => {
            let members: Vec<_> = document.members(node).collect();
            out.push('{');
            for (index, member) in members.iter().rev().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&Value::from(member.key.text).to_string());
                out.push(':');
                write(document, member.value, out);
            }
            out.push('}');
        }
    }
}

/// A JSON Schema whose property schemas are referred to instead of written in place; `None` where
/// there is none to move.
pub(crate) fn extracted(schema: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    let root = schema.as_object_mut()?;
    let home = if root.contains_key("definitions") { "definitions" } else { "$defs" };
    let properties = root.get_mut("properties")?.as_object_mut()?;
    let mut moved = Map::new();
    for (index, property) in properties.values_mut().enumerate() {
        let movable = property.as_object().is_some_and(|object| {
            !["$ref", "$id", "$anchor", "$dynamicRef"].iter().any(|word| object.contains_key(*word))
        });
        if movable {
            let name = format!("moved-{index}");
            let reference = serde_json::json!({"$ref": format!("#/{home}/{name}")});
            moved.insert(name, std::mem::replace(property, reference));
        }
    }
    if moved.is_empty() {
        return None;
    }
    let definitions = root.entry(home).or_insert_with(|| Value::Object(Map::new()));
    definitions.as_object_mut()?.append(&mut moved);
    Some(schema)
}
