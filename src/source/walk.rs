//! The walk for files that git does not track.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, Error, WalkBuilder, WalkState};

use super::directory::{path_below, unreadable};
use super::git_tree::MAX_FILES;
use super::index_file::IndexFile;
use super::{RepoPath, SourceError};

/// More threads than this wait for the disk, not for each other's work.
const THREADS: usize = 4;

/// The regular files below the root that `wanted` accepts by name, that the index does not hold and
/// that no `.gitignore` excludes. In no order.
pub(super) fn walk(
    root: &Path,
    index: &IndexFile,
    wanted: fn(&[u8]) -> bool,
) -> Result<Vec<RepoPath>, SourceError> {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).git_ignore(true).git_exclude(true).require_git(false);
    builder.filter_entry(|entry| entry.file_name() != ".git").threads(THREADS);
    let found: Mutex<Result<Vec<RepoPath>, SourceError>> = Mutex::new(Ok(Vec::new()));
    builder.build_parallel().run(|| {
        Box::new(|entry| match untracked(entry, root, index, wanted) {
            Ok(None) => WalkState::Continue,
            Ok(Some(path)) => keep(&found, Ok(path)),
            Err(error) => keep(&found, Err(error)),
        })
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn untracked(
    entry: Result<DirEntry, Error>,
    root: &Path,
    index: &IndexFile,
    wanted: fn(&[u8]) -> bool,
) -> Result<Option<RepoPath>, SourceError> {
    let entry = match entry {
        Ok(entry) => entry,
        // What we may not open, git may not open either; and files come and go while we look.
        Err(error)
            if error.io_error().is_some_and(|error| {
                matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
            }) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreadable("the work tree", &error)),
    };
    let name = entry.file_name().as_encoded_bytes();
    if !wanted(name) || !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return Ok(None);
    }
    let Some(path) = path_below(root, entry.path())? else { return Ok(None) };
    let tracked = index.find(path.as_str().as_bytes()).is_some();
    Ok(if tracked { None } else { Some(path) })
}

/// The first failure ends the walk: a partial listing is never returned.
fn keep(
    found: &Mutex<Result<Vec<RepoPath>, SourceError>>,
    next: Result<RepoPath, SourceError>,
) -> WalkState {
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    match (found.as_mut(), next) {
        (Err(_), _) => WalkState::Quit,
        (Ok(paths), Ok(path)) if paths.len() < MAX_FILES => {
            paths.push(path);
            WalkState::Continue
        }
        (Ok(_), next) => {
            *found = Err(next.err().unwrap_or(SourceError::TooManyFiles { limit: MAX_FILES }));
            WalkState::Quit
        }
    }
}
