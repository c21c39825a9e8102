//! What is lost at a root although each of its edits, judged at the root by itself, loses nothing:
//! one finding names them all.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::finding::{Finding, Proof};
use super::ledger::{Entry, Lead, Ledger};
use super::session::Session;
use super::settle::Unreachable;
use super::shapes::{Direction, Path, Question, sole, together};
use crate::rules::Verdict;
use crate::subtype::Containment;

/// A root, and who writes there.
pub(super) type Root = (Question, Direction);

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

    /// Takes note of roots at which some edit counts.
    pub(super) fn stand(&mut self, roots: Vec<Root>) {
        self.standing.extend(roots);
    }
}

/// The findings about roots that lose something for which no finding stands.
pub(super) fn left_over(session: &mut Session<'_>, cleared: Cleared) -> Vec<Entry> {
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
    let mut ledger = Ledger::default();
    for root in order {
        let leads = by_root.remove(&root).unwrap_or_default();
        say(session, &mut ledger, &root, &leads);
    }
    ledger.into_entries()
}

fn say(session: &mut Session<'_>, ledger: &mut Ledger, root: &Root, leads: &[Lead]) {
    let (question, direction) = root;
    let (reader, writer) = match direction {
        Direction::OldToNew => (&question.new, &question.old),
        Direction::NewToOld => (&question.old, &question.new),
    };
    let answer = session.walk.contains((reader, writer), question.polarity, question.carrier);
    let (verdict, reason) = match answer {
        Containment::Holds => return,
        Containment::Fails(_) => (Verdict::Breaking, None),
        Containment::Undecided(reason)
            if session.walk.is_proven_elsewhere(question, *direction, &reason) =>
        {
            return;
        }
        Containment::Undecided(reason) => (Verdict::Undecided, Some(reason)),
    };
    let shapes = &session.walk.shapes;
    let span = |ids: &[_]| ids.first().map(|id| shapes.get(*id).span.span);
    let (Some(was), Some(is)) = (span(&question.old), span(&question.new)) else { return };
    let (edit, path) = sole(&session.walk.judge(question)).unwrap_or_else(|| {
        let edits = leads.iter().map(|lead| &*lead.edit);
        (together((was, is), edits), Path::default())
    });
    let Some(lead) = leads.first() else { return };
    let site = &lead.site;
    let entry = ledger.entry(edit.rule, (edit.old, edit.new), &edit.message, || site.clone());
    let reach = entry.reach(site, question.polarity, verdict, || site.clone());
    entry.finding.anchor = edit.anchor;
    if let Some(reason) = reason {
        entry.finding.proof = Proof::Undecided(reason.to_string());
    } else {
        entry.finding.proof = Proof::Witness;
        entry.lead(Lead { path, edit: Rc::new(edit), reaches: vec![reach], ..lead.clone() });
    }
}
