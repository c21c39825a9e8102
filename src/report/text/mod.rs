//! The report for people at a terminal.
//!
//! What somebody must act on comes first and in full: the edit as a diff, the value that breaks, who
//! confirmed it, what to do. What needs a look is brief, and what is harmless takes a line.

mod finding;
mod value;
pub(super) mod witness;
mod wrap;

use std::collections::HashMap;
use std::fmt::{self, Write};

use finding::Told;
use wrap::Wrapped;

use super::escape::escape;
use super::item::{Item, accepted, count, ignored, ranked, ranked_contracts};
use super::problem::{self, Alike};
use super::style::{Style, Tone};
use super::tally;
use super::version::version;
use super::{Options, Screen};
use crate::load::ProblemKind;
use crate::policy::{ContractReport, Report, ReportedProblem, Severity, Subject};
use crate::rules::Verdict;
use crate::source::Label;

/// How many harmless changes of a contract are listed.
const MOST_NOTES: usize = 20;
/// How many remarks on the inputs are listed.
const MOST_REMARKS: usize = 20;
/// How many characters of a commit id are shown.
const REVISION_LENGTH: usize = 7;

/// Writes the report as text, for the terminal if there is one.
pub(super) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> fmt::Result {
    let Options { style, screen, fail_on: _, key: _ } = options;
    match screen {
        Some(screen) => {
            let page = &mut Wrapped::new(out, screen.columns);
            Page { report, style: *style, screen: Some(screen) }.render(page)
        }
        None => Page { report, style: *style, screen: None }.render(out),
    }
}

/// What has been told of earlier bases: how bad each edit was, and which base it was found against.
#[derive(Default)]
struct Known<'r>(HashMap<(&'r str, &'r str), Telling>);

/// How bad an edit was, and against which base.
type Telling = ((Severity, Verdict), usize);

impl<'r> Known<'r> {
    /// Whether the same edit was told before, no milder, of another base.
    fn tells(&self, item: &Item<'r>) -> bool {
        let ((path, fingerprint), (weight, base)) = Self::telling(item);
        let told = self.0.get(&(path, fingerprint));
        told.is_some_and(|(told, of)| *of != base && *told >= weight)
    }

    /// Takes note of what is told.
    fn note(&mut self, item: &Item<'r>) {
        let (edit, telling) = Self::telling(item);
        self.0.insert(edit, telling);
    }

    fn telling(item: &Item<'r>) -> ((&'r str, &'r str), Telling) {
        let Item { contract, judged } = item;
        let edit = (contract.path.as_str(), judged.fingerprint.as_str());
        (edit, ((judged.severity, judged.verdict), contract.base))
    }
}

/// A report on its way to a reader.
#[derive(Clone, Copy)]
struct Page<'r> {
    report: &'r Report,
    style: Style,
    screen: Option<&'r Screen>,
}

impl<'r> Page<'r> {
    fn render(self, out: &mut dyn Write) -> fmt::Result {
        let report = self.report;
        let mut words: Vec<String> =
            report.bases.iter().map(|base| format!("base {}", label(base))).collect();
        words.push(format!("head {}", label(&report.head)));
        writeln!(out, "{}", words.join(" · "))?;
        let mut known = Known::default();
        for contract in ranked_contracts(report) {
            self.contract(contract, &mut known, out)?;
        }
        self.problems(out)?;
        self.summary(out)
    }

    fn contract(
        self,
        contract: &'r ContractReport,
        known: &mut Known<'r>,
        out: &mut dyn Write,
    ) -> fmt::Result {
        self.contract_line(contract, out)?;
        let (again, items): (Vec<Item<'r>>, Vec<Item<'r>>) =
            ranked(contract).into_iter().partition(|item| known.tells(item));
        let is_note = |item: &&Item<'r>| item.judged.severity == Severity::Note;
        let notes = items.iter().filter(is_note).take(MOST_NOTES);
        let others = items.iter().filter(|item| !is_note(item));
        others.chain(notes).for_each(|item| known.note(item));
        let of = |severity: Severity| {
            let of_it = items.iter().filter(move |item| item.judged.severity == severity);
            of_it.map(|item| self.told(*item))
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
            more => {
                writeln!(out, "  … and {} (--format json lists all)", count(more, "more note"))?;
            }
        }
        for (index, item) in again.iter().take(MOST_NOTES).enumerate() {
            if index == 0 {
                out.write_str("\n")?;
            }
            self.told(*item).again(out)?;
        }
        if again.len() > MOST_NOTES {
            writeln!(out, "  … and {} more as above", again.len() - MOST_NOTES)?;
        }
        for (index, item) in accepted(contract).into_iter().enumerate() {
            if index == 0 {
                out.write_str("\n")?;
            }
            self.told(item).accepted(out)?;
        }
        Ok(())
    }

    fn told(self, item: Item<'r>) -> Told<'r> {
        Told { item, style: self.style, scope: self.report.scope, screen: self.screen }
    }

    /// `api/orders.yaml  openapi-3.1 · BREAKING · 1 breaking, 2 compatible · needs a major version, …`
    fn contract_line(self, contract: &ContractReport, out: &mut dyn Write) -> fmt::Result {
        let Self { report, style, screen } = self;
        let path = style.paint(Tone::Strong, escape(&contract.path));
        match screen.filter(|_| contract.new.is_some()) {
            Some(screen) => write!(out, "\n{}", screen.link(&contract.path, path))?,
            None => write!(out, "\n{path}")?,
        }
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
        if contract.findings.is_empty() {
            let said = if contract.is_compared() { "no change" } else { "not compared" };
            return writeln!(out, " · {said}");
        }
        match tally::words([contract]) {
            counts if counts.is_empty() => {}
            counts => write!(out, " · {counts}")?,
        }
        match ignored(contract) {
            0 => {}
            off => write!(out, " ({off} off)")?,
        }
        write!(out, " · {}", version(contract))?;
        if let Some(owner) = &contract.owner {
            write!(out, " · owned by {}", escape(owner))?;
        }
        out.write_str("\n")
    }

    /// What keeps the answer from being complete, and the first of what is only remarked.
    fn problems(self, out: &mut dyn Write) -> fmt::Result {
        let (gaps, remarks): (Vec<&ReportedProblem>, Vec<&ReportedProblem>) =
            problem::problems(self.report).into_iter().partition(|problem| problem.is_gap());
        if gaps.is_empty() && remarks.is_empty() {
            return Ok(());
        }
        out.write_str("\n")?;
        let (gaps, remarks) = (problem::alike(gaps), problem::alike(remarks));
        for problems in gaps.iter().chain(remarks.iter().take(MOST_REMARKS)) {
            self.problem(problems, out)?;
        }
        let rest = remarks.get(MOST_REMARKS..).unwrap_or_default();
        match rest.iter().map(Alike::count).sum() {
            0 => Ok(()),
            more => {
                writeln!(out, "  … and {} (--format json lists all)", count(more, "more remark"))
            }
        }
    }

    fn problem(self, alike: &Alike<'_>, out: &mut dyn Write) -> fmt::Result {
        let problem = alike.first;
        let tone = match problem.kind {
            ProblemKind::Warning => Tone::Faint,
            ProblemKind::Part => Tone::Doubtful,
            ProblemKind::Unreadable | ProblemKind::Refused => Tone::Bad,
        };
        let word = self.style.paint(tone, problem::word(problem.kind));
        let place = problem::place(problem).map(|place| format!("{place}: ")).unwrap_or_default();
        let message = escape(&problem.message);
        writeln!(out, "{word}: {place}{message} {}{}", problem::side(problem), alike.elsewhere())
    }

    fn summary(self, out: &mut dyn Write) -> fmt::Result {
        let report = self.report;
        let found = report.summary();
        if report.contracts.is_empty() && found.unchanged == 0 && report.problems.is_empty() {
            let why = match report.bases.len() {
                0 => "there is nothing to compare with",
                _ => "no file that could be a contract differs from the base",
            };
            return writeln!(out, "\nnothing was compared: {why}");
        }
        let uncompared = report.uncompared();
        let compared = found.contracts.saturating_sub(uncompared);
        let mut words = vec![format!("{} compared", count(compared, "contract"))];
        if uncompared > 0 {
            words.push(format!("{uncompared} not compared"));
        }
        if found.unchanged > 0 {
            words.push(format!("{} unchanged", found.unchanged));
        }
        let mut changes = tally::words(&report.contracts);
        if changes.is_empty() {
            let is_blind = compared == 0 && uncompared > 0;
            changes.push_str(if is_blind { "nothing was compared" } else { "no changes" });
        }
        if found.policy > 0 {
            changes = format!("{changes}, {} of policy", count(found.policy, "remark"));
        }
        let problems = problem::problems(report);
        let unread = problems.into_iter().filter(|problem| problem.is_gap()).count();
        if unread > 0 {
            words.push(format!("{} kept from comparing everything", count(unread, "problem")));
        }
        let verdict = verdict(report.verdict(), self.style);
        writeln!(out, "\n{verdict}: {changes} · {}", words.join(", "))
    }
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

fn verdict(verdict: Verdict, style: Style) -> String {
    let (tone, word) = match verdict {
        Verdict::Breaking => (Tone::Bad, "BREAKING"),
        Verdict::Undecided => (Tone::Doubtful, "UNDECIDED"),
        Verdict::Compatible => (Tone::Good, "compatible"),
    };
    style.paint(tone, word).to_string()
}
