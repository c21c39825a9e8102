//! What to compare with: the base, and why.

use std::fmt;

use git2::{ErrorCode, Oid};

use super::ci::Event;
use super::fetch;
use super::{BaseError, Environment, Repository, SourceError};

/// The state that the head is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// In words, with the reason: `main at 3f2a91c (merge base with origin/main)`.
    pub label: String,
    /// The full commit id; `None` before the first commit, when everything is new.
    pub commit: Option<String>,
    /// Where histories cross they meet in several commits: those that are merged into the first.
    pub crossing: Vec<String>,
    /// The rule that chose it.
    pub why: Why,
}

/// What joins the names of one state.
const IS_ALSO: &str = ", which is ";

impl Base {
    /// Whether both are one state.
    pub fn is_same(&self, other: &Self) -> bool {
        self.commit == other.commit && self.crossing == other.crossing
    }

    /// Notes another name of the same state.
    pub fn is_also(&mut self, name: &str) {
        if !self.label.split(' ').any(|word| word == name) {
            let word = if self.label.contains(IS_ALSO) { " and " } else { IS_ALSO };
            self.label = format!("{}{word}{name}", self.label);
        }
    }
}

/// Which rule chose the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The user named it.
    Named,
    /// The commit that the CI system merged the change onto.
    FirstParent(String),
    /// The merge queue's base.
    MergeGroup,
    /// What the branch was before the push.
    BeforePush,
    /// Where the histories of head and this ref meet.
    MergeBase(String),
    /// The newest release.
    ReleaseTag,
    /// What is judged is the first release.
    FirstRelease,
    /// GitLab's own merge base.
    MergeRequest,
    /// The config says that it is still in use.
    Supported,
    /// What was pushed is gone; what is checked out in its place was not changed.
    Deleted,
    /// There is no commit yet.
    NoCommit,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named => out.write_str("named by --base"),
            Self::FirstParent(of) => write!(out, "first parent of {of}"),
            Self::MergeGroup => out.write_str("base of the merge group"),
            Self::BeforePush => out.write_str("before the push"),
            Self::MergeBase(with) => write!(out, "merge base with {with}"),
            Self::ReleaseTag => out.write_str("newest release"),
            Self::FirstRelease => out.write_str("no earlier release, everything is new"),
            Self::MergeRequest => out.write_str("merge base of the merge request"),
            Self::Supported => out.write_str("still supported"),
            Self::Deleted => out.write_str("the ref was deleted, nothing of it is left to judge"),
            Self::NoCommit => out.write_str("no commit yet, everything is new"),
        }
    }
}

/// Which state is the head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HeadChoice {
    /// The work tree; in CI the commit that was checked out, in a bare repository HEAD.
    #[default]
    Auto,
    /// The index.
    Staged,
    /// The work tree, in CI too.
    WorkTree,
    /// This revision.
    Revision(String),
}

/// Which state the head turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadState {
    /// The files on disk.
    WorkTree,
    /// The index.
    Index,
    /// A commit.
    Commit(Oid),
}

/// Both ends of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// One base, or all those that were named.
    pub bases: Vec<Base>,
    /// The head.
    pub head: HeadState,
    /// What the event calls the head.
    pub head_name: Option<String>,
}

/// Chooses the base and the head. Refs and commits are read, nothing is fetched.
///
/// # Errors
/// When the base is not here; the message holds the command that brings it.
pub fn resolve(
    repository: &Repository,
    environment: &Environment,
    named: &[String],
    choice: &HeadChoice,
) -> Result<Resolution, SourceError> {
    let history = History { repository };
    let event = Event::of(environment);
    let head = history.head(choice, &event)?;
    let head_name = match (head, choice) {
        (HeadState::Commit(tip), HeadChoice::Auto) => event.name_of(&history, tip),
        _ => None,
    };
    if !named.is_empty() {
        let mut bases: Vec<Base> = Vec::new();
        for revision in named {
            let base = history.named(revision)?;
            match bases.iter_mut().find(|known| known.is_same(&base)) {
                Some(known) => known.is_also(revision),
                None => bases.push(base),
            }
        }
        return Ok(Resolution { bases, head, head_name });
    }
    let tip = match head {
        HeadState::Commit(id) => Some(id),
        HeadState::WorkTree | HeadState::Index => history.tip()?,
    };
    let base = match tip {
        None => Base {
            label: format!("the empty tree ({})", Why::NoCommit),
            commit: None,
            crossing: Vec::new(),
            why: Why::NoCommit,
        },
        Some(tip) => match event.base(&history, tip)? {
            Some(base) => base,
            None => history.main_line(tip, head)?,
        },
    };
    let label = match (head, &base.commit) {
        (HeadState::Commit(tip), Some(commit)) if tip.to_string() == *commit => {
            if event.is_unprompted() && !matches!(base.why, Why::ReleaseTag | Why::Deleted) {
                return Err(BaseError::NoRelease.into());
            }
            format!("{}{IS_ALSO}the head itself", base.label)
        }
        (HeadState::Commit(_) | HeadState::Index | HeadState::WorkTree, _) => base.label,
    };
    Ok(Resolution { bases: vec![Base { label, ..base }], head, head_name })
}

/// What refs and commits tell.
pub(super) struct History<'r> {
    pub(super) repository: &'r Repository,
}

impl History<'_> {
    fn head(&self, choice: &HeadChoice, event: &Event) -> Result<HeadState, SourceError> {
        if let Some(commit) = event.head(self, choice)? {
            return Ok(HeadState::Commit(commit));
        }
        Ok(match choice {
            HeadChoice::Staged => HeadState::Index,
            HeadChoice::Revision(revision) => HeadState::Commit(self.commit(revision)?),
            HeadChoice::Auto if event.is_ci() || self.repository.git.is_bare() => {
                HeadState::Commit(self.tip()?.ok_or(SourceError::UnbornHead)?)
            }
            HeadChoice::Auto | HeadChoice::WorkTree => HeadState::WorkTree,
        })
    }

    /// The commit that HEAD names; `None` before the first.
    pub(super) fn tip(&self) -> Result<Option<Oid>, SourceError> {
        match self.repository.git.head() {
            Ok(head) => match head.peel_to_commit() {
                Ok(commit) => Ok(Some(commit.id())),
                Err(_) => Err(self.absent("HEAD").into()),
            },
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(SourceError::git("resolve HEAD", &error)),
        }
    }

    /// The commit that a revision names; a branch that is only at a remote is known by its own name,
    /// as `git switch` knows it.
    pub(super) fn commit(&self, revision: &str) -> Result<Oid, SourceError> {
        let found = self.repository.git.revparse_single(revision);
        if let Ok(commit) = found.and_then(|object| object.peel_to_commit()) {
            return Ok(commit.id());
        }
        let remotes = self.places().into_iter();
        let mut names = remotes.map(|remote| format!("refs/remotes/{remote}/{revision}"));
        let found = names.find_map(|name| self.commit_of_ref(&name));
        found.ok_or_else(|| self.absent(revision).into())
    }

    /// The commit of a full ref name, if the ref is here.
    pub(super) fn commit_of_ref(&self, name: &str) -> Option<Oid> {
        let found = self.repository.git.find_reference(name).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id())
    }

    fn named(&self, revision: &str) -> Result<Base, SourceError> {
        let commit = self.commit(revision)?;
        Ok(base(revision, commit, Why::Named))
    }

    /// Whether the commit is here.
    pub(super) fn has(&self, commit: Oid) -> bool {
        self.repository.git.find_commit(commit).is_ok()
    }

    /// The base at a commit that somebody else has named by id.
    pub(super) fn at(&self, name: &str, commit: Oid, why: Why) -> Result<Base, BaseError> {
        if self.has(commit) {
            return Ok(base(name, commit, why));
        }
        let fetch = self.fetch(self.alone(), commit.to_string());
        Err(BaseError::MissingCommit { commit: commit.to_string(), fetch })
    }

    /// The parents as the commit itself names them: in a shallow clone the library hides those that
    /// are not here.
    pub(super) fn parents(&self, commit: Oid) -> Vec<Oid> {
        let Ok(objects) = self.repository.git.odb() else { return Vec::new() };
        let Ok(object) = objects.read(commit) else { return Vec::new() };
        let header = object.data().split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
        header
            .filter_map(|line| std::str::from_utf8(line.strip_prefix(b"parent ")?).ok())
            .filter_map(|id| Oid::from_str(id).ok())
            .collect()
    }

    /// What brings one commit: a shallow clone stays as shallow as it is, a complete one complete.
    pub(super) fn alone(&self) -> fetch::History {
        if self.repository.git.is_shallow() { fetch::History::Commit } else { fetch::History::Same }
    }

    /// What completes a shallow clone; git refuses to complete a complete one.
    pub(super) fn rest(&self) -> fetch::History {
        if self.repository.git.is_shallow() {
            fetch::History::Unshallow
        } else {
            fetch::History::Same
        }
    }
}

/// A base and its label.
pub(super) fn base(name: &str, commit: Oid, why: Why) -> Base {
    let id = commit.to_string();
    let short = id.get(..7).unwrap_or(&id);
    let label = if id.starts_with(name) || name.is_empty() {
        format!("{short} ({why})")
    } else {
        format!("{name} at {short} ({why})")
    };
    Base { label, commit: Some(id), crossing: Vec::new(), why }
}
