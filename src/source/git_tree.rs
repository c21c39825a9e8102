//! The tree of a commit.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Oid, Tree};

use super::crossing::merged;
use super::history::GitHistory;
use super::snapshot::{is_candidate_name, named};
use super::{ContentId, History, Label, Listing, RepoPath, Repository, Snapshot, SourceError};

/// How many files a listing may hold: a few hundred bytes of nested trees can name billions.
pub(super) const MAX_FILES: usize = 2_000_000;

/// The largest file that is read.
pub(super) const MAX_BYTES: u64 = 256 << 20;

/// The files of one commit; blobs are read from the object database when they are asked for.
pub struct GitTree {
    repository: Repository,
    label: Label,
    tree: Option<Oid>,
    commit: Option<Oid>,
    /// The folder of the commit that the tree is; empty for all of it.
    prefix: String,
}

/// A file of a tree.
pub(super) struct TreeFile {
    /// As git has it: bytes.
    pub(super) path: Vec<u8>,
    pub(super) id: ContentId,
}

impl GitTree {
    /// The tree of a commit.
    ///
    /// # Errors
    /// When the commit is no commit, or not here.
    pub(super) fn of_commit(
        repository: Repository,
        commit: Oid,
        name: String,
    ) -> Result<Self, SourceError> {
        let tree = match repository.git.find_commit(commit) {
            Ok(found) => found.tree_id(),
            Err(error) => return Err(lookup(&repository, commit, &error)),
        };
        let label = Label { name, revision: Some(commit.to_string()) };
        let (tree, commit) = (Some(tree), Some(commit));
        Ok(Self { repository, label, tree, commit, prefix: String::new() })
    }

    /// The tree of a commit with others merged into it; its history is that of the commit.
    ///
    /// # Errors
    /// When one of them is not here.
    pub(super) fn crossing(
        repository: Repository,
        commit: Oid,
        others: &[Oid],
        name: String,
    ) -> Result<Self, SourceError> {
        let merged = merged(&repository, commit, others)?;
        let tree = Self::of_commit(repository, commit, name)?;
        Ok(Self { tree: Some(merged), ..tree })
    }

    /// The state before the first commit: no file at all.
    pub(super) fn empty(repository: Repository, name: String) -> Self {
        let label = Label::named(name);
        Self { repository, label, tree: None, commit: None, prefix: String::new() }
    }

    /// The same commit, with a folder of it for root.
    ///
    /// # Errors
    /// When a tree on the way is missing.
    pub(super) fn narrowed(self, folder: &RepoPath) -> Result<Self, SourceError> {
        let tree = match self.find(folder)? {
            Some((id, TreeKind::Folder)) => Some(id),
            Some((_, TreeKind::File)) | None => None,
        };
        Ok(Self { tree, prefix: folder.as_str().to_owned(), ..self })
    }

    /// The repository that holds the tree.
    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The id of the tree; `None` before the first commit.
    pub(super) fn tree_id(&self) -> Option<Oid> {
        self.tree
    }

    /// What the path names, and whether it is a folder.
    ///
    /// # Errors
    /// When a tree on the way is missing.
    pub(super) fn kind(&self, path: &RepoPath) -> Result<Option<TreeKind>, SourceError> {
        Ok(self.find(path)?.map(|(_, kind)| kind))
    }

    fn find(&self, path: &RepoPath) -> Result<Option<(Oid, TreeKind)>, SourceError> {
        match self.tree {
            Some(tree) => find_in_tree(&self.repository, tree, path.as_str()),
            None => Ok(None),
        }
    }
}

impl Snapshot for GitTree {
    fn label(&self) -> &Label {
        &self.label
    }

    fn folder(&self) -> Option<PathBuf> {
        // What lies around a folder of a commit is in the commit, not on the disk of today.
        let folder = self.prefix.is_empty().then(|| self.repository.work_folder().ok()).flatten();
        folder.map(Path::to_owned)
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        match self.content_id(path)? {
            Some(id) => read_blob(&self.repository, id).map(Some),
            None => Ok(None),
        }
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        let Some(tree) = self.tree else { return Ok(Vec::new()) };
        let files = files_below(&self.repository, tree, b"", &mut |_| true, &mut |_, _| false)?;
        let mut paths: Vec<RepoPath> = files.iter().filter_map(|file| named(&file.path)).collect();
        paths.sort_unstable();
        Ok(paths)
    }

    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        match self.find(path)? {
            Some((id, TreeKind::File)) => Ok(Some(id.into())),
            Some((_, TreeKind::Folder)) | None => Ok(None),
        }
    }

    fn link(&self, path: &RepoPath) -> Result<Option<String>, SourceError> {
        let Some(tree) = self.tree else { return Ok(None) };
        let Some((tree, name)) = folder_in_tree(&self.repository, tree, path.as_str())? else {
            return Ok(None);
        };
        match tree.get_name(name).filter(|entry| entry.filemode() == 0o120_000) {
            Some(entry) => read_link(&self.repository, entry.id().into()),
            None => Ok(None),
        }
    }

    fn history(&self) -> Option<Box<dyn History>> {
        let repository = self.repository.reopen().ok()?;
        Some(Box::new(GitHistory::new(repository, self.commit?, self.prefix.clone())))
    }

    fn listing(&self) -> Result<Listing, SourceError> {
        let Some(tree) = self.tree else { return Ok(Listing::new()) };
        let files =
            files_below(&self.repository, tree, b"", &mut is_candidate_name, &mut |_, _| false)?;
        Ok(files.into_iter().filter_map(|file| Some((named(&file.path)?, file.id))).collect())
    }
}

/// What a path of a tree names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TreeKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// Walks down a tree. Links and submodules on the way are refused by name.
pub(super) fn find_in_tree(
    repository: &Repository,
    root: Oid,
    path: &str,
) -> Result<Option<(Oid, TreeKind)>, SourceError> {
    let mut id = root;
    let mut kind = TreeKind::Folder;
    let mut walked = 0;
    for segment in path.split('/') {
        if kind == TreeKind::File {
            return Ok(None);
        }
        let tree = find_tree(repository, id)?;
        let Some(entry) = tree.get_name(segment) else { return Ok(None) };
        walked += segment.len();
        let here = || path.get(..walked).unwrap_or(path).to_owned();
        kind = match (entry.kind(), entry.filemode()) {
            (_, 0o120_000) => {
                return Err(SourceError::SymbolicLink { path: path.to_owned(), link: here() });
            }
            (Some(ObjectType::Commit), _) => {
                return Err(SourceError::InSubmodule { path: path.to_owned(), submodule: here() });
            }
            (Some(ObjectType::Tree), _) => TreeKind::Folder,
            (Some(ObjectType::Blob), _) => TreeKind::File,
            (Some(ObjectType::Any | ObjectType::Tag) | None, _) => return Ok(None),
        };
        id = entry.id();
        walked += 1;
    }
    Ok(Some((id, kind)))
}

/// The commit at which a submodule stands.
pub(super) fn submodule_in_tree(
    repository: &Repository,
    root: Oid,
    path: &str,
) -> Result<Option<ContentId>, SourceError> {
    let Some((tree, name)) = folder_in_tree(repository, root, path)? else { return Ok(None) };
    let entry = tree.get_name(name).filter(|entry| entry.kind() == Some(ObjectType::Commit));
    Ok(entry.map(|entry| entry.id().into()))
}

/// The folder that holds what a path names, and the name that it has there.
fn folder_in_tree<'r, 'p>(
    repository: &'r Repository,
    root: Oid,
    path: &'p str,
) -> Result<Option<(Tree<'r>, &'p str)>, SourceError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = match folder {
        "" => Some((root, TreeKind::Folder)),
        folder => match find_in_tree(repository, root, folder) {
            Err(SourceError::SymbolicLink { .. } | SourceError::InSubmodule { .. }) => None,
            found => found?,
        },
    };
    let Some((parent, TreeKind::Folder)) = parent else { return Ok(None) };
    Ok(Some((find_tree(repository, parent)?, name)))
}

/// What a symbolic link says, which git keeps as a blob; `None` where that is not UTF-8.
pub(super) fn read_link(
    repository: &Repository,
    id: ContentId,
) -> Result<Option<String>, SourceError> {
    Ok(String::from_utf8(read_blob(repository, id)?).ok())
}

/// Every regular file below a tree whose path `wanted` accepts, `prefix` first. Folders for which
/// `pruned` says so are left out.
pub(super) fn files_below(
    repository: &Repository,
    root: Oid,
    prefix: &[u8],
    wanted: &mut dyn FnMut(&[u8]) -> bool,
    pruned: &mut dyn FnMut(&[u8], Oid) -> bool,
) -> Result<Vec<TreeFile>, SourceError> {
    leaves_below(repository, root, prefix, wanted, pruned).map(|leaves| leaves.files)
}

/// What a tree holds that is no folder and no submodule.
#[derive(Default)]
pub(super) struct Leaves {
    pub(super) files: Vec<TreeFile>,
    /// Symbolic links; the blob of one is what it says.
    pub(super) links: Vec<TreeFile>,
}

/// The same files, and every symbolic link.
pub(super) fn leaves_below(
    repository: &Repository,
    root: Oid,
    prefix: &[u8],
    wanted: &mut dyn FnMut(&[u8]) -> bool,
    pruned: &mut dyn FnMut(&[u8], Oid) -> bool,
) -> Result<Leaves, SourceError> {
    let mut leaves = Leaves::default();
    let mut seen = 0_usize;
    let mut open = vec![(prefix.to_vec(), root)];
    while let Some((folder, id)) = open.pop() {
        if pruned(&folder, id) {
            continue;
        }
        let tree = find_tree(repository, id)?;
        for entry in &tree {
            seen += 1;
            if seen > MAX_FILES {
                return Err(SourceError::TooManyFiles { limit: MAX_FILES });
            }
            let (kind, link) = (entry.kind(), entry.filemode() == 0o120_000);
            let blob = kind == Some(ObjectType::Blob) && !link;
            if kind != Some(ObjectType::Tree) && !link && !(blob && wanted(entry.name_bytes())) {
                continue;
            }
            let path = inside(&folder, entry.name_bytes());
            if link {
                leaves.links.push(TreeFile { path, id: entry.id().into() });
            } else if blob {
                leaves.files.push(TreeFile { path, id: entry.id().into() });
            } else {
                open.push((path, entry.id()));
            }
        }
    }
    Ok(leaves)
}

/// The bytes of a blob.
pub(super) fn read_blob(repository: &Repository, id: ContentId) -> Result<Vec<u8>, SourceError> {
    let id = id.oid();
    let objects = repository.git.odb().map_err(|error| SourceError::git("open objects", &error))?;
    let (size, _) = objects.read_header(id).map_err(|error| lookup(repository, id, &error))?;
    if u64::try_from(size).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(SourceError::TooLarge { path: format!("blob {id}"), limit: MAX_BYTES });
    }
    let object = objects.read(id).map_err(|error| lookup(repository, id, &error))?;
    Ok(object.data().to_vec())
}

/// A tree by id.
pub(super) fn find_tree(repository: &Repository, id: Oid) -> Result<Tree<'_>, SourceError> {
    repository.git.find_tree(id).map_err(|error| lookup(repository, id, &error))
}

/// A name in a folder, where the root is `""`.
pub(super) fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The same for names that may not be UTF-8.
pub(super) fn inside(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

fn lookup(repository: &Repository, id: Oid, error: &git2::Error) -> SourceError {
    if error.code() == ErrorCode::NotFound {
        let remote = crate::source::base::History { repository }.remote_or_origin();
        return SourceError::missing(&[id], remote);
    }
    SourceError::git(format!("read the object {id}"), error)
}
