//! Text with positions: JSON and YAML trees in one arena, JSON Pointer, references across files.
//!
//! **Invariant:** nothing here knows what a contract is. Numbers stay the text that was written,
//! every node and every key has a span, and what cannot be read is an error with a place.

mod arena;
mod error;

pub use arena::{Document, DocumentBuilder, Element, Key, Member, NodeId, Value};
pub use error::{DocumentError, DocumentErrorKind};
