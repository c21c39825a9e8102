//! One finding as a card: a line that says what happened, and all evidence below it.

use maud::{Markup, html};

use super::rows::{Cell, Row, Tint, rows};
use super::{capital, surface_name};
use crate::diff::{Proof, Reach, Witness};
use crate::model::Surface;
use crate::policy::{Scope, Severity, Subject};
use crate::report::escape::escape;
use crate::report::excerpt::{Excerpt, Extent};
use crate::report::item::{Item, Place, count, reach_name, verb};
use crate::report::text::witness::{Confirmed, Shown, shown};
use crate::rules::Verdict;

/// How many places that a finding reaches are shown before the rest is folded.
const MOST_PLACES: usize = 10;
/// How many are in the fold.
const MOST_FOLDED: usize = 300;

/// The card.
pub(super) fn card(
    item: &Item<'_>,
    id: &str,
    contracts: &str,
    against: Option<String>,
    open: bool,
    scope: Scope,
) -> Markup {
    let finding = item.finding();
    let site = finding.site.to_string();
    let (bad, rest) = item.reached();
    let reached = bad.len() + rest.len();
    html! {
        details.finding id=(id) open[open] data-verdict=(item.judged.verdict.name())
            data-severity=(item.judged.severity.name()) data-surfaces=(surfaces(item))
            data-contracts=(contracts) {
            summary {
                span.badge { (badge(item)) }
                span.what { (prose(&finding.message)) }
                span.reach { @if reached > 1 { (count(reached, "place")) } }
                span.where {
                    (escape(&site))
                    @if !site.is_empty() { span.sep { "·" } }
                    code { (finding.rule.id) }
                    @if let Some(base) = against { span.sep { "·" } "against " (base) }
                }
            }
            div.body {
                (facts(item, id))
                (sides(item))
                @if let Some(acceptance) = item.acceptance() {
                    section.note { h3 { "Accepted" } p { (acceptance) } }
                }
                @if let Some(why) = item.doubt() {
                    section.note { h3 { "Undecided" } p { (prose(why)) } }
                }
                @if let Some(why) = &finding.caution {
                    section.note { h3 { "Caution" } p { (prose(why)) } }
                }
                @if !finding.witnesses.is_empty() {
                    section {
                        h3 { @if finding.witnesses.len() > 1 { "Witnesses" } @else { "Witness" } }
                        @for one in &finding.witnesses { (witness(one, &finding.proof)) }
                    }
                }
                @for assumption in &finding.assumptions {
                    section { h3 { "Assumed" } p { (prose(assumption)) "." } }
                }
                @if reached > 0 { (places(item, &bad, &rest)) }
                section {
                    h3 { "Why it matters, and what to do" }
                    p { (prose(&finding.why())) }
                    p { (prose(finding.advice())) }
                    code.command { "unbroken explain " (finding.rule.id) }
                    @if is_acceptable(item, scope) {
                        code.command {
                            "unbroken accept " (item.judged.fingerprint)
                            " --reason … --owner … --until …"
                        }
                    }
                }
            }
        }
    }
}

/// Whether it could be accepted, and was not.
fn is_acceptable(item: &Item<'_>, scope: Scope) -> bool {
    scope == Scope::Repository
        && item.contract.subject == Subject::Contract
        && item.judged.severity > Severity::Note
}

fn badge(item: &Item<'_>) -> &'static str {
    if item.judged.suppressed.is_some() {
        return "Accepted";
    }
    if item.finding().rule.is_about_policy() {
        return "Policy";
    }
    match (item.judged.verdict, item.judged.severity) {
        (Verdict::Breaking, _) => "Breaking",
        (Verdict::Undecided, _) => "Undecided",
        (Verdict::Compatible, Severity::Error | Severity::Warning) => "Caution",
        (Verdict::Compatible, Severity::Note | Severity::Off) => "Compatible",
    }
}

/// The surfaces that a filter finds it by: where it is worst, or all that it touches.
fn surfaces(item: &Item<'_>) -> String {
    let worst = item.surfaces();
    if !worst.is_empty() {
        return worst.replace(',', "");
    }
    let touched = Surface::ALL.into_iter().filter(|one| item.finding().rule.surfaces.get(*one));
    touched.map(Surface::name).collect::<Vec<&str>>().join(" ")
}

fn facts(item: &Item<'_>, id: &str) -> Markup {
    let finding = item.finding();
    let said = |place: Place| format!("{}:{}:{}", escape(&place.path), place.line, place.column);
    html! {
        p.facts {
            @let here = item.new_place().or_else(|| item.anchor());
            @match (here.map(said), item.old_place().map(said)) {
                (Some(new), Some(old)) if new == old => { span { code { (new) } } }
                (Some(new), Some(old)) => {
                    span { code { (new) } " " span.quiet { "was " code { (old) } } }
                }
                (Some(new), None) => { span { code { (new) } } }
                (None, Some(old)) => { span { "was at " code { (old) } } }
                (None, None) => {}
            }
            span.chips {
                @for surface in Surface::ALL {
                    @if finding.rule.surfaces.get(surface) {
                        @let verdict = finding.surfaces.get(surface);
                        span class=(format!("chip {}", verdict.name()))
                            title=(format!("{}: {}", surface.name(), verdict.name())) {
                            (surface_name(surface))
                            span.sr { " " (verdict.name()) }
                        }
                    }
                }
            }
            span { "severity " (item.judged.severity.name()) }
            a.permalink href=(format!("#{id}")) { "Link to this finding" }
        }
    }
}

/// Both sides of the edit.
fn sides(item: &Item<'_>) -> Markup {
    let excerpt = item.excerpt(Extent::AMPLE);
    let Excerpt { lines, more } = &excerpt;
    let title = |place: Option<Place>| {
        place.map_or_else(String::new, |place| format!(" · {}", escape(&place.path)))
    };
    html! {
        @if !lines.is_empty() {
            div.diff {
                table {
                    colgroup { col.no; col; col.no; col; }
                    thead {
                        tr {
                            th colspan="2" scope="col" { "Old" (title(item.old_place())) }
                            th colspan="2" scope="col" {
                                "New" (title(item.new_place().or_else(|| item.anchor())))
                            }
                        }
                    }
                    tbody {
                        @for row in rows(&excerpt) { (line(&row)) }
                        @if *more > 0 {
                            tr.more { td colspan="4" { "… " (count(*more, "more line")) } }
                        }
                    }
                }
            }
        }
    }
}

fn line(row: &Row) -> Markup {
    match row {
        Row::Same(old, new) => html! {
            tr.same { (cell(Some(old), "old", "")) (cell(Some(new), "new", "")) }
        },
        Row::Edited(old, new) => html! {
            tr.pair {
                (cell(old.as_ref(), "old", "removed"))
                (cell(new.as_ref(), "new", "added"))
            }
        },
        Row::Gap => html! { tr.more { td colspan="4" { "⋮" } } },
    }
}

fn cell(cell: Option<&Cell>, side: &str, kind: &str) -> Markup {
    let kind = if cell.is_some() { kind } else { "blank" };
    html! {
        td class=(format!("{side} no {kind}")) {
            @if let Some(number) = cell.and_then(|cell| cell.number) { (number) }
        }
        td class=(format!("{side} {kind}")) {
            @for (tint, text) in cell.map(|cell| cell.text.as_slice()).unwrap_or_default() {
                @let text = text.replace('\t', "    ");
                @match tint {
                    Tint::Plain => { (escape(&text)) }
                    Tint::Marked => { mark { (escape(&text)) } }
                }
            }
        }
    }
}

fn witness(witness: &Witness, proof: &Proof) -> Markup {
    let Shown { sentence, lines, because, confirmed } = shown(witness, proof);
    html! {
        div.witness {
            p { (sentence) }
            pre { (lines.join("\n")) }
            p {
                span.because { (quoted(&because)) } " "
                @match confirmed {
                    Some(by @ Confirmed::By(_)) => { span.ok { "✓ " (by) } }
                    Some(Confirmed::Not) => { span.quiet { (Confirmed::Not) } }
                    None => {}
                }
            }
        }
    }
}

fn places(item: &Item<'_>, bad: &[&Reach], rest: &[&Reach]) -> Markup {
    let all: Vec<&Reach> = bad.iter().chain(rest).copied().collect();
    let (first, folded) = all.split_at(all.len().min(MOST_PLACES));
    let title = match item.finding().verdict() {
        Verdict::Compatible => format!("Reaches {}", count(all.len(), "place")),
        worst @ (Verdict::Breaking | Verdict::Undecided) => {
            let more = match rest.len() {
                0 => String::new(),
                harmless => format!(", harmless in {harmless}"),
            };
            format!("{} {}{more}", capital(verb(worst)), count(bad.len(), "place"))
        }
    };
    let entry = |reach: &Reach| {
        html! {
            li class=(reach.verdict.name()) {
                (reach_name(reach)) span.sr { ": " (reach.verdict.name()) }
            }
        }
    };
    html! {
        section {
            h3 { (title) }
            ul.places { @for reach in first { (entry(reach)) } }
            @if !folded.is_empty() {
                details.fold {
                    summary { (count(folded.len(), "more place")) }
                    ul.places { @for reach in folded.iter().take(MOST_FOLDED) { (entry(reach)) } }
                    @if folded.len() > MOST_FOLDED {
                        p.quiet { "… and " (folded.len() - MOST_FOLDED) " more" }
                    }
                }
            }
        }
    }
}

/// A sentence of ours that may quote names: what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    quoted(&escape(text))
}

/// The same of what nothing is hidden in any more.
fn quoted(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    html! {
        @if balanced {
            @for (index, part) in parts.iter().enumerate() {
                @if index % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}
