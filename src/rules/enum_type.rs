//! Enumerations that come, go, move, open and close.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::enum_value;
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, EnumPair, Fillers, Scope, Walk, move_phrase};
use crate::model::{EnumId, EnumValue, Openness, Surface};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// An enumeration was added
    ///
    /// Nobody refers to it yet.
    ENUMERATION_ADDED {
        id: "enumeration-added",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// An enumeration was removed
    ///
    /// Code that names it no longer compiles. What its fields carried is judged at the fields.
    ENUMERATION_REMOVED {
        id: "enumeration-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "consumers that import the enumeration for their own fields lose it",
        fix: "Mark it deprecated and keep it until nobody imports it.",
    }

    /// An enumeration was renamed or moved
    ///
    /// Neither bytes nor JSON carry its name; generated code does.
    ENUMERATION_RENAMED {
        id: "enumeration-renamed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the name and the place of types that generated code exposes.",
    }

    /// An enumeration was closed
    ///
    /// Numbers that it does not list now go to the unknown fields instead of the field.
    ENUMERATION_CLOSED {
        id: "enumeration-closed",
        effect: Narrows,
        surfaces: [wire, json, source],
        fix: "Keep `enum_type = OPEN`.",
    }

    /// An enumeration was opened
    ///
    /// New writers may relay numbers that it does not list, which old readers put among the unknown
    /// fields. Generated code gains a case for the unrecognised.
    ENUMERATION_OPENED {
        id: "enumeration-opened",
        effect: Widens,
        surfaces: [wire, json, source],
        fix: "Have all readers on the open enumeration before the first writer sends a new number.",
    }

    /// The default value of an enumeration changed
    ///
    /// An absent field reads as the first value that is declared. The same message means one thing
    /// to old readers and another to new ones.
    ENUMERATION_DEFAULT_CHANGED {
        id: "enumeration-default-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Keep the first value first.",
    }
}

/// Says that an enumeration came.
pub(crate) fn added(walk: &mut Walk<'_>, id: EnumId) {
    let Some(new) = walk.new.enumeration(id) else { return };
    let message = format!("enumeration `{}` was added", new.full_name);
    let change = Change::new(&ENUMERATION_ADDED, Scope::Enum(None, Some(id)), message)
        .spans(None, Some(new.name_span));
    walk.report(change);
    for value in &new.values {
        enum_value::reused_from_past(walk, id, value);
    }
}

/// Says that an enumeration went.
pub(crate) fn removed(walk: &mut Walk<'_>, id: EnumId) {
    let Some(old) = walk.old.enumeration(id) else { return };
    let message = format!("enumeration `{}` was removed", old.full_name);
    let change = Change::new(&ENUMERATION_REMOVED, Scope::Enum(Some(id), None), message)
        .impact(Impact::source())
        .spans(Some(old.name_span), None);
    let change = walk.still_named(change, std::slice::from_ref(&old.full_name));
    walk.report(change);
}

/// Compares what an enumeration is called, unless something around it was renamed.
pub(crate) fn renamed(walk: &mut Walk<'_>, pair: EnumPair<'_>) {
    let (old, new) = (&pair.old.full_name, &pair.new.full_name);
    let change = Change::new(
        &ENUMERATION_RENAMED,
        pair.scope(),
        format!("enumeration {}", move_phrase(old, new)),
    )
    .impact(Impact::breaking(&[Surface::Source]))
    .spans(Some(pair.old.name_span), Some(pair.new.name_span))
    .evidence([old.to_string()]);
    walk.report(change);
}

/// Compares what readers do with numbers that are not listed.
pub(crate) fn compare_openness<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>) {
    let unlisted = |outcome| {
        Passage::new(outcome, Sample::Value(pair.unlisted()), "the enumeration is closed there")
    };
    let lost = Exchange { wire: unlisted(Outcome::Lost), json: unlisted(Outcome::Refused) };
    let (old, new) = (&pair.old.openness, &pair.new.openness);
    let change = match (old.value, new.value) {
        (Openness::Open, Openness::Closed) => Change::new(
            &ENUMERATION_CLOSED,
            pair.scope(),
            "numbers that it does not list are no longer kept in the field".to_owned(),
        )
        .impact(Impact::source().with(lost, Exchange::default())),
        (Openness::Closed, Openness::Open) => Change::new(
            &ENUMERATION_OPENED,
            pair.scope(),
            "numbers that it does not list are kept in the field now".to_owned(),
        )
        .impact(Impact::source().with(Exchange::default(), lost)),
        (Openness::Open, Openness::Open) | (Openness::Closed, Openness::Closed) => return,
    };
    let root = pair.root(walk);
    let places = (pair.old.name_span, pair.new.name_span);
    let made_by = walk.by_file(places, (old.value, new.value), |said| said.openness);
    walk.report(change.spans(Some(old.span), Some(new.span)).root(root).made_by(made_by));
}

/// Compares which value an absent field has.
pub(crate) fn compare_default<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>) {
    let (Some(was), Some(is)) = (pair.old.values.first(), pair.new.values.first()) else {
        return;
    };
    // Under a name that is kept it is the same value, whatever its number.
    let names = |values: &[EnumValue], number| -> BTreeSet<Arc<str>> {
        let alike = values.iter().filter(|value| value.number == number);
        alike.map(|value| Arc::clone(&value.name)).collect()
    };
    let before = names(&pair.old.values, was.number);
    let after = names(&pair.new.values, is.number);
    if was.number == is.number || !before.is_disjoint(&after) {
        return;
    }
    let misread =
        Passage::new(Outcome::Misread, Sample::Absent, "each side fills in its own first value");
    let way = Exchange { wire: misread.clone(), json: misread };
    let change = |message| {
        Change::new(&ENUMERATION_DEFAULT_CHANGED, pair.scope(), message)
            .spans(Some(was.span), Some(is.span))
            .evidence([was.number.to_string(), is.number.to_string()])
    };
    let absent = || format!("an absent field is `{}`, no longer `{}`", is.name, was.name);
    let change = match pair.fillers(walk) {
        Fillers::Field(root) => {
            change(absent()).impact(Impact::none().with(way.clone(), way)).root(Some(root))
        }
        Fillers::Unknown => change(absent()).impact(Impact::none().with(way.clone(), way)),
        Fillers::Elsewhere => {
            let message = format!(
                "the first value is `{}`, no longer `{}`; no field here stands for it when absent",
                is.name, was.name
            );
            change(message).caution("whoever has a field of its own of it reads another value")
        }
    };
    walk.report(change);
}
