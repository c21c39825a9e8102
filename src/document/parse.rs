//! Which reader a text gets.

use std::sync::Arc;

use crate::source::{FileId, RepoPath, Span};

use super::text::{Decoded, decode};
use super::{Document, DocumentError, Limits, json};

/// A text that was read, and what was odd about it.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub document: Document,
    /// What was passed over.
    pub warnings: Vec<Warning>,
}

/// Something in a text that was passed over and that its author may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Reads the bytes of a file.
///
/// # Errors
/// When the bytes are not UTF-8 or not a text that [`parse_text`] accepts.
pub fn parse(
    file: FileId,
    path: &RepoPath,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    let Decoded { text, fault } = decode(bytes, limits);
    match fault {
        Some(fault) => Err(fault.in_file(file)),
        None => parse_text(file, path, &text, limits),
    }
}

/// Reads a text that [`decode`](super::decode) accepted.
///
/// # Errors
/// When the text is not what its format demands, or a limit strikes.
pub fn parse_text(
    file: FileId,
    _path: &RepoPath,
    text: &Arc<str>,
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    let document = json::read(file, text, limits).map_err(|fault| fault.in_file(file))?;
    Ok(Parsed { document, warnings: Vec::new() })
}
