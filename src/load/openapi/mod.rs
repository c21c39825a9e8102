//! Reads OpenAPI and Swagger documents into the model: 2.0, 3.0, 3.1 and 3.2.
//!
//! What is read is what is in effect, never what is written: inherited parameters, servers and
//! requirements are given to each operation, defaults are spelled out, names without case are in
//! lower case. **Invariant:** nothing aborts the reading of the rest; what cannot be read is a
//! problem with a place, and undecided wherever it would have counted.

mod body;
mod encoding;
mod lifecycle;
mod media_type;
mod node;
mod operation;
mod parameter;
mod path_parameters;
mod paths;
mod reader;
mod response;
mod security;
mod server;
mod swagger;
mod template;
mod version;

use std::sync::Arc;

use node::Node;
use operation::Inherited;
use reader::Reader;
use server::root_server;
use version::{Declaration, Version};

use super::json_schema::Dialect;
use super::{LoadOptions, Loaded, Problem, ProblemKind, Referee};
use crate::document::{DocumentError, DocumentErrorKind, Documents, Limits};
use crate::model::{Contract, Declared, Lifecycle, Messages, Operation, Shapes};
use crate::source::{RepoPath, Snapshot, Span};

/// Reads the description at `root`, and all that it refers to, from the snapshot.
///
/// Never fails as a whole: a text that is no description yields an empty contract and a problem of
/// kind [`ProblemKind::Unreadable`] or [`ProblemKind::Refused`].
pub fn load(snapshot: &dyn Snapshot, root: &RepoPath, options: &LoadOptions) -> Loaded {
    let mut documents = Documents::new(snapshot, limits(options));
    let file = match documents.open(root) {
        Ok(file) => file,
        Err(error) => return unreadable(documents, root, &error),
    };
    let Some(document) = documents.document(file) else {
        return refused(documents, root, file);
    };
    todo!()
}
