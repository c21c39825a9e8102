//! What a word on the command line names: a file, a folder, `REVISION:PATH`, standard input.

use std::io::Read;
use std::path::Path;

use super::base::History;
use super::git_tree::{MAX_BYTES, TreeKind};
use super::{
    Directory, Environment, GitIndex, GitTree, MemorySnapshot, RepoPath, Repository, Snapshot,
    SourceError,
};

/// One side of `diff`.
pub struct Operand {
    /// Its files.
    pub snapshot: Box<dyn Snapshot>,
    /// The file that was named; `None` for a folder.
    pub file: Option<RepoPath>,
}

/// Opens what the word names. What exists on disk wins over `REVISION:PATH`; `-` is standard input;
/// `:PATH` is the index.
///
/// # Errors
/// When it names nothing, or what it names cannot be read.
pub fn open_operand(
    text: &str,
    folder: &Path,
    environment: &Environment,
) -> Result<Operand, SourceError> {
    if text == "-" {
        return pipe("standard input", std::io::stdin().lock());
    }
    let path = folder.join(text);
    match std::fs::metadata(&path) {
        Ok(found) if found.is_dir() => {
            Ok(Operand { snapshot: Box::new(Directory::open(&path, text)?), file: None })
        }
        Ok(found) if found.is_file() => {
            let snapshot = Directory::of_file(&path, text)?;
            let file = snapshot.file().cloned();
            Ok(Operand { snapshot: Box::new(snapshot), file })
        }
        // A pipe, as shells make for `<(…)`: it can be read once and has no folder.
        Ok(_) => match std::fs::File::open(&path) {
            Ok(file) => pipe(text, file),
            Err(error) => Err(SourceError::disk(text, &error)),
        },
        Err(_) => match text.split_once(':') {
            Some((revision, path)) => of_revision(text, revision, path, folder, environment),
            None => Err(SourceError::NoSuchOperand { operand: text.to_owned() }),
        },
    }
}

fn pipe(name: &str, input: impl Read) -> Result<Operand, SourceError> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| SourceError::disk(name, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(SourceError::TooLarge { path: name.to_owned(), limit: MAX_BYTES });
    }
    let file = RepoPath::new("stdin").map_err(|error| SourceError::Unreadable {
        path: name.to_owned(),
        reason: error.to_string(),
    })?;
    let snapshot = MemorySnapshot::new(name, [(file.clone(), bytes)]);
    Ok(Operand { snapshot: Box::new(snapshot), file: Some(file) })
}

fn of_revision(
    text: &str,
    revision: &str,
    path: &str,
    folder: &Path,
    environment: &Environment,
) -> Result<Operand, SourceError> {
    let nothing = || SourceError::NoSuchOperand { operand: text.to_owned() };
    let repository = Repository::open(folder, environment).map_err(|error| {
        if matches!(error, SourceError::NoRepository { .. }) { nothing() } else { error }
    })?;
    let path = from_top(&repository, folder, path).ok_or_else(nothing)?;
    if revision.is_empty() {
        let index = GitIndex::open(repository)?;
        let file = RepoPath::new(&path).map_err(|_| nothing())?;
        index.content_id(&file)?.ok_or_else(nothing)?;
        return Ok(Operand { snapshot: Box::new(index), file: Some(file) });
    }
    let commit = History { repository: &repository }.commit(revision)?;
    let tree = GitTree::of_commit(repository, commit, text.to_owned())?;
    let Ok(inside) = RepoPath::new(&path) else {
        return Ok(Operand { snapshot: Box::new(tree), file: None });
    };
    match tree.kind(&inside)? {
        Some(TreeKind::File) => Ok(Operand { snapshot: Box::new(tree), file: Some(inside) }),
        Some(TreeKind::Folder) => {
            Ok(Operand { snapshot: Box::new(tree.narrowed(&inside)?), file: None })
        }
        None => Err(nothing()),
    }
}

/// As git reads it: `./` and `../` are relative to where we run, all else to the top.
fn from_top(repository: &Repository, folder: &Path, path: &str) -> Option<String> {
    if !(path.starts_with("./") || path.starts_with("../")) {
        return Some(path.to_owned());
    }
    let top = repository.work_folder().ok()?.canonicalize().ok()?;
    let here = folder.canonicalize().ok()?;
    let inside = here.strip_prefix(top).ok()?;
    let segments: Vec<&str> = inside.iter().map(std::ffi::OsStr::to_str).collect::<Option<_>>()?;
    Some(format!("{}/{path}", segments.join("/")).trim_start_matches('/').to_owned())
}
