//! Which branch of the old alternatives is which of the new.

use crate::model::{Equality, ShapeId, Shapes};
use crate::rules::edit::Alternatives;
use crate::rules::effective::Effective;
use crate::rules::union::{GroupPair, Pairing, groups};

/// Pairs the branches of groups that correspond by position: equal ones first, then those that are
/// called the same, then those that are told apart by the same value, then what is left in order.
pub(super) fn pair(
    shapes: &Shapes,
    equality: &Equality,
    old: &Effective,
    new: &Effective,
) -> Pairing {
    let mut pairing = Pairing::default();
    for kind in [Alternatives::AnyOf, Alternatives::OneOf] {
        let (was, is) = (groups(old, kind), groups(new, kind));
        if was.len() != is.len() {
            continue;
        }
        for (index, (was, is)) in was.iter().zip(is).enumerate() {
            let branches = branches(shapes, equality, &was.value, &is.value);
            pairing.groups.push(GroupPair { kind, index, branches });
        }
    }
    pairing
}

fn branches(
    shapes: &Shapes,
    equality: &Equality,
    old: &[ShapeId],
    new: &[ShapeId],
) -> Vec<(usize, usize)> {
    let tests: [&dyn Fn(ShapeId, ShapeId) -> bool; 5] = [
        &|a, b| equality.same_text(a, b),
        &|a, b| equality.same_sense(a, b),
        &|a, b| name(shapes, a).is_some() && name(shapes, a) == name(shapes, b),
        &|a, b| tags(shapes, a).is_some_and(|tags| tags_meet(&tags, shapes, b)),
        &|a, b| name(shapes, a).is_none() && name(shapes, b).is_none() && alike(shapes, a, b),
    ];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for test in tests {
        for (was, a) in old.iter().enumerate() {
            if pairs.iter().any(|(taken, _)| *taken == was) {
                continue;
            }
            let free = |is: usize| pairs.iter().all(|(_, taken)| *taken != is);
            let found = new.iter().enumerate().find(|(is, b)| free(*is) && test(*a, **b));
            if let Some((is, _)) = found {
                pairs.push((was, is));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// What a branch is called: by reference, else by title.
fn name(shapes: &Shapes, id: ShapeId) -> Option<String> {
    let shape = shapes.get(id);
    if let Some(reference) = &shape.reference {
        return Some(reference.name.rsplit(['/', '#']).next()?.to_owned());
    }
    Some(shape.notes.get()?.title.as_ref()?.value.to_string())
}

/// The members that hold one constant, by which alternatives are told apart.
fn tags(shapes: &Shapes, id: ShapeId) -> Option<Vec<(String, crate::model::Json)>> {
    let effective = Effective::of(shapes, &[id])?;
    let mut tags = Vec::new();
    for (name, member) in &effective.properties {
        let values = Effective::of(shapes, &member.shapes).and_then(|member| member.values);
        if let Some(values) = values
            && let Some(only) = values.value.first()
            && values.value.len() == 1
        {
            tags.push((name.to_string(), only.clone()));
        }
    }
    if tags.is_empty() { None } else { Some(tags) }
}

fn tags_meet(tags: &[(String, crate::model::Json)], shapes: &Shapes, other: ShapeId) -> bool {
    self::tags(shapes, other).is_some_and(|others| tags.iter().any(|tag| others.contains(tag)))
}

/// Whether two unnamed branches speak of the same types.
fn alike(shapes: &Shapes, a: ShapeId, b: ShapeId) -> bool {
    let kinds = |id| Effective::of(shapes, &[id]).and_then(|it| it.kinds).map(|kinds| kinds.value);
    kinds(a) == kinds(b)
}
