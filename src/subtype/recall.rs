//! Values that were found for much the same question: mostly one of them answers the next too.
//!
//! The cases of a disjunction are tried one beside the other, and every one asks of the same member
//! whether it can be as this case wants it. Where a value is known that can, nothing is searched.

use std::sync::Arc;

use super::engine::Search;
use super::goal::{Answer, Goal, Key, Lit};
use super::term::{Names, Term};

/// What holds at a place, whatever is refused there.
pub(super) type Held = (Vec<Lit>, Key);

/// How much is known of what a writer says of a member or element. What is assumed of what it does not
/// send may fall with whatever else it says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    All,
    Part,
}

/// How many values are remembered of each.
const REMEMBERED: usize = 6;

impl Search<'_> {
    /// Whether no member of this name, with what the case adds, has a value; `false` where that is
    /// open.
    pub(super) fn lacks_member(
        &mut self,
        goal: &Goal,
        term: &Term,
        name: &Arc<str>,
        extra: &[Lit],
        said: Said,
    ) -> bool {
        let mut lits = self.member_lits(term, name);
        lits.extend(extra);
        let said = match said {
            Said::All => self.said_of(term, std::iter::empty(), name),
            Said::Part => said,
        };
        let place = match said {
            Said::All => self.place_of_member(goal, term, name),
            Said::Part => self.nowhere(),
        };
        self.is_empty(Goal::new(lits, place, goal.marks), extra)
    }

    /// Whether no member with such a name has a value as the case wants it; `false` where that is open.
    /// Nothing is assumed of who writes it, as it may be any of the names.
    pub(super) fn lacks_some_member(
        &mut self,
        goal: &Goal,
        term: &Term,
        names: &Names,
        extra: &[Lit],
    ) -> bool {
        let rules = term.object.rules.iter().filter(|(all, _)| names.are_among(all));
        let told: Vec<Lit> = rules.map(|(_, lit)| *lit).collect();
        let lits = told.iter().chain(extra).copied().collect();
        let place = self.nowhere();
        !told.is_empty() && self.is_empty(Goal::new(lits, place, goal.marks), extra)
    }

    /// Whether no element at this position, with what the case adds, has a value; `false` where
    /// that is open.
    pub(super) fn lacks_element(
        &mut self,
        goal: &Goal,
        term: &Term,
        position: usize,
        extra: &[Lit],
        said: Said,
    ) -> bool {
        let mut lits = Self::element_lits(term, position);
        lits.extend(extra);
        let place = match said {
            Said::All => self.place_of_element(goal, term, position),
            Said::Part => self.nowhere(),
        };
        self.is_empty(Goal::new(lits, place, goal.marks), extra)
    }

    /// Whether the goal has no member; what the case adds is looked at first.
    fn is_empty(&mut self, goal: Goal, extra: &[Lit]) -> bool {
        if let Some(answer) = self.tables.memo.get(&goal) {
            return *answer == Answer::Empty;
        }
        let holds = goal.lits.iter().copied().filter(|lit| lit.held().is_some());
        let held = (holds.collect::<Vec<_>>(), goal.place);
        if self.is_recalled(&goal, &held, extra) {
            return false;
        }
        match self.solve(goal) {
            Answer::Found(value) => {
                let known = self.tables.found.entry(held).or_default();
                known.truncate(REMEMBERED - 1);
                known.insert(0, value);
                false
            }
            Answer::Empty => true,
            Answer::Undecided(_) => false,
        }
    }

    fn is_recalled(&mut self, goal: &Goal, held: &Held, extra: &[Lit]) -> bool {
        let Some(known) = self.tables.found.get(held).cloned() else { return false };
        let assumed = self.assumed;
        let written = Self::written(&goal.lits);
        let is_recalled = known.iter().any(|value| {
            self.budget.has_evaluations_to_spare()
                && self.satisfies_all(extra, value) == Some(true)
                && self.satisfies_all(&goal.lits, value) == Some(true)
                && self.sends(&written, goal.place, value)
        });
        self.assumed = assumed;
        is_recalled
    }
}
