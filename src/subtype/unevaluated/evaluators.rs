//! `unevaluatedProperties` name by name.
//!
//! Where what holds only at times evaluates nothing but members with given names, it is enough to ask
//! of each such name whether something that evaluates it holds. To tell apart every way in which all
//! applicators of a place can turn out doubles with each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{LogicFacets, ShapeId};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Lit};
use crate::subtype::term::{Item, Names, ObjectLeaf, Split};
use crate::subtype::unfold::{absent, covered_by, holds, present};

use super::Always;

/// From how many members on that are evaluated at times they are looked at name by name.
const MANY: usize = 4;
/// From how many parts on that evaluate some at times: cases double with each.
const MANY_PARTS: usize = 7;

/// On what a member is evaluated.
#[derive(Clone)]
enum Given {
    Holding(Claim),
    Refusing(Claim),
    Having(Arc<str>),
}

/// What evaluates the members of a place.
#[derive(Default)]
struct Evaluators {
    /// What is evaluated whatever the value is.
    always: Always,
    /// How many parts evaluate anything else, at times and independently of each other.
    guards: usize,
    /// By name: each conjunction on which the member is evaluated.
    at_times: BTreeMap<Arc<str>, Vec<Vec<Given>>>,
    visited: BTreeSet<ShapeId>,
}

impl Search<'_> {
    /// What `unevaluatedProperties` says of members, or leaves if it is denied; `None` where that is
    /// better told by cases.
    pub(in crate::subtype) fn unevaluated_by_name(
        &mut self,
        claim: Claim,
        child: Claim,
        is_held: bool,
    ) -> Option<Split> {
        let always = self.always_evaluated(claim);
        let mut found = Evaluators { always, ..Evaluators::default() };
        self.find_evaluators(claim, true, &[], &mut found)?;
        let Evaluators { always, mut at_times, guards, visited: _ } = found;
        let mut always = always.covered;
        always.names.extend(self.ignored(claim).iter().cloned());
        at_times.retain(|name, _| !always.names.contains(name));
        let is_simple = at_times.len() < MANY && guards < MANY_PARTS || !always.patterns.is_empty();
        if is_simple && !at_times.is_empty() {
            return None;
        }
        self.budget.work(at_times.len());
        let mut anything = always;
        anything.names.extend(at_times.keys().cloned());
        let beyond = Names::Outside(Arc::new(anything));
        Some(if is_held {
            let mut items = vec![Item::Object(ObjectLeaf::Members(beyond, Lit::Holds(child)))];
            items.extend(at_times.into_iter().map(|(name, ways)| {
                let is_out = self.shapes.get(child.shape).boolean == Some(false);
                let member = ObjectLeaf::Member(Arc::clone(&name), Lit::Holds(child));
                let plain = if is_out { absent(&name) } else { Item::Object(member) };
                let ways = ways.iter().map(|way| way.iter().map(Given::met).collect());
                let cases = std::iter::once(vec![plain]).chain(ways);
                Item::Split(Split::Any(cases.collect()))
            }));
            Split::Any(vec![items])
        } else {
            let refused = Lit::Refuses(child);
            let beyond = vec![Item::Object(ObjectLeaf::Some(beyond, vec![refused]))];
            let by_name = at_times.into_iter().map(|(name, ways)| {
                let member = Item::Object(ObjectLeaf::Member(Arc::clone(&name), refused));
                let mut items = vec![present(&name), member];
                items.extend(ways.iter().map(|way| unmet(way)));
                items
            });
            Split::Any(std::iter::once(beyond).chain(by_name).collect())
        })
    }

    /// What evaluates members at the shape and in whatever applies in place there, given all this;
    /// `None` where something that holds at times evaluates more than given names, or cannot be read.
    fn find_evaluators(
        &mut self,
        claim: Claim,
        is_root: bool,
        given: &[Given],
        found: &mut Evaluators,
    ) -> Option<()> {
        self.budget.work(1);
        self.budget.check_work().ok()?;
        if !found.visited.insert(claim.shape) {
            return Some(());
        }
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        if !shape.unread.is_empty() {
            return None;
        }
        if let Some(object) = shape.object.get() {
            let rest = object.unevaluated.filter(|_| !is_root);
            if object.additional.is_some() || rest.is_some() {
                return None;
            }
            let covered = covered_by(object);
            if given.is_empty() {
                found.always.covered.join(&covered);
            } else if found.always.is_left(object) {
                if !covered.patterns.is_empty() {
                    return None;
                }
                found.guards += 1;
                for name in covered.names {
                    found.at_times.entry(name).or_default().push(given.to_vec());
                }
            }
            for (name, part) in &object.dependent_shapes {
                let part = self.inner(claim, part.value);
                self.find_evaluators(
                    part,
                    false,
                    &and(given, Given::Having(Arc::clone(name))),
                    found,
                )?;
            }
        }
        for to in shape.reference.iter().map(|to| to.target) {
            let part = self.inner(claim, to);
            self.find_evaluators(part, false, given, found)?;
        }
        if let Some(logic) = shape.logic.get() {
            self.find_combined(claim, logic, given, found)?;
        }
        found.visited.remove(&claim.shape);
        Some(())
    }

    /// The same in what is combined in place.
    fn find_combined(
        &mut self,
        claim: Claim,
        logic: &LogicFacets,
        given: &[Given],
        found: &mut Evaluators,
    ) -> Option<()> {
        for part in &logic.all_of {
            let part = self.inner(claim, *part);
            self.find_evaluators(part, false, given, found)?;
        }
        for part in logic.any_of.iter().flat_map(|group| &group.value) {
            let part = self.inner(claim, *part);
            self.find_evaluators(part, false, &and(given, Given::Holding(part)), found)?;
        }
        let others = found.guards;
        for part in logic.one_of.iter().flat_map(|group| &group.value) {
            let part = self.inner(claim, *part);
            self.find_evaluators(part, false, &and(given, Given::Holding(part)), found)?;
        }
        // Of these one alone holds: they do not double.
        found.guards = found.guards.min(others + 1);
        if let Some(condition) = &logic.condition {
            let condition = &condition.value;
            let test = self.inner(claim, condition.when);
            let met = and(given, Given::Holding(test));
            let unmet = and(given, Given::Refusing(test));
            self.find_evaluators(test, false, &met, found)?;
            for (part, given) in [(condition.then, met), (condition.otherwise, unmet)] {
                let Some(part) = part else { continue };
                let part = self.inner(claim, part);
                self.find_evaluators(part, false, &given, found)?;
            }
        }
        Some(())
    }
}

fn and(given: &[Given], more: Given) -> Vec<Given> {
    given.iter().cloned().chain([more]).collect()
}

/// That not all of these are so.
fn unmet(given: &[Given]) -> Item {
    match given {
        [only] => only.unmet(),
        several => Item::Split(Split::Any(several.iter().map(|it| vec![it.unmet()]).collect())),
    }
}

impl Given {
    fn met(&self) -> Item {
        match self {
            Self::Holding(claim) => holds(*claim),
            Self::Refusing(claim) => refuses(*claim),
            Self::Having(name) => present(name),
        }
    }

    fn unmet(&self) -> Item {
        match self {
            Self::Holding(claim) => refuses(*claim),
            Self::Refusing(claim) => holds(*claim),
            Self::Having(name) => absent(name),
        }
    }
}

fn refuses(claim: Claim) -> Item {
    Item::Lit(Lit::Refuses(Claim { source: claim.source.denied(), ..claim }))
}
