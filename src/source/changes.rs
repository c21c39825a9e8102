//! Which files differ between a base and a head, found without reading any that does not.

use std::collections::{BTreeMap, BTreeSet};

use git2::{ObjectType, Oid};

use super::git_index::{submodule_in_index, utf8_path};
use super::git_tree::{below, exact_path, files_below, find_tree, submodule_in_tree};
use super::index_file::{EntryKind, IndexFile};
use super::snapshot::is_candidate_name;
use super::work_tree::Standing;
use super::{
    ContentId, GitIndex, GitTree, Listing, RepoPath, Repository, Snapshot, SourceError, WorkTree,
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

/// A state that can say how it differs from a commit more cheaply than by listing both.
pub trait Head: Snapshot {
    /// Every candidate file that differs from the base.
    ///
    /// # Errors
    /// When either side cannot be listed.
    fn changes_since(&self, base: &GitTree) -> Result<Changes, SourceError>;

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

    fn changes_since(&self, base: &GitTree) -> Result<Changes, SourceError> {
        between_trees(self.repository(), base.tree_id(), self.tree_id())
    }
}

impl Head for GitIndex {
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        submodule_in_index(self.repository(), self.file(), path)
    }

    fn changes_since(&self, base: &GitTree) -> Result<Changes, SourceError> {
        between_tree_and_index(self.repository(), base.tree_id(), self.file())
    }
}

impl Head for WorkTree {
    fn submodule(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        submodule_in_index(self.repository(), self.index(), path)
    }

    fn changes_since(&self, base: &GitTree) -> Result<Changes, SourceError> {
        let mut changes = between_tree_and_index(self.repository(), base.tree_id(), self.index())?;
        let mut last: &[u8] = b"";
        for (path, entry) in self.index().entries() {
            // A merge that is not settled has up to three entries for one file on disk.
            let again = std::mem::replace(&mut last, path) == path;
            if again || entry.kind != EntryKind::File || !is_candidate_name(path) {
                continue;
            }
            let Some(path) = utf8_path(path)? else { continue };
            let new = match self.standing(&path, entry)? {
                Standing::Same => continue,
                Standing::Edited(id) => Some(id),
                Standing::Gone => None,
            };
            let tracked = if entry.is_settled() { Some(entry.id) } else { None };
            let old = changes.get(&path).map_or(tracked, |change| change.old);
            note(&mut changes, path, old, new);
        }
        for path in self.untracked(is_candidate_name)? {
            let new = self.content_id(&path)?;
            let old = changes.get(&path).and_then(|change| change.old);
            note(&mut changes, path, old, new);
        }
        Ok(changes)
    }
}

/// The differences of two listings, for states that know nothing of each other.
pub fn between_listings(old: &Listing, new: &Listing) -> Changes {
    let mut changes = Changes::new();
    for path in old.keys().chain(new.keys()) {
        note(&mut changes, path.clone(), old.get(path).copied(), new.get(path).copied());
    }
    changes
}

fn note(changes: &mut Changes, path: RepoPath, old: Option<ContentId>, new: Option<ContentId>) {
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
) -> Result<Changes, SourceError> {
    let mut changes = Changes::new();
    let mut open = vec![(String::new(), old, new)];
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
            let differ = files.0 != files.1 && is_candidate_name(name);
            if !differ && folders.0 == folders.1 {
                continue;
            }
            let Ok(name) = std::str::from_utf8(name) else {
                let name = String::from_utf8_lossy(name);
                return Err(SourceError::NotUtf8 { path: below(&folder, &name) });
            };
            let path = below(&folder, name);
            if differ && let Some(path) = exact_path(&path) {
                note(&mut changes, path, files.0.map(Into::into), files.1.map(Into::into));
            }
            if folders.0 != folders.1 {
                open.push((path, folders.0, folders.1));
            }
        }
    }
    Ok(changes)
}

#[derive(Clone, Copy)]
enum Child {
    Folder(Oid),
    File(Oid),
}

impl Child {
    fn folder(self) -> Option<Oid> {
        match self {
            Self::Folder(id) => Some(id),
            Self::File(_) => None,
        }
    }

    fn file(self) -> Option<Oid> {
        match self {
            Self::File(id) => Some(id),
            Self::Folder(_) => None,
        }
    }
}

/// What a tree holds, links and submodules left out.
fn children(
    repository: &Repository,
    tree: Option<Oid>,
) -> Result<BTreeMap<Vec<u8>, Child>, SourceError> {
    let Some(tree) = tree else { return Ok(BTreeMap::new()) };
    let tree = find_tree(repository, tree)?;
    let children = tree.iter().filter_map(|entry| {
        let child = match (entry.kind()?, entry.filemode()) {
            (ObjectType::Tree, _) => Child::Folder(entry.id()),
            (ObjectType::Blob, mode) if mode != 0o120_000 => Child::File(entry.id()),
            (ObjectType::Blob | ObjectType::Commit | ObjectType::Tag | ObjectType::Any, _) => {
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
) -> Result<Changes, SourceError> {
    let mut equal: BTreeSet<String> = BTreeSet::new();
    let mut old = Listing::new();
    if let Some(tree) = tree {
        let files =
            files_below(repository, tree, "", &mut is_candidate_name, &mut |folder, id| {
                let sparse = || index.find(format!("{folder}/").as_bytes()).map(|entry| entry.id);
                let same = index.folder(folder.as_bytes()).or_else(sparse) == Some(id.into());
                if same {
                    equal.insert(folder.to_owned());
                }
                same
            })?;
        if equal.contains("") {
            return Ok(Changes::new());
        }
        old =
            files.into_iter().filter_map(|file| Some((exact_path(&file.path)?, file.id))).collect();
    }
    let is_equal = |folder: &str| {
        let parents = folder.match_indices('/').filter_map(|(slash, _)| folder.get(..slash));
        !equal.is_empty() && parents.chain([folder]).any(|folder| equal.contains(folder))
    };
    let mut wanted = |path: &[u8]| {
        is_candidate_name(path)
            && !std::str::from_utf8(path)
                .is_ok_and(|path| path.rsplit_once('/').is_some_and(|(folder, _)| is_equal(folder)))
    };
    let new = super::git_index::listing(repository, index, &mut wanted, &is_equal)?;
    Ok(between_listings(&old, &new))
}
