//! What an edit of one constraint comes to beside the other constraints of the same value.

use std::sync::Arc;

use super::leaves::{Leaves, REQUIRED, Way, is_integer, number, spellings};
use super::sense::{Shift, limit, members};
use crate::model::{Decimal, Json};
use crate::subtype::language::Language;

/// Whether a value, or one around it, is excused from all its constraints, this one included.
pub(super) fn is_excused(leaves: &Leaves, way: &Way) -> bool {
    (0..way.len()).any(|depth| {
        let (around, own) = way.split_at(depth);
        let is_own = own.len() == 1 && own.first().is_some_and(|word| &**word == "ignore");
        !is_own && leaves.get(&beside(around, "ignore")).is_some_and(excuses_all)
    }) || is_disabled(leaves) && way.iter().ne([DISABLED].map(Arc::from).iter())
}

/// Whether the one constraint may keep back what the other refuses. Excuses and lists of nothing
/// refuse nothing, and `strict` is a part of what it stands beside.
pub(super) fn besets(one: &Way, value: &Json, other: &Way) -> bool {
    let word = |way: &Way| way.last().map_or("", |word| word).to_owned();
    let (name, of) = (word(one), word(other));
    let is_empty = matches!(value, Json::Array(elements) if elements.is_empty());
    one != other
        && !is_empty
        && !matches!(&*name, "ignore" | "strict" | DISABLED)
        && (&*name, &*of) != ("well_known_regex", "strict")
}

/// What excuses a message from all its constraints.
pub(super) const DISABLED: &str = "disabled";

/// Whether the constraints of a message say that none of them counts.
pub(super) fn is_disabled(leaves: &Leaves) -> bool {
    leaves.get(&beside(&[], DISABLED)) == Some(&Json::Boolean(true))
}

/// Whether there is anything that the edited excuse excuses from, or demands again.
pub(super) fn excuses_any(
    (old, was): (&Leaves, Option<&Json>),
    (new, is): (&Leaves, Option<&Json>),
    way: &Way,
) -> bool {
    let around = way.split_last().map_or(&[][..], |(_, around)| around);
    let holds = |leaves: &Leaves, own: Option<&Json>| {
        let others = leaves.keys().filter(|other| *other != way && other.starts_with(around));
        !own.is_some_and(excuses_all) && others.count() > 0
    };
    holds(old, was) || holds(new, is)
}

fn excuses_all(word: &Json) -> bool {
    matches!(word, Json::String(word) if &**word == "IGNORE_ALWAYS")
}

/// Whether the values that the edit frees or refuses are decided by a list: the side that would
/// have more of them allows nothing but its members, none of which are concerned.
pub(super) fn is_shut_in(old: &Leaves, new: &Leaves, way: &Way, shift: Shift) -> bool {
    let (more, less) = match shift {
        Shift::Wider => (new, old),
        Shift::Narrower => (old, new),
        Shift::None | Shift::Across | Shift::Unknown => return false,
    };
    let Some((word, around)) = way.split_last() else { return false };
    // A path stands for all that lie in it.
    let is_of_paths = around.last().is_some_and(|group| &**group == "field_mask");
    let Some(bound) = less.get(way).filter(|_| !is_of_paths) else { return false };
    if is_implied(more, around, (word, bound)) {
        return true;
    }
    let Some(listed) = more.get(&beside(around, "in")) else { return false };
    // Bytes are listed in base64, which is not what the other constraints judge, and a list of
    // nothing is none.
    let (listed, is_text) =
        (members(listed), around.last().is_none_or(|group| &**group != "bytes"));
    is_text
        && !listed.is_empty()
        && listed.iter().all(|value| allows(word, bound, value) == Some(true))
}

/// Whether a constraint follows from another one of the side: a letter takes one byte at least, a text
/// holds what it begins with, and what is spelled in the one way is spelled in the other.
fn is_implied(side: &Leaves, around: &[Arc<str>], (word, bound): (&str, &Json)) -> bool {
    let other = |name: &str| side.get(&beside(around, name));
    let is_set = |name: &str| other(name) == Some(&Json::Boolean(true));
    let limit = number(bound);
    let length = || {
        let (_, length) = LENGTHS.into_iter().find(|(format, _)| is_set(format))?;
        Some(Decimal::from(length))
    };
    let least = |name: &str| other(name).and_then(number).is_some_and(|it| Some(it) >= limit);
    let most = |name: &str| other(name).and_then(number).is_some_and(|it| Some(it) <= limit);
    match (word, bound) {
        ("max_len", _) => most("max_bytes") || length().is_some_and(|it| Some(it) <= limit),
        ("min_len", _) => length().is_some_and(|it| Some(it) >= limit),
        ("min_bytes", _) => least("min_len"),
        ("contains", Json::String(part)) => ["prefix", "suffix"]
            .into_iter()
            .any(|name| matches!(other(name), Some(Json::String(text)) if text.contains(&**part))),
        (_, Json::Boolean(true)) => {
            WITHIN.iter().any(|(wide, narrow)| *wide == word && is_set(narrow))
        }
        _ => false,
    }
}

/// How long a text in a format is.
const LENGTHS: [(&str, i64); 3] = [("uuid", 36), ("tuuid", 32), ("ulid", 26)];

/// Formats whose texts all have another one.
const WITHIN: [(&str, &str); 13] = [
    ("ip", "ipv4"),
    ("ip", "ipv6"),
    ("address", "ip"),
    ("address", "ipv4"),
    ("address", "ipv6"),
    ("address", "hostname"),
    ("uri_ref", "uri"),
    ("ip_with_prefixlen", "ipv4_with_prefixlen"),
    ("ip_with_prefixlen", "ipv6_with_prefixlen"),
    ("ip_with_prefixlen", "ip_prefix"),
    ("ip_prefix", "ipv4_prefix"),
    ("ip_prefix", "ipv6_prefix"),
    ("ipv4_with_prefixlen", "ipv4_prefix"),
];

/// Whether a constraint allows a value; `None` where that is not known here.
fn allows(word: &str, bound: &Json, value: &Json) -> Option<bool> {
    let numbers = || Some((number(value)?, limit(bound)?));
    let texts = || match (value, bound) {
        (Json::String(value), Json::String(bound)) => Some((&**value, &**bound)),
        _ => None,
    };
    let length = |count: fn(&str) -> usize| match value {
        Json::String(text) => {
            let (length, bound) = (u64::try_from(count(text)).ok()?, number(bound)?.to_count()?);
            Some((length, bound))
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    };
    let letters: fn(&str) -> usize = |text| text.chars().count();
    Some(match word {
        "gte" => {
            numbers().map(|(value, (bound, open))| value > bound || !open && value == bound)?
        }
        "lte" => {
            numbers().map(|(value, (bound, open))| value < bound || !open && value == bound)?
        }
        "in" => members(bound).contains(value),
        "not_in" => !members(bound).contains(value),
        "min_len" => length(letters).map(|(length, bound)| length >= bound)?,
        "max_len" => length(letters).map(|(length, bound)| length <= bound)?,
        "min_bytes" => length(str::len).map(|(length, bound)| length >= bound)?,
        "max_bytes" => length(str::len).map(|(length, bound)| length <= bound)?,
        "prefix" => texts().map(|(value, bound)| value.starts_with(bound))?,
        "suffix" => texts().map(|(value, bound)| value.ends_with(bound))?,
        "contains" => texts().map(|(value, bound)| value.contains(bound))?,
        "not_contains" => texts().map(|(value, bound)| !value.contains(bound))?,
        "pattern" => {
            let (value, bound) = texts()?;
            Language::pattern(bound).ok()?.matches(value)?
        }
        _ => return None,
    })
}

/// What becomes of the values where a lower bound lies above an upper one on a side: the two then
/// refuse what lies between them, and neither says anything alone.
pub(super) fn of_gaps(old: &Bounded<'_>, new: &Bounded<'_>, way: &Way) -> Option<Shift> {
    let around = way.split_last().map_or(&[][..], |(_, around)| around);
    let (was, is) = (Span::of(old, around)?, Span::of(new, around)?);
    if !was.is_gap && !is.is_gap {
        return None;
    }
    let is_whole = around.last().is_some_and(|group| is_integer(group));
    let points = points(&was, &is, is_whole)?;
    let lost = points.iter().any(|point| was.holds(point) && !is.holds(point));
    let gained = points.iter().any(|point| !was.holds(point) && is.holds(point));
    Some(match (lost, gained) {
        (true, true) => Shift::Across,
        (true, false) => Shift::Narrower,
        (false, true) => Shift::Wider,
        (false, false) => Shift::None,
    })
}

/// Whether the edit of an upper bound is told with that of the lower one, the two being one.
pub(super) fn is_half(old: &Bounded<'_>, new: &Bounded<'_>, way: &Way) -> bool {
    let Some((word, around)) = way.split_last() else { return false };
    let lower = beside(around, "gte");
    let is_told = old.leaves.get(&lower) != new.leaves.get(&lower);
    &**word == "lte" && is_told && of_gaps(old, new, way).is_some()
}

/// Whether the upper bound beside this one is edited, so that what the two come to is told there.
pub(super) fn tells_upper(old: &Bounded<'_>, new: &Bounded<'_>, way: &Way) -> bool {
    let Some((_, around)) = way.split_last() else { return false };
    let upper = beside(around, "lte");
    old.leaves.get(&upper) != new.leaves.get(&upper)
}

/// What may refuse a value that the edit concerns: the constraint, or either bound where two are one.
pub(super) fn refusing(
    (old, new): &(Bounded<'_>, Bounded<'_>),
    option: &str,
    (way, shift): (&Way, Shift),
) -> Vec<String> {
    let Some((word, around)) = way.split_last() else { return Vec::new() };
    if is_excuse(word) {
        // Whatever else the reader says of the value refuses what is excused no longer, or not yet.
        let reader = if shift == Shift::Wider { old } else { new };
        let others = reader.leaves.keys().filter(|one| *one != way && one.starts_with(around));
        return others.flat_map(|one| constraints(option, one)).collect();
    }
    let is_bound = matches!(&**word, "gte" | "lte");
    if is_bound && (old.is_listed(around) || new.is_listed(around)) {
        let listed = constraints(option, &beside(around, "in"));
        return constraints(option, way).into_iter().chain(listed).collect();
    }
    if !is_bound || of_gaps(old, new, way).is_none() {
        return constraints(option, way);
    }
    let bound = |word: &str| around.iter().cloned().chain([Arc::from(word)]).collect();
    ["gte", "lte"].iter().flat_map(|word| constraints(option, &bound(word))).collect()
}

fn is_excuse(word: &str) -> bool {
    matches!(word, "ignore" | "ignore_empty" | "skipped")
}

/// What a constraint is called on either side, by a referee.
pub(super) fn constraints(option: &str, way: &Way) -> Vec<String> {
    let Some((word, around)) = way.split_last() else { return Vec::new() };
    let mut prefix = option.to_owned();
    for name in around {
        prefix = format!("{prefix}.{name}");
    }
    let names = spellings(word).iter().copied();
    let names = if spellings(word).is_empty() { vec![&**word] } else { names.collect() };
    let mut all: Vec<String> = names.iter().map(|name| format!("{prefix}.{name}")).collect();
    // What must not be empty is said so too.
    if matches!((way.len(), &**word), (2, "min_len" | "min_items" | "min_pairs")) {
        all.push(format!("{option}.{REQUIRED}"));
    }
    all
}

/// The constraints of a side, as they are told and as they are written: `gt: 5, lt: 6` of integers
/// is told as `gte: 6, lte: 5`, and allows nothing, where what is so written refuses nothing.
pub(super) struct Bounded<'j> {
    pub(super) leaves: &'j Leaves,
    pub(super) written: Option<&'j Json>,
}

impl Bounded<'_> {
    /// What is written there.
    pub(super) fn group(&self, around: &[Arc<str>]) -> Option<&Json> {
        around.iter().try_fold(self.written?, |at, name| at.member(name))
    }

    /// Whether the lower bound there is written above the upper one.
    pub(super) fn is_gap(&self, around: &[Arc<str>]) -> bool {
        let written = |words| self.written(around, words);
        match (written(["gt", "gte"]), written(["lt", "lte"])) {
            (Some(least), Some(most)) => most < least,
            (Some(_) | None, _) => false,
        }
    }

    /// Whether the bounds there are told of what is written as a list.
    fn is_listed(&self, around: &[Arc<str>]) -> bool {
        let is_written = |name| self.group(around).and_then(|group| group.member(name)).is_some();
        (is_written("in") || is_written("const"))
            && !self.leaves.contains_key(&beside(around, "in"))
    }

    /// The bound that is written there under one of two names.
    fn written(&self, around: &[Arc<str>], words: [&str; 2]) -> Option<Decimal> {
        let group = self.group(around)?;
        words.iter().find_map(|word| number(group.member(word)?))
    }
}

/// Two bounds of one value, each with whether it is left out itself.
struct Span {
    least: Option<(Decimal, bool)>,
    most: Option<(Decimal, bool)>,
    /// Whether the lower one is written above the upper one: what lies between is refused.
    is_gap: bool,
}

impl Span {
    /// The bounds that stand there; `None` where one is not understood.
    fn of(side: &Bounded<'_>, around: &[Arc<str>]) -> Option<Self> {
        let bound = |word| match side.leaves.get(&beside(around, word)) {
            Some(bound) => limit(bound).map(Some),
            None => Some(None),
        };
        Some(Self { least: bound("gte")?, most: bound("lte")?, is_gap: side.is_gap(around) })
    }

    fn holds(&self, point: &Decimal) -> bool {
        let above = |(bound, open): &(Decimal, bool)| point > bound || !open && point == bound;
        let below = |(bound, open): &(Decimal, bool)| point < bound || !open && point == bound;
        let (least, most) = (self.least.as_ref().map(above), self.most.as_ref().map(below));
        let (least, most) = (least.unwrap_or(true), most.unwrap_or(true));
        if self.is_gap { least || most } else { least && most }
    }
}

/// The bounds, and a point between any two neighbours and beyond the outermost.
fn points(was: &Span, is: &Span, is_whole: bool) -> Option<Vec<Decimal>> {
    let bounds = [&was.least, &was.most, &is.least, &is.most];
    let mut bounds: Vec<Decimal> =
        bounds.into_iter().flatten().map(|(bound, _)| bound.clone()).collect();
    bounds.sort();
    let mut points = Vec::new();
    let half: Decimal = "0.5".parse().ok()?;
    for (at, bound) in bounds.iter().enumerate() {
        for step in [-1_i64, 0, 1] {
            points.push(bound.plus(&Decimal::from(step))?);
        }
        if let Some(next) = bounds.get(at + 1).filter(|_| !is_whole) {
            points.push(bound.plus(next)?.times(&half)?);
        }
    }
    Some(points)
}

fn beside(around: &[Arc<str>], word: &str) -> Way {
    around.iter().cloned().chain([Arc::from(word)]).collect()
}
