//! What single shapes of a place say of members that they do not name themselves.
//!
//! The shapes of an `allOf` do not know of each other (JSON Schema 2020-12 core §10.3.2.3): what one of
//! them says of other members holds of a member that only another one declares.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::Slot;
use super::effective::Effective;
use super::openness::restricts;
use crate::model::{ObjectFacets, Shape, ShapeId, Shapes, Stated};
use crate::source::Span;
use crate::subtype::language::Language;

type Members = Arc<BTreeMap<Arc<str>, Stated<ShapeId>>>;

/// A list of the members that must be there.
#[derive(Clone, Debug)]
pub(crate) struct Demands {
    /// The members that its shape declares.
    pub(super) members: Members,
    pub(super) span: Span,
}

/// What one shape says of the members that it does not name.
#[derive(Clone, Debug)]
pub(crate) struct Others {
    /// The members that it does name.
    pub(crate) members: Members,
    /// The families of members that it names by a pattern.
    pub(crate) families: Vec<Arc<str>>,
    /// The names of each family, once they were asked about; `None` of a pattern that cannot be read.
    named: OnceCell<Vec<Option<Language>>>,
    /// By which of its words it says so.
    pub(crate) slot: Slot,
    pub(crate) shape: ShapeId,
    pub(crate) leeway: Leeway,
}

/// What a shape leaves to the members that it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leeway {
    /// Any value.
    All,
    /// Some values.
    Some,
    /// They must not be there.
    None,
}

impl Leeway {
    fn of(shapes: &Shapes, shape: ShapeId) -> Self {
        match shapes.get(shape).boolean {
            Some(false) => Self::None,
            _ if restricts(shapes, &[shape]) => Self::Some,
            _ => Self::All,
        }
    }
}

impl Others {
    /// What the shape says of them. What nothing evaluated is what it does not name as long as it applies
    /// nothing else in place, and does not say of all of them what they are.
    pub(crate) fn of<'s>(
        shapes: &'s Shapes,
        shape: &'s Shape,
    ) -> impl Iterator<Item = Self> + use<'s> {
        let object = shape.object.get();
        let applies = |object: &ObjectFacets| {
            shape.reference.is_some()
                || shape.logic.get().is_some()
                || !object.dependent_shapes.is_empty()
        };
        let said = object.into_iter().flat_map(move |object| {
            let is_left = object.additional.is_none() && !applies(object);
            let unevaluated = object.unevaluated.filter(|_| is_left);
            let slots = [(Slot::Additional, object.additional), (Slot::Unevaluated, unevaluated)];
            slots.into_iter().filter_map(move |(slot, shape)| Some((object, slot, shape?)))
        });
        said.map(move |(object, slot, shape)| Self {
            members: Arc::clone(&object.properties),
            families: object
                .patterns
                .iter()
                .map(|(pattern, _)| Arc::clone(&pattern.value))
                .collect(),
            named: OnceCell::new(),
            slot,
            shape,
            leeway: Leeway::of(shapes, shape),
        })
    }

    /// Whether the member is one of those that the shape does not name. Where a pattern cannot be read
    /// it is taken for one that names it.
    pub(crate) fn include(&self, name: &str) -> bool {
        let read = || self.families.iter().map(|it| Language::pattern(it).ok()).collect();
        let names = |family: &Option<Language>| {
            family.as_ref().and_then(|it| it.matches(name)) != Some(false)
        };
        !self.members.contains_key(name) && !self.named.get_or_init(read).iter().any(names)
    }
}

impl Effective {
    /// What parts that do not declare the member say of its values.
    pub(crate) fn said_of_undeclared(&self, name: &str) -> impl Iterator<Item = ShapeId> {
        let parts = self.others.iter().filter(|part| part.leeway == Leeway::Some);
        parts.filter(move |part| part.include(name)).map(|part| part.shape)
    }

    /// What parts that do not name the family say of the values of its members.
    pub(crate) fn said_of_family(&self, pattern: &Arc<str>) -> impl Iterator<Item = ShapeId> {
        let parts = self.others.iter().filter(|part| part.leeway == Leeway::Some);
        parts.filter(|part| !part.families.contains(pattern)).map(|part| part.shape)
    }
}
