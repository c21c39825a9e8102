//! What a file was before: its contents in the commits that led to one.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use git2::{Oid, Sort};

use super::git_tree::{TreeKind, below, find_in_tree, read_blob};
use super::{ContentId, RepoPath, Repository, SourceError};

/// How many commits are looked at, the newest first.
pub const MAX_REVISIONS: usize = 2_000;

/// How many different contents of one file are read.
pub const MAX_VERSIONS: usize = 500;

/// The commits that led to a state. Nothing is read before the first question.
pub trait History: Send {
    /// The contents that the file had before, newest first and each once.
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

impl History for GitHistory {
    fn versions(&self, path: &RepoPath) -> Result<Vec<Version>, SourceError> {
        let path = below(&self.folder, path.as_str());
        let mut seen: BTreeSet<Oid> = BTreeSet::new();
        let mut versions = Vec::new();
        let mut before = None;
        for (commit, tree) in self.trees()? {
            if before == Some(*tree) || versions.len() >= MAX_VERSIONS {
                continue;
            }
            before = Some(*tree);
            // A link or a submodule was no file of ours.
            let Ok(Some((blob, TreeKind::File))) = find_in_tree(&self.repository, *tree, &path)
            else {
                continue;
            };
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
