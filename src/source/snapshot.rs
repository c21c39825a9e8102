//! One complete, immutable state of a repository or folder.

use std::collections::BTreeMap;

use super::RepoPath;

/// What a side is called in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// In words: `main at 3f2a91c (merge base with origin/main)`, `work tree`, a path.
    pub name: String,
    /// The full commit id where the side is a commit.
    pub revision: Option<String>,
}

/// Path to bytes at one moment. Reading never changes anything and never leaves the snapshot.
pub trait Snapshot: Send {
    /// What to call this state.
    fn label(&self) -> &Label;

    /// The bytes of a file; `None` where the snapshot has no such file.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError>;

    /// Every file, sorted by path.
    ///
    /// # Errors
    /// When the listing cannot be completed; a partial listing is never returned.
    fn paths(&self) -> Result<Vec<RepoPath>, SourceError>;
}

/// Why bytes could not be had. One line, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file could not be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's words.
        reason: String,
    },
}

/// A snapshot held in memory: for standard input, tests and callers that bring their own bytes.
#[derive(Debug)]
pub struct MemorySnapshot {
    label: Label,
    files: BTreeMap<RepoPath, Vec<u8>>,
}

impl MemorySnapshot {
    /// A snapshot of these files.
    pub fn new(name: &str, files: impl IntoIterator<Item = (RepoPath, Vec<u8>)>) -> Self {
        let label = Label { name: name.to_owned(), revision: None };
        Self { label, files: files.into_iter().collect() }
    }
}

impl Snapshot for MemorySnapshot {
    fn label(&self) -> &Label {
        &self.label
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.files.get(path).cloned())
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        Ok(self.files.keys().cloned().collect())
    }
}
