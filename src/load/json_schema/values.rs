//! Data in documents as JSON values with exact numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Document, NodeId, Value};
use crate::model::{Decimal, Json};

/// How many values one datum may be made of; aliases can make a short text mean a very long one.
pub const MAX_VALUES: usize = 1_000_000;

/// The value of a node.
///
/// # Errors
/// In words, when a number cannot be represented or the value is larger than [`MAX_VALUES`].
pub fn json(document: &Document, node: NodeId) -> Result<Json, &'static str> {
    let mut left = MAX_VALUES;
    read(document, node, &mut left)
}

/// Recursion is as deep as the text nests, which the document's limits bound.
fn read(document: &Document, node: NodeId, left: &mut usize) -> Result<Json, &'static str> {
    *left = left.checked_sub(1).ok_or("the value is larger than max-values")?;
    Ok(match document.value(node) {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Boolean(value),
        Value::Number(text) => Json::Number(decimal(text)?),
        Value::String(text) => Json::string(text),
        Value::Array => {
            let elements = document.elements(node).iter();
            let read = elements.map(|element| read(document, *element, left));
            Json::Array(read.collect::<Result<Arc<[Json]>, _>>()?)
        }
        Value::Object => {
            let mut members = BTreeMap::new();
            for member in document.members(node) {
                members.insert(Arc::from(member.key.text), read(document, member.value, left)?);
            }
            Json::Object(Arc::new(members))
        }
    })
}

/// The number that a token means.
///
/// # Errors
/// In words, when its exponent is beyond what can be represented.
pub(super) fn decimal(text: &str) -> Result<Decimal, &'static str> {
    text.parse().map_err(|_| "the exponent of the number is too large")
}
