//! What the bounds of a term tell of a further condition: that it is given already, or cannot be.
//!
//! A reader's alternatives that divide a range among them are refused one by one, and each refusal
//! is one of two sides. Mostly one of the sides is gone, so that the refusals follow from each other
//! in a row, where all combinations of sides would be looked into.

use std::cmp::Ordering;

use super::number::Edge;
use super::term::{ArrayLeaf, Item, NumberLeaf, ObjectLeaf, Tally, Term, TextLeaf};
use crate::model::Decimal;

/// What is known of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It holds of everything in the term.
    Given,
    /// It holds of nothing in the term.
    Impossible,
    /// Neither shows at once.
    Open,
}

/// What the term's bounds tell of the condition.
pub(super) fn known(term: &Term, item: &Item) -> Known {
    match item {
        Item::Number(leaf) => of_number(&term.numbers, leaf),
        Item::Text(leaf) => of_text(&term.texts, leaf),
        Item::Array(leaf) => of_array(term, leaf),
        Item::Object(leaf) => of_object(term, leaf),
        Item::Lit(_)
        | Item::NoneOf(_)
        | Item::OneOf(_)
        | Item::Split(_)
        | Item::Unsure(_)
        | Item::Names(_)
        | Item::Muted(_)
        | Item::OnlyOf(..)
        | Item::Neither(_)
        | Item::Never => Known::Open,
    }
}

/// Takes a condition on numbers; bounds that it makes superfluous go.
pub(super) fn take_number(numbers: &mut Vec<NumberLeaf>, leaf: NumberLeaf) {
    if of_number(numbers, &leaf) == Known::Given {
        return;
    }
    let alone = std::slice::from_ref(&leaf);
    numbers.retain(|known| !is_bound(known) || of_number(alone, known) != Known::Given);
    numbers.push(leaf);
}

fn of_number(numbers: &[NumberLeaf], leaf: &NumberLeaf) -> Known {
    let opposite = leaf.negated();
    if numbers.contains(leaf) {
        return Known::Given;
    }
    if numbers.contains(&opposite) {
        return Known::Impossible;
    }
    if !is_bound(leaf) {
        return Known::Open;
    }
    let admits = |leaf: &NumberLeaf| {
        let (mut low, mut high, mut is_whole) = (None, None, false);
        for known in numbers.iter().chain([leaf]) {
            match known {
                NumberLeaf::AtLeast(bound) => low = low.max(Some((bound, Edge::Closed))),
                NumberLeaf::Above(bound) => low = low.max(Some((bound, Edge::Open))),
                NumberLeaf::AtMost(bound) => high = Some(least(high, (bound, Edge::Closed))),
                NumberLeaf::Below(bound) => high = Some(least(high, (bound, Edge::Open))),
                NumberLeaf::Integer(true) | NumberLeaf::Literal(true) => is_whole = true,
                NumberLeaf::Integer(false)
                | NumberLeaf::Literal(false)
                | NumberLeaf::Multiple(..) => {}
            }
        }
        low.zip(high).is_none_or(|(low, high)| has_room(low, high, is_whole))
    };
    of(admits(leaf), admits(&opposite))
}

/// The bound with how it counts: of two at the same value an open one leaves less, and is greater.
type Bound<'b> = (&'b Decimal, Edge);

/// The lower of two upper bounds.
fn least<'b>(known: Option<Bound<'b>>, other: Bound<'b>) -> Bound<'b> {
    known.map_or(other, |known| match known.0.cmp(other.0) {
        Ordering::Less => known,
        Ordering::Equal => known.max(other),
        Ordering::Greater => other,
    })
}

/// Whether there is a number between the two; a whole one where it has to be.
fn has_room((low, from): Bound<'_>, (high, to): Bound<'_>, is_whole: bool) -> bool {
    let is_closed = from == Edge::Closed && to == Edge::Closed;
    if !is_whole {
        return low < high || low == high && is_closed;
    }
    if is_closed && low.is_integer() && high.is_integer() {
        return low <= high;
    }
    let one = Decimal::from(1_i64);
    let inside = |bound: Decimal, edge: Edge, end: &Decimal, step: &Decimal| {
        if edge == Edge::Open && bound == *end { bound.plus(step) } else { Some(bound) }
    };
    let first = low.ceil_to(&one).and_then(|first| inside(first, from, low, &one));
    let last = high.floor_to(&one).and_then(|last| inside(last, to, high, &one.negated()));
    first.zip(last).is_none_or(|(first, last)| first <= last)
}

fn is_bound(leaf: &NumberLeaf) -> bool {
    match leaf {
        NumberLeaf::AtLeast(_)
        | NumberLeaf::Above(_)
        | NumberLeaf::AtMost(_)
        | NumberLeaf::Below(_) => true,
        NumberLeaf::Integer(_) | NumberLeaf::Literal(_) | NumberLeaf::Multiple(..) => false,
    }
}

fn of_text(texts: &[TextLeaf], leaf: &TextLeaf) -> Known {
    let (mut least, mut most) = (0, None);
    for known in texts {
        match known {
            TextLeaf::AtLeast(length) => least = (*length).max(least),
            TextLeaf::AtMost(length) => most = Some(most.map_or(*length, |m: u64| m.min(*length))),
            TextLeaf::Pattern(..) | TextLeaf::Format(..) => {}
        }
    }
    let opposite = match leaf {
        TextLeaf::AtLeast(count) => return at_least(*count, (least, most)),
        TextLeaf::AtMost(count) => return at_most(*count, (least, most)),
        TextLeaf::Pattern(pattern, sign) => TextLeaf::Pattern(pattern.clone(), !sign),
        TextLeaf::Format(name, sign) => TextLeaf::Format(name.clone(), !sign),
    };
    of(!texts.contains(&opposite), !texts.contains(leaf))
}

fn of_array(term: &Term, leaf: &ArrayLeaf) -> Known {
    let range = (term.array.least, term.array.most);
    match leaf {
        ArrayLeaf::AtLeast(count) => at_least(*count, range),
        ArrayLeaf::AtMost(count) => at_most(*count, range),
        ArrayLeaf::At(position, _) | ArrayLeaf::Some(position, _) => {
            let count = u64::try_from(*position).unwrap_or(u64::MAX).saturating_add(1);
            match at_least(count, range) {
                Known::Impossible => Known::Impossible,
                Known::Given | Known::Open => Known::Open,
            }
        }
        ArrayLeaf::Position(..)
        | ArrayLeaf::From(..)
        | ArrayLeaf::Count(_)
        | ArrayLeaf::Unique(_) => Known::Open,
    }
}

fn of_object(term: &Term, leaf: &ObjectLeaf) -> Known {
    let object = &term.object;
    let present = u64::try_from(object.present.len()).unwrap_or(u64::MAX);
    let range = (object.least.max(present), object.most);
    match leaf {
        ObjectLeaf::AtLeast(count) => at_least(*count, range),
        ObjectLeaf::AtMost(count) => at_most(*count, range),
        ObjectLeaf::Present(name) if !object.present.contains(name) => {
            let is_full = object.most.is_some_and(|most| most <= present);
            if is_full { Known::Impossible } else { Known::Open }
        }
        ObjectLeaf::Present(_)
        | ObjectLeaf::Absent(_)
        | ObjectLeaf::Member(..)
        | ObjectLeaf::Members(..)
        | ObjectLeaf::Some(..)
        | ObjectLeaf::Name(_)
        | ObjectLeaf::SomeName(_) => Known::Open,
    }
}

/// Counts from here on are not told apart: no value is of that size.
pub(super) const BEYOND: u64 = u64::MAX;

/// Whether the condition asks for a size that no value is of.
pub(super) fn is_beyond(item: &Item) -> bool {
    match item {
        Item::Text(TextLeaf::AtLeast(count))
        | Item::Array(ArrayLeaf::AtLeast(count) | ArrayLeaf::Count(Tally { least: count, .. }))
        | Item::Object(ObjectLeaf::AtLeast(count)) => *count == BEYOND,
        Item::Lit(_)
        | Item::Number(_)
        | Item::Text(_)
        | Item::Array(_)
        | Item::Object(_)
        | Item::NoneOf(_)
        | Item::OneOf(_)
        | Item::Split(_)
        | Item::Unsure(_)
        | Item::Names(_)
        | Item::Muted(_)
        | Item::OnlyOf(..)
        | Item::Neither(_)
        | Item::Never => false,
    }
}

fn at_least(count: u64, (least, most): (u64, Option<u64>)) -> Known {
    if count == BEYOND {
        return Known::Impossible;
    }
    of(most.is_none_or(|most| most >= count), least < count)
}

fn at_most(count: u64, (least, most): (u64, Option<u64>)) -> Known {
    if count == BEYOND {
        return Known::Given;
    }
    of(least <= count, most.is_none_or(|most| most > count))
}

fn of(may_hold: bool, may_fail: bool) -> Known {
    match (may_hold, may_fail) {
        (false, _) => Known::Impossible,
        (true, false) => Known::Given,
        (true, true) => Known::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> NumberLeaf {
        let (sign, value) = text.split_at(2);
        let value = value.trim().parse().unwrap();
        match sign {
            ">=" => NumberLeaf::AtLeast(value),
            "> " => NumberLeaf::Above(value),
            "<=" => NumberLeaf::AtMost(value),
            "< " => NumberLeaf::Below(value),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn bounds_follow_from_bounds() {
        let mut numbers = Vec::new();
        for leaf in [">= 0", "<= 40", "> 9"] {
            take_number(&mut numbers, bound(leaf));
        }
        assert_eq!(numbers, [bound("<= 40"), bound("> 9")]);
        assert_eq!(of_number(&numbers, &bound("> 3")), Known::Given);
        assert_eq!(of_number(&numbers, &bound("< 9.5")), Known::Open);
        assert_eq!(of_number(&numbers, &bound("> 40")), Known::Impossible);
        take_number(&mut numbers, NumberLeaf::Integer(true));
        assert_eq!(of_number(&numbers, &bound("< 9.5")), Known::Impossible);
        assert_eq!(of_number(&numbers, &bound(">= 10")), Known::Given);
        assert_eq!(of_number(&numbers, &NumberLeaf::Integer(false)), Known::Impossible);
    }
}
