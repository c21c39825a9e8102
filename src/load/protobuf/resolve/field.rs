//! Second pass: fields and extensions get their types.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aims::Aim;
use super::declare::text;
use super::names::json_name;
use super::restrict::{Target, Typed};
use super::{Holder, Place, Resolver, index};
use crate::load::ProblemKind;
use crate::load::protobuf::features::Features;
use crate::load::protobuf::scope::{SymbolKind, qualified};
use crate::load::protobuf::syntax::{Edition, FieldNode, FieldType, Label, LiteralValue, Setting};
use crate::model::{
    Cardinality, Delimiting, Extension, Field, FieldKind, FieldNumber, Json, MessageId,
    MessageKind, Packing, Presence, Scalar, Stated, Utf8, Visibility,
};

/// Where a field is declared.
#[derive(Clone, Copy)]
pub(super) enum Declared {
    InMessage(MessageId),
    AsExtension,
}

impl<'t> Resolver<'t, '_> {
    pub(super) fn resolve_fields(&mut self) {
        for body in std::mem::take(&mut self.bodies) {
            let oneofs: Vec<Features> = body
                .node
                .oneofs
                .iter()
                .map(|oneof| self.refine(body.place.features, &oneof.options))
                .collect();
            for node in &body.node.fields {
                let outer = node.oneof.and_then(|oneof| oneofs.get(oneof)).copied();
                let outer = outer.unwrap_or(body.place.features);
                let place = Place { features: outer, ..body.place.clone() };
                let Some(field) = self.field(node, &place, Declared::InMessage(body.id)) else {
                    continue;
                };
                let Some(message) = self.message_mut(body.id) else { continue };
                message.fields.push(field);
                let holder = Holder::Field(body.id, message.fields.len() - 1);
                self.later(holder, &place, &node.options);
            }
        }
    }

    pub(super) fn resolve_extensions(&mut self) {
        let members = self.members_beside_extensions();
        for extending in std::mem::take(&mut self.extends) {
            let place = extending.place;
            let Some(extendee) = self.find_message(&extending.node.extendee, &place) else {
                continue;
            };
            self.restrict_extension(extendee, &place, extending.node.extendee.span);
            self.tell_hidden(&extending.node.extendee, (&place.scope, &members), extendee);
            for node in &extending.node.fields {
                if self.is_item(node, extendee) {
                    continue;
                }
                let Some(field) = self.field(node, &place, Declared::AsExtension) else { continue };
                let full_name = qualified(&place.scope, &field.name);
                let id = self.messages.extensions.len();
                if !self.enter(
                    &full_name,
                    (SymbolKind::Extension(id), Visibility::Export),
                    &place,
                    node.name.span,
                ) {
                    continue;
                }
                let file = place.unit;
                self.messages.extensions.push(Extension { full_name, extendee, file, field });
                self.later(Holder::Extension(id), &place, &node.options);
            }
        }
    }

    /// Whether the number of an extension is one that only the items of a message set have. Says so.
    fn is_item(&mut self, node: &FieldNode<'_>, extendee: MessageId) -> bool {
        let number = u32::try_from(node.number.value).unwrap_or(0);
        if number <= FieldNumber::LAST || node.number.value >= i64::from(i32::MAX) {
            return false;
        }
        let Some(message) = self.messages.messages.get(index(extendee.0)) else { return false };
        let mut left = message.extension_ranges.iter().map(|range| range.value);
        let is_left = left.any(|(first, last)| (first..=last).contains(&number));
        if is_left || message.kind == MessageKind::Unseen {
            let told = "numbers that only a message set can have are not compared";
            self.report(ProblemKind::Warning, node.number.span, told.to_owned());
        } else {
            let told = format!("`{}` does not leave {number} to extensions", message.full_name);
            self.part(node.number.span, told);
        }
        true
    }

    /// A field whose type is known; `None` where it is not, or where its number cannot be one.
    fn field(&mut self, node: &'t FieldNode<'t>, place: &Place, at: Declared) -> Option<Field> {
        let features = self.refine(place.features, &node.options);
        if let Some(aim) = Aim::of(&node.options) {
            self.aims.insert(node.name.span, aim);
        }
        let number = u32::try_from(node.number.value).ok().and_then(FieldNumber::new);
        let Some(number) = number else {
            self.part(node.number.span, "field numbers go from 1 to 536870911".to_owned());
            return None;
        };
        if (19_000..=19_999).contains(&number.get()) {
            let message = "the field numbers 19000 to 19999 are set apart for protobuf itself";
            self.part(node.number.span, message.to_owned());
        }
        self.check_label(node, place, at);
        self.restrict_oneof(node);
        let target = match at {
            Declared::AsExtension => Target::Extension,
            Declared::InMessage(_) => Target::Field,
        };
        self.check_features(&node.options, self.edition(place), target);
        let (kind, is_map) = self.field_kind(node, place, features, at)?;
        let name = match &node.kind {
            FieldType::Group(message) => message.name.text.to_ascii_lowercase().into(),
            FieldType::Named(_) | FieldType::Map(..) => text(&node.name),
        };
        let cardinality = if is_map {
            Cardinality::Map
        } else {
            cardinality(node, self.edition(place), kind, features, at)
        };
        let presence = match cardinality {
            Cardinality::Singular(presence) => presence,
            Cardinality::Repeated(_) | Cardinality::Map => Presence::Explicit,
        };
        self.restrict(&Typed { node, kind, is_map, presence, at }, place);
        let json = stated_name(&node.options);
        Some(Field {
            number,
            json_name: json.unwrap_or_else(|| json_name(&name)),
            default: self.default(node, kind),
            name,
            kind,
            cardinality,
            oneof: node.oneof,
            options: BTreeMap::new(),
            span: node.span,
            name_span: node.name.span,
            type_span: node.type_span,
            number_span: node.number.span,
        })
    }

    pub(super) fn edition(&self, place: &Place) -> Edition {
        self.units.get(place.unit).map_or(Edition::Proto2, |unit| unit.edition)
    }

    fn check_label(&mut self, node: &FieldNode<'_>, place: &Place, at: Declared) {
        let edition = self.edition(place);
        let plain = node.oneof.is_none() && !matches!(node.kind, FieldType::Map(..));
        let message = match (edition, node.label) {
            (Edition::Proto2, None) if plain => {
                "a field of proto2 is `optional`, `required` or `repeated`"
            }
            (Edition::Proto3, Some((Label::Required, _))) => "proto3 has no required fields",
            (_, Some((Label::Required | Label::Optional, _))) if edition.has_features() => {
                "editions say this with `features.field_presence`"
            }
            (_, Some((Label::Required, _))) if matches!(at, Declared::AsExtension) => {
                "an extension cannot be required"
            }
            (_, Some(_)) if matches!(node.kind, FieldType::Map(..)) => "a map takes no label",
            _ => return,
        };
        let span = node.label.map_or(node.type_span, |(_, span)| span);
        self.part(span, message.to_owned());
    }

    fn field_kind(
        &mut self,
        node: &'t FieldNode<'t>,
        place: &Place,
        features: Features,
        at: Declared,
    ) -> Option<(FieldKind, bool)> {
        let word = match &node.kind {
            FieldType::Named(word) => word,
            FieldType::Group(message) => {
                if self.edition(place) != Edition::Proto2 {
                    self.part(node.type_span, "only proto2 has groups".to_owned());
                }
                let id = self.find_message(&message.name, place)?;
                return Some((FieldKind::Message(id, Delimiting::Delimited), false));
            }
            FieldType::Map(key, value) => {
                let Declared::InMessage(message) = at else {
                    self.part(node.type_span, "an extension cannot be a map".to_owned());
                    return None;
                };
                let entry = self.map_entry(node, (key, value), place, features, message)?;
                return Some((FieldKind::Message(entry, Delimiting::LengthPrefixed), true));
            }
        };
        if let Some(scalar) = scalar(&word.text, features.utf8) {
            return Some((FieldKind::Scalar(scalar), false));
        }
        let found = self.find_type(word, place);
        self.tell_entry(word, found);
        let kind = match found {
            SymbolKind::Message(id) => FieldKind::Message(id, features.delimiting),
            SymbolKind::Enum(id) => FieldKind::Enum(id),
            SymbolKind::Service | SymbolKind::Extension(_) => return None,
        };
        Some((kind, false))
    }

    fn default(&mut self, node: &FieldNode<'_>, kind: FieldKind) -> Option<Stated<Json>> {
        let setting = find_option(&node.options, "default")?;
        if self.is_unseen(kind) {
            // It may be an enumeration.
            let value = self.json(&setting.value, None, &Place::nowhere());
            return Some(Stated { value, span: setting.span });
        }
        if matches!(kind, FieldKind::Message(..)) {
            self.part(setting.span, "a message has no default".to_owned());
            return None;
        }
        self.check_default(&setting.value, kind);
        let value = self.json(&setting.value, Some(kind), &Place::nowhere());
        let value = match (&setting.value.value, &value) {
            (LiteralValue::Number { negative: true, .. }, Json::Number(number))
                if number.is_zero() && is_real(kind) =>
            {
                Json::string(NEGATIVE_ZERO)
            }
            _ => value,
        };
        Some(Stated { value, span: setting.span })
    }
}

/// How the negative zero is kept, which is equal to zero, and told apart where it is written.
///
/// <https://protobuf.dev/programming-guides/proto3/#default>
const NEGATIVE_ZERO: &str = "-0.0";

fn is_real(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Scalar(Scalar::Float | Scalar::Double))
}

fn cardinality(
    node: &FieldNode<'_>,
    edition: Edition,
    kind: FieldKind,
    features: Features,
    at: Declared,
) -> Cardinality {
    let label = node.label.map(|(label, _)| label);
    if label == Some(Label::Repeated) {
        let packed = find_option(&node.options, "packed").map(|setting| &setting.value.value);
        let packing = match packed {
            _ if !is_packable(kind) => Packing::Expanded,
            Some(LiteralValue::Word("true")) if !edition.has_features() => Packing::Packed,
            Some(LiteralValue::Word("false")) if !edition.has_features() => Packing::Expanded,
            _ => features.packing,
        };
        return Cardinality::Repeated(packing);
    }
    let message = matches!(kind, FieldKind::Message(..));
    let extension = matches!(at, Declared::AsExtension);
    Cardinality::Singular(match (label, features.presence) {
        (Some(Label::Required), _) => Presence::Required,
        (Some(Label::Optional), _) => Presence::Explicit,
        (_, _) if node.oneof.is_some() || extension => Presence::Explicit,
        (_, Presence::Implicit) if message => Presence::Explicit,
        (_, presence) => presence,
    })
}

pub(super) fn is_packable(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes) | FieldKind::Message(..) => false,
        FieldKind::Scalar(_) | FieldKind::Enum(_) => true,
    }
}

/// The scalar of this name.
pub(super) fn scalar(name: &str, utf8: Utf8) -> Option<Scalar> {
    Some(match name {
        "double" => Scalar::Double,
        "float" => Scalar::Float,
        "int32" => Scalar::Int32,
        "int64" => Scalar::Int64,
        "uint32" => Scalar::Uint32,
        "uint64" => Scalar::Uint64,
        "sint32" => Scalar::Sint32,
        "sint64" => Scalar::Sint64,
        "fixed32" => Scalar::Fixed32,
        "fixed64" => Scalar::Fixed64,
        "sfixed32" => Scalar::Sfixed32,
        "sfixed64" => Scalar::Sfixed64,
        "bool" => Scalar::Bool,
        "string" => Scalar::String(utf8),
        "bytes" => Scalar::Bytes,
        _ => return None,
    })
}

/// The option of this built-in name.
pub(super) fn find_option<'o, 't>(
    options: &'o [Setting<'t>],
    name: &str,
) -> Option<&'o Setting<'t>> {
    options.iter().find(|setting| match &setting.name[..] {
        [only] => !only.extension && only.word.text == name,
        _ => false,
    })
}

fn stated_name(options: &[Setting<'_>]) -> Option<Arc<str>> {
    match &find_option(options, "json_name")?.value.value {
        LiteralValue::Text(bytes) => Some(String::from_utf8_lossy(bytes).into()),
        LiteralValue::Word(_)
        | LiteralValue::NegativeWord(_)
        | LiteralValue::Number { .. }
        | LiteralValue::Message(_)
        | LiteralValue::List(_) => None,
    }
}
