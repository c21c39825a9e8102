//! Where a slot leads inside a place and inside a value.

use std::sync::Arc;

use super::slots::shapes_in;
use super::walk::Walk;
use crate::model::{Json, Shape, ShapeId, Shapes};
use crate::rules::edit::Slot;
use crate::rules::effective::nodes_of;

/// From how many branches on a place has many.
const MANY: usize = 16;

/// Whether the place has so many alternatives that to look at all of them for each edit is dear.
pub(crate) fn has_many_branches(shapes: &Shapes, place: &[ShapeId]) -> bool {
    nodes_of(shapes, place).into_iter().filter_map(|node| shapes.get(node).logic.get()).any(
        |logic| {
            let groups = logic.any_of.iter().chain(&logic.one_of);
            groups.into_iter().any(|group| group.value.len() >= MANY)
        },
    )
}

/// The shapes in a slot that decides about its part by itself, or in a branch, where what is found
/// may be what another branch accepts; `None` for others, and where the place does not have it.
pub(crate) fn inside(walk: &mut Walk<'_>, place: &[ShapeId], slot: &Slot) -> Option<Vec<ShapeId>> {
    let mut found = Vec::new();
    match slot {
        Slot::Member(_) | Slot::Branch(..) | Slot::Itself | Slot::Respelled(_) => {
            let place = walk.place(place)?;
            found = shapes_in(&place, slot);
        }
        Slot::Property(_) | Slot::Position(_) | Slot::Rest => {
            for node in nodes_of(&walk.shapes, place) {
                let part = part(walk.shapes.get(node), slot);
                found.extend(part.filter(|part| !found.contains(part)));
            }
        }
        Slot::PatternProperty(_)
        | Slot::Family(_)
        | Slot::Additional
        | Slot::Unevaluated
        | Slot::UnevaluatedItems
        | Slot::Names
        | Slot::Contained(_)
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_) => {}
    }
    (!found.is_empty()).then_some(found)
}

/// What one shape says of its part in the slot.
fn part(shape: &Shape, slot: &Slot) -> Option<ShapeId> {
    let (array, object) = (shape.array.get(), shape.object.get());
    if let Slot::Property(name) = slot {
        object.and_then(|object| object.properties.get(name)).map(|member| member.value)
    } else if let Slot::Position(index) = slot {
        array.and_then(|array| array.prefix.get(*index).copied().or(array.rest))
    } else {
        array.and_then(|array| array.rest)
    }
}

/// The element that stands for a slot of an array.
pub(crate) fn position(slot: &Slot, elements: &[Json]) -> Option<usize> {
    if let Slot::Position(index) = slot {
        return Some(*index);
    }
    (*slot == Slot::Rest).then(|| elements.len().saturating_sub(1))
}

/// The value with its part in the slot replaced, or added where it can be.
pub(crate) fn put(around: &Json, slot: &Slot, part: Json) -> Option<Json> {
    match (around, slot) {
        (Json::Object(members), Slot::Property(name) | Slot::Member(name)) => {
            let mut members = (**members).clone();
            members.insert(Arc::clone(name), part);
            Some(Json::Object(Arc::new(members)))
        }
        (Json::Array(elements), slot) => {
            let index = position(slot, elements)?;
            let before = elements.get(..index)?;
            let after = elements.get(index + 1..).unwrap_or_default();
            let parts = before.iter().cloned().chain([part]).chain(after.iter().cloned());
            Some(Json::array(parts))
        }
        _ => None,
    }
}
