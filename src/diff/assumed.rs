//! What a compatible verdict assumes of writers: found by asking the same question of writers who
//! may send anything that their schema accepts.

use std::sync::Arc;

use super::ledger::Lead;
use super::session::Session;
use super::shapes::{Direction, Question, Walk};
use crate::model::{Json, ShapeId};
use crate::proof::members;
use crate::rules::edit::{Facet, Slot};
use crate::subtype::{Assumptions, Containment, ContentModel, Formats, Role, View};

/// How many names one assumption lists.
const MOST_NAMES: usize = 4;

/// The assumptions on which it rests that the edit loses nothing, in words.
pub(super) fn assumptions(session: &mut Session<'_>, lead: &Lead) -> Vec<String> {
    stated(session, lead).unwrap_or_default()
}

fn stated(session: &mut Session<'_>, lead: &Lead) -> Option<Vec<String>> {
    let facet = lead.edit.facet.as_ref()?;
    let (question, rest) = session.walk.descend(&lead.question, &lead.path)?;
    if session.walk.only_lists_more(&question, lead.direction, &rest, facet) {
        return None;
    }
    let place = session.walk.sliced(&question, &rest, facet).unwrap_or(question);
    let alone = session.walk.isolated(&place, lead.direction, &rest, facet);
    let alone = alone.and_then(|ends| resting(session, &place, lead, &ends));
    if let Some(found) = alone.filter(|found| !found.is_empty()) {
        return Some(found);
    }
    // By itself the edit would lose something, or what surrounds it says whether it does: it is a whole
    // that holds.
    let mut around = session.walk.around_alternatives(&lead.question, &lead.path);
    around.push((place, rest));
    around.into_iter().rev().find_map(|(question, rest)| {
        let Question { old, new, .. } = &question;
        let (reader, writer) = lead.direction.ends(old.clone(), new.clone());
        let found = resting(session, &question, lead, &(reader, writer.clone()))?;
        // Of all edits at once another may be what it rests on.
        let undone = lead.direction.opposite();
        let (without, _) = session.walk.isolated(&question, undone, &rest, facet)?;
        let rests_on_others = resting(session, &question, lead, &(without, writer))
            .is_some_and(|others| others == found);
        (!found.is_empty() && !rests_on_others).then_some(found)
    })
}

/// What it rests on that the reader accepts all that the writer sends; `None` where it does not.
fn resting(
    session: &mut Session<'_>,
    question: &Question,
    lead: &Lead,
    (reader, writer): &(Vec<ShapeId>, Vec<ShapeId>),
) -> Option<Vec<String>> {
    let given = session.options.assumptions;
    let walk = &mut session.walk;
    if ask(walk, question, (reader, writer)) != Containment::Holds {
        return None;
    }
    let mut found = Vec::new();
    let without = |walk: &mut Walk<'_>, other: Assumptions| {
        let Question { old: _, new: _, polarity, carrier } = question;
        match walk.contains_under(other, (reader, writer), *polarity, *carrier) {
            Containment::Fails(value) if other != given => Some(value),
            Containment::Fails(_) | Containment::Holds | Containment::Undecided(_) => None,
        }
    };
    let strict = Assumptions { content_model: ContentModel::Strict, ..given };
    if let Some(value) = without(walk, strict) {
        let names = unsent(walk, question, (reader, writer), &value);
        let own = match &lead.edit.facet {
            Some(Facet::Slot(Slot::Property(name))) if names.is_empty() || names.contains(name) => {
                Some(name)
            }
            _ => None,
        };
        let names = own.map_or(names.clone(), |name| vec![Arc::clone(name)]);
        found.push(words(&names, lead.direction));
    }
    let annotated = Assumptions { formats: Formats::Annotate, ..given };
    if speaks_of_formats(walk, [reader, writer]) && without(walk, annotated).is_some() {
        found.push("formats are asserted, not only noted".to_owned());
    }
    Some(found)
}

/// Whether one of the places says in which format a value is.
fn speaks_of_formats(walk: &Walk<'_>, places: [&[ShapeId]; 2]) -> bool {
    places.into_iter().flatten().any(|id| {
        let shape = walk.shapes.get(*id);
        let noted = shape.notes.get().is_some_and(|notes| notes.format.is_some());
        noted || shape.text.get().is_some_and(|text| text.content_encoding.is_some())
    })
}

/// The names in the value but for which it would be sent.
fn unsent(
    walk: &mut Walk<'_>,
    question: &Question,
    (reader, writer): (&[ShapeId], &[ShapeId]),
    value: &Json,
) -> Vec<Arc<str>> {
    let view = |conjuncts: &[ShapeId], role| {
        let mut conjuncts = conjuncts.to_vec();
        conjuncts.sort_unstable();
        conjuncts.dedup();
        View { conjuncts, role, polarity: question.polarity, carrier: question.carrier }
    };
    let (reader, writer) = (view(reader, Role::Reader), view(writer, Role::Writer));
    let mut sends = |value: &Json| walk.engine.sends(&walk.shapes, &reader, &writer, value);
    if sends(value) {
        return Vec::new();
    }
    let mut names: Vec<Arc<str>> = members(value)
        .into_iter()
        .filter_map(|(name, without)| sends(&without).then_some(name))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn ask(
    walk: &mut Walk<'_>,
    question: &Question,
    (reader, writer): (&[ShapeId], &[ShapeId]),
) -> Containment {
    walk.contains((reader, writer), question.polarity, question.carrier)
}

fn words(names: &[Arc<str>], direction: Direction) -> String {
    if names.is_empty() {
        return "a schema that speaks of one type only means that type".to_owned();
    }
    let listed: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let listed = listed.join(" or ");
    match direction {
        Direction::OldToNew => format!("nobody sends {listed} before it is declared"),
        Direction::NewToOld => format!("nobody sends {listed} without declaring it"),
    }
}
