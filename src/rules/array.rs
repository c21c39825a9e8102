//! What arrays hold.

use super::edit::{Both, Edits, Facet, Listed};
use super::effective::Effective;
use super::matching::{Matching, Pairing};
use super::{Effect, rules};
use crate::model::Contains;
use crate::source::Span;

rules! {
    /// Elements must be unique now
    ///
    /// An array with two equal elements was accepted and is refused now.
    UNIQUENESS_ADDED {
        id: "uniqueness-added",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Drop duplicates on arrival instead of refusing them.",
    }

    /// Elements need not be unique any more
    ///
    /// A reader that relied on it meets equal elements.
    UNIQUENESS_REMOVED {
        id: "uniqueness-removed",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep the elements unique until readers cope with duplicates.",
    }

    /// What the array must contain changed
    ///
    /// An array that one side accepts may be refused by the other.
    CONTAINED_CHANGED {
        id: "contained-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only loosen the demand in requests and tighten it in responses.",
    }

    /// The fixed positions of an array changed
    ///
    /// Elements that had a shape of their own are held to another one.
    POSITIONS_CHANGED {
        id: "positions-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Prefer objects with named members to positions; add a new member instead.",
    }

    /// What elements must be was stated or dropped
    ///
    /// Elements that were free are restricted, or the other way round.
    ITEMS_CHANGED {
        id: "items-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only loosen elements in requests and tighten them in responses.",
    }
}

/// Compares what is said of arrays, the shapes of elements aside.
pub(super) fn compare(old: &Effective, new: &Effective, pairing: &Pairing, edits: &mut Edits) {
    let spans = (Some(old.unique.unwrap_or(old.span)), Some(new.unique.unwrap_or(new.span)));
    match (old.unique, new.unique) {
        (None, Some(_)) => {
            let message = "elements must be unique now".to_owned();
            edits.push(&UNIQUENESS_ADDED, Facet::Unique, message, spans);
        }
        (Some(_), None) => {
            let message = "elements need not be unique any more".to_owned();
            edits.push(&UNIQUENESS_REMOVED, Facet::Unique, message, spans);
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
    let places = (Some(old.span), Some(new.span));
    if old.positions.len() != new.positions.len() {
        let message = format!(
            "fixed positions changed from {} to {}",
            old.positions.len(),
            new.positions.len()
        );
        edits
            .push(&POSITIONS_CHANGED, Facet::Tuple, message, places)
            .evidence(&old.positions.len(), &new.positions.len());
    } else if old.rest.is_empty() != new.rest.is_empty() {
        let narrows = old.rest.is_empty();
        let message = if narrows { "elements were restricted" } else { "elements are free now" };
        let edit = edits.push(&ITEMS_CHANGED, Facet::Tuple, message.to_owned(), places);
        edit.effect = if narrows { Effect::Narrows } else { Effect::Widens };
    }
    if old.unevaluated_items.is_empty() != new.unevaluated_items.is_empty() {
        let narrows = old.unevaluated_items.is_empty();
        let message =
            if narrows { "other elements were restricted" } else { "other elements are free now" };
        let facet = Facet::Slot(super::edit::Slot::UnevaluatedItems);
        let edit = edits.push(&ITEMS_CHANGED, facet, message.to_owned(), places);
        edit.effect = if narrows { Effect::Narrows } else { Effect::Widens };
    }
    contains(old, new, pairing, edits);
}

/// Compares demands on what the array contains, which were paired by the caller.
fn contains(old: &Effective, new: &Effective, pairing: &Pairing, edits: &mut Edits) {
    let at = |side: &Effective, index: usize| side.contains.get(index).map(|it| it.span.span);
    let Matching { pairs: _, removed, added } = &pairing.contained;
    let removed = removed.iter().map(|index| {
        let spans = (at(old, *index), Some(new.span));
        (Listed::Removed(*index), spans, ("dropped", ["contains", ""]), Effect::Widens)
    });
    let added = added.iter().map(|index| {
        let spans = (Some(old.span), at(new, *index));
        (Listed::Added(*index), spans, ("added", ["", "contains"]), Effect::Narrows)
    });
    for (edit, spans, (verb, [was, is]), effect) in removed.chain(added) {
        let message = format!("a demand on what the array contains was {verb}");
        let pushed = edits.push(&CONTAINED_CHANGED, Facet::Contained(edit), message, spans);
        pushed.evidence(&was, &is).effect = effect;
    }
    for (was, is) in &pairing.contained.pairs {
        let (Some(before), Some(after)) = (old.contains.get(*was), new.contains.get(*is)) else {
            continue;
        };
        let (was_said, is_said) = (counted(before), counted(after));
        if was_said != is_said {
            let facet = Facet::ContainedCount(Both { old: *was, new: *is });
            let spans = (Some(count_of(before, after)), Some(count_of(after, before)));
            let message = format!("the array must contain {is_said} of them, was {was_said}");
            let edit = edits.push(&CONTAINED_CHANGED, facet, message, spans);
            edit.evidence(&count(before), &count(after));
        }
    }
}

/// Where it is said of how many elements one side asks for what the other says otherwise.
fn count_of(own: &Contains, other: &Contains) -> Span {
    let stated = if own.minimum == other.minimum { &own.maximum } else { &own.minimum };
    stated.as_ref().map_or(own.span.span, |stated| stated.span)
}

/// How many elements are asked for, in words.
fn counted(contains: &Contains) -> String {
    match bounds(contains) {
        (least, None) => format!("at least {least}"),
        (least, Some(most)) => format!("{least} to {most}"),
    }
}

/// The same as it is known by.
fn count(contains: &Contains) -> String {
    let (least, most) = bounds(contains);
    format!("{least}..{}", most.map_or_else(String::new, |most| most.to_string()))
}

fn bounds(contains: &Contains) -> (u64, Option<u64>) {
    let Contains { span: _, shape: _, minimum, maximum, evaluates: _ } = contains;
    let least = minimum.as_ref().map_or(1, |stated| stated.value);
    (least, maximum.as_ref().map(|stated| stated.value))
}
