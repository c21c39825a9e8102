//! What an object says of the members that it does not name.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::edit::{Edits, Facet, Slot};
use super::effective::Effective;
use super::parts::{Leeway, Others};
use super::{Effect, rules};
use crate::model::{Shape, ShapeId, Shapes, Step};
use crate::source::Span;

rules! {
    /// Other members were restricted
    ///
    /// Names that a shape does not declare were accepted with any value and no longer are. Of the
    /// parts of an `allOf` each restricts what it does not declare itself, whatever others declare.
    OBJECT_CLOSED {
        id: "object-closed",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Warn about unknown members first, and close the object when none arrive.",
    }

    /// Other members were allowed
    ///
    /// Readers of the old contract refuse members that they do not know, or that one part of theirs
    /// does not.
    OBJECT_OPENED {
        id: "object-opened",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Open the readers before a writer sends more.",
    }

    /// What the names of members may be changed
    ///
    /// A name that one side admits may be refused by the other.
    PROPERTY_NAMES_CHANGED {
        id: "property-names-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only loosen names in requests and tighten them in responses.",
    }

    /// A condition on the presence of a property changed
    ///
    /// Objects that have the property are held to another shape.
    DEPENDENT_SHAPE_CHANGED {
        id: "dependent-shape-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Announce the condition, measure who breaks it, then enforce it.",
    }
}

/// Compares what is said of members that are not named.
pub(super) fn compare(shapes: &Shapes, old: &Effective, new: &Effective, edits: &mut Edits) {
    others(shapes, Slot::Additional, (&old.additional, &new.additional), (old, new), edits);
    among_parts(shapes, old, new, edits);
    others(shapes, Slot::Unevaluated, (&old.unevaluated, &new.unevaluated), (old, new), edits);
    let spans = (Some(old.span), Some(new.span));
    if old.names.is_empty() != new.names.is_empty() {
        let narrows = old.names.is_empty();
        let message = if narrows { "names were restricted" } else { "names are free now" };
        let facet = Facet::Slot(Slot::Names);
        let edit = edits.push(&PROPERTY_NAMES_CHANGED, facet, message.to_owned(), spans);
        edit.at(Step::PropertyName);
        edit.effect = if narrows { Effect::Narrows } else { Effect::Widens };
    }
    for (here, there, narrows) in [(new, old, true), (old, new, false)] {
        for (name, member) in &here.dependent_shapes {
            if there.dependent_shapes.contains_key(name) {
                continue;
            }
            let facet = Facet::Slot(Slot::DependentShape(name.clone()));
            let verb = if narrows { "added" } else { "dropped" };
            let message = format!("the condition on the presence of `{name}` was {verb}");
            let spans = if narrows {
                (Some(old.span), Some(member.span))
            } else {
                (Some(member.span), Some(new.span))
            };
            let edit = edits.push(&DEPENDENT_SHAPE_CHANGED, facet, message, spans);
            edit.evidence(name, &verb);
            edit.effect = if narrows { Effect::Narrows } else { Effect::Widens };
        }
    }
}

fn others(
    shapes: &Shapes,
    slot: Slot,
    (was, is): (&[ShapeId], &[ShapeId]),
    (old, new): (&Effective, &Effective),
    edits: &mut Edits,
) {
    let (had, has) = (restricts(shapes, was), restricts(shapes, is));
    if had == has {
        if !has && slot == Slot::Additional {
            evaluated(shapes, (was, is), (old, new), edits);
        }
        return;
    }
    let (rule, message) = if has {
        (&OBJECT_CLOSED, "members that are not declared were restricted")
    } else {
        (&OBJECT_OPENED, "members that are not declared are free now")
    };
    let span = |ids: &[ShapeId], place: &Effective| {
        let part = strictest(place, &slot).map(|part| part.shape);
        part.or(ids.first().copied()).map_or(place.span, |id| shapes.get(id).span.span)
    };
    let spans = (Some(span(was, old)), Some(span(is, new)));
    edits.push(rule, Facet::Slot(slot), message.to_owned(), spans).at(Step::AdditionalProperty);
}

/// Compares whether members that are free are said to be: those of which nothing is said are left to
/// what an `unevaluatedProperties` around says (JSON Schema 2020-12 core §11.3).
fn evaluated(
    shapes: &Shapes,
    (was, is): (&[ShapeId], &[ShapeId]),
    (old, new): (&Effective, &Effective),
    edits: &mut Edits,
) {
    if was.is_empty() == is.is_empty() {
        return;
    }
    let (rule, verb) = if is.is_empty() {
        (&OBJECT_CLOSED, "are no longer said to be free")
    } else {
        (&OBJECT_OPENED, "are said to be free now")
    };
    let span = |ids: &[ShapeId], place: &Effective| {
        ids.first().map_or(place.span, |id| shapes.get(*id).span.span)
    };
    let spans = (Some(span(was, old)), Some(span(is, new)));
    let message = format!("members that are not declared {verb}");
    edits.push(rule, Facet::Evaluated, message, spans).at(Step::AdditionalProperty);
}

/// Of several parts that restrict what they do not declare, the one that leaves least, and restricts what
/// another declares.
fn strictest<'p>(place: &'p Effective, slot: &Slot) -> Option<&'p Others> {
    let parts = restricting(place).into_iter().filter(|part| part.slot == *slot);
    parts.min_by_key(|part| {
        let restricts_declared = place.properties.keys().any(|name| part.include(name));
        (part.leeway != Leeway::None, !restricts_declared)
    })
}

/// Compares which members fall under what a part says of members that it does not declare, where that
/// is not what is said of the place as a whole.
fn among_parts(shapes: &Shapes, old: &Effective, new: &Effective, edits: &mut Edits) {
    if old.nodes.len() < 2 && new.nodes.len() < 2 {
        return;
    }
    let restricts = |side: &Effective, slot: &Slot| {
        let said = if *slot == Slot::Additional { &side.additional } else { &side.unevaluated };
        restricts(shapes, said)
    };
    let mut slots = vec![Slot::Additional, Slot::Unevaluated];
    slots.retain(|slot| restricts(old, slot) != restricts(new, slot));
    // Where other parts forbid what is undeclared, one that forbids it too shows by this alone.
    let is_closed =
        |side: &Effective| side.additional.iter().any(|id| shapes.get(*id).boolean == Some(false));
    let is_in_vain = is_closed(old) && is_closed(new);
    for (here, there, narrows) in [(new, old, true), (old, new, false)] {
        let (now, before) = (restricting(here), restricting(there));
        if now.is_empty() {
            // Nothing falls under what nobody says.
            continue;
        }
        let told: Vec<&Others> = slots.iter().filter_map(|slot| strictest(here, slot)).collect();
        let more = |name: &&Arc<str>| {
            let count = |parts: &[&Others]| parts.iter().filter(|it| it.include(name)).count();
            let forbid = |parts: &[&Others]| {
                parts.iter().any(|it| it.leeway == Leeway::None && it.include(name))
            };
            let is_declared = there.properties.contains_key(*name);
            let is_more = count(&now) > count(&before) || is_in_vain && forbid(&now);
            let is_told = told.iter().any(|part| part.include(name));
            is_declared && !is_told && !forbid(&before) && is_more
        };
        let mut left: BTreeSet<Arc<str>> = here.properties.keys().filter(more).cloned().collect();
        let (none, some): (Vec<&Others>, Vec<&Others>) =
            now.into_iter().partition(|part| part.leeway == Leeway::None);
        for part in none.into_iter().chain(some) {
            let (names, others) = left.into_iter().partition(|name| part.include(name));
            left = others;
            let span = shapes.get(part.shape).span.span;
            let spans = if narrows { (there.span, span) } else { (span, there.span) };
            of_part(&names, narrows, spans, edits);
        }
    }
}

/// Says that these members fall under what a part says of others, or no longer do.
fn of_part(names: &BTreeSet<Arc<str>>, narrows: bool, (was, is): (Span, Span), edits: &mut Edits) {
    let mut all = names.iter();
    let Some(first) = all.next() else { return };
    let only = all.next().is_none();
    let (rule, effect, verb) = if narrows {
        (&OBJECT_CLOSED, Effect::Narrows, "restricted now by")
    } else {
        (&OBJECT_OPENED, Effect::Widens, "no longer restricted by")
    };
    let them = if only { "it" } else { "them" };
    let message = format!("{verb} a part that does not declare {them}: {}", listed(names));
    let facet = Facet::Others(names.clone());
    let edit = edits.push(rule, facet, message, (Some(was), Some(is)));
    edit.effect = effect;
    for name in names {
        edit.evidence(name, &verb);
    }
    if only {
        edit.at(Step::Property(Arc::clone(first)));
    }
}

/// The parts that restrict members that they do not declare.
fn restricting(place: &Effective) -> Vec<&Others> {
    let parts = if place.nodes.len() > 1 { place.others.as_slice() } else { &[] };
    parts.iter().filter(|part| part.leeway != Leeway::All).collect()
}

/// The first of the names, for people.
fn listed(names: &BTreeSet<Arc<str>>) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", shown.join(", "))
}

/// Whether something other than "anything" is said.
pub(crate) fn restricts(shapes: &Shapes, ids: &[ShapeId]) -> bool {
    ids.iter().any(|id| !is_anything(shapes.get(*id)))
}

/// Whether nothing is said that bears on validation; many are asked, and none is copied for it.
fn is_anything(shape: &Shape) -> bool {
    shape.is_silent_itself()
        && shape.array.is_unstated()
        && shape.object.is_unstated()
        && shape.logic.is_unstated()
}
