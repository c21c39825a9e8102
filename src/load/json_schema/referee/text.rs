//! Documents as the validator takes them, with their unreadable schemas marked.

use std::cell::Cell;

use jsonschema::{Keyword, ValidationError, ValidationOptions};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::super::Dialect;
use super::super::dialect::Declaration;
use super::instance::number;
use super::patterns::spelled;
use super::{Source, Sources, UNREAD};
use crate::document::{self, Document, NodeId, Place};
use crate::model::Decimal;
use crate::source::Span;

/// How many values one text may be made of for the validator; aliases can make it explode.
pub(super) const MAX_VALUES: usize = 20_000_000;

/// The whole text as a value. What could not be read is left out and its schema marked.
///
/// # Errors
/// In words, when the text is too large or a number cannot be judged.
pub(super) fn whole(sources: &Sources, source: &Source) -> Result<Value, String> {
    let mut left = MAX_VALUES;
    let root = source.document.root();
    copy(sources, &source.document, root, Part::Schema, &mut left)
}

/// A part of a text as it stands.
///
/// # Errors
/// Like [`whole`].
pub(in crate::load::json_schema) fn plain(
    document: &Document,
    node: NodeId,
) -> Result<Value, String> {
    copy(&Sources::default(), document, node, Part::Data, &mut { MAX_VALUES })
}

/// A part of the text that is data.
///
/// # Errors
/// Like [`whole`].
pub(super) fn data(source: &Source, node: NodeId) -> Result<Value, String> {
    plain(&source.document, node)
}

/// What a part of a text is about, as far as that can be seen from above.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Schemas.
    Schema,
    /// A pattern, or an object whose keys are patterns.
    Patterns,
    /// Data, in which nothing is a keyword.
    Data,
}

impl Part {
    pub(super) fn of_member(self, key: &str) -> Self {
        match (self, key) {
            (Self::Data, _) | (_, "const" | "enum" | "default" | "examples") => Self::Data,
            (Self::Schema, "pattern" | "patternProperties") => Self::Patterns,
            (Self::Schema | Self::Patterns, _) => Self::Schema,
        }
    }
}

impl Sources {
    /// A reference as the validator takes it.
    pub(super) fn reference(&self, at: Span, text: &str) -> String {
        escaped(&self.by_own_name(at, text).unwrap_or_else(|| text.to_owned()))
    }

    /// The `$schema` of a schema as the validator takes it, which follows no metaschema of somebody's
    /// own to the draft that this is written in. `None` where the schema is read as what stands around
    /// it.
    fn declaration(&self, schema: Place, document: &Document) -> Option<String> {
        match Dialect::declared(document, schema.node) {
            Declaration::Absent => None,
            Declaration::Known(_) => {
                let said = document.get(schema.node, "$schema");
                said.and_then(|said| document.string(said)).map(str::to_owned)
            }
            Declaration::Unknown(_) => {
                let resource = self.resources.get(self.around(schema)?)?;
                let own = resource.dialect.filter(|_| resource.place == schema)?;
                own.metaschema().map(str::to_owned)
            }
        }
    }
}

/// A reference with the bytes escaped that no URI has (RFC 3986 §2): names such as `List<T>` are
/// referred to as they are written.
fn escaped(reference: &str) -> String {
    const FOREIGN: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(reference, FOREIGN).to_string()
}

/// The keywords that state a count.
const COUNTS: [&str; 8] = [
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
];

/// Takes the largest count that the validator reads for a larger one: no value is of either size.
pub(super) fn limit_count(count: &mut Value) {
    let Value::Number(number) = &*count else { return };
    let exact = number.to_string().parse::<Decimal>().ok();
    if exact.and_then(|exact| exact.to_count()) == Some(u64::MAX) {
        *count = json!(u64::MAX);
    }
}

/// The mark of a schema that cannot be read.
pub(super) fn unread() -> Value {
    json!({ UNREAD: true })
}

/// Recursion is as deep as the text nests, which the document's limits bound.
pub(super) fn copy(
    sources: &Sources,
    document: &Document,
    node: NodeId,
    part: Part,
    left: &mut usize,
) -> Result<Value, String> {
    *left = left.checked_sub(1).ok_or("the schema is too large to be judged")?;
    let place = Place { file: document.file(), node };
    let is_marked = sources.unread.contains_key(&place);
    let is_contested = sources.contested.contains(&place);
    let foreign = sources.foreign.get(&place).map_or(&[][..], Vec::as_slice);
    Ok(match document.value(node) {
        document::Value::Object => {
            let mut members = Map::new();
            for member in document.members(node) {
                let span = document.span(member.value);
                if is_marked && sources.is_unread(place, member, span) {
                    continue;
                }
                let is_contested = is_contested && matches!(member.key.text, "$id" | "id");
                if is_contested || foreign.contains(&member.key.text) {
                    continue;
                }
                let (key, inner) = (member.key.text, part.of_member(member.key.text));
                let mut value = copy(sources, document, member.value, inner, left)?;
                if let (true, Value::String(text)) = (inner != Part::Data, &mut value) {
                    match key {
                        "$ref" => *text = sources.reference(document.span(node), text),
                        "$schema" => match sources.declaration(place, document) {
                            Some(uri) => *text = uri,
                            None => continue,
                        },
                        _ => {}
                    }
                }
                if inner != Part::Data && COUNTS.contains(&key) {
                    limit_count(&mut value);
                }
                let key = if part == Part::Patterns { spelled(key) } else { key.to_owned() };
                members.insert(key, value);
            }
            if is_marked {
                members.insert(UNREAD.to_owned(), Value::Bool(true));
            }
            Value::Object(members)
        }
        _ if is_marked => unread(),
        document::Value::Null => Value::Null,
        document::Value::Boolean(value) => Value::Bool(value),
        document::Value::Number(token) => Value::Number(number(token)?),
        document::Value::String(text) if part == Part::Patterns => Value::String(spelled(text)),
        document::Value::String(text) => Value::String(text.to_owned()),
        document::Value::Array => {
            let elements = document.elements(node).iter();
            let copied = elements.map(|each| copy(sources, document, *each, part, left));
            Value::Array(copied.collect::<Result<_, _>>()?)
        }
    })
}

/// What a value met while it was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// Schemas that could be read.
    Read,
    /// A schema that could not.
    Unread,
}

thread_local! {
    /// What the value has met that this thread is judging: one schema may judge on several.
    static MET: Cell<Met> = const { Cell::new(Met::Read) };
}

/// Does the judging, and says whether the value met the mark.
pub(super) fn meeting_unread<T>(judge: impl FnOnce() -> T) -> (T, Met) {
    MET.set(Met::Read);
    let judged = judge();
    (judged, MET.get())
}

/// Teaches the validator the mark: it accepts, and remembers that it was asked.
pub(super) fn refuse_unread(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options.with_keyword(UNREAD, |_, _, _| Ok(Box::new(Mark)))
}

/// Takes note that the value has met what cannot be read, or judged here.
pub(super) fn meet_unread() {
    MET.set(Met::Unread);
}

struct Mark;

impl<'i> Keyword<'i> for Mark {
    fn validate(&self, _instance: &'i Value) -> Result<(), ValidationError<'i>> {
        meet_unread();
        Ok(())
    }

    fn is_valid(&self, _instance: &'i Value) -> bool {
        meet_unread();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_one_that_the_validator_reads() {
        let greatest = "18446744073709551615";
        for (stated, read) in
            [("3", "3"), (greatest, greatest), ("1e20", greatest), ("1e400", greatest)]
        {
            let mut count: Value = serde_json::from_str(stated).unwrap();
            limit_count(&mut count);
            assert_eq!(count.to_string(), read, "{stated}");
        }
    }
}
