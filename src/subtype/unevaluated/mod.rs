//! `unevaluatedProperties` and `unevaluatedItems`, by cases: which applicators hold decides what is
//! evaluated, so each case names the shapes that hold and those that do not.

mod evaluators;
mod rest;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Condition, ObjectFacets, ShapeId, Shapes};

use super::Reason;
use super::budget::exhausted;
use super::engine::Search;
use super::goal::{Claim, Lit};
use super::term::{ArrayLeaf, Basic, Covered, Item, Names, ObjectLeaf, Split};
use super::unfold::{absent, covered_by, holds, present};

/// One way in which the applicators of a place can turn out.
#[derive(Clone, Default)]
struct Case {
    items: Vec<Item>,
    covered: Covered,
    /// Whether every member, or every element, is evaluated.
    everything: bool,
    /// How many elements from the start are.
    prefix: usize,
    /// Elements of these shapes are as well.
    counted: Vec<Claim>,
    /// The branches that hold.
    held: Vec<Claim>,
}

/// What the evaluation is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Members,
    Elements,
}

/// How many cases are told apart.
const CASES: usize = 512;

/// The way through the shapes that apply in place.
struct Walk {
    visited: BTreeSet<ShapeId>,
    /// What is evaluated in every case: whether something else that evaluates no more than this holds
    /// is all the same, and need not be told apart.
    always: Always,
}

/// What is evaluated whatever holds.
#[derive(Default)]
pub(super) struct Always {
    pub covered: Covered,
    pub everything: bool,
}

impl Search<'_> {
    /// What `unevaluatedProperties` says of members, or leaves if it is denied.
    pub(super) fn unevaluated_members(
        &mut self,
        claim: Claim,
        shape: ShapeId,
        holds: bool,
    ) -> Split {
        let child = self.child(claim, shape);
        if let Some(split) = self.unevaluated_by_name(claim, child, holds) {
            return split;
        }
        let Some(cases) = self.evaluation_cases(claim, About::Members) else {
            return gave_up();
        };
        let ignored = self.ignored(claim);
        let mut alternatives = Vec::new();
        for mut case in cases {
            case.covered.names.extend(ignored.iter().cloned());
            let names = Names::Outside(Arc::new(case.covered));
            let mut items = case.items;
            match (case.everything, holds) {
                (true, true) => {}
                (true, false) => continue,
                (false, true) => {
                    items.push(Item::Object(ObjectLeaf::Members(names, Lit::Holds(child))));
                }
                (false, false) => {
                    items.push(Item::Object(ObjectLeaf::Some(names, vec![Lit::Refuses(child)])));
                }
            }
            alternatives.push(items);
        }
        Split::Any(alternatives)
    }

    /// What `unevaluatedItems` says of elements, or leaves if it is denied.
    pub(super) fn unevaluated_items(&mut self, claim: Claim, shape: ShapeId, holds: bool) -> Split {
        let child = self.child(claim, shape);
        let Some(cases) = self.evaluation_cases(claim, About::Elements) else {
            return gave_up();
        };
        let mut alternatives = Vec::new();
        for case in cases {
            let mut items = case.items;
            match (case.everything, holds) {
                (true, true) => {}
                (true, false) => continue,
                (false, true) => {
                    let mut either: Vec<_> = case.counted.into_iter().map(Lit::Holds).collect();
                    either.push(Lit::Holds(child));
                    let lit = match either.as_slice() {
                        [only] => *only,
                        _ => Lit::Either(self.tables.lists.id(either)),
                    };
                    items.push(Item::Array(ArrayLeaf::From(case.prefix, lit)));
                }
                (false, false) => {
                    let mut lits: Vec<_> = case.counted.into_iter().map(Lit::Refuses).collect();
                    lits.push(Lit::Refuses(child));
                    items.push(Item::Array(ArrayLeaf::Some(case.prefix, lits)));
                }
            }
            alternatives.push(items);
        }
        Split::Any(alternatives)
    }

    /// The cases at the shape that states the keyword, its own keyword aside.
    fn evaluation_cases(&mut self, claim: Claim, about: About) -> Option<Vec<Case>> {
        let always = match about {
            About::Members => self.always_evaluated(claim),
            About::Elements => Always::default(),
        };
        let mut walk = Walk { visited: BTreeSet::new(), always };
        self.cases_at(claim, about, true, &mut walk)
    }

    fn cases_at(
        &mut self,
        claim: Claim,
        about: About,
        is_root: bool,
        walk: &mut Walk,
    ) -> Option<Vec<Case>> {
        if !walk.visited.insert(claim.shape) {
            return Some(vec![Case::default()]);
        }
        let mut cases = vec![self.own_case(claim, about, is_root)];
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        if let Some(unread) = shape.unread.first() {
            // What could not be read may evaluate anything.
            cases.push(Case { everything: true, ..Case::default() });
            for case in &mut cases {
                case.items.push(Item::Unsure(Reason(unread.reason.to_string())));
            }
        }
        let mut always: Vec<_> = shape.reference.iter().map(|to| to.target).collect();
        let mut guarded = Vec::new();
        if let Some(logic) = shape.logic.get() {
            always.extend(&logic.all_of);
            guarded.extend(logic.any_of.iter().flat_map(|any| &any.value));
        }
        for part in always {
            let part = self.inner(claim, part);
            let inner = self.cases_at(part, about, false, walk)?;
            cases = self.product(about, &cases, &inner)?;
        }
        for part in guarded {
            let part = self.inner(claim, part);
            let options = self.guarded(part, about, walk)?;
            cases = self.product(about, &cases, &options)?;
        }
        if let Some(one) = shape.logic.get().and_then(|logic| logic.one_of.as_ref()) {
            let branches: Vec<_> = one.value.iter().map(|part| self.inner(claim, *part)).collect();
            let options = self.one_of_them(&branches, about, walk)?;
            cases = self.product(about, &cases, &options)?;
        }
        let condition = shape.logic.get().and_then(|logic| logic.condition.as_ref());
        if let Some(condition) = condition {
            let options = self.condition_cases(claim, &condition.value, about, walk)?;
            cases = self.product(about, &cases, &options)?;
        }
        if let Some(object) = shape.object.get().filter(|_| about == About::Members) {
            for (name, part) in &object.dependent_shapes {
                let options = self.dependent_cases(claim, name, part.value, walk)?;
                cases = self.product(about, &cases, &options)?;
            }
        }
        walk.visited.remove(&claim.shape);
        Some(cases)
    }

    /// The test holds or it does not; no split where that has no bearing.
    fn condition_cases(
        &mut self,
        claim: Claim,
        condition: &Condition,
        about: About,
        walk: &mut Walk,
    ) -> Option<Vec<Case>> {
        let Condition { when, then, otherwise } = *condition;
        let mut parts = [Some(when), then, otherwise].into_iter().flatten();
        if !parts.any(|part| walk.always.is_exceeded(self.shapes, part, about)) {
            return Some(vec![Case::default()]);
        }
        let when = self.inner(claim, when);
        let mut met = self.held(when, about, walk)?;
        if let Some(then) = then {
            let then = self.inner(claim, then);
            let inner = self.cases_at(then, about, false, walk)?;
            met = self.product(about, &met, &inner)?;
        }
        let mut unmet = vec![Case::refusing(when)];
        if let Some(otherwise) = otherwise {
            let otherwise = self.inner(claim, otherwise);
            let inner = self.cases_at(otherwise, about, false, walk)?;
            unmet = self.product(about, &unmet, &inner)?;
        }
        met.extend(unmet);
        Some(met)
    }

    /// The name is there, so that the shape applies, or it is not.
    fn dependent_cases(
        &mut self,
        claim: Claim,
        name: &Arc<str>,
        part: ShapeId,
        walk: &mut Walk,
    ) -> Option<Vec<Case>> {
        if !walk.always.is_exceeded(self.shapes, part, About::Members) {
            return Some(vec![Case::default()]);
        }
        let part = self.inner(claim, part);
        let mut options = self.cases_at(part, About::Members, false, walk)?;
        for case in &mut options {
            case.items.push(present(name));
        }
        options.push(Case { items: vec![absent(name)], ..Case::default() });
        Some(options)
    }

    /// The branch holds, with all it evaluates, or it does not; no split where it evaluates nothing
    /// beside what is evaluated in any case.
    fn guarded(&mut self, branch: Claim, about: About, walk: &mut Walk) -> Option<Vec<Case>> {
        if !walk.always.is_exceeded(self.shapes, branch.shape, about) {
            return Some(vec![Case::default()]);
        }
        let mut options = self.held(branch, about, walk)?;
        options.push(Case::refusing(branch));
        Some(options)
    }

    fn held(&mut self, branch: Claim, about: About, walk: &mut Walk) -> Option<Vec<Case>> {
        let mut options = self.cases_at(branch, about, false, walk)?;
        for case in &mut options {
            case.items.push(holds(branch));
            case.held.push(branch);
        }
        Some(options)
    }

    /// One of the branches holds and no other does: where several do, or none, it is the shape itself
    /// that refuses, whatever is evaluated.
    fn one_of_them(
        &mut self,
        branches: &[Claim],
        about: About,
        walk: &mut Walk,
    ) -> Option<Vec<Case>> {
        let all: Arc<[Claim]> = branches.into();
        let (mut options, mut silent) = (Vec::new(), Case::default());
        let is_telling = |branch: &Claim| walk.always.is_exceeded(self.shapes, branch.shape, about);
        let telling: Vec<bool> = branches.iter().map(is_telling).collect();
        for (position, branch) in branches.iter().enumerate() {
            if telling.get(position) != Some(&true) {
                continue;
            }
            for mut case in self.held(*branch, about, walk)? {
                case.items.push(Item::OnlyOf(Arc::clone(&all), position));
                options.push(case);
            }
            silent.items.extend(Case::refusing(*branch).items);
        }
        if telling.contains(&false) {
            options.push(silent);
        }
        Some(options)
    }

    /// Every case of the one with every case of the other, as far as they can go together.
    fn product(&mut self, about: About, left: &[Case], right: &[Case]) -> Option<Vec<Case>> {
        let kind = match about {
            About::Members => Basic::Object,
            About::Elements => Basic::Array,
        };
        let mut both = Vec::new();
        for ours in left {
            for theirs in right {
                let mut pairs = ours
                    .held
                    .iter()
                    .flat_map(|one| theirs.held.iter().map(move |other| (kind, *one, *other)));
                if pairs.any(|(kind, one, other)| self.exclude_each_other(kind, one, other)) {
                    continue;
                }
                if both.len() >= CASES {
                    return None;
                }
                both.push(ours.and(theirs));
            }
        }
        self.budget.work(left.len().saturating_mul(right.len()));
        Some(both)
    }

    fn own_case(&mut self, claim: Claim, about: About, is_root: bool) -> Case {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        let mut case = Case::default();
        match about {
            About::Members => {
                let Some(object) = shape.object.get() else { return case };
                case.covered = covered_by(object);
                case.everything =
                    object.additional.is_some() || (object.unevaluated.is_some() && !is_root);
            }
            About::Elements => {
                let Some(array) = shape.array.get() else { return case };
                case.prefix = array.prefix.len();
                case.everything = array.rest.is_some() || (array.unevaluated.is_some() && !is_root);
                if let Some(contains) = array.contains.as_ref().filter(|it| it.evaluates) {
                    case.counted.push(self.child(claim, contains.shape));
                }
            }
        }
        case
    }
}

impl Case {
    fn refusing(branch: Claim) -> Self {
        let denied = Claim { source: branch.source.denied(), ..branch };
        Self { items: vec![Item::Lit(Lit::Refuses(denied))], ..Self::default() }
    }

    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.items.extend(other.items.iter().cloned());
        both.covered.join(&other.covered);
        both.everything |= other.everything;
        both.prefix = both.prefix.max(other.prefix);
        both.counted.extend(&other.counted);
        both.held.extend(&other.held);
        both
    }
}

fn gave_up() -> Split {
    Split::Any(vec![vec![Item::Unsure(exhausted("cases of what is evaluated"))]])
}

impl Search<'_> {
    /// The members that are evaluated whatever holds: by the shape itself, and by what it refers to or
    /// joins.
    pub(super) fn always_evaluated(&mut self, claim: Claim) -> Always {
        let mut always = Always::default();
        let shapes = self.shapes;
        let mut found = vec![claim];
        let mut next = 0;
        while let Some(part) = found.get(next).copied() {
            next += 1;
            let shape = shapes.get(part.shape);
            if let Some(object) = shape.object.get() {
                always.covered.join(&covered_by(object));
                let rest = object.unevaluated.filter(|_| part.shape != claim.shape);
                always.everything |= object.additional.is_some() || rest.is_some();
            }
            let reference = shape.reference.as_ref().map(|reference| reference.target);
            let all_of = shape.logic.get().map(|logic| logic.all_of.as_slice()).unwrap_or_default();
            for part in reference.into_iter().chain(all_of.iter().copied()) {
                let part = self.inner(claim, part);
                if !found.contains(&part) {
                    found.push(part);
                }
            }
        }
        always
    }
}

impl Always {
    /// Whether the shape can evaluate anything else in place.
    fn is_exceeded(&self, shapes: &Shapes, shape: ShapeId, about: About) -> bool {
        let mut parts = super::names::in_place(shapes, vec![shape]).into_iter();
        parts.any(|part| {
            let part = shapes.get(part);
            // What could not be read may evaluate anything.
            let is_unread = !self.everything && !part.unread.is_empty();
            is_unread
                || match about {
                    About::Members => part.object.get().is_some_and(|object| self.is_left(object)),
                    About::Elements => part.array.get().is_some_and(|array| {
                        !array.prefix.is_empty()
                            || array.rest.is_some()
                            || array.contains.is_some()
                            || array.unevaluated.is_some()
                    }),
                }
        })
    }

    /// Whether the facets evaluate anything else.
    pub(super) fn is_left(&self, object: &ObjectFacets) -> bool {
        let Covered { names, patterns } = &self.covered;
        !self.everything
            && (object.additional.is_some()
                || object.unevaluated.is_some()
                || object.properties.keys().any(|name| !names.contains(name))
                || object.patterns.iter().any(|(pattern, _)| !patterns.contains(&pattern.value)))
    }
}
