//! Named elements that a contract declares for reuse.

use std::sync::Arc;

use super::{Remarks, ShapeId};
use crate::source::Span;

/// A named element that a contract declares for reuse. Its name does not travel; generated code is
/// called by it.
#[derive(Clone, Debug)]
pub struct Component {
    /// What it is: `schema`, `parameter`, `security scheme`.
    pub kind: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Who calls it by its name.
    pub naming: Naming,
    /// What it says beside what it promises.
    pub remarks: Remarks,
    /// The addresses that whoever uses it goes to.
    pub addresses: Remarks,
    /// Its shape, where it is a schema that something reaches.
    pub shape: Option<ShapeId>,
    /// Everything that it says, as one digest, where nothing reaches it or the name is all by
    /// which it is reached.
    pub whole: Option<u64>,
    /// Whether anything that is offered reaches it.
    pub usage: Usage,
    /// Where it is declared.
    pub span: Span,
    /// Where all of its kind are declared.
    pub siblings: Span,
}

/// Who calls a named element by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Generated code does.
    Code,
    /// Only the contract itself, to refer to it.
    Contract,
}

/// Who depends on a named element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Nothing that is offered reaches it.
    Unused,
    /// An operation reaches it; by which name does not matter.
    Reached,
    /// An operation reaches it, and payloads carry its name to say that they are of its shape.
    Named,
}
