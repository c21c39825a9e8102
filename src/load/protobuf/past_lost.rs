//! Texts that files lost, found by the names that they declared.

use std::collections::HashMap;

use foldhash::fast::RandomState;

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
        let mut heard = |path: &str, error| unread.hear(path, error);
        let texts = history.lost(folder, ending);
        let texts = texts.map_err(|error| heard(folder.as_str(), error)).unwrap_or_default();
        let mut by_name: HashMap<String, Vec<usize>, RandomState> = HashMap::default();
        for (at, lost) in texts.iter().enumerate() {
            let read = history.read(lost).map_err(|error| heard(lost.path.as_str(), error));
            let Some(text) = text_of(read) else { continue };
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
    /// there and declares it still.
    pub(super) fn declaring<'t>(
        &'t self,
        history: &'t dyn History,
        name: &'t str,
    ) -> impl Iterator<Item = (&'t Lost, String, bool)> {
        let mut kept: HashMap<&str, bool, RandomState> = HashMap::default();
        let places = self.by_name.get(name).into_iter().flatten();
        places.filter_map(move |at| {
            let lost = self.texts.get(*at)?;
            let is_kept = *kept.entry(lost.path.as_str()).or_insert_with(|| {
                let kept = history.last(lost).ok().flatten();
                let kept = kept.and_then(|bytes| text_of(Ok::<_, ()>(bytes)));
                kept.is_some_and(|text| {
                    declared_in(&text).any(|(keyword, one)| keyword != "extend" && one == name)
                })
            });
            Some((lost, text_of(history.read(lost))?, is_kept))
        })
    }
}

/// What of the history could not be read.
#[derive(Default)]
pub(super) struct Unread {
    /// The first place and what was wrong there.
    first: Option<(String, SourceError)>,
    others: usize,
}

impl Unread {
    pub(super) fn hear(&mut self, path: &str, error: SourceError) {
        match self.first {
            Some(_) => self.others += 1,
            None => self.first = Some((path.to_owned(), error)),
        }
    }

    /// The same as a sentence.
    pub(super) fn told(&self) -> Option<String> {
        let (path, error) = self.first.as_ref()?;
        let others = match self.others {
            0 => String::new(),
            others => format!(" (and {others} more times)"),
        };
        Some(format!(
            "what `{path}` held before the base could not be read{others}, so that it is not known \
             which numbers and names were given up there: {error}"
        ))
    }
}

fn text_of<E>(bytes: Result<Vec<u8>, E>) -> Option<String> {
    String::from_utf8(bytes.ok()?).ok()
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
