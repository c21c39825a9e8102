//! Values that cross as text: the number 1 and the string "1" are one value there.
//!
//! A reader takes a text for whatever it accepts: the string, or the number or boolean that is spelled
//! so. A value that is refused as it stands is therefore no counterexample before its text is.

use super::engine::Search;
use super::goal::{Answer, Claim, Goal, Key, Lit};
use super::{Carrier, Reason};
use crate::model::{Decimal, Json, Kind, Kinds, Shape};

/// Texts that are tried where a reader wants numbers or booleans.
const PLAIN_TEXTS: [&str; 6] = ["a", "", "A1", "a-b", "00000000-0000-4000-8000-000000000000", "~"];

/// What the writer sends and the reader refuses.
pub(super) fn refusals(
    search: &mut Search<'_>,
    written: &[Claim],
    read: &[Claim],
    place: Key,
    carrier: Carrier,
) -> Answer {
    let mut undecided = None;
    for reader in read {
        let mut lits: Vec<_> = written.iter().map(|claim| Lit::Holds(*claim)).collect();
        lits.push(Lit::Refuses(*reader));
        match search.solve(Goal::new(lits, place, search.marks)) {
            Answer::Found(value) if carrier == Carrier::Text => {
                match as_text(search, written, read, &value) {
                    Answer::Found(value) => return Answer::Found(value),
                    Answer::Empty => {}
                    Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
                }
            }
            Answer::Found(value) => return Answer::Found(value),
            Answer::Empty => {}
            Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
        }
    }
    undecided.map_or(Answer::Empty, Answer::Undecided)
}

/// Whether a value that is refused as it stands is refused as text too, and if not, whether any is.
fn as_text(search: &mut Search<'_>, written: &[Claim], read: &[Claim], value: &Json) -> Answer {
    if !is_scalar(value) || reads(search, read, value) == Some(false) {
        return Answer::Found(value.clone());
    }
    if let Some(values) = listed(search, written) {
        for value in values {
            if holds(search, written, &value) == Some(true)
                && reads(search, read, &value) == Some(false)
            {
                return Answer::Found(value);
            }
        }
        return Answer::Empty;
    }
    let kinds = kinds(search, written);
    let compound = kinds.has(Kind::Array) || kinds.has(Kind::Object);
    if !compound && read.iter().all(|claim| takes_every_text(search, *claim)) {
        return Answer::Empty;
    }
    for text in PLAIN_TEXTS {
        let value = Json::string(text);
        if holds(search, written, &value) == Some(true)
            && reads(search, read, &value) == Some(false)
        {
            return Answer::Found(value);
        }
    }
    Answer::Undecided(Reason("numbers and strings are compared as the texts that they are".into()))
}

fn is_scalar(value: &Json) -> bool {
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => true,
        Json::Array(_) | Json::Object(_) => false,
    }
}

/// Whether the reader takes the value's text for anything; `None` where that cannot be evaluated.
fn reads(search: &mut Search<'_>, read: &[Claim], value: &Json) -> Option<bool> {
    let mut unsure = false;
    for reading in readings(value) {
        match holds(search, read, &reading) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unsure = true,
        }
    }
    if unsure { None } else { Some(false) }
}

/// Everything that the value's text can be read as; `null` has no text.
fn readings(value: &Json) -> Vec<Json> {
    let text = match value {
        Json::Boolean(_) | Json::Number(_) => value.to_string(),
        Json::String(text) => text.to_string(),
        Json::Null | Json::Array(_) | Json::Object(_) => return vec![value.clone()],
    };
    let mut all = vec![Json::string(text.as_str())];
    match text.as_str() {
        "true" => all.push(Json::Boolean(true)),
        "false" => all.push(Json::Boolean(false)),
        _ => all.extend(text.parse::<Decimal>().ok().map(Json::Number)),
    }
    all
}

fn holds(search: &mut Search<'_>, claims: &[Claim], value: &Json) -> Option<bool> {
    let mut unsure = false;
    for claim in claims {
        match search.accepts(*claim, value) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => unsure = true,
        }
    }
    if unsure { None } else { Some(true) }
}

/// The only values that the writer has, where they are listed.
fn listed(search: &mut Search<'_>, written: &[Claim]) -> Option<Vec<Json>> {
    let booleans = Kinds::NONE.with(Kind::Boolean);
    for claim in written {
        let profile = search.profile(claim.shape);
        if let Some(values) = &profile.values {
            return Some(values.clone());
        }
        if profile.kinds == booleans {
            return Some(vec![Json::Boolean(true), Json::Boolean(false)]);
        }
    }
    None
}

fn kinds(search: &mut Search<'_>, written: &[Claim]) -> Kinds {
    let each = written.iter().map(|claim| search.profile(claim.shape).kinds);
    each.fold(Kinds::ALL, Kinds::and)
}

/// Whether the shape says of strings only that they are strings.
fn takes_every_text(search: &mut Search<'_>, claim: Claim) -> bool {
    let shapes = search.shapes;
    super::names::conjuncts(shapes, claim.shape).into_iter().all(|part| {
        let Shape {
            span: _,
            boolean,
            reference: _,
            kinds,
            enumeration,
            constant,
            number: _,
            text,
            array: _,
            object: _,
            logic,
            notes,
            unread,
        } = shapes.get(part);
        let branches = logic.get().is_some_and(|logic| {
            logic.any_of.is_some()
                || logic.one_of.is_some()
                || logic.not.is_some()
                || logic.condition.is_some()
        });
        let format = notes.get().and_then(|notes| notes.format.as_ref());
        let asserts =
            format.is_some_and(|format| super::known::kind(&format.value) == Some(Kind::String));
        *boolean != Some(false)
            && kinds.as_ref().is_none_or(|kinds| kinds.value.has(Kind::String))
            && enumeration.is_none()
            && constant.is_none()
            && *text == crate::model::Sparse::default()
            && !branches
            && !asserts
            && unread.is_empty()
    })
}
