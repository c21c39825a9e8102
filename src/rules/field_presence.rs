//! Whether a field must be there, and whether its absence can be told.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{FieldPair, Walk};
use crate::model::{Cardinality, FieldKind, Presence};
use crate::subtype::exchange::{Exchange, absence};

rules! {
    /// A field became required
    ///
    /// Readers refuse every message that lacks the field, and writers of the old contract may lack it.
    FIELD_BECAME_REQUIRED {
        id: "field-became-required",
        effect: Narrows,
        surfaces: [wire, json, source],
        fix: "Leave the field optional and check it in the application.",
    }

    /// A field is no longer required
    ///
    /// New writers may leave it out, and readers of the old contract refuse what lacks it.
    FIELD_BECAME_OPTIONAL {
        id: "field-became-optional",
        effect: Widens,
        surfaces: [wire, json, source],
        fix: "Have all readers on the new contract before the first writer leaves the field out.",
    }

    /// The absence of a field can be told, or no longer
    ///
    /// Generated code changes: a pointer, an option, a `has` method comes or goes. On the wire the
    /// only difference is a field set to its default, which one side sends and the other takes for
    /// absent.
    PRESENCE_CHANGED {
        id: "presence-changed",
        effect: Replaces,
        surfaces: [source],
        caution: "a field set to its default cannot be told from an absent one on the side with implicit presence",
        fix: "Keep the presence, or make sure that nobody gives absence a meaning.",
    }
}

/// Compares the presence of a field that is singular on both sides.
pub(crate) fn compare(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    if pair.is_named_alone(walk) {
        return;
    }
    let (Cardinality::Singular(was), Cardinality::Singular(is)) =
        (old.cardinality, new.cardinality)
    else {
        return;
    };
    let is_message = |kind| matches!(kind, FieldKind::Message(..));
    let follows_from_type = is_message(old.kind) != is_message(new.kind);
    let follows_from_oneof = old.oneof.is_some() != new.oneof.is_some();
    let required = was == Presence::Required || is == Presence::Required;
    if was == is || !required && (follows_from_type || follows_from_oneof) {
        return;
    }
    let way = |writer, reader| {
        let missing = absence(writer, reader);
        Exchange { wire: missing.clone(), json: missing }
    };
    let impact = Impact::source()
        .with(way(old.cardinality, new.cardinality), way(new.cardinality, old.cardinality));
    let (rule, message) = match (was, is) {
        (_, Presence::Required) => {
            (&FIELD_BECAME_REQUIRED, format!("`{}` became required", new.name))
        }
        (Presence::Required, _) => {
            (&FIELD_BECAME_OPTIONAL, format!("`{}` is no longer required", new.name))
        }
        (Presence::Implicit | Presence::Explicit, Presence::Explicit) => (
            &PRESENCE_CHANGED,
            format!("`{}` became optional: its absence can be told from its default", new.name),
        ),
        (Presence::Implicit | Presence::Explicit, Presence::Implicit) => (
            &PRESENCE_CHANGED,
            format!("`{}` is no longer optional: its absence and its default are one", new.name),
        ),
    };
    let word = |presence| match presence {
        Presence::Implicit => "implicit",
        Presence::Explicit => "explicit",
        Presence::Required => "required",
    };
    let change = pair
        .change(rule, message)
        .impact(impact)
        .made_by(walk.by_file((old.span, new.span), (was, is), |said| said.presence))
        .evidence([word(was).to_owned(), word(is).to_owned()]);
    walk.report(change);
}
