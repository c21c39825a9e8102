//! Findings that a team has decided to live with: each with a reason, an owner and an end.
//!
//! **Invariant:** an acceptance changes a severity, never a verdict, and never for ever.

mod comments;
mod file;
mod hashes;
mod inline;

pub use file::{Acceptance, AcceptedFile, HEADER, entry};
pub(super) use inline::{Allowance, allowances};

use super::config::Day;
use crate::diff::{Finding, Reach};
use crate::rules::Verdict;
use crate::source::Span;

/// Why a finding counts no more: the acceptance that covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Why the team lives with it.
    pub reason: String,
    /// Who answers for that.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Day,
    /// Where it is written.
    pub by: SuppressedBy,
}

/// Where an acceptance is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressedBy {
    /// In the file of acceptances, at this place.
    File(Option<Span>),
    /// In the contract itself; a span of the new side.
    Contract(Span),
}

/// The operations that a finding is about: those that it is worst for. An acceptance names them,
/// and covers no others.
pub fn operations(finding: &Finding) -> Vec<String> {
    let worst = finding.reached_from.iter().map(|reach| reach.verdict).max();
    let worst = worst.unwrap_or_default();
    let matters =
        |reach: &&Reach| worst == Verdict::Compatible || reach.verdict > Verdict::Compatible;
    let mut names: Vec<String> = finding
        .reached_from
        .iter()
        .filter(matters)
        .map(|reach| {
            let name = if reach.operation.is_empty() { &reach.part } else { &*reach.operation };
            name.to_owned()
        })
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}
