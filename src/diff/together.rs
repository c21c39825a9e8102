//! What is lost at a root although each of its edits, judged at the root by itself, loses nothing:
//! one finding names them all.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::finding::{Finding, Proof};
use super::ledger::{Entry, Lead, Ledger};
use super::session::Session;
use super::settle::Unreachable;
use super::shapes::{Direction, Judged, Path, Question, sole, together};
use crate::rules::Verdict;
use crate::subtype::{Containment, Reason};

/// A root, and who writes there.
type Root = (Question, Direction);

/// How many edits are judged again at a root.
const MAX_SUSPECTS: usize = 32;

/// The roots at which edits were said to lose something, by what became of the edits.
#[derive(Default)]
pub(super) struct Cleared {
    /// At which all edits seen so far turned out to lose nothing, in the order in which they were seen.
    leads: Vec<Lead>,
    /// At which some edit still counts.
    standing: HashSet<Root, FixedState>,
}

impl Cleared {
    /// Takes note of what became of an edit at the roots that lead to it.
    pub(super) fn note(&mut self, finding: &Finding, leads: Vec<Lead>, unreachable: Unreachable) {
        if unreachable == Unreachable::Everywhere {
            self.leads.extend(leads);
        } else if finding.verdict() != Verdict::Compatible {
            let roots = leads.into_iter().map(|lead| (lead.question, lead.direction));
            self.standing.extend(roots);
        }
    }
}

/// What may be told of a root that loses something for which no finding stands.
pub(super) struct Rest {
    /// Edits that lose something at the root, though nothing where they were made.
    pub(super) single: Vec<Entry>,
    /// All edits as one, for where none of those stands.
    pub(super) together: Vec<Entry>,
}

/// What may be told of the roots that lose something for which no finding stands.
pub(super) fn left_over(session: &mut Session<'_>, cleared: Cleared) -> Vec<Rest> {
    let Cleared { leads, standing } = cleared;
    let mut order: Vec<Root> = Vec::new();
    let mut by_root: HashMap<Root, Vec<Lead>, FixedState> = HashMap::default();
    for lead in leads {
        let root = (lead.question.clone(), lead.direction);
        let is_asked = session.asked(root.0.polarity).contains(&lead.direction);
        if !is_asked || standing.contains(&root) {
            continue;
        }
        let known = by_root.entry(root.clone()).or_default();
        if known.is_empty() {
            order.push(root);
        }
        known.push(lead);
    }
    let mut rest = Vec::new();
    for root in order {
        let leads = by_root.remove(&root).unwrap_or_default();
        rest.extend(say(session, &root, &leads));
    }
    rest
}

fn say(session: &mut Session<'_>, root: &Root, leads: &[Lead]) -> Option<Rest> {
    let (question, direction) = root;
    let (reader, writer) = direction.ends(&question.old, &question.new);
    let answer = session.walk.contains((reader, writer), question.polarity, question.carrier);
    let (verdict, reason) = match answer {
        Containment::Holds => return None,
        Containment::Fails(_) => (Verdict::Breaking, None),
        Containment::Undecided(reason)
            if session.walk.is_proven_elsewhere(question, *direction, &reason) =>
        {
            return None;
        }
        Containment::Undecided(reason) => (Verdict::Undecided, Some(reason)),
    };
    let first = leads.first()?;
    let single = single(session, root, leads);
    let shapes = &session.walk.shapes;
    let span = |ids: &[_]| ids.first().map(|id| shapes.get(*id).span.span);
    let (was, is) = (span(&question.old)?, span(&question.new)?);
    let (edit, path) = sole(&session.walk.judge(question)).unwrap_or_else(|| {
        let edits = leads.iter().map(|lead| &*lead.edit);
        (together((was, is), edits), Path::default())
    });
    let lead = Lead { path, edit: Rc::new(edit), ..first.clone() };
    let together = entries(vec![lead], verdict, reason.as_ref());
    Some(Rest { single: entries(single, Verdict::Breaking, None), together })
}

/// The edits that lose something at the root by themselves, where those that were found to lose
/// something in a part of it lose nothing.
fn single(session: &mut Session<'_>, root: &Root, leads: &[Lead]) -> Vec<Lead> {
    let (question, direction) = root;
    let (_, writer) = direction.ends(&question.old, &question.new);
    let judged = session.walk.judge(question);
    let is_known = |found: &Judged| leads.iter().any(|lead| lead.edit.is_same(&found.edit));
    let suspects = judged.iter().filter(|found| found.edit.is_suspect() && !is_known(found));
    let suspects: Vec<&Judged> = suspects.take(MAX_SUSPECTS + 1).collect();
    if suspects.len() > MAX_SUSPECTS {
        return Vec::new();
    }
    let mut single = Vec::new();
    for found in suspects {
        let spots = session.walk.spots(question, &found.path, &found.edit);
        let alone = session.walk.everywhere(question, *direction, &spots);
        let lost = alone.map(|alone| {
            session.walk.contains((&alone, writer), question.polarity, question.carrier)
        });
        if let (Some(Containment::Fails(_)), Some(lead)) = (lost, leads.first()) {
            let (path, edit) = (found.path.clone(), Rc::clone(&found.edit));
            single.push(Lead { path, edit, ..lead.clone() });
        }
    }
    single
}

/// Entries of these edits, each of which is shown at its root.
fn entries(leads: Vec<Lead>, verdict: Verdict, reason: Option<&Reason>) -> Vec<Entry> {
    let mut ledger = Ledger::default();
    for lead in leads {
        let Lead { question, edit, site, .. } = &lead;
        let entry = ledger.entry(edit.rule, (edit.old, edit.new), &edit.message, || site.clone());
        let reach = entry.reach(site, question.polarity, verdict, || site.clone());
        entry.finding.anchor = edit.anchor;
        if let Some(reason) = reason {
            entry.finding.proof = Proof::Undecided(reason.to_string());
        } else {
            entry.finding.proof = Proof::Witness;
            entry.lead(Lead { reach, ..lead });
        }
    }
    ledger.into_entries()
}
