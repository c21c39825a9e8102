//! One schema by itself, for somebody who compares schemas: what it reaches stands in definitions of
//! ours, and what says nothing of values is left out.
//!
//! **Invariant:** it says the same as the source, or there is none. What moves with the texts around
//! it (embedded resources, dynamic references, drafts that change within) is not taken along.

use std::collections::{HashMap, HashSet, VecDeque};

use foldhash::fast::RandomState;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

use super::super::Dialect;
use super::super::dialect::Declaration;
use super::super::keyword::{
    Holds, Keyword, NoteWord, ObjectWord, ReferenceWord, TextWord, ValueWord,
};
use super::formats::{Alike, alike};
use super::patterns::spelled;
use super::text::plain;
use super::{Source, Sources, closure, registry};
use crate::document::{self, Document, Member, NodeId, Place};
use crate::load::{Reading, Standalone};
use crate::source::FileId;

/// How many schemas are worth handing over: beyond it the other engine takes longer than its
/// opinion is worth.
const MAX_SCHEMAS: usize = 1_000;

/// The schema at a place with everything that it reaches; `None` where it would not say the same.
pub(super) fn standalone(
    sources: &Sources,
    place: Place,
    how: Reading,
    prefix: &str,
) -> Option<Standalone> {
    let dialect = in_force(sources.get(place.file)?)?;
    let Some(draft) = registry::draft(dialect) else {
        return translated(sources, (place, dialect), how, prefix);
    };
    let mut copy = Copy {
        sources,
        dialect,
        draft,
        how,
        prefix,
        left: MAX_SCHEMAS,
        names: HashMap::default(),
        pending: VecDeque::new(),
        plain: HashSet::default(),
    };
    let root = copy.refer(place)?;
    let mut definitions = Map::new();
    while let Some((name, place)) = copy.pending.pop_front() {
        definitions.insert(name, copy.schema(place)?);
    }
    Some(Standalone { root, definitions, draft })
}

/// The same of a description of an HTTP API, whose schemas are translated.
fn translated(
    sources: &Sources,
    (place, dialect): (Place, Dialect),
    how: Reading,
    prefix: &str,
) -> Option<Standalone> {
    if !sources.unread.is_empty() {
        return None;
    }
    let Ok(Value::Object(mut whole)) = closure::closure(sources, place, dialect, how, prefix)
    else {
        return None;
    };
    let Some(Value::Object(definitions)) = whole.remove("$defs") else { return None };
    let draft = Draft::Draft202012;
    let mut left = MAX_SCHEMAS * 8;
    let is_fit = |value| is_fit(value, how, draft, &mut left);
    let are_fit = definitions.values().all(is_fit);
    are_fit.then_some(Standalone { root: Value::Object(whole), definitions, draft })
}

/// Whether the value says nothing of formats that others read otherwise, and is small.
fn is_fit(value: &Value, how: Reading, draft: Draft, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else { return false };
    *left = rest;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(values) => values.iter().all(|each| is_fit(each, how, draft, left)),
        Value::Object(members) => members.iter().all(|(word, each)| {
            let is_alike = match (word.as_str(), each) {
                ("format", Value::String(name)) if how.assert_formats => {
                    alike(name, draft) == Alike::Asserted
                }
                ("contentEncoding", Value::String(_)) => !how.assert_formats,
                _ => true,
            };
            is_alike && is_fit(each, how, draft, left)
        }),
    }
}

/// A copy in the making.
struct Copy<'s> {
    sources: &'s Sources,
    dialect: Dialect,
    draft: Draft,
    how: Reading,
    prefix: &'s str,
    left: usize,
    names: HashMap<Place, String, RandomState>,
    pending: VecDeque<(String, Place)>,
    /// The files that were found to be of one piece.
    plain: HashSet<FileId, RandomState>,
}

impl<'s> Copy<'s> {
    /// A schema that means the one at the place.
    fn refer(&mut self, place: Place) -> Option<Value> {
        let sources = self.sources;
        let source = sources.get(place.file)?;
        if !self.plain.contains(&place.file) {
            if in_force(source)? != self.dialect || !is_of_one_piece(&source.document, self.dialect)
            {
                return None;
            }
            self.plain.insert(place.file);
        }
        let next = self.names.len();
        let (pending, prefix) = (&mut self.pending, self.prefix);
        let name = self.names.entry(place).or_insert_with(|| {
            let name = format!("{prefix}{next}");
            pending.push_back((name.clone(), place));
            name
        });
        Some(json!({ "$ref": format!("#/$defs/{name}") }))
    }

    fn schema(&mut self, place: Place) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let sources = self.sources;
        let source = sources.get(place.file)?;
        if sources.unread.contains_key(&place) {
            return None;
        }
        match source.document.value(place.node) {
            document::Value::Boolean(says) => Some(Value::Bool(says)),
            document::Value::Object => {
                let reference = source.document.member(place.node, "$ref");
                if let Some(member) = reference.filter(|_| self.dialect.reference_stands_alone()) {
                    return self.reference(source, member);
                }
                let mut said = Map::new();
                for member in source.document.members(place.node) {
                    self.member(source, member, &mut said)?;
                }
                Some(Value::Object(said))
            }
            document::Value::Null
            | document::Value::Number(_)
            | document::Value::String(_)
            | document::Value::Array => None,
        }
    }

    fn member(
        &mut self,
        source: &'s Source,
        member: Member<'_>,
        said: &mut Map<String, Value>,
    ) -> Option<()> {
        let word = member.key.text;
        // What the dialect does not know says nothing.
        let Some(keyword) = Keyword::parse(word).filter(|it| it.is_known_by(self.dialect)) else {
            return Some(());
        };
        let value = match keyword {
            Keyword::Reference(ReferenceWord::Ref) => {
                let Value::Object(reference) = self.reference(source, member)? else { return None };
                said.extend(reference);
                return Some(());
            }
            Keyword::Reference(ReferenceWord::DynamicRef | ReferenceWord::RecursiveRef)
            | Keyword::Value(ValueWord::Nullable | ValueWord::XNullable) => return None,
            Keyword::Note(NoteWord::Format) if self.how.assert_formats => {
                let name = source.document.string(member.value)?;
                match alike(name, self.draft) {
                    Alike::Asserted => json!(name),
                    Alike::Nothing => return Some(()),
                    Alike::Otherwise => return None,
                }
            }
            Keyword::Text(TextWord::ContentEncoding) if self.how.assert_formats => return None,
            Keyword::Reference(ReferenceWord::Defs | ReferenceWord::Definitions)
            | Keyword::Note(_)
            | Keyword::Text(
                TextWord::ContentEncoding | TextWord::ContentMediaType | TextWord::ContentSchema,
            ) => return Some(()),
            Keyword::Text(TextWord::Pattern) => {
                Value::String(spelled(source.document.string(member.value)?))
            }
            Keyword::Value(_)
            | Keyword::Number(_)
            | Keyword::Text(TextWord::MinLength | TextWord::MaxLength)
            | Keyword::Array(_)
            | Keyword::Object(_)
            | Keyword::Logic(_) => self.held(source, member, keyword)?,
        };
        said.insert(word.to_owned(), value);
        Some(())
    }

    fn held(&mut self, source: &Source, member: Member<'_>, keyword: Keyword) -> Option<Value> {
        let document = &source.document;
        let here = |node: NodeId| Place { file: document.file(), node };
        match (keyword.holds(), document.value(member.value)) {
            (Holds::Data, _) => plain(document, member.value).ok(),
            (Holds::Schemas, document::Value::Array) => {
                let elements = document.elements(member.value).iter();
                elements.map(|node| self.schema(here(*node))).collect::<Option<_>>()
            }
            (Holds::Schemas, _) => self.schema(here(member.value)),
            (Holds::Named, _) => {
                let mut named = Map::new();
                for entry in document.members(member.value) {
                    let value = if document.value(entry.value) == document::Value::Array {
                        plain(document, entry.value).ok()?
                    } else {
                        self.schema(here(entry.value))?
                    };
                    let key = if keyword == Keyword::Object(ObjectWord::PatternProperties) {
                        spelled(entry.key.text)
                    } else {
                        entry.key.text.to_owned()
                    };
                    named.insert(key, value);
                }
                Some(Value::Object(named))
            }
        }
    }

    fn reference(&mut self, source: &Source, member: Member<'_>) -> Option<Value> {
        let text = source.document.string(member.value)?;
        // A text that names itself gives its relative references another meaning.
        if source.uri.is_some() && !text.starts_with('#') {
            return None;
        }
        let from = Place { file: source.document.file(), node: member.value };
        self.refer(self.sources.named(from, text)?)
    }
}

/// What a text is written in; `None` where it calls for a metaschema of somebody's own.
pub(super) fn in_force(source: &Source) -> Option<Dialect> {
    if source.dialect.identifier().is_none() {
        return Some(source.dialect);
    }
    match Dialect::declared(&source.document, source.document.root()) {
        Declaration::Known(declared) => Some(declared),
        Declaration::Absent => Some(source.dialect),
        Declaration::Unknown(_) => None,
    }
}

/// Whether nothing in the text but its root names a resource or a draft.
fn is_of_one_piece(document: &Document, dialect: Dialect) -> bool {
    let says =
        |node, word| document.get(node, word).is_some_and(|it| document.string(it).is_some());
    let identifier = dialect.identifier();
    document.nodes().filter(|node| *node != document.root()).all(|node| {
        document.value(node) != document::Value::Object
            || !(says(node, "$schema") || identifier.is_some_and(|word| says(node, word)))
    })
}
