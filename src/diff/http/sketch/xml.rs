//! Values as XML (OpenAPI 3.1.1 §4.8.26).

use std::fmt::Write as _;

use super::reached::likely_branch;
use super::written::text;
use crate::diff::session::Session;
use crate::model::{Json, ShapeId, Shapes, Xml, XmlNode};
use crate::rules::effective::Effective;
use crate::rules::union::reference_name;

/// How deep elements are written.
const MAX_DEPTH: usize = 16;

/// The namespace of what says that an element is nil (XML Schema Part 1, 2.6.2).
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The value as an XML document of this shape.
pub(super) fn document(session: &Session<'_>, shape: Option<ShapeId>, value: &Json) -> String {
    let mut out = String::new();
    let shapes = &session.walk.shapes;
    let mut conjuncts: Vec<ShapeId> = shape.into_iter().collect();
    if let Some(place) = Effective::of(shapes, &conjuncts) {
        conjuncts.extend(likely_branch(session, &place, value));
    }
    let name = conjuncts.iter().find_map(|shape| reference_name(shapes, *shape));
    element(shapes, &conjuncts, name.unwrap_or("root"), value, MAX_DEPTH, &mut out);
    out
}

/// The value as an XML document of which no contract says how it is written.
pub(super) fn bare(value: &Json) -> String {
    let mut out = String::new();
    element(&Shapes::default(), &[], "root", value, MAX_DEPTH, &mut out);
    out
}

fn element(
    shapes: &Shapes,
    conjuncts: &[ShapeId],
    name: &str,
    value: &Json,
    depth: usize,
    out: &mut String,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let side = Effective::of(shapes, conjuncts);
    let xml = side.as_ref().and_then(|side| side.notes.xml.as_ref().map(|it| it.value.clone()));
    let xml = xml.unwrap_or_default();
    let outer = name;
    let name = tag(&xml, name);
    match value {
        Json::Array(elements) => {
            let inner = side.map_or_else(Vec::new, |side| side.rest);
            let is_wrapped = xml.node == Some(XmlNode::Element);
            // The name of a list is that of its wrapper, where it has one.
            let called = if is_wrapped { xml.name.as_deref().unwrap_or(outer) } else { outer };
            let mut items = String::new();
            for each in elements.iter() {
                element(shapes, &inner, called, each, depth, &mut items);
            }
            if is_wrapped {
                let _ = write!(out, "<{name}>{items}</{name}>");
            } else {
                out.push_str(&items);
            }
        }
        Json::Object(members) => {
            let (mut attributes, mut inside) = (String::new(), String::new());
            for (member, value) in members.iter() {
                let known = side.as_ref().and_then(|side| side.properties.get(member));
                let inner = known.map_or_else(Vec::new, |known| known.shapes.clone());
                match attribute(shapes, &inner, member) {
                    Some(name) => {
                        let _ = write!(attributes, " {name}=\"{}\"", safe(&text(value)));
                    }
                    None if is_text(shapes, &inner) => inside.push_str(&safe(&text(value))),
                    None => element(shapes, &inner, member, value, depth, &mut inside),
                }
            }
            let space = xml.namespace.map(|uri| {
                let prefix = xml.prefix.map_or_else(String::new, |prefix| format!(":{prefix}"));
                format!(" xmlns{prefix}=\"{}\"", safe(&uri))
            });
            let space = space.unwrap_or_default();
            let _ = write!(out, "<{name}{space}{attributes}>{inside}</{name}>");
        }
        Json::Null => {
            let _ = write!(out, "<{name} xmlns:xsi=\"{INSTANCE}\" xsi:nil=\"true\"/>");
        }
        Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
            let _ = write!(out, "<{name}>{}</{name}>", safe(&text(value)));
        }
    }
}

/// The name of the attribute, if the member is written as one.
fn attribute(shapes: &Shapes, conjuncts: &[ShapeId], member: &str) -> Option<String> {
    let side = Effective::of(shapes, conjuncts)?;
    let xml = &side.notes.xml.as_ref()?.value;
    (xml.node == Some(XmlNode::Attribute)).then(|| tag(xml, member))
}

/// Whether the member is the text of the element around it.
fn is_text(shapes: &Shapes, conjuncts: &[ShapeId]) -> bool {
    let side = Effective::of(shapes, conjuncts);
    let xml = side.and_then(|side| side.notes.xml);
    xml.is_some_and(|xml| xml.value.node == Some(XmlNode::Text))
}

fn tag(xml: &Xml, name: &str) -> String {
    let name = xml.name.as_deref().unwrap_or(name);
    xml.prefix.as_ref().map_or_else(|| name.to_owned(), |prefix| format!("{prefix}:{name}"))
}

/// The text with what XML gives a meaning escaped.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
