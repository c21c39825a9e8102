//! Numbers and names that must not be used again.

use super::rules;
use crate::diff::messages::{
    Change, EnumPair, FieldPairs, MessagePair, Range, Reserved, Scope, Walk, listed,
};
use crate::source::Span;

rules! {
    /// A number or name that was used is free again
    ///
    /// Bytes and JSON that were written with it are still about, and whoever takes it next reads
    /// them as something else. Nothing breaks today, and nothing will warn on the day it does.
    NUMBER_LEFT_FREE {
        id: "number-left-free",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "whoever takes it next misreads what was written before",
        severity: Error,
        fix: "Reserve the number and the name (`reserved`), so that nobody takes them for something else.",
    }

    /// Numbers or names were reserved
    ///
    /// Nobody may take them.
    RESERVATION_ADDED {
        id: "reservation-added",
        effect: Annotates,
        surfaces: [wire, json],
        fix: "Nothing to do.",
    }
}

/// Compares the reservations of a message, given which of its fields went.
pub(crate) fn compare_message(walk: &mut Walk<'_>, pair: MessagePair<'_>, fields: &FieldPairs<'_>) {
    let (old, new) = (Reserved::of_message(pair.old), Reserved::of_message(pair.new));
    for field in &fields.removed {
        let number = i64::from(field.number.get());
        let taken = pair.new.fields.iter().any(|other| other.number == field.number);
        let free = Freed {
            number: (!new.covers(number) && !taken).then_some(number),
            name: (!new.has_name(&field.name)).then_some(&*field.name),
        };
        left_free(walk, pair.scope(), &free, (field.span, pair.new.name_span));
    }
    let spans = (pair.old.name_span, pair.new.name_span);
    dropped(walk, pair.scope(), (&old, &new), spans, |range| {
        let mut fields = pair.new.fields.iter();
        let taker = fields.find(|field| range.contains(i64::from(field.number.get())));
        taker.map(|field| field.name.to_string())
    });
}

/// Compares the reservations of an enumeration.
pub(crate) fn compare_enum(walk: &mut Walk<'_>, pair: EnumPair<'_>) {
    let (old, new) = (Reserved::of_enum(pair.old), Reserved::of_enum(pair.new));
    for value in &pair.old.values {
        let number = i64::from(value.number);
        let gone = pair.new.values.named(&value.name).is_none();
        let number_gone = pair.new.values.numbered(value.number).next().is_none();
        let twin = pair.old.values.numbered(value.number).next();
        let first = twin.is_some_and(|one| one.name == value.name);
        let free = Freed {
            number: (number_gone && first && !new.covers(number)).then_some(number),
            name: (gone && number_gone && !new.has_name(&value.name)).then_some(&*value.name),
        };
        left_free(walk, pair.scope(), &free, (value.span, pair.new.name_span));
    }
    let spans = (pair.old.name_span, pair.new.name_span);
    dropped(walk, pair.scope(), (&old, &new), spans, |range| {
        let mut values = pair.new.values.iter();
        let taker = values.find(|value| range.contains(i64::from(value.number)));
        taker.map(|value| value.name.to_string())
    });
}

/// What a deletion left free.
struct Freed<'n> {
    number: Option<i64>,
    name: Option<&'n str>,
}

fn left_free(walk: &mut Walk<'_>, scope: Scope, free: &Freed<'_>, spans: (Span, Span)) {
    let message = match (free.number, free.name) {
        (Some(number), Some(name)) => {
            format!("number {number} and name `{name}` were left free by a removal")
        }
        (Some(number), None) => format!("number {number} was left free by a removal"),
        (None, Some(name)) => format!("name `{name}` was left free by a removal"),
        (None, None) => return,
    };
    let number = free.number.map(|number| number.to_string());
    let change = Change::new(&NUMBER_LEFT_FREE, scope, message)
        .spans(Some(spans.0), Some(spans.1))
        .evidence(number.into_iter().chain(free.name.map(str::to_owned)));
    walk.report(change);
}

/// Says which reservations were dropped, and who took what they kept.
fn dropped(
    walk: &mut Walk<'_>,
    scope: Scope,
    (old, new): (&Reserved<'_>, &Reserved<'_>),
    spans: (Span, Span),
    taker: impl Fn(Range) -> Option<String>,
) {
    let lost = unreserved(old, new);
    if !lost.is_empty() {
        let ranges = old.numbers_missing_in(new);
        let users: Vec<String> = ranges.iter().filter_map(|range| taker(*range)).collect();
        let by = if users.is_empty() {
            String::new()
        } else {
            format!(", taken by {}", listed(users.iter().map(String::as_str)))
        };
        let verb = if lost.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} no longer reserved{by}", lost.join(", "));
        let change = Change::new(&NUMBER_LEFT_FREE, scope.clone(), message)
            .spans(Some(spans.0), Some(spans.1))
            .evidence(lost);
        walk.report(change);
    }
    let gained = unreserved(new, old);
    if !gained.is_empty() {
        let message = format!("reserved {}", gained.join(", "));
        let change = Change::new(&RESERVATION_ADDED, scope, message)
            .spans(Some(spans.0), Some(spans.1))
            .evidence(gained);
        walk.report(change);
    }
}

/// What is reserved here and not there, numbers first.
fn unreserved(here: &Reserved<'_>, there: &Reserved<'_>) -> Vec<String> {
    let numbers = here.numbers_missing_in(there).into_iter().map(|range| range.to_string());
    let names = here.names_missing_in(there).into_iter().map(|name| format!("`{name}`"));
    numbers.chain(names).collect()
}
