//! Parameters, compared through the text that travels.

use super::coverage::takes_any_text;
use super::exchange::Pair;
use super::layout::{Layout, Written, is_prefixed, layout, lists, words};
use super::media::{carrier, is_json, parsed};
use super::operation::erased;
use super::{security, spread};
use crate::diff::lifecycle::compare_lifecycle;
use crate::diff::remarks::compare_remarks;
use crate::diff::session::{Crossing, Session};
use crate::model::{
    Alternative, Json, Kind, Parameter, ParameterLocation, Part, PathPart, PathTemplate, Polarity,
    Serialisation, ShapeId, Site, Style,
};
use crate::rules::effective::Effective;
use crate::rules::openness::restricts;
use crate::rules::parameter::{
    EMPTY_VALUE_ALLOWED, EMPTY_VALUE_FORBIDDEN, ESCAPING_CHANGED, PARAMETER_ADDED,
    PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED, PARAMETER_MOVED, PARAMETER_REMOVED,
    PATH_PARAMETER_RENAMED, REQUIRED_PARAMETER_ADDED, SERIALISATION_CHANGED,
};
use crate::rules::{Rule, Verdict};
use crate::subtype::{Carrier, Role, View};

/// Compares the parameters of two exchanges.
pub(super) fn compare(session: &mut Session<'_>, pair: &Pair<'_>) {
    let (before, after) = spread::sent(session, pair);
    let (mut paired, mut gone) = (Vec::new(), Vec::new());
    for old in &before {
        let found = after.iter().enumerate().find(|(_, new)| same(pair, old, new));
        match found {
            Some((index, new)) => {
                paired.push(index);
                compare_one(session, pair, old, new);
            }
            None => gone.push(old),
        }
    }
    for old in gone {
        let stays_unpaired = |new: &Parameter| before.iter().all(|old| !same(pair, old, new));
        let moved = after.iter().enumerate().find(|(index, new)| {
            !paired.contains(index) && is_elsewhere(old, new) && stays_unpaired(new)
        });
        match moved {
            Some((index, new)) => {
                paired.push(index);
                relocated(session, pair, old, new);
            }
            None if is_of_the_path(pair, old) => {}
            None => removed(session, pair, old),
        }
    }
    for (index, new) in after.iter().enumerate() {
        if !paired.contains(&index) && !is_of_the_path(pair, new) {
            added(session, pair, new);
        }
    }
}

/// Parameters are one by location and name; header names have no case, path parameters are one by
/// position, and the name of a whole query string never travels.
pub(super) fn same(pair: &Pair<'_>, old: &Parameter, new: &Parameter) -> bool {
    if old.location != new.location {
        return false;
    }
    match old.location {
        ParameterLocation::Path => {
            let (was, is) =
                (position(&pair.old.path, &old.name), position(&pair.new.path, &new.name));
            if was.is_some() || is.is_some() { was == is } else { old.name == new.name }
        }
        ParameterLocation::Header => old.name.eq_ignore_ascii_case(&new.name),
        ParameterLocation::QueryString => true,
        ParameterLocation::Query | ParameterLocation::Cookie => old.name == new.name,
    }
}

/// Where a variable stands: how many segments are behind its own, for prefixes of servers stand before,
/// and how many variables in that.
pub(super) fn position(path: &PathTemplate, name: &str) -> Option<(usize, usize)> {
    let (mut segments, mut variables) = (0, 0);
    for part in path.parts.iter().rev() {
        match part {
            PathPart::Literal(text) if text.contains('/') => {
                segments += text.matches('/').count();
                variables = 0;
            }
            PathPart::Literal(_) => {}
            PathPart::Variable(variable) if **variable == *name => {
                return Some((segments, variables));
            }
            PathPart::Variable(_) => variables += 1,
        }
    }
    None
}

/// Whether a parameter without a partner is a part of a path that is written otherwise: what it says
/// is told of the path.
fn is_of_the_path(pair: &Pair<'_>, parameter: &Parameter) -> bool {
    parameter.location == ParameterLocation::Path
        && erased(&pair.old.path) != erased(&pair.new.path)
}

fn site(pair: &Pair<'_>, parameter: &Parameter) -> Site {
    let part = Part::Parameter(parameter.location.name(), parameter.name.clone());
    Site::part(pair.label.clone(), part)
}

/// Whether the two are one by their name, sent in different places. What is sent in the path is
/// part of the path.
fn is_elsewhere(old: &Parameter, new: &Parameter) -> bool {
    let named = |parameter: &Parameter| match parameter.location {
        ParameterLocation::Path | ParameterLocation::QueryString => false,
        ParameterLocation::Query | ParameterLocation::Header | ParameterLocation::Cookie => true,
    };
    named(old)
        && named(new)
        && old.location != new.location
        && old.name.eq_ignore_ascii_case(&new.name)
}

/// A parameter that is sent elsewhere now: whoever sends it where it was is ignored, and refused
/// where it has to be sent.
fn relocated(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter, new: &Parameter) {
    let polarity = pair.sent();
    let breaks = match polarity {
        Polarity::Request | Polarity::Both => new.required.value,
        Polarity::Response => old.required.value,
    };
    let verdict = if breaks { Verdict::Breaking } else { Verdict::Compatible };
    let (name, was, is) = (&old.name, old.location.name(), new.location.name());
    let required = if new.required.value { "required " } else { "" };
    let message = format!("{required}parameter `{name}` moved from {was} to {is}");
    let spans = (Some(old.span), Some(new.span));
    let site = site(pair, new);
    session.ledger.state(&PARAMETER_MOVED, spans, &message, &site, (verdict, polarity));
}

fn removed(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter) {
    // A server has no say about what is gone, but a receiver that was promised a value has.
    let promised = pair.sent() == Polarity::Response && old.required.value;
    let verdict = if promised { Verdict::Breaking } else { Verdict::Compatible };
    let message = format!("{} parameter `{}` was removed", old.location.name(), old.name);
    let spans = (Some(old.span), None);
    let site = site(pair, old);
    let finding =
        session.ledger.state(&PARAMETER_REMOVED, spans, &message, &site, (verdict, pair.sent()));
    finding.anchor = Some(pair.new_operation.span);
    falls_to_others(session, pair, old);
}

/// What a new parameter catches that takes members of any name: whoever still sends the old one is
/// read as sending a member, which has another type perhaps.
fn falls_to_others(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter) {
    for new in pair.new.parameters.iter().filter(|new| catches_in(old.location, new)) {
        let shape = session.shifted(new.shape);
        let place = Effective::of(&session.walk.shapes, &[shape]);
        let Some(place) = place.filter(|place| !place.properties.contains_key(&old.name)) else {
            continue;
        };
        if let [rest] = *place.additional.as_slice()
            // Where no other name is known nothing is caught.
            && session.walk.shapes.get(rest).boolean != Some(false)
            && restricts(&session.walk.shapes, &[rest])
        {
            let (site, polarity) = (site(pair, old), pair.sent());
            let crossing = Crossing { site, polarity, carrier: Carrier::Text };
            let rest = session.shifted_back(rest);
            session.payload(&crossing, old.shape, rest);
        }
    }
}

/// Whether a parameter takes all that is sent in this place under any name.
fn catches_in(location: ParameterLocation, parameter: &Parameter) -> bool {
    parameter.location == location
        && matches!(
            parameter.serialisation,
            Serialisation::Style { style: Style::Form, explode: true, allow_reserved: _ }
        )
}

fn added(session: &mut Session<'_>, pair: &Pair<'_>, new: &Parameter) {
    let demanded = new.required.value && pair.sent() == Polarity::Request;
    let is_presented = was_credential(session, pair, new);
    let (rule, verdict): (&'static Rule, _) = if demanded && !is_presented {
        (&REQUIRED_PARAMETER_ADDED, Verdict::Breaking)
    } else {
        (&PARAMETER_ADDED, Verdict::Compatible)
    };
    let word = if demanded { "required " } else { "" };
    let why = if demanded && is_presented { ", which every call had as a credential" } else { "" };
    let message = format!("{word}{} parameter `{}` was added{why}", new.location.name(), new.name);
    let spans = (None, Some(new.span));
    session.ledger.state(rule, spans, &message, &site(pair, new), (verdict, pair.sent()));
    caught(session, pair, new);
}

/// Whether every old call had the parameter as a credential, of which nothing else is said.
fn was_credential(session: &Session<'_>, pair: &Pair<'_>, new: &Parameter) -> bool {
    let alternatives = &pair.old.security.alternatives;
    let is_asked = |alternative: &Alternative| {
        alternative.credentials.keys().any(|scheme| security::is_key(scheme, new))
    };
    !alternatives.is_empty()
        && alternatives.iter().all(is_asked)
        && takes_any_text(&session.walk.shapes, session.shifted(new.shape))
}

/// What an old parameter caught that took members of any name: a name of its own has another type
/// now, perhaps.
fn caught(session: &mut Session<'_>, pair: &Pair<'_>, new: &Parameter) {
    for old in pair.old.parameters.iter().filter(|old| catches_in(new.location, old)) {
        let place = Effective::of(&session.walk.shapes, &[old.shape]);
        let Some(place) = place.filter(|place| !place.properties.contains_key(&new.name)) else {
            continue;
        };
        if let [rest] = place.additional.as_slice()
            && restricts(&session.walk.shapes, &[*rest])
        {
            let (site, polarity) = (site(pair, new), pair.sent());
            let crossing = Crossing { site, polarity, carrier: Carrier::Text };
            session.payload(&crossing, *rest, new.shape);
        }
    }
}

fn compare_one(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter, new: &Parameter) {
    let Parameter {
        name,
        location,
        required,
        serialisation,
        shape,
        allow_empty,
        lifecycle,
        remarks,
        span,
    } = old;
    let site = site(pair, new);
    let spans = (Some(*span), Some(new.span));
    let polarity = pair.sent();
    if *location == ParameterLocation::Path && *name != new.name {
        let message = format!("path parameter `{name}` is called `{}` now", new.name);
        let fact = (Verdict::Breaking, polarity);
        session.ledger.state(&PATH_PARAMETER_RENAMED, spans, &message, &site, fact);
        if writes_name(session, old) {
            let message = format!("`;{name}=` in the path is `;{}=` now", new.name);
            session.ledger.state(&SERIALISATION_CHANGED, spans, &message, &site, fact);
        }
    }
    if required.value != new.required.value {
        let rule: &'static Rule = if new.required.value {
            &PARAMETER_BECAME_REQUIRED
        } else {
            &PARAMETER_BECAME_OPTIONAL
        };
        let verb = if new.required.value { "became required" } else { "is no longer required" };
        let message = format!("{} parameter `{name}` {verb}", location.name());
        let fact = (rule.effect.verdict(polarity), polarity);
        let spans = (Some(required.span), Some(new.required.span));
        session.ledger.state(rule, spans, &message, &site, fact);
    }
    let (called, shapes) = (format!("query parameter `{name}`"), vec![session.shifted(new.shape)]);
    let allowed = (*allow_empty, new.allow_empty);
    compare_empty(session, (&site, &called), spans, (allowed, shapes), polarity);
    let ends = ((serialisation, *shape), (&new.serialisation, new.shape));
    compare_text(session, &site, spans, ends, polarity);
    compare_lifecycle(session, &site, spans, (lifecycle, &new.lifecycle), polarity);
    compare_remarks(session, &site, polarity, spans, (remarks, &new.remarks));
}

/// Whether the text of an old parameter in a path holds its name: in the style `matrix`, but for
/// objects whose members go by names of their own (RFC 6570 §3.2.7).
fn writes_name(session: &Session<'_>, old: &Parameter) -> bool {
    let is_object = || {
        let place = Effective::of(&session.walk.shapes, &[old.shape]);
        place.is_some_and(|place| spread::is_object(&place))
    };
    match &old.serialisation {
        Serialisation::Style { style: Style::Matrix, explode, allow_reserved: _ } => {
            !explode || !is_object()
        }
        Serialisation::Style { .. } | Serialisation::Nested(_) | Serialisation::Media(_) => false,
    }
}

/// Compares whether a value may be empty whatever is said of it; the shapes are those that the new side
/// states.
pub(super) fn compare_empty(
    session: &mut Session<'_>,
    (site, called): (&Site, &str),
    spans: (Option<crate::source::Span>, Option<crate::source::Span>),
    ((was, is), shapes): ((bool, bool), Vec<ShapeId>),
    polarity: Polarity,
) {
    if was && !is {
        let message = format!("{called} may no longer be empty");
        let verdict = if takes_empty(session, shapes) {
            Verdict::Compatible
        } else {
            EMPTY_VALUE_FORBIDDEN.effect.verdict(polarity)
        };
        let fact = (verdict, polarity);
        session.ledger.state(&EMPTY_VALUE_FORBIDDEN, spans, &message, site, fact);
    } else if !was && is {
        let message = format!("{called} may be empty");
        let fact = (EMPTY_VALUE_ALLOWED.effect.verdict(polarity), polarity);
        session.ledger.state(&EMPTY_VALUE_ALLOWED, spans, &message, site, fact);
    }
}

/// Whether the shapes admit the empty text by themselves.
fn takes_empty(session: &mut Session<'_>, conjuncts: Vec<ShapeId>) -> bool {
    let view =
        View { conjuncts, role: Role::Reader, polarity: Polarity::Request, carrier: Carrier::Text };
    let walk = &mut session.walk;
    walk.engine.accepts(&walk.shapes, &view, &Json::string("")) == Some(true)
}

/// What there is to say where JSON is written, of anything but strings, and a string is read of which
/// nothing is said: it takes the text of whatever is sent.
fn taken_for_text(
    session: &Session<'_>,
    (old, new): (Written<'_>, Written<'_>),
    polarity: Polarity,
) -> Option<String> {
    let (was, is) = (old, (new.0, session.shifted(new.1)));
    let ((writer, written), (reads, reader)) = match polarity {
        Polarity::Request => (was, is),
        Polarity::Response => (is, was),
        Polarity::Both => return None,
    };
    let (Serialisation::Media(media), Serialisation::Style { style, .. }) = (writer, reads) else {
        return None;
    };
    let kinds = |id| Effective::of(&session.walk.shapes, &[id])?.kinds.map(|kinds| kinds.value);
    let (written, read) = (kinds(written)?, kinds(reader)?);
    let is_text = read.has(Kind::String) && !read.has(Kind::Array) && !read.has(Kind::Object);
    // A string is in quotes there, and another one with them.
    let is_told = is_json(&parsed(media))
        && !is_prefixed(*style)
        && !written.has(Kind::String)
        && is_text
        && takes_any_text(&session.walk.shapes, reader);
    let (was, is) = (words(old.0), words(new.0));
    is_told.then(|| format!("written as {is}, was {was}, and the string takes any text"))
}

/// Compares two values that cross as text.
pub(super) fn compare_text(
    session: &mut Session<'_>,
    site: &Site,
    spans: (Option<crate::source::Span>, Option<crate::source::Span>),
    (old, new): (Written<'_>, Written<'_>),
    polarity: Polarity,
) {
    if let Some(message) = taken_for_text(session, (old, new), polarity) {
        let fact = (Verdict::Compatible, polarity);
        session.ledger.state(&ESCAPING_CHANGED, spans, &message, site, fact).caution = None;
        return;
    }
    let layout = layout(session, old, new);
    if layout != Layout::Same {
        let verdict = match layout {
            Layout::Differs => Verdict::Breaking,
            Layout::Unknown => Verdict::Undecided,
            Layout::Same => Verdict::Compatible,
        };
        let message = format!("serialisation changed from {} to {}", words(old.0), words(new.0));
        let finding = session.ledger.state(
            &SERIALISATION_CHANGED,
            spans,
            &message,
            site,
            (verdict, polarity),
        );
        if verdict == Verdict::Undecided {
            let reason = "the value has no declared type, so its layout is not known";
            finding.proof = crate::diff::Proof::Undecided(reason.to_owned());
        }
        if verdict == Verdict::Breaking {
            return;
        }
    } else if old.0 != new.0 {
        let (was, is) = (words(old.0), words(new.0));
        let message = if was == is {
            "which characters are escaped changed".to_owned()
        } else {
            format!("written as {is}, was {was}, which is the same text for this value")
        };
        let fact = (Verdict::Compatible, polarity);
        let finding = session.ledger.state(&ESCAPING_CHANGED, spans, &message, site, fact);
        if was != is {
            finding.caution = None;
        }
    }
    let carrier = match new.0 {
        Serialisation::Style { style, explode, allow_reserved: _ } => lists(*style, *explode),
        Serialisation::Nested(styles) => {
            styles.first().map_or(Carrier::Text, |style| lists(*style, false))
        }
        // A form in place of the query is the query.
        Serialisation::Media(media) => match carrier(&parsed(media)) {
            Carrier::Form
            | Carrier::StyledForm
            | Carrier::Field
            | Carrier::HttpText
            | Carrier::HttpLines
            | Carrier::Joined(_)
            | Carrier::Text => Carrier::Text,
            json @ (Carrier::HttpJson | Carrier::StoredJson) => json,
        },
    };
    let crossing = Crossing { site: site.clone(), polarity, carrier };
    session.payload(&crossing, old.1, new.1);
}
