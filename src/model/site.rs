//! Places in a contract: for people, for machines, for fingerprints.

use std::fmt;
use std::sync::Arc;

/// Where something is promised: an operation or root, a part of it, and a path into its payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The operation (`POST /orders`), message or document; empty for the contract itself.
    pub owner: Arc<str>,
    /// Which part of it.
    pub part: Part,
    /// The way into the payload.
    pub steps: Vec<Step>,
}

/// A part of an operation or contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The operation, document or message itself.
    Whole,
    /// A parameter: its location (`query`, `path`, …) and name.
    Parameter(&'static str, Arc<str>),
    /// The request body, of this media type where the operation has several.
    RequestBody(Option<Arc<str>>),
    /// A response of this status, of this media type where it has several.
    Response(Arc<str>, Option<Arc<str>>),
    /// A header of a response.
    ResponseHeader(Arc<str>, Arc<str>),
    /// What a caller must present.
    Security,
    /// Where the operation is served.
    Server,
    /// The request message of a call.
    RequestMessage,
    /// The response message of a call.
    ResponseMessage,
}

/// One step into a payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The member or field of this name.
    Property(Arc<str>),
    /// The members whose names match this pattern.
    PatternProperty(Arc<str>),
    /// The members that nothing else declares.
    AdditionalProperty,
    /// The name of a member.
    PropertyName,
    /// Every element.
    Item,
    /// The element at this position.
    Position(usize),
    /// An element that the array must contain.
    Contained,
    /// A branch of alternatives, by name or position.
    Branch(Arc<str>),
    /// An enumeration value.
    EnumValue(Arc<str>),
}

impl Site {
    /// The site of an operation, document or message itself.
    pub fn whole(owner: impl Into<Arc<str>>) -> Self {
        Self { owner: owner.into(), part: Part::Whole, steps: Vec::new() }
    }

    /// The site of a part.
    pub fn part(owner: impl Into<Arc<str>>, part: Part) -> Self {
        Self { owner: owner.into(), part, steps: Vec::new() }
    }

    /// The site one step further in.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut next = self.clone();
        next.steps.push(step);
        next
    }
}

impl fmt::Display for Site {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.owner)?;
        let part = self.part.to_string();
        if !part.is_empty() {
            write!(out, "{}{part}", if self.owner.is_empty() { "" } else { " › " })?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            let bare = index == 0 && self.owner.is_empty() && part.is_empty();
            write!(out, "{}{step}", if bare { "" } else { " › " })?;
        }
        Ok(())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Parameter(location, name) => write!(out, "{location} parameter {name}"),
            Self::RequestBody(None) => out.write_str("request body"),
            Self::RequestBody(Some(media)) => write!(out, "request body ({media})"),
            Self::Response(status, None) => write!(out, "response {status}"),
            Self::Response(status, Some(media)) => write!(out, "response {status} ({media})"),
            Self::ResponseHeader(status, name) => write!(out, "response {status} header {name}"),
            Self::Security => out.write_str("security"),
            Self::Server => out.write_str("server"),
            Self::RequestMessage => out.write_str("request"),
            Self::ResponseMessage => out.write_str("response"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(name) | Self::Branch(name) | Self::EnumValue(name) => {
                out.write_str(name)
            }
            Self::PatternProperty(pattern) => write!(out, "/{pattern}/"),
            Self::AdditionalProperty => out.write_str("*"),
            Self::PropertyName => out.write_str("(name)"),
            Self::Item => out.write_str("[]"),
            Self::Position(index) => write!(out, "[{index}]"),
            Self::Contained => out.write_str("[contains]"),
        }
    }
}
