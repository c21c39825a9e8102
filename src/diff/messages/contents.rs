//! Message types compared by what they hold, not by what they are called.

use std::collections::BTreeSet;

use super::fields::{FieldPair, MessagePair, merge};
use super::walk::Walk;
use crate::model::{Cardinality, Field, FieldKind, MessageId, Presence};
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, JsonForm, Outcome, Passage, Sample, absence, exchange};

/// How many pairs of messages one comparison visits.
const MAX_PAIRS: usize = 10_000;

/// What becomes of messages of one type read as another, over everything that they reach.
///
/// Coinductive: a pair that is met again is assumed to be fine, and since nothing is concluded
/// before all pairs are visited the assumption needs no undoing.
pub(crate) fn contents(walk: &Walk<'_>, old: MessageId, new: MessageId) -> Directions<Exchange> {
    let mut seen = BTreeSet::from([(old, new)]);
    let mut open = vec![(old, new)];
    let mut worst = Directions::<Exchange>::default();
    while let Some((old_id, new_id)) = open.pop() {
        let (Some(old), Some(new)) = (walk.old.message(old_id), walk.new.message(new_id)) else {
            continue;
        };
        let forms = (JsonForm::of(&old.full_name), JsonForm::of(&new.full_name));
        let pair = MessagePair { old_id, new_id, old, new };
        let (found, deeper) = local(walk, pair, forms.0 == JsonForm::Object || forms.0 != forms.1);
        worst = merge(worst, found);
        for next in deeper {
            let reported = walk.pairs.new_message(next.0) == Some(next.1);
            if !reported && seen.len() < MAX_PAIRS && seen.insert(next) {
                open.push(next);
            }
        }
    }
    worst
}

/// What the fields of two messages do to each other, and the message pairs behind them.
fn local(
    walk: &Walk<'_>,
    pair: MessagePair<'_>,
    json_matters: bool,
) -> (Directions<Exchange>, Vec<(MessageId, MessageId)>) {
    let fields = pair.fields();
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
    for pair in fields.pairs {
        let mut found = shallow(walk, &pair);
        found = merge(found, addresses(&pair));
        worst = merge(worst, found);
        if let (FieldKind::Message(old, _), FieldKind::Message(new, _)) =
            (pair.old.kind, pair.new.kind)
        {
            deeper.push((old, new));
        }
    }
    for added in fields.added {
        let missing = missing_required(added.cardinality);
        worst.old_to_new.wire = worst.old_to_new.wire.worse(missing);
    }
    for removed in fields.removed {
        let missing = missing_required(removed.cardinality);
        worst.new_to_old.wire = worst.new_to_old.wire.worse(missing);
    }
    if !json_matters {
        worst.old_to_new.json = Passage::SAME;
        worst.new_to_old.json = Passage::SAME;
    }
    (worst, deeper)
}

fn missing_required(reader: Cardinality) -> Passage {
    let nothing = Cardinality::Singular(Presence::Explicit);
    absence(nothing, reader).seen_from_outside()
}

/// The values of a field pair by themselves; a sample inside is not a sample of the whole.
fn shallow(walk: &Walk<'_>, pair: &FieldPair<'_>) -> Directions<Exchange> {
    let (Some(old), Some(mut new)) = (walk.old.encoding(pair.old), walk.new.encoding(pair.new))
    else {
        return Directions::default();
    };
    if let (FieldKind::Enum(was), FieldKind::Enum(is)) = (pair.old.kind, pair.new.kind)
        && walk.pairs.new_enum(was) == Some(is)
    {
        new.coding = old.coding;
    }
    let outside = |found: Exchange| Exchange {
        wire: found.wire.seen_from_outside(),
        json: found.json.seen_from_outside(),
    };
    let mut found = Directions {
        old_to_new: outside(exchange(old, new)),
        new_to_old: outside(exchange(new, old)),
    };
    let (was, is) = (pair.old.cardinality, pair.new.cardinality);
    let missing = |writer, reader| absence(writer, reader).seen_from_outside();
    found.old_to_new.wire = found.old_to_new.wire.worse(missing(was, is));
    found.new_to_old.wire = found.new_to_old.wire.worse(missing(is, was));
    found
}

/// What another number or JSON name does.
fn addresses(pair: &FieldPair<'_>) -> Directions<Exchange> {
    let wire = if pair.old.number == pair.new.number {
        Passage::SAME
    } else {
        Passage::new(Outcome::Lost, Sample::Ordinary, "a field inside has another number")
    };
    let way = |writer: &Field, reader: &Field| Exchange {
        wire: wire.clone(),
        json: if knows(reader, &writer.json_name) {
            Passage::SAME
        } else {
            let because = "the reader does not know the name of a field inside";
            Passage::new(Outcome::Refused, Sample::Ordinary, because)
        },
    };
    Directions { old_to_new: way(pair.old, pair.new), new_to_old: way(pair.new, pair.old) }
}

/// Whether ProtoJSON readers of the field take this name for it: its JSON name or its own.
pub(crate) fn knows(reader: &Field, name: &str) -> bool {
    *reader.json_name == *name || *reader.name == *name
}
