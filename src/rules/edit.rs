//! An edit: what a facet saw at one place, before anybody judged it.

use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) use super::slot::Slot;
use super::{Effect, Rule};
use crate::model::{Json, Kind, Step};
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Facet {
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
    Encoding,
    MediaType,
    MinItems,
    MaxItems,
    Unique,
    /// One demand on what the array contains.
    Contained(Listed),
    /// How often a demand must be met.
    ContainedCount(Both<usize>),
    /// The positions and the rest of an array, all at once.
    Tuple,
    Required(Arc<str>),
    MinProperties,
    MaxProperties,
    /// That the one member needs the other.
    DependentRequired(Arc<str>, Arc<str>),
    /// One group of alternatives as a whole.
    Group(Alternatives, Listed),
    /// How the alternatives of a group combine.
    Combination(Both<GroupAt>),
    /// One branch of a group of alternatives.
    Branch(Both<GroupAt>, Listed),
    /// One exclusion.
    Not(Listed),
    /// One condition as a whole.
    Condition(Listed),
    /// What follows where a condition holds, or where it does not.
    Consequence(Consequence, Both<usize>),
    /// Whether the member is sent by one side only.
    Mark(Mark),
    /// Whether these members fall under what parts of the place say of members that they do not declare.
    Others(BTreeSet<Arc<str>>),
    /// Whether it is said of other members that they are free. Unsaid they are free as well, but
    /// nothing has evaluated them.
    Evaluated,
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
            Self::Formats
            | Self::Encoding
            | Self::MediaType
            | Self::Contained(_)
            | Self::ContainedCount(_)
            | Self::Tuple
            | Self::Required(_)
            | Self::DependentRequired(..)
            | Self::Group(..)
            | Self::Combination(_)
            | Self::Branch(..)
            | Self::Not(_)
            | Self::Condition(_)
            | Self::Consequence(..)
            | Self::Mark(_)
            | Self::Others(_)
            | Self::Evaluated
            | Self::Slot(_) => false,
        }
    }
}

impl Facet {
    /// The one type of values that the statement is about; `None` where it is about any.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Minimum | Self::Maximum | Self::Multiples => Some(Kind::Number),
            Self::MinLength
            | Self::MaxLength
            | Self::Patterns
            | Self::Encoding
            | Self::MediaType => Some(Kind::String),
            Self::MinItems
            | Self::MaxItems
            | Self::Unique
            | Self::Contained(_)
            | Self::ContainedCount(_)
            | Self::Tuple => Some(Kind::Array),
            Self::Required(_)
            | Self::MinProperties
            | Self::MaxProperties
            | Self::DependentRequired(..)
            | Self::Others(_)
            | Self::Evaluated => Some(Kind::Object),
            Self::Slot(slot) => slot.kind(),
            Self::Kinds
            | Self::Values
            | Self::Value(_)
            | Self::Formats
            | Self::Group(..)
            | Self::Combination(_)
            | Self::Branch(..)
            | Self::Not(_)
            | Self::Condition(_)
            | Self::Consequence(..)
            | Self::Mark(_) => None,
        }
    }
}

/// Which alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Alternatives {
    /// At least one holds.
    AnyOf,
    /// Exactly one holds.
    OneOf,
}

/// A group of alternatives of a place: how they combine, and its position among those that do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupAt {
    pub(crate) kind: Alternatives,
    pub(crate) index: usize,
}

/// What happened to an element of a list whose elements have no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Listed {
    /// The element at this index of the old list is gone.
    Removed(usize),
    /// The element at this index of the new list has come.
    Added(usize),
}

/// The same thing as each side counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Both<T> {
    pub(crate) old: T,
    pub(crate) new: T,
}

/// What a condition leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Consequence {
    /// Where it holds.
    Then,
    /// Where it does not.
    Otherwise,
}

impl Consequence {
    /// The slot of this condition in which the shape is.
    pub(crate) fn slot(self, condition: usize) -> Slot {
        match self {
            Self::Then => Slot::Then(condition),
            Self::Otherwise => Slot::Otherwise(condition),
        }
    }
}

/// Who sends a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    /// The producer only.
    ReadOnly,
    /// The consumer only.
    WriteOnly,
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

/// What is said of an edit that changes nothing, before the edit.
const RESPELLED: &str = "says the same in other words: ";

impl Edit {
    /// Whether the edit says nothing by itself where both sides admit the same: another spelling. A
    /// member that came or went, and what asks for attention, is worth saying all the same; that nothing
    /// is said of what is free is worth a word only where something is lost by it.
    pub(crate) fn is_respelling(&self) -> bool {
        let stands = matches!(
            self.facet,
            Some(Facet::Slot(Slot::Property(_)) | Facet::Required(_) | Facet::Evaluated)
        );
        self.facet.is_some() && !stands && self.rule.caution.is_none()
    }

    /// Whether both tell of the same edit.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let told = |edit: &Self| (edit.rule.id, edit.old, edit.new);
        told(self) == told(other) && self.message == other.message
    }

    /// The edit as what it is where it changes nothing: another spelling.
    pub(crate) fn respelling(self) -> Self {
        let rule = &super::shape::SHAPE_REWRITTEN;
        let message = format!("{RESPELLED}{}", self.message);
        Self { rule, effect: rule.effect, message, ..self }
    }

    /// The edit as one of what a text should contain, which validation passes over (JSON Schema
    /// Validation 2020-12 §8.1): its readers may not.
    pub(crate) fn of_content(self) -> Self {
        let rule = &super::text::CONTENT_ENCODING_CHANGED;
        let message = format!("`contentSchema`: {}", self.message);
        Self { rule, effect: rule.effect, message, ..self }
    }

    /// What was edited, whatever it came to.
    pub(crate) fn deed(&self) -> &str {
        self.message.strip_prefix(RESPELLED).unwrap_or(&self.message)
    }

    /// Whether something may be lost by it: another spelling loses nothing, except by what the place
    /// around it makes of it.
    pub(crate) fn is_suspect(&self) -> bool {
        self.facet.is_some() && self.rule != &super::shape::SHAPE_REWRITTEN
    }

    /// Whether validation sees the edit, so that its verdict was proven and does not follow from the
    /// rule alone.
    pub(crate) fn is_proven(&self) -> bool {
        self.facet.is_some() || self.rule == &super::shape::SHAPE_REWRITTEN
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
