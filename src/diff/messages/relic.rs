//! What an earlier revision wrote, read by the new contract.

use std::sync::Arc;

use super::sample::plain;
use super::walk::Walk;
use crate::diff::{Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::load::PastElement;
use crate::model::{Field, Json, MessageId, Polarity, Scalar, Surface, Utf8};

/// The types whose values can be written without the revision at hand, by keyword.
const SCALARS: [(&str, Scalar, Layout); 15] = [
    ("double", Scalar::Double, Layout::Double),
    ("float", Scalar::Float, Layout::Float),
    ("int32", Scalar::Int32, Layout::Varint),
    ("int64", Scalar::Int64, Layout::Varint),
    ("uint32", Scalar::Uint32, Layout::Varint),
    ("uint64", Scalar::Uint64, Layout::Varint),
    ("sint32", Scalar::Sint32, Layout::Zigzag),
    ("sint64", Scalar::Sint64, Layout::Zigzag),
    ("fixed32", Scalar::Fixed32, Layout::Four),
    ("fixed64", Scalar::Fixed64, Layout::Eight),
    ("sfixed32", Scalar::Sfixed32, Layout::Four),
    ("sfixed64", Scalar::Sfixed64, Layout::Eight),
    ("bool", Scalar::Bool, Layout::Truth),
    ("string", Scalar::String(Utf8::Verified), Layout::Text),
    ("bytes", Scalar::Bytes, Layout::Text),
];

/// How the plain value of a type is laid out
/// (<https://protobuf.dev/programming-guides/encoding/#structure>).
#[derive(Clone, Copy)]
enum Layout {
    Varint,
    Zigzag,
    Truth,
    Four,
    Eight,
    Float,
    Double,
    Text,
}

impl Layout {
    /// The wire type, and the bytes of the plain value: 5, `true`, or a text.
    fn plain(self, value: &Json) -> (u8, Vec<u8>) {
        match self {
            Self::Varint => (0, vec![5]),
            Self::Zigzag => (0, vec![10]),
            Self::Truth => (0, vec![1]),
            Self::Four => (5, 5_u32.to_le_bytes().to_vec()),
            Self::Float => (5, 5_f32.to_le_bytes().to_vec()),
            Self::Eight => (1, 5_u64.to_le_bytes().to_vec()),
            Self::Double => (1, 5_f64.to_le_bytes().to_vec()),
            // The plain bytes are "hi", which JSON writes in base64.
            Self::Text if *value == plain(Scalar::Bytes, 0) => (2, vec![2, b'h', b'i']),
            Self::Text => (2, vec![1, b'a']),
        }
    }
}

impl Walk<'_> {
    /// A message of the revision that had a field, and what the new contract makes of it where
    /// another one has its number, or its name. `None` where that revision's type is not known here.
    pub(crate) fn relic(
        &self,
        id: MessageId,
        field: &Field,
        (past, surface): (&PastElement, Surface),
    ) -> Option<Witness> {
        let referee = self.new.referee?;
        let (value, content) = written(past)?;
        let sent = json_name(&past.name);
        let value = Json::object([(sent.clone(), value)]);
        let (form, read, confirmed_by) = match surface {
            Surface::Wire => {
                let (read, name) =
                    (referee.decode(id, &content), referee.name_for(id, Some(&content)));
                (WitnessForm::Bytes(content), read, name)
            }
            Surface::Json | Surface::Source => {
                let read = referee.read_json(id, &value);
                (WitnessForm::Json, read, referee.name_for(id, None))
            }
        };
        let declared = self.new.member_name(id, field);
        let is_there =
            |read: &Json| matches!(read, Json::Object(members) if members.contains_key(&declared));
        let (effect, read_as, because) = match read {
            Err(reason) => (WitnessEffect::Refused, None, reason),
            Ok(read) if is_there(&read) => {
                let because = "it was written for the field that was there before";
                (WitnessEffect::Misread, Some(read), because.to_owned())
            }
            Ok(read) => {
                let because = "the wire type differs, so the field is unknown to the reader";
                (WitnessEffect::Lost, Some(read), because.to_owned())
            }
        };
        Some(Witness {
            writer: WitnessSide::Old,
            polarity: Polarity::Both,
            effect,
            surface,
            form,
            value: Some(value),
            focus: format!("/{sent}"),
            read_as,
            relayed_as: None,
            because,
            confirmed_by: Some(confirmed_by),
        })
    }
}

/// A value of a former field, as JSON and as a message with it alone.
fn written(past: &PastElement) -> Option<(Json, Vec<u8>)> {
    let kind = past.kind.as_deref()?;
    let (keyword, repeated) = match kind.strip_prefix("repeated ") {
        Some(element) => (element, true),
        None => (kind, false),
    };
    let (_, scalar, layout) = SCALARS.iter().find(|(known, ..)| *known == keyword)?;
    let value = plain(*scalar, 0);
    let (wire_type, mut content) = layout.plain(&value);
    let mut tag = u64::try_from(past.number).ok()? << 3 | u64::from(wire_type);
    let mut bytes = Vec::new();
    while tag >= 0x80 {
        bytes.push(u8::try_from(tag & 0x7f).ok()? | 0x80);
        tag >>= 7;
    }
    bytes.push(u8::try_from(tag).ok()?);
    bytes.append(&mut content);
    Some((if repeated { Json::array([value]) } else { value }, bytes))
}

/// What ProtoJSON calls a field that says nothing of it; an extension goes by its full name.
fn json_name(name: &str) -> Arc<str> {
    if name.contains('.') {
        return format!("[{name}]").into();
    }
    let mut spelled = String::new();
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = true,
            _ if raise => {
                spelled.push(letter.to_ascii_uppercase());
                raise = false;
            }
            _ => spelled.push(letter),
        }
    }
    spelled.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_field_is_written_as_its_type_was() {
        let past = |number, kind: &str| PastElement {
            revision: String::new(),
            owner: "x.M".to_owned(),
            number,
            name: "some_name".to_owned(),
            kind: Some(kind.to_owned()),
        };
        let bytes = |number, kind| written(&past(number, kind)).map(|(_, bytes)| bytes);
        assert_eq!(bytes(1, "int32"), Some(vec![0x08, 5]));
        assert_eq!(bytes(16, "repeated sint64"), Some(vec![0x80, 0x01, 10]));
        assert_eq!(bytes(2, "string"), Some(vec![0x12, 1, b'a']));
        assert_eq!(bytes(3, "fixed32"), Some(vec![0x1d, 5, 0, 0, 0]));
        assert_eq!(bytes(4, "Order"), None);
        assert_eq!(&*json_name("some_name"), "someName");
    }
}
