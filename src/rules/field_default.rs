//! What readers see when a field is absent.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{FieldPair, Walk};
use crate::model::{Json, Stated};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// The default of a field changed
    ///
    /// The default is not sent: each reader fills in its own. A message that lacks the field means
    /// one thing to old readers and another to new ones.
    FIELD_DEFAULT_CHANGED {
        id: "field-default-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Keep the default, and set the other value explicitly where it is wanted.",
    }
}

/// Compares the declared defaults of a field.
pub(crate) fn compare(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    let value = |default: &Option<Stated<Json>>| default.as_ref().map(|one| one.value.clone());
    let (was, is) = (value(&old.default), value(&new.default));
    if was == is || !pair.same_kind(walk) {
        return;
    }
    let misread =
        Passage::new(Outcome::Misread, Sample::Absent, "each side fills in its own default");
    let way = Exchange { wire: misread.clone(), json: misread };
    let word = |value: &Option<Json>| {
        value.as_ref().map_or_else(|| "the type's default".to_owned(), Json::to_string)
    };
    let message = format!("`{}` is {} when absent, no longer {}", new.name, word(&is), word(&was));
    let span = |default: &Option<Stated<Json>>| default.as_ref().map(|one| one.span);
    let change = pair
        .change(&FIELD_DEFAULT_CHANGED, message)
        .impact(Impact::none().with(way.clone(), way))
        .spans(span(&old.default).or(Some(old.span)), span(&new.default).or(Some(new.span)))
        .evidence([word(&was), word(&is)]);
    walk.report(change);
}
