//! Patterns that the validator's engine does not take: too large once compiled, or beyond its grammar.
//!
//! One such pattern would keep everything around it from being judged. It is marked as what cannot be
//! read instead, so that no more than the values that meet it cannot be judged.

use std::collections::HashMap;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, ValidationOptions, Validator};
use serde_json::{Map, Value, json};

use super::UNREAD;
use super::text::Part;

/// Compiles a schema, without the patterns that cannot be.
///
/// # Errors
/// In the words of the library, where it is not only patterns.
pub(super) fn build(
    options: &ValidationOptions<'_>,
    mut schema: Value,
) -> Result<Validator, ValidationError<'static>> {
    match options.build(&schema) {
        Err(error) if is_about_a_pattern(&error) => {
            let mut known = Known { options, refused: HashMap::new() };
            known.mark(&mut schema, Part::Schema);
            options.build(&schema)
        }
        built => built,
    }
}

fn is_about_a_pattern(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Format { format } if format == "regex")
}

/// Patterns, and whether they are refused.
struct Known<'o> {
    options: &'o ValidationOptions<'o>,
    refused: HashMap<String, bool>,
}

impl Known<'_> {
    /// Recursion is as deep as the schema nests, which the document's limits bound.
    fn mark(&mut self, schema: &mut Value, part: Part) {
        match schema {
            Value::Array(schemas) => schemas.iter_mut().for_each(|each| self.mark(each, part)),
            Value::Object(members) if part != Part::Data => {
                if part == Part::Schema && self.leave_out(members) {
                    members.insert(UNREAD.to_owned(), Value::Bool(true));
                }
                for (word, member) in members {
                    self.mark(member, part.of_member(word));
                }
            }
            Value::Object(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_) => {}
        }
    }

    /// Takes the refused patterns from a schema; whether there were any.
    fn leave_out(&mut self, members: &mut Map<String, Value>) -> bool {
        let pattern = members.get("pattern").and_then(Value::as_str);
        let is_refused = pattern.is_some_and(|pattern| self.is_refused(pattern));
        if is_refused {
            members.remove("pattern");
        }
        let Some(Value::Object(keyed)) = members.get_mut("patternProperties") else {
            return is_refused;
        };
        let count = keyed.len();
        keyed.retain(|pattern, _| !self.is_refused(pattern));
        is_refused || keyed.len() < count
    }

    fn is_refused(&mut self, pattern: &str) -> bool {
        if let Some(known) = self.refused.get(pattern) {
            return *known;
        }
        let is_refused = self.options.build(&json!({ "pattern": pattern })).is_err();
        self.refused.insert(pattern.to_owned(), is_refused);
        is_refused
    }
}
