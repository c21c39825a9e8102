//! Whether what an edit is shown with is lost because of it, or because of others.
//!
//! An edit that by itself would lose a value may be made up for by what was edited beside it, while
//! the same value is lost for another reason. Who that other is shows in the value: it arrives once
//! the other edit is undone. With all such edits undone the question is asked anew.

use super::blame::{Blame, Candidate, Found, Strength};
use super::ledger::Lead;
use super::lift::view;
use super::session::Session;
use super::shapes::{Direction, Judged, Outcome, Question};
use crate::model::{Json, ShapeId};
use crate::rules::edit::Facet;
use crate::subtype::{Containment, Role};

/// How many edits that lose values by themselves are looked at.
const MAX_OTHERS: usize = 64;
/// How many of them are undone before the edit keeps what it was found with.
const MAX_UNDONE: usize = 8;

/// What is left of a loss to the edit that it was found for.
pub(super) enum Own {
    /// Nobody else is known to be to blame for the value.
    AsFound,
    /// This value is lost because of it, whatever became of the other edits.
    Value(Json),
    /// All that it takes away arrives, once the edits that lose values themselves are undone.
    Nothing,
}

/// The values that show the edit of a lead, others of which are to blame for none.
pub(super) fn own_values(session: &mut Session<'_>, blame: &Blame, lead: &Lead) -> Found {
    let found = blame.values(session);
    let Found::Values(mut candidates) = found else { return found };
    let Some(first) = candidates.first() else { return Found::Values(candidates) };
    match own(session, lead, first) {
        Own::AsFound => {}
        Own::Value(value) => {
            let strength = first.strength;
            if blame.shows(session, &value, strength) {
                candidates.insert(0, Candidate { value, strength });
            }
        }
        Own::Nothing => return Found::Nothing,
    }
    Found::Values(candidates)
}

/// What is left to the edit of this lead of the loss that it was found with.
pub(super) fn own(session: &mut Session<'_>, lead: &Lead, found: &Candidate) -> Own {
    let is_whole = lead.edit.facet.is_none() && lead.path.is_empty();
    if [Strength::Only, Strength::Sent].contains(&found.strength) || is_whole {
        return Own::AsFound;
    }
    let others = others(session, lead);
    let mut value = found.value.clone();
    let mut undone: Vec<&Lead> = Vec::new();
    while undone.len() < MAX_UNDONE {
        let saves = |session: &mut Session<'_>, other: &Lead, undone: &[&Lead]| {
            let with: Vec<&Lead> = undone.iter().copied().chain([other]).collect();
            loses(session, other, &value)
                && without(session, lead, &with)
                    .is_some_and(|reader| reads(session, lead, reader, &value) == Some(true))
        };
        let is_undone = |other: &Lead| undone.iter().any(|known| std::ptr::eq(*known, other));
        let blamed =
            others.iter().find(|other| !is_undone(other) && saves(session, other, &undone));
        let Some(blamed) = blamed else {
            return if undone.is_empty() { Own::AsFound } else { Own::Value(value) };
        };
        undone.push(blamed);
        match left(session, lead, &undone) {
            Some(Containment::Holds) => return Own::Nothing,
            Some(Containment::Fails(next)) => value = next,
            Some(Containment::Undecided(_)) | None => return Own::AsFound,
        }
    }
    Own::AsFound
}

/// The other edits that were found to lose something at the same root by themselves.
fn others(session: &mut Session<'_>, lead: &Lead) -> Vec<Lead> {
    let Lead { question, path: _, edit, direction, site: _, reaches: _ } = lead;
    let judged = session.walk.judge(question);
    let is_other = |found: &&Judged| {
        !found.edit.is_same(edit)
            && found.edit.facet.is_some()
            && *found.outcome(*direction) == Outcome::Fails
    };
    judged
        .iter()
        .filter(is_other)
        .take(MAX_OTHERS)
        .map(|found| Lead { path: found.path.clone(), edit: found.edit.clone(), ..lead.clone() })
        .collect()
}

/// Whether the edit of a lead by itself loses the value.
fn loses(session: &mut Session<'_>, lead: &Lead, value: &Json) -> bool {
    let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
    let Some(facet) = &edit.facet else { return false };
    let alone = session.walk.isolated(question, *direction, path, facet);
    alone.is_some_and(|(reader, _)| reads(session, lead, reader, value) == Some(false))
}

/// The reader's side with these edits undone; `None` where they cannot be undone together: what is
/// told by its position in a list is somewhere else once another is gone.
fn without(session: &mut Session<'_>, lead: &Lead, undone: &[&Lead]) -> Option<Vec<ShapeId>> {
    let (last, first): (Vec<&Lead>, Vec<&Lead>) =
        undone.iter().copied().partition(|lead| lead.edit.facet.as_ref().is_some_and(is_listed));
    if last.len() > 1 {
        return None;
    }
    let mut question = lead.question.clone();
    for Lead { path, edit, direction, .. } in first.into_iter().chain(last) {
        let facet = edit.facet.as_ref()?;
        let (reader, _) = session.walk.isolated(&question, direction.opposite(), path, facet)?;
        question = match direction {
            Direction::OldToNew => Question { new: reader, ..question },
            Direction::NewToOld => Question { old: reader, ..question },
        };
    }
    let (reader, _) = lead.direction.ends(question.old, question.new);
    Some(reader)
}

/// Whether anything that the edit takes away by itself is lost, the others undone or not.
fn left(session: &mut Session<'_>, lead: &Lead, undone: &[&Lead]) -> Option<Containment> {
    let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
    let (reader, writer) = direction.ends(&question.old, &question.new);
    let mut heard = without(session, lead, undone)?;
    heard = session.walk.either(&heard, reader);
    if let Some(facet) = &edit.facet {
        let (alone, _) = session.walk.isolated(question, *direction, path, facet)?;
        heard = session.walk.either(&heard, &alone);
    }
    Some(session.walk.contains((&heard, writer), question.polarity, question.carrier))
}

/// Whether the edit is told by a position in a list.
fn is_listed(facet: &Facet) -> bool {
    use Facet::{
        Branch, Combination, Condition, Consequence, Contained, ContainedCount, Group, Not,
    };
    matches!(
        facet,
        Branch(..)
            | Combination(_)
            | Condition(_)
            | Consequence(..)
            | Contained(_)
            | ContainedCount(_)
            | Group(..)
            | Not(_)
    )
}

fn reads(
    session: &mut Session<'_>,
    lead: &Lead,
    reader: Vec<ShapeId>,
    value: &Json,
) -> Option<bool> {
    let view = view(&lead.question, reader, Role::Reader);
    session.walk.engine.reads(&session.walk.shapes, &view, value)
}
