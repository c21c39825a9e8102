//! One edit done or undone by itself: a copy of a place with one statement taken from the other side.
//!
//! Shapes are only ever appended, so what was known about the originals stays known. The copy
//! follows references and conjunctions of the place and shares everything below it.

use std::collections::BTreeMap;

use super::slots::{SlotPair, shapes_in};
use crate::model::{Condition, Json, LogicFacets, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Alternatives, BranchEdit, Facet, Slot};
use crate::rules::effective::{Bound, Edge, Effective};
use crate::rules::union::groups;

/// Which side of slot pairs the base is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseSide {
    Old,
    New,
}

impl BaseSide {
    fn pick(self, pair: &SlotPair) -> (&Slot, &Slot) {
        match self {
            Self::Old => (&pair.old, &pair.new),
            Self::New => (&pair.new, &pair.old),
        }
    }
}

/// `base` with the statement at the end of `path` taken from `donor`; `None` where it cannot be
/// expressed by itself.
pub(super) fn graft(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &[ShapeId],
    donor: &[ShapeId],
    path: &[SlotPair],
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    let (to, from) = (Effective::of(shapes, base)?, Effective::of(shapes, donor)?);
    let Some((pair, deeper)) = path.split_first() else {
        return take(shapes, side, &to, &from, facet);
    };
    let (to_slot, from_slot) = side.pick(pair);
    let inner_base = shapes_in(&to, to_slot);
    let inner_donor = shapes_in(&from, from_slot);
    let inner = graft(shapes, side, &inner_base, &inner_donor, deeper, facet)?;
    Some(put(shapes, &to, to_slot, Some(&inner)))
}

/// The place with one statement of its own taken from the other.
fn take(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &Effective,
    donor: &Effective,
    facet: &Facet,
) -> Option<Vec<ShapeId>> {
    if let Facet::Slot(slot) = facet {
        let ids = shapes_in(donor, slot);
        let inner = if ids.is_empty() { None } else { Some(ids) };
        return Some(put(shapes, base, slot, inner.as_deref()));
    }
    let mut extra = Shape::anything(base.span);
    let strip: Box<dyn Fn(&mut Shape)> = match facet {
        Facet::Nothing => {
            extra.boolean = donor.nothing.map(|_| false);
            Box::new(|shape| shape.boolean = None)
        }
        Facet::Kinds => {
            extra.kinds.clone_from(&donor.kinds);
            Box::new(|shape| shape.kinds = None)
        }
        Facet::Values => {
            extra.enumeration = donor.values.as_ref().map(listed);
            Box::new(strip_values)
        }
        Facet::Value(value) => {
            extra.enumeration = Some(with_or_without(base, donor, value)?);
            Box::new(strip_values)
        }
        Facet::Minimum | Facet::Maximum | Facet::Multiples => {
            return Some(take_number(shapes, base, donor, facet));
        }
        Facet::MinLength | Facet::MaxLength | Facet::Patterns | Facet::Encodings => {
            return Some(take_text(shapes, base, donor, facet));
        }
        Facet::Formats => return Some(take_formats(shapes, base, donor)),
        Facet::MinItems => {
            extra.array.edit().min_items.clone_from(&donor.min_items);
            Box::new(|shape| {
                shape.array.get_mut().into_iter().for_each(|array| array.min_items = None);
            })
        }
        Facet::MaxItems => {
            extra.array.edit().max_items.clone_from(&donor.max_items);
            Box::new(|shape| {
                shape.array.get_mut().into_iter().for_each(|array| array.max_items = None);
            })
        }
        Facet::Unique => {
            extra.array.edit().unique = donor.unique.map(|span| Stated { value: true, span });
            Box::new(|shape| {
                shape.array.get_mut().into_iter().for_each(|array| array.unique = None)
            })
        }
        Facet::Contains => {
            return Some(conjoin_contains(shapes, base, donor));
        }
        Facet::Tuple => return Some(take_tuple(shapes, base, donor)),
        Facet::Required(name) => {
            if let Some(span) = donor.required.get(name) {
                let stated = Stated { value: (), span: *span };
                extra.object.edit().required.insert(name.clone(), stated);
            }
            let name = name.clone();
            Box::new(move |shape| {
                shape.object.get_mut().into_iter().for_each(|object| {
                    object.required.remove(&name);
                });
            })
        }
        Facet::MinProperties => {
            extra.object.edit().min_properties.clone_from(&donor.min_properties);
            Box::new(|shape| {
                shape.object.get_mut().into_iter().for_each(|object| object.min_properties = None);
            })
        }
        Facet::MaxProperties => {
            extra.object.edit().max_properties.clone_from(&donor.max_properties);
            Box::new(|shape| {
                shape.object.get_mut().into_iter().for_each(|object| object.max_properties = None);
            })
        }
        Facet::DependentRequired => {
            for ((name, needed), span) in &donor.dependent_required {
                let all = &mut extra.object.edit().dependent_required;
                let entry = all.entry(name.clone());
                entry
                    .or_insert_with(|| Stated { value: Vec::new(), span: *span })
                    .value
                    .push(needed.clone());
            }
            Box::new(|shape| {
                let object = shape.object.get_mut();
                object.into_iter().for_each(|object| object.dependent_required.clear());
            })
        }
        Facet::AnyOf => return Some(with_groups(shapes, base, Alternatives::AnyOf, &donor.any_of)),
        Facet::OneOf => return Some(with_groups(shapes, base, Alternatives::OneOf, &donor.one_of)),
        Facet::Branch(kind, group, edit) => {
            return take_branch(shapes, side, base, donor, (*kind, *group, *edit));
        }
        Facet::Not => return Some(with_logic(shapes, base, &base.conditions, &donor.not)),
        Facet::Conditions => return Some(with_logic(shapes, base, &donor.conditions, &base.not)),
        Facet::Marks => {
            let notes = extra.notes.edit();
            notes.read_only.clone_from(&donor.notes.read_only);
            notes.write_only.clone_from(&donor.notes.write_only);
            Box::new(|shape| {
                shape.notes.get_mut().into_iter().for_each(|notes| {
                    (notes.read_only, notes.write_only) = (None, None);
                });
            })
        }
        Facet::Slot(_) => return None,
    };
    Some(copy(shapes, base, &strip, vec![extra]))
}

fn take_number(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    facet: &Facet,
) -> Vec<ShapeId> {
    let mut extra = Shape::anything(base.span);
    let facets = extra.number.edit();
    let mut extras = Vec::new();
    let strip: Box<dyn Fn(&mut Shape)> = match facet {
        Facet::Minimum => {
            if let Some(Stated { value: Bound { value, edge }, span }) = donor.minimum.clone() {
                let stated = Some(Stated { value, span });
                match edge {
                    Edge::Inclusive => facets.minimum = stated,
                    Edge::Exclusive => facets.exclusive_minimum = stated,
                }
            }
            Box::new(|shape| {
                shape.number.get_mut().into_iter().for_each(|number| {
                    (number.minimum, number.exclusive_minimum) = (None, None);
                });
            })
        }
        Facet::Maximum => {
            if let Some(Stated { value: Bound { value, edge }, span }) = donor.maximum.clone() {
                let stated = Some(Stated { value, span });
                match edge {
                    Edge::Inclusive => facets.maximum = stated,
                    Edge::Exclusive => facets.exclusive_maximum = stated,
                }
            }
            Box::new(|shape| {
                shape.number.get_mut().into_iter().for_each(|number| {
                    (number.maximum, number.exclusive_maximum) = (None, None);
                });
            })
        }
        _ => {
            for (value, span) in &donor.multiples {
                let mut multiple = Shape::anything(base.span);
                multiple.number.edit().multiple_of =
                    Some(Stated { value: value.clone(), span: *span });
                extras.push(multiple);
            }
            Box::new(|shape| {
                shape.number.get_mut().into_iter().for_each(|number| number.multiple_of = None);
            })
        }
    };
    extras.push(extra);
    copy(shapes, base, &strip, extras)
}

fn take_text(
    shapes: &mut Shapes,
    base: &Effective,
    donor: &Effective,
    facet: &Facet,
) -> Vec<ShapeId> {
    let mut extras = Vec::new();
    let mut extra = Shape::anything(base.span);
    let facets = extra.text.edit();
    let strip: Box<dyn Fn(&mut Shape)> = match facet {
        Facet::MinLength => {
            facets.min_length.clone_from(&donor.min_length);
            Box::new(|shape| {
                shape.text.get_mut().into_iter().for_each(|text| text.min_length = None);
            })
        }
        Facet::MaxLength => {
            facets.max_length.clone_from(&donor.max_length);
            Box::new(|shape| {
                shape.text.get_mut().into_iter().for_each(|text| text.max_length = None);
            })
        }
        Facet::Patterns => {
            for (pattern, span) in &donor.patterns {
                let mut stated = Shape::anything(base.span);
                stated.text.edit().pattern = Some(Stated { value: pattern.clone(), span: *span });
                extras.push(stated);
            }
            Box::new(|shape| shape.text.get_mut().into_iter().for_each(|text| text.pattern = None))
        }
        _ => {
            let first = |all: &BTreeMap<std::sync::Arc<str>, crate::source::Span>| {
                all.iter().next().map(|(text, span)| Stated { value: text.clone(), span: *span })
            };
            facets.content_encoding = first(&donor.encodings);
            facets.content_media_type = first(&donor.carried);
            Box::new(|shape| {
                shape.text.get_mut().into_iter().for_each(|text| {
                    (text.content_encoding, text.content_media_type) = (None, None);
                });
            })
        }
    };
    extras.push(extra);
    copy(shapes, base, &strip, extras)
}

fn take_formats(shapes: &mut Shapes, base: &Effective, donor: &Effective) -> Vec<ShapeId> {
    let extras = donor.formats.iter().map(|(format, span)| {
        let mut stated = Shape::anything(base.span);
        stated.notes.edit().format = Some(Stated { value: format.clone(), span: *span });
        stated
    });
    let extras = extras.collect();
    let strip = |shape: &mut Shape| {
        shape.notes.get_mut().into_iter().for_each(|notes| notes.format = None);
    };
    copy(shapes, base, &strip, extras)
}

fn take_tuple(shapes: &mut Shapes, base: &Effective, donor: &Effective) -> Vec<ShapeId> {
    let mut extra = Shape::anything(base.span);
    let prefix: Vec<ShapeId> =
        donor.positions.iter().map(|position| conjunction(shapes, base, position)).collect();
    let array = extra.array.edit();
    array.prefix = prefix;
    array.rest =
        if donor.rest.is_empty() { None } else { Some(conjunction(shapes, base, &donor.rest)) };
    let strip = |shape: &mut Shape| {
        shape.array.get_mut().into_iter().for_each(|array| {
            (array.prefix, array.rest) = (Vec::new(), None);
        });
    };
    copy(shapes, base, &strip, vec![extra])
}

fn conjoin_contains(shapes: &mut Shapes, base: &Effective, donor: &Effective) -> Vec<ShapeId> {
    let extras = donor.contains.iter().map(|contains| {
        let mut stated = Shape::anything(base.span);
        stated.array.edit().contains = Some(contains.clone());
        stated
    });
    let extras = extras.collect();
    let strip = |shape: &mut Shape| {
        shape.array.get_mut().into_iter().for_each(|array| array.contains = None);
    };
    copy(shapes, base, &strip, extras)
}

fn take_branch(
    shapes: &mut Shapes,
    side: BaseSide,
    base: &Effective,
    donor: &Effective,
    (kind, group, edit): (Alternatives, usize, BranchEdit),
) -> Option<Vec<ShapeId>> {
    let mut all = groups(base, kind).to_vec();
    let other = &groups(donor, kind).get(group)?.value;
    let own = &mut all.get_mut(group)?.value;
    match (edit, side) {
        (BranchEdit::Removed(index), BaseSide::Old) | (BranchEdit::Added(index), BaseSide::New) => {
            if index >= own.len() {
                return None;
            }
            own.remove(index);
        }
        (BranchEdit::Removed(index), BaseSide::New) | (BranchEdit::Added(index), BaseSide::Old) => {
            own.push(*other.get(index)?)
        }
    }
    Some(with_groups(shapes, base, kind, &all))
}

fn with_groups(
    shapes: &mut Shapes,
    base: &Effective,
    kind: Alternatives,
    all: &[Stated<Vec<ShapeId>>],
) -> Vec<ShapeId> {
    let extras = all.iter().map(|group| {
        let mut extra = Shape::anything(base.span);
        let logic = extra.logic.edit();
        match kind {
            Alternatives::AnyOf => logic.any_of = Some(group.clone()),
            Alternatives::OneOf => logic.one_of = Some(group.clone()),
        }
        extra
    });
    let extras = extras.collect();
    let strip = move |shape: &mut Shape| {
        let Some(logic) = shape.logic.get_mut() else { return };
        let group = match kind {
            Alternatives::AnyOf => &mut logic.any_of,
            Alternatives::OneOf => &mut logic.one_of,
        };
        if group.as_ref().is_some_and(|group| group.value.len() != 1) {
            *group = None;
        }
    };
    copy(shapes, base, &strip, extras)
}

fn with_logic(
    shapes: &mut Shapes,
    base: &Effective,
    conditions: &[Stated<Condition>],
    not: &[Stated<ShapeId>],
) -> Vec<ShapeId> {
    let mut extras = Vec::new();
    for condition in conditions {
        let mut extra = Shape::anything(base.span);
        extra.logic.edit().condition = Some(condition.clone());
        extras.push(extra);
    }
    for excluded in not {
        let mut extra = Shape::anything(base.span);
        extra.logic.edit().not = Some(excluded.clone());
        extras.push(extra);
    }
    let strip = |shape: &mut Shape| {
        if let Some(logic) = shape.logic.get_mut() {
            (logic.condition, logic.not) = (None, None);
        }
    };
    copy(shapes, base, &strip, extras)
}

/// The place with these shapes in a slot, or with the slot empty.
fn put(
    shapes: &mut Shapes,
    base: &Effective,
    slot: &Slot,
    inner: Option<&[ShapeId]>,
) -> Vec<ShapeId> {
    let filled = inner.map(|ids| conjunction(shapes, base, ids));
    match slot {
        Slot::Property(_)
        | Slot::PatternProperty(_)
        | Slot::Additional
        | Slot::Unevaluated
        | Slot::Position(_)
        | Slot::Rest
        | Slot::UnevaluatedItems => put_in_main(shapes, base, slot, filled),
        Slot::Names => {
            let mut extra = Shape::anything(base.span);
            extra.object.edit().names = filled;
            let strip = |shape: &mut Shape| {
                shape.object.get_mut().into_iter().for_each(|object| object.names = None);
            };
            copy(shapes, base, &strip, vec![extra])
        }
        Slot::Content => {
            let mut extra = Shape::anything(base.span);
            extra.text.edit().content = filled;
            let strip = |shape: &mut Shape| {
                shape.text.get_mut().into_iter().for_each(|text| text.content = None);
            };
            copy(shapes, base, &strip, vec![extra])
        }
        Slot::DependentShape(name) => {
            let mut extra = Shape::anything(base.span);
            if let Some(id) = filled {
                let stated = Stated { value: id, span: base.span };
                extra.object.edit().dependent_shapes.insert(name.clone(), stated);
            }
            let strip = |shape: &mut Shape| {
                shape.object.get_mut().into_iter().for_each(|object| {
                    object.dependent_shapes.remove(name);
                });
            };
            copy(shapes, base, &strip, vec![extra])
        }
        Slot::Contained(index) => {
            let mut changed = base.clone();
            if let (Some(contains), Some(id)) = (changed.contains.get_mut(*index), filled) {
                contains.shape = id;
            }
            conjoin_contains(shapes, base, &changed)
        }
        Slot::Branch(kind, group, branch) => {
            let mut all = groups(base, *kind).to_vec();
            let own = all.get_mut(*group).and_then(|group| group.value.get_mut(*branch));
            if let (Some(own), Some(id)) = (own, filled) {
                *own = id;
            }
            with_groups(shapes, base, *kind, &all)
        }
        Slot::Not(index) => {
            let mut not = base.not.clone();
            if let (Some(excluded), Some(id)) = (not.get_mut(*index), filled) {
                excluded.value = id;
            }
            with_logic(shapes, base, &base.conditions, &not)
        }
        Slot::When(index) | Slot::Then(index) | Slot::Otherwise(index) => {
            let mut conditions = base.conditions.clone();
            if let Some(condition) = conditions.get_mut(*index) {
                match (slot, filled) {
                    (Slot::When(_), Some(id)) => condition.value.when = id,
                    (Slot::Then(_), id) => condition.value.then = id,
                    (Slot::Otherwise(_), id) => condition.value.otherwise = id,
                    _ => {}
                }
            }
            with_logic(shapes, base, &conditions, &base.not)
        }
    }
}

/// Slots whose meaning depends on the shape that holds them go into the shape that declares most.
fn put_in_main(
    shapes: &mut Shapes,
    base: &Effective,
    slot: &Slot,
    filled: Option<ShapeId>,
) -> Vec<ShapeId> {
    let main = main_of(shapes, base);
    let anything = shapes.add(Shape::anything(base.span));
    let fill = |shape: &mut Shape, is_main: bool| {
        let span = base.span;
        match slot {
            Slot::Property(name) => {
                let Some(object) = object_for(shape, is_main) else { return };
                let declared = object.properties.remove(name).is_some();
                let inside = if is_main { filled } else { filled.map(|_| anything) };
                if let Some(id) = inside
                    && (is_main || declared)
                {
                    object.properties.insert(name.clone(), Stated { value: id, span });
                }
            }
            Slot::PatternProperty(pattern) => {
                let Some(object) = object_for(shape, is_main) else { return };
                object.patterns.retain(|(stated, _)| stated.value != *pattern);
                if let (true, Some(id)) = (is_main, filled) {
                    object.patterns.push((Stated { value: pattern.clone(), span }, id));
                }
            }
            Slot::Additional => {
                let Some(object) = object_for(shape, is_main) else { return };
                object.additional = if is_main { filled } else { None };
            }
            Slot::Unevaluated => {
                let Some(object) = object_for(shape, is_main) else { return };
                object.unevaluated = if is_main { filled } else { None };
            }
            Slot::Position(_) | Slot::Rest | Slot::UnevaluatedItems => {
                put_in_array(shape, slot, is_main, filled);
            }
            _ => {}
        }
    };
    copy_with(shapes, base, &|id, shape| fill(shape, id == main), Vec::new())
}

fn put_in_array(shape: &mut Shape, slot: &Slot, is_main: bool, filled: Option<ShapeId>) {
    if shape.array.get().is_none() && !is_main {
        return;
    }
    let array = shape.array.edit();
    match slot {
        Slot::Position(index) => {
            let Some(place) = array.prefix.get_mut(*index) else { return };
            if let Some(id) = filled {
                *place = id;
            }
        }
        Slot::Rest => array.rest = if is_main { filled } else { None },
        _ => array.unevaluated = if is_main { filled } else { None },
    }
}

/// What the shape says of objects, for rewriting; made where it is the main one.
fn object_for(shape: &mut Shape, is_main: bool) -> Option<&mut crate::model::ObjectFacets> {
    if is_main { Some(shape.object.edit()) } else { shape.object.get_mut() }
}

/// The shape of the place that declares most members or elements.
fn main_of(shapes: &Shapes, base: &Effective) -> ShapeId {
    let weight = |id: &ShapeId| {
        let shape = shapes.get(*id);
        let members = shape.object.get().map_or(0, |object| {
            2 * (object.properties.len() + object.patterns.len())
                + usize::from(object.additional.is_some() || object.unevaluated.is_some())
        });
        members + shape.array.get().map_or(0, |array| array.prefix.len() + 1)
    };
    let mut best = base.conjuncts.first().copied().unwrap_or_else(|| {
        // A place always has a conjunct; the first node stands in where it had none.
        base.nodes.first().copied().unwrap_or_default()
    });
    let mut most = 0;
    for id in &base.nodes {
        if weight(id) > most {
            (best, most) = (*id, weight(id));
        }
    }
    best
}

/// One shape for several.
fn conjunction(shapes: &mut Shapes, base: &Effective, ids: &[ShapeId]) -> ShapeId {
    if let [only] = ids {
        return *only;
    }
    let mut all = Shape::anything(base.span);
    all.logic.edit().all_of = ids.to_vec();
    shapes.add(all)
}

fn copy(
    shapes: &mut Shapes,
    base: &Effective,
    strip: &dyn Fn(&mut Shape),
    extras: Vec<Shape>,
) -> Vec<ShapeId> {
    copy_with(shapes, base, &|_, shape| strip(shape), extras)
}

/// Copies the shapes of a place, rewritten one by one, with further statements beside them.
fn copy_with(
    shapes: &mut Shapes,
    base: &Effective,
    rewrite: &dyn Fn(ShapeId, &mut Shape),
    extras: Vec<Shape>,
) -> Vec<ShapeId> {
    let mut copies: BTreeMap<ShapeId, ShapeId> = BTreeMap::new();
    for id in &base.nodes {
        copies.insert(*id, shapes.reserve(base.span));
    }
    for id in &base.nodes {
        let mut shape = shapes.get(*id).clone();
        rewrite(*id, &mut shape);
        let moved = |id: &mut ShapeId| *id = copies.get(id).copied().unwrap_or(*id);
        if let Some(reference) = &mut shape.reference {
            moved(&mut reference.target);
        }
        if let Some(LogicFacets { all_of, any_of, one_of, not: _, condition: _ }) =
            shape.logic.get_mut()
        {
            all_of.iter_mut().for_each(moved);
            for group in [any_of, one_of].into_iter().flatten() {
                if let [only] = group.value.as_mut_slice() {
                    moved(only);
                }
            }
        }
        if let Some(copy) = copies.get(id) {
            shapes.set(*copy, shape);
        }
    }
    let mut result: Vec<ShapeId> =
        base.conjuncts.iter().map(|id| copies.get(id).copied().unwrap_or(*id)).collect();
    let said = extras.into_iter().filter(|extra| *extra != Shape::anything(base.span));
    let extras: Vec<ShapeId> = said.map(|extra| shapes.add(extra)).collect();
    match result.first() {
        // Inside the first shape, so that its `unevaluated…` sees what the statements evaluate.
        Some(first) if !extras.is_empty() => {
            let mut shape = shapes.get(*first).clone();
            shape.logic.edit().all_of.extend(extras);
            shapes.set(*first, shape);
        }
        _ => result.extend(extras),
    }
    result
}

fn listed(values: &Stated<std::collections::BTreeSet<Json>>) -> Stated<Vec<Json>> {
    Stated { value: values.value.iter().cloned().collect(), span: values.span }
}

fn with_or_without(base: &Effective, donor: &Effective, value: &Json) -> Option<Stated<Vec<Json>>> {
    let mut values = base.values.clone()?;
    if donor.values.as_ref()?.value.contains(value) {
        values.value.insert(value.clone());
    } else {
        values.value.remove(value);
    }
    Some(listed(&values))
}

fn strip_values(shape: &mut Shape) {
    (shape.enumeration, shape.constant) = (None, None);
}
