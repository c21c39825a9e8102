//! ProtoJSON: what becomes of the text of one encoding read as another.

use super::{Coding, Encoding, JsonForm, Outcome, Passage, Sample, number};
use crate::model::{Cardinality, Enumeration, Json, Openness, Presence, Scalar};

/// What becomes of single values.
pub(super) fn passage(writer: Coding<'_>, reader: Coding<'_>) -> Passage {
    match (writer, reader) {
        (Coding::Message(_, JsonForm::Wrapped(scalar)), other) => {
            passage(Coding::Scalar(scalar), other)
        }
        (other, Coding::Message(_, JsonForm::Wrapped(scalar))) => {
            passage(other, Coding::Scalar(scalar))
        }
        (writer, reader) if is_null(writer) && !is_null(reader) && !takes_null(reader) => {
            null_among_others()
        }
        (_, Coding::Message(_, JsonForm::Anything))
        | (Coding::Message(_, JsonForm::Text(..)), Coding::Scalar(Scalar::String(_))) => {
            Passage::SAME
        }
        (Coding::Enum(writer), Coding::Scalar(Scalar::String(_))) => into_text(writer),
        (Coding::Message(_, writer), Coding::Message(_, reader)) => {
            between_messages(writer, reader)
        }
        (Coding::Scalar(Scalar::String(_)), Coding::Message(..)) => {
            refused(Sample::Value(Json::string("hello")))
        }
        (Coding::Message(..), Coding::Scalar(_) | Coding::Enum(_))
        | (Coding::Enum(_), Coding::Message(..) | Coding::Scalar(_))
        | (Coding::Scalar(_), Coding::Message(..)) => refused(Sample::Ordinary),
        (Coding::Scalar(writer), Coding::Scalar(reader)) => between_scalars(writer, reader),
        (Coding::Scalar(writer), Coding::Enum(reader)) => into_enum(writer, reader),
        (Coding::Enum(writer), Coding::Enum(reader)) => between_enums(writer, reader),
    }
}

/// Whether all of its values are written as `null`, whatever their number
/// (<https://protobuf.dev/programming-guides/json/>).
fn is_null(coding: Coding<'_>) -> bool {
    matches!(coding, Coding::Enum(one) if *one.full_name == *NULL_VALUE)
}

const NULL_VALUE: &str = "google.protobuf.NullValue";

fn takes_null(coding: Coding<'_>) -> bool {
    matches!(coding, Coding::Message(_, JsonForm::Anything))
}

/// Readers take `null` for a field that is not set, and for no element of a list and no value of a map.
fn null_among_others() -> Passage {
    Passage::new(
        Outcome::Refused,
        Sample::Value(Json::Null),
        "the reader takes `null` for no value",
    )
}

/// What becomes of the one `null` of a field, if that is what its writers send and its readers do not.
pub(super) fn null_alone(writer: Encoding<'_>, reader: Encoding<'_>) -> Option<Passage> {
    let Cardinality::Singular(presence) = writer.cardinality else { return None };
    if !is_null(writer.coding) || is_null(reader.coding) || takes_null(reader.coding) {
        return None;
    }
    Some(match presence {
        // Either way the reader has its default.
        Presence::Implicit => Passage::SAME,
        Presence::Explicit | Presence::Required => {
            let because = "the reader takes `null` for a field that is not set";
            Passage::new(Outcome::Lost, Sample::Value(Json::Null), because)
        }
    })
}

/// The same for the values of a map.
pub(crate) fn null_in_map(writer: Coding<'_>, reader: Coding<'_>) -> Option<Passage> {
    let is_lost = is_null(writer) && !is_null(reader) && !takes_null(reader);
    is_lost.then(null_among_others)
}

/// Whether one value of the reader's holds all that such a field of a writer's is in JSON.
pub(super) fn takes_whole(writer: Cardinality, reader: Encoding<'_>) -> bool {
    match (writer, reader.coding, reader.cardinality) {
        (_, Coding::Message(_, JsonForm::Anything), Cardinality::Singular(_))
        | (Cardinality::Map, Coding::Message(_, JsonForm::Struct), Cardinality::Singular(_))
        | (
            Cardinality::Repeated(_),
            Coding::Message(_, JsonForm::List),
            Cardinality::Singular(_),
        ) => true,
        (Cardinality::Singular(_) | Cardinality::Repeated(_) | Cardinality::Map, ..) => false,
    }
}

fn refused(sample: Sample) -> Passage {
    Passage::new(Outcome::Refused, sample, "the reader expects another kind of JSON value")
}

fn between_messages(writer: JsonForm, reader: JsonForm) -> Passage {
    let into_object = matches!(writer, JsonForm::Object | JsonForm::Any);
    if writer == reader || (into_object && reader == JsonForm::Struct) {
        Passage::SAME
    } else {
        refused(Sample::Ordinary)
    }
}

fn between_scalars(writer: Scalar, reader: Scalar) -> Passage {
    match (writer, reader) {
        (Scalar::String(_), Scalar::String(_)) | (Scalar::Bytes, Scalar::Bytes) => Passage::SAME,
        (Scalar::String(_), Scalar::Bytes) => Passage::new(
            Outcome::Misread,
            Sample::Value(Json::string("hiya")),
            "the reader takes the text for base64",
        ),
        (Scalar::Bytes, Scalar::String(_)) => Passage::new(
            Outcome::Misread,
            Sample::Value(Json::string("//4=")),
            "the reader takes the base64 for the text",
        ),
        (Scalar::String(_), _) => refused(Sample::Value(Json::string("hello"))),
        (Scalar::Bytes, _) => refused(Sample::Value(Json::string("//4="))),
        (number, Scalar::String(_)) if number::is_quoted(number) => Passage::SAME,
        (number, Scalar::Bytes) if number::is_quoted(number) => Passage::new(
            Outcome::Misread,
            Sample::Ordinary,
            "the reader takes the digits for base64",
        ),
        (_, Scalar::String(_) | Scalar::Bytes) => refused(Sample::Ordinary),
        (writer, reader) => number::json_passage(writer, reader),
    }
}

/// Names are text; a number that an open enumeration does not list is written as a number.
fn into_text(writer: &Enumeration) -> Passage {
    let listed: Vec<i32> = writer.values.iter().map(|value| value.number).collect();
    match (writer.openness.value, number::integer_beyond(Scalar::Int32, &listed)) {
        (Openness::Open, Some(number)) => refused(Sample::Value(number)),
        (Openness::Open | Openness::Closed, _) => Passage::SAME,
    }
}

fn into_enum(writer: Scalar, reader: &Enumeration) -> Passage {
    let integer = number::json_passage(writer, Scalar::Int32);
    if matches!(writer, Scalar::String(_)) {
        refused(Sample::Value(Json::string("hello")))
    } else if matches!(writer, Scalar::Bytes | Scalar::Bool) {
        refused(Sample::Ordinary)
    } else {
        integer.worse(unlisted(writer, reader, Outcome::Refused))
    }
}

/// What becomes of a number that a closed enumeration does not list.
pub(super) fn unlisted(writer: Scalar, reader: &Enumeration, outcome: Outcome) -> Passage {
    let numbers: Vec<i32> = reader.values.iter().map(|value| value.number).collect();
    match (reader.openness.value, number::integer_beyond(writer, &numbers)) {
        (Openness::Closed, Some(number)) => Passage::new(
            outcome,
            Sample::Value(number),
            "the reader's enumeration is closed and does not list the number",
        ),
        (Openness::Open | Openness::Closed, _) => Passage::SAME,
    }
}

/// What becomes of a number that neither lists, which an open writer may pass on.
pub(super) fn stray(writer: &Enumeration, reader: &Enumeration, outcome: Outcome) -> Passage {
    let both = writer.values.iter().chain(&reader.values);
    let numbers: Vec<i32> = both.map(|value| value.number).collect();
    match (writer.openness.value, reader.openness.value) {
        (Openness::Open, Openness::Closed) => {
            let because = "the reader's enumeration is closed and does not list the number";
            let number = number::integer_beyond(Scalar::Int32, &numbers);
            number.map_or(Passage::SAME, |number| {
                Passage::new(outcome, Sample::Value(number), because)
            })
        }
        (Openness::Open | Openness::Closed, _) => Passage::SAME,
    }
}

fn between_enums(writer: &Enumeration, reader: &Enumeration) -> Passage {
    let known = |name: &str| reader.values.called(name).is_some();
    let strangers = || super::layout::canonical(writer).filter(|value| !known(&value.json_name));
    // That of 0 is left out of fields without presence.
    let stranger = strangers().find(|value| value.number != 0).or_else(|| strangers().next());
    stranger.map_or_else(
        || stray(writer, reader, Outcome::Refused),
        |value| {
            Passage::new(
                Outcome::Refused,
                Sample::Value(Json::String(value.json_name.clone())),
                "the reader does not know the name",
            )
        },
    )
}

/// What becomes of a field that is left out because it has the first value: each side fills in its
/// own. Under one number it is the same value, unless a name of it stands for another one.
pub(crate) fn first_value(writer: &Enumeration, reader: &Enumeration) -> Passage {
    let (Some(sent), Some(read)) = (writer.values.first(), reader.values.first()) else {
        return Passage::SAME;
    };
    let is_at = |one: &Enumeration, name: &str, here: bool| {
        let mut values = one.values.iter();
        values.any(|value| *value.name == *name && (value.number == sent.number) == here)
    };
    let names = |one: &Enumeration, other: &Enumeration, here| {
        let mut values = one.values.iter().filter(|value| value.number == sent.number);
        values.any(|value| is_at(other, &value.name, here))
    };
    let is_kept = names(writer, reader, true);
    let is_elsewhere = names(writer, reader, false) || names(reader, writer, false);
    if sent.number == read.number && !is_kept && is_elsewhere {
        let because = "what is left out stands for another value at the reader";
        Passage::new(Outcome::Misread, Sample::Absent, because)
    } else {
        Passage::SAME
    }
}
