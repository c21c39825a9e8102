//! The walk for files that git does not track.

use std::fs::{DirEntry, ReadDir};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::git_tree::MAX_FILES;
use super::index_file::{EntryKind, IndexFile};
use super::repository::Place;
use super::{Repository, SourceError};

/// The regular files below the root that `wanted` accepts by name, that the index does not hold and
/// that git does not ignore. In no order.
///
/// Where everything is tracked git is not asked, which costs more than the walk: only untracked
/// files, and folders without a tracked file, can be ignored.
pub(super) fn untracked(
    root: &Path,
    index: &IndexFile,
    wanted: fn(&[u8]) -> bool,
    place: &Place,
) -> Result<Vec<Vec<u8>>, SourceError> {
    let mut found = Vec::new();
    let mut rules = Rules { place, handle: None };
    let mut open: Vec<(PathBuf, Vec<u8>)> = vec![(root.to_owned(), Vec::new())];
    while let Some((folder, prefix)) = open.pop() {
        let Some(listed) = passable(std::fs::read_dir(&folder), &folder)? else { continue };
        let Some(entries) = entries(listed, &folder, prefix.is_empty())? else { continue };
        for entry in entries {
            let Some(kind) = passable(entry.file_type(), &folder)? else { continue };
            let name = entry.file_name();
            let mut path = [prefix.as_slice(), name.as_encoded_bytes()].concat();
            if kind.is_dir() {
                let submodule = index.find(&path).is_some_and(|it| it.kind == EntryKind::Submodule);
                path.push(b'/');
                let skip = submodule || !index.holds_below(&path) && rules.ignore(&path)?;
                if !skip {
                    open.push((entry.path(), path));
                }
            } else if kind.is_file()
                && wanted(&path)
                && index.find(&path).is_none()
                && !rules.ignore(&path)?
            {
                found.push(path);
            }
            if found.len() > MAX_FILES {
                return Err(SourceError::TooManyFiles { limit: MAX_FILES });
            }
        }
    }
    Ok(found)
}

/// What git ignores, asked of a handle that is opened when it is first needed.
struct Rules<'r> {
    place: &'r Place,
    handle: Option<Repository>,
}

impl Rules<'_> {
    fn ignore(&mut self, path: &[u8]) -> Result<bool, SourceError> {
        let handle = match self.handle.take() {
            Some(handle) => handle,
            None => self.place.open()?,
        };
        self.handle.insert(handle).is_ignored(path)
    }
}

/// What a folder holds; `None` where it is the top of another repository.
fn entries(
    listed: ReadDir,
    folder: &Path,
    is_root: bool,
) -> Result<Option<Vec<DirEntry>>, SourceError> {
    let mut entries = Vec::new();
    for entry in listed {
        let Some(entry) = passable(entry, folder)? else { continue };
        if entry.file_name() != ".git" {
            entries.push(entry);
        } else if !is_root {
            return Ok(None);
        }
    }
    Ok(Some(entries))
}

/// What we may not open, git may not open either; and files come and go while we look.
fn passable<T>(outcome: Result<T, Error>, folder: &Path) -> Result<Option<T>, SourceError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(SourceError::disk(&folder.display().to_string(), &error)),
    }
}
