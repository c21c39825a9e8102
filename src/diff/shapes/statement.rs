//! Statements of one place, taken over by a copy of another.

use super::copy::{conjunction, copy};
use super::graft::BaseSide;
use crate::model::{Condition, Json, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Alternatives, BranchEdit};
use crate::rules::effective::Effective;
use crate::rules::union::groups;

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

pub(super) fn conjoin_contains(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
) -> Vec<ShapeId> {
    let extras = donor.contains.iter().map(|contains| {
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

pub(super) fn take_branch(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &Effective,
    donor: &Effective,
    (kind, group, edit): (Alternatives, usize, BranchEdit),
) -> Option<Vec<ShapeId>> {
    let mut all = groups(base, kind).to_vec();
    let other = &groups(donor, kind).get(group)?.value;
    let own = &mut all.get_mut(group)?.value;
    match (edit, side) {
        (BranchEdit::Removed(index), BaseSide::Old) | (BranchEdit::Added(index), BaseSide::New) => {
            if index >= own.len() {
                return None;
            }
            own.remove(index);
        }
        (BranchEdit::Removed(index), BaseSide::New) | (BranchEdit::Added(index), BaseSide::Old) => {
            own.push(*other.get(index)?);
        }
    }
    Some(with_groups(shapes, base, kind, &all))
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

/// The list of values with one value taken from the donor: added, or removed.
pub(super) fn with_or_without(base: &Effective, donor: &Effective, value: &Json) -> Option<Shape> {
    let mut values = base.values.clone()?;
    if donor.values.as_ref()?.value.contains(value) {
        values.value.insert(value.clone());
    } else {
        values.value.remove(value);
    }
    let listed = Stated { value: values.value.into_iter().collect(), span: values.span };
    Some(Shape { enumeration: Some(listed), ..Shape::anything(base.span) })
}
