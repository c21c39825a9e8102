//! Bodies: what may be sent by media type, and how the parts of forms are encoded.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Header, Json, Kind, Remarks, Serialisation, ShapeId, Stated};
use crate::source::Span;

/// A body: what may be sent, by media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether there must be one.
    pub required: Stated<bool>,
    /// The payloads, in the order in which they are declared.
    pub content: Vec<MediaPayload>,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where its media types are listed; several bodies may share a list.
    pub listed: Span,
    /// Where it is declared.
    pub span: Span,
}

/// A payload of one media type or range of them.
#[derive(Clone, Debug)]
pub struct MediaPayload {
    /// The media type.
    pub media: MediaType,
    /// Its shape; `None` where nothing is said about it.
    pub shape: Option<ShapeId>,
    /// The same, with what its parts are that are bytes and of which it says nothing; `None` where
    /// there are none.
    pub bytes: Option<ShapeId>,
    /// The shape of each item of a stream.
    pub item: Option<ShapeId>,
    /// How members are encoded, by name, for forms and multipart.
    pub encoding: BTreeMap<Arc<str>, Encoding>,
    /// How members are encoded that have no name of their own.
    pub others: Option<Encoding>,
    /// How the first parts of a multipart body without names are encoded, by position.
    pub positions: Vec<Encoding>,
    /// How the parts after those are.
    pub rest: Option<Encoding>,
    /// Payloads that the author gave.
    pub examples: Vec<Stated<Json>>,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where its media type is listed; several bodies may share a list.
    pub listed: Span,
    /// Where it is declared.
    pub span: Span,
}

/// How one member of a form or multipart body is encoded, defaults spelled out.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The part's media types; empty where the default for the shape applies.
    pub content_types: Vec<Arc<str>>,
    /// How the value becomes text, where the contract chose a style.
    pub serialisation: Option<Serialisation>,
    /// A style that is written where this version ignores it, and others do not.
    pub unheard: Option<Serialisation>,
    /// Whether an empty value may be sent whatever the shape says (OpenAPI 2.0).
    pub allow_empty: bool,
    /// Headers of the part, by name in lower case.
    pub headers: BTreeMap<Arc<str>, Header>,
    /// How the members of the part are encoded, where it is a form or multipart itself.
    pub members: BTreeMap<Arc<str>, Encoding>,
    /// What the part is where nothing is said.
    pub usual: UsualParts,
    /// Where it is said: at the encoding, else at the member itself.
    pub span: Span,
}

/// What parts are where nothing is said, by what is in them; empty where that cannot be told, and
/// `None` where it is one thing or another.
#[derive(Clone, Debug)]
pub struct UsualParts {
    /// The rule that this contract goes by.
    pub told_by: PartTold,
    /// By that rule.
    pub here: BTreeMap<PartContent, Option<UsualPart>>,
    /// By the other rule, by which the same words may have been written.
    pub elsewhere: BTreeMap<PartContent, Option<UsualPart>>,
}

/// By what a part of bytes is told from a part of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartTold {
    /// By its format.
    Format,
    /// By having no type, or an encoding of its own.
    Encoding,
}

impl UsualParts {
    /// Of what a part is made that is bytes whatever is in it, because nothing is said of its type.
    pub fn open(&self) -> Option<PartSpread> {
        let is_open = |spread| self.here.contains_key(&PartContent { spread, kind: Kind::Object });
        let mut spreads = [PartSpread::Whole, PartSpread::Element].into_iter();
        spreads.find(|spread| self.is_bytes() && is_open(*spread))
    }

    /// Whether a part is bytes.
    pub fn is_bytes(&self) -> bool {
        let mut parts = self.here.values();
        !self.here.is_empty() && parts.all(|part| *part == Some(UsualPart::Bytes))
    }
}

/// What is in a part. All numbers are one kind here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartContent {
    /// Whether the member is a list, of which each element is a part.
    pub spread: PartSpread,
    /// The type of the value in one part.
    pub kind: Kind,
}

/// Of what a part is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartSpread {
    /// Of the member's value.
    Whole,
    /// Of one element of it.
    Element,
}

/// The media type of a part where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsualPart {
    /// Text.
    Text,
    /// Bytes of any kind.
    Bytes,
    /// JSON.
    Json,
}

impl UsualPart {
    /// The media type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Bytes => "application/octet-stream",
            Self::Json => "application/json",
        }
    }
}

/// A media type or range (RFC 9110 §8.3.1, §12.5.1), case and order settled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaType {
    /// In lower case; `*` for any.
    pub type_name: Arc<str>,
    /// In lower case; `*` for any.
    pub subtype: Arc<str>,
    /// Name, in lower case, to value.
    pub parameters: BTreeMap<Arc<str>, Arc<str>>,
}

impl fmt::Display for MediaType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.type_name, self.subtype)?;
        self.parameters.iter().try_for_each(|(name, value)| write!(out, "; {name}={value}"))
    }
}
