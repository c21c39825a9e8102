//! What no runtime in Rust does: refuse a message without a required field, and hold strings that
//! are not UTF-8 (they are bytes to the runtime, so their JSON is base64 there and text here).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::closure::{Closure, get};
use crate::load::protobuf::base64;
use crate::model::{
    Cardinality, Field, FieldKind, Json, Message, MessageId, Messages, Presence, Scalar, Utf8,
};

/// What is to be mended for one closure.
pub(super) struct Amendment {
    texts: bool,
    required: bool,
}

/// Which way texts are rewritten.
#[derive(Clone, Copy)]
enum Way {
    Towards,
    From,
}

impl Amendment {
    pub(super) fn of(all: &Messages, closure: &Closure) -> Self {
        let messages = closure.messages.iter().filter_map(|id| get(all, *id));
        let fields = messages.flat_map(|message| &message.fields);
        let extended = closure.extensions.keys().filter_map(|id| all.extensions.get(*id));
        let fields: Vec<&Field> = fields.chain(extended.map(|found| &found.field)).collect();
        Self {
            texts: fields.iter().any(|field| is_text(field)),
            required: fields.iter().any(|field| is_required(field)),
        }
    }

    pub(super) fn towards_runtime(
        &self,
        all: &Messages,
        root: MessageId,
        value: &Json,
    ) -> Result<Json, String> {
        if !self.texts {
            return Ok(value.clone());
        }
        rewrite(all, root, value, Way::Towards)
    }

    pub(super) fn back_from_runtime(
        &self,
        all: &Messages,
        root: MessageId,
        value: &Json,
    ) -> Result<Json, String> {
        if !self.texts {
            return Ok(value.clone());
        }
        rewrite(all, root, value, Way::From)
    }

    /// Refuses a message in which a required field is missing, at any depth.
    pub(super) fn require(
        &self,
        all: &Messages,
        root: MessageId,
        value: &Json,
    ) -> Result<(), String> {
        if self.required { require(all, root, value) } else { Ok(()) }
    }
}

fn require(all: &Messages, id: MessageId, value: &Json) -> Result<(), String> {
    let (Some(message), Json::Object(members)) = (get(all, id), value) else { return Ok(()) };
    for field in message.fields.iter().filter(|field| is_required(field)) {
        if !members.contains_key(&field.json_name) {
            return Err(format!(
                "missing required field `{}` of {}",
                field.name, message.full_name
            ));
        }
    }
    for (name, value) in members.iter() {
        let Some((inner, values)) =
            field_of(all, id, message, name).and_then(|field| inner_values(all, field, value))
        else {
            continue;
        };
        for value in values {
            require(all, inner, value)?;
        }
    }
    Ok(())
}

/// The messages that a member holds.
fn inner_values<'v>(
    all: &Messages,
    field: &Field,
    value: &'v Json,
) -> Option<(MessageId, Vec<&'v Json>)> {
    let FieldKind::Message(id, _) = field.kind else { return None };
    match (field.cardinality, value) {
        (Cardinality::Map, Json::Object(entries)) => {
            let entry = get(all, id)?.fields.iter().find(|field| field.number.get() == 2)?;
            let FieldKind::Message(id, _) = entry.kind else { return None };
            Some((id, entries.values().collect()))
        }
        (Cardinality::Repeated(_), Json::Array(elements)) => Some((id, elements.iter().collect())),
        (Cardinality::Singular(_) | Cardinality::Repeated(_) | Cardinality::Map, _) => {
            Some((id, vec![value]))
        }
    }
}

fn rewrite(all: &Messages, id: MessageId, value: &Json, way: Way) -> Result<Json, String> {
    let (Some(message), Json::Object(members)) = (get(all, id), value) else {
        return Ok(value.clone());
    };
    let mut rewritten: BTreeMap<Arc<str>, Json> = BTreeMap::new();
    for (name, value) in members.iter() {
        let value = match field_of(all, id, message, name) {
            Some(field) => rewrite_field(all, field, value, way)?,
            None => value.clone(),
        };
        rewritten.insert(Arc::clone(name), value);
    }
    Ok(Json::Object(Arc::new(rewritten)))
}

fn rewrite_field(all: &Messages, field: &Field, value: &Json, way: Way) -> Result<Json, String> {
    match (field.cardinality, field.kind, value) {
        (Cardinality::Map, FieldKind::Message(entry, _), Json::Object(entries)) => {
            let fields = get(all, entry).map_or(&[][..], |entry| &entry.fields);
            let Some(held) = fields.iter().find(|field| field.number.get() == 2) else {
                return Ok(value.clone());
            };
            let mut rewritten: BTreeMap<Arc<str>, Json> = BTreeMap::new();
            for (key, value) in entries.iter() {
                rewritten.insert(Arc::clone(key), rewrite_one(all, held, value, way)?);
            }
            Ok(Json::Object(Arc::new(rewritten)))
        }
        (Cardinality::Repeated(_), _, Json::Array(elements)) => {
            let elements: Result<Vec<Json>, String> =
                elements.iter().map(|element| rewrite_one(all, field, element, way)).collect();
            Ok(Json::array(elements?))
        }
        _ => rewrite_one(all, field, value, way),
    }
}

fn rewrite_one(all: &Messages, field: &Field, value: &Json, way: Way) -> Result<Json, String> {
    match (field.kind, way, value) {
        (FieldKind::Message(id, _), _, _) => rewrite(all, id, value, way),
        (FieldKind::Scalar(Scalar::String(Utf8::Unverified)), Way::Towards, Json::String(text)) => {
            Ok(Json::string(base64::encode(text.as_bytes())))
        }
        (FieldKind::Scalar(Scalar::String(Utf8::Unverified)), Way::Towards, Json::Null) => {
            Ok(Json::Null)
        }
        (FieldKind::Scalar(Scalar::String(Utf8::Unverified)), Way::Towards, _) => {
            Err(format!("`{}` takes a string", field.name))
        }
        (FieldKind::Scalar(Scalar::String(Utf8::Unverified)), Way::From, Json::String(text)) => {
            let bytes = base64::decode(text).unwrap_or_default();
            Ok(Json::string(String::from_utf8_lossy(&bytes).into_owned()))
        }
        _ => Ok(value.clone()),
    }
}

/// The field or extension that a member of this name stands for, in either of a field's names.
pub(super) fn field_of<'m>(
    all: &'m Messages,
    id: MessageId,
    message: &'m Message,
    name: &str,
) -> Option<&'m Field> {
    if let Some(extension) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        let mut found = all.extensions.iter().filter(|found| found.extendee == id);
        return found.find(|found| &*found.full_name == extension).map(|found| &found.field);
    }
    let mut fields = message.fields.iter();
    fields.find(|field| &*field.json_name == name || &*field.name == name)
}

fn is_required(field: &Field) -> bool {
    field.cardinality == Cardinality::Singular(Presence::Required)
}

fn is_text(field: &Field) -> bool {
    field.kind == FieldKind::Scalar(Scalar::String(Utf8::Unverified))
}
