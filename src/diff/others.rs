//! Whether what an edit is shown with is lost because of it, or because of others.
//!
//! An edit that by itself would lose a value may be made up for by what was edited beside it, while
//! the same value is lost for another reason. Who that other is shows in the value: it arrives once
//! the other edit is undone, wherever it was made. With all such edits undone the question is asked
//! anew, first in the smallest place that holds the edit.

use super::blame::{Blame, Candidate, Found, Strength};
use super::ledger::Lead;
use super::lift::view;
use super::session::Session;
use super::shapes::{Direction, Ends, Judged, Outcome, Path, Question, Spot, Touched, touched};
use crate::model::{Json, ShapeId};
use crate::rules::effective::nodes_of;
use crate::subtype::{Containment, Role};

/// How many edits of the same place that lose values by themselves are looked at.
const MAX_OTHERS: usize = 16;
/// How many of them are undone before the edit keeps what it was found with.
const MAX_UNDONE: usize = 8;

/// What is left of a loss to the edit that it was found for.
pub(super) enum Own {
    /// Nobody else is known to be to blame for the value.
    AsFound,
    /// This value is lost because of it, whatever became of the other edits.
    Value(Json),
    /// This value is lost because of it and others, and would arrive without it.
    Joint(Json),
    /// All that it takes away arrives, once the edits that lose values themselves are undone, and what
    /// is lost is lost without it too.
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
        Own::Joint(value) => {
            candidates.insert(0, Candidate { value, strength: Strength::Together });
        }
        Own::Nothing => return Found::Nothing,
    }
    Found::Values(candidates)
}

/// What is left to the edit of this lead of the loss that it was found with.
pub(super) fn own(session: &mut Session<'_>, lead: &Lead, found: &Candidate) -> Own {
    let is_whole = lead.edit.facet.is_none() && lead.path.is_empty();
    // Where whole shapes are put back, what else was edited in them is undone too.
    let is_sure = found.strength == Strength::Only
        && lead.edit.facet.as_ref().is_some_and(|facet| !facet.brings_shapes());
    if is_sure || is_whole {
        return Own::AsFound;
    }
    let (elsewhere, beside) = others(session, lead);
    let all: Vec<Spot> = elsewhere.iter().chain(&beside).cloned().collect();
    let mut value = found.value.clone();
    let mut undone: Vec<Spot> = Vec::new();
    // Where one other is to blame, so may be many.
    let mut blamed = Some(elsewhere).filter(|others| {
        saves(session, lead, others, &value) && loses(session, lead, &all, &value)
    });
    for _ in 0..MAX_UNDONE {
        let found = blamed.take().or_else(|| {
            let mut candidates = beside.iter().filter(|other| !undone.contains(other));
            candidates
                .find(|other| {
                    let with: Vec<Spot> = undone.iter().chain([*other]).cloned().collect();
                    loses(session, lead, std::slice::from_ref(*other), &value)
                        && saves(session, lead, &with, &value)
                })
                .map(|other| vec![other.clone()])
        });
        let Some(found) = found else {
            return if undone.is_empty() { Own::AsFound } else { Own::Value(value) };
        };
        undone.extend(found);
        match deepest(session, lead, |session, lead| left(session, lead, &undone)) {
            Some(Containment::Holds) => return joint(session, lead, &all),
            Some(Containment::Fails(next)) => value = next,
            Some(Containment::Undecided(_)) | None => return Own::AsFound,
        }
    }
    Own::AsFound
}

/// What is left to an edit that takes nothing away by itself: what would arrive without it.
fn joint(session: &mut Session<'_>, lead: &Lead, others: &[Spot]) -> Own {
    let lost = deepest(session, lead, |session, lead| {
        let Lead { question, direction, .. } = lead;
        let (reader, writer) = direction.ends(&question.old, &question.new);
        let heard = session.walk.everywhere(question, *direction, others)?;
        let writer: Vec<ShapeId> = writer.iter().chain(&heard).copied().collect();
        Some(session.walk.contains((reader, &writer), question.polarity, question.carrier))
    });
    match lost {
        Some(Containment::Holds) => Own::Nothing,
        Some(Containment::Fails(value)) => Own::Joint(value),
        Some(Containment::Undecided(_)) | None => Own::AsFound,
    }
}

/// The answer at the smallest place that holds the edit where nothing is lost there, else at the root.
fn deepest(
    session: &mut Session<'_>,
    lead: &Lead,
    mut ask: impl FnMut(&mut Session<'_>, &Lead) -> Option<Containment>,
) -> Option<Containment> {
    if let Some((question, path)) = session.walk.descend(&lead.question, &lead.path) {
        let inner = Lead { question, path, ..lead.clone() };
        if ask(session, &inner)? == Containment::Holds {
            return Some(Containment::Holds);
        }
    }
    ask(session, lead)
}

/// Whether a value that is lost arrives with these edits undone.
fn saves(session: &mut Session<'_>, lead: &Lead, undone: &[Spot], value: &Json) -> bool {
    let Question { old, new, polarity: _, carrier: _ } = &lead.question;
    if undone.is_empty() {
        return false;
    }
    let shapes = &session.walk.shapes;
    let both = [old, new].map(|place| touched(shapes, place, value));
    let has_a_say = |spot: &Spot| {
        [&spot.ends.0, &spot.ends.1].into_iter().zip(&both).any(|(place, touched)| {
            let is_met = |all: &Touched| nodes_of(shapes, place).iter().any(|it| all.contains(it));
            touched.as_ref().is_none_or(is_met)
        })
    };
    undone.iter().any(has_a_say) && {
        let reader = without(session, &lead.question, lead.direction, undone);
        reader.is_some_and(|reader| reads(session, lead, reader, value) == Some(true))
    }
}

/// Where the other edits were made that were found to lose something by themselves: those that are
/// judged elsewhere, and those that are judged at the same place as this one, which may make up for
/// each other.
fn others(session: &mut Session<'_>, lead: &Lead) -> (Vec<Spot>, Vec<Spot>) {
    let here = place(session, &lead.question, &lead.path);
    let (mut elsewhere, mut beside) = (Vec::new(), Vec::new());
    for other in losing(session, lead) {
        let spots = session.walk.spots(&lead.question, &other.path, &other.edit);
        if place(session, &lead.question, &other.path) == here {
            beside.extend(spots);
        } else {
            elsewhere.extend(spots);
        }
    }
    beside.truncate(MAX_OTHERS);
    (elsewhere, beside)
}

/// The places at which an edit at the end of this way is judged.
fn place(session: &mut Session<'_>, question: &Question, path: &Path) -> Option<Ends> {
    let (Question { old, new, polarity: _, carrier: _ }, _) =
        session.walk.descend(question, path)?;
    Some((old, new))
}

/// The other edits that were found to lose something at the same root by themselves.
fn losing(session: &mut Session<'_>, lead: &Lead) -> Vec<Judged> {
    let Lead { question, path, edit, direction, site: _, reach: _ } = lead;
    let judged = session.walk.judge(question);
    let is_other = |found: &&Judged| {
        // All that was edited around an edit is no other one.
        let is_around = found.edit.facet.is_none() && path.starts_with(&found.path);
        *found.outcome(*direction) == Outcome::Fails && !is_around && !found.edit.is_same(edit)
    };
    judged.iter().filter(is_other).cloned().collect()
}

/// Whether these edits by themselves lose the value.
fn loses(session: &mut Session<'_>, lead: &Lead, spots: &[Spot], value: &Json) -> bool {
    let alone = session.walk.everywhere(&lead.question, lead.direction, spots);
    alone.is_some_and(|reader| reads(session, lead, reader, value) == Some(false))
}

/// The reader's side with the edits undone that were made at these places; `None` where they cannot
/// be undone together.
fn without(
    session: &mut Session<'_>,
    question: &Question,
    direction: Direction,
    undone: &[Spot],
) -> Option<Vec<ShapeId>> {
    session.walk.everywhere(question, direction.opposite(), undone)
}

/// Whether anything that the edit takes away by itself is lost, the others undone or not.
fn left(session: &mut Session<'_>, lead: &Lead, undone: &[Spot]) -> Option<Containment> {
    let Lead { question, path, edit, direction, site: _, reach: _ } = lead;
    let (reader, writer) = direction.ends(&question.old, &question.new);
    let without = without(session, question, *direction, undone)?;
    if session.walk.contains((&without, writer), question.polarity, question.carrier)
        == Containment::Holds
    {
        return Some(Containment::Holds);
    }
    let mut heard = session.walk.either(&without, reader);
    let alone = if let Some(facet) = &edit.facet {
        session.walk.isolated(question, *direction, path, facet)?.0
    } else {
        let spots = session.walk.spots(question, path, edit);
        session.walk.everywhere(question, *direction, &spots)?
    };
    heard = session.walk.either(&heard, &alone);
    Some(session.walk.contains((&heard, writer), question.polarity, question.carrier))
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
