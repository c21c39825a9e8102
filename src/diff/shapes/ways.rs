//! The shortest ways from a pair of places to those inside it.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::pairs::{EditId, PairId};
use super::path::Path;
use super::slots::SlotPair;
use super::walk::Walk;

/// How every pair inside one is come to first.
pub(crate) struct Ways {
    /// All pairs, by the number of slots that lead there.
    order: Vec<PairId>,
    /// The pair that each is come to from, and by which slots.
    from: HashMap<PairId, (PairId, SlotPair), FixedState>,
}

impl Walk<'_> {
    /// The shortest ways from this pair, which was met.
    pub(crate) fn ways_from(&self, outermost: PairId) -> Ways {
        let mut ways = Ways { order: vec![outermost], from: HashMap::default() };
        let mut next = 0;
        while let Some(id) = ways.order.get(next).copied() {
            next += 1;
            let Some(pair) = self.pairs.get(id) else { continue };
            for (slots, below) in &pair.below {
                if *below != outermost && !ways.from.contains_key(below) {
                    ways.from.insert(*below, (id, slots.clone()));
                    ways.order.push(*below);
                }
            }
        }
        ways
    }

    /// The pair where an edit is met first.
    pub(crate) fn place_of(&self, ways: &Ways, edit: EditId) -> Option<PairId> {
        let places = self.pairs.places(edit);
        ways.order.iter().copied().find(|pair| places.contains(pair))
    }

    /// The shortest way to a pair.
    pub(crate) fn way_to(&self, ways: &Ways, pair: PairId) -> Path {
        let mut slots = Vec::new();
        let mut here = pair;
        loop {
            // What was spelled like the other side is one step further in.
            slots.extend(self.pairs.get(here).and_then(|pair| pair.respelling.clone()));
            let Some((from, pair)) = ways.from.get(&here) else { break };
            slots.push(pair.clone());
            here = *from;
        }
        slots.into_iter().rev().collect()
    }
}

impl Ways {
    /// The innermost pair that all of these are inside of, by the shortest ways to them.
    pub(crate) fn around(&self, pairs: &[PairId]) -> Option<PairId> {
        let way = |pair: PairId| -> Vec<PairId> {
            let from = |here: &PairId| self.from.get(here).map(|(from, _)| *from);
            let mut way: Vec<PairId> = std::iter::successors(Some(pair), from).collect();
            way.reverse();
            way
        };
        let (first, rest) = pairs.split_first()?;
        let mut shared = way(*first);
        for other in rest {
            let other = way(*other);
            let same = shared.iter().zip(&other).take_while(|(one, other)| one == other).count();
            shared.truncate(same);
        }
        shared.last().copied()
    }
}
