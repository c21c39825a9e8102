//! How members of forms and multipart bodies are encoded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::body::BodySite;
use super::header::{self, HeaderSite};
use super::media::{covers, parsed};
use super::parameter::words as words_of_style;
use crate::diff::session::Session;
use crate::model::{Encoding, MediaPayload, ShapeId, Site, Step};
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

/// Compares how the parts are encoded that have no names.
pub(super) fn compare_positions(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    (old, new): (&MediaPayload, &MediaPayload),
) {
    // How parts are encoded that one side does not have is nobody's concern.
    let shift = |shape| session.shifted(shape);
    let most =
        [most_parts(session, old, old.shape), most_parts(session, new, new.shape.map(shift))];
    let most = most.into_iter().flatten().min().unwrap_or(usize::MAX);
    let listed = old.positions.len().max(new.positions.len());
    let count = listed.min(most);
    let mut compare = |step: Step, was: Option<&Encoding>, is: Option<&Encoding>| {
        let site = site.then(step);
        match (was, is) {
            (Some(was), Some(is)) => compare_one(session, at, &site, spans, (was, is)),
            (Some(was), None) => compare_one(session, at, &site, spans, (was, &by_default(was))),
            (None, Some(is)) => compare_one(session, at, &site, spans, (&by_default(is), is)),
            (None, None) => {}
        }
    };
    for index in 0..count {
        let of = |payload: &'_ MediaPayload| {
            payload.positions.get(index).or(payload.rest.as_ref()).cloned()
        };
        compare(Step::Position(index), of(old).as_ref(), of(new).as_ref());
    }
    if listed < most {
        compare(Step::Item, old.rest.as_ref(), new.rest.as_ref());
    }
}

/// How many parts there are at most, where that is said.
fn most_parts(
    session: &Session<'_>,
    payload: &MediaPayload,
    shape: Option<ShapeId>,
) -> Option<usize> {
    let shapes = &session.walk.shapes;
    let place = Effective::of(shapes, &[shape.filter(|_| payload.item.is_none())?])?;
    let closed = place.rest.iter().any(|rest| shapes.get(*rest).boolean == Some(false));
    let positions = closed.then_some(place.positions.len());
    let bound = place.max_items.and_then(|most| usize::try_from(most.value).ok());
    positions.into_iter().chain(bound).min()
}

/// What is meant where nothing is said of a member that the other side speaks of.
fn by_default(other: &Encoding) -> Encoding {
    Encoding {
        content_types: Vec::new(),
        serialisation: None,
        unheard: None,
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
    let Encoding { content_types: _, serialisation, unheard, headers, usual: _ } = old;
    let (was, is) = (types(old), types(new));
    let styled = *serialisation != new.serialisation;
    // Another version alone is no edit: what it begins to heed was written before.
    let as_written = styled
        && serialisation.as_ref().or(unheard.as_ref())
            == new.serialisation.as_ref().or(new.unheard.as_ref());
    if (was != is || styled) && !as_written {
        let effect = if styled {
            Effect::Replaces
        } else if lie_in(&was, &is) {
            Effect::Widens
        } else if lie_in(&is, &was) {
            Effect::Narrows
        } else {
            Effect::Replaces
        };
        let message =
            format!("the part's encoding changed from {} to {}", words(old, &was), words(new, &is));
        let fact = (effect.verdict(at.polarity), at.polarity);
        session.ledger.state(&ENCODING_CHANGED, spans, &message, site, fact);
    }
    let new_holder = spans.1.unwrap_or(at.new_holder);
    let at = HeaderSite { site: &|_| site.clone(), polarity: at.polarity, new_holder };
    header::compare(session, &at, (headers, &new.headers));
}

/// Whether there are media types, and each is one of the others or lies in a range among them.
fn lie_in(types: &BTreeSet<Arc<str>>, others: &BTreeSet<Arc<str>>) -> bool {
    let is_covered = |text: &Arc<str>| {
        let media = parsed(text);
        others.iter().any(|other| covers(&parsed(other), &media))
    };
    !types.is_empty() && types.iter().all(is_covered)
}

/// A media type in which a part may be written and is not read; both are told only what they say
/// themselves.
pub(super) fn lost_type(writer: Option<&Encoding>, reader: Option<&Encoding>) -> Option<Arc<str>> {
    let known = writer.or(reader).map(by_default);
    let of = |side: Option<&Encoding>| side.or(known.as_ref()).map(types).unwrap_or_default();
    let (written, read) = (of(writer), of(reader));
    let is_lost = |text: &&Arc<str>| !lie_in(&BTreeSet::from([Arc::clone(text)]), &read);
    let lost = written.iter().find(is_lost)?;
    // Of a range something is lost that nobody has named.
    Some(lost.replacen("*/*", "application/*", 1).replace('*', "x-other").into())
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
