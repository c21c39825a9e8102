//! Values of enumerations: known by number on the wire, by name in JSON and generated code.

use std::collections::{BTreeMap, HashSet};

use super::enumeration::{ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED};
use super::impact::{Directions, Impact};
use super::json_name::JSON_NAME_CHANGED;
use super::rules;
use crate::diff::messages::{
    Change, EnumPair, Fillers, Scope, Walk, Zero, canonical_name, exchanged, listed, several,
};
use crate::model::{EnumId, EnumValue, Enumeration, Json, Openness, Step, Surface};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample, first_value};

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
    /// Bytes written for the one number are read as whatever has it now. JSON carries the name,
    /// unless the value is the first one: that is left out, and each side fills in its own.
    ENUM_VALUE_RENUMBERED {
        id: "enum-value-renumbered",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Restore the number, and give new values numbers that were never used.",
    }

    /// Another name of a number is written in JSON
    ///
    /// Of several names with one number ProtoJSON writes the one that is declared first. Whoever has
    /// the enumeration reads them all; whoever compares the text that arrives sees another one.
    ENUM_ALIAS_PREFERRED {
        id: "enum-alias-preferred",
        effect: Annotates,
        surfaces: [json],
        caution: "consumers that compare the name as text see another one, and so does code that prints it",
        fix: "Keep the name first that was first.",
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
    let (mut taken, mut renames) = (HashSet::new(), Vec::new());
    for value in &pair.old.values {
        let same_name = pair.new.values.named(&value.name);
        if let Some(new) = same_name {
            renumbered(walk, pair, value, new);
            called_otherwise(walk, pair, value, new);
            continue;
        }
        let successors = named(pair.new, value.number);
        let fresh = successors.iter().find(|new| !has_name(pair.old, &new.name));
        match fresh.filter(|new| !taken.contains(&*new.name)) {
            Some(new)
                if named(pair.old, value.number)
                    .iter()
                    .all(|old| !has_name(pair.new, &old.name)) =>
            {
                taken.insert(&*new.name);
                renames.push((value, *new));
            }
            _ => removed(walk, pair, value),
        }
    }
    names_changed(walk, pair, renames);
    for value in &pair.new.values {
        if !has_name(pair.old, &value.name) && !taken.contains(&*value.name) {
            added(walk, pair, value);
        }
    }
    compare_preferred(walk, pair);
}

/// Says where of two names that both sides give to a number the other one is written in JSON.
fn compare_preferred(walk: &mut Walk<'_>, pair: EnumPair<'_>) {
    for old in &pair.old.values {
        let (number, is_first) = (old.number, canonical_name(pair.old, old.number));
        let Some(new) = named(pair.new, number).first().copied() else { continue };
        let has_both = named(pair.new, number).iter().any(|one| one.name == old.name)
            && named(pair.old, number).iter().any(|one| one.name == new.name);
        if is_first != Some(&*old.name) || new.name == old.name || !has_both {
            continue;
        }
        let message =
            format!("JSON writes {number} as `{}`, no longer as `{}`", new.name, old.name);
        let change = Change::new(&ENUM_ALIAS_PREFERRED, pair.scope(), message)
            .at(Step::EnumValue(new.name.clone()))
            .spans(Some(old.span), Some(new.span))
            .evidence([old.name.to_string(), number.to_string()]);
        walk.report(change);
    }
}

/// Whether the number of a new value still has a name that it had.
fn is_alias(pair: EnumPair<'_>, value: &EnumValue) -> bool {
    let stays =
        |old: &&EnumValue| named(pair.new, value.number).iter().any(|new| new.name == old.name);
    named(pair.old, value.number).iter().any(stays)
}

fn named(enumeration: &Enumeration, number: i32) -> Vec<&EnumValue> {
    enumeration.values.numbered(number).collect()
}

fn has_name(enumeration: &Enumeration, name: &str) -> bool {
    enumeration.values.named(name).is_some()
}

/// What a reader makes of the name of a writer's value in JSON.
fn in_json(value: &EnumValue, reader: &Enumeration) -> Passage {
    if reader.values.called(&value.json_name).is_some() {
        Passage::SAME
    } else {
        let because = "the reader does not know the name";
        let sample = Sample::Value(Json::String(value.json_name.clone()));
        Passage::new(Outcome::Refused, sample, because)
    }
}

/// What a reader makes of the number of a writer's value: of several names with one number any is
/// meant.
fn on_the_wire(value: &EnumValue, writer: &Enumeration, reader: &Enumeration) -> Passage {
    let sample = Sample::Value(Json::String(value.json_name.clone()));
    let names = named(reader, value.number);
    if !names.is_empty() {
        let is_meant =
            |name: &str| named(writer, value.number).iter().any(|other| *other.name == *name);
        let lives_elsewhere =
            has_name(reader, &value.name) && names.iter().all(|other| !is_meant(&other.name));
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
    let message = format!("`{}` has number {}, no longer {}", new.name, new.number, old.number);
    let mut ways = Directions {
        old_to_new: Exchange { wire: on_the_wire(old, pair.old, pair.new), json: Passage::SAME },
        new_to_old: Exchange { wire: on_the_wire(new, pair.new, pair.old), json: Passage::SAME },
    };
    let first = pair.old.values.first().map(|value| value.number);
    if (Some(old.number) == first) != (Some(new.number) == first)
        && !matches!(pair.fillers(walk), Fillers::Elsewhere)
    {
        ways.old_to_new.json = first_value(pair.old, pair.new);
        ways.new_to_old.json = first_value(pair.new, pair.old);
    }
    let impact = Impact::none().with(ways.old_to_new, ways.new_to_old);
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

/// Compares what JSON calls a value whose own name is the same, if that is written for its number.
fn called_otherwise<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, old: &EnumValue, new: &EnumValue) {
    if old.json_name == new.json_name {
        return;
    }
    let is_written = |enumeration, value: &EnumValue| {
        canonical_name(enumeration, value.number) == Some(&*value.name)
    };
    let json = |json| Exchange { wire: Passage::SAME, json };
    let way = |writer, value, reader| {
        json(if is_written(writer, value) { in_json(value, reader) } else { Passage::SAME })
    };
    let message = format!(
        "`{}` is called `{}` in JSON, no longer `{}`",
        new.name, new.json_name, old.json_name
    );
    let change = Change::new(&JSON_NAME_CHANGED, pair.scope(), message)
        .at(Step::EnumValue(new.name.clone()))
        .impact(Impact::none().with(way(pair.old, old, pair.new), way(pair.new, new, pair.old)))
        .spans(Some(old.span), Some(new.span))
        .evidence([old.json_name.to_string(), new.json_name.to_string()]);
    report_named(walk, pair, old.number, change);
}

/// A value under its old and its new name.
type Renamed<'a> = (&'a EnumValue, &'a EnumValue);

/// Says which values have other names: once where these begin with other words and are the same else.
fn names_changed<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, renames: Vec<Renamed<'a>>) {
    let mut alike: BTreeMap<(&str, &str), Vec<Renamed<'a>>> = BTreeMap::new();
    for (old, new) in renames {
        match exchanged(&old.name, &new.name) {
            Some(words) => alike.entry(words).or_default().push((old, new)),
            None => name_changed(walk, pair, (old, new)),
        }
    }
    for (words, values) in alike {
        match &values[..] {
            [one] => name_changed(walk, pair, *one),
            all => words_changed(walk, pair, words, all),
        }
    }
}

fn name_changed<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, (old, new): Renamed<'a>) {
    let message = format!("`{}` was renamed to `{}`", old.name, new.name);
    let change = Change::new(&ENUM_VALUE_RENAMED, pair.scope(), message)
        .at(Step::EnumValue(new.name.clone()))
        .impact(under_other_names(pair, (old, new)))
        .spans(Some(old.span), Some(new.span))
        .evidence([old.name.to_string(), old.number.to_string()]);
    report_named(walk, pair, old.number, change);
}

/// Says it of several values; one that is not left out anywhere shows it.
fn words_changed<'a>(
    walk: &mut Walk<'a>,
    pair: EnumPair<'a>,
    (was, is): (&str, &str),
    values: &[Renamed<'a>],
) {
    let told = values.iter().find(|(old, _)| old.number != 0).or(values.first());
    let Some((old, new)) = told.copied() else { return };
    let names: Vec<&str> = values.iter().map(|(old, _)| &*old.name).collect();
    let words = match (was, is) {
        ("", is) => format!("begin with `{is}` now"),
        (was, "") => format!("no longer begin with `{was}`"),
        (was, is) => format!("begin with `{is}`, no longer with `{was}`"),
    };
    let message = format!("the names of {} {words}", several(&names));
    let others = values.iter().filter(|(other, _)| other.name != old.name);
    let evidence =
        values.iter().flat_map(|(old, _)| [old.name.to_string(), old.number.to_string()]);
    let mut change = Change::new(&ENUM_VALUE_RENAMED, pair.scope(), message)
        .impact(under_other_names(pair, (old, new)))
        .spans(Some(old.span), Some(new.span))
        .evidence(evidence);
    change.also = others.map(|(old, new)| (Some(old.span), Some(new.span))).collect();
    report_named(walk, pair, old.number, change);
}

fn under_other_names(pair: EnumPair<'_>, (old, new): Renamed<'_>) -> Impact {
    let json = |json| Exchange { wire: Passage::SAME, json };
    Impact::breaking(&[Surface::Source])
        .with(json(in_json(old, pair.new)), json(in_json(new, pair.old)))
}

fn removed<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, value: &EnumValue) {
    let survivors = named(pair.new, value.number);
    let mut message = format!("`{}` = {} was removed", value.name, value.number);
    if !survivors.is_empty() {
        let names = listed(survivors.iter().map(|survivor| &*survivor.name));
        message = format!("{message}; its number is still {names}");
    }
    // ProtoJSON writes the first name that a number has, and no other.
    let is_written = canonical_name(pair.old, value.number) == Some(&*value.name);
    let json = if is_written { in_json(value, pair.new) } else { Passage::SAME };
    let way = Exchange { wire: on_the_wire(value, pair.old, pair.new), json };
    let mut change = Change::new(&ENUM_VALUE_REMOVED, pair.scope(), message)
        .at(Step::EnumValue(value.name.clone()))
        .impact(Impact::source().with(way, Exchange::default()))
        .spans(Some(value.span), None)
        .evidence([value.number.to_string()]);
    if !is_written {
        change.caution = Some("readers of the new contract refuse the alias in JSON".to_owned());
    }
    report_named(walk, pair, value.number, change);
}

/// Says that a new value takes over the number of one that was given up earlier.
pub(crate) fn reused_from_past(walk: &mut Walk<'_>, id: EnumId, value: &EnumValue) -> bool {
    let Some(once) = walk.once_valued(id, value) else { return false };
    let (number, was, until) = (once.number, &once.name, &once.revision);
    let message = format!("number {number} was `{was}` until {until} and is `{}`", value.name);
    let scope = Scope::Enum(walk.pairs.old_enum(id), Some(id));
    let change = Change::new(&ENUM_NUMBER_REUSED, scope, message)
        .at(Step::EnumValue(value.name.clone()))
        .impact(Impact::breaking(&[Surface::Wire]))
        .spans(None, Some(value.span))
        .evidence([was.clone(), number.to_string()]);
    walk.report(change);
    true
}

fn added<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, value: &EnumValue) {
    if named(pair.old, value.number).is_empty() && reused_from_past(walk, pair.new_id, value) {
        return;
    }
    let mut change = Change::new(
        &ENUM_VALUE_ADDED,
        pair.scope(),
        format!("`{}` = {} was added", value.name, value.number),
    );
    if is_alias(pair, value) {
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
        let unknown = Exchange {
            wire: on_the_wire(value, pair.new, pair.old),
            json: in_json(value, pair.old),
        };
        change.impact = Impact::none().with(Exchange::default(), unknown);
    } else {
        let sample = Sample::Value(Json::String(value.json_name.clone()));
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

/// Reports what becomes of the name of a number in JSON, where writers send it.
fn report_named<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, number: i32, mut change: Change<'a>) {
    if number != 0 {
        return report(walk, pair, change);
    }
    change.root = match pair.root_of_zero(walk) {
        Zero::Sent(root) => Some(root),
        Zero::LeftOut(root) => {
            let caution = "the number is 0, whose name only JSON writers send that print fields without presence \
                           (`always_print_fields_with_no_presence`)";
            change.caution = change.caution.or_else(|| Some(caution.to_owned()));
            Some(root)
        }
        Zero::Unknown => None,
    };
    walk.report(change);
}

fn report<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>, change: Change<'a>) {
    let root = pair.root(walk);
    walk.report(change.root(root));
}
