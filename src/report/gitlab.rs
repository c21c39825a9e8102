//! GitLab Code Quality: a list of remarks, each with a path, a line and a fingerprint of its own.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::escape::escape;
use super::excerpt::Extent;
use super::item::{Item, Place, against, distinct, ranked_of_all};
use super::problem;
use crate::policy::{Report, ReportedProblem, Severity, digest};
use crate::rules::Verdict;

/// Writes the list.
pub(super) fn render(report: &Report, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut seen = Seen::default();
    let problems = problem::problems(report);
    let mut remarks: Vec<Remark> =
        problems.into_iter().map(|problem| of_problem(problem, &mut seen)).collect();
    let items = distinct(ranked_of_all(report)).into_iter();
    remarks
        .extend(items.map(|(item, bases)| of_finding(&item, against(report, &bases), &mut seen)));
    let text = serde_json::to_string_pretty(&remarks).map_err(|_| fmt::Error)?;
    out.write_str(&text)?;
    out.write_str("\n")
}

#[derive(Serialize)]
struct Remark {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// How often a fingerprint was met: of two remarks with the same one GitLab would drop the second.
#[derive(Default)]
struct Seen(BTreeMap<String, usize>);

impl Seen {
    fn unique(&mut self, fingerprint: String) -> String {
        let times = self.0.entry(fingerprint.clone()).or_default();
        *times += 1;
        if *times == 1 { fingerprint } else { format!("{fingerprint}-{times}") }
    }
}

fn of_finding(item: &Item<'_>, against: Option<String>, seen: &mut Seen) -> Remark {
    let finding = item.finding();
    let Place { path, line, .. } = item.located(&item.excerpt(Extent::BRIEF));
    let site = finding.site.to_string();
    let mut description = format!("{}: {}", item.judged.verdict.name(), escape(&finding.message));
    if !site.is_empty() {
        description = format!("{description} ({})", escape(&site));
    }
    if let Some(names) = against {
        description = format!("{description}, against {names}");
    }
    Remark {
        description,
        check_name: finding.rule.id.to_owned(),
        fingerprint: seen.unique(item.judged.fingerprint.clone()),
        severity: match (item.judged.severity, item.judged.verdict) {
            (Severity::Error, Verdict::Breaking) => "critical",
            (Severity::Error, Verdict::Undecided | Verdict::Compatible) => "major",
            (Severity::Warning, _) => "minor",
            (Severity::Note | Severity::Off, _) => "info",
        },
        location: Location { path, lines: Lines { begin: line } },
    }
}

fn of_problem(problem: &ReportedProblem, seen: &mut Seen) -> Remark {
    let ReportedProblem { kind, message, path, position, side, counts: _ } = problem;
    let path = path.clone().unwrap_or_default();
    let word = problem::word(*kind);
    Remark {
        description: format!("{word}: {} {}", escape(message), problem::side(problem)),
        check_name: word.replace(' ', "-"),
        fingerprint: seen.unique(digest(&[word, &path, side, message])),
        severity: match problem::level(problem) {
            Severity::Error => "blocker",
            Severity::Warning | Severity::Note | Severity::Off => "minor",
        },
        location: Location { path, lines: Lines { begin: position.map_or(1, |(line, _)| line) } },
    }
}
