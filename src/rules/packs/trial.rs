//! Values that tell constraints apart: those at their bounds, those that they list, and plain ones.

use std::collections::BTreeSet;

use super::leaves::{Way, number};
use super::sense::{Shift, members};
use crate::model::moment::text_of;
use crate::model::{Decimal, Json};
use crate::subtype::exchange::Sample;
use crate::subtype::language::{Language, Query, Search, find};

/// Longer texts and lists are not tried.
const MOST_LONG: u64 = 256;

/// How many values are tried for one constraint.
const MOST_TRIALS: usize = 128;

/// Values worth trying for these constraints, of which one has two values. A value of a wrong type
/// is nobody's: no writer can write it.
pub(crate) fn trial_values<'j>(
    leaves: impl Iterator<Item = (&'j Way, &'j Json)>,
    (was, is): (Option<&Json>, Option<&Json>),
    keys: bool,
) -> Vec<Sample> {
    let mut values: Vec<Json> = expressions(was, is);
    for (way, bound) in leaves {
        values.extend(around(way.last().map_or("", |word| word), bound));
    }
    values.extend([Json::string("a"), Json::string(""), Json::Boolean(true), Json::Boolean(false)]);
    values.extend([0, 1, -1].map(|plain: i64| Json::Number(plain.into())));
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values.truncate(MOST_TRIALS);
    let sample = |value| if keys { Sample::Key(value) } else { Sample::Value(value) };
    let plain = [Sample::Absent, Sample::Ordinary];
    plain.into_iter().chain(values.into_iter().map(sample)).collect()
}

/// Texts in the formats that constraints name, and bytes of their sizes.
const SPELLED: [&str; 16] = [
    "127.0.0.1",
    "::1",
    "550e8400-e29b-41d4-a716-446655440000",
    "550e8400e29b41d4a716446655440000",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "http://a.example/b",
    "a@a.example",
    "a.example",
    "/a",
    " ",
    "a.example:80",
    "10.0.0.0/8",
    "10.0.0.1/8",
    "2001:db8::/32",
    "fwAAAQ==",
    "AAAAAAAAAAAAAAAAAAAAAQ==",
];

/// Values at the edge of what one constraint allows.
fn around(word: &str, bound: &Json) -> Vec<Json> {
    let bare = match bound {
        Json::Array(open) if matches!(word, "gte" | "lte") => open.first().unwrap_or(bound),
        Json::Null
        | Json::Boolean(_)
        | Json::Number(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => bound,
    };
    match word {
        "min_len" | "max_len" | "min_bytes" | "max_bytes" => {
            // A letter may take two bytes.
            sizes(bare)
                .flat_map(|size| ["a", "é"].map(|letter| Json::string(letter.repeat(size))))
                .collect()
        }
        "min_items" | "max_items" => sizes(bare).flat_map(lists).collect(),
        "min_pairs" | "max_pairs" => sizes(bare).flat_map(maps).collect(),
        "gte" | "lte" => steps(bare),
        "in" | "not_in" => listed(&members(bound)),
        "prefix" | "suffix" | "contains" | "not_contains" => match bare {
            Json::String(part) => ["", "-"]
                .iter()
                .flat_map(|before| ["", "-"].map(|after| format!("{before}{part}{after}")))
                .map(Json::string)
                .collect(),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                Vec::new()
            }
        },
        "finite" => ["Infinity", "-Infinity", "NaN"].map(Json::string).to_vec(),
        _ if *bare == Json::Boolean(true) => SPELLED.map(Json::string).to_vec(),
        _ => Vec::new(),
    }
}

fn sizes(bound: &Json) -> impl Iterator<Item = usize> {
    let bound = number(bound).and_then(|bound| bound.to_count()).filter(|most| *most <= MOST_LONG);
    let bounds = bound.into_iter().flat_map(|bound| [bound.saturating_sub(1), bound, bound + 1]);
    bounds.filter_map(|bound| usize::try_from(bound).ok())
}

/// The number and its neighbours, and the same as seconds.
fn steps(bound: &Json) -> Vec<Json> {
    let Some(bound) = number(bound) else { return Vec::new() };
    let near = [-1_i64, 0, 1].into_iter().filter_map(|step| bound.plus(&Decimal::from(step)));
    let values = |near: Decimal| {
        let moment = near.to_i64().and_then(text_of).map(Json::string);
        moment.into_iter().chain([Json::string(format!("{near}s")), Json::Number(near)])
    };
    near.flat_map(values).collect()
}

/// What is listed, and before it the numbers beside it that are not: those in a gap of the list, too.
fn listed(members: &BTreeSet<Json>) -> Vec<Json> {
    let beside = |member: &Json| match member {
        Json::Number(number) => [-1_i64, 1].map(|step| number.plus(&Decimal::from(step))),
        Json::Null | Json::Boolean(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            [None, None]
        }
    };
    let near = members.iter().flat_map(beside).flatten().map(Json::Number);
    near.filter(|value| !members.contains(value)).chain(members.iter().cloned()).collect()
}

fn lists(size: usize) -> [Json; 3] {
    let numbers = (1..=size).map(|at| Json::Number(u64::try_from(at).unwrap_or(1).into()));
    let texts = (1..=size).map(|at| Json::string(format!("a{at}")));
    let empty = (0..size).map(|_| Json::object::<&str>([]));
    [Json::array(numbers), Json::array(texts), Json::array(empty)]
}

fn maps(size: usize) -> [Json; 2] {
    let numbers = (1..=size).map(|at| (at.to_string(), Json::Number(1_i64.into())));
    let texts = (1..=size).map(|at| (at.to_string(), Json::string("a")));
    [Json::object(numbers), Json::object(texts)]
}

/// What becomes of the texts that are allowed when what they must look like changes.
pub(super) fn of_texts(word: &str, was: &str, is: &str) -> Shift {
    let by = |narrower: bool, wider: bool| match (narrower, wider) {
        (true, true) => Shift::None,
        (true, false) => Shift::Narrower,
        (false, true) => Shift::Wider,
        (false, false) => Shift::Across,
    };
    match word {
        "prefix" => by(is.starts_with(was), was.starts_with(is)),
        "suffix" => by(is.ends_with(was), was.ends_with(is)),
        "contains" => by(is.contains(was), was.contains(is)),
        "not_contains" => by(was.contains(is), is.contains(was)),
        "pattern" => of_patterns(was, is),
        _ => Shift::Unknown,
    }
}

fn of_patterns(was: &str, is: &str) -> Shift {
    let (Ok(was), Ok(is)) = (Language::pattern(was), Language::pattern(is)) else {
        return Shift::Unknown;
    };
    match (apart(Some(&was), Some(&is)), apart(Some(&is), Some(&was))) {
        (Search::Empty, Search::Empty) => Shift::None,
        (Search::Found(_), Search::Empty) => Shift::Narrower,
        (Search::Empty, Search::Found(_)) => Shift::Wider,
        (Search::Found(_), Search::Found(_)) => Shift::Across,
        (Search::Exhausted(_), _) | (_, Search::Exhausted(_)) => Shift::Unknown,
    }
}

/// A text of the one language and not of the other; where there is no language, of any.
fn apart(all: Option<&Language>, none: Option<&Language>) -> Search {
    find(&Query {
        all: all.into_iter().collect(),
        none: none.into_iter().collect(),
        min_length: 0,
        max_length: None,
        except: &BTreeSet::new(),
    })
}

/// Texts that one expression matches and the other does not.
fn expressions(was: Option<&Json>, is: Option<&Json>) -> Vec<Json> {
    let language = |value: Option<&Json>| match value {
        Some(Json::String(pattern)) => Language::pattern(pattern).ok(),
        Some(_) | None => None,
    };
    let (was, is) = (language(was), language(is));
    if was.is_none() && is.is_none() {
        return Vec::new();
    }
    let found = [apart(was.as_ref(), is.as_ref()), apart(is.as_ref(), was.as_ref())];
    let texts = found.into_iter().filter_map(|found| match found {
        Search::Found(text) => Some(Json::string(text)),
        Search::Empty | Search::Exhausted(_) => None,
    });
    texts.collect()
}
