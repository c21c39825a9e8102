//! Strongly connected components.

use super::keys::Graph;
use crate::model::ShapeId;

/// Strongly connected components of the shapes from `first` on, children before parents
/// (Tarjan 1972), without recursion; costs what those shapes cost.
pub(super) fn components(graph: &Graph<'_>, first: usize) -> Vec<Vec<ShapeId>> {
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
    next: u32,
    found: Vec<Vec<ShapeId>>,
}

#[derive(Clone, Copy)]
struct Visit {
    order: u32,
    low: u32,
    on_stack: bool,
}

impl Search {
    fn run(&mut self, graph: &Graph<'_>, root: ShapeId) {
        if self.visit(root).is_some() {
            return;
        }
        let mut frames: Vec<(ShapeId, Vec<ShapeId>)> = vec![self.open(graph, root)];
        while let Some((id, waiting)) = frames.last_mut() {
            let id = *id;
            if let Some(child) = waiting.pop() {
                match self.visit(child).copied() {
                    None => frames.push(self.open(graph, child)),
                    Some(known) if known.on_stack => self.reach(id, known.order),
                    Some(_) => {}
                }
                continue;
            }
            frames.pop();
            let Some(Visit { order, low, on_stack: _ }) = self.visit(id).copied() else { continue };
            if let Some((parent, _)) = frames.last() {
                self.reach(*parent, low);
            }
            if order == low {
                self.close(id);
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

    fn open(&mut self, graph: &Graph<'_>, id: ShapeId) -> (ShapeId, Vec<ShapeId>) {
        let visit = Visit { order: self.next, low: self.next, on_stack: true };
        self.next += 1;
        if let Some(place) = self.visits.get_mut(id.index() - self.first) {
            *place = Some(visit);
        }
        self.stack.push(id);
        let mut waiting = graph.children(id);
        waiting.retain(|child| child.index() >= self.first);
        (id, waiting)
    }

    fn close(&mut self, id: ShapeId) {
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(visit) = self.visit(member) {
                visit.on_stack = false;
            }
            component.push(member);
            if member == id {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(component);
    }
}
