//! Exclusions and conditions.

use super::edit::{Both, Consequence, Edits, Facet, Listed};
use super::effective::Effective;
use super::matching::Pairing;
use super::{Effect, rules};
use crate::model::{Condition, ShapeId, Shapes, Step};
use crate::source::Span;

rules! {
    /// What is excluded changed
    ///
    /// Values that one side excludes may be admitted by the other.
    EXCLUSION_CHANGED {
        id: "exclusion-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only exclude less in requests and more in responses.",
    }

    /// A condition changed
    ///
    /// Values for which the condition holds are held to another shape.
    CONDITION_CHANGED {
        id: "condition-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Announce the condition, measure who breaks it, then enforce it.",
    }
}

/// Compares exclusions and conditions that were paired by the caller.
pub(super) fn compare(
    shapes: &Shapes,
    old: &Effective,
    new: &Effective,
    pairing: &Pairing,
    edits: &mut Edits,
) {
    for index in &pairing.not.removed {
        let spans = (old.not.get(*index).map(|not| not.span), Some(new.span));
        exclusion(Listed::Removed(*index), spans, edits);
    }
    for index in &pairing.not.added {
        let spans = (Some(old.span), new.not.get(*index).map(|not| not.span));
        exclusion(Listed::Added(*index), spans, edits);
    }
    for index in &pairing.conditions.removed {
        let spans = (old.conditions.get(*index).map(|stated| stated.span), Some(new.span));
        condition(Listed::Removed(*index), spans, edits);
    }
    for index in &pairing.conditions.added {
        let spans = (Some(old.span), new.conditions.get(*index).map(|stated| stated.span));
        condition(Listed::Added(*index), spans, edits);
    }
    for (was, is) in &pairing.conditions.pairs {
        let (Some(was_stated), Some(is_stated)) =
            (old.conditions.get(*was), new.conditions.get(*is))
        else {
            continue;
        };
        let at = Both { old: *was, new: *is };
        let Condition { when: _, then, otherwise } = &was_stated.value;
        let sides = [
            (Consequence::Then, *then, is_stated.value.then),
            (Consequence::Otherwise, *otherwise, is_stated.value.otherwise),
        ];
        let places = (was_stated.span, is_stated.span);
        for (which, was, is) in sides {
            consequence(shapes, (which, at), (was, is), places, edits);
        }
    }
}

fn exclusion(edit: Listed, spans: (Option<Span>, Option<Span>), edits: &mut Edits) {
    let (message, effect) = match edit {
        Listed::Removed(_) => ("an exclusion was dropped", Effect::Widens),
        Listed::Added(_) => ("an exclusion was added", Effect::Narrows),
    };
    edits.push(&EXCLUSION_CHANGED, Facet::Not(edit), message.to_owned(), spans).effect = effect;
}

fn condition(edit: Listed, spans: (Option<Span>, Option<Span>), edits: &mut Edits) {
    let (message, effect) = match edit {
        Listed::Removed(_) => ("a condition was dropped", Effect::Widens),
        Listed::Added(_) => ("a condition was added", Effect::Narrows),
    };
    let facet = Facet::Condition(edit);
    edits.push(&CONDITION_CHANGED, facet, message.to_owned(), spans).effect = effect;
}

/// What follows from a condition on one side only.
fn consequence(
    shapes: &Shapes,
    (which, at): (Consequence, Both<usize>),
    (was, is): (Option<ShapeId>, Option<ShapeId>),
    (old, new): (Span, Span),
    edits: &mut Edits,
) {
    let word = match which {
        Consequence::Then => "then",
        Consequence::Otherwise => "else",
    };
    let span = |id: ShapeId| shapes.get(id).span.span;
    let (verb, effect, spans, known) = match (was, is) {
        (Some(was), None) => ("dropped", Effect::Widens, (Some(span(was)), Some(new)), (word, "")),
        (None, Some(is)) => ("added", Effect::Narrows, (Some(old), Some(span(is))), ("", word)),
        (None, None) | (Some(_), Some(_)) => return,
    };
    let message = format!("`{word}` was {verb}");
    let edit = edits.push(&CONDITION_CHANGED, Facet::Consequence(which, at), message, spans);
    edit.at(Step::Branch(word.into())).evidence(&known.0, &known.1).effect = effect;
}
