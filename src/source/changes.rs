//! Which files differ between a base and a head, found without reading any that does not.

use std::collections::{BTreeMap, BTreeSet};

use git2::{ObjectType, Oid};

use super::git_index::submodule_in_index;
use super::git_tree::{Leaves, TreeFile, find_tree, inside, leaves_below, submodule_in_tree};
use super::index_file::{EntryKind, IndexFile};
use super::snapshot::{is_candidate_name, named};
use super::work_tree::Standing;
use super::{
    ContentId, GitIndex, GitTree, Listing, RepoPath, Repository, Snapshot, SourceError, Unseen,
    WorkTree,
};

/// What a file was and what it is; equal sides do not occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its content in the base; `None` where it is new.
    pub old: Option<ContentId>,
    /// Its content in the head; `None` where it is gone.
    pub new: Option<ContentId>,
}

/// The candidate files that differ.
pub type Changes = BTreeMap<RepoPath, Change>;

/// The same by the names that git has, which are bytes.
type RawChanges = BTreeMap<Vec<u8>, Change>;

/// What differs, by those names.
#[derive(Default)]
struct Raw {
    files: RawChanges,
    /// Symbolic links that came, went or say something else.
    links: BTreeSet<Vec<u8>>,
}

/// All that differs between a base and a head.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// The files that could belong to a contract.
    pub files: Changes,
    /// Those that nobody can refer to, since their names are not UTF-8.
    pub unnamed: Vec<Unseen>,
    /// The symbolic links, any of which may lead to a contract or to a part of one.
    pub links: BTreeSet<RepoPath>,
}

impl From<Raw> for Differences {
    fn from(Raw { files, links }: Raw) -> Self {
        let links = links.iter().filter_map(|path| named(path)).collect();
        let mut differences = Self { links, ..Self::default() };
        for (path, change) in files {
            if let Some(path) = named(&path) {
                differences.files.insert(path, change);
            } else if std::str::from_utf8(&path).is_err() {
                let (path, in_head) = (spelt(&path), change.new.is_some());
                differences.unnamed.push(Unseen::NotUtf8 { path, in_head });
            }
        }
        differences
    }
}

/// The path, with each byte that is not UTF-8 as git and the shell spell it: `caf\351.yaml`.
pub(super) fn spelt(path: &[u8]) -> String {
    let mut spelt = String::new();
    for chunk in path.utf8_chunks() {
        spelt.push_str(chunk.valid());
        spelt.extend(chunk.invalid().iter().map(|byte| format!("\\{byte:03o}")));
    }
    spelt
}

/// A state that can say how it differs from a commit more cheaply than by listing both.
pub trait Head: Snapshot {
    /// Every candidate file that differs from the base.
    ///
    /// # Errors
    /// When either side cannot be listed.
    fn changes_since(&self, base: &GitTree) -> Result<Differences, SourceError>;

    /// The commit at which a submodule stands; `None` where the path is none.
    ///
    /// # Errors
    /// When a tree on the way is missing.
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError>;
}

impl Head for GitTree {
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        match self.tree_id() {
            Some(tree) => submodule_in_tree(self.repository(), tree, path.as_str()),
            None => Ok(None),
        }
    }

    fn changes_since(&self, base: &GitTree) -> Result<Differences, SourceError> {
        between_trees(self.repository(), base.tree_id(), self.tree_id()).map(Into::into)
    }
}

impl Head for GitIndex {
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        submodule_in_index(self.repository(), self.file(), path)
    }

    fn changes_since(&self, base: &GitTree) -> Result<Differences, SourceError> {
        between_tree_and_index(self.repository(), base.tree_id(), self.file()).map(Into::into)
    }
}

impl Head for WorkTree {
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        let staged = submodule_in_index(self.repository(), self.index(), path)?;
        Ok(staged.map(|staged| self.checked_out(path).unwrap_or(staged)))
    }

    fn changes_since(&self, base: &GitTree) -> Result<Differences, SourceError> {
        let tracked = || tracked_since(self, base);
        let (Raw { mut files, links }, new) = self.beside_untracked(is_candidate_name, tracked)?;
        for path in new {
            let new = match named(&path) {
                Some(path) => self.content_id(&path)?,
                None => Some(ContentId::of(&path)?),
            };
            let old = files.get(&path).and_then(|change| change.old);
            note(&mut files, path, old, new);
        }
        Ok(Raw { files, links }.into())
    }
}

/// What differs of the files and links that git tracks.
fn tracked_since(head: &WorkTree, base: &GitTree) -> Result<Raw, SourceError> {
    let Raw { mut files, mut links } =
        between_tree_and_index(head.repository(), base.tree_id(), head.index())?;
    let mut last: &[u8] = b"";
    for (path, entry) in head.index().entries() {
        // A merge that is not settled has up to three entries for one file on disk.
        let again = std::mem::replace(&mut last, path) == path;
        if entry.kind == EntryKind::Link && !again && !head.has_link(path, entry)? {
            links.insert(path.to_vec());
            let file = named(path).filter(|_| is_candidate_name(path));
            let file = file.filter(|name| !head.is_linked(name.as_str()));
            let new = file.map(|name| head.content_id(&name)).transpose()?.flatten();
            let old = files.get(path).and_then(|change| change.old);
            note(&mut files, path.to_vec(), old, new);
        }
        if again || entry.kind != EntryKind::File || !is_candidate_name(path) {
            continue;
        }
        let standing = match named(path) {
            Some(name) => head.standing(&name, entry)?,
            None => head.standing_of_nameless(path, entry)?,
        };
        let new = match standing {
            Standing::Same => continue,
            Standing::Edited(id) => Some(id),
            Standing::Gone => None,
        };
        let tracked = if entry.is_settled() { Some(entry.id) } else { None };
        let old = files.get(path).map_or(tracked, |change| change.old);
        note(&mut files, path.to_vec(), old, new);
    }
    Ok(Raw { files, links })
}

/// The differences of two listings, for states that know nothing of each other.
pub fn between_listings(old: &Listing, new: &Listing) -> Changes {
    between(old, new)
}

fn between<P: Ord + Clone>(
    old: &BTreeMap<P, ContentId>,
    new: &BTreeMap<P, ContentId>,
) -> BTreeMap<P, Change> {
    let mut changes = BTreeMap::new();
    for path in old.keys().chain(new.keys()) {
        note(&mut changes, path.clone(), old.get(path).copied(), new.get(path).copied());
    }
    changes
}

fn note<P: Ord>(
    changes: &mut BTreeMap<P, Change>,
    path: P,
    old: Option<ContentId>,
    new: Option<ContentId>,
) {
    if old == new {
        changes.remove(&path);
    } else {
        changes.insert(path, Change { old, new });
    }
}

/// Only folders whose ids differ are opened.
fn between_trees(
    repository: &Repository,
    old: Option<Oid>,
    new: Option<Oid>,
) -> Result<Raw, SourceError> {
    let (mut changes, mut links) = (RawChanges::new(), BTreeSet::new());
    let mut open = vec![(Vec::new(), old, new)];
    while let Some((folder, old, new)) = open.pop() {
        if old == new {
            continue;
        }
        let (old, new) = (children(repository, old)?, children(repository, new)?);
        let names: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (old, new) = (old.get(name).copied(), new.get(name).copied());
            let folders = (old.and_then(Child::folder), new.and_then(Child::folder));
            let files = (old.and_then(Child::file), new.and_then(Child::file));
            let was_and_is = (old.and_then(Child::link), new.and_then(Child::link));
            if was_and_is.0 != was_and_is.1 {
                links.insert(inside(&folder, name));
            }
            let differ = files.0 != files.1 && is_candidate_name(name);
            if !differ && folders.0 == folders.1 {
                continue;
            }
            let path = inside(&folder, name);
            if differ {
                note(&mut changes, path.clone(), files.0.map(Into::into), files.1.map(Into::into));
            }
            if folders.0 != folders.1 {
                open.push((path, folders.0, folders.1));
            }
        }
    }
    Ok(Raw { files: changes, links })
}

#[derive(Clone, Copy)]
enum Child {
    Folder(Oid),
    File(Oid),
    Link(Oid),
}

impl Child {
    fn folder(self) -> Option<Oid> {
        match self {
            Self::Folder(id) => Some(id),
            Self::File(_) | Self::Link(_) => None,
        }
    }

    fn file(self) -> Option<Oid> {
        match self {
            Self::File(id) => Some(id),
            Self::Folder(_) | Self::Link(_) => None,
        }
    }

    fn link(self) -> Option<Oid> {
        match self {
            Self::Link(id) => Some(id),
            Self::Folder(_) | Self::File(_) => None,
        }
    }
}

/// What a tree holds, submodules left out.
fn children(
    repository: &Repository,
    tree: Option<Oid>,
) -> Result<BTreeMap<Vec<u8>, Child>, SourceError> {
    let Some(tree) = tree else { return Ok(BTreeMap::new()) };
    let tree = find_tree(repository, tree)?;
    let children = tree.iter().filter_map(|entry| {
        let child = match (entry.kind()?, entry.filemode()) {
            (ObjectType::Tree, _) => Child::Folder(entry.id()),
            (ObjectType::Blob, 0o120_000) => Child::Link(entry.id()),
            (ObjectType::Blob, _) => Child::File(entry.id()),
            (ObjectType::Commit | ObjectType::Tag | ObjectType::Any, _) => {
                return None;
            }
        };
        Some((entry.name_bytes().to_vec(), child))
    });
    Ok(children.collect())
}

/// Folders of which the index remembers the tree are compared by its id and not opened.
fn between_tree_and_index(
    repository: &Repository,
    tree: Option<Oid>,
    index: &IndexFile,
) -> Result<Raw, SourceError> {
    let mut equal: BTreeSet<Vec<u8>> = BTreeSet::new();
    let by_path = |found: Vec<TreeFile>| -> BTreeMap<Vec<u8>, ContentId> {
        found.into_iter().map(|file| (file.path, file.id)).collect()
    };
    let (mut old, mut old_links) = (BTreeMap::new(), BTreeMap::new());
    if let Some(tree) = tree {
        let Leaves { files, links } =
            leaves_below(repository, tree, b"", &mut is_candidate_name, &mut |folder, id| {
                let sparse = || index.find(&[folder, b"/"].concat()).map(|entry| entry.id);
                let same = index.folder(folder).or_else(sparse) == Some(id.into());
                if same {
                    equal.insert(folder.to_vec());
                }
                same
            })?;
        if equal.contains(&b""[..]) {
            return Ok(Raw::default());
        }
        (old, old_links) = (by_path(files), by_path(links));
    }
    let is_equal = |folder: &[u8]| {
        let slashes = folder.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let parents = slashes.filter_map(|(slash, _)| folder.get(..slash));
        !equal.is_empty() && parents.chain([folder]).any(|folder| equal.contains(folder))
    };
    let lies_in_equal = |path: &[u8]| {
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let folder = slash.and_then(|slash| path.get(..slash));
        folder.is_some_and(is_equal)
    };
    let mut wanted = |path: &[u8]| is_candidate_name(path) && !lies_in_equal(path);
    let new = super::git_index::listing(repository, index, &mut wanted, &is_equal)?;
    let links = index.entries().filter(|(path, entry)| {
        entry.kind == EntryKind::Link && entry.is_settled() && !lies_in_equal(path)
    });
    let new_links = links.map(|(path, entry)| (path.to_vec(), entry.id)).collect();
    let links = between(&old_links, &new_links).into_keys().collect();
    Ok(Raw { files: between(&old, &new), links })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_spelt_as_git_spells_them() {
        assert_eq!(spelt(b"a/caf\xe9\xff.yaml"), "a/caf\\351\\377.yaml");
    }
}
