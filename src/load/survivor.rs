//! What is left, on another side, around a place of this one.

use super::Loaded;
use crate::document::Pointer;
use crate::source::{FileId, Span};

impl Loaded {
    /// The nearest thing around a place of this side that the other side still has; `None` where it
    /// does not have the file.
    ///
    /// It is looked for by the names on the way; an index means another element on the other side,
    /// so that of a list the list itself is the answer.
    pub fn survivor(&self, span: Span, other: &Self) -> Option<Span> {
        let file = self.counterpart(span.file, other)?;
        self.node(span, other, file).or(Some(Span { file, start: 0, end: 0 }))
    }

    /// The file of the other side that is this one.
    pub(super) fn counterpart(&self, file: FileId, other: &Self) -> Option<FileId> {
        let path = &self.files.get(file)?.path;
        // A document may have been given another name; of a tree of files each is its own.
        let is_document = *path == self.contract.path && !self.trees.is_empty();
        let renamed = || other.files.find(&other.contract.path).filter(|_| is_document);
        other.files.find(path).or_else(renamed)
    }

    fn node(&self, span: Span, other: &Self, file: FileId) -> Option<Span> {
        let (tree, left) = (self.tree(span.file)?, other.tree(file)?);
        let pointer = Pointer::parse(&tree.pointer_of_span(span)?).ok()?;
        let mut here = left.root();
        for token in pointer.tokens() {
            let Some(next) = left.get(here, token) else { break };
            here = next;
        }
        Some(left.span(here))
    }
}
