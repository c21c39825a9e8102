//! One edit done or undone by itself: a copy of a place with one statement taken from the other side.
//!
//! Shapes are only ever appended, so what was known about the originals stays known.

use super::copy::copy;
use super::fill::put;
use super::plain::{plain, strip_plain, strip_values};
use super::slots::{SlotPair, shapes_in};
use super::statement::{
    conjoin_contains, take_branch, take_tuple, with_groups, with_logic, with_or_without,
};
use crate::model::{Shape, ShapeId, Shapes};
use crate::rules::edit::{Alternatives, Facet, Slot};
use crate::rules::effective::Effective;

/// Which side of slot pairs the base is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseSide {
    Old,
    New,
}

impl BaseSide {
    fn pick(self, pair: &SlotPair) -> (&Slot, &Slot) {
        match self {
            Self::Old => (&pair.old, &pair.new),
            Self::New => (&pair.new, &pair.old),
        }
    }
}

/// `base` with the statement at the end of `path` taken from `donor`; `None` where it cannot be
/// expressed by itself.
pub(super) fn graft(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &[ShapeId],
    donor: &[ShapeId],
    path: &[SlotPair],
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    let (to, from) = (Effective::of(shapes, base)?, Effective::of(shapes, donor)?);
    let Some((pair, deeper)) = path.split_first() else {
        return take(shapes, side, &to, &from, facet);
    };
    let (to_slot, from_slot) = side.pick(pair);
    let inner_base = shapes_in(&to, to_slot);
    let inner_donor = shapes_in(&from, from_slot);
    let inner = graft(shapes, side, &inner_base, &inner_donor, deeper, facet)?;
    Some(put(shapes, &to, to_slot, Some(&inner)))
}

/// The place with one statement of its own taken from the other.
fn take(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &Effective,
    donor: &Effective,
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    match facet {
        Facet::Slot(slot) => {
            let ids = shapes_in(donor, slot);
            let inner = if ids.is_empty() { None } else { Some(ids) };
            Some(put(shapes, base, slot, inner.as_deref()))
        }
        Facet::Tuple => Some(take_tuple(shapes, base, donor)),
        Facet::Contains => Some(conjoin_contains(shapes, base, donor)),
        Facet::AnyOf => Some(with_groups(shapes, base, Alternatives::AnyOf, &donor.any_of)),
        Facet::OneOf => Some(with_groups(shapes, base, Alternatives::OneOf, &donor.one_of)),
        Facet::Branch(kind, group, edit) => {
            take_branch(shapes, side, base, donor, (*kind, *group, *edit))
        }
        Facet::Not => Some(with_logic(shapes, base, &base.conditions, &donor.not)),
        Facet::Conditions => Some(with_logic(shapes, base, &donor.conditions, &base.not)),
        Facet::Value(value) => {
            let extra = with_or_without(base, donor, value)?;
            Some(copy(shapes, base, &strip_values, vec![extra]))
        }
        Facet::Nothing
        | Facet::Kinds
        | Facet::Values
        | Facet::Minimum
        | Facet::Maximum
        | Facet::Multiples
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Patterns
        | Facet::Formats
        | Facet::Encodings
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::Unique
        | Facet::Required(_)
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::DependentRequired
        | Facet::Marks => {
            let strip = |shape: &mut Shape| strip_plain(shape, facet);
            Some(copy(shapes, base, &strip, plain(donor, facet, base.span)))
        }
    }
}
