//! Bytes: wire types, packing and what the bits mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::number::{self, Lane};
use super::{Coding, Encoding, Outcome, Passage, Sample, is_map, is_plural, json};
use crate::model::{
    Cardinality, Delimiting, EnumValue, Enumeration, Json, Openness, Packing, Scalar, Utf8,
};

/// A wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WireType {
    Number(Lane),
    Length,
    Group,
}

/// What becomes of all values of a field.
pub(super) fn passage(writer: Encoding<'_>, reader: Encoding<'_>) -> Passage {
    let each = elements(writer, reader);
    if each.breaks() {
        return each.for_each_of(writer.cardinality);
    }
    let (many, one) = (is_plural(writer.cardinality), !is_plural(reader.cardinality));
    if many && one {
        let because = match reader.coding {
            Coding::Message(..) => "the reader merges the messages into one",
            Coding::Scalar(_) | Coding::Enum(_) => "the reader keeps only the last value",
        };
        Passage::new(Outcome::Lost, Sample::Several, because)
    } else if !is_map(writer.cardinality) && many && is_map(reader.cardinality) {
        Passage::new(Outcome::Lost, Sample::Duplicates, "the reader keeps one entry per key")
    } else {
        Passage::SAME
    }
}

fn elements(writer: Encoding<'_>, reader: Encoding<'_>) -> Passage {
    let (sent, native) = (wire_type(writer.coding), wire_type(reader.coding));
    let unpacks = is_plural(reader.cardinality) && matches!(native, WireType::Number(_));
    let packs = writer.cardinality == Cardinality::Repeated(Packing::Packed)
        && matches!(sent, WireType::Number(_));
    let resplit = |sample| {
        Passage::new(Outcome::Misread, sample, "the reader takes the bytes for something else")
    };
    if packs {
        return match (native, unpacks) {
            (_, true) if sent == native => values(writer.coding, reader.coding),
            (WireType::Length, _) | (WireType::Number(_), true) => resplit(Sample::Ordinary),
            (WireType::Number(_) | WireType::Group, _) => {
                lost("the reader does not take a packed list for the field", Sample::Several)
            }
        };
    }
    if sent == native {
        values(writer.coding, reader.coding)
    } else if sent == WireType::Length && unpacks {
        resplit(Sample::Ordinary)
    } else {
        lost("the wire type differs, so the field is unknown to the reader", Sample::Ordinary)
    }
}

fn lost(because: &'static str, sample: Sample) -> Passage {
    Passage::new(Outcome::Lost, sample, because)
}

fn wire_type(coding: Coding<'_>) -> WireType {
    match coding {
        Coding::Scalar(scalar) => number::lane(scalar).map_or(WireType::Length, WireType::Number),
        Coding::Enum(_) => WireType::Number(Lane::Varint),
        Coding::Message(Delimiting::LengthPrefixed, _) => WireType::Length,
        Coding::Message(Delimiting::Delimited, _) => WireType::Group,
    }
}

/// What becomes of single values whose wire types are the same.
fn values(writer: Coding<'_>, reader: Coding<'_>) -> Passage {
    match (writer, reader) {
        (Coding::Scalar(writer), Coding::Scalar(reader)) => between_scalars(writer, reader),
        (Coding::Scalar(writer), Coding::Enum(reader)) => {
            let number = number::wire_passage(writer, Scalar::Int32);
            number.worse(json::unlisted(writer, reader, Outcome::Lost))
        }
        (Coding::Enum(writer), Coding::Scalar(reader)) => from_enum(writer, reader),
        (Coding::Enum(writer), Coding::Enum(reader)) => between_enums(writer, reader),
        // Bytes take an encoded message as it is (protobuf language guide, updating a message type).
        (Coding::Message(..), Coding::Message(..) | Coding::Scalar(Scalar::Bytes)) => Passage::SAME,
        (Coding::Message(..), Coding::Scalar(_) | Coding::Enum(_)) => Passage::new(
            Outcome::Misread,
            Sample::Ordinary,
            "the reader takes the encoded message for the value",
        ),
        (Coding::Scalar(_) | Coding::Enum(_), Coding::Message(..)) => Passage::new(
            Outcome::Refused,
            Sample::Ordinary,
            "the reader takes the value for an encoded message",
        ),
    }
}

fn between_scalars(writer: Scalar, reader: Scalar) -> Passage {
    match (writer, reader) {
        (Scalar::Bytes | Scalar::String(Utf8::Unverified), Scalar::String(Utf8::Verified)) => {
            let sample = if writer == Scalar::Bytes {
                Sample::Value(Json::string("//4="))
            } else {
                Sample::Content(vec![0xff])
            };
            Passage::new(Outcome::Refused, sample, "the reader refuses text that is not UTF-8")
        }
        (Scalar::String(_) | Scalar::Bytes, _) | (_, Scalar::String(_) | Scalar::Bytes) => {
            Passage::SAME
        }
        (writer, reader) => number::wire_passage(writer, reader),
    }
}

/// Enumerations write what `int32` writes: any number where they are open, else the listed ones.
fn from_enum(writer: &Enumeration, reader: Scalar) -> Passage {
    match writer.openness.value {
        Openness::Open => number::wire_passage(Scalar::Int32, reader),
        Openness::Closed => {
            let misread = canonical(writer).find(|value| number::is_misread(value.number, reader));
            misread.map_or(Passage::SAME, |value| {
                let sample = Sample::Value(Json::String(value.name.clone()));
                Passage::new(Outcome::Misread, sample, "the bits mean another number there")
            })
        }
    }
}

fn between_enums(writer: &Enumeration, reader: &Enumeration) -> Passage {
    let worst = canonical(writer).map(|value| {
        let names = |enumeration: &Enumeration| -> BTreeSet<Arc<str>> {
            let same = enumeration.values.numbered(value.number);
            same.map(|other| Arc::clone(&other.name)).collect()
        };
        let (sent, read) = (names(writer), names(reader));
        let sample = Sample::Value(Json::String(value.name.clone()));
        let is_elsewhere = |name: &Arc<str>| {
            reader.values.named(name).is_some_and(|other| other.number != value.number)
        };
        let lives_elsewhere = sent.iter().any(is_elsewhere);
        if read.is_empty() && reader.openness.value == Openness::Closed {
            lost("the reader's enumeration is closed and does not list the number", sample)
        } else if sent.is_disjoint(&read) && lives_elsewhere {
            Passage::new(Outcome::Misread, sample, "the number has another name at the reader")
        } else {
            Passage::SAME
        }
    });
    let listed = worst.fold(Passage::SAME, Passage::worse);
    listed.worse(json::stray(writer, reader, Outcome::Lost))
}

/// The values under the names that ProtoJSON writes: the first of several with one number.
pub(super) fn canonical(enumeration: &Enumeration) -> impl Iterator<Item = &EnumValue> {
    let mut seen = BTreeSet::new();
    enumeration.values.iter().filter(move |value| seen.insert(value.number))
}
