//! What is said without constraining validation: texts, defaults, examples, marks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Edits, Facet, Mark};
use super::effective::Effective;
use super::lifecycle::{DEPRECATED, DEPRECATION_WITHDRAWN};
use super::rules;
use crate::model::{Discriminator, Json, Notes, Stated};
use crate::source::Span;

rules! {
    /// A text or example was edited
    ///
    /// Titles, descriptions, comments, examples and keywords that validation does not know do not travel.
    ANNOTATION_CHANGED {
        id: "annotation-changed",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// The default changed
    ///
    /// The same values are accepted as before, but leaving the member out means something else now.
    DEFAULT_CHANGED {
        id: "default-changed",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "leaving the member out means something else now",
        fix: "Ask consumers to send the value that they mean before the default changes.",
    }

    /// Who sends a member changed
    ///
    /// A `readOnly` member is sent by the producer only, a `writeOnly` one by the consumer only;
    /// with the mark, its constraints and its `required` leave and enter requests and responses.
    ACCESS_CHANGED {
        id: "access-changed",
        effect: Replaces,
        surfaces: [wire, json],
        caution: "the member is sent by another side than before",
        fix: "Add a second member for the other direction.",
    }

    /// How alternatives are told apart changed
    ///
    /// Validation does not look at it (OpenAPI 3.1.1 §4.8.25), but generated code and gateways
    /// choose the type by it.
    DISCRIMINATOR_CHANGED {
        id: "discriminator-changed",
        effect: Annotates,
        surfaces: [source],
        caution: "generated code chooses the type by the discriminator",
        fix: "Add values to the mapping, and leave the old ones in place.",
    }

    /// A link changed
    ///
    /// Links tell tools what may be called next; no answer changes with them.
    LINK_CHANGED {
        id: "link-changed",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// How the value is written in XML changed
    ///
    /// A reader looks for the element or attribute name that it knows.
    XML_CHANGED {
        id: "xml-changed",
        effect: Replaces,
        surfaces: [wire],
        fix: "Offer the new layout under a media type of its own.",
    }
}

/// Compares what validation does not see.
pub(super) fn compare(
    old: &Effective,
    new: &Effective,
    renamed: &BTreeMap<Arc<str>, Arc<str>>,
    edits: &mut Edits,
) {
    compare_default(old, new, edits);
    compare_texts(old, new, edits);
    compare_marks(old, new, edits);
    compare_discriminator(old, new, renamed, edits);
}

/// Where a statement stands, else the place that does not make it.
fn stated_at<T>(stated: Option<&Stated<T>>, place: Span) -> Span {
    stated.map_or(place, |stated| stated.span)
}

fn compare_default(old: &Effective, new: &Effective, edits: &mut Edits) {
    let (was, is) = (old.notes.default.as_ref(), new.notes.default.as_ref());
    if was != is {
        let spans = (Some(stated_at(was, old.span)), Some(stated_at(is, new.span)));
        let value = |stated: Option<&Stated<Json>>| {
            stated.map_or_else(String::new, |stated| stated.value.to_string())
        };
        let message = default_message(was, is);
        edits.push(&DEFAULT_CHANGED, None, message, spans).evidence(&value(was), &value(is));
    }
}

/// What only people read.
fn compare_texts(old: &Effective, new: &Effective, edits: &mut Edits) {
    let Notes {
        format: _,
        default: _,
        examples,
        title: _,
        description: _,
        deprecated: _,
        read_only: _,
        write_only: _,
        extensible,
        discriminator: _,
        xml: _,
        others,
    } = &old.notes;
    let is = &new.notes;
    let (gone, come) = (said_only(&old.words, &new.words), said_only(&new.words, &old.words));
    let reworded = |word: &str| [&gone, &come].into_iter().flatten().any(|(said, _)| *said == word);
    let texts = [
        ("title", reworded("title")),
        ("description", reworded("description")),
        ("contentSchema", old.contents.is_empty() != new.contents.is_empty()),
        ("examples", *examples != is.examples),
        ("the open list mark", extensible.is_some() != is.extensible.is_some()),
        ("other keywords", *others != is.others),
    ];
    let changed: Vec<&str> =
        texts.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
    if changed.is_empty() {
        return;
    }
    // Where several schemas apply, each with a text of its own, it is the text that is pointed at.
    let is_alone = |words: &Words| {
        let counted = |word| words.keys().filter(|(said, _)| *said == word).count() < 2;
        counted("title") && counted("description")
    };
    let text = |side: &[(&str, Span)]| side.first().map(|(_, span)| *span);
    let places = (Some(old.span), Some(new.span));
    let places = match (is_alone(&old.words) && is_alone(&new.words), text(&gone), text(&come)) {
        (true, _, _) | (_, None, None) => places,
        (false, was, is) => (was.or(places.0), is.or(places.1)),
    };
    edits.push(&ANNOTATION_CHANGED, None, format!("{} edited", changed.join(", ")), places);
}

/// What says who uses the value, and for how long.
fn compare_marks(old: &Effective, new: &Effective, edits: &mut Edits) {
    let (was, is) = (&old.notes, &new.notes);
    let places = (Some(old.span), Some(new.span));
    let set = |stated: &Option<Stated<bool>>| stated.as_ref().is_some_and(|stated| stated.value);
    match (set(&was.deprecated), set(&is.deprecated)) {
        (false, true) => {
            edits.push(&DEPRECATED, None, "deprecated".to_owned(), places);
        }
        (true, false) => {
            edits.push(&DEPRECATION_WITHDRAWN, None, "no longer deprecated".to_owned(), places);
        }
        (false, false) | (true, true) => {}
    }
    let marks = [
        ("readOnly", Mark::ReadOnly, set(&was.read_only), set(&is.read_only)),
        ("writeOnly", Mark::WriteOnly, set(&was.write_only), set(&is.write_only)),
    ];
    for (word, mark, was, is) in marks {
        if was != is {
            let verb = if is { "added" } else { "dropped" };
            let message = format!("`{word}` was {verb}");
            edits.push(&ACCESS_CHANGED, Facet::Mark(mark), message, places).evidence(&word, &verb);
        }
    }
}

fn compare_discriminator(
    old: &Effective,
    new: &Effective,
    renamed: &BTreeMap<Arc<str>, Arc<str>>,
    edits: &mut Edits,
) {
    let (was, is) = (old.notes.discriminator.as_ref(), new.notes.discriminator.as_ref());
    if tell_apart_alike(was, is, renamed) {
        return;
    }
    let verb = match (was, is) {
        (None, _) => "was added",
        (_, None) => "was dropped",
        (Some(_), Some(_)) => "changed",
    };
    let spans = (Some(stated_at(was, old.span)), Some(stated_at(is, new.span)));
    edits.push(&DISCRIMINATOR_CHANGED, None, format!("the discriminator {verb}"), spans);
}

/// Whether both tell the alternatives apart alike, whatever those are called.
fn tell_apart_alike(
    was: Option<&Stated<Discriminator>>,
    is: Option<&Stated<Discriminator>>,
    renamed: &BTreeMap<Arc<str>, Arc<str>>,
) -> bool {
    let (Some(was), Some(is)) = (was, is) else { return was.is_none() && is.is_none() };
    let called = |name: &Arc<str>| renamed.get(name).unwrap_or(name).clone();
    let Discriminator { property, mapping, fallback } = &was.value;
    *property == is.value.property
        && fallback.as_ref().map(called) == is.value.fallback
        && mapping.iter().map(|(value, name)| (value.clone(), called(name))).eq(is
            .value
            .mapping
            .iter()
            .map(|(value, name)| (value.clone(), name.clone())))
}

/// Texts by what they are.
type Words = BTreeMap<(&'static str, Arc<str>), Span>;

/// The texts that only one side has, and where.
fn said_only(one: &Words, other: &Words) -> Vec<(&'static str, Span)> {
    let only = one.iter().filter(|(text, _)| !other.contains_key(*text));
    only.map(|((word, _), span)| (*word, *span)).collect()
}

fn default_message(was: Option<&Stated<Json>>, is: Option<&Stated<Json>>) -> String {
    match (was, is) {
        (None, Some(is)) => format!("default `{}` was set", is.value),
        (Some(was), None) => format!("default `{}` was dropped", was.value),
        (Some(was), Some(is)) => format!("default changed from `{}` to `{}`", was.value, is.value),
        (None, None) => "default changed".to_owned(),
    }
}
