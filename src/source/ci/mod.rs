//! What a CI system or a hook says about base and head.

mod github;
mod gitlab;
mod release;

use git2::Oid;

use self::github::GitHub;
use self::gitlab::GitLab;
use super::base::{Base, HeadChoice, History};
use super::{Environment, SourceError};

/// The rules of one CI system or hook.
pub(super) enum Event {
    /// GitHub Actions.
    GitHub(GitHub),
    /// GitLab CI.
    GitLab(GitLab),
    /// A push that `pre-commit` looks at before it leaves.
    PrePush { from: String, to: String },
    /// Another CI system: the commit that is checked out is judged by the rules of a clone.
    OtherCi,
    /// A person's clone.
    Local,
}

impl Event {
    /// Recognises where we run.
    pub(super) fn of(environment: &Environment) -> Self {
        if let Some(github) = GitHub::of(environment) {
            return Self::GitHub(github);
        }
        if let Some(gitlab) = GitLab::of(environment) {
            return Self::GitLab(gitlab);
        }
        let text = |name: &str| environment.get(name).map(str::to_owned);
        if let Some(from) = text("PRE_COMMIT_FROM_REF")
            && from.bytes().any(|byte| byte != b'0')
        {
            let to = text("PRE_COMMIT_TO_REF").unwrap_or_else(|| "HEAD".to_owned());
            return Self::PrePush { from, to };
        }
        if environment.is_on("CI") { Self::OtherCi } else { Self::Local }
    }

    /// Whether nobody edits the work tree while we look.
    pub(super) fn is_ci(&self) -> bool {
        match self {
            Self::GitHub(_) | Self::GitLab(_) | Self::OtherCi => true,
            Self::PrePush { .. } | Self::Local => false,
        }
    }

    /// Whether no change to a branch has started the run, so that a base has to be looked for.
    pub(super) fn is_unprompted(&self) -> bool {
        match self {
            Self::GitHub(github) => github.unprompted().is_some(),
            Self::GitLab(gitlab) => gitlab.unprompted().is_some(),
            Self::PrePush { .. } | Self::OtherCi | Self::Local => false,
        }
    }

    /// What people know the judged commit by, where the event says it.
    pub(super) fn name_of(&self, history: &History<'_>, tip: Oid) -> Option<String> {
        match self {
            Self::GitHub(github) => github.name_of(history, tip),
            Self::GitLab(_) | Self::PrePush { .. } | Self::OtherCi | Self::Local => None,
        }
    }

    /// The commit that is judged, where the event names another state than the one that `choice`
    /// would take. What is pushed is judged, even if the hook's command line says `--staged`.
    pub(super) fn head(
        &self,
        history: &History<'_>,
        choice: &HeadChoice,
    ) -> Result<Option<Oid>, SourceError> {
        match (self, choice) {
            (Self::PrePush { from: _, to }, HeadChoice::Auto | HeadChoice::Staged) => {
                history.commit(to).map(Some)
            }
            (Self::GitHub(github), HeadChoice::Auto) => github.head(history),
            (
                Self::PrePush { .. }
                | Self::GitHub(_)
                | Self::GitLab(_)
                | Self::OtherCi
                | Self::Local,
                HeadChoice::Auto
                | HeadChoice::Staged
                | HeadChoice::WorkTree
                | HeadChoice::Revision(_),
            ) => Ok(None),
        }
    }

    /// The base that the event names; `None` leaves it to the rules of a clone.
    pub(super) fn base(
        &self,
        history: &History<'_>,
        tip: Oid,
    ) -> Result<Option<Base>, SourceError> {
        match self {
            Self::GitHub(github) => github.base(history, tip),
            Self::GitLab(gitlab) => gitlab.base(history, tip),
            Self::PrePush { from, to: _ } => {
                let commit = match object_id(from) {
                    Some(id) => id,
                    None => history.commit(from)?,
                };
                history.pushed(tip, (from, commit), history.remote_main()).map(Some)
            }
            Self::OtherCi | Self::Local => Ok(None),
        }
    }
}

/// The branch or tag of which the job was started because it was deleted.
pub fn deleted(environment: &Environment) -> Option<String> {
    match Event::of(environment) {
        Event::GitHub(github) => github.deleted().map(str::to_owned),
        Event::GitLab(_) | Event::PrePush { .. } | Event::OtherCi | Event::Local => None,
    }
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
    fn all_zeroes_are_no_commit() {
        assert_eq!(object_id(&"0".repeat(40)), None);
        assert!(object_id(&"a".repeat(40)).is_some());
        assert_eq!(object_id("abc"), None);
    }
}
