//! Paths as git writes them.

use std::fmt;
use std::sync::Arc;

/// A path inside a snapshot: relative, UTF-8, `/` between segments, no `.`, `..` or empty segment.
///
/// The type is the proof that reading it cannot leave the snapshot; only [`RepoPath::beyond`] makes
/// paths that begin with `..`, and only a snapshot that was told to reads them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

/// Why a text is no [`RepoPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// The path climbs above the root of the snapshot, or is absolute.
    #[error("the path leaves the repository")]
    Outside,
    /// Nothing is left once `.` segments are dropped.
    #[error("the path is empty")]
    Empty,
}

impl RepoPath {
    /// Normalises `text`: `.` segments and doubled slashes go, `..` climbs.
    ///
    /// # Errors
    /// When the path is absolute, climbs above the root or names nothing.
    pub fn new(text: &str) -> Result<Self, InvalidPath> {
        if text.starts_with('/') {
            return Err(InvalidPath::Outside);
        }
        Self::normalise(std::iter::empty(), text)
    }

    /// Resolves a relative reference written in this file, as a URI reference would be.
    ///
    /// # Errors
    /// When the reference climbs above the root or names nothing.
    pub fn join(&self, relative: &str) -> Result<Self, InvalidPath> {
        if let Some(rooted) = relative.strip_prefix('/') {
            return Self::normalise(std::iter::empty(), rooted);
        }
        let folder = self.0.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self::normalise(folder.split('/').filter(|segment| !segment.is_empty()), relative)
    }

    /// Like [`RepoPath::join`], for references that may climb above the root.
    ///
    /// # Errors
    /// When the reference is absolute or names nothing.
    pub fn beyond(&self, relative: &str) -> Result<Self, InvalidPath> {
        if relative.starts_with('/') {
            return Err(InvalidPath::Outside);
        }
        let folder = self.0.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut segments: Vec<&str> = Vec::new();
        for segment in folder.split('/').chain(relative.split('/')) {
            match (segment, segments.last()) {
                ("" | ".", _) => {}
                ("..", None | Some(&"..")) => segments.push(".."),
                ("..", Some(_)) => {
                    segments.pop();
                }
                (name, _) => segments.push(name),
            }
        }
        if segments.last().is_none_or(|last| *last == "..") {
            return Err(InvalidPath::Empty);
        }
        Ok(Self(segments.join("/").into()))
    }

    /// By how many folders the path climbs above the root.
    pub fn climbs(&self) -> usize {
        self.0.split('/').take_while(|segment| *segment == "..").count()
    }

    fn normalise<'t>(
        base: impl Iterator<Item = &'t str>,
        text: &'t str,
    ) -> Result<Self, InvalidPath> {
        let mut segments: Vec<&str> = base.collect();
        for segment in text.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop().ok_or(InvalidPath::Outside)?;
                }
                name => segments.push(name),
            }
        }
        if segments.is_empty() {
            return Err(InvalidPath::Empty);
        }
        Ok(Self(segments.join("/").into()))
    }

    /// The name of a contract that has no file.
    pub(crate) fn fallback() -> Self {
        Self("contract".into())
    }

    /// The path as git prints it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// What follows the last dot of the file name, in lower case; empty where there is none.
    pub fn extension(&self) -> String {
        self.file_name()
            .rsplit_once('.')
            .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
    }

    /// The path without the extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name().rsplit_once('.').map_or(self.file_name(), |(name, _)| name);
        let folder = self.0.len() - self.file_name().len();
        self.0.get(..folder + name.len()).unwrap_or(&self.0)
    }

    /// The folder that holds the file; `None` at the root.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_snapshot() {
        assert_eq!(RepoPath::new("../x"), Err(InvalidPath::Outside));
        assert_eq!(RepoPath::new("/etc/passwd"), Err(InvalidPath::Outside));
        assert_eq!(RepoPath::new("a/../../x"), Err(InvalidPath::Outside));
        assert_eq!(RepoPath::new("./"), Err(InvalidPath::Empty));
    }

    #[test]
    fn a_reference_resolves_beside_its_file() {
        let file = RepoPath::new("api/orders/openapi.yaml").unwrap();
        assert_eq!(file.join("./item.yaml").unwrap().as_str(), "api/orders/item.yaml");
        assert_eq!(file.join("../common.yaml").unwrap().as_str(), "api/common.yaml");
        assert_eq!(file.join("../../../x"), Err(InvalidPath::Outside));
        assert_eq!(file.beyond("../../../x").unwrap().as_str(), "../x");
        assert_eq!(file.beyond("../../../x").unwrap().climbs(), 1);
        assert_eq!(file.beyond("../x").unwrap(), file.join("../x").unwrap());
        let above = file.beyond("../../../../shared/x").unwrap();
        assert_eq!(above.beyond("../../api/y").unwrap().as_str(), "../../../api/y");
        assert_eq!(above.beyond("/etc/passwd"), Err(InvalidPath::Outside));
        assert_eq!(above.beyond("../.."), Err(InvalidPath::Empty));
    }
}
