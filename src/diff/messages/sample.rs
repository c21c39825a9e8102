//! Small messages of one side, as ProtoJSON.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::side::Side;
use crate::model::{Cardinality, Field, FieldKind, Json, MessageId, Presence, Scalar, Utf8};
use crate::subtype::exchange::{Inside, JsonForm, Sample};

/// How deep a sample follows messages into messages.
const MAX_DEPTH: usize = 8;

/// How many values one sample is made of at most: required fields branch.
const MAX_VALUES: usize = 1_000;

/// Makes values of one side's types, as long as there is room.
struct Sampler<'s> {
    side: &'s Side<'s>,
    left: Cell<usize>,
    /// Which member of a message is filled in, counted from the first that may be.
    variant: u8,
}

/// A message that a writer of this side may send.
pub(super) struct Payload {
    /// The message, in the writer's ProtoJSON.
    pub(super) value: Json,
    /// Its bytes, where no JSON can say what they are.
    pub(super) bytes: Option<Vec<u8>>,
}

/// A message with these fields: the first as the sample says, the others with any value. Messages
/// of another variant have other members filled in.
pub(super) fn payload(
    side: &Side<'_>,
    message: MessageId,
    fields: &[&Field],
    sample: &Sample,
    variant: u8,
) -> Option<Payload> {
    let sampler = &Sampler { side, left: Cell::new(MAX_VALUES), variant };
    let mut members = required(sampler, message, 0);
    let mut bytes = None;
    for (position, field) in fields.iter().enumerate() {
        let sample = if position == 0 { sample } else { &Sample::Ordinary };
        let value = match sample {
            Sample::Absent => {
                members.remove(&side.member_name(message, field));
                continue;
            }
            Sample::Value(value) => held(sampler, field, value)?,
            Sample::None | Sample::Ordinary => ordinary(sampler, field, 0)?,
            Sample::Key(key) => {
                let (_, value) = side.entry(field)?;
                Json::object([(bare(key.clone()), element(sampler, value.kind, 0, 0)?)])
            }
            Sample::Several => several(sampler, field)?,
            Sample::Duplicates => {
                let entry = element(sampler, field.kind, 0, 0)?;
                Json::array([entry.clone(), entry])
            }
            Sample::Content(content) => {
                bytes = delimited(field.number.get(), content);
                Json::string(String::from_utf8_lossy(content))
            }
            Sample::InEntry(inside, content) => {
                let (key, value) = side.entry(field)?;
                let text = String::from_utf8_lossy(content);
                let (part, entry) = match inside {
                    Inside::Key => (key, (text.into(), absent(side, value.kind)?)),
                    Inside::Value => (value, (bare(absent(side, key.kind)?), Json::string(text))),
                };
                let content = delimited(part.number.get(), content)?;
                bytes = delimited(field.number.get(), &content);
                Json::object([entry])
            }
        };
        members.insert(side.member_name(message, field), value);
    }
    // What wraps a value is written as the value.
    let form = side.message(message).map(|message| JsonForm::of(&message.full_name));
    let value = match (form, fields.first()) {
        (Some(JsonForm::Wrapped(_)), Some(field)) => members.remove(&field.json_name)?,
        _ => Json::object(members),
    };
    Some(Payload { value, bytes })
}

/// A message that holds another in a field; what it holds may be an entry of the map that the field is.
pub(super) fn enclosed(
    side: &Side<'_>,
    (message, field): (MessageId, &Field),
    (held, inner): (MessageId, Payload),
) -> Option<Payload> {
    let bytes = match &inner.bytes {
        // No map entry and no group is made of bytes here.
        Some(_) if side.entry(field).is_some() => return None,
        Some(content) => Some(delimited(field.number.get(), content)?),
        None => None,
    };
    let value = match (field.cardinality, side.entry(field)) {
        (Cardinality::Singular(_), _) => inner.value,
        (Cardinality::Repeated(_), _) | (Cardinality::Map, None) => Json::array([inner.value]),
        (Cardinality::Map, Some((key, value))) => {
            let sampler = &Sampler { side, left: Cell::new(MAX_VALUES), variant: 0 };
            let (key, value) = if side.is_entry(held) {
                entry_of(sampler, (key, value), &inner.value)?
            } else {
                (key_text(sampler, key)?, inner.value)
            };
            Json::object([(key, value)])
        }
    };
    let sample = Sample::Value(value);
    let outer = payload(side, message, &[field], &sample, 0)?;
    Some(Payload { value: outer.value, bytes })
}

/// A map's entry that was made as the message which the bytes hold, as JSON writes it.
fn entry_of(
    sampler: &Sampler<'_>,
    (key, value): (&Field, &Field),
    message: &Json,
) -> Option<(Arc<str>, Json)> {
    let Json::Object(members) = message else { return None };
    let key = match members.get(&key.json_name) {
        Some(key) => bare(key.clone()),
        None => key_text(sampler, key)?,
    };
    let value = match members.get(&value.json_name) {
        Some(value) => value.clone(),
        None => element(sampler, value.kind, 0, 0)?,
    };
    Some((key, value))
}

/// Two values of a list, or two entries of a map.
fn several(sampler: &Sampler<'_>, field: &Field) -> Option<Json> {
    let Some((key, value)) = sampler.side.entry(field) else {
        let two = [element(sampler, field.kind, 0, 0)?, element(sampler, field.kind, 1, 0)?];
        return Some(Json::array(two));
    };
    let entry = |which| {
        let key = bare(element(sampler, key.kind, which, 0)?);
        Some((key, element(sampler, value.kind, which, 0)?))
    };
    Some(Json::object([entry(0)?, entry(1)?]))
}

/// A value as the field holds it: by itself, in a list, or in a map under any key.
fn held(sampler: &Sampler<'_>, field: &Field, value: &Json) -> Option<Json> {
    let kind = sampler.side.entry(field).map_or(field.kind, |(_, value)| value.kind);
    let value = &match value {
        Json::Array(elements) => {
            Json::array(elements.iter().map(|element| called(sampler.side, kind, element)))
        }
        Json::Object(members) if field.cardinality == Cardinality::Map => {
            let named = |(key, value): (&Arc<str>, &Json)| {
                (Arc::clone(key), called(sampler.side, kind, value))
            };
            Json::object(members.iter().map(named))
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            called(sampler.side, kind, value)
        }
    };
    Some(match (field.cardinality, value) {
        (Cardinality::Singular(_), _)
        | (Cardinality::Repeated(_), Json::Array(_))
        | (Cardinality::Map, Json::Object(_)) => value.clone(),
        (Cardinality::Repeated(_), _) => Json::array([value.clone()]),
        (Cardinality::Map, _) => {
            let (key, _) = sampler.side.entry(field)?;
            Json::object([(key_text(sampler, key)?, value.clone())])
        }
    })
}

/// A value of an enumeration by its name, where its number has one.
fn called(side: &Side<'_>, kind: FieldKind, value: &Json) -> Json {
    let name = || match (kind, value) {
        (FieldKind::Enum(id), Json::Number(number)) => {
            let number = i32::try_from(number.to_i64()?).ok()?;
            let found = side.enumeration(id)?.values.numbered(number).next()?;
            Some(Json::String(Arc::clone(&found.json_name)))
        }
        _ => None,
    };
    name().unwrap_or_else(|| value.clone())
}

/// Any key of a map, as JSON writes it.
fn key_text(sampler: &Sampler<'_>, key: &Field) -> Option<Arc<str>> {
    Some(bare(element(sampler, key.kind, 0, 0)?))
}

/// A value as the name of a member.
fn bare(value: Json) -> Arc<str> {
    match value {
        Json::String(text) => text,
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string().into()
        }
    }
}

/// What the key or the value of an entry is where the bytes say nothing of it.
fn absent(side: &Side<'_>, kind: FieldKind) -> Option<Json> {
    Some(match kind {
        FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes) => Json::string(""),
        FieldKind::Scalar(Scalar::Bool) => Json::Boolean(false),
        FieldKind::Scalar(
            Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64,
        ) => Json::string("0"),
        FieldKind::Scalar(
            Scalar::Double
            | Scalar::Float
            | Scalar::Int32
            | Scalar::Uint32
            | Scalar::Sint32
            | Scalar::Fixed32
            | Scalar::Sfixed32,
        ) => Json::Number(0_u64.into()),
        FieldKind::Enum(id) => {
            Json::String(side.enumeration(id)?.values.first()?.json_name.clone())
        }
        FieldKind::Message(..) => Json::object::<&str>([]),
    })
}

/// A length-delimited field, for short content.
fn delimited(number: u32, content: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 0x80)?;
    let mut bytes = Vec::new();
    let mut tag = u64::from(number) << 3 | 2;
    while tag >= 0x80 {
        bytes.push(u8::try_from(tag & 0x7f).ok()? | 0x80);
        tag >>= 7;
    }
    bytes.push(u8::try_from(tag).ok()?);
    bytes.push(length);
    bytes.extend_from_slice(content);
    Some(bytes)
}

/// The members without which the message is refused.
fn required(sampler: &Sampler<'_>, message: MessageId, depth: usize) -> BTreeMap<Arc<str>, Json> {
    let fields = sampler.side.message(message).map_or(&[][..], |message| &message.fields);
    let required = fields
        .iter()
        .filter(|field| field.cardinality == Cardinality::Singular(Presence::Required));
    let values = required.filter_map(|field| {
        Some((field.json_name.clone(), element(sampler, field.kind, 0, depth + 1)?))
    });
    values.collect()
}

/// Any value of a field that is not its default.
fn ordinary(sampler: &Sampler<'_>, field: &Field, depth: usize) -> Option<Json> {
    if let Some((key, value)) = sampler.side.entry(field) {
        let key = key_text(sampler, key)?;
        return Some(Json::object([(key, element(sampler, value.kind, 0, depth)?)]));
    }
    let value = element(sampler, field.kind, 0, depth)?;
    Some(match field.cardinality {
        Cardinality::Repeated(_) => Json::array([value]),
        Cardinality::Singular(_) | Cardinality::Map => value,
    })
}

/// A plain value, the first or the second.
fn element(sampler: &Sampler<'_>, kind: FieldKind, which: u8, depth: usize) -> Option<Json> {
    sampler.left.set(sampler.left.get().checked_sub(1)?);
    match kind {
        FieldKind::Scalar(scalar) => Some(plain(scalar, which)),
        FieldKind::Enum(id) => {
            let values = &sampler.side.enumeration(id)?.values;
            let mut telling = values.iter().filter(|value| value.number != 0);
            let found = telling.nth(which.into()).or_else(|| values.last())?;
            Some(Json::String(found.json_name.clone()))
        }
        FieldKind::Message(id, _) => {
            let message = sampler.side.message(id)?;
            match JsonForm::of(&message.full_name) {
                JsonForm::Wrapped(scalar) => Some(plain(scalar, which)),
                JsonForm::Text(_, sample) => Some(Json::string(sample)),
                JsonForm::List => Some(Json::array([plain(Scalar::Bool, which)])),
                JsonForm::Anything => Some(plain(Scalar::Bool, which)),
                JsonForm::Struct => {
                    let kind = match sampler.variant {
                        0 => Scalar::Bool,
                        1 => Scalar::Int32,
                        _ => Scalar::String(Utf8::Verified),
                    };
                    Some(Json::object([("a", plain(kind, which))]))
                }
                JsonForm::Any if sampler.variant == 0 => Some(Json::object::<&str>([])),
                JsonForm::Any => Some(Json::object([
                    ("@type", Json::string("type.googleapis.com/google.protobuf.Any")),
                    ("value", Json::object::<&str>([])),
                ])),
                JsonForm::Object if depth >= MAX_DEPTH => None,
                JsonForm::Object => {
                    let mut members = required(sampler, id, depth);
                    let telling = message
                        .fields
                        .iter()
                        .filter(|field| !matches!(field.kind, FieldKind::Message(..)));
                    let wanted = usize::from(which) + usize::from(sampler.variant);
                    let field = telling.clone().nth(wanted).or_else(|| telling.clone().next());
                    if let Some((name, value)) = field.and_then(|field| {
                        Some((&field.json_name, ordinary(sampler, field, depth + 1)?))
                    }) {
                        members.insert(name.clone(), value);
                    }
                    Some(Json::object(members))
                }
            }
        }
    }
}

/// The first or the second of a type's plain values: 5, `true`, a text.
pub(super) fn plain(scalar: Scalar, which: u8) -> Json {
    let number = 5 + u64::from(which);
    match scalar {
        Scalar::String(_) => Json::string(if which == 0 { "a" } else { "b" }),
        Scalar::Bytes => Json::string(if which == 0 { "aGk=" } else { "aGo=" }),
        Scalar::Bool => Json::Boolean(true),
        Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64 => {
            Json::string(number.to_string())
        }
        Scalar::Double
        | Scalar::Float
        | Scalar::Int32
        | Scalar::Uint32
        | Scalar::Sint32
        | Scalar::Fixed32
        | Scalar::Sfixed32 => Json::Number(number.into()),
    }
}
