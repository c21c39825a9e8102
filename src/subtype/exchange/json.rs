//! ProtoJSON: what becomes of the text of one encoding read as another.

use super::{Coding, JsonForm, Outcome, Passage, Sample, number};
use crate::model::{Enumeration, Json, Openness, Scalar};

/// What becomes of single values.
pub(super) fn passage(writer: Coding<'_>, reader: Coding<'_>) -> Passage {
    match (writer, reader) {
        (Coding::Message(_, JsonForm::Wrapped(scalar)), other) => {
            passage(Coding::Scalar(scalar), other)
        }
        (other, Coding::Message(_, JsonForm::Wrapped(scalar))) => {
            passage(other, Coding::Scalar(scalar))
        }
        (_, Coding::Message(_, JsonForm::Anything))
        | (
            Coding::Enum(_) | Coding::Message(_, JsonForm::Text(..)),
            Coding::Scalar(Scalar::String(_)),
        ) => Passage::SAME,
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

fn between_enums(writer: &Enumeration, reader: &Enumeration) -> Passage {
    let known = |name: &str| reader.values.iter().any(|value| *value.name == *name);
    let stranger = super::layout::canonical(writer).find(|value| !known(&value.name));
    stranger.map_or(Passage::SAME, |value| {
        Passage::new(
            Outcome::Refused,
            Sample::Value(Json::String(value.name.clone())),
            "the reader does not know the name",
        )
    })
}
