//! The rows of the truth table, as measured on a real runtime.

use std::sync::Arc;

use super::*;
use crate::model::{EnumValue, JsonFormat, Openness, Packing, Stated, Utf8, Visibility};
use crate::source::{FileId, Files, RepoPath, Span};

const TEXT: Scalar = Scalar::String(Utf8::Verified);
const SINGLE: Cardinality = Cardinality::Singular(Presence::Implicit);

fn file() -> FileId {
    Files::default().add(RepoPath::new("a.proto").unwrap(), "".into())
}

fn enumeration(openness: Openness, values: &[(&str, i32)]) -> Enumeration {
    let span = Span { file: file(), start: 0, end: 0 };
    Enumeration {
        full_name: "x.E".into(),
        file: 0,
        parent: None,
        visibility: Visibility::Export,
        openness: Stated { value: openness, span },
        values: values
            .iter()
            .map(|(name, number)| EnumValue {
                name: Arc::from(*name),
                json_name: Arc::from(*name),
                number: *number,
                options: [].into(),
                span,
            })
            .collect(),
        reserved_numbers: Vec::new(),
        reserved_names: Vec::new(),
        json_format: JsonFormat::Allow,
        options: [].into(),
        span,
        name_span: span,
    }
}

fn of(coding: Coding<'_>, cardinality: Cardinality) -> Encoding<'_> {
    Encoding { coding, cardinality }
}

fn message() -> Coding<'static> {
    Coding::Message(Delimiting::LengthPrefixed, JsonForm::Object)
}

#[track_caller]
fn check(writer: Coding<'_>, reader: Coding<'_>, wire: Outcome, json: Outcome) {
    let found = exchange(of(writer, SINGLE), of(reader, SINGLE));
    assert_eq!((found.wire.outcome, found.json.outcome), (wire, json), "{writer:?} → {reader:?}");
    assert!(!found.wire.breaks() || found.wire.sample != Sample::None);
    assert!(!found.json.breaks() || found.json.sample != Sample::None);
}

#[test]
fn numbers_cross_as_measured() {
    use Outcome::{Lost, Misread, Refused, Same};
    let rows = [
        (Scalar::Int32, Scalar::Int64, Same, Same),
        (Scalar::Int64, Scalar::Int32, Misread, Refused),
        (Scalar::Int32, Scalar::Uint32, Misread, Refused),
        (Scalar::Uint32, Scalar::Int32, Misread, Refused),
        (Scalar::Fixed32, Scalar::Sfixed32, Misread, Refused),
        (Scalar::Int32, Scalar::Bool, Misread, Refused),
        (Scalar::Bool, Scalar::Int32, Same, Refused),
        (Scalar::Int32, Scalar::Sint32, Misread, Same),
        (Scalar::Sint32, Scalar::Int32, Misread, Same),
        (Scalar::Sint64, Scalar::Sint32, Misread, Refused),
        (Scalar::Int32, Scalar::Fixed32, Lost, Refused),
        (Scalar::Int32, Scalar::Sfixed32, Lost, Same),
        (Scalar::Float, Scalar::Double, Lost, Misread),
        (Scalar::Double, Scalar::Float, Lost, Misread),
        (Scalar::Float, Scalar::Fixed32, Misread, Refused),
        (Scalar::Fixed64, Scalar::Double, Misread, Misread),
        (Scalar::Int32, TEXT, Lost, Refused),
        (Scalar::Int64, TEXT, Lost, Same),
        (TEXT, Scalar::Int64, Lost, Refused),
        (TEXT, Scalar::Bytes, Same, Misread),
        (Scalar::Bytes, TEXT, Refused, Misread),
        (Scalar::String(Utf8::Unverified), TEXT, Refused, Same),
        (TEXT, Scalar::String(Utf8::Unverified), Same, Same),
    ];
    for (writer, reader, wire, json) in rows {
        check(Coding::Scalar(writer), Coding::Scalar(reader), wire, json);
    }
}

#[test]
fn the_sample_is_the_plainest_value_that_shows_it() {
    let found = exchange(
        of(Coding::Scalar(Scalar::Int64), SINGLE),
        of(Coding::Scalar(Scalar::Int32), SINGLE),
    );
    assert_eq!(found.wire.sample, Sample::Value(Json::string("5000000000")));
}

#[test]
fn enumerations_and_integers_share_the_wire_but_not_json() {
    use Outcome::{Lost, Misread, Refused, Same};
    let open = enumeration(Openness::Open, &[("E0", 0), ("E1", 1)]);
    let closed = enumeration(Openness::Closed, &[("E0", 0), ("E1", 1)]);
    let int = Coding::Scalar(Scalar::Int32);
    check(Coding::Enum(&open), int, Same, Refused);
    check(int, Coding::Enum(&open), Same, Same);
    check(int, Coding::Enum(&closed), Lost, Refused);
    check(Coding::Enum(&closed), Coding::Scalar(Scalar::Uint32), Same, Refused);
    check(Coding::Enum(&open), Coding::Scalar(Scalar::Uint32), Misread, Refused);
}

#[test]
fn enumerations_are_compared_by_number_on_the_wire_and_by_name_in_json() {
    use Outcome::{Lost, Misread, Refused, Same};
    let old = enumeration(Openness::Closed, &[("A", 0), ("B", 1)]);
    let more = enumeration(Openness::Closed, &[("A", 0), ("B", 1), ("C", 2)]);
    let renamed = enumeration(Openness::Closed, &[("A", 0), ("X", 1)]);
    let swapped = enumeration(Openness::Closed, &[("B", 0), ("A", 1)]);
    check(Coding::Enum(&old), Coding::Enum(&more), Same, Same);
    check(Coding::Enum(&more), Coding::Enum(&old), Lost, Refused);
    check(Coding::Enum(&old), Coding::Enum(&renamed), Same, Refused);
    check(Coding::Enum(&old), Coding::Enum(&swapped), Misread, Same);
}

#[test]
fn messages_differ_from_scalars_unless_json_writes_them_alike() {
    use Outcome::{Lost, Misread, Refused, Same};
    let group = Coding::Message(Delimiting::Delimited, JsonForm::Object);
    let time =
        Coding::Message(Delimiting::LengthPrefixed, JsonForm::of("google.protobuf.Timestamp"));
    let wrapper =
        Coding::Message(Delimiting::LengthPrefixed, JsonForm::of("google.protobuf.Int32Value"));
    check(message(), Coding::Scalar(Scalar::Bytes), Same, Refused);
    check(Coding::Scalar(Scalar::Bytes), message(), Refused, Refused);
    check(message(), group, Lost, Same);
    check(time, Coding::Scalar(TEXT), Misread, Same);
    check(Coding::Scalar(TEXT), time, Refused, Refused);
    check(wrapper, Coding::Scalar(Scalar::Int32), Lost, Same);
    check(Coding::Scalar(Scalar::Int32), wrapper, Lost, Same);
}

#[test]
fn a_list_read_as_one_value_loses_all_but_the_last() {
    let packed = Cardinality::Repeated(Packing::Packed);
    let expanded = Cardinality::Repeated(Packing::Expanded);
    let int = Coding::Scalar(Scalar::Int32);
    let cross = |coding, writer, reader| exchange(of(coding, writer), of(coding, reader));
    assert_eq!(cross(int, packed, SINGLE).wire.outcome, Outcome::Lost);
    assert_eq!(cross(int, expanded, SINGLE).wire.outcome, Outcome::Lost);
    assert_eq!(cross(int, SINGLE, packed).wire.outcome, Outcome::Same);
    assert_eq!(cross(int, packed, expanded), Exchange::default());
    assert_eq!(cross(message(), expanded, SINGLE).wire.outcome, Outcome::Lost);
    assert_eq!(cross(int, SINGLE, packed).json.outcome, Outcome::Refused);
    assert_eq!(cross(message(), expanded, Cardinality::Map).wire.outcome, Outcome::Lost);
    assert_eq!(cross(message(), Cardinality::Map, expanded).wire.outcome, Outcome::Same);
}

#[test]
fn a_packed_list_is_length_delimited() {
    let packed = of(Coding::Scalar(Scalar::Int32), Cardinality::Repeated(Packing::Packed));
    let texts = of(Coding::Scalar(TEXT), Cardinality::Repeated(Packing::Expanded));
    assert_eq!(exchange(packed, texts).wire.outcome, Outcome::Misread);
    assert_eq!(exchange(texts, packed).wire.outcome, Outcome::Misread);
}

#[test]
fn only_a_reader_minds_an_absent_required_field() {
    let required = Cardinality::Singular(Presence::Required);
    assert_eq!(absence(SINGLE, required).outcome, Outcome::Refused);
    assert_eq!(absence(required, SINGLE).outcome, Outcome::Same);
    assert_eq!(absence(required, required).outcome, Outcome::Same);
}
