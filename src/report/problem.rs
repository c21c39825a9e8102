//! What could not be used of an input, in words.

use std::cmp::Reverse;

use super::escape::escape;
use crate::load::ProblemKind;
use crate::policy::{Report, ReportedProblem, Severity};

/// Every problem of the report, the worst first.
pub(super) fn problems(report: &Report) -> Vec<&ReportedProblem> {
    let of_contracts = report.contracts.iter().flat_map(|contract| &contract.problems);
    let mut problems: Vec<&ReportedProblem> = report.problems.iter().chain(of_contracts).collect();
    problems.sort_by_key(|problem| Reverse((problem.counts, problem.kind)));
    problems
}

/// What became of the place: one word or two.
pub(super) fn word(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Warning => "warning",
        ProblemKind::Part => "not read",
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::Refused => "refused",
    }
}

/// How loud to be: what fails the run is an error.
pub(super) fn level(problem: &ReportedProblem) -> Severity {
    if problem.is_gap() { Severity::Error } else { Severity::Warning }
}

/// `(new)`, or `(old, not of this change)`
pub(super) fn side(problem: &ReportedProblem) -> String {
    let excused = if problem.counts { "" } else { ", not of this change" };
    format!("({}{excused})", problem.side)
}

/// `orders.yaml:3:1`, as far as it is known.
pub(super) fn place(problem: &ReportedProblem) -> Option<String> {
    let path = escape(problem.path.as_deref()?);
    Some(match problem.position {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.into_owned(),
    })
}
