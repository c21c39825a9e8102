//! Numbers: what each scalar writes and reads, over the values that tell scalars apart.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use super::{Outcome, Passage, Sample};
use crate::model::{Decimal, Json, Scalar};

/// A number as a program holds it.
#[derive(Clone, Copy, Debug)]
enum Datum {
    Integer(i128),
    Real(f64),
}

/// A scalar as JSON text.
enum Text {
    Bare(String),
    Quoted(String),
    Boolean(bool),
}

/// How many bits carry a number, and how they are told apart on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Varint,
    Fixed32,
    Fixed64,
}

/// The lane of a scalar that is a number or a boolean.
pub(super) fn lane(scalar: Scalar) -> Option<Lane> {
    match scalar {
        Scalar::Int32
        | Scalar::Int64
        | Scalar::Uint32
        | Scalar::Uint64
        | Scalar::Sint32
        | Scalar::Sint64
        | Scalar::Bool => Some(Lane::Varint),
        Scalar::Fixed32 | Scalar::Sfixed32 | Scalar::Float => Some(Lane::Fixed32),
        Scalar::Fixed64 | Scalar::Sfixed64 | Scalar::Double => Some(Lane::Fixed64),
        Scalar::String(_) | Scalar::Bytes => None,
    }
}

/// What becomes of numbers of one scalar read as another of the same lane.
pub(super) fn wire_passage(writer: Scalar, reader: Scalar) -> Passage {
    let misread = candidates(writer)
        .into_iter()
        .find(|datum| !read_bits(reader, write_bits(writer, *datum)).is_same_as(*datum));
    misread.map_or(Passage::SAME, |datum| {
        let sample = write_text(writer, datum).to_json();
        Passage::new(Outcome::Misread, Sample::Value(sample), "the bits mean another number there")
    })
}

/// Whether the number, written as an enumeration's, is another number at the reader.
pub(super) fn is_misread(number: i32, reader: Scalar) -> bool {
    let datum = Datum::Integer(number.into());
    !read_bits(reader, write_bits(Scalar::Int32, datum)).is_same_as(datum)
}

/// What becomes of the JSON text of one scalar read as another.
pub(super) fn json_passage(writer: Scalar, reader: Scalar) -> Passage {
    let passages = candidates(writer).into_iter().map(|datum| {
        let text = write_text(writer, datum);
        let sample = Sample::Value(text.to_json());
        match read_text(reader, &text) {
            Some(read) if read.is_same_as(datum) => Passage::SAME,
            Some(_) => Passage::new(Outcome::Misread, sample, "the reader rounds the number"),
            None => Passage::new(Outcome::Refused, sample, "the reader cannot hold the number"),
        }
    });
    passages.fold(Passage::SAME, Passage::worse)
}

/// The first number of the writer that is none of these, as JSON; `None` for reals and booleans.
pub(super) fn integer_beyond(writer: Scalar, listed: &[i32]) -> Option<Json> {
    let listed: BTreeSet<i32> = listed.iter().copied().collect();
    let unlisted = (1..=i32::MAX).find(|number| !listed.contains(number))?;
    let fits = range(writer).is_some_and(|(_, most)| most > 1);
    fits.then(|| write_text(writer, Datum::Integer(unlisted.into())).to_json())
}

/// Whether ProtoJSON writes the scalar in quotes.
pub(super) fn is_quoted(scalar: Scalar) -> bool {
    match scalar {
        Scalar::Int64
        | Scalar::Uint64
        | Scalar::Sint64
        | Scalar::Fixed64
        | Scalar::Sfixed64
        | Scalar::String(_)
        | Scalar::Bytes => true,
        Scalar::Double
        | Scalar::Float
        | Scalar::Int32
        | Scalar::Uint32
        | Scalar::Sint32
        | Scalar::Fixed32
        | Scalar::Sfixed32
        | Scalar::Bool => false,
    }
}

/// The integers that a scalar holds.
fn range(scalar: Scalar) -> Option<(i128, i128)> {
    match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
            Some((i32::MIN.into(), i32::MAX.into()))
        }
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
            Some((i64::MIN.into(), i64::MAX.into()))
        }
        Scalar::Uint32 | Scalar::Fixed32 => Some((0, u32::MAX.into())),
        Scalar::Uint64 | Scalar::Fixed64 => Some((0, u64::MAX.into())),
        Scalar::Bool => Some((0, 1)),
        Scalar::Double | Scalar::Float | Scalar::String(_) | Scalar::Bytes => None,
    }
}

/// Values that tell the scalar from others, the plainest first.
fn candidates(scalar: Scalar) -> Vec<Datum> {
    if let Some((least, most)) = range(scalar) {
        let values = [1, 2, -1, 5_000_000_000, -5_000_000_000, 16_777_217, most, least];
        let held = values.into_iter().filter(|value| (least..=most).contains(value));
        held.map(Datum::Integer).collect()
    } else {
        let tenth = if scalar == Scalar::Float { f64::from(0.1_f32) } else { 0.1 };
        vec![Datum::Real(1.5), Datum::Real(tenth)]
    }
}

fn write_bits(scalar: Scalar, datum: Datum) -> u64 {
    match (scalar, datum) {
        (Scalar::Float, Datum::Real(value)) => u64::from(single(value).to_bits()),
        (_, Datum::Real(value)) => value.to_bits(),
        (Scalar::Sint32 | Scalar::Sint64, Datum::Integer(value)) => {
            let doubled = if value < 0 { -2 * value - 1 } else { 2 * value };
            low_64(doubled)
        }
        (Scalar::Sfixed32, Datum::Integer(value)) => u64::from(low_32(low_64(value))),
        (_, Datum::Integer(value)) => low_64(value),
    }
}

fn read_bits(scalar: Scalar, bits: u64) -> Datum {
    let zigzag = |folded: u64| {
        let half = i128::from(folded >> 1);
        Datum::Integer(if folded & 1 == 1 { -half - 1 } else { half })
    };
    match scalar {
        Scalar::Int32 | Scalar::Sfixed32 => Datum::Integer(low_32(bits).cast_signed().into()),
        Scalar::Uint32 | Scalar::Fixed32 => Datum::Integer(low_32(bits).into()),
        Scalar::Int64 | Scalar::Sfixed64 => Datum::Integer(bits.cast_signed().into()),
        Scalar::Uint64 | Scalar::Fixed64 | Scalar::String(_) | Scalar::Bytes => {
            Datum::Integer(bits.into())
        }
        Scalar::Sint32 => zigzag(low_32(bits).into()),
        Scalar::Sint64 => zigzag(bits),
        Scalar::Bool => Datum::Integer((bits != 0).into()),
        Scalar::Float => Datum::Real(f32::from_bits(low_32(bits)).into()),
        Scalar::Double => Datum::Real(f64::from_bits(bits)),
    }
}

fn write_text(scalar: Scalar, datum: Datum) -> Text {
    match (scalar, datum) {
        (Scalar::Bool, Datum::Integer(value)) => Text::Boolean(value != 0),
        (Scalar::Float, Datum::Real(value)) => Text::Bare(single(value).to_string()),
        (_, Datum::Real(value)) => Text::Bare(value.to_string()),
        (_, Datum::Integer(value)) if is_quoted(scalar) => Text::Quoted(value.to_string()),
        (_, Datum::Integer(value)) => Text::Bare(value.to_string()),
    }
}

fn read_text(scalar: Scalar, text: &Text) -> Option<Datum> {
    match (scalar, text) {
        (Scalar::Bool, Text::Boolean(value)) => Some(Datum::Integer((*value).into())),
        (Scalar::Bool, _) | (_, Text::Boolean(_)) => None,
        (Scalar::Float, Text::Bare(digits) | Text::Quoted(digits)) => {
            digits.parse::<f32>().ok().map(|value| Datum::Real(value.into()))
        }
        (Scalar::Double, Text::Bare(digits) | Text::Quoted(digits)) => {
            digits.parse::<f64>().ok().map(Datum::Real)
        }
        (_, Text::Bare(digits) | Text::Quoted(digits)) => {
            let value = digits.parse::<i128>().ok()?;
            let (least, most) = range(scalar)?;
            (least..=most).contains(&value).then_some(Datum::Integer(value))
        }
    }
}

impl Text {
    fn to_json(&self) -> Json {
        match self {
            Self::Boolean(value) => Json::Boolean(*value),
            Self::Quoted(digits) => Json::string(digits.as_str()),
            Self::Bare(digits) => Decimal::from_str(digits).map_or(Json::Null, Json::Number),
        }
    }
}

impl Datum {
    /// Whether both are the same number.
    fn is_same_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => left == right,
            (Self::Real(left), Self::Real(right)) => left.to_bits() == right.to_bits(),
            (Self::Real(real), Self::Integer(integer))
            | (Self::Integer(integer), Self::Real(real)) => {
                // An integral double prints all its digits, so the texts compare exactly.
                real.to_bits() == real.trunc().to_bits()
                    && format!("{real:.0}") == integer.to_string()
            }
        }
    }
}

/// The nearest single; the doubles here all came from one.
#[expect(clippy::cast_possible_truncation, reason = "rounding to single is the point")]
fn single(value: f64) -> f32 {
    value as f32
}

/// The low 64 bits in two's complement.
fn low_64(value: i128) -> u64 {
    let mask = i128::from(u64::MAX);
    u64::try_from(value & mask).unwrap_or(u64::MAX)
}

/// The low 32 bits.
fn low_32(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}
