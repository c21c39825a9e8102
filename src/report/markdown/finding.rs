//! One finding: in a line, or with everything that helps to understand and to mend it.

use super::encode::{Place, code, fenced, prose};
use super::{Fold, mark};
use crate::diff::{Proof, Reach, Witness};
use crate::policy::{Report, Severity};
use crate::report::escape::escape;
use crate::report::excerpt::{Excerpt, Extent, Line, Mark};
use crate::report::item::{Item, count, names_of, reach_name, sentence, verb};
use crate::report::text::witness::{Shown, shown};

/// How many places that a finding reaches are named before the rest is folded.
const MOST_PLACES: usize = 4;
/// How many are named in the fold.
const MOST_FOLDED: usize = 100;

/// A finding, and the bases that it is about.
pub(super) struct Told<'r> {
    pub(super) item: Item<'r>,
    /// Their names, where there are several bases in all.
    bases: Vec<&'r str>,
    /// Whether it is about each of them.
    everywhere: bool,
}

impl<'r> Told<'r> {
    pub(super) fn new(report: &'r Report, (item, bases): (Item<'r>, Vec<usize>)) -> Self {
        let everywhere = bases.len() == report.bases.len();
        Self { item, bases: names_of(report, &bases), everywhere }
    }

    /// In code, so that no branch of this name calls anybody.
    fn against(&self, place: Place) -> Option<String> {
        let names: Vec<String> = self.bases.iter().map(|name| code(name, place)).collect();
        sentence(&names).map(|names| format!("against {names}"))
    }
}

/// One line about what harms nobody, with what that rests on.
pub(super) fn assuming(told: &Told<'_>) -> String {
    let assumed = &told.item.finding().assumptions;
    if assumed.is_empty() {
        return line(told);
    }
    format!("{} (assumes that {})", line(told), prose(&assumed.join("; "), Place::Text))
}

/// `email` became required · POST /orders › …
pub(super) fn line(told: &Told<'_>) -> String {
    let Told { item, .. } = told;
    format!("{} {}", mark(item.judged.verdict, item.judged.severity), headline(told, Place::Text))
}

/// What is said of the team's own policy.
pub(super) fn remark(told: &Told<'_>) -> String {
    headline(told, Place::Text)
}

/// What it is, who accepted it, until when and why.
pub(super) fn accepted_line(told: &Told<'_>) -> String {
    let said = headline(told, Place::Text);
    match told.item.acceptance() {
        Some(acceptance) => format!("{said} · {}", prose(&acceptance, Place::Text)),
        None => said,
    }
}

/// What happened and where; and with which versions, unless it is so with all.
fn headline(told: &Told<'_>, place: Place) -> String {
    let finding = told.item.finding();
    let site = finding.site.to_string();
    let mut words = vec![prose(&finding.message, place)];
    if !site.is_empty() {
        words.push(code(&site, place));
    }
    words.extend(told.against(place).filter(|_| !told.everywhere));
    words.join(" · ")
}

/// A line that unfolds.
pub(super) fn block(told: &Told<'_>, fold: Fold) -> String {
    let Told { item, .. } = told;
    let finding = item.finding();
    let is_open = fold == Fold::Harmless && item.judged.severity == Severity::Error;
    let open = if is_open { " open" } else { "" };
    let mark = mark(item.judged.verdict, item.judged.severity);
    let headline = headline(told, Place::Html);
    let mut parts = vec![format!("\n<details{open}>\n<summary>{mark} {headline}</summary>\n\n")];
    parts.push(facts(told));
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
fn facts(told: &Told<'_>) -> String {
    let Told { item, .. } = told;
    let finding = item.finding();
    let mut words = vec![code(finding.rule.id, Place::Text)];
    words.extend(item.position().map(|position| code(&position, Place::Text)));
    let surfaces = item.surfaces();
    if !surfaces.is_empty() {
        words.push(format!("{} {surfaces}", verb(finding.verdict())));
    }
    words.extend(told.against(Place::Text));
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
