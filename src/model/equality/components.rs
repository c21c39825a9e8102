//! Strongly connected components.

use super::keys::Graph;
use crate::model::ShapeId;

/// A strongly connected component.
#[derive(Clone, Debug)]
pub(super) enum Component {
    /// One shape that is not part of itself.
    Single(ShapeId),
    /// Shapes that are part of each other, or one that is part of itself.
    Cycle(Vec<ShapeId>),
}

impl Component {
    /// Its shapes.
    pub(super) fn ids(&self) -> &[ShapeId] {
        match self {
            Self::Single(id) => std::slice::from_ref(id),
            Self::Cycle(ids) => ids,
        }
    }
}

/// Strongly connected components of the shapes from `first` on, children before parents
/// (Tarjan 1972), without recursion; costs what those shapes cost.
pub(super) fn components(graph: &Graph<'_>, first: usize) -> Vec<Component> {
    let mut search = Search { first, visits: vec![None; graph.len() - first], ..Search::default() };
    for id in graph.since(first) {
        search.run(graph, id);
    }
    search.found
}

#[derive(Default)]
struct Search {
    first: usize,
    /// By position after `first`.
    visits: Vec<Option<Visit>>,
    stack: Vec<ShapeId>,
    /// The children that are still to be visited, of all shapes that are open.
    waiting: Vec<ShapeId>,
    next: u32,
    found: Vec<Component>,
}

#[derive(Clone, Copy)]
struct Visit {
    order: u32,
    low: u32,
    on_stack: bool,
    is_own_child: bool,
}

impl Search {
    fn run(&mut self, graph: &Graph<'_>, root: ShapeId) {
        if self.visit(root).is_some() {
            return;
        }
        // Each open shape, and where its children begin among those that wait.
        let mut frames: Vec<(ShapeId, usize)> = vec![self.open(graph, root)];
        while let Some((id, bottom)) = frames.last().copied() {
            if self.waiting.len() > bottom
                && let Some(child) = self.waiting.pop()
            {
                match self.visit(child).copied() {
                    None => frames.push(self.open(graph, child)),
                    Some(known) if known.on_stack => self.reach(id, known.order),
                    Some(_) => {}
                }
                continue;
            }
            frames.pop();
            let Some(visit) = self.visit(id).copied() else { continue };
            if let Some((parent, _)) = frames.last() {
                self.reach(*parent, visit.low);
            }
            if visit.order == visit.low {
                self.close(id, visit.is_own_child);
            }
        }
    }

    fn visit(&mut self, id: ShapeId) -> Option<&mut Visit> {
        self.visits.get_mut(id.index().checked_sub(self.first)?)?.as_mut()
    }

    fn reach(&mut self, id: ShapeId, order: u32) {
        if let Some(visit) = self.visit(id) {
            visit.low = visit.low.min(order);
        }
    }

    fn open(&mut self, graph: &Graph<'_>, id: ShapeId) -> (ShapeId, usize) {
        let bottom = self.waiting.len();
        let (first, waiting) = (self.first, &mut self.waiting);
        let mut is_own_child = false;
        graph.for_each_child(id, &mut |child| {
            is_own_child |= child == id;
            if child.index() >= first {
                waiting.push(child);
            }
        });
        let order = self.next;
        let visit = Visit { order, low: order, on_stack: true, is_own_child };
        self.next += 1;
        if let Some(place) = self.visits.get_mut(id.index() - first) {
            *place = Some(visit);
        }
        self.stack.push(id);
        (id, bottom)
    }

    fn close(&mut self, id: ShapeId, is_own_child: bool) {
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(visit) = self.visit(member) {
                visit.on_stack = false;
            }
            if member == id && component.is_empty() && !is_own_child {
                self.found.push(Component::Single(id));
                return;
            }
            component.push(member);
            if member == id {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(Component::Cycle(component));
    }
}
