//! A finding among its contract: what every format says of it.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::escape::escape;
use super::excerpt::{Excerpt, Extent, Line, Mark, Role, Side, excerpt};
use crate::diff::{Finding, Proof, Reach, WitnessSide};
use crate::load::Loaded;
use crate::model::Surface;
use crate::policy::{ContractReport, JudgedFinding, Report, Severity, Suppression};
use crate::rules::Verdict;
use crate::source::Span;

/// A finding and the contract that it is about.
#[derive(Clone, Copy)]
pub(super) struct Item<'r> {
    pub(super) contract: &'r ContractReport,
    pub(super) judged: &'r JudgedFinding,
}

/// A place in a file; line and column count from 1, columns in Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
    /// The column after the last, where the place ends on the line that it begins on.
    pub(super) end_column: Option<u32>,
}

/// The findings of a contract that are shown: most severe and widest-reaching first.
pub(super) fn ranked(contract: &ContractReport) -> Vec<Item<'_>> {
    let shown = contract.findings.iter().filter(|judged| judged.severity != Severity::Off);
    let mut items: Vec<Item<'_>> = shown.map(|judged| Item { contract, judged }).collect();
    items.sort_by_key(Item::rank);
    items
}

/// The findings of a contract that somebody has accepted.
pub(super) fn accepted(contract: &ContractReport) -> Vec<Item<'_>> {
    let accepted = contract.findings.iter().filter(|judged| judged.suppressed.is_some());
    accepted.map(|judged| Item { contract, judged }).collect()
}

/// How many findings of a contract the team does not want to hear of.
pub(super) fn ignored(contract: &ContractReport) -> usize {
    let off =
        |judged: &&JudgedFinding| judged.severity == Severity::Off && judged.suppressed.is_none();
    contract.findings.iter().filter(off).count()
}

/// The findings of all contracts that are shown: most severe and widest-reaching first.
pub(super) fn ranked_of_all(report: &Report) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = report.contracts.iter().flat_map(ranked).collect();
    items.sort_by_key(Item::rank);
    items
}

/// What is found against several bases once, where it is worst, with all of these bases.
pub(super) fn distinct(items: Vec<Item<'_>>) -> Vec<(Item<'_>, Vec<usize>)> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found: Vec<(Item<'_>, Vec<usize>)> = Vec::new();
    for item in items {
        let key = (item.contract.path.as_str(), item.judged.fingerprint.as_str());
        if let Some((_, bases)) = places.get(&key).and_then(|index| found.get_mut(*index)) {
            bases.push(item.contract.base);
        } else {
            places.insert(key, found.len());
            found.push((item, vec![item.contract.base]));
        }
    }
    found
}

/// The findings of all contracts, each once: what is shown by its rank, then what was accepted.
pub(super) fn distinct_of_all(report: &Report) -> Vec<(Item<'_>, Vec<usize>)> {
    let mut items = ranked_of_all(report);
    items.extend(report.contracts.iter().flat_map(accepted));
    distinct(items)
}

/// The names of the bases that a finding is about, where there are several in all.
pub(super) fn names_of<'r>(report: &'r Report, bases: &[usize]) -> Vec<&'r str> {
    if report.bases.len() < 2 {
        return Vec::new();
    }
    bases.iter().filter_map(|index| report.bases.get(*index)).map(|base| &*base.name).collect()
}

/// `main and v1.9.0`: [`names_of`] in a sentence.
pub(super) fn against(report: &Report, bases: &[usize]) -> Option<String> {
    let names = names_of(report, bases).into_iter();
    sentence(&names.map(|name| escape(name).into_owned()).collect::<Vec<String>>())
}

/// `a, b and c`; `None` of nothing.
pub(super) fn sentence(names: &[String]) -> Option<String> {
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) })
}

/// The contracts, those first in which there is most to do.
pub(super) fn ranked_contracts(report: &Report) -> Vec<&ContractReport> {
    let mut contracts: Vec<&ContractReport> = report.contracts.iter().collect();
    contracts.sort_by_key(|contract| {
        let of_findings = contract.findings.iter().map(|judged| judged.severity);
        (Reverse(of_findings.max()), Reverse(contract.verdict))
    });
    contracts
}

impl<'r> Item<'r> {
    pub(super) fn finding(&self) -> &'r Finding {
        &self.judged.finding
    }

    /// Its place among others.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let reached = self.finding().reached_from.len();
        (Reverse(self.judged.severity), Reverse(self.judged.verdict), Reverse(reached))
    }

    /// `accepted until 2027-01-01 by @team: nobody uses it`
    pub(super) fn acceptance(&self) -> Option<String> {
        let Suppression { reason, owner, until, by: _ } = self.judged.suppressed.as_ref()?;
        let by = owner.as_ref().map(|owner| format!(" by {}", escape(owner))).unwrap_or_default();
        Some(format!("accepted until {until}{by}: {}", escape(reason)))
    }

    /// The surfaces of the worst verdict, unless it is harmless.
    pub(super) fn surfaces(&self) -> String {
        let finding = self.finding();
        let worst = finding.verdict();
        if worst == Verdict::Compatible {
            return String::new();
        }
        let names = Surface::ALL
            .into_iter()
            .filter(|surface| finding.surfaces.get(*surface) == worst)
            .map(|surface| format!("{}{}", surface.name(), how(finding, surface)));
        names.collect::<Vec<String>>().join(", ")
    }

    /// The places that are reached: first those that are as bad as any, then the harmless ones.
    pub(super) fn reached(&self) -> (Vec<&'r Reach>, Vec<&'r Reach>) {
        let finding = self.finding();
        let worst = finding.verdict();
        // The contract as a whole has no name.
        let named = |reach: &&Reach| !(reach.operation.is_empty() && reach.part.is_empty());
        finding.reached_from.iter().filter(named).partition(|reach| reach.verdict == worst)
    }

    /// Whether the finding's site tells all that it reaches: one operation, of which it is a part.
    pub(super) fn names_its_reach(&self) -> bool {
        let finding = self.finding();
        match finding.reached_from.as_slice() {
            [] => true,
            // A file is told by its path already.
            [one] => one.part.is_empty() || finding.site.to_string().contains(&*one.operation),
            [_, _, ..] => false,
        }
    }

    /// The element in the old contract.
    pub(super) fn old_place(&self) -> Option<Place> {
        place(self.contract.old.as_deref(), self.finding().old)
    }

    /// The element in the new contract.
    pub(super) fn new_place(&self) -> Option<Place> {
        place(self.contract.new.as_deref(), self.finding().new)
    }

    /// The element in the new contract, or the surviving parent of what was removed.
    pub(super) fn anchor(&self) -> Option<Place> {
        place(self.contract.new.as_deref(), self.finding().anchor)
    }

    /// `orders.yaml:41:24`, or where it was if nothing is left.
    pub(super) fn position(&self) -> Option<String> {
        let said =
            |place: Place| format!("{}:{}:{}", escape(&place.path), place.line, place.column);
        match (self.new_place().map(said), self.old_place().map(said), self.anchor().map(said)) {
            (Some(here), _, _) => Some(here),
            (None, Some(there), Some(parent)) => Some(format!("{parent} (was at {there})")),
            (None, Some(there), None) => Some(format!("was at {there}")),
            (None, None, parent) => parent,
        }
    }

    /// The place in the new contract that a change to it has touched: the first edited line, or one
    /// beside what was removed. Review tools show remarks only on lines of the change.
    pub(super) fn touched(&self, excerpt: &Excerpt) -> Option<Place> {
        let here = self.new_place().or_else(|| self.anchor())?;
        let lines = &excerpt.lines;
        let added = || lines.iter().filter(|line| line.mark == Mark::Added);
        if added().any(|line| line.new == Some(here.line)) {
            return Some(here);
        }
        let line = added().next().or_else(|| beside(lines)).and_then(|line| line.new);
        Some(match line {
            Some(line) if line != here.line => {
                Place { path: here.path, line, column: 1, end_column: None }
            }
            Some(_) | None => here,
        })
    }

    /// [`Self::touched`], or where it was, or the contract: for formats that need a place.
    pub(super) fn located(&self, excerpt: &Excerpt) -> Place {
        let whole =
            || Place { path: self.contract.path.clone(), line: 1, column: 1, end_column: None };
        self.touched(excerpt).or_else(|| self.old_place()).unwrap_or_else(whole)
    }

    /// Why it could not be decided, if it could not.
    pub(super) fn doubt(&self) -> Option<&'r str> {
        match &self.finding().proof {
            Proof::Undecided(why) => Some(why),
            Proof::Witness | Proof::Contained | Proof::Rule => None,
        }
    }

    /// Both sides of the edit.
    pub(super) fn excerpt(&self, extent: Extent) -> Excerpt {
        let Finding { old, new, anchor, .. } = self.finding();
        let was = self.contract.old.as_ref().map(|side| &side.files);
        let is = self.contract.new.as_ref().map(|side| &side.files);
        let element = |(files, span)| Side { files, span, role: Role::Element, seam: None };
        let old_side = was.zip(*old).map(element);
        let new_side = match new {
            Some(span) => is.zip(Some(*span)).map(element),
            None => is.zip(*anchor).map(|(files, span)| {
                let role = Role::Surroundings;
                Side { files, span, role, seam: self.seam() }
            }),
        };
        excerpt(old_side, new_side, extent)
    }

    /// Where in the new contract something of the old one was taken out.
    fn seam(&self) -> Option<Span> {
        let (old, new) = (self.contract.old.as_deref()?, self.contract.new.as_deref()?);
        old.seam(self.finding().old?, new)
    }
}

/// The line next to the first that was removed.
fn beside(lines: &[Line]) -> Option<&Line> {
    let first = lines.iter().position(|line| line.mark == Mark::Removed)?;
    let before = first.checked_sub(1).and_then(|index| lines.get(index));
    let before = before.filter(|_| lines.get(first).is_some_and(|line| !line.gap));
    let after = || lines.iter().skip(first).find(|line| line.mark == Mark::Same && !line.gap);
    before.or_else(after)
}

fn place(side: Option<&Loaded>, span: Option<Span>) -> Option<Place> {
    let (side, span) = (side?, span?);
    let (path, start) = side.files.locate(span)?;
    let (_, end) = side.files.locate(Span { start: span.end, ..span })?;
    Some(Place {
        path: path.to_string(),
        line: start.line,
        column: start.column,
        end_column: (end.line == start.line && end.column > start.column).then_some(end.column),
    })
}

/// In which directions a payload breaks, or in which languages generated code does.
fn how(finding: &Finding, surface: Surface) -> String {
    if surface == Surface::Source && !finding.languages.is_empty() {
        return format!(" ({})", finding.languages.join(", "));
    }
    let crossings = finding.crossings.iter().filter(|crossing| crossing.surface == surface);
    let ways: Vec<&str> = crossings
        .map(|crossing| match crossing.writer {
            WitnessSide::Old => "old → new",
            WitnessSide::New => "new → old",
        })
        .collect();
    if ways.is_empty() { String::new() } else { format!(" ({})", ways.join(", ")) }
}

/// What a change does to the places that it reaches.
pub(super) fn verb(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaking => "breaks",
        Verdict::Undecided => "may break",
        Verdict::Compatible => "reaches",
    }
}

/// `POST /orders › request body`
pub(super) fn reach_name(reach: &Reach) -> String {
    let Reach { operation, part, polarity: _, verdict: _ } = reach;
    match (operation.is_empty(), part.is_empty()) {
        (true, _) => escape(part).into_owned(),
        (false, true) => escape(operation).into_owned(),
        (false, false) => format!("{} › {}", escape(operation), escape(part)),
    }
}

/// The first `most` of the places, and how many more there are.
pub(super) fn reach_list(reaches: &[&Reach], most: usize) -> String {
    let words: Vec<String> = reaches.iter().take(most).map(|reach| reach_name(reach)).collect();
    match reaches.len().saturating_sub(most) {
        0 => words.join(", "),
        more => format!("{} and {}", words.join(", "), count(more, "more place")),
    }
}

/// A number with its noun: `1 contract`, `2 contracts`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
