//! What the contract itself allows, and what has become of it.

use super::acceptance::{Allowance, SuppressedBy, Suppression, allowances};
use super::judge::{Opinions, Trust};
use super::weakened::Remark;
use crate::diff::Finding;
use crate::load::{Loaded, Problem, ProblemKind};
use crate::rules::policy::{ACCEPTANCE_ADDED, ACCEPTANCE_EXPIRED, ACCEPTANCE_UNUSED};
use crate::source::Span;

/// The allowances of one contract.
#[derive(Default)]
pub(super) struct Allowed {
    valid: Vec<(Allowance, Use)>,
    remarks: Vec<Remark>,
    /// What looks like an allowance and is none.
    pub(super) problems: Vec<Problem>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Needed,
    Unneeded,
}

impl Allowed {
    /// What the new side allows today. Where only the base is trusted, what it did not allow already
    /// does not count.
    pub(super) fn of(old: Option<&Loaded>, new: Option<&Loaded>, opinions: &Opinions<'_>) -> Self {
        let Some(new) = new else { return Self::default() };
        let (said, wrong) = allowances(new);
        let mut allowed = Self::default();
        allowed.problems.extend(wrong.into_iter().map(|(span, message)| Problem {
            kind: ProblemKind::Warning,
            message: format!("this allows nothing: {message}"),
            span: Some(span),
            path: None,
        }));
        if said.is_empty() {
            return allowed;
        }
        let known = old.map_or_else(Vec::new, |old| allowances(old).0);
        for allowance in said {
            let Allowance { rule, until, reason, within: _, span } = &allowance;
            let same = |other: &&Allowance| {
                (other.rule, other.until, &other.reason) == (*rule, *until, reason)
            };
            let before = known.iter().find(same);
            if before.is_none() && opinions.trust == Trust::Base {
                // It does not count, so there is nothing to be said of it.
                continue;
            }
            let id = rule.as_str();
            let mut remark = |rule, message| {
                let site = format!("allow {id}");
                let old = before.map(|allowance| allowance.span);
                allowed.remarks.push(Remark { rule, message, site, old, new: Some(*span) });
            };
            if before.is_none() {
                let message = format!("`{id}` is allowed here until {until}: {reason}");
                remark(&ACCEPTANCE_ADDED, message);
            }
            if *until < opinions.today {
                remark(&ACCEPTANCE_EXPIRED, format!("`{id}` was allowed here until {until}"));
            } else {
                allowed.valid.push((allowance, Use::Unneeded));
            }
        }
        allowed
    }

    /// The allowance that covers the finding.
    pub(super) fn covers(&mut self, finding: &Finding, owner: Option<&str>) -> Option<Suppression> {
        let place = finding.new.or(finding.anchor)?;
        let covers = |within: &Span| {
            within.file == place.file && within.start <= place.start && place.end <= within.end
        };
        let (allowance, used) = self.valid.iter_mut().find(|(allowance, _)| {
            allowance.rule.as_str() == finding.rule.id && covers(&allowance.within)
        })?;
        *used = Use::Needed;
        Some(Suppression {
            reason: allowance.reason.clone(),
            owner: owner.map(str::to_owned),
            until: allowance.until,
            by: SuppressedBy::Contract(allowance.span),
        })
    }

    /// What whoever reviews the change should know of the allowances, once all findings were asked
    /// about.
    pub(super) fn remarks(self) -> Vec<Remark> {
        let Self { valid, mut remarks, problems: _ } = self;
        let unneeded = valid.iter().filter(|(_, used)| *used == Use::Unneeded);
        remarks.extend(unneeded.map(|(allowance, _)| {
            let id = allowance.rule.as_str();
            Remark {
                rule: &ACCEPTANCE_UNUSED,
                message: format!("`{id}` is allowed here and does not happen"),
                site: format!("allow {id}"),
                old: None,
                new: Some(allowance.span),
            }
        }));
        remarks
    }
}
