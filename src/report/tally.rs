//! How many changes there are of each kind, in words.

use crate::policy::{Announcement, ContractReport, JudgedFinding, distinct};
use crate::rules::Verdict;

/// The changes of one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) verdict: Verdict,
    pub(super) found: usize,
    /// How many of them somebody has accepted.
    pub(super) accepted: usize,
    /// How many of them were announced, and the day has come.
    pub(super) announced: usize,
}

/// The changes of these contracts, the gravest first; what was said of the policy is none, and what is
/// found against several bases is one.
pub(super) fn tallies<'r>(contracts: impl IntoIterator<Item = &'r ContractReport>) -> Vec<Tally> {
    let mut all: Vec<&JudgedFinding> = distinct(contracts);
    all.retain(|judged| !judged.finding.rule.is_about_policy());
    let of = |verdict: Verdict| {
        let (mut found, mut accepted, mut announced) = (0, 0, 0);
        for judged in all.iter().filter(|judged| judged.verdict == verdict) {
            found += 1;
            if judged.suppressed.is_some() {
                accepted += 1;
            } else if judged.announcement == Some(Announcement::AnnouncedRemoval) {
                announced += 1;
            }
        }
        Tally { verdict, found, accepted, announced }
    };
    let verdicts = [Verdict::Breaking, Verdict::Undecided, Verdict::Compatible];
    verdicts.into_iter().map(of).filter(|tally| tally.found > 0).collect()
}

impl Tally {
    /// `2 breaking (1 accepted)`
    pub(super) fn words(&self) -> String {
        format!("{} {}{}", self.found, self.verdict.name(), self.excused())
    }

    /// ` (1 accepted, 1 announced)`: why they do not count, where some do not.
    pub(super) fn excused(&self) -> String {
        let kinds = [(self.accepted, "accepted"), (self.announced, "announced")];
        let kinds = kinds.iter().filter(|(number, _)| *number > 0);
        let words: Vec<String> = kinds
            .map(|(number, word)| {
                if *number == self.found { (*word).to_owned() } else { format!("{number} {word}") }
            })
            .collect();
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}

/// `2 breaking (1 accepted), 5 compatible`; empty where nothing changed.
pub(super) fn words<'r>(contracts: impl IntoIterator<Item = &'r ContractReport>) -> String {
    let words: Vec<String> = tallies(contracts).iter().map(Tally::words).collect();
    words.join(", ")
}
