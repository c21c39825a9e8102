//! How values are written in XML: names of elements and attributes (OpenAPI 3.1.1 §4.8.26).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diff::session::Session;
use crate::model::{Kind, Polarity, ShapeId, Site, Step, Xml, XmlNode};
use crate::rules::Verdict;
use crate::rules::annotation::XML_CHANGED;
use crate::rules::effective::Effective;

/// Compares the XML names of two shapes and of everything inside both.
pub(super) fn compare(
    session: &mut Session<'_>,
    site: &Site,
    polarity: Polarity,
    old: ShapeId,
    new: ShapeId,
) {
    let new = session.shifted(new);
    let mut walk = XmlWalk { polarity, seen: BTreeSet::new() };
    walk.pair(session, site, &[old], &[new], None);
}

struct XmlWalk {
    polarity: Polarity,
    seen: BTreeSet<(Vec<ShapeId>, Vec<ShapeId>)>,
}

impl XmlWalk {
    /// `name` is the member's name, which is the element's name unless another is given.
    fn pair(
        &mut self,
        session: &mut Session<'_>,
        site: &Site,
        old: &[ShapeId],
        new: &[ShapeId],
        name: Option<&Arc<str>>,
    ) {
        const MAX_DEPTH: usize = 64;
        if site.steps.len() > MAX_DEPTH || !self.seen.insert((old.to_vec(), new.to_vec())) {
            return;
        }
        let shapes = &session.walk.shapes;
        let (Some(old), Some(new)) = (Effective::of(shapes, old), Effective::of(shapes, new))
        else {
            return;
        };
        // Where only one side is a list, its elements stand where the one value stood.
        let usual =
            if is_list(&old) && is_list(&new) { XmlNode::Content } else { XmlNode::Element };
        let (was, is) = (written(&old, name, usual), written(&new, name, usual));
        if was != is {
            let spans = (Some(old.span), Some(new.span));
            let message = format!("written as {} in XML, was {}", words(&is), words(&was));
            let fact = (Verdict::Breaking, self.polarity);
            session.ledger.state(&XML_CHANGED, spans, &message, site, fact);
        }
        for (name, member) in &old.properties {
            if let Some(other) = new.properties.get(name) {
                let inner = site.then(Step::Property(name.clone()));
                self.pair(session, &inner, &member.shapes, &other.shapes, Some(name));
            }
        }
        if !old.rest.is_empty() && !new.rest.is_empty() {
            self.pair(session, &site.then(Step::Item), &old.rest, &new.rest, name);
        }
    }
}

/// How a value is written, as far as its reader sees it.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    node: XmlNode,
    /// The name, of what has one.
    name: Option<Arc<str>>,
    namespace: Option<Arc<str>>,
    /// A prefix stands for a namespace, and is part of the name where there is none (XML Names §3).
    prefix: Option<Arc<str>>,
}

fn is_list(side: &Effective) -> bool {
    let kinds = side.kinds.as_ref();
    kinds.is_some_and(|kinds| kinds.value.has(Kind::Array) && !kinds.value.has(Kind::Object))
}

fn written(side: &Effective, name: Option<&Arc<str>>, usual: XmlNode) -> Written {
    let stated = side.notes.xml.as_ref().map(|stated| stated.value.clone()).unwrap_or_default();
    let Xml { name: own, namespace, prefix, node } = stated;
    let node = node.unwrap_or(usual);
    match node {
        XmlNode::Text | XmlNode::Content => {
            Written { node, name: None, namespace: None, prefix: None }
        }
        XmlNode::Element | XmlNode::Attribute => {
            let prefix = prefix.filter(|_| namespace.is_none());
            Written { node, name: own.or_else(|| name.cloned()), namespace, prefix }
        }
    }
}

fn words(written: &Written) -> String {
    let Written { node, name, namespace, prefix } = written;
    let kind = match node {
        XmlNode::Element => "element",
        XmlNode::Attribute => "attribute",
        XmlNode::Text => return "text".to_owned(),
        XmlNode::Content => return "no element of its own".to_owned(),
    };
    let name = name.as_deref().unwrap_or("its schema's name");
    let prefix = prefix.as_ref().map_or_else(String::new, |prefix| format!("{prefix}:"));
    let space = namespace.as_ref().map_or_else(String::new, |uri| format!(" of `{uri}`"));
    format!("{kind} `{prefix}{name}`{space}")
}
