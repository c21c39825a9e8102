//! A body with a part that is encoded as only its writer's contract has it.

use std::sync::Arc;

use super::layout::telling;
use super::request::Party;
use super::{payload, response};
use crate::diff::finding::Finding;
use crate::diff::http::way::lost_type;
use crate::diff::session::Session;
use crate::model::{Encoding, Json, MediaPayload, Part, ShapeId, Step};
use crate::rules::effective::Effective;

/// The payload and a value of it, with the part that the finding is about.
pub(super) fn with_part(
    session: &mut Session<'_>,
    party: Party<'_>,
    finding: &Finding,
    (mut written, value): (MediaPayload, Json),
) -> (MediaPayload, Json) {
    let Some(step) = finding.site.steps.last() else { return (written, value) };
    let reader = counterpart(session, party, finding);
    let lost = |was: Option<&Encoding>, is: Option<&Encoding>| {
        let kept = was.or(is).cloned()?;
        let content_types = lost_type(was, is).into_iter().collect();
        Some(Encoding { content_types, ..kept })
    };
    let index = match step {
        Step::Property(name) => {
            let is = reader.and_then(|reader| reader.encoding.get(name));
            let encoding = lost(written.encoding.get(name), is);
            written.encoding.extend(encoding.map(|encoding| (Arc::clone(name), encoding)));
            let Some(part) = part(session, party, written.shape, step) else {
                return (written, value);
            };
            return (written, with_member(&value, name, part));
        }
        Step::Position(index) => *index,
        Step::Item => written.positions.len(),
        Step::PatternProperty(_)
        | Step::AdditionalProperty
        | Step::PropertyName
        | Step::Contained
        | Step::Branch(_)
        | Step::EnumValue(_) => return (written, value),
    };
    let at = |side: &MediaPayload, index| side.positions.get(index).or(side.rest.as_ref()).cloned();
    let is = reader.and_then(|reader| at(reader, index));
    let encoding = lost(at(&written, index).as_ref(), is.as_ref());
    let before: Vec<Encoding> = (0..index).filter_map(|index| at(&written, index)).collect();
    written.positions = before.into_iter().chain(encoding).collect();
    let (shape, item) = (written.shape, written.item);
    let elements = (0..=index)
        .filter_map(|index| match (shape, item) {
            // The items of a stream are described by themselves.
            (None, Some(item)) => {
                let item = party.shape(session, item);
                telling(session, party, item)
            }
            (shape, _) => part(session, party, shape, &Step::Position(index)),
        })
        .collect::<Vec<Json>>();
    (written, Json::array(elements))
}

/// The object with that member; another value gives way to it.
pub(super) fn with_member(value: &Json, name: &Arc<str>, member: Json) -> Json {
    let mut members = Vec::new();
    if let Json::Object(known) = &value {
        let others = known.iter().filter(|(known, _)| *known != name);
        members.extend(others.map(|(name, value)| (Arc::clone(name), value.clone())));
    }
    members.push((Arc::clone(name), member));
    Json::object(members)
}

/// The reader's description of the same payload.
fn counterpart<'c>(
    session: &Session<'c>,
    party: Party<'c>,
    finding: &Finding,
) -> Option<&'c MediaPayload> {
    let other = session.party(&finding.site.owner, party.side.other())?;
    match &finding.site.part {
        Part::RequestBody(media) => payload(other.exchange.request.as_ref(), media.as_deref()),
        Part::Response(status, media) => {
            let (_, declared) = response(other.exchange, status)?;
            payload(declared.body.as_ref(), media.as_deref())
        }
        Part::Whole
        | Part::Parameter(..)
        | Part::ResponseHeader(..)
        | Part::Security
        | Part::Server
        | Part::RequestMessage
        | Part::ResponseMessage => None,
    }
}

/// A value of a part of the payload.
fn part(
    session: &mut Session<'_>,
    party: Party<'_>,
    shape: Option<ShapeId>,
    step: &Step,
) -> Option<Json> {
    let shape = party.shape(session, shape?);
    let place = Effective::of(&session.walk.shapes, &[shape])?;
    let inside = match step {
        Step::Property(name) => place.properties.get(name)?.shapes.clone(),
        Step::Position(index) => place.positions.get(*index).unwrap_or(&place.rest).clone(),
        Step::PatternProperty(_)
        | Step::AdditionalProperty
        | Step::PropertyName
        | Step::Item
        | Step::Contained
        | Step::Branch(_)
        | Step::EnumValue(_) => return None,
    };
    telling(session, party, *inside.first()?)
}
