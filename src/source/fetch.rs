//! What a clone lacks, and the `git fetch` that brings it. Nothing is ever fetched here.

use std::fmt;

use super::error::shell_word;

/// One `git fetch`: printed for a person to run, or handed word by word to a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// How much of the history.
    pub history: History,
    /// The remote's name.
    pub remote: String,
    /// What to fetch; nothing is what the remote is configured to bring.
    pub refspecs: Vec<String>,
}

/// How much of the history a fetch brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// The commit alone: its files are all that a base needs. It makes a complete clone shallow.
    Commit,
    /// All that a shallow clone left out: only then does a merge base exist.
    Unshallow,
    /// As much as the clone has anyway.
    Same,
}

impl Fetch {
    /// One commit of origin, by its id.
    pub(super) fn commit(history: History, id: impl fmt::Display) -> Self {
        Self::of_origin(history, id.to_string())
    }

    /// What a revision that is not here may be called there: a version is a tag, another name a
    /// branch.
    pub(super) fn named(history: History, revision: &str) -> Self {
        let hex = revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex && revision.len() == 40 {
            return Self::commit(history, revision);
        }
        let version = revision.trim_start_matches('v').starts_with(|at: char| at.is_ascii_digit());
        let refspec = match revision.strip_prefix("origin/") {
            Some(branch) => format!("+refs/heads/{branch}:refs/remotes/origin/{branch}"),
            None if revision.starts_with("refs/") => format!("+{revision}:{revision}"),
            None if version => format!("+refs/tags/{revision}:refs/tags/{revision}"),
            None => format!("+refs/heads/{revision}:refs/remotes/origin/{revision}"),
        };
        Self::of_origin(history, refspec)
    }

    /// Objects that a partial clone left out.
    pub(super) fn objects(ids: &[String]) -> Self {
        Self { history: History::Same, remote: "origin".to_owned(), refspecs: ids.to_vec() }
    }

    /// Refs of origin.
    pub(super) fn of_origin(history: History, refspec: String) -> Self {
        Self { history, remote: "origin".to_owned(), refspecs: vec![refspec] }
    }

    /// The words after `git fetch`, each as the program gets it (not quoted for a shell).
    pub fn words(&self) -> Vec<&str> {
        let Self { history, remote, refspecs } = self;
        let depth = match history {
            History::Commit => Some("--depth=1"),
            History::Unshallow => Some("--unshallow"),
            History::Same => None,
        };
        let words = std::iter::once("--no-tags").chain(depth).chain([remote.as_str()]);
        words.chain(refspecs.iter().map(String::as_str)).collect()
    }
}

/// The command as a POSIX shell takes it.
impl fmt::Display for Fetch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("git fetch")?;
        self.words().into_iter().try_for_each(|word| write!(out, " {}", shell_word(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_fetched_to_where_it_is_looked_up() {
        let shown = |revision: &str| Fetch::named(History::Commit, revision).to_string();
        let branch =
            "git fetch --no-tags --depth=1 origin +refs/heads/main:refs/remotes/origin/main";
        assert_eq!(shown("main"), branch);
        assert_eq!(shown("origin/main"), branch);
        assert_eq!(
            shown("v1.2"),
            "git fetch --no-tags --depth=1 origin +refs/tags/v1.2:refs/tags/v1.2"
        );
        let id = "a".repeat(40);
        assert_eq!(shown(&id), format!("git fetch --no-tags --depth=1 origin {id}"));
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        let fetch = Fetch::named(History::Same, "a;b");
        let shown = fetch.to_string();
        assert!(shown.ends_with("'+refs/heads/a;b:refs/remotes/origin/a;b'"), "{shown}");
        assert_eq!(fetch.words().len(), 3);
    }
}
