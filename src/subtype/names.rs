//! Places: which reader shapes meet at one spot in any branch, and the names they give a meaning.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Piece, ShapeId, Shapes};

use super::ContentModel;
use super::engine::Search;
use super::goal::{Assumed, Key, Place};
use super::tables::ShapeSet;

impl Search<'_> {
    /// The place where these readers meet.
    pub(super) fn root_place(&mut self, readers: &[ShapeId]) -> Key {
        self.place_of(readers.to_vec(), 0)
    }

    fn place_of(&mut self, readers: Vec<ShapeId>, lent: Key) -> Key {
        if self.assumptions.content_model == ContentModel::Strict {
            return 0;
        }
        let mut readers: Vec<_> = readers.into_iter().map(|shape| self.same.of(shape)).collect();
        readers.retain(|shape| !self.is_anything(*shape));
        readers.sort_unstable();
        readers.dedup();
        self.tables.places.id(Place { readers, granted: 0, lent, assumed: Assumed::Here })
    }

    /// A place where nothing is assumed, nor inside it: the names of members, whose type nobody chooses,
    /// and members of which only a part is known of what is said of them.
    pub(super) fn nowhere(&mut self) -> Key {
        let assumed = Assumed::Nowhere;
        self.tables.places.id(Place { readers: Vec::new(), granted: 0, lent: 0, assumed })
    }

    /// Whether nothing is assumed inside the place either.
    fn is_nowhere(&self, place: Key) -> bool {
        self.assumptions.content_model == ContentModel::Strict
            || self.tables.places.get(place).assumed == Assumed::Nowhere
    }

    /// Whether the assumptions about writers hold at the place.
    pub(super) fn assumes(&self, place: Key) -> bool {
        self.assumptions.content_model == ContentModel::Open
            && self.tables.places.get(place).assumed == Assumed::Here
    }

    /// The names that the readers of the place state, in every branch.
    pub(super) fn stated_names(&mut self, place: Key) -> Arc<BTreeSet<Arc<str>>> {
        if !self.assumes(place) {
            return Arc::default();
        }
        if let Some(names) = self.tables.names.get(&place) {
            return Arc::clone(names);
        }
        let mut names = BTreeSet::new();
        for shape in self.place_closure(place).iter() {
            let Some(object) = self.shapes.get(*shape).object.get() else { continue };
            names.extend(object.properties.keys().cloned());
            names.extend(object.required.keys().cloned());
            names.extend(object.dependent_required.keys().cloned());
            names.extend(object.dependent_required.values().flat_map(|names| names.value.clone()));
            names.extend(object.dependent_shapes.keys().cloned());
        }
        let granted = self.tables.ignores.get(self.tables.places.get(place).granted);
        names.retain(|name| !granted.contains(name));
        let names = Arc::new(names);
        self.tables.names.insert(place, Arc::clone(&names));
        names
    }

    /// The place of a member.
    pub(super) fn member_place(&mut self, place: Key, name: &Arc<str>) -> Key {
        if self.is_nowhere(place) {
            return place;
        }
        if let Some(child) = self.tables.member_places.get(&(place, Arc::clone(name))) {
            return *child;
        }
        let closure = self.place_closure(place);
        let readers = self.member_parts(&closure, name);
        let lent = self.lent_to_part(place, &Piece::Member(Arc::clone(name)));
        let child = self.place_of(readers, lent);
        self.tables.member_places.insert((place, Arc::clone(name)), child);
        child
    }

    /// The place of an element.
    pub(super) fn element_place(&mut self, place: Key, position: usize) -> Key {
        if self.is_nowhere(place) {
            return place;
        }
        if let Some(child) = self.tables.element_places.get(&(place, position)) {
            return *child;
        }
        let closure = self.place_closure(place);
        let readers = self.element_parts(&closure, position);
        let lent = self.lent_to_part(place, &Piece::Element(position));
        let child = self.place_of(readers, lent);
        self.tables.element_places.insert((place, position), child);
        child
    }

    /// What shapes that apply in place say of a member, or may say.
    pub(super) fn member_parts(&self, closure: &[ShapeId], name: &str) -> Vec<ShapeId> {
        let mut parts = Vec::new();
        for shape in closure {
            let Some(object) = self.shapes.get(*shape).object.get() else { continue };
            let mut covered = false;
            if let Some(member) = object.properties.get(name) {
                covered = true;
                parts.push(member.value);
            }
            for (pattern, member) in &object.patterns {
                if self.is_match(&pattern.value, name) != Some(false) {
                    covered = true;
                    parts.push(*member);
                }
            }
            parts.extend(object.additional.filter(|_| !covered));
            parts.extend(object.unevaluated);
        }
        parts
    }

    /// What shapes that apply in place say of an element, or may say.
    pub(super) fn element_parts(&self, closure: &[ShapeId], position: usize) -> Vec<ShapeId> {
        let mut parts = Vec::new();
        for shape in closure {
            let Some(array) = self.shapes.get(*shape).array.get() else { continue };
            parts.extend(array.prefix.get(position).copied().or(array.rest));
            parts.extend(array.contains.as_ref().map(|contains| contains.shape));
            parts.extend(array.unevaluated);
        }
        parts
    }

    /// Whether the readers of the place say something of objects or arrays, in any branch.
    pub(super) fn speaks_of_parts(&mut self, place: Key) -> bool {
        let closure = self.place_closure(place);
        closure.iter().any(|shape| {
            let shape = self.shapes.get(*shape);
            !shape.object.is_unstated() || !shape.array.is_unstated()
        })
    }

    /// The reader's shapes at the place, in any branch.
    pub(super) fn reader_shapes(&mut self, place: Key) -> Arc<ShapeSet> {
        if let Some(known) = self.tables.readers.get(&place) {
            return Arc::clone(known);
        }
        let closure = self.place_closure(place);
        let readers = Arc::new(closure.iter().map(|shape| self.same.of(*shape)).collect());
        self.tables.readers.insert(place, Arc::clone(&readers));
        readers
    }

    fn place_closure(&mut self, place: Key) -> Arc<Vec<ShapeId>> {
        if let Some(closure) = self.tables.closures.get(&place) {
            return Arc::clone(closure);
        }
        let readers = self.tables.places.get(place).readers.clone();
        let closure = Arc::new(in_place(self.shapes, readers));
        self.tables.closures.insert(place, Arc::clone(&closure));
        closure
    }
}

/// The shape, what it refers to, and the conjunctions of these.
pub(super) fn conjuncts(shapes: &Shapes, shape: ShapeId) -> Vec<ShapeId> {
    let mut found = vec![shape];
    let mut next = 0;
    while let Some(shape) = found.get(next).copied() {
        next += 1;
        let shape = shapes.get(shape);
        let reference = shape.reference.as_ref().map(|reference| reference.target);
        let all_of = shape.logic.get().map(|logic| logic.all_of.as_slice()).unwrap_or_default();
        for part in reference.into_iter().chain(all_of.iter().copied()) {
            if !found.contains(&part) {
                found.push(part);
            }
        }
    }
    found
}

/// Every shape that applies in place, in any branch, through `not` and tests too.
pub(super) fn in_place(shapes: &Shapes, roots: Vec<ShapeId>) -> Vec<ShapeId> {
    closure(roots, |id| {
        let denied = shapes.get(id).logic.get().and_then(|logic| logic.not.as_ref());
        parts_in_place(shapes, id).into_iter().chain(denied.map(|not| not.value)).collect()
    })
}

/// The same without what is denied: those that may accept the value.
pub(super) fn accepting_in_place(shapes: &Shapes, root: ShapeId) -> Vec<ShapeId> {
    closure(vec![root], |id| parts_in_place(shapes, id))
}

fn closure(roots: Vec<ShapeId>, parts_of: impl Fn(ShapeId) -> Vec<ShapeId>) -> Vec<ShapeId> {
    let mut seen: BTreeSet<_> = roots.iter().copied().collect();
    let mut found = roots;
    let mut next = 0;
    while let Some(id) = found.get(next).copied() {
        next += 1;
        for part in parts_of(id) {
            if seen.insert(part) {
                found.push(part);
            }
        }
    }
    found
}

fn parts_in_place(shapes: &Shapes, id: ShapeId) -> Vec<ShapeId> {
    let shape = shapes.get(id);
    let mut parts: Vec<_> = shape.reference.iter().map(|reference| reference.target).collect();
    if let Some(logic) = shape.logic.get() {
        parts.extend(&logic.all_of);
        parts.extend(logic.any_of.iter().flat_map(|any| &any.value));
        parts.extend(logic.one_of.iter().flat_map(|one| &one.value));
        if let Some(condition) = &logic.condition {
            parts.push(condition.value.when);
            parts.extend(condition.value.then);
            parts.extend(condition.value.otherwise);
        }
    }
    if let Some(object) = shape.object.get() {
        parts.extend(object.dependent_shapes.values().map(|shape| shape.value));
    }
    parts
}
