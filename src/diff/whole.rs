//! Findings about contracts as wholes.

use super::finding::{Finding, Proof};
use crate::model::{Contract, Site, Surfaces};
use crate::rules::contract::{CONTRACT_ADDED, CONTRACT_REMOVED, CONTRACT_UNREADABLE};
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// The finding about a contract that only one side has.
pub fn unpaired(contract: &Contract, is_new: bool) -> Finding {
    let (rule, verdict): (&'static Rule, _) = if is_new {
        (&CONTRACT_ADDED, Verdict::Compatible)
    } else {
        (&CONTRACT_REMOVED, Verdict::Breaking)
    };
    let verb = if is_new { "added" } else { "removed" };
    let message = format!("the contract `{}` was {verb}", contract.path);
    let span = Some(contract.span);
    let (old, new) = if is_new { (None, span) } else { (span, None) };
    whole(rule, message, verdict, (old, new), Proof::Rule)
}

/// The finding about a contract that could not be read at the base.
pub fn unreadable(contract: &Contract) -> Finding {
    let message = format!("`{}` could not be read at the base", contract.path);
    let proof = Proof::Undecided("what it promised there is not known".to_owned());
    let spans = (None, Some(contract.span));
    whole(&CONTRACT_UNREADABLE, message, Verdict::Undecided, spans, proof)
}

fn whole(
    rule: &'static Rule,
    message: String,
    verdict: Verdict,
    (old, new): (Option<Span>, Option<Span>),
    proof: Proof,
) -> Finding {
    Finding {
        rule,
        surfaces: Surfaces::all(verdict),
        caution: None,
        proof,
        message,
        assumptions: Vec::new(),
        site: Site::whole(""),
        reached_from: Vec::new(),
        old,
        new,
        anchor: new,
        witnesses: Vec::new(),
        evidence: Vec::new(),
        crossings: Vec::new(),
        languages: &[],
        peers: Vec::new(),
        also: Vec::new(),
    }
}
