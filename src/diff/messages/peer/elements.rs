//! Rules about messages and enumerations that both sides have by the same full name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::view::{View, option};
use super::{Found, Home, inside};
use crate::diff::messages::{Range, Reserved};
use crate::model::{Cardinality, Enumeration, Json, JsonFormat, Message, Presence, Stated};
use crate::source::Span;

pub(super) fn compare(found: &mut Found<'_>, old: &View<'_>, new: &View<'_>) {
    for was in &old.all.enums {
        let is_own = old.enums.contains_key(&*was.full_name);
        if let Some(is) = new.enums.get(&*was.full_name).filter(|_| is_own) {
            enumeration(found, was, is, [old.home(was.file), new.home(is.file)]);
        }
    }
    for was in &old.all.messages {
        let is_own = old.messages.contains_key(&*was.full_name);
        if let Some(is) = new.messages.get(&*was.full_name).filter(|_| is_own) {
            message(found, (old, was), (new, is), [old.home(was.file), new.home(is.file)]);
        }
    }
}

/// The names of each number.
fn by_number(one: &Enumeration) -> BTreeMap<i32, Vec<(&Arc<str>, Span)>> {
    let mut names: BTreeMap<i32, Vec<(&Arc<str>, Span)>> = BTreeMap::new();
    for value in &one.values {
        names.entry(value.number).or_default().push((&value.name, value.span));
    }
    names
}

fn enumeration(
    found: &mut Found<'_>,
    was: &Enumeration,
    is: &Enumeration,
    homes: [Option<Home<'_>>; 2],
) {
    let name = &*was.full_name;
    let whole = (Some(was.name_span), Some(is.name_span));
    if was.openness.value != is.openness.value {
        let spans = (Some(was.openness.span), Some(is.openness.span));
        found.note("ENUM_SAME_TYPE", name, homes, spans);
    }
    if was.json_format == JsonFormat::Allow && is.json_format != JsonFormat::Allow {
        found.note("ENUM_SAME_JSON_FORMAT", name, homes, whole);
    }
    let reserved = Reserved::of_enum(is);
    let after = by_number(is);
    for (number, values) in by_number(was) {
        let Some((_, span)) = values.first() else { continue };
        let element = format!("{name}.{number}");
        let Some(left) = after.get(&number) else {
            let spans = (Some(*span), Some(is.span));
            found.note("ENUM_VALUE_NO_DELETE", &*element, homes, spans);
            if !reserved.covers(i64::from(number)) {
                found.note("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", &*element, homes, spans);
            }
            if !values.iter().all(|(name, _)| reserved.has_name(name)) {
                found.note("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", &*element, homes, spans);
            }
            continue;
        };
        let kept = |(name, _): &(&Arc<str>, Span)| left.iter().any(|(other, _)| other == name);
        if !values.iter().all(kept) {
            let new = left.first().map(|(_, span)| *span);
            found.note("ENUM_VALUE_SAME_NAME", &*element, homes, (Some(*span), new));
        }
    }
    let reservations = (&was.reserved_names[..], &is.reserved_names[..]);
    let ranges = was.reserved_numbers.iter().map(|range| {
        let (least, most) = range.value;
        (Range { least: least.into(), most: most.into() }, range.span)
    });
    unreserved(
        found,
        "RESERVED_ENUM_NO_DELETE",
        name,
        homes,
        (ranges, &reserved),
        reservations,
        is.span,
    );
}

fn message(
    found: &mut Found<'_>,
    (old, was): (&View<'_>, &Message),
    (new, is): (&View<'_>, &Message),
    homes: [Option<Home<'_>>; 2],
) {
    let name = &*was.full_name;
    let whole = (Some(was.name_span), Some(is.name_span));
    if was.json_format == JsonFormat::Allow && is.json_format != JsonFormat::Allow {
        found.note("MESSAGE_SAME_JSON_FORMAT", name, homes, whole);
    }
    let hidden = |one: &Message| {
        option(&one.options, "no_standard_descriptor_accessor") == Some(&Json::Boolean(true))
    };
    if hidden(is) && !hidden(was) {
        found.note("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", name, homes, whole);
    }
    let reserved = Reserved::of_message(is);
    removed_fields(found, was, is, homes, &reserved);
    required_fields(found, (old, was), (new, is), homes);
    for oneof in &was.oneofs {
        if !is.oneofs.iter().any(|other| other.name == oneof.name) {
            let spans = (Some(oneof.span), Some(is.span));
            found.note("ONEOF_NO_DELETE", inside(name, &oneof.name), homes, spans);
        }
    }
    let ranges = |stated: &[Stated<(u32, u32)>]| -> Vec<(Range, Span)> {
        let range = |stated: &Stated<(u32, u32)>| {
            let (least, most) = stated.value;
            (Range { least: least.into(), most: most.into() }, stated.span)
        };
        stated.iter().map(range).collect()
    };
    let names = (&was.reserved_names[..], &is.reserved_names[..]);
    let taken = (ranges(&was.reserved_numbers).into_iter(), &reserved);
    unreserved(found, "RESERVED_MESSAGE_NO_DELETE", name, homes, taken, names, is.span);
    let left = Reserved::for_extensions(is);
    for (range, span) in ranges(&was.extension_ranges) {
        if !left.covers_all(range) {
            let element = format!("{name} {range}");
            let spans = (Some(span), Some(is.span));
            found.note("EXTENSION_MESSAGE_NO_DELETE", element, homes, spans);
        }
    }
}

fn removed_fields(
    found: &mut Found<'_>,
    was: &Message,
    is: &Message,
    homes: [Option<Home<'_>>; 2],
    reserved: &Reserved<'_>,
) {
    let left: BTreeSet<u32> = is.fields.iter().map(|field| field.number.get()).collect();
    for field in was.fields.iter().filter(|field| !left.contains(&field.number.get())) {
        let element = inside(&was.full_name, &field.name);
        let spans = (Some(field.span), Some(is.span));
        found.note("FIELD_NO_DELETE", &*element, homes, spans);
        if !reserved.covers(field.number.get().into()) {
            found.note("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", &*element, homes, spans);
        }
        if !reserved.has_name(&field.name) {
            found.note("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", &*element, homes, spans);
        }
    }
}

/// The fields with the label `required`, which editions do not have: buf reads the label.
fn required(view: &View<'_>, message: &Message) -> BTreeMap<u32, (Arc<str>, Span)> {
    let file = view.all.files.get(message.file);
    let labels = file.is_some_and(|file| &*file.syntax.value == "proto2");
    let fields = message
        .fields
        .iter()
        .filter(|field| labels && field.cardinality == Cardinality::Singular(Presence::Required));
    fields.map(|field| (field.number.get(), (field.name.clone(), field.span))).collect()
}

fn required_fields(
    found: &mut Found<'_>,
    (old, was): (&View<'_>, &Message),
    (new, is): (&View<'_>, &Message),
    homes: [Option<Home<'_>>; 2],
) {
    let (before, after) = (required(old, was), required(new, is));
    let changed = before.iter().filter(|(number, _)| !after.contains_key(number));
    for (_, (field, span)) in changed {
        let spans = (Some(*span), Some(is.span));
        found.note("MESSAGE_SAME_REQUIRED_FIELDS", inside(&was.full_name, field), homes, spans);
    }
    for (_, (field, span)) in after.iter().filter(|(number, _)| !before.contains_key(number)) {
        let spans = (Some(was.span), Some(*span));
        found.note("MESSAGE_SAME_REQUIRED_FIELDS", inside(&was.full_name, field), homes, spans);
    }
}

/// Reserved names.
type Names<'a> = &'a [Stated<Arc<str>>];

/// What was reserved and is not: buf names the range as it was written, where any of it is free.
fn unreserved(
    found: &mut Found<'_>,
    id: &'static str,
    owner: &str,
    homes: [Option<Home<'_>>; 2],
    (ranges, left): (impl Iterator<Item = (Range, Span)>, &Reserved<'_>),
    names: (Names<'_>, Names<'_>),
    around: Span,
) {
    for (range, span) in ranges {
        if !left.covers_all(range) {
            found.note(id, format!("{owner} {range}"), homes, (Some(span), Some(around)));
        }
    }
    let (were, are) = names;
    for name in were.iter().filter(|name| !are.iter().any(|other| other.value == name.value)) {
        let element = format!("{owner} `{}`", name.value);
        found.note(id, element, homes, (Some(name.span), Some(around)));
    }
}
