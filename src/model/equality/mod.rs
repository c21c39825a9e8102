//! Which shapes are equal once resolved.
//!
//! Two shapes are equal when their infinite unfoldings are: references count as what they refer to,
//! members, requirements and alternatives have no order. A verdict rests on the answer and the input is
//! hostile: classes of one graph are interned by full structural keys, never by a quick hash alone, and
//! those of two sides are joined by digests that nobody can make collide.

mod alike;
mod components;
mod digests;
mod joined;
mod keys;
mod partition;
mod spelling;
mod written;

use std::collections::BTreeSet;

use components::{Component, components};
use joined::Side;
use keys::{Graph, Look, followed, meant};
use partition::Partition;

pub(crate) use alike::are_written_alike;
pub(crate) use spelling::{same_words, spelling};

use super::{ShapeId, Shapes};

/// A set of equal shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(u32);

/// The classes of a graph; grows with it.
#[derive(Clone, Debug, Default)]
pub struct Equality {
    /// What each shape is once pure references are followed.
    resolved: Vec<ShapeId>,
    /// The same where a conjunction or choice of one counts as a reference to it.
    meant: Vec<ShapeId>,
    sense: Partition,
    text: Partition,
    /// Of the shapes that the sides state, a hash of how they are written, all parts included.
    written: Vec<u64>,
    /// What the classes are on whichever side, where the graph is one side of a comparison.
    side: Option<Box<Side>>,
}

impl Equality {
    /// The classes of one side, to be joined with those of another.
    pub fn of_side(shapes: &Shapes) -> Self {
        let mut equality = Self::default();
        let components = equality.take_in(shapes);
        equality.written = written::written(shapes, &equality.meant, &components);
        equality.side = Some(Box::new(Side::of(&equality, shapes, components)));
        equality
    }

    /// Classifies the shapes that were added since the last call.
    pub fn extend(&mut self, shapes: &Shapes) {
        if self.sense.classes.len() != shapes.len() {
            self.take_in(shapes);
        }
    }

    /// The same; what was classified, in that order.
    fn take_in(&mut self, shapes: &Shapes) -> Vec<Component> {
        let first = self.sense.classes.len();
        self.resolved.extend(shapes.since(first).map(|(id, _)| followed(shapes, id)));
        self.meant.extend(shapes.since(first).map(|(id, _)| meant(shapes, id)));
        let graph = Graph { shapes, resolved: &self.meant };
        self.sense.make_room(&graph);
        self.text.make_room(&graph);
        let components = components(&graph, first);
        for component in &components {
            let known = self.text.add(&graph, component, Look::Text);
            match (component, known) {
                // What says the same in every word says the same to validation.
                (Component::Single(id), Some(class)) => {
                    follow(&mut self.sense, &self.text, *id, class);
                }
                (Component::Single(_) | Component::Cycle(_), _) => {
                    self.sense.add(&graph, component, Look::Sense);
                }
            }
        }
        components
    }

    /// The class of what bears on validation.
    pub fn sense(&self, id: ShapeId) -> Option<Class> {
        self.sense.class(id)
    }

    /// The class of all that is said, texts and examples included.
    pub fn text(&self, id: ShapeId) -> Option<Class> {
        self.text.class(id)
    }

    /// What the shape is once pure references are followed.
    pub fn resolved(&self, id: ShapeId) -> ShapeId {
        self.resolved.get(id.index()).copied().unwrap_or(id)
    }

    /// A shape that says what this one says to validation, and says it itself: it is more than a
    /// reference or a conjunction or choice of one.
    pub fn speaker(&self, id: ShapeId) -> Option<ShapeId> {
        let class = usize::try_from(self.sense.class(id)?.0).ok()?;
        self.sense.speakers.get(class).copied()
    }

    /// Whether both admit the same values by saying the same things.
    pub fn same_sense(&self, left: ShapeId, right: ShapeId) -> bool {
        left == right || same(&self.sense, left, right)
    }

    /// Whether both say the same, texts and examples included.
    pub fn same_text(&self, left: ShapeId, right: ShapeId) -> bool {
        left == right || same(&self.text, left, right)
    }

    /// Whether both are known to be written in the same words down to the last part, texts aside.
    pub(crate) fn is_same_writing(&self, left: ShapeId, right: ShapeId) -> bool {
        let known = |id: ShapeId| self.written.get(id.index());
        left == right || known(left).is_some() && known(left) == known(right)
    }

    /// Whether two conjunctions say the same to validation.
    pub fn same_senses(&self, left: &[ShapeId], right: &[ShapeId]) -> bool {
        same_all(&self.sense, left, right)
    }

    /// Whether two conjunctions say the same, texts and examples included.
    pub fn same_texts(&self, left: &[ShapeId], right: &[ShapeId]) -> bool {
        same_all(&self.text, left, right)
    }
}

/// Gives the shape the sense of the shape that speaks for all that say its text.
fn follow(sense: &mut Partition, text: &Partition, id: ShapeId, said: Class) {
    let speaker = usize::try_from(said.0).ok().and_then(|at| text.speakers.get(at));
    if let Some(known) = speaker.and_then(|speaker| sense.class(*speaker)) {
        sense.set(id, known);
    }
}

fn same(partition: &Partition, left: ShapeId, right: ShapeId) -> bool {
    let (left, right) = (partition.class(left), partition.class(right));
    left.is_some() && left == right
}

fn same_all(partition: &Partition, left: &[ShapeId], right: &[ShapeId]) -> bool {
    match (left, right) {
        ([left], [right]) => partition.class(*left) == partition.class(*right),
        _ => classes(partition, left) == classes(partition, right),
    }
}

fn classes(partition: &Partition, ids: &[ShapeId]) -> BTreeSet<Option<Class>> {
    ids.iter().map(|id| partition.class(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Kinds, Shape, Stated};
    use crate::source::{FileId, Span};

    fn span() -> Span {
        Span { file: FileId::default(), start: 0, end: 0 }
    }

    fn text() -> Shape {
        let kinds = Stated { value: Kinds::NONE.with(Kind::String), span: span() };
        Shape { kinds: Some(kinds), ..Shape::anything(span()) }
    }

    fn list_of(item: ShapeId) -> Shape {
        let mut list = Shape::anything(span());
        list.array.edit().rest = Some(item);
        list
    }

    fn reference_to(target: ShapeId) -> Shape {
        let name = "#/x".into();
        let reference = Some(crate::model::Reference { target, name, span: span() });
        Shape { reference, ..Shape::anything(span()) }
    }

    #[test]
    fn a_reference_equals_what_it_refers_to() {
        let mut shapes = Shapes::default();
        let plain = shapes.add(text());
        let other = shapes.add(text());
        let alias = shapes.add(reference_to(other));
        let anything = shapes.add(Shape::anything(span()));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(plain, alias));
        assert!(!equality.same_sense(plain, anything));
    }

    #[test]
    fn equal_cycles_are_equal_however_often_they_are_unrolled() {
        let mut shapes = Shapes::default();
        let once = shapes.reserve(span());
        shapes.set(once, list_of(once));
        let first = shapes.reserve(span());
        let second = shapes.add(list_of(first));
        shapes.set(first, list_of(second));
        let outside = shapes.add(list_of(once));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(first, second));
        assert!(equality.same_text(once, outside));
        let later = shapes.reserve(span());
        shapes.set(later, list_of(later));
        equality.extend(&shapes);
        assert!(equality.same_text(once, later));
        let different = shapes.add(list_of(outside));
        let mut bounded = list_of(different);
        bounded.array.edit().min_items = Some(Stated { value: 1, span: span() });
        let bounded = shapes.add(bounded);
        equality.extend(&shapes);
        assert!(equality.same_text(different, once));
        assert!(!equality.same_sense(bounded, once));
    }

    #[test]
    fn a_reference_on_a_cycle_equals_the_shape_it_refers_to() {
        let mut shapes = Shapes::default();
        let tree = shapes.reserve(span());
        let alias = shapes.add(reference_to(tree));
        shapes.set(tree, list_of(alias));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(tree, alias));
        assert_eq!(equality.speaker(alias), Some(tree));
    }

    #[test]
    fn who_speaks_for_a_class_says_it_itself() {
        let mut shapes = Shapes::default();
        let wrapped = shapes.reserve(span());
        let plain = shapes.add(text());
        let mut choice = Shape::anything(span());
        choice.logic.edit().one_of = Some(Stated { value: vec![plain], span: span() });
        shapes.set(wrapped, choice);
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_sense(wrapped, plain));
        assert_eq!(equality.speaker(wrapped), Some(plain));
    }

    /// A list of texts, one of lists of itself, and texts that are titled, all under one roof.
    fn side(title: &str, extra: usize) -> (Shapes, Vec<ShapeId>) {
        let mut shapes = Shapes::default();
        for _ in 0..extra {
            let plain = shapes.add(text());
            shapes.add(reference_to(plain));
        }
        let mut titled = text();
        titled.notes.edit().title = Some(Stated { value: title.into(), span: span() });
        let titled = shapes.add(titled);
        let tree = shapes.reserve(span());
        let twig = shapes.add(list_of(tree));
        let mut branch = list_of(twig);
        branch.array.edit().unevaluated = Some(titled);
        shapes.set(tree, branch);
        let texts = shapes.add(list_of(titled));
        let mut roof = Shape::anything(span());
        let parts = vec![texts, tree, twig];
        roof.logic.edit().any_of = Some(Stated { value: parts, span: span() });
        let roof = shapes.add(roof);
        (shapes, vec![titled, tree, twig, texts, roof])
    }

    fn joined(old: &Shapes, new: &Shapes) -> (Shapes, crate::model::ShapeOffset, Equality) {
        let equality = Equality::of_side(old);
        let mut shapes = old.clone();
        let offset = shapes.append(new.clone());
        let equality = equality.join(Equality::of_side(new), &shapes, offset);
        (shapes, offset, equality)
    }

    #[test]
    fn sides_that_were_looked_at_apart_are_joined_as_if_looked_at_together() {
        let (old, ends) = side("t", 0);
        for (title, extra) in [("t", 0), ("t", 3), ("u", 0), ("u", 2)] {
            let (new, others) = side(title, extra);
            let (shapes, offset, equality) = joined(&old, &new);
            let mut together = Equality::default();
            together.extend(&shapes);
            assert_eq!(equality.sense.classes, together.sense.classes);
            assert_eq!(equality.text.classes, together.text.classes);
            assert_eq!(equality.sense.speakers, together.sense.speakers);
            assert_eq!(equality.text.speakers, together.text.speakers);
            for (was, is) in ends.iter().zip(&others) {
                let is = is.shifted(offset);
                assert!(equality.same_sense(*was, is));
                assert_eq!(equality.same_text(*was, is), title == "t");
            }
        }
    }

    #[test]
    fn what_is_added_to_joined_sides_finds_its_like() {
        let ((old, ends), (new, others)) = (side("t", 0), side("u", 1));
        let (mut shapes, offset, mut equality) = joined(&old, &new);
        let again = others.iter().map(|id| shapes.get(id.shifted(offset)).clone());
        let copies: Vec<_> =
            again.collect::<Vec<_>>().into_iter().map(|it| shapes.add(it)).collect();
        equality.extend(&shapes);
        for ((was, is), copy) in ends.iter().zip(&others).zip(copies) {
            assert!(equality.same_text(is.shifted(offset), copy));
            assert!(equality.same_sense(*was, copy));
            assert!(!equality.same_text(*was, copy));
        }
    }

    #[test]
    fn texts_count_only_where_they_are_asked_about() {
        let mut shapes = Shapes::default();
        let plain = shapes.add(text());
        let mut titled = text();
        titled.notes.edit().title = Some(Stated { value: "t".into(), span: span() });
        let titled = shapes.add(titled);
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_sense(plain, titled));
        assert!(!equality.same_text(plain, titled));
    }
}
