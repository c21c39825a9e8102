//! The classes of two sides, each of which was looked at by itself while it was loaded.
//!
//! What a side has in common with the other is found by its digest; only what differs is looked at
//! again, so that this costs what the change costs and little for each shape beside it.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::components::Component;
use super::digests::{Digest, Digests, digests};
use super::keys::{Graph, Look};
use super::partition::Partition;
use super::{Class, Equality, follow};
use crate::model::{ShapeId, ShapeOffset, Shapes};

/// What is known of a side beside its classes.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Children first.
    components: Vec<Component>,
    sense: Known,
    text: Known,
}

#[derive(Clone, Debug)]
struct Known {
    digests: Digests,
    classes: HashMap<Digest, Class, FixedState>,
}

impl Side {
    pub(super) fn of(equality: &Equality, shapes: &Shapes, components: Vec<Component>) -> Self {
        let graph = Graph { shapes, resolved: &equality.meant };
        let known = |partition: &Partition, look| {
            let digests = digests(&graph, &components, partition, look);
            let classes = digests.iter().zip(0..).filter_map(|(digest, class)| {
                let digest = digest.as_ref()?;
                Some((*digest, Class(class)))
            });
            Known { classes: classes.collect(), digests }
        };
        let sense = known(&equality.sense, Look::Sense);
        let text = known(&equality.text, Look::Text);
        Self { components, sense, text }
    }
}

/// The class here of each class of the other side, as far as there is one.
type Counterparts = Vec<Option<Class>>;

impl Known {
    fn counterparts(&self, other: &Self) -> Counterparts {
        let class = |digest: &Option<Digest>| self.classes.get(digest.as_ref()?).copied();
        other.digests.iter().map(class).collect()
    }
}

impl Equality {
    /// The classes of the graph to which that of the other side was appended. Where a side was not
    /// looked at, or was changed since, the classes are found anew when they are asked for.
    #[must_use]
    pub fn join(mut self, mut other: Self, shapes: &Shapes, offset: ShapeOffset) -> Self {
        let (Some(own), Some(theirs)) = (self.side.take(), other.side.take()) else {
            return Self::default();
        };
        let (first, count) = (self.meant.len(), other.meant.len());
        if first != offset.length() || first + count != shapes.len() {
            return Self::default();
        }
        let shifted = |id: &ShapeId| id.shifted(offset);
        self.resolved.extend(other.resolved.iter().map(shifted));
        self.meant.extend(other.meant.iter().map(shifted));
        self.written.append(&mut other.written);
        let graph = Graph { shapes, resolved: &self.meant };
        self.sense.make_room(&graph);
        self.text.make_room(&graph);
        let mut sense = Joining {
            counterparts: own.sense.counterparts(&theirs.sense),
            own: &mut self.sense,
            theirs: &other.sense,
            offset,
            look: Look::Sense,
        };
        let mut text = Joining {
            counterparts: own.text.counterparts(&theirs.text),
            own: &mut self.text,
            theirs: &other.text,
            offset,
            look: Look::Text,
        };
        for component in &theirs.components {
            let known = text.take_in(&graph, component);
            match (component, known) {
                (Component::Single(id), Some(class)) => {
                    follow(sense.own, text.own, id.shifted(offset), class);
                }
                (Component::Single(_) | Component::Cycle(_), _) => {
                    sense.take_in(&graph, component);
                }
            }
        }
        self
    }
}

/// The classes of one look under way.
struct Joining<'j> {
    counterparts: Counterparts,
    own: &'j mut Partition,
    theirs: &'j Partition,
    offset: ShapeOffset,
    look: Look,
}

impl Joining<'_> {
    /// Classifies a component of the other side; the class, where it is one shape that says what is
    /// known already.
    fn take_in(&mut self, graph: &Graph<'_>, component: &Component) -> Option<Class> {
        match component {
            Component::Single(id) => {
                let (here, class) = (id.shifted(self.offset), self.theirs.index(*id));
                if let Some(known) = self.counterpart(class) {
                    self.own.set(here, known);
                    return Some(known);
                }
                let known = self.own.add(graph, &Component::Single(here), self.look);
                self.note(class, here);
                known
            }
            Component::Cycle(ids) => {
                let here: Vec<ShapeId> = ids.iter().map(|id| id.shifted(self.offset)).collect();
                let classes = ids.iter().map(|id| self.counterpart(self.theirs.index(*id)));
                if let Some(known) = classes.collect::<Option<Vec<Class>>>() {
                    for (id, class) in here.into_iter().zip(known) {
                        self.own.set(id, class);
                    }
                    return None;
                }
                let cycle = Component::Cycle(here);
                self.own.add(graph, &cycle, self.look);
                for id in ids {
                    self.note(self.theirs.index(*id), id.shifted(self.offset));
                }
                None
            }
        }
    }

    fn counterpart(&self, class: Option<usize>) -> Option<Class> {
        self.counterparts.get(class?).copied().flatten()
    }

    /// Remembers what a class of the other side has become.
    fn note(&mut self, class: Option<usize>, here: ShapeId) {
        if let Some(place) = class.and_then(|class| self.counterparts.get_mut(class)) {
            *place = self.own.class(here);
        }
    }
}
