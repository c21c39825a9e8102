//! A folder on disk, read without ever leaving it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::git_tree::MAX_BYTES;
use super::{ContentId, SourceError};

/// A folder whose files are read by their path inside it. No symbolic link below it is followed,
/// and nothing in a `.git` folder is a file.
pub(super) struct DiskFolder {
    root: PathBuf,
    /// Folders below the root that are known to be folders and no links.
    trusted: RefCell<BTreeSet<String>>,
}

impl DiskFolder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, trusted: RefCell::default() }
    }

    /// Where the folder is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What the disk says of a regular file; `None` where there is none.
    ///
    /// # Errors
    /// When the path is, or lies behind, a symbolic link, or the disk refuses.
    pub(super) fn stat(&self, path: &str) -> Result<Option<Metadata>, SourceError> {
        if !path.split('/').all(is_plain_segment) {
            return Ok(None);
        }
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        if let Some(folder) = folder
            && !self.trusts(path, folder)?
        {
            return Ok(None);
        }
        let Some(found) = self.look(path)? else { return Ok(None) };
        if found.is_symlink() {
            return Err(SourceError::SymbolicLink { path: path.to_owned(), link: path.to_owned() });
        }
        if found.is_file() { Ok(Some(found)) } else { Ok(None) }
    }

    /// The bytes of a regular file; `None` where there is none.
    ///
    /// # Errors
    /// As [`DiskFolder::stat`].
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let Some(found) = self.stat(path)? else { return Ok(None) };
        if found.len() > MAX_BYTES {
            return Err(SourceError::TooLarge { path: path.to_owned(), limit: MAX_BYTES });
        }
        match std::fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SourceError::disk(path, &error)),
        }
    }

    /// What names the bytes of a regular file; a file that is too large to be read, or that the disk
    /// keeps to itself, is equal to no other.
    ///
    /// # Errors
    /// When the path is, or lies behind, a symbolic link.
    pub(super) fn content_id(&self, path: &str) -> Result<Option<ContentId>, SourceError> {
        let unread = |bytes: u64| {
            let place = self.root.join(path);
            ContentId::unread(&place.to_string_lossy(), bytes).map(Some)
        };
        match self.stat(path) {
            Ok(Some(found)) => match self.read(path) {
                Ok(bytes) => bytes.map(|bytes| ContentId::of(&bytes)).transpose(),
                Err(SourceError::TooLarge { .. } | SourceError::Unreadable { .. }) => {
                    unread(found.len())
                }
                Err(error) => Err(error),
            },
            Err(SourceError::Unreadable { .. }) => unread(0),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the symbolic link at a path says, should there be one; the folders before it are none.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        std::fs::read_link(self.root.join(path)).ok()?.into_os_string().into_string().ok()
    }

    /// Whether every folder on the way is a folder of its own.
    fn trusts(&self, path: &str, folder: &str) -> Result<bool, SourceError> {
        if self.trusted.borrow().contains(folder) {
            return Ok(true);
        }
        let ends = folder.match_indices('/').map(|(slash, _)| slash);
        for end in ends.chain([folder.len()]) {
            let part = folder.get(..end).unwrap_or(folder);
            if self.trusted.borrow().contains(part) {
                continue;
            }
            match self.look(part)? {
                Some(found) if found.is_symlink() => {
                    let (path, link) = (path.to_owned(), part.to_owned());
                    return Err(SourceError::SymbolicLink { path, link });
                }
                Some(found) if found.is_dir() => {
                    self.trusted.borrow_mut().insert(part.to_owned());
                }
                Some(_) | None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn look(&self, path: &str) -> Result<Option<Metadata>, SourceError> {
        match std::fs::symlink_metadata(self.root.join(path)) {
            Ok(found) => Ok(Some(found)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(SourceError::disk(path, &error)),
        }
    }
}

/// Whether the segment names one thing in a folder on every system (`C:` and `a\..\b` do not), and
/// is not git's own.
fn is_plain_segment(segment: &str) -> bool {
    let mut parts = Path::new(segment).components();
    let one = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    one && !segment.eq_ignore_ascii_case(".git")
}
