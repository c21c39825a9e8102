//! The JSON types that a place admits.

use super::edit::{Edits, Facet, Slot};
use super::effective::Effective;
use super::{Effect, rules};
use crate::model::{Kind, Kinds};
use crate::source::Span;

rules! {
    /// The admitted types changed
    ///
    /// Values of a type that only one side admits are refused by the other: in a request when the
    /// type was taken away, in a response when it was added.
    TYPE_CHANGED {
        id: "type-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Add a new member of the new type, keep the old one, and remove it after its sunset.",
    }

    /// A place was closed to every value
    ///
    /// A schema that is `false` admits nothing; whatever was sent here is refused now.
    VALUES_FORBIDDEN {
        id: "values-forbidden",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Keep admitting what was admitted, mark it deprecated, and close it after its sunset.",
    }

    /// A place that admitted nothing admits values
    ///
    /// Readers of the old contract refuse whatever comes here.
    VALUES_ALLOWED {
        id: "values-allowed",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Send nothing here until the readers of the old contract are gone.",
    }
}

/// A place at which one side admits nothing: all else that is said there is said in vain.
pub(super) fn nothing(old: &Effective, new: &Effective, edits: &mut Edits) -> bool {
    let (rule, message, spans) = match (old.nothing, new.nothing) {
        (None, Some(is)) => {
            (&VALUES_FORBIDDEN, "no value is admitted any more", (Some(old.span), Some(is)))
        }
        (Some(was), None) => {
            (&VALUES_ALLOWED, "values are admitted where none were", (Some(was), Some(new.span)))
        }
        (None, None) => return false,
        (Some(_), Some(_)) => return true,
    };
    edits.push(rule, Facet::Slot(Slot::Itself), message.to_owned(), spans);
    true
}

/// Compares the types.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    let (was, is) = (old.kinds.as_ref(), new.kinds.as_ref());
    let set = |stated: Option<&crate::model::Stated<Kinds>>| stated.map_or(Kinds::ALL, |s| s.value);
    if set(was) == set(is) {
        return;
    }
    let (mut before, mut after) = (words(set(was)), words(set(is)));
    if before == after {
        (before, after) = (exactly(set(was)), exactly(set(is)));
    }
    let message = format!("type changed from {before} to {after}");
    let spans = (spot(old, set(is)), spot(new, set(was)));
    let edit = edits.push(&TYPE_CHANGED, Facet::Kinds, message, (Some(spans.0), Some(spans.1)));
    edit.evidence(&words(set(was)), &words(set(is)));
    let both = set(was).and(set(is));
    if both == set(was) {
        edit.effect = Effect::Widens;
    } else if both == set(is) {
        edit.effect = Effect::Narrows;
    }
}

/// Where a side says what differs from the other: where null alone does, at the word that admits it.
fn spot(side: &Effective, other: Kinds) -> Span {
    let Some(kinds) = &side.kinds else { return side.span };
    let only_null = kinds.value == other.with(Kind::Null);
    side.null.filter(|_| only_null).unwrap_or(kinds.span)
}

/// The types with what is not in their names: there are two that are called `integer`.
fn exactly(kinds: Kinds) -> String {
    let by_notation = kinds.has(Kind::IntegerLiteral) && !kinds.has(Kind::Integer);
    let how =
        if by_notation { "written without fraction or exponent" } else { "of whatever notation" };
    format!("{} {how}", words(kinds))
}

/// The types as people say them.
fn words(kinds: Kinds) -> String {
    if kinds == Kinds::ALL {
        return "any".to_owned();
    }
    let names: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.name())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(" | ") }
}
