//! Whether a literal can be a value of the type that it is for.

use super::{Resolver, index};
use crate::load::protobuf::parser::whole_number;
use crate::load::protobuf::syntax::{Literal, LiteralValue};
use crate::model::{EnumId, FieldKind, Scalar, Utf8};

/// Where a literal stands: message literals are text format, which allows more words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// For itself: an option's value, a default.
    Alone,
    /// In a message literal.
    Inside,
}

impl Resolver<'_, '_> {
    /// Tells of a literal that is none of this type's values. What is inside of a message literal
    /// is looked at where its members are.
    pub(super) fn check_literal(&mut self, literal: &Literal<'_>, kind: FieldKind, stands: Stands) {
        if let (LiteralValue::List(elements), Stands::Inside) = (&literal.value, stands) {
            for element in elements {
                if matches!(element.value, LiteralValue::List(_)) {
                    self.part(element.span, "no list is inside of another".to_owned());
                } else {
                    self.check_literal(element, kind, stands);
                }
            }
            return;
        }
        let wanted = match kind {
            FieldKind::Scalar(scalar) if fits(&literal.value, scalar, stands) => return,
            FieldKind::Scalar(scalar) => described(scalar).to_owned(),
            FieldKind::Enum(id) if self.is_value(&literal.value, id, stands) => return,
            FieldKind::Enum(id) => {
                let found = self.messages.enums.get(index(id.0));
                format!("a value of `{}`", found.map_or("", |found| &found.full_name))
            }
            FieldKind::Message(..) if matches!(literal.value, LiteralValue::Message(_)) => return,
            FieldKind::Message(..) => "a message in braces".to_owned(),
        };
        self.part(literal.span, format!("expected {wanted} here"));
    }

    fn is_value(&self, literal: &LiteralValue<'_>, id: EnumId, stands: Stands) -> bool {
        let listed = self.messages.enums.get(index(id.0));
        match literal {
            LiteralValue::Word(word) => {
                listed.is_some_and(|listed| listed.values.named(word).is_some())
            }
            LiteralValue::Number { negative, text } => {
                let number = whole_number(text).map(i128::from);
                let number = number.map(|number| if *negative { -number } else { number });
                let is_number = number.is_some_and(|number| i32::try_from(number).is_ok());
                stands == Stands::Inside && is_number
            }
            LiteralValue::NegativeWord(_)
            | LiteralValue::Text(_)
            | LiteralValue::Message(_)
            | LiteralValue::List(_) => false,
        }
    }
}

fn fits(literal: &LiteralValue<'_>, scalar: Scalar, stands: Stands) -> bool {
    match (scalar, literal) {
        (Scalar::String(Utf8::Verified), LiteralValue::Text(bytes)) => {
            std::str::from_utf8(bytes).is_ok()
        }
        (Scalar::String(Utf8::Unverified) | Scalar::Bytes, LiteralValue::Text(_)) => true,
        // Only text format knows the suffix of C.
        (Scalar::Double | Scalar::Float, LiteralValue::Number { text, .. }) => {
            is_fraction(text, stands)
        }
        (
            Scalar::Double | Scalar::Float,
            LiteralValue::Word(word) | LiteralValue::NegativeWord(word),
        ) => {
            let any_case = ["inf", "infinity", "nan"];
            matches!(*word, "inf" | "nan")
                || stands == Stands::Inside
                    && any_case.iter().any(|one| word.eq_ignore_ascii_case(one))
        }
        (Scalar::Bool, LiteralValue::Word(word)) => {
            let short = matches!(*word, "t" | "f" | "True" | "False") && stands == Stands::Inside;
            short || matches!(*word, "true" | "false")
        }
        (Scalar::Bool, LiteralValue::Number { negative: false, text }) => {
            stands == Stands::Inside && matches!(whole_number(text), Some(0 | 1))
        }
        (_, LiteralValue::Number { negative, text }) => {
            // Digits beyond 64 bits are clamped, and no type goes as far as that and is signed.
            let Some(magnitude) = whole_number(text) else { return false };
            let is_signed = range(scalar).is_some_and(|range| *range.start() < 0);
            // Not even zero.
            if *negative && !is_signed {
                return false;
            }
            let number = if *negative { -i128::from(magnitude) } else { i128::from(magnitude) };
            let beyond = magnitude == u64::MAX && *text != "18446744073709551615";
            let hexadecimal = text.trim_start_matches(['0', 'x', 'X', 'f', 'F']).is_empty();
            range(scalar).is_some_and(|range| range.contains(&number)) && (!beyond || hexadecimal)
        }
        _ => false,
    }
}

/// Whether these digits are a number that may have a fraction.
fn is_fraction(text: &str, stands: Stands) -> bool {
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    match stands {
        // Only text format knows the suffix of C, and it has no other digits here than ours.
        Stands::Inside => !is_hexadecimal,
        // What is no decimal number is a whole one, of 64 bits.
        Stands::Alone if is_hexadecimal => {
            let digits = text.get(2..).unwrap_or("").trim_start_matches('0');
            digits.len() <= 16
        }
        Stands::Alone => !text.ends_with(['f', 'F']),
    }
}

fn range(scalar: Scalar) -> Option<std::ops::RangeInclusive<i128>> {
    Some(match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => i32::MIN.into()..=i32::MAX.into(),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => i64::MIN.into()..=i64::MAX.into(),
        Scalar::Uint32 | Scalar::Fixed32 => 0..=u32::MAX.into(),
        Scalar::Uint64 | Scalar::Fixed64 => 0..=u64::MAX.into(),
        Scalar::Double | Scalar::Float | Scalar::Bool | Scalar::String(_) | Scalar::Bytes => {
            return None;
        }
    })
}

fn described(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Double | Scalar::Float => "a number",
        Scalar::Bool => "`true` or `false`",
        Scalar::String(Utf8::Verified) => "a text of UTF-8 in quotes",
        Scalar::String(Utf8::Unverified) | Scalar::Bytes => "a text in quotes",
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => "a whole number of 32 bits",
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => "a whole number of 64 bits",
        Scalar::Uint32 | Scalar::Fixed32 => "a whole number of 32 bits without a sign",
        Scalar::Uint64 | Scalar::Fixed64 => "a whole number of 64 bits without a sign",
    }
}
