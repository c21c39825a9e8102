//! Which shapes of two sides are written alike down to the last part.
//!
//! A hash tells, and one that is merely good: what is passed over by it is looked at for other words
//! only, and no verdict rests on it.

use std::hash::{BuildHasher as _, Hash, Hasher};

use foldhash::fast::FixedState;

use super::alike::write_words;
use super::components::Component;
use crate::model::{ShapeId, Shapes};

/// A hash of the words of each shape and of all that it is made of.
pub(super) fn written(shapes: &Shapes, meant: &[ShapeId], components: &[Component]) -> Vec<u64> {
    let mut writing = Writing { shapes, meant, known: vec![None; shapes.len()] };
    for component in components {
        match component {
            Component::Single(id) => {
                let hash = writing.hash(*id, 0, &[]);
                writing.note(*id, hash);
            }
            Component::Cycle(ids) => {
                // What is on the cycle differs where anything on it does.
                let sum = |sum: u64, id: &ShapeId| sum.wrapping_add(writing.hash(*id, 0, ids));
                let whole = ids.iter().fold(0, sum);
                let hashes: Vec<u64> = ids.iter().map(|id| writing.hash(*id, whole, ids)).collect();
                for (id, hash) in ids.iter().zip(hashes) {
                    writing.note(*id, hash);
                }
            }
        }
    }
    writing.known.into_iter().map(Option::unwrap_or_default).collect()
}

struct Writing<'w> {
    shapes: &'w Shapes,
    meant: &'w [ShapeId],
    known: Vec<Option<u64>>,
}

impl Writing<'_> {
    fn note(&mut self, id: ShapeId, hash: u64) {
        if let Some(place) = self.known.get_mut(id.index()) {
            *place = Some(hash);
        }
    }

    /// The hash of a shape whose parts have theirs, but for those on the same cycle, which is sorted.
    fn hash(&self, id: ShapeId, whole: u64, cycle: &[ShapeId]) -> u64 {
        let mut state = FixedState::default().build_hasher();
        whole.hash(&mut state);
        let shape = self.shapes.get(id);
        write_words(shape, &mut state);
        shape.for_each_child(&mut |child| self.part(child, cycle, &mut state));
        state.finish()
    }

    /// A part: by its hash, or by the words that lead to what has one.
    fn part(&self, id: ShapeId, cycle: &[ShapeId], state: &mut impl Hasher) {
        /// How many references to references are followed.
        const MAX_HOPS: usize = 1_000;
        let mut at = id;
        for _ in 0..MAX_HOPS {
            if let Some(Some(known)) = self.known.get(at.index()) {
                return known.hash(state);
            }
            let is_end = self.meant.get(at.index()).is_none_or(|meant| *meant == at);
            if is_end || cycle.binary_search(&at).is_ok() {
                return;
            }
            let shape = self.shapes.get(at);
            write_words(shape, state);
            let Some(next) = shape.alone() else { return };
            at = next;
        }
    }
}
