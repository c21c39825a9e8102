//! Responses by status, and their headers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::body::Carrier;
use super::node::Node;
use super::parameter::Styles;
use super::reader::Reader;
use super::remarks::{OF_BODIES, OF_PARAMETERS};
use super::version::Version;
use crate::model::{Body, Header, MediaPayload, Remarks, Response, Stated, StatusKey};
use crate::source::Span;

impl Reader<'_> {
    /// The responses of an operation of any version.
    pub(super) fn responses(
        &mut self,
        operation: &Node,
        mut read: impl FnMut(&mut Self, &Node) -> Response,
    ) -> BTreeMap<StatusKey, Response> {
        let mut responses = BTreeMap::new();
        let Some(declared) = self.object(operation, "responses") else { return responses };
        for (key, span, node) in declared.members().filter(|(key, ..)| !key.starts_with("x-")) {
            let Some(status) = status(key) else {
                self.lose(span, format!("`{key}` is no status: use 200, 2XX or default"));
                continue;
            };
            let known_range = key.ends_with("XX") && self.version != Version::V2;
            if matches!(status, StatusKey::Class(_)) && !known_range {
                self.warn(span, format!("`{key}` is read as the range of statuses it looks like"));
            }
            let response = match self.follow(&node) {
                Some(object) => read(self, &object),
                None => self.unread_response(&node),
            };
            responses.insert(status, Response { listed: node.span(), ..response });
        }
        responses
    }

    /// A response of 3.x.
    pub(super) fn response(&mut self, object: &Node) -> Response {
        let known = self.known.responses.get(&object.place());
        let elements = known.map_or(1, |known| {
            known.headers.len() + known.body.as_ref().map_or(1, |body| body.content.len())
        });
        if !self.afford(elements, object.span()) {
            return self.unread_response(object);
        }
        if let Some(known) = self.known.responses.get(&object.place()).cloned() {
            self.meet_gaps(object.place());
            return known;
        }
        let before = self.gaps.len();
        let headers = self.headers(object, Self::header);
        let content = self.object(object, "content");
        let content =
            content.map(|content| self.content(&content, Carrier::Response)).unwrap_or_default();
        let span = object.span();
        let body = if content.is_empty() { None } else { Some(response_body(content, span)) };
        let links = self.remarks_by_name(object, "links");
        let remarks = self.remarks(object, OF_BODIES);
        let response = Response { headers, body, links, remarks, listed: span, span };
        self.known.responses.insert(object.place(), response.clone());
        self.keep_gaps(object.place(), before);
        response
    }

    /// Headers by name in lower case. `Content-Type` is ignored (OAS 3.1 §4.8.17): the media types
    /// of the content say it.
    pub(super) fn headers(
        &mut self,
        object: &Node,
        mut read: impl FnMut(&mut Self, &Node) -> Option<Header>,
    ) -> BTreeMap<Arc<str>, Header> {
        let mut headers = BTreeMap::new();
        let Some(declared) = self.object(object, "headers") else { return headers };
        for (name, span, node) in declared.members() {
            let lower = name.to_ascii_lowercase();
            if lower == "content-type" {
                continue;
            }
            let Some(header) = read(self, &node) else { continue };
            let header = Header { name: name.into(), ..header };
            if headers.insert(lower.into(), header).is_some() {
                self.warn(span, format!("the header `{name}` is declared twice: the last counts"));
            }
        }
        headers
    }

    /// A header of 3.x; its name is filled in by whoever lists it.
    pub(super) fn header(&mut self, node: &Node) -> Option<Header> {
        let node = self.follow(node)?;
        let required = self.flag_or_false(&node, "required");
        let (serialisation, shape) = self.carried(&node, Styles::HEADER);
        let lifecycle = self.lifecycle(&node);
        let span = node.span();
        let remarks = self.remarks(&node, OF_PARAMETERS);
        Some(Header { name: "".into(), required, serialisation, shape, lifecycle, remarks, span })
    }

    pub(super) fn unread_response(&mut self, node: &Node) -> Response {
        let span = node.span();
        let content = vec![self.unread_payload(span, "the response cannot be read")];
        let (links, remarks) = (Remarks::default(), Remarks::default());
        let body = Some(response_body(content, span));
        Response { headers: BTreeMap::new(), body, links, remarks, listed: span, span }
    }
}

/// The described body of a response is always there.
pub(super) fn response_body(content: Vec<MediaPayload>, span: Span) -> Body {
    let (required, remarks) = (Stated { value: true, span }, Remarks::default());
    Body { required, content, remarks, listed: span, span }
}

/// Reads a key of the Responses Object (OAS 3.1 §4.8.16); lower case is tolerated.
fn status(key: &str) -> Option<StatusKey> {
    if key == "default" {
        return Some(StatusKey::Default);
    }
    let first = key.chars().next()?.to_digit(10).filter(|digit| (1..=9).contains(digit))?;
    match key.get(1..)? {
        "XX" | "xx" if (1..=5).contains(&first) => u8::try_from(first).ok().map(StatusKey::Class),
        rest if rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            key.parse().ok().map(StatusKey::Code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_codes_classes_and_the_rest() {
        assert_eq!(status("200"), Some(StatusKey::Code(200)));
        assert_eq!(status("2XX"), Some(StatusKey::Class(2)));
        assert_eq!(status("2xx"), Some(StatusKey::Class(2)));
        assert_eq!(status("default"), Some(StatusKey::Default));
        for key in ["0200", "20X", "", "099", "6XX", "Default", "2é", "20 "] {
            assert_eq!(status(key), None, "{key}");
        }
    }
}
