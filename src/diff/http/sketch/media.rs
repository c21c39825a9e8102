//! The media type that a message says it is of.

use std::sync::Arc;

use super::essence;
use super::request::Party;
use crate::diff::HttpHeader;
use crate::diff::http::media::{applying, covers};
use crate::model::{Body, MediaPayload, MediaType};

/// What decides by which description a message is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys<'k> {
    bodies: [Option<&'k Body>; 2],
    /// The media type or range that a finding is about, where a body has several.
    named: Option<&'k str>,
}

impl<'k> Keys<'k> {
    /// Those of a request.
    pub(super) fn of_request(party: Party<'k>, named: Option<&'k str>) -> Self {
        let of = |exchange: &'k crate::model::HttpExchange| exchange.request.as_ref();
        Self { bodies: [of(party.exchange), party.other.and_then(of)], named }
    }

    /// Those of a response of this status.
    pub(super) fn of_response(party: Party<'k>, status: &str, named: Option<&'k str>) -> Self {
        let of = |exchange: &'k crate::model::HttpExchange| {
            super::response(exchange, status).and_then(|(_, declared)| declared.body.as_ref())
        };
        Self { bodies: [of(party.exchange), party.other.and_then(of)], named }
    }

    /// A media type that somebody sends and to which the payload's own key applies: of a range, which
    /// nobody sends, one that lies in it.
    pub(super) fn sent(self, payload: &MediaPayload) -> MediaType {
        let range = &payload.media;
        if !is_range(range) {
            return range.clone();
        }
        let is_its_own = |candidate: &MediaType| {
            self.bodies.iter().flatten().all(|body| {
                applying(&body.content, range).is_none_or(|meant| {
                    let told = applying(&body.content, candidate);
                    told.is_some_and(|told| told.media == meant.media)
                })
            })
        };
        let named = self.named.map(essence).filter(|it| !is_range(it) && covers(range, it));
        let all: Vec<MediaType> = named.into_iter().chain(inside(range)).collect();
        let told = all.iter().find(|candidate| is_its_own(candidate)).or(all.first());
        told.unwrap_or(range).clone()
    }
}

/// The header that says it. A body of parts names what stands between them (RFC 2046 §5.1.1).
pub(super) fn header(media: &MediaType, boundary: &str) -> HttpHeader {
    let is_told = media.parameters.contains_key("boundary");
    let value = if &*media.type_name == "multipart" && !is_told {
        format!("{media}; boundary={}", boundary.trim_start_matches('-'))
    } else {
        media.to_string()
    };
    HttpHeader { name: "Content-Type".into(), value }
}

fn is_range(media: &MediaType) -> bool {
    &*media.type_name == "*" || media.subtype.starts_with('*')
}

/// Types in a range, the well-known ones first.
fn inside(range: &MediaType) -> Vec<MediaType> {
    let type_name = if &*range.type_name == "*" { "application" } else { &*range.type_name };
    let suffix = range.subtype.strip_prefix('*').unwrap_or_default();
    let known: &[&str] = match (type_name, suffix) {
        (_, "+json" | "+xml") => &[],
        ("application", _) => &["json", "vnd.example+json"],
        ("audio", _) => &["mpeg", "ogg"],
        ("image", _) => &["png", "jpeg"],
        ("multipart", _) => &["form-data", "mixed"],
        ("text", _) => &["plain", "csv"],
        ("video", _) => &["mp4", "webm"],
        (_, _) => &[],
    };
    let known = known.iter().map(|known| (*known).to_owned());
    let example = ["vnd.example", "vnd.other"].map(|name| format!("{name}{suffix}"));
    let one = |subtype: String| MediaType {
        type_name: Arc::from(type_name),
        subtype: subtype.into(),
        parameters: range.parameters.clone(),
    };
    known.chain(example).map(one).collect()
}
