//! Of all that a validator has against a value, what tells a reader most.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;

use super::instance::sentence;

/// How many complaints about alternatives are looked through.
const MAX_COMPLAINTS: usize = 10_000;

/// The complaint that is nearest to a place of the value, given as a JSON Pointer.
///
/// A value that no alternative takes is refused for as many reasons as there are alternatives; the
/// one that speaks of the place says why, where there is exactly one place that matters.
pub(super) struct Reason<'n> {
    near: Vec<&'n str>,
    own_words: &'n OwnWords<'n>,
    left: usize,
    best: Option<Best>,
}

/// The nearest complaint so far.
struct Best {
    nearness: Nearness,
    said: String,
    /// Where in the value it was made, and where in the schema.
    place: String,
    rule: String,
}

/// What a complaint says, in the words of who wrote the schema.
pub(super) type OwnWords<'n> = dyn Fn(&ValidationError<'_>, String) -> String + 'n;

/// How near a complaint is: steps shared with the place; then how few lie beyond it.
type Nearness = (usize, std::cmp::Reverse<usize>);

impl<'n> Reason<'n> {
    /// Looks for what is said about this place.
    pub(super) fn near(pointer: &'n str, own_words: &'n OwnWords<'n>) -> Self {
        Self { near: steps(pointer).collect(), own_words, left: MAX_COMPLAINTS, best: None }
    }

    /// Takes in a complaint.
    pub(super) fn hear(&mut self, error: &ValidationError<'_>) {
        let (nearness, nearest) = self.nearest(error);
        let is_better = |best: &Best| {
            nearness > best.nearness || nearness == best.nearness && comes_before(nearest, best)
        };
        if self.best.as_ref().is_none_or(is_better) {
            let said = sentence(nearest, self.own_words);
            let place = nearest.instance_path().to_string();
            self.best =
                Some(Best { nearness, said, place, rule: nearest.schema_path().to_string() });
        }
    }

    /// The complaint in words; `None` where none was heard.
    pub(super) fn told(self) -> Option<String> {
        self.best.map(|best| best.said)
    }

    /// What is nearest of a complaint and of those that it sums up. One that sums up others gives way
    /// only to what is nearer by whole steps, or to the only one: of two that are as near as it is,
    /// neither is the reason. Of alternatives that fail at the same place, the one that has least
    /// against the value is most likely the one that was meant.
    fn nearest<'e>(
        &mut self,
        error: &'e ValidationError<'e>,
    ) -> (Nearness, &'e ValidationError<'e>) {
        let own = (self.nearness(error), error);
        let alternatives = alternatives(error);
        let least = alternatives.iter().map(Vec::len).min();
        let mut best = None;
        for alternative in alternatives {
            for inner in alternative {
                let Some(left) = self.left.checked_sub(1) else { break };
                self.left = left;
                let ((shared, beyond), found) = self.nearest(inner);
                let rank = (shared, Some(alternative.len()) == least, beyond);
                if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                    best = Some((rank, found));
                }
            }
        }
        let Some(((shared, _, beyond), found)) = best else { return own };
        let is_only = matches!(alternatives, [only] if only.len() == 1);
        let (known, _) = own.0;
        let is_nearer = shared > known || (is_only && shared == known);
        if is_nearer { ((shared, beyond), found) } else { own }
    }

    fn nearness(&self, error: &ValidationError<'_>) -> Nearness {
        let path = error.instance_path().as_str();
        // A member that is missing is complained of where it would be.
        let missing = if let ValidationErrorKind::Required { property } = error.kind() {
            property.as_str().map(|name| name.replace('~', "~0").replace('/', "~1"))
        } else {
            None
        };
        let place = || steps(path).chain(missing.as_deref());
        let shared = place().zip(&self.near).take_while(|(step, near)| step == *near).count();
        (shared, std::cmp::Reverse(place().count() - shared))
    }
}

/// What is heard before a pattern, of those beside it.
const BEFORE_PATTERNS: [&str; 5] = ["type", "const", "enum", "minLength", "maxLength"];

/// Whether a complaint about a text counts before one that was heard earlier: patterns that are looked
/// at late are heard last, and count where they do among those that are not.
fn comes_before(error: &ValidationError<'_>, best: &Best) -> bool {
    let schema = error.schema_path().as_str().strip_suffix("/pattern");
    let beside = schema.and_then(|schema| best.rule.strip_prefix(schema)?.strip_prefix('/'));
    let word = beside.and_then(|beside| beside.split('/').next());
    matches!(error.kind(), ValidationErrorKind::Pattern { .. })
        && error.instance_path().as_str() == best.place
        && word.is_some_and(|word| word != "pattern" && !BEFORE_PATTERNS.contains(&word))
}

/// The complaints that one sums up, by alternative.
fn alternatives<'e>(error: &'e ValidationError<'_>) -> &'e [Vec<ValidationError<'static>>] {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
        error.kind()
    {
        return context;
    }
    &[]
}

fn steps(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.split('/').skip(1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(schema: &Value, value: &Value, near: &str) -> String {
        let validator = jsonschema::validator_for(schema).unwrap();
        let mut reason = Reason::near(near, &|_, said| said);
        validator.iter_errors(value).for_each(|error| reason.hear(&error));
        reason.told().unwrap()
    }

    #[test]
    fn the_reason_is_what_is_said_about_the_place() {
        let schema = json!({"properties": {"kind": {"const": "new"}, "size": {"maximum": 5}}});
        let value = json!({"kind": "old", "size": 7});
        assert_eq!(told(&schema, &value, "/size"), "7 is greater than the maximum of 5");
        assert_eq!(told(&schema, &value, "/kind"), "\"new\" was expected");
    }

    #[test]
    fn each_missing_member_is_a_reason_of_its_own() {
        let schema = json!({"required": ["a", "b/c"]});
        assert_eq!(told(&schema, &json!({}), "/a"), "\"a\" is a required property");
        assert_eq!(told(&schema, &json!({}), "/b~1c"), "\"b/c\" is a required property");
    }

    #[test]
    fn the_reason_is_found_inside_alternatives() {
        let axis = json!({"properties": {"align": {"enum": ["left", "right"]}}});
        let schema = json!({"anyOf": [
            {"required": ["layer"], "properties": {"config": axis}},
            {"required": ["mark"], "properties": {"config": axis}},
        ]});
        let value = json!({"layer": [], "config": {"align": ""}});
        let said = told(&schema, &value, "/config/align");
        assert_eq!(said, "\"\" is not one of \"left\" or \"right\"");
    }

    #[test]
    fn no_alternative_speaks_for_all() {
        let schema =
            json!({"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}});
        let said = told(&schema, &json!({"a": 0}), "/a");
        assert_eq!(said, "0 is not valid under any of the schemas listed in the 'anyOf' keyword");
    }
}
