//! Demands on elements, each by itself.
//!
//! Which sets of demands one element can serve is asked for every set, and there are two to the power of
//! the demands. Mostly it shows before: one of them nothing can serve, or each gets an element of its own.

use crate::model::Json;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Lit};
use crate::subtype::term::{ArrayTerm, Tally, Term};

use super::array::LENGTH;

/// From how many demands on each gets an element of its own.
const MANY: usize = 4;

/// A demand on the elements from one position on.
pub(in crate::subtype) struct Need {
    pub(in crate::subtype) yes: Vec<Lit>,
    /// What an element that does not serve must satisfy, where there is an upper limit.
    pub(in crate::subtype) no: Option<Lit>,
    pub(in crate::subtype) least: u64,
    pub(in crate::subtype) most: Option<u64>,
    pub(in crate::subtype) from: usize,
}

impl Search<'_> {
    /// The answer for an array of which the elements from `tail` on are alike, where it shows without
    /// combining demands.
    pub(in crate::subtype) fn serve_each(
        &mut self,
        goal: &Goal,
        term: &Term,
        needs: &[Need],
        tail: usize,
    ) -> Option<Answer> {
        if needs.len() < 2 {
            return None;
        }
        for (index, need) in needs.iter().enumerate().filter(|(_, need)| need.least > 0) {
            let others = needs.iter().enumerate().filter(|(other, _)| *other != index);
            let others: Vec<Lit> = others.flat_map(|(_, it)| it.yes.iter().copied()).collect();
            let sure = term.array.from.iter().filter(|(from, _)| *from <= need.from);
            let sure: Vec<Claim> = sure.filter_map(|(_, lit)| lit.held()).collect();
            if self.is_served_nowhere(goal, term, need, tail) && !self.bear(&sure, &others) {
                return Some(Answer::Empty);
            }
        }
        let is_free = needs.iter().all(|need| need.most.is_none());
        let is_many = needs.len() >= MANY && is_free && !term.array.unique && !term.array.repeated;
        if is_many { self.one_for_each(goal, term, needs, tail) } else { None }
    }

    /// Whether no element can serve the demand, as far as it serves no other.
    fn is_served_nowhere(&mut self, goal: &Goal, term: &Term, need: &Need, tail: usize) -> bool {
        (need.from..=tail.max(need.from)).all(|position| {
            self.element_answer(goal, term, position, need.yes.clone()) == Answer::Empty
        })
    }

    /// An array in which every demand is served by elements of its own; `None` where that leaves it
    /// open.
    fn one_for_each(
        &mut self,
        goal: &Goal,
        term: &Term,
        needs: &[Need],
        tail: usize,
    ) -> Option<Answer> {
        let mut elements: Vec<Json> = Vec::new();
        let most = term.array.most.and_then(|most| usize::try_from(most).ok());
        let most = most.map_or(LENGTH, |most| most.min(LENGTH));
        let mut add = |search: &mut Self, yes: &[Lit], count: usize| {
            if elements.len().checked_add(count)? > most {
                return None;
            }
            for _ in 0..count {
                let answer = search.element_answer(goal, term, elements.len(), yes.to_vec());
                let Answer::Found(element) = answer else { return None };
                elements.push(element);
            }
            Some(())
        };
        add(self, &[], tail)?;
        for need in needs {
            add(self, &need.yes, usize::try_from(need.least).ok()?)?;
        }
        let least = usize::try_from(term.array.least).ok()?;
        let served = needs.iter().map(|need| usize::try_from(need.least).unwrap_or(LENGTH));
        add(self, &[], least.saturating_sub(tail + served.sum::<usize>()))?;
        Some(Answer::Found(Json::array(elements)))
    }
}

/// What is demanded of some elements or other.
pub(in crate::subtype) fn needs(array: &ArrayTerm) -> Vec<Need> {
    let some = array.some.iter().map(|(from, lits)| Need {
        yes: lits.clone(),
        no: None,
        least: 1,
        most: None,
        from: *from,
    });
    let counted = array.tallies.iter().map(|Tally { yes, no, least, most }| Need {
        yes: vec![*yes],
        no: most.map(|_| *no),
        least: *least,
        most: *most,
        from: 0,
    });
    let is_needed = |need: &Need| need.least > 0 || need.most.is_some();
    some.chain(counted).filter(is_needed).collect()
}
