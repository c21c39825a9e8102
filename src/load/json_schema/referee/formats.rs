//! Formats as assertions: on their own JSON type, in every draft.
//!
//! Where the validator has a check, its check is used (in the reading of 2020-12, since the drafts
//! differ in which names they know). Ours are the numeric formats and the encodings of bytes, of
//! which the drafts know nothing.

use std::str::FromStr as _;

use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};

use crate::model::Decimal;

/// The names that the validator itself knows and that are asserted.
const BUILT_IN: [&str; 16] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uri-template",
    "iri",
    "iri-reference",
    "uuid",
    "json-pointer",
    "relative-json-pointer",
];

/// Replaces the validator's own treatment of `format` and `contentEncoding`, which depends on the
/// draft, by ours.
pub(super) fn assert(options: ValidationOptions<'_>, asserted: bool) -> ValidationOptions<'_> {
    let check = move |name: &str| if asserted { Check::named(name) } else { Check::Nothing };
    options
        .with_keyword("format", move |_, value, _| {
            Ok(Box::new(value.as_str().map_or(Check::Nothing, check)))
        })
        .with_keyword("contentEncoding", move |_, value, _| {
            let is_base64 = value.as_str() == Some("base64");
            Ok(Box::new(if is_base64 { check("byte") } else { Check::Nothing }))
        })
        .with_keyword("contentMediaType", |_, _, _| Ok(Box::new(Check::Nothing)))
}

/// What a format demands.
enum Check {
    /// Nothing: an annotation.
    Nothing,
    /// Of numbers: integral, between these.
    Integer(Decimal, Decimal),
    /// Of strings: base64 with padding (RFC 4648, 4).
    Base64,
    /// What the validator demands.
    BuiltIn(Box<Validator>, String),
}

impl Check {
    fn named(name: &str) -> Self {
        let signed = |bits: u32| {
            let top = 1_i128 << (bits - 1);
            Self::between(-top, top - 1)
        };
        let unsigned = |bits: u32| Self::between(0, (1_i128 << bits) - 1);
        match name {
            "int8" => signed(8),
            "int16" => signed(16),
            "int32" => signed(32),
            "int64" => signed(64),
            "uint8" => unsigned(8),
            "uint16" => unsigned(16),
            "uint32" => unsigned(32),
            "uint64" => unsigned(64),
            "byte" => Self::Base64,
            name if BUILT_IN.contains(&name) => Self::built_in(name),
            _ => Self::Nothing,
        }
    }

    fn between(low: i128, high: i128) -> Self {
        let exact = |value: i128| Decimal::from_str(&value.to_string());
        match (exact(low), exact(high)) {
            (Ok(low), Ok(high)) => Self::Integer(low, high),
            _ => Self::Nothing,
        }
    }

    fn built_in(name: &str) -> Self {
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .build(&json!({ "format": name }));
        built.map_or(Self::Nothing, |validator| Self::BuiltIn(Box::new(validator), name.into()))
    }

    fn holds(&self, instance: &Value) -> bool {
        match (self, instance) {
            (Self::Integer(low, high), Value::Number(number)) => {
                Decimal::from_str(&number.to_string())
                    .is_ok_and(|exact| exact.is_integer() && *low <= exact && exact <= *high)
            }
            (Self::Base64, Value::String(text)) => is_base64(text),
            (Self::BuiltIn(validator, _), text) => validator.is_valid(text),
            (Self::Nothing | Self::Integer(..) | Self::Base64, _) => true,
        }
    }

    fn demand(&self) -> String {
        match self {
            Self::Nothing => "is accepted".to_owned(),
            Self::Integer(low, high) => format!("is not an integer between {low} and {high}"),
            Self::Base64 => "is not base64".to_owned(),
            Self::BuiltIn(_, name) => format!("is not a \"{name}\""),
        }
    }
}

impl<'i> Keyword<'i> for Check {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.holds(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!("{instance} {}", self.demand())))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.holds(instance)
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let digits = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
    digits && padding <= 2 && text.len().is_multiple_of(4) && (padding == 0 || !body.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(format: &str, instance: &Value) -> bool {
        Check::named(format).holds(instance)
    }

    #[test]
    fn a_format_asserts_on_its_own_type() {
        assert!(accepts("int32", &json!(2_147_483_647)));
        assert!(!accepts("int32", &json!(2_147_483_648_u64)));
        assert!(!accepts("uint8", &json!(-1)));
        assert!(!accepts("int64", &json!(0.5)));
        assert!(accepts("int32", &json!("9999999999")));
        assert!(accepts("uuid", &json!(5)));
        assert!(!accepts("uuid", &json!("5")));
        assert!(accepts("byte", &json!("YQ==")));
        assert!(!accepts("byte", &json!("YQ=")));
        assert!(!accepts("byte", &json!("===")));
        assert!(accepts("my-own", &json!("anything")));
    }
}
