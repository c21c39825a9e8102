//! One occurrence of a rule: a fact, with its evidence.

use std::sync::Arc;

use super::witness::{Witness, WitnessEffect, WitnessSide};
use crate::model::{Part, Polarity, Site, Surface, Surfaces};
use crate::rules::peer::PeerRule;
use crate::rules::{Effect, Rule, Turned, Verdict};
use crate::source::Span;

/// One change, classified. Facts only: severity is the team's opinion and added later.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of change.
    pub rule: &'static Rule,
    /// The verdict on each surface.
    pub surfaces: Surfaces<Verdict>,
    /// What becomes of payloads that cross, in the directions that decide the verdict; empty where
    /// nothing of a payload breaks, or where no direction can be told.
    pub crossings: Vec<Crossing>,
    /// The languages whose generated code it is about; empty where it is about all or none.
    pub languages: &'static [&'static str],
    /// Why it deserves attention although it is compatible, if it does.
    pub caution: Option<Arc<str>>,
    /// What the verdict rests on.
    pub proof: Proof,
    /// What changed, in one line: `` `email` became required ``.
    pub message: String,
    /// What the verdict assumes, of writers and of who else was asked, in words; empty where it
    /// assumes nothing.
    pub assumptions: Vec<String>,
    /// Where, for people: the first place that is reached.
    pub site: Site,
    /// Everything that the change reaches.
    pub reached_from: Vec<Reach>,
    /// The element in the old contract; a span of the old side.
    pub old: Option<Span>,
    /// The element in the new contract; a span of the new side.
    pub new: Option<Span>,
    /// Where else the same edit was made, beside those two: one edit is one finding.
    pub also: Vec<(Option<Span>, Option<Span>)>,
    /// Where to point in the new contract: the element, or the surviving parent of what was removed.
    pub anchor: Option<Span>,
    /// The values that break, at most one per direction; where a rule by itself is the proof, an
    /// exchange that illustrates it.
    pub witnesses: Vec<Witness>,
    /// What identifies the edit across commits: site in the source and edited values, no prose.
    pub evidence: Vec<String>,
    /// What a peer calls it, where a preset asks for what that peer reports.
    pub peers: Vec<PeerFinding>,
}

/// What becomes of a payload on its way from one side to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// In which form it crosses.
    pub surface: Surface,
    /// Who writes it; the other side reads it.
    pub writer: WitnessSide,
    /// What the reader makes of it at worst.
    pub effect: WitnessEffect,
}

/// A rule of a peer that fires where ours does.
#[derive(Clone, Debug)]
pub struct PeerFinding {
    /// The peer's rule.
    pub rule: &'static PeerRule,
    /// The element that it fires on.
    pub element: String,
}

/// What a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A value that breaks, confirmed by a referee.
    Witness,
    /// Containment was proven.
    Contained,
    /// The rule by itself: an offer was withdrawn or made, an annotation edited.
    Rule,
    /// Nothing: why it could not be decided.
    Undecided(String),
}

/// An operation, document or message that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// What is reached: `POST /orders`, a message, a document.
    pub operation: Arc<str>,
    /// Which part of it, as [`crate::model::Part`] displays.
    pub part: String,
    /// Who writes there.
    pub polarity: Polarity,
    /// The verdict there.
    pub verdict: Verdict,
}

/// What is to be done about what concerns nobody.
const NOTHING: &str = "Nothing to do.";

impl Finding {
    /// Why it matters, in paragraphs of a line each.
    pub fn why(&self) -> String {
        self.turned().map_or_else(|| self.rule.why(), |turned| turned.why.to_owned())
    }

    /// What the rule says of calls that the producer makes, where the finding is about such.
    fn turned(&self) -> Option<Turned> {
        let writer = match self.site.part {
            Part::Whole
            | Part::Parameter(..)
            | Part::RequestBody(_)
            | Part::Security
            | Part::Server => Polarity::Response,
            Part::Response(..) | Part::ResponseHeader(..) => Polarity::Request,
            Part::RequestMessage | Part::ResponseMessage => return None,
        };
        let is_turned = !self.reached_from.is_empty()
            && self.reached_from.iter().all(|reach| reach.polarity == writer);
        self.rule.turned.filter(|_| is_turned)
    }

    /// What to do about it, in a sentence. Where nobody is concerned that is nothing, and a rule that
    /// has nothing to say because its changes harm nobody as a rule is not taken at its word where one
    /// does: who writes is data on the finding.
    pub fn advice(&self) -> &'static str {
        let is_directed = self.rule.effect != Effect::Annotates && self.rule.severity.is_none();
        let turned = self.turned();
        match (self.verdict(), &self.caution, turned) {
            (Verdict::Compatible, None, _) if is_directed => NOTHING,
            (_, _, Some(turned)) => turned.fix,
            (Verdict::Breaking | Verdict::Undecided, _, None) if self.rule.fix == NOTHING => {
                "Keep what was promised until nobody relies on it."
            }
            (Verdict::Compatible | Verdict::Breaking | Verdict::Undecided, _, None) => {
                self.rule.fix
            }
        }
    }

    /// Whether both tell of the same edit.
    pub(super) fn is_of_same_edit(&self, other: &Self) -> bool {
        let told = |finding: &Self| (finding.rule.id, finding.old, finding.new);
        told(self) == told(other) && self.message == other.message
    }

    /// Takes over what was found of the same edit when a root was looked at as a whole, where that is
    /// worse than what is known of it.
    pub(super) fn retell(&mut self, told: Self) {
        let is_worse = told.verdict() > self.verdict();
        let (known, found) = (self.surfaces, told.surfaces);
        self.surfaces = Surfaces {
            wire: known.wire.max(found.wire),
            json: known.json.max(found.json),
            source: known.source.max(found.source),
        };
        if is_worse {
            self.proof = told.proof;
            self.witnesses = told.witnesses;
            self.assumptions = told.assumptions;
            self.caution = told.caution;
        }
        for reach in told.reached_from {
            let place = |it: &Reach| (Arc::clone(&it.operation), it.part.clone(), it.polarity);
            match self.reached_from.iter_mut().find(|known| place(known) == place(&reach)) {
                Some(known) => known.verdict = known.verdict.max(reach.verdict),
                None => self.reached_from.push(reach),
            }
        }
    }

    /// The worst verdict over all surfaces.
    pub fn verdict(&self) -> Verdict {
        self.surfaces.wire.max(self.surfaces.json).max(self.surfaces.source)
    }
}
