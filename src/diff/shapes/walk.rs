//! The walk over pairs of places.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::graft::{BaseSide, graft};
use super::pairing;
use super::slots::{SlotPair, shapes_in, shared};
use crate::model::{Polarity, ShapeId, Shapes};
use crate::rules::edit::{Edit, Facet};
use crate::rules::effective::Effective;
use crate::rules::shape::{self, SHAPE_CHANGED, SHAPE_REWRITTEN};
use crate::rules::union::Pairing;
use crate::source::Span;
use crate::subtype::{Assumptions, Carrier, Containment, Engine, Reason, Role, View};

/// Which side writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// Old writers, new readers: what is asked of requests and of stored data.
    OldToNew,
    /// New writers, old readers: what is asked of responses and of events.
    NewToOld,
}

impl Direction {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::OldToNew, Self::NewToOld];
}

/// What became of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nobody asked.
    Unasked,
    /// Every value arrives.
    Holds,
    /// Some value is lost.
    Fails,
    /// Neither was shown.
    Undecided(Reason),
}

/// An edit with its answers.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) edit: Rc<Edit>,
    /// The way from the place that was asked about to the place of the edit.
    pub(crate) path: Vec<SlotPair>,
    pub(crate) old_to_new: Outcome,
    pub(crate) new_to_old: Outcome,
}

impl Judged {
    /// How bad the answers are.
    fn rank(&self) -> u8 {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Unasked | Outcome::Holds => 0,
            Outcome::Undecided(_) => 1,
            Outcome::Fails => 2,
        };
        rank(&self.old_to_new).max(rank(&self.new_to_old))
    }

    pub(crate) fn outcome(&self, direction: Direction) -> &Outcome {
        match direction {
            Direction::OldToNew => &self.old_to_new,
            Direction::NewToOld => &self.new_to_old,
        }
    }
}

/// A pair of places, and how values cross there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) old: Vec<ShapeId>,
    pub(crate) new: Vec<ShapeId>,
    pub(crate) polarity: Polarity,
    pub(crate) carrier: Carrier,
}

/// The walk's memory; one for a whole comparison.
pub(crate) struct Walk {
    pub(crate) shapes: Shapes,
    pub(crate) engine: Engine,
    judged: HashMap<(Question, Excused), Rc<Vec<Judged>>>,
    open: HashSet<(Vec<ShapeId>, Vec<ShapeId>)>,
    grafts: usize,
}

/// Which directions are known to hold because a place around holds as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Excused {
    old_to_new: bool,
    new_to_old: bool,
}

impl Excused {
    fn covers(self, direction: Direction) -> bool {
        match direction {
            Direction::OldToNew => self.old_to_new,
            Direction::NewToOld => self.new_to_old,
        }
    }
}

/// How many variants of places may be made; beyond it edits are undecided.
const MAX_GRAFTS: usize = 200_000;
/// How deep the walk goes; deeper differences are judged as a whole.
const MAX_DEPTH: usize = 96;

impl Walk {
    /// A walk over this graph, which holds both sides.
    pub(crate) fn new(shapes: Shapes, assumptions: Assumptions) -> Self {
        let mut engine = Engine::new(assumptions);
        engine.learn(&shapes);
        Self { shapes, engine, judged: HashMap::new(), open: HashSet::new(), grafts: 0 }
    }

    /// Every edit between two places, judged.
    pub(crate) fn judge(&mut self, question: &Question) -> Rc<Vec<Judged>> {
        self.judge_within(question, Excused::default(), 0)
    }

    /// Whether what the one side writes the other accepts.
    pub(crate) fn contains(
        &mut self,
        (reader, writer): (&[ShapeId], &[ShapeId]),
        polarity: Polarity,
        carrier: Carrier,
    ) -> Containment {
        let view = |conjuncts: &[ShapeId], role| {
            let mut conjuncts = conjuncts.to_vec();
            conjuncts.sort_unstable();
            conjuncts.dedup();
            View { conjuncts, role, polarity, carrier }
        };
        let (reader, writer) = (view(reader, Role::Reader), view(writer, Role::Writer));
        self.engine.contains(&self.shapes, &reader, &writer)
    }

    /// The other side with one edit done or undone, and which side plays which role, so that a
    /// containment asked of them concerns this edit alone.
    pub(crate) fn isolated(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &[SlotPair],
        facet: &Facet,
    ) -> Option<(Vec<ShapeId>, Vec<ShapeId>)> {
        if self.grafts >= MAX_GRAFTS {
            return None;
        }
        self.grafts += 1;
        let Question { old, new, polarity: _, carrier: _ } = question;
        let (side, base, donor) = match direction {
            Direction::OldToNew => (BaseSide::Old, old, new),
            Direction::NewToOld => (BaseSide::New, new, old),
        };
        let reader = graft(&mut self.shapes, side, base, donor, path, facet)?;
        self.engine.learn(&self.shapes);
        Some((reader, base.clone()))
    }

    fn judge_within(
        &mut self,
        question: &Question,
        excused: Excused,
        depth: usize,
    ) -> Rc<Vec<Judged>> {
        if self.engine.equality().same_texts(&question.old, &question.new) {
            return Rc::default();
        }
        let memory = (question.clone(), excused);
        if let Some(known) = self.judged.get(&memory) {
            return Rc::clone(known);
        }
        let ends = (question.old.clone(), question.new.clone());
        if depth >= MAX_DEPTH || !self.open.insert(ends.clone()) {
            return Rc::default();
        }
        let judged = Rc::new(self.judge_pair(question, excused, depth));
        self.open.remove(&ends);
        self.judged.insert(memory, Rc::clone(&judged));
        judged
    }

    fn judge_pair(&mut self, question: &Question, excused: Excused, depth: usize) -> Vec<Judged> {
        let places = (
            Effective::of(&self.shapes, &question.old),
            Effective::of(&self.shapes, &question.new),
        );
        let (Some(old), Some(new)) = places else { return Vec::new() };
        let pairing = pairing::pair(&self.shapes, self.engine.equality(), &old, &new);
        let old_to_new = self.whole(question, excused, Direction::OldToNew);
        let new_to_old = self.whole(question, excused, Direction::NewToOld);
        let whole = (old_to_new, new_to_old);
        let mut judged = self.judge_local(question, (&old, &new), &pairing, &whole);
        let inner = Excused {
            old_to_new: whole.0 == Outcome::Holds,
            new_to_old: whole.1 == Outcome::Holds,
        };
        for pair in shared(&old, &new, &pairing) {
            if !pair.old.is_transparent() {
                continue;
            }
            let inside = Question {
                old: shapes_in(&old, &pair.old),
                new: shapes_in(&new, &pair.new),
                ..question.clone()
            };
            for found in self.judge_within(&inside, inner, depth + 1).iter() {
                let mut found = found.clone();
                found.path.insert(0, pair.clone());
                judged.push(found);
            }
        }
        self.blame_the_whole(&old, &new, whole, once(judged))
    }

    /// What holds of the place as a whole.
    fn whole(&mut self, question: &Question, excused: Excused, direction: Direction) -> Outcome {
        if excused.covers(direction)
            || self.engine.equality().same_senses(&question.old, &question.new)
        {
            return Outcome::Holds;
        }
        let asked = match (question.polarity, direction) {
            (Polarity::Both, _)
            | (Polarity::Request, Direction::OldToNew)
            | (Polarity::Response, Direction::NewToOld) => true,
            (Polarity::Request, Direction::NewToOld)
            | (Polarity::Response, Direction::OldToNew) => false,
        };
        if !asked {
            return Outcome::Unasked;
        }
        let ends = match direction {
            Direction::OldToNew => (question.new.as_slice(), question.old.as_slice()),
            Direction::NewToOld => (question.old.as_slice(), question.new.as_slice()),
        };
        self.contains(ends, question.polarity, question.carrier).into()
    }

    /// The edits of the place itself, and those inside its applicators.
    fn judge_local(
        &mut self,
        question: &Question,
        (old, new): (&Effective, &Effective),
        pairing: &Pairing,
        whole: &(Outcome, Outcome),
    ) -> Vec<Judged> {
        let mut edits: Vec<(Edit, Vec<SlotPair>)> = Vec::new();
        let mut seen = HashSet::new();
        self.collect((old, new), pairing, &[], &mut seen, &mut edits);
        let rewritten =
            *whole == (Outcome::Holds, Outcome::Holds) || self.is_rewriting(question, whole);
        if rewritten && edits.iter().any(|(edit, _)| edit.is_respelling()) {
            edits.retain(|(edit, _)| !edit.is_respelling());
            edits.push((
                combined(&SHAPE_REWRITTEN, old, new, "says the same in other words"),
                Vec::new(),
            ));
        }
        let mut judged = Vec::new();
        for (edit, path) in edits {
            let mut answer = |direction, whole: &Outcome| match (whole, &edit.facet) {
                (Outcome::Unasked, _) => Outcome::Unasked,
                (Outcome::Holds, _) | (_, None) => Outcome::Holds,
                (_, Some(facet)) => self.judge_edit(question, direction, &path, facet, &edit),
            };
            let old_to_new = answer(Direction::OldToNew, &whole.0);
            let new_to_old = answer(Direction::NewToOld, &whole.1);
            judged.push(Judged { edit: Rc::new(edit), path, old_to_new, new_to_old });
        }
        judged
    }

    /// Whether the direction that nobody asked about holds too.
    fn is_rewriting(&mut self, question: &Question, whole: &(Outcome, Outcome)) -> bool {
        let other = match whole {
            (Outcome::Holds, Outcome::Unasked) => (&question.old, &question.new),
            (Outcome::Unasked, Outcome::Holds) => (&question.new, &question.old),
            _ => return false,
        };
        let (reader, writer) = (other.0.clone(), other.1.clone());
        let answer = self.contains((&reader, &writer), question.polarity, question.carrier);
        answer == Containment::Holds
    }

    fn judge_edit(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &[SlotPair],
        facet: &Facet,
        edit: &Edit,
    ) -> Outcome {
        let Some((reader, writer)) = self.isolated(question, direction, path, facet) else {
            return Outcome::Undecided(Reason("the edit cannot be taken apart from others".into()));
        };
        let answer = self.contains((&reader, &writer), question.polarity, question.carrier);
        match Outcome::from(answer) {
            // Where nothing stands in the way, the effect by itself is the answer.
            Outcome::Undecided(_) if path.is_empty() && settles(edit, direction) => Outcome::Holds,
            outcome => outcome,
        }
    }

    /// The edits of a place and of the slots inside its applicators.
    fn collect(
        &mut self,
        (old, new): (&Effective, &Effective),
        pairing: &Pairing,
        path: &[SlotPair],
        seen: &mut HashSet<(Vec<ShapeId>, Vec<ShapeId>)>,
        edits: &mut Vec<(Edit, Vec<SlotPair>)>,
    ) {
        for edit in shape::compare(&self.shapes, old, new, pairing) {
            edits.push((edit, path.to_vec()));
        }
        for pair in shared(old, new, pairing) {
            if path.is_empty() && pair.old.is_transparent() {
                continue;
            }
            let (was, is) = (shapes_in(old, &pair.old), shapes_in(new, &pair.new));
            let ends = (was.clone(), is.clone());
            if self.engine.equality().same_texts(&was, &is)
                || path.len() >= MAX_DEPTH
                || !seen.insert(ends)
            {
                continue;
            }
            let places = (Effective::of(&self.shapes, &was), Effective::of(&self.shapes, &is));
            if let (Some(was), Some(is)) = places {
                let inner = pairing::pair(&self.shapes, self.engine.equality(), &was, &is);
                let mut deeper = path.to_vec();
                deeper.push(pair);
                self.collect((&was, &is), &inner, &deeper, seen, edits);
            }
        }
    }

    /// Where the place fails and nothing inside it was found to fail, all edits are to blame.
    fn blame_the_whole(
        &self,
        old: &Effective,
        new: &Effective,
        whole: (Outcome, Outcome),
        mut judged: Vec<Judged>,
    ) -> Vec<Judged> {
        let blame = |direction: Direction, whole: &Outcome| {
            let worst = judged.iter().map(|found| found.outcome(direction));
            let (mut fails, mut undecided) = (false, false);
            for outcome in worst {
                match outcome {
                    Outcome::Fails => fails = true,
                    Outcome::Undecided(_) => undecided = true,
                    Outcome::Holds | Outcome::Unasked => {}
                }
            }
            match whole {
                Outcome::Fails if !fails => Some(Outcome::Fails),
                Outcome::Undecided(reason) if !fails && !undecided => {
                    Some(Outcome::Undecided(reason.clone()))
                }
                Outcome::Fails | Outcome::Undecided(_) | Outcome::Holds | Outcome::Unasked => None,
            }
        };
        let old_to_new = blame(Direction::OldToNew, &whole.0);
        let new_to_old = blame(Direction::NewToOld, &whole.1);
        if old_to_new.is_some() || new_to_old.is_some() {
            let names: Vec<&str> = judged
                .iter()
                .filter(|found| found.edit.facet.is_some())
                .map(|found| found.edit.message.as_str())
                .take(6)
                .collect();
            let message = if names.is_empty() {
                "the shape changed".to_owned()
            } else {
                format!("edits that break together: {}", names.join("; "))
            };
            let (was, is) = whole;
            let known = |outcome: Outcome| match outcome {
                Outcome::Fails | Outcome::Undecided(_) | Outcome::Holds => Outcome::Holds,
                Outcome::Unasked => Outcome::Unasked,
            };
            judged.push(Judged {
                edit: Rc::new(combined(&SHAPE_CHANGED, old, new, &message)),
                path: Vec::new(),
                old_to_new: old_to_new.unwrap_or_else(|| known(was)),
                new_to_old: new_to_old.unwrap_or_else(|| known(is)),
            });
        }
        judged
    }
}

/// Each edit once, by the shortest way, with the worst answers: the same shape may be reached from a
/// place along many ways, and all ways together grow without bound.
fn once(judged: Vec<Judged>) -> Vec<Judged> {
    let mut index: HashMap<(&'static str, Option<Span>, Option<Span>, String), usize> =
        HashMap::new();
    let mut kept: Vec<Judged> = Vec::new();
    for found in judged {
        let edit = &found.edit;
        let identity = (edit.rule.id, edit.old, edit.new, edit.message.clone());
        let next = kept.len();
        let position = *index.entry(identity).or_insert(next);
        match kept.get_mut(position) {
            None => kept.push(found),
            Some(known) => {
                let worse = found.rank() > known.rank();
                let nearer = found.rank() == known.rank() && found.path.len() < known.path.len();
                if worse || nearer {
                    *known = found;
                }
            }
        }
    }
    kept
}

/// Whether the edit's own effect proves that the direction holds: more is admitted by a reader, or
/// less is written.
fn settles(edit: &Edit, direction: Direction) -> bool {
    use crate::rules::Effect;
    match (edit.effect, direction) {
        (Effect::Annotates, _)
        | (Effect::Widens, Direction::OldToNew)
        | (Effect::Narrows, Direction::NewToOld) => true,
        (Effect::Widens, Direction::NewToOld)
        | (Effect::Narrows, Direction::OldToNew)
        | (Effect::Replaces | Effect::Withdraws | Effect::Offers, _) => false,
    }
}

fn combined(
    rule: &'static crate::rules::Rule,
    old: &Effective,
    new: &Effective,
    message: &str,
) -> Edit {
    Edit {
        rule,
        effect: rule.effect,
        message: message.to_owned(),
        facet: None,
        step: None,
        old: Some(old.span),
        new: Some(new.span),
        anchor: Some(new.span),
        tolerated: false,
        evidence: Vec::new(),
    }
}

impl From<Containment> for Outcome {
    fn from(answer: Containment) -> Self {
        match answer {
            Containment::Holds => Self::Holds,
            Containment::Fails(_) => Self::Fails,
            Containment::Undecided(reason) => Self::Undecided(reason),
        }
    }
}
