//! A merge that is under way.

use git2::Oid;

use super::base::History;

impl History<'_> {
    /// The commit at which the history of the index and the work tree ends, as seen from the main line
    /// `other`: HEAD, or what is being merged into it where that has more of the main line. The merge
    /// brings what happened there, and the branch is not to blame for it.
    pub(super) fn tip_beside(&self, head: Oid, other: Oid) -> Oid {
        let git = &self.repository.git;
        let met = |tip: Oid| git.merge_base(tip, other).ok();
        let later = |tip: Oid, than: Oid| match (met(tip), met(than)) {
            (Some(base), Some(before)) => git.graph_descendant_of(base, before).unwrap_or(false),
            (Some(_), None) => true,
            (None, _) => false,
        };
        self.merged().into_iter().fold(head, |best, tip| if later(tip, best) { tip } else { best })
    }

    /// What is being merged: the ids in `MERGE_HEAD` (git-merge(1)), or, before that is written and the hook
    /// `pre-merge-commit` runs, in the names of the variables `GITHEAD_<id>`.
    fn merged(&self) -> Vec<Oid> {
        let file = self.repository.git.path().join("MERGE_HEAD");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let variables = self.repository.environment().suffixes("GITHEAD_");
        let ids = text.lines().map(str::trim).chain(variables);
        ids.filter_map(|id| Oid::from_str(id).ok()).collect()
    }
}
