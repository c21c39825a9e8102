//! What a schema document says that no value is judged by: words that validation does not know, words
//! beside a `$ref` that stands alone, definitions that nothing refers to; and what the schema is called,
//! and in which draft it is written. No edit goes unnoticed.
//!
//! Extensions (`x-…`) are agreements between their authors and are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::keyword::{ArrayWord, Holds, Keyword, LogicWord};
use super::{Dialect, values};
use crate::document::{Document, NodeId, Value};
use crate::model::Remarks;

/// What is said beside a reference that stands alone.
const BESIDE: &str = "words beside a `$ref`, which are ignored there";
/// What nothing refers to.
const UNUSED: &str = "definitions that nothing refers to";

/// What the document says besides what its shapes do. `is_read` tells the schemas that were read.
pub(super) fn asides(
    document: &Document,
    dialect: Dialect,
    is_read: &dyn Fn(NodeId) -> bool,
) -> Remarks {
    let mut asides = Asides { document, dialect, is_read, said: BTreeMap::new() };
    asides.schema(document.root());
    let mut remarks = Remarks::default();
    for (name, digests) in asides.said {
        let digest = FixedState::default().hash_one(digests);
        remarks.insert(name, digest, document.span(document.root()));
    }
    remarks
}

struct Asides<'d> {
    document: &'d Document,
    dialect: Dialect,
    is_read: &'d dyn Fn(NodeId) -> bool,
    /// Digests of what is said, by what it is about; where in the document it is said does not
    /// matter, so that a schema may move.
    said: BTreeMap<String, BTreeSet<u64>>,
}

impl Asides<'_> {
    /// Recursion is as deep as the text nests, which the document's limits bound.
    fn schema(&mut self, node: NodeId) {
        if self.document.value(node) != Value::Object {
            return;
        }
        let document = self.document;
        let reference = document.get(node, "$ref").and_then(|it| document.string(it));
        let stands_alone = reference.is_some() && self.dialect.reference_stands_alone();
        for member in document.members(node) {
            let word = member.key.text;
            let keyword = Keyword::parse(word).filter(|it| it.is_known_by(self.dialect));
            match keyword {
                // Where definitions are kept is a habit: a pointer reaches both in every draft.
                _ if ["$defs", "definitions"].contains(&word) => self.definitions(member.value),
                Some(Keyword::Reference(_)) => {}
                _ if word.starts_with("x-") => {}
                // Its meaning is judged where the words stand that it gives theirs.
                _ if self.names_the_resource(word) => {
                    self.say(format!("`{word}`"), word, member.value);
                }
                Some(_) if stands_alone => self.say(BESIDE.to_owned(), word, member.value),
                Some(keyword) if self.is_idle(keyword, node) => {
                    self.say(format!("`{word}`"), word, member.value);
                }
                Some(keyword) => self.below(keyword.holds(), member.value),
                None => self.say(format!("`{word}`"), word, member.value),
            }
        }
    }

    /// Whether the word says nothing, as the one that it belongs to is not there: `then` without `if`
    /// (draft-07 validation 6.6.2), `minContains` without `contains` (2019-09 validation 6.4.5),
    /// `additionalItems` without a tuple (draft-07 validation 6.4.2).
    fn is_idle(&self, keyword: Keyword, schema: NodeId) -> bool {
        let other = |word: &str| self.document.get(schema, word);
        if let Keyword::Logic(LogicWord::Then | LogicWord::Else) = keyword {
            other("if").is_none()
        } else if let Keyword::Array(ArrayWord::MinContains | ArrayWord::MaxContains) = keyword {
            other("contains").is_none()
        } else if let Keyword::Array(ArrayWord::AdditionalItems) = keyword {
            other("items").is_none_or(|items| self.document.value(items) != Value::Array)
        } else {
            false
        }
    }

    /// Whether the word says what the schema is called, and in which draft it is written.
    fn names_the_resource(&self, word: &str) -> bool {
        word == "$schema" || self.dialect.identifier() == Some(word)
    }

    fn definitions(&mut self, node: NodeId) {
        for entry in self.document.members(node) {
            if (self.is_read)(entry.value) {
                self.schema(entry.value);
            } else {
                self.say(UNUSED.to_owned(), entry.key.text, entry.value);
            }
        }
    }

    fn below(&mut self, holds: Holds, node: NodeId) {
        let document = self.document;
        match (holds, document.value(node)) {
            (Holds::Data, _) => {}
            (Holds::Schemas, Value::Array) => {
                document.elements(node).iter().for_each(|each| self.schema(*each));
            }
            (Holds::Schemas, _) => self.schema(node),
            (Holds::Named, _) => {
                document.members(node).for_each(|entry| self.schema(entry.value));
            }
        }
    }

    fn say(&mut self, about: String, word: &str, node: NodeId) {
        if let Ok(value) = values::json(self.document, node) {
            let digest = FixedState::default().hash_one((word, value));
            self.said.entry(about).or_default().insert(digest);
        }
    }
}
