//! Changes of many declarations that one edit of their file made: one finding.

use std::sync::Arc;

use super::walk::Walk;
use crate::diff::{Finding, Proof};
use crate::model::{FileDefaults, Site, Surfaces};
use crate::rules::Verdict;
use crate::source::Span;

/// How many of the declarations a finding names beside the first.
const NAMED: usize = 3;

/// What is told in one finding.
pub(super) struct Joined {
    /// The place of the finding among all.
    at: usize,
    /// The file that was edited.
    file: Arc<str>,
    /// The declarations beside the first, by their full names.
    others: Vec<String>,
}

impl Walk<'_> {
    /// The file whose edit made a change of what it declares, if that is how the change came: it
    /// says now of all that say nothing themselves what the declaration became.
    pub(crate) fn by_file<T: PartialEq + Copy>(
        &self,
        (old, new): (Span, Span),
        (was, is): (T, T),
        said: impl Fn(&FileDefaults) -> T,
    ) -> Option<Arc<str>> {
        let mut olds = self.old.contract.messages.files.iter();
        let mut news = self.new.contract.messages.files.iter();
        let old = olds.find(|file| file.span.file == old.file)?;
        let new = news.find(|file| file.span.file == new.file)?;
        let made = said(&old.defaults) == was && said(&new.defaults) == is;
        made.then(|| Arc::clone(&new.path))
    }

    /// Adds a finding to the one that tells the same edit of the file already, if one does; answers
    /// what is left to tell.
    pub(super) fn join(&mut self, file: Arc<str>, finding: Finding) -> Option<Finding> {
        let key = (finding.rule.id, Arc::clone(&file));
        let Some(joined) = self.joined.get_mut(&key) else {
            let first = Joined { at: self.findings.len(), file, others: Vec::new() };
            self.joined.insert(key, first);
            return Some(finding);
        };
        let Some(first) = self.findings.get_mut(joined.at) else { return Some(finding) };
        joined.others.push(full_name(&finding.site));
        merge(first, finding);
        None
    }

    /// Has each of the findings say what else its edit did.
    pub(super) fn tell_joined(&mut self) {
        for joined in self.joined.values().filter(|joined| !joined.others.is_empty()) {
            let Some(finding) = self.findings.get_mut(joined.at) else { continue };
            let named: Vec<String> =
                joined.others.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
            let more = joined.others.len() - named.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let (listed, file) = (named.join(", "), &joined.file);
            finding.message =
                format!("{}; and so for {listed}{more}, by one edit of `{file}`", finding.message);
        }
    }
}

fn full_name(site: &Site) -> String {
    let steps = site.steps.iter().map(|step| format!(".{step}"));
    format!("{}{}", site.owner, steps.collect::<String>())
}

/// The worst of both, and all that both reach.
fn merge(first: &mut Finding, other: Finding) {
    let worst = |one: Verdict, other: Verdict| one.max(other);
    first.surfaces = Surfaces {
        wire: worst(first.surfaces.wire, other.surfaces.wire),
        json: worst(first.surfaces.json, other.surfaces.json),
        source: worst(first.surfaces.source, other.surfaces.source),
    };
    for crossing in other.crossings {
        if !first.crossings.contains(&crossing) {
            first.crossings.push(crossing);
        }
    }
    for reach in other.reached_from {
        if !first.reached_from.contains(&reach) {
            first.reached_from.push(reach);
        }
    }
    for witness in other.witnesses {
        let mut shown = first.witnesses.iter();
        if !shown.any(|one| (one.writer, one.surface) == (witness.writer, witness.surface)) {
            first.witnesses.push(witness);
        }
    }
    first.proof = match (std::mem::replace(&mut first.proof, Proof::Rule), other.proof) {
        (Proof::Witness, _) | (_, Proof::Witness) => Proof::Witness,
        (Proof::Undecided(reason), _) | (_, Proof::Undecided(reason)) => Proof::Undecided(reason),
        (Proof::Contained, Proof::Contained) => Proof::Contained,
        (Proof::Rule | Proof::Contained, Proof::Rule | Proof::Contained) => Proof::Rule,
    };
    first.caution = first.caution.take().or(other.caution);
    first.also.push((other.old, other.new));
    first.also.extend(other.also);
}
