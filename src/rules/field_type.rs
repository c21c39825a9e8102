//! Types of fields.

use std::sync::Arc;

use super::impact::{Directions, Impact};
use super::rules;
use crate::diff::messages::{Change, FieldPair, Walk};
use crate::model::{Cardinality, Delimiting, FieldKind, Packing, Scalar, Surface, Utf8};
use crate::rules::Rule;
use crate::subtype::exchange::Exchange;

rules! {
    /// The type of a field changed
    ///
    /// Whether a value survives depends on both encodings and on who writes: a wider integer reads
    /// every narrower one, and the narrower one truncates. Message types are compared by what they
    /// hold, so another message of the same shape is safe in bytes and JSON.
    FIELD_TYPE_CHANGED {
        id: "field-type-changed",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Add a field of the new type under a new number, write both, and retire the old one.",
    }

    /// A field became repeated or singular, a list or a map
    ///
    /// A reader of one value keeps the last of many, or takes none where they are packed; a map
    /// keeps one entry per key. In JSON a list, an object and a single value are different things.
    CARDINALITY_CHANGED {
        id: "cardinality-changed",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Add a second field of the other cardinality under a new number.",
    }

    /// Readers verify text differently
    ///
    /// A reader that verifies refuses bytes that are not UTF-8, which a writer that does not may send.
    UTF8_VALIDATION_CHANGED {
        id: "utf8-validation-changed",
        effect: Replaces,
        surfaces: [wire],
        fix: "Make sure that all writers send UTF-8 before readers insist on it, or declare `bytes`.",
    }

    /// A message is set apart differently on the wire
    ///
    /// Length-prefixed and delimited messages have different wire types: to a reader of the one the
    /// other is an unknown field.
    DELIMITING_CHANGED {
        id: "delimiting-changed",
        effect: Replaces,
        surfaces: [wire],
        fix: "Keep the encoding; add a field under a new number if it must change.",
    }

    /// Writers pack a list differently
    ///
    /// Readers accept packed and expanded lists alike.
    PACKING_CHANGED {
        id: "packing-changed",
        effect: Annotates,
        surfaces: [wire],
        fix: "Nothing to do.",
    }
}

/// Compares what a field holds and how many of it.
pub(crate) fn compare(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    let same_kind = pair.same_kind(walk);
    let same_count = is_same_count(old.cardinality, new.cardinality);
    if same_kind && same_count {
        compare_packing(walk, pair);
        return;
    }
    let exchanges = pair.exchanges(walk);
    let (was, is) = (walk.old.type_name(old), walk.new.type_name(new));
    let verification = if same_count { verification(walk, pair) } else { None };
    let rule = match verification {
        Some(_) => &UTF8_VALIDATION_CHANGED,
        None => kind_of_change(walk, pair, same_kind, same_count),
    };
    let message = match (rule, verification) {
        (_, Some(Utf8::Verified)) => {
            format!("readers of `{}` verify that it is UTF-8 now", new.name)
        }
        (_, Some(Utf8::Unverified)) => {
            format!("readers of `{}` no longer verify that it is UTF-8", new.name)
        }
        (rule, None) if rule == &DELIMITING_CHANGED => match new.kind {
            FieldKind::Message(_, Delimiting::Delimited) => {
                format!("`{}` is delimited by tags, no longer by its length", new.name)
            }
            FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_) => {
                format!("`{}` is delimited by its length, no longer by tags", new.name)
            }
        },
        (_, None) => {
            format!("`{}` changed from `{was}` to `{is}`{}", new.name, because(pair, &exchanges))
        }
    };
    let made_by = made_by(walk, pair, rule, verification);
    let source = breaks_source(walk, pair, same_count);
    let base = if source { Impact::breaking(&[Surface::Source]) } else { Impact::none() };
    let change = pair
        .change(rule, message)
        .impact(base.with(exchanges.old_to_new, exchanges.new_to_old))
        .spans(Some(old.type_span), Some(new.type_span))
        .made_by(made_by)
        .evidence([was, is]);
    walk.report(change);
}

/// The file whose edit changed how text is read or messages are set apart.
fn made_by(
    walk: &Walk<'_>,
    pair: &FieldPair<'_>,
    rule: &Rule,
    verification: Option<Utf8>,
) -> Option<Arc<str>> {
    let spans = (pair.old.span, pair.new.span);
    match (verification, pair.old.kind, pair.new.kind) {
        (Some(Utf8::Verified), ..) => {
            walk.by_file(spans, (Utf8::Unverified, Utf8::Verified), |said| said.utf8)
        }
        (Some(Utf8::Unverified), ..) => {
            walk.by_file(spans, (Utf8::Verified, Utf8::Unverified), |said| said.utf8)
        }
        (None, FieldKind::Message(_, was), FieldKind::Message(_, is))
            if *rule == DELIMITING_CHANGED =>
        {
            walk.by_file(spans, (was, is), |said| said.delimiting)
        }
        (None, ..) => None,
    }
}

/// What readers do about text now, where that is all that changed of the type: of the field itself,
/// or of the keys and values of a map.
fn verification(walk: &Walk<'_>, pair: &FieldPair<'_>) -> Option<Utf8> {
    if let Some(parts) = pair.entries(walk) {
        let changed = parts.iter().filter(|part| !part.same_kind(walk));
        let found: Option<Vec<Utf8>> = changed.map(|part| verification(walk, part)).collect();
        return found?.first().copied();
    }
    match (pair.old.kind, pair.new.kind) {
        (FieldKind::Scalar(Scalar::String(_)), FieldKind::Scalar(Scalar::String(now))) => Some(now),
        (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => None,
    }
}

fn kind_of_change(
    walk: &Walk<'_>,
    pair: &FieldPair<'_>,
    same_kind: bool,
    same_count: bool,
) -> &'static Rule {
    match (pair.old.kind, pair.new.kind) {
        (FieldKind::Message(old, was), FieldKind::Message(new, is))
            if same_count && was != is && walk.pairs.new_message(old) == Some(new) =>
        {
            &DELIMITING_CHANGED
        }
        _ if same_kind => &CARDINALITY_CHANGED,
        _ if is_map(pair.old.cardinality) != is_map(pair.new.cardinality) && !same_count => {
            &CARDINALITY_CHANGED
        }
        _ => &FIELD_TYPE_CHANGED,
    }
}

/// Where another message took the place: what in it is not the same.
fn because(pair: &FieldPair<'_>, exchanges: &Directions<Exchange>) -> String {
    let (FieldKind::Message(..), FieldKind::Message(..)) = (pair.old.kind, pair.new.kind) else {
        return String::new();
    };
    let Directions { old_to_new, new_to_old } = exchanges;
    let passages = [&old_to_new.wire, &new_to_old.wire, &old_to_new.json, &new_to_old.json];
    let broken = passages.into_iter().find(|passage| passage.breaks());
    broken.map_or_else(String::new, |passage| format!(": {}", passage.because))
}

fn compare_packing(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    let packing = |cardinality| match cardinality {
        Cardinality::Repeated(packing) => Some(packing),
        Cardinality::Singular(_) | Cardinality::Map => None,
    };
    let (Some(was), Some(is)) = (packing(old.cardinality), packing(new.cardinality)) else {
        return;
    };
    if was == is {
        return;
    }
    let word = |packing| match packing {
        Packing::Packed => "packed",
        Packing::Expanded => "expanded",
    };
    let change: Change<'_> = pair
        .change(&PACKING_CHANGED, format!("`{}` is written {}", new.name, word(is)))
        .made_by(walk.by_file((old.span, new.span), (was, is), |said| said.packing))
        .evidence([word(was).to_owned(), word(is).to_owned()]);
    walk.report(change);
}

fn is_same_count(old: Cardinality, new: Cardinality) -> bool {
    match (old, new) {
        (Cardinality::Singular(_), Cardinality::Singular(_))
        | (Cardinality::Repeated(_), Cardinality::Repeated(_))
        | (Cardinality::Map, Cardinality::Map) => true,
        (Cardinality::Singular(_) | Cardinality::Repeated(_) | Cardinality::Map, _) => false,
    }
}

fn is_map(cardinality: Cardinality) -> bool {
    cardinality == Cardinality::Map
}

/// Whether generated code holds the field in another type.
fn breaks_source(walk: &Walk<'_>, pair: &FieldPair<'_>, same_count: bool) -> bool {
    match (pair.old.kind, pair.new.kind) {
        _ if !same_count => true,
        _ if is_map(pair.old.cardinality) => pair
            .entries(walk)
            .is_none_or(|entry| entry.iter().any(|part| breaks_source(walk, part, true))),
        (FieldKind::Scalar(old), FieldKind::Scalar(new)) => native(old) != native(new),
        (FieldKind::Message(old, _), FieldKind::Message(new, _)) => {
            walk.pairs.new_message(old) != Some(new)
        }
        (FieldKind::Enum(old), FieldKind::Enum(new)) => walk.pairs.new_enum(old) != Some(new),
        (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => true,
    }
}

/// The types that generated code holds scalars in, in languages that tell signed from unsigned.
#[derive(PartialEq, Eq)]
enum Native {
    Double,
    Float,
    Signed32,
    Signed64,
    Unsigned32,
    Unsigned64,
    Boolean,
    Text,
    Bytes,
}

fn native(scalar: Scalar) -> Native {
    match scalar {
        Scalar::Double => Native::Double,
        Scalar::Float => Native::Float,
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => Native::Signed32,
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => Native::Signed64,
        Scalar::Uint32 | Scalar::Fixed32 => Native::Unsigned32,
        Scalar::Uint64 | Scalar::Fixed64 => Native::Unsigned64,
        Scalar::Bool => Native::Boolean,
        Scalar::String(_) => Native::Text,
        Scalar::Bytes => Native::Bytes,
    }
}
