//! Where in a schema object other schemas stand.

use super::keyword::Holds;
use super::{Dialect, Keyword};
use crate::document::{Document, NodeId, Value};

/// The schema objects directly below this one, by the keywords that its dialect knows.
pub(super) fn subschemas(document: &Document, node: NodeId, dialect: Dialect) -> Vec<NodeId> {
    let mut found = Vec::new();
    for member in document.members(node) {
        let keyword = Keyword::parse(member.key.text).filter(|word| word.is_known_by(dialect));
        match keyword.map_or(Holds::Data, Keyword::holds) {
            Holds::Data => {}
            Holds::Schemas => match document.value(member.value) {
                Value::Object => found.push(member.value),
                Value::Array => found.extend_from_slice(document.elements(member.value)),
                Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {}
            },
            Holds::Named => found.extend(document.members(member.value).map(|each| each.value)),
        }
    }
    found.retain(|each| matches!(document.value(*each), Value::Object));
    found
}
