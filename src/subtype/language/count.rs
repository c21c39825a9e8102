//! Counts the members of a query, up to a limit.

use std::collections::BTreeMap;

use super::lengths::Lengths;
use super::product::{NodeId, Product};
use super::words::Words;
use super::{Count, MAX_EFFORT, Query};
use crate::subtype::Reason;

/// How many nodes counting may visit, once for each length.
const MAX_VISITS: usize = 2_000_000;

/// How many nodes are visited before looking which of them are of use.
const FIRST_VISITS: usize = 500;

/// Counts members, shortest first, until there are `limit`.
pub(super) fn count(query: &Query<'_>, limit: u64) -> Count {
    if limit == 0 {
        return Count::AtLeast(0);
    }
    match attempt(query, limit) {
        Ok(count) => count,
        Err(reason) => Count::Exhausted(reason),
    }
}

fn attempt(query: &Query<'_>, limit: u64) -> Result<Count, Reason> {
    let except = Words::of(query.except.iter().map(AsRef::as_ref));
    let (mut product, start) = Product::new(query, &except, MAX_EFFORT)?;
    let Some(start) = start else { return Ok(Count::Exactly(0)) };
    let asked = Lengths { min: query.min_length, max: query.max_length };
    let lengths = asked.and(product.lengths());
    if plenty(&mut product, start, lengths, limit)? {
        return Ok(Count::AtLeast(limit));
    }
    let useful = useful(&mut product, start)?;
    let mut strings: BTreeMap<NodeId, u64> = BTreeMap::from([(start, 1)]);
    strings.retain(|node, _| useful.contains_key(node));
    let (mut total, mut visits, mut length) = (0_u64, 0_usize, 0_u64);
    while !strings.is_empty() && lengths.max.is_none_or(|longest| length <= longest) {
        visits += strings.len();
        if visits > MAX_VISITS {
            return Err(Reason(format!("counting strings takes more than {MAX_VISITS} steps")));
        }
        if length >= lengths.min {
            for (node, count) in &strings {
                if product.accepts(*node, length) {
                    total = total.saturating_add(*count);
                }
            }
        }
        if total >= limit {
            return Ok(Count::AtLeast(limit));
        }
        let mut next: BTreeMap<NodeId, u64> = BTreeMap::new();
        for (node, count) in &strings {
            for (to, ways) in useful.get(node).into_iter().flatten() {
                let more = count.saturating_mul(*ways);
                let slot = next.entry(*to).or_default();
                *slot = slot.saturating_add(more);
            }
        }
        (strings, length) = (next, length.saturating_add(1));
    }
    Ok(Count::Exactly(total))
}

/// Whether the limit is reached before much of the product has been seen; most languages are so
/// large that it is.
fn plenty(
    product: &mut Product<'_>,
    start: NodeId,
    lengths: Lengths,
    limit: u64,
) -> Result<bool, Reason> {
    let mut strings: BTreeMap<NodeId, u64> = BTreeMap::from([(start, 1)]);
    let (mut total, mut visits, mut length) = (0_u64, 0_usize, 0_u64);
    while visits < FIRST_VISITS && lengths.max.is_none_or(|longest| length <= longest) {
        let mut next: BTreeMap<NodeId, u64> = BTreeMap::new();
        for (node, count) in &strings {
            visits += 1;
            if length >= lengths.min && product.accepts(*node, length) {
                total = total.saturating_add(*count);
            }
            for edge in product.edges(*node)?.iter() {
                let slot = next.entry(edge.to).or_default();
                *slot = slot.saturating_add(count.saturating_mul(product.size(edge.letter)));
            }
        }
        if total >= limit || next.is_empty() {
            return Ok(total >= limit);
        }
        (strings, length) = (next, length.saturating_add(1));
    }
    Ok(false)
}

/// The nodes from which a member can still be reached, with their successors of that kind and how
/// many code points lead there.
fn useful(
    product: &mut Product<'_>,
    start: NodeId,
) -> Result<BTreeMap<NodeId, BTreeMap<NodeId, u64>>, Reason> {
    let mut successors: BTreeMap<NodeId, BTreeMap<NodeId, u64>> = BTreeMap::new();
    let mut predecessors: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        if successors.contains_key(&node) {
            continue;
        }
        let mut ways: BTreeMap<NodeId, u64> = BTreeMap::new();
        for edge in product.edges(node)?.iter() {
            *ways.entry(edge.to).or_default() += product.size(edge.letter);
        }
        for to in ways.keys() {
            predecessors.entry(*to).or_default().push(node);
            open.push(*to);
        }
        successors.insert(node, ways);
    }
    let mut useful: BTreeMap<NodeId, BTreeMap<NodeId, u64>> = BTreeMap::new();
    let mut open: Vec<NodeId> =
        successors.keys().copied().filter(|node| product.may_accept(*node)).collect();
    while let Some(node) = open.pop() {
        if useful.contains_key(&node) {
            continue;
        }
        useful.insert(node, successors.get(&node).cloned().unwrap_or_default());
        open.extend(predecessors.get(&node).into_iter().flatten());
    }
    for ways in useful.values_mut() {
        ways.retain(|to, _| predecessors.contains_key(to));
    }
    Ok(useful)
}
