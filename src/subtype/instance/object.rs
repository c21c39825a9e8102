//! Objects: an assignment of values to names that meets what a term knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::Json;
use crate::subtype::Reason;
use crate::subtype::alternatives::decide::Alive;
use crate::subtype::budget::exhausted;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal, Lit};
use crate::subtype::recall::Said;
use crate::subtype::term::{Covered, Item, Names, ObjectLeaf, Term};
use crate::subtype::unfold::{absent, present};

use super::fresh::patterns;
use super::placement::Draft;

/// More members than this are not built.
const MEMBERS: usize = 131_072;
/// Where more members than this are missing, their names are numbered, not sought one by one.
const SOUGHT: usize = 32;

impl Search<'_> {
    pub(in crate::subtype) fn assume_object(term: &mut Term, leaf: ObjectLeaf) -> Alive {
        let object = &mut term.object;
        match leaf {
            ObjectLeaf::AtLeast(count) => object.least = object.least.max(count),
            ObjectLeaf::AtMost(count) => {
                object.most = Some(object.most.map_or(count, |most| most.min(count)));
            }
            ObjectLeaf::Present(name) => {
                if object.absent.contains(&name) {
                    return Alive::No;
                }
                object.present.insert(name);
            }
            ObjectLeaf::Absent(name) => {
                if object.present.contains(&name) {
                    return Alive::No;
                }
                object.absent.insert(name);
            }
            ObjectLeaf::Member(name, lit) => {
                let lits = object.members.entry(name).or_default();
                if !lits.contains(&lit) {
                    lits.push(lit);
                }
            }
            ObjectLeaf::Members(names, lit) => object.rules.push((names, lit)),
            ObjectLeaf::Some(names, lits) => {
                let demand = (names, lits);
                if !object.some.contains(&demand) {
                    object.some.push(demand);
                }
            }
            ObjectLeaf::Name(lit) => object.names.push(lit),
            ObjectLeaf::SomeName(lit) => object.some_names.push(lit),
        }
        Alive::Yes
    }

    /// The ways in which an object differs from this one.
    pub(in crate::subtype) fn object_differs(
        &mut self,
        members: &BTreeMap<Arc<str>, Json>,
    ) -> Vec<Vec<Item>> {
        let mut ways = Vec::new();
        for (name, value) in members {
            ways.push(vec![absent(name)]);
            let differs = Lit::Differs(self.tables.values.id(value.clone()));
            ways.push(vec![
                present(name),
                Item::Object(ObjectLeaf::Member(Arc::clone(name), differs)),
            ]);
        }
        let covered = Covered { names: members.keys().cloned().collect(), ..Covered::default() };
        let others = Names::Outside(Arc::new(covered));
        ways.push(vec![Item::Object(ObjectLeaf::Some(others, Vec::new()))]);
        ways
    }

    /// What a member of this name must satisfy.
    pub(in crate::subtype) fn member_lits(&mut self, term: &Term, name: &str) -> Vec<Lit> {
        let mut lits = term.object.members.get(name).cloned().unwrap_or_default();
        self.budget.work(term.object.rules.len());
        for (names, lit) in &term.object.rules {
            match self.is_among(names, name) {
                Some(true) => lits.push(*lit),
                Some(false) => {}
                None => lits.push(self.unsure("a pattern of a property name cannot be decided")),
            }
        }
        lits
    }

    pub(in crate::subtype) fn unsure(&mut self, reason: &str) -> Lit {
        Lit::Unsure(self.tables.reasons.id(reason.to_owned()))
    }

    pub(in crate::subtype) fn is_among(&self, names: &Names, name: &str) -> Option<bool> {
        match names {
            Names::Matching(pattern) => self.is_match(pattern, name),
            Names::Outside(covered) => {
                if covered.names.contains(name) {
                    return Some(false);
                }
                crate::subtype::evaluate::all(&covered.patterns, |pattern| {
                    self.is_match(pattern, name).map(|is| !is)
                })
            }
        }
    }

    /// Whether a member of this name has a value.
    pub(in crate::subtype) fn member_answer(
        &mut self,
        goal: &Goal,
        term: &Term,
        name: &Arc<str>,
        extra: &[Lit],
    ) -> Answer {
        let mut lits = self.member_lits(term, name);
        lits.extend(self.said_by_lenders(goal, term, name));
        lits.extend(extra);
        let place = match self.said_of(term, std::iter::empty(), name) {
            Said::All => self.place_of_member(goal, term, name),
            Said::Part => self.nowhere(),
        };
        self.solve(Goal::new(lits, place, goal.marks))
    }

    /// An object that meets the term.
    pub(in crate::subtype) fn finish_object(&mut self, goal: &Goal, term: &Term) -> Answer {
        let object = &term.object;
        let mut draft = Draft::new(goal, term);
        for name in &object.present {
            if !self.may_have(&mut draft, name) {
                return draft.undecided.map_or(Answer::Empty, Answer::Undecided);
            }
            draft.chosen.insert(Arc::clone(name), Vec::new());
            match self.member_answer(goal, term, name, &[]) {
                Answer::Found(value) => {
                    draft.known.insert(Arc::clone(name), value);
                }
                Answer::Empty => return Answer::Empty,
                // Asked about again once the demands are met: where they cannot be, there is no
                // object whatever this member is.
                Answer::Undecided(_) => {}
            }
        }
        if !self.can_place_each(&mut draft) {
            return Answer::Empty;
        }
        match self.place_demands(&mut draft, 0) {
            Some(members) => Answer::Found(Json::object(members)),
            None => draft.undecided.map_or(Answer::Empty, Answer::Undecided),
        }
    }

    /// Every name that is spoken of.
    pub(in crate::subtype) fn literals(
        &mut self,
        draft: &mut Draft<'_>,
    ) -> Arc<BTreeSet<Arc<str>>> {
        if let Some(known) = &draft.literals {
            return Arc::clone(known);
        }
        let (goal, term) = (draft.goal, draft.term);
        let object = &term.object;
        let mut literals: BTreeSet<_> = object.present.union(&object.absent).cloned().collect();
        literals.extend(object.members.keys().cloned());
        literals.extend(self.stated_names(goal.place).iter().cloned());
        let classes = object.rules.iter().map(|(names, _)| names);
        for names in classes.chain(object.some.iter().map(|(names, _)| names)) {
            if let Names::Outside(covered) = names {
                literals.extend(covered.names.iter().cloned());
            }
        }
        literals.extend(self.withheld(&term.holding));
        let literals = Arc::new(literals);
        draft.literals = Some(Arc::clone(&literals));
        literals
    }

    /// Whether the object may have a member of this name, its value aside.
    pub(in crate::subtype) fn may_have(&mut self, draft: &mut Draft<'_>, name: &Arc<str>) -> bool {
        if draft.term.object.absent.contains(name)
            || !self.may_send(draft.goal.place, draft.term, name)
        {
            return false;
        }
        let text = Json::String(Arc::clone(name));
        let is_allowed = self.satisfies_all(&draft.term.object.names, &text);
        if is_allowed.is_none() {
            draft.undecided = Some(Reason("the names of members cannot be decided".to_owned()));
        }
        is_allowed == Some(true)
    }

    /// Values for all chosen members, and as many more members as are needed.
    pub(in crate::subtype) fn complete(
        &mut self,
        draft: &mut Draft<'_>,
    ) -> Option<BTreeMap<Arc<str>, Json>> {
        let object = &draft.term.object;
        let least = usize::try_from(object.least).unwrap_or(usize::MAX);
        let most =
            object.most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        if draft.chosen.len() > most || least > most {
            return None;
        }
        if least > MEMBERS {
            draft.undecided = Some(exhausted("members of an object"));
            return None;
        }
        let mut members = BTreeMap::new();
        for (name, extra) in draft.chosen.clone() {
            let value = self.value_of(draft, &name, &extra)?;
            members.insert(name, value);
        }
        if members.len() < least {
            self.fill(draft, &mut members, least);
        }
        (members.len() >= least).then_some(members)
    }

    fn value_of(&mut self, draft: &mut Draft<'_>, name: &Arc<str>, extra: &[Lit]) -> Option<Json> {
        if let Some(known) = draft.known.get(name).filter(|_| extra.is_empty()) {
            return Some(known.clone());
        }
        match self.member_answer(draft.goal, draft.term, name, extra) {
            Answer::Found(value) => Some(value),
            Answer::Empty => None,
            Answer::Undecided(reason) => {
                draft.undecided = Some(reason);
                None
            }
        }
    }

    fn fill(
        &mut self,
        draft: &mut Draft<'_>,
        members: &mut BTreeMap<Arc<str>, Json>,
        least: usize,
    ) {
        for name in self.literals(draft).iter() {
            if members.len() >= least {
                return;
            }
            if !members.contains_key(name)
                && self.may_have(draft, name)
                && let Some(value) = self.value_of(draft, name, &[])
            {
                members.insert(Arc::clone(name), value);
            }
        }
        let chosen = draft.chosen.clone();
        if least.saturating_sub(members.len()) > SOUGHT && draft.term.object.names.is_empty() {
            self.number(draft, members, least);
        }
        while members.len() < least {
            let before = members.len();
            for name in self.fresh_names(draft) {
                if let Some(value) = self.value_of(draft, &name, &[]) {
                    draft.chosen.insert(Arc::clone(&name), Vec::new());
                    members.insert(name, value);
                }
                if members.len() >= least {
                    break;
                }
            }
            if members.len() == before {
                break;
            }
        }
        draft.chosen = chosen;
    }

    /// Members like those that nobody speaks of, in numbers: what is said of names goes by the
    /// patterns that they match.
    fn number(
        &mut self,
        draft: &mut Draft<'_>,
        members: &mut BTreeMap<Arc<str>, Json>,
        least: usize,
    ) {
        let literals = self.literals(draft);
        let patterns = patterns(draft.term);
        for like in self.fresh_names(draft) {
            let Some(value) = self.value_of(draft, &like, &[]) else { continue };
            for number in 1..=MEMBERS {
                if members.len() >= least {
                    return;
                }
                let name: Arc<str> = format!("{like}{number}").into();
                let is_free = !literals.contains(&name) && !members.contains_key(&name);
                let is_alike = |pattern: &Arc<str>| {
                    let answers = [&like, &name].map(|name| self.is_match(pattern, name));
                    answers[0].is_some() && answers[0] == answers[1]
                };
                if is_free && patterns.iter().all(is_alike) {
                    draft.chosen.insert(Arc::clone(&name), Vec::new());
                    members.insert(name, value.clone());
                }
            }
        }
    }
}
