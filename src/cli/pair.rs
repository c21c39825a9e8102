//! One contract, from bytes to a judged report.

use std::sync::Arc;

use super::beside::beside;
use super::preset;
use super::sides::Sides;
use super::terms::{OutsideReferences, Terms};
use crate::diff::{
    Comparison, Finding, Shared, Unread, as_peer, dissolved, has_passed, moved, shared, unpaired,
    unreadable,
};
use crate::load::{Extent, Format, LoadOptions, Loaded, Problem, ProblemKind, load};
use crate::policy::{ContractReport, judge};
use crate::source::{Beyond, ContractPair, Discovered, How, Root, Snapshot};

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
    (before, after): (&mut dyn Snapshot, &mut dyn Snapshot),
    pair: &ContractPair,
    terms: &Terms<'_>,
    base: usize,
    base_problems: BaseProblems,
) -> Option<ContractReport> {
    let ContractPair { old: was, new: is, how } = pair;
    let known = is.as_ref().or(was.as_ref())?;
    let Terms { compare: options, policy, outside, preset } = terms;
    let format = Format::from(known.kind);
    let preset = preset.map(|preset| preset::chosen(preset, &*after, known));
    let (mut old, mut new) = match outside {
        OutsideReferences::Followed => {
            let (mut old, mut new) = (Beyond::new(before), Beyond::new(after));
            known_sides.of((&mut old, &mut new), pair)
        }
        OutsideReferences::Refused => known_sides.of((&mut *before, after), pair),
    };
    if was.is_none() {
        old = garbled(before, known);
    }
    if *how == How::Dissolved
        && let (Some(was), Some(is)) = (&old, &new)
        && !has_passed(was, is)
    {
        // Some of what it promised is nowhere else, or was there already: that it is gone says so.
        new = None;
    }
    let is_new = new.is_some();
    let mut comparison = match (&mut old, &mut new) {
        (Some(old), Some(new)) if is_unknown(old) || is_unknown(new) => Comparison {
            findings: unknown(old, new, base_problems),
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
    if let (Some(old), Some(new)) = (&old, &new) {
        if *how == How::Moved {
            comparison.findings.push(moved(&old.contract, &new.contract));
        }
        if *how == How::Dissolved {
            comparison.findings.push(dissolved(&old.contract, &new.contract));
        }
        comparison.new_problems.extend(beside(old, new));
        comparison.old_problems.extend(unlooked(old));
    }
    let both = old.as_deref().zip(new.as_deref());
    let common = both.map(|(old, new)| shared(old, new)).unwrap_or_default();
    if let (Some(preset), Some(old), Some(new), Format::Protobuf) = (&preset, &old, &new, format) {
        as_peer(&mut comparison, old, new, preset);
    }
    let moved_from = was.as_ref().filter(|_| *how == How::Moved).map(|was| was.root.as_str());
    let path = known.root.as_str();
    let mut report = judge((path, moved_from), comparison, policy, base, (old, new));
    excuse(&mut report, common, base_problems);
    Some(report)
}

/// What of the past of a side was not looked at, where a change asked about it.
fn unlooked(side: &Loaded) -> Vec<Problem> {
    let reasons = side.past.as_ref().map(|past| past.unread()).unwrap_or_default();
    let path = side.contract.path.to_string();
    let told = reasons.into_iter().map(|message| Problem {
        kind: ProblemKind::Warning,
        message,
        span: None,
        path: Some(path.clone()),
    });
    told.collect()
}

/// What lay at the place of a contract that seems to be new, where it cannot be read: it may have been
/// the contract all the same.
fn garbled(old: &dyn Snapshot, new: &Discovered) -> Option<Arc<Loaded>> {
    let Root::File(path) = &new.root else { return None };
    old.content_id(path).ok().flatten()?;
    let loaded = load(old, new, &LoadOptions::default());
    match loaded.extent {
        Extent::Read | Extent::Foreign => None,
        Extent::Nothing => Some(Arc::new(loaded)),
    }
}

fn is_unknown(loaded: &Loaded) -> bool {
    match loaded.extent {
        Extent::Read => false,
        Extent::Nothing | Extent::Foreign => true,
    }
}

/// What a side that cannot be read promises is not known, and nothing is said about it: where it is
/// the head, or the base counts, the problem speaks for itself.
fn unknown(old: &Loaded, new: &Loaded, base_problems: BaseProblems) -> Vec<Finding> {
    let unread = match (base_problems, is_unknown(old), is_unknown(new)) {
        (BaseProblems::Count, ..) | (BaseProblems::Excuse, false, _) => return Vec::new(),
        (BaseProblems::Excuse, true, false) => Unread::Base,
        (BaseProblems::Excuse, true, true) => Unread::Both,
    };
    let wrong = |side: &Loaded| {
        let worst = side.problems.iter().max_by_key(|problem| problem.kind);
        worst.map(|problem| problem.message.clone())
    };
    let why = wrong(if unread == Unread::Base { old } else { new });
    vec![unreadable(&new.contract, unread, &why.unwrap_or_default())]
}

/// What both sides share keeps no change from passing. In `check` neither does what only the base cannot
/// read: where it matters it is an undecided finding, which also tells what neither side can read and
/// has changed.
fn excuse(
    report: &mut ContractReport,
    (of_old, of_new): (Vec<Shared>, Vec<Shared>),
    base_problems: BaseProblems,
) {
    let (mut of_old, mut of_new) = (of_old.into_iter(), of_new.into_iter());
    report.problems.retain_mut(|problem| {
        let is_new = problem.side == "new";
        let shared = if is_new { of_new.next() } else { of_old.next() };
        let shared = shared.unwrap_or(Shared::No);
        let (counts, is_told) = match (base_problems, problem.kind) {
            (BaseProblems::Count, ProblemKind::Part) => (shared != Shared::Whole, true),
            (_, ProblemKind::Warning)
            | (BaseProblems::Count, ProblemKind::Unreadable | ProblemKind::Refused) => (true, true),
            (
                BaseProblems::Excuse,
                ProblemKind::Part | ProblemKind::Unreadable | ProblemKind::Refused,
            ) => (is_new && shared == Shared::No, shared != Shared::Changed),
        };
        problem.counts = counts;
        is_told
    });
    report.heed_problems();
}
