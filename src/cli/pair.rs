//! One contract, from bytes to a judged report.

use super::preset;
use super::sides::Sides;
use super::terms::{OutsideReferences, Terms};
use crate::diff::{Comparison, as_peer, unpaired, unreadable};
use crate::load::{Format, Loaded, ProblemKind};
use crate::policy::{ContractReport, judge};
use crate::source::{Beyond, ContractPair, How, Snapshot};

/// What a command does with a base that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseProblems {
    /// It is a problem like one of the head: `diff`.
    Count,
    /// It is one undecided finding, so that the change that mends it can pass: `check`.
    Excuse,
}

/// Compares both sides of a pair and judges the result.
pub(super) fn report_pair(
    known_sides: &mut Sides,
    (old, new): (&mut dyn Snapshot, &mut dyn Snapshot),
    pair: &ContractPair,
    terms: &Terms<'_>,
    base: usize,
    base_problems: BaseProblems,
) -> Option<ContractReport> {
    let ContractPair { old: was, new: is, how } = pair;
    let known = is.as_ref().or(was.as_ref())?;
    let Terms { compare: options, policy, outside, preset } = terms;
    let format = Format::from(known.kind);
    let preset = preset.map(|preset| preset::chosen(preset, &*new, known));
    let (mut old, mut new) = match outside {
        OutsideReferences::Followed => {
            let (mut old, mut new) = (Beyond::new(old), Beyond::new(new));
            known_sides.of((&mut old, &mut new), pair)
        }
        OutsideReferences::Refused => known_sides.of((old, new), pair),
    };
    let unreadable_base = old.as_deref().is_some_and(is_unreadable);
    let is_new = new.is_some();
    let mut comparison = match (&mut old, &mut new) {
        (Some(old), Some(new))
            if base_problems == BaseProblems::Excuse && unreadable_base && !is_unreadable(new) =>
        {
            let findings = vec![unreadable(&new.contract)];
            let new_problems = new.problems.clone();
            Comparison { findings, old_problems: old.problems.clone(), new_problems }
        }
        // What a side that cannot be read promises is not known; nothing is said about it.
        (Some(old), Some(new)) if unreadable_base || is_unreadable(new) => Comparison {
            findings: Vec::new(),
            old_problems: old.problems.clone(),
            new_problems: new.problems.clone(),
        },
        (Some(old), Some(new)) => known_sides.compare(old, new, *options),
        (Some(side), None) | (None, Some(side)) => {
            let findings = vec![unpaired(&side.contract, is_new)];
            let (old_problems, new_problems) = if is_new {
                (Vec::new(), side.problems.clone())
            } else {
                (side.problems.clone(), Vec::new())
            };
            Comparison { findings, old_problems, new_problems }
        }
        (None, None) => return None,
    };
    if let (Some(preset), Some(old), Some(new), Format::Protobuf) = (&preset, &old, &new, format) {
        as_peer(&mut comparison, old, new, preset);
    }
    let moved_from = was.as_ref().filter(|_| *how == How::Moved).map(|was| was.root.as_str());
    let path = known.root.as_str();
    let mut report = judge((path, moved_from), comparison, policy, base, (old, new));
    excuse(&mut report, base_problems);
    Some(report)
}

fn is_unreadable(loaded: &Loaded) -> bool {
    loaded.problems.iter().any(|problem| match problem.kind {
        ProblemKind::Unreadable => true,
        ProblemKind::Warning | ProblemKind::Part | ProblemKind::Refused => false,
    })
}

/// What both sides share keeps no change from passing, nor does what only the base cannot read:
/// where it matters it is an undecided finding.
fn excuse(report: &mut ContractReport, base_problems: BaseProblems) {
    let of_base = report.problems.iter().filter(|problem| problem.side == "old");
    let mut shared: Vec<String> = of_base.map(|problem| problem.message.clone()).collect();
    for problem in &mut report.problems {
        let known = shared.iter().position(|message| *message == problem.message);
        let is_new = problem.side == "new" && known.is_none();
        if let Some(known) = known.filter(|_| problem.side == "new") {
            // Each problem of the base excuses one of the head.
            shared.swap_remove(known);
        }
        problem.counts = match (problem.kind, base_problems) {
            (ProblemKind::Part, _)
            | (ProblemKind::Unreadable | ProblemKind::Refused, BaseProblems::Excuse) => is_new,
            (ProblemKind::Unreadable | ProblemKind::Refused, BaseProblems::Count)
            | (ProblemKind::Warning, _) => true,
        };
    }
    report.heed_problems();
}
