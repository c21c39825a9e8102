//! Bodies as their media types write them.

use std::fmt::Write as _;

use super::request::Party;
use super::written::{Escaping, Pair, escaped, pairs, query, text};
use super::xml;
use crate::diff::HttpBody;
use crate::diff::http::media::{is_json, is_xml};
use crate::diff::session::Session;
use crate::model::{Json, MediaPayload, Serialisation, Style};

/// What stands between the parts of a multipart body.
const BOUNDARY: &str = "--part";

/// How a form writes what nothing else is said about.
const FORM: Serialisation =
    Serialisation::Style { style: Style::Form, explode: true, allow_reserved: false };

/// The value as a body of this media type.
pub(super) fn written(
    session: &Session<'_>,
    party: Party<'_>,
    payload: &MediaPayload,
    value: &Json,
) -> HttpBody {
    let MediaPayload {
        media,
        shape,
        item: _,
        encoding: _,
        positions: _,
        rest: _,
        examples: _,
        remarks: _,
        listed: _,
        span: _,
    } = payload;
    if is_json(media) {
        return HttpBody::Json(value.clone());
    }
    if is_xml(media) {
        let shape = shape.map(|shape| party.shape(session, shape));
        return HttpBody::Text(xml::document(&session.walk.shapes, shape, value));
    }
    match (&*media.type_name, &*media.subtype) {
        ("application", "x-www-form-urlencoded") => HttpBody::Text(query(&form(payload, value))),
        ("multipart", _) => HttpBody::Text(parts(value)),
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
    let how = |name: &str| {
        let encoding = payload.encoding.get(name);
        encoding.and_then(|encoding| encoding.serialisation.as_ref()).unwrap_or(&FORM)
    };
    members.iter().flat_map(|(name, value)| pairs(name, how(name), value)).collect()
}

/// One part for each member, one for each element of a list (RFC 7578 §4.3).
fn parts(value: &Json) -> String {
    let Json::Object(members) = value else { return text(value) };
    let mut body = String::new();
    for (name, value) in members.iter() {
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
                "{BOUNDARY}\nContent-Disposition: form-data; name={name}\n\n{}\n",
                text(element)
            );
        }
    }
    body.push_str(BOUNDARY);
    body.push_str("--");
    body
}
