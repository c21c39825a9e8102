//! Whether a writer may send a given value: the assumptions, evaluated.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Json;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Key, Source};
use crate::subtype::term::{Basic, Term};

/// What the shapes that hold in one choice of branches say of types.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning {
    /// Whether one of them states types or values.
    is_stated: bool,
    /// The types that their assertions are about.
    about: BTreeSet<Basic>,
}

impl Search<'_> {
    /// Whether the writer may send this value, which its schema accepts, under the assumptions.
    ///
    /// Errs towards `false` where it cannot tell.
    pub(in crate::subtype) fn sends(&mut self, claims: &[Claim], place: Key, value: &Json) -> bool {
        self.evaluations.enter();
        let sends = self.sends_all_of_it(claims, place, value);
        self.evaluations.leave();
        sends
    }

    fn sends_all_of_it(&mut self, claims: &[Claim], place: Key, value: &Json) -> bool {
        if self.assumes(place) && !self.may_be_meant(claims, value) {
            return false;
        }
        let mut term = Term::new(Basic::of(value));
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => return true,
            Json::Array(_) | Json::Object(_) => term.holding = self.holding_for(claims, value),
        }
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => true,
            Json::Array(elements) => elements.iter().enumerate().all(|(position, element)| {
                let claims = self.element_claims(&term.holding, position);
                let place = self.element_place(place, position);
                self.sends(&claims, place, element)
            }),
            Json::Object(members) => members.iter().all(|(name, member)| {
                if !self.may_send(place, &term, name) {
                    return false;
                }
                let claims = self.member_claims(&term.holding, name);
                let place = self.member_place(place, name);
                self.sends(&claims, place, member)
            }),
        }
    }

    /// The writer's shapes, in any branch, that accept the value in place.
    pub(in crate::subtype) fn holding_for(&mut self, claims: &[Claim], value: &Json) -> Vec<Claim> {
        let mut found = claims.to_vec();
        let mut next = 0;
        while let Some(claim) = found.get(next).copied() {
            next += 1;
            for part in self.branches(claim, value) {
                if !found.contains(&part) && self.accepts(part, value) == Some(true) {
                    found.push(part);
                }
            }
        }
        found
    }

    /// The shapes that the claim's shape applies to the value in place, or may apply.
    fn branches(&mut self, claim: Claim, value: &Json) -> Vec<Claim> {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        let mut parts: Vec<_> = shape.reference.iter().map(|reference| reference.target).collect();
        if let Some(logic) = shape.logic.get() {
            parts.extend(&logic.all_of);
            parts.extend(logic.any_of.iter().flat_map(|any| &any.value));
            parts.extend(logic.one_of.iter().flat_map(|one| &one.value));
            if let Some(condition) = &logic.condition {
                let condition = &condition.value;
                let when = self.inner(claim, condition.when);
                parts.push(condition.when);
                parts.extend(match self.accepts(when, value) {
                    Some(true) => condition.then,
                    Some(false) | None => condition.otherwise,
                });
            }
        }
        if let (Some(object), Json::Object(members)) = (shape.object.get(), value) {
            let ignored = self.ignored(claim);
            let is_there = |name: &Arc<str>| members.contains_key(name) && !ignored.contains(name);
            let dependent = object.dependent_shapes.iter().filter(|(name, _)| is_there(name));
            parts.extend(dependent.map(|(_, part)| part.value));
        }
        parts.into_iter().map(|part| self.inner(claim, part)).collect()
    }

    /// What the shapes that hold say of a member.
    pub(in crate::subtype) fn member_claims(
        &mut self,
        holding: &[Claim],
        name: &str,
    ) -> Vec<Claim> {
        let mut claims = Vec::new();
        for claim in holding {
            let shapes = self.shapes;
            let Some(object) = shapes.get(claim.shape).object.get() else { continue };
            let mut covered = false;
            let mut apply = Vec::new();
            if let Some(member) = object.properties.get(name) {
                covered = true;
                apply.push(member.value);
            }
            for (pattern, member) in &object.patterns {
                if self.is_match(&pattern.value, name) != Some(false) {
                    covered = true;
                    apply.push(*member);
                }
            }
            apply.extend(object.additional.filter(|_| !covered));
            // What is evaluated here is none of its business.
            covered |= object.additional.is_some();
            apply.extend(object.unevaluated.filter(|_| !covered));
            claims.extend(apply.into_iter().map(|shape| self.child(*claim, shape)));
        }
        claims
    }

    pub(in crate::subtype) fn element_claims(
        &mut self,
        holding: &[Claim],
        position: usize,
    ) -> Vec<Claim> {
        let mut claims = Vec::new();
        for claim in holding {
            let shapes = self.shapes;
            let Some(array) = shapes.get(claim.shape).array.get() else { continue };
            let shape = array.prefix.get(position).copied().or(array.rest);
            let shapes = shape.or(array.unevaluated).into_iter();
            claims.extend(shapes.map(|shape| self.child(*claim, shape)));
        }
        claims
    }

    /// Whether some choice of branches that accept the value leaves its type meant.
    pub(in crate::subtype) fn may_be_meant(&mut self, claims: &[Claim], value: &Json) -> bool {
        // Mostly the type is stated in every branch.
        let is_stated = |search: &mut Self, claim: &Claim| {
            claim.source == Source::Writer && search.profile(claim.shape).is_stated
        };
        if claims.iter().any(|claim| is_stated(self, claim)) {
            return true;
        }
        let mut meanings = BTreeSet::from([Meaning::default()]);
        for claim in claims {
            let inner = self.meanings(*claim, value);
            meanings = joined(&meanings, &inner);
        }
        let kind = Basic::of(value);
        meanings.iter().any(|meaning| {
            meaning.is_stated || meaning.about.len() != 1 || meaning.about.contains(&kind)
        })
    }

    fn meanings(&mut self, claim: Claim, value: &Json) -> BTreeSet<Meaning> {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        let mut own = Meaning::default();
        if claim.source == Source::Writer {
            own.is_stated =
                shape.kinds.is_some() || shape.enumeration.is_some() || shape.constant.is_some();
            own.about.extend(self.types_spoken_of(shape));
        }
        let mut meanings = BTreeSet::from([own]);
        if self.budget.descend().is_err() {
            return meanings;
        }
        let mut always: Vec<_> = shape.reference.iter().map(|to| to.target).collect();
        if let Some(logic) = shape.logic.get() {
            always.extend(&logic.all_of);
            if let Some(condition) = &logic.condition {
                let when = self.inner(claim, condition.value.when);
                always.extend(match self.accepts(when, value) {
                    Some(true) => condition.value.then,
                    Some(false) | None => condition.value.otherwise,
                });
            }
            for branches in logic.any_of.iter().chain(&logic.one_of) {
                if meanings.iter().all(|meaning| meaning.is_stated) {
                    break;
                }
                let mut options = BTreeSet::new();
                for branch in &branches.value {
                    let branch = self.inner(claim, *branch);
                    if self.accepts(branch, value) == Some(true) {
                        options.extend(self.meanings(branch, value));
                    }
                }
                meanings = joined(&meanings, &options);
            }
        }
        for part in always {
            let part = self.inner(claim, part);
            let inner = self.meanings(part, value);
            meanings = joined(&meanings, &inner);
        }
        self.budget.ascend();
        meanings
    }
}

/// Each of the one with each of the other.
fn joined(left: &BTreeSet<Meaning>, right: &BTreeSet<Meaning>) -> BTreeSet<Meaning> {
    let both = |ours: &Meaning, theirs: &Meaning| Meaning {
        is_stated: ours.is_stated || theirs.is_stated,
        about: ours.about.union(&theirs.about).copied().collect(),
    };
    left.iter().flat_map(|ours| right.iter().map(move |theirs| both(ours, theirs))).collect()
}
