//! Values of enumerations: known by number on the wire, by name in JSON and generated code.

use super::enumeration::{ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED};
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, EnumPair, Walk, canonical_name, listed};
use crate::model::{EnumValue, Enumeration, Json, Openness, Step, Surface};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// A value of an enumeration was renamed
    ///
    /// The number travels on the wire and means the same. JSON carries the name, which the other
    /// side refuses, and code that names the value no longer compiles.
    ENUM_VALUE_RENAMED {
        id: "enum-value-renamed",
        effect: Replaces,
        surfaces: [json, source],
        fix: "Keep the old name first and add the new one as an alias (`allow_alias`).",
    }

    /// A value of an enumeration has another number
    ///
    /// Bytes written for the one number are read as whatever has it now.
    ENUM_VALUE_RENUMBERED {
        id: "enum-value-renumbered",
        effect: Replaces,
        surfaces: [wire],
        fix: "Restore the number, and give new values numbers that were never used.",
    }

    /// A number of an enumeration means another value now
    ///
    /// The value that had the number was given up earlier. Bytes written for it are read as the
    /// value that has it.
    ENUM_NUMBER_REUSED {
        id: "enum-number-reused",
        effect: Replaces,
        surfaces: [wire],
        fix: "Give the new value a number that was never used, and reserve the old number and name.",
    }
}

/// Compares the values of an enumeration.
pub(crate) fn compare<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>) {
    let mut renamed = Vec::new();
    for value in &pair.old.values {
        let same_name = pair.new.values.iter().find(|new| new.name == value.name);
        if let Some(new) = same_name {
            renumbered(walk, pair, value, new);
            continue;
        }
        let successors = named(pair.new, value.number);
        let fresh = successors.iter().find(|new| !has_name(pair.old, &new.name));
        match fresh.filter(|new| !renamed.contains(&&*new.name)) {
            Some(new)
                if named(pair.old, value.number)
                    .iter()
                    .all(|old| !has_name(pair.new, &old.name)) =>
            {
                renamed.push(&*new.name);
                name_changed(walk, pair, value, new);
            }
            _ => removed(walk, pair, value),
        }
    }
    for value in &pair.new.values {
        if !has_name(pair.old, &value.name) && !renamed.contains(&&*value.name) {
            added(walk, pair, value);
        }
    }
}

fn named(enumeration: &Enumeration, number: i32) -> Vec<&EnumValue> {
    enumeration.values.iter().filter(|value| value.number == number).collect()
}

fn has_name(enumeration: &Enumeration, name: &str) -> bool {
    enumeration.values.iter().any(|value| *value.name == *name)
}

/// What a reader makes of the name of a writer's value in JSON.
fn in_json(value: &EnumValue, reader: &Enumeration) -> Passage {
    if has_name(reader, &value.name) {
        Passage::SAME
    } else {
        let because = "the reader does not know the name";
        Passage::new(Outcome::Refused, Sample::Value(Json::String(value.name.clone())), because)
    }
}

/// What a reader makes of the number of a writer's value.
fn on_the_wire(value: &EnumValue, reader: &Enumeration) -> Passage {
    let sample = Sample::Value(Json::String(value.name.clone()));
    let names = named(reader, value.number);
    if !names.is_empty() {
        let lives_elsewhere =
            has_name(reader, &value.name) && names.iter().all(|other| other.name != value.name);
        return if lives_elsewhere {
            Passage::new(Outcome::Misread, sample, "the number has another name at the reader")
        } else {
            Passage::SAME
        };
    }
    match (reader.openness.value, has_name(reader, &value.name)) {
        (Openness::Closed, _) => {
            Passage::new(Outcome::Lost, sample, "the reader's enumeration is closed")
        }
        (Openness::Open, true) => {
            Passage::new(Outcome::Misread, sample, "the reader knows the value by another number")
        }
        (Openness::Open, false) => Passage::SAME,
    }
}

fn renumbered<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, old: &EnumValue, new: &EnumValue) {
    if old.number == new.number {
        return;
    }
    let wire = |wire| Exchange { wire, json: Passage::SAME };
    let message = format!("`{}` has number {}, no longer {}", new.name, new.number, old.number);
    let impact =
        Impact::none().with(wire(on_the_wire(old, pair.new)), wire(on_the_wire(new, pair.old)));
    report(
        walk,
        pair,
        Change::new(&ENUM_VALUE_RENUMBERED, pair.scope(), message)
            .at(Step::EnumValue(new.name.clone()))
            .impact(impact)
            .spans(Some(old.span), Some(new.span))
            .evidence([old.number.to_string(), new.number.to_string()]),
    );
}

fn name_changed<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, old: &EnumValue, new: &EnumValue) {
    let json = |json| Exchange { wire: Passage::SAME, json };
    let message = format!("`{}` was renamed to `{}`", old.name, new.name);
    let impact = Impact::breaking(&[Surface::Source])
        .with(json(in_json(old, pair.new)), json(in_json(new, pair.old)));
    report(
        walk,
        pair,
        Change::new(&ENUM_VALUE_RENAMED, pair.scope(), message)
            .at(Step::EnumValue(new.name.clone()))
            .impact(impact)
            .spans(Some(old.span), Some(new.span))
            .evidence([old.name.to_string(), old.number.to_string()]),
    );
}

fn removed<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, value: &EnumValue) {
    let survivors = named(pair.new, value.number);
    let mut message = format!("`{}` = {} was removed", value.name, value.number);
    if !survivors.is_empty() {
        let names = listed(survivors.iter().map(|survivor| &*survivor.name));
        message = format!("{message}; its number is still {names}");
    }
    let way = Exchange { wire: on_the_wire(value, pair.new), json: in_json(value, pair.new) };
    let impact = Impact::source().with(way, Exchange::default());
    report(
        walk,
        pair,
        Change::new(&ENUM_VALUE_REMOVED, pair.scope(), message)
            .at(Step::EnumValue(value.name.clone()))
            .impact(impact)
            .spans(Some(value.span), None)
            .evidence([value.number.to_string()]),
    );
}

fn added<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, value: &EnumValue) {
    if named(pair.old, value.number).is_empty()
        && let Some(once) = walk.once_valued(pair.old, value)
    {
        let (number, was, until) = (once.number, &once.name, &once.revision);
        let message = format!("number {number} was `{was}` until {until} and is `{}`", value.name);
        let change = Change::new(&ENUM_NUMBER_REUSED, pair.scope(), message)
            .at(Step::EnumValue(value.name.clone()))
            .impact(Impact::breaking(&[Surface::Wire]))
            .spans(None, Some(value.span))
            .evidence([was.clone(), number.to_string()]);
        walk.report(change);
        return;
    }
    let mut change = Change::new(
        &ENUM_VALUE_ADDED,
        pair.scope(),
        format!("`{}` = {} was added", value.name, value.number),
    );
    if !named(pair.old, value.number).is_empty() {
        let written = canonical_name(pair.new, value.number) == Some(&*value.name);
        change.message = format!("`{}` was added as another name of {}", value.name, value.number);
        if written {
            // ProtoJSON writes the first name, so values that old readers know arrive under a name
            // that they do not.
            change.message.push_str(", and is the name that is written in JSON now");
            let json = Exchange { wire: Passage::SAME, json: in_json(value, pair.old) };
            change.impact = Impact::none().with(Exchange::default(), json);
        } else {
            change.caution =
                Some("readers of the old contract refuse the alias in JSON".to_owned());
        }
    } else if pair.old.openness.value == Openness::Closed {
        let unknown =
            Exchange { wire: on_the_wire(value, pair.old), json: in_json(value, pair.old) };
        change.impact = Impact::none().with(Exchange::default(), unknown);
    } else {
        let sample = Sample::Value(Json::String(value.name.clone()));
        let unknown = walk.unknown_name(sample);
        change.impact = Impact::none().with(Exchange::default(), unknown);
        change.caution = Some(
            "switches that list every value may fall through, and strict ProtoJSON readers refuse the new name"
                .to_owned(),
        );
    }
    report(
        walk,
        pair,
        change
            .at(Step::EnumValue(value.name.clone()))
            .spans(None, Some(value.span))
            .evidence([value.number.to_string()]),
    );
}

fn report<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, change: Change<'a>) {
    let root = pair.root(walk);
    walk.report(change.root(root));
}
