//! Lists and maps: how many of what they may hold.

use super::{Found, Refusing, Values, Zero, is_within};
use crate::model::Json;

/// Larger ones are not made up.
const MOST_MANY: u64 = 256;

/// What is in a list or a map.
#[derive(Clone, Debug)]
pub(crate) enum Parts {
    /// Elements, which may be the same.
    Repeating(Values),
    /// Elements, no two of which are the same.
    Distinct(Values),
    /// Entries, of which the keys are never the same.
    Entries(Values, Values),
}

/// The lists or maps that are admitted.
#[derive(Clone, Debug)]
pub(crate) struct Many {
    pub(crate) parts: Parts,
    pub(crate) least: u64,
    pub(crate) most: Option<u64>,
    /// How one that holds nothing is taken.
    pub(crate) empty: Zero,
}

/// How many there are to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    /// Fewer than so many, though at least one where the reader excuses none.
    Below(u64, Zero),
    /// More than so many.
    Above(u64),
}

/// What a reader of lists and maps may refuse about them.
#[derive(Clone, Debug)]
pub(crate) enum Lacking<'c> {
    Count(Count),
    /// Two elements are the same.
    Repeats,
    /// An element, or the value of an entry.
    Element(Refusing<'c>),
    /// The key of an entry.
    Key(Refusing<'c>),
}

impl Many {
    /// One that is admitted, and refused for this.
    pub(crate) fn find(&self, lacking: &Lacking<'_>) -> Found {
        let least = self.least.max(1);
        match lacking {
            Lacking::Count(Count::Below(bound, zero)) => {
                if *bound > 0 && *zero != Zero::Excused && self.may_be_empty() {
                    return Found::Value(self.made_of(Vec::new(), Vec::new()));
                }
                if least < *bound { self.of_size(least, (None, None)) } else { Found::Nothing }
            }
            Lacking::Count(Count::Above(bound)) => match bound.checked_add(1) {
                Some(more) => self.of_size(least.max(more), (None, None)),
                None => Found::Nothing,
            },
            Lacking::Repeats => match &self.parts {
                Parts::Repeating(_) => self.of_size(least.max(2), (None, None)),
                Parts::Distinct(_) | Parts::Entries(..) => Found::Nothing,
            },
            Lacking::Element(refusing) => match &self.parts {
                Parts::Repeating(values) | Parts::Distinct(values) | Parts::Entries(_, values) => {
                    self.with(values.find(Some(refusing)), |value| (None, Some(value)))
                }
            },
            Lacking::Key(refusing) => match &self.parts {
                Parts::Entries(keys, _) => {
                    self.with(keys.find(Some(refusing)), |key| (Some(key), None))
                }
                Parts::Repeating(_) | Parts::Distinct(_) => Found::Nothing,
            },
        }
    }

    /// Whether one that holds nothing is admitted.
    pub(crate) fn may_be_empty(&self) -> bool {
        match self.empty {
            Zero::Judged => self.least == 0,
            Zero::Excused => true,
            Zero::Refused => false,
        }
    }

    fn with(&self, part: Found, place: impl Fn(Json) -> (Option<Json>, Option<Json>)) -> Found {
        match part {
            Found::Value(value) => self.of_size(self.least.max(1), place(value)),
            Found::Nothing => Found::Nothing,
            // Where there is room for none, it does not matter.
            Found::Unknown if self.most == Some(0) => Found::Nothing,
            Found::Unknown => Found::Unknown,
        }
    }

    /// One of this size, with this key and this element.
    fn of_size(&self, size: u64, (key, element): (Option<Json>, Option<Json>)) -> Found {
        if !is_within(size, self.least, self.most) {
            return Found::Nothing;
        }
        let Ok(count) = usize::try_from(size) else { return Found::Unknown };
        if size > MOST_MANY {
            return Found::Unknown;
        }
        let one = |values: &Values, wanted: Option<Json>| match wanted {
            Some(value) => Found::Value(value),
            None => values.find(None),
        };
        let (keys, element) = match &self.parts {
            Parts::Repeating(values) => (None, one(values, element)),
            Parts::Distinct(values) => {
                return match members(values, element, size) {
                    Ok(all) => Found::Value(self.made_of(Vec::new(), all)),
                    Err(found) => found,
                };
            }
            Parts::Entries(keys, values) => (Some(keys), one(values, element)),
        };
        let Found::Value(element) = element else { return element };
        let keys = match keys.map(|keys| members(keys, key, size)) {
            Some(Ok(keys)) => keys,
            Some(Err(found)) => return found,
            None => Vec::new(),
        };
        Found::Value(self.made_of(keys, vec![element; count]))
    }

    fn made_of(&self, keys: Vec<Json>, elements: Vec<Json>) -> Json {
        match &self.parts {
            Parts::Repeating(_) | Parts::Distinct(_) => Json::array(elements),
            Parts::Entries(..) => {
                let named = |key: Json| match key {
                    Json::String(text) => text,
                    other @ (Json::Null
                    | Json::Boolean(_)
                    | Json::Number(_)
                    | Json::Array(_)
                    | Json::Object(_)) => other.to_string().into(),
                };
                Json::object(keys.into_iter().map(named).zip(elements))
            }
        }
    }
}

/// So many members of a set; where there are fewer, or nobody knows, that.
fn members(values: &Values, first: Option<Json>, wanted: u64) -> Result<Vec<Json>, Found> {
    let found = values.members(first, wanted).ok_or(Found::Unknown)?;
    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    if count >= wanted {
        Ok(found)
    } else if count >= super::MOST_MEMBERS {
        Err(Found::Unknown)
    } else {
        Err(Found::Nothing)
    }
}
