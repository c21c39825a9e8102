//! One edit, one finding: collects what every site says about an edit.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::finding::{Finding, Proof, Reach};
use super::shapes::{Direction, Question, SlotPair};
use crate::model::{Part, Polarity, Site, Surfaces};
use crate::rules::edit::Edit;
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// All findings of a comparison, by what was edited.
#[derive(Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    index: HashMap<Identity, usize, RandomState>,
}

/// A finding in the making, and how its witness can be had.
pub(crate) struct Entry {
    pub(crate) finding: Finding,
    /// The ways that lead to the edit from roots at which it breaks, cheapest first.
    pub(crate) leads: Vec<Lead>,
    /// Where each reach stands in the finding: a shared shape may be reached from everywhere.
    pub(crate) reached: HashMap<(Arc<str>, Part, Polarity), usize, RandomState>,
}

/// A root from which an edit is reached and lost.
#[derive(Clone)]
pub(crate) struct Lead {
    pub(crate) question: Question,
    pub(crate) path: Vec<SlotPair>,
    pub(crate) edit: Rc<Edit>,
    pub(crate) direction: Direction,
    /// Where the value crosses.
    pub(crate) site: Site,
    /// Which of the reaches it is.
    pub(crate) reach: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Identity {
    rule: &'static str,
    old: Option<Span>,
    new: Option<Span>,
    message: String,
}

/// How many roots are tried for a witness.
const MAX_LEADS: usize = 4;

impl Ledger {
    /// The finding about this edit, made if there is none.
    pub(crate) fn entry(
        &mut self,
        rule: &'static Rule,
        (old, new): (Option<Span>, Option<Span>),
        message: &str,
        site: &Site,
    ) -> &mut Entry {
        let identity = Identity { rule: rule.id, old, new, message: message.to_owned() };
        let next = self.entries.len();
        let index = *self.index.entry(identity).or_insert(next);
        if index == next {
            let finding = Finding {
                rule,
                surfaces: Surfaces::all(Verdict::Compatible),
                caution: None,
                proof: Proof::Rule,
                message: message.to_owned(),
                assumptions: Vec::new(),
                site: site.clone(),
                reached_from: Vec::new(),
                old,
                new,
                anchor: new,
                witnesses: Vec::new(),
                evidence: Vec::new(),
                peers: Vec::new(),
            };
            self.entries.push(Entry { finding, leads: Vec::new(), reached: HashMap::default() });
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
        let entry = self.entry(rule, spans, message, site);
        entry.reach(site, polarity, verdict);
        if verdict == Verdict::Compatible
            && let Some(caution) = rule.caution
        {
            entry.finding.caution = Some(caution.into());
        }
        &mut entry.finding
    }

    /// Takes the entries out, in the order in which they were found.
    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl Entry {
    /// Adds a site that the edit reaches; the verdict of the finding is the worst of all.
    pub(crate) fn reach(&mut self, site: &Site, polarity: Polarity, verdict: Verdict) -> usize {
        if verdict > self.finding.verdict() {
            // Where it breaks is where people should look.
            self.finding.site = site.clone();
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

    /// Remembers a way to a witness; the shortest ones are kept.
    pub(crate) fn lead(&mut self, lead: Lead) {
        let position = self.leads.partition_point(|known| known.path.len() <= lead.path.len());
        self.leads.insert(position, lead);
        self.leads.truncate(MAX_LEADS);
    }
}
