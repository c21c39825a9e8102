//! One side spelled like the other, where the one is a group of alternatives and the other is not.
//!
//! `S` and `anyOf: [S, T]` are two alternatives with one in common, not two shapes that have nothing
//! in common: `S` is read as the group whose only alternative it is. A list of types is read as
//! alternatives of one type each where the other side writes it so.

use std::collections::BTreeSet;

use super::copy::{conjunction, copy, copy_with};
use super::similarity::{Likeness, Look, Profile};
use crate::model::{
    Equality, Json, Kind, Kinds, LogicFacets, Notes, Shape, ShapeId, Shapes, Stated,
};
use crate::rules::edit::{Alternatives, GroupAt, Slot};
use crate::rules::effective::Effective;
use crate::rules::union::{group, reference_name};

/// The slots through which the two places are compared, if one of them had to be respelled. `nothing`
/// is the shape that a group with one branch is filled up with.
pub(super) fn respelled(
    shapes: &mut Shapes,
    equality: &Equality,
    nothing: ShapeId,
    (old, new): (&Effective, &Effective),
) -> Option<(Slot, Slot)> {
    let mut spell = |plain, like| like_group(shapes, equality, nothing, plain, like);
    if let Some(id) = spell(old, new) {
        return Some((Slot::Respelled(id), Slot::Itself));
    }
    let id = spell(new, old)?;
    Some((Slot::Itself, Slot::Respelled(id)))
}

/// `plain` as a group of alternatives, where `like` is one.
fn like_group(
    shapes: &mut Shapes,
    equality: &Equality,
    nothing: ShapeId,
    plain: &Effective,
    like: &Effective,
) -> Option<ShapeId> {
    if plain.nothing.or(like.nothing).is_some() {
        return None;
    }
    let at = sole_group(like)?;
    let kind = at.kind;
    let stated = group(like, at)?.clone();
    let alone = says_nothing_else(shapes, like);
    let wrap = |shapes: &mut Shapes, branch: ShapeId| {
        let (inner, notes) = if notes_are_outside(shapes, like, branch) {
            (copy(shapes, plain, &silence, Vec::new()), plain.notes.clone())
        } else {
            (plain.conjuncts.clone(), Notes::default())
        };
        let inner = conjunction(shapes, plain, &inner);
        Some(grouped(shapes, (plain, like), kind, vec![inner, nothing], notes))
    };
    // Two groups alike are paired branch by branch, though all branches of the one say the same.
    let own = sole_group(plain).filter(|own| own.kind == kind);
    let own = own.and_then(|own| group(plain, own));
    let is_alike = own.is_some_and(|own| own.value.len() == stated.value.len());
    if alone
        && !is_alike
        && let Some(same) = identical(shapes, equality, plain, &stated.value)
    {
        return wrap(shapes, same);
    }
    if !plain.any_of.is_empty() || !plain.one_of.is_empty() {
        return None;
    }
    if let Some(id) = single(shapes, nothing, plain, kind) {
        return Some(id);
    }
    if !alone {
        return part_of(shapes, equality, nothing, (plain, like), (kind, &stated.value));
    }
    let parts = by_kinds(shapes, plain, &stated.value);
    if let Some(parts) = parts.or_else(|| by_values(shapes, plain, &stated.value)) {
        return Some(grouped(shapes, (plain, like), kind, parts, plain.notes.clone()));
    }
    let (branch, _) = alike(Look { shapes, equality }, &plain.conjuncts, &stated.value)?;
    wrap(shapes, branch)
}

/// The place with one of the shapes that it is made of as a group, where beside the group of the
/// other side something else is said: `allOf: [S, T]` beside `allOf: [anyOf: [S, U], T]`.
fn part_of(
    shapes: &mut Shapes,
    equality: &Equality,
    nothing: ShapeId,
    (plain, like): (&Effective, &Effective),
    (kind, branches): (Alternatives, &[ShapeId]),
) -> Option<ShapeId> {
    /// How many parts of a place are looked at.
    const MAX_PARTS: usize = 16;
    let mut parts: Vec<ShapeId> = Vec::new();
    if plain.conjuncts.len() > 1 {
        parts.extend(&plain.conjuncts);
    }
    for id in &plain.nodes {
        parts.extend(shapes.get(*id).logic.get().into_iter().flat_map(|logic| &logic.all_of));
    }
    parts.truncate(MAX_PARTS);
    let same = parts.iter().find(|part| {
        Effective::of(shapes, &[**part])
            .is_some_and(|part| identical(shapes, equality, &part, branches).is_some())
    });
    let near = || {
        let look = Look { shapes, equality };
        let scored =
            parts.iter().filter_map(|part| Some((alike(look, &[*part], branches)?.1, *part)));
        let best = scored.max_by_key(|(likeness, part)| (*likeness, std::cmp::Reverse(*part)));
        best.map(|(_, part)| part)
    };
    let part = same.copied().or_else(near)?;
    let inner = Effective::of(shapes, &[part])?;
    let group = grouped(shapes, (&inner, like), kind, vec![part, nothing], Notes::default());
    let swap = |id: &mut ShapeId| {
        if *id == part {
            *id = group;
        }
    };
    let rewrite = |_, shape: &mut Shape| {
        shape.logic.get_mut().into_iter().for_each(|logic| logic.all_of.iter_mut().for_each(swap));
    };
    let mut around = plain.clone();
    around.conjuncts.iter_mut().for_each(swap);
    let copies = copy_with(shapes, &around, &rewrite, Vec::new());
    Some(conjunction(shapes, plain, &copies))
}

/// The group of alternatives, where there is one only.
pub(super) fn sole_group(side: &Effective) -> Option<GroupAt> {
    match (side.any_of.len(), side.one_of.len()) {
        (1, 0) => Some(GroupAt { kind: Alternatives::AnyOf, index: 0 }),
        (0, 1) => Some(GroupAt { kind: Alternatives::OneOf, index: 0 }),
        _ => None,
    }
}

/// Whether the shapes of the place say nothing to validation beside their alternatives, types aside.
pub(crate) fn says_nothing_else(shapes: &Shapes, side: &Effective) -> bool {
    side.nodes.iter().all(|id| {
        let mut shape = shapes.get(*id).clone();
        (shape.reference, shape.kinds) = (None, None);
        let format = shape.notes.get().is_some_and(|notes| notes.format.is_some());
        shape.notes = crate::model::Sparse::default();
        if shape.boolean == Some(true) {
            shape.boolean = None;
        }
        if let Some(LogicFacets { all_of, any_of, one_of, not: _, condition: _ }) =
            shape.logic.get_mut()
        {
            all_of.clear();
            (*any_of, *one_of) = (None, None);
        }
        !format && shape == Shape::anything(shape.span.span)
    })
}

/// The branch that says what the place says, or is called what it is called.
fn identical(
    shapes: &Shapes,
    equality: &Equality,
    plain: &Effective,
    branches: &[ShapeId],
) -> Option<ShapeId> {
    let same = branches.iter().find(|id| equality.same_senses(&plain.conjuncts, &[**id]));
    let named = || {
        let [only] = plain.conjuncts.as_slice() else { return None };
        let name = reference_name(shapes, *only)?;
        branches.iter().find(|id| reference_name(shapes, **id) == Some(name))
    };
    same.or_else(named).copied()
}

/// The branch that is most like the shapes, where one is.
fn alike(look: Look<'_>, plain: &[ShapeId], branches: &[ShapeId]) -> Option<(ShapeId, Likeness)> {
    /// How many branches are looked at.
    const MAX_BRANCHES: usize = 48;
    let profile = Profile::of(look, plain);
    let scored = branches.iter().take(MAX_BRANCHES).map(|id| {
        let other = Profile::of(look, &[*id]);
        let asked =
            if profile.told_apart_from(&other) { Likeness::RENAMED } else { Likeness::ALIKE };
        (profile.likeness(&other), asked, *id)
    });
    let near = scored.filter(|(likeness, asked, _)| likeness >= asked);
    // The first of those that are most alike.
    let best = near.max_by_key(|(likeness, _, id)| (*likeness, std::cmp::Reverse(*id)));
    best.map(|(likeness, _, id)| (id, likeness))
}

/// The place with its group of one branch kept as a group.
fn single(
    shapes: &mut Shapes,
    nothing: ShapeId,
    plain: &Effective,
    kind: Alternatives,
) -> Option<ShapeId> {
    let stated: Vec<(ShapeId, Stated<Vec<ShapeId>>)> = plain
        .nodes
        .iter()
        .filter_map(|id| {
            let logic = shapes.get(*id).logic.get()?;
            Some((*id, logic.any_of.as_ref().or(logic.one_of.as_ref())?.clone()))
        })
        .collect();
    let [(node, only)] = stated.as_slice() else { return None };
    let rewrite = |id: ShapeId, shape: &mut Shape| {
        if id == *node {
            let mut value = only.value.clone();
            value.push(nothing);
            let group = Some(Stated { value, span: only.span });
            let logic = shape.logic.edit();
            (logic.any_of, logic.one_of) = match kind {
                Alternatives::AnyOf => (group, None),
                Alternatives::OneOf => (None, group),
            };
        }
    };
    let copies = copy_with(shapes, plain, &rewrite, Vec::new());
    Some(conjunction(shapes, plain, &copies))
}

/// The place once for each branch, restricted to the types of that branch, where it lists several
/// types and the branches have one of them each.
fn by_kinds(shapes: &mut Shapes, plain: &Effective, branches: &[ShapeId]) -> Option<Vec<ShapeId>> {
    let mut rest = plain.kinds.as_ref()?.value;
    if !plain.not.is_empty() || !plain.conditions.is_empty() {
        return None;
    }
    let (mut parts, mut seen) = (Vec::new(), Kinds::NONE);
    for id in branches {
        let kinds = Effective::of(shapes, &[*id])?.kinds?.value;
        if !seen.and(kinds).is_none() {
            return None;
        }
        seen = seen.or(kinds);
        let shared = rest.and(kinds);
        let left = rest.without(kinds);
        let numbers = Kinds::NONE.with(Kind::Number);
        if !shared.and(numbers).is_none() && !left.and(numbers).is_none() {
            return None;
        }
        if !shared.is_none() {
            parts.push(shared);
            rest = left;
        }
    }
    if !rest.is_none() {
        parts.push(rest);
    }
    if parts.len() < 2 {
        return None;
    }
    Some(parts.into_iter().map(|kinds| restricted(shapes, plain, kinds)).collect())
}

/// The place once for each branch, restricted to the values of that branch, where it lists several
/// and so do the branches.
fn by_values(shapes: &mut Shapes, plain: &Effective, branches: &[ShapeId]) -> Option<Vec<ShapeId>> {
    let mut rest = plain.values.as_ref()?.value.clone();
    let own = plain.kinds.as_ref();
    let mut parts: Vec<(BTreeSet<Json>, Option<Stated<Kinds>>)> = Vec::new();
    for id in branches {
        let branch = Effective::of(shapes, &[*id])?;
        let values = branch.values?.value;
        let (shared, left): (BTreeSet<Json>, _) =
            rest.into_iter().partition(|value| values.contains(value));
        rest = left;
        // Beside a list of values, types that they all have say nothing.
        let idle = |kinds: Option<&Stated<Kinds>>| {
            kinds.is_none_or(|kinds| shared.iter().all(|value| kinds.value.has(value.kind())))
        };
        let like = idle(own) && idle(branch.kinds.as_ref());
        parts.push((shared, if like { branch.kinds } else { own.cloned() }));
    }
    parts.push((rest, own.cloned()));
    parts.retain(|(values, _)| !values.is_empty());
    if parts.len() < 2 {
        return None;
    }
    let only = |shapes: &mut Shapes, (values, kinds): (BTreeSet<Json>, Option<Stated<Kinds>>)| {
        let strip = |shape: &mut Shape| {
            silence(shape);
            (shape.constant, shape.kinds) = (None, kinds.clone());
            if let Some(list) = &mut shape.enumeration {
                list.value.retain(|value| values.contains(value));
            }
        };
        let copies = copy(shapes, plain, &strip, Vec::new());
        conjunction(shapes, plain, &copies)
    };
    Some(parts.into_iter().map(|part| only(shapes, part)).collect())
}

/// The place with these types only, and without what is said of others.
fn restricted(shapes: &mut Shapes, plain: &Effective, kinds: Kinds) -> ShapeId {
    let may_be = |kind: Kind| !kinds.and(Kinds::NONE.with(kind)).is_none();
    let strip = |shape: &mut Shape| {
        silence(shape);
        if let Some(stated) = &mut shape.kinds {
            stated.value = stated.value.and(kinds);
        }
        if !may_be(Kind::Number) {
            shape.number = crate::model::Sparse::default();
        }
        if !may_be(Kind::String) {
            shape.text = crate::model::Sparse::default();
        }
        if !may_be(Kind::Array) {
            shape.array = crate::model::Sparse::default();
        }
        if !may_be(Kind::Object) {
            shape.object = crate::model::Sparse::default();
        }
        if let Some(notes) = shape.notes.get_mut()
            && !may_be(Kind::Number)
            && !may_be(Kind::String)
        {
            notes.format = None;
        }
        let only_null = kinds == Kinds::NONE.with(Kind::Null);
        if let Some(list) = &mut shape.enumeration {
            list.value.retain(|value| may_be(value.kind()));
            if only_null && list.value == [Json::Null] {
                shape.enumeration = None;
            }
        }
        if only_null && shape.constant.as_ref().is_some_and(|stated| stated.value == Json::Null) {
            shape.constant = None;
        }
    };
    let copies = copy(shapes, plain, &strip, Vec::new());
    conjunction(shapes, plain, &copies)
}

/// Whether notes stand beside the group rather than in the branch: whoever wraps a shape moves them
/// out.
fn notes_are_outside(shapes: &Shapes, like: &Effective, branch: ShapeId) -> bool {
    let inside = Effective::of(shapes, &[branch]).map(|branch| branch.notes);
    like.notes != Notes::default() && inside.is_none_or(|notes| notes == Notes::default())
}

/// Takes away what is only said to people.
fn silence(shape: &mut Shape) {
    let Some(said) = shape.notes.get_mut() else { return };
    let Notes {
        format,
        default: _,
        examples: _,
        title: _,
        description: _,
        deprecated: _,
        read_only,
        write_only,
        extensible,
        discriminator: _,
        xml: _,
        others: _,
    } = std::mem::take(said);
    (said.format, said.extensible) = (format, extensible);
    (said.read_only, said.write_only) = (read_only, write_only);
}

/// The types that are stated beside the group, where the place admits no others.
fn kinds_beside(plain: &Effective, like: &Effective) -> Option<Stated<Kinds>> {
    let (own, beside) = (plain.kinds.as_ref()?, like.kinds.as_ref()?);
    let within = own.value.without(beside.value).is_none();
    within.then_some(Stated { value: beside.value, span: own.span })
}

/// A group of these branches, with the notes that belong around it.
fn grouped(
    shapes: &mut Shapes,
    (plain, like): (&Effective, &Effective),
    kind: Alternatives,
    branches: Vec<ShapeId>,
    notes: Notes,
) -> ShapeId {
    // A group that is stated where the place is has come there, not where that is declared to which
    // the place refers.
    let first = |side: &Effective| side.conjuncts.first().map(|id| shapes.get(*id));
    let elsewhere = first(like).is_some_and(|shape| shape.reference.is_some());
    let here = first(plain).map(|shape| shape.span.span).filter(|_| !elsewhere);
    let span = here.unwrap_or(plain.span);
    let mut shape = Shape::anything(span);
    shape.kinds = kinds_beside(plain, like);
    let stated = Some(Stated { value: branches, span });
    let logic = shape.logic.edit();
    match kind {
        Alternatives::AnyOf => logic.any_of = stated,
        Alternatives::OneOf => logic.one_of = stated,
    }
    shape.notes = Notes {
        // Who sends the member is said of the whole place.
        read_only: plain.notes.read_only.clone(),
        write_only: plain.notes.write_only.clone(),
        extensible: None,
        ..notes
    }
    .into();
    shapes.add(shape)
}
