//! Runs that no change has started, by the clock, by hand or for a tag: they judge what was done since
//! the newest release.

use git2::Oid;

use crate::source::base::{Base, History, Why, base};
use crate::source::{BaseError, Fetch, SourceError};

/// What a run judges that names no state before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unprompted<'t> {
    /// A branch as it stands; where it stands at a release, nothing has changed since.
    Branch,
    /// The tag of this name, which is compared with the release before it.
    Tag(&'t str),
}

impl Unprompted<'_> {
    /// The highest version among the tags that `tip` contains; pre-releases do not count. Before a first
    /// release there is nothing that anybody relies on; `None` where no tag says what a release is.
    ///
    /// # Errors
    /// When the clone is shallow and what it left out may hold a newer release.
    pub(super) fn base(self, history: &History<'_>, tip: Oid) -> Result<Option<Base>, SourceError> {
        let releases = self.releases(history, tip);
        let git = &history.repository.git;
        let reached =
            |commit: Oid| commit == tip || git.graph_descendant_of(tip, commit).unwrap_or(false);
        let newest = releases.iter().position(|(_, commit)| reached(*commit));
        if git.is_shallow() && newest != Some(0) {
            let fetch = everything(history);
            return Err(BaseError::Shallow { with: "the newest release".to_owned(), fetch }.into());
        }
        Ok(match newest.and_then(|index| releases.get(index)) {
            Some((name, commit)) => Some(base(name, *commit, Why::ReleaseTag)),
            None => self.first(),
        })
    }

    /// The releases that may be the base, the newest first.
    fn releases(self, history: &History<'_>, tip: Oid) -> Vec<(String, Oid)> {
        let Ok(tags) = history.repository.git.tag_names(None) else { return Vec::new() };
        let mut releases: Vec<([u64; 3], String, Oid)> = Vec::new();
        for name in tags.iter().filter_map(|name| name.ok().flatten()) {
            let commit = history.commit_of_ref(&format!("refs/tags/{name}"));
            if let (Some((line, version)), Some(commit)) = (version(name), commit)
                && self.precedes(line, commit != tip)
            {
                releases.push((version, name.to_owned(), commit));
            }
        }
        releases.sort_unstable_by(|one, other| other.cmp(one));
        releases.into_iter().map(|(_, name, commit)| (name, commit)).collect()
    }

    /// Whether a release of this line, of this commit or another, may come before what is judged.
    fn precedes(self, line: &str, is_other: bool) -> bool {
        match self {
            Self::Branch => true,
            Self::Tag(tag) => is_other && version(tag).is_none_or(|(own, _)| own == line),
        }
    }

    fn first(self) -> Option<Base> {
        match self {
            Self::Tag(tag) if version(tag).is_some() => {
                let why = Why::FirstRelease;
                Some(Base {
                    label: format!("the empty tree ({why})"),
                    commit: None,
                    crossing: Vec::new(),
                    why,
                })
            }
            Self::Tag(_) | Self::Branch => None,
        }
    }
}

/// All tags and the history of what is checked out, which tells those that it contains. HEAD is asked
/// for too, since a fetch of tags alone brings nothing where there is none.
fn everything(history: &History<'_>) -> Fetch {
    let refspecs = vec!["+refs/tags/*:refs/tags/*".to_owned(), "HEAD".to_owned()];
    Fetch { history: history.rest(), remote: history.remote_or_origin(), refspecs }
}

/// `v1.2.3`, `1.2`, `api/v3.0.1`: the line of releases, which is what precedes, and the version.
fn version(tag: &str) -> Option<(&str, [u64; 3])> {
    let (line, name) = tag.rsplit_once('/').unwrap_or(("", tag));
    let mut parts = name.strip_prefix('v').unwrap_or(name).split('.');
    let mut numbers = [0; 3];
    for (at, number) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some(part) => *number = part.parse().ok()?,
            None if at > 1 => {}
            None => return None,
        }
    }
    if parts.next().is_none() { Some((line, numbers)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_versions_are_releases() {
        assert_eq!(version("v1.10.0"), Some(("", [1, 10, 0])));
        assert_eq!(version("api/v2.3"), Some(("api", [2, 3, 0])));
        for other in ["v1.0.0-rc.1", "latest", "v1", "1.2.3.4", ""] {
            assert_eq!(version(other), None, "{other}");
        }
    }

    #[test]
    fn a_tag_follows_the_releases_of_its_own_line() {
        let tag = Unprompted::Tag("api/v2.0.0");
        assert!(tag.precedes("api", true) && !tag.precedes("api", false));
        assert!(!tag.precedes("web", true));
        assert!(Unprompted::Tag("nightly").precedes("web", true));
        assert!(Unprompted::Branch.precedes("web", false));
        assert!(tag.first().is_some() && Unprompted::Tag("nightly").first().is_none());
    }
}
