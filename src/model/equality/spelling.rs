//! How shapes are spelled: the words that they say themselves, and what they refer to by its name.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::keys::{Look, Said};
use crate::model::{LogicFacets, Shape, ShapeId, Shapes};

/// How deep the parts of a shape are looked at. References end the way, so that only text nested
/// deeper than any document may be is cut off.
const MAX_DEPTH: usize = 1_000;

/// What the shape says to validation where every reference counts as the name by which it refers: what
/// stays the same when only that is edited to which the name leads. A measure for pairing.
pub(crate) fn spelling(shapes: &Shapes, id: ShapeId) -> u64 {
    spelled(shapes, id, MAX_DEPTH)
}

fn spelled(shapes: &Shapes, id: ShapeId, depth: usize) -> u64 {
    let shape = shapes.get(id);
    if let Some(reference) = &shape.reference
        && shape.is_only_a_reference()
    {
        return FixedState::default().hash_one(&reference.name);
    }
    let Some(depth) = depth.checked_sub(1) else { return 0 };
    let named = shape.reference.as_ref();
    let part = |child: ShapeId| {
        let referred = named.filter(|reference| reference.target == child);
        let digest = referred.map_or_else(
            || spelled(shapes, child, depth),
            |reference| FixedState::default().hash_one(&reference.name),
        );
        // Half of a good digest is one.
        u32::try_from(digest & u64::from(u32::MAX)).unwrap_or_default()
    };
    Said::of(shape, Look::Sense, &part).digest()
}

/// Whether both shapes use the same words of validation, whatever their parts say. Spellings that
/// mean the same are told apart: a constant, and a list of one value.
pub(crate) fn same_words(left: &Shape, right: &Shape) -> bool {
    let said = |shape| Said::of(shape, Look::Sense, &|_| 0);
    let lists = |shape: &Shape| {
        shape.logic.get().map_or((0, 0, 0), |logic| {
            let LogicFacets { all_of, any_of, one_of, not: _, condition: _ } = logic;
            let count = |group: &Option<crate::model::Stated<Vec<ShapeId>>>| {
                group.as_ref().map_or(0, |group| group.value.len())
            };
            (all_of.len(), count(any_of), count(one_of))
        })
    };
    let marks = |shape: &Shape| {
        (shape.boolean.is_some(), shape.constant.is_some(), shape.enumeration.is_some())
    };
    marks(left) == marks(right) && lists(left) == lists(right) && said(left) == said(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Kinds, Reference, Stated};
    use crate::source::{FileId, Span};

    fn span() -> Span {
        Span { file: FileId::default(), start: 0, end: 0 }
    }

    fn of_kind(kind: Kind) -> Shape {
        let kinds = Stated { value: Kinds::NONE.with(kind), span: span() };
        Shape { kinds: Some(kinds), ..Shape::anything(span()) }
    }

    #[test]
    fn a_list_of_what_is_called_the_same_is_spelled_the_same() {
        let mut shapes = Shapes::default();
        let mut list_of = |kind, name: &str| {
            let target = shapes.add(of_kind(kind));
            let reference = Some(Reference { target, name: name.into(), span: span() });
            let item = shapes.add(Shape { reference, ..Shape::anything(span()) });
            let mut list = Shape::anything(span());
            list.array.edit().rest = Some(item);
            shapes.add(list)
        };
        let was = list_of(Kind::String, "#/x");
        let is = list_of(Kind::Integer, "#/x");
        let other = list_of(Kind::String, "#/y");
        assert_eq!(spelling(&shapes, was), spelling(&shapes, is));
        assert_ne!(spelling(&shapes, was), spelling(&shapes, other));
        assert!(same_words(shapes.get(was), shapes.get(other)));
    }
}
