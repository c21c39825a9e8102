//! Remotes by their names, and the `git fetch` that brings from them what is not here.

use git2::Oid;

use super::base::History;
use super::{BaseError, Fetch, fetch};

impl History<'_> {
    /// The remotes, the one first that git would take itself: `origin`, else `checkout.defaultRemote`, else
    /// that of the branch.
    pub(super) fn remotes(&self) -> Vec<String> {
        let git = &self.repository.git;
        let Ok(known) = git.remotes() else { return Vec::new() };
        let mut remotes: Vec<String> =
            known.iter().filter_map(|name| Some(name.ok().flatten()?.to_owned())).collect();
        let config = git.config().and_then(|mut config| config.snapshot());
        let default =
            config.ok().and_then(|config| config.get_string("checkout.defaultRemote").ok());
        let of_branch = git.head().ok().and_then(|head| {
            let name = git.branch_upstream_remote(head.name().ok()?).ok()?;
            Some(name.as_str().ok()?.to_owned())
        });
        let first = [Some("origin".to_owned()), default, of_branch];
        remotes.sort_by_key(|name| {
            first.iter().position(|one| one.as_ref() == Some(name)).unwrap_or(first.len())
        });
        remotes
    }

    /// Where the branches of remotes are kept, by the names of the remotes; a remote may have been forgotten.
    pub(super) fn places(&self) -> Vec<String> {
        let mut places = self.remotes();
        if places.is_empty() {
            places.push("origin".to_owned());
        }
        places
    }

    /// The first remote; CI systems call theirs `origin`.
    pub(super) fn remote_or_origin(&self) -> String {
        self.places().into_iter().next().unwrap_or_else(|| "origin".to_owned())
    }

    /// Brings a ref or commit of the first remote.
    pub(super) fn fetch(&self, history: fetch::History, refspec: String) -> Fetch {
        Fetch { history, remote: self.remote_or_origin(), refspecs: vec![refspec] }
    }

    /// Brings the default branch of the remote, whatever it is called there.
    pub(super) fn default_branch(&self) -> Option<Fetch> {
        let remote = self.remotes().into_iter().next()?;
        Some(self.fetch(self.rest(), format!("+HEAD:refs/remotes/{remote}/HEAD")))
    }

    /// Why a revision names nothing here.
    pub(super) fn absent(&self, revision: &str) -> BaseError {
        let (stem, steps) = ancestry(revision);
        let fetch = match self.commit_here(stem) {
            Some(commit) => self.beyond_the_cut(commit, &steps),
            None => self.named_there(stem),
        };
        BaseError::NoSuchRevision { revision: revision.to_owned(), fetch }
    }

    fn commit_here(&self, name: &str) -> Option<Oid> {
        let found = self.repository.git.revparse_single(name).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id())
    }

    /// What brings an ancestor that a shallow clone left out: as many commits more as are missing on the way,
    /// beyond the one at which the history was cut. `None` where the history itself ends.
    fn beyond_the_cut(&self, mut commit: Oid, steps: &[usize]) -> Option<Fetch> {
        for (at, parent) in steps.iter().enumerate() {
            let nth = parent.checked_sub(1)?;
            let here = self.repository.git.find_commit(commit).ok()?.parent_id(nth);
            let Ok(parent) = here else {
                self.parents(commit).get(nth)?;
                let deepen = fetch::History::Deepen(steps.len() - at);
                return Some(self.fetch(deepen, commit.to_string()));
            };
            commit = parent;
        }
        None
    }

    /// What a remote may call by this name.
    fn named_there(&self, name: &str) -> Option<Fetch> {
        // No remote resolves an abbreviated id.
        let hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let short =
            hex && (4..40).contains(&name.len()) && name.contains(|at: char| at.is_ascii_digit());
        let named = git2::Reference::is_valid_name(&format!("refs/heads/{name}"));
        if !named || short || name == "HEAD" || name.starts_with('-') || name.contains('@') {
            return None;
        }
        let remotes = self.remotes();
        let of = |remote: &String| name.strip_prefix(remote.as_str())?.strip_prefix('/');
        let (remote, name) = remotes
            .iter()
            .find_map(|remote| Some((remote, of(remote)?)))
            .or_else(|| Some((remotes.first()?, name)))?;
        Some(Fetch::named(remote.clone(), self.alone(), name))
    }
}

/// How many generations a revision may go back before it is no longer taken at its word.
const MAX_STEPS: usize = 1_000_000;

/// What a revision begins with, and which parent is taken at each step after it (gitrevisions(7): `~3` is the
/// first parent three times, `^2` the second once).
fn ancestry(revision: &str) -> (&str, Vec<usize>) {
    let mut steps = Vec::new();
    let mut stem = revision;
    loop {
        let digits = stem.trim_end_matches(|at: char| at.is_ascii_digit());
        let number = stem.get(digits.len()..).unwrap_or_default();
        let number = if number.is_empty() { Some(1) } else { number.parse::<usize>().ok() };
        let (rest, taken) = match (digits.strip_suffix('~'), digits.strip_suffix('^'), number) {
            (Some(rest), _, Some(number)) if number <= MAX_STEPS => (rest, vec![1; number]),
            (None, Some(rest), Some(number)) => (rest, vec![number]),
            _ => break,
        };
        if steps.len() > MAX_STEPS {
            break;
        }
        steps.splice(0..0, taken);
        stem = rest;
    }
    (stem, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_goes_back_step_by_step() {
        assert_eq!(ancestry("HEAD~3"), ("HEAD", vec![1, 1, 1]));
        assert_eq!(ancestry("main^2~1^"), ("main", vec![2, 1, 1]));
        assert_eq!(ancestry("v1.2"), ("v1.2", Vec::new()));
        assert_eq!(ancestry("HEAD~0"), ("HEAD", Vec::new()));
        assert_eq!(ancestry("~"), ("", vec![1]));
        assert_eq!(ancestry("v1~9999999999999999999999").1, Vec::<usize>::new());
    }
}
