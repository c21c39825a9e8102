//! What a shape says, as a key that equal shapes share.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use crate::model::{
    ArrayFacets, Condition, Contains, Decimal, Discriminator, Json, Kinds, LogicFacets, Notes,
    NumberFacets, ObjectFacets, Shape, ShapeId, Shapes, Stated, TextFacets, Unread, Xml,
};

/// What counts as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// What bears on validation: notes other than formats and access marks are dropped.
    #[default]
    Sense,
    /// Everything that is said.
    Text,
}

/// The graph with pure references, and conjunctions and choices of one, followed: no cycle runs through
/// one.
pub(super) struct Graph<'g> {
    pub(super) shapes: &'g Shapes,
    pub(super) resolved: &'g [ShapeId],
}

impl<'g> Graph<'g> {
    pub(super) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(super) fn since(&self, first: usize) -> impl Iterator<Item = ShapeId> {
        self.shapes.since(first).map(|(id, _)| id)
    }

    fn resolve(&self, id: ShapeId) -> ShapeId {
        self.resolved.get(id.index()).copied().unwrap_or(id)
    }

    /// Visits what the shape is made of, in the order in which it says it.
    pub(super) fn for_each_child(&self, id: ShapeId, visit: &mut dyn FnMut(ShapeId)) {
        self.shapes.get(id).for_each_child(&mut |child| visit(self.resolve(child)));
    }

    pub(super) fn children(&self, id: ShapeId) -> Vec<ShapeId> {
        let mut ids = Vec::new();
        self.for_each_child(id, &mut |child| ids.push(child));
        ids
    }

    /// What the shape says with its children replaced and what has no order put in one.
    pub(super) fn said<C: Copy + Ord>(
        &self,
        id: ShapeId,
        look: Look,
        replace: &dyn Fn(ShapeId) -> C,
    ) -> Said<'g, C> {
        Said::of(self.shapes.get(id), look, &|child| replace(self.resolve(child)))
    }
}

/// What a shape says: its children by what stands for them, numbers mostly, and what has no order in
/// one.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Said<'s, C = u32> {
    is_nothing: bool,
    reference: Option<C>,
    kinds: Option<Kinds>,
    values: Option<Vec<&'s Json>>,
    constant: Option<&'s Json>,
    number: Option<Number<'s>>,
    text: Option<Text<'s, C>>,
    array: Option<Array<C>>,
    object: Option<Object<'s, C>>,
    logic: Option<Logic<C>>,
    notes: Option<Noted<'s>>,
    unread: &'s [Unread],
}

type Number<'s> = [Option<&'s Decimal>; 5];

#[derive(PartialEq, Eq, Hash)]
struct Text<'s, C> {
    lengths: [Option<u64>; 2],
    words: [Option<&'s str>; 3],
    content: Option<C>,
}

#[derive(PartialEq, Eq, Hash)]
struct Array<C> {
    prefix: Vec<C>,
    rest: [Option<C>; 2],
    contains: Option<(C, [Option<u64>; 2], bool)>,
    counts: [Option<u64>; 2],
    unique: Option<bool>,
}

#[derive(PartialEq, Eq, Hash)]
struct Object<'s, C> {
    properties: Vec<(&'s Arc<str>, C)>,
    patterns: Vec<(&'s Arc<str>, C)>,
    rest: [Option<C>; 3],
    required: &'s BTreeMap<Arc<str>, Stated<()>>,
    counts: [Option<u64>; 2],
    dependent_required: &'s BTreeMap<Arc<str>, Stated<Vec<Arc<str>>>>,
    dependent_shapes: Vec<(&'s Arc<str>, C)>,
}

#[derive(PartialEq, Eq, Hash)]
struct Logic<C> {
    all_of: Vec<C>,
    any_of: Option<Vec<C>>,
    one_of: Option<Vec<C>>,
    not: Option<C>,
    condition: Option<(C, [Option<C>; 2])>,
}

#[derive(Default, PartialEq, Eq, Hash)]
struct Noted<'s> {
    format: Option<&'s str>,
    marks: [Option<bool>; 3],
    default: Option<&'s Json>,
    examples: &'s [Stated<Json>],
    texts: [Option<&'s str>; 2],
    extensible: Option<&'s BTreeSet<Json>>,
    discriminator: Option<&'s Discriminator>,
    xml: Option<&'s Xml>,
    others: Option<&'s BTreeMap<Arc<str>, Stated<Json>>>,
}

impl<'s, C: Copy + Ord> Said<'s, C> {
    pub(super) fn of(shape: &'s Shape, look: Look, replace: &dyn Fn(ShapeId) -> C) -> Self {
        let Shape {
            span: _,
            boolean,
            reference,
            kinds,
            // The types say it.
            null: _,
            enumeration,
            constant,
            number,
            text,
            array,
            object,
            logic,
            notes,
            unread,
        } = shape;
        let values = enumeration.as_ref().map(|list| {
            let mut values: Vec<&Json> = list.value.iter().collect();
            values.sort_unstable();
            values.dedup();
            values
        });
        // A constant is a list of one, spelled otherwise.
        let (values, constant) = match (look, values, constant) {
            (Look::Sense, None, Some(constant)) => (Some(vec![&constant.value]), None),
            (_, values, constant) => (values, constant.as_ref()),
        };
        Self {
            is_nothing: *boolean == Some(false),
            reference: reference.as_ref().map(|reference| replace(reference.target)),
            kinds: kinds.as_ref().map(|kinds| kinds.value),
            values,
            constant: constant.map(|constant| &constant.value),
            number: number.stated().map(number_said),
            text: text.stated().map(|text| text_said(text, replace)),
            array: array.stated().map(|array| array_said(array, replace)),
            object: object.stated().map(|object| object_said(object, replace)),
            logic: logic.stated().map(|logic| logic_said(logic, replace)),
            notes: notes
                .get()
                .map(|notes| noted(notes, look))
                .filter(|noted| *noted != Noted::default()),
            unread,
        }
    }

    /// The one shape that this one only points at, if it says nothing of its own.
    pub(super) fn alias(&self) -> Option<C> {
        let Self {
            is_nothing,
            reference,
            kinds,
            values,
            constant,
            number,
            text,
            array,
            object,
            logic,
            notes,
            unread,
        } = self;
        let is_bare = !is_nothing
            && kinds.is_none()
            && values.is_none()
            && constant.is_none()
            && number.is_none()
            && text.is_none()
            && array.is_none()
            && object.is_none()
            && notes.is_none()
            && unread.is_empty();
        if !is_bare {
            return None;
        }
        match (reference, logic) {
            (Some(target), None) => Some(*target),
            (None, Some(logic)) => logic.single(),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

impl Said<'_> {
    pub(super) fn digest(&self) -> u64 {
        foldhash::fast::FixedState::default().hash_one(self)
    }
}

impl<C: Copy> Logic<C> {
    /// The only shape that is combined, if there is one.
    fn single(&self) -> Option<C> {
        let Self { all_of, any_of, one_of, not: None, condition: None } = self else { return None };
        match (all_of.as_slice(), any_of, one_of) {
            ([only], None, None) => Some(*only),
            ([], Some(group), None) | ([], None, Some(group)) => match group.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }
}

fn value<T: Copy>(stated: Option<&Stated<T>>) -> Option<T> {
    stated.map(|stated| stated.value)
}

fn word(stated: Option<&Stated<Arc<str>>>) -> Option<&str> {
    stated.map(|stated| &*stated.value)
}

fn number_said(number: &NumberFacets) -> Number<'_> {
    let NumberFacets { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of } =
        number;
    [minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of]
        .map(|stated| stated.as_ref().map(|stated| &stated.value))
}

fn text_said<'s, C>(text: &'s TextFacets, replace: &dyn Fn(ShapeId) -> C) -> Text<'s, C> {
    let TextFacets {
        min_length,
        max_length,
        pattern,
        content_encoding,
        content_media_type,
        content,
    } = text;
    Text {
        lengths: [value(min_length.as_ref()), value(max_length.as_ref())],
        words: [pattern, content_encoding, content_media_type].map(|stated| word(stated.as_ref())),
        content: content.map(replace),
    }
}

fn array_said<C>(array: &ArrayFacets, replace: &dyn Fn(ShapeId) -> C) -> Array<C> {
    let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } = array;
    Array {
        prefix: prefix.iter().copied().map(replace).collect(),
        rest: [rest.map(replace), unevaluated.map(replace)],
        contains: contains.as_ref().map(|contains| {
            let Contains { span: _, shape, minimum, maximum, evaluates } = contains;
            (replace(*shape), [value(minimum.as_ref()), value(maximum.as_ref())], *evaluates)
        }),
        counts: [value(min_items.as_ref()), value(max_items.as_ref())],
        unique: value(unique.as_ref()),
    }
}

fn object_said<'s, C: Ord>(
    object: &'s ObjectFacets,
    replace: &dyn Fn(ShapeId) -> C,
) -> Object<'s, C> {
    let ObjectFacets {
        properties,
        patterns,
        additional,
        unevaluated,
        names,
        required,
        required_at: _,
        min_properties,
        max_properties,
        dependent_required,
        dependent_shapes,
    } = object;
    let named = |members: &'s BTreeMap<Arc<str>, Stated<ShapeId>>| {
        members.iter().map(|(name, shape)| (name, replace(shape.value))).collect()
    };
    let mut patterns: Vec<_> =
        patterns.iter().map(|(pattern, shape)| (&pattern.value, replace(*shape))).collect();
    patterns.sort_unstable();
    Object {
        properties: named(properties),
        patterns,
        rest: [additional.map(replace), unevaluated.map(replace), names.map(replace)],
        required,
        counts: [value(min_properties.as_ref()), value(max_properties.as_ref())],
        dependent_required,
        dependent_shapes: named(dependent_shapes),
    }
}

fn logic_said<C: Ord>(logic: &LogicFacets, replace: &dyn Fn(ShapeId) -> C) -> Logic<C> {
    let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
    let sorted = |branches: &[ShapeId]| {
        let mut branches: Vec<C> = branches.iter().copied().map(replace).collect();
        branches.sort_unstable();
        branches
    };
    let distinct = |branches: &[ShapeId]| {
        let mut branches = sorted(branches);
        branches.dedup();
        branches
    };
    Logic {
        all_of: distinct(all_of),
        any_of: any_of.as_ref().map(|group| distinct(&group.value)),
        one_of: one_of.as_ref().map(|group| sorted(&group.value)),
        not: not.as_ref().map(|not| replace(not.value)),
        condition: condition.as_ref().map(|condition| {
            let Condition { when, then, otherwise } = &condition.value;
            (replace(*when), [then.map(replace), otherwise.map(replace)])
        }),
    }
}

fn noted(notes: &Notes, look: Look) -> Noted<'_> {
    let Notes {
        format,
        default,
        examples,
        title,
        description,
        deprecated,
        read_only,
        write_only,
        extensible,
        discriminator,
        xml,
        others,
    } = notes;
    let (read_only, write_only) = (value(read_only.as_ref()), value(write_only.as_ref()));
    let sense = Noted {
        format: word(format.as_ref()),
        marks: [read_only, write_only, None],
        ..Noted::default()
    };
    match look {
        Look::Sense => sense,
        Look::Text => Noted {
            marks: [read_only, write_only, value(deprecated.as_ref())],
            default: default.as_ref().map(|default| &default.value),
            examples,
            texts: [word(title.as_ref()), word(description.as_ref())],
            extensible: extensible.as_ref().map(|stated| &stated.value),
            discriminator: discriminator.as_ref().map(|stated| &stated.value),
            xml: xml.as_ref().map(|stated| &stated.value),
            others: Some(others).filter(|others| !others.is_empty()),
            ..sense
        },
    }
}

/// The shape at the end of a chain of pure references; itself where the chain has no end.
pub(super) fn followed(shapes: &Shapes, id: ShapeId) -> ShapeId {
    let target = |shape: &Shape| {
        let reference = shape.reference.as_ref().filter(|_| shape.is_only_a_reference())?;
        Some(reference.target)
    };
    end_of_chain(shapes, id, target)
}

/// The same where a conjunction or choice of one counts as a reference to it.
pub(super) fn meant(shapes: &Shapes, id: ShapeId) -> ShapeId {
    end_of_chain(shapes, id, Shape::alone)
}

fn end_of_chain(shapes: &Shapes, id: ShapeId, next: impl Fn(&Shape) -> Option<ShapeId>) -> ShapeId {
    const MAX_HOPS: usize = 1_000;
    let mut at = id;
    for _ in 0..MAX_HOPS {
        let Some(target) = next(shapes.get(at)) else { return at };
        at = target;
    }
    id
}
