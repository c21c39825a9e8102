//! Closed lists of values, in shapes and in enumerations of messages alike.

use std::collections::BTreeSet;

use super::edit::{Edits, Facet};
use super::effective::Effective;
use super::rules;
use crate::model::{Json, Stated, Step};

rules! {
    /// A value was removed from a closed list
    ///
    /// In a request, consumers that still send it are refused. In a response nothing new can
    /// arrive, so consumers are safe.
    ENUM_VALUE_REMOVED {
        id: "enum-value-removed",
        effect: Narrows,
        surfaces: [wire, json, source],
        fix: "Keep accepting the value, mark it deprecated, and remove it after its sunset.",
    }

    /// A value was added to a closed list
    ///
    /// In a response, consumers that know the old list refuse the new value or fall through their
    /// switch. In a request nobody sends it yet.
    ENUM_VALUE_ADDED {
        id: "enum-value-added",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Announce the list as open (`x-extensible-enum`) before it grows, or send the new value only to consumers that asked for it.",
    }

    /// A value was added to an open list
    ///
    /// Readers were told that more values may come (`x-extensible-enum`), and meet one that they do
    /// not know.
    OPEN_VALUE_ADDED {
        id: "open-value-added",
        effect: Widens,
        surfaces: [source],
        caution: "readers meet a value that they do not know",
        fix: "Tell its readers; treat unknown values as they were told to.",
    }

    /// A value was removed from an open list
    ///
    /// It is admitted as any other value is, and no longer known to mean something.
    OPEN_VALUE_REMOVED {
        id: "open-value-removed",
        effect: Narrows,
        surfaces: [source],
        caution: "whoever still sends the value is no longer understood",
        fix: "Keep the value in the list until nobody sends it.",
    }

    /// The one admitted value changed
    ///
    /// Whoever sends the old value is refused by readers of the new contract, and the other way round.
    CONSTANT_CHANGED {
        id: "constant-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Admit both values first, and drop the old one when nobody sends it.",
    }

    /// A place was restricted to a list of values
    ///
    /// Every other value that was admitted is refused now.
    ENUM_ADDED {
        id: "enum-added",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Document the list first, measure what is sent, and close it when nothing else comes.",
    }

    /// A list of values was dropped
    ///
    /// Consumers that know the list meet values that are not in it.
    ENUM_REMOVED {
        id: "enum-removed",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep the list in responses until consumers expect other values.",
    }
}

/// Compares the lists of values.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    match (&old.values, &new.values) {
        (None, None) => compare_open(old, new, edits),
        (None, Some(is)) => {
            let message = format!("restricted to {}", in_words(&is.value));
            let spans = (Some(old.span), Some(is.span));
            edits
                .push(&ENUM_ADDED, Facet::Values, message, spans)
                .evidence(&"", &listed(&is.value));
        }
        (Some(was), None) => {
            let message = format!("no longer restricted to {}", in_words(&was.value));
            let spans = (Some(was.span), Some(new.span));
            edits
                .push(&ENUM_REMOVED, Facet::Values, message, spans)
                .evidence(&listed(&was.value), &"");
        }
        (Some(was), Some(is)) if was.value != is.value && is_one(was) && is_one(is) => {
            let (before, after) = (listed(&was.value), listed(&is.value));
            let message = format!("the one value changed from {before} to {after}");
            let spans = (Some(was.span), Some(is.span));
            let edit = edits.push(&CONSTANT_CHANGED, Facet::Values, message, spans);
            edit.evidence(&before, &after);
        }
        (Some(was), Some(is)) => {
            let spans = (Some(was.span), Some(is.span));
            for value in was.value.difference(&is.value) {
                let message = format!("value `{value}` was removed");
                edits
                    .push(&ENUM_VALUE_REMOVED, Facet::Value(value.clone()), message, spans)
                    .at(Step::EnumValue(value.to_string().into()))
                    .evidence(value, &"");
            }
            for value in is.value.difference(&was.value) {
                let message = format!("value `{value}` was added");
                let edit =
                    edits.push(&ENUM_VALUE_ADDED, Facet::Value(value.clone()), message, spans);
                edit.at(Step::EnumValue(value.to_string().into())).evidence(&"", value);
                edit.tolerated = old.notes.extensible.is_some();
            }
        }
    }
}

/// Compares lists that close nothing.
fn compare_open(old: &Effective, new: &Effective, edits: &mut Edits) {
    let (Some(was), Some(is)) = (&old.notes.extensible, &new.notes.extensible) else { return };
    let spans = (Some(was.span), Some(is.span));
    for value in was.value.difference(&is.value) {
        let message = format!("value `{value}` was removed");
        let edit = edits.push(&OPEN_VALUE_REMOVED, None, message, spans);
        edit.at(Step::EnumValue(value.to_string().into())).evidence(value, &"");
    }
    for value in is.value.difference(&was.value) {
        let message = format!("value `{value}` was added");
        let edit = edits.push(&OPEN_VALUE_ADDED, None, message, spans);
        edit.at(Step::EnumValue(value.to_string().into())).evidence(&"", value);
    }
}

fn is_one(stated: &Stated<BTreeSet<Json>>) -> bool {
    stated.value.len() == 1
}

/// The values for a message, in which none are nothing.
fn in_words(values: &BTreeSet<Json>) -> String {
    if values.is_empty() { "nothing".to_owned() } else { listed(values) }
}

fn listed(values: &BTreeSet<Json>) -> String {
    const SHOWN: usize = 5;
    let mut words: Vec<String> =
        values.iter().take(SHOWN).map(|value| format!("`{value}`")).collect();
    if values.len() > SHOWN {
        words.push(format!("… ({} values)", values.len()));
    }
    words.join(", ")
}
