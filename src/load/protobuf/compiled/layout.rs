//! Text laid out where a compiler found it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::load::protobuf::descriptor::{FileProto, Location};

/// The last line that text is laid out on; beyond it only the order counts.
const MAX_LINE: usize = 2_000_000;

/// The last column that text is indented to.
const MAX_COLUMN: usize = 1_000;

/// Where declarations stood, by their paths of field numbers and indexes.
pub(super) struct Places<'d> {
    by_path: HashMap<&'d [i32], &'d Location, RandomState>,
}

/// A path of field numbers and indexes to a declaration.
pub(super) type DescriptorPath = Vec<i32>;

/// A line and a column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    line: usize,
    column: usize,
}

impl<'d> Places<'d> {
    pub(super) fn of(file: &'d FileProto) -> Self {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        // Of several with one path the first is the declaration.
        let mut by_path: HashMap<&[i32], &Location, RandomState> = HashMap::default();
        for location in locations {
            by_path.entry(&location.path).or_insert(location);
        }
        Self { by_path }
    }

    pub(super) fn start(&self, path: &[i32]) -> Option<Place> {
        let (line, column) = match &self.by_path.get(path)?.span[..] {
            [line, column, ..] => (*line, *column),
            _ => return None,
        };
        place(line, column)
    }

    /// Behind the last character.
    pub(super) fn end(&self, path: &[i32]) -> Option<Place> {
        match &self.by_path.get(path)?.span[..] {
            [line, _, column] | [_, _, line, column] => place(*line, *column),
            _ => None,
        }
    }

    pub(super) fn comments(&self, path: &[i32]) -> Option<&'d Location> {
        self.by_path.get(path).copied()
    }
}

fn place(line: i32, column: i32) -> Option<Place> {
    Some(Place { line: usize::try_from(line).ok()?, column: usize::try_from(column).ok()? })
}

/// Text that grows word by word.
#[derive(Default)]
pub(super) struct Layout {
    text: String,
    line: usize,
    column: usize,
}

impl Layout {
    /// Goes to a place where it lies ahead, else to where a word may begin.
    pub(super) fn go(&mut self, place: Option<Place>) {
        if let Some(Place { line, column }) = place
            && line <= MAX_LINE
        {
            while self.line < line {
                self.newline();
            }
            while self.line == line && self.column < column.min(MAX_COLUMN) {
                self.push(" ");
            }
        }
        self.space();
    }

    /// Goes to where the closing brace of a declaration stood that ended at this place.
    pub(super) fn close(&mut self, end: Option<Place>) {
        let brace = end.map(|end| Place { column: end.column.saturating_sub(1), ..end });
        self.go(brace);
        self.push("}");
    }

    /// A blank, unless there is one.
    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.push(" ");
        }
    }

    /// Text without line breaks.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }

    /// A comment's lines, the last of which ends right above the place where that can be.
    pub(super) fn comment(&mut self, comment: &str, above: Option<Place>) {
        let lines: Vec<&str> = comment.lines().collect();
        if let Some(Place { line, column }) = above {
            let first = line.saturating_sub(lines.len());
            self.go(Some(Place { line: first, column }));
        }
        if self.column > 0 && !self.text.trim_end_matches(' ').ends_with('\n') {
            self.newline();
        }
        for text in lines {
            self.push("//");
            self.push(text);
            self.newline();
        }
    }

    /// A comment behind what was just written.
    pub(super) fn aside(&mut self, comment: &str) {
        self.space();
        for text in comment.lines() {
            self.push("//");
            self.push(text);
            self.newline();
        }
    }

    fn newline(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.line += 1;
        self.column = 0;
    }

    pub(super) fn into_text(mut self) -> String {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text
    }
}

/// Text as a quoted token.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                control if control.is_ascii_control() => {
                    out.push_str(&octal(u8::try_from(control).unwrap_or(b'?')));
                }
                other => out.push(other),
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&octal(*byte)));
    }
    out.push('"');
    out
}

fn octal(byte: u8) -> String {
    format!("\\{byte:03o}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_stood_as_long_as_that_lies_ahead() {
        let mut layout = Layout::default();
        layout.go(place(1, 2));
        layout.push("a");
        layout.go(place(1, 2));
        layout.push("b");
        layout.comment(" c", place(4, 2));
        layout.go(place(4, 2));
        layout.push("d");
        assert_eq!(layout.into_text(), "\n  a b\n\n  // c\n  d\n");
    }

    #[test]
    fn a_line_far_away_is_not_gone_to() {
        let mut layout = Layout::default();
        layout.go(place(i32::MAX, 0));
        layout.push("a");
        assert_eq!(layout.into_text(), "a\n");
    }

    #[test]
    fn quoted_text_reads_back() {
        let bytes = b"a\"\\\n\x01\xff\xc3\xa9";
        let read = crate::load::protobuf::lexer::unescape(&quoted(bytes));
        assert_eq!(read.unwrap(), bytes);
    }
}
