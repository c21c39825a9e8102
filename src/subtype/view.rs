//! The question and its three answers.

use std::fmt;

use crate::model::{Json, Polarity, ShapeId};

/// One end of a payload: all that is said about the value there, and how it is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// Every shape that applies at the place; all must hold. Sorted, without duplicates.
    pub conjuncts: Vec<ShapeId>,
    /// Whether this end writes or reads.
    pub role: Role,
    /// Whose payload it is: decides what `readOnly` and `writeOnly` mean.
    pub polarity: Polarity,
    /// How the value crosses.
    pub carrier: Carrier,
}

/// Which end of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The end that sends the value.
    Writer,
    /// The end that receives it.
    Reader,
}

/// How a value crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// As JSON over HTTP: `readOnly` and `writeOnly` apply.
    HttpJson,
    /// As JSON that is stored or queued: they do not.
    StoredJson,
    /// As text, as parameters and headers do: a scalar is its text, so the integer 1, the number 1
    /// and the string "1" are one value, and a list of one element is written as that element.
    Text,
    /// The same where the elements of a list are one text with this between them: whoever reads a
    /// list takes the text apart there.
    Joined(char),
    /// As text in a body, as XML does: the same, and `readOnly` and `writeOnly` apply.
    HttpText,
    /// The same where nothing holds parts that have parts, as fields of events do.
    HttpLines,
    /// As a form, whose members are fields.
    Form,
    /// The same where fields that are objects are written in a style, so that their members are text too.
    StyledForm,
    /// As a field of a form: as text where it is a scalar or a list of them, as JSON where it is an
    /// object (OpenAPI 3.1.1 §4.8.15).
    Field,
}

impl Carrier {
    /// How a member of the value crosses.
    pub(crate) fn of_member(self) -> Self {
        match self {
            Self::HttpJson | Self::StoredJson | Self::Text | Self::HttpText | Self::HttpLines => {
                self
            }
            Self::Joined(_) | Self::StyledForm => Self::Text,
            Self::Form => Self::Field,
            Self::Field => Self::HttpJson,
        }
    }

    /// How an element of the value crosses.
    pub(crate) fn of_element(self) -> Self {
        match self {
            Self::HttpJson
            | Self::StoredJson
            | Self::Text
            | Self::HttpText
            | Self::HttpLines
            | Self::Field => self,
            Self::Joined(_) | Self::StyledForm => Self::Text,
            Self::Form => Self::Field,
        }
    }

    /// Whether the value crosses as itself.
    pub(crate) fn is_json(self) -> bool {
        match self {
            Self::HttpJson | Self::StoredJson => true,
            Self::Text
            | Self::Joined(_)
            | Self::HttpText
            | Self::HttpLines
            | Self::Form
            | Self::StyledForm
            | Self::Field => false,
        }
    }

    /// Whether a member of an object can hold parts of its own there.
    pub(crate) fn nests(self) -> bool {
        match self {
            Self::HttpJson
            | Self::StoredJson
            | Self::HttpText
            | Self::Form
            | Self::StyledForm
            | Self::Field => true,
            Self::Text | Self::Joined(_) | Self::HttpLines => false,
        }
    }

    /// Whether the value is a form, of which only the fields are texts.
    pub(crate) fn is_form(self) -> bool {
        matches!(self, Self::Form | Self::StyledForm)
    }

    /// Whether the value is a text by itself, as that of a parameter or header.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Joined(_))
    }
}

/// What is assumed of writers and readers: part of the question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assumptions {
    /// Whether writers may send names that only the reader gives a meaning.
    pub content_model: ContentModel,
    /// Whether known formats are asserted.
    pub formats: Formats,
}

/// Whether writers may send names that only the reader gives a meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentModel {
    /// They do not: nobody hits such a name by accident, and a shape whose assertions all concern
    /// one type is meant to have that type.
    #[default]
    Open,
    /// They may: the pure validator's view.
    Strict,
}

/// Whether known formats are asserted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Formats {
    /// They are, on their own JSON type.
    #[default]
    Assert,
    /// They are notes.
    Annotate,
}

/// Whether every value that the writer sends is accepted by the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Containment {
    /// Proven.
    Holds,
    /// Refuted by this value: the writer may send it, the reader refuses it.
    Fails(Json),
    /// Neither; say why, so that a person can decide.
    Undecided(Reason),
}

/// Why a question could not be decided, in words that name the schema's feature or the budget.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason(pub String);

impl View {
    /// A view of one shape.
    pub fn of(shape: ShapeId, role: Role, polarity: Polarity, carrier: Carrier) -> Self {
        Self { conjuncts: vec![shape], role, polarity, carrier }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
