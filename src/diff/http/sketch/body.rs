//! Bodies as their media types write them.

use std::fmt::Write as _;
use std::sync::Arc;

use super::media::{self, Keys};
use super::request::Party;
use super::written::{Escaping, Pair, escaped, pairs, query, text};
use super::{events, xml};
use crate::diff::http::media::{is_json, is_xml, parsed};
use crate::diff::session::Session;
use crate::diff::{HttpBody, HttpHeader};
use crate::model::{
    Encoding, Json, MediaPayload, MediaType, PartContent, PartSpread, Serialisation, Style,
    UsualPart,
};

/// What stands between the parts of a multipart body.
const BOUNDARY: &str = "--part";

/// The value as a body of this payload, and the header that says of which media type it is.
pub(super) fn message(
    session: &Session<'_>,
    party: Party<'_>,
    (payload, keys): (&MediaPayload, Keys<'_>),
    value: &Json,
) -> (HttpHeader, HttpBody) {
    let media = keys.sent(payload);
    let body = written(session, party, (payload, &media), value);
    (media::header(&media, BOUNDARY), body)
}

/// How a form writes what nothing else is said about.
const FORM: Serialisation =
    Serialisation::Style { style: Style::Form, explode: true, allow_reserved: false };

/// The value as a body of this media type.
fn written(
    session: &Session<'_>,
    party: Party<'_>,
    (payload, media): (&MediaPayload, &MediaType),
    value: &Json,
) -> HttpBody {
    if is_json(media) {
        return HttpBody::Json(value.clone());
    }
    if is_xml(media) {
        let shape = payload.shape.map(|shape| party.shape(session, shape));
        return HttpBody::Text(xml::document(session, shape, value));
    }
    match (&*media.type_name, &*media.subtype) {
        ("application", "x-www-form-urlencoded") => HttpBody::Text(query(&form(payload, value))),
        ("multipart", _) => HttpBody::Text(parts(payload, value)),
        ("text", "event-stream") => HttpBody::Text(events::stream(value)),
        _ => match value {
            Json::String(text) => HttpBody::Text(text.to_string()),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                HttpBody::Json(value.clone())
            }
        },
    }
}

/// The pairs of a form whose contract says nothing of how they are written.
pub(super) fn form_pairs(value: &Json) -> Vec<Pair> {
    match value {
        Json::Object(members) => {
            members.iter().flat_map(|(name, value)| pairs(name, &FORM, value)).collect()
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            vec![(escaped(&text(value), Escaping::Strict), String::new())]
        }
    }
}

fn form(payload: &MediaPayload, value: &Json) -> Vec<Pair> {
    let Json::Object(members) = value else { return form_pairs(value) };
    let of_member = |(name, value): (&Arc<str>, &Json)| {
        let encoding = payload.encoding.get(name);
        let types = encoding.map_or(&[][..], |encoding| &encoding.content_types);
        let is_json_by_default = encoding.is_some_and(|encoding| is_json_object(encoding, value));
        if is_json_by_default || types.first().is_some_and(|media| is_json(&parsed(media))) {
            let value = escaped(&value.to_string(), Escaping::Strict);
            return vec![(escaped(name, Escaping::Strict), value)];
        }
        let how = encoding.and_then(|encoding| encoding.serialisation.as_ref());
        pairs(name, how.unwrap_or(&FORM), value)
    };
    members.iter().flat_map(of_member).collect()
}

/// Whether nothing is said of how an object is written, which is JSON then (OpenAPI 3.1.1 §4.8.15.1.1).
fn is_json_object(encoding: &Encoding, value: &Json) -> bool {
    let content = PartContent { spread: PartSpread::Whole, kind: value.kind() };
    matches!(value, Json::Object(_))
        && encoding.serialisation.is_none()
        && encoding.content_types.is_empty()
        && encoding.usual.here.get(&content) == Some(&Some(UsualPart::Json))
}

/// One part for each member, one for each element of a list (RFC 7578 §4.3); the elements of a body
/// that is a list have no names (RFC 2046 §5.1.3).
fn parts(payload: &MediaPayload, value: &Json) -> String {
    let mut body = String::new();
    let typed = |encoding: Option<&Encoding>| {
        let media = encoding.and_then(|encoding| encoding.content_types.first());
        media.map_or_else(String::new, |media| format!("Content-Type: {media}\n"))
    };
    let members = match value {
        Json::Object(members) => members,
        Json::Array(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                let media = typed(payload.positions.get(index).or(payload.rest.as_ref()));
                let _ = write!(body, "{BOUNDARY}\n{media}\n{}\n", text(element));
            }
            return format!("{body}{BOUNDARY}--");
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            return text(value);
        }
    };
    for (name, value) in members.iter() {
        let media = typed(payload.encoding.get(name));
        let elements = match value {
            Json::Array(elements) => elements,
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
                std::slice::from_ref(value)
            }
        };
        for element in elements {
            let name = Json::string(&**name);
            let _ = write!(
                body,
                "{BOUNDARY}\nContent-Disposition: form-data; name={name}\n{media}\n{}\n",
                text(element)
            );
        }
    }
    body.push_str(BOUNDARY);
    body.push_str("--");
    body
}
