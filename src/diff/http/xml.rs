//! How values are written in XML: names of elements and attributes (OpenAPI 3.1.1 §4.8.26).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diff::session::Session;
use crate::model::{Polarity, ShapeId, Site, Step, Xml};
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
        let (was, is) = (written(&old, name), written(&new, name));
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

fn written(side: &Effective, name: Option<&Arc<str>>) -> Xml {
    let mut xml = side.notes.xml.as_ref().map(|stated| stated.value.clone()).unwrap_or_default();
    if xml.name.is_none() {
        xml.name = name.cloned();
    }
    xml
}

fn words(xml: &Xml) -> String {
    let name = xml.name.as_deref().unwrap_or("its schema's name");
    let kind = if xml.attribute { "attribute" } else { "element" };
    let wrapped = if xml.wrapped { ", wrapped" } else { "" };
    format!("{kind} `{name}`{wrapped}")
}
