//! Deprecation, sunset and stability.

use std::sync::Arc;

use super::Stated;
use crate::source::Span;

/// How far along its life an element is, as far as the contract says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// Where the element is announced as going away (RFC 9745's sense), if it is.
    pub deprecated: Option<Span>,
    /// The date after which it may be removed (RFC 8594's sense).
    pub sunset: Option<Stated<Sunset>>,
    /// How settled the element is.
    pub stability: Stability,
}

/// The date after which an element may be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sunset {
    /// As written.
    pub text: Arc<str>,
    /// The day; `None` where the text is no date.
    pub day: Option<Day>,
}

/// A day of the calendar.
pub type Day = jiff::civil::Date;

/// How settled an element is; less settled elements may change under policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// Not meant for use.
    Draft,
    /// May change at any time.
    Alpha,
    /// May change with notice.
    Beta,
    /// Settled; what is meant when nothing is said.
    #[default]
    Stable,
}
