//! From bytes to text, and from offsets to the line and column that a message names.

use std::sync::Arc;

use crate::source::{FileId, Span};

use super::{DocumentError, DocumentErrorKind, Limits};

/// The text of a file, and why it is unusable if it is. There is always a text, so that the error
/// has a line to point at.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text without a byte order mark; invalid bytes are replaced.
    pub text: Arc<str>,
    /// What is wrong with the bytes.
    pub fault: Option<Fault>,
}

/// What is wrong with bytes that are not text we accept; becomes a [`DocumentError`] once the
/// file has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: DocumentErrorKind,
    message: String,
    start: u32,
    end: u32,
}

impl Fault {
    pub(super) fn new(kind: DocumentErrorKind, message: String, start: u32, end: u32) -> Self {
        Self { kind, message, start, end }
    }

    /// The family of the error that it becomes.
    pub fn kind(&self) -> DocumentErrorKind {
        self.kind
    }

    /// The error, placed in this file.
    pub fn in_file(self, file: FileId) -> DocumentError {
        let Self { kind, message, start, end } = self;
        DocumentError { kind, message, span: Span { file, start, end } }
    }
}

/// Reads bytes as UTF-8 (RFC 8259 §8.1, YAML 1.2 §5.2), dropping a byte order mark.
pub fn decode(bytes: &[u8], limits: &Limits) -> Decoded {
    if bytes.len() > limits.max_bytes.min(u32::MAX as usize - 1) {
        let message = format!(
            "the file has {} bytes, more than the limit max-bytes = {}",
            bytes.len(),
            limits.max_bytes
        );
        return refused("", DocumentErrorKind::Limit, message);
    }
    if let Some(encoding) = foreign_encoding(bytes) {
        let message = format!("the file is in {encoding}: save it as UTF-8");
        // As it is, so that two such files are known to differ.
        let text: String = bytes.iter().copied().map(char::from).collect();
        return refused(&text, DocumentErrorKind::Malformed, message);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.into(), fault: None },
        Err(error) => invalid_utf8(bytes, error.valid_up_to()),
    }
}

/// `line:column` of an offset, as messages that name a second place spell it.
pub(super) fn place(text: &str, offset: u32) -> String {
    let before = text.get(..offset as usize).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
    format!("{line}:{column}")
}

/// An offset or length of a text that [`decode`] accepted; those fit 32 bits.
pub(super) fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn refused(text: &str, kind: DocumentErrorKind, message: String) -> Decoded {
    Decoded { text: text.into(), fault: Some(Fault::new(kind, message, 0, 0)) }
}

/// The encodings that YAML 1.2 §5.2 allows beside UTF-8 and that nobody means to use, told by
/// their byte order mark or by the zero bytes around the first ASCII character.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [0, 0, 0, 1..=255, ..]
        | [1..=255, 0, 0, 0, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..]
        | [0xFE, 0xFF, ..]
        | [0, 1..=255, 0, 1..=255, ..]
        | [1..=255, 0, 1..=255, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

fn invalid_utf8(bytes: &[u8], valid: usize) -> Decoded {
    let text: Arc<str> = String::from_utf8_lossy(bytes).into();
    let byte = bytes.get(valid).copied().unwrap_or(0);
    let message = format!(
        "the byte 0x{byte:02X} at {} is not UTF-8: save the file as UTF-8",
        place(&text, offset(valid))
    );
    let start = offset(valid);
    let end = start + offset(char::REPLACEMENT_CHARACTER.len_utf8());
    let fault = Fault::new(DocumentErrorKind::Malformed, message, start, end);
    Decoded { text, fault: Some(fault) }
}

/// There are more values than anybody is willing to hold.
pub(super) fn too_many(limit: usize, start: u32) -> Fault {
    let message = format!("there are more values than the limit max-values = {limit}");
    Fault::new(DocumentErrorKind::Limit, message, start, start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> String {
        decode(bytes, &Limits::default()).fault.unwrap().message
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(&*decode(b"\xEF\xBB\xBF{}", &Limits::default()).text, "{}");
        assert!(fault(b"\xFF\xFEa\0").contains("UTF-16"));
        assert!(fault(b"\0{\0}").contains("UTF-16"));
        assert!(fault(b"\0\0\xFE\xFF\0\0\0a").contains("UTF-32"));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        assert!(fault("é\nab\u{e9}".as_bytes().split_last().unwrap().1).contains("0xC3 at 2:3"));
    }

    #[test]
    fn size_is_a_named_budget() {
        let limits = Limits { max_bytes: 3, ..Limits::default() };
        let fault = decode(b"[1,2]", &limits).fault.unwrap();
        assert_eq!(fault.kind, DocumentErrorKind::Limit);
        assert!(fault.message.contains("max-bytes = 3"));
    }
}
