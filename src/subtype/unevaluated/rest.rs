//! What shapes evaluate of a value, for the keywords that speak of the rest.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Json, Shape, ShapeId};
use crate::subtype::engine::Search;
use crate::subtype::evaluate::all;
use crate::subtype::goal::Claim;

/// What successful shapes have evaluated of a value.
#[derive(Clone, Debug, Default)]
struct Evaluated {
    names: BTreeSet<Arc<str>>,
    positions: BTreeSet<usize>,
}

impl Search<'_> {
    /// Whether what no part of the shape evaluates fits what it says of the rest.
    pub(in crate::subtype) fn fits_unevaluated(
        &mut self,
        claim: Claim,
        shape: &Shape,
        value: &Json,
    ) -> Option<bool> {
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
