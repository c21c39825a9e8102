//! What of the texts bears on a few values: the schemas that are met on the way into them.
//!
//! To compile a large text costs more than to judge a handful of values by it. What is said of members
//! that none of the values has is left out of the copy that is compiled for them.
//!
//! **Invariant:** an excerpt says of its values what the texts say. Nothing is moved or renamed, and the
//! validator follows references by itself: where one leads to what was left out, it finds nothing, or the
//! mark of what cannot be read, and the texts are asked as they are.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::super::Dialect;
use super::super::keyword::{Holds, Keyword, ObjectWord, ReferenceWord};
use super::super::resources::split;
use super::patterns::spelled;
use super::text::{self, Part, unread};
use super::{Source, Sources, alone, registry};
use crate::document::{self, Document, NodeId, Place, Pointer};
use crate::model::Json;
use crate::source::FileId;

/// How far some values reach: what members they have at any depth, and whether they have elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    names: BTreeSet<Arc<str>>,
    has_elements: bool,
}

impl Extent {
    /// Takes a value in.
    pub(super) fn include(&mut self, value: &Json) {
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                self.has_elements |= !elements.is_empty();
                elements.iter().for_each(|element| self.include(element));
            }
            Json::Object(members) => {
                for (name, member) in members.iter() {
                    if !self.names.contains(name) {
                        self.names.insert(Arc::clone(name));
                    }
                    self.include(member);
                }
            }
        }
    }

    /// Whether the value reaches no further.
    pub(super) fn covers(&self, value: &Json) -> bool {
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => true,
            Json::Array(elements) => {
                (self.has_elements || elements.is_empty())
                    && elements.iter().all(|element| self.covers(element))
            }
            Json::Object(members) => members
                .iter()
                .all(|(name, member)| self.names.contains(name) && self.covers(member)),
        }
    }
}

/// A choice among the schemas of the texts.
pub(super) struct Excerpt {
    /// The schemas that are met.
    met: HashSet<Place, RandomState>,
    /// What they stand in.
    around: HashSet<Place, RandomState>,
    /// The draft of all of them.
    dialect: Dialect,
}

impl Excerpt {
    /// What values of this extent meet from the schema on to which the pointer leads; `None` where it
    /// cannot be told so simply, or is more than this many schemas.
    pub(super) fn of(
        sources: &Sources,
        (source, pointer): (&Source, &Pointer),
        extent: &Extent,
        most: usize,
    ) -> Option<Self> {
        let dialect = alone::in_force(source)?;
        registry::draft(dialect)?;
        let chosen = Self { met: HashSet::default(), around: HashSet::default(), dialect };
        let (pending, files) = (Vec::new(), HashSet::default());
        let mut reading = Reading { sources, extent, dialect, chosen, pending, files };
        reading.go(&source.document, pointer.tokens())?;
        while let Some(place) = reading.pending.pop() {
            reading.look(place)?;
            if reading.chosen.met.len() > most {
                return None;
            }
        }
        Some(reading.chosen)
    }

    /// How many schemas it has.
    pub(super) fn len(&self) -> usize {
        self.met.len()
    }

    /// Whether anything of the text is in it.
    pub(super) fn is_of(&self, source: &Source) -> bool {
        let root = Place { file: source.document.file(), node: source.document.root() };
        self.has(root)
    }

    /// The text with what is in the excerpt.
    ///
    /// # Errors
    /// Like [`text::whole`].
    pub(super) fn text(&self, sources: &Sources, source: &Source) -> Result<Value, String> {
        let mut left = text::MAX_VALUES;
        let document = &*source.document;
        Copying { excerpt: self, sources, left: &mut left }.copy(document, document.root())
    }

    fn has(&self, place: Place) -> bool {
        self.met.contains(&place) || self.around.contains(&place)
    }
}

/// An excerpt in the making.
struct Reading<'s> {
    sources: &'s Sources,
    extent: &'s Extent,
    dialect: Dialect,
    chosen: Excerpt,
    pending: Vec<Place>,
    /// The files that were found to be in the draft.
    files: HashSet<FileId, RandomState>,
}

impl Reading<'_> {
    fn meet(&mut self, place: Place) {
        if self.chosen.met.insert(place) {
            self.pending.push(place);
        }
    }

    /// Meets the schema to which the steps lead from the root of a text.
    fn go<'t>(
        &mut self,
        document: &Document,
        steps: impl IntoIterator<Item = &'t String>,
    ) -> Option<()> {
        let file = document.file();
        let mut node = document.root();
        for token in steps {
            self.chosen.around.insert(Place { file, node });
            node = document.child(node, token)?;
        }
        self.meet(Place { file, node });
        Some(())
    }

    fn look(&mut self, place: Place) -> Option<()> {
        let sources = self.sources;
        let source = sources.get(place.file)?;
        let document = &source.document;
        let resource = sources.resources.get(sources.around(place)?)?;
        if !self.files.contains(&place.file) {
            if alone::in_force(source)? != self.dialect {
                return None;
            }
            self.files.insert(place.file);
        }
        let is_plain = resource.dialect.is_none_or(|declared| declared == self.dialect);
        if !is_plain || sources.unread.contains_key(&place) {
            return None;
        }
        match document.value(place.node) {
            document::Value::Boolean(_) => Some(()),
            document::Value::Object => {
                if let Some(member) = document.member(place.node, "$ref") {
                    self.follow(place, document.string(member.value)?)?;
                    if self.dialect.reference_stands_alone() {
                        return Some(());
                    }
                }
                for member in document.members(place.node) {
                    if let Some(keyword) = Keyword::parse(member.key.text)
                        && keyword.is_known_by(self.dialect)
                    {
                        self.enter(document, keyword, member.value)?;
                    }
                }
                Some(())
            }
            document::Value::Null
            | document::Value::Number(_)
            | document::Value::String(_)
            | document::Value::Array => None,
        }
    }

    /// Meets what a reference leads to, by the way on which it is found there.
    fn follow(&mut self, from: Place, reference: &str) -> Option<()> {
        let sources = self.sources;
        let place = sources.named(from, reference)?;
        let source = sources.get(place.file)?;
        let fragment = percent_decode_str(split(reference).1).decode_utf8().ok()?;
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return None;
        }
        // A pointer begins at the resource, which may be anywhere in its text.
        let root = sources.resources.get(sources.around(place)?)?.place;
        let document = &source.document;
        let way = if root.node == document.root() {
            Pointer::default()
        } else {
            Pointer::parse(&document.pointer_of_span(document.span(root.node))?).ok()?
        };
        let pointer = Pointer::parse(&fragment).ok()?;
        let found = self.go(document, way.tokens().iter().chain(pointer.tokens()));
        if found.is_none() || !self.chosen.met.contains(&place) {
            // What is referred to may begin a resource itself: the pointer began further out.
            let own = document.pointer_of_span(document.span(place.node))?;
            let own = Pointer::parse(&own).ok()?;
            self.go(document, own.tokens().ends_with(pointer.tokens()).then(|| own.tokens())?)?;
        }
        self.chosen.met.contains(&place).then_some(())
    }

    /// Meets what a keyword holds, as far as it bears on the values.
    fn enter(&mut self, document: &Document, keyword: Keyword, held: NodeId) -> Option<()> {
        let here = |node: NodeId| Place { file: document.file(), node };
        match keyword {
            Keyword::Reference(ReferenceWord::DynamicRef | ReferenceWord::RecursiveRef) => {
                return None;
            }
            Keyword::Reference(
                ReferenceWord::Ref | ReferenceWord::Defs | ReferenceWord::Definitions,
            ) => return Some(()),
            Keyword::Array(_) if !self.extent.has_elements => return Some(()),
            Keyword::Array(_)
            | Keyword::Value(_)
            | Keyword::Number(_)
            | Keyword::Text(_)
            | Keyword::Object(_)
            | Keyword::Logic(_)
            | Keyword::Note(_) => {}
        }
        match (keyword.holds(), document.value(held)) {
            (Holds::Data, _) => {}
            (Holds::Schemas, document::Value::Array) => {
                self.chosen.around.insert(here(held));
                for element in document.elements(held) {
                    self.meet(here(*element));
                }
            }
            (Holds::Schemas, _) => self.meet(here(held)),
            (Holds::Named, _) => {
                self.chosen.around.insert(here(held));
                let is_of_all = keyword == Keyword::Object(ObjectWord::PatternProperties);
                for entry in document.members(held) {
                    // A list of names is no schema.
                    let is_list = document.value(entry.value) == document::Value::Array;
                    if !is_list && (is_of_all || self.extent.names.contains(entry.key.text)) {
                        self.meet(here(entry.value));
                    }
                }
            }
        }
        Some(())
    }
}

/// A text in the making.
struct Copying<'c> {
    excerpt: &'c Excerpt,
    sources: &'c Sources,
    left: &'c mut usize,
}

impl Copying<'_> {
    /// Recursion is as deep as the text nests, which the document's limits bound.
    fn copy(&mut self, document: &Document, node: NodeId) -> Result<Value, String> {
        *self.left = self.left.checked_sub(1).ok_or("the schema is too large to be judged")?;
        let file = document.file();
        let place = Place { file, node };
        match document.value(node) {
            document::Value::Boolean(says) => Ok(Value::Bool(says)),
            document::Value::Array => {
                let elements = document.elements(node).iter().map(|element| {
                    let is_in = self.excerpt.has(Place { file, node: *element });
                    if is_in { self.copy(document, *element) } else { Ok(unread()) }
                });
                Ok(Value::Array(elements.collect::<Result<_, _>>()?))
            }
            document::Value::Object if self.excerpt.met.contains(&place) => {
                self.schema(document, node)
            }
            document::Value::Object => {
                let mut members = Map::new();
                for member in document.members(node) {
                    let (key, place) = (member.key.text, Place { file, node: member.value });
                    if self.excerpt.has(place) {
                        members.insert(key.to_owned(), self.copy(document, member.value)?);
                    } else if names_something(key, document.value(member.value)) {
                        members.insert(key.to_owned(), self.data(document, member.value, key)?);
                    }
                }
                Ok(Value::Object(members))
            }
            document::Value::Null | document::Value::Number(_) | document::Value::String(_) => {
                Err("no schema stands where one is expected".to_owned())
            }
        }
    }

    fn schema(&mut self, document: &Document, node: NodeId) -> Result<Value, String> {
        let file = document.file();
        let place = Place { file, node };
        let foreign = self.sources.foreign.get(&place).map_or(&[][..], Vec::as_slice);
        let is_contested = self.sources.contested.contains(&place);
        let mut members = Map::new();
        for member in document.members(node) {
            let key = member.key.text;
            if foreign.contains(&key) || is_contested && matches!(key, "$id" | "id") {
                continue;
            }
            let is_in = self.excerpt.has(Place { file, node: member.value });
            let keyword = Keyword::parse(key).filter(|it| it.is_known_by(self.excerpt.dialect));
            let value = match keyword.map(|keyword| (keyword, keyword.holds())) {
                Some((Keyword::Note(_), _)) if key != "format" => continue,
                Some((_, Holds::Data)) => self.data(document, member.value, key)?,
                Some((Keyword::Reference(_), _)) | None if is_in => {
                    self.copy(document, member.value)?
                }
                Some((Keyword::Reference(_), _)) => continue,
                Some((keyword, Holds::Named)) => self.named(document, keyword, member.value)?,
                Some((_, Holds::Schemas)) if is_in => self.copy(document, member.value)?,
                Some((_, Holds::Schemas)) => left_out(document, member.value),
                None if names_something(key, document.value(member.value)) => {
                    self.data(document, member.value, key)?
                }
                None => continue,
            };
            members.insert(key.to_owned(), value);
        }
        Ok(Value::Object(members))
    }

    /// What is said of members by name. Where none is met, one is named all the same: to name members
    /// and to name none are refused in other words.
    fn named(
        &mut self,
        document: &Document,
        keyword: Keyword,
        held: NodeId,
    ) -> Result<Value, String> {
        let mut members = Map::new();
        for entry in document.members(held) {
            let is_list = document.value(entry.value) == document::Value::Array;
            let is_in = self.excerpt.has(Place { file: document.file(), node: entry.value });
            let value = if is_list {
                self.data(document, entry.value, "")?
            } else if is_in {
                self.copy(document, entry.value)?
            } else {
                continue;
            };
            let is_pattern = keyword == Keyword::Object(ObjectWord::PatternProperties);
            let key = entry.key.text;
            members.insert(if is_pattern { spelled(key) } else { key.to_owned() }, value);
        }
        let mut entries = document.members(held);
        if let (true, Some(first)) = (members.is_empty(), entries.next()) {
            members.insert(first.key.text.to_owned(), unread());
        }
        Ok(Value::Object(members))
    }

    fn data(&mut self, document: &Document, node: NodeId, key: &str) -> Result<Value, String> {
        if let ("$ref", Some(reference)) = (key, document.string(node)) {
            return Ok(Value::String(self.sources.reference(document.span(node), reference)));
        }
        let part = if key == "pattern" { Part::Patterns } else { Part::Data };
        text::copy(self.sources, document, node, part, self.left)
    }
}

/// Marks where schemas were left out: what they would be asked about is not there.
fn left_out(document: &Document, held: NodeId) -> Value {
    match document.value(held) {
        document::Value::Array => {
            Value::Array(document.elements(held).iter().map(|_| unread()).collect())
        }
        document::Value::Boolean(says) => Value::Bool(says),
        document::Value::Null
        | document::Value::Number(_)
        | document::Value::String(_)
        | document::Value::Object => unread(),
    }
}

/// Whether the member says what a schema is called, or in which draft it is written.
fn names_something(key: &str, value: document::Value<'_>) -> bool {
    let is_scalar = matches!(value, document::Value::String(_) | document::Value::Boolean(_));
    is_scalar && (key.starts_with('$') || key == "id")
}
