//! GitHub Actions.

use git2::Oid;
use serde_json::Value;

use super::object_id;
use super::release::Unprompted;
use crate::source::base::{Base, History, Why, base};
use crate::source::{BaseError, Environment, SourceError};

/// What GitHub tells a job.
pub(in crate::source) struct GitHub {
    trigger: Trigger,
    payload: Value,
    target: Option<String>,
    reference: Option<String>,
}

/// What started a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    PullRequest,
    PullRequestTarget,
    MergeGroup,
    Push,
    /// The clock, a person, or something else that changes no branch.
    Other,
}

/// The largest event payload that is read; GitHub caps its own at 25 MB.
const MAX_PAYLOAD: u64 = 32 << 20;

impl GitHub {
    /// The job's variables and event, if this is one.
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        let trigger = match environment.get("GITHUB_EVENT_NAME")? {
            "pull_request" | "pull_request_review" | "pull_request_review_comment" => {
                Trigger::PullRequest
            }
            "pull_request_target" => Trigger::PullRequestTarget,
            "merge_group" => Trigger::MergeGroup,
            "push" => Trigger::Push,
            _ => Trigger::Other,
        };
        let text = |name: &str| environment.get(name).map(str::to_owned);
        let (target, reference) = (text("GITHUB_BASE_REF"), text("GITHUB_REF"));
        Some(Self { trigger, payload: payload(environment), target, reference })
    }

    /// `pull_request_target` runs on the base; what is judged is the request's head, whose objects
    /// are read and never checked out.
    pub(super) fn head(&self, history: &History<'_>) -> Result<Option<Oid>, SourceError> {
        if self.trigger != Trigger::PullRequestTarget {
            return Ok(None);
        }
        let head = self.id("/pull_request/head/sha");
        let head = head.ok_or(BaseError::Event { field: "pull_request.head.sha" })?;
        if history.has(head) {
            return Ok(Some(head));
        }
        let number = self.payload.pointer("/number").and_then(Value::as_u64).unwrap_or_default();
        let refspec = format!("+refs/pull/{number}/head:refs/pull/{number}/head");
        let fetch = history.fetch(history.rest(), refspec);
        Err(BaseError::MissingCommit { commit: head.to_string(), fetch }.into())
    }

    /// The branch of a pull request and what it is at. The commit that is checked out is a merge that
    /// GitHub made for this run, which nobody finds in the request.
    pub(super) fn name_of(&self, history: &History<'_>, tip: Oid) -> Option<String> {
        let head = self.id("/pull_request/head/sha")?;
        let branch = self.text("/pull_request/head/ref")?;
        let short = |id: Oid| id.to_string().chars().take(7).collect::<String>();
        let name = format!("{branch} at {}", short(head));
        if head == tip {
            return Some(name);
        }
        self.merged_onto(history, tip)?;
        Some(format!("{name}, merged in {}", short(tip)))
    }

    /// The base of the event; `None` leaves it to the rules of a clone.
    pub(super) fn base(
        &self,
        history: &History<'_>,
        tip: Oid,
    ) -> Result<Option<Base>, SourceError> {
        if self.deleted().is_some() {
            return Ok(Some(base("", tip, Why::Deleted)));
        }
        match self.trigger {
            Trigger::PullRequest => match self.merged_onto(history, tip) {
                Some((parent, merge)) => {
                    let name = self.target.as_deref().unwrap_or_default();
                    Ok(Some(history.at(name, parent, Why::FirstParent(merge))?))
                }
                None => self.pull_request(history, tip).map(Some),
            },
            Trigger::PullRequestTarget => self.pull_request(history, tip).map(Some),
            Trigger::MergeGroup => self.merge_group(history).map(Some),
            Trigger::Push | Trigger::Other => match self.unprompted() {
                Some(unprompted) => match unprompted.base(history, tip)? {
                    Some(base) => Ok(Some(base)),
                    None => self.default_branch(history, tip),
                },
                None => self.push(history, tip),
            },
        }
    }

    /// The ref that the push deleted. The runner has checked out another one in its place, which
    /// nobody has changed.
    pub(super) fn deleted(&self) -> Option<&str> {
        if self.payload.pointer("/deleted") != Some(&Value::Bool(true)) {
            return None;
        }
        let name = self.text("/ref").or(self.reference.as_deref()).unwrap_or("the branch");
        Some(name.strip_prefix("refs/heads/").unwrap_or(name))
    }

    /// The commit that GitHub merged the change onto, if the merge ref is checked out: its second
    /// parent is then the head of the request. It is exact where the event's base may be stale.
    fn merged_onto(&self, history: &History<'_>, tip: Oid) -> Option<(Oid, String)> {
        let parents = history.parents(tip);
        let [first, second] = parents.as_slice() else { return None };
        let reference = self.reference.as_deref();
        let merge =
            reference.filter(|name| name.starts_with("refs/pull/") && name.ends_with("/merge"));
        let is_merge = match self.id("/pull_request/head/sha") {
            Some(head) => head == *second,
            None => merge.is_some(),
        };
        let name = merge.unwrap_or("the merge commit").to_owned();
        if is_merge { Some((*first, name)) } else { None }
    }

    /// The merge base with the target branch, by the ref or by the commit that the event knew: the
    /// later of both, since either may be stale.
    fn pull_request(&self, history: &History<'_>, tip: Oid) -> Result<Base, SourceError> {
        let target = self.target.as_deref().or_else(|| self.text("/pull_request/base/ref"));
        let of_ref = target.map(|branch| history.meeting_branch(tip, branch));
        let of_event = self.id("/pull_request/base/sha").map(|commit| {
            let here = history.at("", commit, Why::Named)?;
            let shown = target.map(|branch| format!("origin/{branch}"));
            history.meeting(&[tip], commit, &shown.unwrap_or(here.label))
        });
        match (of_ref, of_event) {
            (Some(Ok(one)), Some(Ok(other))) => Ok(later(history, one, other)),
            (Some(Ok(base)), _) | (Some(Err(_)) | None, Some(Ok(base))) => Ok(base),
            (Some(Err(error)), _) | (None, Some(Err(error))) => Err(error),
            (None, None) => Err(BaseError::Event { field: "pull_request.base.sha" }.into()),
        }
    }

    fn merge_group(&self, history: &History<'_>) -> Result<Base, SourceError> {
        let commit = self.id("/merge_group/base_sha");
        let commit = commit.ok_or(BaseError::Event { field: "merge_group.base_sha" })?;
        let line = self.text("/merge_group/base_ref").unwrap_or_default();
        let name = line.strip_prefix("refs/heads/").unwrap_or(line);
        Ok(history.at(name, commit, Why::MergeGroup)?)
    }

    /// What the branch was; for a new branch, where it left the default branch.
    fn push(&self, history: &History<'_>, tip: Oid) -> Result<Option<Base>, SourceError> {
        let Some(before) = self.id("/before") else { return self.default_branch(history, tip) };
        let branch = self.reference.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
        let branch = branch.unwrap_or_default();
        let main = self.text("/repository/default_branch").filter(|main| *main != branch);
        let main = main.map(|main| history.branch(main)).transpose()?;
        history.pushed(tip, (branch, before), main).map(Some)
    }

    fn default_branch(&self, history: &History<'_>, tip: Oid) -> Result<Option<Base>, SourceError> {
        match self.text("/repository/default_branch") {
            Some(branch) => history.meeting_branch(tip, branch).map(Some),
            None => Ok(None),
        }
    }

    /// What is judged where no change to a branch has started the run.
    pub(super) fn unprompted(&self) -> Option<Unprompted<'_>> {
        let tag = self.reference.as_deref().and_then(|name| name.strip_prefix("refs/tags/"));
        match (self.trigger, tag) {
            (Trigger::Push | Trigger::Other, Some(tag)) => Some(Unprompted::Tag(tag)),
            (Trigger::Other, None) => Some(Unprompted::Branch),
            (
                Trigger::Push
                | Trigger::PullRequest
                | Trigger::PullRequestTarget
                | Trigger::MergeGroup,
                _,
            ) => None,
        }
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.payload.pointer(pointer)?.as_str()
    }

    fn id(&self, pointer: &str) -> Option<Oid> {
        object_id(self.text(pointer)?)
    }
}

fn later(history: &History<'_>, one: Base, other: Base) -> Base {
    let id = |base: &Base| base.commit.as_deref().and_then(object_id);
    let follows = match (id(&other), id(&one)) {
        (Some(other), Some(one)) => {
            history.repository.git.graph_descendant_of(other, one).unwrap_or(false)
        }
        _ => false,
    };
    if follows { other } else { one }
}

/// The event; `null` where it cannot be read, which the rules that need it report.
fn payload(environment: &Environment) -> Value {
    let Some(path) = environment.path("GITHUB_EVENT_PATH") else { return Value::Null };
    let small = std::fs::metadata(&path).is_ok_and(|file| file.len() <= MAX_PAYLOAD);
    if !small {
        return Value::Null;
    }
    let bytes = std::fs::read(&path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}
