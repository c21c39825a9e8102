//! Where two histories meet.

use git2::{ErrorCode, Oid};

use super::base::{Base, History, Why, base};
use super::{BaseError, SourceError, fetch};

impl History<'_> {
    /// The base where the history of `tips`, taken as one, meets that of `other`, which people call `with`.
    ///
    /// Histories that cross meet in several commits. The base is then all of them merged, as git's
    /// `recursive` strategy takes it: the first, by which it is called, is the one of the main line.
    pub(super) fn meeting(
        &self,
        tips: &[Oid],
        other: Oid,
        with: &str,
    ) -> Result<Base, SourceError> {
        let met = self.merge_bases(tips, other, with)?;
        let Some((first, others)) = met.split_first() else { return Err(self.apart(with).into()) };
        let line = with.split_once('/').map_or(with, |(_, branch)| branch);
        let mut base = base(line, *first, Why::MergeBase(with.to_owned()));
        base.crossing = others.iter().map(ToString::to_string).collect();
        if !others.is_empty() {
            let short = |id: &String| id.get(..7).unwrap_or(id).to_owned();
            let others: Vec<String> = base.crossing.iter().map(short).collect();
            base.label = format!("{}, merged with {}", base.label, others.join(", "));
        }
        Ok(base)
    }

    /// The commits in which the histories meet and from which no later one leads to both, that of `other`'s
    /// own line first.
    pub(super) fn merge_bases(
        &self,
        tips: &[Oid],
        other: Oid,
        with: &str,
    ) -> Result<Vec<Oid>, SourceError> {
        let git = &self.repository.git;
        // git-merge-base(1): between the first and a merge that somebody might make of the others.
        let all: Vec<Oid> = std::iter::once(other).chain(tips.iter().copied()).collect();
        let failed = |error: &git2::Error| {
            SourceError::git(format!("find the merge base with {with}"), error)
        };
        let mut met: Vec<Oid> = match git.merge_bases_many(&all) {
            Ok(found) => found.iter().copied().collect(),
            Err(error) if error.code() == ErrorCode::NotFound => Vec::new(),
            Err(error) => return Err(failed(&error)),
        };
        if met.is_empty() {
            return Err(self.apart(with).into());
        }
        met.sort_unstable();
        if met.len() > 1 {
            let mut line = git.revwalk().map_err(|error| failed(&error))?;
            line.simplify_first_parent().map_err(|error| failed(&error))?;
            line.push(other).map_err(|error| failed(&error))?;
            let own = line.map_while(Result::ok).find(|commit| met.contains(commit));
            met.sort_by_key(|commit| Some(*commit) != own);
        }
        Ok(met)
    }

    /// The merge base with a branch of the remote.
    pub(super) fn meeting_branch(&self, tip: Oid, branch: &str) -> Result<Base, SourceError> {
        let (other, with) = self.branch(branch)?;
        self.meeting(&[tip], other, &with)
    }

    /// A branch of the remote, and what people call it.
    pub(super) fn branch(&self, branch: &str) -> Result<(Oid, String), BaseError> {
        let remote = self.remote_or_origin();
        let found = self.commit_of_ref(&format!("refs/remotes/{remote}/{branch}"));
        let missing = || {
            let fetch = self.fetch(self.rest(), fetch::branch(&remote, branch));
            BaseError::MissingBranch { branch: branch.to_owned(), fetch }
        };
        Ok((found.ok_or_else(missing)?, format!("{remote}/{branch}")))
    }

    /// What a push changed: since `before`, which is what the branch was there. A push that brings work of
    /// the main line, by a merge or a rebase, is not to blame for that: it is compared with where it left
    /// the main line. What has no commit of its own, as a branch that only follows main, has brought
    /// nothing but main, and is asked what that does to whoever used the branch.
    pub(super) fn pushed(
        &self,
        tip: Oid,
        (name, before): (&str, Oid),
        main: Option<(Oid, String)>,
    ) -> Result<Base, SourceError> {
        let base = self.at(name, before, Why::BeforePush);
        let Some((main, with)) = main else { return Ok(base?) };
        if base.is_err() && self.repository.git.is_shallow() {
            return Ok(base?);
        }
        let now = match self.merge_bases(&[tip], main, &with) {
            // A branch that has nothing in common with the main line takes nothing over.
            Err(SourceError::Base(BaseError::Unrelated { .. })) => return Ok(base?),
            now => now?,
        };
        let then = self.merge_bases(&[before], main, &with).unwrap_or_default();
        match base {
            Ok(base) if now == then || now == [tip] => Ok(base),
            // What a complete clone has not got was rewritten.
            Ok(_) | Err(_) => self.meeting(&[tip], main, &with),
        }
    }

    fn apart(&self, with: &str) -> BaseError {
        let with = with.to_owned();
        if self.repository.git.is_shallow() {
            let remotes = self.remotes().into_iter();
            let mut known = remotes.filter(|remote| with.starts_with(&format!("{remote}/")));
            let remote = known.next().unwrap_or_else(|| self.remote_or_origin());
            let history = fetch::History::Unshallow;
            let fetch = fetch::Fetch { history, remote, refspecs: Vec::new() };
            return BaseError::Shallow { with, fetch };
        }
        BaseError::Unrelated { with }
    }

    /// Where the history of the index and the work tree ends: at HEAD, and at what is being merged into it.
    /// That brings what happened on the main line, and the branch is not to blame for it.
    pub(super) fn tips(&self, head: Oid) -> Vec<Oid> {
        let file = self.repository.git.path().join("MERGE_HEAD");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        // git-merge(1) writes the ids down there; before that, while the hook `pre-merge-commit` runs, they
        // are in the names of variables.
        let variables = self.repository.environment().suffixes("GITHEAD_");
        let ids = text.lines().map(str::trim).chain(variables);
        let merged = ids.filter_map(|id| Oid::from_str(id).ok()).filter(|id| self.has(*id));
        std::iter::once(head).chain(merged).collect()
    }
}
