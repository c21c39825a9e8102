//! Reads protocol buffers into the model, without a compiler and without the network.
//!
//! Files are read straight from a snapshot (`tree`), parsed (`parser`) into trees as written
//! (`syntax`), a group of files at a time (`order`), and resolved into the model (`resolve`), which
//! states presence, packing, openness and the like
//! of each element and forgets which syntax or edition said so (`features`).
//! **Invariant:** a declaration that cannot be read is a problem with a place and hides no other.

mod base64;
mod buf_yaml;
mod comments;
mod compiled;
mod descriptor;
mod features;
mod lexer;
mod order;
mod parser;
mod past;
mod past_lost;
mod past_names;
mod referee;
mod resolve;
mod root;
mod scope;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;
mod unit;
mod wellknown;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::past::PastFiles;
use self::referee::MessageRuntime;
use self::resolve::{Resolved, resolve};
use self::tree::Reader;
use crate::load::{Extent, LoadOptions, Loaded, Past, Problem, ProblemKind, Referee};
use crate::model::{Contract, Equality, Heirs, Lifecycle, Ownership, Remarks, Shapes};
use crate::source::{FileId, Files, MemorySnapshot, RepoPath, Snapshot, Span};

pub use self::buf_yaml::{BreakingSection, breaking_section};
pub use self::root::ProtoRoot;

/// Reads the files of `root` and what they import.
///
/// Never fails as a whole: what cannot be read is among the problems. Bundled well-known types go
/// ahead of copies in the tree; they and every file outside `root.files` are
/// [`crate::model::Ownership::Imported`].
pub fn load(snapshot: &dyn Snapshot, root: &ProtoRoot, options: &LoadOptions) -> Loaded {
    let mut reader = Reader::new(snapshot, root, options);
    let read = reader.read_all();
    let past = snapshot.history().map(|history| {
        PastFiles::new(history, tree::told_paths(&read, &reader.files), root.home.clone())
    });
    let past = past.map(|past| -> Box<dyn Past> { Box::new(past) });
    Loaded { past, comments: Some(comments::read_comments), ..finish(root, reader, &read) }
}

/// Reads a descriptor set or an image of buf's, gzip'd or not, as the files that it was compiled
/// from.
///
/// What the set lacks of its imports is told like any missing import. Files that buf marks as
/// imports, and well-known types, are [`crate::model::Ownership::Imported`].
pub fn load_compiled(snapshot: &dyn Snapshot, path: &RepoPath, options: &LoadOptions) -> Loaded {
    let nowhere = MemorySnapshot::new(path.as_str(), []);
    let root = ProtoRoot::new(path.clone(), Vec::new(), Vec::new());
    let mut reader = Reader::new(&nowhere, &root, options);
    compiled::read_compiled(snapshot, path, options, &mut reader);
    let read = reader.read_all();
    // Of comments compilers keep some, and not all that authors wrote: nothing is said of them.
    finish(&root, reader, &read)
}

/// Resolves what was read.
fn finish(root: &ProtoRoot, reader: Reader<'_>, read: &[tree::ReadFile]) -> Loaded {
    let (mut files, mut problems) = (reader.files, reader.problems);
    let Resolved { messages, operations } = resolve(read, &mut problems);
    if !root.beside.is_empty() {
        leave_to_others(&mut problems, root, read);
    }
    let messages = Arc::new(messages);
    let is_asked = !root.files.is_empty() || root.folders.is_empty();
    let unreadable = is_asked && !read.iter().any(|file| file.is_own() && !file.is_torn());
    if unreadable {
        worsen(&mut problems);
    }
    let contract = Contract {
        path: root.path.clone(),
        format: Arc::from("protobuf"),
        version: None,
        operations,
        roots: Vec::new(),
        at_hand: Vec::new(),
        shapes: Shapes::default(),
        equality: Equality::default(),
        messages: Arc::clone(&messages),
        components: Vec::new(),
        heirs: Heirs::default(),
        remarks: Remarks::default(),
        lifecycle: Lifecycle::default(),
        span: whole(&mut files, root),
    };
    let referee = Referee::Messages(Box::new(MessageRuntime::new(messages)));
    let extent = if unreadable { Extent::Nothing } else { Extent::Read };
    let (trees, gaps) = (Vec::new(), Vec::new());
    let (past, comments) = (None, None);
    Loaded { contract, problems, files, trees, referee, past, comments, extent, gaps }
}

/// Drops what is for other contracts to tell: what is wrong with files that are read along.
fn leave_to_others(problems: &mut Vec<Problem>, root: &ProtoRoot, read: &[tree::ReadFile]) {
    let there = read.iter().filter(|file| file.ownership == Ownership::Beside);
    let there: BTreeSet<FileId> = there.map(|file| file.id).collect();
    problems.retain(|problem| {
        let path = problem.path.as_deref().and_then(|path| RepoPath::new(path).ok());
        let is_there = path.is_some_and(|path| root.beside.contains_key(&path))
            || problem.span.is_some_and(|span| there.contains(&span.file));
        problem.kind == ProblemKind::Refused || !is_there
    });
}

/// Where nothing at all could be read, the contract is unreadable and not only parts of it.
fn worsen(problems: &mut [Problem]) {
    for problem in problems.iter_mut().filter(|problem| problem.kind == ProblemKind::Part) {
        problem.kind = ProblemKind::Unreadable;
    }
}

/// The span of the contract: its first file.
fn whole(files: &mut Files, root: &ProtoRoot) -> Span {
    let first = files.iter().next().map(|(id, file)| (id, file.text.len()));
    let (file, length) = first.unwrap_or_else(|| (files.add(root.path.clone(), Arc::from("")), 0));
    Span { file, start: 0, end: u32::try_from(length).unwrap_or(u32::MAX) }
}
