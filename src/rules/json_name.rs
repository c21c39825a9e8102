//! What things are called in JSON.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, FieldPair, Scope, Walk};
use crate::model::{Field, JsonFormat};
use crate::source::Span;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

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

/// What becomes of a field's JSON member at a reader that may call it otherwise.
pub(super) fn name_passage(writer: &Field, reader: &Field) -> Passage {
    if reader.json_name == writer.json_name || reader.name == writer.json_name {
        Passage::SAME
    } else {
        Passage::new(Outcome::Refused, Sample::Ordinary, "the reader does not know the name")
    }
}

/// Compares the JSON names of a field whose name is the same.
pub(crate) fn compare(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    if old.name != new.name || old.json_name == new.json_name {
        return;
    }
    let exchange = |json| Exchange { wire: Passage::SAME, json };
    let message = format!(
        "`{}` is called `{}` in JSON, no longer `{}`",
        new.name, new.json_name, old.json_name
    );
    let impact =
        Impact::none().with(exchange(name_passage(old, new)), exchange(name_passage(new, old)));
    let change = pair
        .change(&JSON_NAME_CHANGED, message)
        .impact(impact)
        .evidence([old.json_name.to_string(), new.json_name.to_string()]);
    walk.report(change);
}

/// Compares how far the JSON mapping of a type is checked.
pub(crate) fn compare_format(
    walk: &mut Walk<'_>,
    scope: Scope,
    formats: (JsonFormat, JsonFormat),
    spans: (Span, Span),
) {
    let message = match formats {
        (JsonFormat::Allow, JsonFormat::LegacyBestEffort) => {
            "its JSON mapping is no longer checked"
        }
        (JsonFormat::LegacyBestEffort, JsonFormat::Allow) => "its JSON mapping is checked now",
        (JsonFormat::Allow, JsonFormat::Allow)
        | (JsonFormat::LegacyBestEffort, JsonFormat::LegacyBestEffort) => return,
    };
    let change = Change::new(&JSON_FORMAT_CHANGED, scope, message.to_owned())
        .spans(Some(spans.0), Some(spans.1))
        .evidence([message.to_owned()]);
    walk.report(change);
}
