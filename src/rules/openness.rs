//! What an object says of the members that it does not name.

use super::edit::{Edits, Facet, Slot};
use super::effective::Effective;
use super::{Effect, rules};
use crate::model::{ShapeId, Shapes, Step};

rules! {
    /// Other members were restricted
    ///
    /// Names that neither side declares were accepted with any value and no longer are.
    OBJECT_CLOSED {
        id: "object-closed",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Warn about unknown members first, and close the object when none arrive.",
    }

    /// Other members were allowed
    ///
    /// Readers of the old contract refuse members that they do not know.
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
        return;
    }
    let (rule, message) = if has {
        (&OBJECT_CLOSED, "members that are not declared were restricted")
    } else {
        (&OBJECT_OPENED, "members that are not declared are free now")
    };
    let span = |ids: &[ShapeId], place: &Effective| {
        ids.first().map_or(place.span, |id| shapes.get(*id).span.span)
    };
    let spans = (Some(span(was, old)), Some(span(is, new)));
    edits.push(rule, Facet::Slot(slot), message.to_owned(), spans).at(Step::AdditionalProperty);
}

/// Whether something other than "anything" is said.
pub(crate) fn restricts(shapes: &Shapes, ids: &[ShapeId]) -> bool {
    ids.iter().any(|id| {
        let shape = shapes.get(*id);
        let mut said = shape.clone();
        said.notes = crate::model::Sparse::default();
        if said.boolean == Some(true) {
            said.boolean = None;
        }
        said != crate::model::Shape::anything(shape.span.span)
    })
}
