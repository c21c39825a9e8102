//! Responses of 2.0: one schema for every media type of `produces`.

use super::super::body::bare;
use super::super::media_type;
use super::super::node::Node;
use super::super::reader::Reader;
use super::super::remarks::{OF_INLINE, OF_RESPONSES, digest};
use super::super::response::response_body;
use super::{JSON, Listed, list_of};
use crate::model::{Body, Header, MediaPayload, ParameterLocation, Remarks, Response, Stated};

impl Reader<'_> {
    /// A response of 2.0; one without `schema` has no body.
    pub(in super::super) fn swagger_response(
        &mut self,
        object: &Node,
        produces: &[Listed],
    ) -> Response {
        let headers = self.headers(object, |reader, node| Some(reader.swagger_header(node)));
        if !self.afford(1 + produces.len(), object.span()) {
            return self.unread_response(object);
        }
        let body = self.member(object, "schema").map(|schema| {
            let content = self.produced(object, &schema, produces);
            let body = response_body(content, object.span());
            Body { listed: list_of(produces, body.span), ..body }
        });
        let (links, remarks) = (Remarks::default(), self.remarks(object, OF_RESPONSES));
        let span = object.span();
        Response { headers, body, links, remarks, listed: span, span }
    }

    fn produced(&mut self, object: &Node, schema: &Node, produces: &[Listed]) -> Vec<MediaPayload> {
        let span = schema.span();
        let is_file = schema.get("type").is_some_and(|kind| kind.string() == Some("file"));
        let implied = if is_file { "application/octet-stream" } else { JSON };
        let implied = [Listed { text: implied.into(), span, list: span }];
        let listed = if produces.is_empty() { &implied } else { produces };
        let shape = self.shape(schema);
        let examples = self.object(object, "examples");
        let mut content: Vec<MediaPayload> = Vec::new();
        for Listed { text, span: written, list: _ } in listed {
            let media = self.media_type(text, *written);
            if content.iter().any(|known| known.media == media) {
                continue;
            }
            let given = examples.iter().flat_map(Node::members);
            let given: Vec<Node> = given
                .filter(|(name, ..)| media_type::parse(name).as_ref() == Some(&media))
                .map(|(_, _, node)| node)
                .collect();
            let mut remarks = Remarks::default();
            for node in &given {
                remarks.insert("example".to_owned(), digest(node), node.span());
            }
            let given = given
                .iter()
                .filter_map(|node| Some(Stated { value: self.data(node)?, span: node.span() }));
            let examples = given.collect();
            let shape = (!self.is_any_bytes(&media, shape)).then_some(shape);
            content.push(MediaPayload {
                shape,
                examples,
                remarks,
                listed: *written,
                ..bare(media, span)
            });
        }
        content
    }

    fn swagger_header(&mut self, node: &Node) -> Header {
        let span = node.span();
        Header {
            name: "".into(),
            required: Stated { value: false, span },
            serialisation: self.collected(node, ParameterLocation::Header),
            shape: self.carried_shape(node),
            lifecycle: self.lifecycle(node),
            remarks: self.remarks(node, OF_INLINE),
            span,
        }
    }
}
