//! How members of forms and multipart bodies are encoded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::body::BodySite;
use super::header::{self, HeaderSite};
use super::parameter::words as words_of_style;
use crate::diff::session::Session;
use crate::model::{Encoding, ShapeId, Site, Step};
use crate::rules::Effect;
use crate::rules::effective::Effective;
use crate::rules::payload::ENCODING_CHANGED;
use crate::source::Span;

/// Encodings by member; a member that is not there is encoded as its shape is by default.
type Encodings = BTreeMap<Arc<str>, Encoding>;

/// Compares how the members of two payloads are encoded.
pub(super) fn compare(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    shapes: (Option<ShapeId>, Option<ShapeId>),
    (old, new): (&Encodings, &Encodings),
) {
    let new_shape = shapes.1.map(|shape| session.shifted(shape));
    let names: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
    for name in names {
        let site = site.then(Step::Property(Arc::clone(name)));
        match (old.get(name), new.get(name)) {
            (Some(was), Some(is)) => compare_one(session, at, &site, spans, (was, is)),
            (Some(was), None) if declares(session, new_shape, name) => {
                compare_one(session, at, &site, spans, (was, &by_default(was)));
            }
            (None, Some(is)) if declares(session, shapes.0, name) => {
                compare_one(session, at, &site, spans, (&by_default(is), is));
            }
            // A member that only one side has came or went with its encoding.
            (Some(_), None) | (None, Some(_) | None) => {}
        }
    }
}

/// Whether anything that may apply at the place speaks of the member.
fn declares(session: &Session<'_>, place: Option<ShapeId>, name: &Arc<str>) -> bool {
    let shapes = &session.walk.shapes;
    let (mut waiting, mut seen) = (Vec::from_iter(place), BTreeSet::new());
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(here) = Effective::of(shapes, &[id]) else { continue };
        if here.properties.contains_key(name) {
            return true;
        }
        waiting.extend(here.any_of.iter().chain(&here.one_of).flat_map(|group| &group.value));
    }
    false
}

/// What is meant where nothing is said of a member that the other side speaks of.
fn by_default(other: &Encoding) -> Encoding {
    Encoding {
        content_types: Vec::new(),
        serialisation: None,
        headers: BTreeMap::new(),
        usual: other.usual.clone(),
    }
}

fn compare_one(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    (old, new): (&Encoding, &Encoding),
) {
    let Encoding { content_types: _, serialisation, headers, usual: _ } = old;
    let (was, is) = (types(old), types(new));
    let styled = *serialisation != new.serialisation;
    if was != is || styled {
        let effect = if styled {
            Effect::Replaces
        } else if was.is_subset(&is) && !was.is_empty() {
            Effect::Widens
        } else if is.is_subset(&was) && !is.is_empty() {
            Effect::Narrows
        } else {
            Effect::Replaces
        };
        let message =
            format!("the part's encoding changed from {} to {}", words(old, &was), words(new, &is));
        let fact = (effect.verdict(at.polarity), at.polarity);
        session.ledger.state(&ENCODING_CHANGED, spans, &message, site, fact);
    }
    let holders = (spans.0.unwrap_or(at.holders.0), spans.1.unwrap_or(at.holders.1));
    let at = HeaderSite { site: &|_| site.clone(), polarity: at.polarity, new_holder: holders.1 };
    header::compare(session, &at, (headers, &new.headers));
}

fn types(encoding: &Encoding) -> BTreeSet<Arc<str>> {
    if encoding.content_types.is_empty() && encoding.serialisation.is_none() {
        return encoding.usual.iter().cloned().collect();
    }
    encoding.content_types.iter().cloned().collect()
}

fn words(encoding: &Encoding, types: &BTreeSet<Arc<str>>) -> String {
    let types: Vec<&str> = types.iter().map(AsRef::as_ref).collect();
    match (&encoding.serialisation, types.is_empty()) {
        (Some(chosen), _) => words_of_style(chosen),
        (None, true) => "the default".to_owned(),
        (None, false) => format!("`{}`", types.join(", ")),
    }
}
