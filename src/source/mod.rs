//! Where bytes come from: git objects, the index, the work tree, plain files.
//!
//! **Invariant:** nothing here knows a contract format, and nothing outside this folder and the
//! binary touches the disk or git.

mod path;
mod snapshot;
mod span;

pub use path::{InvalidPath, RepoPath};
pub use snapshot::{Label, MemorySnapshot, Snapshot, SourceError};
pub use span::{FileId, Files, Position, SourceFile, Span};
