//! What covers what, of trees and choices of them.

use super::*;
use crate::model::Equality;
use crate::source::{FileId, Span};

fn nowhere() -> Span {
    Span { file: FileId::default(), start: 0, end: 0 }
}

fn stated<T>(value: T) -> Stated<T> {
    Stated { value, span: nowhere() }
}

/// Trees of at most so many branches and labels of at most so many letters.
fn tree(shapes: &mut Shapes, branches: u64, letters: u64) -> ShapeId {
    let place = shapes.reserve(nowhere());
    let mut label = Shape::anything(nowhere());
    label.text.edit().max_length = Some(stated(letters));
    let label = shapes.add(label);
    let mut list = Shape::anything(nowhere());
    list.array.edit().rest = Some(place);
    list.array.edit().max_items = Some(stated(branches));
    let list = shapes.add(list);
    let mut tree = Shape::anything(nowhere());
    let members = [("branches", list), ("label", label)];
    let members = members.into_iter().map(|(name, shape)| (name.into(), stated(shape)));
    tree.object.edit().properties = Arc::new(members.collect());
    shapes.set(place, tree);
    place
}

fn covers(shapes: &Shapes, shape: ShapeId, held: &[ShapeId]) -> bool {
    let (mut equality, mut same) = (Equality::default(), Representatives::default());
    equality.extend(shapes);
    same.extend(shapes, &equality);
    let (mut known, open, trail) = (Covered::default(), HashSet::default(), Vec::new());
    let known = &mut known;
    let mut covering = Covering { shapes, same: &same, known, open, trail, left: MAX_STEPS };
    let found = covering.covers(shape, held);
    assert_eq!(covering.covers(shape, held), found, "what is remembered is what was found");
    found
}

#[test]
fn what_is_wider_at_any_depth_covers() {
    let mut shapes = Shapes::default();
    let small = tree(&mut shapes, 2, 5);
    let wide = tree(&mut shapes, 3, 5);
    let long = tree(&mut shapes, 2, 6);
    assert!(covers(&shapes, wide, &[small]));
    assert!(covers(&shapes, long, &[small]));
    assert!(!covers(&shapes, small, &[wide]));
    assert!(!covers(&shapes, wide, &[long]));
}

#[test]
fn a_choice_covers_what_one_of_its_branches_does() {
    let mut shapes = Shapes::default();
    let small = tree(&mut shapes, 2, 5);
    let wide = tree(&mut shapes, 3, 5);
    let long = tree(&mut shapes, 2, 6);
    let mut choice = |branches: Vec<ShapeId>| {
        let mut choice = Shape::anything(nowhere());
        choice.logic.edit().any_of = Some(stated(branches));
        shapes.add(choice)
    };
    let (both, narrow) = (choice(vec![wide, long]), choice(vec![small, long]));
    assert!(covers(&shapes, both, &[small]));
    assert!(covers(&shapes, both, &[narrow]));
    assert!(!covers(&shapes, narrow, &[both]));
}

#[test]
fn exactly_one_of_several_is_not_covered_by_one_of_them() {
    let mut shapes = Shapes::default();
    let (small, wide) = (tree(&mut shapes, 2, 5), tree(&mut shapes, 3, 5));
    let mut choice = Shape::anything(nowhere());
    choice.logic.edit().one_of = Some(stated(vec![small, wide]));
    let choice = shapes.add(choice);
    assert!(!covers(&shapes, choice, &[small]));
    assert!(covers(&shapes, choice, &[choice]));
}

#[test]
fn what_could_not_be_read_covers_nothing_but_itself() {
    let mut shapes = Shapes::default();
    let mut odd = Shape::anything(nowhere());
    odd.unread.push(crate::model::Unread { reason: "odd".into(), span: nowhere() });
    let odd = shapes.add(odd);
    let plain = tree(&mut shapes, 2, 5);
    assert!(!covers(&shapes, odd, &[plain]));
    assert!(!covers(&shapes, plain, &[odd]));
    assert!(covers(&shapes, odd, &[odd]));
}
