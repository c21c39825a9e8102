//! The main line: what the work of a clone is compared with where nobody has said it.

use git2::{Direction, Oid};

use super::base::{Base, HeadState, History};
use super::{BaseError, SourceError};

impl History<'_> {
    /// The merge base with the first main line that is here: the upstream of the branch, else the
    /// default branch of a remote, else main or master.
    ///
    /// An upstream of the branch's own name, or one that was pushed from here and is the upstream of no
    /// other branch, is where the branch was pushed to (`git push -u`), and what is there is the branch's
    /// own work: it is passed over, unless it is the default branch, or nothing else is here and the
    /// remote would have shown it. Nor does it say anything of a commit that it holds.
    pub(super) fn main_line(&self, tip: Oid, head: HeadState) -> Result<Base, SourceError> {
        let tips = match head {
            HeadState::Commit(_) => vec![tip],
            HeadState::WorkTree | HeadState::Index => self.tips(tip),
        };
        let meeting = |name: &str, commit: Oid| self.meeting(&tips, commit, &self.shown(name));
        let main = self.default_lines().next();
        let mut passed = None;
        if let Some(upstream) = self.upstream()
            && let Some(commit) = self.commit_of_ref(&upstream.name)
        {
            let is_main = main.as_ref().is_some_and(|(name, _)| self.target(name) == upstream.name);
            let says_nothing = matches!(head, HeadState::Commit(_)) && self.holds(commit, tip);
            if is_main || !(upstream.is_copy || says_nothing) {
                return meeting(&upstream.name, commit);
            }
            passed = Some((upstream, commit));
        }
        match (main, passed) {
            (Some((name, commit)), passed) => {
                let mut base = meeting(&name, commit)?;
                if let Some((upstream, _)) = passed.filter(|(upstream, _)| upstream.is_copy) {
                    let copy = self.shown(&upstream.name);
                    base.label = format!("{}; {copy} is the branch itself", base.label);
                }
                Ok(base)
            }
            (None, Some((upstream, commit))) if upstream.is_one_of_many => {
                meeting(&upstream.name, commit)
            }
            (None, Some((upstream, _))) => {
                let (with, fetch) = (self.shown(&upstream.name), self.default_branch());
                Err(BaseError::OnlyItself { with, fetch }.into())
            }
            (None, None) => Err(BaseError::NoMainLine { fetch: self.default_branch() }.into()),
        }
    }

    /// The main line of a remote, and what people call it.
    pub(super) fn remote_main(&self) -> Option<(Oid, String)> {
        let (name, commit) = self.default_lines().find(|(name, _)| is_remote(name))?;
        Some((commit, self.shown(&name)))
    }

    /// The refs by which a main line may be known, as far as they are here, the best first.
    fn default_lines(&self) -> impl Iterator<Item = (String, Oid)> {
        let names = |remote: &str| {
            ["HEAD", "main", "master"].map(|branch| format!("refs/remotes/{remote}/{branch}"))
        };
        let remotes = self.places().into_iter().flat_map(move |remote| names(&remote));
        let local = ["refs/heads/main", "refs/heads/master"].map(str::to_owned);
        let names = remotes.chain(local);
        names.filter_map(|name| self.commit_of_ref(&name).map(|commit| (name, commit)))
    }

    fn upstream(&self) -> Option<Upstream> {
        let git = &self.repository.git;
        let head = git.head().ok()?;
        let branch = head.name().ok()?;
        let name = git.branch_upstream_name(branch).ok()?.as_str().ok()?.to_owned();
        let own = branch.strip_prefix("refs/heads/")?;
        let remote = git.branch_upstream_remote(branch).ok();
        let remote = remote.as_ref().and_then(|remote| remote.as_str().ok()).unwrap_or_default();
        let there = name.strip_prefix(&format!("refs/remotes/{remote}/"));
        let is_copy = there.is_some_and(|there| {
            let is_called_so = there
                .strip_suffix(own)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'));
            is_called_so
                || (self.is_pushed(&name)
                    && self.commit_of_ref(&format!("refs/heads/{there}")).is_none())
        });
        Some(Upstream { is_copy, is_one_of_many: self.asks_for_all(remote), name })
    }

    /// Whether what is here of a remote's branch came of pushing it, as git notes beside the ref.
    fn is_pushed(&self, name: &str) -> bool {
        let Ok(log) = self.repository.git.reflog(name) else { return false };
        let mut messages = log.iter().map(|entry| entry.message_bytes().map(<[u8]>::to_vec));
        messages.any(|message| message.as_deref() == Some(b"update by push"))
    }

    /// Whether the remote is asked for its branches whatever they are called, unlike in a clone of one.
    fn asks_for_all(&self, remote: &str) -> bool {
        let remote = self.repository.git.find_remote(remote);
        remote.is_ok_and(|remote| {
            let mut fetched = remote.refspecs().filter(|one| one.direction() == Direction::Fetch);
            fetched.any(|one| one.src_matches("refs/heads/any/name"))
        })
    }

    /// Whether a commit is, or follows, another.
    fn holds(&self, commit: Oid, other: Oid) -> bool {
        let git = &self.repository.git;
        commit == other || git.graph_descendant_of(commit, other).unwrap_or(false)
    }

    /// What a ref stands for: that of a remote's HEAD is its default branch.
    fn target(&self, name: &str) -> String {
        let found = self.repository.git.find_reference(name);
        let target =
            found.ok().and_then(|found| found.symbolic_target().ok().flatten().map(str::to_owned));
        target.unwrap_or_else(|| name.to_owned())
    }

    /// The name that people use; a remote's HEAD is called by the branch that it stands for.
    fn shown(&self, name: &str) -> String {
        let name = self.target(name);
        let short = name.strip_prefix("refs/remotes/").or_else(|| name.strip_prefix("refs/heads/"));
        short.unwrap_or(&name).to_owned()
    }
}

/// Where the branch that is checked out says that it goes.
struct Upstream {
    /// The full name of the ref.
    name: String,
    /// Whether it is what the remote has of this very branch.
    is_copy: bool,
    /// Whether the other branches of the remote would be here too.
    is_one_of_many: bool,
}

fn is_remote(name: &str) -> bool {
    name.starts_with("refs/remotes/")
}
