//! All facets of shapes, and what no single facet is to blame for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Edit, Edits, Facet};
use super::effective::Effective;
use super::matching::Pairing;
use super::pointing::point;
use super::{
    annotation, array, bound, condition, enumeration, kind, openness, presence, property, rules,
    text, union,
};
use crate::model::{Kinds, Shapes};

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
        kind::compare(old, new, &mut edits);
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
        point(shapes, (old, new), edit);
    }
    edits.list
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
