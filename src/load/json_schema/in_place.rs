//! Chains of schemas that apply to one value: `{"$ref": "#"}` never ends and has no meaning, and
//! one of a million steps would exhaust the stack of whoever follows it.

use std::collections::HashMap;

use crate::model::{LogicFacets, Shape, ShapeId, Shapes};

/// How many references may follow each other at one value. Real schemas stay below a few dozen.
pub(super) const MAX_IN_PLACE: usize = 500;

/// In how many ways schemas may apply to one value. Each of two schemas that refer to each of two
/// others, and so on, doubles them, and a validator goes all of them. Real schemas stay below a few
/// thousand.
pub(super) const MAX_WAYS: usize = 1 << 20;

/// What applies to the same value, for each shape that applies others.
pub(super) type Chains = HashMap<ShapeId, Chain>;

/// What a shape applies to the same value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    /// How many schemas follow each other at most.
    length: usize,
    /// How many there are, each as often as it is come to.
    pub(super) ways: usize,
}

/// What is wrong with the chains among some shapes.
#[derive(Default)]
pub(super) struct Faults {
    /// Strongly connected components with at least one edge inside.
    pub(super) cycles: Vec<Vec<ShapeId>>,
    /// References beyond [`MAX_IN_PLACE`], each of which is cut off.
    pub(super) too_long: Vec<ShapeId>,
    /// References beyond [`MAX_WAYS`], each of which is cut off.
    pub(super) too_many: Vec<ShapeId>,
}

/// Measures the chains of the shapes from position `from` on; those before are measured already.
pub(super) fn survey(shapes: &Shapes, from: usize, chains: &mut Chains) -> Faults {
    let ids: Vec<ShapeId> = shapes.since(from).map(|(id, _)| id).collect();
    let Some(first) = ids.first().copied() else { return Faults::default() };
    let (state, stack, faults) = (HashMap::new(), Vec::new(), Faults::default());
    let mut search = Search { shapes, first, state, stack, chains, faults };
    for id in ids {
        if !search.state.contains_key(&id) && !edges(shapes.get(id)).is_empty() {
            search.visit(id);
        }
    }
    search.faults
}

/// Tarjan's algorithm with its stack on the heap.
struct Search<'s> {
    shapes: &'s Shapes,
    /// Shapes before it are complete and so lead to none that come after.
    first: ShapeId,
    state: HashMap<ShapeId, Mark>,
    stack: Vec<ShapeId>,
    chains: &'s mut Chains,
    faults: Faults,
}

#[derive(Clone, Copy)]
struct Mark {
    order: usize,
    low: usize,
    open: bool,
}

impl Search<'_> {
    fn visit(&mut self, root: ShapeId) {
        let mut path = vec![(root, self.enter(root))];
        while let Some((id, rest)) = path.last_mut() {
            let id = *id;
            let Some(next) = rest.pop() else {
                path.pop();
                self.leave(id, path.last().map(|(parent, _)| *parent));
                continue;
            };
            match self.state.get(&next).copied() {
                None => path.push((next, self.enter(next))),
                Some(mark) if mark.open => self.lower(id, mark.order),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, id: ShapeId) -> Vec<ShapeId> {
        let order = self.state.len();
        self.state.insert(id, Mark { order, low: order, open: true });
        self.stack.push(id);
        let mut edges = edges(self.shapes.get(id));
        edges.retain(|next| *next >= self.first);
        edges
    }

    fn lower(&mut self, id: ShapeId, low: usize) {
        if let Some(mark) = self.state.get_mut(&id) {
            mark.low = mark.low.min(low);
        }
    }

    fn leave(&mut self, id: ShapeId, parent: Option<ShapeId>) {
        let Some(mark) = self.state.get(&id).copied() else { return };
        if let Some(parent) = parent {
            self.lower(parent, mark.low);
        }
        if mark.low != mark.order {
            return;
        }
        let start = self.stack.iter().rposition(|each| *each == id).unwrap_or(0);
        let component = self.stack.split_off(start);
        for each in &component {
            if let Some(mark) = self.state.get_mut(each) {
                mark.open = false;
            }
        }
        let to_itself = edges(self.shapes.get(id)).contains(&id);
        if component.len() > 1 || to_itself {
            self.faults.cycles.push(component);
        } else {
            self.measure(id);
        }
    }

    /// Everything that the shape leads to is measured already.
    fn measure(&mut self, id: ShapeId) {
        let shape = self.shapes.get(id);
        let simple = Chain { length: 0, ways: 1 };
        let chain = |next: &ShapeId| self.chains.get(next).copied().unwrap_or(simple);
        let next: Vec<Chain> = edges(shape).iter().map(chain).collect();
        let length = next.iter().map(|next| next.length).max().unwrap_or(0) + 1;
        let ways = next.iter().map(|next| next.ways).fold(1, usize::saturating_add);
        if length > MAX_IN_PLACE && shape.reference.is_some() {
            self.faults.too_long.push(id);
        } else if ways > MAX_WAYS && shape.reference.is_some() {
            self.faults.too_many.push(id);
        } else {
            self.chains.insert(id, Chain { length, ways });
        }
    }
}

/// The shapes that apply to the same value as this one.
fn edges(shape: &Shape) -> Vec<ShapeId> {
    let mut found: Vec<ShapeId> = shape.reference.iter().map(|it| it.target).collect();
    if let Some(LogicFacets { all_of, any_of, one_of, not, condition }) = shape.logic.get() {
        found.extend(all_of);
        found.extend(any_of.iter().flat_map(|it| &it.value));
        found.extend(one_of.iter().flat_map(|it| &it.value));
        found.extend(not.iter().map(|it| it.value));
        if let Some(condition) = condition {
            found.push(condition.value.when);
            found.extend(condition.value.then);
            found.extend(condition.value.otherwise);
        }
    }
    if let Some(object) = shape.object.get() {
        found.extend(object.dependent_shapes.values().map(|it| it.value));
    }
    found
}
