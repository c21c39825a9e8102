//! What buf would report, as findings: ours where we speak of the same change, else one of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use super::{Violation, violations};
use crate::diff::{Finding, PeerFinding, Proof};
use crate::model::{Contract, Site, Surfaces};
use crate::rules::Verdict;
use crate::rules::contract::CONTRACT_UNREADABLE;
use crate::rules::package::PACKAGE_REMOVED;
use crate::rules::peer::Preset;
use crate::source::{FileId, Span};

/// Of the findings, those that buf would report too, each with what buf calls it; and one for each
/// thing that only buf reports, which then breaks nobody as far as we can tell. What could not be read
/// stays: of it buf would say nothing because it would not begin.
pub(crate) fn as_peer(
    findings: Vec<Finding>,
    old: &Contract,
    new: &Contract,
    preset: &Preset,
) -> Vec<Finding> {
    let places = Places::of(&findings, old);
    let mut known: BTreeMap<usize, Vec<PeerFinding>> = BTreeMap::new();
    let mut others: BTreeMap<String, Finding> = BTreeMap::new();
    for violation in violations(old, new, preset) {
        let Violation { rule, element, old, new } = &violation;
        let same = PeerFinding { rule, element: element.clone() };
        if let Some(at) = places.find(&findings, &violation) {
            known.entry(at).or_default().push(same);
        } else if let Some(ours) = rule.ours.first() {
            let other = others.entry(element.clone()).or_insert_with(|| Finding {
                rule: ours,
                surfaces: Surfaces::all(Verdict::Compatible),
                caution: Some("buf reports it; nobody was found who breaks".into()),
                proof: Proof::Rule,
                message: format!("`{element}` is no longer what buf compares it with"),
                assumptions: Vec::new(),
                site: Site::whole(element.as_str()),
                reached_from: Vec::new(),
                old: *old,
                new: *new,
                anchor: *new,
                witnesses: Vec::new(),
                evidence: vec![element.clone()],
                crossings: Vec::new(),
                languages: &[],
                peers: Vec::new(),
                also: Vec::new(),
            });
            other.peers.push(same);
        }
    }
    let ours = findings.into_iter().enumerate().filter_map(|(at, mut finding)| {
        let is_unread = *finding.rule == CONTRACT_UNREADABLE;
        finding.peers = known.remove(&at).or(is_unread.then(Vec::new))?;
        Some(finding)
    });
    ours.chain(others.into_values()).collect()
}

/// Findings by the files that they point into.
struct Places {
    old: BTreeMap<FileId, Vec<usize>>,
    new: BTreeMap<FileId, Vec<usize>>,
}

impl Places {
    fn of(findings: &[Finding], old: &Contract) -> Self {
        let mut places = Self { old: BTreeMap::new(), new: BTreeMap::new() };
        let packages = findings.iter().enumerate().filter(|(_, one)| is_package_removed(one));
        for (at, finding) in packages {
            let files = old.messages.files.iter();
            let files = files.filter(|file| file.package.value == finding.site.owner);
            for file in
                files.filter(|file| finding.old.is_none_or(|old| old.file != file.span.file))
            {
                places.old.entry(file.span.file).or_default().push(at);
            }
        }
        for (at, finding) in findings.iter().enumerate() {
            for (old, new) in spans(finding) {
                if let Some(span) = old {
                    places.old.entry(span.file).or_default().push(at);
                }
                if let Some(span) = new {
                    places.new.entry(span.file).or_default().push(at);
                }
            }
        }
        places
    }

    /// The finding that speaks of the same place, by the closest of our rules.
    fn find(&self, findings: &[Finding], violation: &Violation) -> Option<usize> {
        let Violation { rule, element: _, old, new } = violation;
        let none = Vec::new();
        let here = |map: &BTreeMap<FileId, Vec<usize>>, span: Option<Span>| {
            span.and_then(|span| map.get(&span.file)).unwrap_or(&none).clone()
        };
        let mut candidates: BTreeSet<usize> = here(&self.old, *old).into_iter().collect();
        if candidates.is_empty() || old.is_none() {
            candidates.extend(here(&self.new, *new));
        }
        let rank = |at: &usize| {
            let finding = findings.get(*at)?;
            if is_package_removed(finding) {
                // It speaks of everything in the package, where nothing closer does.
                return Some((usize::MAX, u32::MAX, *at));
            }
            let closeness = rule.ours.iter().position(|ours| ours.id == finding.rule.id)?;
            let gaps = spans(finding).filter_map(|(was, is)| {
                let on_old = old.zip(was).and_then(|(one, other)| overlap(one, other));
                let on_new = new.zip(is).and_then(|(one, other)| overlap(one, other));
                // What was in the old contract tells more than what is left around it.
                if old.is_some() && was.is_some() { on_old } else { on_new }
            });
            gaps.min().map(|gap| (closeness, gap, *at))
        };
        candidates.iter().filter_map(rank).min().map(|(_, _, at)| at)
    }
}

/// Every place that a finding speaks of.
fn spans(finding: &Finding) -> impl Iterator<Item = (Option<Span>, Option<Span>)> + '_ {
    iter::once((finding.old, finding.new)).chain(finding.also.iter().copied())
}

fn is_package_removed(finding: &Finding) -> bool {
    finding.rule.id == PACKAGE_REMOVED.id
}

/// How much of two places is not common to both, where they have anything in common.
fn overlap(one: Span, other: Span) -> Option<u32> {
    let (start, end) = (one.start.max(other.start), one.end.min(other.end));
    if one.file != other.file || start > end {
        return None;
    }
    let whole = one.end.max(other.end) - one.start.min(other.start);
    Some(whole - (end - start))
}
