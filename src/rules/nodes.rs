//! Which shapes apply at a place.

use std::collections::BTreeSet;

use crate::model::{LogicFacets, ShapeId, Shapes};

/// The shapes that apply unconditionally where these do, each once, in order of discovery.
pub(crate) fn nodes_of(shapes: &Shapes, conjuncts: &[ShapeId]) -> Vec<ShapeId> {
    /// Of how many shapes it is looked through a list which of them were met.
    const FEW: usize = 16;
    let mut many = BTreeSet::new();
    let mut nodes: Vec<ShapeId> = Vec::new();
    let mut waiting: Vec<ShapeId> = conjuncts.iter().rev().copied().collect();
    while let Some(id) = waiting.pop() {
        if nodes.len() == FEW && many.is_empty() {
            many.extend(nodes.iter().copied());
        }
        let is_known = if nodes.len() < FEW { nodes.contains(&id) } else { !many.insert(id) };
        if is_known {
            continue;
        }
        nodes.push(id);
        let shape = shapes.get(id);
        if let Some(LogicFacets { all_of, any_of, one_of, not: _, condition: _ }) =
            shape.logic.get()
        {
            for group in [one_of, any_of].into_iter().flatten() {
                if let [only] = group.value.as_slice() {
                    waiting.push(*only);
                }
            }
            waiting.extend(all_of.iter().rev());
        }
        waiting.extend(shape.reference.iter().map(|reference| reference.target));
    }
    nodes
}
