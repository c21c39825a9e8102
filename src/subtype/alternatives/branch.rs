//! The cases of alternatives of which exactly one may hold, and of those of which none or several may.

use std::sync::Arc;

use crate::subtype::goal::{Claim, Lit};
use crate::subtype::term::{Item, Split};
use crate::subtype::unfold::holds;

use super::apart::Company;

/// More pairs of branches than this are not written out one by one.
const PAIRS: usize = 64;

/// One of the branches that may hold does, and every other refuses: which is not written out before
/// the case is taken.
pub(in crate::subtype) fn exactly_one(branches: &[Claim], alive: &[usize]) -> Vec<Vec<Item>> {
    let all: Arc<[Claim]> = branches.into();
    let case = |chosen: &usize| {
        let branch = branches.get(*chosen)?;
        Some(vec![holds(*branch), Item::OnlyOf(Arc::clone(&all), *chosen)])
    };
    alive.iter().filter_map(case).collect()
}

/// The branches that may hold beside the chosen one, as their refusals speak of them.
pub(in crate::subtype) fn others_denied(
    branches: &[Claim],
    chosen: usize,
    company: &Company,
) -> Vec<Claim> {
    let others = company.beside(chosen).iter().filter_map(|other| branches.get(*other));
    others.map(|branch| Claim { source: branch.source.denied(), ..*branch }).collect()
}

/// All branches refuse, or two of them hold.
pub(in crate::subtype) fn none_or_two(
    branches: &[Claim],
    alive: &[usize],
    company: &Company,
) -> Vec<Vec<Item>> {
    let branch = |at: &usize| branches.get(*at).copied();
    let refused = alive.iter().filter_map(branch).map(|branch| Item::Lit(Lit::Refuses(branch)));
    let mut cases = vec![refused.collect()];
    let mut is_alive = vec![false; branches.len()];
    for at in alive {
        is_alive.get_mut(*at).into_iter().for_each(|alive| *alive = true);
    }
    let later = |left: &usize| {
        let beside = company.beside(*left).iter().copied();
        let is_later = |other: &usize| other > left && is_alive.get(*other) == Some(&true);
        beside.filter(is_later).collect::<Vec<_>>()
    };
    let pairs: Vec<(usize, Vec<usize>)> = alive.iter().map(|left| (*left, later(left))).collect();
    let is_few = pairs.iter().map(|(_, rights)| rights.len()).sum::<usize>() <= PAIRS;
    for (left, rights) in pairs {
        let (Some(left), false) = (branch(&left), rights.is_empty()) else { continue };
        let rights = rights.iter().filter_map(branch).map(holds);
        if is_few {
            cases.extend(rights.map(|right| vec![holds(left), right]));
        } else {
            let rights = Split::Any(rights.map(|right| vec![right]).collect());
            cases.push(vec![holds(left), Item::Split(rights)]);
        }
    }
    cases
}
