//! The exchange that carries a value.

use std::sync::Arc;

use super::media::Keys;
use super::request::{Given, Party, request};
use super::written::{Escaping, joined, pairs, whole_query};
use super::{body, parameter, payload, response, status_code};
use crate::diff::session::Session;
use crate::diff::{HttpForm, HttpHeader, HttpResponse, WitnessForm, WitnessSide};
use crate::model::{Header, Json, ParameterLocation, Part, Site, Step};

/// How the value crosses at a site, written by this side.
pub(crate) fn carried(
    session: &mut Session<'_>,
    site: &Site,
    writer: WitnessSide,
    value: &Json,
) -> WitnessForm {
    exchange(session, site, writer, value)
        .map_or(WitnessForm::Json, |form| WitnessForm::Http(Box::new(form)))
}

fn exchange(
    session: &mut Session<'_>,
    site: &Site,
    writer: WitnessSide,
    value: &Json,
) -> Option<HttpForm> {
    let inside = |step: &Step| matches!(step, Step::Branch(_));
    if site.steps.iter().position(inside).is_some_and(|depth| depth > 0) {
        // What an heir is judged by is a part of what crosses.
        return None;
    }
    let party = session.party(&site.owner, writer)?;
    match &site.part {
        Part::Parameter(location, name) => {
            let part = (*location, &**name);
            match parameter(session, &site.owner, party, part) {
                Some(meant) => {
                    let given = Given { parameter: Some((meant, value)), ..Given::default() };
                    Some(request(session, party, None, given))
                }
                None => undeclared(session, site, party, part, value),
            }
        }
        Part::RequestBody(media) => {
            let payload = payload(party.exchange.request.as_ref(), media.as_deref())?;
            let media = media.as_deref();
            let given = Given { body: Some((payload, value.clone())), media, ..Given::default() };
            Some(request(session, party, None, given))
        }
        Part::Response(status, media) => {
            let (_, declared) = response(party.exchange, status)?;
            let payload = payload(declared.body.as_ref(), media.as_deref());
            let mut form = asked(session, &site.owner, party);
            let mut headers = Vec::new();
            let body = payload.map(|payload| {
                let keys = Keys::of_response(party, status, media.as_deref());
                let (header, body) = body::message(session, party, (payload, keys), value);
                headers.push(header);
                body
            });
            let status = status_code(session, &site.owner, party, status);
            form.response = Some(HttpResponse { status, headers, body });
            Some(form)
        }
        Part::ResponseHeader(status, name) => {
            let (_, declared) = response(party.exchange, status)?;
            let header = declared.headers.get(&*name.to_ascii_lowercase())?;
            let Header {
                name,
                required: _,
                serialisation,
                shape: _,
                lifecycle: _,
                remarks: _,
                span: _,
            } = header;
            let value = joined(name, serialisation, value, Escaping::None);
            let headers = vec![HttpHeader { name: Arc::clone(name), value }];
            let mut form = asked(session, &site.owner, party);
            let status = status_code(session, &site.owner, party, status);
            form.response = Some(HttpResponse { status, headers, body: None });
            Some(form)
        }
        Part::Whole
        | Part::Security
        | Part::Server
        | Part::RequestMessage
        | Part::ResponseMessage => None,
    }
}

/// The request of a writer who sends a parameter under a name that only the reader declares.
fn undeclared<'c>(
    session: &mut Session<'c>,
    site: &Site,
    party: Party<'c>,
    part: (&str, &str),
    value: &Json,
) -> Option<HttpForm> {
    let other = session.party(&site.owner, party.side.other())?;
    let meant = parameter(session, &site.owner, other, part)?;
    let mut given = Given::default();
    match meant.location {
        ParameterLocation::Query => given.query = pairs(&meant.name, &meant.serialisation, value),
        ParameterLocation::QueryString => {
            given.whole_query = Some(whole_query(&meant.serialisation, value));
        }
        ParameterLocation::Path | ParameterLocation::Header | ParameterLocation::Cookie => {
            return None;
        }
    }
    Some(request(session, party, None, given))
}

/// The request that a response answers: that of whoever reads the response.
pub(super) fn asked<'c>(session: &mut Session<'c>, label: &str, writer: Party<'c>) -> HttpForm {
    let reader = session.party(label, writer.side.other()).unwrap_or(writer);
    let mut form = request(session, reader, None, Given::default());
    if form.body.take().is_some() {
        // What was asked is told by the request line; what it carried is beside the point.
        form.headers.retain(|header| &*header.name != "Content-Type");
    }
    form
}
