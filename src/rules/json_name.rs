//! What things are called in JSON.

use super::impact::{Directions, Impact};
use super::rules;
use crate::diff::WitnessSide;
use crate::diff::messages::{Change, FieldPair, MessagePair, Scope, Walk};
use crate::model::JsonFormat;
use crate::source::Span;
use crate::subtype::exchange::{Exchange, Passage};

rules! {
    /// The JSON name of a field or of a value changed
    ///
    /// Writers send the new name, which readers of the old contract refuse or drop. In the other
    /// direction readers still accept the element's own name, but not the JSON name that is gone.
    JSON_NAME_CHANGED {
        id: "json-name-changed",
        effect: Replaces,
        surfaces: [json],
        fix: "Keep the JSON name; add a second field or value if the new name must exist.",
    }

    /// The JSON mapping became best effort, or checked
    ///
    /// A type whose mapping is not checked may have two fields of one JSON name.
    JSON_FORMAT_CHANGED {
        id: "json-format-changed",
        effect: Annotates,
        surfaces: [json],
        caution: "names may collide in JSON where the mapping is not checked",
        fix: "Keep `json_format = ALLOW` where the type travels as JSON.",
    }
}

/// Compares the JSON names of a field whose name is the same.
pub(crate) fn compare<'a>(walk: &mut Walk<'a>, message: MessagePair<'a>, pair: &FieldPair<'a>) {
    let FieldPair { old, new, holders: _ } = pair;
    if old.name != new.name || old.json_name == new.json_name {
        return;
    }
    let said = format!(
        "`{}` is called `{}` in JSON, no longer `{}`",
        new.name, new.json_name, old.json_name
    );
    let Directions { old_to_new, new_to_old } = called(walk, message, pair);
    let change = pair
        .change(&JSON_NAME_CHANGED, said)
        .impact(Impact::none().with(old_to_new, new_to_old))
        .evidence([old.json_name.to_string(), new.json_name.to_string()]);
    walk.report(change);
}

/// What becomes of the JSON members of a field that is called otherwise.
pub(super) fn called<'a>(
    walk: &Walk<'a>,
    message: MessagePair<'a>,
    pair: &FieldPair<'a>,
) -> Directions<Exchange> {
    let way = |writer| Exchange { wire: Passage::SAME, json: message.called(walk, pair, writer) };
    Directions { old_to_new: way(WitnessSide::Old), new_to_old: way(WitnessSide::New) }
}

/// Compares how far the JSON mapping of a type is checked.
pub(crate) fn compare_format(
    walk: &mut Walk<'_>,
    scope: Scope,
    formats: (JsonFormat, JsonFormat),
    spans: (Span, Span),
) {
    let (message, known) = match formats {
        (JsonFormat::Allow, JsonFormat::LegacyBestEffort) => {
            ("its JSON mapping is no longer checked", "LEGACY_BEST_EFFORT")
        }
        (JsonFormat::LegacyBestEffort, JsonFormat::Allow) => {
            ("its JSON mapping is checked now", "ALLOW")
        }
        (JsonFormat::Allow, JsonFormat::Allow)
        | (JsonFormat::LegacyBestEffort, JsonFormat::LegacyBestEffort) => return,
    };
    let change = Change::new(&JSON_FORMAT_CHANGED, scope, message.to_owned())
        .spans(Some(spans.0), Some(spans.1))
        .made_by(walk.by_file(spans, formats, |said| said.json_format))
        .evidence([known.to_owned()]);
    walk.report(change);
}
