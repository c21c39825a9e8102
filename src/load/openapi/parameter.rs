//! Parameters of 3.x, and what they share with headers: a schema by a style, or a media type.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::media_type;
use super::node::Node;
use super::reader::Reader;
use super::remarks::{OF_PARAMETERS, digest};
use super::version::Version;
use crate::model::{
    IGNORED_HEADER, Parameter, ParameterLocation, Remarks, Serialisation, Shape, ShapeId, Style,
};

/// Header parameters that the specification has us ignore (OAS 3.1 §4.8.12.2): the payload's media
/// types and the security requirements say it.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

fn is_ignored(name: &str) -> bool {
    IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str())
}

/// Notes the header parameters that mean nothing, so that no edit of one goes unsaid.
pub(super) fn remark_on_ignored(remarks: &mut Remarks, nodes: &[Node]) {
    for node in nodes {
        let text = |name| node.get(name).and_then(|node| node.string().map(str::to_owned));
        let Some(name) = text("name").filter(|name| is_ignored(name)) else { continue };
        if text("in").as_deref() == Some("header") {
            remarks.insert(format!("{IGNORED_HEADER}{name}"), digest(node), node.span());
        }
    }
}

/// What makes two parameters the same one: name and location (OAS 3.1 §4.8.12).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    location: Arc<str>,
    name: Arc<str>,
}

/// Who declares a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    PathItem,
    Operation,
}

/// What applies where a parameter or header says nothing.
#[derive(Clone, Copy)]
pub(super) struct Styles {
    default: Style,
    others: &'static [Style],
}

impl Reader<'_> {
    /// The parameters that apply to an operation: the path item's, unless the operation has one of
    /// the same identity, and its own. References are followed.
    pub(super) fn parameter_nodes(&mut self, shared: &[Node], own: &[Node]) -> Vec<Node> {
        let (mut nodes, mut known) = (Vec::new(), HashMap::new());
        for (list, owner) in [(shared, Owner::PathItem), (own, Owner::Operation)] {
            for entry in list {
                let Some(node) = self.follow(entry) else { continue };
                let Some(identity) = self.identity(&node) else { continue };
                let name = Arc::clone(&identity.name);
                let Some((place, of)) = known.get_mut(&identity) else {
                    known.insert(identity, (nodes.len(), owner));
                    nodes.push(node);
                    continue;
                };
                if *of == owner {
                    self.warn(entry.span(), format!("the parameter `{name}` is declared twice"));
                }
                *of = owner;
                if let Some(overridden) = nodes.get_mut(*place) {
                    *overridden = node;
                }
            }
        }
        nodes
    }

    fn identity(&mut self, node: &Node) -> Option<Identity> {
        let location = self.word(node, "in").map(|word| word.value);
        let name = self.word(node, "name").map(|word| word.value);
        let (Some(location), Some(name)) = (location, name) else {
            self.lose(node.span(), "a parameter needs `name` and `in`");
            return None;
        };
        let name = match &*location {
            "header" => name.to_ascii_lowercase().into(),
            // One body and one query string there is, and their names mean nothing.
            "body" | "querystring" => "".into(),
            _ => name,
        };
        Some(Identity { location, name })
    }

    /// A parameter of 3.x; `None` where it is ignored by the specification or cannot be read.
    pub(super) fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        if let Some(known) = self.known.parameters.get(&node.place()).cloned() {
            self.meet_gaps(node.place());
            return known;
        }
        let before = self.gaps.len();
        let parameter = self.read_parameter(node);
        self.known.parameters.insert(node.place(), parameter.clone());
        self.keep_gaps(node.place(), before);
        parameter
    }

    fn read_parameter(&mut self, node: &Node) -> Option<Parameter> {
        let name = self.word(node, "name")?.value;
        let location = self.location(node)?;
        if location == ParameterLocation::Header && is_ignored(&name) {
            return None;
        }
        let mut required = self.flag_or_false(node, "required");
        if location == ParameterLocation::Path && !required.value {
            self.warn(required.span, format!("the path parameter `{name}` is always required"));
            required.value = true;
        }
        let (serialisation, shape) = self.carried(node, Styles::of(location, self.version));
        let allow_empty = location == ParameterLocation::Query
            && self.flag_or_false(node, "allowEmptyValue").value;
        let lifecycle = self.lifecycle(node);
        let remarks = self.remarks(node, OF_PARAMETERS);
        let span = node.span();
        Some(Parameter {
            name,
            location,
            required,
            serialisation,
            shape,
            allow_empty,
            lifecycle,
            remarks,
            span,
        })
    }

    fn location(&mut self, node: &Node) -> Option<ParameterLocation> {
        let word = self.word(node, "in")?;
        let location = match &*word.value {
            "path" => ParameterLocation::Path,
            "query" => ParameterLocation::Query,
            "header" => ParameterLocation::Header,
            "cookie" => ParameterLocation::Cookie,
            "querystring" if self.version == Version::V3_2 => ParameterLocation::QueryString,
            other => {
                self.lose(word.span, format!("parameters are not sent in `{other}`"));
                return None;
            }
        };
        Some(location)
    }

    /// How the value of a parameter or header is written, and its shape.
    pub(super) fn carried(&mut self, node: &Node, styles: Styles) -> (Serialisation, ShapeId) {
        if let Some(content) = self.object(node, "content")
            && let Some(found) = self.carried_as_media(&content)
        {
            if node.get("schema").is_none() {
                return found;
            }
            self.warn(content.span(), "`content` beside `schema` is ignored");
        }
        let shape = if let Some(schema) = self.member(node, "schema") {
            self.shape(&schema)
        } else {
            self.warn(node.span(), "neither `schema` nor `content`: any value is meant");
            self.schemas.shapes_mut().add(Shape::anything(node.span()))
        };
        (self.styled(node, styles), shape)
    }

    fn carried_as_media(&mut self, content: &Node) -> Option<(Serialisation, ShapeId)> {
        let mut entries = content.members();
        let (name, _, entry) = entries.next()?;
        if entries.next().is_some() {
            self.warn(content.span(), "`content` takes one media type here: the first is read");
        }
        let media = media_type::parse(name).unwrap_or_else(|| media_type::literal(name));
        let shape = match self.follow(&entry).map(|entry| self.member(&entry, "schema")) {
            Some(Some(schema)) => self.shape(&schema),
            Some(None) => self.schemas.shapes_mut().add(Shape::anything(entry.span())),
            None => self.unread_shape(entry.span(), "the media type object cannot be read"),
        };
        Some((Serialisation::Media(media_type::display(&media).into()), shape))
    }

    /// The style in effect, defaults spelled out.
    pub(super) fn styled(&mut self, node: &Node, styles: Styles) -> Serialisation {
        let mut style = styles.default;
        if let Some(word) = self.word(node, "style") {
            if let Some(named) = style_named(&word.value).filter(|style| styles.allow(*style)) {
                style = named;
            } else {
                let message = format!("the style `{}` is not defined here: ignored", word.value);
                self.warn(word.span, message);
            }
        }
        // A deep object is always in parts, whatever `explode` says (OAS 3.2 §4.12.2).
        let explode = style == Style::DeepObject
            || self
                .flag(node, "explode")
                .map_or(matches!(style, Style::Form | Style::Cookie), |flag| flag.value);
        let allow_reserved =
            styles.default == Style::Form && self.flag_or_false(node, "allowReserved").value;
        Serialisation::Style { style, explode, allow_reserved }
    }
}

impl Styles {
    /// Headers have one style (OAS 3.1 §4.8.21).
    pub(super) const HEADER: Self = Self { default: Style::Simple, others: &[] };

    /// Parts of forms are styled as query parameters are (OAS 3.1 §4.8.15.1.2).
    pub(super) const QUERY: Self = Self {
        default: Style::Form,
        others: &[Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject],
    };

    fn of(location: ParameterLocation, version: Version) -> Self {
        match location {
            ParameterLocation::Path => {
                Self { default: Style::Simple, others: &[Style::Label, Style::Matrix] }
            }
            ParameterLocation::Query | ParameterLocation::QueryString => Self::QUERY,
            ParameterLocation::Header => Self::HEADER,
            ParameterLocation::Cookie if version == Version::V3_2 => {
                Self { default: Style::Form, others: &[Style::Cookie] }
            }
            ParameterLocation::Cookie => Self { default: Style::Form, others: &[] },
        }
    }

    fn allow(self, style: Style) -> bool {
        style == self.default || self.others.contains(&style)
    }
}

fn style_named(word: &str) -> Option<Style> {
    Some(match word {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "form" => Style::Form,
        "simple" => Style::Simple,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" => Style::Cookie,
        _ => return None,
    })
}
