//! What is left of a disjunction, given what is known already.
//!
//! Cases that contradict what is known are dropped before any is looked into, and of those that are
//! left the ones come first that most likely have a member.

use std::sync::Arc;

use crate::model::{Json, Kind, ObjectFacets, Shape};
use crate::subtype::bounds::{Known, known};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Goal, Lit};
use crate::subtype::recall::Said;
use crate::subtype::term::{ArrayLeaf, Basic, Item, ObjectLeaf, Split, Term};
use crate::subtype::unfold::holds;
use crate::subtype::writer::coming::{More, Told};

use super::branch;

/// What is left of a disjunction.
pub(in crate::subtype) enum Cases {
    /// It is true already.
    Settled,
    /// One of these.
    Open(Vec<Vec<Item>>),
}

impl Search<'_> {
    /// The positions of the branches that are not known to refuse everything in the term.
    fn alive(
        &mut self,
        goal: &Goal,
        term: &Term,
        branches: &[Claim],
        told: Told<'_>,
    ) -> Vec<usize> {
        let mut left = self.left_by_tag(term, branches);
        let mut is_out =
            |at: &usize| branches.get(*at).is_none_or(|it| self.is_out(goal, term, *it, told));
        left.retain(|at| !is_out(at));
        left
    }

    /// Whether it shows at once that the claim's shape refuses everything in the term: by what is
    /// known of the value, or because it needs a member that the writer does not send.
    fn is_out(&mut self, goal: &Goal, term: &Term, claim: Claim, told: Told<'_>) -> bool {
        if self.is_clash(term, claim) {
            return true;
        }
        let (ignored, profile) = (self.ignored(claim), self.profile(claim.shape));
        let is_needed =
            |name: &&Arc<str>| !ignored.contains(*name) && !term.object.present.contains(*name);
        profile.required.iter().filter(is_needed).any(|name| self.withholds(goal, term, told, name))
    }

    pub(in crate::subtype) fn cases(&mut self, goal: &Goal, term: &Term, split: &Split) -> Cases {
        let told = Told::beside(term, split);
        let cases = match split {
            Split::Any(cases) => cases.clone(),
            Split::Writers(branches) => self.writer_cases(goal, term, branches),
            Split::Exactly(branches) => {
                let mut alive = self.alive(goal, term, branches, told);
                let is_given =
                    |branch: &Claim| Self::is_held(term, *branch) || self.is_anything(branch.shape);
                let given: Vec<_> = branches.iter().map(is_given).collect();
                if let Some(only) = given.iter().position(|is_given| *is_given) {
                    let is_single = given.iter().filter(|is_given| **is_given).count() == 1;
                    alive.retain(|at| is_single && *at == only);
                }
                branch::exactly_one(branches, &alive)
            }
            Split::NotExactly(branches) => match self.none_or_several(goal, term, branches, told) {
                None => return Cases::Settled,
                Some(cases) => cases,
            },
            Split::Neither(refused) => vec![refused.refusals(term)],
            Split::Refuse(claim) => {
                if self.is_out(goal, term, *claim, told) {
                    return Cases::Settled;
                }
                match self.ways(term.kind, *claim) {
                    None => return Cases::Settled,
                    Some(ways) => ways,
                }
            }
        };
        let is_voiced = matches!(split, Split::Writers(_));
        let mut open = Vec::new();
        for case in cases {
            self.budget.work(1 + case.len());
            match self.simplified(goal, term, case, told) {
                None => {}
                // A branch that says nothing still leaves the others to say what is sent.
                Some(items) if items.is_empty() && !is_voiced => return Cases::Settled,
                Some(items) => open.push(items),
            }
        }
        if split.may_declare() && open.len() > 2 {
            // What the reader states word for word it mostly accepts.
            let readers = self.reader_shapes(goal.place);
            open.sort_by_key(|case| {
                matches!(
                    case.first(),
                    Some(Item::Lit(Lit::Holds(claim))) if readers.contains(&claim.shape)
                )
            });
        }
        Cases::Open(open)
    }

    /// The cases in which none of the branches holds, or several do; `None` where that is so already.
    ///
    /// Where the writer has an alternative of the same branches, one of them is known to hold and the
    /// others to refuse: only those that the writer does not have are left to ask about.
    fn none_or_several(
        &mut self,
        goal: &Goal,
        term: &Term,
        branches: &[Claim],
        told: Told<'_>,
    ) -> Option<Vec<Vec<Item>>> {
        let company = self.company(term.kind, branches);
        let mut held = branches.iter().enumerate().filter(|(_, it)| Self::is_held(term, **it));
        match (held.next(), held.next()) {
            (Some(_), Some(_)) => None,
            // Whatever else holds makes it several.
            (Some((held, _)), None) => {
                let others = company.beside(held).iter().filter_map(|other| branches.get(*other));
                let is_open = |branch: &&Claim| {
                    !Self::is_refused(term, **branch) && !self.is_out(goal, term, **branch, told)
                };
                Some(others.filter(is_open).map(|branch| vec![holds(*branch)]).collect())
            }
            (None, _) => {
                let mut alive = self.alive(goal, term, branches, told);
                let is_refused = |at: &usize| {
                    branches.get(*at).is_some_and(|branch| Self::is_refused(term, *branch))
                };
                alive.retain(|at| !is_refused(at));
                Some(branch::none_or_two(branches, &alive, &company))
            }
        }
    }

    /// The case without what is known already; `None` where it contradicts what is known. The
    /// writer's names are told where nothing that is left to split declares one.
    fn simplified(
        &mut self,
        goal: &Goal,
        term: &Term,
        case: Vec<Item>,
        told: Told<'_>,
    ) -> Option<Vec<Item>> {
        if Self::denies_what_is_told(term, &case) {
            return None;
        }
        let mut left = Vec::with_capacity(case.len());
        for item in case {
            match known(term, &item) {
                Known::Impossible => return None,
                Known::Given => continue,
                Known::Open => {}
            }
            match &item {
                Item::Never => return None,
                Item::Lit(lit) if term.seen.contains(lit) => continue,
                Item::Lit(Lit::Holds(claim)) => {
                    if self.is_out(goal, term, *claim, told) || Self::is_refused(term, *claim) {
                        return None;
                    }
                    if self.is_anything(claim.shape) {
                        continue;
                    }
                }
                Item::Lit(Lit::Refuses(claim)) => {
                    let is_given = Self::is_held(term, *claim) || self.is_anything(claim.shape);
                    if is_given || self.is_demand_met(term, *claim) {
                        return None;
                    }
                    if self.is_out(goal, term, *claim, told) {
                        continue;
                    }
                }
                Item::Object(ObjectLeaf::Present(name)) => {
                    if term.object.absent.contains(name) {
                        return None;
                    }
                    if term.object.present.contains(name) {
                        continue;
                    }
                    if self.withholds(goal, term, told, name) {
                        return None;
                    }
                }
                Item::Object(ObjectLeaf::Absent(name)) => {
                    if term.object.present.contains(name) {
                        return None;
                    }
                    if term.object.absent.contains(name) || self.withholds(goal, term, told, name) {
                        continue;
                    }
                }
                Item::NoneOf(values) if Self::is_beside(term, values) => continue,
                Item::Neither(refused) if refused.is_contradicted(term) => return None,
                Item::Lit(_)
                | Item::Number(_)
                | Item::Text(_)
                | Item::Array(_)
                | Item::Object(_)
                | Item::Split(_)
                | Item::NoneOf(_)
                | Item::OneOf(_)
                | Item::Unsure(_)
                | Item::Names(_)
                | Item::Muted(_)
                | Item::OnlyOf(..)
                | Item::Neither(_) => {}
            }
            left.push(item);
        }
        if self.is_hopeless(goal, term, &left) { None } else { Some(left) }
    }

    /// Whether the case has a member that is refused by the very shape which it is known to be of. Of a large
    /// object that both sides state alike, but for a few members, all others come to that: the question
    /// whether there is such a member would be answered so (`is_contradictory`), and need not be asked.
    fn denies_what_is_told(term: &Term, case: &[Item]) -> bool {
        let object = &term.object;
        case.iter().any(|item| {
            let Item::Object(ObjectLeaf::Member(name, Lit::Refuses(refused))) = item else {
                return false;
            };
            let is_it = |held: Claim| held.shape == refused.shape && held.ignore == refused.ignore;
            let is_told = |lits: &Vec<Lit>| lits.iter().filter_map(|lit| lit.held()).any(is_it);
            let is_there = |it: &Item| matches!(it, Item::Object(ObjectLeaf::Present(present)) if present == name);
            object.members.get(name).is_some_and(is_told)
                && (object.present.contains(name) || case.iter().any(is_there))
        })
    }

    /// Whether a case is about a member of which something is known.
    pub(in crate::subtype) fn is_related(&mut self, term: &Term, cases: &[Vec<Item>]) -> bool {
        let object = &term.object;
        let is_told = |name: &Arc<str>| {
            object.present.contains(name)
                || object.absent.contains(name)
                || object.members.contains_key(name)
        };
        cases.iter().flatten().any(|item| match item {
            Item::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => {
                let profile = self.profile_itself(claim.shape);
                profile.required.iter().chain(profile.tags.keys()).any(is_told)
            }
            Item::Object(
                ObjectLeaf::Present(name) | ObjectLeaf::Absent(name) | ObjectLeaf::Member(name, _),
            ) => is_told(name),
            Item::Lit(Lit::Differs(_) | Lit::Either(_) | Lit::Unsure(_))
            | Item::Number(_)
            | Item::Text(_)
            | Item::Array(_)
            | Item::Object(_)
            | Item::NoneOf(_)
            | Item::OneOf(_)
            | Item::Split(_)
            | Item::Unsure(_)
            | Item::Names(_)
            | Item::Muted(_)
            | Item::OnlyOf(..)
            | Item::Neither(_)
            | Item::Never => false,
        })
    }

    /// Whether the shape demands members and nothing else, and they are there.
    fn is_demand_met(&mut self, term: &Term, claim: Claim) -> bool {
        if term.kind != Basic::Object {
            return false;
        }
        let shapes = self.shapes;
        let Shape {
            span: _,
            boolean,
            reference,
            kinds,
            enumeration,
            constant,
            number: _,
            text: _,
            array: _,
            object,
            logic,
            notes: _,
            null: _,
            unread,
        } = shapes.get(claim.shape);
        let is_bare = *boolean != Some(false)
            && reference.is_none()
            && kinds.as_ref().is_none_or(|kinds| kinds.value.has(Kind::Object))
            && enumeration.is_none()
            && constant.is_none()
            && logic.is_unstated()
            && unread.is_empty();
        let Some(object) = object.get().filter(|_| is_bare) else { return false };
        let required = Arc::clone(&object.required);
        let demand = ObjectFacets {
            required: Arc::clone(&required),
            required_at: object.required_at,
            ..ObjectFacets::default()
        };
        let ignored = self.ignored(claim);
        *object == demand
            && required
                .keys()
                .all(|name| ignored.contains(name) || term.object.present.contains(name))
    }

    /// Whether none of these values can be meant, since the value is one of others.
    fn is_beside(term: &Term, values: &[Json]) -> bool {
        let finite = term.finite.as_ref();
        finite.is_some_and(|finite| !values.iter().any(|value| finite.contains(value)))
    }

    /// Whether the member or element that the case needs cannot exist.
    fn is_hopeless(&mut self, goal: &Goal, term: &Term, case: &[Item]) -> bool {
        let is_told =
            !term.splits.iter().any(Split::may_declare) && !case.iter().any(Item::may_declare);
        let said = if is_told { Said::All } else { Said::Part };
        // An element may be one that has to be there, too.
        let is_free = term.array.some.is_empty() && term.array.tallies.is_empty();
        let of_element = if is_free { said } else { Said::Part };
        for item in case {
            let beside = case.iter().filter(|other| *other != item);
            let lacks = match item {
                Item::Object(ObjectLeaf::Member(name, lit)) => {
                    let is_there = term.object.present.contains(name)
                        || case.contains(&Item::Object(ObjectLeaf::Present(name.clone())));
                    if !is_there {
                        continue;
                    }
                    let is_denied = self.said_of(term, beside, name) == Said::Part;
                    let said = if is_denied { Said::Part } else { said };
                    self.lacks_member(goal, term, name, &[*lit], said)
                        || said == Said::Part
                            && !is_denied
                            && self.is_member_told(term, More::Case(case), name)
                            && self.lacks_member(goal, term, name, &[*lit], Said::All)
                }
                Item::Object(ObjectLeaf::Some(names, lits)) => {
                    self.lacks_some_member(goal, term, names, lits)
                }
                Item::Array(ArrayLeaf::At(position, lit)) => {
                    let said = match of_element {
                        Said::All => self.said_of_element(term, beside),
                        Said::Part => of_element,
                    };
                    self.lacks_element(goal, term, *position, &[*lit], said)
                }
                Item::Array(ArrayLeaf::Some(from, lits)) if term.array.positions.is_empty() => {
                    let said = match of_element {
                        Said::All => self.said_of_element(term, beside),
                        Said::Part => of_element,
                    };
                    self.lacks_element(goal, term, *from, lits, said)
                }
                Item::Lit(_)
                | Item::Number(_)
                | Item::Text(_)
                | Item::Array(_)
                | Item::Object(_)
                | Item::Split(_)
                | Item::NoneOf(_)
                | Item::OneOf(_)
                | Item::Unsure(_)
                | Item::Names(_)
                | Item::Muted(_)
                | Item::OnlyOf(..)
                | Item::Neither(_)
                | Item::Never => continue,
            };
            if lacks {
                return true;
            }
        }
        false
    }
}
