//! Numbers and other values of few: decided at every bound and beside it.

use std::collections::BTreeSet;

use super::{Condition, Found, Kind, first_of};
use crate::model::{Decimal, Json};

/// Bounds of a number, each with whether it is left out itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span {
    pub(crate) least: Option<(Decimal, bool)>,
    pub(crate) most: Option<(Decimal, bool)>,
    /// Whether what lies between the bounds is what is refused.
    pub(crate) is_gap: bool,
}

impl Span {
    /// Whether a number, or a word that stands for none, lies within.
    pub(super) fn holds(&self, value: &Json) -> Option<bool> {
        let (above, below) = match value {
            Json::Number(number) => {
                let above =
                    |(bound, open): &(Decimal, bool)| number > bound || !open && number == bound;
                let below =
                    |(bound, open): &(Decimal, bool)| number < bound || !open && number == bound;
                (self.least.as_ref().is_none_or(above), self.most.as_ref().is_none_or(below))
            }
            Json::String(word) => match &**word {
                "Infinity" => (true, self.most.is_none()),
                "-Infinity" => (self.least.is_none(), true),
                _ => (false, false),
            },
            Json::Null | Json::Boolean(_) | Json::Array(_) | Json::Object(_) => return None,
        };
        Some(if self.is_gap { above || below } else { above && below })
    }
}

/// A value that all conditions admit and the last one refuses.
///
/// The conditions change what they say at their bounds only. Between two neighbours that are bounds,
/// and beyond the outermost, all numbers fare alike, and one of each stretch is asked.
pub(super) fn find(kind: &Kind, conditions: &[Condition], refused: Option<&Condition>) -> Found {
    let bounds: BTreeSet<Decimal> =
        conditions.iter().chain(refused).flat_map(bounds_of).chain([Decimal::zero()]).collect();
    let numbers: Option<BTreeSet<Decimal>> = match kind {
        Kind::Stepped { step, least, most } => stepped(&bounds, step, (least, most)),
        Kind::Real => dense(&bounds),
        Kind::Listed(numbers) => Some(numbers.clone()),
        Kind::Truth | Kind::Text | Kind::Bytes | Kind::Other => Some(BTreeSet::new()),
    };
    let Some(numbers) = numbers else { return Found::Unknown };
    let mut values: Vec<Json> = nearest_first(numbers).into_iter().map(Json::Number).collect();
    match kind {
        Kind::Real => values.extend(["Infinity", "-Infinity", "NaN"].map(Json::string)),
        Kind::Truth => values.extend([true, false].map(Json::Boolean)),
        Kind::Stepped { .. } | Kind::Listed(_) | Kind::Text | Kind::Bytes | Kind::Other => {}
    }
    first_of(values, conditions, refused)
}

/// Plain numbers before those that are far from zero.
fn nearest_first(numbers: BTreeSet<Decimal>) -> Vec<Decimal> {
    let size = |number: &Decimal| {
        if number.is_negative() { number.negated() } else { number.clone() }
    };
    let mut numbers: Vec<Decimal> = numbers.into_iter().collect();
    numbers.sort_by_key(|number| (size(number), number.is_negative()));
    numbers
}

fn bounds_of(condition: &Condition) -> Vec<Decimal> {
    match condition {
        Condition::Within(Span { least, most, is_gap: _ }) => {
            [least, most].into_iter().flatten().map(|(bound, _)| bound.clone()).collect()
        }
        Condition::Among(listed) | Condition::Beyond(listed) => {
            let number = |value: &Json| match value {
                Json::Number(number) => Some(number.clone()),
                Json::Null
                | Json::Boolean(_)
                | Json::String(_)
                | Json::Array(_)
                | Json::Object(_) => None,
            };
            listed.iter().filter_map(number).collect()
        }
        Condition::Finite
        | Condition::Length(..)
        | Condition::Size(..)
        | Condition::In(_)
        | Condition::NotIn(_)
        | Condition::Unknown(_) => Vec::new(),
    }
}

fn stepped(
    bounds: &BTreeSet<Decimal>,
    step: &Decimal,
    (least, most): (&Decimal, &Decimal),
) -> Option<BTreeSet<Decimal>> {
    let mut found: BTreeSet<Decimal> = [least.clone(), most.clone()].into();
    for bound in bounds {
        for near in [bound.floor_to(step)?, bound.ceil_to(step)?] {
            found.extend([near.plus(&step.negated())?, near.plus(step)?, near]);
        }
    }
    found.retain(|number| least <= number && number <= most);
    Some(found)
}

fn dense(bounds: &BTreeSet<Decimal>) -> Option<BTreeSet<Decimal>> {
    let half: Decimal = "0.5".parse().ok()?;
    let mut found = bounds.clone();
    for (bound, next) in bounds.iter().zip(bounds.iter().skip(1)) {
        found.insert(bound.plus(next)?.times(&half)?);
    }
    let one = Decimal::from(1_i64);
    found.extend(bounds.first().and_then(|first| first.plus(&one.negated())));
    found.extend(bounds.last().and_then(|last| last.plus(&one)));
    Some(found)
}
