//! GitLab CI.

use git2::Oid;

use super::object_id;
use super::release::Unprompted;
use crate::source::base::{Base, History, Why};
use crate::source::{Environment, SourceError};

/// What GitLab tells a job.
pub(in crate::source) struct GitLab {
    diff_base: Option<Oid>,
    target: Option<Oid>,
    before: Option<Oid>,
    default_branch: Option<String>,
    branch: Option<String>,
    source: Option<String>,
    tag: Option<String>,
}

impl GitLab {
    /// The job's variables, if this is one.
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        if !environment.is_on("GITLAB_CI") {
            return None;
        }
        let id = |name: &str| environment.get(name).and_then(object_id);
        let text = |name: &str| environment.get(name).map(str::to_owned);
        Some(Self {
            diff_base: id("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
            target: id("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"),
            before: id("CI_COMMIT_BEFORE_SHA"),
            default_branch: text("CI_DEFAULT_BRANCH"),
            branch: text("CI_COMMIT_BRANCH"),
            source: text("CI_PIPELINE_SOURCE"),
            tag: text("CI_COMMIT_TAG"),
        })
    }

    /// A merged result holds the target's latest work, so that its first parent is the base; GitLab's
    /// merge base is older and would blame the request for that work.
    pub(super) fn base(
        &self,
        history: &History<'_>,
        tip: Oid,
    ) -> Result<Option<Base>, SourceError> {
        if let Some(target) = self.target
            && let [first, _] = history.parents(tip).as_slice()
            && *first == target
        {
            let why = Why::FirstParent("the merged result".to_owned());
            return Ok(Some(history.at("", target, why)?));
        }
        if let Some(commit) = self.diff_base {
            return Ok(Some(history.at("", commit, Why::MergeRequest)?));
        }
        if let Some(unprompted) = self.unprompted()
            && let Some(base) = unprompted.base(history, tip)?
        {
            return Ok(Some(base));
        }
        if let Some(commit) = self.before {
            let branch = self.branch.as_deref().unwrap_or_default();
            let main = self.default_branch.as_deref().filter(|main| *main != branch);
            let main = main.map(|main| history.branch(main)).transpose()?;
            return history.pushed(tip, ("", commit), main).map(Some);
        }
        match &self.default_branch {
            Some(branch) => history.meeting_branch(tip, branch).map(Some),
            None => Ok(None),
        }
    }

    /// What is judged where no change to a branch has started the pipeline. In those of merge requests
    /// the source says so, and that of a push is `push`.
    pub(super) fn unprompted(&self) -> Option<Unprompted<'_>> {
        match (&self.tag, self.source.as_deref()) {
            (Some(tag), _) => Some(Unprompted::Tag(tag)),
            (None, Some("schedule" | "web" | "api" | "trigger" | "pipeline")) => {
                Some(Unprompted::Branch)
            }
            (None, _) => None,
        }
    }
}
