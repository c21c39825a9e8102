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
    /// What each class says in every word. What bears on validation follows where that is the same, and
    /// is looked at where it is not.
    digests: Digests,
    classes: HashMap<Digest, Class, FixedState>,
}

impl Side {
    pub(super) fn of(equality: &Equality, shapes: &Shapes, components: Vec<Component>) -> Self {
        let graph = Graph { shapes, resolved: &equality.meant };
        let digests = digests(&graph, &components, &equality.text);
        let classes = digests.iter().zip(0..).filter_map(|(digest, class)| {
            let digest = digest.as_ref()?;
            Some((*digest, Class(class)))
        });
        Self { classes: classes.collect(), components, digests }
    }

    fn counterparts(&self, other: &Self) -> Counterparts {
        let class = |digest: &Option<Digest>| self.classes.get(digest.as_ref()?).copied();
        other.digests.iter().map(class).collect()
    }
}

/// The class here of each class of the other side, as far as there is one.
type Counterparts = Vec<Option<Class>>;

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
            counterparts: vec![None; other.sense.speakers.len()],
            own: &mut self.sense,
            theirs: &other.sense,
            offset,
            look: Look::Sense,
        };
        let mut text = Joining {
            counterparts: own.counterparts(&theirs),
            own: &mut self.text,
            theirs: &other.text,
            offset,
            look: Look::Text,
        };
        for component in &theirs.components {
            match text.take_in(&graph, component) {
                // What says the same in every word says the same to validation.
                Met::Known => {
                    for id in component.ids() {
                        let here = id.shifted(offset);
                        if let Some(class) = text.own.class(here) {
                            follow(sense.own, text.own, here, class);
                        }
                    }
                }
                Met::Fresh => {
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

/// Whether what a component says was known before it was looked at.
enum Met {
    Known,
    Fresh,
}

impl Joining<'_> {
    /// Classifies a component of the other side.
    fn take_in(&mut self, graph: &Graph<'_>, component: &Component) -> Met {
        let ids = component.ids();
        let classes = ids.iter().map(|id| self.counterpart(self.theirs.index(*id)));
        if let Some(known) = classes.collect::<Option<Vec<Class>>>() {
            for (id, class) in ids.iter().zip(known) {
                self.own.set(id.shifted(self.offset), class);
            }
            return Met::Known;
        }
        let shifted = |id: &ShapeId| id.shifted(self.offset);
        let here = match component {
            Component::Single(id) => Component::Single(shifted(id)),
            Component::Cycle(ids) => Component::Cycle(ids.iter().map(shifted).collect()),
        };
        let known = self.own.add(graph, &here, self.look);
        for id in ids {
            self.note(self.theirs.index(*id), id.shifted(self.offset));
        }
        if known.is_some() { Met::Known } else { Met::Fresh }
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
