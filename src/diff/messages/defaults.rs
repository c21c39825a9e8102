//! What an absent field stands for.

use std::sync::Arc;

use super::culprit::Culprit;
use super::fields::FieldPair;
use super::observed::Observed;
use super::sample::Payload;
use super::side::Side;
use super::walk::Walk;
use super::witness::End;
use crate::diff::WitnessSide;
use crate::model::{Cardinality, Decimal, Field, FieldKind, Json, Presence, Scalar};

/// What readers take an absent field for, as far as it can be compared between types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// An integer, a number of an enumeration, or a truth value as 0 or 1.
    Whole(Decimal),
    /// The bits of a number of the field's own width, as a `double`.
    Real(u64),
    /// A text.
    Text(Arc<str>),
    /// Bytes, in base64.
    Content(Arc<str>),
}

/// What becomes of the reading of an absent field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// Both sides read the same, in the same words.
    Same,
    /// Both sides read the same, which is written in other words.
    Respelled,
    /// Each side reads something else.
    Another,
}

impl Side<'_> {
    /// What an absent field of one value stands for: the default that is declared, else that of its
    /// type. `None` where it has none.
    ///
    /// <https://protobuf.dev/programming-guides/proto2/#default>
    fn standing(&self, field: &Field) -> Option<Standing> {
        let declared = field.default.as_ref().map(|default| &default.value);
        match (field.cardinality, field.kind) {
            (Cardinality::Repeated(_) | Cardinality::Map, _) | (_, FieldKind::Message(..)) => None,
            (Cardinality::Singular(_), FieldKind::Enum(id)) => {
                let values = &self.enumeration(id)?.values;
                let value = match declared {
                    Some(Json::String(name)) => values.named(name)?,
                    Some(_) => return None,
                    None => values.first()?,
                };
                Some(Standing::Whole(i64::from(value.number).into()))
            }
            (Cardinality::Singular(_), FieldKind::Scalar(scalar)) => of_scalar(scalar, declared),
        }
    }
}

fn of_scalar(scalar: Scalar, declared: Option<&Json>) -> Option<Standing> {
    let text = || match declared {
        Some(Json::String(text)) => Some(Arc::clone(text)),
        Some(_) => None,
        None => Some("".into()),
    };
    match scalar {
        Scalar::String(_) => text().map(Standing::Text),
        Scalar::Bytes => text().map(Standing::Content),
        Scalar::Float => real::<f32>(declared).map(f64::from).map(bits),
        Scalar::Double => real::<f64>(declared).map(bits),
        Scalar::Int32
        | Scalar::Int64
        | Scalar::Uint32
        | Scalar::Uint64
        | Scalar::Sint32
        | Scalar::Sint64
        | Scalar::Fixed32
        | Scalar::Fixed64
        | Scalar::Sfixed32
        | Scalar::Sfixed64
        | Scalar::Bool => match declared {
            Some(Json::Number(number)) => Some(Standing::Whole(number.clone())),
            Some(Json::Boolean(truth)) => Some(Standing::Whole(i64::from(*truth).into())),
            Some(_) => None,
            None => Some(Standing::Whole(Decimal::zero())),
        },
    }
}

/// The number of this width that is nearest to what is written.
fn real<F: std::str::FromStr>(declared: Option<&Json>) -> Option<F> {
    match declared {
        Some(Json::Number(number)) => number.to_string().parse().ok(),
        // `Infinity`, `-Infinity`, `NaN` and `-0.0`.
        Some(Json::String(word)) => word.parse().ok(),
        Some(_) => None,
        None => "0".parse().ok(),
    }
}

/// Bits that are equal where the numbers are: the two zeros are, and nothing tells one NaN from another.
fn bits(number: f64) -> Standing {
    Standing::Real(if number.is_nan() { f64::NAN.to_bits() } else { (number + 0.0).to_bits() })
}

impl FieldPair<'_> {
    /// Whether the two sides take the absent field for the same. What its enumeration makes of it
    /// where neither the type nor anything declared differs is told there, and what differs in kind
    /// is not compared.
    pub(crate) fn absence(&self, walk: &Walk<'_>) -> Absence {
        let FieldPair { old, new, holders: _ } = self;
        let value = |field: &Field| field.default.as_ref().map(|default| default.value.clone());
        let (is_same_kind, is_same_text) = (self.same_kind(walk), value(old) == value(new));
        if is_same_kind && is_same_text {
            return Absence::Same;
        }
        match (walk.old.standing(old), walk.new.standing(new)) {
            (Some(was), Some(is)) if was == is && is_same_kind && !self.follows_rename(walk) => {
                Absence::Respelled
            }
            (Some(was), Some(is)) if was == is => Absence::Same,
            // A `float` and a `double` differ wherever they are not round, which their types tell.
            (Some(Standing::Real(_)), Some(Standing::Real(_))) if !is_same_kind => Absence::Same,
            (Some(was), Some(is)) if are_comparable(&was, &is) => Absence::Another,
            (Some(_) | None, _) => Absence::Same,
        }
    }

    /// Whether a message without the field can be written by one side and read by the other.
    pub(crate) fn may_be_absent(&self) -> bool {
        let is_required =
            |field: &Field| field.cardinality == Cardinality::Singular(Presence::Required);
        !is_required(self.old) && !is_required(self.new)
    }

    /// Whether the default is another name because the value that it names has another one.
    fn follows_rename(&self, walk: &Walk<'_>) -> bool {
        let (FieldKind::Enum(was), FieldKind::Enum(is)) = (self.old.kind, self.new.kind) else {
            return false;
        };
        let (Some(was), Some(is)) = (walk.old.enumeration(was), walk.new.enumeration(is)) else {
            return false;
        };
        let named = |field: &Field| field.default.as_ref().map(|default| default.value.clone());
        let (Some(Json::String(old)), Some(Json::String(new))) = (named(self.old), named(self.new))
        else {
            return false;
        };
        is.values.named(&old).is_none() || was.values.named(&new).is_none()
    }
}

fn are_comparable(was: &Standing, is: &Standing) -> bool {
    match (was, is) {
        (Standing::Whole(_), Standing::Whole(_))
        | (Standing::Real(_), Standing::Real(_))
        | (Standing::Text(_), Standing::Text(_))
        | (Standing::Content(_), Standing::Content(_)) => true,
        (Standing::Whole(_) | Standing::Real(_) | Standing::Text(_) | Standing::Content(_), _) => {
            false
        }
    }
}

/// What each side takes the absent field for, where these differ.
pub(super) fn by_default(writer: &End<'_>, reader: &End<'_>) -> Observed {
    let reading = |end: &End<'_>| {
        let name = end.key(0)?;
        Some((end.side.referee?.absent(end.message, &name)?, name))
    };
    match (reading(writer), reading(reader)) {
        (Some((meant, _)), Some((read, name))) if meant != read => {
            let because =
                format!("the absent field means {meant} to its writer, {read} to its reader");
            Observed::Defaulted(Json::object([(name, read)]), because)
        }
        _ => Observed::Unseen,
    }
}

/// The same of a field inside.
pub(super) fn by_default_inside(
    culprit: &Culprit<'_>,
    writer_side: WitnessSide,
    (writer, reader): (&End<'_>, &End<'_>),
) -> Observed {
    let reader_side = writer_side.other();
    let (sent, declared) = (culprit.inmost(writer_side), culprit.inmost(reader_side));
    let writer = End { side: writer.side, message: sent.0, fields: &sent.1 };
    let inner = End { side: reader.side, message: declared.0, fields: &declared.1 };
    match by_default(&writer, &inner) {
        Observed::Defaulted(value, because) => {
            let read = Payload { value, bytes: None };
            match culprit.around((reader_side, reader.side), read) {
                Some(Payload { value, bytes: _ }) => Observed::Defaulted(value, because),
                None => Observed::Unseen,
            }
        }
        seen @ (Observed::Shown(..) | Observed::Unseen) => seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Json {
        Json::Number(text.parse().unwrap())
    }

    #[test]
    fn a_number_is_compared_at_the_width_of_its_field() {
        let (short, long) = (number("0.1"), number("0.100000001"));
        let standing = |scalar, value| of_scalar(scalar, Some(value));
        assert_eq!(standing(Scalar::Float, &short), standing(Scalar::Float, &long));
        assert_ne!(standing(Scalar::Double, &short), standing(Scalar::Double, &long));
        let (infinity, beyond) = (Json::string("Infinity"), number("1e300"));
        assert_eq!(standing(Scalar::Float, &infinity), standing(Scalar::Float, &beyond));
    }

    #[test]
    fn what_is_not_declared_is_the_type_s_own() {
        for (scalar, written) in [
            (Scalar::Int64, number("0")),
            (Scalar::Double, Json::string("-0.0")),
            (Scalar::Float, number("0e9")),
            (Scalar::Bool, Json::Boolean(false)),
            (Scalar::Bytes, Json::string("")),
        ] {
            assert_eq!(of_scalar(scalar, Some(&written)), of_scalar(scalar, None), "{scalar:?}");
        }
        let nan = Json::string("NaN");
        assert_eq!(of_scalar(Scalar::Float, Some(&nan)), of_scalar(Scalar::Float, Some(&nan)));
    }
}
