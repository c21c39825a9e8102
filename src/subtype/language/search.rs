//! Finds the shortest member of a query, the most readable of those.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::layers::{Layers, Reached};
use super::lengths::Lengths;
use super::product::{NodeId, Product};
use super::words::Words;
use super::{Language, MAX_EFFORT, MAX_LENGTH, Query, Search};
use crate::subtype::Reason;

/// Looks for a member, within so many steps.
pub(super) fn find(query: &Query<'_>, effort: &mut u64) -> Search {
    match attempt(query, effort) {
        Ok(Some(text)) => Search::Found(text),
        Ok(None) => Search::Empty,
        Err(reason) => Search::Exhausted(reason),
    }
}

fn attempt(query: &Query<'_>, effort: &mut u64) -> Result<Option<String>, Reason> {
    let is_refused =
        |language: &Language| query.none.iter().any(|other| language.is_plainly_within(other));
    if query.all.iter().any(|language| is_refused(language)) {
        return Ok(None);
    }
    let except = Words::of(query.except.iter().map(AsRef::as_ref));
    let allowed = (*effort).min(MAX_EFFORT);
    let (mut product, start) = Product::new(query, &except, allowed)?;
    let Some(start) = start else { return Ok(None) };
    let found = shortest(&mut product, start, query);
    *effort = effort.saturating_sub(allowed.saturating_sub(product.effort.left));
    found
}

fn shortest(
    product: &mut Product<'_>,
    start: NodeId,
    query: &Query<'_>,
) -> Result<Option<String>, Reason> {
    let asked = Lengths { min: query.min_length, max: query.max_length };
    let mut layers = Layers::from(start);
    for stretch in stretches(&product.thresholds(), asked.and(product.lengths())) {
        let seeds = layers.reach(stretch.first, product)?.to_vec();
        if seeds.is_empty() {
            return Ok(None);
        }
        if let Some(found) = walk(product, &seeds, &stretch)? {
            return spell(product, &layers, &stretch, &found).map(Some);
        }
    }
    Ok(None)
}

/// Lengths between two thresholds: whether a node accepts does not depend on which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    first: u64,
    /// No limit where absent.
    last: Option<u64>,
}

/// The lengths, cut at the thresholds.
fn stretches(thresholds: &[u64], lengths: Lengths) -> Vec<Stretch> {
    let Lengths { min: shortest, max: longest } = lengths;
    if longest.is_some_and(|longest| longest < shortest) {
        return Vec::new();
    }
    let inside = |length: &u64| *length > shortest && lengths.admits(*length);
    let mut firsts = vec![shortest];
    firsts.extend(thresholds.iter().copied().filter(inside));
    let lasts = firsts.iter().skip(1).map(|next| Some(next - 1)).chain([longest]);
    firsts.iter().copied().zip(lasts).map(|(first, last)| Stretch { first, last }).collect()
}

/// A way from a seed to an accepting node: the seed's place, and the letters after it.
struct Way {
    seed: u32,
    letters: Vec<u32>,
}

/// Walks the nodes breadth first, from those that the stretch begins with.
fn walk(
    product: &mut Product<'_>,
    seeds: &[Reached],
    stretch: &Stretch,
) -> Result<Option<Way>, Reason> {
    let mut seen: HashSet<NodeId, FixedState> = seeds.iter().map(|seed| seed.node).collect();
    let mut tree: Vec<Reached> = Vec::with_capacity(seeds.len());
    for (place, seed) in (0_u32..).zip(seeds) {
        tree.push(Reached { node: seed.node, parent: place, letter: u32::MAX });
    }
    let (mut from, mut length) = (0, stretch.first);
    loop {
        let to = tree.len();
        for place in from..to {
            let Some(reached) = tree.get(place) else { break };
            if product.accepts(reached.node, length) {
                return Ok(Some(way(&tree, place)));
            }
        }
        if stretch.last.is_some_and(|last| length >= last) || from == to {
            return Ok(None);
        }
        for place in from..to {
            let Some(reached) = tree.get(place).copied() else { break };
            for edge in product.edges(reached.node)?.iter() {
                if seen.insert(edge.to) {
                    let parent = u32::try_from(place).unwrap_or(u32::MAX);
                    tree.push(Reached { node: edge.to, parent, letter: edge.letter });
                }
            }
        }
        (from, length) = (to, length.saturating_add(1));
    }
}

fn way(tree: &[Reached], mut place: usize) -> Way {
    let mut letters = Vec::new();
    while let Some(reached) = tree.get(place) {
        if reached.letter == u32::MAX {
            letters.reverse();
            return Way { seed: reached.parent, letters };
        }
        letters.push(reached.letter);
        place = usize::try_from(reached.parent).unwrap_or(usize::MAX);
    }
    Way { seed: 0, letters }
}

/// Writes the string out: through the layers to the seed, then along the way.
fn spell(
    product: &Product<'_>,
    layers: &Layers,
    stretch: &Stretch,
    way: &Way,
) -> Result<String, Reason> {
    if stretch.first > MAX_LENGTH {
        return Err(Reason(format!(
            "only strings of {} characters and more are left, beyond the limit of {MAX_LENGTH}",
            stretch.first
        )));
    }
    let mut letters: Vec<u32> = way.letters.iter().rev().copied().collect();
    let mut place = way.seed;
    for length in (1..=stretch.first).rev() {
        let layer = layers.at(length);
        let Some(reached) = usize::try_from(place).ok().and_then(|place| layer.get(place)) else {
            break;
        };
        letters.push(reached.letter);
        place = reached.parent;
    }
    Ok(letters.iter().rev().filter_map(|letter| product.face(*letter)).collect())
}
