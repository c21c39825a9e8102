//! One complete, immutable state of a repository or folder.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::links::through;
use super::{History, RepoPath, SourceError};

/// What a side is called in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// In words: `main at 3f2a91c (merge base with origin/main)`, `work tree`, a path.
    pub name: String,
    /// The full commit id where the side is a commit.
    pub revision: Option<String>,
}

impl Label {
    /// A side that is no commit.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), revision: None }
    }
}

/// The name of some bytes: equal ids mean equal bytes. It is git's blob id, so that what git has
/// hashed already is not hashed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId([u8; 20]);

impl ContentId {
    /// The id of these bytes.
    ///
    /// # Errors
    /// When the library cannot hash.
    pub fn of(bytes: &[u8]) -> Result<Self, SourceError> {
        git2::Oid::hash_object(git2::ObjectType::Blob, bytes)
            .map(Self::from)
            .map_err(|error| SourceError::git("hash a file", &error))
    }

    /// For a file that is too large to be read: that of no bytes, so that it counts as changed.
    pub(super) fn unread(path: &str, bytes: u64) -> Result<Self, SourceError> {
        Self::of(format!("{bytes} bytes of {path}").as_bytes())
    }

    /// The id of the object in the object database, should it be there.
    pub(super) fn oid(self) -> git2::Oid {
        git2::Oid::from_bytes(&self.0).unwrap_or(git2::Oid::ZERO_SHA1)
    }

    /// From the twenty bytes that trees and the index hold.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl From<git2::Oid> for ContentId {
    fn from(id: git2::Oid) -> Self {
        Self(id.as_bytes().try_into().unwrap_or_default())
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.oid().fmt(out)
    }
}

/// The files that could be a contract or a part of one, and what is in them.
pub type Listing = BTreeMap<RepoPath, ContentId>;

/// Whether a file of this name could be a contract or a part of one.
pub fn is_candidate(path: &RepoPath) -> bool {
    is_candidate_name(path.as_str().as_bytes())
}

/// The same question before the path is known to be UTF-8.
pub(super) fn is_candidate_name(path: &[u8]) -> bool {
    const TEXT: [&[u8]; 4] = [b".json", b".yaml", b".yml", b".proto"];
    const COMPILED: [&[u8]; 4] = [b".binpb", b".pb", b".desc", b".protoset"];
    let ends = |path: &[u8], extensions: &[&[u8]]| extensions.iter().any(|end| has_end(path, end));
    let unzipped = match path.split_last_chunk::<3>() {
        Some((name, end)) if end.eq_ignore_ascii_case(b".gz") => name,
        Some(_) | None => path,
    };
    ends(path, &TEXT) || ends(unzipped, &COMPILED)
}

fn has_end(path: &[u8], end: &[u8]) -> bool {
    let start = path.len().checked_sub(end.len());
    start.and_then(|start| path.get(start..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// The path that the bytes are, unless they are not UTF-8 or git could not have written them: a tree
/// made by hand may hold `..`.
pub(super) fn named(path: &[u8]) -> Option<RepoPath> {
    let text = std::str::from_utf8(path).ok()?;
    let path = RepoPath::new(text).ok()?;
    if path.as_str() == text { Some(path) } else { None }
}

/// Path to bytes at one moment. Reading never changes anything and never leaves the snapshot.
pub trait Snapshot: Send {
    /// What to call this state.
    fn label(&self) -> &Label;

    /// The bytes of a file; `None` where the snapshot has no such file.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError>;

    /// Every file, sorted by path.
    ///
    /// # Errors
    /// When the listing cannot be completed; a partial listing is never returned.
    fn paths(&self) -> Result<Vec<RepoPath>, SourceError>;

    /// The files that could be contracts and that the listing leaves out, since nothing can refer to a
    /// name that is not UTF-8; the odd bytes spelt in octal. Known once the files have been listed.
    fn nameless(&self) -> Vec<String> {
        Vec::new()
    }

    /// What names the bytes of a file, without reading them where something cheaper knows.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        self.read(path)?.map(|bytes| ContentId::of(&bytes)).transpose()
    }

    /// What the symbolic link at a path says; `None` where there is none, or nobody knows.
    ///
    /// # Errors
    /// When it cannot be read.
    fn link(&self, _path: &RepoPath) -> Result<Option<String>, SourceError> {
        Ok(None)
    }

    /// The bytes of the file to which a path leads, through symbolic links that stay inside.
    ///
    /// # Errors
    /// As [`Snapshot::read`], which refuses every link.
    fn read_through(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        through(path, &|at| self.read(at), &|link| self.link(link)).map(|(_, bytes)| bytes)
    }

    /// What the files were before, where the state knows what led to it.
    fn history(&self) -> Option<Box<dyn History>> {
        None
    }

    /// The folder on disk that the root of the snapshot stands for, where it stands for one.
    fn folder(&self) -> Option<PathBuf> {
        None
    }

    /// Whether it reads paths that climb above its root; see [`Beyond`](super::Beyond).
    fn reaches_beyond(&self) -> bool {
        false
    }

    /// Every file that [`is_candidate`], and what is in it.
    ///
    /// # Errors
    /// When the listing cannot be completed.
    fn listing(&self) -> Result<Listing, SourceError> {
        let mut listing = Listing::new();
        for path in self.paths()?.into_iter().filter(is_candidate) {
            if let Some(id) = self.content_id(&path)? {
                listing.insert(path, id);
            }
        }
        Ok(listing)
    }
}

/// A snapshot held in memory: for standard input, tests and callers that bring their own bytes.
#[derive(Debug)]
pub struct MemorySnapshot {
    label: Label,
    files: BTreeMap<RepoPath, Vec<u8>>,
}

impl MemorySnapshot {
    /// A snapshot of these files.
    pub fn new(name: &str, files: impl IntoIterator<Item = (RepoPath, Vec<u8>)>) -> Self {
        Self { label: Label::named(name), files: files.into_iter().collect() }
    }
}

impl Snapshot for MemorySnapshot {
    fn label(&self) -> &Label {
        &self.label
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.files.get(path).cloned())
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        Ok(self.files.keys().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_go_by_extension_without_case() {
        for (name, expected) in
            [("a.json", true), ("b/x.YAML", true), (".yml", true), ("json", false), ("a.js", false)]
                .into_iter()
                .chain([("i.binpb", true), ("i.PB.gz", true), ("a.proto.gz", false)])
        {
            assert_eq!(is_candidate(&RepoPath::new(name).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn content_ids_are_those_of_git() {
        let id = ContentId::of(b"hello\n").unwrap();
        assert_eq!(id.to_string(), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
