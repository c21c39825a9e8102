//! A slot: where inside a place a shape is.

use std::sync::Arc;

use super::edit::GroupAt;
use crate::model::{Kind, ShapeId, Step};

/// A place for a shape inside a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    Property(Arc<str>),
    /// A declared member under all that is said of it, by the parts too that do not declare it.
    Member(Arc<str>),
    PatternProperty(Arc<str>),
    /// A declared family of members under all that is said of it, likewise.
    Family(Arc<str>),
    Additional,
    Unevaluated,
    Position(usize),
    Rest,
    UnevaluatedItems,
    Names,
    Contained(usize),
    Content,
    DependentShape(Arc<str>),
    /// The branch at this index of a group.
    Branch(GroupAt, usize),
    Not(usize),
    When(usize),
    Then(usize),
    Otherwise(usize),
    /// The place itself, where the other side had to be spelled like it.
    Itself,
    /// The place in another spelling that says the same.
    Respelled(ShapeId),
}

impl Slot {
    /// Whether what is judged inside the slot can be judged there: what holds inside holds of the
    /// place, and what fails inside is asked again at a root when its witness is lifted. Elsewhere an
    /// applicator turns or counts the answer.
    pub(crate) fn is_transparent(&self) -> bool {
        match self {
            Self::Property(_)
            | Self::Member(_)
            | Self::Family(_)
            | Self::PatternProperty(_)
            | Self::Additional
            | Self::Position(_)
            | Self::Branch(..)
            | Self::Itself
            | Self::Respelled(_)
            | Self::Rest => true,
            Self::Unevaluated
            | Self::UnevaluatedItems
            | Self::Names
            | Self::Contained(_)
            | Self::Content
            | Self::DependentShape(_)
            | Self::Not(_)
            | Self::When(_)
            | Self::Then(_)
            | Self::Otherwise(_) => false,
        }
    }

    /// Whether it leads to a part of the value, and not to another thing that is said of the value.
    pub(crate) fn leads_to_part(&self) -> bool {
        self.is_transparent() && self.kind().is_some()
    }

    /// The one type of values that have the slot; `None` where any has it.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Property(_)
            | Self::Member(_)
            | Self::Family(_)
            | Self::PatternProperty(_)
            | Self::Additional
            | Self::Unevaluated
            | Self::Names
            | Self::DependentShape(_) => Some(Kind::Object),
            Self::Position(_) | Self::Rest | Self::UnevaluatedItems | Self::Contained(_) => {
                Some(Kind::Array)
            }
            Self::Content => Some(Kind::String),
            Self::Branch(..)
            | Self::Not(_)
            | Self::When(_)
            | Self::Then(_)
            | Self::Otherwise(_)
            | Self::Itself
            | Self::Respelled(_) => None,
        }
    }

    /// Whether what is in the slot applies to the value at the place itself, not to a part of it.
    pub(crate) fn is_in_place(&self) -> bool {
        match self {
            Self::Branch(..)
            | Self::DependentShape(_)
            | Self::Not(_)
            | Self::When(_)
            | Self::Then(_)
            | Self::Otherwise(_)
            | Self::Itself
            | Self::Respelled(_) => true,
            Self::Property(_)
            | Self::Member(_)
            | Self::Family(_)
            | Self::PatternProperty(_)
            | Self::Additional
            | Self::Unevaluated
            | Self::Position(_)
            | Self::Rest
            | Self::UnevaluatedItems
            | Self::Names
            | Self::Contained(_)
            | Self::Content => false,
        }
    }

    /// The step that people read; none where the slot is no other place.
    pub(crate) fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Property(name) | Self::Member(name) => Step::Property(name.clone()),
            Self::PatternProperty(pattern) | Self::Family(pattern) => {
                Step::PatternProperty(pattern.clone())
            }
            Self::Additional | Self::Unevaluated => Step::AdditionalProperty,
            Self::Position(index) => Step::Position(*index),
            Self::Rest | Self::UnevaluatedItems => Step::Item,
            Self::Names => Step::PropertyName,
            Self::Contained(_) => Step::Contained,
            Self::Content => Step::Branch("content".into()),
            Self::DependentShape(name) => Step::Branch(format!("if {name}").into()),
            Self::Branch(_, index) => Step::Branch(format!("branch {}", index + 1).into()),
            Self::Not(_) => Step::Branch("not".into()),
            Self::When(_) => Step::Branch("if".into()),
            Self::Then(_) => Step::Branch("then".into()),
            Self::Otherwise(_) => Step::Branch("else".into()),
            Self::Itself | Self::Respelled(_) => return None,
        })
    }
}
