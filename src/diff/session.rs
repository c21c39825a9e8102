//! One comparison: both contracts over one graph, the question asked, and the findings so far.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use super::assumed::Rests;
use super::heirs::Kin;
use super::http::Parties;
use super::ledger::{Lead, Ledger};
use super::shapes::{Direction, Ends, Judged, Outcome, Question, Walk};
use crate::load::Loaded;
use crate::model::{
    Contract, Equality, Json, Mode, Polarity, ShapeId, ShapeOffset, Shapes, Site, Step,
};
use crate::rules::edit::Edit;
use crate::rules::enumeration::{ENUM_VALUE_ADDED, OPEN_VALUE_ADDED, OPEN_VALUE_REMOVED};
use crate::rules::text::FORMAT_CHANGED;
use crate::rules::{Effect, Packs, Verdict};
use crate::subtype::format::Format;
use crate::subtype::{Assumptions, Carrier};

/// The question that a comparison answers: who writes, who reads, and what is assumed of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompareOptions {
    /// Which standalone payloads must be readable by whom.
    pub mode: Mode,
    /// What is assumed of writers, and whether formats count.
    pub assumptions: Assumptions,
    /// What readers do with values that they do not know.
    pub readers: Readers,
    /// What readers of messages in JSON do with names that they do not know.
    pub json_readers: JsonReaders,
    /// Whose options of messages mean something beyond a note.
    pub packs: Packs,
}

/// What readers of messages in JSON do with names that they do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonReaders {
    /// They skip them, as readers of bytes do.
    #[default]
    Lenient,
    /// They refuse them, which is what the ProtoJSON specification has parsers do by default.
    Strict,
}

/// What readers do with values that they do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readers {
    /// They refuse them.
    #[default]
    Strict,
    /// They skip unknown members of closed objects and unknown values of closed lists.
    Tolerant,
}

/// The state of a comparison.
pub(crate) struct Session<'c> {
    pub(crate) old: &'c Contract,
    pub(crate) new: &'c Contract,
    pub(crate) walk: Walk<'c>,
    pub(crate) ledger: Ledger,
    pub(crate) options: CompareOptions,
    /// Who the operations are that findings name.
    pub(crate) parties: BTreeMap<Arc<str>, Parties<'c>>,
    /// Values that both sides of a crossing accept, where they were looked for.
    pub(crate) accepted: HashMap<Ends, Option<Json>>,
    /// What was found out about what verdicts rest on.
    pub(super) rests: Rests,
    /// What payloads of a root may say that they are of.
    pub(super) kin: HashMap<ShapeId, Rc<Vec<Kin>>>,
    /// The shapes of which payloads are, where that was asked.
    pub(super) met: HashSet<ShapeId>,
    offset: ShapeOffset,
}

/// The shapes of one side, and which of them say the same.
pub(crate) type Graph = (Shapes, Equality);

/// Where a payload crosses, and how.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) site: Site,
    pub(crate) polarity: Polarity,
    pub(crate) carrier: Carrier,
}

impl<'c> Session<'c> {
    /// The comparison of two contracts, whose shapes are these.
    pub(crate) fn new(
        (old, new): (&'c Loaded, &'c Loaded),
        ((mut shapes, was), (others, is)): (Graph, Graph),
        options: CompareOptions,
    ) -> Self {
        let offset = shapes.append(others);
        let equality = was.join(is, &shapes, offset);
        let walk = Walk::new((shapes, equality), options.assumptions, (&old.referee, &new.referee));
        Self {
            old: &old.contract,
            new: &new.contract,
            walk,
            ledger: Ledger::default(),
            options,
            parties: BTreeMap::new(),
            accepted: HashMap::new(),
            rests: Rests::default(),
            kin: HashMap::new(),
            met: HashSet::new(),
            offset,
        }
    }

    /// Ends the comparison. What was large is taken down while the report is made of what was found.
    pub(super) fn let_go(self) {
        /// How many shapes take longer to take down than a thread takes to start.
        const WORTH_A_THREAD: usize = 2_000;
        let (shapes, engine) = (self.walk.shapes, self.walk.engine);
        if shapes.len() > WORTH_A_THREAD {
            // Where no thread is to be had it is done here.
            let _ = thread::Builder::new().spawn(move || drop((shapes, engine)));
        }
    }

    /// Judges a payload that both sides describe; the ids are each contract's own.
    pub(crate) fn payload(&mut self, crossing: &Crossing, old: ShapeId, new: ShapeId) {
        let equality = self.walk.engine.equality();
        let ends = (old, new.shifted(self.offset));
        let resolved = (equality.resolved(ends.0), equality.resolved(ends.1));
        let are_references = resolved.0 != ends.0 && resolved.1 != ends.1;
        // Each reference to a component is a shape of its own: what both refer to is judged once. A
        // document is its only payload, and what its dynamic references mean begins at its root (JSON
        // Schema Core 2020-12 §7.1), so that a value is judged from there.
        let is_component = crossing.carrier != Carrier::StoredJson;
        let (was, is) = if are_references && is_component { resolved } else { ends };
        let question = Question {
            old: vec![was],
            new: vec![is],
            polarity: crossing.polarity,
            carrier: crossing.carrier,
        };
        self.judge(crossing, &question, None);
        self.heirs(crossing, ends.0, ends.1);
    }

    /// Judges the question, and records what was found; a break of it may rest on something else that
    /// the contracts say.
    pub(super) fn judge(&mut self, crossing: &Crossing, question: &Question, rests: Option<&str>) {
        self.ledger.root(crossing, question);
        let judged = self.walk.judge(question);
        for found in judged.iter().filter(|found| !found.is_idle()) {
            self.record(crossing, question, found, rests);
        }
    }

    /// Judges the question, and records only what may be lost.
    pub(super) fn judge_losses(&mut self, crossing: &Crossing, question: &Question) {
        self.ledger.root(crossing, question);
        let asked = self.asked(crossing.polarity);
        for found in self.walk.judge(question).iter() {
            let holds = |direction: &Direction| {
                matches!(found.outcome(*direction), Outcome::Holds | Outcome::Unasked)
            };
            if !asked.iter().all(holds) {
                self.record(crossing, question, found, None);
            }
        }
    }

    /// The id that a shape of the new contract has in the comparison's graph.
    pub(crate) fn shifted(&self, new: ShapeId) -> ShapeId {
        new.shifted(self.offset)
    }

    /// The id that a shape of the comparison's graph has in the new contract.
    pub(crate) fn shifted_back(&self, new: ShapeId) -> ShapeId {
        new.shifted_back(self.offset)
    }

    /// Whether a shape of the comparison's graph is one of the new contract.
    pub(super) fn is_new(&self, shape: ShapeId) -> bool {
        shape.is_at_or_after(self.offset)
    }

    fn record(
        &mut self,
        crossing: &Crossing,
        question: &Question,
        found: &Judged,
        rests: Option<&str>,
    ) {
        let site = || site_of(crossing, found);
        let (verdict, gated) = self.verdict(crossing.polarity, found);
        let asked = self.asked(crossing.polarity);
        let spans = (found.edit.old, found.edit.new);
        let entry = self.ledger.entry(found.edit.rule, spans, &found.edit.message, site);
        let is_first = entry.finding.verdict() != Verdict::Breaking;
        let reach = entry.reach(&crossing.site, crossing.polarity, verdict.verdict, site);
        if is_first && verdict.verdict == Verdict::Breaking {
            entry.finding.assumptions.extend(rests.map(str::to_owned));
        }
        let finding = &mut entry.finding;
        finding.anchor = finding.anchor.or(found.edit.anchor);
        if finding.evidence.is_empty() {
            finding.evidence.clone_from(&found.edit.evidence);
        }
        if let Some(caution) = verdict.caution {
            finding.caution = Some(caution.into());
        }
        match (finding.verdict(), verdict.reason) {
            (Verdict::Breaking, _) => finding.proof = super::Proof::Witness,
            (Verdict::Undecided, Some(reason)) => finding.proof = super::Proof::Undecided(reason),
            (Verdict::Compatible, _) if found.edit.is_proven() => {
                finding.proof = super::Proof::Contained;
            }
            (Verdict::Compatible | Verdict::Undecided, _) => {}
        }
        for direction in asked {
            if entry.seconded.is_none() && *found.outcome(*direction) == Outcome::Holds {
                let walk = &mut self.walk;
                entry.seconded = walk.second_opinion(question, *direction, &found.path);
            }
        }
        let lead = |direction| Lead {
            question: question.clone(),
            path: found.path.clone(),
            edit: found.edit.clone(),
            direction,
            site: crossing.site.clone(),
            reaches: vec![reach],
        };
        for direction in gated {
            if entry.wants((question, direction), found.path.len(), reach) {
                entry.lead(lead(direction));
            }
        }
        if found.edit.is_proven() {
            let holds = |direction: &&Direction| *found.outcome(**direction) == Outcome::Holds;
            for direction in asked.iter().filter(holds) {
                entry.spare(*direction, || lead(*direction));
            }
        }
    }

    /// The directions that decide the verdict at this polarity.
    pub(super) fn asked(&self, polarity: Polarity) -> &'static [Direction] {
        match polarity {
            Polarity::Request => &[Direction::OldToNew],
            Polarity::Response => &[Direction::NewToOld],
            Polarity::Both => match self.options.mode {
                Mode::Backward => &[Direction::OldToNew],
                Mode::Forward => &[Direction::NewToOld],
                Mode::Full => &Direction::ALL,
            },
        }
    }

    /// What the answers mean at this polarity, and which directions a witness can show.
    fn verdict(&self, polarity: Polarity, found: &Judged) -> (Judgement, Vec<Direction>) {
        let asked = self.asked(polarity);
        let mut judgement = Judgement::default();
        let mut shown = Vec::new();
        for direction in Direction::ALL {
            let gated = asked.contains(&direction);
            match found.outcome(direction) {
                Outcome::Holds | Outcome::Unasked => {}
                Outcome::Fails if !gated => {
                    judgement.caution = Some(not_asked(direction).to_owned());
                    shown.push(direction);
                }
                Outcome::Undecided(_) if !gated => {
                    judgement.caution.get_or_insert_with(|| not_decided(direction).to_owned());
                }
                Outcome::Fails if self.tolerated(&found.edit, direction) => {
                    let caution = "readers were told to expect values that they do not know";
                    judgement.caution = Some(caution.to_owned());
                }
                Outcome::Fails => {
                    judgement.verdict = Verdict::Breaking;
                    shown.push(direction);
                }
                Outcome::Undecided(reason) => {
                    judgement.verdict = judgement.verdict.max(Verdict::Undecided);
                    judgement.reason = Some(reason.to_string());
                }
            }
        }
        let is_safe = judgement.verdict == Verdict::Compatible && judgement.caution.is_none();
        if is_safe && !is_harmless(&found.edit, polarity) {
            judgement.caution = found.edit.rule.caution.map(str::to_owned);
        }
        (judgement, shown)
    }

    /// Whether readers were told that such values may come.
    pub(super) fn tolerated(&self, edit: &Edit, direction: Direction) -> bool {
        let closed_world = direction == Direction::NewToOld;
        let announced = edit.tolerated;
        let tolerant = self.options.readers == Readers::Tolerant
            && (edit.rule == &ENUM_VALUE_ADDED
                || edit.rule == &crate::rules::property::PROPERTY_ADDED);
        closed_world && (announced || tolerant)
    }
}

/// Whether the edit goes the way that surprises nobody: what is sent is known better than before, or
/// more is understood. A format that is not in the table says nothing of values, and is left out.
fn is_harmless(edit: &Edit, polarity: Polarity) -> bool {
    let asserted = edit.rule == &FORMAT_CHANGED && edit.evidence.iter().all(|said| is_known(said));
    if asserted && differ_in_range(&edit.evidence) {
        // Nobody breaks, so every value that is sent is understood as what it was.
        return polarity != Polarity::Both;
    }
    let directed = asserted || [&OPEN_VALUE_ADDED, &OPEN_VALUE_REMOVED].contains(&edit.rule);
    let harmless = match polarity {
        Polarity::Request => Effect::Widens,
        Polarity::Response => Effect::Narrows,
        Polarity::Both => return false,
    };
    directed && edit.effect == harmless
}

/// Whether every format in the list, one a line, is in the table.
fn is_known(said: &str) -> bool {
    said.lines().all(|name| Format::known(name).is_some())
}

/// Whether one number format took the place of another that admits other numbers.
fn differ_in_range(evidence: &[String]) -> bool {
    let range = |said: &String| Format::known(said)?.range();
    match evidence {
        [was, is] => range(was).zip(range(is)).is_some_and(|(was, is)| was != is),
        _ => false,
    }
}

#[derive(Default)]
struct Judgement {
    verdict: Verdict,
    caution: Option<String>,
    reason: Option<String>,
}

fn not_asked(direction: Direction) -> &'static str {
    match direction {
        Direction::OldToNew => {
            "new readers refuse old data; set `mode: full` where both versions run side by side"
        }
        Direction::NewToOld => "old readers refuse new data; set `mode: full` for events",
    }
}

fn not_decided(direction: Direction) -> &'static str {
    match direction {
        Direction::OldToNew => "it could not be decided whether new readers accept old data",
        Direction::NewToOld => "it could not be decided whether old readers accept new data",
    }
}

/// Where the edit is, seen from this site.
fn site_of(crossing: &Crossing, found: &Judged) -> Site {
    let mut site = crossing.site.clone();
    site.steps.extend(found.path.iter().filter_map(|pair| pair.step.clone()));
    if let Some(step) = &found.edit.step {
        site.steps.push(Step::clone(step));
    }
    site
}
