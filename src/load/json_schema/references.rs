//! `$ref`, `$dynamicRef`, `$recursiveRef`: from a reference to the schema it means.

use std::sync::Arc;

use jsonschema::Uri;
use percent_encoding::percent_decode_str;

use super::keyword::ReferenceWord;
use super::reader::{Context, SchemaReader, descend};
use super::resources::{Resource, ResourceId, resolve, split};
use super::schema::SchemaObject;
use crate::document::{
    Document, DocumentError, DocumentErrorKind, Documents, Member, NodeId, Place, Pointer, Value,
};
use crate::load::ProblemKind;
use crate::model::{Reference, Shape, Stated, Unread};
use crate::source::{FileId, Span};

/// What a reference was found to mean.
struct Target {
    place: Place,
    /// The plain name it ended in, if that name is a dynamic anchor.
    dynamic: Option<Arc<str>>,
}

impl SchemaObject<'_, '_, '_> {
    /// Reads one of the referring keywords.
    pub(super) fn read_reference(&mut self, word: ReferenceWord, member: Member<'_>) {
        if matches!(word, ReferenceWord::Defs | ReferenceWord::Definitions) {
            // Named schemas are read when something refers to them.
            return;
        }
        let Value::String(text) = self.document.value(member.value) else {
            self.expected(member, "a string");
            return;
        };
        let span = self.whole(member);
        let found = match word {
            ReferenceWord::Defs | ReferenceWord::Definitions => return,
            ReferenceWord::RecursiveRef => self.recursive(text, span),
            ReferenceWord::Ref | ReferenceWord::DynamicRef => {
                self.reader.follow(self.documents, self.context, self.place.file, text, span)
            }
        };
        let target = match found {
            Ok(target) => target,
            Err(error) => return self.dangling(text, error, span),
        };
        let mut place = target.place;
        if word == ReferenceWord::DynamicRef
            && let Some(name) = target.dynamic
            && let Some(winner) = self.reader.scopes.winner(self.context.scope, &name)
        {
            place = winner;
        }
        let Some(document) = self.documents.document(place.file) else { return };
        let Context { dialect, resource: _, scope } = self.context;
        let target = self.reader.reach(&document, place, dialect, scope);
        let reference = Reference { target, name: text.into(), span };
        if self.shape.reference.is_none() {
            self.shape.reference = Some(reference);
        } else {
            // `$ref` and `$dynamicRef` side by side: both apply.
            let both = Shape { reference: Some(reference), ..Shape::anything(span) };
            let both = self.reader.shapes_mut().add(both);
            self.shape.logic.edit().all_of.push(both);
        }
    }

    /// Properties that are written elsewhere. The text of a reference is no schema, so a property of that
    /// name cannot be meant; tools that join files put what it points to in its place.
    pub(super) fn read_borrowed(&mut self, entry: Member<'_>, text: &str) {
        let span = self.whole(entry);
        let followed =
            self.reader.follow(self.documents, self.context, self.place.file, text, span);
        let place = match followed {
            Ok(target) => target.place,
            Err(error) => return self.dangling(text, error, span),
        };
        let message = "`$ref` among `properties` is no property: read as the properties that it \
                       points to";
        self.warn(span, message.to_owned());
        let Some(document) = self.documents.document(place.file) else { return };
        let Context { dialect, resource: _, scope } = self.context;
        for member in document.members(place.node).filter(|member| member.key.text != "$ref") {
            let there = Place { file: place.file, node: member.value };
            let value = self.reader.reach(&document, there, dialect, scope);
            let shape = Stated { value, span: member.key.span };
            Arc::make_mut(&mut self.shape.object.edit().properties)
                .insert(member.key.text.into(), shape);
        }
    }

    /// 2019-09, 8.2.4.2.1: `#` first, then the outermost root that allows to be meant.
    fn recursive(&mut self, text: &str, span: Span) -> Result<Target, DocumentError> {
        let root = self.reader.resources.get(self.context.resource);
        let (Some(root), "#") = (root, text) else {
            let message = "`$recursiveRef` can only be `#`".to_owned();
            return Err(DocumentError { kind: DocumentErrorKind::Malformed, message, span });
        };
        let winner = self.reader.scopes.recursive(self.context.scope).filter(|_| root.recursive);
        Ok(Target { place: winner.unwrap_or(root.place), dynamic: None })
    }

    /// The metaschema that a `$schema` names, where a file of the snapshot is it.
    pub(super) fn metaschema(&mut self, uri: &str) -> Option<(Arc<Document>, NodeId)> {
        let span = self.shape.span.span;
        let followed = self.reader.follow(self.documents, self.context, self.place.file, uri, span);
        let place = followed.ok()?.place;
        Some((self.documents.document(place.file)?, place.node))
    }

    fn dangling(&mut self, text: &str, error: DocumentError, span: Span) {
        let DocumentError { kind, message, span: at } = error;
        let problem = match kind {
            DocumentErrorKind::Outside | DocumentErrorKind::Limit => ProblemKind::Refused,
            DocumentErrorKind::Malformed | DocumentErrorKind::Dangling => ProblemKind::Part,
        };
        let problem = self.reader.report(problem, at, message);
        let reason: Arc<str> = format!("the reference `{text}` cannot be followed").into();
        self.reader.leave(span, problem, Arc::clone(&reason));
        self.shape.unread.push(Unread { reason, span });
    }
}

impl SchemaReader {
    /// The schema that a reference means, by the rules of base URIs and plain names.
    fn follow(
        &mut self,
        documents: &mut Documents<'_>,
        context: Context,
        file: FileId,
        reference: &str,
        span: Span,
    ) -> Result<Target, DocumentError> {
        let fail = |message: String| {
            let kind = DocumentErrorKind::Dangling;
            DocumentError { kind, message, span }
        };
        let unknown = || fail(format!("`{reference}` names nothing"));
        let (base, fragment) = split(reference);
        let id = if base.is_empty() {
            context.resource
        } else {
            self.locate(documents, context, file, base, span)?
        };
        let resource = self.resources.get(id).ok_or_else(unknown)?;
        let place = resource.place;
        let document = documents.document(place.file).ok_or_else(unknown)?;
        if fragment.is_empty() {
            return Ok(Target { place, dynamic: None });
        }
        let decoded = percent_decode_str(fragment).decode_utf8().map_err(|_| unknown())?;
        if !decoded.starts_with('/') {
            return plain_name(resource, &decoded).ok_or_else(|| {
                fail(format!("`{reference}` names nothing: no schema has the anchor `{decoded}`"))
            });
        }
        if place.node == document.root() && resource.is_file {
            // Said once, with how far the pointer leads, and remembered.
            let place = documents.resolve(place.file, &format!("#{fragment}"), span)?;
            return Ok(Target { place, dynamic: None });
        }
        let pointer = Pointer::parse(&decoded)
            .map_err(|reason| fail(format!("`{reference}` names nothing: {reason}")))?;
        let node = descend(&document, place.node, pointer.tokens())
            .ok_or_else(|| fail(format!("`{reference}` names nothing")))?;
        Ok(Target { place: Place { file: place.file, node }, dynamic: None })
    }

    /// The resource that a reference without fragment means.
    fn locate(
        &mut self,
        documents: &mut Documents<'_>,
        context: Context,
        file: FileId,
        reference: &str,
        span: Span,
    ) -> Result<ResourceId, DocumentError> {
        let base = self.resources.get(context.resource);
        let in_file = base.is_some_and(|base| base.is_file);
        let absolute = base.and_then(|base| resolve(&base.uri, reference));
        if let Some(uri) = &absolute {
            if let Some(known) = self.resources.find(uri) {
                return Ok(known);
            }
            if let Some(opened) = self.open_metaschema(documents, uri.as_str()) {
                return opened;
            }
            if let Some(opened) = documents.open_identified(uri.as_str()) {
                self.open(documents, opened?, context.dialect);
                if let Some(known) = self.resources.find(uri) {
                    return Ok(known);
                }
            }
        }
        if let Some(known) = self.resources.find_from_own(file, reference).filter(|_| in_file) {
            return Ok(known);
        }
        let beside = absolute.as_ref().filter(|_| !in_file);
        let beside = beside.and_then(|uri| self.beside(documents, file, uri));
        let written = beside.as_deref().unwrap_or(reference);
        let place = documents.resolve(file, written, span).map_err(|error| {
            let message = error.message.replace(written, reference);
            DocumentError { message, ..error }
        })?;
        let known = self.open(documents, place.file, context.dialect);
        if let Some(uri) = absolute.filter(|_| !in_file) {
            self.called.insert(uri.as_str().to_owned(), place.file);
        }
        known.ok_or_else(|| DocumentError {
            kind: DocumentErrorKind::Dangling,
            message: format!("`{reference}` cannot be read"),
            span,
        })
    }

    /// Where a URI that nothing declares lies in the snapshot, supposing that files lie to each
    /// other as their identifiers do: `$id: https://example.com/v1/a.json` and a reference to
    /// `b.json` mean the file `b.json` beside.
    fn beside(&self, documents: &Documents<'_>, file: FileId, uri: &Uri<String>) -> Option<String> {
        let document = documents.document(file)?;
        let root = self.resources.around(document.span(document.root()))?;
        let own = self.resources.get(root).filter(|root| !root.is_file)?;
        relative(own.uri.as_str(), uri.as_str())
    }
}

fn plain_name(resource: &Resource, name: &str) -> Option<Target> {
    let (name, anchor) = resource.anchors.get_key_value(name)?;
    let place = Place { file: resource.place.file, node: anchor.node };
    Some(Target { place, dynamic: anchor.dynamic.then(|| Arc::clone(name)) })
}

/// The relative reference from one URI to another of the same authority.
fn relative(from: &str, to: &str) -> Option<String> {
    let authority = |uri: &str| {
        let start = uri.find("://").map_or(0, |found| found + 3);
        uri.get(start..).and_then(|rest| rest.find('/')).map(|found| start + found + 1)
    };
    let (from_path, to_path) = (authority(from)?, authority(to)?);
    if from.get(..from_path) != to.get(..to_path) {
        return None;
    }
    let from: Vec<&str> = from.get(from_path..)?.split('/').collect();
    let to: Vec<&str> = to.get(to_path..)?.split('/').collect();
    let folders = from.len().saturating_sub(1);
    let shared = from.iter().take(folders).zip(&to).take_while(|(left, right)| left == right);
    let shared = shared.count().min(to.len().saturating_sub(1));
    let up = "../".repeat(folders - shared);
    Some(format!("{up}{}", to.get(shared..)?.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_lie_to_each_other_as_files_do() {
        let from = "https://example.com/v1/a/x.json";
        assert_eq!(relative(from, "https://example.com/v1/a/y.json").as_deref(), Some("y.json"));
        assert_eq!(relative(from, "https://example.com/v1/b/y").as_deref(), Some("../b/y"));
        assert_eq!(relative(from, "https://example.com/z").as_deref(), Some("../../z"));
        assert_eq!(relative(from, "https://example.org/v1/a/y.json"), None);
    }
}
