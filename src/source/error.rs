//! Why bytes could not be had.

use super::fetch;
use super::{BaseError, Fetch};

/// Why bytes could not be had. One line, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file could not be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// A file is a symbolic link, or lies behind one.
    #[error("{} is not followed here; use a file", behind(path, link))]
    SymbolicLink {
        /// The file that was asked for.
        path: String,
        /// The link on its way.
        link: String,
    },
    /// A file lies in a submodule, whose objects belong to another repository.
    #[error("{path} lies in the submodule {submodule}; run the check inside {submodule}")]
    InSubmodule {
        /// The file that was asked for.
        path: String,
        /// The folder of the submodule.
        submodule: String,
    },
    /// A path that could be a contract is not UTF-8.
    #[error("the path {path} is not UTF-8; rename the file")]
    NotUtf8 {
        /// The path, with what is not UTF-8 replaced.
        path: String,
    },
    /// More files than any listing here may hold.
    #[error("more than {limit} files; name the folder that holds the contracts")]
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// More bytes than are read.
    #[error("{path} holds more than {limit} bytes")]
    TooLarge {
        /// The input.
        path: String,
        /// The limit.
        limit: u64,
    },
    /// A file that was named is no contract as far as one can see.
    #[error("{path} looks like no contract; say what it is with --kind")]
    NoContract {
        /// The file.
        path: String,
    },
    /// A file and a folder cannot be compared.
    #[error("{old} and {new} must both be files or both be folders")]
    Unlike {
        /// The first.
        old: String,
        /// The second.
        new: String,
    },
    /// Nothing exists where the user pointed.
    #[error("{operand} is neither a file, nor a folder, nor REVISION:PATH of this repository")]
    NoSuchOperand {
        /// What the user wrote.
        operand: String,
    },
    /// No repository holds the folder.
    #[error("{folder} is in no git repository; run `git init`, or use `unbroken diff OLD NEW`")]
    NoRepository {
        /// The folder.
        folder: String,
    },
    /// The repository belongs to somebody else (git's `safe.directory`).
    #[error(
        "the repository at {folder} belongs to another user; \
         run `git config {config} --add safe.directory {folder}`"
    )]
    ForeignOwner {
        /// The folder, quoted for a shell where it has to be.
        folder: String,
        /// Where the library looks for folders that are safe.
        config: &'static str,
    },
    /// Objects are named by SHA-256.
    #[error(
        "the repository at {folder} names objects by SHA-256, which libgit2 cannot read; \
         use `unbroken diff OLD NEW` on two folders"
    )]
    Sha256 {
        /// The folder.
        folder: String,
    },
    /// References are kept in reftables.
    #[error(
        "the repository at {folder} keeps its refs as reftable, which libgit2 cannot read; \
         run `git refs migrate --ref-format=files`"
    )]
    Reftable {
        /// The folder.
        folder: String,
    },
    /// The repository asks for a capability that we do not have.
    #[error(
        "the repository at {folder} uses the extension {name}, which libgit2 cannot read{mend}"
    )]
    Extension {
        /// The folder.
        folder: String,
        /// The name in the configuration.
        name: String,
        /// What to do, where something can be done.
        mend: &'static str,
    },
    /// The index cannot be read.
    #[error("the index {path} cannot be read ({reason}); run `rm {}; git reset`", shell_word(path))]
    BadIndex {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A merge has not been settled.
    #[error("{path} is in conflict; resolve it and `git add` it")]
    Conflict {
        /// The first file in conflict.
        path: String,
    },
    /// The work tree or index was asked for where there is none.
    #[error("the repository at {folder} is bare: it has neither index nor work tree, only commits")]
    Bare {
        /// The folder.
        folder: String,
    },
    /// HEAD was asked for and no commit exists yet.
    #[error("HEAD has no commit yet; commit first, or check the work tree")]
    UnbornHead,
    /// An object that the history names is not here.
    #[error("{what} missing from this clone; run `{fetch}`")]
    MissingObjects {
        /// Which, or how many.
        what: String,
        /// What brings them.
        fetch: Fetch,
    },
    /// Anything else that git cannot do.
    #[error("git cannot {doing}: {reason}")]
    Git {
        /// What was tried.
        doing: String,
        /// The library's words.
        reason: String,
    },
    /// There is nothing to compare with.
    #[error(transparent)]
    Base(#[from] BaseError),
}

impl SourceError {
    /// Whether this is a refusal for safety rather than a failure.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::SymbolicLink { .. } | Self::TooManyFiles { .. } | Self::TooLarge { .. }
        )
    }

    /// The library failed at something that has no better name.
    pub(super) fn git(doing: impl Into<String>, error: &git2::Error) -> Self {
        Self::Git { doing: doing.into(), reason: error.message().to_owned() }
    }

    /// An object is not in the object database; only partial clones lack one that a tree names.
    pub(super) fn missing(ids: &[git2::Oid], remote: String) -> Self {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let what = match ids.as_slice() {
            [only] => format!("the object {only} is"),
            several => format!("{} objects are", several.len()),
        };
        let fetch = Fetch { history: fetch::History::Same, remote, refspecs: ids };
        Self::MissingObjects { what, fetch }
    }

    /// The disk refused.
    pub(super) fn disk(path: &str, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }
}

fn behind(path: &str, link: &str) -> String {
    if path == link {
        return format!("{path} is a symbolic link, which");
    }
    format!("{path} lies behind the symbolic link {link}, which")
}

/// A word as a POSIX shell would have to be given it.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/+:=@^~-".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
