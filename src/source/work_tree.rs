//! The work tree: tracked files as they are on disk, and new ones that git does not ignore.

use std::fs::Metadata;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use git2::RepositoryOpenFlags;

use super::disk::DiskFolder;
use super::git_index::{Tracked, find, link_in_index};
use super::git_tree::{MAX_BYTES, read_blob};
use super::index_file::{Entry, EntryKind, IndexFile, Stat};
use super::snapshot::{is_candidate_name, named};
use super::walk::untracked;
use super::{ContentId, Label, Listing, RepoPath, Repository, Snapshot, SourceError};

/// The files of the work tree.
pub struct WorkTree {
    repository: Repository,
    disk: DiskFolder,
    index: IndexFile,
    label: Label,
}

/// How a tracked file stands to its index entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As the index has it.
    Same,
    /// Other bytes.
    Edited(ContentId),
    /// No longer a file.
    Gone,
}

impl WorkTree {
    /// The work tree of the repository.
    ///
    /// # Errors
    /// When the repository is bare, or its index cannot be read.
    pub fn open(repository: Repository) -> Result<Self, SourceError> {
        let disk = DiskFolder::new(repository.work_folder()?.to_owned());
        let index = IndexFile::of(&repository)?;
        Ok(Self { repository, disk, index, label: Label::named("work tree") })
    }

    /// The repository whose work tree it is.
    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The index that knows what is tracked.
    pub(super) fn index(&self) -> &IndexFile {
        &self.index
    }

    /// Compares a tracked file with its entry: by what the disk says of it where that is proof,
    /// by its bytes where not. What the disk will not say anything of may be anything.
    pub(super) fn standing(&self, path: &RepoPath, entry: &Entry) -> Result<Standing, SourceError> {
        let found = match self.disk.stat(path.as_str()) {
            Err(SourceError::SymbolicLink { .. }) => None,
            Err(SourceError::Unreadable { .. }) => {
                return ContentId::unread(
                    &self.disk.root().join(path.as_str()).to_string_lossy(),
                    0,
                )
                .map(Standing::Edited);
            }
            other => other?,
        };
        let Some(found) = found else {
            return Ok(if entry.skipped { Standing::Same } else { Standing::Gone });
        };
        let settled = entry.is_settled();
        if settled && stat_of(&found) == Some(entry.stat) && !self.index.is_racy(entry) {
            return Ok(Standing::Same);
        }
        let Some(id) = self.disk.content_id(path.as_str())? else { return Ok(Standing::Gone) };
        Ok(if settled && id == entry.id { Standing::Same } else { Standing::Edited(id) })
    }

    /// The same for a path that is not UTF-8, by which nothing else is asked for.
    pub(super) fn standing_of_nameless(
        &self,
        path: &[u8],
        entry: &Entry,
    ) -> Result<Standing, SourceError> {
        let place = self.disk.root().join(native(path));
        let found = std::fs::symlink_metadata(&place).ok().filter(Metadata::is_file);
        let Some(found) = found else {
            let out = entry.skipped || cfg!(not(unix));
            return Ok(if out { Standing::Same } else { Standing::Gone });
        };
        let settled = entry.is_settled();
        if settled && stat_of(&found) == Some(entry.stat) && !self.index.is_racy(entry) {
            return Ok(Standing::Same);
        }
        let bytes = if found.len() > MAX_BYTES { None } else { std::fs::read(&place).ok() };
        let id = match bytes {
            Some(bytes) => ContentId::of(&bytes)?,
            None => ContentId::unread(&place.to_string_lossy(), found.len())?,
        };
        Ok(if settled && id == entry.id { Standing::Same } else { Standing::Edited(id) })
    }

    /// Whether the symbolic link that the index has stands on disk, and says the same there.
    pub(super) fn has_link(&self, path: &[u8], entry: &Entry) -> Result<bool, SourceError> {
        let place = self.disk.root().join(native(path));
        let Ok(found) = std::fs::symlink_metadata(&place) else { return Ok(entry.skipped) };
        if !found.is_symlink() {
            return Ok(false);
        }
        let settled = entry.is_settled();
        if settled && stat_of(&found) == Some(entry.stat) && !self.index.is_racy(entry) {
            return Ok(true);
        }
        let says = std::fs::read_link(&place).ok().map(PathBuf::into_os_string);
        let id = says.map(|text| ContentId::of(text.as_encoded_bytes())).transpose()?;
        Ok(id == Some(entry.id))
    }

    /// What the index says of a path, unless something else stands on disk where it has a link.
    fn find(&self, path: &RepoPath) -> Result<Option<Tracked<'_>>, SourceError> {
        match find(&self.repository, &self.index, path) {
            Err(SourceError::SymbolicLink { path: _, link }) if !self.is_linked(&link) => Ok(None),
            found => found,
        }
    }

    /// Whether there is a link at the path: on disk, or, where a sparse checkout leaves it out, in
    /// the index.
    pub(super) fn is_linked(&self, path: &str) -> bool {
        match std::fs::symlink_metadata(self.disk.root().join(path)) {
            Ok(found) => found.is_symlink(),
            Err(_) => self.index.find(path.as_bytes()).is_some_and(|entry| entry.skipped),
        }
    }

    /// The commit at which a submodule stands on disk, where it is checked out.
    pub(super) fn checked_out(&self, submodule: &RepoPath) -> Option<ContentId> {
        let folder = self.disk.root().join(submodule.as_str());
        let flags = RepositoryOpenFlags::NO_SEARCH;
        let git = git2::Repository::open_ext(folder, flags, std::iter::empty::<&Path>()).ok()?;
        let head = git.head().ok()?.peel_to_commit().ok()?;
        Some(head.id().into())
    }

    /// What `meanwhile` makes, and the files that git neither tracks nor ignores and that `wanted`
    /// accepts, sorted. They are looked for on a thread of their own: asking the disk of each
    /// tracked file and listing each folder take about the same time.
    pub(super) fn beside_untracked<T>(
        &self,
        wanted: fn(&[u8]) -> bool,
        meanwhile: impl FnOnce() -> Result<T, SourceError>,
    ) -> Result<(T, Vec<Vec<u8>>), SourceError> {
        let (root, index, place) = (self.disk.root(), &self.index, self.repository.place());
        let walk = || untracked(root, index, wanted, place);
        let (made, found) = thread::scope(|scope| {
            let walking = thread::Builder::new().spawn_scoped(scope, walk);
            let made = meanwhile();
            let found = match walking {
                Ok(walking) => walking.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => walk(),
            };
            (made, found)
        });
        let (made, mut new) = (made?, found?);
        // A sparse checkout may hold files whose folder the index knows as a whole.
        new.retain(|path| match named(path) {
            Some(path) => matches!(find(&self.repository, &self.index, &path), Ok(None)),
            None => true,
        });
        new.sort_unstable();
        Ok((made, new))
    }

    fn tracked(&self, wanted: fn(&[u8]) -> bool) -> Result<Listing, SourceError> {
        let all = super::git_index::listing(
            &self.repository,
            &self.index,
            &mut |path| wanted(path),
            &|_| false,
        )?;
        let paths = all.into_iter().filter_map(|(path, id)| Some((named(&path)?, id)));
        let mut listing: Listing = paths.collect();
        for (path, entry) in self.index.entries() {
            if !wanted(path) {
                continue;
            }
            let Some(path) = named(path) else { continue };
            if entry.kind == EntryKind::Link && !self.is_linked(path.as_str()) {
                listing.extend(self.disk.content_id(path.as_str())?.map(|id| (path.clone(), id)));
            }
            if entry.kind != EntryKind::File {
                continue;
            }
            match self.standing(&path, entry)? {
                Standing::Same => {}
                Standing::Edited(id) => {
                    listing.insert(path, id);
                }
                Standing::Gone => {
                    listing.remove(&path);
                }
            }
        }
        Ok(listing)
    }
}

impl Snapshot for WorkTree {
    fn label(&self) -> &Label {
        &self.label
    }

    fn folder(&self) -> Option<PathBuf> {
        Some(self.disk.root().to_owned())
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        let tracked = self.find(path)?;
        if tracked.is_none() && self.repository.is_ignored(path.as_str().as_bytes())? {
            return Ok(None);
        }
        if let Some(bytes) = self.disk.read(path.as_str())? {
            return Ok(Some(bytes));
        }
        match tracked {
            Some(Tracked::Entry(entry)) if entry.skipped => {
                read_blob(&self.repository, entry.id).map(Some)
            }
            Some(Tracked::Sparse(id)) => read_blob(&self.repository, id).map(Some),
            Some(Tracked::Entry(_)) | None => Ok(None),
        }
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        let (tracked, new) = self.beside_untracked(|_| true, || self.tracked(|_| true))?;
        let mut paths: Vec<RepoPath> = tracked.into_keys().collect();
        paths.extend(new.iter().filter_map(|path| named(path)));
        paths.sort_unstable();
        Ok(paths)
    }

    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        match self.find(path)? {
            Some(Tracked::Entry(entry)) => Ok(match self.standing(path, entry)? {
                Standing::Same => Some(entry.id),
                Standing::Edited(id) => Some(id),
                Standing::Gone => None,
            }),
            Some(Tracked::Sparse(id)) => Ok(Some(id)),
            None if self.repository.is_ignored(path.as_str().as_bytes())? => Ok(None),
            None => self.disk.content_id(path.as_str()),
        }
    }

    fn link(&self, path: &RepoPath) -> Result<Option<String>, SourceError> {
        match self.disk.link(path.as_str()) {
            Some(text) => Ok(Some(text)),
            None if !self.is_linked(path.as_str()) => Ok(None),
            None => link_in_index(&self.repository, &self.index, path),
        }
    }

    fn listing(&self) -> Result<Listing, SourceError> {
        let tracked = || self.tracked(is_candidate_name);
        let (mut listing, new) = self.beside_untracked(is_candidate_name, tracked)?;
        for path in new {
            let Some(path) = named(&path) else { continue };
            if let Some(id) = self.disk.content_id(path.as_str())? {
                listing.insert(path, id);
            }
        }
        Ok(listing)
    }
}

/// A path as the system has it.
#[cfg(unix)]
pub(super) fn native(path: &[u8]) -> PathBuf {
    <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path).into()
}

/// Where the system's names are no bytes, one that is not UTF-8 names nothing.
#[cfg(not(unix))]
pub(super) fn native(path: &[u8]) -> PathBuf {
    String::from_utf8_lossy(path).into_owned().into()
}

/// What the index would note of the file, each number cut to 32 bits as git cuts it.
#[cfg(unix)]
fn stat_of(found: &Metadata) -> Option<Stat> {
    use std::os::unix::fs::MetadataExt;
    let moment = |seconds: i64, nanoseconds: i64| {
        Some((low_bits(u64::try_from(seconds).ok()?), low_bits(u64::try_from(nanoseconds).ok()?)))
    };
    Some(Stat {
        changed: moment(found.ctime(), found.ctime_nsec())?,
        modified: moment(found.mtime(), found.mtime_nsec())?,
        inode: low_bits(found.ino()),
        size: low_bits(found.size()),
    })
}

/// Where the system's numbers are not those of the index, the bytes decide.
#[cfg(not(unix))]
fn stat_of(_found: &Metadata) -> Option<Stat> {
    None
}

#[cfg(unix)]
fn low_bits(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}
