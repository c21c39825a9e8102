//! One edit done or undone by itself: a copy of a place with one statement taken from the other side.
//!
//! Shapes are only ever appended, so what was known about the originals stays known.

use super::copy::{beside, copy};
use super::fill::put;
use super::others::{take_others, take_undeclared};
use super::path::Path;
use super::places::Places;
use super::plain::{plain, strip_plain};
use super::slots::{SlotPair, shapes_in};
use super::statement::{
    combine, take_branches, take_count, take_listed, take_tuple, take_values, with_contains,
    with_groups, with_logic,
};
use crate::model::{Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Both, Facet, Slot};
use crate::rules::effective::Effective;
use crate::rules::union::groups;

/// Which side of slot pairs the base is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseSide {
    Old,
    New,
}

impl BaseSide {
    pub(super) fn pick(self, pair: &SlotPair) -> (&Slot, &Slot) {
        let SlotPair { old, new, step: _ } = pair;
        self.of(Both { old, new })
    }

    /// What the base has, and what the donor has.
    pub(super) fn of<T>(self, Both { old, new }: Both<T>) -> (T, T) {
        match self {
            Self::Old => (old, new),
            Self::New => (new, old),
        }
    }
}

/// `base` with the statement at the end of `path` taken from `donor`; `None` where it cannot be
/// expressed by itself.
pub(super) fn graft(
    (shapes, places): (&mut Shapes, &mut Places),
    side: BaseSide,
    (base, donor): (&[ShapeId], &[ShapeId]),
    path: &Path,
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    let (to, from) = (places.of(shapes, base)?, places.of(shapes, donor)?);
    let Some((pair, deeper)) = path.split_first() else {
        return take(shapes, side, &to, &from, facet);
    };
    let (to_slot, from_slot) = side.pick(pair);
    let ends = (shapes_in(&to, to_slot), shapes_in(&from, from_slot));
    let inner = graft((&mut *shapes, places), side, (&ends.0, &ends.1), deeper, facet)?;
    Some(put(shapes, &to, to_slot, Some(&inner)))
}

/// `base` with the edited place in it, and nothing around that, accepting what it does with the
/// statement taken from `donor`, or what the donor's place does: what it refuses is refused there, and
/// not for what else was edited.
pub(super) fn graft_either(
    (shapes, places): (&mut Shapes, &mut Places),
    side: BaseSide,
    (base, donor): (&[ShapeId], &[ShapeId]),
    path: &Path,
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    if let Some((pair, deeper)) = path.split_first()
        && pair.old.leads_to_part()
    {
        let (to, from) = (places.of(shapes, base)?, places.of(shapes, donor)?);
        let (to_slot, from_slot) = side.pick(pair);
        let ends = (shapes_in(&to, to_slot), shapes_in(&from, from_slot));
        let inner = graft_either((&mut *shapes, places), side, (&ends.0, &ends.1), deeper, facet)?;
        return Some(put(shapes, &to, to_slot, Some(&inner)));
    }
    let alone = graft((&mut *shapes, places), side, (base, donor), path, facet)?;
    Some(either(shapes, &alone, donor))
}

/// One place that accepts what either of two accepts.
pub(super) fn either(shapes: &mut Shapes, left: &[ShapeId], right: &[ShapeId]) -> Vec<ShapeId> {
    let Some(first) = left.first() else { return right.to_vec() };
    let span = shapes.get(*first).span.span;
    let mut all = |ids: &[ShapeId]| {
        let mut all = Shape::anything(span);
        all.logic.edit().all_of = ids.to_vec();
        shapes.add(all)
    };
    let value = vec![all(left), all(right)];
    let mut either = Shape::anything(span);
    either.logic.edit().any_of = Some(Stated { value, span });
    vec![shapes.add(either)]
}

/// The place with one statement of its own taken from the other.
pub(super) fn take(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &Effective,
    donor: &Effective,
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    match facet {
        Facet::Slot(slot @ (Slot::Additional | Slot::Unevaluated)) => {
            Some(take_undeclared(shapes, base, donor, slot))
        }
        Facet::Others(names) => Some(take_others(shapes, base, donor, names)),
        Facet::Evaluated => {
            let said = &donor.additional;
            Some(put(shapes, base, &Slot::Additional, (!said.is_empty()).then_some(said)))
        }
        Facet::Slot(slot) => {
            let ids = shapes_in(donor, slot);
            let inner = if ids.is_empty() { None } else { Some(ids) };
            Some(put(shapes, base, slot, inner.as_deref()))
        }
        Facet::Tuple => Some(take_tuple(shapes, base, donor)),
        Facet::Contained(edit) => {
            let all = take_listed(side, &base.contains, &donor.contains, *edit)?;
            Some(with_contains(shapes, base, &all))
        }
        Facet::ContainedCount(at) => take_count(shapes, base, donor, side.of(*at)),
        Facet::Group(kind, edit) => {
            let all = take_listed(side, groups(base, *kind), groups(donor, *kind), *edit)?;
            Some(with_groups(shapes, base, *kind, &all))
        }
        Facet::Combination(at) => {
            let (own, other) = side.of(*at);
            combine(shapes, base, own, other.kind)
        }
        Facet::Branch(at, edit) => {
            let (own, other) = side.of(*at);
            take_branches(shapes, side, (base, own), (donor, other), &[*edit])
        }
        Facet::Not(edit) => {
            let not = take_listed(side, &base.not, &donor.not, *edit)?;
            Some(with_logic(shapes, base, &base.conditions, &not))
        }
        Facet::Condition(edit) => {
            let conditions = take_listed(side, &base.conditions, &donor.conditions, *edit)?;
            Some(with_logic(shapes, base, &conditions, &base.not))
        }
        Facet::Consequence(which, at) => {
            let (own, other) = side.of(*at);
            let ids = shapes_in(donor, &which.slot(other));
            let inner = if ids.is_empty() { None } else { Some(ids) };
            Some(put(shapes, base, &which.slot(own), inner.as_deref()))
        }
        Facet::Value(value) => take_values(shapes, base, donor, &[value]),
        Facet::Kinds
        | Facet::Values
        | Facet::Minimum
        | Facet::Maximum
        | Facet::Multiples
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Patterns
        | Facet::Formats
        | Facet::Encoding
        | Facet::MediaType
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::Unique
        | Facet::Required(_)
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::DependentRequired(..)
        | Facet::Mark(_) => {
            let extras = plain(donor, facet, base.span);
            if matches!(facet, Facet::Required(name) if !base.required.contains_key(name)) {
                return Some(beside(shapes, base, extras));
            }
            let strip = |shape: &mut Shape| strip_plain(shape, facet);
            Some(copy(shapes, base, &strip, extras))
        }
    }
}
