//! How values are laid out in the text of parameters, and whether two ways give the same text.

use super::media::{is_json, parsed};
use crate::diff::session::Session;
use crate::model::{Json, Kind, Serialisation, ShapeId, Style};
use crate::rules::effective::Effective;
use crate::subtype::Carrier;

/// A value and how it becomes text.
pub(super) type Written<'c> = (&'c Serialisation, ShapeId);

/// Whether the same value is the same text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Same,
    Differs,
    Unknown,
}

/// Whether both sides lay out the same value in the same text. Scalars look alike in every style.
pub(super) fn layout(session: &Session<'_>, old: Written<'_>, new: Written<'_>) -> Layout {
    let (was, is) = match (old.0, new.0) {
        (was, is) if was == is => return Layout::Same,
        (Serialisation::Media(was), Serialisation::Media(is)) => {
            let json = [was, is].into_iter().all(|media| is_json(&parsed(media)));
            return if json { Layout::Same } else { Layout::Differs };
        }
        (Serialisation::Nested(_), _) | (_, Serialisation::Nested(_)) => return Layout::Differs,
        (Serialisation::Media(media), Serialisation::Style { style, .. })
        | (Serialisation::Style { style, .. }, Serialisation::Media(media)) => {
            let alike = &**media == "text/plain"
                || (is_json(&parsed(media))
                    && !is_prefixed(*style)
                    && reads_alike(session, old.1, session.shifted(new.1)));
            return if alike { Layout::Same } else { Layout::Differs };
        }
        (
            Serialisation::Style { style: was, explode: before, allow_reserved: _ },
            Serialisation::Style { style: is, explode: after, allow_reserved: _ },
        ) => ((*was, *before), (*is, *after)),
    };
    let (was, is) = (as_written(was), as_written(is));
    if was == is {
        return Layout::Same;
    }
    if was.0 != is.0 && (is_prefixed(was.0) || is_prefixed(is.0)) {
        return Layout::Differs;
    }
    let alike = |id: ShapeId| lists_look_alike(session, [was, is], id);
    if alike(old.1) || alike(session.shifted(new.1)) {
        return Layout::Same;
    }
    let shapes = &session.walk.shapes;
    let scalar = |id: ShapeId| {
        let effective = Effective::of(shapes, &[id])?;
        if let Some(kinds) = effective.kinds {
            return Some(!kinds.value.has(Kind::Array) && !kinds.value.has(Kind::Object));
        }
        let values = effective.values?;
        Some(values.value.iter().all(|v| !matches!(v.kind(), Kind::Array | Kind::Object)))
    };
    let escaped_alike = (was.0 == Style::Cookie) == (is.0 == Style::Cookie)
        || is_never_escaped(session, old.1)
        || is_never_escaped(session, session.shifted(new.1));
    match (scalar(old.1), scalar(session.shifted(new.1))) {
        (Some(true), _) | (_, Some(true)) if escaped_alike => Layout::Same,
        (Some(true), _) | (_, Some(true)) | (Some(false), Some(false)) => Layout::Differs,
        (None, _) | (_, None) => Layout::Unknown,
    }
}

/// The style whose text this one writes: with `explode`, a delimiter has nothing to stand between, and
/// each element is a pair of its own (OpenAPI 3.0.3 §4.7.12.2.1).
fn as_written((style, explode): (Style, bool)) -> (Style, bool) {
    match (style, explode) {
        (Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited, true) => {
            (Style::Form, true)
        }
        (style, explode) => (style, explode),
    }
}

/// Whether more is written than the value and the name before it, or other things stand between.
pub(super) fn is_prefixed(style: Style) -> bool {
    matches!(style, Style::Matrix | Style::Label | Style::DeepObject)
}

/// Whether both styles write the same of a list: a comma between its elements, say. `simple`
/// explodes objects only (RFC 6570 §3.2.2), and a cookie differs from a form in what is escaped, which
/// is nothing in a number or a boolean (OpenAPI 3.2.0, Style Values).
fn lists_look_alike(session: &Session<'_>, ways: [(Style, bool); 2], id: ShapeId) -> bool {
    let Some(place) = Effective::of(&session.walk.shapes, &[id]) else { return false };
    if place.kinds.as_ref().is_none_or(|kinds| kinds.value.has(Kind::Object)) {
        return false;
    }
    if let [(Style::Simple, _), (Style::Simple, _)] = ways {
        return true;
    }
    // A list of one is written as its element, and one of none is not written (RFC 6570 §2.3).
    if place.max_items.as_ref().is_some_and(|most| most.value <= 1) {
        return has_plain_elements(session, &place);
    }
    match ways {
        [(Style::Form, false), (Style::Cookie, false)]
        | [(Style::Cookie, false), (Style::Form, false)] => has_plain_elements(session, &place),
        _ => false,
    }
}

/// Whether nothing that is escaped, or taken for a delimiter, may be in an element.
fn has_plain_elements(session: &Session<'_>, place: &Effective) -> bool {
    let elements = Effective::of(&session.walk.shapes, &place.rest);
    elements.and_then(|elements| elements.kinds).is_some_and(|kinds| {
        place.positions.is_empty() && ESCAPABLE.into_iter().all(|it| !kinds.value.has(it))
    })
}

/// Whether no value has a character that one style escapes and another writes as it is (RFC 3986
/// §2.3).
fn is_never_escaped(session: &Session<'_>, id: ShapeId) -> bool {
    let Some(place) = Effective::of(&session.walk.shapes, &[id]) else { return false };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    match (place.values, place.kinds) {
        (Some(values), _) => values.value.iter().all(|value| match value {
            Json::String(text) => text.bytes().all(is_plain),
            Json::Null | Json::Boolean(_) | Json::Number(_) => true,
            Json::Array(_) | Json::Object(_) => false,
        }),
        (None, Some(kinds)) => ESCAPABLE.into_iter().all(|kind| !kinds.value.has(kind)),
        (None, None) => false,
    }
}

/// What may hold a character that is escaped, or quoted in JSON.
const ESCAPABLE: [Kind; 3] = [Kind::String, Kind::Array, Kind::Object];

/// Whether the JSON text of every value is the text that a style writes: numbers and booleans are
/// not in quotes.
fn reads_alike(session: &Session<'_>, old: ShapeId, new: ShapeId) -> bool {
    [old, new].into_iter().all(|id| {
        let place = Effective::of(&session.walk.shapes, &[id]);
        place
            .and_then(|place| place.kinds)
            .is_some_and(|kinds| ESCAPABLE.into_iter().all(|kind| !kinds.value.has(kind)))
    })
}

/// How a value crosses in this style (RFC 6570 §3.2, OpenAPI 3.1.1 §4.8.12.2).
pub(super) fn lists(style: Style, explode: bool) -> Carrier {
    match as_written((style, explode)) {
        (Style::Form | Style::Matrix | Style::Cookie, true) => Carrier::Text,
        (Style::Label, true) => Carrier::Joined('.'),
        (Style::SpaceDelimited, _) => Carrier::Joined(' '),
        (Style::PipeDelimited, _) => Carrier::Joined('|'),
        (Style::TabDelimited, _) => Carrier::Joined('\t'),
        (Style::Form | Style::Matrix | Style::Cookie | Style::Label, false)
        | (Style::Simple | Style::DeepObject, _) => Carrier::Joined(','),
    }
}

/// What people call a serialisation.
pub(super) fn words(serialisation: &Serialisation) -> String {
    let name = |style: &Style| match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Form => "form",
        Style::Simple => "simple",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::TabDelimited => "tabDelimited",
        Style::DeepObject => "deepObject",
        Style::Cookie => "cookie",
    };
    match serialisation {
        Serialisation::Nested(styles) => {
            let styles: Vec<String> =
                styles.iter().map(|style| format!("`{}`", name(style))).collect();
            styles.join(" of ")
        }
        Serialisation::Style { style, explode, allow_reserved: _ } => {
            let name = name(style);
            if *explode { format!("`{name}`, exploded") } else { format!("`{name}`") }
        }
        Serialisation::Media(media) => format!("`{media}`"),
    }
}
