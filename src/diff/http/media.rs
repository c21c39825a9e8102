//! Which media types cover which (RFC 9110 §8.3.1, §12.5.1).

use crate::model::{MediaPayload, MediaType};
use crate::subtype::Carrier;

/// How much of another media type one covers, and how specific it is.
pub(super) fn covers(range: &MediaType, media: &MediaType) -> bool {
    let part = |range: &str, exact: &str| range == "*" || range == exact;
    let suffix = |range: &str, exact: &str| {
        range.strip_prefix('*').is_some_and(|suffix| exact.ends_with(suffix))
    };
    part(&range.type_name, &media.type_name)
        && (part(&range.subtype, &media.subtype) || suffix(&range.subtype, &media.subtype))
        && range.parameters.iter().all(|(name, value)| {
            // `charset` says nothing about JSON (RFC 8259 §11).
            media.parameters.get(name) == Some(value)
                || (name.as_ref() == "charset" && is_json(range))
        })
}

/// The payload whose key applies to this media type: the most specific one that covers it.
pub(super) fn applying<'p>(
    payloads: &'p [MediaPayload],
    media: &MediaType,
) -> Option<&'p MediaPayload> {
    payloads
        .iter()
        .filter(|payload| covers(&payload.media, media))
        .max_by_key(|payload| specificity(&payload.media))
}

/// The payloads whose keys are more specific than this media type or range and lie in it.
pub(super) fn inside<'p>(
    payloads: &'p [MediaPayload],
    media: &MediaType,
) -> impl Iterator<Item = &'p MediaPayload> {
    payloads
        .iter()
        .filter(move |payload| covers(media, &payload.media) && !covers(&payload.media, media))
}

/// How narrow a key is: the most specific one applies (OAS 3.1.1 §4.8.14, Media Type Object). Of
/// ranges those of a suffix are narrower than those of a type.
fn specificity(media: &MediaType) -> (bool, Subtype, usize) {
    let subtype = match &*media.subtype {
        "*" => Subtype::Any,
        range if range.starts_with('*') => Subtype::OfSuffix,
        _ => Subtype::One,
    };
    (&*media.type_name != "*", subtype, media.parameters.len())
}

/// What the second half of a media type stands for, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subtype {
    Any,
    OfSuffix,
    One,
}

/// How values of this media type cross: as JSON, as a form, or as text.
pub(super) fn carrier(media: &MediaType) -> Carrier {
    let is_form = &*media.type_name == "multipart" || is_urlencoded(media);
    if is_json(media) {
        Carrier::HttpJson
    } else if is_form {
        Carrier::Form
    } else if is_xml(media) {
        Carrier::HttpText
    } else if &*media.type_name == "text" {
        Carrier::HttpLines
    } else {
        Carrier::HttpJson
    }
}

/// The media type that a text says, as far as it says one.
pub(super) fn parsed(text: &str) -> MediaType {
    let mut pieces = text.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let (type_name, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().into(), value.trim().into()))
    });
    let parameters = parameters.collect();
    MediaType { type_name: type_name.into(), subtype: subtype.into(), parameters }
}

/// Whether the payload is pairs of names and texts.
pub(super) fn is_urlencoded(media: &MediaType) -> bool {
    &*media.type_name == "application" && &*media.subtype == "x-www-form-urlencoded"
}

/// Whether the payload is JSON text.
pub(super) fn is_json(media: &MediaType) -> bool {
    &*media.subtype == "json" || media.subtype.ends_with("+json")
}

/// Whether the payload is XML text.
pub(super) fn is_xml(media: &MediaType) -> bool {
    &*media.subtype == "xml" || media.subtype.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_what_lies_in_them() {
        assert!(covers(&parsed("application/*"), &parsed("application/json")));
        assert!(covers(&parsed("*/*"), &parsed("text/plain")));
        assert!(covers(&parsed("application/*+json"), &parsed("application/vnd.x+json")));
        assert!(covers(&parsed("text/plain"), &parsed("text/plain; charset=utf-8")));
        assert!(!covers(&parsed("text/plain; charset=utf-8"), &parsed("text/plain")));
        assert!(covers(&parsed("application/json; charset=utf-8"), &parsed("application/json")));
        assert!(!covers(&parsed("application/json"), &parsed("application/vnd.x+json")));
    }
}
