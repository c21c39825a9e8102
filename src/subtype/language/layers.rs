//! Which nodes strings of an exact length lead to.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::product::{NodeId, Product};
use crate::subtype::Reason;

/// How many entries the layers of one query may hold together.
const MAX_ENTRIES: usize = 4_000_000;

/// A node with the way it was first reached: the place of its parent in the layer before, and the
/// letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) node: NodeId,
    pub(super) parent: u32,
    pub(super) letter: u32,
}

/// Layer n holds the nodes that strings of exactly n letters lead to. Layers are a function of the
/// one before, so that they repeat sooner or later; from then on they cost nothing.
pub(super) struct Layers {
    known: Vec<Vec<Reached>>,
    entries: usize,
    /// A layer that is waited for to come again (Brent's algorithm).
    mark: usize,
    /// Where the repetition begins and how long it is.
    cycle: Option<(usize, usize)>,
}

impl Layers {
    pub(super) fn from(start: NodeId) -> Self {
        let first = Reached { node: start, parent: 0, letter: 0 };
        Self { known: vec![vec![first]], entries: 1, mark: 0, cycle: None }
    }

    /// The nodes that strings of exactly this length lead to; none where there is no such string.
    pub(super) fn reach(
        &mut self,
        length: u64,
        product: &mut Product<'_>,
    ) -> Result<&[Reached], Reason> {
        while self.cycle.is_none() && self.last() < length {
            let layer = next_layer(self.at(self.last()), product)?;
            self.entries += layer.len() + 1;
            if self.entries > MAX_ENTRIES {
                return Err(Reason(format!(
                    "strings of length {length} need more than {MAX_ENTRIES} steps to examine"
                )));
            }
            self.known.push(layer);
            self.look_for_cycle();
        }
        Ok(self.at(length))
    }

    /// A layer that has been reached.
    pub(super) fn at(&self, length: u64) -> &[Reached] {
        let mut place = usize::try_from(length).unwrap_or(usize::MAX);
        if let Some((start, period)) = self.cycle
            && place > start
        {
            place = start + (place - start) % period.max(1);
            // The first layer of a cycle was entered from outside it; its ways must come from the
            // cycle's end, which the layer one period later has.
            if place == start {
                place = start + period;
            }
        }
        self.known.get(place).map_or(&[], Vec::as_slice)
    }

    fn last(&self) -> u64 {
        u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_sub(1)
    }

    fn look_for_cycle(&mut self) {
        let last = self.known.len().saturating_sub(1);
        let (Some(marked), Some(newest)) = (self.known.get(self.mark), self.known.get(last)) else {
            return;
        };
        let nodes =
            |layer: &[Reached]| layer.iter().map(|reached| reached.node).collect::<Vec<_>>();
        if nodes(marked) == nodes(newest) {
            self.cycle = Some((self.mark, last - self.mark));
        } else if last >= self.mark.saturating_mul(2) {
            self.mark = last;
        }
    }
}

/// The nodes one letter on, in the order of the letters that lead there.
fn next_layer(layer: &[Reached], product: &mut Product<'_>) -> Result<Vec<Reached>, Reason> {
    let mut seen: HashSet<NodeId, FixedState> = HashSet::default();
    let mut next = Vec::new();
    for (parent, reached) in (0_u32..).zip(layer) {
        for edge in product.edges(reached.node)?.iter() {
            if seen.insert(edge.to) {
                next.push(Reached { node: edge.to, parent, letter: edge.letter });
            }
        }
    }
    Ok(next)
}
