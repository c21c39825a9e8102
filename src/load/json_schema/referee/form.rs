//! Forms of `OpenAPI` 2.0: their fields are parameters, and nowhere is there a schema of them all.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::Dialect;
use super::Sources;
use super::closure::Closure;
use crate::document::{self, Document, NodeId, Place, Pointer};

/// The fields of a form, by name.
type Fields = BTreeMap<String, Place>;

/// The fields of the form whose parameters are written at a place, or of the operation there; `None`
/// where there is no such thing but a schema.
pub(super) fn fields(sources: &Sources, place: Place, dialect: Dialect) -> Option<Fields> {
    if dialect != Dialect::OpenApi20 {
        return None;
    }
    let document = &sources.get(place.file)?.document;
    let pointer = document.pointer_of_span(document.span(place.node))?;
    let mut tokens = Pointer::parse(&pointer).ok()?.tokens().to_vec();
    let mut place = place;
    if document.get(place.node, "in").and_then(|node| document.string(node)) == Some("formData") {
        // A list of one field that is not indented begins and ends where the field does.
        tokens.pop()?;
        place.node = at(document, &tokens)?;
    }
    let is_list = document.value(place.node) == document::Value::Array;
    let is_operation = document.get(place.node, "responses").is_some()
        && document.get(place.node, "type").is_none();
    if !is_list && !is_operation {
        return None;
    }
    tokens.truncate(tokens.len().saturating_sub(if is_list { 2 } else { 1 }));
    let item = at(document, &tokens)?;
    let mut found = Fields::new();
    let shared = document.get(item, "parameters");
    let own = if is_list { Some(place.node) } else { document.get(place.node, "parameters") };
    for list in shared.into_iter().chain(own) {
        for node in document.elements(list) {
            add(sources, Place { node: *node, ..place }, &mut found);
        }
    }
    Some(found)
}

fn at(document: &Document, tokens: &[String]) -> Option<NodeId> {
    tokens.iter().try_fold(document.root(), |node, token| document.child(node, token))
}

fn add(sources: &Sources, place: Place, found: &mut Fields) {
    let text = |place: Place, name: &str| {
        let document = &sources.get(place.file)?.document;
        document.get(place.node, name).and_then(|node| document.string(node)).map(str::to_owned)
    };
    let target = text(place, "$ref").and_then(|reference| sources.named(place, &reference));
    let place = target.unwrap_or(place);
    if let Some(name) = text(place, "name")
        && text(place, "in").as_deref() == Some("formData")
    {
        found.insert(name, place);
    }
}

/// The object of all fields.
///
/// # Errors
/// In words, when a field reaches something that cannot be judged.
pub(super) fn object(closure: &mut Closure<'_>, fields: &Fields) -> Result<Value, String> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, place) in fields {
        let field = closure.begin(*place, Dialect::OpenApi20Parameter)?;
        properties.insert(name.clone(), field);
        let Some(source) = closure.sources.get(place.file) else { continue };
        let stated = source.document.get(place.node, "required");
        if stated.map(|node| source.document.value(node)) == Some(document::Value::Boolean(true)) {
            required.push(name.clone());
        }
    }
    Ok(json!({ "type": "object", "properties": properties, "required": required }))
}
