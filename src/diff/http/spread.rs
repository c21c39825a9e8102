//! Objects that travel as parameters of their own: `explode` writes each member as `name=value`, and
//! nothing on the wire tells it from a parameter of that name (OpenAPI 3.1.1 §4.8.12.2).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::exchange::Pair;
use super::parameter::same;
use crate::diff::session::{Crossing, Session};
use crate::diff::shapes::Question;
use crate::model::{
    Kind, Kinds, Lifecycle, Parameter, ParameterLocation, Part, Polarity, Remarks, Serialisation,
    Shape, Site, Stated, Style,
};
use crate::rules::Verdict;
use crate::rules::effective::Effective;
use crate::rules::parameter::ESCAPING_CHANGED;
use crate::subtype::Carrier;

/// The parameters of one side as they travel.
pub(super) type Sent<'c> = Vec<Cow<'c, Parameter>>;

/// The parameters of both sides as they travel: objects are taken apart where the other side does
/// not have them as one, and knows a member by name.
pub(super) fn sent<'c>(session: &mut Session<'_>, pair: &Pair<'c>) -> (Sent<'c>, Sent<'c>) {
    let (old, new) = (&pair.old.parameters, &pair.new.parameters);
    let alone = |own: &Parameter, others: &'c [Parameter], is_old: bool| {
        !others
            .iter()
            .any(|other| if is_old { same(pair, own, other) } else { same(pair, other, own) })
    };
    let apart = |own: &'c [Parameter], others: &'c [Parameter], is_old: bool| {
        let parts = own.iter().map(|it| {
            if alone(it, others, is_old) { members(session, it, is_old) } else { Vec::new() }
        });
        parts.collect::<Vec<Vec<Parameter>>>()
    };
    let (was, is) = (apart(old, new, true), apart(new, old, false));
    let (before, after) = (travelling(old, &was), travelling(new, &is));
    let chosen = |own: &'c [Parameter], parts: Vec<Vec<Parameter>>, others: &BTreeSet<Key>| {
        let mut all: Sent<'c> = Vec::new();
        let mut taken = Vec::new();
        for (whole, parts) in own.iter().zip(parts) {
            if parts.iter().any(|part| others.contains(&key(part))) {
                taken.push(whole);
                all.extend(parts.into_iter().map(Cow::Owned));
            } else {
                all.push(Cow::Borrowed(whole));
            }
        }
        (all, taken)
    };
    let (before, after) = {
        let ((old, taken), (new, made)) = (chosen(old, was, &after), chosen(new, is, &before));
        say(session, pair, (&taken, &made));
        let read = if pair.sent() == Polarity::Response { &taken } else { &made };
        for whole in read {
            together(session, pair, whole);
        }
        (old, new)
    };
    (before, after)
}

/// Where a parameter is sent, and by which name.
type Key = (ParameterLocation, Arc<str>);

fn key(parameter: &Parameter) -> Key {
    (parameter.location, Arc::clone(&parameter.name))
}

/// The names that travel, an object's own name aside.
fn travelling(own: &[Parameter], parts: &[Vec<Parameter>]) -> BTreeSet<Key> {
    let whole = own.iter().zip(parts).filter(|(_, parts)| parts.is_empty()).map(|(it, _)| key(it));
    whole.chain(parts.iter().flatten().map(key)).collect()
}

fn say(session: &mut Session<'_>, pair: &Pair<'_>, (taken, made): (&[&Parameter], &[&Parameter])) {
    let mut state = |whole: &Parameter, message: String| {
        let part = Part::Parameter(whole.location.name(), Arc::clone(&whole.name));
        let site = Site::part(Arc::clone(&pair.label), part);
        let spans = (Some(pair.old_operation.span), Some(pair.new_operation.span));
        let spans = if taken.is_empty() {
            (spans.0, Some(whole.span))
        } else {
            (Some(whole.span), spans.1)
        };
        let fact = (Verdict::Compatible, pair.sent());
        session.ledger.state(&ESCAPING_CHANGED, spans, &message, &site, fact).caution = None;
    };
    for whole in taken {
        state(
            whole,
            format!(
                "the members of `{}` are parameters of their own now, which is the same text",
                whole.name
            ),
        );
    }
    for whole in made.iter().filter(|_| taken.is_empty()) {
        state(
            whole,
            format!("parameters are members of `{}` now, which is the same text", whole.name),
        );
    }
}

/// Judges what an object says of its members together, where the side that writes has them as
/// parameters of their own: any of them may be sent without the others. What is said of each alone is
/// judged apart, so here each holds what is read.
fn together(session: &mut Session<'_>, pair: &Pair<'_>, whole: &Parameter) {
    let polarity = pair.sent();
    let (apart, span, read) = match polarity {
        Polarity::Request => {
            (&pair.old.parameters, pair.old_operation.span, session.shifted(whole.shape))
        }
        Polarity::Response => (&pair.new.parameters, pair.new_operation.span, whole.shape),
        Polarity::Both => return,
    };
    let Some(called) = naming(&whole.name, whole.location, &whole.serialisation) else { return };
    let Some(place) = Effective::of(&session.walk.shapes, &[read]) else { return };
    let (mut properties, mut required) = (BTreeMap::new(), BTreeMap::new());
    for (name, member) in &place.properties {
        let own = apart
            .iter()
            .find(|own| own.location == as_sent(whole.location) && *own.name == *called(name));
        let is_told = whole.required.value && place.required.contains_key(name);
        if own.is_none() && !is_told {
            continue;
        }
        let mut held = Shape::anything(span);
        held.logic.edit().all_of.clone_from(&member.shapes);
        let value = session.walk.shapes.add(held);
        properties.insert(Arc::clone(name), Stated { value, span });
        if is_told || own.is_some_and(|own| own.required.value) {
            required.insert(Arc::clone(name), Stated { value: (), span });
        }
    }
    let mut written = Shape::anything(span);
    written.kinds = Some(Stated { value: Kinds::NONE.with(Kind::Object), span });
    let object = written.object.edit();
    (object.properties, object.required) = (Arc::new(properties), Arc::new(required));
    object.additional = Some(session.walk.shapes.add(Shape::nothing(span)));
    let written = session.walk.add(written);
    let (old, new) = match polarity {
        Polarity::Response => (vec![read], vec![written]),
        Polarity::Request | Polarity::Both => (vec![written], vec![read]),
    };
    let part = Part::Parameter(whole.location.name(), Arc::clone(&whole.name));
    let site = Site::part(Arc::clone(&pair.label), part);
    let carrier = Carrier::Text;
    let question = Question { old, new, polarity, carrier };
    session.judge_losses(&Crossing { site, polarity, carrier }, &question);
}

/// Where the members of an object are sent that is sent there.
fn as_sent(location: ParameterLocation) -> ParameterLocation {
    match location {
        ParameterLocation::QueryString => ParameterLocation::Query,
        ParameterLocation::Path
        | ParameterLocation::Query
        | ParameterLocation::Header
        | ParameterLocation::Cookie => location,
    }
}

/// The members of a parameter that travel by names of their own; none where the parameter does not
/// travel so.
fn members(session: &Session<'_>, whole: &Parameter, is_old: bool) -> Vec<Parameter> {
    let Parameter {
        name,
        location,
        required,
        serialisation,
        shape,
        allow_empty: _,
        lifecycle: _,
        remarks: _,
        span: _,
    } = whole;
    let Some(called) = naming(name, *location, serialisation) else { return Vec::new() };
    let id = if is_old { *shape } else { session.shifted(*shape) };
    let Some(place) = Effective::of(&session.walk.shapes, &[id]) else { return Vec::new() };
    let is_object = is_object(&place);
    // Alternatives that describe no member speak of those that are described.
    let mut branches = place.any_of.iter().chain(&place.one_of).flat_map(|group| &group.value);
    let is_plain = place.conditions.is_empty()
        && branches.all(|branch| {
            let branch = Effective::of(&session.walk.shapes, &[*branch]);
            branch.is_some_and(|branch| branch.properties.is_empty())
        });
    if !is_object || !is_plain {
        return Vec::new();
    }
    let allow_reserved = matches!(serialisation, Serialisation::Style { allow_reserved: true, .. });
    let member = |(name, member): (&Arc<str>, &crate::rules::effective::Member)| {
        let [shape] = member.shapes.as_slice() else { return None };
        let demanded = required.value && place.required.contains_key(name);
        let span = place.required.get(name).copied().unwrap_or(member.span);
        Some(Parameter {
            name: called(name).into(),
            location: as_sent(*location),
            required: Stated { value: demanded, span },
            serialisation: Serialisation::Style {
                style: Style::Form,
                explode: true,
                allow_reserved,
            },
            shape: if is_old { *shape } else { session.shifted_back(*shape) },
            allow_empty: false,
            lifecycle: Lifecycle::default(),
            remarks: Remarks::default(),
            span: member.span,
        })
    };
    let all: Option<Vec<Parameter>> = place.properties.iter().map(member).collect();
    all.unwrap_or_default()
}

/// Whether an object is all that there may be, but for null.
pub(super) fn is_object(place: &Effective) -> bool {
    place.kinds.as_ref().is_some_and(|kinds| {
        let others = [Kind::String, Kind::Integer, Kind::Boolean, Kind::Array];
        kinds.value.has(Kind::Object) && others.into_iter().all(|kind| !kinds.value.has(kind))
    })
}

/// The name that travels of a member.
type Naming<'n> = Box<dyn Fn(&str) -> String + 'n>;

/// What the members of a parameter are called on the wire.
fn naming<'n>(
    name: &'n str,
    location: ParameterLocation,
    serialisation: &Serialisation,
) -> Option<Naming<'n>> {
    match (location, serialisation) {
        (
            ParameterLocation::Query | ParameterLocation::Cookie,
            Serialisation::Style { style: Style::Form, explode: true, allow_reserved: _ },
        ) => Some(Box::new(str::to_owned)),
        (
            ParameterLocation::Query,
            Serialisation::Style { style: Style::DeepObject, explode: _, allow_reserved: _ },
        ) => Some(Box::new(move |member: &str| format!("{name}[{member}]"))),
        (ParameterLocation::QueryString, Serialisation::Media(media))
            if &**media == "application/x-www-form-urlencoded" =>
        {
            Some(Box::new(str::to_owned))
        }
        _ => None,
    }
}
