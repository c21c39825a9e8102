//! The places inside a place.

use crate::model::{Condition, ShapeId};
use crate::rules::edit::{Alternatives, Slot};
use crate::rules::effective::Effective;
use crate::rules::union::{Pairing, groups};

/// A slot as each side counts it; they differ only where branches were paired across positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlotPair {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
}

/// The slots that both places have, with the shapes in them.
pub(super) fn shared(old: &Effective, new: &Effective, pairing: &Pairing) -> Vec<SlotPair> {
    let mut pairs: Vec<SlotPair> = slots(old)
        .into_iter()
        .filter(|slot| !shapes_in(new, slot).is_empty())
        .map(|slot| SlotPair { old: slot.clone(), new: slot })
        .collect();
    for group in &pairing.groups {
        for (was, is) in &group.branches {
            pairs.push(SlotPair {
                old: Slot::Branch(group.kind, group.index, *was),
                new: Slot::Branch(group.kind, group.index, *is),
            });
        }
    }
    pairs
}

/// The slots that one place has, branches aside.
fn slots(side: &Effective) -> Vec<Slot> {
    let mut all = Vec::new();
    all.extend(side.properties.keys().cloned().map(Slot::Property));
    all.extend(side.pattern_properties.keys().cloned().map(Slot::PatternProperty));
    all.extend((0..side.positions.len()).map(Slot::Position));
    all.extend([Slot::Rest, Slot::Additional, Slot::Unevaluated, Slot::UnevaluatedItems]);
    all.extend([Slot::Names, Slot::Content]);
    all.extend((0..side.contains.len()).map(Slot::Contained));
    all.extend(side.dependent_shapes.keys().cloned().map(Slot::DependentShape));
    all.extend((0..side.not.len()).map(Slot::Not));
    for index in 0..side.conditions.len() {
        all.extend([Slot::When(index), Slot::Then(index), Slot::Otherwise(index)]);
    }
    all.retain(|slot| !shapes_in(side, slot).is_empty());
    all
}

/// The shapes in a slot; none where the place does not have it.
pub(super) fn shapes_in(side: &Effective, slot: &Slot) -> Vec<ShapeId> {
    let condition = |index: usize, pick: fn(&Condition) -> Option<ShapeId>| {
        side.conditions.get(index).and_then(|stated| pick(&stated.value)).into_iter().collect()
    };
    match slot {
        Slot::Property(name) => {
            side.properties.get(name).map_or_else(Vec::new, |member| member.shapes.clone())
        }
        Slot::PatternProperty(pattern) => side
            .pattern_properties
            .get(pattern)
            .map_or_else(Vec::new, |member| member.shapes.clone()),
        Slot::Additional => side.additional.clone(),
        Slot::Unevaluated => side.unevaluated.clone(),
        Slot::Position(index) => side.positions.get(*index).cloned().unwrap_or_default(),
        Slot::Rest => side.rest.clone(),
        Slot::UnevaluatedItems => side.unevaluated_items.clone(),
        Slot::Names => side.names.clone(),
        Slot::Contained(index) => {
            side.contains.get(*index).map(|contains| contains.shape).into_iter().collect()
        }
        Slot::Content => side.contents.clone(),
        Slot::DependentShape(name) => {
            side.dependent_shapes.get(name).map_or_else(Vec::new, |member| member.shapes.clone())
        }
        Slot::Branch(kind, group, branch) => branch_of(side, *kind, *group, *branch),
        Slot::Not(index) => side.not.get(*index).map(|not| not.value).into_iter().collect(),
        Slot::When(index) => condition(*index, |condition| Some(condition.when)),
        Slot::Then(index) => condition(*index, |condition| condition.then),
        Slot::Otherwise(index) => condition(*index, |condition| condition.otherwise),
    }
}

fn branch_of(side: &Effective, kind: Alternatives, group: usize, branch: usize) -> Vec<ShapeId> {
    groups(side, kind)
        .get(group)
        .and_then(|group| group.value.get(branch))
        .copied()
        .into_iter()
        .collect()
}
