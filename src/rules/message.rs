//! Messages that come, go and move.

use super::field_number;
use super::impact::{Directions, Impact};
use super::rules;
use crate::diff::messages::{Change, MessagePair, Scope, Walk, move_phrase};
use crate::model::{MessageId, Surface};

rules! {
    /// A message was added
    ///
    /// Nobody refers to it yet.
    MESSAGE_ADDED {
        id: "message-added",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// A message was removed
    ///
    /// Code that names it no longer compiles. What its fields carried is judged where they are.
    MESSAGE_REMOVED {
        id: "message-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "readers can no longer unpack it from an `Any` or decode data that was stored as it",
        fix: "Mark it deprecated and keep it until nobody imports it.",
    }

    /// A message was renamed or moved
    ///
    /// Neither bytes nor JSON carry the name of a message, and all its users moved with it, but
    /// generated code does, and so does the type URL of an `Any` that holds one.
    MESSAGE_RENAMED {
        id: "message-renamed",
        effect: Replaces,
        surfaces: [wire, json, source],
        caution: "an `Any` that holds the message names its type: readers that know only the other name cannot unpack it",
        fix: "Keep the name and the package of messages that others refer to.",
    }

    /// The extensions of a message are framed differently
    ///
    /// A message set writes each extension as an item that holds its number and its content. A
    /// reader of plain extensions puts such items among the unknown fields; a reader of sets takes
    /// plain extensions too.
    MESSAGE_SET_CHANGED {
        id: "message-set-changed",
        effect: Replaces,
        surfaces: [wire],
        fix: "Leave `message_set_wire_format` as it is.",
    }
}

/// Compares how the extensions of a message are framed.
pub(crate) fn compare_framing(walk: &mut Walk<'_>, pair: MessagePair<'_>) {
    let Some(is_set) = pair.reframed() else { return };
    let Directions { old_to_new, new_to_old } = pair.framing();
    let message = if is_set {
        "it is a message set now: its extensions are written as items"
    } else {
        "it is no message set any more: its extensions are written as fields"
    };
    let change = Change::new(&MESSAGE_SET_CHANGED, pair.scope(), message.to_owned())
        .impact(Impact::none().with(old_to_new, new_to_old))
        .spans(Some(pair.old.name_span), Some(pair.new.name_span))
        .evidence([is_set.to_string()]);
    walk.report(change);
}

/// Says that a message came.
pub(crate) fn added(walk: &mut Walk<'_>, id: MessageId) {
    let Some(new) = walk.new.message(id) else { return };
    let message = format!("message `{}` was added", new.full_name);
    let change = Change::new(&MESSAGE_ADDED, Scope::Message(None, Some(id)), message)
        .spans(None, Some(new.name_span));
    walk.report(change);
    // It may be back under a name that it had, and mean something else by its numbers.
    for field in &new.fields {
        field_number::reused_from_past(walk, id, field);
    }
}

/// Says that a message went, with everything that was declared in it.
pub(crate) fn removed(walk: &mut Walk<'_>, id: MessageId) {
    let Some(old) = walk.old.message(id) else { return };
    let message = format!("message `{}` was removed", old.full_name);
    let change = Change::new(&MESSAGE_REMOVED, Scope::Message(Some(id), None), message)
        .impact(Impact::source())
        .spans(Some(old.name_span), None);
    let change = walk.still_named(change, std::slice::from_ref(&old.full_name));
    walk.report(change);
}

/// Says that a message has another name, unless something around it was renamed.
pub(crate) fn renamed(walk: &mut Walk<'_>, pair: MessagePair<'_>) {
    let (old, new) = (&pair.old.full_name, &pair.new.full_name);
    let packed = walk.packer(old);
    let mut message = format!("message {}", move_phrase(old, new));
    let mut broken = vec![Surface::Source];
    if let Some(packer) = packed {
        let who = packer.name();
        message = format!("{message}, and {who} of this contract pack it into an `Any`");
        broken.extend([Surface::Wire, Surface::Json]);
    }
    let change = Change::new(&MESSAGE_RENAMED, pair.scope(), message)
        .impact(Impact::breaking(&broken))
        .spans(Some(pair.old.name_span), Some(pair.new.name_span))
        .evidence([old.to_string()]);
    walk.report(change);
}
