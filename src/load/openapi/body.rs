//! Request bodies and media types of 3.x.

use std::collections::{BTreeMap, BTreeSet};

use super::foreign::Owner;
use super::media_type;
use super::node::Node;
use super::reader::Reader;
use super::remarks::{OF_BODIES, OF_PAYLOADS};
use super::version::Version;
use crate::model::{Body, Json, MediaPayload, MediaType, Remarks, ShapeId, Stated};
use crate::source::Span;

/// What carries a payload: before 3.2 `encoding` means something in requests only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// A request body.
    Request,
    /// A response.
    Response,
}

impl Reader<'_> {
    /// What an operation of 3.x takes as its body.
    pub(super) fn request_body(&mut self, operation: &Node, method: &str) -> Option<Body> {
        let member = self.member(operation, "requestBody")?;
        let bodiless = matches!(method, "GET" | "HEAD" | "DELETE");
        if bodiless && self.version == Version::V3_0 {
            // OAS 3.0 §4.7.10.1 has us ignore it; those who write it mean it.
            self.warn(
                member.span(),
                format!("a body of {method} means nothing in 3.0: it is read all the same"),
            );
        }
        let Some(object) = self.follow(&member) else {
            return Some(self.unread_body(member.span()));
        };
        let known = self.known.bodies.get(&object.place());
        let payloads = known.map_or(0, |body| body.content.len());
        if !self.afford(payloads, object.span()) {
            return Some(self.unread_body(member.span()));
        }
        if let Some(known) = self.known.bodies.get(&object.place()).cloned() {
            self.meet_gaps(object.place());
            return Some(known);
        }
        let before = self.gaps.len();
        let required = self.flag_or_false(&object, "required");
        let content = self.object(&object, "content");
        if content.is_none() {
            self.warn(object.span(), "a request body without `content`: any payload is meant");
        }
        let content = content.map(|node| self.content(&node, Carrier::Request));
        let remarks = self.remarks(&object, OF_BODIES);
        let (content, span) = (content.unwrap_or_default(), object.span());
        let body = Body { required, content, remarks, listed: span, span };
        self.known.bodies.insert(object.place(), body.clone());
        self.keep_gaps(object.place(), before);
        Some(body)
    }

    /// The payloads of a `content` map, in the order of the text.
    pub(super) fn content(&mut self, content: &Node, carrier: Carrier) -> Vec<MediaPayload> {
        let (mut payloads, mut known) = (Vec::new(), BTreeSet::new());
        for (name, span, node) in content.members().filter(|(name, ..)| !name.starts_with("x-")) {
            let media = self.media_type(name, span);
            if !known.insert(media.clone()) {
                self.warn(span, format!("`{name}` is declared twice: the first counts"));
                continue;
            }
            let payload = self.payload(media, &node, carrier);
            payloads.push(MediaPayload { listed: span, span, ..payload });
        }
        payloads
    }

    /// A media type as it is written at `span`.
    pub(super) fn media_type(&mut self, text: &str, span: Span) -> MediaType {
        media_type::parse(text).unwrap_or_else(|| {
            self.warn(span, format!("`{text}` is no media type: read literally"));
            media_type::literal(text)
        })
    }

    fn payload(&mut self, media: MediaType, node: &Node, carrier: Carrier) -> MediaPayload {
        let span = node.span();
        if node.is_null() {
            self.warn(span, "null in place of a media type object: nothing is said");
            return bare(media, span);
        }
        let Some(object) = self.follow(node) else {
            let unread = self.unread_payload(span, "the media type object cannot be read");
            return MediaPayload { media, ..unread };
        };
        self.warn_of_foreign_fields(&object, Owner::MediaType);
        let shape = self.member(&object, "schema").map(|schema| self.shape(&schema));
        let shape = shape.filter(|shape| !self.is_any_bytes(&media, *shape));
        let item = match self.version {
            Version::V3_2 => self.member(&object, "itemSchema").map(|schema| self.shape(&schema)),
            Version::V2 | Version::V3_0 | Version::V3_1 => None,
        };
        let encoded = carrier == Carrier::Request || self.version == Version::V3_2;
        let (encoding, others) = match shape {
            Some(shape) if encoded => self.encodings(&object, &media, shape),
            Some(_) | None => (BTreeMap::new(), None),
        };
        let bytes = shape.and_then(|shape| self.with_bytes(shape, &media, &encoding));
        let (positions, rest) = self.positional_encodings(&object, &media, (shape, item));
        let examples = self.examples(&object);
        let remarks = self.remarks(&object, OF_PAYLOADS);
        MediaPayload {
            media,
            shape,
            bytes,
            item,
            encoding,
            others,
            positions,
            rest,
            examples,
            remarks,
            listed: span,
            span,
        }
    }

    /// Whether the shape says no more than "bytes" of a type that is bytes: 3.0 writes
    /// `format: binary` where 3.1 writes nothing (OAS 3.1 §4.8.14.1).
    pub(super) fn is_any_bytes(&self, media: &MediaType, shape: ShapeId) -> bool {
        media_type::is_opaque(media) && self.is_binary_string(shape)
    }

    /// The payloads that the author gives as examples; nothing in them is a reference.
    fn examples(&mut self, object: &Node) -> Vec<Stated<Json>> {
        let mut found = Vec::new();
        let single = object.get("example");
        let several = self.object(object, "examples");
        let mut nodes: Vec<Node> = single.into_iter().collect();
        for (_, _, entry) in several.iter().flat_map(Node::members) {
            let Some(example) = self.follow(&entry) else { continue };
            nodes.extend(example.get("value").or_else(|| example.get("dataValue")));
        }
        for node in nodes {
            let span = node.span();
            found.extend(self.data(&node).map(|value| Stated { value, span }));
        }
        found
    }

    fn unread_body(&mut self, span: Span) -> Body {
        let content = vec![self.unread_payload(span, "the request body cannot be read")];
        let (required, remarks) = (Stated { value: false, span }, Remarks::default());
        Body { required, content, remarks, listed: span, span }
    }

    /// A payload of which nothing is known, which makes every comparison with it undecided.
    pub(super) fn unread_payload(&mut self, span: Span, reason: &str) -> MediaPayload {
        let shape = Some(self.unread_shape(span, reason));
        let any =
            MediaType { type_name: "*".into(), subtype: "*".into(), parameters: BTreeMap::new() };
        MediaPayload { shape, ..bare(any, span) }
    }
}

/// A payload of which nothing but its media type is said.
pub(super) fn bare(media: MediaType, span: Span) -> MediaPayload {
    let (encoding, examples) = (BTreeMap::new(), Vec::new());
    let remarks = Remarks::default();
    let (positions, rest) = (Vec::new(), None);
    MediaPayload {
        media,
        shape: None,
        bytes: None,
        item: None,
        encoding,
        others: None,
        positions,
        rest,
        examples,
        remarks,
        listed: span,
        span,
    }
}
