//! One finding: in a line, or with everything that helps to understand and to mend it.

use super::encode::{Place, code, fenced, prose};
use super::{Fold, mark};
use crate::diff::{Proof, Reach, Witness};
use crate::policy::Severity;
use crate::report::escape::escape;
use crate::report::excerpt::{Excerpt, Extent, Line, Mark};
use crate::report::item::{Item, count, reach_name, verb};
use crate::report::text::witness::{Shown, shown};

/// How many places that a finding reaches are named before the rest is folded.
const MOST_PLACES: usize = 4;
/// How many are named in the fold.
const MOST_FOLDED: usize = 100;

/// `email` became required · POST /orders › …
pub(super) fn line(item: &Item<'_>) -> String {
    format!("{} {}", mark(item.judged.verdict, item.judged.severity), headline(item, Place::Text))
}

/// What is said of the team's own policy.
pub(super) fn remark(item: &Item<'_>) -> String {
    headline(item, Place::Text)
}

/// What it is, who accepted it, until when and why.
pub(super) fn accepted_line(item: &Item<'_>) -> String {
    let said = headline(item, Place::Text);
    match item.acceptance() {
        Some(acceptance) => format!("{said} · {}", prose(&acceptance, Place::Text)),
        None => said,
    }
}

fn headline(item: &Item<'_>, place: Place) -> String {
    let finding = item.finding();
    let site = finding.site.to_string();
    let said = prose(&finding.message, place);
    if site.is_empty() { said } else { format!("{said} · {}", code(&site, place)) }
}

/// A line that unfolds.
pub(super) fn block(item: &Item<'_>, fold: Fold) -> String {
    let finding = item.finding();
    let is_open = fold == Fold::Harmless && item.judged.severity == Severity::Error;
    let open = if is_open { " open" } else { "" };
    let mark = mark(item.judged.verdict, item.judged.severity);
    let headline = headline(item, Place::Html);
    let mut parts = vec![format!("\n<details{open}>\n<summary>{mark} {headline}</summary>\n\n")];
    parts.push(facts(item));
    parts.push(reached(item));
    parts.push(excerpt(item));
    let reason = |word: &str, why: &str| format!("**{word}:** {}\n\n", prose(why, Place::Text));
    parts.extend(item.doubt().map(|why| reason("Undecided", why)));
    parts.extend(finding.caution.as_deref().map(|why| reason("Caution", why)));
    let witnesses = finding.witnesses.iter();
    parts.extend(witnesses.map(|one| witness(one, &finding.proof)));
    let assumed = finding.assumptions.iter();
    parts.extend(assumed.map(|what| format!("Assumes that {}.\n\n", prose(what, Place::Text))));
    parts.push(format!("{}\n\n</details>\n", finding.advice()));
    parts.concat()
}

fn witness(witness: &Witness, proof: &Proof) -> String {
    let Shown { sentence, lines, because, confirmed } = shown(witness, proof);
    let crossing = fenced("", &lines.join("\n"));
    let mut words = Vec::new();
    if !because.is_empty() {
        words.push(code(&because, Place::Text));
    }
    words.extend(confirmed.map(|confirmed| format!("({confirmed})")));
    format!("{sentence}\n\n{crossing}\n{}\n\n", words.join(" "))
}

/// What it is called, where it is, and whom it touches.
fn facts(item: &Item<'_>) -> String {
    let finding = item.finding();
    let mut words = vec![code(finding.rule.id, Place::Text)];
    words.extend(item.position().map(|position| code(&position, Place::Text)));
    let surfaces = item.surfaces();
    if !surfaces.is_empty() {
        words.push(format!("{} {surfaces}", verb(finding.verdict())));
    }
    words.push(format!("fingerprint {}", code(&item.judged.fingerprint, Place::Text)));
    format!("{}\n\n", words.join(" · "))
}

fn reached(item: &Item<'_>) -> String {
    if item.names_its_reach() {
        return String::new();
    }
    let finding = item.finding();
    let (bad, rest) = item.reached();
    let mut text = String::new();
    for (word, places) in [(verb(finding.verdict()), bad), ("harmless in", rest)] {
        if !places.is_empty() {
            text.push_str(&listed(word, &places));
        }
    }
    text
}

fn listed(word: &str, places: &[&Reach]) -> String {
    let name = |reach: &&Reach| code(&reach_name(reach), Place::Text);
    if places.len() <= MOST_PLACES {
        let names: Vec<String> = places.iter().map(name).collect();
        return format!("{word} {}\n\n", names.join(", "));
    }
    let count = count(places.len(), "place");
    let mut parts = vec![format!("<details><summary>{word} {count}</summary>\n\n")];
    parts.extend(places.iter().take(MOST_FOLDED).map(|reach| format!("- {}\n", name(reach))));
    if places.len() > MOST_FOLDED {
        parts.push(format!("- … and {} more\n", places.len() - MOST_FOLDED));
    }
    parts.push("\n</details>\n\n".to_owned());
    parts.concat()
}

fn excerpt(item: &Item<'_>) -> String {
    let Excerpt { lines, more } = item.excerpt(Extent::BRIEF);
    if lines.is_empty() {
        return String::new();
    }
    let width = lines.iter().map(Line::number).max().unwrap_or(0).to_string().len();
    let mut shown: Vec<String> = lines
        .iter()
        .flat_map(|line| {
            let sign = match line.mark {
                Mark::Same => ' ',
                Mark::Removed => '-',
                Mark::Added => '+',
            };
            let text = line.text.replace('\t', "    ");
            let gap = line.gap.then(|| format!("  {:>width$} ⋮", ""));
            let said = format!("{sign} {:>width$} {}", line.number(), escape(&text));
            gap.into_iter().chain([said.trim_end().to_owned()])
        })
        .collect();
    if more > 0 {
        shown.push(format!("  … {}", count(more, "more line")));
    }
    format!("{}\n", fenced("diff", &shown.join("\n")))
}
