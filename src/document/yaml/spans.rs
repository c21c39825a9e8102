//! From the parser's marks to bytes, and from the parser's spans to what a reader would underline.

use saphyr_parser::{Marker, ScalarStyle, Span};

use crate::document::text::offset;

/// Byte offsets of one text. The parser counts characters.
pub(super) struct Spans<'t> {
    text: &'t str,
    /// The byte offset of every [`STRIDE`]th character; empty where all characters are one byte.
    checkpoints: Vec<usize>,
}

const STRIDE: usize = 64;

impl<'t> Spans<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let checkpoints = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect()
        };
        Self { text, checkpoints }
    }

    /// The byte at which a mark stands.
    pub(super) fn byte(&self, mark: Marker) -> u32 {
        offset(self.byte_index(mark))
    }

    /// The bytes of a scalar as written, without the anchor and the tag before it and without the
    /// white space and comments that the parser counts in behind it.
    pub(super) fn scalar(&self, span: Span, style: ScalarStyle, properties: bool) -> (u32, u32) {
        let (mut start, mut end) = (self.byte_index(span.start), self.byte_index(span.end));
        if properties {
            start = self.after_properties(start).min(end);
        }
        let written = self.text.get(start..end).unwrap_or("");
        match style {
            ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted => {
                end = start + quoted_length(written);
            }
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {
                end = start + written.trim_end().len();
            }
        }
        (offset(start), offset(end))
    }

    /// Where a container's content begins: behind its anchor and its tag.
    pub(super) fn container(&self, mark: Marker, properties: bool) -> u32 {
        let start = self.byte_index(mark);
        offset(if properties { self.after_properties(start) } else { start })
    }

    /// The place of a value that is not written: behind the indicator that promises it, and not
    /// before `written`, where the last thing that is written ends.
    pub(super) fn empty(&self, written: u32, mark: Marker) -> u32 {
        let at = self.byte_index(mark);
        if self.text.as_bytes().get(at) == Some(&b':') {
            return offset(at + 1);
        }
        let between = self.text.get(written as usize..at).unwrap_or("");
        written + offset(between.trim_end().len())
    }

    fn byte_index(&self, mark: Marker) -> usize {
        let index = mark.index();
        if self.checkpoints.is_empty() {
            return index.min(self.text.len());
        }
        let checkpoint = self.checkpoints.get(index / STRIDE).copied();
        let Some(start) = checkpoint else { return self.text.len() };
        let mut rest = self.text.get(start..).unwrap_or("").char_indices();
        rest.nth(index % STRIDE).map_or(self.text.len(), |(at, _)| start + at)
    }

    fn after_properties(&self, start: usize) -> usize {
        let mut rest = self.text.get(start..).unwrap_or("");
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            let length = match rest.as_bytes().first() {
                // A verbatim tag (§6.9.1) may hold what ends any other property.
                Some(b'!') if rest.starts_with("!<") => rest.find('>').map(|at| at + 1),
                Some(b'&' | b'!') => rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']),
                Some(b'#') => rest.find(['\n', '\r']),
                _ => return self.text.len() - rest.len(),
            };
            rest = rest.get(length.unwrap_or(rest.len()).max(1)..).unwrap_or("");
        }
    }
}

/// The length of the quoted scalar that begins the text, its quotes included.
fn quoted_length(written: &str) -> usize {
    let mut bytes = written.bytes().enumerate().peekable();
    let Some((_, quote)) = bytes.next() else { return 0 };
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => drop(bytes.next()),
            _ if byte != quote => {}
            b'\'' if bytes.peek().is_some_and(|(_, next)| *next == b'\'') => drop(bytes.next()),
            _ => return at + 1,
        }
    }
    written.len()
}
