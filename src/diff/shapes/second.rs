//! Where the engine leaves a pair of places open, another one is asked about the schemas that are
//! written there.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::judged::{Direction, Judged, Outcome};
use super::path::Path;
use super::slots::{inside_of, shapes_in};
use super::walk::{Question, Walk};
use crate::load::{Reading, Referee};
use crate::model::{Polarity, ShapeId};
use crate::proof::{SECOND, Second, Written};
use crate::rules::edit::Slot;
use crate::source::Span;
use crate::subtype::{Carrier, Formats, Reason};

/// Whom the walk asks, and what it was told.
pub(super) struct Seconds<'c> {
    old: &'c Referee,
    new: &'c Referee,
    second: Second,
    /// How many shapes stand for schemas that somebody wrote; later ones are variants that the walk
    /// makes.
    written: usize,
    /// The questions that were left open here and are proven there, and why they were left open.
    proven: HashMap<(Question, Direction), Reason, FixedState>,
}

impl<'c> Seconds<'c> {
    pub(super) fn new((old, new): (&'c Referee, &'c Referee), written: usize) -> Self {
        let (second, proven) = (Second::default(), HashMap::default());
        Self { old, new, second, written, proven }
    }
}

impl Walk<'_> {
    /// Whether the other engine proves that nothing is lost at a pair of places that was left open
    /// for this reason.
    pub(crate) fn is_proven_elsewhere(
        &mut self,
        question: &Question,
        direction: Direction,
        reason: &Reason,
    ) -> bool {
        let asked = (question.clone(), direction);
        if self.seconds.proven.contains_key(&asked) {
            return true;
        }
        let Question { old, new, polarity, carrier } = question;
        let (Some(was), Some(is)) = (self.written(old), self.written(new)) else { return false };
        if !carrier.is_json() {
            return false;
        }
        let how = Reading {
            polarity: match polarity {
                Polarity::Both => Polarity::Request,
                other @ (Polarity::Request | Polarity::Response) => *other,
            },
            http: *carrier == Carrier::HttpJson,
            assert_formats: self.engine.assumptions().formats == Formats::Assert,
        };
        let seconds = &mut self.seconds;
        let old = Written { referee: seconds.old, schemas: &was };
        let new = Written { referee: seconds.new, schemas: &is };
        let (reader, writer) = direction.ends(&old, &new);
        let proven = seconds.second.proves(*reader, *writer, how);
        if proven {
            seconds.proven.insert(asked, reason.clone());
        }
        proven
    }

    /// What holds of a place whose edits all lie inside places at which somebody else proved that
    /// nothing is lost: what surrounds them is the same, and admits more the more they do.
    pub(super) fn made_of_proven(
        &mut self,
        question: &Question,
        (old_to_new, new_to_old): &(Outcome, Outcome),
        judged: &[Judged],
    ) -> (Outcome, Outcome) {
        let mut settled = |direction, whole: &Outcome| {
            let Outcome::Undecided(reason) = whole else { return whole.clone() };
            let is_proven = |found: &Judged| {
                let way = self.proven_on(question, direction, &found.path);
                way.is_some_and(|(length, _)| {
                    found.path.iter().take(length).all(|pair| is_part(&pair.old))
                })
            };
            if judged.is_empty() || !judged.iter().all(is_proven) {
                return whole.clone();
            }
            self.seconds.proven.insert((question.clone(), direction), reason.clone());
            Outcome::Holds
        };
        let old_to_new = settled(Direction::OldToNew, old_to_new);
        (old_to_new, settled(Direction::NewToOld, new_to_old))
    }

    /// Where the shapes of a place are written; `None` where some are not.
    fn written(&self, shapes: &[ShapeId]) -> Option<Vec<Span>> {
        let is_written = |id: &ShapeId| id.index() < self.seconds.written;
        let spans = shapes.iter().map(|id| self.shapes.get(*id).span.span);
        shapes.iter().all(is_written).then(|| spans.collect())
    }

    /// What it rests on, in words, that nothing is lost at the end of the way, where somebody else
    /// proved that of a place on it.
    pub(crate) fn second_opinion(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
    ) -> Option<String> {
        let (_, reason) = self.proven_on(question, direction, path)?;
        Some(format!(
            "`{SECOND}`, which compared the schemas too, is right that nothing is lost: here it was \
             left open ({reason})"
        ))
    }

    /// How far the way leads to the first place of which somebody else proved that nothing is lost,
    /// and why it was left open here.
    fn proven_on(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
    ) -> Option<(usize, Reason)> {
        if self.seconds.proven.is_empty() {
            return None;
        }
        let mut asked = (question.clone(), direction);
        let mut rest = path;
        loop {
            if let Some(reason) = self.seconds.proven.get(&asked) {
                return Some((path.len() - rest.len(), reason.clone()));
            }
            let (pair, deeper) = rest.split_first()?;
            if !pair.old.is_transparent() {
                return None;
            }
            let here = &mut asked.0;
            let (old, new) = (self.place(&here.old)?, self.place(&here.new)?);
            here.old = shapes_in(&old, &pair.old);
            here.new = shapes_in(&new, &pair.new);
            here.carrier = inside_of(here.carrier, &pair.old);
            rest = deeper;
        }
    }
}

/// Whether what is in the slot is a part of the value, so that the whole admits more where it does.
fn is_part(slot: &Slot) -> bool {
    match slot {
        Slot::Property(_)
        | Slot::Member(_)
        | Slot::Family(_)
        | Slot::PatternProperty(_)
        | Slot::Additional
        | Slot::Position(_)
        | Slot::Rest => true,
        Slot::Unevaluated
        | Slot::UnevaluatedItems
        | Slot::Names
        | Slot::Contained(_)
        | Slot::Content
        | Slot::DependentShape(_)
        | Slot::Branch(..)
        | Slot::Not(_)
        | Slot::When(_)
        | Slot::Then(_)
        | Slot::Otherwise(_)
        | Slot::Itself
        | Slot::Respelled(_) => false,
    }
}
