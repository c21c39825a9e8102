//! Placement: which members meet the demands that are made of some member or other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::model::Json;
use crate::subtype::Reason;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal, Key, Lit};
use crate::subtype::recall::Said;
use crate::subtype::term::{Names, Term};

/// An object under construction.
pub(in crate::subtype) struct Draft<'t> {
    pub(in crate::subtype) goal: &'t Goal,
    pub(in crate::subtype) term: &'t Term,
    /// Every name that is spoken of, once somebody asks; other names are told apart by patterns
    /// only.
    pub(in crate::subtype) literals: Option<Arc<BTreeSet<Arc<str>>>>,
    pub(in crate::subtype) demands: Vec<(Class<'t>, &'t [Lit])>,
    /// Names of which it is known that no member has them, whatever is demanded of it.
    dead: BTreeSet<Arc<str>>,
    /// Names by what tells their members apart, and what that is.
    likeness: HashMap<Arc<str>, usize, FixedState>,
    members: HashMap<Member, usize, FixedState>,
    /// The members chosen, with what their demands add.
    pub(in crate::subtype) chosen: BTreeMap<Arc<str>, Vec<Lit>>,
    /// Values that are known of members of which nothing more is demanded.
    pub(in crate::subtype) known: BTreeMap<Arc<str>, Json>,
    pub(in crate::subtype) undecided: Option<Reason>,
}

/// What must hold of a member, at which place, and which demands it may meet.
type Member = (Vec<Lit>, Key, Vec<Option<bool>>);

/// Which names a demand is about.
#[derive(Clone, Copy)]
pub(in crate::subtype) enum Class<'t> {
    Of(&'t Names),
    Satisfying(Lit),
}

impl<'t> Draft<'t> {
    pub(in crate::subtype) fn new(goal: &'t Goal, term: &'t Term) -> Self {
        let object = &term.object;
        let some = object.some.iter().map(|(names, lits)| (Class::Of(names), lits.as_slice()));
        let named = object.some_names.iter().map(|lit| (Class::Satisfying(*lit), [].as_slice()));
        Self {
            goal,
            term,
            literals: None,
            demands: some.chain(named).collect(),
            dead: BTreeSet::new(),
            likeness: HashMap::default(),
            members: HashMap::default(),
            chosen: BTreeMap::new(),
            known: BTreeMap::new(),
            undecided: None,
        }
    }

    /// Whether no further member may be chosen.
    fn is_full(&self) -> bool {
        let chosen = u64::try_from(self.chosen.len()).unwrap_or(u64::MAX);
        self.term.object.most.is_some_and(|most| chosen >= most)
    }

    /// How much is known of what the writer says of a member before it meets its demands.
    fn said(&self) -> Said {
        let mut demanded = self.demands.iter().flat_map(|(_, lits)| lits.iter());
        if demanded.any(|lit| lit.may_be_written()) { Said::Part } else { Said::All }
    }
}

impl Search<'_> {
    /// Whether each of several demands can be met where nothing else is demanded. One that cannot
    /// would be found out anew for every way to meet those before it.
    pub(in crate::subtype) fn can_place_each(&mut self, draft: &mut Draft<'_>) -> bool {
        if draft.demands.len() < 2 {
            return true;
        }
        let undecided = draft.undecided.take();
        let demands = draft.demands.clone();
        let can = demands.into_iter().all(|(class, lits)| {
            self.can_place(draft, class, lits) || draft.undecided.take().is_some()
        });
        draft.undecided = undecided;
        can
    }

    fn can_place(&mut self, draft: &mut Draft<'_>, class: Class<'_>, lits: &[Lit]) -> bool {
        let literals = self.literals(draft);
        let said = draft.said();
        let is_placed = literals.iter().any(|name| {
            self.is_open(draft, class, name)
                && !self.lacks_member(draft.goal, draft.term, name, lits, said)
        });
        is_placed || {
            let visit = &mut |search: &mut Search<'_>, draft: &mut Draft<'_>, name: Arc<str>| {
                if search.lacks_member(draft.goal, draft.term, &name, lits, said) {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            self.each_fresh_name(draft, Some((class, lits)), visit).is_break()
        }
    }

    /// Whether a member of this name may meet a demand of the class, its value aside.
    fn is_open(&mut self, draft: &mut Draft<'_>, class: Class<'_>, name: &Arc<str>) -> bool {
        if draft.dead.contains(name) || !self.is_in_class(draft, class, name) {
            return false;
        }
        if draft.chosen.contains_key(name) {
            return true;
        }
        let said = draft.said();
        let is_open = self.may_have(draft, name)
            && !self.lacks_member(draft.goal, draft.term, name, &[], said);
        if !is_open && draft.undecided.is_none() {
            draft.dead.insert(Arc::clone(name));
        }
        is_open
    }

    /// Members that meet the demands from this one on, where all before it are met.
    pub(in crate::subtype) fn place_demands(
        &mut self,
        draft: &mut Draft<'_>,
        next: usize,
    ) -> Option<BTreeMap<Arc<str>, Json>> {
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return None;
        }
        let Some((class, lits)) = draft.demands.get(next).copied() else {
            return self.complete(draft);
        };
        let chosen: Vec<_> = draft.chosen.keys().cloned().collect();
        let mut names = chosen.clone();
        if !draft.is_full() {
            let literals = self.literals(draft);
            names.extend(literals.iter().filter(|name| !chosen.contains(name)).cloned());
        }
        // A member that could as well have another name that did not do will not do either.
        let mut tried = HashSet::new();
        for (index, name) in names.iter().enumerate() {
            if self.is_open(draft, class, name)
                && (index < chosen.len() || tried.insert(self.likeness(draft, name)))
                && let Some(found) = self.place_at(draft, next, name, lits)
            {
                return Some(found);
            }
            if self.budget.is_out_of_steps()
                && let Err(reason) = self.budget.take_step()
            {
                draft.undecided = Some(reason);
                return None;
            }
        }
        if draft.is_full() {
            return None;
        }
        let mut found = None;
        let _ = self.each_fresh_name(draft, Some((class, lits)), &mut |search, draft, name| {
            found = search.place_at(draft, next, &name, lits);
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found
    }

    /// What tells members of this name, where there may be one, from those of other names: names of
    /// which it is the same can stand for each other in any object.
    fn likeness(&mut self, draft: &mut Draft<'_>, name: &Arc<str>) -> usize {
        if let Some(known) = draft.likeness.get(name) {
            return *known;
        }
        let mut lits = self.member_lits(draft.term, name);
        lits.sort_unstable();
        lits.dedup();
        let place = self.place_of_member(draft.goal, draft.term, name);
        let classes = draft.demands.iter().map(|(class, _)| self.membership(*class, name));
        let member = (lits, place, classes.collect::<Vec<_>>());
        let next = draft.members.len();
        let known = *draft.members.entry(member).or_insert(next);
        draft.likeness.insert(Arc::clone(name), known);
        known
    }

    fn is_in_class(&mut self, draft: &mut Draft<'_>, class: Class<'_>, name: &Arc<str>) -> bool {
        let is_in = self.membership(class, name);
        if is_in.is_none() {
            draft.undecided = Some(Reason("the names of members cannot be decided".to_owned()));
        }
        is_in == Some(true)
    }

    fn membership(&mut self, class: Class<'_>, name: &Arc<str>) -> Option<bool> {
        match class {
            Class::Of(names) => self.is_among(names, name),
            Class::Satisfying(lit) => self.satisfies(lit, &Json::String(Arc::clone(name))),
        }
    }

    fn place_at(
        &mut self,
        draft: &mut Draft<'_>,
        next: usize,
        name: &Arc<str>,
        lits: &[Lit],
    ) -> Option<BTreeMap<Arc<str>, Json>> {
        let before = draft.chosen.get(name).cloned();
        let mut after = before.clone().unwrap_or_default();
        after.extend(lits);
        let found = match self.member_answer(draft.goal, draft.term, name, &after) {
            Answer::Empty => None,
            Answer::Undecided(reason) => {
                draft.undecided = Some(reason);
                None
            }
            Answer::Found(_) => {
                draft.chosen.insert(Arc::clone(name), after);
                self.place_demands(draft, next + 1)
            }
        };
        match before {
            Some(before) => draft.chosen.insert(Arc::clone(name), before),
            None => draft.chosen.remove(name),
        };
        found
    }
}
