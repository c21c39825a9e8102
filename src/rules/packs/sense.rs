//! What each constraint does to the set of values: the table of protovalidate's words.
//!
//! <https://github.com/bufbuild/protovalidate/blob/main/proto/protovalidate/buf/validate/validate.proto>

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::leaves::number;
use crate::model::Json;

/// How the value of a constraint bears on the values that it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Where it is true, something is demanded.
    Demand,
    /// Something is demanded, unless it is false.
    Strict,
    /// A bound from below: the greater, the narrower.
    Least,
    /// A bound from above: the less, the narrower.
    Most,
    /// Nothing but these.
    Allowed,
    /// None of these.
    Forbidden,
    /// Only what fits it, which two different ones may both do.
    Expression,
    /// Rules in a language of their own, all of which must hold.
    Rules,
    /// It excuses values: the later of the words, the wider.
    Excuse,
    /// Nothing of it bears on values.
    Remark,
}

/// What an edit does to the values that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    /// They are the same.
    None,
    /// Fewer.
    Narrower,
    /// More.
    Wider,
    /// Some are refused now, others are allowed.
    Across,
    /// Nobody can say without running it.
    Unknown,
}

impl Shift {
    /// The same edit, made the other way.
    fn turned(self) -> Self {
        match self {
            Self::Narrower => Self::Wider,
            Self::Wider => Self::Narrower,
            Self::None | Self::Across | Self::Unknown => self,
        }
    }
}

/// The words of constraints; every other word is a demand where it is `true`, and otherwise an
/// expression that only its author understands.
const WORDS: [(&str, Sense); 28] = [
    ("gte", Sense::Least),
    ("lte", Sense::Most),
    ("min_len", Sense::Least),
    ("max_len", Sense::Most),
    ("min_bytes", Sense::Least),
    ("max_bytes", Sense::Most),
    ("min_items", Sense::Least),
    ("max_items", Sense::Most),
    ("min_pairs", Sense::Least),
    ("max_pairs", Sense::Most),
    ("within", Sense::Most),
    ("in", Sense::Allowed),
    ("const", Sense::Allowed),
    ("not_in", Sense::Forbidden),
    ("pattern", Sense::Expression),
    ("prefix", Sense::Expression),
    ("suffix", Sense::Expression),
    ("contains", Sense::Expression),
    ("not_contains", Sense::Expression),
    ("cel", Sense::Rules),
    ("cel_expression", Sense::Rules),
    ("well_known_regex", Sense::Expression),
    ("ignore", Sense::Excuse),
    ("ignore_empty", Sense::Excuse),
    ("skipped", Sense::Excuse),
    ("disabled", Sense::Excuse),
    ("strict", Sense::Strict),
    ("example", Sense::Remark),
];

/// The words by which a field may be excused, from strict to lenient.
const EXCUSES: [&str; 7] = [
    "IGNORE_UNSPECIFIED",
    "false",
    "IGNORE_IF_UNPOPULATED",
    "IGNORE_IF_ZERO_VALUE",
    "IGNORE_IF_DEFAULT_VALUE",
    "IGNORE_ALWAYS",
    "true",
];

/// What the word does.
pub(super) fn sense(word: &str, value: &Json) -> Sense {
    let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, sense)| *sense);
    known.unwrap_or(match value {
        Json::Boolean(_) => Sense::Demand,
        Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            Sense::Expression
        }
    })
}

/// What becomes of the allowed values when the constraint changes; it may come or go.
pub(super) fn shift(sense: Sense, old: Option<&Json>, new: Option<&Json>) -> Shift {
    if old == new {
        return Shift::None;
    }
    match sense {
        Sense::Remark => Shift::None,
        Sense::Demand => by_rank(rank(old, &["false", "true"]), rank(new, &["false", "true"])),
        // What is not said is demanded.
        Sense::Strict => {
            by_rank(rank(old, &["true", "false"]), rank(new, &["true", "false"])).turned()
        }
        Sense::Excuse => by_rank(rank(new, &EXCUSES), rank(old, &EXCUSES)),
        Sense::Least => bound(old, new, Ordering::Less),
        Sense::Most => bound(old, new, Ordering::Greater),
        Sense::Allowed => match (old, new) {
            (None, _) => Shift::Narrower,
            (_, None) => Shift::Wider,
            (Some(old), Some(new)) => sets(&members(new), &members(old)),
        },
        Sense::Forbidden => {
            let listed = |list: Option<&Json>| list.map(members).unwrap_or_default();
            sets(&listed(old), &listed(new))
        }
        Sense::Rules => {
            let listed = |list: Option<&Json>| {
                let rules = list.map(members).unwrap_or_default();
                rules.iter().map(judging).collect::<BTreeSet<Json>>()
            };
            match sets(&listed(old), &listed(new)) {
                Shift::Across => Shift::Unknown,
                other @ (Shift::None | Shift::Narrower | Shift::Wider | Shift::Unknown) => other,
            }
        }
        Sense::Expression => match (old, new) {
            (None, _) => Shift::Narrower,
            (_, None) => Shift::Wider,
            (Some(_), Some(_)) => Shift::Unknown,
        },
    }
}

/// What of a rule in a language of its own decides, and not what is told where it refuses.
fn judging(rule: &Json) -> Json {
    let Json::Object(members) = rule else { return rule.clone() };
    let told = |name: &str| matches!(name, "id" | "message");
    let deciding = members.iter().filter(|(name, _)| !told(name));
    Json::object(deciding.map(|(name, value)| (name.clone(), value.clone())))
}

fn rank(value: Option<&Json>, words: &[&str]) -> usize {
    let word = match value {
        Some(Json::String(word)) => word.to_string(),
        Some(Json::Boolean(truth)) => truth.to_string(),
        Some(_) | None => String::new(),
    };
    words.iter().position(|known| *known == word).unwrap_or(0)
}

fn by_rank(old: usize, new: usize) -> Shift {
    match new.cmp(&old) {
        Ordering::Greater => Shift::Narrower,
        Ordering::Less => Shift::Wider,
        Ordering::Equal => Shift::None,
    }
}

/// The way from one bound to another; it is narrower where the old one lies so to the new one.
fn bound(old: Option<&Json>, new: Option<&Json>, narrower: Ordering) -> Shift {
    let (old, new) = match (old, new) {
        (None, _) => return Shift::Narrower,
        (_, None) => return Shift::Wider,
        (Some(old), Some(new)) => (limit(old), limit(new)),
    };
    let (Some((old, old_open)), Some((new, new_open))) = (old, new) else {
        return Shift::Unknown;
    };
    match old.cmp(&new) {
        Ordering::Equal if old_open == new_open => Shift::None,
        Ordering::Equal if new_open => Shift::Narrower,
        Ordering::Equal => Shift::Wider,
        order if order == narrower => Shift::Narrower,
        Ordering::Less | Ordering::Greater => Shift::Wider,
    }
}

/// The number of a bound, and whether it is left out itself.
pub(super) fn limit(bound: &Json) -> Option<(crate::model::Decimal, bool)> {
    match bound {
        Json::Array(open) => Some((number(open.first()?)?, true)),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Some((number(bound)?, false))
        }
    }
}

/// Narrower where the first lies in the second, wider where it is the other way round.
fn sets(first: &BTreeSet<Json>, second: &BTreeSet<Json>) -> Shift {
    match (first.is_subset(second), second.is_subset(first)) {
        (true, true) => Shift::None,
        (true, false) => Shift::Narrower,
        (false, true) => Shift::Wider,
        (false, false) => Shift::Across,
    }
}

/// The members of a list; a lone value is a list of one.
pub(super) fn members(list: &Json) -> BTreeSet<Json> {
    match list {
        Json::Array(members) => members.iter().cloned().collect(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            [list.clone()].into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(number: i64) -> Json {
        Json::Number(number.into())
    }

    #[test]
    fn a_bound_narrows_towards_the_values() {
        let (one, two) = (json(1), json(2));
        assert_eq!(shift(Sense::Least, Some(&one), Some(&two)), Shift::Narrower);
        assert_eq!(shift(Sense::Most, Some(&one), Some(&two)), Shift::Wider);
        assert_eq!(shift(Sense::Least, None, Some(&one)), Shift::Narrower);
        let open = Json::array([one.clone()]);
        assert_eq!(shift(Sense::Least, Some(&one), Some(&open)), Shift::Narrower);
        assert_eq!(shift(Sense::Most, Some(&open), Some(&one)), Shift::Wider);
    }

    #[test]
    fn lists_are_compared_as_sets() {
        let list = |numbers: &[i64]| Json::array(numbers.iter().copied().map(json));
        let (few, many, other) = (list(&[1]), list(&[2, 1]), list(&[3]));
        assert_eq!(shift(Sense::Allowed, Some(&many), Some(&few)), Shift::Narrower);
        assert_eq!(shift(Sense::Allowed, Some(&few), Some(&other)), Shift::Across);
        assert_eq!(shift(Sense::Forbidden, Some(&few), Some(&many)), Shift::Narrower);
        assert_eq!(shift(Sense::Allowed, Some(&few), None), Shift::Wider);
    }

    #[test]
    fn an_excuse_widens() {
        let always = Json::string("IGNORE_ALWAYS");
        assert_eq!(shift(Sense::Excuse, None, Some(&always)), Shift::Wider);
        assert_eq!(shift(Sense::Excuse, Some(&Json::Boolean(true)), None), Shift::Narrower);
        assert_eq!(sense("uuid", &Json::Boolean(true)), Sense::Demand);
    }
}
