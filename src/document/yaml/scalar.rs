//! What a scalar means: the YAML 1.2.2 core schema (§10.3), numbers rewritten to JSON's grammar.

use std::borrow::Cow;

use num_bigint::BigUint;
use saphyr_parser::{ScalarStyle, Tag};

/// The meaning of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar<'t> {
    Null,
    Boolean(bool),
    /// In JSON's grammar.
    Number(Cow<'t, str>),
    String,
}

/// More digits than any bound that means something; a longer one stays a string, since turning
/// digits of another base into decimal ones costs the square of their number.
const MAX_RADIX_DIGITS: usize = 256;

/// Reads a scalar as its tag, its style and the core schema say.
pub(super) fn resolve<'t>(text: &'t str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar<'t> {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    match core {
        Some("str" | "binary" | "timestamp") => Scalar::String,
        Some("null") => Scalar::Null,
        Some("int" | "float" | "bool") => plain(text),
        _ if style != ScalarStyle::Plain || tag.is_some_and(non_specific) => Scalar::String,
        _ => plain(text),
    }
}

/// Whether a tag says something that we do not act on.
pub(super) fn ignored(tag: &Tag) -> bool {
    !tag.is_yaml_core_schema() && !non_specific(tag)
}

/// `!` alone: the node is what its kind says, so a scalar is a string (§6.9.1).
fn non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Boolean(true),
        "false" | "False" | "FALSE" => Scalar::Boolean(false),
        _ => number(text).map_or(Scalar::String, Scalar::Number),
    }
}

/// The number in JSON's grammar. `.inf` and `.nan` are numbers in YAML and no values in JSON;
/// they stay the strings that they look like.
fn number(text: &str) -> Option<Cow<'_, str>> {
    if let Some(digits) = text.strip_prefix("0o") {
        return other_base(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return other_base(digits, 16);
    }
    let (minus, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some_digit = !whole.is_empty() || fraction.is_some_and(|part| !part.is_empty());
    if !some_digit || !digits(whole) || !fraction.is_none_or(digits) || !is_exponent(exponent) {
        return None;
    }
    let significant = whole.trim_start_matches('0');
    let whole_in_json = if significant.is_empty() { "0" } else { significant };
    if text.starts_with('+') || whole_in_json != whole || fraction == Some("") {
        let point = if fraction.is_some() { "." } else { "" };
        let fraction = fraction.map_or("", |part| if part.is_empty() { "0" } else { part });
        return Some(format!("{minus}{whole_in_json}{point}{fraction}{exponent}").into());
    }
    Some(Cow::Borrowed(text))
}

fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return text.is_empty() };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn other_base(digits: &str, radix: u32) -> Option<Cow<'_, str>> {
    let valid = digits.chars().all(|digit| digit.is_digit(radix));
    if !valid || digits.is_empty() || digits.len() > MAX_RADIX_DIGITS {
        return None;
    }
    let value = BigUint::parse_bytes(digits.as_bytes(), radix)?;
    Some(value.to_str_radix(10).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rewritten_to_json() {
        for (yaml, json) in [
            ("0", "0"),
            ("-0", "-0"),
            ("+1", "1"),
            ("012", "12"),
            ("08", "8"),
            ("-007", "-7"),
            ("000", "0"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("-.5e+3", "-0.5e+3"),
            ("1.e3", "1.0e3"),
            ("1e400", "1e400"),
            ("1E-2", "1E-2"),
            ("00.50", "0.50"),
            ("0o17", "15"),
            ("0x1F", "31"),
            ("0xffffffffffffffffffff", "1208925819614629174706175"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(plain(yaml), Scalar::Number(json.into()), "{yaml}");
        }
    }

    #[test]
    fn what_looks_like_a_number_elsewhere_is_a_string() {
        for text in [
            "1_000",
            "12:30:00",
            "2001-01-01",
            ".",
            "-",
            "+",
            "-.",
            "e3",
            "1e",
            "1e+",
            "0b1",
            "0o8",
            "0x",
            "-0x1F",
            ".inf",
            "-.Inf",
            ".NaN",
            "1.2.3",
            "+-1",
            "١",
            "1 2",
            "NaN",
            "0X1F",
        ] {
            assert_eq!(plain(text), Scalar::String, "{text}");
        }
    }

    #[test]
    fn only_the_words_of_yaml_1_2_mean_something() {
        for text in ["no", "NO", "yes", "on", "off", "y", "n", "nULL", "tRUE"] {
            assert_eq!(plain(text), Scalar::String, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Scalar::Null, "{text}");
        }
        assert_eq!(plain("TRUE"), Scalar::Boolean(true));
        assert_eq!(plain("False"), Scalar::Boolean(false));
    }

    #[test]
    fn a_very_long_hexadecimal_number_costs_nothing() {
        assert_eq!(plain(&format!("0x{}", "f".repeat(1_000_000))), Scalar::String);
    }
}
