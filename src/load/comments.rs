//! What authors say to readers of a file beside what they declare.

use std::collections::BTreeMap;

use crate::model::Stated;
use crate::source::FileId;

/// Reads the comments of a file.
pub type ReadComments = fn(FileId, &str) -> Comments;

/// The comments of a file, by where the declaration begins that they are about; `None` where they
/// are about the file. Each is a digest of its words: how they are laid out says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments(BTreeMap<Option<u32>, Vec<Stated<u64>>>);

impl Comments {
    /// Another comment; they come in the order of the text.
    pub fn insert(&mut self, element: Option<u32>, words: Stated<u64>) {
        self.0.entry(element).or_default().push(words);
    }

    /// Those about the declaration that begins at this offset, or about the file.
    pub fn about(&self, element: Option<u32>) -> &[Stated<u64>] {
        self.0.get(&element).map_or(&[], Vec::as_slice)
    }
}
