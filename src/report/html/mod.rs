//! A page for reviewers: one file that asks nothing of any server.
//!
//! Everything is in the markup, so that it can be read, searched and printed without a script; the
//! script filters, and is allowed by its digest alone, as the style is. No name of an input is ever
//! markup: `maud` writes it as text.

mod finding;
mod rows;

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::escape::escape;
use super::item::{Item, against, count, distinct_of_all, ignored, ranked_contracts};
use super::problem::{self, Alike};
use super::tally::{Tally, tallies};
use super::version::version;
use crate::model::Surface;
use crate::policy::{ContractReport, Report, ReportedProblem, Severity, Subject, Summary};
use crate::rules::Verdict;
use crate::source::Label;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What is said where a problem keeps the answer from being complete.
const NOT_EVERYTHING: &str = "Not everything was compared";

/// How many contracts are listed before the rest is folded.
const MOST_CONTRACTS: usize = 8;
/// How many problems are listed before the rest is folded.
const MOST_PROBLEMS: usize = 5;
/// How many are in a list at all.
const MOST_LISTED: usize = 300;

/// A finding, and the bases that it is about.
type Found<'r> = (Item<'r>, Vec<usize>);

/// Writes the page.
pub(super) fn render(report: &Report, out: &mut dyn fmt::Write) -> fmt::Result {
    out.write_str(&page(report).into_string())
}

fn page(report: &Report) -> Markup {
    let items = distinct_of_all(report);
    let contracts = ranked_contracts(report);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (title(report)) " · Unbroken" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.top.wide {
                    (brand())
                    h1 { (headline(report)) }
                    (compared(report))
                    (contract_list(report, &contracts))
                    (problems(report))
                }
                @if !items.is_empty() { (filters(&items, report, &contracts)) }
                main.wide {
                    p.status #status role="status" { (count(items.len(), "finding")) }
                    div.findings { (findings(&items, report, &contracts)) }
                    p.empty #empty hidden { "No finding fits these filters." }
                    (footer())
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Nothing is loaded, sent or run but what this page holds.
fn policy() -> String {
    let digest = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        digest(SCRIPT),
        digest(STYLE)
    )
}

fn brand() -> Markup {
    html! {
        div.brand {
            svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2"
                stroke-linecap="round" aria-hidden="true" {
                path d="M8.5 6.5 6.7 4.7a3.2 3.2 0 0 0-4.5 4.5L5 12a3.2 3.2 0 0 0 4.5 0" {}
                path d="m11.5 13.5 1.8 1.8a3.2 3.2 0 0 0 4.5-4.5L15 8a3.2 3.2 0 0 0-4.5 0" {}
            }
            span { "Unbroken " (env!("CARGO_PKG_VERSION")) " · API contract report" }
            button.icon.theme #theme type="button" title="Light or dark (t)"
                aria-label="Light or dark" {
                svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6"
                    aria-hidden="true" {
                    circle cx="10" cy="10" r="7" {}
                    path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" {}
                }
            }
        }
    }
}

fn title(report: &Report) -> String {
    let Summary { breaking, undecided, compatible, .. } = report.summary();
    match report.verdict() {
        Verdict::Breaking => count(breaking, "breaking change"),
        Verdict::Undecided if undecided == 0 => NOT_EVERYTHING.to_owned(),
        Verdict::Undecided => count(undecided, "undecided change"),
        Verdict::Compatible if nothing_compared(report) => "Nothing was compared".to_owned(),
        Verdict::Compatible if compatible == 0 => "No changes".to_owned(),
        Verdict::Compatible => "Nothing breaks".to_owned(),
    }
}

fn nothing_compared(report: &Report) -> bool {
    let Summary { contracts, unchanged, .. } = report.summary();
    contracts == 0 && unchanged == 0
}

fn headline(report: &Report) -> Markup {
    let Summary { undecided, .. } = report.summary();
    let mut parts = Vec::new();
    if report.verdict() == Verdict::Undecided && undecided == 0 {
        parts.push(html! { span.is-undecided { (NOT_EVERYTHING) } });
    }
    for tally in tallies(&report.contracts) {
        let Tally { verdict, found, accepted: _, announced: _ } = tally;
        let noun = match (verdict, parts.is_empty()) {
            (Verdict::Breaking, true) => count(found, "breaking change"),
            (Verdict::Undecided, true) => count(found, "undecided change"),
            (Verdict::Compatible, true) => {
                format!("Nothing breaks in {}", count(found, "change"))
            }
            (_, false) => format!("{found} {}", verdict.name()),
        };
        parts.push(html! {
            span class=(format!("is-{}", verdict.name())) { (noun) (tally.excused()) }
        });
    }
    if parts.is_empty() {
        return html! { (title(report)) };
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index > 0 { span.sep { ", " } }
            (part)
        }
    }
}

fn compared(report: &Report) -> Markup {
    let Summary { contracts, unchanged, .. } = report.summary();
    html! {
        p.compared {
            @for base in &report.bases { span { b { "Base " } (label(base)) } }
            span { b { "Head " } (label(&report.head)) }
            span { (count(contracts.saturating_sub(report.uncompared()), "contract")) " compared" }
            @if report.uncompared() > 0 { span { (report.uncompared()) " not compared" } }
            @if unchanged > 0 { span { (unchanged) " unchanged" } }
        }
    }
}

fn label(label: &Label) -> Markup {
    let Label { name, revision } = label;
    let short: Option<String> = revision.as_ref().map(|id| id.chars().take(7).collect());
    html! {
        (escape(name))
        @if let Some(id) = short.filter(|id| !name.contains(id)) { " at " code { (id) } }
    }
}

fn contract_list(report: &Report, contracts: &[&ContractReport]) -> Markup {
    let (first, rest) = contracts.split_at(contracts.len().min(MOST_CONTRACTS));
    html! {
        @if !first.is_empty() {
            ul.contracts {
                @for contract in first { (contract_row(report, contract)) }
            }
        }
        @if !rest.is_empty() {
            details.fold {
                summary { (count(rest.len(), "more contract")) }
                ul.contracts { @for contract in rest { (contract_row(report, contract)) } }
            }
        }
    }
}

fn contract_row(report: &Report, contract: &ContractReport) -> Markup {
    let is_short = contract.declared_versions().satisfies == Some(false);
    html! {
        li {
            span.name {
                code { (escape(&contract.path)) } " "
                span.quiet {
                    (escape(&contract.format))
                    @if let Some(was) = &contract.moved_from { " · was " (escape(was)) }
                    @if let Some(base) = base_of(report, contract) { " · against " (base) }
                    @if let Some(owner) = &contract.owner { " · owned by " (escape(owner)) }
                }
            }
            span.tally {
                @for tally in tallies([contract]) {
                    span class=(tally.verdict.name()) { (tally.words()) }
                }
                @if contract.findings.is_empty() {
                    span.quiet { @if contract.is_compared() { "no change" } @else { "not compared" } }
                }
                @if ignored(contract) > 0 { span.quiet { (ignored(contract)) " off" } }
            }
            @match contract.subject {
                Subject::Contract => { span.version.short[is_short] { (version(contract)) } }
                Subject::Policy => { span.version { "what the team minds" } }
            }
        }
    }
}

/// The base, where there are several.
fn base_of(report: &Report, contract: &ContractReport) -> Option<String> {
    against(report, &[contract.base])
}

/// What keeps the answer from being complete, unfolded; what is only remarked, folded.
fn problems(report: &Report) -> Markup {
    let (gaps, remarks): (Vec<&ReportedProblem>, Vec<&ReportedProblem>) =
        problem::problems(report).into_iter().partition(|problem| problem.is_gap());
    let (gaps, remarks) = (problem::alike(gaps), problem::alike(remarks));
    let of = |groups: &[Alike<'_>]| groups.iter().map(Alike::count).sum::<usize>();
    let (first, rest) = gaps.split_at(gaps.len().min(MOST_PROBLEMS));
    html! {
        @if !gaps.is_empty() {
            section.problems {
                h2 { "Not everything could be read" }
                (problem_list(first))
                @if !rest.is_empty() {
                    details.fold {
                        summary { (count(of(rest), "more problem")) }
                        (problem_list(rest))
                    }
                }
            }
        }
        @if !remarks.is_empty() {
            details.fold.remarks {
                summary { (count(of(&remarks), "remark")) " on what was read" }
                (problem_list(&remarks))
            }
        }
    }
}

fn problem_list(problems: &[Alike<'_>]) -> Markup {
    html! {
        ul {
            @for alike in problems.iter().take(MOST_LISTED) {
                @let one = alike.first;
                li {
                    (problem::word(one.kind)) ": "
                    @if let Some(place) = problem::place(one) { code { (place) } " " }
                    (finding::prose(&one.message)) " "
                    span.quiet { (problem::side(one)) (alike.elsewhere()) }
                }
            }
            @if problems.len() > MOST_LISTED {
                li.quiet { "… and " (problems.len() - MOST_LISTED) " more" }
            }
        }
    }
}

fn filters(items: &[Found<'_>], report: &Report, contracts: &[&ContractReport]) -> Markup {
    let is = |(item, _): &&Found<'_>, verdict| item.judged.verdict == verdict;
    let of = |verdict: Verdict| items.iter().filter(|found| is(found, verdict)).count();
    html! {
        nav.filters aria-label="Filters" {
            div.wide {
                label.search {
                    span.sr { "Search findings" }
                    input #search type="search" placeholder="Search rule, path, operation, text"
                        autocomplete="off" spellcheck="false";
                    kbd aria-hidden="true" { "/" }
                }
                div.group role="group" aria-label="Verdict" {
                    button type="button" data-verdict-filter="" aria-pressed="true" { "All" }
                    @for verdict in [Verdict::Breaking, Verdict::Undecided, Verdict::Compatible] {
                        button type="button" data-verdict-filter=(verdict.name()) aria-pressed="false" {
                            (capital(verdict.name())) small { (of(verdict)) }
                        }
                    }
                }
                div.group role="group" aria-label="Surface" {
                    button type="button" data-surface-filter="" aria-pressed="true" { "Any" span.long { " surface" } }
                    @for surface in Surface::ALL {
                        button type="button" data-surface-filter=(surface.name()) aria-pressed="false" {
                            (surface_name(surface))
                        }
                    }
                }
                @if contracts.len() > 1 {
                    select #contract aria-label="Contract" {
                        option value="" { "All contracts" }
                        @for (index, contract) in contracts.iter().enumerate() {
                            option value=(index) {
                                (escape(&contract.path))
                                @if let Some(base) = base_of(report, contract) { " against " (base) }
                            }
                        }
                    }
                }
                button.plain #unfold type="button" aria-pressed="false" { "Unfold all" }
                button.plain #reset type="button" hidden { "Clear" }
            }
        }
    }
}

/// A surface on a button.
fn surface_name(surface: Surface) -> &'static str {
    match surface {
        Surface::Wire => "Wire",
        Surface::Json => "JSON",
        Surface::Source => "Source",
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn findings(items: &[Found<'_>], report: &Report, contracts: &[&ContractReport]) -> Markup {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    // Where only harmless things happened, the first may be read without a click too.
    let is_urgent = |item: &Item<'_>| item.judged.severity == Severity::Error;
    html! {
        @for (index, (item, bases)) in items.iter().enumerate() {
            @let time = times.entry(&item.judged.fingerprint).and_modify(|n| *n += 1).or_insert(1);
            @let id = match *time {
                1 => item.judged.fingerprint.clone(),
                more => format!("{}-{more}", item.judged.fingerprint),
            };
            (finding::card(item, &id, &rows_of(item, bases, contracts), against(report, bases),
                index < OPEN && is_urgent(item), report.scope))
        }
        @if items.is_empty() { p.empty { (title(report)) "." } }
    }
}

/// The rows in the list of contracts that a finding belongs to: those of its contract and its bases.
fn rows_of(item: &Item<'_>, bases: &[usize], contracts: &[&ContractReport]) -> String {
    let is_of = |one: &ContractReport| one.path == item.contract.path && bases.contains(&one.base);
    let rows = contracts.iter().enumerate().filter(|(_, contract)| is_of(contract));
    rows.map(|(row, _)| row.to_string()).collect::<Vec<String>>().join(" ")
}

/// How many of the most urgent findings are unfolded at first.
const OPEN: usize = 3;

fn footer() -> Markup {
    html! {
        footer {
            span.keys {
                kbd { "j" } " " kbd { "k" } " next and previous · " kbd { "o" } " unfold · "
                kbd { "/" } " search · " kbd { "b" } " " kbd { "u" } " " kbd { "c" } " " kbd { "a" }
                " verdict · " kbd { "t" } " theme · " kbd { "Esc" } " clear"
                br;
            }
            "This file holds everything that it shows and asks nothing of any server."
        }
    }
}
