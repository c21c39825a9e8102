//! Findings about contracts as wholes.

use super::finding::{Finding, Proof};
use crate::model::{Contract, Site, Surfaces};
use crate::rules::contract::{
    CONTRACT_ADDED, CONTRACT_MOVED, CONTRACT_REMOVED, CONTRACT_UNREADABLE,
};
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

/// Of which sides nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Of the base.
    Base,
    /// Of neither.
    Both,
}

/// The finding about a contract that could not be read at the base, and why.
pub fn unreadable(contract: &Contract, unread: Unread, why: &str) -> Finding {
    let message = match unread {
        Unread::Base => format!("`{}` could not be read at the base", contract.path),
        Unread::Both => format!("`{}` changed, and neither side of it can be read", contract.path),
    };
    Finding {
        proof: Proof::Undecided(why.to_owned()),
        ..not_known(message, (None, Some(contract.span)))
    }
}

/// The finding about a file of a contract that could not be read in full at the base.
pub(crate) fn unreadable_file(path: &str, old: Span, new: Option<Span>) -> Finding {
    not_known(format!("`{path}` could not be read in full at the base"), (Some(old), new))
}

/// The finding about a part of a contract: a file that so many places refer to, else what a place
/// lacks.
pub(super) fn unreadable_part(
    (file, users): (Option<&str>, usize),
    reason: &str,
    unread: Unread,
    spans: (Option<Span>, Option<Span>),
) -> Finding {
    let what = file.map_or_else(|| "a part".to_owned(), |path| format!("`{path}`"));
    let message = match unread {
        Unread::Base => format!("{what} could not be read at the base"),
        Unread::Both => format!("{what} changed, and neither side of it can be read"),
    };
    let message =
        if users > 1 { format!("{message}; {users} places refer to it") } else { message };
    let proof = Proof::Undecided(reason.to_owned());
    let finding = whole(&CONTRACT_UNREADABLE, message, Verdict::Undecided, spans, proof);
    Finding { evidence: file.map(str::to_owned).into_iter().collect(), ..finding }
}

fn not_known(message: String, spans: (Option<Span>, Option<Span>)) -> Finding {
    let proof = Proof::Undecided("what it promised there is not known".to_owned());
    whole(&CONTRACT_UNREADABLE, message, Verdict::Undecided, spans, proof)
}

/// The finding about a contract that lies elsewhere than it did.
pub fn moved(old: &Contract, new: &Contract) -> Finding {
    let message = format!("the contract `{}` was moved to `{}`", old.path, new.path);
    let spans = (Some(old.span), Some(new.span));
    let finding = whole(&CONTRACT_MOVED, message, Verdict::Compatible, spans, Proof::Rule);
    let evidence = vec![old.path.to_string(), new.path.to_string()];
    Finding { caution: CONTRACT_MOVED.caution.map(Into::into), evidence, ..finding }
}

/// The finding about a contract of which no file is left where it began.
pub fn dissolved(old: &Contract, new: &Contract) -> Finding {
    let message = format!(
        "no file of the contract `{}` is left there; what others declare of it now is compared with them",
        old.path
    );
    let spans = (Some(old.span), Some(new.span));
    let finding = whole(&CONTRACT_MOVED, message, Verdict::Compatible, spans, Proof::Rule);
    let evidence = vec![old.path.to_string()];
    Finding { caution: CONTRACT_MOVED.caution.map(Into::into), evidence, ..finding }
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
