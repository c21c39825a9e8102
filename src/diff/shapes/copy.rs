//! Copying a place: its shapes rewritten one by one, everything below them shared.

use std::collections::BTreeMap;

use crate::model::{LogicFacets, Shape, ShapeId, Shapes};
use crate::rules::effective::Effective;

/// One shape for several.
pub(super) fn conjunction(shapes: &mut Shapes, base: &Effective, ids: &[ShapeId]) -> ShapeId {
    if let [only] = ids {
        return *only;
    }
    let mut all = Shape::anything(base.span);
    all.logic.edit().all_of = ids.to_vec();
    shapes.add(all)
}

pub(super) fn copy(
    shapes: &mut Shapes,
    base: &Effective,
    strip: &dyn Fn(&mut Shape),
    extras: Vec<Shape>,
) -> Vec<ShapeId> {
    copy_with(shapes, base, &|_, shape| strip(shape), extras)
}

/// The place with further statements, which evaluate nothing and take nothing back.
pub(super) fn beside(shapes: &mut Shapes, base: &Effective, extras: Vec<Shape>) -> Vec<ShapeId> {
    let mut result = base.conjuncts.clone();
    let said = extras.into_iter().filter(|extra| *extra != Shape::anything(base.span));
    result.extend(said.map(|extra| shapes.add(extra)));
    result
}

/// Copies the shapes of a place, rewritten one by one, with further statements beside them.
pub(super) fn copy_with(
    shapes: &mut Shapes,
    base: &Effective,
    rewrite: &dyn Fn(ShapeId, &mut Shape),
    extras: Vec<Shape>,
) -> Vec<ShapeId> {
    let mut copies: BTreeMap<ShapeId, ShapeId> = BTreeMap::new();
    for id in &base.nodes {
        copies.insert(*id, shapes.reserve(base.span));
    }
    for id in &base.nodes {
        let mut shape = shapes.get(*id).clone();
        rewrite(*id, &mut shape);
        let moved = |id: &mut ShapeId| *id = copies.get(id).copied().unwrap_or(*id);
        if let Some(reference) = &mut shape.reference {
            moved(&mut reference.target);
        }
        if let Some(LogicFacets { all_of, any_of, one_of, not: _, condition: _ }) =
            shape.logic.get_mut()
        {
            all_of.iter_mut().for_each(moved);
            for group in [any_of, one_of].into_iter().flatten() {
                if let [only] = group.value.as_mut_slice() {
                    moved(only);
                }
            }
        }
        if let Some(copy) = copies.get(id) {
            shapes.set(*copy, shape);
        }
    }
    let mut result: Vec<ShapeId> =
        base.conjuncts.iter().map(|id| copies.get(id).copied().unwrap_or(*id)).collect();
    let said = extras.into_iter().filter(|extra| *extra != Shape::anything(base.span));
    let extras: Vec<ShapeId> = said.map(|extra| shapes.add(extra)).collect();
    match result.first() {
        // Inside the first shape, so that its `unevaluated…` sees what the statements evaluate.
        Some(first) if !extras.is_empty() => {
            let mut shape = shapes.get(*first).clone();
            shape.logic.edit().all_of.extend(extras);
            shapes.set(*first, shape);
        }
        _ => result.extend(extras),
    }
    result
}
