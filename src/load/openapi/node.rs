//! A place in a document, with the document at hand.

use std::sync::Arc;

use crate::document::{Document, NodeId, Place, Value};
use crate::source::Span;

/// A node together with its document; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Node {
    document: Arc<Document>,
    id: NodeId,
}

impl Node {
    /// The node of this id.
    pub(super) fn new(document: Arc<Document>, id: NodeId) -> Self {
        Self { document, id }
    }

    /// The outermost node of a document.
    pub(super) fn root(document: Arc<Document>) -> Self {
        let id = document.root();
        Self { document, id }
    }

    /// Its identity among all documents of a side.
    pub(super) fn place(&self) -> Place {
        Place { file: self.document.file(), node: self.id }
    }

    /// Where it is written.
    pub(super) fn span(&self) -> Span {
        self.document.span(self.id)
    }

    /// The document that it is part of.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// Its id in that document.
    pub(super) fn id(&self) -> NodeId {
        self.id
    }

    /// What it holds.
    pub(super) fn value(&self) -> Value<'_> {
        self.document.value(self.id)
    }

    /// Whether it is an object.
    pub(super) fn is_object(&self) -> bool {
        matches!(self.value(), Value::Object)
    }

    /// Whether it is an array.
    pub(super) fn is_array(&self) -> bool {
        matches!(self.value(), Value::Array)
    }

    /// Whether it is `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.value(), Value::Null)
    }

    /// The member of this name, whatever it holds.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let id = self.document.get(self.id, name)?;
        Some(Self { document: Arc::clone(&self.document), id })
    }

    /// Name, where the name is written, and value of each member.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, Span, Self)> {
        self.document.members(self.id).map(|member| {
            let node = Self { document: Arc::clone(&self.document), id: member.value };
            (member.key.text, member.key.span, node)
        })
    }

    /// The elements of an array.
    pub(super) fn elements(&self) -> impl Iterator<Item = Self> {
        let ids = self.document.elements(self.id).iter();
        ids.map(|id| Self { document: Arc::clone(&self.document), id: *id })
    }

    /// The string, if it is one.
    pub(super) fn string(&self) -> Option<&str> {
        self.document.string(self.id)
    }

    /// The text of a scalar as its author wrote it: an unquoted `1.10` stays `1.10`.
    pub(super) fn scalar(&self) -> Option<Arc<str>> {
        match self.value() {
            Value::String(text) => Some(text.into()),
            Value::Number(_) | Value::Boolean(_) => {
                let Span { start, end, file: _ } = self.span();
                let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
                self.document.text().get(range).map(Into::into)
            }
            Value::Null | Value::Array | Value::Object => None,
        }
    }
}
