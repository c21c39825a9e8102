//! Versions that are still in use: the tags and branches that patterns name.

use std::collections::BTreeSet;

use git2::Oid;

use super::base::{Base, History, Why, base};
use super::fetch;
use super::{BaseError, Fetch, Pattern, Repository, SourceError};

/// A line of development that is still in use.
#[derive(Clone, Copy, Debug)]
pub enum Line<'p> {
    /// Tags of these names.
    Tags(&'p Pattern),
    /// Branches of these names, here and at the remote.
    Branches(&'p Pattern),
}

impl Line<'_> {
    /// The fetch that brings whatever it may name: a glob of a refspec is less than a pattern of
    /// ours.
    pub fn fetch(self, repository: &Repository) -> Fetch {
        let history = History { repository };
        let refspec = match self {
            Line::Tags(_) => "+refs/tags/*:refs/tags/*".to_owned(),
            Line::Branches(_) => fetch::branch(&history.remote_or_origin(), "*"),
        };
        history.fetch(history.alone(), refspec)
    }
}

/// The commits that a line names, sorted by name as people count: `v1.10` after `v1.9`. A branch
/// that is here and at the remote is the one at the remote: that is what others run.
///
/// # Errors
/// When the references cannot be listed.
pub fn supported(repository: &Repository, line: Line<'_>) -> Result<Vec<Base>, SourceError> {
    let remote = format!("refs/remotes/{}/", History { repository }.remote_or_origin());
    let (pattern, prefixes) = match line {
        Line::Tags(pattern) => (pattern, vec!["refs/tags/"]),
        Line::Branches(pattern) => (pattern, vec![remote.as_str(), "refs/heads/"]),
    };
    let failed = |error: &git2::Error| SourceError::git("list tags and branches", error);
    let mut seen = BTreeSet::new();
    let mut found: Vec<(Vec<Piece>, Base)> = Vec::new();
    for prefix in prefixes {
        let listed = repository.git.references_glob(&format!("{prefix}*"));
        let mut listed = listed.map_err(|error| failed(&error))?;
        for name in listed.names() {
            // A name that is not UTF-8 is covered by no pattern.
            let Ok(name) = name else { continue };
            let short = name.strip_prefix(prefix).unwrap_or(name);
            if short == "HEAD" || !pattern.covers(short) || seen.contains(short) {
                continue;
            }
            let Some(commit) = commit_of(repository, name)? else { continue };
            seen.insert(short.to_owned());
            found.push((pieces(short), base(short, commit, Why::Supported)));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found.into_iter().map(|(_, base)| base).collect())
}

/// The commit of a reference; `None` where it names something else.
fn commit_of(repository: &Repository, name: &str) -> Result<Option<Oid>, SourceError> {
    let history = History { repository };
    if let Some(commit) = history.commit_of_ref(name) {
        return Ok(Some(commit));
    }
    let target = repository.git.refname_to_id(name);
    let Ok(target) = target else { return Ok(None) };
    if repository.git.find_object(target, None).is_ok() {
        return Ok(None);
    }
    let (commit, fetch) = (target.to_string(), history.fetch(history.alone(), target.to_string()));
    Err(BaseError::MissingCommit { commit, fetch }.into())
}

/// A stretch of a name, so that numbers count as numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u128),
    Text(String),
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        pieces.push(match piece.parse() {
            Ok(number) if digit => Piece::Number(number),
            Ok(_) | Err(_) => Piece::Text(piece.to_owned()),
        });
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_people_count() {
        let mut names = ["v1.10.0", "v1.9.0", "v1.9.0-rc1", "v2", "release/3", "1"];
        names.sort_by_key(|name| pieces(name));
        assert_eq!(names, ["1", "release/3", "v1.9.0", "v1.9.0-rc1", "v1.10.0", "v2"]);
    }
}
