//! What writers are assumed not to send (docs/verdicts.md).

pub(in crate::subtype) mod coming;
mod denied;
mod inside;
pub(in crate::subtype) mod kept;
pub(in crate::subtype) mod lent;
mod loosen;
mod marked;
mod sends;

use std::sync::Arc;

use crate::model::{ArrayFacets, Json, Kind, ObjectFacets, Shape};

use super::engine::Search;
use super::goal::{Claim, Key, Lit, Source};
use super::names::conjuncts;
use super::term::{Basic, Term};

impl Search<'_> {
    /// Whether the writer of the term may send a member of this name, as far as names go.
    pub(super) fn may_send(&mut self, place: Key, term: &Term, name: &Arc<str>) -> bool {
        if self.is_withheld(&term.holding, name) {
            return false;
        }
        if !self.stated_names(place).contains(name) {
            return true;
        }
        let sent = self.is_declared(&term.holding, name)
            || self.may_be_lent(term, name)
            || self.is_lent_at(place, name);
        self.assumed |= !sent;
        sent
    }

    /// Whether what the writer's contract marks keeps this member back.
    fn is_withheld(&self, holding: &[Claim], name: &str) -> bool {
        holding
            .iter()
            .filter(|claim| claim.source != Source::Reader && claim.ignore != 0)
            .any(|claim| self.ignored(*claim).contains(name))
    }

    /// The names that the writer's contract marks as not sent.
    pub(super) fn withheld(&self, holding: &[Claim]) -> Vec<Arc<str>> {
        let written = holding.iter().filter(|claim| claim.source != Source::Reader);
        written.flat_map(|claim| self.ignored(*claim).iter().cloned().collect::<Vec<_>>()).collect()
    }

    /// Whether one of the shapes that hold states the name, or all of them leave every name free.
    pub(super) fn is_declared(&self, holding: &[Claim], name: &str) -> bool {
        let mut is_free = true;
        for claim in holding.iter().filter(|claim| claim.source.declares()) {
            let shape = self.shapes.get(claim.shape);
            if shape.enumeration.is_some() || shape.constant.is_some() {
                return true;
            }
            let Some(object) = shape.object.get() else { continue };
            if self.states(object, name) {
                return true;
            }
            is_free &= !self.restricts_names(object);
        }
        is_free
    }

    /// Whether one of the shapes that hold states the name.
    pub(super) fn is_stated(&self, holding: &[Claim], name: &str) -> bool {
        holding.iter().filter(|claim| claim.source.declares()).any(|claim| {
            let object = self.shapes.get(claim.shape).object.get();
            object.is_some_and(|object| self.states(object, name))
        })
    }

    pub(super) fn states(&self, object: &ObjectFacets, name: &str) -> bool {
        object.properties.contains_key(name)
            || object.required.contains_key(name)
            || object.dependent_shapes.contains_key(name)
            || object
                .dependent_required
                .iter()
                .any(|(key, names)| &**key == name || names.value.iter().any(|n| &**n == name))
            || object
                .patterns
                .iter()
                .any(|(pattern, _)| self.is_match(&pattern.value, name) != Some(false))
            || object.names.is_some_and(|names| self.lists_name(names, name))
            || self.types_the_rest(object)
    }

    fn lists_name(&self, names: crate::model::ShapeId, name: &str) -> bool {
        let is_name = |value: &Json| matches!(value, Json::String(text) if &**text == name);
        conjuncts(self.shapes, names).into_iter().any(|part| {
            let shape = self.shapes.get(part);
            shape.enumeration.as_ref().is_some_and(|list| list.value.iter().any(is_name))
                || shape.constant.as_ref().is_some_and(|value| is_name(&value.value))
        })
    }

    fn types_the_rest(&self, object: &ObjectFacets) -> bool {
        let rest = [object.additional, object.unevaluated];
        rest.into_iter().flatten().any(|shape| !self.same.is_permissive(shape))
    }

    fn restricts_names(&self, object: &ObjectFacets) -> bool {
        !object.properties.is_empty()
            || !object.patterns.is_empty()
            || !object.required.is_empty()
            || !object.dependent_required.is_empty()
            || !object.dependent_shapes.is_empty()
            || object.names.is_some_and(|names| !self.same.is_permissive(names))
            || self.types_the_rest(object)
    }

    /// Whether anything is asserted of objects: that any name may be there is not.
    fn asserts(&self, object: &ObjectFacets) -> bool {
        self.restricts_names(object)
            || object.min_properties.is_some()
            || object.max_properties.is_some()
    }

    /// Whether anything is asserted of arrays: that their elements may be anything is not.
    fn asserts_of_arrays(&self, array: &ArrayFacets) -> bool {
        let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } =
            array;
        let mut parts = prefix.iter().chain(rest).chain(unevaluated);
        parts.any(|part| !self.same.is_permissive(*part))
            || contains.is_some()
            || min_items.is_some()
            || max_items.is_some()
            || unique.as_ref().is_some_and(|unique| unique.value)
    }

    /// Whether the writer means values of another type than the term's, by what it says of them.
    pub(super) fn is_other_type_meant(&mut self, place: Key, term: &Term) -> bool {
        if !self.assumes(place) {
            return false;
        }
        let mut meant = None;
        for claim in term.holding.iter().filter(|claim| claim.source == Source::Writer) {
            let shape = self.shapes.get(claim.shape);
            if shape.kinds.is_some() || shape.enumeration.is_some() || shape.constant.is_some() {
                return false;
            }
            for kind in self.types_spoken_of(shape) {
                if meant.is_some_and(|meant| meant != kind) {
                    return false;
                }
                meant = Some(kind);
            }
        }
        let is_other = meant.is_some_and(|meant| meant != term.kind);
        self.assumed |= is_other;
        is_other
    }

    pub(super) fn types_spoken_of(&self, shape: &Shape) -> Vec<Basic> {
        let mut kinds = Vec::new();
        kinds.extend(shape.number.get().map(|_| Basic::Number));
        let asserts = shape.text.get().is_some_and(|text| {
            text.min_length.is_some() || text.max_length.is_some() || text.pattern.is_some()
        });
        kinds.extend(asserts.then_some(Basic::String));
        let array = shape.array.get().filter(|array| self.asserts_of_arrays(array));
        kinds.extend(array.map(|_| Basic::Array));
        let object = shape.object.get().filter(|object| self.asserts(object));
        kinds.extend(object.map(|_| Basic::Object));
        for name in self.formats_of(shape) {
            match super::instance::scalar::format_kind(&name) {
                Some(Kind::String) => kinds.push(Basic::String),
                Some(Kind::Number | Kind::Integer | Kind::IntegerLiteral) => {
                    kinds.push(Basic::Number);
                }
                Some(Kind::Null | Kind::Boolean | Kind::Array | Kind::Object) | None => {}
            }
        }
        kinds
    }

    /// The claims of the goal's writer that hold.
    pub(super) fn written(lits: &[Lit]) -> Vec<Claim> {
        let held = lits.iter().filter_map(|lit| lit.held());
        held.filter(|claim| claim.source != Source::Reader).collect()
    }
}
