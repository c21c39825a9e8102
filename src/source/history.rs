//! What a file was before: its contents in the commits that led to one.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use git2::{Delta, Oid, Sort};

use super::git_tree::{TreeKind, below, find_in_tree, read_blob};
use super::{ContentId, RepoPath, Repository, SourceError};

/// How many commits are looked at, the newest first.
pub const MAX_REVISIONS: usize = 2_000;

/// How many different contents of one file are read.
pub const MAX_VERSIONS: usize = 500;

/// How many times a file is followed to the name that it had before.
pub(super) const MAX_NAMES: usize = 16;

/// The commits that led to a state. Nothing is read before the first question.
pub trait History: Send {
    /// The contents that the file had before, newest first and each once, under whatever name.
    ///
    /// # Errors
    /// When a commit, tree or blob cannot be read. Where history ends early, as in a shallow clone,
    /// that is all there is.
    fn versions(&self, path: &RepoPath) -> Result<Vec<Version>, SourceError>;
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
}

impl GitHistory {
    pub(super) fn new(repository: Repository, commit: Oid, folder: String) -> Self {
        Self { repository, commit, folder, trees: OnceCell::new() }
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
        for commit in walk.take(MAX_REVISIONS) {
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

    /// What a file was called in a tree that has it no longer, or not yet: the name of the file that
    /// git takes for the same.
    fn former_name(&self, older: Oid, newer: Oid, names: &[String]) -> Option<String> {
        let git = &self.repository.git;
        let (older, newer) = (git.find_tree(older).ok()?, git.find_tree(newer).ok()?);
        let mut diff = git.diff_tree_to_tree(Some(&older), Some(&newer), None).ok()?;
        diff.find_similar(None).ok()?;
        let is_it = |path: Option<&std::path::Path>| {
            path.and_then(|path| path.to_str())
                .is_some_and(|path| names.iter().any(|name| name == path))
        };
        let mut moved = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
        let found = moved.find(|delta| is_it(delta.new_file().path()))?;
        found.old_file().path()?.to_str().map(str::to_owned)
    }
}

impl History for GitHistory {
    fn versions(&self, path: &RepoPath) -> Result<Vec<Version>, SourceError> {
        // The names it has had, the newest first. Branches may go on under an old one.
        let mut names = vec![below(&self.folder, path.as_str())];
        let mut seen: BTreeSet<Oid> = BTreeSet::new();
        let mut versions = Vec::new();
        // The tree looked at before, if the file is there.
        let mut before: Option<(Oid, bool)> = None;
        for (commit, tree) in self.trees()? {
            if before.is_some_and(|(known, _)| known == *tree) || versions.len() >= MAX_VERSIONS {
                continue;
            }
            let mut blob = self.find(*tree, &names);
            if let (None, Some((newer, true)), true) = (blob, before, names.len() < MAX_NAMES)
                && let Some(name) = self.former_name(*tree, newer, &names)
            {
                names.push(name);
                blob = self.find(*tree, &names);
            }
            before = Some((*tree, blob.is_some()));
            let Some(blob) = blob else { continue };
            if seen.insert(blob) {
                let bytes = read_blob(&self.repository, ContentId::from(blob))?;
                let revision = commit.to_string();
                let revision = revision.get(..7).unwrap_or(&revision).to_owned();
                versions.push(Version { revision, bytes });
            }
        }
        Ok(versions)
    }
}
