//! Exchanges that illustrate what a rule by itself says: a request that is no longer answered, a
//! response that nobody expects.

use std::sync::Arc;

use super::carried::asked;
use super::layout;
use super::media::Keys;
use super::named;
use super::part::{with_member, with_part};
use super::reached::reached;
use super::request::{Given, Party, request};
use super::written::{Escaping, Pair, escaped};
use super::{body, parameter, payload, response, status_code};
use crate::diff::finding::Finding;
use crate::diff::http::coverage::{is_among, unserved};
use crate::diff::http::operation::nameless;
use crate::diff::http::security;
use crate::diff::session::Session;
use crate::diff::{
    HttpForm, HttpHeader, HttpResponse, Witness, WitnessEffect, WitnessForm, WitnessSide,
};
use crate::model::{Alternative, Body, Json, MediaPayload, Part, Polarity, Scheme, Step, Surface};
use crate::rules::Verdict;
use crate::rules::annotation::XML_CHANGED;
use crate::rules::component::DISCRIMINATING_NAME_CHANGED;
use crate::rules::operation::{OPERATION_REMOVED, ROUTE_REMOVED};
use crate::rules::parameter::{
    EMPTY_VALUE_FORBIDDEN, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED,
    PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED, PARAMETER_REMOVED,
    REQUIRED_PARAMETER_ADDED, SERIALISATION_CHANGED,
};
use crate::rules::payload::{
    BODY_ADDED, BODY_BECAME_OPTIONAL, BODY_BECAME_REQUIRED, BODY_REMOVED, ENCODING_CHANGED,
    STATUS_ADDED,
};
use crate::source::Span;
use crate::subtype::Carrier;

/// The exchange in which a break is met that follows from its rule; `None` where the finding is
/// about no HTTP exchange, or breaks nothing that travels.
pub(crate) fn illustration(session: &mut Session<'_>, finding: &Finding) -> Option<Witness> {
    if finding.rule == &DISCRIMINATING_NAME_CHANGED {
        return named::told_apart(session, finding);
    }
    if finding.surfaces.wire != Verdict::Breaking {
        return None;
    }
    let is_gone = finding.rule == &OPERATION_REMOVED;
    let worst = finding.reached_from.iter().find(|reach| {
        reach.verdict == Verdict::Breaking && reach.operation == finding.site.owner
    })?;
    let polarity = worst.polarity;
    let writer = match polarity {
        Polarity::Request | Polarity::Both => WitnessSide::Old,
        // What is made no more is what used to be made.
        Polarity::Response if is_gone => WitnessSide::Old,
        Polarity::Response => WitnessSide::New,
    };
    let party = session.party(&finding.site.owner, writer)?;
    if finding.rule == &SERIALISATION_CHANGED {
        return layout::laid_out(session, finding, party, polarity);
    }
    let form = exchange(session, finding, party)?;
    let because = reason(finding, &form);
    Some(Witness {
        writer,
        polarity,
        effect: effect(finding, polarity),
        surface: Surface::Wire,
        form: WitnessForm::Http(Box::new(form)),
        value: None,
        focus: String::new(),
        read_as: None,
        because,
        relayed_as: None,
        confirmed_by: None,
    })
}

/// What becomes of it. A call that another operation answers is not refused, and one that is made no
/// more does not arrive.
fn effect(finding: &Finding, polarity: Polarity) -> WitnessEffect {
    let is_gone = finding.rule == &OPERATION_REMOVED;
    match polarity {
        Polarity::Response if is_gone => WitnessEffect::Lost,
        Polarity::Request | Polarity::Both if is_gone && !is_unanswered(finding) => {
            WitnessEffect::Misread
        }
        Polarity::Request | Polarity::Both | Polarity::Response => WitnessEffect::Refused,
    }
}

/// Whether no other operation answers the calls of one that was removed.
fn is_unanswered(finding: &Finding) -> bool {
    finding.new.is_none()
}

/// Why the other side does not answer, or does not understand.
fn reason(finding: &Finding, form: &HttpForm) -> String {
    let rule = finding.rule;
    let name = match &finding.site.part {
        Part::Parameter(_, name) | Part::ResponseHeader(_, name) => Some(name),
        Part::Whole
        | Part::RequestBody(_)
        | Part::Response(..)
        | Part::Security
        | Part::Server
        | Part::RequestMessage
        | Part::ResponseMessage => None,
    };
    let is_missing = [
        &REQUIRED_PARAMETER_ADDED,
        &PARAMETER_BECAME_REQUIRED,
        &PARAMETER_BECAME_OPTIONAL,
        &PARAMETER_REMOVED,
        &HEADER_BECAME_OPTIONAL,
    ];
    if let Some(name) = name.filter(|_| is_missing.contains(&rule)) {
        return format!("`{name}` is missing");
    }
    let has_none = [&BODY_ADDED, &BODY_BECAME_REQUIRED, &BODY_BECAME_OPTIONAL, &BODY_REMOVED];
    if has_none.contains(&rule) {
        return "there is no body".to_owned();
    }
    let is_called = finding.reached_from.iter().any(|reach| reach.polarity == Polarity::Response);
    let is_gone = rule == &OPERATION_REMOVED && is_unanswered(finding) && !is_called;
    if is_gone || rule == &ROUTE_REMOVED {
        return format!("`{} {}` is no longer served", form.method, form.target);
    }
    if rule == &STATUS_ADDED
        && let Some(response) = &form.response
    {
        return format!("`{}` was not declared", response.status);
    }
    finding.message.clone()
}

fn exchange<'c>(
    session: &mut Session<'c>,
    finding: &Finding,
    party: Party<'c>,
) -> Option<HttpForm> {
    let site = &finding.site;
    match &site.part {
        Part::Whole | Part::Server => {
            let prefix = lost_prefix(session, finding, party);
            let is_gone = finding.rule == &OPERATION_REMOVED;
            let left = is_gone.then(|| unserved(session, party.exchange)).flatten();
            let parameter = left.as_ref().map(|(meant, value)| (*meant, value));
            let body = party.exchange.request.as_ref().and_then(|body| body.content.first());
            // A call that is made no more is missed for what it carried.
            let body = body.filter(|_| is_gone && party.sent() == Polarity::Response);
            let body = body.map(|payload| (payload, value_of(session, party, payload)));
            Some(request(session, party, prefix, Given { parameter, body, ..Given::default() }))
        }
        Part::Security => {
            let given = credentials(session, finding, party);
            Some(request(session, party, None, given))
        }
        Part::Parameter(location, name) => {
            let meant = parameter(session, &site.owner, party, (location, name));
            let value =
                if finding.rule == &EMPTY_VALUE_FORBIDDEN { Some(Json::string("")) } else { None };
            let parameter = meant.zip(value.as_ref());
            Some(request(session, party, None, Given { parameter, ..Given::default() }))
        }
        Part::RequestBody(media) => Some(with_body(session, finding, party, media.as_deref())),
        Part::Response(status, media) => {
            Some(answered(session, finding, party, (status, media.as_deref())))
        }
        Part::ResponseHeader(status, _) => {
            let mut form = asked(session, &site.owner, party);
            let status = status_code(session, &site.owner, party, status);
            form.response = Some(HttpResponse { status, headers: Vec::new(), body: None });
            Some(form)
        }
        Part::RequestMessage | Part::ResponseMessage => None,
    }
}

/// The request with the body that the finding is about, or without one where it is about its absence.
fn with_body(
    session: &mut Session<'_>,
    finding: &Finding,
    party: Party<'_>,
    media: Option<&str>,
) -> HttpForm {
    let about_absence = [&BODY_ADDED, &BODY_BECAME_REQUIRED, &BODY_BECAME_OPTIONAL, &BODY_REMOVED];
    let absent = about_absence.contains(&finding.rule);
    let declared = party.exchange.request.as_ref();
    let body = if absent { None } else { meant(declared, media, finding.old) };
    let body = body.map(|payload| {
        let value = value_of(session, party, payload);
        shown(session, party, finding, payload, value)
    });
    let body = body.as_ref().map(|(payload, value)| (payload, value.clone()));
    request(session, party, None, Given { body, media, without_body: absent, ..Given::default() })
}

/// The response that the finding is about, with what was asked.
fn answered<'c>(
    session: &mut Session<'c>,
    finding: &Finding,
    party: Party<'c>,
    (status, media): (&Arc<str>, Option<&str>),
) -> HttpForm {
    let declared = response(party.exchange, status).map(|(_, response)| response);
    let absent = [&BODY_BECAME_OPTIONAL, &BODY_REMOVED].contains(&finding.rule);
    let body = declared.and_then(|response| response.body.as_ref()).filter(|_| !absent);
    let mut form = asked(session, &finding.site.owner, party);
    if let Some(old) = removed_media(session, finding, body) {
        form.headers.push(HttpHeader { name: "Accept".into(), value: old });
    }
    let payload = meant(body, media, finding.new);
    let mut headers = Vec::new();
    let body = payload.map(|payload| {
        let value = value_of(session, party, payload);
        let (payload, value) = shown(session, party, finding, payload, value);
        let keys = Keys::of_response(party, status, media);
        let (header, body) = body::message(session, party, (&payload, keys), &value);
        headers.push(header);
        body
    });
    let status = status_code(session, &finding.site.owner, party, status);
    form.response = Some(HttpResponse { status, headers, body });
    form
}

/// What the body of the exchange is: where the finding is about a part of it, or how a place in it is
/// written, it has that.
fn shown(
    session: &mut Session<'_>,
    party: Party<'_>,
    finding: &Finding,
    payload: &MediaPayload,
    value: Json,
) -> (MediaPayload, Json) {
    let given = (payload.clone(), value);
    if finding.rule == &ENCODING_CHANGED {
        return with_part(session, party, finding, given);
    }
    // The headers of a part are missed where there is the part.
    let of_part = [&HEADER_BECAME_REQUIRED, &HEADER_BECAME_OPTIONAL].contains(&finding.rule);
    if (finding.rule == &XML_CHANGED || of_part)
        && let Some(shape) = given.0.shape
    {
        let place = party.shape(session, shape);
        let value = reached(session, party, &[place], &finding.site.steps);
        return (given.0, value.unwrap_or(given.1));
    }
    if finding.rule == &EMPTY_VALUE_FORBIDDEN
        && let Some(Step::Property(name)) = finding.site.steps.last()
    {
        let value = with_member(&given.1, name, Json::string(""));
        return (given.0, value);
    }
    given
}

/// The prefix of a route that is served no more, where only that is gone.
fn lost_prefix<'c>(session: &Session<'c>, finding: &Finding, party: Party<'c>) -> Option<&'c str> {
    if finding.rule != &ROUTE_REMOVED {
        return None;
    }
    let other = session.party(&finding.site.owner, party.side.other())?;
    let kept = &other.exchange.servers.list;
    let kept: Vec<String> = kept.iter().map(|server| nameless(&server.prefix)).collect();
    let lost = party
        .exchange
        .servers
        .list
        .iter()
        .filter(|server| !is_among(&nameless(&server.prefix), kept.iter()));
    let mut lost = lost.map(|server| &*server.prefix);
    lost.next()
}

/// The payload that a finding is about: the one at this place, else the one called so.
fn meant<'c>(
    body: Option<&'c Body>,
    media: Option<&str>,
    span: Option<Span>,
) -> Option<&'c MediaPayload> {
    let content = body.map_or(&[][..], |body| &body.content);
    let there = content.iter().find(|payload| Some(payload.span) == span);
    there.or_else(|| payload(body, media))
}

/// The media type that a client goes on asking for, where it is the one that is gone.
fn removed_media(session: &Session<'_>, finding: &Finding, now: Option<&Body>) -> Option<String> {
    let Part::Response(status, _) = &finding.site.part else { return None };
    let old = session.party(&finding.site.owner, WitnessSide::Old)?;
    let (_, declared) = response(old.exchange, status)?;
    let gone = declared.body.as_ref()?.content.iter().find(|it| Some(it.span) == finding.old)?;
    let is_kept = now.is_some_and(|body| body.content.iter().any(|it| it.media == gone.media));
    (!is_kept).then(|| gone.media.to_string())
}

/// A payload that the writer's contract describes: the author's own if there is one.
fn value_of(session: &mut Session<'_>, party: Party<'_>, payload: &MediaPayload) -> Json {
    let polarity = party.sent();
    let found = payload
        .shape
        .and_then(|shape| party.example(session, shape, (polarity, Carrier::HttpJson)))
        .or_else(|| payload.examples.first().map(|example| example.value.clone()));
    found.unwrap_or(Json::Null)
}

/// The credentials that used to suffice.
fn credentials(session: &Session<'_>, finding: &Finding, party: Party<'_>) -> Given<'static> {
    let label = &finding.site.owner;
    let other = session.party(label, party.side.other());
    let mut given = Given::default();
    let Some(other) = other else { return given };
    let demands = (&party.exchange.security, &other.exchange.security);
    let lost = security::lost_alternative(demands, [finding.old, finding.new]);
    let Some(Alternative { credentials, names: _, span: _ }) = lost else { return given };
    for (scheme, scopes) in credentials {
        let (header, pair) = presented(scheme);
        if let Some((name, mut value)) = header {
            if !scopes.is_empty() {
                let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
                value = format!("{value} (scope {})", scopes.join(" "));
            }
            given.headers.push(HttpHeader { name, value });
        }
        given.query.extend(pair);
    }
    given
}

/// How a credential travels: as a header, or as a pair of the query.
fn presented(scheme: &Scheme) -> (Option<(Arc<str>, String)>, Option<Pair>) {
    let authorization = |text: &str| (Some(("Authorization".into(), text.to_owned())), None);
    match scheme {
        Scheme::ApiKey { location, name } => match &**location {
            "query" => (None, Some((escaped(name, Escaping::Strict), "key".to_owned()))),
            "cookie" => (Some(("Cookie".into(), format!("{name}=key"))), None),
            _ => (Some((Arc::clone(name), "key".to_owned())), None),
        },
        Scheme::Http(name) => match &**name {
            "basic" => authorization("Basic dXNlcjpwYXNz"),
            "bearer" => authorization("Bearer token"),
            other => authorization(&format!("{other} credentials")),
        },
        Scheme::OAuth2(_) | Scheme::OpenIdConnect => authorization("Bearer token"),
        Scheme::MutualTls | Scheme::Unknown(_) => (None, None),
    }
}
