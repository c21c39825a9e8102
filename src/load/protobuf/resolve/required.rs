//! Fields that are required in the values of options.

use std::sync::Arc;

use super::option::Options;
use super::{Resolver, index};
use crate::model::{Cardinality, FieldKind, Json, MessageId, MessageKind, Presence};
use crate::source::Span;

/// How deep values are looked into: as deep as they nest.
const MAX_DEPTH: usize = crate::load::protobuf::parser::MAX_NESTING;

impl Resolver<'_, '_> {
    /// Tells of a custom option whose value lacks what its message requires.
    pub(super) fn check_complete(&mut self, options: &Options, held: &[(String, MessageId)]) {
        let mut told: Vec<(Span, String)> = Vec::new();
        for (name, message) in held {
            let Some(option) = options.get(name.as_str()) else { continue };
            if let Some(lacking) = self.lacking(&option.value, *message, 0) {
                told.push((option.span, format!("`{lacking}` is required in this option's value")));
            }
        }
        for (span, message) in told {
            self.part(span, message);
        }
    }

    /// The first field that a value of this message lacks.
    fn lacking(&self, value: &Json, id: MessageId, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        let object = match value {
            Json::Array(elements) => {
                return elements.iter().find_map(|element| self.lacking(element, id, depth + 1));
            }
            Json::Object(object) => object,
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => return None,
        };
        let message = self.messages.messages.get(index(id.0))?;
        let is_set =
            |name: &str, other: &str| object.contains_key(name) || object.contains_key(other);
        let is_required =
            |cardinality: Cardinality| cardinality == Cardinality::Singular(Presence::Required);
        for field in message.fields.iter().filter(|field| is_required(field.cardinality)) {
            // A group is called by its message too.
            let group = match field.kind {
                FieldKind::Message(id, _) => self.messages.messages.get(index(id.0)),
                FieldKind::Scalar(_) | FieldKind::Enum(_) => None,
            };
            let group = group.and_then(|group| group.full_name.rsplit('.').next()).unwrap_or("");
            if !is_set(&field.name, group) {
                return Some(format!("{}.{}", message.full_name, field.name));
            }
        }
        // An entry without a value has the one that holds nothing.
        if let (MessageKind::MapEntry, Some(FieldKind::Message(id, _)), false) = (
            message.kind,
            message.fields.last().map(|value| value.kind),
            object.contains_key("value"),
        ) && let Some(lacking) = self.lacking(&Json::Object(Arc::default()), id, depth + 1)
        {
            return Some(lacking);
        }
        object.iter().find_map(|(name, value)| {
            let kind = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(extension) => self.extension_kind(extension)?,
                None => self.member(message, name)?.kind,
            };
            let FieldKind::Message(id, _) = kind else { return None };
            self.lacking(value, id, depth + 1)
        })
    }
}
