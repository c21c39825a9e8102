//! The graph of shapes, and how what is stated is kept.

use std::hash::{Hash, Hasher};

use super::Shape;
use crate::source::Span;

/// A node of a [`Shapes`] graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(u32);

/// The graph. Ids are positions; shapes are never removed.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    nodes: Vec<Shape>,
}

/// Something the contract states, and where. Equality looks at the value only.
#[derive(Clone, Debug)]
pub struct Stated<T> {
    /// What is stated.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A group of keywords that most shapes do not use; an absent group costs one word.
#[derive(Clone, Debug, Default)]
pub struct Sparse<T>(Option<Box<T>>);

/// A group of keywords.
pub trait Group: Default + PartialEq {
    /// Whether nothing in it is stated: it says what its default does.
    fn is_unstated(&self) -> bool {
        *self == Self::default()
    }
}

impl Shapes {
    /// Adds a shape.
    pub fn add(&mut self, shape: Shape) -> ShapeId {
        self.nodes.push(shape);
        ShapeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// Makes room for so many more shapes; what is not used of it costs no memory.
    pub fn make_room(&mut self, more: usize) {
        self.nodes.reserve_exact(more);
    }

    /// Adds a place for a shape that is still being read, so that cycles can refer to it.
    pub fn reserve(&mut self, span: Span) -> ShapeId {
        self.add(Shape::anything(span))
    }

    /// Replaces a shape: once it is read, or where a comparison needs a variant of it.
    pub fn set(&mut self, id: ShapeId, shape: Shape) {
        if let Some(place) = self.nodes.get_mut(index(id)) {
            *place = shape;
        }
    }

    /// The shape.
    ///
    /// # Panics
    /// Never for an id of this graph; ids of another graph are a programming error.
    #[expect(clippy::indexing_slicing, reason = "ids are made by `add` and shapes never removed")]
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.nodes[index(id)]
    }

    /// How many shapes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every shape with its id.
    pub fn iter(&self) -> impl Iterator<Item = (ShapeId, &Shape)> {
        (0..).map(ShapeId).zip(&self.nodes)
    }

    /// The shapes that were added when there were `length` of them, and later; costs no more than
    /// what it yields.
    pub fn since(&self, length: usize) -> impl Iterator<Item = (ShapeId, &Shape)> {
        let start = u32::try_from(length).unwrap_or(u32::MAX);
        (start..).map(ShapeId).zip(self.nodes.get(length..).unwrap_or(&[]))
    }

    /// Appends another graph; its ids are good after [`ShapeId::shifted`] by the old length.
    pub fn append(&mut self, other: Self) -> ShapeOffset {
        let offset = ShapeOffset(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.extend(other.nodes.into_iter().map(|mut shape| {
            shape.for_each_child_mut(|child| *child = child.shifted(offset));
            shape
        }));
        offset
    }
}

/// How far the ids of an appended graph have moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeOffset(u32);

impl ShapeOffset {
    /// How many shapes came before.
    pub(super) fn length(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl ShapeId {
    /// The id's position in its graph.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The id of the same shape after its graph was appended to another.
    #[must_use]
    pub fn shifted(self, offset: ShapeOffset) -> Self {
        Self(self.0.saturating_add(offset.0))
    }

    /// The id that the shape had in its own graph, before that was appended to another.
    #[must_use]
    pub fn shifted_back(self, offset: ShapeOffset) -> Self {
        Self(self.0.saturating_sub(offset.0))
    }

    /// Whether the shape came from the graph that was appended at this offset.
    pub fn is_at_or_after(self, offset: ShapeOffset) -> bool {
        self.0 >= offset.0
    }
}

impl<T> Sparse<T> {
    /// The group, where anything in it is stated.
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// The group for rewriting, where it is there.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()
    }
}

impl<T: Group> Sparse<T> {
    /// Whether nothing in the group is stated.
    pub fn is_unstated(&self) -> bool {
        self.get().is_none_or(Group::is_unstated)
    }

    /// The group, unless nothing in it is stated.
    pub fn stated(&self) -> Option<&T> {
        self.get().filter(|group| !group.is_unstated())
    }
}

impl<T: Default> Sparse<T> {
    /// The group for filling in; made if it was absent.
    pub fn edit(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Group> From<T> for Sparse<T> {
    fn from(group: T) -> Self {
        if group.is_unstated() { Self(None) } else { Self(Some(Box::new(group))) }
    }
}

impl<T: PartialEq> PartialEq for Stated<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Stated<T> {}

impl<T: Hash> Hash for Stated<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

fn index(id: ShapeId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

/// A group in which nothing is stated is no group.
impl<T: Group> PartialEq for Sparse<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(group), Some(other)) => group == other,
            (Some(group), None) | (None, Some(group)) => group.is_unstated(),
        }
    }
}

impl<T: Group + Eq> Eq for Sparse<T> {}

impl<T: Group + Hash> Hash for Sparse<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.stated().hash(state);
    }
}
