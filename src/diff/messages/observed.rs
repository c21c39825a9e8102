//! What the reader makes of a payload.

use std::fmt::Write as _;

use super::sample::Payload;
use super::witness::{End, effect};
use crate::diff::{WitnessEffect, WitnessForm};
use crate::model::Json;
use crate::subtype::exchange::{Outcome, Passage};

/// What the reader made of a payload.
pub(super) enum Observed {
    /// It shows the break.
    Shown(WitnessEffect, Option<Json>, String),
    /// The field is absent, and the reader takes it for this, for this reason.
    Defaulted(Json, String),
    /// It does not, or nobody could tell.
    Unseen,
}

/// What a reader makes of the bytes of a payload.
pub(super) fn over_the_wire(
    writer: &End<'_>,
    reader: &End<'_>,
    payload: &Payload,
    passage: &Passage,
) -> Option<(WitnessForm, Observed)> {
    let bytes = match &payload.bytes {
        Some(bytes) => bytes.clone(),
        None => writer.side.referee?.encode(writer.message, &payload.value).ok()?,
    };
    let Some(referee) = reader.side.referee else {
        return Some((WitnessForm::Bytes(bytes), Observed::Unseen));
    };
    let read = referee.decode(reader.message, &bytes);
    let observed = compare(writer, reader, payload, read, passage.outcome);
    Some((WitnessForm::Bytes(bytes), observed))
}

/// What a reader makes of the JSON of a payload.
pub(super) fn as_json(
    writer: &End<'_>,
    reader: &End<'_>,
    payload: &Payload,
    passage: &Passage,
) -> Observed {
    let Some(referee) = reader.side.referee else { return Observed::Unseen };
    let read = referee.read_json(reader.message, &payload.value);
    if passage.outcome == Outcome::Misread && read.is_ok() {
        // The text is the same on both sides; it is what it stands for that differs, and that
        // shows in the bytes which each side makes of it.
        return by_bytes((writer, reader), payload, read.ok(), passage);
    }
    let text = read.as_ref().ok().cloned();
    match compare(writer, reader, payload, read, passage.outcome) {
        // It was taken for something else.
        Observed::Unseen if text.is_some() => by_bytes((writer, reader), payload, text, passage),
        observed @ (Observed::Shown(..) | Observed::Defaulted(..) | Observed::Unseen) => observed,
    }
}

/// What shows in the bytes that each side makes of one text. Where the text says nothing else to people
/// either, these are told.
fn by_bytes(
    (writer, reader): (&End<'_>, &End<'_>),
    payload: &Payload,
    read: Option<Json>,
    passage: &Passage,
) -> Observed {
    let encode = |end: &End<'_>| end.side.referee?.encode(end.message, &payload.value).ok();
    match (encode(writer), encode(reader)) {
        (Some(meant), Some(taken)) if meant != taken => {
            let is_same_text = read.as_ref() == Some(&payload.value);
            let because = is_same_text.then(|| {
                let (meant, taken) = (hex(&meant), hex(&taken));
                let why = passage.because;
                format!("{why}: as bytes the writer means {meant}, the reader {taken}")
            });
            Observed::Shown(WitnessEffect::Misread, read, because.unwrap_or_default())
        }
        _ => Observed::Unseen,
    }
}

/// The bytes of a message, which has none where all of it is left out.
fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "none".to_owned();
    }
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn compare(
    writer: &End<'_>,
    reader: &End<'_>,
    payload: &Payload,
    read: Result<Json, String>,
    expected: Outcome,
) -> Observed {
    let read = match read {
        Err(reason) => return Observed::Shown(WitnessEffect::Refused, None, reason),
        Ok(read) => read,
    };
    if !matches!(payload.value, Json::Object(_)) && !is_same_value(&payload.value, &read) {
        let effect = effect(expected).filter(|effect| *effect != WitnessEffect::Refused);
        let effect = effect.unwrap_or(WitnessEffect::Misread);
        return Observed::Shown(effect, Some(read), String::new());
    }
    for at in 0..writer.fields.len().min(reader.fields.len()) {
        let (Some(sent), Some(declared)) = (writer.key(at), reader.key(at)) else { continue };
        let Some(written) = member(&payload.value, &sent) else { continue };
        match member(&read, &declared) {
            Some(found) if is_same_value(written, found) => {}
            Some(_) => {
                let effect = effect(expected).filter(|effect| *effect != WitnessEffect::Refused);
                let effect = effect.unwrap_or(WitnessEffect::Misread);
                return Observed::Shown(effect, Some(read), String::new());
            }
            None => {
                let elsewhere = expected == Outcome::Misread && is_filled(&read);
                let effect = if elsewhere { WitnessEffect::Misread } else { WitnessEffect::Lost };
                return Observed::Shown(effect, Some(read), String::new());
            }
        }
    }
    Observed::Unseen
}

fn member<'j>(value: &'j Json, name: &str) -> Option<&'j Json> {
    match value {
        Json::Object(members) => members.get(name),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
    }
}

fn is_filled(value: &Json) -> bool {
    matches!(value, Json::Object(members) if !members.is_empty())
}

/// Whether both say the same; ProtoJSON quotes some numbers and not others.
fn is_same_value(left: &Json, right: &Json) -> bool {
    let bare = |value: &Json| match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    };
    left == right || bare(left) == bare(right)
}
