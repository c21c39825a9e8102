//! Markdown, as GitHub and GitLab render it: for a job's summary and for a comment.
//!
//! Both have a limit beyond which they refuse the whole text, so a page is written to a budget in
//! bytes: details are left out first, then single findings, and each cut says how much is missing.
//! Names of an input stand in code spans only, where nothing is markup, a link or a mention.

mod encode;
mod finding;
mod page;

use encode::{Place, code, prose};
use finding::{Told, accepted_line, assuming, block, line, remark};
use page::Page;

use super::item::{count, distinct_of_all, ranked_contracts};
use super::problem;
use super::tally;
use super::version::version;
use crate::policy::{ContractReport, Report, ReportedProblem, Severity, Subject, Summary};
use crate::rules::Verdict;
use crate::source::Label;

/// What a step may add to a job's summary is 1 MiB.
pub const SUMMARY_BUDGET: usize = 1_000_000;
/// A comment may have 65,536 characters; this leaves room for a marker and a footer.
pub const COMMENT_BUDGET: usize = 60_000;

/// How many contracts and problems are listed before the rest is counted.
const MOST_LISTED: usize = 50;
/// Room for the words that say what was left out.
const RESERVE: usize = 400;

/// The whole report, what must be acted on unfolded, in `budget` bytes.
pub fn summary(report: &Report, budget: usize) -> String {
    render(report, Fold::Harmless, budget)
}

/// The report for a conversation: everything folded below one line each, in `budget` bytes.
pub fn comment(report: &Report, budget: usize) -> String {
    render(report, Fold::All, budget)
}

/// The page of a run that had nothing to report on, because nothing could be compared.
pub fn failure(problems: &[ReportedProblem]) -> String {
    let lines = problems.iter().map(|problem| {
        let place = problem::place(problem).map(|place| format!("{} ", code(&place, Place::Text)));
        format!("\n{}{}\n", place.unwrap_or_default(), prose(&problem.message, Place::Text))
    });
    format!("### ❌ API contracts: not compared\n{}", lines.collect::<String>())
}

/// What a reader must unfold to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    /// Details of what does not fail.
    Harmless,
    /// All details.
    All,
}

fn render(report: &Report, fold: Fold, budget: usize) -> String {
    let mut page = Page::new(budget);
    page.add(&heading(report));
    page.add(&compared(report));
    contracts(report, &mut page);
    problems(report, &mut page);
    let all = distinct_of_all(report).into_iter().map(|found| Told::new(report, found));
    let (accepted, shown): (Vec<Told<'_>>, Vec<Told<'_>>) =
        all.partition(|told| told.item.judged.suppressed.is_some());
    let (urgent, rest): (Vec<Told<'_>>, Vec<Told<'_>>) =
        shown.into_iter().partition(|told| told.item.judged.severity > Severity::Note);
    let (of_policy, harmless): (Vec<Told<'_>>, Vec<Told<'_>>) =
        rest.into_iter().partition(|told| told.item.finding().rule.is_about_policy());
    urgently(&urgent, fold, &mut page);
    let harmless: Vec<String> = harmless.iter().map(assuming).collect();
    in_passing(&format!("✅ {}", count(harmless.len(), "harmless change")), &harmless, &mut page);
    let of_policy: Vec<String> = of_policy.iter().map(remark).collect();
    let title = format!("⚙️ {} of policy", count(of_policy.len(), "remark"));
    in_passing(&title, &of_policy, &mut page);
    let accepted: Vec<String> = accepted.iter().map(accepted_line).collect();
    in_passing(&format!("☑️ {} accepted", accepted.len()), &accepted, &mut page);
    page.text()
}

fn heading(report: &Report) -> String {
    let Summary { undecided, contracts, unchanged, policy, .. } = report.summary();
    if contracts == 0 && unchanged == 0 && report.problems.is_empty() {
        let why = match report.bases.len() {
            0 => "There is nothing to compare with.",
            _ => "No file that could be a contract differs from the base.",
        };
        return format!("### ⚠️ API contracts: nothing was compared\n\n{why}\n");
    }
    let is_blind = report.verdict() == Verdict::Undecided && undecided == 0;
    let words = match (tally::words(&report.contracts), is_blind) {
        (words, true) if words.is_empty() => "not everything was compared".to_owned(),
        (words, false) if words.is_empty() && policy > 0 => "no changes but of policy".to_owned(),
        (words, false) if words.is_empty() => "no changes".to_owned(),
        (words, true) => format!("{words}, but not everything was compared"),
        (words, false) => words,
    };
    format!("### {} API contracts: {words}\n", sign(report, is_blind))
}

/// What the whole comes to: what the team has accepted, or was announced, stops nobody.
fn sign(report: &Report, is_blind: bool) -> &'static str {
    match (worst(report), is_blind) {
        (Severity::Error, _) | (_, true) => mark(report.verdict(), Severity::Error),
        (Severity::Warning, false) => "⚠️",
        (Severity::Note | Severity::Off, false) => "✅",
    }
}

fn worst(report: &Report) -> Severity {
    let all = report.contracts.iter().flat_map(|contract| &contract.findings);
    all.map(|judged| judged.severity).max().unwrap_or(Severity::Off)
}

/// The sign of a verdict.
fn mark(verdict: Verdict, severity: Severity) -> &'static str {
    match (verdict, severity) {
        (Verdict::Breaking, _) => "❌",
        (Verdict::Undecided, _) => "❔",
        (Verdict::Compatible, Severity::Error | Severity::Warning) => "⚠️",
        (Verdict::Compatible, Severity::Note | Severity::Off) => "✅",
    }
}

/// Which states were compared.
fn compared(report: &Report) -> String {
    let mut words: Vec<String> =
        report.bases.iter().map(|base| format!("base {}", label(base))).collect();
    words.push(format!("head {}", label(&report.head)));
    let Summary { contracts, unchanged, .. } = report.summary();
    let uncompared = report.uncompared();
    words.push(format!("{} compared", count(contracts.saturating_sub(uncompared), "contract")));
    if uncompared > 0 {
        words.push(format!("{uncompared} not compared"));
    }
    if unchanged > 0 {
        words.push(format!("{unchanged} unchanged"));
    }
    format!("{}\n", words.join(" · "))
}

fn label(label: &Label) -> String {
    let Label { name, revision } = label;
    let short: Option<String> = revision.as_ref().map(|id| id.chars().take(7).collect());
    match short {
        Some(id) if !name.contains(&id) => {
            format!("{} at {}", code(name, Place::Text), code(&id, Place::Text))
        }
        Some(_) | None => code(name, Place::Text),
    }
}

/// One line, or a table where there are several.
fn contracts(report: &Report, page: &mut Page) {
    let all = ranked_contracts(report);
    let changed: Vec<&ContractReport> =
        all.into_iter().filter(|contract| !contract.findings.is_empty()).collect();
    if let [only] = changed.as_slice() {
        let against = against(report, only).map(|base| format!(" against {base}"));
        let against = against.unwrap_or_default();
        let format = prose(&only.format, Place::Text);
        let path = code(&only.path, Place::Text);
        let version = prose(&version(only), Place::Text);
        let owner = owner(only).map(|owner| format!(" · owned by {owner}")).unwrap_or_default();
        let said = match only.subject {
            Subject::Contract => format!(" · {format} · {version}{owner}"),
            Subject::Policy => " · what the team minds".to_owned(),
        };
        page.add(&format!("\n**{path}**{against}{said}\n"));
        return;
    }
    if changed.is_empty() {
        return;
    }
    let owned = changed.iter().any(|contract| contract.owner.is_some());
    let (title, line) = if owned { (" Owner |", "-|") } else { ("", "") };
    let mut table =
        format!("\n| | Contract | Format | Changes | Version |{title}\n|-|-|-|-|-|{line}\n");
    for contract in changed.iter().take(MOST_LISTED) {
        table.push_str(&row(report, contract, owned));
    }
    if !page.add(&table) {
        page.add(&format!("\n{} changed.\n", count(changed.len(), "contract")));
    } else if changed.len() > MOST_LISTED {
        page.add(&format!("\n… and {}.\n", count(changed.len() - MOST_LISTED, "more contract")));
    }
}

fn row(report: &Report, contract: &ContractReport, owned: bool) -> String {
    let severity = contract.findings.iter().map(|judged| judged.severity).max();
    let mark = mark(contract.verdict, severity.unwrap_or(Severity::Off));
    let mut path = code(&contract.path, Place::Cell);
    if let Some(base) = against(report, contract) {
        path = format!("{path} against {base}");
    }
    let counts = tally::words([contract]);
    let remarks = contract.findings.iter().filter(|one| one.finding.rule.is_about_policy());
    let counts = match (counts.is_empty(), remarks.count()) {
        (true, remarks) => count(remarks, "remark"),
        (false, _) => counts,
    };
    let (format, version) = match contract.subject {
        Subject::Contract => {
            (prose(&contract.format, Place::Cell), prose(&version(contract), Place::Cell))
        }
        Subject::Policy => ("policy".to_owned(), String::new()),
    };
    let last =
        if owned { format!(" {} |", owner(contract).unwrap_or_default()) } else { String::new() };
    format!("| {mark} | {path} | {format} | {counts} | {version} |{last}\n")
}

/// Who owns the contract: in code, so that nobody is called who need not come.
fn owner(contract: &ContractReport) -> Option<String> {
    contract.owner.as_ref().map(|owner| code(owner, Place::Cell))
}

/// The base, where there are several.
fn against(report: &Report, contract: &ContractReport) -> Option<String> {
    let base = report.bases.get(contract.base).filter(|_| report.bases.len() > 1)?;
    Some(code(&base.name, Place::Cell))
}

fn problems(report: &Report, page: &mut Page) {
    let problems = problem::problems(report);
    if problems.is_empty() {
        return;
    }
    let (open, close) = if problems.iter().any(|problem| problem.is_gap()) {
        ("\n**Not everything could be read**\n\n".to_owned(), "")
    } else {
        let remarks = count(problems.len(), "remark");
        let open = "\n<details>\n<summary>";
        (format!("{open}{remarks} on what was read</summary>\n\n"), "\n</details>\n")
    };
    let mut list = vec![open];
    let groups = problem::alike(problems.clone());
    list.extend(groups.iter().take(MOST_LISTED).map(|alike| {
        let problem = alike.first;
        let place = problem::place(problem).map(|place| format!("{} ", code(&place, Place::Text)));
        let said = prose(&problem.message, Place::Text);
        let (place, word) = (place.unwrap_or_default(), problem::word(problem.kind));
        let elsewhere = prose(&alike.elsewhere(), Place::Text);
        format!("- {word}: {place}{said} {}{elsewhere}\n", problem::side(problem))
    }));
    if groups.len() > MOST_LISTED {
        let rest = groups.iter().skip(MOST_LISTED).map(problem::Alike::count).sum();
        let more = count(rest, "more problem");
        list.push(format!("- … and {more}\n"));
    }
    list.push(close.to_owned());
    if !page.add(&list.concat()) {
        page.add(&format!(
            "\n**{}: the other reports list them.**\n",
            count(problems.len(), "problem")
        ));
    }
}

/// What deserves a look: details as long as there is room for them, then lines, then a number.
fn urgently(items: &[Told<'_>], fold: Fold, page: &mut Page) {
    let mut left = items.iter();
    let mut shown = 0;
    for item in left.by_ref() {
        // Details take two thirds; what is left is for the lines of the others.
        let room = page.budget() / 3 * 2;
        let text = block(item, fold);
        if page.used() + text.len() > room || !page.add_keeping(&text, RESERVE) {
            break;
        }
        shown += 1;
    }
    let rest = items.get(shown..).unwrap_or_default();
    if rest.is_empty() {
        return;
    }
    page.add("\n");
    for item in rest {
        if !page.add_keeping(&format!("- {}\n", line(item)), RESERVE) {
            break;
        }
        shown += 1;
    }
    if shown < items.len() {
        page.add(&format!(
            "- … and {}; the other reports list all\n",
            count(items.len() - shown, "more finding")
        ));
    }
}

/// What nobody minds, folded.
fn in_passing(title: &str, items: &[String], page: &mut Page) {
    if items.is_empty() {
        return;
    }
    let head = format!("\n<details>\n<summary>{title}</summary>\n\n");
    let mut list = String::new();
    let mut shown = 0;
    for item in items {
        let next = format!("- {item}\n");
        if page.used() + head.len() + list.len() + next.len() + RESERVE > page.budget() {
            break;
        }
        list.push_str(&next);
        shown += 1;
    }
    let rest = match items.len() - shown {
        0 => String::new(),
        more => format!("- … and {more} more\n"),
    };
    page.add(&format!("{head}{list}{rest}\n</details>\n"));
}
