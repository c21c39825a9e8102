//! The state of the walk: both sides, what corresponds to what, and the findings so far.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::adopted::take_in;
use super::contents::Contents;
use super::joined::Joined;
use super::pairs::Pairs;
use super::reach::{Reachable, Uses, polarity};
use super::side::Side;
use super::trials::{Trials, Unshown};
use super::witness::{Back, Root, Showing, crossings, witnesses};
use crate::diff::{CompareOptions, Finding, JsonReaders, Proof, Reach, Witness, WitnessSide};
use crate::model::{EnumId, MessageId, Mode, Part, Polarity, Site, Step, Surfaces};
use crate::rules::impact::{Directions, Exposure, Impact};
use crate::rules::{Packs, Rule, Verdict};
use crate::source::Span;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// Both sides under comparison.
pub(crate) struct Walk<'a> {
    pub(crate) old: Side<'a>,
    pub(crate) new: Side<'a>,
    pub(crate) pairs: Pairs,
    pub(super) contents: Contents,
    /// The calls that both sides have, once they are paired: the new route by the old one.
    pub(crate) heirs: BTreeMap<Arc<str>, Arc<str>>,
    mode: Mode,
    json_readers: JsonReaders,
    /// Whose options mean something.
    pub(crate) packs: Packs,
    old_reachable: Reachable,
    new_reachable: Reachable,
    /// The full names of the messages that options of the old side hold, once they were asked for.
    pub(super) packed: OnceCell<BTreeSet<String>>,
    pub(super) findings: Vec<Finding>,
    /// The findings of edits that may be made in several files.
    alike: BTreeMap<String, usize>,
    /// The findings of edits of a file that change what it declares, by rule and file.
    pub(super) joined: BTreeMap<(&'static str, Arc<str>), Joined>,
}

/// An edit that is the same wherever it is made: a finding tells it once, with the files counted.
pub(crate) struct Alike {
    /// What is the same.
    pub(crate) edit: String,
    /// The file in which it was made here.
    pub(crate) file: Arc<str>,
}

/// One change, as a rule describes it.
pub(crate) struct Change<'a> {
    pub(crate) rule: &'static Rule,
    /// To what it happened.
    pub(crate) scope: Scope,
    /// The way from there.
    pub(crate) steps: Vec<Step>,
    pub(crate) impact: Impact,
    /// Why it deserves attention where it is compatible, if not for the rule's reason.
    pub(crate) caution: Option<String>,
    pub(crate) message: String,
    pub(crate) old: Option<Span>,
    pub(crate) new: Option<Span>,
    /// Where to point where it is declared no longer, if not at what is around it.
    pub(crate) anchor: Option<Span>,
    /// What identifies the edit beyond scope and steps: old and new values.
    pub(crate) evidence: Vec<String>,
    /// In which message a witness shows it.
    pub(crate) root: Option<Root<'a>>,
    /// How it is shown to old readers, if otherwise.
    pub(crate) back: Option<Back<'a>>,
    /// With which values, where a constraint is what refuses them.
    pub(crate) trials: Option<Trials>,
    /// Exchanges that are missed.
    pub(crate) exchanges: Vec<Witness>,
    /// The languages whose generated code it is about; none where it is about all.
    pub(crate) languages: &'static [&'static str],
    /// What other files may have seen too.
    pub(crate) alike: Option<Alike>,
    /// The file whose edit may have made the same change of other declarations.
    pub(crate) file: Option<Arc<str>>,
    /// Where else the same edit was made.
    pub(crate) also: Vec<(Option<Span>, Option<Span>)>,
}

/// To what a change happened.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// A message, on the sides that have it.
    Message(Option<MessageId>, Option<MessageId>),
    /// An enumeration, on the sides that have it.
    Enum(Option<EnumId>, Option<EnumId>),
    /// A part of a call, by its route.
    Call(Arc<str>, Part),
    /// Something that no payload passes: a file, a package, a service.
    Named(Arc<str>),
}

impl<'a> Change<'a> {
    /// A change that affects nobody until more is said.
    pub(crate) fn new(rule: &'static Rule, scope: Scope, message: String) -> Self {
        Self {
            rule,
            scope,
            steps: Vec::new(),
            impact: Impact::none(),
            caution: None,
            message,
            old: None,
            new: None,
            anchor: None,
            evidence: Vec::new(),
            root: None,
            back: None,
            trials: None,
            exchanges: Vec::new(),
            languages: &[],
            alike: None,
            file: None,
            also: Vec::new(),
        }
    }

    /// At this step into the scope.
    pub(crate) fn at(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// With this impact.
    pub(crate) fn impact(mut self, impact: Impact) -> Self {
        self.impact = impact;
        self
    }

    /// With this caution, or the rule's own.
    pub(crate) fn caution(mut self, caution: impl Into<String>) -> Self {
        self.caution = Some(caution.into());
        self
    }

    /// Declared here on each side.
    pub(crate) fn spans(mut self, old: Option<Span>, new: Option<Span>) -> Self {
        (self.old, self.new) = (old, new);
        self
    }

    /// Identified by these values.
    pub(crate) fn evidence(mut self, values: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(values);
        self
    }

    /// Made by an edit of this file, if of one.
    pub(crate) fn made_by(mut self, file: Option<Arc<str>>) -> Self {
        self.file = file;
        self
    }

    /// Shown to old readers in this message.
    pub(crate) fn back(mut self, root: Root<'a>) -> Self {
        self.back = Some(Back { root, trials: None });
        self
    }

    /// Shown in this message.
    pub(crate) fn root(mut self, root: Option<Root<'a>>) -> Self {
        self.root = root;
        self
    }
}

impl<'a> Walk<'a> {
    pub(crate) fn new(mut old: Side<'a>, new: Side<'a>, options: CompareOptions) -> Self {
        let CompareOptions { mode, assumptions: _, readers: _, json_readers, packs } = options;
        let pairs = Pairs::of(&old, &new);
        take_in(&mut old, &new, &pairs);
        let (old_reachable, new_reachable) = (Reachable::of(&old), Reachable::of(&new));
        let (contents, findings, alike) = (Contents::default(), Vec::new(), BTreeMap::new());
        Self {
            old,
            new,
            pairs,
            contents,
            heirs: BTreeMap::new(),
            mode,
            json_readers,
            packs,
            old_reachable,
            new_reachable,
            packed: OnceCell::new(),
            findings,
            alike,
            joined: BTreeMap::new(),
        }
    }

    /// What becomes of a name that the reader of JSON does not know, if this sample shows it.
    pub(crate) fn unknown_name(&self, sample: Sample) -> Exchange {
        let json = match self.json_readers {
            JsonReaders::Lenient => Passage::SAME,
            JsonReaders::Strict => {
                let because = "the reader refuses names that it does not know";
                Passage::new(Outcome::Refused, sample, because)
            }
        };
        Exchange { wire: Passage::SAME, json }
    }

    /// Everything that was reported.
    pub(crate) fn into_findings(mut self) -> Vec<Finding> {
        for at in self.alike.values() {
            let Some(finding) = self.findings.get_mut(*at) else { continue };
            if finding.also.is_empty() {
                continue;
            }
            let files = finding.also.len() + 1;
            finding.message = format!("{}, in {files} files", finding.message);
        }
        self.tell_joined();
        self.findings
    }

    /// Adds a change to the finding that tells it already, if one does.
    fn is_told(&mut self, change: &Change<'_>) -> bool {
        let Some(Alike { edit, file }) = &change.alike else { return false };
        let known = self.alike.get(edit).and_then(|at| self.findings.get_mut(*at));
        let Some(finding) = known else {
            self.alike.insert(edit.clone(), self.findings.len());
            return false;
        };
        finding.also.push((change.old, change.new));
        if let Some(first) = finding.reached_from.first().cloned() {
            finding.reached_from.push(Reach { operation: file.clone(), ..first });
        }
        true
    }

    /// Turns a change into a finding.
    pub(crate) fn report(&mut self, mut change: Change<'_>) {
        if self.is_told(&change) {
            return;
        }
        let uses = self.uses(&change.scope);
        let exposure = Exposure { polarity: uses.overall(change.impact.bites), mode: self.mode };
        let showing = Showing {
            impact: &change.impact,
            exposure,
            root: change.root.as_ref(),
            back: change.back.as_ref(),
            trials: change.trials.as_ref(),
        };
        let mut witnesses = witnesses(self, &showing);
        witnesses.append(&mut change.exchanges);
        let is_shown = witnesses.iter().any(|witness| witness.confirmed_by.is_some());
        if let Some(trials) = &change.trials {
            let is_open = |unshown: Unshown, writer: WitnessSide| {
                let mut shown = witnesses.iter().filter(|one| one.confirmed_by.is_some());
                unshown == Unshown::Open && !shown.any(|one| one.writer == writer)
            };
            let open = Directions {
                old_to_new: is_open(trials.unshown.old_to_new, WitnessSide::Old),
                new_to_old: is_open(trials.unshown.new_to_old, WitnessSide::New),
            };
            change.impact = change.impact.left_open(open, SHADOWED);
        }
        let surfaces = change.impact.verdicts(exposure);
        let proof = match change.impact.undecided(exposure) {
            _ if is_shown => Proof::Witness,
            Some(reason) if verdict_over(surfaces) == Verdict::Undecided => {
                Proof::Undecided(reason)
            }
            Some(_) | None => Proof::Rule,
        };
        let Change { rule, scope, steps, impact, message, old, new, anchor, evidence, .. } = change;
        let caution = change.caution.or_else(|| rule.caution.map(str::to_owned));
        let caution = match (caution, impact.unasked(exposure)) {
            (Some(stated), Some(unasked)) => Some(format!("{stated}; {unasked}")),
            (stated, unasked) => stated.or(unasked),
        };
        let owner = self.owner(&scope);
        let part = match &scope {
            Scope::Call(_, part) => part.clone(),
            Scope::Message(..) | Scope::Enum(..) | Scope::Named(_) => Part::Whole,
        };
        let mut identity = vec![owner.to_string()];
        identity.extend(steps.iter().map(Step::to_string));
        identity.extend(evidence);
        let place = change.alike.map_or_else(|| owner.clone(), |alike| alike.file);
        let reached_from = reached_from(&place, &uses, &impact, exposure);
        let finding = Finding {
            rule,
            surfaces,
            crossings: crossings(&impact, exposure, &witnesses),
            languages: change.languages,
            caution: caution.map(Into::into),
            proof,
            message,
            assumptions: Vec::new(),
            anchor: new.or(anchor).or_else(|| self.survivor(&scope)),
            site: Site { owner, part, steps },
            reached_from,
            old,
            new,
            witnesses,
            evidence: identity,
            peers: Vec::new(),
            also: change.also,
        };
        let finding = match change.file {
            Some(file) => self.join(file, finding),
            None => Some(finding),
        };
        self.findings.extend(finding);
    }

    fn owner(&self, scope: &Scope) -> Arc<str> {
        let name = match scope {
            Scope::Message(old, new) => {
                let new = new.and_then(|id| self.new.message(id));
                let found = new.or_else(|| old.and_then(|id| self.old.message(id)));
                found.map(|message| message.full_name.clone())
            }
            Scope::Enum(old, new) => {
                let new = new.and_then(|id| self.new.enumeration(id));
                let found = new.or_else(|| old.and_then(|id| self.old.enumeration(id)));
                found.map(|enumeration| enumeration.full_name.clone())
            }
            Scope::Call(name, _) | Scope::Named(name) => Some(name.clone()),
        };
        name.unwrap_or_else(|| "".into())
    }

    /// Where an element occurs.
    fn uses(&self, scope: &Scope) -> Uses {
        let (old, new): (Vec<MessageId>, Vec<MessageId>) = match scope {
            Scope::Message(old, new) => {
                (old.iter().copied().collect(), new.iter().copied().collect())
            }
            Scope::Enum(old, new) => (
                old.map_or_else(Vec::new, |id| self.old.enum_users(id).to_vec()),
                new.map_or_else(Vec::new, |id| self.new.enum_users(id).to_vec()),
            ),
            Scope::Call(route, part) => {
                return Uses::of_call((route.clone(), part.clone()));
            }
            Scope::Named(_) => return Uses::default(),
        };
        let was = self.old_reachable.uses(&self.old, &old);
        let is = self.new_reachable.uses(&self.new, &new);
        if old.is_empty() || new.is_empty() {
            return was.on_either(is);
        }
        was.on_both(is, &self.pairs)
    }

    /// Where to point in the new contract when the element itself is gone.
    fn survivor(&self, scope: &Scope) -> Option<Span> {
        match scope {
            Scope::Message(old, new) => {
                if let Some(message) = new.and_then(|id| self.new.message(id)) {
                    return Some(message.name_span);
                }
                let gone = old.and_then(|id| self.old.message(id))?;
                self.parent_or_file(gone.parent, gone.file)
            }
            Scope::Enum(old, new) => {
                if let Some(enumeration) = new.and_then(|id| self.new.enumeration(id)) {
                    return Some(enumeration.name_span);
                }
                let gone = old.and_then(|id| self.old.enumeration(id))?;
                self.parent_or_file(gone.parent, gone.file)
            }
            Scope::Call(route, _) => {
                let twin = self.new.calls().find(|(_, call)| call.route == *route);
                let twin = twin.map(|(operation, _)| operation.span);
                twin.or_else(|| self.service_of(route))
            }
            Scope::Named(name) => {
                let services = &self.new.contract.messages.services;
                let service = services.iter().find(|one| one.full_name == *name);
                service.map(|service| service.name_span)
            }
        }
    }

    /// The service that an old call was part of.
    fn service_of(&self, route: &str) -> Option<Span> {
        let (_, call) = self.old.calls().find(|(_, call)| *call.route == *route)?;
        let mut services = self.old.contract.messages.services.iter();
        let at = services.position(|one| one.full_name == call.service)?;
        let heir = self.pairs.services.new_of(at)?;
        self.new.contract.messages.services.get(heir).map(|service| service.name_span)
    }

    fn parent_or_file(&self, parent: Option<MessageId>, file: usize) -> Option<Span> {
        let parent = parent.and_then(|id| self.pairs.new_message(id));
        if let Some(message) = parent.and_then(|id| self.new.message(id)) {
            return Some(message.name_span);
        }
        let path = &self.old.file(file)?.path;
        let files = &self.new.contract.messages.files;
        files.iter().find(|file| file.path == *path).map(|file| file.package.span)
    }
}

fn verdict_over(surfaces: Surfaces<Verdict>) -> Verdict {
    surfaces.wire.max(surfaces.json).max(surfaces.source)
}

/// Why a constraint that no value was found to violate may refuse nothing that is sent.
const SHADOWED: &str =
    "no value was found that the writer's other constraints allow and this one refuses";

/// What the change reaches, and what it does there.
fn reached_from(owner: &Arc<str>, uses: &Uses, impact: &Impact, exposure: Exposure) -> Vec<Reach> {
    let reach = |operation: &Arc<str>, part: String, polarity: Polarity| {
        let surfaces = impact.verdicts(Exposure { polarity, ..exposure });
        let verdict = verdict_over(surfaces);
        Reach { operation: operation.clone(), part, polarity, verdict }
    };
    if uses.parts.is_empty() {
        return vec![reach(owner, String::new(), Polarity::Both)];
    }
    let parts = uses.parts.keys();
    let calls = parts.map(|(call, part)| reach(call, part.to_string(), polarity(part)));
    let alone = uses.alone.values().map(|name| reach(name, String::new(), Polarity::Both));
    calls.chain(alone).collect()
}
