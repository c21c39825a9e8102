//! Extensions, and the numbers left to them.

use super::field_number;
use super::generated_code::{self, Annotated};
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{
    Change, FieldPair, MessagePair, Range, Reserved, Root, Scope, Terms, Walk, shared,
};
use crate::model::{DeclaredExtension, Extension, ExtensionTerms, Message, Stated, Step};
use crate::source::Span;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// An extension was added
    ///
    /// Readers that do not know it keep its values among the unknown fields.
    EXTENSION_ADDED {
        id: "extension-added",
        effect: Offers,
        surfaces: [wire, json, source],
        fix: "Nothing to do.",
    }

    /// An extension was removed
    ///
    /// Code that names it no longer compiles, and its values go to the unknown fields.
    EXTENSION_REMOVED {
        id: "extension-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "values of the extension are ignored by readers that no longer declare it",
        fix: "Mark it deprecated and keep it until nobody uses it.",
    }

    /// An extension was renamed or moved
    ///
    /// JSON and text name an extension in full, and so does generated code.
    EXTENSION_RENAMED {
        id: "extension-renamed",
        effect: Replaces,
        surfaces: [json, source],
        fix: "Keep the name and the scope.",
    }

    /// A field became an extension, or an extension a field
    ///
    /// Bytes carry the number alone and notice nothing. JSON calls an extension by its full name in
    /// brackets and a field by its own, and generated code reaches them in different ways.
    FIELD_MADE_EXTENSION {
        id: "field-made-extension",
        effect: Replaces,
        surfaces: [json, source],
        fix: "Leave the field where it was declared, and declare new ones elsewhere.",
    }

    /// Numbers are no longer left to extensions
    ///
    /// Extensions that others declared with them no longer compile.
    EXTENSION_RANGE_SHRUNK {
        id: "extension-range-shrunk",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "extensions that others have in the range are still sent, and can no longer be read",
        fix: "Keep the range, or split it and keep what is in use.",
    }

    /// More numbers are left to extensions
    ///
    /// Nobody has extensions there yet.
    EXTENSION_RANGE_GROWN {
        id: "extension-range-grown",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// Fewer extensions may take the numbers of a range
    ///
    /// The message lists the extensions that may take its numbers, by number, name and type. A
    /// compiler refuses the file of whoever declares another one. Bytes and JSON notice nothing.
    EXTENSION_RANGE_RESTRICTED {
        id: "extension-range-restricted",
        effect: Narrows,
        surfaces: [source],
        fix: "Declare every extension that is in use (`declaration`), or split the range and restrict the part that is free.",
    }

    /// More extensions may take the numbers of a range
    ///
    /// What was accepted still is.
    EXTENSION_RANGE_RELAXED {
        id: "extension-range-relaxed",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }
}

/// Says that an extension came.
pub(crate) fn added(walk: &mut Walk<'_>, new: &Extension) {
    if field_number::reused_by_extension(walk, new) {
        return;
    }
    let message = format!("extension `{}` = {} was added", new.full_name, new.field.number.get());
    let unknown = walk.unknown_name(Sample::None);
    let change = Change::new(&EXTENSION_ADDED, Scope::Message(None, Some(new.extendee)), message)
        .at(Step::Property(new.full_name.clone()))
        .impact(Impact::none().with(Exchange::default(), unknown))
        .spans(None, Some(new.field.span))
        .evidence([new.field.number.get().to_string()]);
    walk.report(change);
}

/// Says that an extension went.
pub(crate) fn removed(walk: &mut Walk<'_>, old: &Extension) {
    let message = format!("extension `{}` = {} was removed", old.full_name, old.field.number.get());
    let scope = Scope::Message(Some(old.extendee), walk.pairs.new_message(old.extendee));
    let new = walk.pairs.new_message(old.extendee);
    let root = new.map(|new| Root {
        old: old.extendee,
        new,
        old_fields: vec![&old.field],
        new_fields: Vec::new(),
    });
    let unknown = walk.unknown_name(Sample::Ordinary);
    let change = Change::new(&EXTENSION_REMOVED, scope, message)
        .impact(Impact::source().with(unknown, Exchange::default()))
        .root(root)
        .at(Step::Property(old.full_name.clone()))
        .spans(Some(old.field.span), None)
        .evidence([old.field.number.get().to_string()]);
    walk.report(change);
}

/// Compares the full names of an extension.
pub(crate) fn compare_names<'a>(
    walk: &mut Walk<'a>,
    pair: &FieldPair<'a>,
    (old, new): (&Extension, &Extension),
) {
    let follows = walk.pairs.follows_package((&walk.old, old.file), &old.full_name, &new.full_name);
    // What its package is called is told with the package.
    if old.full_name == new.full_name || follows {
        return;
    }
    let message = format!("extension `{}` was renamed to `{}`", old.full_name, new.full_name);
    let mut change = pair
        .change(&EXTENSION_RENAMED, message)
        .impact(Impact::source().with(unknown_name(), unknown_name()))
        .spans(Some(old.field.name_span), Some(new.field.name_span))
        .evidence([old.full_name.to_string()]);
    change.steps = vec![Step::Property(new.full_name.clone())];
    walk.report(change);
}

/// What becomes of a member that the reader has under another name.
pub(super) fn unknown_name() -> Exchange {
    let because = "the reader does not know the name";
    let refused = Passage::new(Outcome::Refused, Sample::Ordinary, because);
    Exchange { wire: Passage::SAME, json: refused }
}

/// Says that a field is declared outside of its message now, or inside.
pub(crate) fn crossed_over<'a>(
    walk: &mut Walk<'a>,
    pair: &FieldPair<'a>,
    (extension, is_new): (&Extension, bool),
) {
    let (name, number) = (&extension.full_name, pair.new.number.get());
    let message = if is_new {
        format!("field `{}` = {number} became the extension `{name}`", pair.old.name)
    } else {
        format!("extension `{name}` = {number} became the field `{}`", pair.new.name)
    };
    let change = pair
        .change(&FIELD_MADE_EXTENSION, message)
        .impact(Impact::source().with(unknown_name(), unknown_name()))
        .spans(Some(pair.old.name_span), Some(pair.new.name_span))
        .evidence([name.to_string(), pair.old.name.to_string()]);
    walk.report(change);
}

/// Compares the numbers that a message leaves to extensions.
pub(crate) fn compare_ranges(walk: &mut Walk<'_>, pair: MessagePair<'_>) {
    let (old, new) = (Reserved::for_extensions(pair.old), Reserved::for_extensions(pair.new));
    let words =
        |ranges: Vec<Range>| -> Vec<String> { ranges.iter().map(ToString::to_string).collect() };
    let (lost, gained) = (words(old.numbers_missing_in(&new)), words(new.numbers_missing_in(&old)));
    let at = |stated: &[Stated<(u32, u32)>]| stated.first().map(|range| range.span);
    let spans = (
        at(&pair.old.extension_ranges).or(Some(pair.old.name_span)),
        at(&pair.new.extension_ranges).or(Some(pair.new.name_span)),
    );
    let report = |walk: &mut Walk<'_>, rule, impact, verb, ranges: Vec<String>| {
        let message = format!("{} {verb} left to extensions", ranges.join(", "));
        let change = Change::new(rule, pair.scope(), message)
            .impact(impact)
            .spans(spans.0, spans.1)
            .evidence(ranges);
        walk.report(change);
    };
    if !lost.is_empty() {
        report(walk, &EXTENSION_RANGE_SHRUNK, Impact::source(), "no longer", lost);
    }
    if !gained.is_empty() {
        report(walk, &EXTENSION_RANGE_GROWN, Impact::none(), "now", gained);
    }
}

/// Compares the terms on which a message leaves numbers to extensions.
pub(crate) fn compare_terms(walk: &mut Walk<'_>, pair: MessagePair<'_>) {
    if pair.old.extension_terms.is_empty() && pair.new.extension_terms.is_empty() {
        return;
    }
    let (old, new) = (Terms::of(pair.old), Terms::of(pair.new));
    let restricted = withheld(&old, &new);
    if !restricted.is_empty() {
        report_terms(walk, pair, restricted, true);
    }
    let relaxed = granted(&old, &new);
    if !relaxed.is_empty() {
        report_terms(walk, pair, relaxed, false);
    }
    compare_others(walk, pair);
}

/// A term that changed: in words, and by what it is known.
struct Told {
    words: String,
    known: String,
}

/// What could be declared under the old terms and cannot be under the new ones.
fn withheld(old: &Terms<'_>, new: &Terms<'_>) -> Vec<Told> {
    let bound = shared(&old.open, &new.bound).into_iter();
    let bound = bound.map(|range| Told {
        words: format!("{range} take only what is declared"),
        known: range.to_string(),
    });
    let mut told: Vec<Told> = bound.collect();
    for (number, was) in &old.declared {
        let is_left = old.bound.covers(*number) && new.bound.covers(*number);
        if !is_left || **was == DeclaredExtension::Reserved {
            continue;
        }
        let before = described(was);
        match new.declared.get(number) {
            Some(is) if is == was => {}
            Some(is) => {
                let after = described(is);
                let known = format!("{number} {before} {after}");
                told.push(Told {
                    words: format!("{number} is {after}, no longer {before}"),
                    known,
                });
            }
            None => {
                let words = format!("{number} is no longer declared as {before}");
                told.push(Told { words, known: format!("{number} {before}") });
            }
        }
    }
    told
}

/// What can be declared under the new terms and could not be under the old ones.
fn granted(old: &Terms<'_>, new: &Terms<'_>) -> Vec<Told> {
    let opened = shared(&old.bound, &new.open).into_iter();
    let opened = opened.map(|range| Told {
        words: format!("{range} take any extension"),
        known: range.to_string(),
    });
    let mut told: Vec<Told> = opened.collect();
    for (number, is) in new.declared.iter().filter(|(number, _)| old.bound.covers(**number)) {
        let after = described(is);
        let words = match old.declared.get(number) {
            Some(DeclaredExtension::Reserved) if **is != DeclaredExtension::Reserved => {
                format!("{number} is {after}, no longer reserved")
            }
            None => format!("{number} is declared as {after}"),
            Some(_) => continue,
        };
        told.push(Told { words, known: format!("{number} {after}") });
    }
    told
}

fn described(declared: &DeclaredExtension) -> String {
    match declared {
        DeclaredExtension::Taken { name, kind, repeated } => {
            let label = if *repeated { "repeated " } else { "" };
            format!("`{label}{kind} {name}`")
        }
        DeclaredExtension::Reserved => "reserved".to_owned(),
    }
}

fn report_terms(walk: &mut Walk<'_>, pair: MessagePair<'_>, told: Vec<Told>, breaks: bool) {
    let words: Vec<&str> = told.iter().map(|one| &*one.words).collect();
    let message = format!("extensions: {}", words.join("; "));
    let (rule, impact) = if breaks {
        (&EXTENSION_RANGE_RESTRICTED, Impact::source())
    } else {
        (&EXTENSION_RANGE_RELAXED, Impact::none())
    };
    let change = Change::new(rule, pair.scope(), message)
        .impact(impact)
        .spans(Some(span_of_terms(pair.old)), Some(span_of_terms(pair.new)))
        .evidence(told.into_iter().map(|one| one.known));
    walk.report(change);
}

/// Where the terms of a message stand, or where they would.
fn span_of_terms(message: &Message) -> Span {
    let terms = message.extension_terms.first().map(|terms| terms.span);
    let range = message.extension_ranges.first().map(|range| range.span);
    terms.or(range).unwrap_or(message.name_span)
}

/// Compares the options that say nothing of who may take the numbers, range by range.
fn compare_others(walk: &mut Walk<'_>, pair: MessagePair<'_>) {
    let first = |message: &Message, terms: &ExtensionTerms| {
        message.extension_ranges.get(terms.ranges.start).map(|range| range.value.0)
    };
    let at = |message: &Message, number: Option<u32>| {
        message.extension_terms.iter().position(|terms| first(message, terms) == number)
    };
    let all = pair.old.extension_terms.iter().map(|terms| first(pair.old, terms));
    let came = pair.new.extension_terms.iter().map(|terms| first(pair.new, terms));
    let came = came.filter(|number| at(pair.old, *number).is_none());
    for number in all.chain(came).collect::<Vec<_>>() {
        let terms = |message: &Message| {
            let found = at(message, number);
            let found = found.and_then(|at| message.extension_terms.get(at));
            let options = found.map(|terms| terms.options.clone()).unwrap_or_default();
            (options, found.map_or(span_of_terms(message), |terms| terms.span))
        };
        let ((old, was), (new, is)) = (terms(pair.old), terms(pair.new));
        let element =
            Annotated { scope: pair.scope(), step: None, spans: (was, is), root: None, file: None };
        generated_code::compare(walk, &element, &old, &new);
    }
}
