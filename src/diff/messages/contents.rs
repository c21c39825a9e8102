//! Message types compared by what they hold, not by what they are called.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::fields::{FieldPair, MessagePair, UNSEEN, meets_unseen, merge, unknown};
use super::walk::Walk;
use crate::model::{Cardinality, Delimiting, FieldKind, MessageId, Presence};
use crate::rules::field_default::misreadings;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, JsonForm, Outcome, Passage, Sample, absence};

/// How many pairs of messages one comparison compares by what they hold.
const MAX_PAIRS: usize = 1_000_000;

/// A message of each side.
pub(super) type IdPair = (MessageId, MessageId);

/// What is known of pairs of messages, and how many more may be compared.
pub(crate) struct Contents {
    known: RefCell<HashMap<IdPair, Directions<Exchange>, RandomState>>,
    left: Cell<usize>,
}

impl Default for Contents {
    fn default() -> Self {
        Self { known: RefCell::default(), left: Cell::new(MAX_PAIRS) }
    }
}

/// What becomes of messages of one type read as another, over everything that they reach.
///
/// Coinductive: a pair that is met again is assumed to be fine, and since nothing is concluded
/// before all pairs are visited the assumption needs no undoing.
pub(crate) fn contents(walk: &Walk<'_>, old: MessageId, new: MessageId) -> Directions<Exchange> {
    let Contents { known, left } = &walk.contents;
    let mut seen: HashSet<IdPair, RandomState> = HashSet::default();
    let mut open = vec![(old, new)];
    let mut worst = Directions::<Exchange>::default();
    while let Some(pair) = open.pop() {
        if !seen.insert(pair) {
            continue;
        }
        // What is known of a pair is the worst over everything behind it.
        if let Some(found) = known.borrow().get(&pair) {
            worst = merge(worst, found.clone());
            continue;
        }
        let Some(fewer) = left.get().checked_sub(1) else {
            worst = merge(worst, unknown(GIVEN_UP));
            break;
        };
        left.set(fewer);
        let (old_id, new_id) = pair;
        let (Some(old), Some(new)) = (walk.old.message(old_id), walk.new.message(new_id)) else {
            continue;
        };
        let kinds = [old_id, new_id].map(|id| FieldKind::Message(id, Delimiting::LengthPrefixed));
        if meets_unseen(walk, kinds.into()) {
            worst = merge(worst, unknown(UNSEEN));
            continue;
        }
        let forms = (JsonForm::of(&old.full_name), JsonForm::of(&new.full_name));
        let pair = MessagePair { old_id, new_id, old, new };
        let (found, deeper) = local(walk, pair, forms == (JsonForm::Object, JsonForm::Object));
        worst = merge(worst, found);
        let unreported = |next: &IdPair| walk.pairs.new_message(next.0) != Some(next.1);
        open.extend(deeper.into_iter().filter(unreported));
    }
    known.borrow_mut().insert((old, new), worst.clone());
    worst
}

/// Why no more pairs are compared.
const GIVEN_UP: &str = "the messages hold more pairs of messages than are compared (MAX_PAIRS)";

/// What the fields of two messages do to each other, and the message pairs behind them.
fn local(
    walk: &Walk<'_>,
    pair: MessagePair<'_>,
    json_matters: bool,
) -> (Directions<Exchange>, Vec<IdPair>) {
    let fields = pair.with_extensions(walk);
    let mut worst = Directions::<Exchange>::default();
    let mut deeper = Vec::new();
    if fields.pairs.is_empty() && !fields.removed.is_empty() && !fields.added.is_empty() {
        let lost = Passage::new(
            Outcome::Lost,
            Sample::Ordinary,
            "the two messages have no field in common",
        );
        let strangers = Exchange { wire: lost.clone(), json: lost };
        let both = Directions { old_to_new: strangers.clone(), new_to_old: strangers };
        return (both, deeper);
    }
    worst = merge(worst, pair.framing());
    for shift in pair.oneof_shifts(&fields.pairs).0 {
        worst = merge(worst, shift.collisions());
    }
    for (_, found) in pair.strays(walk, &fields) {
        worst = merge(worst, outside(found));
    }
    for both in &fields.pairs {
        worst = merge(worst, outside(shallow(walk, both)));
        worst = merge(worst, outside(pair.addresses(walk, both)));
        if let (FieldKind::Message(old, _), FieldKind::Message(new, _)) =
            (both.old.kind, both.new.kind)
        {
            deeper.push((old, new));
        }
    }
    let nothing = Cardinality::Singular(Presence::Explicit);
    let unknown = walk.unknown_name(Sample::Ordinary);
    for added in fields.added {
        let missing = outside(unfilled(nothing, added.cardinality));
        let ways = Directions { old_to_new: missing.old_to_new, new_to_old: unknown.clone() };
        worst = merge(worst, ways);
    }
    for removed in fields.removed {
        let missing = outside(unfilled(removed.cardinality, nothing));
        let ways = Directions { old_to_new: unknown.clone(), new_to_old: missing.new_to_old };
        worst = merge(worst, ways);
    }
    if !json_matters {
        worst.old_to_new.json = Passage::SAME;
        worst.new_to_old.json = Passage::SAME;
    }
    (worst, deeper)
}

/// The same seen from the message around.
fn outside(ways: Directions<Exchange>) -> Directions<Exchange> {
    let way = |found: Exchange| Exchange {
        wire: found.wire.seen_from_outside(),
        json: found.json.seen_from_outside(),
    };
    Directions { old_to_new: way(ways.old_to_new), new_to_old: way(ways.new_to_old) }
}

/// The values of a field pair by themselves, and what becomes of messages without the field.
fn shallow(walk: &Walk<'_>, pair: &FieldPair<'_>) -> Directions<Exchange> {
    let absent = unfilled(pair.old.cardinality, pair.new.cardinality);
    merge(pair.own_values(walk), merge(absent, misreadings(walk, pair)))
}

/// What becomes of messages without the field.
pub(super) fn unfilled(old: Cardinality, new: Cardinality) -> Directions<Exchange> {
    let way = |writer, reader| {
        let missing = absence(writer, reader);
        Exchange { wire: missing.clone(), json: missing }
    };
    Directions { old_to_new: way(old, new), new_to_old: way(new, old) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::CompareOptions;
    use crate::diff::messages::side::Side;
    use crate::diff::messages::tests::tree;
    use crate::model::Mode;
    use crate::rules::Verdict;
    use crate::rules::impact::{Exposure, Impact};

    #[test]
    fn where_the_budget_ends_nothing_is_called_fine() {
        let text = |name: &str| {
            format!("syntax = \"proto3\"; message {name} {{ {name} a = 1; int32 b = 2; }}")
        };
        let load = |name| tree(&[("a.proto", &text(name))]);
        let (old, new) = (load("Old"), load("New"));
        let walk = Walk::new(Side::new(&old), Side::new(&new), CompareOptions::default());
        let find = |side: &Side<'_>, name| {
            side.messages().find(|(_, one)| &*one.full_name == name).unwrap().0
        };
        let pair = (find(&walk.old, "Old"), find(&walk.new, "New"));
        walk.contents.left.set(0);
        let ways = contents(&walk, pair.0, pair.1);
        let impact = Impact::none().with(ways.old_to_new, ways.new_to_old);
        let exposure = Exposure { polarity: crate::model::Polarity::Both, mode: Mode::Full };
        assert_eq!(impact.verdicts(exposure).wire, Verdict::Undecided);
        assert!(impact.undecided(exposure).unwrap().contains("MAX_PAIRS"));
    }
}
