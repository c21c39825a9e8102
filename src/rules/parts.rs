//! What single shapes of a place say of members that they do not name themselves.
//!
//! The shapes of an `allOf` do not know of each other (JSON Schema 2020-12 core §10.3.2.3): what one of
//! them says of other members holds of a member that only another one declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ObjectFacets, ShapeId, Stated};
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
    pub(crate) shape: ShapeId,
}

impl Others {
    pub(super) fn of(object: &ObjectFacets) -> Option<Self> {
        let families = object.patterns.iter().map(|(pattern, _)| Arc::clone(&pattern.value));
        Some(Self {
            members: Arc::clone(&object.properties),
            families: families.collect(),
            shape: object.additional?,
        })
    }

    /// Whether the member is one of those that the shape does not name. Where a pattern cannot be read
    /// it is taken for one that names it.
    pub(crate) fn include(&self, name: &str) -> bool {
        let names = |pattern: &Arc<str>| {
            Language::pattern(pattern).map_or(true, |it| it.matches(name) != Some(false))
        };
        !self.members.contains_key(name) && !self.families.iter().any(names)
    }
}
