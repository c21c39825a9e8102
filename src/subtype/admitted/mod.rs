//! Sets of values that are said by conditions on one value: is there a value that a writer's
//! conditions admit and one of a reader's refuses?
//!
//! Numbers are decided at the bounds and beside them, texts and bytes as languages, lists and maps by
//! how many of what they may hold. What nobody here can run is [`Condition::Unknown`]: it may
//! refuse anything, so that what is proven without it holds with it, and no more.

mod many;
mod number;
mod text;

use std::collections::BTreeSet;

pub(crate) use many::{Count, Lacking, Many, Parts};
pub(crate) use number::Span;

use super::language::Language;
use crate::model::{Decimal, Json};

/// How many members of a set are counted.
const MOST_MEMBERS: u64 = 16;

/// What a value is before any condition.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A number at whole steps from zero, between two others.
    Stepped { step: Decimal, least: Decimal, most: Decimal },
    /// A number without such steps, or one of the words `Infinity`, `-Infinity`, `NaN`.
    Real,
    /// One of these numbers.
    Listed(BTreeSet<Decimal>),
    /// `true` or `false`.
    Truth,
    /// A text.
    Text,
    /// Bytes, each as the code point of its number.
    Bytes,
    /// Anything else, of which nothing is known.
    Other,
}

/// What is demanded of a value.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// The number lies within bounds.
    Within(Span),
    /// It is one of these.
    Among(BTreeSet<Json>),
    /// It is none of these.
    Beyond(BTreeSet<Json>),
    /// It is a number with an end.
    Finite,
    /// The text has so many code points.
    Length(u64, Option<u64>),
    /// The text takes so many bytes.
    Size(u64, Option<u64>),
    /// The text is in the language.
    In(Language),
    /// The text is not in the language.
    NotIn(Language),
    /// Nobody here can tell; what is called the same is the same.
    Unknown(String),
}

/// How the value that stands for an absent one is taken: zero, an empty text, a list of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zero {
    /// As any other.
    Judged,
    /// It is admitted, whatever the conditions say.
    Excused,
    /// It is refused, whatever they say.
    Refused,
}

/// The values of one kind that meet all conditions.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    pub(crate) kind: Kind,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) zero: Zero,
}

/// A condition of a reader, and how that takes zero.
#[derive(Clone, Debug)]
pub(crate) struct Refusing<'c> {
    pub(crate) condition: &'c Condition,
    pub(crate) zero: Zero,
}

/// Whether there is a value, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Value(Json),
    /// Proven: there is none.
    Nothing,
    Unknown,
}

impl Values {
    /// A value that is admitted, and that the reader's condition refuses, if one is asked about.
    pub(crate) fn find(&self, refusing: Option<&Refusing<'_>>) -> Found {
        let zero = self.kind.zero();
        let mut of_zero = Found::Nothing;
        if let (Some(zero), Zero::Excused) = (&zero, self.zero) {
            let is_allowed = match refusing {
                Some(reader) if reader.zero == Zero::Excused => Some(true),
                Some(reader) => reader.condition.allows(zero),
                None => Some(false),
            };
            match is_allowed {
                Some(true) => {}
                Some(false) => return Found::Value(zero.clone()),
                None => of_zero = Found::Unknown,
            }
        }
        let is_set_apart =
            self.zero != Zero::Judged || refusing.is_some_and(|one| one.zero == Zero::Excused);
        let mut conditions: Vec<Condition> = self.conditions.clone();
        conditions
            .extend(zero.filter(|_| is_set_apart).map(|zero| Condition::Beyond([zero].into())));
        let refused = refusing.map(|one| one.condition);
        let is_same = |one: &Condition| match (one, refused) {
            (Condition::Unknown(one), Some(Condition::Unknown(other))) => one == other,
            _ => false,
        };
        if conditions.iter().any(is_same) {
            return of_zero;
        }
        let found = match &self.kind {
            Kind::Text | Kind::Bytes => text::find(&self.kind, &conditions, refused),
            Kind::Stepped { .. } | Kind::Real | Kind::Listed(_) | Kind::Truth => {
                number::find(&self.kind, &conditions, refused)
            }
            Kind::Other => Found::Unknown,
        };
        if found == Found::Nothing { of_zero } else { found }
    }

    /// Up to so many members, the wanted one first; and whether there may be more, where that is
    /// known.
    fn members(&self, first: Option<Json>, most: u64) -> Option<Vec<Json>> {
        let mut found: Vec<Json> = first.into_iter().collect();
        while found.len() < usize::try_from(most.min(MOST_MEMBERS)).ok()? {
            let mut rest = self.clone();
            let taken: BTreeSet<Json> = found.iter().cloned().collect();
            if rest.zero == Zero::Excused && self.kind.zero().is_some_and(|it| taken.contains(&it))
            {
                rest.zero = Zero::Refused;
            }
            rest.conditions.push(Condition::Beyond(taken));
            match rest.find(None) {
                Found::Value(value) => found.push(value),
                Found::Nothing => break,
                Found::Unknown => return None,
            }
        }
        Some(found)
    }
}

impl Kind {
    /// The value that stands for an absent one.
    pub(crate) fn zero(&self) -> Option<Json> {
        Some(match self {
            Self::Stepped { .. } | Self::Real | Self::Listed(_) => Json::Number(Decimal::zero()),
            Self::Truth => Json::Boolean(false),
            Self::Text | Self::Bytes => Json::string(""),
            Self::Other => return None,
        })
    }
}

impl Condition {
    /// Whether a value meets it, where that is known.
    pub(crate) fn allows(&self, value: &Json) -> Option<bool> {
        Some(match self {
            Self::Within(span) => span.holds(value)?,
            Self::Among(listed) => listed.contains(value),
            Self::Beyond(listed) => !listed.contains(value),
            Self::Finite => matches!(value, Json::Number(_)),
            Self::Length(least, most) => is_within(text::length(value)?, *least, *most),
            Self::Size(least, most) => is_within(text::size(value)?, *least, *most),
            Self::In(language) => language.matches(text::of(value)?)?,
            Self::NotIn(language) => !language.matches(text::of(value)?)?,
            Self::Unknown(_) => return None,
        })
    }
}

fn is_within(count: u64, least: u64, most: Option<u64>) -> bool {
    count >= least && most.is_none_or(|most| count <= most)
}

/// The first of the candidates that all conditions admit and the last one refuses; nothing is proven
/// where these are not all that there may be.
fn first_of(
    candidates: impl IntoIterator<Item = Json>,
    conditions: &[Condition],
    refused: Option<&Condition>,
) -> Found {
    let mut found = Found::Nothing;
    for value in candidates {
        let opinions: Vec<Option<bool>> = conditions.iter().map(|one| one.allows(&value)).collect();
        let admitted = if opinions.contains(&Some(false)) {
            Some(false)
        } else if opinions.contains(&None) {
            None
        } else {
            Some(true)
        };
        let is_refused = match refused {
            Some(refused) => refused.allows(&value).map(|is_allowed| !is_allowed),
            None => Some(true),
        };
        match (admitted, is_refused) {
            (Some(true), Some(true)) => return Found::Value(value),
            (Some(false), _) | (_, Some(false)) => {}
            (None, _) | (_, None) => found = Found::Unknown,
        }
    }
    found
}

#[cfg(test)]
mod tests;
