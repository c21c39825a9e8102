//! The cases of alternatives of which exactly one may hold.

use super::goal::{Claim, Lit};
use super::term::Item;
use super::unfold::holds;

/// One of the branches holds and every other refuses.
pub(super) fn exactly_one(branches: &[Claim]) -> Vec<Vec<Item>> {
    let case = |chosen: usize| {
        branches
            .iter()
            .enumerate()
            .map(|(index, branch)| {
                if index == chosen {
                    holds(*branch)
                } else {
                    let source = branch.source.denied();
                    Item::Lit(Lit::Refuses(Claim { source, ..*branch }))
                }
            })
            .collect::<Vec<_>>()
    };
    (0..branches.len()).map(case).collect()
}

/// All branches refuse, or two of them hold.
pub(super) fn none_or_two(branches: &[Claim]) -> Vec<Vec<Item>> {
    let none = branches.iter().map(|branch| Item::Lit(Lit::Refuses(*branch))).collect();
    let mut cases = vec![none];
    for (index, left) in branches.iter().enumerate() {
        for right in branches.iter().skip(index + 1) {
            cases.push(vec![holds(*left), holds(*right)]);
        }
    }
    cases
}
