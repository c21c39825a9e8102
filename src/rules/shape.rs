//! All facets of shapes, and what no single facet is to blame for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Edit, Edits, Facet};
use super::effective::Effective;
use super::matching::Pairing;
use super::{
    annotation, array, bound, condition, enumeration, kind, openness, presence, property, rules,
    text, union,
};
use crate::model::{Kinds, ShapeId, Shapes};
use crate::source::Span;

rules! {
    /// A shape was rewritten without changing what it admits
    ///
    /// The two spellings admit the same values; this was proven.
    SHAPE_REWRITTEN {
        id: "shape-rewritten",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// Several edits break together
    ///
    /// Each edit by itself is harmless, but the shape as a whole no longer admits what it did.
    SHAPE_CHANGED {
        id: "shape-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Take the edits apart and release them one by one.",
    }
}

/// What all facets see between two places, the shapes in slots that both have aside.
pub(crate) fn compare(
    shapes: &Shapes,
    (old, new): (&Effective, &Effective),
    pairing: &Pairing,
    renamed: &BTreeMap<Arc<str>, Arc<str>>,
) -> Vec<Edit> {
    let mut edits = Edits::default();
    if kind::nothing(old, new, &mut edits) {
        return edits.list;
    }
    if pairing.replaced.is_none() {
        kind::compare(shapes, old, new, &mut edits);
        enumeration::compare(old, new, &mut edits);
        bound::compare(old, new, &mut edits);
        text::compare(old, new, &mut edits);
        array::compare(old, new, pairing, &mut edits);
        property::compare(old, new, &mut edits);
        presence::compare(old, new, &mut edits);
        openness::compare(shapes, old, new, &mut edits);
    }
    union::compare(shapes, old, new, pairing, &mut edits);
    condition::compare(shapes, old, new, pairing, &mut edits);
    annotation::compare(old, new, renamed, &mut edits);
    for edit in &mut edits.list {
        stand_beside(shapes, (old, new), edit);
    }
    edits.list
}

/// Where one side states what the other does not, the other is shown at the shape that corresponds to
/// the one that states it: a component that several places put together with others is edited once.
fn stand_beside(shapes: &Shapes, (old, new): (&Effective, &Effective), edit: &mut Edit) {
    let beside = |side: &Effective, other: &Effective, stated: Option<Span>| {
        let stated = stated.filter(|span| *span != side.span)?;
        counterpart(shapes, &side.nodes, &other.nodes, stated)
    };
    if edit.old == Some(old.span) {
        edit.old = beside(new, old, edit.new).or(edit.old);
    }
    let place = beside(old, new, edit.old).unwrap_or(new.span);
    if edit.new == Some(new.span) {
        edit.new = Some(place);
    }
    if edit.anchor == Some(new.span) {
        edit.anchor = Some(place);
    }
    edit.anchor = edit.anchor.or(Some(place));
}

/// The other side's shape that stands where the one that holds this statement does, as long as both
/// sides are put together in the same way.
fn counterpart(
    shapes: &Shapes,
    nodes: &[ShapeId],
    others: &[ShapeId],
    stated: Span,
) -> Option<Span> {
    let is_alike = |(one, other): (&ShapeId, &ShapeId)| {
        shapes.get(*one).is_only_a_reference() == shapes.get(*other).is_only_a_reference()
    };
    if nodes.len() != others.len() || !nodes.iter().zip(others).all(is_alike) {
        return None;
    }
    let places = nodes.iter().map(|id| shapes.get(*id).span.span).zip(others);
    let around = places.filter(|(span, _)| span.contains(stated));
    let (_, other) = around.min_by_key(|(span, _)| span.end.saturating_sub(span.start))?;
    Some(shapes.get(*other).span.span)
}

/// Whether the edit only says more about values of a type that the one side admits and the other does
/// not: that the type changed says it all. Not so of values that cross as text, whose type the
/// reader decides.
pub(crate) fn comes_with_type(old: &Effective, new: &Effective, edit: &Edit) -> bool {
    let Some(kind) = edit.facet.as_ref().and_then(Facet::kind) else { return false };
    let kinds = Kinds::NONE.with(kind);
    let admits = |side: &Effective| {
        side.kinds.as_ref().is_none_or(|stated| !stated.value.and(kinds).is_none())
    };
    admits(old) != admits(new)
}
