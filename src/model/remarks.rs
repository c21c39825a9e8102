//! What is said to people and tools only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Stated;
use crate::source::Span;

/// How the name of an example begins: an edit of one is told by itself, wherever it is shown.
pub const EXAMPLE: &str = "example ";

/// How the name of a header parameter begins that is declared and means nothing.
pub const IGNORED_HEADER: &str = "ignored header ";

/// What an element says that neither travels nor decides what does: texts, examples, addresses of
/// documentation. Kept as one digest for each thing said, so that an edit can be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks(Option<Arc<BTreeMap<Arc<str>, Stated<u64>>>>);

/// Something that one side says otherwise than the other, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reworded<'r> {
    /// What is said: `summary`.
    pub name: &'r str,
    /// Where the old side says it.
    pub old: Option<Span>,
    /// Where the new side says it.
    pub new: Option<Span>,
}

impl Remarks {
    /// What is said under this name, and where; the last of a name counts.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, digest: u64, span: Span) {
        let said = Arc::make_mut(self.0.get_or_insert_default());
        said.insert(name.into(), Stated { value: digest, span });
    }

    /// Everything that the two do not say alike, by name.
    pub fn reworded<'r>(&'r self, new: &'r Self) -> Vec<Reworded<'r>> {
        if self == new {
            return Vec::new();
        }
        let mut both: BTreeMap<&str, [Option<&Stated<u64>>; 2]> = BTreeMap::new();
        for (name, said) in self.0.iter().flat_map(|said| said.iter()) {
            both.entry(name).or_default()[0] = Some(said);
        }
        for (name, said) in new.0.iter().flat_map(|said| said.iter()) {
            both.entry(name).or_default()[1] = Some(said);
        }
        let differing = both.into_iter().filter(|(_, [old, new])| old != new);
        let place = |said: Option<&Stated<u64>>| said.map(|said| said.span);
        differing
            .map(|(name, [old, new])| Reworded { name, old: place(old), new: place(new) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn what_is_said_otherwise_is_named() {
        let at = |start| Span { file: FileId::default(), start, end: start + 1 };
        let (mut old, mut new) = (Remarks::default(), Remarks::default());
        assert_eq!(old.reworded(&new), []);
        old.insert("summary", 1, at(0));
        old.insert("description", 2, at(1));
        new.insert("summary", 1, at(7));
        new.insert("description", 3, at(8));
        new.insert("externalDocs", 4, at(9));
        let found = old.reworded(&new);
        assert_eq!(
            found,
            [
                Reworded { name: "description", old: Some(at(1)), new: Some(at(8)) },
                Reworded { name: "externalDocs", old: None, new: Some(at(9)) },
            ]
        );
    }
}
