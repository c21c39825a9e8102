//! Why there is nothing to compare with.

use super::Fetch;

/// Why no base could be had. Each says what mends it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseError {
    /// The revision that was named does not exist.
    #[error("{revision} names no commit here; {}", mend(fetch.as_ref()))]
    NoSuchRevision {
        /// What was named.
        revision: String,
        /// What may bring it, where there is somewhere to bring it from.
        fetch: Option<Fetch>,
    },
    /// The commit is known and not in this clone.
    #[error("the base {commit} is not in this clone; run `{fetch}`")]
    MissingCommit {
        /// The id.
        commit: String,
        /// What brings it.
        fetch: Fetch,
    },
    /// The ref is not in this clone.
    #[error("the branch {branch} is not in this clone; run `{fetch}`")]
    MissingBranch {
        /// The branch.
        branch: String,
        /// What brings it.
        fetch: Fetch,
    },
    /// The history was cut before it met the other one.
    #[error("this shallow clone ends before HEAD and {with} meet; run `{fetch}`")]
    Shallow {
        /// The other history.
        with: String,
        /// What brings the rest.
        fetch: Fetch,
    },
    /// The histories never meet.
    #[error("HEAD and {with} have no commit in common; name the base with --base REV")]
    Unrelated {
        /// The other history.
        with: String,
    },
    /// Nothing says what the main line is.
    #[error(
        "no upstream, no default branch of a remote and no branch main or master is here to compare \
         with; {}name the base with --base REV", or_run(fetch.as_ref())
    )]
    NoMainLine {
        /// What brings the default branch, where there is a remote.
        fetch: Option<Fetch>,
    },
    /// All that is here is the branch on which the head lies.
    #[error(
        "HEAD lies on {with}, and no main line is here to compare with; \
         {}name the base with --base REV", or_run(fetch.as_ref())
    )]
    OnlyItself {
        /// That branch, as the remote has it.
        with: String,
        /// What brings the default branch of the remote.
        fetch: Option<Fetch>,
    },
    /// A run that no change has started would compare the head with itself.
    #[error(
        "no change has started this run, and no tag in the history of HEAD is a release \
         (`v1.2.3`) to compare with; name the base with --base REV"
    )]
    NoRelease,
    /// The CI system did not say what it should have said.
    #[error("the event does not say `{field}`; name the base with --base REV")]
    Event {
        /// What is missing from its payload.
        field: &'static str,
    },
}

impl BaseError {
    /// What would bring the base into this clone, where it only has to be fetched.
    pub fn fetch(&self) -> Option<&Fetch> {
        match self {
            Self::NoSuchRevision { revision: _, fetch }
            | Self::NoMainLine { fetch }
            | Self::OnlyItself { with: _, fetch } => fetch.as_ref(),
            Self::MissingCommit { commit: _, fetch }
            | Self::MissingBranch { branch: _, fetch }
            | Self::Shallow { with: _, fetch } => Some(fetch),
            Self::Unrelated { with: _ } | Self::NoRelease | Self::Event { field: _ } => None,
        }
    }
}

fn or_run(fetch: Option<&Fetch>) -> String {
    fetch.map_or_else(String::new, |fetch| format!("run `{fetch}`, or "))
}

fn mend(fetch: Option<&Fetch>) -> String {
    match fetch {
        Some(fetch) => format!("run `{fetch}`"),
        None => "check its spelling with `git rev-parse`".to_owned(),
    }
}
