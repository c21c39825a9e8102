//! The index: what the next commit would hold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::git_tree::{
    TreeKind, files_below, find_in_tree, read_blob, read_link, submodule_in_tree,
};
use super::index_file::{Entry, EntryKind, IndexFile};
use super::snapshot::{is_candidate_name, named};
use super::{ContentId, Label, Listing, RepoPath, Repository, Snapshot, SourceError};

/// The files of the index.
pub struct GitIndex {
    repository: Repository,
    label: Label,
    index: IndexFile,
}

/// Where the index keeps a path.
pub(super) enum Tracked<'i> {
    /// In an entry of its own.
    Entry(&'i Entry),
    /// Inside a folder that a sparse checkout leaves out.
    Sparse(ContentId),
}

impl GitIndex {
    /// The index of the repository, or the one that a hook was given.
    ///
    /// # Errors
    /// When it cannot be read or holds an unsettled merge, and in a bare repository.
    pub fn open(repository: Repository) -> Result<Self, SourceError> {
        repository.work_folder()?;
        let index = IndexFile::of(&repository)?;
        if let Some(path) = index.conflict() {
            return Err(SourceError::Conflict { path });
        }
        Ok(Self { repository, label: Label::named("index"), index })
    }

    /// The repository that holds the index.
    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The index itself.
    pub(super) fn file(&self) -> &IndexFile {
        &self.index
    }

    /// What the index says of a path.
    pub(super) fn find(&self, path: &RepoPath) -> Result<Option<Tracked<'_>>, SourceError> {
        find(&self.repository, &self.index, path)
    }
}

impl Snapshot for GitIndex {
    fn label(&self) -> &Label {
        &self.label
    }

    fn folder(&self) -> Option<PathBuf> {
        self.repository.work_folder().ok().map(Path::to_owned)
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        match self.content_id(path)? {
            Some(id) => read_blob(&self.repository, id).map(Some),
            None => Ok(None),
        }
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        let all = listing(&self.repository, &self.index, &mut |_| true, &|_| false)?;
        Ok(all.keys().filter_map(|path| named(path)).collect())
    }

    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        Ok(match self.find(path)? {
            Some(Tracked::Entry(entry)) if entry.is_settled() => Some(entry.id),
            Some(Tracked::Sparse(id)) => Some(id),
            Some(Tracked::Entry(_)) | None => None,
        })
    }

    fn link(&self, path: &RepoPath) -> Result<Option<String>, SourceError> {
        link_in_index(&self.repository, &self.index, path)
    }

    fn listing(&self) -> Result<Listing, SourceError> {
        let all = listing(&self.repository, &self.index, &mut is_candidate_name, &|_| false)?;
        Ok(all.into_iter().filter_map(|(path, id)| Some((named(&path)?, id))).collect())
    }
}

/// What the index says of a path; links and submodules on the way are refused by name.
pub(super) fn find<'i>(
    repository: &Repository,
    index: &'i IndexFile,
    path: &RepoPath,
) -> Result<Option<Tracked<'i>>, SourceError> {
    let text = path.as_str();
    if let Some(entry) = index.find(text.as_bytes()) {
        return match entry.kind {
            EntryKind::File => Ok(Some(Tracked::Entry(entry))),
            EntryKind::Link => Err(link(text, text)),
            EntryKind::Submodule | EntryKind::SparseFolder => Ok(None),
        };
    }
    for (slash, _) in text.match_indices('/') {
        let (folder, rest) = text.split_at(slash);
        if let Some(entry) = index.find(folder.as_bytes()) {
            return match entry.kind {
                EntryKind::Link => Err(link(text, folder)),
                EntryKind::Submodule => Err(SourceError::InSubmodule {
                    path: text.to_owned(),
                    submodule: folder.to_owned(),
                }),
                EntryKind::File | EntryKind::SparseFolder => Ok(None),
            };
        }
        let Some(entry) = index.find(format!("{folder}/").as_bytes()) else { continue };
        let inside = rest.trim_start_matches('/');
        return Ok(match find_in_tree(repository, entry.id.oid(), inside)? {
            Some((id, TreeKind::File)) => Some(Tracked::Sparse(id.into())),
            Some((_, TreeKind::Folder)) | None => None,
        });
    }
    Ok(None)
}

/// The commit at which a submodule stands.
pub(super) fn submodule_in_index(
    repository: &Repository,
    index: &IndexFile,
    path: &RepoPath,
) -> Result<Option<ContentId>, SourceError> {
    let text = path.as_str();
    if let Some(entry) = index.find(text.as_bytes()) {
        return Ok((entry.kind == EntryKind::Submodule).then_some(entry.id));
    }
    for (slash, _) in text.match_indices('/') {
        let (folder, inside) = text.split_at(slash + 1);
        if let Some(entry) = index.find(folder.as_bytes()) {
            return submodule_in_tree(repository, entry.id.oid(), inside);
        }
    }
    Ok(None)
}

/// What a symbolic link says that the index holds.
pub(super) fn link_in_index(
    repository: &Repository,
    index: &IndexFile,
    path: &RepoPath,
) -> Result<Option<String>, SourceError> {
    match index.find(path.as_str().as_bytes()).filter(|entry| entry.kind == EntryKind::Link) {
        Some(entry) => read_link(repository, entry.id),
        None => Ok(None),
    }
}

/// The regular files of the index that have one content, whose path `wanted` accepts, but for the
/// sparse folders that are `pruned`, by their paths, which git does not promise to be UTF-8.
pub(super) fn listing(
    repository: &Repository,
    index: &IndexFile,
    wanted: &mut dyn FnMut(&[u8]) -> bool,
    pruned: &dyn Fn(&[u8]) -> bool,
) -> Result<BTreeMap<Vec<u8>, ContentId>, SourceError> {
    let mut listing = BTreeMap::new();
    for (path, entry) in index.entries() {
        match entry.kind {
            EntryKind::File if entry.is_settled() && wanted(path) => {
                listing.insert(path.to_vec(), entry.id);
            }
            EntryKind::SparseFolder => {
                let folder = path.strip_suffix(b"/").unwrap_or(path);
                if pruned(folder) {
                    continue;
                }
                let files =
                    files_below(repository, entry.id.oid(), folder, wanted, &mut |_, _| false)?;
                listing.extend(files.into_iter().map(|file| (file.path, file.id)));
            }
            EntryKind::File | EntryKind::Link | EntryKind::Submodule => {}
        }
    }
    Ok(listing)
}

fn link(path: &str, link: &str) -> SourceError {
    SourceError::SymbolicLink { path: path.to_owned(), link: link.to_owned() }
}
