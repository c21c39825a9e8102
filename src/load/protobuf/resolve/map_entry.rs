//! The message behind a map field.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::scalar;
use super::names::entry_name;
use super::{Place, Resolver, size};
use crate::load::protobuf::features::Features;
use crate::load::protobuf::scope::{SymbolKind, qualified};
use crate::load::protobuf::syntax::{FieldNode, Word};
use crate::model::{
    Cardinality, Delimiting, Field, FieldKind, FieldNumber, Message, MessageId, MessageKind,
    Presence, Scalar, Visibility,
};

impl<'t> Resolver<'t, '_> {
    /// Makes the entry message of a map field: key is 1, value is 2.
    pub(super) fn map_entry(
        &mut self,
        node: &FieldNode<'t>,
        (key, value): (&Word<'t>, &Word<'t>),
        place: &Place,
        features: Features,
        parent: MessageId,
    ) -> Option<MessageId> {
        let key_kind = match scalar(&key.text, features.utf8) {
            Some(Scalar::Double | Scalar::Float | Scalar::Bytes) | None => {
                let message = "the keys of a map are integers, booleans or strings".to_owned();
                self.part(key.span, message);
                return None;
            }
            Some(scalar) => FieldKind::Scalar(scalar),
        };
        let value_kind = match scalar(&value.text, features.utf8) {
            Some(scalar) => FieldKind::Scalar(scalar),
            None => match self.find_type(value, place) {
                SymbolKind::Message(id) => FieldKind::Message(id, Delimiting::LengthPrefixed),
                SymbolKind::Enum(id) => FieldKind::Enum(id),
                SymbolKind::Service | SymbolKind::Extension(_) => return None,
            },
        };
        let full_name = qualified(&place.scope, &entry_name(&node.name.text));
        let id = MessageId(size(self.messages.messages.len()));
        if !self.enter(
            &full_name,
            (SymbolKind::Message(id), Visibility::Local),
            place,
            node.name.span,
        ) {
            return None;
        }
        let fields = [
            entry_field(node, "key", 1, key_kind, key),
            entry_field(node, "value", 2, value_kind, value),
        ];
        self.messages.messages.push(Message {
            full_name,
            file: place.unit,
            parent: Some(parent),
            kind: MessageKind::MapEntry,
            visibility: Visibility::Local,
            fields: fields.into_iter().flatten().collect(),
            oneofs: Vec::new(),
            reserved_numbers: Vec::new(),
            reserved_names: Vec::new(),
            extension_ranges: Vec::new(),
            extension_terms: Vec::new(),
            json_format: features.json,
            options: BTreeMap::new(),
            span: node.span,
            name_span: node.name.span,
        });
        Some(id)
    }
}

/// Both halves of an entry are always written, so they can be told from their defaults.
fn entry_field(
    node: &FieldNode<'_>,
    name: &str,
    number: u32,
    kind: FieldKind,
    word: &Word<'_>,
) -> Option<Field> {
    Some(Field {
        number: FieldNumber::new(number)?,
        name: Arc::from(name),
        json_name: Arc::from(name),
        kind,
        cardinality: Cardinality::Singular(Presence::Explicit),
        oneof: None,
        default: None,
        options: BTreeMap::new(),
        span: node.span,
        name_span: node.name.span,
        type_span: word.span,
        number_span: node.number.span,
    })
}
