//! Classes by exact keys, and cycles by refinement.

use std::collections::{BTreeMap, HashMap};

use super::Class;
use super::components::Component;
use super::keys::{Graph, Look, Said};
use crate::model::ShapeId;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

#[derive(Clone, Debug, Default)]
pub(super) struct Partition {
    pub(super) classes: Vec<Class>,
    /// What is known to say something, by the digest of what it says. A digest finds, and what it
    /// finds is compared.
    known: Map<u64, Vec<(Class, ShapeId)>>,
    /// Cyclic shapes by the digest of what they say apart from the cycle, for finding equal cycles.
    cyclic: Map<u64, Vec<ShapeId>>,
    /// By class, the first shape that says by itself what the class says.
    pub(super) speakers: Vec<ShapeId>,
}

impl Partition {
    pub(super) fn class(&self, id: ShapeId) -> Option<Class> {
        self.classes.get(id.index()).copied()
    }

    /// The position of the shape's class.
    pub(super) fn index(&self, id: ShapeId) -> Option<usize> {
        self.class(id)?.index()
    }

    /// Makes room for all shapes of the graph.
    pub(super) fn make_room(&mut self, graph: &Graph<'_>) {
        self.classes.resize(graph.len(), Class(u32::MAX));
    }

    /// Classifies a component whose children are classified; the class, where it is one shape that
    /// says what is known already.
    pub(super) fn add(
        &mut self,
        graph: &Graph<'_>,
        component: &Component,
        look: Look,
    ) -> Option<Class> {
        match component {
            Component::Single(id) => self.add_single(graph, *id, look),
            Component::Cycle(ids) => {
                self.add_cycle(graph, ids, look);
                None
            }
        }
    }

    fn add_single(&mut self, graph: &Graph<'_>, id: ShapeId, look: Look) -> Option<Class> {
        let said = graph.said(id, look, &|child| Class::raw(self.class(child)));
        if let Some(target) = said.alias() {
            self.set(id, Class(target));
            return None;
        }
        let digest = said.digest();
        if let Some(class) = self.find(graph, &said, digest, look) {
            self.set(id, class);
            return Some(class);
        }
        let class = self.next_class();
        self.speakers.push(id);
        self.known.entry(digest).or_default().push((class, id));
        self.set(id, class);
        None
    }

    /// The class of what says exactly this.
    fn find(&self, graph: &Graph<'_>, said: &Said<'_>, digest: u64, look: Look) -> Option<Class> {
        let same =
            |id: ShapeId| *said == graph.said(id, look, &|child| Class::raw(self.class(child)));
        let candidates = self.known.get(&digest)?;
        candidates.iter().find(|(_, id)| same(*id)).map(|(class, _)| *class)
    }

    fn next_class(&self) -> Class {
        Class(u32::try_from(self.speakers.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn set(&mut self, id: ShapeId, class: Class) {
        if let Some(place) = self.classes.get_mut(id.index()) {
            *place = class;
        }
    }

    /// Refines the component until no class splits, then finds an equal cycle that is known.
    fn add_cycle(&mut self, graph: &Graph<'_>, component: &[ShapeId], look: Look) {
        let colours = self.refine(graph, component, look);
        let mut classes: BTreeMap<u32, Class> = BTreeMap::new();
        for id in component {
            let Some(colour) = colours.get(id).copied() else { continue };
            if classes.contains_key(&colour) {
                continue;
            }
            let known = self.find_equal(graph, *id, &colours, look);
            let class = known.and_then(|known| self.class(known)).unwrap_or_else(|| {
                let class = self.next_class();
                self.speakers.push(*id);
                class
            });
            classes.insert(colour, class);
        }
        for id in component {
            let class = colours.get(id).and_then(|colour| classes.get(colour));
            self.set(*id, class.copied().unwrap_or(Class(u32::MAX)));
        }
        for id in component {
            let masked = self.masked(graph, *id, &colours, look);
            self.cyclic.entry(masked).or_default().push(*id);
            // A copy that unrolls the cycle once is equal to it.
            let full = graph.said(*id, look, &|child| Class::raw(self.class(child)));
            let digest = full.digest();
            if let Some(class) = self.class(*id)
                && self.find(graph, &full, digest, look).is_none()
            {
                self.known.entry(digest).or_default().push((class, *id));
            }
        }
    }

    fn refine(&self, graph: &Graph<'_>, component: &[ShapeId], look: Look) -> Map<ShapeId, u32> {
        let mut colours: Map<ShapeId, u32> = component.iter().map(|id| (*id, 0)).collect();
        let mut distinct = 1;
        loop {
            let mut seen: Map<Said<'_>, u32> = Map::default();
            let mut next = Map::default();
            for id in component {
                let said = graph.said(*id, look, &|child| match colours.get(&child) {
                    Some(colour) => u32::MAX - 1 - colour,
                    None => Class::raw(self.class(child)),
                });
                let fresh = u32::try_from(seen.len()).unwrap_or(u32::MAX);
                next.insert(*id, *seen.entry(said).or_insert(fresh));
            }
            colours = next;
            if seen.len() == distinct {
                return colours;
            }
            distinct = seen.len();
        }
    }

    /// The digest of what a cyclic shape says, its neighbours on the cycle left out.
    fn masked(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &Map<ShapeId, u32>,
        look: Look,
    ) -> u64 {
        let said = graph.said(id, look, &|child| {
            if component.contains_key(&child) { u32::MAX } else { Class::raw(self.class(child)) }
        });
        said.digest()
    }

    fn find_equal(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &Map<ShapeId, u32>,
        look: Look,
    ) -> Option<ShapeId> {
        let candidates = self.cyclic.get(&self.masked(graph, id, component, look))?;
        candidates.iter().copied().find(|known| {
            let mut assumed = BTreeMap::new();
            self.bisimilar(graph, id, *known, component, look, &mut assumed)
        })
    }

    /// Whether the new cyclic shape unfolds like the known one, by assuming it and looking for a
    /// contradiction.
    fn bisimilar(
        &self,
        graph: &Graph<'_>,
        fresh: ShapeId,
        known: ShapeId,
        component: &Map<ShapeId, u32>,
        look: Look,
        assumed: &mut BTreeMap<ShapeId, ShapeId>,
    ) -> bool {
        let mut waiting = vec![(fresh, known)];
        while let Some((fresh, known)) = waiting.pop() {
            if !component.contains_key(&fresh) {
                if self.class(fresh) != self.class(known) {
                    return false;
                }
                continue;
            }
            if let Some(other) = assumed.get(&fresh) {
                if *other == known {
                    continue;
                }
                return false;
            }
            assumed.insert(fresh, known);
            let mask = |_| 0;
            if graph.said(fresh, look, &mask) != graph.said(known, look, &mask) {
                return false;
            }
            let (left, right) = (graph.children(fresh), graph.children(known));
            if left.len() != right.len() {
                return false;
            }
            waiting.extend(left.into_iter().zip(right));
        }
        true
    }
}

impl Class {
    pub(super) fn index(self) -> Option<usize> {
        usize::try_from(self.0).ok().filter(|_| self.0 != u32::MAX)
    }

    /// A class in the place of a child; keys hold classes where shapes hold ids.
    fn raw(class: Option<Self>) -> u32 {
        class.map_or(u32::MAX, |class| class.0)
    }
}
