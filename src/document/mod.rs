//! Text with positions: JSON and YAML trees in one arena, JSON Pointer, references across files.
//!
//! **Invariant:** nothing here knows what a contract is. Numbers stay the text that was written,
//! every node and every key has a span, and what cannot be read is an error with a place.

mod arena;
mod documents;
mod error;
mod json;
mod limits;
mod members;
mod parse;
mod pointer;
mod reference;
mod scan;
mod text;
mod yaml;

#[cfg(test)]
mod mangle;
#[cfg(test)]
mod tests;

pub use arena::{Document, DocumentBuilder, Element, Key, Member, NodeId, Value};
pub use documents::{Documents, Place};
pub use error::{DocumentError, DocumentErrorKind};
pub use limits::Limits;
pub(crate) use parse::unsettled;
pub use parse::{Parsed, Warning, parse, parse_text};
pub use pointer::{InvalidPointer, Pointer, escape};
pub use scan::references;
pub use text::{Decoded, Fault, decode};
pub use yaml::ONLY_THE_FIRST;
