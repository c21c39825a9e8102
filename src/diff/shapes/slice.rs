//! A large object cut down to the one member that an edit is about.
//!
//! Members of an object that is nothing but its members do not know of each other: what an edit of
//! one takes away shows in an object of that member alone. To judge every edit in the whole costs
//! what the whole costs, once for each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::path::Path;
use super::walk::{Question, Walk};
use crate::model::{ObjectFacets, Shape, ShapeId, Shapes};
use crate::rules::edit::{Facet, Slot};

/// From how many members on an object is cut down.
const LARGE: usize = 48;

impl Walk<'_> {
    /// The same question of the member alone that the edit is about; `None` where the place is no
    /// large object, or says more than what its members are.
    pub(crate) fn sliced(
        &mut self,
        question: &Question,
        path: &Path,
        facet: &Facet,
    ) -> Option<Question> {
        let (Facet::Required(name) | Facet::Slot(Slot::Property(name))) = facet else {
            return None;
        };
        if !path.is_empty() || !question.carrier.is_json() {
            return None;
        }
        let (old, new) = (only(&self.shapes, &question.old)?, only(&self.shapes, &question.new)?);
        let (was, is) = (members(old)?, members(new)?);
        if was.properties.len().max(is.properties.len()) < LARGE {
            return None;
        }
        // An object without any stated member would be a map, which declares every name.
        let beside = [was, is].map(|object| object.properties.keys().find(|other| *other != name));
        let kept: BTreeSet<&Arc<str>> = beside.into_iter().flatten().chain([name]).collect();
        let (old, new) = (cut(old, was, &kept), cut(new, is, &kept));
        let (old, new) = (vec![self.shapes.add(old)], vec![self.shapes.add(new)]);
        self.engine.learn(&self.shapes);
        Some(Question { old, new, ..question.clone() })
    }
}

fn only<'s>(shapes: &'s Shapes, place: &[ShapeId]) -> Option<&'s Shape> {
    let [only] = place else { return None };
    Some(shapes.get(*only))
}

/// What is said of members, where nothing else is said of objects, and each member for itself.
fn members(shape: &Shape) -> Option<&ObjectFacets> {
    let Shape {
        span: _,
        boolean: None,
        reference: None,
        kinds: _,
        null: _,
        enumeration: None,
        constant: None,
        number: _,
        text: _,
        array: _,
        object,
        logic,
        notes,
        unread,
    } = shape
    else {
        return None;
    };
    let is_told_apart = notes.get().is_some_and(|notes| notes.discriminator.is_some());
    if logic.get().is_some() || !unread.is_empty() || is_told_apart {
        return None;
    }
    let object = object.get()?;
    let ObjectFacets {
        properties: _,
        patterns,
        additional: _,
        unevaluated: None,
        names: None,
        required: _,
        required_at: _,
        min_properties: None,
        max_properties: None,
        dependent_required,
        dependent_shapes,
    } = object
    else {
        return None;
    };
    let is_plain =
        patterns.is_empty() && dependent_required.is_empty() && dependent_shapes.is_empty();
    is_plain.then_some(object)
}

/// The shape without the members that are not kept.
fn cut(shape: &Shape, object: &ObjectFacets, kept: &BTreeSet<&Arc<str>>) -> Shape {
    let mut shape = shape.clone();
    let cut = shape.object.edit();
    cut.properties = Arc::new(part(&object.properties, kept));
    cut.required = Arc::new(part(&object.required, kept));
    shape
}

fn part<T: Clone>(
    members: &BTreeMap<Arc<str>, T>,
    kept: &BTreeSet<&Arc<str>>,
) -> BTreeMap<Arc<str>, T> {
    let known = kept.iter().filter_map(|name| members.get_key_value(*name));
    known.map(|(name, member)| (Arc::clone(name), member.clone())).collect()
}
