//! The walk over pairs of places.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::graft::{BaseSide, graft};
use super::judged::{Direction, Judged, Outcome, blame_the_whole, combined, once, settles};
use super::pairing;
use super::slots::{SlotPair, shapes_in, shared};
use crate::model::{Polarity, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Edit, Facet};
use crate::rules::effective::Effective;
use crate::rules::shape::{self, SHAPE_REWRITTEN};
use crate::rules::union::Pairing;
use crate::subtype::{Assumptions, Carrier, Containment, ContentModel, Engine, Reason, Role, View};

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
    /// An engine that assumes nothing of writers, made when it is first needed.
    strict: Option<Box<Engine>>,
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
        Self {
            shapes,
            engine,
            judged: HashMap::new(),
            open: HashSet::new(),
            grafts: 0,
            strict: None,
        }
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
        contains(&mut self.engine, &self.shapes, (reader, writer), polarity, carrier)
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

    /// The same question of writers who send anything that their schema accepts.
    pub(crate) fn contains_strictly(
        &mut self,
        ends: (&[ShapeId], &[ShapeId]),
        polarity: Polarity,
        carrier: Carrier,
    ) -> Containment {
        let assumptions = Assumptions {
            content_model: ContentModel::Strict,
            formats: self.engine.assumptions().formats,
        };
        let strict = self.strict.get_or_insert_with(|| Box::new(Engine::new(assumptions)));
        contains(strict, &self.shapes, ends, polarity, carrier)
    }

    /// The place to which the transparent slots of a path lead, and the rest of the path.
    pub(crate) fn descend(
        &self,
        question: &Question,
        path: &[SlotPair],
    ) -> Option<(Question, Vec<SlotPair>)> {
        let mut here = question.clone();
        let mut rest = path;
        while let Some((pair, deeper)) = rest.split_first() {
            if !pair.old.is_transparent() {
                break;
            }
            let old = Effective::of(&self.shapes, &here.old)?;
            let new = Effective::of(&self.shapes, &here.new)?;
            here.old = shapes_in(&old, &pair.old);
            here.new = shapes_in(&new, &pair.new);
            rest = deeper;
        }
        Some((here, rest.to_vec()))
    }

    /// One place that accepts what either of two accepts.
    pub(crate) fn either(&mut self, left: &[ShapeId], right: &[ShapeId]) -> Vec<ShapeId> {
        let Some(first) = left.first() else { return right.to_vec() };
        let span = self.shapes.get(*first).span.span;
        let mut all = |ids: &[ShapeId]| {
            let mut all = Shape::anything(span);
            all.logic.edit().all_of = ids.to_vec();
            self.shapes.add(all)
        };
        let branches = vec![all(left), all(right)];
        let mut either = Shape::anything(span);
        either.logic.edit().any_of = Some(Stated { value: branches, span });
        let either = self.shapes.add(either);
        self.engine.learn(&self.shapes);
        vec![either]
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
        blame_the_whole(&old, &new, whole, once(judged))
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
            Outcome::Unasked => Outcome::Unasked,
            Outcome::Holds => Outcome::Holds,
            Outcome::Fails => Outcome::Fails,
            Outcome::Undecided(reason) => Outcome::Undecided(reason),
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
}

/// Whether this engine holds that what the one side writes the other accepts.
fn contains(
    engine: &mut Engine,
    shapes: &Shapes,
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
    engine.contains(shapes, &view(reader, Role::Reader), &view(writer, Role::Writer))
}
