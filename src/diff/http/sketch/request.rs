//! The smallest request that one side's contract describes.

use std::sync::Arc;

use super::super::coverage::filling;
use super::body;
use super::media::Keys;
use super::written::{Escaping, cookie, escaped, joined, pairs, query, whole_query};
use crate::diff::session::Session;
use crate::diff::{HttpForm, HttpHeader, WitnessSide};
use crate::model::{
    Caller, HttpExchange, Json, MediaPayload, Operation, Parameter, ParameterLocation, PathPart,
    PathTemplate, Polarity, ShapeId,
};
use crate::subtype::{Carrier, Example, Role, View};

/// One side's description of an operation.
#[derive(Clone, Copy)]
pub(super) struct Party<'c> {
    pub(super) side: WitnessSide,
    pub(super) operation: &'c Operation,
    pub(super) exchange: &'c HttpExchange,
    /// What the other side has.
    pub(super) other: Option<&'c HttpExchange>,
}

/// What the request has beyond what every request must have.
#[derive(Clone, Debug, Default)]
pub(super) struct Given<'g> {
    /// The value of a parameter: where, the name, and the value.
    pub(super) parameter: Option<(&'g Parameter, &'g Json)>,
    /// What is sent, and as what.
    pub(super) body: Option<(&'g MediaPayload, Json)>,
    /// The media type that a finding calls it by.
    pub(super) media: Option<&'g str>,
    /// Whether the body is left out although the contract demands one.
    pub(super) without_body: bool,
    /// Headers and pairs of the query that are sent besides.
    pub(super) headers: Vec<HttpHeader>,
    /// Pairs of the query that are sent besides, escaped.
    pub(super) query: Vec<(String, String)>,
    /// The text that is the whole query, where one parameter stands for it.
    pub(super) whole_query: Option<String>,
}

impl Party<'_> {
    /// The polarity of what the caller sends.
    pub(super) fn sent(&self) -> Polarity {
        self.operation.caller.sent()
    }

    /// The id that a shape of this side has in the comparison's graph.
    pub(super) fn shape(&self, session: &Session<'_>, shape: ShapeId) -> ShapeId {
        match self.side {
            WitnessSide::Old => shape,
            WitnessSide::New => session.shifted(shape),
        }
    }

    /// A small value of a shape of this side: the author's own example if there is one.
    pub(super) fn example(
        &self,
        session: &mut Session<'_>,
        shape: ShapeId,
        (polarity, carrier): (Polarity, Carrier),
    ) -> Option<Json> {
        let shape = self.shape(session, shape);
        let view = View::of(shape, Role::Writer, polarity, carrier);
        match session.walk.engine.example(&session.walk.shapes, &view) {
            Example::Found(value) => Some(value),
            Example::Empty | Example::Undecided(_) => None,
        }
    }
}

/// The smallest request of this side that has what is given.
pub(super) fn request(
    session: &mut Session<'_>,
    party: Party<'_>,
    prefix: Option<&str>,
    given: Given<'_>,
) -> HttpForm {
    let HttpExchange { method, path, servers, parameters, request, responses: _, security: _ } =
        party.exchange;
    let Given { parameter, body, media, without_body, headers, query: asked, whole_query: whole } =
        given;
    let segments = segments(session, party, path, parameter);
    let mut sent = Sent { headers, asked, whole, cookies: Vec::new() };
    for declared in parameters {
        let value = match parameter {
            Some((meant, value)) if is_same(meant, declared) => Some(value.clone()),
            // The members of an object go by the names of parameters.
            _ if sent.asks(declared) => None,
            _ if declared.required.value => value_of(session, party, declared),
            _ => None,
        };
        if let Some(value) = value {
            sent.send(declared, &value);
        }
    }
    let Sent { mut headers, asked, whole, cookies } = sent;
    if !cookies.is_empty() {
        headers.push(HttpHeader { name: "Cookie".into(), value: cookies.join("; ") });
    }
    let body = match (body, request) {
        (Some(given), _) => Some(given),
        (None, Some(declared)) if declared.required.value && !without_body => {
            let payload = declared.content.first();
            payload.and_then(|payload| {
                let how = (party.sent(), Carrier::HttpJson);
                Some((payload, party.example(session, payload.shape?, how)?))
            })
        }
        (None, _) => None,
    };
    let body = body.map(|(payload, value)| {
        let keys = Keys::of_request(party, media);
        let (header, body) = body::message(session, party, (payload, keys), &value);
        headers.push(header);
        body
    });
    let prefix = prefix.or_else(|| servers.list.first().map(|server| &*server.prefix));
    let mut target = match &party.operation.caller {
        Caller::Consumer => format!("{}{segments}", prefix.unwrap_or_default()),
        Caller::Webhook(name) => format!("(webhook {name})"),
        Caller::Callback { operation: _, name, expression: _, sent: _ } => {
            format!("(callback {name})")
        }
    };
    let asked = [Some(query(&asked)), whole].into_iter().flatten().filter(|text| !text.is_empty());
    let asked: Vec<String> = asked.collect();
    if !asked.is_empty() {
        target = format!("{target}?{}", asked.join("&"));
    }
    HttpForm { method: Arc::clone(method), target, headers, body, response: None }
}

/// What a request carries beside its path and its body.
struct Sent {
    headers: Vec<HttpHeader>,
    /// The pairs of the query, escaped.
    asked: Vec<(String, String)>,
    /// The text that is the whole query.
    whole: Option<String>,
    cookies: Vec<String>,
}

impl Sent {
    /// Whether the query has this parameter's name already.
    fn asks(&self, declared: &Parameter) -> bool {
        declared.location == ParameterLocation::Query
            && self.asked.iter().any(|(name, _)| **name == *declared.name)
    }

    /// Adds a parameter where it belongs; those of the path are written there.
    fn send(&mut self, declared: &Parameter, value: &Json) {
        let Parameter {
            name,
            location,
            required: _,
            serialisation,
            shape: _,
            allow_empty: _,
            lifecycle: _,
            remarks: _,
            span: _,
        } = declared;
        match location {
            ParameterLocation::Path => {}
            ParameterLocation::Query => self.asked.extend(pairs(name, serialisation, value)),
            ParameterLocation::QueryString => {
                self.whole = Some(whole_query(serialisation, value));
            }
            ParameterLocation::Header => self.headers.push(HttpHeader {
                name: Arc::clone(name),
                value: joined(name, serialisation, value, Escaping::None),
            }),
            ParameterLocation::Cookie => self.cookies.push(cookie(name, serialisation, value)),
        }
    }
}

/// The path with a text in the place of each variable.
fn segments(
    session: &mut Session<'_>,
    party: Party<'_>,
    path: &PathTemplate,
    given: Option<(&Parameter, &Json)>,
) -> String {
    let told = party.other.map(|other| filling(path, &other.path)).unwrap_or_default();
    let mut segments = String::new();
    for part in &path.parts {
        match part {
            PathPart::Literal(text) => segments.push_str(text),
            PathPart::Variable(name) => {
                if let Some((_, text)) = told.iter().find(|(known, _)| known == name) {
                    segments.push_str(&escaped(text, Escaping::Strict));
                    continue;
                }
                let declared =
                    party.exchange.parameters.iter().find(|known| {
                        known.location == ParameterLocation::Path && known.name == *name
                    });
                segments.push_str(&segment(session, party, name, declared, given));
            }
        }
    }
    segments
}

/// The text of a variable of the path.
fn segment(
    session: &mut Session<'_>,
    party: Party<'_>,
    name: &str,
    declared: Option<&Parameter>,
    given: Option<(&Parameter, &Json)>,
) -> String {
    let Some(declared) = declared else { return "1".to_owned() };
    let value = match given {
        // What is shown is what is sent, though it be nothing.
        Some((meant, value)) if is_same(meant, declared) => {
            return joined(name, &declared.serialisation, value, Escaping::Strict);
        }
        _ => value_of(session, party, declared),
    };
    let text = value
        .map(|value| joined(name, &declared.serialisation, &value, Escaping::Strict))
        .filter(|text| !text.is_empty());
    text.unwrap_or_else(|| format!("{{{}}}", escaped(name, Escaping::Strict)))
}

fn is_same(left: &Parameter, right: &Parameter) -> bool {
    left.location == right.location
        && match left.location {
            ParameterLocation::Header => left.name.eq_ignore_ascii_case(&right.name),
            ParameterLocation::QueryString => true,
            ParameterLocation::Path | ParameterLocation::Query | ParameterLocation::Cookie => {
                left.name == right.name
            }
        }
}

/// A value that says something: an empty text in a path or a query says nothing to a person.
fn value_of(session: &mut Session<'_>, party: Party<'_>, declared: &Parameter) -> Option<Json> {
    let found = party.example(session, declared.shape, (party.sent(), Carrier::Text))?;
    if found != Json::string("") {
        return Some(found);
    }
    let shape = party.shape(session, declared.shape);
    let view = View::of(shape, Role::Writer, party.sent(), Carrier::Text);
    let telling = ["1", "a"].map(Json::string).into_iter().find(|value| {
        session.walk.engine.accepts(&session.walk.shapes, &view, value) == Some(true)
    });
    telling.or(Some(found))
}
