//! What a value may have to spare: everything but what shapes that hold in any case demand. Told from
//! what is stated, without a search and without evaluating anything.

use std::sync::Arc;

use crate::model::{Json, Piece, ShapeId};

use super::engine::Search;
use super::goal::Claim;
use super::term::Basic;

impl Search<'_> {
    /// Adds the ways to the members and elements that none of the claims demands, outermost first.
    pub(super) fn spare(
        &mut self,
        claims: Vec<Claim>,
        value: &Json,
        way: &mut Vec<Piece>,
        ways: &mut Vec<Vec<Piece>>,
    ) {
        if !has_parts(value) {
            return;
        }
        let holding = self.holding_in_any_case(claims, Basic::of(value));
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                let parts =
                    elements.iter().enumerate().map(|(at, each)| (Piece::Element(at), each));
                if !self.demands_length(&holding, elements.len()) {
                    add(way, parts.clone().map(|(part, _)| part), ways);
                }
                for (at, (part, each)) in parts.enumerate().filter(|(_, (_, each))| has_parts(each))
                {
                    let inner = self.claims_of_element(&holding, at);
                    self.spare_inside(inner, (part, each), way, ways);
                }
            }
            Json::Object(members) => {
                let free: Vec<&Arc<str>> =
                    members.keys().filter(|name| !self.demands_member(&holding, name)).collect();
                add(way, free.into_iter().map(|name| Piece::Member(Arc::clone(name))), ways);
                for (name, each) in members.iter().filter(|(_, each)| has_parts(each)) {
                    let inner = self.claims_of_member(&holding, name);
                    self.spare_inside(inner, (Piece::Member(Arc::clone(name)), each), way, ways);
                }
            }
        }
    }

    fn spare_inside(
        &mut self,
        claims: Vec<Claim>,
        (part, each): (Piece, &Json),
        way: &mut Vec<Piece>,
        ways: &mut Vec<Vec<Piece>>,
    ) {
        way.push(part);
        self.spare(claims, each, way, ways);
        way.pop();
    }

    /// The shapes that hold of values of the type wherever the claims do: references and conjunctions
    /// followed, and of alternatives the only one for the type.
    pub(super) fn holding_in_any_case(&mut self, claims: Vec<Claim>, kind: Basic) -> Vec<Claim> {
        let shapes = self.shapes;
        let mut found = claims;
        let mut next = 0;
        while let Some(claim) = found.get(next).copied() {
            next += 1;
            let shape = shapes.get(claim.shape);
            let mut parts: Vec<_> = shape.reference.iter().map(|it| it.target).collect();
            if let Some(logic) = shape.logic.get() {
                parts.extend(&logic.all_of);
                for alternatives in logic.any_of.iter().chain(&logic.one_of) {
                    if let [only] = self.typed(&alternatives.value, kind).as_slice() {
                        parts.push(*only);
                    }
                }
            }
            for part in parts {
                let part = self.inner(claim, part);
                if !found.contains(&part) {
                    found.push(part);
                }
            }
        }
        found
    }

    /// The alternatives that admit values of the type, as far as it shows at once.
    pub(super) fn typed(&mut self, alternatives: &[ShapeId], kind: Basic) -> Vec<ShapeId> {
        let admits = |shape: &ShapeId| {
            let profile = self.profile(self.same.of(*shape));
            !profile.is_never && profile.kinds.has(kind.least_kind())
        };
        alternatives.iter().copied().filter(admits).collect()
    }

    fn demands_member(&self, holding: &[Claim], name: &Arc<str>) -> bool {
        holding.iter().any(|claim| {
            let object = self.shapes.get(claim.shape).object.get();
            object.is_some_and(|object| object.required.contains_key(name))
                && !self.ignored(*claim).contains(name)
        })
    }

    fn demands_length(&self, holding: &[Claim], length: usize) -> bool {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        holding.iter().any(|claim| {
            let array = self.shapes.get(claim.shape).array.get();
            let least = array.and_then(|array| array.min_items.as_ref());
            least.is_some_and(|least| least.value >= length)
        })
    }

    /// The shapes that the member has in any case.
    pub(super) fn claims_of_member(&mut self, holding: &[Claim], name: &Arc<str>) -> Vec<Claim> {
        let shapes = self.shapes;
        let mut claims = Vec::new();
        for claim in holding.iter().filter(|claim| !self.ignored(**claim).contains(name)) {
            let Some(object) = shapes.get(claim.shape).object.get() else { continue };
            let (apply, sure) = self.member_shapes(object, name);
            if sure {
                claims.extend(apply.into_iter().map(|shape| (*claim, shape)));
            }
        }
        self.children(claims)
    }

    /// The shapes that the element has in any case.
    pub(super) fn claims_of_element(&mut self, holding: &[Claim], at: usize) -> Vec<Claim> {
        let shapes = self.shapes;
        let of = |claim: &Claim| {
            let array = shapes.get(claim.shape).array.get()?;
            Some((*claim, array.prefix.get(at).copied().or(array.rest)?))
        };
        self.children(holding.iter().filter_map(of).collect())
    }

    fn children(&mut self, parts: Vec<(Claim, ShapeId)>) -> Vec<Claim> {
        parts.into_iter().map(|(claim, shape)| self.child(claim, shape)).collect()
    }
}

fn has_parts(value: &Json) -> bool {
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => false,
        Json::Array(elements) => !elements.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

fn add(way: &[Piece], parts: impl Iterator<Item = Piece>, ways: &mut Vec<Vec<Piece>>) {
    ways.extend(parts.map(|part| way.iter().cloned().chain([part]).collect()));
}
