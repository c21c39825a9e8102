//! What differs and was not looked into, so that it is said and not passed over.

use std::collections::BTreeSet;
use std::fmt;

use super::{ContentId, GitTree, Head, RepoPath, Snapshot, SourceError};

/// Something that may hold contracts and changed where we do not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// Another commit of another repository.
    Submodule {
        /// Its folder.
        path: RepoPath,
        /// The commit that the base names, if it has the submodule.
        old: Option<ContentId>,
        /// The commit that the head names, if it has it.
        new: Option<ContentId>,
    },
    /// A file whose name is not UTF-8, so that nothing can refer to it.
    NotUtf8 {
        /// Its path, the odd bytes spelt in octal.
        path: String,
        /// Whether the head has it; else only the base has it, or had it.
        in_head: bool,
    },
    /// A file that the system does not let us read, and that may be a contract.
    Unreadable {
        /// The file.
        path: RepoPath,
        /// The system's words.
        reason: String,
    },
    /// A file of a contract in whose place a symbolic link stands.
    Link {
        /// The file.
        path: RepoPath,
        /// The link: the file itself, or a folder on its way.
        link: String,
    },
    /// A file that buf's configuration leaves out of its modules, where that is heeded.
    LeftOut {
        /// The file.
        path: RepoPath,
    },
    /// A file that is kept elsewhere; the repository holds what it is to be fetched by.
    Pointer {
        /// The file.
        path: RepoPath,
    },
}

impl Unseen {
    /// Where it is.
    pub fn path(&self) -> &str {
        match self {
            Self::Submodule { path, old: _, new: _ }
            | Self::Unreadable { path, reason: _ }
            | Self::Link { path, link: _ }
            | Self::LeftOut { path }
            | Self::Pointer { path } => path.as_str(),
            Self::NotUtf8 { path, in_head: _ } => path,
        }
    }

    /// Whether a contract of the head may lie there that nobody judges.
    pub fn is_gap(&self) -> bool {
        match self {
            Self::Submodule { .. }
            | Self::Link { .. }
            | Self::LeftOut { .. }
            | Self::Pointer { .. } => false,
            Self::NotUtf8 { path: _, in_head } => *in_head,
            Self::Unreadable { .. } => true,
        }
    }
}

/// What it is and what to do.
impl fmt::Display for Unseen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |id: &ContentId| id.to_string().get(..7).unwrap_or_default().to_owned();
        match self {
            Self::Submodule { path: _, old: Some(old), new: Some(new) } => {
                let (old, new) = (short(old), short(new));
                write!(
                    out,
                    "the submodule moved from {old} to {new} and is not compared; \
                     run `unbroken check --base {old}` in it"
                )
            }
            Self::Submodule { path: _, old, new: _ } => {
                let what = if old.is_some() { "was removed" } else { "is new" };
                write!(out, "the submodule {what}; what it holds is not compared")
            }
            Self::NotUtf8 { path: _, in_head: true } => {
                out.write_str("the name is not UTF-8 and the file is not compared; rename it")
            }
            Self::NotUtf8 { path: _, in_head: false } => out.write_str(
                "the base has a file whose name is not UTF-8; what it held is not compared",
            ),
            Self::Unreadable { path: _, reason } => {
                write!(out, "the file cannot be read ({reason}) and is not compared")
            }
            Self::Link { path, link } => {
                let what = if path.as_str() == link { "the file" } else { link };
                write!(
                    out,
                    "{what} was replaced by a symbolic link, which is not taken for a contract, so \
                     that the file counts as removed; commit the file itself"
                )
            }
            Self::LeftOut { path: _ } => out.write_str(
                "the file changed and is not compared, since buf's configuration leaves it out of \
                 its modules",
            ),
            Self::Pointer { path: _ } => out.write_str(
                "the file is a Git LFS pointer and is not compared; fetch it with `git lfs pull`",
            ),
        }
    }
}

/// The submodules that stand at other commits than in the base.
pub(super) fn moved_submodules(
    base: &GitTree,
    head: &dyn Head,
) -> Result<Vec<Unseen>, SourceError> {
    let mut paths = listed(base)?;
    paths.extend(listed(head)?);
    let mut moved = Vec::new();
    for path in paths {
        let (old, new) = (base.submodule(&path)?, head.submodule(&path)?);
        if old != new {
            moved.push(Unseen::Submodule { path, old, new });
        }
    }
    Ok(moved)
}

/// The folders that `.gitmodules` names (gitmodules(5)); whether they are submodules is for the
/// state itself to say.
fn listed(snapshot: &(impl Snapshot + ?Sized)) -> Result<BTreeSet<RepoPath>, SourceError> {
    let Ok(file) = RepoPath::new(".gitmodules") else { return Ok(BTreeSet::new()) };
    let bytes = match snapshot.read(&file) {
        Ok(bytes) => bytes.unwrap_or_default(),
        // A link where git itself wants a file.
        Err(SourceError::SymbolicLink { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8_lossy(&bytes);
    let paths = text.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        let named = key.trim() == "path";
        if named { RepoPath::new(value.trim().trim_matches('"')).ok() } else { None }
    });
    Ok(paths.collect())
}
