//! What shapes of a place say of members that they do not declare, taken over by a copy of another.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::copy::{conjunction, copy_with};
use super::fill::put;
use super::slots::shapes_in;
use crate::model::{ObjectFacets, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::Slot;
use crate::rules::effective::Effective;
use crate::rules::parts::Others;
use crate::source::Span;

/// The place with these members falling under what shapes of the donor's that do not declare them say,
/// and under nothing that its own shapes say of others.
pub(super) fn take_others(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    names: &BTreeSet<Arc<str>>,
) -> Vec<ShapeId> {
    let extra = of_members(shapes, donor, names, |part, name| part.include(name));
    let anything = shapes.add(Shape::anything(base.span));
    let free = |_, shape: &mut Shape| {
        let is_closed = shape
            .object
            .get()
            .is_some_and(|object| object.additional.is_some() || object.unevaluated.is_some());
        for name in names.iter().filter(|_| is_closed) {
            declare(shape, name, anything);
        }
    };
    copy_with(shapes, base, &free, vec![extra])
}

/// The place with what the donor's shapes say in this slot of members that they do not declare. Members
/// that the shape which stands there declared, and that the donor declares nowhere, stay declared: that
/// they went is another edit.
pub(super) fn take_undeclared(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    slot: &Slot,
) -> Vec<ShapeId> {
    let is_known = |side: &Effective| {
        let parts = side.others.iter().filter(|part| part.slot == *slot);
        parts.count() == shapes_in(side, slot).len()
    };
    let is_single = base.nodes.len() == 1 && donor.nodes.len() == 1;
    if is_single || !is_known(base) || !is_known(donor) {
        let ids = shapes_in(donor, slot);
        return put(shapes, base, slot, (!ids.is_empty()).then_some(ids.as_slice()));
    }
    let anything = shapes.add(Shape::anything(base.span));
    let counterparts = counterparts(shapes, base, donor, slot);
    let parts = donor.others.iter().filter(|part| part.slot == *slot).zip(counterparts);
    let extras = parts.map(|(part, counterpart)| {
        let Others { members, families, shape, .. } = part;
        let mut extra = Shape::anything(base.span);
        let is_left = |name: &Arc<str>| {
            !donor.properties.contains_key(name)
                && counterpart.as_ref().is_none_or(|object| object.properties.contains_key(name))
        };
        let is_free = |name: &&Arc<str>| members.contains_key(*name) || is_left(name);
        for name in base.properties.keys().filter(is_free) {
            declare(&mut extra, name, anything);
        }
        let object = extra.object.edit();
        let family =
            |pattern: &Arc<str>| (Stated { value: Arc::clone(pattern), span: base.span }, anything);
        // So do families.
        let names = |pattern: &Arc<str>| {
            let known = |object: &ObjectFacets| {
                object.patterns.iter().any(|(stated, _)| stated.value == *pattern)
            };
            counterpart.as_ref().is_none_or(known)
        };
        let left = base.pattern_properties.keys();
        let left = left.filter(|it| !donor.pattern_properties.contains_key(*it) && names(it));
        object.patterns = families.iter().chain(left).map(family).collect();
        object.additional = Some(*shape);
        extra
    });
    let extras = extras.collect();
    let open = |_, shape: &mut Shape| {
        let Some(object) = shape.object.get_mut() else { return };
        if *slot == Slot::Unevaluated {
            object.unevaluated = None;
        } else {
            object.additional = None;
        }
    };
    copy_with(shapes, base, &open, extras)
}

/// For each of the donor's shapes that speak of others in this slot: what the base's part that stands
/// where it does says of objects; `None` where both places are not put together in the same way.
fn counterparts(
    shapes: &Shapes,
    base: &Effective,
    donor: &Effective,
    slot: &Slot,
) -> Vec<Option<ObjectFacets>> {
    let (own, theirs) = (parts(shapes, base), parts(shapes, donor));
    let are_alike = own.len() == theirs.len();
    let mut found = Vec::new();
    for id in &donor.nodes {
        let shape = shapes.get(*id);
        let at = theirs.iter().position(|(span, _)| *span == shape.span.span);
        let part = at.filter(|_| are_alike).and_then(|at| own.get(at));
        let said = Others::of(shapes, shape).filter(|others| others.slot == *slot);
        found.extend(said.map(|_| part.map(|(_, object)| object.clone())));
    }
    found
}

/// The parts of a place in their order, and what each says of objects. What was put beside a part of a
/// copy stands where the part does.
fn parts(shapes: &Shapes, place: &Effective) -> Vec<(Span, ObjectFacets)> {
    let mut parts: Vec<(Span, ObjectFacets)> = Vec::new();
    for id in &place.nodes {
        let shape = shapes.get(*id);
        let object = shape.object.get().cloned().unwrap_or_default();
        match parts.iter_mut().find(|(span, _)| *span == shape.span.span) {
            Some((_, known)) if known.properties.is_empty() && known.patterns.is_empty() => {
                *known = object;
            }
            Some(_) => {}
            None => parts.push((shape.span.span, object)),
        }
    }
    parts
}

/// What the shapes of a place that do not declare these members say of them.
pub(super) fn of_members<'n>(
    shapes: &mut Shapes,
    place: &Effective,
    names: impl IntoIterator<Item = &'n Arc<str>>,
    is_told: impl Fn(&&Others, &Arc<str>) -> bool,
) -> Shape {
    let mut extra = Shape::anything(place.span);
    for name in names {
        let others = place.others.iter().filter(|part| is_told(part, name));
        let ids: Vec<ShapeId> = others.map(|part| part.shape).collect();
        if !ids.is_empty() {
            let value = conjunction(shapes, place, &ids);
            declare(&mut extra, name, value);
        }
    }
    extra
}

/// Declares the member, if the shape does not yet.
pub(super) fn declare(shape: &mut Shape, name: &Arc<str>, value: ShapeId) {
    let span = shape.span.span;
    let properties = Arc::make_mut(&mut shape.object.edit().properties);
    properties.entry(Arc::clone(name)).or_insert(Stated { value, span });
}
