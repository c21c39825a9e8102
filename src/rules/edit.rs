//! An edit: what a facet saw at one place, before anybody judged it.

use std::sync::Arc;

use super::{Effect, Rule};
use crate::model::{Json, Step};
use crate::source::Span;

/// One difference between what two places say.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) rule: &'static Rule,
    /// What the edit does by itself, where that is more precise than the rule.
    pub(crate) effect: Effect,
    /// What changed, in one line.
    pub(crate) message: String,
    /// Which statement changed; `None` for what validation does not see.
    pub(crate) facet: Option<Facet>,
    /// Where inside the place, for people.
    pub(crate) step: Option<Step>,
    /// The statement in the old contract.
    pub(crate) old: Option<Span>,
    /// The statement in the new contract.
    pub(crate) new: Option<Span>,
    /// Where to point in the new contract: the statement, or the place that it is gone from.
    pub(crate) anchor: Option<Span>,
    /// Whether readers were told to expect such values.
    pub(crate) tolerated: bool,
    /// Both sides' edited values, for fingerprints.
    pub(crate) evidence: Vec<String>,
}

/// One statement, so that it can be done or undone by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    /// Admitting nothing.
    Nothing,
    /// The types.
    Kinds,
    /// The whole list of values.
    Values,
    /// One value of the list.
    Value(Json),
    Minimum,
    Maximum,
    Multiples,
    MinLength,
    MaxLength,
    Patterns,
    Formats,
    Encodings,
    MinItems,
    MaxItems,
    Unique,
    Contains,
    /// The positions and the rest of an array, all at once.
    Tuple,
    Required(Arc<str>),
    MinProperties,
    MaxProperties,
    DependentRequired,
    /// All alternatives of which one at least holds.
    AnyOf,
    /// All alternatives of which exactly one holds.
    OneOf,
    /// One branch of one group of alternatives.
    Branch(Alternatives, usize, BranchEdit),
    Not,
    Conditions,
    /// Whether the member is sent by one side only.
    Marks,
    /// The shape in a slot, added or removed as a whole.
    Slot(Slot),
}

impl Facet {
    /// Whether saying less of it admits more, whatever else is said at the place.
    pub(crate) fn stands_alone(&self) -> bool {
        match self {
            Self::Kinds
            | Self::Values
            | Self::Value(_)
            | Self::Minimum
            | Self::Maximum
            | Self::Multiples
            | Self::MinLength
            | Self::MaxLength
            | Self::Patterns
            | Self::MinItems
            | Self::MaxItems
            | Self::Unique
            | Self::MinProperties
            | Self::MaxProperties => true,
            Self::Nothing
            | Self::Formats
            | Self::Encodings
            | Self::Contains
            | Self::Tuple
            | Self::Required(_)
            | Self::DependentRequired
            | Self::AnyOf
            | Self::OneOf
            | Self::Branch(..)
            | Self::Not
            | Self::Conditions
            | Self::Marks
            | Self::Slot(_) => false,
        }
    }
}

/// Which alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alternatives {
    /// At least one holds.
    AnyOf,
    /// Exactly one holds.
    OneOf,
}

/// What happened to a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BranchEdit {
    /// The branch at this index of the old group is gone.
    Removed(usize),
    /// The branch at this index of the new group has come.
    Added(usize),
}

/// A place for a shape inside a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Property(Arc<str>),
    PatternProperty(Arc<str>),
    Additional,
    Unevaluated,
    Position(usize),
    Rest,
    UnevaluatedItems,
    Names,
    Contained(usize),
    Content,
    DependentShape(Arc<str>),
    /// A branch of the group at this index.
    Branch(Alternatives, usize, usize),
    Not(usize),
    When(usize),
    Then(usize),
    Otherwise(usize),
}

impl Slot {
    /// Whether what is judged inside the slot can be judged there: what holds inside holds of the
    /// place, and what fails inside is asked again at a root when its witness is lifted. Elsewhere an
    /// applicator turns or counts the answer.
    pub(crate) fn is_transparent(&self) -> bool {
        match self {
            Self::Property(_)
            | Self::PatternProperty(_)
            | Self::Additional
            | Self::Position(_)
            | Self::Branch(..)
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

    /// The step that people read.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Property(name) => Step::Property(name.clone()),
            Self::PatternProperty(pattern) => Step::PatternProperty(pattern.clone()),
            Self::Additional | Self::Unevaluated => Step::AdditionalProperty,
            Self::Position(index) => Step::Position(*index),
            Self::Rest | Self::UnevaluatedItems => Step::Item,
            Self::Names => Step::PropertyName,
            Self::Contained(_) => Step::Contained,
            Self::Content => Step::Branch("content".into()),
            Self::DependentShape(name) => Step::Branch(format!("if {name}").into()),
            Self::Branch(_, _, index) => Step::Branch(format!("branch {}", index + 1).into()),
            Self::Not(_) => Step::Branch("not".into()),
            Self::When(_) => Step::Branch("if".into()),
            Self::Then(_) => Step::Branch("then".into()),
            Self::Otherwise(_) => Step::Branch("else".into()),
        }
    }
}

/// Collects what the facets see.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    pub(crate) list: Vec<Edit>,
}

impl Edits {
    /// Records an edit with the effect of its rule.
    pub(crate) fn push(
        &mut self,
        rule: &'static Rule,
        facet: impl Into<Option<Facet>>,
        message: String,
        (old, new): (Option<Span>, Option<Span>),
    ) -> &mut Edit {
        let facet = facet.into();
        let (evidence, tolerated) = (Vec::new(), false);
        let effect = rule.effect;
        self.list.push(Edit {
            rule,
            effect,
            message,
            facet,
            step: None,
            old,
            new,
            anchor: new,
            tolerated,
            evidence,
        });
        let last = self.list.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "an element was pushed just now")]
        &mut self.list[last]
    }
}

impl Edit {
    /// Whether the edit says nothing by itself where both sides admit the same: another spelling. A
    /// member that came or went, and what asks for attention, is worth saying all the same.
    pub(crate) fn is_respelling(&self) -> bool {
        let moves = matches!(self.facet, Some(Facet::Slot(Slot::Property(_)) | Facet::Required(_)));
        self.facet.is_some() && !moves && self.rule.caution.is_none()
    }

    /// Adds what identifies the edit across commits.
    pub(crate) fn evidence(&mut self, old: &impl ToString, new: &impl ToString) -> &mut Self {
        self.evidence.extend([old.to_string(), new.to_string()]);
        self
    }

    /// Says where inside the place the edit is.
    pub(crate) fn at(&mut self, step: Step) -> &mut Self {
        self.step = Some(step);
        self
    }
}
