//! Everything that one file set promises to its consumers.

use std::sync::Arc;

use super::{Component, Equality, Heirs, Lifecycle, Messages, Operation, Remarks, ShapeId, Shapes};
use crate::source::{RepoPath, Span};

/// Everything that one file set promises to its consumers.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The file that people know it by, or the folder of a tree of files.
    pub path: RepoPath,
    /// What the contract calls its format and version (`openapi-3.1`): a label, nothing decides by it.
    pub format: Arc<str>,
    /// The version that the contract declares of itself.
    pub version: Option<Declared>,
    /// What consumers can invoke, and what the producer invokes of them.
    pub operations: Vec<Operation>,
    /// Payloads that stand by themselves: stored documents, events.
    pub roots: Vec<Root>,
    /// Definitions that are no payloads here, though others may refer to them.
    pub at_hand: Vec<Root>,
    /// The graph behind all payloads that are JSON values.
    pub shapes: Shapes,
    /// Which of them say the same, if that was looked at.
    pub equality: Equality,
    /// Numbered messages, enumerations and services.
    pub messages: Arc<Messages>,
    /// Named elements that it declares for reuse, by kind and name.
    pub components: Vec<Component>,
    /// What payloads may say that they are of, beside the shape that describes them.
    pub heirs: Heirs,
    /// What it says of itself to people.
    pub remarks: Remarks,
    /// How settled the contract as a whole is.
    pub lifecycle: Lifecycle,
    /// The whole contract.
    pub span: Span,
}

/// A version as declared, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// As written.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A payload that stands by itself.
#[derive(Clone, Debug)]
pub struct Root {
    /// What people call it: the file's name, or the name of a definition.
    pub name: Arc<str>,
    /// Its shape.
    pub shape: ShapeId,
}

/// Which readers must read which writers' standalone payloads, in the words of the registries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// New readers read old data.
    #[default]
    Backward,
    /// Old readers read new data.
    Forward,
    /// Both.
    Full,
}
