//! Members that one end of an exchange keeps to itself: `readOnly` in requests, `writeOnly` in responses.
//!
//! Whoever reads them ignores them, whatever they hold. A tag by which a `oneOf` tells its branches apart
//! keeps its constraint in all of them: without it the branches would be one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{ShapeId, Shapes};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Key, Marks, Source};
use crate::subtype::names::conjuncts;

type Names = BTreeSet<Arc<str>>;

impl Search<'_> {
    /// The claims of a view's conjuncts.
    pub(in crate::subtype) fn claims(&mut self, all: &[ShapeId], source: Source) -> Vec<Claim> {
        let (mut ignore, mut kept) = (0, 0);
        for shape in all {
            let (marked, tags) = (self.marked(*shape), self.tags(*shape));
            ignore = self.either_names(ignore, marked);
            kept = self.either_names(kept, tags);
        }
        let ignore = self.names_without(ignore, kept);
        let claim = |shape: &ShapeId| Claim { shape: self.same.of(*shape), source, ignore, kept };
        all.iter().map(claim).collect()
    }

    /// Another shape at the same place.
    pub(in crate::subtype) fn inner(&mut self, claim: Claim, shape: ShapeId) -> Claim {
        let tags = self.tags(claim.shape);
        let kept = self.either_names(claim.kept, tags);
        let marked = self.marked(shape);
        let own = self.names_without(marked, kept);
        let ignore = self.either_names(claim.ignore, own);
        Claim { shape: self.same.of(shape), source: claim.source, ignore, kept }
    }

    /// A shape of a member or element.
    pub(in crate::subtype) fn child(&mut self, claim: Claim, shape: ShapeId) -> Claim {
        let (marked, kept) = (self.marked(shape), self.tags(shape));
        let ignore = self.names_without(marked, kept);
        Claim { shape: self.same.of(shape), source: claim.source, ignore, kept }
    }

    /// The names of members that are marked as not sent, where any conjunct marks them.
    fn marked(&mut self, shape: ShapeId) -> Key {
        if self.marks == Marks::None {
            return 0;
        }
        let shape = self.same.of(shape);
        if let Some(key) = self.tables.marked.get(&(self.marks, shape)) {
            return *key;
        }
        let names = self.marked_by(&conjuncts(self.shapes, shape));
        let key = self.tables.ignores.id(names);
        self.tables.marked.insert((self.marks, shape), key);
        key
    }

    /// The members that any of these shapes marks.
    fn marked_by(&self, all: &[ShapeId]) -> Names {
        let objects = all.iter().filter_map(|part| self.shapes.get(*part).object.get());
        let members = objects.flat_map(|object| object.properties.iter());
        let marked = members.filter(|(_, member)| self.is_marked(member.value));
        marked.map(|(name, _)| Arc::clone(name)).collect()
    }

    /// The members that the shape marks as kept by either end of an exchange.
    pub(in crate::subtype) fn marked_for_anyone(&self, shape: ShapeId) -> Names {
        let parts = conjuncts(self.shapes, shape).into_iter();
        let objects = parts.filter_map(|part| self.shapes.get(part).object.get());
        let members = objects.flat_map(|object| object.properties.iter());
        let marks = [Marks::ReadOnly, Marks::WriteOnly];
        let is_marked = |shape| marks.into_iter().any(|marks| self.has_mark(shape, marks));
        let marked = members.filter(|(_, member)| is_marked(member.value));
        marked.map(|(name, _)| Arc::clone(name)).collect()
    }

    fn is_marked(&self, shape: ShapeId) -> bool {
        self.has_mark(shape, self.marks)
    }

    fn has_mark(&self, shape: ShapeId, marks: Marks) -> bool {
        conjuncts(self.shapes, shape).into_iter().any(|part| {
            let Some(notes) = self.shapes.get(part).notes.get() else { return false };
            let mark = match marks {
                Marks::None => None,
                Marks::ReadOnly => notes.read_only.as_ref(),
                Marks::WriteOnly => notes.write_only.as_ref(),
            };
            mark.is_some_and(|mark| mark.value)
        })
    }

    /// The marked members by which a `oneOf` at the shape tells its branches apart.
    fn tags(&mut self, shape: ShapeId) -> Key {
        if self.marks == Marks::None {
            return 0;
        }
        let shape = self.same.of(shape);
        if let Some(key) = self.tables.kept.get(&(self.marks, shape)) {
            return *key;
        }
        let mut tags = tags_of(self.shapes, shape);
        if !tags.is_empty() {
            let mut all = conjuncts(self.shapes, shape);
            for part in all.clone() {
                let branches = branches(self.shapes, part);
                all.extend(branches.iter().flat_map(|branch| conjuncts(self.shapes, *branch)));
            }
            let marked = self.marked_by(&all);
            tags.retain(|name| marked.contains(name));
        }
        let key = self.tables.ignores.id(tags);
        self.tables.kept.insert((self.marks, shape), key);
        key
    }

    fn either_names(&mut self, left: Key, right: Key) -> Key {
        if left == right || right == 0 {
            return left;
        }
        if left == 0 {
            return right;
        }
        let mut names = (*self.tables.ignores.get(left)).clone();
        names.extend(self.tables.ignores.get(right).iter().cloned());
        self.tables.ignores.id(names)
    }

    fn names_without(&mut self, all: Key, kept: Key) -> Key {
        if all == 0 || kept == 0 {
            return all;
        }
        let kept = self.tables.ignores.get(kept);
        let mut names = (*self.tables.ignores.get(all)).clone();
        names.retain(|name| !kept.contains(name));
        self.tables.ignores.id(names)
    }
}

/// The members by which a `oneOf` at the shape tells its branches apart: the one that a discriminator
/// names, and those of which every branch lists the values.
fn tags_of(shapes: &Shapes, shape: ShapeId) -> Names {
    let mut tags = Names::new();
    for part in conjuncts(shapes, shape) {
        let notes = shapes.get(part).notes.get();
        let named = notes.and_then(|notes| notes.discriminator.as_ref());
        tags.extend(named.map(|stated| Arc::clone(&stated.value.property)));
        let mut branches = branches(shapes, part).iter();
        let Some(first) = branches.next() else { continue };
        let mut listed = listed(shapes, *first);
        for branch in branches {
            let others = self::listed(shapes, *branch);
            listed.retain(|name| others.contains(name));
        }
        tags.extend(listed);
    }
    tags
}

/// The branches of a shape of which exactly one must hold.
fn branches(shapes: &Shapes, shape: ShapeId) -> &[ShapeId] {
    let one_of = shapes.get(shape).logic.get().and_then(|logic| logic.one_of.as_ref());
    one_of.map(|group| group.value.as_slice()).unwrap_or_default()
}

/// The members of which a branch lists the values.
fn listed(shapes: &Shapes, branch: ShapeId) -> Names {
    let mut names = Names::new();
    for part in conjuncts(shapes, branch) {
        let Some(object) = shapes.get(part).object.get() else { continue };
        let listed = object.properties.iter().filter(|(_, member)| {
            let member = shapes.get(member.value);
            member.constant.is_some() || member.enumeration.is_some()
        });
        names.extend(listed.map(|(name, _)| Arc::clone(name)));
    }
    names
}
