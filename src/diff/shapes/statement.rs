//! Statements of one place, taken over by a copy of another.

use std::collections::BTreeSet;

use super::copy::{conjunction, copy};
use super::graft::BaseSide;
use super::plain::strip_values;
use crate::model::{Condition, Contains, Json, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Alternatives, GroupAt, Listed};
use crate::rules::effective::Effective;
use crate::rules::union::{group, groups};

pub(super) fn take_tuple(shapes: &mut Shapes, base: &Effective, donor: &Effective) -> Vec<ShapeId> {
    let mut extra = Shape::anything(base.span);
    let prefix: Vec<ShapeId> =
        donor.positions.iter().map(|position| conjunction(shapes, base, position)).collect();
    let array = extra.array.edit();
    array.prefix = prefix;
    array.rest =
        if donor.rest.is_empty() { None } else { Some(conjunction(shapes, base, &donor.rest)) };
    let strip = |shape: &mut Shape| {
        shape.array.get_mut().into_iter().for_each(|array| {
            (array.prefix, array.rest) = (Vec::new(), None);
        });
    };
    copy(shapes, base, &strip, vec![extra])
}

/// The place with these demands on what the array contains.
pub(super) fn with_contains(
    shapes: &mut Shapes,
    base: &Effective,
    all: &[Contains],
) -> Vec<ShapeId> {
    let extras = all.iter().map(|contains| {
        let mut stated = Shape::anything(base.span);
        stated.array.edit().contains = Some(contains.clone());
        stated
    });
    let extras = extras.collect();
    let strip = |shape: &mut Shape| {
        shape.array.get_mut().into_iter().for_each(|array| array.contains = None);
    };
    copy(shapes, base, &strip, extras)
}

/// The list of the base with one element taken from the donor: added, or removed.
pub(super) fn take_listed<T: Clone>(
    side: BaseSide,
    base: &[T],
    donor: &[T],
    edit: Listed,
) -> Option<Vec<T>> {
    let mut all = base.to_vec();
    match (edit, side) {
        (Listed::Removed(index), BaseSide::Old) | (Listed::Added(index), BaseSide::New) => {
            if index >= all.len() {
                return None;
            }
            all.remove(index);
        }
        (Listed::Removed(index), BaseSide::New) | (Listed::Added(index), BaseSide::Old) => {
            all.push(donor.get(index)?.clone());
        }
    }
    Some(all)
}

/// The place with how often a demand must be met taken from the donor.
pub(super) fn take_count(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    (own, other): (usize, usize),
) -> Option<Vec<ShapeId>> {
    let mut all = base.contains.clone();
    let Contains { span: _, shape: _, minimum, maximum, evaluates: _ } =
        donor.contains.get(other)?;
    let demand = all.get_mut(own)?;
    (demand.minimum, demand.maximum) = (minimum.clone(), maximum.clone());
    Some(with_contains(shapes, base, &all))
}

/// The place with these branches of a group taken from the donor, all at once: a group of one branch is
/// no group any more.
pub(super) fn take_branches(
    shapes: &mut Shapes,
    side: BaseSide,
    (base, at): (&Effective, GroupAt),
    (donor, other): (&Effective, GroupAt),
    edits: &[Listed],
) -> Option<Vec<ShapeId>> {
    let mut all = groups(base, at.kind).to_vec();
    let own = all.get_mut(at.index)?;
    let others = &group(donor, other)?.value;
    let (mut gone, mut come) = (BTreeSet::new(), Vec::new());
    for edit in edits {
        match (edit, side) {
            (Listed::Removed(index), BaseSide::Old) | (Listed::Added(index), BaseSide::New) => {
                gone.insert(*index);
            }
            (Listed::Removed(index), BaseSide::New) | (Listed::Added(index), BaseSide::Old) => {
                come.push(*others.get(*index)?);
            }
        }
    }
    let left = own.value.iter().enumerate().filter(|(index, _)| !gone.contains(index));
    let mut value: Vec<ShapeId> = left.map(|(_, id)| *id).chain(come).collect();
    if value.is_empty() {
        // No alternative admits no value; only a list of none could not be said.
        value.push(shapes.add(Shape::nothing(base.span)));
    }
    own.value = value;
    Some(with_groups(shapes, base, at.kind, &all))
}

/// The place with a group whose branches combine as the donor's do.
pub(super) fn combine(
    shapes: &mut Shapes,
    base: &Effective,
    at: GroupAt,
    kind: Alternatives,
) -> Option<Vec<ShapeId>> {
    let moved = group(base, at)?.clone();
    let mut left = groups(base, at.kind).to_vec();
    left.remove(at.index);
    let without = with_groups(shapes, base, at.kind, &left);
    let base = Effective::of(shapes, &without)?;
    let mut all = groups(&base, kind).to_vec();
    all.push(moved);
    Some(with_groups(shapes, &base, kind, &all))
}

pub(super) fn with_groups(
    shapes: &mut Shapes,
    base: &Effective,
    kind: Alternatives,
    all: &[Stated<Vec<ShapeId>>],
) -> Vec<ShapeId> {
    let extras = all.iter().map(|group| {
        let mut extra = Shape::anything(base.span);
        let logic = extra.logic.edit();
        match kind {
            Alternatives::AnyOf => logic.any_of = Some(group.clone()),
            Alternatives::OneOf => logic.one_of = Some(group.clone()),
        }
        extra
    });
    let extras = extras.collect();
    let strip = move |shape: &mut Shape| {
        let Some(logic) = shape.logic.get_mut() else { return };
        let group = match kind {
            Alternatives::AnyOf => &mut logic.any_of,
            Alternatives::OneOf => &mut logic.one_of,
        };
        if group.as_ref().is_some_and(|group| group.value.len() != 1) {
            *group = None;
        }
    };
    copy(shapes, base, &strip, extras)
}

pub(super) fn with_logic(
    shapes: &mut Shapes,
    base: &Effective,
    conditions: &[Stated<Condition>],
    not: &[Stated<ShapeId>],
) -> Vec<ShapeId> {
    let mut extras = Vec::new();
    for condition in conditions {
        let mut extra = Shape::anything(base.span);
        extra.logic.edit().condition = Some(condition.clone());
        extras.push(extra);
    }
    for excluded in not {
        let mut extra = Shape::anything(base.span);
        extra.logic.edit().not = Some(excluded.clone());
        extras.push(extra);
    }
    let strip = |shape: &mut Shape| {
        if let Some(logic) = shape.logic.get_mut() {
            (logic.condition, logic.not) = (None, None);
        }
    };
    copy(shapes, base, &strip, extras)
}

/// The place with these values of its list taken from the donor: each added, or removed.
pub(super) fn take_values(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    taken: &[&Json],
) -> Option<Vec<ShapeId>> {
    let mut values = base.values.clone()?;
    let others = &donor.values.as_ref()?.value;
    for value in taken.iter().copied() {
        if others.contains(value) {
            values.value.insert(value.clone());
        } else {
            values.value.remove(value);
        }
    }
    let listed = Stated { value: values.value.into_iter().collect(), span: values.span };
    let extra = Shape { enumeration: Some(listed), ..Shape::anything(base.span) };
    Some(copy(shapes, base, &strip_values, vec![extra]))
}
