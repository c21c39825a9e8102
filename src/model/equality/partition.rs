//! Classes by exact keys, and cycles by refinement.

use std::collections::{BTreeMap, HashMap};

use super::Class;
use super::keys::{Graph, Look, alias};
use crate::model::{Shape, ShapeId};

#[derive(Debug, Default)]
pub(super) struct Partition {
    pub(super) classes: Vec<Class>,
    known: HashMap<Shape, Class, foldhash::fast::FixedState>,
    /// Cyclic shapes by what they say apart from the cycle, for finding equal cycles.
    cyclic: HashMap<Shape, Vec<ShapeId>, foldhash::fast::FixedState>,
    /// By class, the first shape that says by itself what the class says.
    pub(super) speakers: Vec<ShapeId>,
}

impl Partition {
    pub(super) fn class(&self, id: ShapeId) -> Option<Class> {
        self.classes.get(id.index()).copied()
    }

    pub(super) fn extend(&mut self, graph: &Graph<'_>, components: &[Vec<ShapeId>], look: Look) {
        self.classes.resize(graph.len(), Class(u32::MAX));
        for component in components {
            let cyclic =
                component.len() > 1 || component.iter().any(|id| graph.children(*id).contains(id));
            match component.as_slice() {
                [only] if !cyclic => self.add(graph, *only, look),
                several => self.add_cycle(graph, several, look),
            }
        }
    }

    fn add(&mut self, graph: &Graph<'_>, id: ShapeId, look: Look) {
        let key = graph.key(id, look, &|child| Class::of(self.class(child)));
        let class = match alias(&key) {
            Some(target) => Class(target.raw()),
            None => self.intern(key, id),
        };
        self.set(id, class);
    }

    fn intern(&mut self, key: Shape, speaker: ShapeId) -> Class {
        let next = self.next_class();
        let class = *self.known.entry(key).or_insert(next);
        if class == next {
            self.speakers.push(speaker);
        }
        class
    }

    fn next_class(&self) -> Class {
        Class(u32::try_from(self.speakers.len()).unwrap_or(u32::MAX))
    }

    fn set(&mut self, id: ShapeId, class: Class) {
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
            let full = graph.key(*id, look, &|child| Class::of(self.class(child)));
            if let Some(class) = self.class(*id) {
                self.known.entry(full).or_insert(class);
            }
        }
    }

    fn refine(
        &self,
        graph: &Graph<'_>,
        component: &[ShapeId],
        look: Look,
    ) -> BTreeMap<ShapeId, u32> {
        let mut colours: BTreeMap<ShapeId, u32> = component.iter().map(|id| (*id, 0)).collect();
        let mut distinct = 1;
        loop {
            let mut seen: HashMap<Shape, u32, foldhash::fast::FixedState> = HashMap::default();
            let mut next = BTreeMap::new();
            for id in component {
                let key = graph.key(*id, look, &|child| match colours.get(&child) {
                    Some(colour) => ShapeId::from_raw(u32::MAX - 1 - colour),
                    None => Class::of(self.class(child)),
                });
                let fresh = u32::try_from(seen.len()).unwrap_or(u32::MAX);
                next.insert(*id, *seen.entry(key).or_insert(fresh));
            }
            colours = next;
            if seen.len() == distinct {
                return colours;
            }
            distinct = seen.len();
        }
    }

    /// What a cyclic shape says, its neighbours on the cycle left out.
    fn masked(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &BTreeMap<ShapeId, u32>,
        look: Look,
    ) -> Shape {
        graph.key(id, look, &|child| {
            if component.contains_key(&child) {
                ShapeId::from_raw(u32::MAX)
            } else {
                Class::of(self.class(child))
            }
        })
    }

    fn find_equal(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &BTreeMap<ShapeId, u32>,
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
        component: &BTreeMap<ShapeId, u32>,
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
            let mask = |_| ShapeId::from_raw(0);
            if graph.key(fresh, look, &mask) != graph.key(known, look, &mask) {
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
    /// A class in the place of a child; keys hold classes where shapes hold ids.
    fn of(class: Option<Self>) -> ShapeId {
        ShapeId::from_raw(class.map_or(u32::MAX, |class| class.0))
    }
}
