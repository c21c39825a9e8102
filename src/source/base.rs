//! What to compare with: the base, and why.

use std::fmt;

use git2::{Direction, ErrorCode, Oid};

use super::ci::Event;
use super::fetch;
use super::{BaseError, Environment, Fetch, Repository, SourceError};

/// The state that the head is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// In words, with the reason: `main at 3f2a91c (merge base with origin/main)`.
    pub label: String,
    /// The full commit id; `None` before the first commit, when everything is new.
    pub commit: Option<String>,
    /// The rule that chose it.
    pub why: Why,
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
    if !named.is_empty() {
        let bases =
            named.iter().map(|revision| history.named(revision)).collect::<Result<_, _>>()?;
        return Ok(Resolution { bases, head });
    }
    let tip = match head {
        HeadState::Commit(id) => Some(id),
        HeadState::WorkTree | HeadState::Index => history.tip()?,
    };
    let base = match tip {
        None => Base {
            label: format!("the empty tree ({})", Why::NoCommit),
            commit: None,
            why: Why::NoCommit,
        },
        Some(tip) => match event.base(&history, tip)? {
            Some(base) => base,
            None => history.main_line(tip, head)?,
        },
    };
    let label = match (head, &base.commit) {
        (HeadState::Commit(tip), Some(commit)) if tip.to_string() == *commit => {
            if event.is_unprompted() && base.why != Why::ReleaseTag {
                return Err(BaseError::NoRelease.into());
            }
            format!("{}, which is the head itself", base.label)
        }
        (HeadState::Commit(_) | HeadState::Index | HeadState::WorkTree, _) => base.label,
    };
    Ok(Resolution { bases: vec![Base { label, ..base }], head })
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

    /// The commit that a revision names; a branch that is only at origin is known by its own name,
    /// as `git switch` knows it.
    pub(super) fn commit(&self, revision: &str) -> Result<Oid, SourceError> {
        let found = self.repository.git.revparse_single(revision);
        match found.and_then(|object| object.peel_to_commit()) {
            Ok(commit) => Ok(commit.id()),
            Err(_) => self
                .commit_of_ref(&format!("refs/remotes/origin/{revision}"))
                .ok_or_else(|| self.absent(revision).into()),
        }
    }

    /// The commit of a full ref name, if the ref is here.
    pub(super) fn commit_of_ref(&self, name: &str) -> Option<Oid> {
        let found = self.repository.git.find_reference(name).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id())
    }

    fn absent(&self, revision: &str) -> BaseError {
        let fetchable = !revision.contains(['~', '^', '@', ':', ' ']) && revision != "HEAD";
        let fetch = (fetchable && self.has_remote()).then(|| Fetch::named(self.alone(), revision));
        BaseError::NoSuchRevision { revision: revision.to_owned(), fetch }
    }

    fn has_remote(&self) -> bool {
        self.repository.git.find_remote("origin").is_ok()
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
        let fetch = Fetch::commit(self.alone(), commit);
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

    /// Where the history of `tip` meets that of `other`.
    pub(super) fn merge_base(&self, tip: Oid, other: Oid, with: &str) -> Result<Oid, SourceError> {
        match self.repository.git.merge_base(tip, other) {
            Ok(commit) => Ok(commit),
            Err(error) if error.code() == ErrorCode::NotFound => Err(self.apart(with).into()),
            Err(error) => Err(SourceError::git(format!("find the merge base with {with}"), &error)),
        }
    }

    fn apart(&self, with: &str) -> BaseError {
        let with = with.to_owned();
        if self.repository.git.is_shallow() {
            let remote = with.split_once('/').map_or("origin", |(remote, _)| remote);
            let known = self.repository.git.find_remote(remote).is_ok();
            let remote = if known { remote } else { "origin" }.to_owned();
            let fetch = Fetch { history: fetch::History::Unshallow, remote, refspecs: Vec::new() };
            return BaseError::Shallow { with, fetch };
        }
        BaseError::Unrelated { with }
    }

    /// The merge base with the first main line that is here: the upstream of the branch, else the
    /// default branch of origin, else main or master.
    ///
    /// A clone of one branch has that branch for upstream: it says nothing of a commit that it
    /// holds, which would be compared with itself, and nothing of what was pushed.
    pub(super) fn main_line(&self, tip: Oid, head: HeadState) -> Result<Base, SourceError> {
        let mut upstream = self.upstream();
        let itself = upstream.take_if(|name| match head {
            HeadState::Commit(_) => {
                self.commit_of_ref(name).is_some_and(|other| self.holds(other, tip))
            }
            HeadState::WorkTree | HeadState::Index => self.knows_only(name),
        });
        let defaults = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main"]
            .into_iter()
            .chain(["refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"])
            .map(str::to_owned);
        for name in upstream.into_iter().chain(defaults) {
            let Some(other) = self.commit_of_ref(&name) else { continue };
            let tip = match head {
                HeadState::Commit(_) => tip,
                HeadState::WorkTree | HeadState::Index => self.tip_beside(tip, other),
            };
            return self.meeting(tip, other, &self.shown(&name));
        }
        match itself {
            Some(name) => Err(BaseError::OnlyItself { with: self.shown(&name) }.into()),
            None => Err(BaseError::NoMainLine.into()),
        }
    }

    /// Whether the remote is asked for nothing but this branch, as in a clone of one branch.
    fn knows_only(&self, branch: &str) -> bool {
        let git = &self.repository.git;
        let Ok(name) = git.branch_remote_name(branch) else { return false };
        let remote = name.as_str().ok().and_then(|name| git.find_remote(name).ok());
        let other = format!("{branch}-and-others");
        remote.is_some_and(|remote| {
            let mut fetched = remote.refspecs().filter(|one| one.direction() == Direction::Fetch);
            !fetched.any(|one| one.dst_matches(&other))
        })
    }

    /// Whether a commit is, or follows, another.
    fn holds(&self, commit: Oid, other: Oid) -> bool {
        let git = &self.repository.git;
        commit == other || git.graph_descendant_of(commit, other).unwrap_or(false)
    }

    /// The base where `tip` meets `other`, which people call `with`.
    pub(super) fn meeting(&self, tip: Oid, other: Oid, with: &str) -> Result<Base, SourceError> {
        let commit = self.merge_base(tip, other, with)?;
        let line = with.split_once('/').map_or(with, |(_, branch)| branch);
        Ok(base(line, commit, Why::MergeBase(with.to_owned())))
    }

    /// The merge base with a branch of origin.
    pub(super) fn meeting_branch(&self, tip: Oid, branch: &str) -> Result<Base, SourceError> {
        match self.commit_of_ref(&format!("refs/remotes/origin/{branch}")) {
            Some(other) => self.meeting(tip, other, &format!("origin/{branch}")),
            None => Err(self.missing_branch(branch).into()),
        }
    }

    pub(super) fn missing_branch(&self, branch: &str) -> BaseError {
        let refspec = format!("+refs/heads/{branch}:refs/remotes/origin/{branch}");
        let fetch = Fetch::of_origin(self.rest(), refspec);
        BaseError::MissingBranch { branch: branch.to_owned(), fetch }
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

    fn upstream(&self) -> Option<String> {
        let git = &self.repository.git;
        let head = git.head().ok()?;
        let name = git.branch_upstream_name(head.name().ok()?).ok()?;
        name.as_str().ok().map(str::to_owned)
    }

    /// The name that people use; origin/HEAD is called by the branch that it stands for.
    fn shown(&self, name: &str) -> String {
        let found = self.repository.git.find_reference(name);
        let target =
            found.ok().and_then(|found| found.symbolic_target().ok().flatten().map(str::to_owned));
        let name = target.as_deref().unwrap_or(name);
        let short = name.strip_prefix("refs/remotes/").or_else(|| name.strip_prefix("refs/heads/"));
        short.unwrap_or(name).to_owned()
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
    Base { label, commit: Some(id), why }
}
