//! What is wrong with a text, and where.

use crate::source::{SourceError, Span};

/// A text that could not be read: one message and its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// Which family of errors, for exit codes.
    pub kind: DocumentErrorKind,
    /// What is wrong and what to do, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// The families of errors that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentErrorKind {
    /// The text is not what its format demands.
    Malformed,
    /// A limit on size, depth or aliases struck: the input is refused for safety.
    Limit,
    /// A reference leaves the repository or goes to the network: refused for safety.
    Outside,
    /// A reference names nothing.
    Dangling,
}

impl DocumentErrorKind {
    /// What a file that its source does not give is: refused for the same reason, or unreadable.
    pub(super) fn of(error: &SourceError) -> Self {
        if matches!(error, SourceError::SymbolicLink { .. }) {
            Self::Outside
        } else if error.is_refusal() {
            Self::Limit
        } else {
            Self::Malformed
        }
    }
}
