//! The writer's `anyOf`: several branches may hold, and each brings the names that it states.
//!
//! To go through every set of branches is dear, and mostly in vain. So one branch is taken, the
//! others lend it their names, and only where an answer uses such a loan is it asked who lends.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Json, ShapeId, Shapes};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Lit};
use crate::subtype::names::{accepting_in_place, in_place};
use crate::subtype::term::{Basic, Item, Term};
use crate::subtype::unfold::{absent, holds};

/// The names that a shape may state, in any branch.
#[derive(Debug, Default)]
pub(in crate::subtype) struct Stated {
    names: BTreeSet<Arc<str>>,
    /// Whether it may state any name whatever.
    is_open: bool,
}

impl Search<'_> {
    /// The cases of the writer's `anyOf`: one branch holds, the others lend it their names.
    pub(in crate::subtype) fn writer_cases(
        &mut self,
        goal: &Goal,
        term: &Term,
        branches: &[Claim],
    ) -> Vec<Vec<Item>> {
        let left = self.left_by_tag(term, branches);
        let left = left.into_iter().filter_map(|at| branches.get(at).copied());
        let alive: Arc<[_]> = left.filter(|branch| !self.is_clash(term, *branch)).collect();
        let is_plain = match term.kind {
            Basic::Null | Basic::Boolean | Basic::Number | Basic::String => true,
            Basic::Array | Basic::Object => alive.len() < 2 || !self.speaks_of_parts(goal.place),
        };
        let case = |branch: &Claim| {
            let mut items = vec![holds(*branch)];
            if !is_plain {
                items.push(Item::Names(Arc::clone(&alive)));
            }
            items
        };
        alive.iter().map(case).collect()
    }

    /// Whether a branch that is not known to hold may bring the name.
    pub(in crate::subtype) fn may_be_lent(&mut self, term: &Term, name: &str) -> bool {
        lenders(term).any(|claim| self.may_state(claim, name))
    }

    /// The answer where the names in the value may be borrowed.
    ///
    /// Either the first name that is borrowed is absent, or one of those that may lend it holds.
    pub(in crate::subtype) fn settle_loan(
        &mut self,
        goal: &Goal,
        term: &Term,
        value: Json,
    ) -> Answer {
        let stated = self.stated_names(goal.place);
        let names: Vec<Arc<str>> = match &value {
            Json::Object(members) => members.keys().cloned().collect(),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                Vec::new()
            }
        };
        let borrowed = names.into_iter().find(|name| {
            stated.contains(name)
                && !self.is_declared(&term.holding, name)
                && !self.is_lent_at(goal.place, name)
        });
        let Some(name) = borrowed else { return self.settle_inside(goal, term, value) };
        if self.sends(&Self::written(&goal.lits), goal.place, &value) {
            return Answer::Found(value);
        }
        let mut cases = Vec::new();
        if !term.object.present.contains(&name) {
            cases.push(vec![absent(&name)]);
        }
        for lender in lenders(term) {
            if self.may_state(lender, &name) {
                cases.push(vec![holds(lender)]);
            }
        }
        self.branch(goal, term, cases)
    }

    /// What holds of a member that only lenders bring: one of those that state its name accepts it.
    /// `None` where it may be any value.
    ///
    /// Asked once all that holds of the object is known.
    pub(in crate::subtype) fn said_by_lenders(
        &mut self,
        goal: &Goal,
        term: &Term,
        name: &Arc<str>,
    ) -> Option<Lit> {
        let lent = self.tables.places.get(goal.place).lent;
        if term.lent.is_empty() && lent == 0
            || !self.stated_names(goal.place).contains(name)
            || self.is_declared(&term.holding, name)
        {
            return None;
        }
        let mut all: Vec<Claim> = lenders(term).collect();
        let outer = self.tables.lent.get(lent);
        all.extend(outer.iter().map(|shape| Claim::written(*shape)));
        let mut said = Vec::new();
        for claim in all {
            if !self.may_state(claim, name) {
                continue;
            }
            let shapes = self.shapes;
            for part in accepting_in_place(shapes, claim.shape) {
                let part = shapes.get(part);
                if part.enumeration.is_some() || part.constant.is_some() {
                    return None;
                }
                let Some(object) = part.object.get() else { continue };
                if self.states(object, name) {
                    let (member, is_sure) = self.member_shapes(object, name);
                    let member = member.first().filter(|_| is_sure && object.unevaluated.is_none());
                    said.push(Lit::Holds(self.child(claim, *member?)));
                }
            }
        }
        said.sort_unstable();
        said.dedup();
        self.assumed |= !said.is_empty();
        match said.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(Lit::Either(self.tables.lists.id(said))),
        }
    }

    pub(in crate::subtype) fn may_state(&mut self, claim: Claim, name: &str) -> bool {
        self.states_somewhere(claim.shape, name)
    }

    /// Whether the shape may state the name, in any branch.
    pub(in crate::subtype) fn states_somewhere(&mut self, shape: ShapeId, name: &str) -> bool {
        let shapes = self.shapes;
        let known = self.tables.stated.entry(shape);
        let stated = known.or_insert_with(|| Arc::new(Stated::by(shapes, shape)));
        stated.is_open || stated.names.contains(name)
    }
}

/// The branches that lend their names: those that are not known to hold.
pub(in crate::subtype) fn lenders(term: &Term) -> impl Iterator<Item = Claim> {
    let lent = term.lent.iter().flat_map(|lent| lent.iter().copied());
    lent.filter(|claim| !term.seen.contains(&Lit::Holds(*claim)))
}

impl Stated {
    fn by(shapes: &Shapes, shape: ShapeId) -> Self {
        let mut stated = Self::default();
        for part in in_place(shapes, vec![shape]) {
            let part = shapes.get(part);
            stated.is_open |= part.enumeration.is_some() || part.constant.is_some();
            let Some(object) = part.object.get() else { continue };
            stated.names.extend(object.properties.keys().cloned());
            stated.names.extend(object.required.keys().cloned());
            stated.names.extend(object.dependent_shapes.keys().cloned());
            stated.names.extend(object.dependent_required.keys().cloned());
            let needed = object.dependent_required.values().flat_map(|names| &names.value);
            stated.names.extend(needed.cloned());
            stated.is_open |= !object.patterns.is_empty()
                || object.names.is_some()
                || object.additional.is_some()
                || object.unevaluated.is_some();
        }
        stated
    }
}
