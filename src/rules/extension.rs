//! Extensions, and the numbers left to them.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, MessagePair, Range, Reserved, Scope, Walk};
use crate::model::{Extension, Stated, Step, Surface};
use crate::subtype::exchange::{Exchange, Sample};

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
}

/// Says that an extension came.
pub(crate) fn added(walk: &mut Walk<'_>, new: &Extension) {
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
    let change = Change::new(&EXTENSION_REMOVED, scope, message)
        .impact(Impact::source())
        .at(Step::Property(old.full_name.clone()))
        .spans(Some(old.field.span), None)
        .evidence([old.field.number.get().to_string()]);
    walk.report(change);
}

/// Compares the full names of an extension.
pub(crate) fn compare_names(walk: &mut Walk<'_>, old: &Extension, new: &Extension) {
    let package = walk.old.package(old.file);
    let follows = walk.pairs.follows_package(package, &old.full_name, &new.full_name);
    if old.full_name == new.full_name {
        return;
    }
    let message = format!("extension `{}` was renamed to `{}`", old.full_name, new.full_name);
    let scope = Scope::Message(Some(old.extendee), Some(new.extendee));
    let broken = [Surface::Json, Surface::Source];
    let broken = if follows { broken.get(..1) } else { broken.get(..) };
    let change = Change::new(&EXTENSION_RENAMED, scope, message)
        .impact(Impact::breaking(broken.unwrap_or(&[])))
        .at(Step::Property(new.full_name.clone()))
        .spans(Some(old.field.name_span), Some(new.field.name_span))
        .evidence([old.full_name.to_string()]);
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
