//! Bodies and their media types.

use std::sync::Arc;

use super::exchange::Pair;
use super::media::{applying, carrier, covers, inside, is_json, is_xml, parsed};
use super::response::unread;
use super::styled::has_styled_objects;
use super::{encoding, xml};
use crate::diff::remarks::compare_remarks;
use crate::diff::session::{Crossing, Session};
use crate::diff::shapes::says_nothing_else;
use crate::model::{
    ArrayFacets, Body, Kind, MediaPayload, Part, Polarity, ShapeId, Shapes, Site, Step,
};
use crate::rules::effective::Effective;
use crate::rules::payload::{
    BODY_ADDED, BODY_BECAME_OPTIONAL, BODY_BECAME_REQUIRED, BODY_REMOVED, MEDIA_TYPE_ADDED,
    MEDIA_TYPE_REMOVED, SCHEMA_ADDED, SCHEMA_REMOVED,
};
use crate::rules::shape::SHAPE_REWRITTEN;
use crate::rules::{Rule, Verdict};
use crate::source::Span;
use crate::subtype::Carrier;

/// A body's place: which part of which operation, and who writes it.
pub(super) struct BodySite<'p> {
    pub(super) label: &'p Arc<str>,
    pub(super) part: &'p dyn Fn(Option<Arc<str>>) -> Part,
    pub(super) polarity: Polarity,
    pub(super) choice: Choice,
    /// The element of the new contract that holds the body.
    pub(super) new_holder: Span,
    /// The reference in the old contract that led to the body, where the new one has none.
    pub(super) reference: Option<Span>,
}

/// Who chooses among the media types of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Its reader: by what it lists as accepted, or asks for (RFC 9110 §12.5.1).
    Reader,
    /// Its writer: nobody is asked before a webhook or callback is called.
    Writer,
}

/// Compares what the caller sends.
pub(super) fn compare_request(session: &mut Session<'_>, pair: &Pair<'_>) {
    let polarity = pair.sent();
    let choice = match polarity {
        Polarity::Request | Polarity::Both => Choice::Reader,
        Polarity::Response => Choice::Writer,
    };
    let site = BodySite {
        label: &pair.label,
        part: &Part::RequestBody,
        polarity,
        choice,
        new_holder: pair.new_operation.span,
        reference: None,
    };
    let (old, new) = (pair.old.request.as_ref(), pair.new.request.as_ref());
    if !pair.new.method.eq_ignore_ascii_case("TRACE") {
        compare(session, &site, old, new);
        return;
    }
    // No client may send one with this method (RFC 9110 §9.3.8).
    let place = |body: Option<&Body>, operation| body.map_or(operation, |body| body.span);
    let spans = (place(old, pair.old_operation.span), place(new, pair.new_operation.span));
    let at = (Site::part(Arc::clone(&pair.label), Part::RequestBody(None)), polarity);
    let what = "the content described for `TRACE`, which carries none";
    unread(session, at, what, spans, |session| compare(session, &site, old, new));
}

/// Compares two bodies of the same part.
pub(super) fn compare(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    old: Option<&Body>,
    new: Option<&Body>,
) {
    let site = Site::part(at.label.clone(), (at.part)(None));
    let polarity = at.polarity;
    match (old, new) {
        (None, None) => {}
        (Some(old), None) => {
            let verdict = match polarity {
                Polarity::Request => Verdict::Compatible,
                Polarity::Response | Polarity::Both => Verdict::Breaking,
            };
            let message = "the body is described no more";
            let spans = (Some(at.reference.unwrap_or(old.span)), None);
            let fact = (verdict, polarity);
            let finding = session.ledger.state(&BODY_REMOVED, spans, message, &site, fact);
            finding.anchor = Some(at.new_holder);
        }
        (None, Some(new)) => {
            let demanded = new.required.value && polarity == Polarity::Request;
            let verdict = if demanded { Verdict::Breaking } else { Verdict::Compatible };
            let message = if demanded { "a required body was added" } else { "a body was added" };
            let spans = (None, Some(new.span));
            session.ledger.state(&BODY_ADDED, spans, message, &site, (verdict, polarity));
        }
        (Some(old), Some(new)) => {
            compare_both(session, at, &site, old, new);
        }
    }
}

fn compare_both(session: &mut Session<'_>, at: &BodySite<'_>, site: &Site, old: &Body, new: &Body) {
    let Body { required, content, remarks, listed: _, span } = old;
    let spans = (Some(*span), Some(new.span));
    compare_remarks(session, site, at.polarity, spans, (remarks, &new.remarks));
    if required.value != new.required.value && !tells_a_member(session, old, new) {
        let (rule, message): (&'static Rule, _) = if new.required.value {
            (&BODY_BECAME_REQUIRED, "the body became required")
        } else {
            (&BODY_BECAME_OPTIONAL, "the body is no longer required")
        };
        let spans = (Some(required.span), Some(new.required.span));
        let fact = (rule.effect.verdict(at.polarity), at.polarity);
        session.ledger.state(rule, spans, message, site, fact);
    }
    let several = content.len() > 1 || new.content.len() > 1;
    for was in content {
        let mut partners: Vec<&MediaPayload> =
            applying(&new.content, &was.media).into_iter().collect();
        // A more specific key takes over from this one, unless the old side has that key too.
        partners.extend(inside(&new.content, &was.media).filter(|is| {
            applying(content, &is.media).is_some_and(|known| std::ptr::eq(known, was))
        }));
        if applying(&new.content, &was.media).is_none() {
            removed(session, at, site, was, new);
        }
        for is in partners {
            let media = if several { Some(is.media.to_string().into()) } else { None };
            let part = Site::part(at.label.clone(), (at.part)(media));
            compare_payload(session, at, &part, was, is);
        }
    }
    for is in &new.content {
        let known = content.iter().any(|was| covers(&was.media, &is.media));
        if !known {
            let message = format!("media type `{}` was added", is.media);
            let spans = (None, Some(is.listed));
            let verdict = match at.choice {
                Choice::Reader => Verdict::Compatible,
                Choice::Writer => Verdict::Breaking,
            };
            let fact = (verdict, at.polarity);
            let finding = session.ledger.state(&MEDIA_TYPE_ADDED, spans, &message, site, fact);
            if at.polarity == Polarity::Request || verdict == Verdict::Breaking {
                // Whoever sends chooses among what is accepted.
                finding.caution = None;
            }
        }
    }
}

/// No key covers a media type or range any more. In a response it is enough that some lie in it, for
/// whoever asks is answered with one of those; and a writer that chooses may choose less.
fn removed(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    was: &MediaPayload,
    new: &Body,
) {
    let inside: Vec<&MediaPayload> = inside(&new.content, &was.media).collect();
    let answered = at.polarity != Polarity::Request && !inside.is_empty();
    let verdict = match at.choice {
        Choice::Reader if !answered => Verdict::Breaking,
        Choice::Reader | Choice::Writer => Verdict::Compatible,
    };
    let message = if answered {
        let left: Vec<String> = inside.iter().map(|is| format!("`{}`", is.media)).collect();
        format!("media type `{}` was narrowed to {}", was.media, left.join(", "))
    } else {
        format!("media type `{}` was removed", was.media)
    };
    let (gone, fact) = ((was.listed, new.listed), (verdict, at.polarity));
    session.ledger.withdraw(&MEDIA_TYPE_REMOVED, gone, &message, site, fact);
}

/// Whether the one side demands a body only because it demands a member, and the other demands none:
/// what became of the member tells all.
fn tells_a_member(session: &Session<'_>, old: &Body, new: &Body) -> bool {
    let demanded = |body: &Body, shift: bool| -> Vec<Span> {
        let shapes = body.content.iter().filter_map(|payload| payload.shape);
        let ids = shapes.map(|shape| if shift { session.shifted(shape) } else { shape });
        ids.filter_map(|id| Effective::of(&session.walk.shapes, &[id]))
            .flat_map(|place| place.required.into_values())
            .collect()
    };
    let (was, is) = (demanded(old, false), demanded(new, true));
    let because = |body: &Body, members: &[Span]| members.contains(&body.required.span);
    (is.is_empty() && because(old, &was)) || (was.is_empty() && because(new, &is))
}

fn compare_payload(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    old: &MediaPayload,
    new: &MediaPayload,
) {
    // The examples are among the remarks.
    let MediaPayload {
        media,
        shape,
        bytes: _,
        item,
        encoding: _,
        others: _,
        positions: _,
        rest: _,
        examples: _,
        remarks,
        listed: _,
        span,
    } = old;
    let spans = (Some(*span), Some(new.span));
    compare_remarks(session, site, at.polarity, spans, (remarks, &new.remarks));
    let carrier = crossing(session, old, new);
    let each = |payload: &MediaPayload| if payload.shape.is_none() { payload.item } else { None };
    let (was, is) = (
        each(old).or_else(|| elements(&session.walk.shapes, *shape)),
        each(new).or_else(|| {
            let shape = new.shape.map(|shape| session.shifted(shape));
            elements(&session.walk.shapes, shape).map(|shape| session.shifted_back(shape))
        }),
    );
    let items = site.then(Step::Item);
    if each(old).is_some() != each(new).is_some() && was.is_some() && is.is_some() {
        // A stream is the array of its items (OpenAPI 3.2.0 §4.14.3).
        compare_shapes(session, at, &items, spans, (was, is, carrier));
    } else {
        let ends = (meant(old, new), meant(new, old));
        compare_shapes(session, at, site, spans, (ends.0, ends.1, carrier));
        compare_shapes(session, at, &items, spans, (*item, new.item, carrier));
    }
    encoding::compare(session, at, site, (old, new));
    encoding::compare_positions(session, at, site, (old, new));
    if is_xml(media)
        && let (Some(old), Some(new)) = (shape, new.shape)
    {
        let new = session.shifted(new);
        xml::compare(session, site, at.polarity, (&[*old], &[new]));
    }
}

/// The shape of a payload. Where the other side says that a part is bytes, in the words of another
/// version, it is the one that says so too of what it leaves open.
fn meant(payload: &MediaPayload, other: &MediaPayload) -> Option<ShapeId> {
    let is_said = payload.encoding.iter().any(|(name, here)| {
        let there = other.encoding.get(name).map(|there| &there.usual);
        there.is_some_and(|there| {
            let is_open = here.usual.open().is_some();
            is_open && there.told_by != here.usual.told_by && there.is_bytes()
        })
    });
    payload.bytes.filter(|_| is_said).or(payload.shape)
}

fn compare_shapes(
    session: &mut Session<'_>,
    at: &BodySite<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    (old, new, carrier): (Option<ShapeId>, Option<ShapeId>, Carrier),
) {
    let (rule, message): (&'static Rule, _) = match (old, new) {
        (None, None) => return,
        (Some(old), Some(new)) => {
            let crossing = Crossing { site: site.clone(), polarity: at.polarity, carrier };
            session.payload(&crossing, old, new);
            return;
        }
        (Some(old), None) if says_nothing(&session.walk.shapes, old) => {
            (&SHAPE_REWRITTEN, "a schema that admits everything was dropped")
        }
        (None, Some(new)) if says_nothing(&session.walk.shapes, session.shifted(new)) => {
            (&SHAPE_REWRITTEN, "a schema that admits everything was added")
        }
        (Some(_), None) => (&SCHEMA_REMOVED, "the payload is described no more"),
        (None, Some(_)) => (&SCHEMA_ADDED, "the payload is described now"),
    };
    let fact = (rule.effect.verdict(at.polarity), at.polarity);
    session.ledger.state(rule, spans, message, site, fact);
}

/// Whether a schema admits everything, by what is written.
fn says_nothing(shapes: &Shapes, shape: ShapeId) -> bool {
    Effective::of(shapes, &[shape]).is_some_and(|place| {
        let is_plain = place.kinds.is_none() && place.any_of.is_empty() && place.one_of.is_empty();
        is_plain && says_nothing_else(shapes, &place)
    })
}

/// How values cross that both sides describe: as the more specific of the two media types has it.
fn crossing(session: &Session<'_>, old: &MediaPayload, new: &MediaPayload) -> Carrier {
    let media = if covers(&new.media, &old.media) { &old.media } else { &new.media };
    let carrier = carrier(media);
    let ends = [(old, old.shape), (new, new.shape.map(|shape| session.shifted(shape)))];
    let in_json = ends.iter().any(|(payload, shape)| has_json_scalars(session, payload, *shape));
    if carrier != Carrier::Form {
        return carrier;
    }
    // A scalar that a form carries as JSON is no text; what is said of the others then is said of JSON.
    if in_json {
        Carrier::HttpJson
    } else if has_styled_objects(session, ends) {
        Carrier::StyledForm
    } else {
        carrier
    }
}

/// Whether a scalar field of a form is to be written as JSON.
fn has_json_scalars(session: &Session<'_>, payload: &MediaPayload, shape: Option<ShapeId>) -> bool {
    let place = shape.and_then(|shape| Effective::of(&session.walk.shapes, &[shape]));
    let Some(place) = place else { return false };
    payload.encoding.iter().any(|(name, encoding)| {
        let field = place.properties.get(name);
        let field = field.and_then(|field| Effective::of(&session.walk.shapes, &field.shapes));
        let is_object = field.and_then(|field| field.kinds).is_some_and(|kinds| {
            let scalars = [Kind::String, Kind::Integer, Kind::Boolean];
            scalars.into_iter().all(|scalar| !kinds.value.has(scalar))
        });
        !is_object && encoding.content_types.iter().any(|media| is_json(&parsed(media)))
    })
}

/// The shape of the elements, where nothing else is said of an array.
fn elements(shapes: &Shapes, shape: Option<ShapeId>) -> Option<ShapeId> {
    const MAX_HOPS: usize = 64;
    let mut shape = shapes.get(shape?);
    for _ in 0..MAX_HOPS {
        let Some(reference) = shape.reference.as_ref().filter(|_| shape.is_only_a_reference())
        else {
            break;
        };
        shape = shapes.get(reference.target);
    }
    let array = shape.array.get()?;
    let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } = array;
    let is_plain = prefix.is_empty()
        && unevaluated.is_none()
        && contains.is_none()
        && min_items.is_none()
        && max_items.is_none()
        && unique.is_none();
    rest.filter(|_| is_plain && shape.reference.is_none() && shape.logic.get().is_none())
}
