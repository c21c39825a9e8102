//! Whether a shape accepts a value, as a validator reads it; `None` where it cannot be told.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{ArrayFacets, Json, Kind, Kinds, ObjectFacets, Shape, ShapeId};

use super::engine::Search;
use super::goal::{Claim, Lit};
use super::scalar;

/// What successful shapes have evaluated of a value.
#[derive(Clone, Debug, Default)]
struct Evaluated {
    names: BTreeSet<Arc<str>>,
    positions: BTreeSet<usize>,
}

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
        all(lits, |lit| self.satisfies(*lit, value))
    }

    /// Whether the claim's shape accepts the value.
    pub(super) fn accepts(&mut self, claim: Claim, value: &Json) -> Option<bool> {
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
        if shape.boolean == Some(false) || !Self::fits_plainly(shape, value) {
            return Some(false);
        }
        let mut parts = vec![if shape.unread.is_empty() { Some(true) } else { None }];
        if let Json::String(text) = value {
            parts.push(self.fits_text(shape.text.get(), &self.formats_of(shape), text));
        }
        if let Json::Number(number) = value {
            let formats = self.formats_of(shape);
            parts.push(scalar::fits_number(shape.number.get(), &formats, number));
        }
        if parts.contains(&Some(false)) {
            return Some(false);
        }
        if let Some(reference) = &shape.reference {
            let inner = self.inner(claim, reference.target);
            parts.push(self.accepts(inner, value));
        }
        parts.push(self.fits_logic(claim, shape, value));
        match (value, shape.array.get(), shape.object.get()) {
            (Json::Array(elements), Some(array), _) => {
                parts.push(self.fits_array(claim, array, elements));
            }
            (Json::Object(members), _, Some(object)) => {
                parts.push(self.fits_object(claim, object, value, members));
            }
            _ => {}
        }
        if parts.contains(&Some(false)) {
            return Some(false);
        }
        parts.push(self.fits_unevaluated(claim, shape, value));
        all(parts, |part| part)
    }

    fn fits_plainly(shape: &Shape, value: &Json) -> bool {
        shape.kinds.as_ref().is_none_or(|kinds| fits_kinds(kinds.value, value))
            && shape.enumeration.as_ref().is_none_or(|list| list.value.contains(value))
            && shape.constant.as_ref().is_none_or(|constant| constant.value == *value)
    }

    fn fits_logic(&mut self, claim: Claim, shape: &Shape, value: &Json) -> Option<bool> {
        let Some(logic) = shape.logic.get() else { return Some(true) };
        let mut parts = vec![all(&logic.all_of, |part| {
            let part = self.inner(claim, *part);
            self.accepts(part, value)
        })];
        if let Some(any) = &logic.any_of {
            let none = all(&any.value, |part| {
                let part = self.inner(claim, *part);
                self.accepts(part, value).map(|accepts| !accepts)
            });
            parts.push(none.map(|none| !none));
        }
        if let Some(one) = &logic.one_of {
            let mut count = Some(0);
            for part in &one.value {
                let part = self.inner(claim, *part);
                let accepts = self.accepts(part, value);
                count = count.zip(accepts).map(|(count, accepts)| count + usize::from(accepts));
            }
            parts.push(count.map(|count| count == 1));
        }
        if let Some(not) = &logic.not {
            let not = self.inner(claim, not.value);
            parts.push(self.accepts(not, value).map(|accepts| !accepts));
        }
        if let Some(condition) = &logic.condition {
            let condition = &condition.value;
            let when = self.inner(claim, condition.when);
            let next = match self.accepts(when, value) {
                Some(true) => condition.then,
                Some(false) => condition.otherwise,
                None => {
                    parts.push(None);
                    None
                }
            };
            if let Some(next) = next {
                let next = self.inner(claim, next);
                parts.push(self.accepts(next, value));
            }
        }
        all(parts, |part| part)
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
        let is_lacking = object.required.keys().any(|name| !has(name))
            || object.dependent_required.iter().any(|(name, needed)| {
                members.contains_key(name) && needed.value.iter().any(|name| !has(name))
            });
        let is_too_small = object.min_properties.as_ref().is_some_and(|least| count < least.value);
        let is_too_big = object.max_properties.as_ref().is_some_and(|most| count > most.value);
        if is_lacking || is_too_small || is_too_big {
            return Some(false);
        }
        let mut parts = Vec::new();
        for (name, member) in members.iter().filter(|(name, _)| is_heard(name)) {
            let (apply, sure) = self.member_shapes(object, name);
            parts.push(if sure { Some(true) } else { None });
            for shape in apply {
                let shape = self.child(claim, shape);
                parts.push(self.accepts(shape, member));
            }
            if let Some(names) = object.names {
                let names = self.child(claim, names);
                parts.push(self.accepts(names, &Json::String(Arc::clone(name))));
            }
            if let Some(shape) = object.dependent_shapes.get(name) {
                let shape = self.inner(claim, shape.value);
                parts.push(self.accepts(shape, value));
            }
        }
        all(parts, |part| part)
    }

    fn fits_unevaluated(&mut self, claim: Claim, shape: &Shape, value: &Json) -> Option<bool> {
        match value {
            Json::Array(elements) => {
                let rest = shape.array.get().and_then(|array| array.unevaluated);
                let Some(rest) = rest else { return Some(true) };
                let rest = self.child(claim, rest);
                let seen = self.evaluated(claim, value)?;
                all(elements.iter().enumerate(), |(position, element)| {
                    if seen.positions.contains(&position) {
                        Some(true)
                    } else {
                        self.accepts(rest, element)
                    }
                })
            }
            Json::Object(members) => {
                let rest = shape.object.get().and_then(|object| object.unevaluated);
                let Some(rest) = rest else { return Some(true) };
                let rest = self.child(claim, rest);
                let ignored = self.ignored(claim);
                let seen = self.evaluated(claim, value)?;
                all(members.iter(), |(name, member)| {
                    if seen.names.contains(name) || ignored.contains(name) {
                        Some(true)
                    } else {
                        self.accepts(rest, member)
                    }
                })
            }
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => Some(true),
        }
    }

    /// What the claim's shape, which accepts the value but for its own `unevaluated`, evaluates.
    fn evaluated(&mut self, claim: Claim, value: &Json) -> Option<Evaluated> {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        let mut seen = Evaluated::default();
        self.evaluated_here(claim, shape, value, &mut seen)?;
        let mut parts: Vec<ShapeId> =
            shape.reference.iter().map(|reference| reference.target).collect();
        if let Some(logic) = shape.logic.get() {
            parts.extend(&logic.all_of);
            parts.extend(logic.any_of.iter().flat_map(|any| &any.value));
            parts.extend(logic.one_of.iter().flat_map(|one| &one.value));
            if let Some(condition) = &logic.condition {
                let when = self.inner(claim, condition.value.when);
                if self.accepts(when, value)? {
                    parts.push(condition.value.when);
                    parts.extend(condition.value.then);
                } else {
                    parts.extend(condition.value.otherwise);
                }
            }
        }
        if let (Some(object), Json::Object(members)) = (shape.object.get(), value) {
            let triggered = object.dependent_shapes.iter();
            parts.extend(
                triggered
                    .filter(|(name, _)| members.contains_key(*name))
                    .map(|(_, part)| part.value),
            );
        }
        for part in parts {
            let part = self.inner(claim, part);
            if self.accepts(part, value)? {
                let inner = self.evaluated_at_depth(part, value)?;
                seen.names.extend(inner.names);
                seen.positions.extend(inner.positions);
            }
        }
        Some(seen)
    }

    fn evaluated_at_depth(&mut self, part: Claim, value: &Json) -> Option<Evaluated> {
        self.budget.descend().ok()?;
        let mut seen = self.evaluated(part, value);
        self.budget.ascend();
        let shape = self.shapes.get(part.shape);
        if let (Some(seen), Json::Array(elements)) = (&mut seen, value)
            && shape.array.get().is_some_and(|array| array.unevaluated.is_some())
        {
            seen.positions.extend(0..elements.len());
        }
        if let (Some(seen), Json::Object(members)) = (&mut seen, value)
            && shape.object.get().is_some_and(|object| object.unevaluated.is_some())
        {
            seen.names.extend(members.keys().cloned());
        }
        seen
    }

    fn evaluated_here(
        &mut self,
        claim: Claim,
        shape: &Shape,
        value: &Json,
        seen: &mut Evaluated,
    ) -> Option<()> {
        if let (Json::Array(elements), Some(array)) = (value, shape.array.get()) {
            let upto = if array.rest.is_some() { elements.len() } else { array.prefix.len() };
            seen.positions.extend(0..upto.min(elements.len()));
            if let Some(contains) = array.contains.as_ref().filter(|contains| contains.evaluates) {
                let counted = self.child(claim, contains.shape);
                for (position, element) in elements.iter().enumerate() {
                    if self.accepts(counted, element)? {
                        seen.positions.insert(position);
                    }
                }
            }
        }
        if let (Json::Object(members), Some(object)) = (value, shape.object.get()) {
            for name in members.keys() {
                let (apply, sure) = self.member_shapes(object, name);
                if !sure {
                    return None;
                }
                if !apply.is_empty() {
                    seen.names.insert(Arc::clone(name));
                }
            }
        }
        Some(())
    }
}

/// The shapes of one schema object that apply to a member, and whether all patterns could be read.
impl Search<'_> {
    fn member_shapes(&self, object: &ObjectFacets, name: &str) -> (Vec<ShapeId>, bool) {
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
