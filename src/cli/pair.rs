//! One contract, from bytes to a judged report.

use std::thread;

use super::arguments::{QuestionOptions, SurfaceArgument};
use crate::diff::{CompareOptions, Comparison, Readers, compare, unpaired, unreadable};
use crate::load::{Format, LoadOptions, Loaded, ProblemKind, load};
use crate::model::{Day, Mode, Surfaces};
use crate::policy::{Announcements, ContractReport, Policy, judge};
use crate::source::{ContractPair, Discovered, How, Snapshot};

/// What a command does with a base that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseProblems {
    /// It is a problem like one of the head: `diff`.
    Count,
    /// It is one undecided finding, so that the change that mends it can pass: `check`.
    Excuse,
}

/// Loads both sides, each on its own thread, compares them and judges the result.
pub(super) fn report_pair(
    (old, new): (&mut dyn Snapshot, &mut dyn Snapshot),
    pair: &ContractPair,
    question: &QuestionOptions,
    base: usize,
    base_problems: BaseProblems,
) -> Option<ContractReport> {
    let ContractPair { old: was, new: is, how } = pair;
    let known = is.as_ref().or(was.as_ref())?;
    let format = Format::from(known.kind);
    let (old, new) = load_both((old, was.as_ref()), (new, is.as_ref()));
    let options = CompareOptions {
        mode: question.mode.map_or_else(|| default_mode(format), Mode::from),
        assumptions: question.assumptions(),
        readers: Readers::Strict,
    };
    let unreadable_base = old.as_ref().is_some_and(is_unreadable);
    let comparison = match (&old, &new) {
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
        (Some(old), Some(new)) => compare(old, new, options),
        (Some(side), None) | (None, Some(side)) => {
            let findings = vec![unpaired(&side.contract, new.is_some())];
            let (old_problems, new_problems) = if new.is_some() {
                (Vec::new(), side.problems.clone())
            } else {
                (side.problems.clone(), Vec::new())
            };
            Comparison { findings, old_problems, new_problems }
        }
        (None, None) => return None,
    };
    let announcements = Announcements { today: Some(today(question)), minimum_days: 0 };
    let policy = Policy { surfaces: surfaces(question, format), announcements };
    let mut report = judge(known.root.as_str(), comparison, policy, base, (old, new));
    if base_problems == BaseProblems::Excuse {
        excuse_the_base(&mut report);
    }
    if *how == How::Moved
        && let Some(was) = was
    {
        report.moved_from = Some(was.root.as_str().to_owned());
    }
    Some(report)
}

/// The day that announcements are held against: the one that was named, else this one.
fn today(question: &QuestionOptions) -> Day {
    let now = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    question.today.unwrap_or_else(now)
}

fn load_both(
    (old, was): (&mut dyn Snapshot, Option<&Discovered>),
    (new, is): (&mut dyn Snapshot, Option<&Discovered>),
) -> (Option<Loaded>, Option<Loaded>) {
    let options = LoadOptions::default();
    thread::scope(|scope| {
        // A snapshot may be used by one thread at a time, so each thread has its own.
        let (there, found) = (&options, is);
        let new_side = scope.spawn(move || found.map(|found| load(new, found, there)));
        let old_side = was.map(|found| load(old, found, &options));
        (old_side, new_side.join().unwrap_or(None))
    })
}

fn is_unreadable(loaded: &Loaded) -> bool {
    loaded.problems.iter().any(|problem| match problem.kind {
        ProblemKind::Unreadable => true,
        ProblemKind::Warning | ProblemKind::Part | ProblemKind::Refused => false,
    })
}

/// What only the base cannot read, or what both sides share, keeps no pull request from passing.
fn excuse_the_base(report: &mut ContractReport) {
    let shared: Vec<String> = report
        .problems
        .iter()
        .filter(|problem| problem.side == "old")
        .map(|problem| problem.message.clone())
        .collect();
    for problem in &mut report.problems {
        problem.counts = problem.side == "new" && !shared.contains(&problem.message);
    }
}

fn default_mode(format: Format) -> Mode {
    match format {
        Format::OpenApi | Format::JsonSchema => Mode::Backward,
        Format::Protobuf => Mode::Full,
    }
}

fn surfaces(question: &QuestionOptions, format: Format) -> Surfaces<bool> {
    if question.surface.is_empty() {
        return format.default_surfaces();
    }
    let has = |surface| question.surface.contains(&surface);
    Surfaces {
        wire: has(SurfaceArgument::Wire),
        json: has(SurfaceArgument::Json),
        source: has(SurfaceArgument::Source),
    }
}
