//! git's index file, read for what a comparison needs.
//!
//! The library's reader verifies a checksum and copies every path, which alone costs more than
//! git's whole `diff-index`; and it refuses sparse indexes. The format is documented in git's
//! `gitformat-index(5)`; versions 2 to 4 are read here, and of the extensions
//! `TREE` and `link`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::split_index::Link;
use super::{ContentId, Repository, SourceError};

/// Seconds and nanoseconds; the index keeps 32 bits of each.
pub(super) type Moment = (u32, u32);

/// The index at one moment.
#[derive(Debug, Default)]
pub(super) struct IndexFile {
    paths: Vec<u8>,
    entries: Vec<Entry>,
    folders: BTreeMap<Vec<u8>, ContentId>,
    written: Option<Moment>,
}

/// One path that the index tracks.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    path: Range<usize>,
    pub(super) id: ContentId,
    pub(super) kind: EntryKind,
    pub(super) stage: u8,
    /// Not in the work tree because a sparse checkout leaves it out.
    pub(super) skipped: bool,
    /// Promised by `git add -N`: a path without content.
    pub(super) intended: bool,
    pub(super) stat: Stat,
}

/// What a tracked path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// The commit of a submodule.
    Submodule,
    /// A whole folder that a sparse checkout leaves out; its id names a tree.
    SparseFolder,
}

/// What the disk said of a file when the index last agreed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) changed: Moment,
    pub(super) modified: Moment,
    pub(super) inode: u32,
    pub(super) size: u32,
}

impl Entry {
    /// Whether its id is the content of the path: not during a merge, nor after `git add -N`.
    pub(super) fn is_settled(&self) -> bool {
        self.stage == 0 && !self.intended
    }
}

impl IndexFile {
    /// The index of the repository, or the one that a hook was given; an absent one is empty.
    ///
    /// # Errors
    /// When it cannot be read, or is of a kind that is not read here.
    pub(super) fn of(repository: &Repository) -> Result<Self, SourceError> {
        let path = repository.index_path();
        let Some((mut index, link)) = Self::file(&path)? else { return Ok(Self::default()) };
        if let Some(link) = link {
            let mut shared = Self::default();
            if let Some(name) = &link.shared {
                // It lies in the folder of the work tree's own HEAD, wherever the index lies.
                let file = format!("sharedindex.{name}");
                let Some((found, None)) = Self::file(&repository.git.path().join(&file))? else {
                    let reason = format!("it is split, and {file} is not there");
                    return Err(SourceError::BadIndex { path: path.display().to_string(), reason });
                };
                shared = found;
            }
            index = index.over(shared, &link);
        }
        Ok(index)
    }

    /// One file, and the shared one that it is the difference from.
    fn file(path: &Path) -> Result<Option<(Self, Option<Link>)>, SourceError> {
        let name = || path.display().to_string();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SourceError::disk(&name(), &error)),
        };
        let (mut index, link) = parse(&bytes).map_err(|Damaged(reason)| SourceError::BadIndex {
            path: name(),
            reason: reason.to_owned(),
        })?;
        index.written = std::fs::metadata(path)
            .and_then(|file| file.modified())
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .map(|since| {
                (u32::try_from(since.as_secs()).unwrap_or(u32::MAX), since.subsec_nanos())
            });
        Ok(Some((index, link)))
    }

    /// The whole of which this is the difference from `shared`.
    fn over(self, shared: Self, link: &Link) -> Self {
        let Self { paths, entries, folders, written } = self;
        let shift = shared.paths.len();
        let mut own = entries
            .into_iter()
            .map(|entry| Entry { path: entry.path.start + shift..entry.path.end + shift, ..entry });
        let mut whole = Vec::new();
        for (at, entry) in shared.entries.into_iter().enumerate() {
            let replaced = if link.replaced.has(at) { own.next() } else { None };
            if link.deleted.has(at) {
                continue;
            }
            whole.push(match replaced {
                // The name is that of the entry in whose place it comes.
                Some(other) => Entry { path: entry.path, ..other },
                None => entry,
            });
        }
        whole.extend(own);
        let paths = [shared.paths, paths].concat();
        whole.sort_by(|one, other| {
            let of = |entry: &Entry| paths.get(entry.path.clone()).unwrap_or_default();
            of(one).cmp(of(other)).then(one.stage.cmp(&other.stage))
        });
        // An entry may be as old as the file that first held it.
        let written = written.zip(shared.written).map(|(one, other)| one.min(other)).or(written);
        Self { paths, entries: whole, folders, written }
    }

    /// Every entry with its path, in the order of the file: by path, then stage.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&[u8], &Entry)> {
        self.entries.iter().map(|entry| (self.path(entry), entry))
    }

    /// The entry of exactly this path.
    pub(super) fn find(&self, path: &[u8]) -> Option<&Entry> {
        let at = self.entries.partition_point(|entry| self.path(entry) < path);
        self.entries.get(at).filter(|entry| self.path(entry) == path)
    }

    /// Whether a path begins so; a folder is given with its slash.
    pub(super) fn holds_below(&self, folder: &[u8]) -> bool {
        let at = self.entries.partition_point(|entry| self.path(entry) < folder);
        self.entries.get(at).is_some_and(|entry| self.path(entry).starts_with(folder))
    }

    /// The first path whose merge is not settled.
    pub(super) fn conflict(&self) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.stage != 0)?;
        Some(String::from_utf8_lossy(self.path(entry)).into_owned())
    }

    /// The id of the tree that would be written for a folder (`""` is the root), where git has
    /// remembered it: everything below is then equal to that tree.
    pub(super) fn folder(&self, folder: &[u8]) -> Option<ContentId> {
        self.folders.get(folder).copied()
    }

    /// Whether the file may have changed after the index saw it, within the clock's grain, so that
    /// equal times prove nothing (git's "racy" entries).
    pub(super) fn is_racy(&self, entry: &Entry) -> bool {
        match self.written {
            Some(written) if entry.stat.modified.1 != 0 => entry.stat.modified >= written,
            Some(written) => entry.stat.modified.0 >= written.0,
            None => true,
        }
    }

    fn path(&self, entry: &Entry) -> &[u8] {
        self.paths.get(entry.path.clone()).unwrap_or_default()
    }
}

/// Why the bytes are no index.
#[derive(Debug)]
struct Damaged(&'static str);

fn parse(bytes: &[u8]) -> Result<(IndexFile, Option<Link>), Damaged> {
    let mut input = Input::new(bytes);
    let cut = || Damaged("it ends early");
    if input.take(4).ok_or_else(cut)? != b"DIRC" {
        return Err(Damaged("it does not begin with DIRC"));
    }
    let version = input.number().ok_or_else(cut)?;
    if !(2..=4).contains(&version) {
        return Err(Damaged("its version is not 2, 3 or 4"));
    }
    let count = input.number().ok_or_else(cut)?;
    let mut index = IndexFile::default();
    for _ in 0..count {
        let entry = entry(&mut input, version, &mut index).ok_or_else(cut)?;
        index.entries.push(entry);
    }
    let link = extensions(&mut input, &mut index)?;
    Ok((index, link))
}

fn entry(input: &mut Input<'_>, version: u32, index: &mut IndexFile) -> Option<Entry> {
    let start = input.at;
    let changed = (input.number()?, input.number()?);
    let modified = (input.number()?, input.number()?);
    input.number()?;
    let inode = input.number()?;
    let kind = match input.number()? & 0o170_000 {
        0o120_000 => EntryKind::Link,
        0o160_000 => EntryKind::Submodule,
        0o040_000 => EntryKind::SparseFolder,
        _ => EntryKind::File,
    };
    input.take(8)?;
    let size = input.number()?;
    let id = ContentId::from_bytes(input.take(20)?)?;
    let flags = input.short()?;
    let extended = if flags & 0x4000 == 0 { 0 } else { input.short()? };
    let path = path(input, version, index)?;
    if version < 4 {
        let length = input.at - start;
        input.take(length.next_multiple_of(8) - length)?;
    }
    Some(Entry {
        path,
        id,
        kind,
        stage: u8::try_from((flags >> 12) & 3).unwrap_or(0),
        skipped: extended & 0x4000 != 0,
        intended: extended & 0x2000 != 0,
        stat: Stat { changed, modified, inode, size },
    })
}

/// Before version 4 the path is whole and its NUL is part of the padding; from 4 on it drops some
/// of the previous path's end and adds its own.
fn path(input: &mut Input<'_>, version: u32, index: &mut IndexFile) -> Option<Range<usize>> {
    let previous = index.entries.last().map_or(0..0, |entry| entry.path.clone());
    let start = index.paths.len();
    if version == 4 {
        let dropped = input.varint()?;
        let kept = previous.len().checked_sub(dropped)?;
        index.paths.extend_from_within(previous.start..previous.start + kept);
    }
    index.paths.extend_from_slice(input.until_nul()?);
    Some(start..index.paths.len())
}

fn extensions(input: &mut Input<'_>, index: &mut IndexFile) -> Result<Option<Link>, Damaged> {
    const CHECKSUM: usize = 20;
    let mut link = None;
    while input.left() > CHECKSUM {
        let cut = || Damaged("an extension ends early");
        let name = input.take(4).ok_or_else(cut)?;
        let size = input.number().and_then(|size| usize::try_from(size).ok()).ok_or_else(cut)?;
        let body = input.take(size).ok_or_else(cut)?;
        match name {
            b"TREE" => index.folders = folders(body).unwrap_or_default(),
            b"link" => link = Some(Link::parse(body).ok_or_else(cut)?),
            b"sdir" => {}
            // A capital letter says that the extension may be ignored.
            other if other.first().is_some_and(u8::is_ascii_uppercase) => {}
            _ => return Err(Damaged("it uses an extension unknown to us")),
        }
    }
    Ok(link)
}

/// The trees that git remembers, depth first; a folder that changed since has the count -1.
fn folders(body: &[u8]) -> Option<BTreeMap<Vec<u8>, ContentId>> {
    let mut input = Input::new(body);
    let mut found = BTreeMap::new();
    let mut open: Vec<(Vec<u8>, usize)> = Vec::new();
    while input.left() > 0 {
        let name = input.until_nul()?;
        let entries = input.decimal(b' ')?;
        let children = usize::try_from(input.decimal(b'\n')?).ok()?;
        let path = match open.last_mut() {
            None => Vec::new(),
            Some((parent, left)) => {
                *left = left.checked_sub(1)?;
                let slash: &[u8] = if parent.is_empty() { b"" } else { b"/" };
                [parent.as_slice(), slash, name].concat()
            }
        };
        if entries >= 0 {
            found.insert(path.clone(), ContentId::from_bytes(input.take(20)?)?);
        }
        open.push((path, children));
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        if open.is_empty() {
            break;
        }
    }
    Some(found)
}

/// Bytes that are read from front to end; what is not there is `None`.
pub(super) struct Input<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Input<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_be_bytes)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// The variable-width offset of packs: each continuation adds one before it shifts.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = usize::from(*self.take(1)?.first()?);
            value = value.checked_mul(128)?.checked_add(byte & 127)?;
            if byte & 128 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }

    fn until_nul(&mut self) -> Option<&'b [u8]> {
        let length = self.bytes.get(self.at..)?.iter().position(|byte| *byte == 0)?;
        let text = self.take(length)?;
        self.at += 1;
        Some(text)
    }

    fn decimal(&mut self, end: u8) -> Option<i64> {
        let length = self.bytes.get(self.at..)?.iter().position(|byte| *byte == end)?;
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        self.at += 1;
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn damaged(bytes: &[u8]) -> bool {
        parse(bytes).is_err()
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        assert!(damaged(b""));
        assert!(damaged(b"DIRC\0\0\0\x05\0\0\0\0"));
        assert!(damaged(b"DIRC\0\0\0\x02\xff\xff\xff\xff"));
        let mut cut = b"DIRC\0\0\0\x02\0\0\0\0TREE\xff\xff\xff\xff".to_vec();
        cut.extend([0; 20]);
        assert!(damaged(&cut));
    }

    #[test]
    fn version_4_paths_share_their_beginnings() {
        let mut bytes = b"DIRC\0\0\0\x04\0\0\0\x02".to_vec();
        for tail in [&b"\0api/a.yaml\0"[..], &b"\x06b.json\0"[..]] {
            bytes.extend([0; 24]);
            bytes.extend(0o100_644_u32.to_be_bytes());
            bytes.extend([0; 12]);
            bytes.extend([7; 20]);
            bytes.extend([0; 2]);
            bytes.extend(tail);
        }
        bytes.extend([0; 20]);
        let Ok((index, None)) = parse(&bytes) else { panic!("readable") };
        let paths: Vec<&[u8]> = index.entries().map(|(path, _)| path).collect();
        assert_eq!(paths, [&b"api/a.yaml"[..], &b"api/b.json"[..]]);
        assert!(index.find(b"api/b.json").is_some());
        assert!(index.find(b"api").is_none());
    }

    #[test]
    fn remembered_trees_are_named_by_their_path() {
        let body =
            [&b"\x002 1\n"[..], &[1; 20], b"api\x00-1 1\n", b"v1\x001 0\n", &[2; 20]].concat();
        let found = folders(&body).unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.contains_key(&b""[..]) && found.contains_key(&b"api/v1"[..]));
    }
}
