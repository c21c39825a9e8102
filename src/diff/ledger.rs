//! One edit, one finding: collects what every site says about an edit.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::finding::{Finding, Proof, Reach};
use super::session::Crossing;
use super::shapes::{Direction, Path, Question};
use crate::model::{Part, Polarity, Site, Surfaces};
use crate::rules::edit::Edit;
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// All findings of a comparison, by what was edited.
#[derive(Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    /// The entries by a digest of what was edited.
    index: HashMap<u64, Vec<usize>, FixedState>,
    /// The pairs of payloads that were judged, and where each crosses first.
    roots: Vec<(Question, Crossing)>,
    known_roots: HashSet<Question, FixedState>,
}

/// A finding in the making, and how its witness can be had.
pub(crate) struct Entry {
    pub(crate) finding: Finding,
    /// What is left of the place that something is gone from, where that tells edits apart.
    pub(crate) survivor: Option<Span>,
    /// The ways that lead to the edit from roots at which it breaks, cheapest first.
    pub(crate) leads: Vec<Lead>,
    /// For each direction, a root from which the edit is reached and loses nothing.
    pub(crate) harmless: Vec<Lead>,
    /// Who else proved that it loses nothing where that was left open here.
    pub(crate) seconded: Option<String>,
    /// Where each reach stands in the finding: a shared shape may be reached from everywhere.
    pub(crate) reached: HashMap<(Arc<str>, Part, Polarity), usize, FixedState>,
}

/// A root from which an edit is reached, and what became of it there.
#[derive(Clone)]
pub(crate) struct Lead {
    pub(crate) question: Question,
    pub(crate) path: Path,
    pub(crate) edit: Rc<Edit>,
    pub(crate) direction: Direction,
    /// Where the value crosses.
    pub(crate) site: Site,
    /// Which of the reaches it is: a value may cross in the same way at many sites.
    pub(crate) reaches: Vec<usize>,
}

/// How many differences one message names.
const MAX_WORDS: usize = 3;

/// How many roots are looked at for a witness.
pub(super) const MAX_LEADS: usize = 64;

impl Ledger {
    /// Records that a pair of payloads was judged.
    pub(crate) fn root(&mut self, crossing: &Crossing, question: &Question) {
        if self.known_roots.insert(question.clone()) {
            self.roots.push((question.clone(), crossing.clone()));
        }
    }

    /// Takes out the pairs of payloads that were judged.
    pub(super) fn take_roots(&mut self) -> Vec<(Question, Crossing)> {
        mem::take(&mut self.roots)
    }

    /// The finding about this edit, made if there is none.
    pub(crate) fn entry(
        &mut self,
        rule: &'static Rule,
        (old, new): (Option<Span>, Option<Span>),
        message: &str,
        site: impl FnOnce() -> Site,
    ) -> &mut Entry {
        self.entry_at(rule, (old, new, None), message, site)
    }

    /// The same, told apart by what is left of the place that something is gone from.
    fn entry_at(
        &mut self,
        rule: &'static Rule,
        (old, new, survivor): (Option<Span>, Option<Span>, Option<Span>),
        message: &str,
        site: impl FnOnce() -> Site,
    ) -> &mut Entry {
        let asked = (rule.id, old, new, survivor, message);
        let digest = FixedState::default().hash_one(asked);
        let known = self.index.entry(digest).or_default();
        let is_it = |index: &usize| {
            self.entries.get(*index).is_some_and(|Entry { finding, survivor, .. }| {
                let Finding { rule, old, new, message, .. } = finding;
                (rule.id, *old, *new, *survivor, &**message) == asked
            })
        };
        let next = self.entries.len();
        let index = known.iter().copied().find(is_it).unwrap_or(next);
        if index == next {
            known.push(next);
            let finding = Finding {
                rule,
                surfaces: Surfaces::all(Verdict::Compatible),
                caution: None,
                proof: Proof::Rule,
                message: message.to_owned(),
                assumptions: Vec::new(),
                site: site(),
                reached_from: Vec::new(),
                old,
                new,
                anchor: survivor.or(new),
                witnesses: Vec::new(),
                evidence: Vec::new(),
                crossings: Vec::new(),
                languages: &[],
                peers: Vec::new(),
                also: Vec::new(),
            };
            let (leads, harmless, seconded) = (Vec::new(), Vec::new(), None);
            let reached = HashMap::default();
            self.entries.push(Entry { finding, survivor, leads, harmless, seconded, reached });
        }
        #[expect(clippy::indexing_slicing, reason = "the index holds positions of entries only")]
        &mut self.entries[index]
    }

    /// Records what follows from a rule alone: an offer made or withdrawn, an annotation edited.
    pub(crate) fn state(
        &mut self,
        rule: &'static Rule,
        spans: (Option<Span>, Option<Span>),
        message: &str,
        site: &Site,
        (verdict, polarity): (Verdict, Polarity),
    ) -> &mut Finding {
        let entry = self.entry(rule, spans, message, || site.clone());
        entry.reach(site, polarity, verdict, || site.clone());
        if verdict == Verdict::Compatible
            && let Some(caution) = rule.caution
        {
            entry.finding.caution = Some(caution.into());
        }
        &mut entry.finding
    }

    /// Records what is gone from a place that survives. What several places shared is one finding for
    /// each place that gave it up by itself.
    pub(crate) fn withdraw(
        &mut self,
        rule: &'static Rule,
        (was, survivor): (Span, Span),
        message: &str,
        site: &Site,
        (verdict, polarity): (Verdict, Polarity),
    ) {
        let entry =
            self.entry_at(rule, (Some(was), None, Some(survivor)), message, || site.clone());
        entry.reach(site, polarity, verdict, || site.clone());
    }

    /// Records one edit that is judged by what others would be: as grave as the gravest of them,
    /// and shown by the same values.
    pub(crate) fn fold(
        &mut self,
        rule: &'static Rule,
        spans: (Option<Span>, Option<Span>),
        message: &str,
        (site, polarity): (&Site, Polarity),
        differences: Self,
    ) -> &mut Finding {
        let told: Vec<Entry> = differences
            .into_entries()
            .into_iter()
            .filter(|entry| !entry.finding.rule.is_text_only())
            .collect();
        let worst = told.iter().map(|entry| entry.finding.verdict()).max().unwrap_or_default();
        let grave = |entry: &&Entry| worst == entry.finding.verdict();
        let words: Vec<&str> =
            told.iter().filter(grave).map(|entry| &*entry.finding.message).collect();
        let message = match (worst, words.split_at_checked(MAX_WORDS)) {
            (Verdict::Compatible, _) => message.to_owned(),
            (_, Some((first, rest))) if !rest.is_empty() => {
                format!("{message}: {} and {} more", first.join("; "), rest.len())
            }
            (_, Some(_) | None) => format!("{message}: {}", words.join("; ")),
        };
        let entry = self.entry(rule, spans, &message, || site.clone());
        let reach = entry.reach(site, polarity, worst, || site.clone());
        let mut caution = None;
        for Entry { finding, survivor: _, leads, harmless, seconded, reached: _ } in told {
            entry.seconded = entry.seconded.take().or(seconded);
            entry.finding.evidence.push(finding.rule.id.to_owned());
            entry.finding.evidence.extend(finding.evidence);
            caution = caution.or(finding.caution);
            for lead in harmless {
                entry.spare(lead.direction, || Lead { reaches: vec![reach], ..lead });
            }
            if finding.surfaces.wire.max(finding.surfaces.json) == worst {
                entry.finding.proof = finding.proof;
                for lead in leads {
                    entry.lead(Lead { reaches: vec![reach], ..lead });
                }
            }
        }
        entry.finding.caution = caution.filter(|_| worst == Verdict::Compatible);
        &mut entry.finding
    }

    /// Takes the entries out, in the order in which they were found.
    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl Entry {
    /// Adds a site that the edit reaches; the verdict of the finding is the worst of all. `place`
    /// is where in the site the edit is.
    pub(crate) fn reach(
        &mut self,
        site: &Site,
        polarity: Polarity,
        verdict: Verdict,
        place: impl FnOnce() -> Site,
    ) -> usize {
        if verdict > self.finding.verdict() {
            // Where it breaks is where people should look.
            self.finding.site = place();
        }
        let touched = self.finding.rule.surfaces;
        let on = |touched: bool| if touched { verdict } else { Verdict::Compatible };
        let surfaces = &mut self.finding.surfaces;
        surfaces.wire = surfaces.wire.max(on(touched.wire));
        surfaces.json = surfaces.json.max(on(touched.json));
        surfaces.source = surfaces.source.max(on(touched.source));
        let next = self.finding.reached_from.len();
        let way = (Arc::clone(&site.owner), site.part.clone(), polarity);
        let index = *self.reached.entry(way).or_insert(next);
        match self.finding.reached_from.get_mut(index) {
            Some(reach) => reach.verdict = reach.verdict.max(verdict),
            None => self.finding.reached_from.push(Reach {
                operation: Arc::clone(&site.owner),
                part: site.part.to_string(),
                polarity,
                verdict,
            }),
        }
        index
    }

    /// Remembers a way by which nothing is lost in this direction, unless one is known.
    pub(crate) fn spare(&mut self, direction: Direction, lead: impl FnOnce() -> Lead) {
        if self.harmless.iter().all(|known| known.direction != direction) {
            self.harmless.push(lead());
        }
    }

    /// Whether a way of this length from a root that is not known yet is among the shortest so far. What
    /// becomes of the edit at a known root becomes of it wherever values cross there.
    pub(crate) fn wants(
        &mut self,
        (question, direction): (&Question, Direction),
        length: usize,
        reach: usize,
    ) -> bool {
        let is_known =
            |known: &&mut Lead| known.direction == direction && known.question == *question;
        if let Some(known) = self.leads.iter_mut().find(is_known) {
            if !known.reaches.contains(&reach) {
                known.reaches.push(reach);
            }
            return false;
        }
        self.leads.len() < MAX_LEADS
            || self.leads.last().is_some_and(|longest| length < longest.path.len())
    }

    /// Remembers a way to a witness; the shortest ones are kept.
    pub(crate) fn lead(&mut self, lead: Lead) {
        let position = self.leads.partition_point(|known| known.path.len() <= lead.path.len());
        self.leads.insert(position, lead);
        self.leads.truncate(MAX_LEADS);
    }
}
