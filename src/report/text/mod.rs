//! The report for people at a terminal.
//!
//! What somebody must act on comes first and in full: the edit as a diff, the value that breaks, who
//! confirmed it, what to do. What needs a look is brief, and what is harmless takes a line.

mod finding;
mod value;
mod witness;

use std::cmp::Reverse;
use std::fmt::{self, Write};

use finding::{Item, count};

use super::escape::escape;
use super::style::{Style, Tone};
use crate::load::ProblemKind;
use crate::policy::{ContractReport, JudgedFinding, Report, ReportedProblem, Severity, Subject};
use crate::rules::Verdict;
use crate::source::Label;

/// How many harmless changes of a contract are listed.
const MOST_NOTES: usize = 20;
/// How many characters of a commit id are shown.
const REVISION_LENGTH: usize = 7;

/// Writes the report as text.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> fmt::Result {
    let mut words: Vec<String> =
        report.bases.iter().map(|base| format!("base {}", label(base))).collect();
    words.push(format!("head {}", label(&report.head)));
    writeln!(out, "{}", words.join(" · "))?;
    for contract in &report.contracts {
        contract_section(report, contract, style, out)?;
    }
    let of_contracts = report.contracts.iter().flat_map(|contract| &contract.problems);
    let mut problems: Vec<&ReportedProblem> = report.problems.iter().chain(of_contracts).collect();
    if !problems.is_empty() {
        problems.sort_by_key(|problem| Reverse(problem.kind));
        out.write_str("\n")?;
        for problem in problems {
            self::problem(problem, style, out)?;
        }
    }
    summary(report, style, out)
}

fn label(label: &Label) -> String {
    let Label { name, revision } = label;
    let short: Option<String> =
        revision.as_ref().map(|id| id.chars().take(REVISION_LENGTH).collect());
    match short {
        Some(id) if !name.contains(&id) => format!("{} at {id}", escape(name)),
        Some(_) | None => escape(name).into_owned(),
    }
}

fn contract_section(
    report: &Report,
    contract: &ContractReport,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    contract_line(report, contract, style, out)?;
    let mut findings: Vec<&JudgedFinding> = contract.findings.iter().collect();
    findings.sort_by_key(|judged| {
        let reach = judged.finding.reached_from.len();
        (Reverse(judged.severity), Reverse(judged.verdict), Reverse(reach))
    });
    let of = |severity: Severity| {
        findings.iter().filter(move |judged| judged.severity == severity).map(|judged| Item {
            contract,
            judged,
            style,
            scope: report.scope,
        })
    };
    for item in of(Severity::Error) {
        out.write_str("\n")?;
        item.in_full(out)?;
    }
    for item in of(Severity::Warning) {
        out.write_str("\n")?;
        item.in_brief(out)?;
    }
    for (index, item) in of(Severity::Note).take(MOST_NOTES).enumerate() {
        if index == 0 {
            out.write_str("\n")?;
        }
        item.in_passing(out)?;
    }
    match of(Severity::Note).count().saturating_sub(MOST_NOTES) {
        0 => {}
        more => writeln!(out, "  … and {} (--format json lists all)", count(more, "more note"))?,
    }
    let accepted = findings.iter().filter(|judged| judged.suppressed.is_some());
    for (index, judged) in accepted.enumerate() {
        if index == 0 {
            out.write_str("\n")?;
        }
        Item { contract, judged, style, scope: report.scope }.accepted(out)?;
    }
    Ok(())
}

/// `api/orders.yaml  openapi-3.1 · BREAKING · 1 breaking, 2 compatible · needs a major version, …`
fn contract_line(
    report: &Report,
    contract: &ContractReport,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    write!(out, "\n{}", style.paint(Tone::Strong, escape(&contract.path)))?;
    if let Some(was) = &contract.moved_from {
        write!(out, " (was {})", escape(was))?;
    }
    if report.bases.len() > 1
        && let Some(base) = report.bases.get(contract.base)
    {
        write!(out, " against {}", label(base))?;
    }
    if contract.subject == Subject::Policy {
        let about = "what this change, and the calendar, do to what the team minds";
        return writeln!(out, "  {about}");
    }
    write!(out, "  {} · {}", escape(&contract.format), verdict(contract.verdict, style))?;
    let of = |verdict: Verdict| {
        let found = contract.findings.iter().filter(|judged| judged.verdict == verdict).count();
        (found > 0).then(|| format!("{found} {}", verdict.name()))
    };
    let counts: Vec<String> = [Verdict::Breaking, Verdict::Undecided, Verdict::Compatible]
        .into_iter()
        .filter_map(of)
        .collect();
    if counts.is_empty() {
        return out.write_str(" · no change\n");
    }
    write!(out, " · {} · {}", counts.join(", "), version(contract))?;
    if let Some(owner) = &contract.owner {
        write!(out, " · owned by {}", escape(owner))?;
    }
    out.write_str("\n")
}

/// Which version the changes call for, and which one is declared.
fn version(contract: &ContractReport) -> String {
    let needed = match contract.suggested_bump() {
        "none" => "needs no new version".to_owned(),
        bump => format!("needs a {bump} version"),
    };
    let declared = |side: &Option<crate::load::Loaded>| {
        let stated = side.as_ref()?.contract.version.as_ref()?;
        Some(escape(&stated.text).into_owned())
    };
    match (declared(&contract.old), declared(&contract.new)) {
        (Some(old), Some(new)) if old == new => format!("{needed}, still declares {new}"),
        (Some(old), Some(new)) => format!("{needed}, declares {old} → {new}"),
        (None, Some(one)) | (Some(one), None) => format!("{needed}, declares {one}"),
        (None, None) => needed,
    }
}

fn verdict(verdict: Verdict, style: Style) -> String {
    let (tone, word) = match verdict {
        Verdict::Breaking => (Tone::Bad, "BREAKING"),
        Verdict::Undecided => (Tone::Doubtful, "UNDECIDED"),
        Verdict::Compatible => (Tone::Good, "compatible"),
    };
    style.paint(tone, word).to_string()
}

fn problem(problem: &ReportedProblem, style: Style, out: &mut dyn Write) -> fmt::Result {
    let ReportedProblem { kind, message, path, position, side, counts } = problem;
    let (tone, word) = match kind {
        ProblemKind::Warning => (Tone::Faint, "warning"),
        ProblemKind::Part => (Tone::Doubtful, "not read"),
        ProblemKind::Unreadable => (Tone::Bad, "unreadable"),
        ProblemKind::Refused => (Tone::Bad, "refused"),
    };
    let mut place = path.as_deref().map_or_else(String::new, |path| escape(path).into_owned());
    if let Some((line, column)) = position {
        place = format!("{place}:{line}:{column}");
    }
    if !place.is_empty() {
        place.push_str(": ");
    }
    let excused = if *counts { "" } else { ", not of this change" };
    writeln!(out, "{}: {place}{} ({side}{excused})", style.paint(tone, word), escape(message))
}

fn summary(report: &Report, style: Style, out: &mut dyn Write) -> fmt::Result {
    let found = report.summary();
    if report.contracts.is_empty() && found.unchanged == 0 && report.problems.is_empty() {
        let message =
            "nothing was compared: no file that could be a contract differs from the base";
        return writeln!(out, "\n{message}");
    }
    let mut words = vec![format!("{} compared", count(found.contracts, "contract"))];
    if found.unchanged > 0 {
        words.push(format!("{} unchanged", found.unchanged));
    }
    let kinds = [
        (found.breaking, "breaking"),
        (found.undecided, "undecided"),
        (found.compatible, "compatible"),
    ];
    let mut kinds: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if found.suppressed > 0 {
        kinds.push(format!("{} of them accepted", found.suppressed));
    }
    let changes = if kinds.is_empty() { "no changes".to_owned() } else { kinds.join(", ") };
    let of_contracts = report.contracts.iter().flat_map(|contract| &contract.problems);
    let unread = of_contracts.chain(&report.problems).filter(|problem| problem.is_gap()).count();
    if unread > 0 {
        words.push(format!("{} kept from comparing everything", count(unread, "problem")));
    }
    let verdict = verdict(report.verdict(), style);
    writeln!(out, "\n{verdict}: {changes} · {}", words.join(", "))
}
