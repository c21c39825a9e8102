//! What shapes say, texts included, as digests that do not depend on the side that says it.
//!
//! Classes of one side are numbers that mean nothing to the other. A digest of all that a class says,
//! its parts by their digests, does: two sides that say the same have it in common, and what differs
//! below differs above. It is collision-resistant (SHA-256), because verdicts rest on it and the input
//! is hostile.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash, Hasher};

use foldhash::fast::FixedState;
use sha2::{Digest as _, Sha256};

use super::components::Component;
use super::keys::{Graph, Look};
use super::partition::Partition;
use crate::model::ShapeId;

/// What a class says, on whichever side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest([u8; 32]);

/// By class; `None` where it has no form that both sides would arrive at.
pub(super) type Digests = Vec<Option<Digest>>;

/// Kinds of what is digested, so that none is taken for another.
#[derive(Clone, Copy)]
enum Domain {
    Single,
    Cycle,
    Member,
}

/// The digests of all classes of a side, whose components come children first.
pub(super) fn digests(
    graph: &Graph<'_>,
    components: &[Component],
    partition: &Partition,
) -> Digests {
    let mut known: Digests = vec![None; partition.speakers.len()];
    let mut buffer = Buffer::default();
    for component in components {
        match component {
            Component::Single(id) => {
                let Some(class) = partition.index(*id) else { continue };
                if known.get(class).is_none_or(Option::is_some) {
                    continue;
                }
                buffer.begin(Domain::Single);
                let is_whole = say(graph, *id, &mut buffer, &|child| {
                    known.get(partition.index(child)?).copied().flatten()
                });
                if let Some(place) = known.get_mut(class)
                    && is_whole
                {
                    *place = Some(buffer.digest());
                }
            }
            Component::Cycle(ids) => {
                let members = members(partition, &known, ids);
                for (class, digest) in cycle(graph, partition, &known, &members) {
                    if let Some(place) = known.get_mut(class) {
                        *place = Some(digest);
                    }
                }
            }
        }
    }
    known
}

/// Writes what the shape says, its children by what stands for them; whether all have something.
fn say<C: Copy + Ord + Hash>(
    graph: &Graph<'_>,
    id: ShapeId,
    state: &mut impl Hasher,
    replace: &dyn Fn(ShapeId) -> Option<C>,
) -> bool {
    let is_whole = std::cell::Cell::new(true);
    let said = graph.said(id, Look::Text, &|child| {
        let stand_in = replace(child);
        if stand_in.is_none() {
            is_whole.set(false);
        }
        stand_in
    });
    said.hash(state);
    is_whole.get()
}

/// One shape for each class of the component that has no digest yet.
fn members(partition: &Partition, known: &Digests, ids: &[ShapeId]) -> BTreeMap<usize, ShapeId> {
    let mut members = BTreeMap::new();
    for id in ids {
        let Some(class) = partition.index(*id) else { continue };
        if known.get(class).is_some_and(Option::is_none) {
            members.entry(class).or_insert(*id);
        }
    }
    members
}

/// The digests of the classes of a cycle: each is its place in the cycle as a whole.
///
/// The classes are put in an order that does not depend on the side, by what they say to a growing
/// depth; that is a matter of finding, and a hash that is merely good will do. The digest is of all
/// that the classes say in that order, with the neighbours on the cycle by their places in it: where
/// it is the same the cycles are.
fn cycle(
    graph: &Graph<'_>,
    partition: &Partition,
    known: &Digests,
    members: &BTreeMap<usize, ShapeId>,
) -> Vec<(usize, Digest)> {
    let Some(order) = order(graph, partition, known, members) else { return Vec::new() };
    let places: BTreeMap<usize, u32> = order.iter().copied().zip(0..).collect();
    let mut buffer = Buffer::default();
    buffer.begin(Domain::Cycle);
    for id in order.iter().filter_map(|class| members.get(class)) {
        let is_whole = say(graph, *id, &mut buffer, &|child| {
            let class = partition.index(child)?;
            match places.get(&class) {
                Some(place) => Some(Part::OnCycle(*place)),
                None => Some(Part::Below(known.get(class).copied().flatten()?)),
            }
        });
        if !is_whole {
            return Vec::new();
        }
    }
    let whole = buffer.digest();
    let digest = |(class, place): (usize, u32)| {
        buffer.begin(Domain::Member);
        whole.hash(&mut buffer);
        place.hash(&mut buffer);
        (class, buffer.digest())
    };
    order.iter().copied().zip(0..).map(digest).collect()
}

/// A part of a shape on a cycle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    OnCycle(u32),
    Below(Digest),
}

/// The classes of a cycle by what they say, looked at as deep as it takes to tell them apart; `None`
/// where that does not.
fn order(
    graph: &Graph<'_>,
    partition: &Partition,
    known: &Digests,
    members: &BTreeMap<usize, ShapeId>,
) -> Option<Vec<usize>> {
    /// How deep is looked.
    const MAX_ROUNDS: usize = 64;
    let mut colours: BTreeMap<usize, u64> = members.keys().map(|class| (*class, 0)).collect();
    for _ in 0..MAX_ROUNDS {
        let mut sorted: Vec<(u64, usize)> =
            colours.iter().map(|(class, colour)| (*colour, *class)).collect();
        sorted.sort_unstable();
        if sorted.windows(2).all(|pair| matches!(pair, [(left, _), (right, _)] if left != right)) {
            return Some(sorted.into_iter().map(|(_, class)| class).collect());
        }
        let next = members.iter().map(|(class, id)| {
            let mut state = FixedState::default().build_hasher();
            say(graph, *id, &mut state, &|child| {
                let class = partition.index(child)?;
                let below = || {
                    let Digest(bytes) = known.get(class).copied().flatten()?;
                    bytes.first_chunk().copied().map(u64::from_le_bytes)
                };
                colours.get(&class).copied().or_else(below)
            });
            (*class, state.finish())
        });
        colours = next.collect();
    }
    None
}

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

/// What is to be digested. How much each part takes shows from what it says, so that no two texts of
/// parts are the same; counts and choices, of which there are many, take a byte where they are small.
#[derive(Default)]
struct Buffer(Vec<u8>);

impl Buffer {
    fn begin(&mut self, domain: Domain) {
        self.0.clear();
        self.0.push(domain as u8);
    }

    fn digest(&self) -> Digest {
        Digest(Sha256::digest(&self.0).into())
    }

    fn count(&mut self, mut count: u64) {
        const MORE: u64 = 0x80;
        while count >= MORE {
            self.0.extend(u8::try_from(count % MORE + MORE));
            count /= MORE;
        }
        self.0.extend(u8::try_from(count));
    }
}

impl Hasher for Buffer {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_usize(&mut self, count: usize) {
        self.count(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn write_isize(&mut self, choice: isize) {
        self.count(u64::from_le_bytes(i64::try_from(choice).unwrap_or(i64::MAX).to_le_bytes()));
    }

    fn finish(&self) -> u64 {
        FixedState::default().hash_one(&self.0)
    }
}
