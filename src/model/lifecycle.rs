//! Deprecation, sunset and stability.

use std::sync::Arc;

use crate::source::Span;

/// How far along its life an element is, as far as the contract says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// Where the element is announced as going away (RFC 9745's sense), if it is.
    pub deprecated: Option<Span>,
    /// The date after which it may be removed (RFC 8594's sense), as written, and where.
    pub sunset: Option<(Arc<str>, Span)>,
    /// How settled the element is.
    pub stability: Stability,
}

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
