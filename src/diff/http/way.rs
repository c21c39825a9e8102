//! How a part of a form or multipart body is written: as text, in a style, or as a media type.
//!
//! What it is by default follows the type of the value, so that two sides are compared for each type
//! that both admit; where they share none, what became of the type tells all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::encoding::by_default;
use super::layout::words as words_of_style;
use super::media::{covers, is_json, parsed};
use crate::model::{Encoding, Kind, PartContent, PartSpread, Serialisation, Style};
use crate::rules::Effect;

/// What parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// Bodies of their own, each with its media type.
    Typed,
    /// Pairs of names and texts, whose media types never travel.
    Pairs,
}

/// What became of how a part is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) outcome: Outcome,
    pub(super) from: String,
    pub(super) to: String,
}

/// What it does to the parts that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nobody knows, as one side does not say how it is written.
    Unknown,
    /// This.
    Known(Effect),
}

/// How a part is written, as far as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Nobody says.
    Unknown,
    /// A scalar's own text.
    Text,
    /// Laid out in a style.
    Styled(Serialisation),
    /// As one of these media types.
    Typed(BTreeSet<Arc<str>>),
}

/// What is not written, or read, as it was; the gravest of what becomes of single types.
pub(super) fn change(parts: Parts, old: &Encoding, new: &Encoding) -> Option<Change> {
    if is_as_written(old, new) {
        return None;
    }
    let mut all: Option<Change> = None;
    for (before, after) in contents(old, new) {
        let ways = (way(parts, old, before), way(parts, new, after));
        let Some(outcome) = outcome(ways) else { continue };
        let is_said = !is_silent(old) || !is_silent(new);
        // What neither side says, and the specification leaves open, is nobody's promise.
        let is_open = outcome == Outcome::Unknown && !is_said;
        let ends = before.zip(after);
        if is_open
            || is_told_otherwise((old, before), (new, after))
            || ends.is_some_and(|ends| looks_alike(parts, (old, new), ends))
        {
            continue;
        }
        all = Some(match all {
            Some(known) if known.outcome == outcome || outcome == Outcome::Unknown => known,
            None | Some(Change { outcome: Outcome::Unknown, .. }) => {
                Change { outcome, from: words(old, before), to: words(new, after) }
            }
            Some(known) => Change { outcome: Outcome::Known(Effect::Replaces), ..known },
        });
    }
    all
}

/// Whether reserved characters go as they are.
pub(super) fn escapes_less(encoding: &Encoding) -> bool {
    matches!(encoding.serialisation, Some(Serialisation::Style { allow_reserved: true, .. }))
}

/// A media type in which a part may be written and is not read; both are told only what they say
/// themselves.
pub(super) fn lost_type(writer: Option<&Encoding>, reader: Option<&Encoding>) -> Option<Arc<str>> {
    let known = writer.or(reader).map(by_default)?;
    let (writer, reader) = (writer.unwrap_or(&known), reader.unwrap_or(&known));
    let lost = contents(writer, reader).into_iter().find_map(|(before, after)| {
        let (written, read) = (types(writer, before), types(reader, after));
        let is_lost = |text: &Arc<str>| !lie_in(&BTreeSet::from([Arc::clone(text)]), &read);
        written.into_iter().find(is_lost)
    })?;
    // Of a range something is lost that nobody has named.
    Some(lost.replacen("*/*", "application/*", 1).replace('*', "x-other").into())
}

/// Another version alone is no edit: what it begins to heed was written before.
fn is_as_written(old: &Encoding, new: &Encoding) -> bool {
    old.serialisation != new.serialisation
        && old.serialisation.as_ref().or(old.unheard.as_ref())
            == new.serialisation.as_ref().or(new.unheard.as_ref())
}

/// Whether two versions tell the default by other rules, by each of which nothing was edited.
fn is_told_otherwise(
    (old, before): (&Encoding, Option<PartContent>),
    (new, after): (&Encoding, Option<PartContent>),
) -> bool {
    let (was, is) = (&old.usual, &new.usual);
    let (Some(before), Some(after)) = (before, after) else { return false };
    is_silent(old)
        && is_silent(new)
        && was.told_by != is.told_by
        && was.here.get(&before) == is.elsewhere.get(&after)
        && was.elsewhere.get(&before) == is.here.get(&after)
}

/// Whether nothing is said, so that the default applies.
fn is_silent(encoding: &Encoding) -> bool {
    encoding.content_types.is_empty() && encoding.serialisation.is_none()
}

/// The contents that both sides may have, as each side has them: of the same type, else scalars, which
/// may be the same text. A side of which nothing is known may have all that the other has.
fn contents(old: &Encoding, new: &Encoding) -> Vec<(Option<PartContent>, Option<PartContent>)> {
    let all = |side: &Encoding| side.usual.here.keys().copied().collect::<Vec<PartContent>>();
    let (was, is) = (all(old), all(new));
    if was.is_empty() && is.is_empty() {
        return vec![(None, None)];
    }
    if was.is_empty() || is.is_empty() {
        return was.into_iter().chain(is).map(|only| (Some(only), Some(only))).collect();
    }
    // What both have stays what it is; only what is left of a type may have become the other.
    let (kept, gone): (Vec<PartContent>, Vec<PartContent>) =
        was.iter().partition(|before| is.contains(before));
    let mut pairs: Vec<_> = kept.into_iter().map(|both| (Some(both), Some(both))).collect();
    for before in gone {
        let of_kind = is.iter().filter(|after| after.kind == before.kind && !was.contains(after));
        pairs.extend(of_kind.map(|after| (Some(before), Some(*after))));
    }
    if pairs.is_empty() {
        for before in was.iter().filter(|content| is_scalar(**content)) {
            let scalars = is.iter().filter(|content| is_scalar(**content));
            pairs.extend(scalars.map(|after| (Some(*before), Some(*after))));
        }
    }
    pairs
}

fn is_scalar(content: PartContent) -> bool {
    match content.kind {
        Kind::Null
        | Kind::Boolean
        | Kind::Integer
        | Kind::IntegerLiteral
        | Kind::Number
        | Kind::String => true,
        Kind::Array | Kind::Object => false,
    }
}

fn way(parts: Parts, encoding: &Encoding, content: Option<PartContent>) -> Way {
    let text = content.filter(|content| is_scalar(*content));
    if let Some(chosen) = &encoding.serialisation {
        let (repeats, chosen) = match chosen {
            Serialisation::Style { style, explode, allow_reserved: _ } => {
                let (style, explode) = (*style, *explode);
                let repeats = style == Style::Form && explode;
                (repeats, Serialisation::Style { style, explode, allow_reserved: false })
            }
            Serialisation::Nested(_) | Serialisation::Media(_) => (false, chosen.clone()),
        };
        // Scalars look alike in every style, and so do those that are repeated.
        let Some(content) = text.filter(|it| repeats || it.spread == PartSpread::Whole) else {
            return Way::Styled(chosen);
        };
        return match (parts, encoding.usual.here.get(&content).copied().flatten()) {
            (Parts::Pairs, _) => Way::Text,
            (Parts::Typed, Some(usual)) => Way::Typed(BTreeSet::from([usual.name().into()])),
            (Parts::Typed, None) => Way::Unknown,
        };
    }
    let types = types(encoding, content);
    let is_text = |content: PartContent| types.iter().all(|media| is_own_text(media, content));
    if types.is_empty() {
        Way::Unknown
    } else if parts == Parts::Pairs && text.is_some_and(is_text) {
        Way::Text
    } else {
        Way::Typed(types)
    }
}

/// Whether what a pair holds of a scalar is its own text: JSON puts strings in quotes, and nothing
/// else that is no list.
fn is_own_text(media: &str, content: PartContent) -> bool {
    let media = parsed(media);
    match (&*media.type_name, &*media.subtype) {
        ("text", "plain") | ("application", "octet-stream") => true,
        _ => is_json(&media) && content.spread == PartSpread::Whole && content.kind != Kind::String,
    }
}

/// The media types that are said or meant; none where a style is chosen.
fn types(encoding: &Encoding, content: Option<PartContent>) -> BTreeSet<Arc<str>> {
    if is_silent(encoding) {
        let usual =
            content.and_then(|content| encoding.usual.here.get(&content).copied().flatten());
        return usual.map(|usual| usual.name().into()).into_iter().collect();
    }
    encoding.content_types.iter().cloned().collect()
}

/// What the second way is to the first; `None` where they are the same.
fn outcome((from, to): (Way, Way)) -> Option<Outcome> {
    if from == to {
        return None;
    }
    Some(match (from, to) {
        (Way::Unknown, _) | (_, Way::Unknown) => Outcome::Unknown,
        (Way::Typed(was), Way::Typed(is)) if lie_in(&was, &is) => Outcome::Known(Effect::Widens),
        (Way::Typed(was), Way::Typed(is)) if lie_in(&is, &was) => Outcome::Known(Effect::Narrows),
        (
            Way::Text | Way::Styled(_) | Way::Typed(_),
            Way::Text | Way::Styled(_) | Way::Typed(_),
        ) => Outcome::Known(Effect::Replaces),
    })
}

/// Whether a scalar stands where a list of one is written as a pair for each element: no other style
/// leaves a text alone that holds its delimiter.
fn looks_alike(
    parts: Parts,
    (old, new): (&Encoding, &Encoding),
    (before, after): (PartContent, PartContent),
) -> bool {
    let repeats = |side: &Encoding| match &side.serialisation {
        None => true,
        Some(Serialisation::Style { style, explode, allow_reserved: _ }) => {
            *style == Style::Form && *explode
        }
        Some(Serialisation::Nested(_) | Serialisation::Media(_)) => false,
    };
    let is_styled = old.serialisation.is_some() || new.serialisation.is_some();
    parts == Parts::Pairs
        && before.spread != after.spread
        && is_styled
        && repeats(old)
        && repeats(new)
}

/// Whether there are media types, and each is one of the others or lies in a range among them.
fn lie_in(types: &BTreeSet<Arc<str>>, others: &BTreeSet<Arc<str>>) -> bool {
    let is_covered = |text: &Arc<str>| {
        let media = parsed(text);
        others.iter().any(|other| covers(&parsed(other), &media))
    };
    !types.is_empty() && types.iter().all(is_covered)
}

fn words(encoding: &Encoding, content: Option<PartContent>) -> String {
    let types = types(encoding, content);
    let types: Vec<&str> = types.iter().map(AsRef::as_ref).collect();
    match (&encoding.serialisation, types.is_empty()) {
        (Some(chosen), _) => words_of_style(chosen),
        (None, true) => "the default".to_owned(),
        (None, false) => format!("`{}`", types.join(", ")),
    }
}
