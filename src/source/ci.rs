//! What a CI system or a hook says about base and head.

use git2::Oid;
use serde_json::Value;

use super::base::{Base, BaseError, HeadChoice, History, Why, base};
use super::{Environment, SourceError};

/// The rules of one CI system or hook.
pub(super) enum Event {
    /// GitHub Actions.
    GitHub { kind: Trigger, payload: Value, target: Option<String>, reference: Option<String> },
    /// GitLab CI.
    GitLab {
        diff_base: Option<Oid>,
        target: Option<Oid>,
        before: Option<Oid>,
        line: Option<String>,
    },
    /// A push that `pre-commit` looks at before it leaves.
    PrePush { from: String, to: Option<String> },
    /// Another CI system: the checked out commit is judged by the rules of a clone.
    OtherCi,
    /// A person's clone.
    Local,
}

/// What started a GitHub workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    PullRequest,
    PullRequestTarget,
    MergeGroup,
    Push,
    Scheduled,
    Other,
}

/// The largest event payload that is read; GitHub caps its own at 25 MB.
const MAX_PAYLOAD: u64 = 32 << 20;

impl Event {
    /// Recognises where we run.
    pub(super) fn of(environment: &Environment, choice: &HeadChoice) -> Self {
        let text = |name: &str| environment.get(name).map(str::to_owned);
        let id = |name: &str| environment.get(name).and_then(object_id);
        if let Some(name) = environment.get("GITHUB_EVENT_NAME") {
            let kind = match name {
                "pull_request" => Trigger::PullRequest,
                "pull_request_target" => Trigger::PullRequestTarget,
                "merge_group" => Trigger::MergeGroup,
                "push" => Trigger::Push,
                "schedule" | "workflow_dispatch" => Trigger::Scheduled,
                _ => Trigger::Other,
            };
            let (target, reference) = (text("GITHUB_BASE_REF"), text("GITHUB_REF"));
            return Self::GitHub { kind, payload: payload(environment), target, reference };
        }
        if environment.is_on("GITLAB_CI") {
            return Self::GitLab {
                diff_base: id("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
                target: id("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"),
                before: id("CI_COMMIT_BEFORE_SHA"),
                line: text("CI_DEFAULT_BRANCH"),
            };
        }
        let asked_for = matches!(choice, HeadChoice::Auto | HeadChoice::Staged);
        if let Some(from) = text("PRE_COMMIT_FROM_REF")
            && from.bytes().any(|byte| byte != b'0')
        {
            let to = if asked_for { text("PRE_COMMIT_TO_REF") } else { None };
            return Self::PrePush { from, to };
        }
        if environment.is_on("CI") { Self::OtherCi } else { Self::Local }
    }

    /// Whether nobody edits the work tree while we look.
    pub(super) fn is_ci(&self) -> bool {
        match self {
            Self::GitHub { .. } | Self::GitLab { .. } | Self::OtherCi => true,
            Self::PrePush { .. } | Self::Local => false,
        }
    }

    /// The commit that is judged, where the event names another than the one checked out.
    pub(super) fn head(&self, history: &History<'_>) -> Result<Option<Oid>, SourceError> {
        match self {
            Self::PrePush { to: Some(to), .. } => history.commit(to).map(Some),
            Self::GitHub { kind: Trigger::PullRequestTarget, payload, .. } => {
                let head = payload_id(payload, "/pull_request/head/sha");
                let head = head.ok_or(BaseError::Event { field: "pull_request.head.sha" })?;
                if history.has(head) {
                    return Ok(Some(head));
                }
                let number = payload.pointer("/number").map(Value::to_string).unwrap_or_default();
                let command = format!(
                    "git fetch --no-tags origin +refs/pull/{number}/head:refs/pull/{number}/head"
                );
                Err(BaseError::MissingCommit { commit: head.to_string(), command }.into())
            }
            Self::GitHub { .. }
            | Self::GitLab { .. }
            | Self::PrePush { .. }
            | Self::OtherCi
            | Self::Local => Ok(None),
        }
    }

    /// The base that the event names; `None` leaves it to the rules of a clone.
    pub(super) fn base(
        &self,
        history: &History<'_>,
        tip: Oid,
    ) -> Result<Option<Base>, SourceError> {
        match self {
            Self::GitHub { kind, payload, target, reference } => {
                let target = target.as_deref();
                match kind {
                    Trigger::PullRequest => {
                        let merge = merge_ref(history, tip, payload, reference.as_deref());
                        match merge {
                            Some((parent, merge)) => {
                                let name = target.unwrap_or_default();
                                Ok(Some(history.at(name, parent, Why::FirstParent(merge))?))
                            }
                            None => pull_request(history, tip, payload, target).map(Some),
                        }
                    }
                    Trigger::PullRequestTarget => {
                        pull_request(history, tip, payload, target).map(Some)
                    }
                    Trigger::MergeGroup => {
                        let commit = payload_id(payload, "/merge_group/base_sha");
                        let commit =
                            commit.ok_or(BaseError::Event { field: "merge_group.base_sha" })?;
                        let line = payload_text(payload, "/merge_group/base_ref");
                        let line = line.and_then(|name| name.strip_prefix("refs/heads/"));
                        let name = line.unwrap_or_default();
                        Ok(Some(history.at(name, commit, Why::MergeGroup)?))
                    }
                    Trigger::Push => push(history, tip, payload, reference.as_deref()),
                    Trigger::Scheduled => Ok(newest_release(history, tip)),
                    Trigger::Other => Ok(None),
                }
            }
            Self::GitLab { diff_base, target, before, line } => {
                let parents = history.parents(tip);
                match (target, diff_base, before) {
                    (Some(target), _, _)
                        if parents.len() == 2 && parents.first() == Some(target) =>
                    {
                        let why = Why::FirstParent("the merged result".to_owned());
                        Ok(Some(history.at("", *target, why)?))
                    }
                    (_, Some(commit), _) => Ok(Some(history.at("", *commit, Why::MergeRequest)?)),
                    (_, None, Some(commit)) => {
                        Ok(Some(history.at("", *commit, Why::BeforePush)?))
                    }
                    (_, None, None) => match line {
                        Some(line) => history.meeting_branch(tip, line).map(Some),
                        None => Ok(None),
                    },
                }
            }
            Self::PrePush { from, .. } => {
                let commit = match object_id(from) {
                    Some(id) => id,
                    None => history.commit(from)?,
                };
                Ok(Some(history.at(from, commit, Why::BeforePush)?))
            }
            Self::OtherCi | Self::Local => Ok(None),
        }
    }
}

/// The commit that GitHub merged the change onto, if the merge ref is checked out: its second
/// parent is then the head of the pull request. It is exact where the event's base may be stale.
fn merge_ref(
    history: &History<'_>,
    tip: Oid,
    payload: &Value,
    reference: Option<&str>,
) -> Option<(Oid, String)> {
    let parents = history.parents(tip);
    let (Some(first), Some(second), None) = (parents.first(), parents.get(1), parents.get(2))
    else {
        return None;
    };
    let merge = reference.filter(|name| name.starts_with("refs/pull/") && name.ends_with("/merge"));
    let is_merge = match payload_id(payload, "/pull_request/head/sha") {
        Some(head) => head == *second,
        None => merge.is_some(),
    };
    let name = merge.unwrap_or("the merge commit").to_owned();
    if is_merge { Some((*first, name)) } else { None }
}

/// The merge base with the target branch, by the ref or by the commit that the event knew: the
/// later of both, since either may be stale.
fn pull_request(
    history: &History<'_>,
    tip: Oid,
    payload: &Value,
    target: Option<&str>,
) -> Result<Base, SourceError> {
    let target = target.or_else(|| payload_text(payload, "/pull_request/base/ref"));
    let known = payload_id(payload, "/pull_request/base/sha");
    let of_ref = target.map(|branch| history.meeting_branch(tip, branch));
    let of_event = known.map(|commit| -> Result<Base, SourceError> {
        let with = target.map_or_else(|| commit.to_string(), |branch| format!("origin/{branch}"));
        if !history.has(commit) {
            return Err(history
                .at("", commit, Why::Named)
                .err()
                .map_or(BaseError::NoMainLine.into(), SourceError::from));
        }
        history.meeting(tip, commit, &with)
    });
    match (of_ref, of_event) {
        (Some(Ok(one)), Some(Ok(other))) => Ok(later(history, one, other)),
        (Some(Ok(base)), _) | (Some(Err(_)), Some(Ok(base))) | (None, Some(Ok(base))) => Ok(base),
        (Some(Err(error)), _) | (None, Some(Err(error))) => Err(error),
        (None, None) => Err(BaseError::Event { field: "pull_request.base.sha" }.into()),
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

/// What the branch was; for a new branch, where it left the default branch.
fn push(
    history: &History<'_>,
    tip: Oid,
    payload: &Value,
    reference: Option<&str>,
) -> Result<Option<Base>, SourceError> {
    if let Some(commit) = payload_id(payload, "/before") {
        let branch = reference.and_then(|name| name.strip_prefix("refs/heads/"));
        return Ok(Some(history.at(branch.unwrap_or_default(), commit, Why::BeforePush)?));
    }
    match payload_text(payload, "/repository/default_branch") {
        Some(branch) => history.meeting_branch(tip, branch).map(Some),
        None => Ok(None),
    }
}

/// The highest version among the tags that `tip` contains; pre-releases do not count.
fn newest_release(history: &History<'_>, tip: Oid) -> Option<Base> {
    let git = &history.repository.git;
    let tags = git.tag_names(None).ok()?;
    let mut releases: Vec<([u64; 3], String, Oid)> = Vec::new();
    for name in tags.iter().filter_map(|name| name.ok().flatten()) {
        let commit = history.commit_of_ref(&format!("refs/tags/{name}"));
        if let (Some(version), Some(commit)) = (version(name), commit) {
            releases.push((version, name.to_owned(), commit));
        }
    }
    releases.sort_unstable();
    let reached =
        |commit: Oid| commit == tip || git.graph_descendant_of(tip, commit).unwrap_or(false);
    let (_, name, commit) = releases.into_iter().rev().find(|(_, _, commit)| reached(*commit))?;
    Some(base(&name, commit, Why::ReleaseTag))
}

/// `v1.2.3`, `1.2`, `api/v3.0.1`.
fn version(tag: &str) -> Option<[u64; 3]> {
    let name = tag.rsplit('/').next()?;
    let mut parts = name.strip_prefix('v').unwrap_or(name).split('.');
    let mut numbers = [0; 3];
    for (at, number) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some(part) => *number = part.parse().ok()?,
            None if at > 1 => {}
            None => return None,
        }
    }
    if parts.next().is_none() { Some(numbers) } else { None }
}

fn payload(environment: &Environment) -> Value {
    let Some(path) = environment.path("GITHUB_EVENT_PATH") else { return Value::Null };
    let small = std::fs::metadata(&path).is_ok_and(|file| file.len() <= MAX_PAYLOAD);
    if !small {
        return Value::Null;
    }
    let bytes = std::fs::read(&path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

fn payload_text<'p>(payload: &'p Value, pointer: &str) -> Option<&'p str> {
    payload.pointer(pointer)?.as_str()
}

fn payload_id(payload: &Value, pointer: &str) -> Option<Oid> {
    object_id(payload_text(payload, pointer)?)
}

/// A full commit id; all zeroes mean that there is none.
fn object_id(text: &str) -> Option<Oid> {
    if text.len() != 40 {
        return None;
    }
    Oid::from_str(text).ok().filter(|id| !id.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_versions_are_releases() {
        assert_eq!(version("v1.10.0"), Some([1, 10, 0]));
        assert_eq!(version("api/v2.3"), Some([2, 3, 0]));
        for other in ["v1.0.0-rc.1", "latest", "v1", "1.2.3.4", ""] {
            assert_eq!(version(other), None, "{other}");
        }
    }

    #[test]
    fn all_zeroes_are_no_commit() {
        assert_eq!(object_id(&"0".repeat(40)), None);
        assert!(object_id(&"a".repeat(40)).is_some());
        assert_eq!(object_id("abc"), None);
    }
}
