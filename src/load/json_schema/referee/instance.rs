//! Values for the validator, and its sentences for people.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Number, Value};

use super::reason::OwnWords;
use crate::model::Json;

/// The longest sentence that is passed on, in characters.
const MAX_SENTENCE: usize = 200;

/// The longest number that is handed over, in the digits that expanding its exponent would take.
const MAX_EXPONENT: usize = 4;

/// How deep a value may nest that is judged: the validator recurses over it.
const MAX_DEPTH: usize = 128;

/// The value as the validator takes it.
///
/// # Errors
/// In words, when the value nests too deep or a number is too large to be judged within bounds.
pub(super) fn value(json: &Json) -> Result<Value, String> {
    below(json, MAX_DEPTH)
}

fn below(json: &Json, left: usize) -> Result<Value, String> {
    let left = left.checked_sub(1).ok_or("the value nests too deep to be judged")?;
    Ok(match json {
        Json::Null => Value::Null,
        Json::Boolean(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(self::number(&number.to_string())?),
        Json::String(text) => Value::String(text.to_string()),
        Json::Array(elements) => {
            let elements = elements.iter().map(|each| below(each, left));
            Value::Array(elements.collect::<Result<_, _>>()?)
        }
        Json::Object(members) => {
            let members =
                members.iter().map(|(name, each)| Ok((name.to_string(), below(each, left)?)));
            Value::Object(members.collect::<Result<Map<_, _>, String>>()?)
        }
    })
}

/// The number that a token of JSON means.
///
/// # Errors
/// In words, when its exponent is beyond what the validator should expand.
pub(super) fn number(token: &str) -> Result<Number, String> {
    let exponent = token.split_once(['e', 'E']).map_or("", |(_, digits)| digits);
    let digits = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
    if digits.len() > MAX_EXPONENT {
        return Err(format!("the number {} is too large to be judged", shorten(token)));
    }
    token.parse().map_err(|_| format!("{} is no number", shorten(token)))
}

/// Whether the validator gave up rather than refused.
pub(super) fn is_exhaustion(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::BacktrackLimitExceeded { .. })
}

/// What the validator says, with long values shortened.
pub(in crate::load::json_schema) fn sentence(
    error: &ValidationError<'_>,
    own_words: &OwnWords<'_>,
) -> String {
    let said = own_words(error, error.to_string());
    if said.chars().count() <= MAX_SENTENCE {
        return said;
    }
    shorten(&own_words(error, error.masked().to_string()))
}

/// The beginning of a long text.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= MAX_SENTENCE {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MAX_SENTENCE - 1).collect();
    format!("{kept}…")
}
