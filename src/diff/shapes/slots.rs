//! The places inside a place.

use std::sync::Arc;

use super::joined::joined;
use super::similarity::{Likeness, Look, Profile};
use crate::model::{Condition, ShapeId, Step};
use crate::rules::edit::{GroupAt, Slot};
use crate::rules::effective::Effective;
use crate::rules::matching::{GroupPair, Matching, Pairing};
use crate::rules::openness::restricts;
use crate::rules::union::{branch_names, group, reference_name};
use crate::subtype::Carrier;

/// A slot as each side counts it; they differ only where what has no name was paired across positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlotPair {
    pub(crate) old: Slot,
    pub(crate) new: Slot,
    /// What people call it.
    pub(crate) step: Option<Step>,
}

impl SlotPair {
    fn same(slot: Slot) -> Self {
        let step = slot.step();
        Self { old: slot.clone(), new: slot, step }
    }

    fn across(old: Slot, new: Slot) -> Self {
        let step = new.step();
        Self { old, new, step }
    }

    /// The same place in the spellings of both sides.
    pub(super) fn respelled((old, new): (Slot, Slot)) -> Self {
        Self { old, new, step: None }
    }
}

/// The slots that both places have and that differ. `nothing` is the branch that a respelling filled a group up with.
pub(super) fn shared(
    look: Look<'_>,
    nothing: ShapeId,
    (old, new): (&Effective, &Effective),
    pairing: &Pairing,
) -> Vec<SlotPair> {
    let joined = joined(look, old, new);
    let is_joined = |slot: &Slot| joined.iter().any(|(apart, _)| apart == slot);
    let members = old.properties.iter().filter(|(name, member)| {
        let other = new.properties.get(*name);
        other.is_some_and(|other| !look.equality.same_texts(&member.shapes, &other.shapes))
    });
    let members = members.map(|(name, _)| Slot::Property(Arc::clone(name)));
    let others = slots(old).into_iter().filter(|slot| !is_opened_or_closed(look, (old, new), slot));
    let apart = members.chain(others).filter(|slot| !is_joined(slot));
    let mut pairs: Vec<SlotPair> = apart.map(SlotPair::same).collect();
    pairs.extend(joined.into_iter().map(|(_, slot)| SlotPair::same(slot)));
    pairs.extend(patterns(look, old, new));
    for (was, is) in &pairing.contained.pairs {
        pairs.push(SlotPair::across(Slot::Contained(*was), Slot::Contained(*is)));
    }
    for (was, is) in &pairing.not.pairs {
        pairs.push(SlotPair::across(Slot::Not(*was), Slot::Not(*is)));
    }
    for (was, is) in &pairing.conditions.pairs {
        for slot in [Slot::When, Slot::Then, Slot::Otherwise] {
            pairs.push(SlotPair::across(slot(*was), slot(*is)));
        }
    }
    for group in &pairing.groups {
        branches(look, nothing, (old, new), group, &mut pairs);
    }
    pairs.retain(|SlotPair { old: was, new: is, step: _ }| differ(look, (old, was), (new, is)));
    pairs
}

/// The families of members whose pattern was rewritten: of those that only one side has, the ones whose
/// members are called the same, else the only two, where their members are alike.
fn patterns(look: Look<'_>, old: &Effective, new: &Effective) -> Vec<SlotPair> {
    let only = |here: &Effective, there: &Effective| -> Vec<(Arc<str>, Vec<ShapeId>)> {
        let here = here.pattern_properties.iter();
        let alone = here.filter(|(pattern, _)| !there.pattern_properties.contains_key(*pattern));
        alone.map(|(pattern, member)| (Arc::clone(pattern), member.shapes.clone())).collect()
    };
    let (removed, mut added) = (only(old, new), only(new, old));
    let is_lone = removed.len() == 1 && added.len() == 1;
    let name = |ids: &[ShapeId]| match ids {
        [only] => reference_name(look.shapes, *only).map(str::to_owned),
        _ => None,
    };
    let mut pairs = Vec::new();
    for (pattern, was) in removed {
        let partner = added.iter().position(|(_, is)| {
            let is_named = name(&was).is_some() && name(&was) == name(is);
            let likeness = || Profile::of(look, &was).likeness(&Profile::of(look, is));
            is_named || is_lone && likeness() >= Likeness::ALIKE
        });
        if let Some(partner) = partner {
            let (other, _) = added.remove(partner);
            let slots = (Slot::PatternProperty(pattern), Slot::PatternProperty(other));
            pairs.push(SlotPair::across(slots.0, slots.1));
        }
    }
    pairs
}

/// Whether what is in the slot came or went as a whole, though both sides spell it out.
fn is_opened_or_closed(look: Look<'_>, (old, new): (&Effective, &Effective), slot: &Slot) -> bool {
    let restricts = |side| restricts(look.shapes, &shapes_in(side, slot));
    matches!(slot, Slot::Additional | Slot::Unevaluated) && restricts(old) != restricts(new)
}

/// The branches that were paired and differ, each called what the new side calls it.
fn branches(
    look: Look<'_>,
    nothing: ShapeId,
    (old, new): (&Effective, &Effective),
    pair: &GroupPair,
    pairs: &mut Vec<SlotPair>,
) {
    let GroupPair { at, branches: Matching { pairs: paired, removed: _, added: _ } } = pair;
    let (Some(was), Some(is)) = (group(old, at.old), group(new, at.new)) else { return };
    let differ = paired.iter().filter(|(old, new)| {
        let (old, new) = (was.value.get(*old), is.value.get(*new));
        !old.zip(new).is_some_and(|(old, new)| look.equality.same_text(*old, *new))
    });
    let differ: Vec<&(usize, usize)> = differ.collect();
    if differ.is_empty() {
        return;
    }
    // A group with one real branch is the place itself, and has no name of its own.
    let is_real = was.value.iter().chain(&is.value).all(|id| *id != nothing);
    let names: Vec<Arc<str>> =
        if is_real { branch_names(look.shapes, &is.value) } else { Vec::new() };
    for (old, new) in differ {
        pairs.push(SlotPair {
            old: Slot::Branch(at.old, *old),
            new: Slot::Branch(at.new, *new),
            step: names.get(*new).cloned().map(Step::Branch),
        });
    }
}

/// Whether both places have the slot, and what is in it is not the same.
fn differ(look: Look<'_>, (old, was): (&Effective, &Slot), (new, is): (&Effective, &Slot)) -> bool {
    let (was, is) = (shapes_in(old, was), shapes_in(new, is));
    !was.is_empty() && !is.is_empty() && !look.equality.same_texts(&was, &is)
}

/// The slots that one place has and that have a name, properties aside.
fn slots(side: &Effective) -> Vec<Slot> {
    let mut all = Vec::new();
    all.extend(side.pattern_properties.keys().cloned().map(Slot::PatternProperty));
    all.extend((0..side.positions.len()).map(Slot::Position));
    let others = [
        (Slot::Rest, &side.rest),
        (Slot::Additional, &side.additional),
        (Slot::Unevaluated, &side.unevaluated),
        (Slot::UnevaluatedItems, &side.unevaluated_items),
        (Slot::Names, &side.names),
        (Slot::Content, &side.contents),
    ];
    let there = others.into_iter().filter(|(_, shapes)| !shapes.is_empty());
    all.extend(there.map(|(slot, _)| slot));
    all.extend(side.dependent_shapes.keys().cloned().map(Slot::DependentShape));
    all
}

/// The shapes in a slot; none where the place does not have it.
pub(crate) fn shapes_in(side: &Effective, slot: &Slot) -> Vec<ShapeId> {
    let condition = |index: usize, pick: fn(&Condition) -> Option<ShapeId>| {
        side.conditions.get(index).and_then(|stated| pick(&stated.value)).into_iter().collect()
    };
    match slot {
        Slot::Property(name) => {
            side.properties.get(name).map_or_else(Vec::new, |member| member.shapes.clone())
        }
        Slot::Member(name) => {
            let mut shapes = shapes_in(side, &Slot::Property(Arc::clone(name)));
            shapes.extend(side.said_of_undeclared(name));
            shapes
        }
        Slot::Family(pattern) => {
            let mut shapes = shapes_in(side, &Slot::PatternProperty(Arc::clone(pattern)));
            shapes.extend(side.said_of_family(pattern));
            shapes
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
        Slot::Branch(at, branch) => branch_of(side, *at, *branch),
        Slot::Itself => side.conjuncts.clone(),
        Slot::Respelled(id) => vec![*id],
        Slot::Not(index) => side.not.get(*index).map(|not| not.value).into_iter().collect(),
        Slot::When(index) => condition(*index, |condition| Some(condition.when)),
        Slot::Then(index) => condition(*index, |condition| condition.then),
        Slot::Otherwise(index) => condition(*index, |condition| condition.otherwise),
    }
}

/// How what is in the slot crosses where the value around it crosses so.
pub(super) fn inside_of(around: Carrier, slot: &Slot) -> Carrier {
    match slot {
        Slot::Property(_)
        | Slot::Member(_)
        | Slot::Family(_)
        | Slot::PatternProperty(_)
        | Slot::Additional
        | Slot::Unevaluated => around.of_member(),
        Slot::Position(_) | Slot::Rest | Slot::UnevaluatedItems | Slot::Contained(_) => {
            around.of_element()
        }
        Slot::Branch(..)
        | Slot::Itself
        | Slot::Respelled(_)
        | Slot::Names
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_) => around,
    }
}

fn branch_of(side: &Effective, at: GroupAt, branch: usize) -> Vec<ShapeId> {
    group(side, at).and_then(|group| group.value.get(branch)).copied().into_iter().collect()
}
