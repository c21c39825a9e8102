//! What the user says of files by their paths, before their bytes are asked.

use std::fmt;

use globset::{Glob, GlobBuilder, GlobMatcher};

use super::{Folder, Kind, RepoPath};

/// Paths from the root of the repository: `*` stays within a folder, `**` does not, and a pattern
/// that names a folder covers what is below it.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    bare: String,
    itself: GlobMatcher,
    below: GlobMatcher,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is empty, or no glob; in words.
    pub fn new(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix("./").unwrap_or(text);
        let bare = bare.strip_prefix('/').unwrap_or(bare).trim_end_matches('/');
        if bare.is_empty() {
            return Err("a pattern is not empty; `**` covers everything".to_owned());
        }
        if let Some(spelt) = as_on_windows(bare) {
            return Err(format!(
                "a path begins at the root of the repository and has `/` between its names: {spelt}"
            ));
        }
        if bare.split('/').any(|name| name == "..") {
            let why = "a path begins at the root of the repository and does not leave it";
            return Err(why.to_owned());
        }
        let glob = |text: &str| -> Result<GlobMatcher, String> {
            let glob: Result<Glob, _> = GlobBuilder::new(text).literal_separator(true).build();
            Ok(glob.map_err(|error| error.kind().to_string())?.compile_matcher())
        };
        let (itself, below) = (glob(bare)?, glob(&format!("{bare}/**"))?);
        Ok(Self { text: text.to_owned(), bare: bare.to_owned(), itself, below })
    }

    /// The one path that it names; `None` where it is about many.
    pub fn plain(&self) -> Option<RepoPath> {
        let is_plain = !self.bare.contains(['*', '?', '[', '{', '\\']);
        RepoPath::new(&self.bare).ok().filter(|_| is_plain)
    }

    /// Whether the pattern covers the path.
    pub fn covers(&self, path: &str) -> bool {
        self.itself.is_match(path) || self.below.is_match(path)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// What a pattern that is written as Windows writes paths may mean: a backslash only takes from a
/// character of a glob what is special about it.
fn as_on_windows(pattern: &str) -> Option<String> {
    let mut letters = pattern.chars();
    let is_drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && letters.next().is_some_and(|letter| matches!(letter, '/' | '\\'));
    let is_special =
        |rest: &str| rest.starts_with(['*', '?', '[', ']', '{', '}', '!', ',', '-', '\\']);
    let is_split = pattern.split('\\').skip(1).any(|rest| !rest.is_empty() && !is_special(rest));
    if !is_drive && !is_split {
        return None;
    }
    let path = pattern.get(2..).filter(|_| is_drive).unwrap_or(pattern);
    let path = path.replace('\\', "/");
    Some(format!("`{}`", path.trim_start_matches('/')))
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(out)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// Which files are contracts whatever they look like, and which are not.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Contracts that are named, and what they are where that is said; later entries win.
    pub named: Vec<Named>,
    /// Files that are no contracts, unless they are named.
    pub ignored: Vec<Pattern>,
    /// The folders in which imports are looked up first, in this order.
    pub import_roots: Vec<Folder>,
    /// What becomes of files that buf's configuration leaves out of its modules.
    pub left_out: LeftOut,
}

/// What becomes of files that buf's configuration leaves out of its modules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeftOut {
    /// They are compared as all others: whoever uses them is not asked what buf builds.
    #[default]
    Compared,
    /// They are no contracts, as they are none for buf.
    Ignored,
}

/// Contracts that are named.
#[derive(Clone, Debug)]
pub struct Named {
    /// Where.
    pub paths: Vec<Pattern>,
    /// What they are.
    pub kind: Option<Kind>,
}

impl Selection {
    /// What the file is, where somebody has said so.
    pub fn kind(&self, path: &RepoPath) -> Option<Kind> {
        let mut naming = self.named.iter().rev().filter(|named| named.covers(path));
        naming.find_map(|named| named.kind)
    }

    /// Whether the file is said to be a contract, or of one.
    pub fn names(&self, path: &RepoPath) -> bool {
        self.named.iter().any(|named| named.covers(path))
    }

    /// The pattern by which the file is ignored: an index into the list of them.
    pub fn ignored_by(&self, path: &RepoPath) -> Option<usize> {
        let index = self.ignored.iter().position(|pattern| pattern.covers(path.as_str()))?;
        if self.names(path) { None } else { Some(index) }
    }
}

impl Named {
    fn covers(&self, path: &RepoPath) -> bool {
        self.paths.iter().any(|pattern| pattern.covers(path.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_is_below_the_folder_that_it_names() {
        let covers = |pattern: &str, path: &str| Pattern::new(pattern).unwrap().covers(path);
        assert!(covers("vendor", "vendor/a/b.yaml"));
        assert!(covers("/vendor/", "vendor/a.yaml"));
        assert!(covers("./api/*.yaml", "api/a.yaml"));
        assert!(!covers("api/*.yaml", "api/v1/a.yaml"));
        assert!(covers("**/v1/*.yaml", "api/v1/a.yaml"));
        assert!(covers("api/**", "api/v1/a.yaml"));
        assert!(covers("**", "a.yaml"));
        assert!(!covers("vendor", "src/vendor/a.yaml"));
        assert!(!covers("vendor", "vendored/a.yaml"));
        assert!(Pattern::new("a[").is_err());
        assert!(Pattern::new("/").is_err());
        assert!(Pattern::new("../a.yaml").is_err());
        assert!(Pattern::new("api/../a.yaml").is_err());
        for text in ["C:\\x", "api\\v1\\a.yaml", "c:/x/a.yaml"] {
            assert!(Pattern::new(text).unwrap_err().contains('/'), "{text}");
        }
        assert!(covers("a\\*.yaml", "a*.yaml") && covers("a:b.yaml", "a:b.yaml"));
        let plain = |text: &str| Pattern::new(text).unwrap().plain().map(|path| path.to_string());
        assert_eq!(plain("/abs/a.yaml").as_deref(), Some("abs/a.yaml"));
        assert_eq!(plain("api/*.yaml"), None);
    }

    #[test]
    fn what_is_named_is_not_ignored() {
        let pattern = |text: &str| Pattern::new(text).unwrap();
        let named = |text: &str, kind| Named { paths: vec![pattern(text)], kind };
        let selection = Selection {
            named: vec![named("api/**", None), named("api/*.json", Some(Kind::JsonSchema))],
            ignored: vec![pattern("vendor"), pattern("**")],
            import_roots: Vec::new(),
            left_out: LeftOut::Compared,
        };
        let path = |text: &str| RepoPath::new(text).unwrap();
        assert_eq!(selection.ignored_by(&path("vendor/a.yaml")), Some(0));
        assert_eq!(selection.ignored_by(&path("a.yaml")), Some(1));
        assert_eq!(selection.ignored_by(&path("api/v1/a.yaml")), None);
        assert_eq!(selection.kind(&path("api/a.json")), Some(Kind::JsonSchema));
        assert_eq!(selection.kind(&path("api/a.yaml")), None);
    }
}
