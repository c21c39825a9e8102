//! What can be told of a term before its disjunctions are multiplied out.
//!
//! Disjunctions that have nothing to do with each other multiply, while mostly one alone has no
//! case that is left: a writer's branch lies in one branch of the reader, and the refusals by the
//! others need not be looked into at all.

use std::sync::Arc;

use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Lit, Source};
use crate::subtype::recall::Said;
use crate::subtype::term::{ArrayLeaf, Item, ObjectLeaf, Split, Term};
use crate::subtype::writer::coming::{More, Told};

impl Search<'_> {
    /// The answer, where it shows before the term is split by this disjunction.
    pub(in crate::subtype) fn foresee(
        &mut self,
        goal: &Goal,
        term: &mut Term,
        taken: &Split,
    ) -> Option<Answer> {
        let told = Told::beside(term, taken);
        if self.lacks_a_member(goal, term, told) {
            return Some(Answer::Empty);
        }
        let waiting = term.splits.len() + 1;
        if told.said == Said::Part || waiting < 2 || waiting <= term.tried_alone {
            return None;
        }
        term.tried_alone = term.splits.len();
        let waiting = std::mem::take(&mut term.splits);
        let all = || std::iter::once(taken).chain(&waiting).enumerate();
        let denying: Vec<_> = all().filter(|(_, split)| split.may_be_written()).collect();
        let mut tried =
            all().filter(|(_, split)| !split.waits_for_its_tag(term) || split.waits_in_vain());
        let answer = tried.find_map(|(index, split)| {
            let aside = denying.iter().filter(|(other, _)| *other != index);
            let aside = aside.map(|(_, split)| (*split).clone()).chain(term.aside.iter().cloned());
            self.alone(goal, term, (split, aside.collect()))
        });
        term.splits = waiting;
        answer
    }

    /// Whether a member that must be there cannot be.
    fn lacks_a_member(&mut self, goal: &Goal, term: &Term, told: Told<'_>) -> bool {
        term.object.present.iter().any(|name| {
            if self.withholds(goal, term, told, name) {
                return true;
            }
            let is_denied = self.said_beside(term, told.taken, name) == Said::Part;
            let said = if is_denied { Said::Part } else { told.said };
            term.object.members.contains_key(name)
                && (self.lacks_member(goal, term, name, &[], said)
                    || said == Said::Part
                        && !is_denied
                        && self.is_member_told(term, More::Taken(told.taken), name)
                        && self.lacks_member(goal, term, name, &[], Said::All))
        })
    }

    /// The answer where one disjunction, all others put aside, leaves nothing, since the others can
    /// only leave less; or where what it leaves answers the whole goal.
    fn alone(
        &mut self,
        goal: &Goal,
        term: &Term,
        (split, aside): (&Split, Arc<[Split]>),
    ) -> Option<Answer> {
        self.budget.work(term.size());
        let mut term = term.clone();
        term.splits = vec![split.clone()];
        term.aside = aside;
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
    pub(in crate::subtype) fn may_declare(&self) -> bool {
        match self {
            Self::Any(cases) => cases.iter().flatten().any(Item::may_declare),
            Self::Writers(_) => true,
            Self::Exactly(claims) | Self::NotExactly(claims) => {
                claims.iter().any(|claim| claim.source.declares())
            }
            Self::Refuse(claim) => claim.source.declares(),
            Self::Neither(refused) => refused.may_declare(),
        }
    }

    /// Whether it is the reader that refuses something.
    pub(in crate::subtype) fn is_refused_by_reader(&self) -> bool {
        let refused = match self {
            Self::Refuse(claim) => Some(*claim),
            Self::Neither(refused) => refused.first(),
            Self::Any(_) | Self::Writers(_) | Self::Exactly(_) | Self::NotExactly(_) => None,
        };
        refused.is_some_and(|claim| claim.source == Source::Reader)
    }

    /// Whether it is the reader that refuses something, or does not find exactly one to hold.
    pub(in crate::subtype) fn is_denied_by_reader(&self) -> bool {
        let is_read = |branch: &Claim| branch.source == Source::Reader;
        match self {
            Self::NotExactly(branches) => branches.first().is_some_and(is_read),
            Self::Refuse(_) | Self::Neither(_) => self.is_refused_by_reader(),
            Self::Any(_) | Self::Writers(_) | Self::Exactly(_) => false,
        }
    }

    /// For how many disjunctions it stands.
    pub(in crate::subtype) fn count(&self) -> usize {
        match self {
            Self::Neither(refused) => refused.len(),
            Self::Any(_)
            | Self::Writers(_)
            | Self::Exactly(_)
            | Self::NotExactly(_)
            | Self::Refuse(_) => 1,
        }
    }

    /// Whether it is no use to take it before more is known of the member by which its branches are
    /// told apart.
    pub(in crate::subtype) fn waits_for_its_tag(&self, term: &Term) -> bool {
        matches!(self, Self::Neither(refused) if !refused.is_told_apart(term))
    }

    /// Whether it waits for what never comes: no tag tells its branches apart. One of them may be what
    /// holds in other words, and then nothing is left whatever the other disjunctions leave.
    fn waits_in_vain(&self) -> bool {
        matches!(self, Self::Neither(refused) if !refused.has_tag())
    }
}

impl Item {
    /// Whether it tells what the writer says of a member or element.
    pub(in crate::subtype) fn speaks_of_writers(&self) -> bool {
        let is_of_writer = |lit: &Lit| match lit {
            Lit::Holds(claim) | Lit::Refuses(claim) => claim.source.declares(),
            Lit::Either(_) => true,
            Lit::Differs(_) | Lit::Unsure(_) => false,
        };
        match self {
            Self::Object(
                ObjectLeaf::Member(_, lit)
                | ObjectLeaf::Members(_, lit)
                | ObjectLeaf::Name(lit)
                | ObjectLeaf::SomeName(lit),
            )
            | Self::Array(
                ArrayLeaf::Position(_, lit) | ArrayLeaf::From(_, lit) | ArrayLeaf::At(_, lit),
            ) => is_of_writer(lit),
            Self::Object(ObjectLeaf::Some(_, lits)) | Self::Array(ArrayLeaf::Some(_, lits)) => {
                lits.iter().any(is_of_writer)
            }
            Self::Array(ArrayLeaf::Count(tally)) => {
                is_of_writer(&tally.yes) || is_of_writer(&tally.no)
            }
            Self::Object(
                ObjectLeaf::AtLeast(_)
                | ObjectLeaf::AtMost(_)
                | ObjectLeaf::Present(_)
                | ObjectLeaf::Absent(_),
            )
            | Self::Array(ArrayLeaf::AtLeast(_) | ArrayLeaf::AtMost(_) | ArrayLeaf::Unique(_))
            | Self::Lit(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::NoneOf(_)
            | Self::OneOf(_)
            | Self::Split(_)
            | Self::Unsure(_)
            | Self::Names(_)
            | Self::Muted(_)
            | Self::OnlyOf(..)
            | Self::Neither(_)
            | Self::Never => false,
        }
    }

    /// Whether it may bring shapes whose names the writer declares.
    pub(in crate::subtype) fn may_declare(&self) -> bool {
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
            | Self::Muted(_)
            | Self::OnlyOf(..)
            | Self::Never => false,
            Self::Neither(refused) => refused.may_declare(),
        }
    }
}
