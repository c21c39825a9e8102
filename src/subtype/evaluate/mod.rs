//! Whether a shape accepts a value, as a validator reads it; `None` where it cannot be told.

mod asked;
pub(in crate::subtype) mod evaluations;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{ArrayFacets, Json, Kind, Kinds, ObjectFacets, Shape, ShapeId};

use super::engine::Search;
use super::goal::{Claim, Lit};
use super::instance::scalar;
use evaluations::address;

/// Whether all are true, by Kleene's logic.
pub(super) fn all<T>(
    items: impl IntoIterator<Item = T>,
    mut test: impl FnMut(T) -> Option<bool>,
) -> Option<bool> {
    let mut known = Some(true);
    for item in items {
        match test(item) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

/// Kleene's conjunction with what is yet to be asked: a refusal needs no more.
fn and(known: Option<bool>, next: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match known {
        Some(false) => Some(false),
        Some(true) => next(),
        None => next().filter(|accepts| !accepts),
    }
}

/// Up to how many listed values are compared one by one.
const SEARCHED: usize = 16;

impl Search<'_> {
    /// Whether the value satisfies the literal.
    pub(super) fn satisfies(&mut self, lit: Lit, value: &Json) -> Option<bool> {
        match lit {
            Lit::Holds(claim) => self.accepts(claim, value),
            Lit::Refuses(claim) => self.accepts(claim, value).map(|accepts| !accepts),
            Lit::Differs(other) => Some(*self.tables.values.get(other) != *value),
            Lit::Either(key) => {
                let options = self.tables.lists.get(key);
                let none = all(options.iter(), |lit| self.satisfies(*lit, value).map(|is| !is));
                none.map(|none| !none)
            }
            Lit::Unsure(_) => None,
        }
    }

    /// Whether the value satisfies all literals.
    pub(super) fn satisfies_all(&mut self, lits: &[Lit], value: &Json) -> Option<bool> {
        self.evaluations.enter();
        let answer = all(lits, |lit| self.satisfies(*lit, value));
        self.evaluations.leave();
        answer
    }

    /// Whether the claim's shape accepts the value.
    pub(super) fn accepts(&mut self, claim: Claim, value: &Json) -> Option<bool> {
        let Some(address) = address(value) else { return self.accepts_afresh(claim, value) };
        if self.evaluations.is_refused_again(&(claim.saying(), self.marks), value) {
            return Some(false);
        }
        self.evaluations.enter();
        let part = (claim.saying(), self.marks, address);
        let known = self.evaluations.known(&part);
        let verdict = known.or_else(|| self.accepts_afresh(claim, value));
        if let Some(verdict) = verdict {
            self.evaluations.learn(part, verdict);
        }
        self.evaluations.leave();
        verdict
    }

    fn accepts_afresh(&mut self, claim: Claim, value: &Json) -> Option<bool> {
        if self.budget.take_evaluation().is_err() || self.budget.descend().is_err() {
            return None;
        }
        let verdict = self.accepts_in_full(claim, value);
        self.budget.ascend();
        verdict
    }

    fn accepts_in_full(&mut self, claim: Claim, value: &Json) -> Option<bool> {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        if shape.boolean == Some(false) || !self.fits_plainly(claim.shape, shape, value) {
            return Some(false);
        }
        let known = if shape.unread.is_empty() { Some(true) } else { None };
        let known = and(known, || self.fits_structure(claim, shape, value));
        let known = and(known, || match &shape.reference {
            Some(reference) => {
                let inner = self.inner(claim, reference.target);
                self.accepts(inner, value)
            }
            None => Some(true),
        });
        let known = and(known, || self.fits_logic(claim, shape, value));
        and(known, || self.fits_unevaluated(claim, shape, value))
    }

    /// Whether the value is among those that the shape lists.
    fn is_listed(&mut self, id: ShapeId, list: &[Json], value: &Json) -> bool {
        if list.len() <= SEARCHED {
            return list.contains(value);
        }
        let known = self.tables.listed.entry(id);
        known.or_insert_with(|| list.iter().cloned().collect()).contains(value)
    }

    /// Whether the value fits what the shape says of values of its type.
    fn fits_structure(&mut self, claim: Claim, shape: &Shape, value: &Json) -> Option<bool> {
        match value {
            Json::Null | Json::Boolean(_) => Some(true),
            Json::Number(number) => {
                scalar::fits_number(shape.number.get(), &self.formats_of(shape), number)
            }
            Json::String(text) => self.fits_text(shape.text.get(), &self.formats_of(shape), text),
            Json::Array(elements) => shape
                .array
                .get()
                .map_or(Some(true), |array| self.fits_array(claim, array, elements)),
            Json::Object(members) => shape
                .object
                .get()
                .map_or(Some(true), |object| self.fits_object(claim, object, value, members)),
        }
    }

    fn fits_plainly(&mut self, id: ShapeId, shape: &Shape, value: &Json) -> bool {
        shape.kinds.as_ref().is_none_or(|kinds| fits_kinds(kinds.value, value))
            && shape.enumeration.as_ref().is_none_or(|list| self.is_listed(id, &list.value, value))
            && shape.constant.as_ref().is_none_or(|constant| constant.value == *value)
    }

    fn fits_logic(&mut self, claim: Claim, shape: &Shape, value: &Json) -> Option<bool> {
        let Some(logic) = shape.logic.get() else { return Some(true) };
        let accepted = |search: &mut Self, part: ShapeId| {
            let part = search.inner(claim, part);
            search.accepts(part, value)
        };
        let known = all(&logic.all_of, |part| accepted(self, *part));
        let known = and(known, || {
            let Some(any) = &logic.any_of else { return Some(true) };
            let none = all(&any.value, |part| accepted(self, *part).map(|accepts| !accepts));
            none.map(|none| !none)
        });
        let known = and(known, || {
            logic.one_of.as_ref().map_or(Some(true), |one| self.fits_one(claim, &one.value, value))
        });
        let known = and(known, || {
            let Some(not) = &logic.not else { return Some(true) };
            accepted(self, not.value).map(|accepts| !accepts)
        });
        and(known, || {
            let Some(condition) = &logic.condition else { return Some(true) };
            let condition = &condition.value;
            let next =
                if accepted(self, condition.when)? { condition.then } else { condition.otherwise };
            next.map_or(Some(true), |next| accepted(self, next))
        })
    }

    /// Whether exactly one of the shapes accepts.
    fn fits_one(&mut self, claim: Claim, branches: &[ShapeId], value: &Json) -> Option<bool> {
        let (mut count, mut sure) = (0, true);
        for part in branches {
            let part = self.inner(claim, *part);
            match self.accepts(part, value) {
                Some(accepts) => count += usize::from(accepts),
                None => sure = false,
            }
            if count > 1 {
                return Some(false);
            }
        }
        sure.then_some(count == 1)
    }

    fn fits_array(&mut self, claim: Claim, array: &ArrayFacets, elements: &[Json]) -> Option<bool> {
        let count = u64::try_from(elements.len()).unwrap_or(u64::MAX);
        let is_too_short = array.min_items.as_ref().is_some_and(|least| count < least.value);
        let is_too_long = array.max_items.as_ref().is_some_and(|most| count > most.value);
        let is_repeated = array.unique.as_ref().is_some_and(|unique| unique.value)
            && elements.iter().collect::<BTreeSet<_>>().len() < elements.len();
        if is_too_short || is_too_long || is_repeated {
            return Some(false);
        }
        let mut verdict = all(elements.iter().enumerate(), |(position, element)| {
            let shape = array.prefix.get(position).copied().or(array.rest);
            shape.map_or(Some(true), |shape| {
                let shape = self.child(claim, shape);
                self.accepts(shape, element)
            })
        });
        if let Some(contains) = &array.contains {
            let shape = self.child(claim, contains.shape);
            let mut found = Some(0_u64);
            for element in elements {
                let accepts = self.accepts(shape, element);
                found = found.zip(accepts).map(|(found, accepts)| found + u64::from(accepts));
            }
            let least = contains.minimum.as_ref().map_or(1, |least| least.value);
            let most = contains.maximum.as_ref().map_or(u64::MAX, |most| most.value);
            verdict =
                all([verdict, found.map(|found| (least..=most).contains(&found))], |part| part);
        }
        verdict
    }

    fn fits_object(
        &mut self,
        claim: Claim,
        object: &ObjectFacets,
        value: &Json,
        members: &std::collections::BTreeMap<Arc<str>, Json>,
    ) -> Option<bool> {
        let ignored = self.ignored(claim);
        let is_heard = |name: &Arc<str>| !ignored.contains(name);
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let has = |name: &Arc<str>| !is_heard(name) || members.contains_key(name);
        let judge = (claim.saying(), self.marks);
        if let Some(name) = object.required.keys().find(|name| !has(name)) {
            self.evaluations.tell(judge, name, None);
            return Some(false);
        }
        let is_lacking = object.dependent_required.iter().any(|(name, needed)| {
            members.contains_key(name) && needed.value.iter().any(|name| !has(name))
        });
        let is_too_small = object.min_properties.as_ref().is_some_and(|least| count < least.value);
        let is_too_big = object.max_properties.as_ref().is_some_and(|most| count > most.value);
        if is_lacking || is_too_small || is_too_big {
            return Some(false);
        }
        // Most schemas say nothing of members that they do not name.
        let is_of_named_only = object.patterns.is_empty()
            && object.additional.is_none()
            && object.names.is_none()
            && object.dependent_shapes.is_empty();
        let concerned: Vec<_> = if is_of_named_only && object.properties.len() < members.len() {
            object.properties.keys().filter_map(|name| members.get_key_value(name)).collect()
        } else {
            members.iter().collect()
        };
        self.budget.work(concerned.len());
        // Tags are scalars, and tell most branches apart before anything is gone into.
        let heard = || concerned.iter().copied().filter(|(name, _)| is_heard(name));
        let (plain, nested) = (
            heard().filter(|(_, member)| address(member).is_none()),
            heard().filter(|(_, member)| address(member).is_some()),
        );
        all(plain.chain(nested), |(name, member)| {
            let known = self.fits_member(claim, object, name, member);
            if known == Some(false) {
                self.evaluations.tell(judge, name, Some(member));
            }
            let known = and(known, || {
                let Some(names) = object.names else { return Some(true) };
                let names = self.child(claim, names);
                self.accepts(names, &Json::String(Arc::clone(name)))
            });
            and(known, || {
                let Some(shape) = object.dependent_shapes.get(name) else { return Some(true) };
                let shape = self.inner(claim, shape.value);
                self.accepts(shape, value)
            })
        })
    }

    /// Whether a member fits the shapes that one schema object applies to it.
    fn fits_member(
        &mut self,
        claim: Claim,
        object: &ObjectFacets,
        name: &Arc<str>,
        member: &Json,
    ) -> Option<bool> {
        let (apply, sure) = self.member_shapes(object, name);
        let known = if sure { Some(true) } else { None };
        and(known, || {
            all(apply, |shape| {
                if self.is_anything(shape) {
                    return Some(true);
                }
                let shape = self.child(claim, shape);
                self.accepts(shape, member)
            })
        })
    }
}

/// The shapes of one schema object that apply to a member, and whether all patterns could be read.
impl Search<'_> {
    pub(super) fn member_shapes(&self, object: &ObjectFacets, name: &str) -> (Vec<ShapeId>, bool) {
        let mut apply: Vec<_> =
            object.properties.get(name).map(|member| member.value).into_iter().collect();
        let mut sure = true;
        for (pattern, shape) in &object.patterns {
            match self.is_match(&pattern.value, name) {
                Some(true) => apply.push(*shape),
                Some(false) => {}
                None => sure = false,
            }
        }
        if apply.is_empty() {
            apply.extend(object.additional);
        }
        (apply, sure)
    }
}

fn fits_kinds(kinds: Kinds, value: &Json) -> bool {
    match value {
        Json::Number(number) => {
            kinds.has(Kind::Number)
                || kinds.has(Kind::Integer) && number.is_integer()
                || kinds.has(Kind::IntegerLiteral) && scalar::is_literal(number)
        }
        Json::Null | Json::Boolean(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            kinds.has(value.kind())
        }
    }
}
