//! Documents as the validator takes them, with their unreadable schemas marked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jsonschema::{Keyword, ValidationError, ValidationOptions};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::instance::number;
use super::{Source, Sources, UNREAD};
use crate::document::{self, NodeId, Place};

/// How many values one text may be made of for the validator; aliases can make it explode.
const MAX_VALUES: usize = 20_000_000;

/// The whole text as a value. What could not be read is left out and its schema marked.
///
/// # Errors
/// In words, when the text is too large or a number cannot be judged.
pub(super) fn whole(sources: &Sources, source: &Source) -> Result<Value, String> {
    let mut left = MAX_VALUES;
    let root = source.document.root();
    copy(sources, source, root, &mut left)
}

/// A part of the text that is data.
///
/// # Errors
/// Like [`whole`].
pub(super) fn data(source: &Source, node: NodeId) -> Result<Value, String> {
    let nothing = Sources::default();
    copy(&nothing, source, node, &mut { MAX_VALUES })
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

/// The mark of a schema that cannot be read.
pub(super) fn unread() -> Value {
    json!({ UNREAD: true })
}

/// Recursion is as deep as the text nests, which the document's limits bound.
fn copy(
    sources: &Sources,
    source: &Source,
    node: NodeId,
    left: &mut usize,
) -> Result<Value, String> {
    *left = left.checked_sub(1).ok_or("the schema is too large to be judged")?;
    let document = &source.document;
    let place = Place { file: document.file(), node };
    let is_marked = sources.unread.contains_key(&place);
    Ok(match document.value(node) {
        document::Value::Object => {
            let mut members = Map::new();
            for member in document.members(node) {
                let span = document.span(member.value);
                if is_marked && sources.is_unread(place, member, span) {
                    continue;
                }
                let mut value = copy(sources, source, member.value, left)?;
                if let ("$ref", Value::String(reference)) = (member.key.text, &mut value) {
                    *reference = escaped(reference);
                }
                members.insert(member.key.text.to_owned(), value);
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
        document::Value::String(text) => Value::String(text.to_owned()),
        document::Value::Array => {
            let elements = document.elements(node).iter();
            let copied = elements.map(|each| copy(sources, source, *each, left));
            Value::Array(copied.collect::<Result<_, _>>()?)
        }
    })
}

/// Teaches the validator the mark: it accepts, and remembers that it was asked.
pub(super) fn refuse_unread<'o>(
    options: ValidationOptions<'o>,
    met: &Arc<AtomicBool>,
) -> ValidationOptions<'o> {
    let met = Arc::clone(met);
    options.with_keyword(UNREAD, move |_, _, _| Ok(Box::new(Mark(Arc::clone(&met)))))
}

struct Mark(Arc<AtomicBool>);

impl<'i> Keyword<'i> for Mark {
    fn validate(&self, _instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn is_valid(&self, _instance: &'i Value) -> bool {
        self.0.store(true, Ordering::Relaxed);
        true
    }
}
