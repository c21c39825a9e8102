//! What can be told of a term before its disjunctions are multiplied out.
//!
//! Disjunctions that have nothing to do with each other multiply, while mostly one alone has no
//! case that is left: a writer's branch lies in one branch of the reader, and the refusals by the
//! others need not be looked into at all.

use super::engine::Search;
use super::goal::{Answer, Goal, Lit, Source};
use super::recall::Said;
use super::term::{Basic, Item, Split, Term};

impl Search<'_> {
    /// The answer, where it shows before the term is split by this disjunction.
    pub(super) fn foresee(
        &mut self,
        goal: &Goal,
        term: &mut Term,
        taken: &Split,
    ) -> Option<Answer> {
        let is_told = Self::knows_its_names(term) && !taken.may_declare();
        let said = if is_told { Said::All } else { Said::Part };
        if self.lacks_a_member(goal, term, said) {
            return Some(Answer::Empty);
        }
        let waiting = term.splits.len() + 1;
        if !is_told || waiting < 2 || waiting <= term.tried_alone {
            return None;
        }
        term.tried_alone = term.splits.len();
        let waiting = std::mem::take(&mut term.splits);
        let tried = std::iter::once(taken).chain(&waiting);
        let answer = { tried }.find_map(|split| self.alone(goal, term, split));
        term.splits = waiting;
        answer
    }

    /// Whether no more of the writer's shapes will be found to hold, so that the names which it
    /// may send are known.
    pub(super) fn knows_its_names(term: &Term) -> bool {
        term.kind == Basic::Object && !term.splits.iter().any(Split::may_declare)
    }

    /// Whether a member that must be there cannot be.
    fn lacks_a_member(&mut self, goal: &Goal, term: &Term, said: Said) -> bool {
        term.object.present.iter().any(|name| {
            said == Said::All && !self.may_send(goal.place, term, name)
                || term.object.members.contains_key(name)
                    && self.lacks_member(goal, term, name, &[], said)
        })
    }

    /// The answer where one disjunction, all others put aside, leaves nothing, since the others can
    /// only leave less; or where what it leaves answers the whole goal.
    fn alone(&mut self, goal: &Goal, term: &Term, split: &Split) -> Option<Answer> {
        self.budget.work(term.size());
        let mut term = term.clone();
        term.splits = vec![split.clone()];
        term.tried_alone = 0;
        match self.explore(goal, term) {
            Answer::Empty => Some(Answer::Empty),
            Answer::Found(value) => {
                let is_answer = self.satisfies_all(&goal.lits, &value) == Some(true)
                    && self.sends(&Self::written(&goal.lits), goal.place, &value);
                is_answer.then_some(Answer::Found(value))
            }
            Answer::Undecided(_) => None,
        }
    }
}

impl Split {
    /// Whether taking it may bring shapes whose names the writer declares.
    pub(super) fn may_declare(&self) -> bool {
        match self {
            Self::Any(cases) => cases.iter().flatten().any(Item::may_declare),
            Self::Writers(_) => true,
            Self::Exactly(claims) | Self::NotExactly(claims) => {
                claims.iter().any(|claim| claim.source.declares())
            }
            Self::Refuse(claim) => claim.source.declares(),
        }
    }

    /// Whether it is the reader that refuses something.
    pub(super) fn is_refused_by_reader(&self) -> bool {
        matches!(self, Self::Refuse(claim) if claim.source == Source::Reader)
    }
}

impl Item {
    /// Whether it may bring shapes whose names the writer declares.
    pub(super) fn may_declare(&self) -> bool {
        match self {
            Self::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => claim.source.declares(),
            Self::Lit(Lit::Either(_)) | Self::Names(_) => true,
            Self::Split(split) => split.may_declare(),
            Self::Lit(Lit::Differs(_) | Lit::Unsure(_))
            | Self::Number(_)
            | Self::Text(_)
            | Self::Array(_)
            | Self::Object(_)
            | Self::NoneOf(_)
            | Self::OneOf(_)
            | Self::Unsure(_)
            | Self::OnlyOf(..)
            | Self::Never => false,
        }
    }
}
