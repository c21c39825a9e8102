//! The report of a hook: what stops the commit, in fewer lines than a screen has.

use std::fmt::{self, Write};

use super::escape::escape;
use super::item::{Item, against, count, distinct, ranked_of_all};
use super::problem;
use super::style::{Style, Tone};
use crate::policy::{Report, Severity, Threshold};
use crate::rules::Verdict;

/// How many findings are shown, two lines each.
const MOST_FINDINGS: usize = 6;
/// How many problems are shown, a line each.
const MOST_PROBLEMS: usize = 4;
/// How many characters of a line are shown.
const MOST_COLUMNS: usize = 160;

/// Writes what is at or above the threshold, and nothing else: no word where nothing changed that could
/// be a contract, one line where nothing stops the commit, and never more than twenty.
///
/// # Errors
/// When `out` refuses to be written to.
pub fn render(
    report: &Report,
    fail_on: Threshold,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    let least = match fail_on {
        Threshold::At(severity) => severity,
        Threshold::Never => Severity::Error,
    };
    let mut items = distinct(ranked_of_all(report));
    items.retain(|(item, _)| item.judged.severity >= least);
    let mut problems = problem::problems(report);
    problems.retain(|problem| problem::level(problem) == Severity::Error);
    if items.is_empty() && problems.is_empty() {
        return match report.summary().contracts {
            0 => Ok(()),
            some => {
                let compared = count(some, "contract");
                writeln!(out, "unbroken: {compared} compared with {}, fine", bases(report))
            }
        };
    }
    writeln!(out, "unbroken: compared with {}", bases(report))?;
    for (item, bases) in items.iter().take(MOST_FINDINGS) {
        finding(item, against(report, bases), style, out)?;
    }
    more(items.len(), MOST_FINDINGS, "more finding", out)?;
    for problem in problems.iter().take(MOST_PROBLEMS) {
        let place = problem::place(problem).map(|place| format!("{place}: ")).unwrap_or_default();
        let sign = style.paint(Tone::Bad, "!");
        writeln!(out, "{sign} {}", shortened(&format!("{place}{}", escape(&problem.message))))?;
    }
    more(problems.len(), MOST_PROBLEMS, "more problem", out)?;
    writeln!(out, "`unbroken check` shows the values that break, and how to go on.")
}

/// What was compared with: in words where it is one, else the first and how many more.
fn bases(report: &Report) -> String {
    let first = report.bases.first().map(|base| escape(&base.name)).unwrap_or_default();
    match report.bases.len() {
        0 | 1 => first.into_owned(),
        several => format!("{first} and {}", count(several - 1, "supported version")),
    }
}

fn finding(
    item: &Item<'_>,
    against: Option<String>,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    let finding = item.finding();
    let (tone, sign) = match item.judged.verdict {
        Verdict::Breaking => (Tone::Bad, "✗"),
        Verdict::Undecided => (Tone::Doubtful, "?"),
        Verdict::Compatible => (Tone::Strong, "·"),
    };
    let rule = style.paint(tone, format!("{sign} {}", finding.rule.id));
    let against = against.map(|names| format!(", against {names}"));
    let (place, against) = (item.position().unwrap_or_default(), against.unwrap_or_default());
    writeln!(out, "{rule}  {}", shortened(&format!("{place}{against}")))?;
    let site = finding.site.to_string();
    let site = if site.is_empty() { site } else { format!(" ({})", escape(&site)) };
    writeln!(out, "    {}", shortened(&format!("{}{site}", escape(&finding.message))))
}

/// A line that a screen can show.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(MOST_COLUMNS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

fn more(all: usize, shown: usize, what: &str, out: &mut dyn Write) -> fmt::Result {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        rest => writeln!(out, "  … and {}", count(rest, what)),
    }
}
