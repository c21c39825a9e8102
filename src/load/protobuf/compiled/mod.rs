//! Compiled files: descriptor sets and buf's images, gzip'd or not.
//!
//! Each file is written out as the text that it was compiled from, declarations where its source
//! information says that they stood, and read like any other. So there is one reader of everything
//! that a declaration can say, and what is shown to people is what they wrote, or close to it.

mod field;
mod layout;
mod options;
mod render;
mod wire;

use std::io::Read as _;

use prost::Message as _;

use self::options::Schema;
use self::render::{Rendered, render};
use super::descriptor::{FileProto, FileSet};
use super::resolve::resolve;
use super::tree::Reader;
use super::wellknown::bundled;
use crate::load::{LoadOptions, Problem, ProblemKind};
use crate::model::Ownership;
use crate::source::{RepoPath, Snapshot};

/// Where the messages that hold options are declared.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// Reads the compiled file at this path; its files go to the reader.
pub(super) fn read_compiled(
    snapshot: &dyn Snapshot,
    path: &RepoPath,
    limits: &LoadOptions,
    reader: &mut Reader<'_>,
) {
    match decode(snapshot, path, limits) {
        Ok(set) => enter_all(&set, reader),
        Err((kind, message)) => {
            let path = Some(path.as_str().to_owned());
            reader.problems.push(Problem { kind, message, span: None, path });
        }
    }
}

type Refusal = (ProblemKind, String);

fn decode(
    snapshot: &dyn Snapshot,
    path: &RepoPath,
    limits: &LoadOptions,
) -> Result<FileSet, Refusal> {
    let unreadable = |message: String| (ProblemKind::Unreadable, message);
    let bytes = snapshot.read(path).map_err(|error| {
        let refused = error.is_refusal();
        let kind = if refused { ProblemKind::Refused } else { ProblemKind::Unreadable };
        (kind, error.to_string())
    })?;
    let bytes = bytes.ok_or_else(|| unreadable("there is no such file".to_owned()))?;
    let bytes = inflated(bytes, limits.max_bytes)?;
    let set = FileSet::decode(&*bytes);
    let set = set.map_err(|error| unreadable(format!("no descriptor set: {error}")))?;
    if set.file.is_empty() {
        // A package with nothing in it is a file all the same.
        return Err(unreadable("the descriptor set holds no file: did its build fail?".to_owned()));
    }
    Ok(set)
}

/// The bytes without gzip around them; a few of them can stand for any number.
fn inflated(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Refusal> {
    let plain = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut inflating =
            flate2::read::MultiGzDecoder::new(&*bytes).take(limit.saturating_add(1));
        inflating.read_to_end(&mut plain).map_err(|error| {
            (ProblemKind::Unreadable, format!("the gzip data are cut off or damaged: {error}"))
        })?;
        plain
    } else {
        bytes
    };
    let length = u64::try_from(plain.len()).unwrap_or(u64::MAX);
    if length > limit {
        let message = format!("the file holds more than {limit} bytes (max_bytes)");
        return Err((ProblemKind::Refused, message));
    }
    Ok(plain)
}

fn enter_all(set: &FileSet, reader: &mut Reader<'_>) {
    let schema = schema(set);
    for file in &set.file {
        let name = file.name.as_deref().unwrap_or_default();
        let Ok(path) = RepoPath::new(name) else {
            let message = format!("a file of it is called `{name}`, which is no path");
            let kind = ProblemKind::Part;
            reader.problems.push(Problem { kind, message, span: None, path: None });
            continue;
        };
        if bundled(name).is_some() {
            reader.require(name);
            continue;
        }
        let Rendered { text, undeclared } = render(file, Some(&schema));
        if let Some(number) = undeclared {
            let message = format!("an option with the number {number} is not declared in the set");
            let path = Some(name.to_owned());
            let kind = ProblemKind::Warning;
            reader.problems.push(Problem { kind, message, span: None, path });
        }
        reader.enter_text(path, name, &text, ownership(file));
    }
}

/// buf says which files were only imported; a compiler does not.
fn ownership(file: &FileProto) -> Ownership {
    let extension = file.buf_extension.as_ref();
    if extension.is_some_and(|extension| extension.is_import == Some(true)) {
        Ownership::Imported
    } else {
        Ownership::Own
    }
}

/// Everything that options may hold: the set read without its options, and the descriptor.
fn schema(set: &FileSet) -> Schema {
    let nowhere = crate::source::MemorySnapshot::new("compiled", []);
    let root = super::ProtoRoot::new(RepoPath::fallback(), Vec::new(), Vec::new());
    let limits = LoadOptions::default();
    let mut reader = Reader::new(&nowhere, &root, &limits);
    reader.require(DESCRIPTOR);
    for file in set.file.iter().filter(|file| bundled(file.name()).is_none()) {
        if let Ok(path) = RepoPath::new(file.name()) {
            reader.enter_text(path, file.name(), &render(file, None).text, Ownership::Imported);
        }
    }
    let read = reader.read_all();
    let mut told_when_read = Vec::new();
    Schema::new(resolve(&read, &mut told_when_read).messages)
}
