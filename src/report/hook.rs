//! The report of a hook: what stops the commit, in fewer lines than a screen has.

use std::fmt::{self, Write};

use super::escape::escape;
use super::item::{Item, count, ranked_of_all};
use super::problem;
use super::style::{Style, Tone};
use crate::policy::{Report, Severity, Threshold};

/// How many findings are shown, two lines each.
const MOST_FINDINGS: usize = 6;
/// How many problems are shown, a line each.
const MOST_PROBLEMS: usize = 4;

/// Writes what is at or above the threshold, and nothing else.
///
/// # Errors
/// When `out` refuses to be written to.
pub fn render(
    report: &Report,
    fail_on: Threshold,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    for base in &report.bases {
        writeln!(out, "base {}", escape(&base.name))?;
    }
    let least = match fail_on {
        Threshold::At(severity) => severity,
        Threshold::Never => Severity::Error,
    };
    let mut items = ranked_of_all(report);
    items.retain(|item| item.judged.severity >= least);
    for item in items.iter().take(MOST_FINDINGS) {
        finding(item, style, out)?;
    }
    more(items.len(), MOST_FINDINGS, "more finding", out)?;
    let mut problems = problem::problems(report);
    problems.retain(|problem| problem::level(problem) == Severity::Error);
    for problem in problems.iter().take(MOST_PROBLEMS) {
        let place = problem::place(problem).map(|place| format!("{place}: ")).unwrap_or_default();
        let sign = style.paint(Tone::Bad, "!");
        writeln!(out, "{sign} {place}{}", escape(&problem.message))?;
    }
    more(problems.len(), MOST_PROBLEMS, "more problem", out)?;
    if items.is_empty() && problems.is_empty() {
        let compared = match report.summary().contracts {
            0 => "nothing that could be a contract changed".to_owned(),
            some => format!("{} compared, nothing stops this", count(some, "contract")),
        };
        return writeln!(out, "{compared}");
    }
    writeln!(out, "`unbroken check` shows the values that break, and how to go on.")
}

fn finding(item: &Item<'_>, style: Style, out: &mut dyn Write) -> fmt::Result {
    let finding = item.finding();
    let rule = style.paint(Tone::Bad, format!("✗ {}", finding.rule.id));
    writeln!(out, "{rule}  {}", item.position().unwrap_or_default())?;
    writeln!(out, "    {} ({})", escape(&finding.message), escape(&finding.site.to_string()))
}

fn more(all: usize, shown: usize, what: &str, out: &mut dyn Write) -> fmt::Result {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        rest => writeln!(out, "  … and {}", count(rest, what)),
    }
}
