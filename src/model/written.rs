//! The parts of a shape by the words that hold them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    ArrayFacets, Condition, Contains, LogicFacets, ObjectFacets, Reference, Shape, ShapeId, Step,
};

/// A word that holds a part, and which of several it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// What is referred to.
    Reference,
    AllOf,
    AnyOf,
    OneOf,
    Not,
    When,
    Then,
    Otherwise,
    Property(Arc<str>),
    PatternProperty(Arc<str>),
    Additional,
    Unevaluated,
    Names,
    Dependent(Arc<str>),
    Position(usize),
    Rest,
    UnevaluatedItems,
    Contained,
    Content,
}

impl Holder {
    /// The step to the part; `None` where it is about the same value.
    pub(crate) fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Property(name) => Step::Property(Arc::clone(name)),
            Self::PatternProperty(pattern) => Step::PatternProperty(Arc::clone(pattern)),
            Self::Additional | Self::Unevaluated => Step::AdditionalProperty,
            Self::Names => Step::PropertyName,
            Self::Position(index) => Step::Position(*index),
            Self::Rest | Self::UnevaluatedItems => Step::Item,
            Self::Contained => Step::Contained,
            Self::Reference
            | Self::AllOf
            | Self::AnyOf
            | Self::OneOf
            | Self::Not
            | Self::When
            | Self::Then
            | Self::Otherwise
            | Self::Dependent(_)
            | Self::Content => return None,
        })
    }
}

/// What each word of the shape holds.
pub(crate) fn written_parts(shape: &Shape) -> BTreeMap<Holder, Vec<ShapeId>> {
    let mut parts: BTreeMap<Holder, Vec<ShapeId>> = BTreeMap::new();
    let mut hold = |holder: Holder, id: ShapeId| parts.entry(holder).or_default().push(id);
    if let Some(Reference { target, name: _, span: _ }) = &shape.reference {
        hold(Holder::Reference, *target);
    }
    if let Some(content) = shape.text.get().and_then(|text| text.content) {
        hold(Holder::Content, content);
    }
    if let Some(array) = shape.array.get() {
        of_array(array, &mut hold);
    }
    if let Some(object) = shape.object.get() {
        of_object(object, &mut hold);
    }
    if let Some(logic) = shape.logic.get() {
        of_logic(logic, &mut hold);
    }
    parts
}

fn of_array(array: &ArrayFacets, hold: &mut impl FnMut(Holder, ShapeId)) {
    let ArrayFacets { prefix, rest, unevaluated, contains, min_items: _, max_items: _, unique: _ } =
        array;
    for (index, id) in prefix.iter().enumerate() {
        hold(Holder::Position(index), *id);
    }
    if let Some(id) = rest {
        hold(Holder::Rest, *id);
    }
    if let Some(id) = unevaluated {
        hold(Holder::UnevaluatedItems, *id);
    }
    if let Some(Contains { span: _, shape, minimum: _, maximum: _, evaluates: _ }) = contains {
        hold(Holder::Contained, *shape);
    }
}

fn of_object(object: &ObjectFacets, hold: &mut impl FnMut(Holder, ShapeId)) {
    let ObjectFacets {
        properties,
        patterns,
        additional,
        unevaluated,
        names,
        required: _,
        required_at: _,
        min_properties: _,
        max_properties: _,
        dependent_required: _,
        dependent_shapes,
    } = object;
    for (name, shape) in &**properties {
        hold(Holder::Property(Arc::clone(name)), shape.value);
    }
    for (pattern, id) in patterns {
        hold(Holder::PatternProperty(Arc::clone(&pattern.value)), *id);
    }
    if let Some(id) = additional {
        hold(Holder::Additional, *id);
    }
    if let Some(id) = unevaluated {
        hold(Holder::Unevaluated, *id);
    }
    if let Some(id) = names {
        hold(Holder::Names, *id);
    }
    for (name, shape) in dependent_shapes {
        hold(Holder::Dependent(Arc::clone(name)), shape.value);
    }
}

fn of_logic(logic: &LogicFacets, hold: &mut impl FnMut(Holder, ShapeId)) {
    let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
    for id in all_of {
        hold(Holder::AllOf, *id);
    }
    for id in any_of.iter().flat_map(|group| &group.value) {
        hold(Holder::AnyOf, *id);
    }
    for id in one_of.iter().flat_map(|group| &group.value) {
        hold(Holder::OneOf, *id);
    }
    if let Some(not) = not {
        hold(Holder::Not, not.value);
    }
    if let Some(condition) = condition {
        let Condition { when, then, otherwise } = &condition.value;
        hold(Holder::When, *when);
        if let Some(id) = then {
            hold(Holder::Then, *id);
        }
        if let Some(id) = otherwise {
            hold(Holder::Otherwise, *id);
        }
    }
}
