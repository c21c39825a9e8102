//! Who owns a file: `CODEOWNERS`, as GitHub reads it.

use globset::{GlobBuilder, GlobMatcher};

use crate::source::{RepoPath, Snapshot, SourceError};

/// Where the file may be; the first that is there counts. The last place is GitLab's.
pub const PLACES: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The lines of a `CODEOWNERS` file.
#[derive(Debug, Default)]
pub struct Owners {
    lines: Vec<Line>,
    place: Option<&'static str>,
}

#[derive(Debug)]
struct Line {
    covers: Vec<GlobMatcher>,
    owners: Vec<String>,
}

impl Owners {
    /// Reads the file of a snapshot; nobody owns anything where there is none.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn of(snapshot: &dyn Snapshot) -> Result<Self, SourceError> {
        for place in PLACES {
            let Ok(path) = RepoPath::new(place) else { continue };
            if let Some(bytes) = snapshot.read(&path)? {
                let read = Self::parse(&String::from_utf8_lossy(&bytes));
                return Ok(Self { place: Some(place), ..read });
            }
        }
        Ok(Self::default())
    }

    /// Reads the text. A line that GitHub would skip is skipped; of GitLab's sections only the
    /// owners that hold for a whole section are heeded.
    pub fn parse(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut of_section: Vec<String> = Vec::new();
        for line in text.lines() {
            let words = words(line);
            let Some((pattern, owners)) = words.split_first() else { continue };
            let owners: Vec<String> =
                owners.iter().filter(|word| is_owner(word)).cloned().collect();
            if pattern.starts_with('[') || pattern.starts_with("^[") {
                of_section = owners;
                continue;
            }
            let covers = globs(pattern);
            if covers.is_empty() {
                continue;
            }
            let owners = if owners.is_empty() { of_section.clone() } else { owners };
            lines.push(Line { covers, owners });
        }
        Self { lines, place: None }
    }

    /// Which of [`PLACES`] the file was found at.
    pub fn place(&self) -> Option<&'static str> {
        self.place
    }

    /// The owners of a file: those of the last line that covers it.
    pub fn of_file(&self, path: &str) -> &[String] {
        let covers = |line: &&Line| line.covers.iter().any(|glob| glob.is_match(path));
        self.lines.iter().rev().find(covers).map_or(&[], |line| line.owners.as_slice())
    }

    /// Everybody who owns one of the files, each once; `None` where nobody does.
    pub fn of_files<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Option<String> {
        let mut all: Vec<&str> = Vec::new();
        for owner in paths.into_iter().flat_map(|path| self.of_file(path)) {
            if !all.contains(&owner.as_str()) {
                all.push(owner);
            }
        }
        if all.is_empty() { None } else { Some(all.join(" ")) }
    }
}

/// The words of a line, without its comment; a backslash takes the meaning off a blank or `#`.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ (' ' | '#' | '\t')) => word.push(escaped),
                Some(other) => word.extend(['\\', other]),
                None => word.push('\\'),
            },
            '#' if word.is_empty() => break,
            blank if blank.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => word.push(other),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A user or team, or an address of mail.
fn is_owner(word: &str) -> bool {
    word.contains('@')
}

/// What a pattern covers. It is git's ignore syntax without negation and classes: a slash inside
/// anchors it at the root, a folder covers everything below, and `folder/*` what lies in it.
fn globs(pattern: &str) -> Vec<GlobMatcher> {
    if pattern.starts_with('!') {
        return Vec::new();
    }
    let bare = pattern.trim_end_matches('/');
    let anchored = bare.contains('/');
    let bare = bare.trim_start_matches('/');
    let literal: String = bare
        .chars()
        .flat_map(|letter| match letter {
            '[' | ']' | '{' | '}' => vec!['\\', letter],
            other => vec![other],
        })
        .collect();
    let rooted = if anchored { literal } else { format!("**/{literal}") };
    let mut texts = Vec::new();
    if !pattern.ends_with('/') {
        texts.push(rooted.clone());
    }
    if bare.is_empty() {
        texts = vec!["**".to_owned()];
    } else if !(anchored && bare.ends_with("/*")) {
        texts.push(format!("{rooted}/**"));
    }
    let glob = |text: &String| {
        let built = GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build();
        built.ok().map(|glob| glob.compile_matcher())
    };
    texts.iter().filter_map(glob).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str, path: &str) -> Option<String> {
        Owners::parse(text).of_files([path])
    }

    /// The examples of GitHub's own page on the file.
    const EXAMPLES: &str = "\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
";

    #[test]
    fn the_last_line_that_covers_a_file_counts() {
        for (path, expected) in [
            ("a.rs", Some("@global-owner1 @global-owner2")),
            ("x/a.js", Some("@js-owner")),
            ("a.go", Some("docs@example.com")),
            ("build/logs/a.txt", Some("@octocat")),
            ("x/build/logs/y", Some("@octocat")),
            ("docs/getting-started.md", Some("@doctocat")),
            ("scripts/a/b", Some("@doctocat @octocat")),
            ("x/apps/a", Some("@octocat")),
            ("apps/a", Some("@octocat")),
            ("apps/github/a", None),
            ("apps/github", None),
        ] {
            assert_eq!(owner(EXAMPLES, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_star_at_the_end_covers_one_level() {
        assert_eq!(owner("docs/* @a", "docs/a.md").as_deref(), Some("@a"));
        assert_eq!(owner("docs/* @a", "docs/b/a.md"), None);
        assert_eq!(owner("docs/** @a", "docs/b/a.md").as_deref(), Some("@a"));
        assert_eq!(owner("* @a", "b/c/a.md").as_deref(), Some("@a"));
    }

    #[test]
    fn blanks_and_marks_can_be_escaped_and_classes_mean_themselves() {
        assert_eq!(owner("a\\ b.yaml @a", "a b.yaml").as_deref(), Some("@a"));
        assert_eq!(owner("\\#a.yaml @a", "#a.yaml").as_deref(), Some("@a"));
        assert_eq!(owner("a[b].yaml @a", "ab.yaml"), None);
        assert_eq!(owner("* @a\n!b.yaml @b", "b.yaml").as_deref(), Some("@a"));
        assert_eq!(owner("/ @a", "b/c.yaml").as_deref(), Some("@a"));
    }

    #[test]
    fn sections_of_gitlab_are_tolerated() {
        let text = "[API][2] @api\napi/\nother/ @b\n\n^[Docs]\ndocs/\n";
        assert_eq!(owner(text, "api/a.yaml").as_deref(), Some("@api"));
        assert_eq!(owner(text, "other/a.yaml").as_deref(), Some("@b"));
        assert_eq!(owner(text, "docs/a.yaml"), None);
    }

    #[test]
    fn a_contract_of_many_files_has_all_their_owners_once() {
        let owners = Owners::parse("a/ @a @b\nb/ @b @c\n");
        assert_eq!(owners.of_files(["a/x", "b/y", "c/z"]).as_deref(), Some("@a @b @c"));
    }
}
