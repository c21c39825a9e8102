//! Positions: the coin that every layer pays in.

use std::sync::{Arc, OnceLock};

use super::RepoPath;

/// A file of one side of the comparison; an index into that side's [`Files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// Bytes `start..end` of a file. Line and column are computed when something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file, among the files of the same side.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// Whether the other lies in it.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// A place as people say it, both counted from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// One file that a side has read: its path and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// Where it lies in the snapshot.
    pub path: RepoPath,
    /// Its text, without a byte order mark.
    pub text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
}

/// Every file that one side has read.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
}

impl Files {
    /// Adds a file; its id is good for spans of this side only.
    pub fn add(&mut self, path: RepoPath, text: Arc<str>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path, text, lines: OnceLock::new() });
        id
    }

    /// The file, if the id is of this side.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::try_from(id.0).unwrap_or(usize::MAX))
    }

    /// All files in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The file of this path, if it was read.
    pub fn find(&self, path: &RepoPath) -> Option<FileId> {
        self.iter().find(|(_, file)| file.path == *path).map(|(id, _)| id)
    }

    /// The path of the span's file and the position of its first byte.
    pub fn locate(&self, span: Span) -> Option<(&RepoPath, Position)> {
        let file = self.get(span.file)?;
        Some((&file.path, file.position(span.start)))
    }

    /// The text that the span covers; empty where the span is none of this side's.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(byte_index(span.start)..byte_index(span.end)))
            .unwrap_or("")
    }
}

impl SourceFile {
    /// The line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.line_starts();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(byte_index(start)..byte_index(offset)).unwrap_or("");
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }

    /// The text of a line, counted from 1, without its line break.
    pub fn line(&self, number: u32) -> Option<&str> {
        let lines = self.line_starts();
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = byte_index(*lines.get(index)?);
        let end = lines.get(index + 1).map_or(self.text.len(), |next| byte_index(*next));
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }

    /// How many lines there are; a final line break opens no line.
    pub fn line_count(&self) -> u32 {
        let trailing = u32::from(self.text.ends_with('\n'));
        u32::try_from(self.line_starts().len()).unwrap_or(u32::MAX) - trailing
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            let next = breaks.map(|(index, _)| u32::try_from(index + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(next).collect()
        })
    }
}

fn byte_index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let mut files = Files::default();
        let id = files.add(RepoPath::new("a.yaml").unwrap(), "é: 1\nb: 2\n".into());
        let span = |start, end| Span { file: id, start, end };
        assert_eq!(files.locate(span(4, 5)).unwrap().1, Position { line: 1, column: 4 });
        assert_eq!(files.locate(span(6, 7)).unwrap().1, Position { line: 2, column: 1 });
        assert_eq!(files.text(span(6, 10)), "b: 2");
        assert_eq!(files.get(id).unwrap().line(2), Some("b: 2"));
        assert_eq!(files.get(id).unwrap().line_count(), 2);
    }
}
