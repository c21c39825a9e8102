//! Named elements that a contract declares for reuse.

use std::collections::BTreeMap;
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
    /// Everything that it says, as one digest, where nothing reaches it, the name is all by which it
    /// is reached, or it may be reached by inheritance alone.
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

/// The shapes that inherit a shape which tells its kinds apart, by the one that they inherit. A kind that
/// nothing inherits has an empty list.
pub type Heirs = BTreeMap<ShapeId, Vec<Heir>>;

/// A shape that a payload may be of where the one that it inherits is described. The payload says so
/// itself, by the value of a property.
#[derive(Clone, Debug)]
pub struct Heir {
    /// The name of the element that declares it.
    pub name: Arc<str>,
    /// The property that tells.
    pub property: Arc<str>,
    /// The value of the property by which a payload is of this shape.
    pub tag: Arc<str>,
    /// The shape.
    pub shape: ShapeId,
    /// The objects that say so, whatever else they hold.
    pub says: ShapeId,
}
