//! JSON (RFC 8259) with positions.
//!
//! The reader keeps its own stack, so nesting costs heap and never the thread's stack. It is
//! stricter than the grammar in two places, because what follows is compared: names within an
//! object are distinct, and an escape may not leave half a surrogate pair.

mod cursor;
mod number;
mod string;

#[cfg(test)]
mod suite;

use std::sync::Arc;

use crate::source::FileId;

use super::members::{Pending, refuse_repeated};
use super::text::{Fault, offset, place, too_many};
use super::{Document, DocumentBuilder, DocumentErrorKind, Element, Limits, NodeId};
use cursor::Cursor;

/// Reads one JSON text.
///
/// # Errors
/// The first departure from RFC 8259, a repeated name, or nesting beyond `max-depth`, or more than `max-values`.
pub(super) fn read(file: FileId, text: &Arc<str>, limits: &Limits) -> Result<Document, Fault> {
    let mut reader = Reader {
        text,
        cursor: Cursor::new(text),
        builder: DocumentBuilder::new(file, Arc::clone(text)),
        frames: Vec::new(),
        elements: Vec::new(),
        keys: Vec::new(),
        members: Vec::new(),
        max_depth: limits.max_depth,
        max_values: limits.max_values,
    };
    let root = reader.read()?;
    Ok(reader.builder.finish(root))
}

struct Reader<'t> {
    text: &'t str,
    cursor: Cursor<'t>,
    builder: DocumentBuilder,
    /// The containers that are open.
    frames: Vec<Frame>,
    /// The elements so far of all open arrays, innermost last.
    elements: Vec<NodeId>,
    /// The names that wait for their value, one for each open object.
    keys: Vec<Name>,
    /// The members so far of all open objects, innermost last.
    members: Vec<Pending>,
    max_depth: usize,
    max_values: usize,
}

type Name = (Element, u32, u32);

#[derive(Clone, Copy)]
enum Frame {
    Array { start: u32, first: usize },
    Object { start: u32, first: usize },
}

impl Reader<'_> {
    fn read(&mut self) -> Result<NodeId, Fault> {
        loop {
            let Some(mut node) = self.begin()? else { continue };
            loop {
                match self.frames.last().copied() {
                    None => return self.end().map(|()| node),
                    Some(Frame::Array { start, first }) => {
                        self.elements.push(node);
                        match self.after_element(start, first)? {
                            Some(array) => node = array,
                            None => break,
                        }
                    }
                    Some(Frame::Object { start, first }) => {
                        if let Some((name, from, to)) = self.keys.pop() {
                            self.members.push((name, from, to, node));
                        }
                        match self.after_member(start, first)? {
                            Some(object) => node = object,
                            None => break,
                        }
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty container; of any other container only what precedes its first
    /// value, and then there is no node yet.
    fn begin(&mut self) -> Result<Option<NodeId>, Fault> {
        self.cursor.skip_space();
        let start = self.cursor.at();
        if self.builder.count() + self.frames.len() >= self.max_values {
            return Err(too_many(self.max_values, start));
        }
        match self.cursor.peek() {
            Some(b'"') => {
                let content = string::read(&mut self.cursor)?;
                Ok(Some(self.builder.string(start, self.cursor.at(), content)))
            }
            Some(b'{') => self.begin_object(start),
            Some(b'[') => self.begin_array(start),
            Some(b'-' | b'0'..=b'9') => {
                number::read(&mut self.cursor)?;
                let end = self.cursor.at();
                Ok(Some(self.builder.number(start, end, Element::Slice(start, end))))
            }
            _ => self.begin_word(start).map(Some),
        }
    }

    fn begin_object(&mut self, start: u32) -> Result<Option<NodeId>, Fault> {
        self.open(Frame::Object { start, first: self.members.len() }, start)?;
        self.cursor.skip_space();
        if self.cursor.take(b'}') {
            return self.close_object(start, self.members.len()).map(Some);
        }
        self.name()?;
        Ok(None)
    }

    fn begin_array(&mut self, start: u32) -> Result<Option<NodeId>, Fault> {
        self.open(Frame::Array { start, first: self.elements.len() }, start)?;
        self.cursor.skip_space();
        if self.cursor.take(b']') {
            return Ok(Some(self.close_array(start, self.elements.len())));
        }
        Ok(None)
    }

    fn begin_word(&mut self, start: u32) -> Result<NodeId, Fault> {
        let length = self.cursor.word_length();
        let end = start + offset(length);
        let node = match self.cursor.ahead(length) {
            b"true" => self.builder.boolean(start, end, true),
            b"false" => self.builder.boolean(start, end, false),
            b"null" => self.builder.null(start, end),
            _ => return Err(self.cursor.unexpected("a value")),
        };
        self.cursor.advance(length);
        Ok(node)
    }

    fn open(&mut self, frame: Frame, start: u32) -> Result<(), Fault> {
        if self.frames.len() >= self.max_depth {
            let message = format!(
                "arrays and objects are nested deeper than the limit max-depth = {}",
                self.max_depth
            );
            return Err(Fault::new(DocumentErrorKind::Limit, message, start, start + 1));
        }
        self.frames.push(frame);
        self.cursor.advance(1);
        Ok(())
    }

    /// A name and its colon.
    fn name(&mut self) -> Result<(), Fault> {
        let start = self.cursor.at();
        if self.cursor.peek() != Some(b'"') {
            return Err(self.cursor.unexpected("a name in double quotes"));
        }
        let name = string::read(&mut self.cursor)?;
        self.keys.push((name, start, self.cursor.at()));
        self.cursor.skip_space();
        if self.cursor.take(b':') {
            return Ok(());
        }
        Err(self.cursor.unexpected("`:` after the name"))
    }

    /// What follows an element: the array if it ends there, nothing if another element comes.
    fn after_element(&mut self, start: u32, first: usize) -> Result<Option<NodeId>, Fault> {
        self.cursor.skip_space();
        if self.cursor.take(b']') {
            return Ok(Some(self.close_array(start, first)));
        }
        if !self.cursor.take(b',') {
            return Err(self.unclosed(start, "`,` or `]`"));
        }
        self.refuse_trailing_comma(b']')?;
        Ok(None)
    }

    /// What follows a member: the object if it ends there, nothing once the next name is read.
    fn after_member(&mut self, start: u32, first: usize) -> Result<Option<NodeId>, Fault> {
        self.cursor.skip_space();
        if self.cursor.take(b'}') {
            return self.close_object(start, first).map(Some);
        }
        if !self.cursor.take(b',') {
            return Err(self.unclosed(start, "`,` or `}`"));
        }
        self.refuse_trailing_comma(b'}')?;
        self.name()?;
        Ok(None)
    }

    fn close_array(&mut self, start: u32, first: usize) -> NodeId {
        self.frames.pop();
        let items = self.elements.get(first..).unwrap_or_default();
        let node = self.builder.array(start, self.cursor.at(), items);
        self.elements.truncate(first);
        node
    }

    fn close_object(&mut self, start: u32, first: usize) -> Result<NodeId, Fault> {
        self.frames.pop();
        let entries = self.members.get(first..).unwrap_or_default();
        refuse_repeated(self.text, entries)?;
        Ok(self.builder.object(start, self.cursor.at(), self.members.drain(first..)))
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.cursor.skip_space();
        if self.cursor.peek().is_none() {
            return Ok(());
        }
        Err(self.cursor.unexpected("the end of the text after its one value"))
    }

    fn refuse_trailing_comma(&mut self, close: u8) -> Result<(), Fault> {
        let comma = self.cursor.at() - 1;
        self.cursor.skip_space();
        if self.cursor.peek() != Some(close) {
            return Ok(());
        }
        let message = format!("JSON allows no `,` before `{}`", char::from(close));
        Err(Fault::new(DocumentErrorKind::Malformed, message, comma, comma + 1))
    }

    fn unclosed(&self, start: u32, expected: &str) -> Fault {
        if self.cursor.peek().is_some() {
            return self.cursor.unexpected(expected);
        }
        let opened = place(self.text, start);
        self.cursor.unexpected(&format!("{expected} for what was opened at {opened}"))
    }
}
