//! Which shapes have a say in whether a value is accepted.

use std::collections::HashSet;
use std::ptr;

use foldhash::fast::FixedState;

use crate::model::{
    ArrayFacets, Condition, Json, LogicFacets, ObjectFacets, ShapeId, Shapes, Stated,
};

/// The shapes that were met.
pub(crate) type Touched = HashSet<ShapeId, FixedState>;

/// How many pairs of a shape and a part of the value are looked at.
const MAX_LOOKS: usize = 100_000;

/// The shapes that are asked about the value or a part of it where these apply, and perhaps more;
/// `None` where there are too many to tell.
pub(crate) fn touched(shapes: &Shapes, place: &[ShapeId], value: &Json) -> Option<Touched> {
    let mut touched = Touched::default();
    let mut seen: HashSet<(ShapeId, *const Json), FixedState> = HashSet::default();
    let mut waiting: Vec<(ShapeId, &Json)> = place.iter().map(|id| (*id, value)).collect();
    while let Some((id, value)) = waiting.pop() {
        if !seen.insert((id, ptr::from_ref(value))) {
            continue;
        }
        if seen.len() > MAX_LOOKS {
            return None;
        }
        touched.insert(id);
        let shape = shapes.get(id);
        waiting.extend(shape.reference.iter().map(|reference| (reference.target, value)));
        let text = shape.text.get().and_then(|text| text.content);
        waiting.extend(text.map(|content| (content, value)));
        shape.logic.get().into_iter().for_each(|logic| in_place(logic, value, &mut waiting));
        shape.object.get().into_iter().for_each(|object| members(object, value, &mut waiting));
        shape.array.get().into_iter().for_each(|array| elements(array, value, &mut waiting));
    }
    Some(touched)
}

fn in_place<'v>(logic: &LogicFacets, value: &'v Json, waiting: &mut Vec<(ShapeId, &'v Json)>) {
    let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
    let branches = [any_of, one_of].into_iter().flatten().flat_map(|group| &group.value);
    let mut ids: Vec<ShapeId> = all_of.iter().chain(branches).copied().collect();
    ids.extend(not.iter().map(|not| not.value));
    if let Some(Stated { value: Condition { when, then, otherwise }, span: _ }) = condition {
        ids.extend([Some(*when), *then, *otherwise].into_iter().flatten());
    }
    waiting.extend(ids.into_iter().map(|id| (id, value)));
}

fn members<'v>(object: &ObjectFacets, value: &'v Json, waiting: &mut Vec<(ShapeId, &'v Json)>) {
    let Json::Object(members) = value else { return };
    let ObjectFacets { properties, patterns, additional, unevaluated, names, .. } = object;
    waiting.extend(names.map(|names| (names, value)));
    waiting.extend(object.dependent_shapes.values().map(|dependent| (dependent.value, value)));
    let others = patterns.iter().map(|(_, id)| *id).chain(*additional).chain(*unevaluated);
    let others: Vec<ShapeId> = others.collect();
    for (name, member) in members.iter() {
        waiting.extend(properties.get(name).map(|property| (property.value, member)));
        waiting.extend(others.iter().map(|id| (*id, member)));
    }
}

fn elements<'v>(array: &ArrayFacets, value: &'v Json, waiting: &mut Vec<(ShapeId, &'v Json)>) {
    let Json::Array(elements) = value else { return };
    let ArrayFacets { prefix, rest, unevaluated, contains, .. } = array;
    let contains = contains.as_ref().map(|contains| contains.shape);
    let others: Vec<ShapeId> = [*rest, *unevaluated, contains].into_iter().flatten().collect();
    for (index, element) in elements.iter().enumerate() {
        waiting.extend(prefix.get(index).map(|id| (*id, element)));
        waiting.extend(others.iter().map(|id| (*id, element)));
    }
}
