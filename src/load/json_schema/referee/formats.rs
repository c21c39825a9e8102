//! Formats as assertions: on their own JSON type, in every draft.
//!
//! Where the validator has a check, its check is used (in the reading of 2020-12, since the drafts
//! differ in which names they know). Ours are those of the `OpenAPI` format registry, of which the
//! drafts know nothing: numbers, encodings of bytes, times without a zone.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::{Arc, LazyLock};

use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};

use crate::model::Decimal;

/// The names that the validator itself knows and that are asserted.
const BUILT_IN: [&str; 17] = [
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
    "regex",
];

/// The greatest integer that a reader of single precision takes for a finite number: from 2^128 - 2^103 on,
/// a number is rounded to infinity (IEEE 754-2019 §4.3.1), and what is between here and the greatest of
/// them to that.
const FLOAT: &str = "340282356779733661637539395458142568447";

/// The validator's own checks: schemas say the same few names again and again.
static VALIDATORS: LazyLock<BTreeMap<&'static str, Arc<Validator>>> = LazyLock::new(|| {
    let options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true);
    let build = |name| Some((name, Arc::new(options.build(&json!({ "format": name })).ok()?)));
    BUILT_IN.into_iter().filter_map(build).collect()
});

/// Replaces the validator's own treatment of `format` and `contentEncoding`, which depends on the
/// draft, by ours.
pub(super) fn assert(options: ValidationOptions<'_>, asserted: bool) -> ValidationOptions<'_> {
    let check = move |name: &str| if asserted { Check::named(name) } else { Check::Nothing };
    options
        .with_keyword("format", move |_, value, _| {
            Ok(Box::new(value.as_str().map_or(Check::Nothing, check)))
        })
        .with_keyword("contentEncoding", move |_, value, _| {
            let is_base64 = value.as_str().is_some_and(|it| it.eq_ignore_ascii_case("base64"));
            Ok(Box::new(if is_base64 { check("byte") } else { Check::Nothing }))
        })
        .with_keyword("contentMediaType", |_, _, _| Ok(Box::new(Check::Nothing)))
}

/// What the library by itself makes of a format that is to be asserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// The same as we do.
    Asserted,
    /// We assert nothing.
    Nothing,
    /// Something else than we do.
    Otherwise,
}

/// Whether the library reads the format in the draft as we do in every draft.
pub(super) fn alike(name: &str, draft: Draft) -> Alike {
    // What it reads alike in every draft; the other names came with later drafts.
    const ALWAYS: [&str; 6] = ["date", "date-time", "email", "ipv4", "ipv6", "uri"];
    let is_late = matches!(draft, Draft::Draft201909 | Draft::Draft202012);
    match Check::named(name) {
        Check::Nothing => Alike::Nothing,
        Check::BuiltIn(..) if ALWAYS.contains(&name) || is_late && BUILT_IN.contains(&name) => {
            Alike::Asserted
        }
        Check::BuiltIn(..) | Check::Integer(..) | Check::Number(..) | Check::Text(..) => {
            Alike::Otherwise
        }
    }
}

/// What a format demands.
enum Check {
    /// Nothing: an annotation.
    Nothing,
    /// Of numbers: integral, between these.
    Integer(Decimal, Decimal),
    /// Of numbers: between these.
    Number(Decimal, Decimal),
    /// Of strings: what a function tells; what it is called.
    Text(fn(&str) -> bool, &'static str),
    /// What the validator demands of the string with this appended; what it is called.
    BuiltIn(Arc<Validator>, &'static str, String),
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
            "double-int" => Self::between(1 - (1_i128 << 53), (1_i128 << 53) - 1),
            "float" => Decimal::from_str(FLOAT)
                .map_or(Self::Nothing, |most| Self::Number(most.negated(), most)),
            "byte" => Self::Text(is_base64, "base64"),
            "base64url" => Self::Text(is_base64url, "base64url"),
            "char" => Self::Text(|text| text.chars().count() == 1, "one character"),
            "http-date" => Self::Text(is_http_date, "an HTTP date"),
            "date-time-local" => Self::built_in("date-time", "Z", name),
            "time-local" => Self::built_in("time", "Z", name),
            name if BUILT_IN.contains(&name) => Self::built_in(name, "", name),
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

    fn built_in(name: &str, appended: &'static str, called: &str) -> Self {
        VALIDATORS.get(name).map_or(Self::Nothing, |validator| {
            Self::BuiltIn(Arc::clone(validator), appended, called.to_owned())
        })
    }

    fn holds(&self, instance: &Value) -> bool {
        match (self, instance) {
            (Self::Integer(low, high), Value::Number(number)) => {
                Decimal::from_str(&number.to_string())
                    .is_ok_and(|exact| exact.is_integer() && *low <= exact && exact <= *high)
            }
            (Self::Number(low, high), Value::Number(number)) => {
                Decimal::from_str(&number.to_string())
                    .is_ok_and(|exact| *low <= exact && exact <= *high)
            }
            (Self::Text(tells, _), Value::String(text)) => tells(text),
            (Self::BuiltIn(validator, appended, _), Value::String(text)) => {
                validator.is_valid(&Value::String(format!("{text}{appended}")))
            }
            (
                Self::Nothing
                | Self::Integer(..)
                | Self::Number(..)
                | Self::Text(..)
                | Self::BuiltIn(..),
                _,
            ) => true,
        }
    }

    fn demand(&self) -> String {
        match self {
            Self::Nothing => "is accepted".to_owned(),
            Self::Integer(low, high) => format!("is not an integer between {low} and {high}"),
            Self::Number(low, high) => format!("is not between {low} and {high}"),
            Self::Text(_, called) => format!("is not {called}"),
            Self::BuiltIn(_, _, name) => format!("is not a \"{name}\""),
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

/// RFC 4648, 5; padding is optional.
fn is_base64url(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let digits = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    digits
        && body.len() % 4 != 1
        && (padding == 0 || (padding <= 2 && text.len().is_multiple_of(4)))
}

/// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`; that the day of the week is right is not told.
fn is_http_date(text: &str) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |part: &str, digits: usize, least: u32, most: u32| {
        let is_digits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        is_digits && part.parse().is_ok_and(|value: u32| least <= value && value <= most)
    };
    let parts: Vec<&str> = text.split([' ', ':']).collect();
    let [weekday, day, month, year, hour, minute, second, "GMT"] = *parts.as_slice() else {
        return false;
    };
    let shape: String = text.chars().filter(|each| !each.is_ascii_alphanumeric()).collect();
    shape == ",    :: "
        && weekday.strip_suffix(',').is_some_and(|name| DAYS.contains(&name))
        && MONTHS.contains(&month)
        && number(day, 2, 1, 31)
        && number(year, 4, 0, 9999)
        && number(hour, 2, 0, 23)
        && number(minute, 2, 0, 59)
        && number(second, 2, 0, 60)
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

    #[test]
    fn formats_of_the_registry_are_told() {
        assert!(accepts("date-time-local", &json!("1970-01-01T00:00:00")));
        assert!(!accepts("date-time-local", &json!("1970-01-01T00:00:00Z")));
        assert!(accepts("base64url", &json!("_-_-")));
        assert!(!accepts("base64url", &json!("+/+/")));
        assert!(accepts("http-date", &json!("Sun, 06 Nov 1994 08:49:37 GMT")));
        assert!(!accepts("http-date", &json!("Sun, 06 Nov 1994 24:49:37 GMT")));
        assert!(!accepts("float", &json!(3.5e38)));
        assert!(accepts("char", &json!("ü")));
    }
}
