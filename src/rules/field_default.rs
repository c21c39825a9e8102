//! What readers see when a field is absent.

use super::impact::{Directions, Impact};
use super::rules;
use crate::diff::messages::{Absence, FieldPair, Walk};
use crate::model::{Field, FieldKind, Json, Scalar, Stated};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// The default of a field changed
    ///
    /// The default is not sent: each reader fills in its own. A message that lacks the field means
    /// one thing to old readers and another to new ones. Go has a constant for a default that is
    /// declared, whatever it is.
    FIELD_DEFAULT_CHANGED {
        id: "field-default-changed",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Keep the default, and set the other value explicitly where it is wanted.",
    }
}

/// Compares what the absent field stands for.
pub(crate) fn compare(walk: &mut Walk<'_>, pair: &FieldPair<'_>) {
    let FieldPair { old, new, holders: _ } = pair;
    if pair.is_named_alone(walk) {
        return;
    }
    let absence = pair.absence(walk);
    let (was, is) = (word(old), word(new));
    let message = match absence {
        Absence::Same => return,
        Absence::Respelled => format!(
            "`{}` is the same when absent: its default is {}, and was {}",
            new.name,
            said(new),
            said(old)
        ),
        Absence::Another if pair.may_be_absent() => {
            format!("`{}` is {is} when absent, no longer {was}", new.name)
        }
        Absence::Another => format!(
            "`{}` is {is} until it is set, no longer {was}; no message lacks it, as it is required",
            new.name
        ),
    };
    let is_constant_gone = has_constant(walk, pair) && new.default.is_none();
    let source = if is_constant_gone { Impact::source() } else { Impact::none() };
    let Directions { old_to_new, new_to_old } = misreadings(walk, pair);
    let span = |default: &Option<Stated<Json>>| default.as_ref().map(|one| one.span);
    let mut change = pair
        .change(&FIELD_DEFAULT_CHANGED, message)
        .impact(source.with(old_to_new, new_to_old))
        .spans(span(&old.default).or(Some(old.span)), span(&new.default).or(Some(new.span)))
        .evidence([was, is]);
    if is_constant_gone {
        change.languages = &["Go"];
    }
    walk.report(change);
}

/// Whether Go has a constant for the old default: for fields of messages, not for extensions.
fn has_constant(walk: &Walk<'_>, pair: &FieldPair<'_>) -> bool {
    let fields = walk.old.message(pair.holders.0).map_or(&[][..], |holder| &holder.fields);
    pair.old.default.is_some() && fields.iter().any(|field| field.number == pair.old.number)
}

/// What becomes of messages that lack the field.
pub(crate) fn misreadings(walk: &Walk<'_>, pair: &FieldPair<'_>) -> Directions<Exchange> {
    if pair.absence(walk) != Absence::Another || !pair.may_be_absent() {
        return Directions::default();
    }
    let misread =
        Passage::new(Outcome::Misread, Sample::Absent, "each side fills in its own default");
    let way = Exchange { wire: misread.clone(), json: misread };
    Directions { old_to_new: way.clone(), new_to_old: way }
}

fn word(field: &Field) -> String {
    match (&field.default, field.kind) {
        (None, _) => "the type's default".to_owned(),
        // What is no decimal number is kept as a text.
        (Some(Stated { value: Json::String(word), .. }), kind) if is_real(kind) => word.to_string(),
        (Some(default), _) => default.value.to_string(),
    }
}

fn is_real(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Scalar(Scalar::Float | Scalar::Double))
}

fn said(field: &Field) -> String {
    match field.default {
        None => "not declared".to_owned(),
        Some(_) => format!("declared as {}", word(field)),
    }
}
