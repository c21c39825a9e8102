//! What a compatible verdict assumes of writers: found by asking the same question of writers who
//! may send anything that their schema accepts.

use std::sync::Arc;

use super::ledger::Lead;
use super::session::Session;
use super::shapes::{Direction, Question, Walk};
use crate::model::{Json, ShapeId};
use crate::proof::members;
use crate::rules::edit::{Facet, Slot};
use crate::subtype::{Containment, ContentModel, Role, View};

/// How many names one assumption lists.
const MOST_NAMES: usize = 4;

/// The assumption on which it rests that the edit loses nothing, in words; `None` where it rests on
/// none.
pub(super) fn assumption(session: &mut Session<'_>, lead: &Lead) -> Option<String> {
    if session.options.assumptions.content_model == ContentModel::Strict {
        return None;
    }
    let facet = lead.edit.facet.as_ref()?;
    let (question, rest) = session.walk.descend(&lead.question, &lead.path)?;
    if session.walk.only_lists_more(&question, lead.direction, &rest, facet) {
        return None;
    }
    let question = session.walk.sliced(&question, &rest, facet).unwrap_or(question);
    let (mut reader, writer) = session.walk.isolated(&question, lead.direction, &rest, facet)?;
    let walk = &mut session.walk;
    if ask(walk, &question, (&reader, &writer)) != Containment::Holds {
        // By itself the edit would lose something; it is the whole that holds.
        reader = match lead.direction {
            Direction::OldToNew => question.new.clone(),
            Direction::NewToOld => question.old.clone(),
        };
        if ask(walk, &question, (&reader, &writer)) != Containment::Holds {
            return None;
        }
    }
    let Question { old: _, new: _, polarity, carrier } = question;
    let strict = walk.contains_strictly((&reader, &writer), polarity, carrier);
    let Containment::Fails(value) = strict else { return None };
    let names = if let Facet::Slot(Slot::Property(name)) = facet {
        vec![Arc::clone(name)]
    } else {
        unsent(walk, &question, (&reader, &writer), &value)
    };
    Some(words(&names, lead.direction))
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
