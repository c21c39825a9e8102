//! What 2.0 says otherwise than 3.x: inputs, responses, servers.

mod input;
mod response;
mod server;

use std::sync::Arc;

use super::media_type;
use super::node::Node;
use super::reader::Reader;
use crate::load::json_schema::Dialect;
use crate::model::Serialisation;
use crate::model::{ParameterLocation, ShapeId, Style};
use crate::source::Span;

/// A media type of `consumes` or `produces`.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) text: Arc<str>,
    pub(super) span: Span,
    /// The list that it is in.
    pub(super) list: Span,
}

/// What is meant where `consumes` or `produces` says nothing: 2.0 has no default, its authors do.
const JSON: &str = "application/json";

const ANY: &str = "*/*";

impl Reader<'_> {
    /// `consumes` or `produces`; `None` where the object does not say. A list replaces the
    /// inherited one, also the empty list (OAS 2.0, Operation Object).
    pub(super) fn media_list(&mut self, node: &Node, name: &str) -> Option<Vec<Listed>> {
        let entries = self.list(node, name)?;
        let list = node.get(name)?.span();
        let entry = |node: &Node| Some(Listed { text: node.scalar()?, span: node.span(), list });
        Some(entries.iter().filter_map(entry).collect())
    }

    /// What an operation consumes or produces. An empty list of its own clears the inherited one (OAS
    /// 2.0, Operation Object): the media type is said no more, and may be any.
    pub(super) fn media_in_effect(
        &mut self,
        operation: &Node,
        name: &str,
        inherited: &[Listed],
    ) -> Vec<Listed> {
        let Some(own) = self.media_list(operation, name) else { return inherited.to_vec() };
        match operation.get(name) {
            Some(list) if own.is_empty() && !inherited.is_empty() => {
                let span = list.span();
                vec![Listed { text: ANY.into(), span, list: span }]
            }
            Some(_) | None => own,
        }
    }

    /// The shape that a parameter or header states in place.
    fn inline_shape(&mut self, node: &Node) -> ShapeId {
        self.schemas.read(&mut self.documents, node.place(), Dialect::OpenApi20Parameter)
    }

    /// The shape that a parameter or header states in place. What is said to people there is said of the
    /// whole.
    fn carried_shape(&mut self, node: &Node) -> ShapeId {
        let id = self.inline_shape(node);
        let shapes = self.schemas.shapes_mut();
        let mut shape = shapes.get(id).clone();
        if let Some(notes) = shape.notes.get_mut() {
            notes.description = None;
            shapes.set(id, shape);
        }
        id
    }

    /// The style of 3.x that a `collectionFormat` is (csv where nothing is said). What is no array
    /// has the location's default style.
    fn collected(&mut self, node: &Node, location: ParameterLocation) -> Serialisation {
        let joined = match location {
            ParameterLocation::Query
            | ParameterLocation::QueryString
            | ParameterLocation::Cookie => Style::Form,
            ParameterLocation::Path | ParameterLocation::Header => Style::Simple,
        };
        let kind = self.word(node, "type").map(|word| word.value);
        let format = self.word(node, "collectionFormat");
        let (style, explode) = match (kind.as_deref(), &format) {
            (Some("array"), None) => (joined, false),
            (Some("array"), Some(format)) => match &*format.value {
                "csv" => (joined, false),
                "ssv" => (Style::SpaceDelimited, false),
                "pipes" => (Style::PipeDelimited, false),
                "tsv" => (Style::TabDelimited, false),
                "multi" if joined == Style::Form => (Style::Form, true),
                other => {
                    let message = format!("`{other}` means nothing here: read as csv");
                    self.warn(format.span, message);
                    (joined, false)
                }
            },
            (Some(_) | None, _) => (joined, joined == Style::Form),
        };
        let inner = self.collected_inside(node, 0);
        if inner.iter().any(|inner| *inner != Style::Form) {
            return Serialisation::Nested([vec![style], inner].concat());
        }
        Serialisation::Style { style, explode, allow_reserved: false }
    }

    /// How the lists inside a list are joined, the outer ones first.
    fn collected_inside(&mut self, node: &Node, depth: usize) -> Vec<Style> {
        const MAX_DEPTH: usize = 16;
        let is_list =
            |node: &Node| node.get("type").is_some_and(|kind| kind.string() == Some("array"));
        let Some(items) = node.get("items").filter(|items| is_list(node) && is_list(items)) else {
            return Vec::new();
        };
        let format = self.word(&items, "collectionFormat");
        let style = match format.as_ref().map(|format| &*format.value) {
            Some("ssv") => Style::SpaceDelimited,
            Some("pipes") => Style::PipeDelimited,
            Some("tsv") => Style::TabDelimited,
            Some(_) | None => Style::Form,
        };
        let mut all = vec![style];
        if depth < MAX_DEPTH {
            all.extend(self.collected_inside(&items, depth + 1));
        }
        all
    }
}

/// The list that these are in; `fallback` where they are in none.
fn list_of(listed: &[Listed], fallback: Span) -> Span {
    listed.first().map_or(fallback, |first| first.list)
}

fn is_form(listed: &Listed) -> bool {
    media_type::parse(&listed.text)
        .is_some_and(|media| media_type::is_multipart(&media) || media_type::is_urlencoded(&media))
}
