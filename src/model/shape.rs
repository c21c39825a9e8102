//! Shapes: the sets of values admitted at places, as a graph in which cycles are allowed.
//!
//! A [`Shape`] is what *one* schema object says, every keyword kept where it was said; what holds at
//! a place is the conjunction of all shapes that apply there. Anything a loader cannot express is
//! listed in [`Shape::unread`], and a comparison that meets it is undecided, never compatible.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Decimal, Json};
use crate::source::Span;

/// A node of a [`Shapes`] graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparse<T>(Option<Box<T>>);

/// What one schema object states. The default is the shape that admits everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Where the schema is written.
    pub span: Stated<()>,
    /// A boolean schema: everything or nothing.
    pub boolean: Option<bool>,
    /// Another shape that applies here as well, by reference.
    pub reference: Option<Reference>,
    /// The JSON types that are admitted.
    pub kinds: Option<Stated<Kinds>>,
    /// The values that are admitted, as a list.
    pub enumeration: Option<Stated<Vec<Json>>>,
    /// The one value that is admitted.
    pub constant: Option<Stated<Json>>,
    /// What is said of numbers.
    pub number: Sparse<NumberFacets>,
    /// What is said of strings.
    pub text: Sparse<TextFacets>,
    /// What is said of arrays.
    pub array: Sparse<ArrayFacets>,
    /// What is said of objects.
    pub object: Sparse<ObjectFacets>,
    /// Shapes combined in place.
    pub logic: Sparse<LogicFacets>,
    /// What is said without constraining validation.
    pub notes: Sparse<Notes>,
    /// What the loader could not express; comparing it is undecided.
    pub unread: Vec<Unread>,
}

/// A reference to another shape that applies at the same place.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The shape meant.
    pub target: ShapeId,
    /// The name it was called by, for people and fingerprints.
    pub name: Arc<str>,
    /// Where the reference is written.
    pub span: Span,
}

/// A set of JSON types. `integer` is a number without fractional part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds {
    bits: u8,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// A number whose value has no fractional part: `1`, `1.0`, `1e3`.
    Integer,
    /// Draft-04's integer: a number *written* without fraction or exponent.
    IntegerLiteral,
    /// Any number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// What is said of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberFacets {
    /// The least value, itself admitted.
    pub minimum: Option<Stated<Decimal>>,
    /// A bound below every value.
    pub exclusive_minimum: Option<Stated<Decimal>>,
    /// The greatest value, itself admitted.
    pub maximum: Option<Stated<Decimal>>,
    /// A bound above every value.
    pub exclusive_maximum: Option<Stated<Decimal>>,
    /// A positive number of which every value is an integral multiple.
    pub multiple_of: Option<Stated<Decimal>>,
}

/// What is said of strings. Lengths are in code points; counts beyond `u64::MAX` saturate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextFacets {
    /// The least length.
    pub min_length: Option<Stated<u64>>,
    /// The greatest length.
    pub max_length: Option<Stated<u64>>,
    /// An ECMA-262 pattern that is found somewhere in the string.
    pub pattern: Option<Stated<Arc<str>>>,
    /// How the string carries bytes (`base64`).
    pub content_encoding: Option<Stated<Arc<str>>>,
    /// The media type of what the string carries.
    pub content_media_type: Option<Stated<Arc<str>>>,
    /// The shape of what the string carries, once decoded.
    pub content: Option<ShapeId>,
}

/// What is said of arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrayFacets {
    /// The shapes of the first elements, by position.
    pub prefix: Vec<ShapeId>,
    /// The shape of every element after the prefix.
    pub rest: Option<ShapeId>,
    /// The shape of elements that nothing in this place evaluated.
    pub unevaluated: Option<ShapeId>,
    /// What some elements must be.
    pub contains: Option<Contains>,
    /// The least number of elements.
    pub min_items: Option<Stated<u64>>,
    /// The greatest number of elements.
    pub max_items: Option<Stated<u64>>,
    /// Whether no two elements may be equal.
    pub unique: Option<Stated<bool>>,
}

/// A demand on how many elements are of a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Contains {
    /// What is counted.
    pub shape: ShapeId,
    /// At least this many; 1 where nothing is said.
    pub minimum: Option<Stated<u64>>,
    /// At most this many.
    pub maximum: Option<Stated<u64>>,
    /// Whether a match counts as evaluated for `unevaluated` (2020-12).
    pub evaluates: bool,
}

/// What is said of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectFacets {
    /// Members by name.
    pub properties: BTreeMap<Arc<str>, Stated<ShapeId>>,
    /// Members by a pattern found in their name.
    pub patterns: Vec<(Stated<Arc<str>>, ShapeId)>,
    /// Members that neither `properties` nor `patterns` of *this* shape cover.
    pub additional: Option<ShapeId>,
    /// Members that nothing in this place evaluated.
    pub unevaluated: Option<ShapeId>,
    /// The shape of every member's name.
    pub names: Option<ShapeId>,
    /// Names that must be there.
    pub required: BTreeMap<Arc<str>, Stated<()>>,
    /// The least number of members.
    pub min_properties: Option<Stated<u64>>,
    /// The greatest number of members.
    pub max_properties: Option<Stated<u64>>,
    /// Names that must be there if this one is.
    pub dependent_required: BTreeMap<Arc<str>, Stated<Vec<Arc<str>>>>,
    /// Shapes that the whole object must have if this name is there.
    pub dependent_shapes: BTreeMap<Arc<str>, Stated<ShapeId>>,
}

/// Shapes combined in place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogicFacets {
    /// All must hold.
    pub all_of: Vec<ShapeId>,
    /// At least one must hold, where stated.
    pub any_of: Option<Stated<Vec<ShapeId>>>,
    /// Exactly one must hold, where stated.
    pub one_of: Option<Stated<Vec<ShapeId>>>,
    /// Must not hold.
    pub not: Option<Stated<ShapeId>>,
    /// If this holds …
    pub condition: Option<Stated<Condition>>,
}

/// `if`, `then`, `else`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The test.
    pub when: ShapeId,
    /// What holds if the test does.
    pub then: Option<ShapeId>,
    /// What holds if the test does not.
    pub otherwise: Option<ShapeId>,
}

/// What is said without constraining validation by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// The named format; whether it asserts is part of the question asked.
    pub format: Option<Stated<Arc<str>>>,
    /// The value meant when nothing is sent.
    pub default: Option<Stated<Json>>,
    /// Values given as examples.
    pub examples: Vec<Stated<Json>>,
    /// A name for people.
    pub title: Option<Stated<Arc<str>>>,
    /// A text for people.
    pub description: Option<Stated<Arc<str>>>,
    /// Announced as going away.
    pub deprecated: Option<Stated<bool>>,
    /// Sent by the producer only.
    pub read_only: Option<Stated<bool>>,
    /// Sent by the consumer only.
    pub write_only: Option<Stated<bool>>,
    /// Readers were told that more values may come.
    pub extensible: Option<Span>,
    /// Which member tells the alternatives apart.
    pub discriminator: Option<Stated<Discriminator>>,
    /// How the value is written in XML.
    pub xml: Option<Stated<Xml>>,
    /// Everything else that is said, by keyword; extensions are not kept.
    pub others: BTreeMap<Arc<str>, Stated<Json>>,
}

/// Which member tells the alternatives apart, and by which values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The member's name.
    pub property: Arc<str>,
    /// Value to the name of the alternative.
    pub mapping: BTreeMap<Arc<str>, Arc<str>>,
}

/// How a value is written in XML. Absent is the default of the format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml {
    /// The element's or attribute's name.
    pub name: Option<Arc<str>>,
    /// Its namespace.
    pub namespace: Option<Arc<str>>,
    /// Its prefix.
    pub prefix: Option<Arc<str>>,
    /// Whether it is an attribute.
    pub attribute: bool,
    /// Whether an array has an element around it.
    pub wrapped: bool,
}

/// Something that a loader found and could not express.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Why, as a reason that a person understands.
    pub reason: Arc<str>,
    /// Where.
    pub span: Span,
}

impl Shapes {
    /// Adds a shape.
    pub fn add(&mut self, shape: Shape) -> ShapeId {
        self.nodes.push(shape);
        ShapeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
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

impl ShapeId {
    /// The id of the same shape after its graph was appended to another.
    #[must_use]
    pub fn shifted(self, offset: ShapeOffset) -> Self {
        Self(self.0.saturating_add(offset.0))
    }

    /// Whether the shape came from the graph that was appended at this offset.
    pub fn is_at_or_after(self, offset: ShapeOffset) -> bool {
        self.0 >= offset.0
    }
}

impl Shape {
    /// The shape that admits everything, written at `span`.
    pub fn anything(span: Span) -> Self {
        Self {
            span: Stated { value: (), span },
            boolean: None,
            reference: None,
            kinds: None,
            enumeration: None,
            constant: None,
            number: Sparse::default(),
            text: Sparse::default(),
            array: Sparse::default(),
            object: Sparse::default(),
            logic: Sparse::default(),
            notes: Sparse::default(),
            unread: Vec::new(),
        }
    }

    /// The shape that admits nothing.
    pub fn nothing(span: Span) -> Self {
        Self { boolean: Some(false), ..Self::anything(span) }
    }

    /// Visits the ids of all shapes that this one is made of, for rewriting them.
    pub fn for_each_child_mut(&mut self, mut visit: impl FnMut(&mut ShapeId)) {
        let Self {
            span: _,
            boolean: _,
            reference,
            kinds: _,
            enumeration: _,
            constant: _,
            number: _,
            text,
            array,
            object,
            logic,
            notes: _,
            unread: _,
        } = self;
        if let Some(reference) = reference {
            visit(&mut reference.target);
        }
        if let Some(TextFacets { content: Some(content), .. }) = text.get_mut() {
            visit(content);
        }
        if let Some(array) = array.get_mut() {
            array.prefix.iter_mut().for_each(&mut visit);
            array.rest.iter_mut().for_each(&mut visit);
            array.unevaluated.iter_mut().for_each(&mut visit);
            array.contains.iter_mut().for_each(|contains| visit(&mut contains.shape));
        }
        if let Some(object) = object.get_mut() {
            object.properties.values_mut().for_each(|shape| visit(&mut shape.value));
            object.patterns.iter_mut().for_each(|(_, shape)| visit(shape));
            object.additional.iter_mut().for_each(&mut visit);
            object.unevaluated.iter_mut().for_each(&mut visit);
            object.names.iter_mut().for_each(&mut visit);
            object.dependent_shapes.values_mut().for_each(|shape| visit(&mut shape.value));
        }
        if let Some(logic) = logic.get_mut() {
            logic.all_of.iter_mut().for_each(&mut visit);
            logic.any_of.iter_mut().flat_map(|any| &mut any.value).for_each(&mut visit);
            logic.one_of.iter_mut().flat_map(|one| &mut one.value).for_each(&mut visit);
            logic.not.iter_mut().for_each(|not| visit(&mut not.value));
            if let Some(condition) = &mut logic.condition {
                visit(&mut condition.value.when);
                condition.value.then.iter_mut().for_each(&mut visit);
                condition.value.otherwise.iter_mut().for_each(&mut visit);
            }
        }
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

impl<T: Default> Sparse<T> {
    /// The group for filling in; made if it was absent.
    pub fn edit(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Default + PartialEq> From<T> for Sparse<T> {
    fn from(group: T) -> Self {
        if group == T::default() { Self(None) } else { Self(Some(Box::new(group))) }
    }
}

impl<T: PartialEq> PartialEq for Stated<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Stated<T> {}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}

impl PartialEq for Unread {
    fn eq(&self, other: &Self) -> bool {
        self.reason == other.reason
    }
}

impl Kinds {
    /// No type at all.
    pub const NONE: Self = Self { bits: 0 };
    /// Every type.
    pub const ALL: Self = Self { bits: 0b1111_1111 };

    /// The set with this type too. `Number` brings both integers with it.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self { bits: self.bits | kind.bits() }
    }

    /// Whether values of this type are all admitted.
    pub fn has(self, kind: Kind) -> bool {
        self.bits & kind.bits() == kind.bits()
    }

    /// The types in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits }
    }

    /// Whether nothing is admitted.
    pub fn is_none(self) -> bool {
        self.bits == 0
    }

    /// The types, the widest number type only.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| {
            let wider = match kind {
                Kind::IntegerLiteral => self.has(Kind::Integer),
                Kind::Integer => self.has(Kind::Number),
                Kind::Null | Kind::Boolean | Kind::Number => false,
                Kind::String | Kind::Array | Kind::Object => false,
            };
            self.has(*kind) && !wider
        })
    }
}

impl Kind {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::IntegerLiteral,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The word of JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer | Self::IntegerLiteral => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    fn bits(self) -> u8 {
        match self {
            Self::Null => 1,
            Self::Boolean => 1 << 1,
            Self::IntegerLiteral => 1 << 2,
            Self::Integer => 1 << 2 | 1 << 3,
            Self::Number => 1 << 2 | 1 << 3 | 1 << 4,
            Self::String => 1 << 5,
            Self::Array => 1 << 6,
            Self::Object => 1 << 7,
        }
    }
}

fn index(id: ShapeId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}
