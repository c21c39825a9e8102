//! How members of forms and multipart bodies are encoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::body::BodySite;
use super::header::{self, HeaderSite};
use super::media::{is_urlencoded, is_xml, parsed};
use super::parameter::compare_empty;
use super::way::{Change, Outcome, Parts, change, escapes_less};
use super::xml;
use crate::diff::Proof;
use crate::diff::session::Session;
use crate::model::{Encoding, MediaPayload, ShapeId, Site, Step};
use crate::rules::Verdict;
use crate::rules::effective::Effective;
use crate::rules::parameter::ESCAPING_CHANGED;
use crate::rules::payload::ENCODING_CHANGED;
use crate::source::Span;

/// Compares how the members of two payloads are encoded.
pub(super) fn compare(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    (old, new): (&MediaPayload, &MediaPayload),
) {
    let parts = if is_urlencoded(&old.media) { Parts::Pairs } else { Parts::Typed };
    for (name, was) in &old.encoding {
        // A member that only one side has came or went with its encoding.
        let Some(is) = new.encoding.get(name) else { continue };
        let site = site.then(Step::Property(Arc::clone(name)));
        compare_one(session, at, &site, (was.span, is.span), (parts, was, is));
        let read = member(session, new.shape.map(|shape| session.shifted(shape)), name);
        let allowed = (was.allow_empty, is.allow_empty);
        let (called, spans) = (format!("field `{name}`"), (Some(was.span), Some(is.span)));
        compare_empty(session, (&site, &called), spans, (allowed, read), at.polarity);
        if is_in_xml(was) && is_in_xml(is) {
            let shift = |shape| session.shifted(shape);
            let ends =
                (member(session, old.shape, name), member(session, new.shape.map(shift), name));
            xml::compare(session, &site, at.polarity, (&ends.0, &ends.1));
        }
    }
    if let (Some(was), Some(is)) = (&old.others, &new.others) {
        let site = site.then(Step::AdditionalProperty);
        compare_one(session, at, &site, (was.span, is.span), (parts, was, is));
    }
}

/// Whether the part is an XML document.
fn is_in_xml(encoding: &Encoding) -> bool {
    let mut types = encoding.content_types.iter();
    !encoding.content_types.is_empty() && types.all(|media| is_xml(&parsed(media)))
}

/// The shapes that apply to a member of a place together.
fn member(session: &Session<'_>, place: Option<ShapeId>, name: &Arc<str>) -> Vec<ShapeId> {
    let place = place.and_then(|place| Effective::of(&session.walk.shapes, &[place]));
    let member = place.and_then(|mut place| place.properties.remove(name));
    member.map_or_else(Vec::new, |member| member.shapes)
}

/// Compares how the parts are encoded that have no names.
pub(super) fn compare_positions(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
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
        let spans = (was.map_or(old.span, |it| it.span), is.map_or(new.span, |it| it.span));
        let (was, is) = match (was, is) {
            (Some(was), Some(is)) => (was, is),
            (Some(was), None) => (was, &by_default(was)),
            (None, Some(is)) => (&by_default(is), is),
            (None, None) => return,
        };
        compare_one(session, at, &site, spans, (Parts::Typed, was, is));
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

/// What is meant where nothing is said of a part that the other side speaks of.
pub(super) fn by_default(other: &Encoding) -> Encoding {
    Encoding {
        content_types: Vec::new(),
        serialisation: None,
        unheard: None,
        allow_empty: other.allow_empty,
        headers: BTreeMap::new(),
        members: BTreeMap::new(),
        usual: other.usual.clone(),
        span: other.span,
    }
}

fn compare_one(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    spans: (Span, Span),
    (parts, old, new): (Parts, &Encoding, &Encoding),
) {
    let holders = spans;
    let spans = (Some(spans.0), Some(spans.1));
    match change(parts, old, new) {
        Some(Change { outcome, from, to }) => {
            let verdict = match outcome {
                Outcome::Known(effect) => effect.verdict(at.polarity),
                Outcome::Unknown => Verdict::Undecided,
            };
            let message = format!("the part's encoding changed from {from} to {to}");
            let fact = (verdict, at.polarity);
            let finding = session.ledger.state(&ENCODING_CHANGED, spans, &message, site, fact);
            if verdict == Verdict::Undecided {
                let reason = "what the part is where nothing is said of it is not known";
                finding.proof = Proof::Undecided(reason.to_owned());
            }
        }
        None if parts == Parts::Pairs && escapes_less(old) != escapes_less(new) => {
            let message = "which characters are escaped changed";
            let fact = (Verdict::Compatible, at.polarity);
            session.ledger.state(&ESCAPING_CHANGED, spans, message, site, fact);
        }
        None => {}
    }
    let headers =
        HeaderSite { site: &|_| site.clone(), polarity: at.polarity, new_holder: holders.1 };
    header::compare(session, &headers, (&old.headers, &new.headers));
    let is_pairs = |encoding: &Encoding| {
        encoding.content_types.iter().all(|media| is_urlencoded(&parsed(media)))
    };
    let parts = if is_pairs(old) { Parts::Pairs } else { Parts::Typed };
    for (name, was) in &old.members {
        let Some(is) = new.members.get(name) else { continue };
        let site = site.then(Step::Property(Arc::clone(name)));
        compare_one(session, at, &site, (was.span, is.span), (parts, was, is));
    }
}
