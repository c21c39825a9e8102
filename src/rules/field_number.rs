//! Numbers of fields: what the wire knows them by.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, FieldPair, MessagePair, Walk, type_phrase};
use crate::model::{Field, FieldNumber, Surface};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// A field has another number
    ///
    /// Bytes carry numbers, not names. What old writers send arrives under another field or under
    /// none; only JSON and generated code keep working.
    FIELD_RENUMBERED {
        id: "field-renumbered",
        effect: Replaces,
        surfaces: [wire],
        fix: "Restore the number. If the field must move, add a new one, write both for a while, and reserve the old number.",
    }

    /// A number means another field now
    ///
    /// Bytes written for the field that was there are read as the field that is there.
    FIELD_NUMBER_REUSED {
        id: "field-number-reused",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Give the new field a number that was never used, and reserve the old number and name.",
    }
}

/// Compares the numbers of a field.
pub(crate) fn compare(walk: &mut Walk<'_>, message: MessagePair<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _, place: _ } = pair;
    if old.number == new.number {
        return;
    }
    let fate = |reader: &[Field], number: FieldNumber| {
        let taken = reader.iter().any(|field| field.number == number);
        let passage = if taken {
            let because = "the number belongs to another field at the reader";
            Passage::new(Outcome::Misread, Sample::Ordinary, because)
        } else {
            Passage::new(Outcome::Lost, Sample::Ordinary, "the number is unknown to the reader")
        };
        Exchange { wire: passage, json: Passage::SAME }
    };
    let impact = Impact::none()
        .with(fate(&message.new.fields, old.number), fate(&message.old.fields, new.number));
    let text =
        format!("`{}` has number {}, no longer {}", new.name, new.number.get(), old.number.get());
    let change = pair
        .change(&FIELD_RENUMBERED, text)
        .impact(impact)
        .spans(Some(old.number_span), Some(new.number_span))
        .evidence([old.number.get().to_string(), new.number.get().to_string()]);
    walk.report(change);
}

/// Whether a number went from one field to a different one: neither name nor values survive. Says so.
pub(crate) fn reused(walk: &mut Walk<'_>, pair: &FieldPair<'_>) -> bool {
    let FieldPair { old, new, holders: _, place: _ } = pair;
    if old.name == new.name || old.number != new.number || pair.same_kind(walk) {
        return false;
    }
    let ways = pair.exchanges(walk);
    if !ways.old_to_new.wire.breaks() || !ways.new_to_old.wire.breaks() {
        return false;
    }
    let wire = |exchange: Exchange| Exchange { json: Passage::SAME, ..exchange };
    let message = format!(
        "number {} was {} and is {}",
        old.number.get(),
        type_phrase(&walk.old, old),
        type_phrase(&walk.new, new)
    );
    let change: Change<'_> = pair
        .change(&FIELD_NUMBER_REUSED, message)
        .impact(
            Impact::breaking(&[Surface::Source]).with(wire(ways.old_to_new), wire(ways.new_to_old)),
        )
        .caution("strict ProtoJSON readers refuse the name that they do not know")
        .evidence([old.name.to_string(), walk.old.type_name(old), walk.new.type_name(new)]);
    walk.report(change);
    true
}
