//! What strings look like: patterns, formats, encodings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::annotation::ANNOTATION_CHANGED;
use super::edit::{Edits, Facet};
use super::effective::Effective;
use super::{Effect, Rule, rules};
use crate::source::Span;

rules! {
    /// The pattern of a string changed
    ///
    /// A string that matched the old pattern may not match the new one, or the other way round;
    /// the verdict compares the two languages, not their texts.
    PATTERN_CHANGED {
        id: "pattern-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only loosen patterns in requests and tighten them in responses.",
    }

    /// The format of a value changed
    ///
    /// A format that is known and asserted constrains the value like a pattern does; an unknown
    /// one is a hint for people and generators.
    FORMAT_CHANGED {
        id: "format-changed",
        effect: Replaces,
        surfaces: [wire, json],
        caution: "generated code may use another type for another format",
        fix: "Add a member with the new format, keep the old one, and remove it after its sunset.",
    }

    /// How a string carries bytes changed
    ///
    /// Readers decode with the encoding and media type that they know.
    CONTENT_ENCODING_CHANGED {
        id: "content-encoding-changed",
        effect: Replaces,
        surfaces: [wire, json],
        caution: "readers decode the content with the encoding and media type that they know",
        fix: "Add a member with the new encoding and keep the old one until nobody reads it.",
    }
}

/// Compares what is said of strings.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    let places = (old.span, new.span);
    let pattern = (&PATTERN_CHANGED, "pattern", Facet::Patterns);
    stated(pattern, (&old.patterns, &new.patterns), places, edits);
    if !in_base64(old, new) {
        let format = (&FORMAT_CHANGED, "format", Facet::Formats);
        stated(format, (&old.formats, &new.formats), places, edits);
        let encoding = (&CONTENT_ENCODING_CHANGED, "contentEncoding", Facet::Encoding);
        stated(encoding, (&old.encodings, &new.encodings), places, edits);
    }
    let rule = if in_bytes(old, new) { &ANNOTATION_CHANGED } else { &CONTENT_ENCODING_CHANGED };
    let carried = (rule, "contentMediaType", Facet::MediaType);
    stated(carried, (&old.carried, &new.carried), places, edits);
}

/// Whether both sides say base64, in the words of two versions: `format: byte` before OpenAPI 3.1,
/// `contentEncoding` since.
fn in_base64(old: &Effective, new: &Effective) -> bool {
    let only = |said: &Said, word: &str| said.len() == 1 && said.contains_key(word);
    let earlier = |side: &Effective| only(&side.formats, "byte") && side.encodings.is_empty();
    let later = |side: &Effective| side.formats.is_empty() && only(&side.encodings, "base64");
    (earlier(old) && later(new)) || (later(old) && earlier(new))
}

/// Whether both sides say that the text is bytes as they are, in the words of two versions: the earlier
/// `format: binary` has no word for what the bytes are.
fn in_bytes(old: &Effective, new: &Effective) -> bool {
    let earlier = |side: &Effective| {
        side.formats.len() == 1 && side.formats.contains_key("binary") && side.carried.is_empty()
    };
    let later = |side: &Effective| side.formats.is_empty() && side.encodings.is_empty();
    (earlier(old) && later(new)) || (later(old) && earlier(new))
}

/// What is said, and where.
type Said = BTreeMap<Arc<str>, Span>;

fn stated(
    (rule, keyword, facet): (&'static Rule, &str, Facet),
    (was, is): (&Said, &Said),
    (old, new): (Span, Span),
    edits: &mut Edits,
) {
    if was.keys().eq(is.keys()) {
        return;
    }
    // What several parts say together differs by what only one side says.
    let only = |side: &Said, other: &Said| -> Said {
        let own = side.iter().filter(|(text, _)| !other.contains_key(*text));
        own.map(|(text, span)| (Arc::clone(text), *span)).collect()
    };
    let (gone, come) = (only(was, is), only(is, was));
    let said =
        |side: &Said| side.keys().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" and ");
    let message = match (gone.is_empty(), come.is_empty()) {
        (true, _) => format!("`{keyword}` {} was set", said(&come)),
        (false, true) => format!("`{keyword}` {} was dropped", said(&gone)),
        (false, false) => format!("`{keyword}` changed from {} to {}", said(&gone), said(&come)),
    };
    let span = |side: &Said, place| side.values().next().copied().unwrap_or(place);
    // Bytes as they are: said in other words since OpenAPI 3.1, and never asserted.
    let bytes = |text: &Arc<str>| matches!(&**text, "binary" | "application/octet-stream");
    let mut unlike = gone.keys().chain(come.keys());
    let rule = if unlike.all(bytes) { &ANNOTATION_CHANGED } else { rule };
    let edit = edits.push(rule, facet, message, (Some(span(&gone, old)), Some(span(&come, new))));
    let known = |side: &Said| side.keys().map(|text| &**text).collect::<Vec<_>>().join("\n");
    edit.evidence(&known(&gone), &known(&come));
    if gone.is_empty() {
        edit.effect = Effect::Narrows;
    } else if come.is_empty() {
        edit.effect = Effect::Widens;
    }
}
