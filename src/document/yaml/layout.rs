//! A flow collection whose closing bracket stands no deeper than its parent.
//!
//! YAML 1.2 §7.4 wants it deeper, but many writers put it there, and older parsers let them. The
//! parser is shown the bracket at the end of the line above instead: the same bytes, the line break
//! replaced by blanks, so that every position stays what it was.

use std::collections::BTreeSet;

/// How many bytes may be read again in total for the sake of such brackets.
const MAX_REREAD: usize = 256 << 20;

/// The text as the parser is shown it.
pub(super) struct Layout {
    text: String,
    lifted: BTreeSet<u32>,
    reread: usize,
}

impl Layout {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), lifted: BTreeSet::new(), reread: 0 }
    }

    /// What the parser is to read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The brackets that were lifted; each must turn out to close a flow collection.
    pub(super) fn lifted(&self) -> &BTreeSet<u32> {
        &self.lifted
    }

    /// Lifts the bracket at this offset to the line above; `false` where there is none to lift.
    pub(super) fn lift(&mut self, at: u32) -> bool {
        let end = at as usize;
        let bytes = self.text.as_bytes();
        let closes = matches!(bytes.get(end), Some(b'}' | b']'));
        self.reread = self.reread.saturating_add(bytes.len());
        if !closes || self.reread > MAX_REREAD || !self.lifted.insert(at) {
            return false;
        }
        let before = self.text.get(..end).unwrap_or_default();
        let blank = before.len() - before.trim_end_matches([' ', '\n', '\r']).len();
        if !before.get(end - blank..).is_some_and(|blank| blank.contains('\n')) {
            return false;
        }
        self.text.replace_range(end - blank..end, &" ".repeat(blank));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Limits, Value, parse};
    use crate::source::{FileId, RepoPath};

    fn read(text: &str) -> Option<String> {
        let path = RepoPath::new("a.yaml").unwrap();
        let parsed = parse(FileId::default(), &path, text.as_bytes(), &Limits::default()).ok()?;
        let document = parsed.document;
        let example = document.get(document.root(), "a")?;
        assert_eq!(document.value(example), Value::Object);
        let span = document.span(example);
        Some(text[span.start as usize..span.end as usize].to_owned())
    }

    #[test]
    fn a_bracket_may_close_at_its_parents_column() {
        assert_eq!(read("a: {\n  b: 1\n}\nc: 2\n").unwrap(), "{\n  b: 1\n}");
        assert_eq!(read("a: {\n  b: [\n  1\n]\n}\n").unwrap(), "{\n  b: [\n  1\n]\n}");
    }

    #[test]
    fn a_bracket_that_closes_nothing_is_an_error() {
        assert_eq!(read("a: b\n}\n"), None);
        assert_eq!(read("a:\n  b: c\n}\n"), None);
    }
}
