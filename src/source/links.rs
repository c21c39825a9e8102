//! Symbolic links that stay inside.

use super::{RepoPath, SourceError};

/// How many links may lead to one file; Linux follows as many.
const MAX_LINKS: usize = 40;

/// Asks for what is at a path.
type Look<'l, T> = dyn Fn(&RepoPath) -> Result<T, SourceError> + 'l;

/// What is found where a path leads once the links on its way are followed, and where that is. A link
/// is followed by its words, within the snapshot: nothing outside of it is ever looked at.
///
/// # Errors
/// Those of `look`; that of a link which leads out of the snapshot or in a circle is its refusal.
pub(super) fn through<T>(
    path: &RepoPath,
    look: &Look<'_, T>,
    link: &Look<'_, Option<String>>,
) -> Result<(RepoPath, T), SourceError> {
    let mut at = path.clone();
    for _ in 0..MAX_LINKS {
        let refused = match look(&at) {
            Ok(found) => return Ok((at, found)),
            Err(error) => error,
        };
        let SourceError::SymbolicLink { path: _, link: way } = &refused else {
            return Err(refused);
        };
        match behind(&at, way, link)? {
            Some(next) => at = next,
            None => return Err(refused),
        }
    }
    let path = path.as_str().to_owned();
    Err(SourceError::SymbolicLink { link: path.clone(), path })
}

/// The path with the link at `way`, its beginning, replaced by what it says; `None` where that leads out.
fn behind(
    path: &RepoPath,
    way: &str,
    link: &Look<'_, Option<String>>,
) -> Result<Option<RepoPath>, SourceError> {
    let (Some(rest), Ok(way)) = (path.as_str().strip_prefix(way), RepoPath::new(way)) else {
        return Ok(None);
    };
    let inside = link(&way)?.filter(|text| !text.is_empty() && !text.starts_with('/'));
    Ok(inside.and_then(|text| way.join(&format!("{text}{rest}")).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the path leads, where every path below these is a link to what stands beside it.
    fn lead(path: &str, links: &[(&str, &str)]) -> Option<String> {
        let look = |at: &RepoPath| {
            let path = at.as_str();
            let way = links.iter().map(|(link, _)| *link).find(|link| {
                path == *link || path.strip_prefix(link).is_some_and(|rest| rest.starts_with('/'))
            });
            match way {
                Some(way) => Err(SourceError::SymbolicLink { path: path.into(), link: way.into() }),
                None => Ok(()),
            }
        };
        let link = |at: &RepoPath| {
            let found = links.iter().find(|(link, _)| *link == at.as_str());
            Ok(found.map(|(_, text)| (*text).to_owned()))
        };
        let path = RepoPath::new(path).unwrap();
        through(&path, &look, &link).ok().map(|(at, ())| at.to_string())
    }

    #[test]
    fn links_are_followed_as_long_as_they_stay_inside() {
        let links = [
            ("api/m.yaml", "real.yaml"),
            ("lib", "vendor/lib"),
            ("vendor/lib/x.yaml", "../../api/m.yaml"),
            ("out.yaml", "../out.yaml"),
            ("abs.yaml", "/etc/passwd"),
            ("circle.yaml", "./circle.yaml"),
        ];
        let lead = |path| lead(path, &links);
        assert_eq!(lead("api/m.yaml").as_deref(), Some("api/real.yaml"));
        assert_eq!(lead("lib/a/b.yaml").as_deref(), Some("vendor/lib/a/b.yaml"));
        assert_eq!(lead("lib/x.yaml").as_deref(), Some("api/real.yaml"));
        assert_eq!(lead("plain.yaml").as_deref(), Some("plain.yaml"));
        for refused in ["out.yaml", "abs.yaml", "circle.yaml"] {
            assert_eq!(lead(refused), None, "{refused}");
        }
    }
}
