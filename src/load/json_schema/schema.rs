//! One schema object while it is being read.

use std::sync::Arc;

use super::reader::{Context, SchemaReader};
use super::{Dialect, Keyword, values};
use crate::document::{Document, Documents, Member, NodeId, Place, Value};
use crate::load::ProblemKind;
use crate::model::{Decimal, Json, Shape, ShapeId, Stated, Unread};
use crate::source::Span;

/// A schema object, what surrounds it, and the shape that it is becoming.
pub(super) struct SchemaObject<'r, 's, 'd> {
    pub(super) reader: &'r mut SchemaReader,
    pub(super) documents: &'r mut Documents<'s>,
    pub(super) document: &'d Document,
    pub(super) place: Place,
    pub(super) context: Context,
    pub(super) shape: Shape,
}

impl<'r, 's, 'd> SchemaObject<'r, 's, 'd> {
    /// The shape of the schema written at `place`.
    pub(super) fn read(
        reader: &'r mut SchemaReader,
        documents: &'r mut Documents<'s>,
        document: &'d Document,
        place: Place,
        context: Context,
    ) -> Shape {
        let shape = Shape::anything(document.span(place.node));
        let mut object = Self { reader, documents, document, place, context, shape };
        match document.value(place.node) {
            Value::Object => object.read_members(),
            Value::Boolean(value) if object.dialect().has_boolean_schemas() => {
                object.shape.boolean = Some(value);
            }
            Value::Null
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array => {
                let span = object.shape.span.span;
                let name = object.dialect().name();
                object.wrong(span, &format!("this is no schema in {name}"));
            }
        }
        object.shape
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.context.dialect
    }

    /// The member of this keyword, where the dialect knows it.
    pub(super) fn sibling(&self, keyword: impl Into<Keyword>) -> Option<Member<'d>> {
        let keyword = keyword.into();
        if !keyword.is_known_by(self.dialect()) {
            return None;
        }
        self.document.member(self.place.node, keyword.word())
    }

    /// The shape of a schema below this one.
    pub(super) fn child(&mut self, node: NodeId) -> ShapeId {
        let place = Place { file: self.place.file, node };
        self.reader.child(self.document, place, self.context)
    }

    /// The shape of a schema that may be a boolean in every dialect.
    pub(super) fn child_or_boolean(&mut self, node: NodeId) -> ShapeId {
        match self.document.value(node) {
            Value::Boolean(value) if !self.dialect().has_boolean_schemas() => {
                let span = self.document.span(node);
                let shape = Shape { boolean: Some(value), ..Shape::anything(span) };
                self.reader.shapes_mut().add(shape)
            }
            Value::Boolean(_)
            | Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Array
            | Value::Object => self.child(node),
        }
    }

    /// The shapes of an array of schemas.
    pub(super) fn children(&mut self, member: Member<'_>) -> Option<Vec<ShapeId>> {
        if self.document.value(member.value) != Value::Array {
            self.expected(member, "an array of schemas");
            return None;
        }
        let elements = self.document.elements(member.value);
        Some(elements.iter().map(|element| self.child(*element)).collect())
    }

    /// The members of an object-valued keyword.
    pub(super) fn entries(&mut self, member: Member<'_>) -> Vec<Member<'d>> {
        if self.document.value(member.value) != Value::Object {
            self.expected(member, "an object");
            return Vec::new();
        }
        self.document.members(member.value).collect()
    }

    /// A count: a non-negative integer, however it is written from draft-06 on.
    pub(super) fn count(&mut self, member: Member<'_>) -> Option<Stated<u64>> {
        let number = self.number(member)?;
        let Some(value) = number.value.to_count() else {
            self.expected(member, "a non-negative integer");
            return None;
        };
        Some(Stated { value, span: number.span })
    }

    /// An exact number.
    pub(super) fn number(&mut self, member: Member<'_>) -> Option<Stated<Decimal>> {
        let Value::Number(text) = self.document.value(member.value) else {
            self.expected(member, "a number");
            return None;
        };
        match values::decimal(text) {
            Ok(value) => Some(Stated { value, span: self.whole(member) }),
            Err(reason) => {
                let word = member.key.text;
                self.refuse(self.whole(member), &format!("`{word}` is not read: {reason}"));
                None
            }
        }
    }

    /// A boolean.
    pub(super) fn flag(&mut self, member: Member<'_>) -> Option<Stated<bool>> {
        let Value::Boolean(value) = self.document.value(member.value) else {
            self.expected(member, "a boolean");
            return None;
        };
        Some(Stated { value, span: self.whole(member) })
    }

    /// A string.
    pub(super) fn text(&mut self, member: Member<'_>) -> Option<Stated<Arc<str>>> {
        let Value::String(text) = self.document.value(member.value) else {
            self.expected(member, "a string");
            return None;
        };
        Some(Stated { value: text.into(), span: self.whole(member) })
    }

    /// Any value.
    pub(super) fn json(&mut self, member: Member<'_>) -> Option<Stated<Json>> {
        let span = self.whole(member);
        self.json_at(member.value, span)
    }

    /// Any value, stated at `span`.
    pub(super) fn json_at(&mut self, node: NodeId, span: Span) -> Option<Stated<Json>> {
        match values::json(self.document, node) {
            Ok(value) => Some(Stated { value, span }),
            Err(reason) => {
                self.refuse(span, &format!("this value is not read: {reason}"));
                None
            }
        }
    }

    /// From the key of a member to the end of its value.
    pub(super) fn whole(&self, member: Member<'_>) -> Span {
        let value = self.document.span(member.value);
        let key = member.key.span;
        if value.file == key.file && value.end >= key.start {
            Span { end: value.end, ..key }
        } else {
            // An alias: its value is written elsewhere.
            key
        }
    }

    /// A keyword of the wrong type is a problem and leaves the shape unread. In descriptions of
    /// HTTP APIs `null` is how many tools write "nothing", and is read so.
    pub(super) fn expected(&mut self, member: Member<'_>, what: &str) {
        let span = self.whole(member);
        let word = member.key.text;
        if self.dialect().is_lenient() && self.document.value(member.value) == Value::Null {
            self.warn(span, format!("`{word}` is null and read as if it were absent"));
        } else {
            self.wrong(span, &format!("`{word}` must be {what}"));
        }
    }

    /// What cannot be used, and may matter to the meaning of the shape.
    pub(super) fn wrong(&mut self, span: Span, message: &str) {
        self.reader.report(ProblemKind::Part, span, message.to_owned());
        self.shape.unread.push(Unread { reason: message.into(), span });
    }

    /// What would cost too much to read.
    pub(super) fn refuse(&mut self, span: Span, message: &str) {
        self.reader.report(ProblemKind::Refused, span, message.to_owned());
        self.shape.unread.push(Unread { reason: message.into(), span });
    }

    /// What is read in the closest sense.
    pub(super) fn warn(&mut self, span: Span, message: String) {
        self.reader.report(ProblemKind::Warning, span, message);
    }
}
