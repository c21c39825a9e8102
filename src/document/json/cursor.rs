//! A place in the text, and the two questions that decide the reader's speed: where does the white
//! space end, and where does the string.

use crate::document::DocumentErrorKind;
use crate::document::text::{Fault, offset};

pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn at(&self) -> u32 {
        offset(self.at)
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Steps over this byte if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// The next bytes, fewer at the end of the text.
    pub(super) fn ahead(&self, count: usize) -> &'t [u8] {
        let rest = self.rest();
        rest.get(..count).unwrap_or(rest)
    }

    /// The text between two offsets of it.
    pub(super) fn slice(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// RFC 8259 §2: space, tab, line feed, carriage return.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' => self.skip_blanks(),
                b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return,
            }
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(word) = self.word() {
            let blanks = (word ^ (ONES * 0x20)).trailing_zeros() / 8;
            self.at += blanks as usize;
            if blanks < 8 {
                return;
            }
        }
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end of the text.
    pub(super) fn skip_plain(&mut self) {
        while let Some(word) = self.word() {
            let stop = stops(word);
            if stop != 0 {
                self.at += (stop.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.at += 1;
        }
    }

    /// How many letters come next.
    pub(super) fn word_length(&self) -> usize {
        self.rest().iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
    }

    /// The error for whatever is here instead of what the grammar wants.
    pub(super) fn unexpected(&self, expected: &str) -> Fault {
        let start = self.at();
        let rest = self.text.get(self.at..).unwrap_or("");
        let Some(found) = rest.chars().next() else {
            let message = format!("the text ends where {expected} is expected");
            return malformed(message, start, start);
        };
        let length = match found {
            'a'..='z' | 'A'..='Z' => self.word_length(),
            _ => found.len_utf8(),
        };
        let message = match found {
            '\'' => "JSON strings stand in double quotes, not single ones".to_owned(),
            '/' | '#' if is_comment(rest) => "JSON has no comments".to_owned(),
            _ => format!("expected {expected}, found {}", shown(rest.get(..length).unwrap_or(""))),
        };
        malformed(message, start, start + offset(length))
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn word(&self) -> Option<u64> {
        self.rest().first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }
}

pub(super) fn malformed(message: String, start: u32, end: u32) -> Fault {
    Fault::new(DocumentErrorKind::Malformed, message, start, end)
}

/// What was found, fit for one line of a message.
fn shown(found: &str) -> String {
    let short: String = found.chars().take(24).collect();
    let visible = short.chars().all(|found| !found.is_control() && found != '\u{feff}');
    match (visible, found.chars().next()) {
        (true, _) => format!("`{short}{}`", if short.len() < found.len() { "…" } else { "" }),
        (false, first) => format!("the character U+{:04X}", first.map_or(0, u32::from)),
    }
}

fn is_comment(rest: &str) -> bool {
    rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#')
}

/// The high bit of each byte that ends a run of plain characters. Bits above the lowest one may be
/// set by a borrow, so only the lowest counts.
fn stops(word: u64) -> u64 {
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5C);
    let quotes = quote.wrapping_sub(ONES) & !quote;
    let backslashes = backslash.wrapping_sub(ONES) & !backslash;
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    (quotes | backslashes | controls) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stopping_byte_is_found_at_every_offset() {
        for stop in ['"', '\\', '\u{0}', '\u{1f}'] {
            for before in 0..20 {
                let text = format!("{}{stop}{}", "é".repeat(before), "x".repeat(9));
                let mut cursor = Cursor::new(&text);
                cursor.skip_plain();
                assert_eq!(cursor.at() as usize, before * 2, "{stop:?} after {before}");
            }
        }
        let mut cursor = Cursor::new("\u{7f}\u{80}\u{ffff} !#[]");
        cursor.skip_plain();
        assert_eq!(cursor.peek(), None);
    }

    #[test]
    fn white_space_of_any_length_is_skipped() {
        for blanks in 0..40 {
            let text = format!("\n{}\t\r\n {}x", " ".repeat(blanks), " ".repeat(blanks / 3));
            let mut cursor = Cursor::new(&text);
            cursor.skip_space();
            assert_eq!(cursor.peek(), Some(b'x'));
        }
    }
}
