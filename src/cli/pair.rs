//! One contract, from bytes to a judged report.

use std::sync::Arc;

use super::preset;
use super::sides::Sides;
use super::terms::{OutsideReferences, Terms};
use crate::diff::{Comparison, Finding, Unread, as_peer, moved, unpaired, unreadable};
use crate::document::ONLY_THE_FIRST;
use crate::load::{Extent, Format, LoadOptions, Loaded, Problem, ProblemKind, load};
use crate::policy::{ContractReport, ReportedProblem, judge};
use crate::source::{Beyond, ContractPair, Discovered, How, Root, Snapshot, Span};

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
        comparison.new_problems.extend(beside(old, new));
    }
    if let (Some(preset), Some(old), Some(new), Format::Protobuf) = (&preset, &old, &new, format) {
        as_peer(&mut comparison, old, new, preset);
    }
    let moved_from = was.as_ref().filter(|_| *how == How::Moved).map(|was| was.root.as_str());
    let path = known.root.as_str();
    let mut report = judge((path, moved_from), comparison, policy, base, (old, new));
    excuse(&mut report, pair, base_problems);
    Some(report)
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
    vec![unreadable(&new.contract, unread)]
}

/// Of a file that holds several documents the first is read; an edit of another is not compared, and is
/// not passed over either.
fn beside(old: &Loaded, new: &Loaded) -> Option<Problem> {
    let (was, is) = (others(old), others(new));
    let texts = |found: &[(&str, Span)]| {
        let mut texts: Vec<String> = found.iter().map(|(text, _)| (*text).to_owned()).collect();
        texts.sort_unstable();
        texts
    };
    if texts(&was) == texts(&is) {
        return None;
    }
    let message = "another document of this file has changed, and only the first is compared: give it a \
                   file of its own";
    Some(Problem {
        kind: ProblemKind::Part,
        message: message.to_owned(),
        span: is.first().map(|(_, span)| *span),
        path: Some(new.contract.path.to_string()),
    })
}

/// The documents of its files that are not read, as text, and where; markers alone are none.
fn others(loaded: &Loaded) -> Vec<(&str, Span)> {
    let unread = loaded.problems.iter().filter(|problem| problem.message == ONLY_THE_FIRST);
    let texts =
        unread.filter_map(|problem| Some((loaded.files.text(problem.span?), problem.span?)));
    let says = |line: &str| !matches!(line, "" | "---" | "...") && !line.starts_with('#');
    texts.filter(|(text, _)| text.lines().map(str::trim).any(says)).collect()
}

/// What both sides share keeps no change from passing, nor does what only the base cannot read:
/// where it matters it is an undecided finding.
fn excuse(report: &mut ContractReport, pair: &ContractPair, base_problems: BaseProblems) {
    let told = |problem: &ReportedProblem| (problem.message.clone(), file(problem, pair));
    let of_base = report.problems.iter().filter(|problem| problem.side == "old");
    let mut shared: Vec<(String, Option<String>)> = of_base.map(told).collect();
    for problem in &mut report.problems {
        let this = told(problem);
        let known = shared.iter().position(|known| *known == this);
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

/// The name of the file that the problem is in, wherever that lies; the document itself has one on
/// each side, and here none.
fn file(problem: &ReportedProblem, pair: &ContractPair) -> Option<String> {
    let path = problem.path.as_deref()?;
    let mut sides = pair.old.iter().chain(&pair.new);
    let is_document = sides.any(|side| side.root.as_str() == path);
    let name = path.rsplit('/').next().filter(|_| !is_document);
    name.map(str::to_owned)
}
