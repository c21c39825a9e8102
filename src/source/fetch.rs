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
    /// So many commits more than a shallow clone holds.
    Deepen(usize),
    /// As much as the clone has anyway.
    Same,
}

/// Brings a branch to where a clone keeps those of the remote.
pub(super) fn branch(remote: &str, name: &str) -> String {
    format!("+refs/heads/{name}:refs/remotes/{remote}/{name}")
}

impl Fetch {
    /// What a name that is not here may be called at the remote: a version is a tag, another name a
    /// branch.
    pub(super) fn named(remote: String, history: History, name: &str) -> Self {
        let hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let version = name.trim_start_matches('v').starts_with(|at: char| at.is_ascii_digit());
        let refspec = if hex && name.len() == 40 {
            name.to_owned()
        } else if name.starts_with("refs/") {
            format!("+{name}:{name}")
        } else if version {
            format!("+refs/tags/{name}:refs/tags/{name}")
        } else {
            branch(&remote, name)
        };
        Self { history, remote, refspecs: vec![refspec] }
    }

    /// The words after `git fetch`, each as the program gets it (not quoted for a shell).
    pub fn words(&self) -> Vec<String> {
        let Self { history, remote, refspecs } = self;
        let depth = match history {
            History::Commit => Some("--depth=1".to_owned()),
            History::Unshallow => Some("--unshallow".to_owned()),
            History::Deepen(commits) => Some(format!("--deepen={commits}")),
            History::Same => None,
        };
        let words = std::iter::once("--no-tags".to_owned()).chain(depth).chain([remote.clone()]);
        words.chain(refspecs.iter().cloned()).collect()
    }
}

/// The command as a POSIX shell takes it.
impl fmt::Display for Fetch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("git fetch")?;
        self.words().iter().try_for_each(|word| write!(out, " {}", shell_word(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_fetched_to_where_it_is_looked_up() {
        let named = |name: &str| Fetch::named("origin".to_owned(), History::Commit, name);
        let shown = |name: &str| named(name).to_string();
        let branch =
            "git fetch --no-tags --depth=1 origin +refs/heads/main:refs/remotes/origin/main";
        assert_eq!(shown("main"), branch);
        assert_eq!(
            shown("v1.2"),
            "git fetch --no-tags --depth=1 origin +refs/tags/v1.2:refs/tags/v1.2"
        );
        let id = "a".repeat(40);
        assert_eq!(shown(&id), format!("git fetch --no-tags --depth=1 origin {id}"));
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        let fetch = Fetch::named("origin".to_owned(), History::Same, "a;b");
        let shown = fetch.to_string();
        assert!(shown.ends_with("'+refs/heads/a;b:refs/remotes/origin/a;b'"), "{shown}");
        assert_eq!(fetch.words().len(), 3);
    }
}
