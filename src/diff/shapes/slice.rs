//! An object cut down to the one member that an edit is about.
//!
//! Members of an object that is nothing but its members do not know of each other: what an edit of
//! one takes away shows in an object of that member alone. To judge it in the whole costs what the
//! whole costs, and what another edit takes away there hides that a third gives back what this one
//! takes: the answer would depend on the members beside.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::path::Path;
use super::walk::{Question, Walk};
use crate::model::{ObjectFacets, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Facet, Slot};

impl Walk<'_> {
    /// The same question of the member alone that the edit is about; `None` where the edit is about
    /// something else, or the place says more than what its members are.
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
        // Nothing is said of the member that stands for all others. Where it makes a map of neither
        // side it stands on both, so that nothing but the member of the edit differs.
        let (beside_old, beside_new) = (other(was, name), other(is, name));
        let states_it = |object: &ObjectFacets| object.properties.contains_key(name);
        let is_shared =
            beside_old.is_some() && beside_new.is_some() || states_it(was) && states_it(is);
        let shared = beside_old.or(beside_new).map(Arc::clone);
        let beside = |own: Option<&Arc<str>>| shared.clone().filter(|_| is_shared || own.is_some());
        let (beside_old, beside_new) = (beside(beside_old), beside(beside_new));
        let (old, new) = (cut(old, was, name), cut(new, is, name));
        let old = vec![self.stating(old, beside_old)];
        let new = vec![self.stating(new, beside_new)];
        self.engine.learn(&self.shapes);
        Some(Question { old, new, ..question.clone() })
    }

    /// The shape with one more member, of which nothing is said.
    fn stating(&mut self, mut shape: Shape, name: Option<Arc<str>>) -> ShapeId {
        if let Some(name) = name {
            let span = shape.span.span;
            let anything = Stated { value: self.shapes.add(Shape::anything(span)), span };
            Arc::make_mut(&mut shape.object.edit().properties).insert(name, anything);
        }
        self.shapes.add(shape)
    }
}

/// Another member that the object states. An object without any would be a map, which declares
/// every name.
fn other<'o>(object: &'o ObjectFacets, name: &Arc<str>) -> Option<&'o Arc<str>> {
    object.properties.keys().chain(object.required.keys()).find(|other| *other != name)
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

/// The shape without the members of other names.
fn cut(shape: &Shape, object: &ObjectFacets, name: &Arc<str>) -> Shape {
    let mut shape = shape.clone();
    let cut = shape.object.edit();
    cut.properties = Arc::new(part(&object.properties, name));
    cut.required = Arc::new(part(&object.required, name));
    shape
}

fn part<T: Clone>(members: &BTreeMap<Arc<str>, T>, name: &Arc<str>) -> BTreeMap<Arc<str>, T> {
    let member = members.get_key_value(name);
    member.map(|(name, member)| (Arc::clone(name), member.clone())).into_iter().collect()
}
