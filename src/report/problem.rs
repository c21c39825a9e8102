//! What could not be used of an input, in words.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::escape::escape;
use super::item::count;
use crate::load::ProblemKind;
use crate::policy::{Report, ReportedProblem, Severity};

/// Every problem of the report, the worst first. What both sides of a contract share is said once.
pub(super) fn problems(report: &Report) -> Vec<&ReportedProblem> {
    let of_contracts = report.contracts.iter().flat_map(|contract| of_both(&contract.problems));
    let mut problems: Vec<&ReportedProblem> = report.problems.iter().chain(of_contracts).collect();
    problems.sort_by_key(|problem| Reverse((problem.counts, problem.kind)));
    problems
}

/// Problems without those of the old side that the new one has too.
fn of_both(problems: &[ReportedProblem]) -> Vec<&ReportedProblem> {
    let mut shared: HashMap<(&str, ProblemKind, bool), usize> = HashMap::new();
    for problem in problems.iter().filter(|problem| problem.side == "new") {
        *shared.entry((&problem.message, problem.kind, problem.is_gap())).or_default() += 1;
    }
    let mut told = Vec::new();
    for problem in problems {
        let key = (problem.message.as_str(), problem.kind, problem.is_gap());
        match shared.get_mut(&key).filter(|left| problem.side == "old" && **left > 0) {
            Some(left) => *left -= 1,
            None => told.push(problem),
        }
    }
    told
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

/// Problems that say the same of several places.
#[derive(Clone, Debug)]
pub(super) struct Alike<'r> {
    /// The first of them.
    pub(super) first: &'r ReportedProblem,
    others: Vec<&'r ReportedProblem>,
}

/// How many places of problems that are alike are named besides the first.
const MOST_PLACES: usize = 3;

impl Alike<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// `, and so at a.yaml:4:1, 9:1 and 12 more places`; empty where there is one.
    pub(super) fn elsewhere(&self) -> String {
        if self.others.is_empty() {
            return String::new();
        }
        let mut file = self.first.path.as_deref();
        let named = self.others.iter().take(MOST_PLACES).filter_map(|problem| {
            let is_there = problem.path.as_deref() == file;
            file = problem.path.as_deref();
            match (is_there, problem.position) {
                (true, Some((line, column))) => Some(format!("{line}:{column}")),
                (true, None) | (false, _) => place(problem),
            }
        });
        let named: Vec<String> = named.collect();
        let named = named.join(", ");
        match self.others.len().saturating_sub(MOST_PLACES) {
            0 => format!(", and so at {named}"),
            more => format!(", and so at {named} and {}", count(more, "more place")),
        }
    }
}

/// Puts together what is said in the same words of the same side, in the order in which each is said
/// first.
pub(super) fn alike(problems: Vec<&ReportedProblem>) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    let mut known: HashMap<(&str, &str, bool), usize> = HashMap::new();
    for problem in problems {
        let key = (problem.message.as_str(), problem.side, problem.counts);
        match known.get(&key).and_then(|index| groups.get_mut(*index)) {
            Some(group) if group.first.kind == problem.kind => group.others.push(problem),
            Some(_) | None => {
                known.insert(key, groups.len());
                groups.push(Alike { first: problem, others: Vec::new() });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(message: &str, path: &str, line: u32) -> ReportedProblem {
        ReportedProblem {
            kind: ProblemKind::Warning,
            message: message.to_owned(),
            path: Some(path.to_owned()),
            position: Some((line, 1)),
            side: "new",
            counts: true,
        }
    }

    #[test]
    fn what_is_said_of_many_places_is_said_once() {
        let mut all: Vec<ReportedProblem> =
            (1..=6).map(|line| remark("a", "x.yaml", line)).collect();
        all.push(remark("b", "x.yaml", 7));
        all.push(remark("a", "y.yaml", 8));
        let groups = alike(all.iter().collect());
        let counts: Vec<(&str, usize)> =
            groups.iter().map(|group| (group.first.message.as_str(), group.count())).collect();
        assert_eq!(counts, [("a", 7), ("b", 1)]);
        let said: Vec<String> = groups.iter().map(Alike::elsewhere).collect();
        assert_eq!(said, [", and so at 2:1, 3:1, 4:1 and 3 more places", ""]);
        let two = alike(vec![&all[0], &all[7]]);
        assert_eq!(two[0].elsewhere(), ", and so at y.yaml:8:1");
    }
}
