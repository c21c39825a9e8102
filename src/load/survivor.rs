//! What is left, on another side, around a place of this one.

use super::Loaded;
use crate::document::Pointer;
use crate::source::Span;

impl Loaded {
    /// The nearest thing around a place of this side that the other side still has; `None` where it
    /// does not have the file.
    ///
    /// It is looked for by the names on the way; an index means another element on the other side,
    /// so that of a list the list itself is the answer.
    pub fn survivor(&self, span: Span, other: &Self) -> Option<Span> {
        let path = &self.files.get(span.file)?.path;
        // A document may have been given another name; of a tree of files each is its own.
        let is_document = *path == self.contract.path && !self.trees.is_empty();
        let renamed = || other.files.find(&other.contract.path).filter(|_| is_document);
        let file = other.files.find(path).or_else(renamed)?;
        self.node(span, other, file).or(Some(Span { file, start: 0, end: 0 }))
    }

    fn node(&self, span: Span, other: &Self, file: crate::source::FileId) -> Option<Span> {
        let tree = self.trees.iter().find(|tree| tree.file() == span.file)?;
        let left = other.trees.iter().find(|tree| tree.file() == file)?;
        let pointer = Pointer::parse(&tree.pointer_of_span(span)?).ok()?;
        let mut here = left.root();
        for token in pointer.tokens() {
            let Some(next) = left.get(here, token) else { break };
            here = next;
        }
        Some(left.span(here))
    }
}
