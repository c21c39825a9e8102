//! Filling and emptying the slots of a copy.

use std::sync::Arc;

use super::copy::{conjunction, copy, copy_with};
use super::joined::Joined;
use super::others::declare;
use super::statement::{with_contains, with_groups, with_logic};
use crate::model::{Condition, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Alternatives, GroupAt, Slot};
use crate::rules::effective::Effective;
use crate::rules::union::groups;
use crate::source::Span;

/// The place with these shapes in a slot, or with the slot empty.
pub(super) fn put(
    shapes: &mut Shapes,
    base: &Effective,
    slot: &Slot,
    inner: Option<&[ShapeId]>,
) -> Vec<ShapeId> {
    let filled = inner.map(|ids| conjunction(shapes, base, ids));
    match slot {
        Slot::Property(_)
        | Slot::Member(_)
        | Slot::Family(_)
        | Slot::PatternProperty(_)
        | Slot::Additional
        | Slot::Unevaluated
        | Slot::Position(_)
        | Slot::Rest
        | Slot::UnevaluatedItems => put_in_main(shapes, base, &[(slot, filled)]),
        Slot::Names => {
            let strip = |shape: &mut Shape| {
                shape.object.get_mut().into_iter().for_each(|object| object.names = None);
            };
            put_beside(shapes, base, |extra| extra.object.edit().names = filled, &strip)
        }
        Slot::Content => {
            let strip = |shape: &mut Shape| {
                shape.text.get_mut().into_iter().for_each(|text| text.content = None);
            };
            put_beside(shapes, base, |extra| extra.text.edit().content = filled, &strip)
        }
        Slot::DependentShape(name) => {
            let strip = |shape: &mut Shape| {
                shape.object.get_mut().into_iter().for_each(|object| {
                    object.dependent_shapes.remove(name);
                });
            };
            let fill = |extra: &mut Shape| {
                let stated = filled.map(|value| Stated { value, span: base.span });
                let dependent = &mut extra.object.edit().dependent_shapes;
                dependent.extend(stated.map(|stated| (name.clone(), stated)));
            };
            put_beside(shapes, base, fill, &strip)
        }
        Slot::Contained(_) => put_in_contains(shapes, base, &[(slot, filled)]),
        Slot::Branch(at, _) => put_in_groups(shapes, base, at.kind, &[(slot, filled)]),
        Slot::Not(_) | Slot::When(_) | Slot::Then(_) | Slot::Otherwise(_) => {
            put_in_logic(shapes, base, &[(slot, filled)])
        }
        Slot::Itself | Slot::Respelled(_) => {
            inner.map_or_else(|| base.conjuncts.clone(), <[ShapeId]>::to_vec)
        }
    }
}

/// Slots, and what each is to hold.
type Fills<'f> = [(&'f Slot, Option<ShapeId>)];

/// The place with other demands on what its array contains.
fn put_in_contains(shapes: &mut Shapes, base: &Effective, fills: &Fills<'_>) -> Vec<ShapeId> {
    let mut all = base.contains.clone();
    for (slot, filled) in fills {
        if let Slot::Contained(index) = slot
            && let (Some(contains), Some(id)) = (all.get_mut(*index), *filled)
        {
            contains.shape = id;
        }
    }
    with_contains(shapes, base, &all)
}

/// The place with other branches.
fn put_in_groups(
    shapes: &mut Shapes,
    base: &Effective,
    kind: Alternatives,
    fills: &Fills<'_>,
) -> Vec<ShapeId> {
    let mut all = groups(base, kind).to_vec();
    for (slot, filled) in fills {
        let Slot::Branch(at, branch) = slot else { continue };
        let own = all.get_mut(at.index).and_then(|group| group.value.get_mut(*branch));
        if let (Some(own), Some(id)) = (own, *filled) {
            *own = id;
        }
    }
    with_groups(shapes, base, kind, &all)
}

/// The place with its conditions and what it excludes changed.
fn put_in_logic(shapes: &mut Shapes, base: &Effective, fills: &Fills<'_>) -> Vec<ShapeId> {
    let (mut conditions, mut not) = (base.conditions.clone(), base.not.clone());
    for (slot, filled) in fills {
        let mut fill = |index: usize, fill: &dyn Fn(&mut Condition)| {
            conditions.get_mut(index).into_iter().for_each(|condition| fill(&mut condition.value));
        };
        if let Slot::Not(index) = slot {
            if let (Some(excluded), Some(id)) = (not.get_mut(*index), *filled) {
                excluded.value = id;
            }
        } else if let Slot::When(index) = slot {
            fill(*index, &|condition| condition.when = filled.unwrap_or(condition.when));
        } else if let Slot::Then(index) = slot {
            fill(*index, &|condition| condition.then = *filled);
        } else if let Slot::Otherwise(index) = slot {
            fill(*index, &|condition| condition.otherwise = *filled);
        }
    }
    with_logic(shapes, base, &conditions, &not)
}

/// Slots that mean the same in whatever shape holds them go into one of their own.
fn put_beside(
    shapes: &mut Shapes,
    base: &Effective,
    fill: impl FnOnce(&mut Shape),
    strip: &dyn Fn(&mut Shape),
) -> Vec<ShapeId> {
    let mut extra = Shape::anything(base.span);
    fill(&mut extra);
    copy(shapes, base, strip, vec![extra])
}

/// The place with every slot that these name holding their shapes, or empty where they have none. Each
/// copy of a place is larger than the place: what can be filled at once is.
pub(super) fn put_all(
    shapes: &mut Shapes,
    base: &Effective,
    fills: &[(Slot, Vec<ShapeId>)],
) -> Option<Vec<ShapeId>> {
    let mut made = base.conjuncts.clone();
    for at_once in [Filled::Main, Filled::Contains, Filled::AnyOf, Filled::OneOf, Filled::Logic] {
        let mut filled = Vec::new();
        for (slot, ids) in fills.iter().filter(|(slot, _)| Filled::of(slot) == at_once) {
            let id = (!ids.is_empty()).then(|| conjunction(shapes, base, ids));
            filled.push((slot, id));
        }
        if filled.is_empty() {
            continue;
        }
        let here = Effective::of(shapes, &made)?;
        made = match at_once {
            Filled::Main => put_in_main(shapes, &here, &filled),
            Filled::Contains => put_in_contains(shapes, &here, &filled),
            Filled::AnyOf => put_in_groups(shapes, &here, Alternatives::AnyOf, &filled),
            Filled::OneOf => put_in_groups(shapes, &here, Alternatives::OneOf, &filled),
            Filled::Logic => put_in_logic(shapes, &here, &filled),
            Filled::Alone => made,
        };
    }
    for (slot, ids) in fills.iter().filter(|(slot, _)| Filled::of(slot) == Filled::Alone) {
        let base = Effective::of(shapes, &made)?;
        made = put(shapes, &base, slot, (!ids.is_empty()).then_some(ids));
    }
    Some(made)
}

/// With which others a slot is filled at once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filled {
    /// Those whose meaning depends on the shape that holds them.
    Main,
    Contains,
    AnyOf,
    OneOf,
    /// Conditions, and what is excluded.
    Logic,
    /// None.
    Alone,
}

impl Filled {
    fn of(slot: &Slot) -> Self {
        match slot {
            Slot::Property(_)
            | Slot::Member(_)
            | Slot::Family(_)
            | Slot::PatternProperty(_)
            | Slot::Additional
            | Slot::Unevaluated
            | Slot::Position(_)
            | Slot::Rest
            | Slot::UnevaluatedItems => Self::Main,
            Slot::Contained(_) => Self::Contains,
            Slot::Branch(GroupAt { kind: Alternatives::AnyOf, index: _ }, _) => Self::AnyOf,
            Slot::Branch(GroupAt { kind: Alternatives::OneOf, index: _ }, _) => Self::OneOf,
            Slot::Not(_) | Slot::When(_) | Slot::Then(_) | Slot::Otherwise(_) => Self::Logic,
            Slot::Names
            | Slot::Content
            | Slot::DependentShape(_)
            | Slot::Itself
            | Slot::Respelled(_) => Self::Alone,
        }
    }
}

/// Slots whose meaning depends on the shape that holds them go into the shape that has them, and what is
/// new into the one that declares most.
fn put_in_main(shapes: &mut Shapes, base: &Effective, fills: &Fills<'_>) -> Vec<ShapeId> {
    let main = main_of(shapes, base);
    let anything = shapes.add(Shape::anything(base.span));
    let holder = |slot: &Slot| {
        let own = base.nodes.iter().find(|id| has(shapes.get(**id), slot));
        own.copied().unwrap_or(main)
    };
    let holders: Vec<ShapeId> = fills.iter().map(|(slot, _)| holder(slot)).collect();
    let joined = Joined::of(fills.iter().map(|(slot, _)| *slot));
    let freed = joined.free(shapes, base);
    let joins = base.others.len() > 1 && fills.iter().any(|(slot, _)| **slot == Slot::Additional);
    let extras = if joins { vec![joined.beside(shapes, base)] } else { Vec::new() };
    let rewrite = |id: ShapeId, shape: &mut Shape| {
        for ((slot, filled), holder) in fills.iter().zip(&holders) {
            if joins && id == *holder && **slot == Slot::Additional {
                base.properties.keys().for_each(|name| declare(shape, name, anything));
            }
            fill(shape, id == *holder, base.span, (slot, *filled), anything);
        }
        for (_, free) in freed.iter().filter(|(part, _)| *part == id) {
            free.declare(shape, base.span, anything);
        }
    };
    copy_with(shapes, base, &rewrite, extras)
}

/// Whether the shape says something in this slot.
fn has(shape: &Shape, slot: &Slot) -> bool {
    let Some(object) = shape.object.get() else { return false };
    match slot {
        Slot::Property(name) | Slot::Member(name) => object.properties.contains_key(name),
        Slot::PatternProperty(pattern) | Slot::Family(pattern) => {
            object.patterns.iter().any(|(stated, _)| stated.value == *pattern)
        }
        Slot::Additional => object.additional.is_some(),
        Slot::Unevaluated => object.unevaluated.is_some(),
        Slot::Position(_)
        | Slot::Rest
        | Slot::UnevaluatedItems
        | Slot::Names
        | Slot::Contained(_)
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Branch(..)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_)
        | Slot::Itself
        | Slot::Respelled(_) => false,
    }
}

/// Fills one slot of a shape, or empties it; `anything` keeps what others declare declared.
fn fill(
    shape: &mut Shape,
    is_main: bool,
    span: Span,
    (slot, filled): (&Slot, Option<ShapeId>),
    anything: ShapeId,
) {
    match slot {
        Slot::Property(name) | Slot::Member(name) => {
            let Some(object) = object_for(shape, is_main) else { return };
            let properties = Arc::make_mut(&mut object.properties);
            let declared = properties.remove(name).is_some();
            let inside = if is_main { filled } else { filled.map(|_| anything) };
            if let Some(id) = inside
                && (is_main || declared)
            {
                properties.insert(name.clone(), Stated { value: id, span });
            }
        }
        Slot::PatternProperty(pattern) | Slot::Family(pattern) => {
            let Some(object) = object_for(shape, is_main) else { return };
            let known = object.patterns.len();
            object.patterns.retain(|(stated, _)| stated.value != *pattern);
            let declared = object.patterns.len() < known;
            let inside = if is_main { filled } else { filled.map(|_| anything) };
            if let Some(id) = inside
                && (is_main || declared)
            {
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
        Slot::Names
        | Slot::Contained(_)
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Branch(..)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_)
        | Slot::Itself
        | Slot::Respelled(_) => {}
    }
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
        Slot::UnevaluatedItems => array.unevaluated = if is_main { filled } else { None },
        Slot::Property(_)
        | Slot::Member(_)
        | Slot::Family(_)
        | Slot::PatternProperty(_)
        | Slot::Additional
        | Slot::Unevaluated
        | Slot::Names
        | Slot::Contained(_)
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Branch(..)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_)
        | Slot::Itself
        | Slot::Respelled(_) => {}
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
