//! Shapes: the sets of values admitted at places, as a graph in which cycles are allowed.
//!
//! A [`Shape`] is what *one* schema object says, every keyword kept where it was said; what holds at
//! a place is the conjunction of all shapes that apply there. Anything a loader cannot express is
//! listed in [`Shape::unread`], and a comparison that meets it is undecided, never compatible.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Decimal, Group, Json, Kinds, ShapeId, Sparse, Stated};
use crate::source::Span;

/// What one schema object states. The default is the shape that admits everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Where the schema is written.
    pub span: Stated<()>,
    /// A boolean schema: everything or nothing.
    pub boolean: Option<bool>,
    /// Another shape that applies here as well, by reference.
    pub reference: Option<Reference>,
    /// The JSON types that are admitted.
    pub kinds: Option<Stated<Kinds>>,
    /// Where a word of its own, beside the types, admits null.
    pub null: Option<Stated<()>>,
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

/// What is said of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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

/// What is said of strings. Lengths are in code points; counts beyond `u64::MAX` saturate: no
/// value is so long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contains {
    /// Where it is written.
    pub span: Stated<()>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectFacets {
    /// Members by name; shared by the variants of a shape that do not differ in it.
    pub properties: Arc<BTreeMap<Arc<str>, Stated<ShapeId>>>,
    /// Members by a pattern found in their name.
    pub patterns: Vec<(Stated<Arc<str>>, ShapeId)>,
    /// Members that neither `properties` nor `patterns` of *this* shape cover.
    pub additional: Option<ShapeId>,
    /// Members that nothing in this place evaluated.
    pub unevaluated: Option<ShapeId>,
    /// The shape of every member's name.
    pub names: Option<ShapeId>,
    /// Names that must be there; shared likewise.
    pub required: Arc<BTreeMap<Arc<str>, Stated<()>>>,
    /// Where the list of those names stands.
    pub required_at: Option<Span>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The test.
    pub when: ShapeId,
    /// What holds if the test does.
    pub then: Option<ShapeId>,
    /// What holds if the test does not.
    pub otherwise: Option<ShapeId>,
}

/// What is said without constraining validation by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Readers were told that more values may come, and which are known where no list closes the
    /// place.
    pub extensible: Option<Stated<BTreeSet<Json>>>,
    /// Which member tells the alternatives apart.
    pub discriminator: Option<Stated<Discriminator>>,
    /// How the value is written in XML.
    pub xml: Option<Stated<Xml>>,
    /// Everything else that is said, by keyword; extensions are not kept.
    pub others: BTreeMap<Arc<str>, Stated<Json>>,
}

/// Which member tells the alternatives apart, and by which values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Discriminator {
    /// The member's name.
    pub property: Arc<str>,
    /// Value to the name of the alternative.
    pub mapping: BTreeMap<Arc<str>, Arc<str>>,
    /// The alternative meant where the member is missing or has another value.
    pub fallback: Option<Arc<str>>,
}

/// How a value is written in XML. Absent is the default of the format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Xml {
    /// The element's or attribute's name.
    pub name: Option<Arc<str>>,
    /// Its namespace.
    pub namespace: Option<Arc<str>>,
    /// Its prefix.
    pub prefix: Option<Arc<str>>,
    /// What the value is in the document; `None` where nothing is said: an element, and of an array
    /// each of its elements.
    pub node: Option<XmlNode>,
}

/// What a value is in an XML document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlNode {
    /// An element; of an array, one around its elements.
    Element,
    /// An attribute of the element around it.
    Attribute,
    /// The text of the element around it.
    Text,
    /// Nothing by itself: what is inside stands where it would.
    Content,
}

/// Something that a loader found and could not express.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Why, as a reason that a person understands.
    pub reason: Arc<str>,
    /// Where.
    pub span: Span,
}

impl Shape {
    /// The shape that admits everything, written at `span`.
    pub fn anything(span: Span) -> Self {
        Self {
            span: Stated { value: (), span },
            boolean: None,
            reference: None,
            kinds: None,
            null: None,
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

    /// Visits the ids of all shapes that this one is made of.
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(ShapeId)) {
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
            null: _,
            unread: _,
        } = self;
        if let Some(reference) = reference {
            visit(reference.target);
        }
        text.get().and_then(|text| text.content).into_iter().for_each(&mut *visit);
        if let Some(array) = array.get() {
            array.prefix.iter().copied().for_each(&mut *visit);
            array.rest.into_iter().chain(array.unevaluated).for_each(&mut *visit);
            array.contains.iter().for_each(|contains| visit(contains.shape));
        }
        if let Some(object) = object.get() {
            object.properties.values().for_each(|shape| visit(shape.value));
            object.patterns.iter().for_each(|(_, shape)| visit(*shape));
            let rest = [object.additional, object.unevaluated, object.names];
            rest.into_iter().flatten().for_each(&mut *visit);
            object.dependent_shapes.values().for_each(|shape| visit(shape.value));
        }
        if let Some(logic) = logic.get() {
            logic.all_of.iter().copied().for_each(&mut *visit);
            let groups = logic.any_of.iter().chain(&logic.one_of);
            groups.flat_map(|group| &group.value).copied().for_each(&mut *visit);
            logic.not.iter().for_each(|not| visit(not.value));
            if let Some(Stated { value: Condition { when, then, otherwise }, .. }) =
                &logic.condition
            {
                visit(*when);
                then.iter().chain(otherwise).copied().for_each(&mut *visit);
            }
        }
    }

    /// Visits the ids of all shapes that this one is made of, for rewriting them, in the order of
    /// `Shape::for_each_child`.
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
            null: _,
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
            let properties = Arc::make_mut(&mut object.properties);
            for shape in properties.values_mut() {
                visit(&mut shape.value);
            }
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

impl Group for NumberFacets {}
impl Group for TextFacets {}
impl Group for ArrayFacets {}
impl Group for LogicFacets {}
impl Group for Notes {}

impl Group for ObjectFacets {
    /// Many shapes are asked, and a default is not made for nothing.
    fn is_unstated(&self) -> bool {
        let Self {
            properties,
            patterns,
            additional,
            unevaluated,
            names,
            required,
            required_at,
            min_properties,
            max_properties,
            dependent_required,
            dependent_shapes,
        } = self;
        properties.is_empty()
            && patterns.is_empty()
            && [additional, unevaluated, names].into_iter().all(Option::is_none)
            && required.is_empty()
            && required_at.is_none()
            && min_properties.is_none()
            && max_properties.is_none()
            && dependent_required.is_empty()
            && dependent_shapes.is_empty()
    }
}

impl PartialEq for Unread {
    fn eq(&self, other: &Self) -> bool {
        self.reason == other.reason
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}

impl Eq for Reference {}

impl Hash for Reference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.target.hash(state);
    }
}

impl Eq for Unread {}

impl Hash for Unread {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.reason.hash(state);
    }
}
