//! Numbers of fields: what the wire knows them by.

use std::sync::Arc;

use super::impact::Impact;
use super::rules;
use crate::diff::WitnessSide;
use crate::diff::messages::{
    Change, FieldPair, MessagePair, OnceWas, Scope, Side, Walk, mistaken, type_phrase,
};
use crate::load::PastElement;
use crate::model::{Extension, Field, FieldNumber, MessageId, Step, Surface};
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

    /// A name means another field now
    ///
    /// JSON written for the field that had the name is read as the field that has it.
    FIELD_NAME_REUSED {
        id: "field-name-reused",
        effect: Replaces,
        surfaces: [json],
        fix: "Give the new field a name that was never used, and reserve the old one.",
    }
}

/// Says that a new field takes over the number or the name of one that was given up earlier.
pub(crate) fn reused_from_past(walk: &mut Walk<'_>, id: MessageId, field: &Field) -> bool {
    let Some(once) = walk.once_was(id, field) else { return false };
    let scope = Scope::Message(walk.pairs.old_message(id), Some(id));
    tell_past(walk, (scope, &field.name), (id, field), &once);
    true
}

/// Says that an extension takes over the number of one that was given up earlier.
pub(crate) fn reused_by_extension(walk: &mut Walk<'_>, new: &Extension) -> bool {
    let Some(past) = walk.once_extended(new) else { return false };
    let scope = Scope::Message(walk.pairs.old_message(new.extendee), Some(new.extendee));
    let once = OnceWas::Number(past);
    tell_past(walk, (scope, &new.full_name), (new.extendee, &new.field), &once);
    true
}

fn tell_past(
    walk: &mut Walk<'_>,
    (scope, name): (Scope, &Arc<str>),
    (id, field): (MessageId, &Field),
    once: &OnceWas,
) {
    let is = type_phrase(&walk.new, field);
    let (rule, message, broken, past) = match once {
        OnceWas::Number(past) => {
            let (number, was) = (past.number, phrase(past));
            let message = format!("number {number} was {was} until {} and is {is}", past.revision);
            (&FIELD_NUMBER_REUSED, message, Surface::Wire, past)
        }
        OnceWas::Name(past) => {
            let (name, was) = (&past.name, phrase(past));
            let message = format!("name `{name}` was {was} until {} and is {is}", past.revision);
            (&FIELD_NAME_REUSED, message, Surface::Json, past)
        }
    };
    let caution = "whoever kept what was written then, or still runs that version, reads it as something else";
    let mut change = Change::new(rule, scope, message)
        .at(Step::Property(name.clone()))
        .impact(Impact::breaking(&[broken]))
        .caution(caution)
        .spans(None, Some(field.span))
        .evidence([phrase(past), walk.new.type_name(field)]);
    change.exchanges.extend(walk.relic(id, field, (past, broken)));
    walk.report(change);
}

/// A field of an earlier revision as it was declared.
fn phrase(past: &PastElement) -> String {
    let kind = past.kind.as_deref().unwrap_or("?");
    format!("`{kind} {} = {}`", past.name, past.number)
}

/// Compares the numbers of a field.
pub(crate) fn compare(walk: &mut Walk<'_>, message: MessagePair<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    if old.number == new.number {
        return;
    }
    let fate = |side: &Side<'_>, reader: MessageId, number: FieldNumber| {
        let taken = side.has_number(reader, number);
        let passage = if taken {
            let because = "the number belongs to another field at the reader";
            Passage::new(Outcome::Misread, Sample::Ordinary, because)
        } else {
            Passage::new(Outcome::Lost, Sample::Ordinary, "the number is unknown to the reader")
        };
        Exchange { wire: passage, json: Passage::SAME }
    };
    let impact = Impact::none().with(
        fate(&walk.new, message.new_id, old.number),
        fate(&walk.old, message.old_id, new.number),
    );
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
pub(crate) fn reused<'a>(
    walk: &mut Walk<'a>,
    message: MessagePair<'a>,
    pair: &FieldPair<'a>,
) -> bool {
    let FieldPair { old, new, holders: _ } = pair;
    if old.name == new.name || old.number != new.number || pair.same_kind(walk) {
        return false;
    }
    let ways = pair.exchanges(walk);
    if !ways.old_to_new.wire.breaks() || !ways.new_to_old.wire.breaks() {
        return false;
    }
    // Two fields, of which the reader has the other one: their members are unknown, unless a third
    // has the name.
    let member = |writer, sent| {
        let cross = message.usurped(walk, (writer, sent), None);
        let unknown = || walk.unknown_name(Sample::Ordinary).json;
        cross.map_or_else(unknown, |cross| mistaken(walk, &cross, writer))
    };
    let old_to_new = Exchange { wire: ways.old_to_new.wire, json: member(WitnessSide::Old, *old) };
    let new_to_old = Exchange { wire: ways.new_to_old.wire, json: member(WitnessSide::New, *new) };
    let text = format!(
        "number {} was {} and is {}",
        old.number.get(),
        type_phrase(&walk.old, old),
        type_phrase(&walk.new, new)
    );
    let change: Change<'_> = pair
        .change(&FIELD_NUMBER_REUSED, text)
        .impact(Impact::source().with(old_to_new, new_to_old))
        .caution("strict ProtoJSON readers refuse the name that they do not know")
        .evidence([old.name.to_string(), walk.old.type_name(old), walk.new.type_name(new)]);
    walk.report(change);
    true
}
