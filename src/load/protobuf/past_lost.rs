//! Texts that files lost, found by the names that they declared.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::load::{Problem, ProblemKind};
use crate::source::{Folder, History, Lost, SourceError};

/// What declares a name, or names what is extended.
const KEYWORDS: [&str; 4] = ["message", "enum", "group", "extend"];

/// The contents that files of a contract had until they were changed or deleted.
pub(super) struct LostTexts {
    texts: Vec<Lost>,
    /// Which of them declare a name, by its last part.
    by_name: HashMap<String, Vec<usize>, RandomState>,
}

impl LostTexts {
    /// Goes through the history. What cannot be read tells nothing, but that it could not.
    pub(super) fn find(
        history: &dyn History,
        (folder, ending): (&Folder, &str),
        unread: &mut Unread,
    ) -> Self {
        let mut heard = |path: &str, error: &SourceError| unread.hear(path, error);
        let texts = history.lost(folder, ending);
        let texts = texts.map_err(|error| heard(folder.as_str(), &error)).unwrap_or_default();
        let mut by_name: HashMap<String, Vec<usize>, RandomState> = HashMap::default();
        for (at, lost) in texts.iter().enumerate() {
            let read = history.read(lost).map_err(|error| heard(lost.path.as_str(), &error));
            let Ok(bytes) = read else { continue };
            let text = text_of(&bytes);
            for (_, name) in declared_in(&text) {
                let places = by_name.entry(name.to_owned()).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        Self { texts, by_name }
    }

    /// Those that declare or extend something of a name, newest first, and whether their file is
    /// there and declares it still. Of a file that cannot be read nobody knows that: nothing is told of
    /// it but that.
    pub(super) fn declaring<'t>(
        &'t self,
        history: &'t dyn History,
        name: &'t str,
        unread: &'t mut Unread,
    ) -> impl Iterator<Item = (&'t Lost, Vec<u8>, Standing)> {
        let mut known: HashMap<&str, Option<Standing>, RandomState> = HashMap::default();
        let places = self.by_name.get(name).into_iter().flatten();
        places.filter_map(move |at| {
            let lost = self.texts.get(*at)?;
            let path = lost.path.as_str();
            let standing = *known.entry(path).or_insert_with(|| match history.last(lost) {
                Ok(Some(bytes)) => Some(Standing::of(&text_of(&bytes), name)),
                Ok(None) => Some(Standing::Gone),
                Err(error) => {
                    unread.hear(path, &error);
                    None
                }
            });
            let standing = standing?;
            match history.read(lost) {
                Ok(bytes) => Some((lost, bytes, standing)),
                Err(error) => {
                    unread.hear(path, &error);
                    None
                }
            }
        })
    }
}

/// Whether a file that lost a content declares a name in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does.
    Kept,
    /// It does not, or is not there.
    Gone,
}

impl Standing {
    fn of(text: &str, name: &str) -> Self {
        let mut declared = declared_in(text);
        if declared.any(|(keyword, one)| keyword != "extend" && one == name) {
            Self::Kept
        } else {
            Self::Gone
        }
    }
}

/// What of the history could not be read.
#[derive(Default)]
pub(super) struct Unread {
    /// The first place and what was wrong there.
    first: Option<(String, String)>,
    others: BTreeSet<String>,
}

impl Unread {
    pub(super) fn hear(&mut self, path: &str, error: &SourceError) {
        self.note(path, error.to_string());
    }

    /// Takes in that a content is not in the grammar, so that what it declared is known in part.
    pub(super) fn hear_torn(&mut self, path: &str, revision: &str, problems: &[Problem]) {
        let error = problems.iter().find(|problem| problem.kind > ProblemKind::Warning);
        if let Some(problem) = error {
            self.note(path, format!("at {revision}: {}", problem.message));
        }
    }

    fn note(&mut self, path: &str, why: String) {
        match &self.first {
            Some((first, _)) if first == path => {}
            Some(_) => {
                self.others.insert(path.to_owned());
            }
            None => self.first = Some((path.to_owned(), why)),
        }
    }

    /// The same as a sentence.
    pub(super) fn told(&self) -> Option<String> {
        let (path, error) = self.first.as_ref()?;
        let others = match self.others.len() {
            0 => String::new(),
            1 => " (and another file)".to_owned(),
            others => format!(" (and {others} other files)"),
        };
        Some(format!(
            "what `{path}` held before the base could not be read{others}, so that it is not known \
             which numbers and names were given up there: {error}"
        ))
    }
}

/// The text of a content. What is not UTF-8 stands in comments and literals, and no name is made of it.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The last part of each name that follows a keyword. A comment may hold some more: this is for what
/// to look at, not for what is meant.
fn declared_in(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let is_part = |letter: char| letter == '_' || letter == '.' || letter.is_ascii_alphanumeric();
    let mut before = None;
    text.split(move |letter: char| !is_part(letter)).filter(|word| !word.is_empty()).filter_map(
        move |word| {
            let keyword = before;
            before = KEYWORDS.into_iter().find(|known| *known == word);
            keyword.map(|keyword| (keyword, word.rsplit('.').next().unwrap_or(word)))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_keywords() {
        let text = "message A{enum E {Z = 0;}}\nextend .x.v1.M { optional group G = 5 {} }\n\
                    message\n  B {}";
        let found: Vec<_> = declared_in(text).collect();
        let expected =
            [("message", "A"), ("enum", "E"), ("extend", "M"), ("group", "G"), ("message", "B")];
        assert_eq!(found, expected);
    }
}
