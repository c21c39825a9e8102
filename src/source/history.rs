//! What a file was before: its contents in the commits that led to one.

use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use git2::{Delta, Diff, DiffOptions, Oid, Sort, Tree};

use super::git_tree::{TreeKind, below, find_in_tree, find_tree, read_blob};
use super::{ContentId, Folder, RepoPath, Repository, SourceError};

/// How many commits are looked at, the newest first.
pub const MAX_REVISIONS: usize = 2_000;

/// How many different contents of one file are read.
pub const MAX_VERSIONS: usize = 500;

/// How many contents that files lost are told, those lost last first.
///
/// Every edit of a file makes it lose a content: in a repository in which people work there are about as
/// many of them as commits.
pub const MAX_LOST: usize = 2_000;

/// How many times a file is followed to the name that it had before.
pub(super) const MAX_NAMES: usize = 16;

/// How many files that a commit removed are looked into for the one that it added.
const MAX_KIN: usize = 64;

/// How much of an earlier text, which comes first, lives on in a later one by what they say; `None` where
/// it is too little for the one to have become the other.
pub type Kinship<'k> = dyn Fn(&[u8], &[u8]) -> Option<usize> + 'k;

/// The commits that led to a state. Nothing is read before the first question.
pub trait History: Send {
    /// The contents that the file had before, newest first and each once, under whatever name: the one
    /// that git takes for the same, else the one whose text is most akin.
    ///
    /// # Errors
    /// When a commit, tree or blob cannot be read. Where history ends early, as in a shallow clone,
    /// that is all there is.
    fn versions(&self, path: &RepoPath, kinship: &Kinship<'_>)
    -> Result<Vec<Version>, SourceError>;

    /// What files in a folder whose names end so had for content before a commit that changed or
    /// deleted them, newest first and each once. Unlike [`Self::versions`] it finds what no file of today was.
    ///
    /// # Errors
    /// When a tree cannot be read.
    fn lost(&self, folder: &Folder, ending: &str) -> Result<Vec<Lost>, SourceError>;

    /// A content that was lost.
    ///
    /// # Errors
    /// When the blob cannot be read.
    fn read(&self, lost: &Lost) -> Result<Vec<u8>, SourceError>;

    /// What the file of a content that was lost holds in the end, if it is there.
    ///
    /// # Errors
    /// When the blob cannot be read.
    fn last(&self, lost: &Lost) -> Result<Option<Vec<u8>>, SourceError>;

    /// What kept some of the history from being looked at so far.
    fn limits(&self) -> BTreeSet<HistoryLimit>;
}

/// What keeps some of a history from being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HistoryLimit {
    /// [`MAX_REVISIONS`]
    Revisions,
    /// [`MAX_VERSIONS`]
    Versions,
    /// [`MAX_LOST`]
    Lost,
}

impl fmt::Display for HistoryLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revisions => write!(out, "the newest {MAX_REVISIONS} commits (MAX_REVISIONS)"),
            Self::Versions => {
                write!(out, "the newest {MAX_VERSIONS} contents of a file (MAX_VERSIONS)")
            }
            Self::Lost => {
                write!(out, "the {MAX_LOST} contents that files lost last (MAX_LOST)")
            }
        }
    }
}

/// A content that a file had until it was changed or deleted; it is read when asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The last commit that had it, abbreviated.
    pub revision: String,
    /// Where the file was, seen from the snapshot.
    pub path: RepoPath,
    content: ContentId,
}

/// A content that a file had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The last commit that had it, abbreviated.
    pub revision: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The history of a commit, seen from a folder of it.
pub(super) struct GitHistory {
    repository: Repository,
    commit: Oid,
    folder: String,
    trees: OnceCell<Vec<(Oid, Oid)>>,
    limits: RefCell<BTreeSet<HistoryLimit>>,
}

impl GitHistory {
    pub(super) fn new(repository: Repository, commit: Oid, folder: String) -> Self {
        let (trees, limits) = (OnceCell::new(), RefCell::default());
        Self { repository, commit, folder, trees, limits }
    }

    fn strikes(&self, limit: HistoryLimit) {
        self.limits.borrow_mut().insert(limit);
    }

    /// The commits with their trees, newest first.
    fn trees(&self) -> Result<&[(Oid, Oid)], SourceError> {
        if let Some(known) = self.trees.get() {
            return Ok(known);
        }
        let failed = |error: &git2::Error| SourceError::git("walk the history", error);
        let git = &self.repository.git;
        let mut walk = git.revwalk().map_err(|error| failed(&error))?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).map_err(|error| failed(&error))?;
        walk.push(self.commit).map_err(|error| failed(&error))?;
        let mut trees = Vec::new();
        for commit in walk {
            if trees.len() >= MAX_REVISIONS {
                self.strikes(HistoryLimit::Revisions);
                break;
            }
            // The parents of a shallow clone's oldest commits are not here.
            let Ok(commit) = commit else { break };
            let Ok(found) = git.find_commit(commit) else { break };
            trees.push((commit, found.tree_id()));
        }
        Ok(self.trees.get_or_init(|| trees))
    }
}

impl GitHistory {
    /// The file of the first of these names that a tree has. A link or a submodule was no file of ours.
    fn find(&self, tree: Oid, names: &[String]) -> Option<Oid> {
        names.iter().find_map(|name| match find_in_tree(&self.repository, tree, name) {
            Ok(Some((blob, TreeKind::File))) => Some(blob),
            Ok(_) | Err(_) => None,
        })
    }

    /// The tree of a folder of the snapshot, where there is one.
    fn subtree(&self, root: Oid, folder: &Folder) -> Option<Tree<'_>> {
        let place = below(&self.folder, folder.as_str());
        if place.is_empty() {
            return find_tree(&self.repository, root).ok();
        }
        match find_in_tree(&self.repository, root, place.trim_end_matches('/')) {
            Ok(Some((tree, TreeKind::Folder))) => find_tree(&self.repository, tree).ok(),
            Ok(_) | Err(_) => None,
        }
    }

    /// What a file was called in a tree that has it no longer, or not yet: the name of the file that
    /// git takes for the same, else of the one that is most akin to what it holds.
    fn former_name(
        &self,
        (older, newer): (Oid, Oid),
        (names, content): (&[String], Oid),
        kinship: &Kinship<'_>,
    ) -> Option<String> {
        let git = &self.repository.git;
        let (older, newer) = (git.find_tree(older).ok()?, git.find_tree(newer).ok()?);
        let mut diff = git.diff_tree_to_tree(Some(&older), Some(&newer), None).ok()?;
        diff.find_similar(None).ok()?;
        let is_it = |path: Option<&std::path::Path>| {
            path.and_then(|path| path.to_str())
                .is_some_and(|path| names.iter().any(|name| name == path))
        };
        let mut moved = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
        match moved.find(|delta| is_it(delta.new_file().path())) {
            Some(found) => found.old_file().path()?.to_str().map(str::to_owned),
            None => self.kin(&diff, (names.last()?, content), kinship),
        }
    }

    /// The one of the files that a commit removed whose text is most akin to what came: where the edit left
    /// few lines as they were, git knows nothing.
    fn kin(
        &self,
        diff: &Diff<'_>,
        (name, content): (&str, Oid),
        kinship: &Kinship<'_>,
    ) -> Option<String> {
        let ending = |name: &str| name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
        let read = |blob: Oid| read_blob(&self.repository, ContentId::from(blob)).ok();
        let later = read(content)?;
        let gone = diff.deltas().filter(|delta| delta.status() == Delta::Deleted);
        let named = gone.filter_map(|delta| {
            let path = delta.old_file().path()?.to_str()?.to_owned();
            (ending(&path) == ending(name)).then(|| (delta.old_file().id(), path))
        });
        let mut akin: Vec<(usize, String)> = named
            .take(MAX_KIN)
            .filter_map(|(blob, path)| Some((kinship(&read(blob)?, &later)?, path)))
            .collect();
        akin.sort_by_key(|(share, _)| Reverse(*share));
        let tied = matches!(&akin[..], [(first, _), (second, _), ..] if first == second);
        akin.into_iter().next().filter(|_| !tied).map(|(_, path)| path)
    }
}

impl History for GitHistory {
    fn versions(
        &self,
        path: &RepoPath,
        kinship: &Kinship<'_>,
    ) -> Result<Vec<Version>, SourceError> {
        // The names it has had, the newest first. Branches may go on under an old one.
        let mut names = vec![below(&self.folder, path.as_str())];
        let mut seen: BTreeSet<Oid> = BTreeSet::new();
        let mut versions = Vec::new();
        // The tree looked at before, and the file in it.
        let mut before: Option<(Oid, Option<Oid>)> = None;
        for (commit, tree) in self.trees()? {
            if before.is_some_and(|(known, _)| known == *tree) {
                continue;
            }
            if versions.len() >= MAX_VERSIONS {
                self.strikes(HistoryLimit::Versions);
                break;
            }
            let mut blob = self.find(*tree, &names);
            if let (None, Some((newer, Some(content))), true) =
                (blob, before, names.len() < MAX_NAMES)
                && let Some(name) = self.former_name((*tree, newer), (&names, content), kinship)
            {
                names.push(name);
                blob = self.find(*tree, &names);
            }
            before = Some((*tree, blob));
            let Some(blob) = blob else { continue };
            if seen.insert(blob) {
                let bytes = read_blob(&self.repository, ContentId::from(blob))?;
                versions.push(Version { revision: abbreviated(*commit), bytes });
            }
        }
        Ok(versions)
    }

    fn lost(&self, folder: &Folder, ending: &str) -> Result<Vec<Lost>, SourceError> {
        let git = &self.repository.git;
        let mut options = DiffOptions::new();
        options.pathspec(format!("*{ending}")).skip_binary_check(true).ignore_submodules(true);
        let mut seen: BTreeSet<Oid> = BTreeSet::new();
        let mut lost = Vec::new();
        for (commit, tree) in self.trees()? {
            // A merge is told by the commits that it merges; of a shallow clone's oldest, the
            // parents are not here.
            let parent = git.find_commit(*commit).and_then(|commit| commit.parent(0));
            let Ok(parent) = parent else { continue };
            let (older, newer) =
                (self.subtree(parent.tree_id(), folder), self.subtree(*tree, folder));
            let id = |tree: &Option<Tree<'_>>| tree.as_ref().map(Tree::id);
            if id(&older) == id(&newer) {
                continue;
            }
            let diff = git.diff_tree_to_tree(older.as_ref(), newer.as_ref(), Some(&mut options));
            let diff = diff.map_err(|error| SourceError::git("compare two trees", &error))?;
            for delta in diff.deltas() {
                let is_lost = matches!(delta.status(), Delta::Deleted | Delta::Modified);
                let name = delta.old_file().path().and_then(|path| path.to_str());
                let name = name.filter(|name| is_lost && name.ends_with(ending));
                let Some(path) = name.and_then(|name| folder.file(name)) else { continue };
                if lost.len() >= MAX_LOST {
                    self.strikes(HistoryLimit::Lost);
                    return Ok(lost);
                }
                if seen.insert(delta.old_file().id()) {
                    let content = ContentId::from(delta.old_file().id());
                    lost.push(Lost { revision: abbreviated(parent.id()), path, content });
                }
            }
        }
        Ok(lost)
    }

    fn read(&self, lost: &Lost) -> Result<Vec<u8>, SourceError> {
        read_blob(&self.repository, lost.content)
    }

    fn last(&self, lost: &Lost) -> Result<Option<Vec<u8>>, SourceError> {
        let Some((_, tree)) = self.trees()?.first() else { return Ok(None) };
        let blob = self.find(*tree, &[below(&self.folder, lost.path.as_str())]);
        blob.map(|blob| read_blob(&self.repository, ContentId::from(blob))).transpose()
    }

    fn limits(&self) -> BTreeSet<HistoryLimit> {
        self.limits.borrow().clone()
    }
}

fn abbreviated(commit: Oid) -> String {
    let revision = commit.to_string();
    revision.get(..7).unwrap_or(&revision).to_owned()
}
