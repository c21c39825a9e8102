//! Edits that were shown with what others lose.
//!
//! An edit is taken apart from the others along the way that leads to it. Where its shape is used in
//! several ways, or where what it takes away comes back by an edit beside it, that is not all of it: the
//! value that shows it may be lost by another edit. What is said of such an edit is taken back where
//! both are proven at every root: done with all that nobody is told of it loses nothing, and the edits
//! that somebody is still told of account for everything that is lost.

use super::blame::writer_of;
use super::finding::{Finding, Proof};
use super::ledger::Lead;
use super::lift::view;
use super::losing::{Losing, Suspects};
use super::session::Session;
use super::settle::lower;
use super::shapes::{Direction, EditId, PairId};
use super::told::Told;
use super::trial::Trial;
use super::witness::{Witness, WitnessSide};
use crate::model::Json;
use crate::rules::Verdict;
use crate::rules::edit::Facet;
use crate::subtype::{Containment, Role};

/// At how many roots an edit is asked about; beyond that, what is said of it stands.
const MAX_ROOTS: usize = 256;

/// A finding in doubt: its position, its edit, and who writes what it is shown with.
struct Accused {
    index: usize,
    edit: EditId,
    writers: Vec<WitnessSide>,
}

/// Takes back what is said of edits that lose nothing of what they were shown with. Each finding is told
/// by its position, with the ways to what shows it.
pub(super) fn acquit(
    session: &mut Session<'_>,
    losing: &[Losing],
    ways: &[(usize, Vec<Lead>)],
    findings: &mut [Finding],
) {
    let mut accused: Vec<Accused> = Vec::new();
    for (index, leads) in ways {
        let Some(finding) = findings.get(*index) else { continue };
        accused.extend(doubt(session, (*index, finding), leads));
    }
    // What several edits give back to each other shows only where all of them are asked about.
    let mut open = vec![accused];
    while let Some(together) = open.pop() {
        if are_innocent(session, losing, &together, findings) {
            for one in &together {
                take_back(one, findings);
            }
        } else if together.len() > 1 {
            open.extend(apart(session, together));
        }
    }
}

/// Those whose edits were made at one place each by themselves, or each by itself.
fn apart(session: &Session<'_>, accused: Vec<Accused>) -> Vec<Vec<Accused>> {
    let mut groups: Vec<(Option<PairId>, Vec<Accused>)> = Vec::new();
    for one in accused {
        let place = session.walk.first_place(one.edit);
        match groups.iter_mut().find(|(known, _)| *known == place) {
            Some((_, group)) => group.push(one),
            None => groups.push((place, vec![one])),
        }
    }
    let groups = groups.into_iter().map(|(_, group)| group);
    if groups.len() > 1 {
        return groups.collect();
    }
    groups.flatten().map(|one| vec![one]).collect()
}

fn take_back(accused: &Accused, findings: &mut [Finding]) {
    let Some(finding) = findings.get_mut(accused.index) else { return };
    lower(finding, Verdict::Compatible);
    finding.proof = Proof::Contained;
    finding.witnesses.retain(|witness| !accused.writers.contains(&witness.writer));
}

/// The finding, where all that shows it is lost without its edit too.
fn doubt(
    session: &mut Session<'_>,
    (index, finding): (usize, &Finding),
    leads: &[Lead],
) -> Option<Accused> {
    let shown = gated(session, finding, leads);
    if finding.verdict() != Verdict::Breaking || !is_in_doubt(session, &shown) {
        return None;
    }
    let spans = (finding.old, finding.new);
    let edit = session.walk.edit_told(finding.rule, spans, &finding.message)?;
    let writers = shown.iter().map(|(lead, _)| writer_of(lead.direction)).collect();
    Some(Accused { index, edit, writers })
}

/// Whether these edits lose nothing, done beside what nobody is told of, and what is told of without
/// them accounts for all that is lost.
fn are_innocent(
    session: &mut Session<'_>,
    losing: &[Losing],
    accused: &[Accused],
    findings: &[Finding],
) -> bool {
    if accused.is_empty() {
        return true;
    }
    let is_other = |index: &usize| accused.iter().all(|it| it.index != *index);
    let others = findings.iter().enumerate().filter(|(index, _)| is_other(index));
    let told = Told::of(session, others.map(|(_, finding)| finding));
    let edits: Vec<EditId> = accused.iter().map(|it| it.edit).collect();
    Direction::ALL.into_iter().all(|it| lose_nothing(session, losing, (&edits, it), &told))
}

/// What shows that the finding breaks, with the way that leads to it.
fn gated<'l>(
    session: &Session<'_>,
    finding: &Finding,
    leads: &'l [Lead],
) -> Vec<(&'l Lead, Option<Json>)> {
    let way = |witness: &Witness| {
        let is_way = |lead: &&Lead| writer_of(lead.direction) == witness.writer;
        let lead = leads.iter().find(is_way)?;
        let is_gated = session.asked(lead.question.polarity).contains(&lead.direction);
        is_gated.then(|| (lead, witness.value.clone()))
    };
    finding.witnesses.iter().filter_map(way).collect()
}

/// Whether all of these values are lost although the edit is undone on the way that leads to it.
fn is_in_doubt(session: &mut Session<'_>, shown: &[(&Lead, Option<Json>)]) -> bool {
    let is_other = |(lead, value): &(&Lead, Option<Json>)| {
        let value = value.as_ref().filter(|_| lead.question.carrier.is_json());
        value.is_some_and(|value| is_lost_without(session, lead, value))
    };
    !shown.is_empty() && shown.iter().all(is_other)
}

/// Whether the value would not arrive either if this edit were undone on the way that leads to it.
fn is_lost_without(session: &mut Session<'_>, lead: &Lead, value: &Json) -> bool {
    let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
    let Some(facet) = edit.facet.as_ref().filter(|it| !matches!(it, Facet::Value(_))) else {
        return false;
    };
    let undone = session.walk.isolated(question, direction.opposite(), path, facet);
    undone.is_some_and(|(reader, _)| {
        let reader = view(question, reader, Role::Reader);
        session.walk.engine.reads(&session.walk.shapes, &reader, value) == Some(false)
    })
}

fn lose_nothing(
    session: &mut Session<'_>,
    losing: &[Losing],
    (edits, direction): (&[EditId], Direction),
    told: &Told,
) -> bool {
    let mut suspects = Suspects::of(session, told, direction);
    let (_, mut harmless) = told.apart(session, direction);
    harmless.extend(edits);
    let mut harmless = session.walk.mixture(direction, harmless.into_iter().collect());
    let leading = session.walk.leading_to(edits);
    let roots = losing.iter().filter(|root| {
        root.direction == direction && root.at.is_none_or(|at| leading.contains(&at))
    });
    let roots: Vec<&Losing> = roots.collect();
    roots.len() <= MAX_ROOTS
        && roots.into_iter().all(|root| {
            let mut trial = Trial::new(session, root);
            let side = trial.mixed(&mut harmless);
            side.is_some_and(|side| trial.lost_by(&side) == Containment::Holds)
                && suspects.lost(&mut trial, root) == Containment::Holds
        })
}
