//! Payloads that say by a name of which kind they are, where the kind is called otherwise now.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::carried::carried;
use super::exchange_of;
use super::part::with_member;
use super::reached::reached;
use super::request::Party;
use crate::diff::finding::Finding;
use crate::diff::http::media::is_json;
use crate::diff::session::Session;
use crate::diff::{Witness, WitnessEffect, WitnessSide};
use crate::model::{Component, Json, MediaPayload, Part, Polarity, ShapeId, Site, Step, Surface};
use crate::source::Span;
use crate::subtype::{Carrier, Example, Role, View};

/// How deep in a payload a kind is looked for.
const MAX_STEPS: usize = 16;

/// A place whose payloads say of which kind they are, and what those of the kind say.
struct Told {
    place: ShapeId,
    property: Arc<str>,
    tag: Arc<str>,
    kind: ShapeId,
}

/// A payload of the kind that only its writer knows by that name: a request of today's clients, else
/// what the new server answers.
pub(super) fn told_apart(session: &mut Session<'_>, finding: &Finding) -> Option<Witness> {
    [(WitnessSide::Old, finding.old), (WitnessSide::New, finding.new)]
        .into_iter()
        .find_map(|(side, span)| of_side(session, finding, (side, span?)))
}

fn of_side(
    session: &mut Session<'_>,
    finding: &Finding,
    (writer, span): (WitnessSide, Span),
) -> Option<Witness> {
    let told = told(session, writer, span);
    // What leads to no such place from one payload leads to none from another.
    let mut without = HashSet::new();
    for (site, payload) in payloads(session, writer) {
        let Some(party) = session.party(&site.owner, writer) else { continue };
        let root = party.shape(session, payload);
        let Some((told, steps)) = way(session, root, &told, &mut without) else { continue };
        let Some(value) = value(session, party, (root, &steps), told) else { continue };
        return Some(Witness {
            writer,
            polarity: polarity(writer),
            effect: WitnessEffect::Refused,
            surface: Surface::Json,
            form: carried(session, &site, writer, &value),
            value: None,
            focus: String::new(),
            read_as: None,
            because: finding.message.clone(),
            relayed_as: None,
            confirmed_by: None,
        });
    }
    None
}

/// Who writes what breaks: old consumers and new producers.
fn polarity(writer: WitnessSide) -> Polarity {
    match writer {
        WitnessSide::Old => Polarity::Request,
        WitnessSide::New => Polarity::Response,
    }
}

/// The places at which payloads say that they are of the component that is declared there.
fn told(session: &Session<'_>, side: WitnessSide, span: Span) -> Vec<Told> {
    let (contract, is_new) = match side {
        WitnessSide::Old => (session.old, false),
        WitnessSide::New => (session.new, true),
    };
    let here = |shape| if is_new { session.shifted(shape) } else { shape };
    let found = contract.components.iter().find(|known| known.span == span);
    let Some(Component { name, shape: Some(shape), .. }) = found else { return Vec::new() };
    let mut all = Vec::new();
    for (base, heirs) in &contract.heirs {
        all.extend(heirs.iter().filter(|heir| heir.name == *name).map(|heir| Told {
            place: here(*base),
            property: Arc::clone(&heir.property),
            tag: Arc::clone(&heir.tag),
            kind: here(heir.shape),
        }));
    }
    let kind = here(*shape);
    let shapes = &session.walk.shapes;
    for (place, shape) in shapes.iter().filter(|(id, _)| session.is_new(*id) == is_new) {
        let discriminator = shape.notes.get().and_then(|notes| notes.discriminator.as_ref());
        let (Some(discriminator), Some(logic)) = (discriminator, shape.logic.get()) else {
            continue;
        };
        let mut branches = logic.one_of.iter().chain(&logic.any_of).flat_map(|group| &group.value);
        let leads = |branch: &ShapeId| {
            let reference = shapes.get(*branch).reference.as_ref();
            *branch == kind || reference.is_some_and(|reference| reference.target == kind)
        };
        if branches.any(leads) {
            let (property, tag) = (Arc::clone(&discriminator.value.property), Arc::clone(name));
            all.push(Told { place, property, tag, kind });
        }
    }
    all
}

/// Everything in JSON that this side writes and that the other must read.
fn payloads(session: &Session<'_>, writer: WitnessSide) -> Vec<(Site, ShapeId)> {
    let contract = match writer {
        WitnessSide::Old => session.old,
        WitnessSide::New => session.new,
    };
    let mut all = Vec::new();
    for operation in &contract.operations {
        let (Some(exchange), Some(label)) = (exchange_of(operation), operation.title()) else {
            continue;
        };
        let mut add = |content: &[MediaPayload], part: &dyn Fn(Arc<str>) -> Part| {
            for payload in content.iter().filter(|payload| is_json(&payload.media)) {
                let site = Site::part(Arc::clone(&label), part(payload.media.to_string().into()));
                all.extend(payload.shape.map(|shape| (site, shape)));
            }
        };
        if operation.caller.sent() == polarity(writer) {
            let content = exchange.request.as_ref().map_or(&[][..], |body| &body.content);
            add(content, &|media| Part::RequestBody(Some(media)));
            continue;
        }
        for (status, response) in &exchange.responses {
            let status: Arc<str> = status.to_string().into();
            let content = response.body.as_ref().map_or(&[][..], |body| &body.content);
            add(content, &|media| Part::Response(Arc::clone(&status), Some(media)));
        }
    }
    all
}

/// The shortest way from a payload to one of the places.
fn way<'t>(
    session: &Session<'_>,
    root: ShapeId,
    told: &'t [Told],
    without: &mut HashSet<ShapeId>,
) -> Option<(&'t Told, Vec<Step>)> {
    let (mut seen, mut is_cut) = (HashSet::new(), false);
    let mut waiting = VecDeque::from([(root, Vec::new())]);
    while let Some((id, steps)) = waiting.pop_front() {
        if let Some(found) = told.iter().find(|told| told.place == id) {
            return Some((found, steps));
        }
        if without.contains(&id) || !seen.insert(id) {
            continue;
        }
        if steps.len() >= MAX_STEPS {
            is_cut = true;
            continue;
        }
        let shape = session.walk.shapes.get(id);
        let groups =
            shape.logic.get().into_iter().flat_map(|it| it.any_of.iter().chain(&it.one_of));
        let branches: Vec<ShapeId> = groups.flat_map(|group| group.value.iter().copied()).collect();
        shape.for_each_child(&mut |child| {
            let branch = branches.iter().position(|branch| *branch == child);
            let branch = branch.map(|index| Step::Branch(index.to_string().into()));
            let step = branch.or_else(|| session.step_to(id, child));
            waiting.push_back((child, steps.iter().cloned().chain(step).collect()));
        });
    }
    if !is_cut {
        without.extend(seen);
    }
    None
}

/// A payload that has a value of the kind there, which says so, and that its writer may send.
fn value(
    session: &mut Session<'_>,
    party: Party<'_>,
    (root, steps): (ShapeId, &[Step]),
    told: &Told,
) -> Option<Json> {
    let around = reached(session, party, &[root], steps)?;
    let view = View::of(told.kind, Role::Writer, polarity(party.side), Carrier::HttpJson);
    let Example::Found(kind) = session.walk.engine.example(&session.walk.shapes, &view) else {
        return None;
    };
    let kind = with_member(&kind, &told.property, Json::String(Arc::clone(&told.tag)));
    let value = put(&around, steps, &kind)?;
    let whole = View::of(root, Role::Writer, polarity(party.side), Carrier::HttpJson);
    let is_sent = session.walk.engine.accepts(&session.walk.shapes, &whole, &value);
    (is_sent != Some(false)).then_some(value)
}

/// The value with another where the steps lead.
fn put(value: &Json, steps: &[Step], part: &Json) -> Option<Json> {
    let Some((step, rest)) = steps.split_first() else { return Some(part.clone()) };
    match (step, value) {
        (Step::Branch(_), _) => put(value, rest, part),
        (Step::Property(name), Json::Object(members)) => {
            Some(with_member(value, name, put(members.get(name)?, rest, part)?))
        }
        (Step::AdditionalProperty, Json::Object(members)) => {
            let (name, member) = members.iter().next()?;
            Some(with_member(value, name, put(member, rest, part)?))
        }
        (Step::Item | Step::Position(_), Json::Array(elements)) => {
            let (last, before) = elements.split_last()?;
            let last = put(last, rest, part)?;
            Some(Json::array(before.iter().cloned().chain([last])))
        }
        _ => None,
    }
}
