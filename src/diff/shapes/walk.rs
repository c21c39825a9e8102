//! The walk over pairs of places.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::cycles::{Cycles, Entered};
use super::graft::either;
use super::grafts::Grafts;
use super::judged::{Direction, Judged, Outcome, blame_the_whole, once, still_once};
use super::lost::Lost;
use super::pairing;
use super::pairs::Pairs;
use super::places::Places;
use super::respelling::respelled;
use super::second::Seconds;
use super::similarity::Look;
use super::slots::{SlotPair, inside_of, shapes_in, shared};
use crate::load::Referee;
use crate::model::{Equality, Polarity, Shape, ShapeId, Shapes};
use crate::rules::edit::{Facet, Slot};
use crate::rules::effective::Effective;
use crate::source::{FileId, Span};
use crate::subtype::{Assumptions, Carrier, Containment, Engine, Role, View};

/// A pair of places, and how values cross there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) old: Vec<ShapeId>,
    pub(crate) new: Vec<ShapeId>,
    pub(crate) polarity: Polarity,
    pub(crate) carrier: Carrier,
}

/// The walk's memory; one for a whole comparison.
pub(crate) struct Walk<'c> {
    pub(crate) shapes: Shapes,
    pub(crate) engine: Engine,
    judged: HashMap<Memory, Rc<Vec<Judged>>, FixedState>,
    /// What was found at pairs of places, what is inside them aside; `None` where one is no place.
    locals: HashMap<Memory, Option<Rc<Local>>, FixedState>,
    pub(super) places: Places,
    pub(super) pairs: Pairs,
    pub(super) lost: Lost,
    pub(super) seconds: Seconds<'c>,
    pub(super) cycles: Cycles,
    /// How pairs of places are spelled alike, where they had to be.
    respellings: HashMap<Ends, Option<SlotPair>, FixedState>,
    /// The shape that fills a group of one branch up.
    pub(super) nothing: ShapeId,
    /// What components are called now that had another name.
    pub(crate) renamed: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) grafts: Grafts,
}

/// What is found at a pair of places, what is inside them aside.
struct Local {
    /// What holds of the place as a whole.
    whole: (Outcome, Outcome),
    /// The same pair with both places spelled alike, and the slots that lead there if one was not.
    inside: Question,
    respelling: Option<SlotPair>,
    spans: (Span, Span),
    judged: Vec<Judged>,
    /// The pairs inside that differ.
    below: Vec<(Rc<SlotPair>, Question)>,
}

/// What an answer depends on.
pub(super) type Memory = (Question, Excused);

/// The shapes of two places.
pub(crate) type Ends = (Vec<ShapeId>, Vec<ShapeId>);

/// Which directions are known to hold because a place around holds as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Excused {
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

/// How deep the walk goes; deeper differences are judged as a whole.
pub(super) const MAX_DEPTH: usize = 96;

impl<'c> Walk<'c> {
    /// A walk over this graph, which holds both sides; their referees know the texts.
    pub(crate) fn new(
        (mut shapes, equality): (Shapes, Equality),
        assumptions: Assumptions,
        referees: (&'c Referee, &'c Referee),
    ) -> Self {
        let mut engine = Engine::knowing(assumptions, equality);
        let seconds = Seconds::new(referees, shapes.len());
        let nowhere = Span { file: FileId::default(), start: 0, end: 0 };
        let nothing = shapes.add(Shape::nothing(nowhere));
        engine.learn(&shapes);
        Self {
            shapes,
            engine,
            judged: HashMap::default(),
            locals: HashMap::default(),
            places: Places::default(),
            pairs: Pairs::default(),
            lost: Lost::default(),
            seconds,
            cycles: Cycles::default(),
            respellings: HashMap::default(),
            nothing,
            renamed: BTreeMap::new(),
            grafts: Grafts::default(),
        }
    }

    /// Every edit between two places, judged.
    pub(crate) fn judge(&mut self, question: &Question) -> Rc<Vec<Judged>> {
        self.judge_within(question, Excused::default(), 0)
    }

    /// Whether what the one side writes the other accepts.
    pub(crate) fn contains(
        &mut self,
        ends: (&[ShapeId], &[ShapeId]),
        polarity: Polarity,
        carrier: Carrier,
    ) -> Containment {
        let (reader, writer) = views(ends, polarity, carrier);
        self.engine.contains(&self.shapes, &reader, &writer)
    }

    /// The same question under other assumptions.
    pub(crate) fn contains_under(
        &mut self,
        assumptions: Assumptions,
        ends: (&[ShapeId], &[ShapeId]),
        polarity: Polarity,
        carrier: Carrier,
    ) -> Containment {
        let (reader, writer) = views(ends, polarity, carrier);
        self.engine.contains_under(assumptions, &self.shapes, &reader, &writer)
    }

    /// Adds a shape that no contract states.
    pub(crate) fn add(&mut self, shape: Shape) -> ShapeId {
        let id = self.shapes.add(shape);
        self.engine.learn(&self.shapes);
        id
    }

    /// One place that accepts what either of two accepts.
    pub(crate) fn either(&mut self, left: &[ShapeId], right: &[ShapeId]) -> Vec<ShapeId> {
        let either = either(&mut self.shapes, left, right);
        self.engine.learn(&self.shapes);
        either
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
        if depth >= MAX_DEPTH {
            self.cycles.go_no_deeper();
            return Rc::default();
        }
        let equality = self.engine.equality();
        let resolved = |ids: &[ShapeId]| ids.iter().map(|id| equality.resolved(*id)).collect();
        let ends = (resolved(&question.old), resolved(&question.new));
        let level = match self.cycles.enter(ends, &memory) {
            Entered::Fresh(level) => level,
            Entered::Again => return Rc::default(),
            Entered::Known(judged) => return judged,
        };
        let judged = Rc::new(self.judge_pair(question, excused, (depth, level)));
        if self.cycles.leave(level, &memory, &judged) {
            self.judged.insert(memory, Rc::clone(&judged));
        }
        judged
    }

    fn judge_pair(
        &mut self,
        question: &Question,
        excused: Excused,
        (depth, level): (usize, usize),
    ) -> Vec<Judged> {
        let Some(local) = self.local(question, excused) else { return Vec::new() };
        let Local { whole, inside, spans, respelling, judged, below } = &*local;
        let mut judged = judged.clone();
        let holds = |outcome: &Outcome| *outcome == Outcome::Holds;
        let inner = Excused { old_to_new: holds(&whole.0), new_to_old: holds(&whole.1) };
        let (is_edited_here, mut pairs) = (!judged.is_empty(), 0);
        for (pair, question) in below {
            let inside_it = self.judge_within(question, inner, depth + 1);
            pairs += usize::from(!inside_it.is_empty());
            for found in inside_it.iter() {
                let mut found = found.clone();
                found.path = found.path.behind(pair);
                if let (Slot::Property(_) | Slot::Member(_), Some(Facet::Mark(_))) =
                    (&pair.old, &found.edit.facet)
                {
                    found = self.judge_around(inside, found, whole);
                }
                judged.push(found);
            }
        }
        let is_of_one_pair = pairs <= 1 && !is_edited_here;
        let mut judged = if is_of_one_pair { still_once(judged) } else { once(&judged) };
        if depth == 0 && self.cycles.was_cut_short() {
            judged.extend(self.found_deeper(inside, whole, &judged));
        }
        // Inside a cycle the edit to blame may lie where the walk came from.
        if !self.cycles.is_cut(level) {
            self.blame_inside(inside, whole, &mut judged);
            self.blame_writers(inside, whole, &mut judged);
            let whole = self.made_of_proven(inside, whole, &judged);
            judged = blame_the_whole(*spans, whole, judged);
        }
        if let Some(pair) = respelling {
            if judged.iter().all(Judged::is_idle) {
                judged.push(Judged::only_respelled(*spans));
            }
            let pair = Rc::new(pair.clone());
            for found in &mut judged {
                found.path = found.path.behind(&pair);
            }
        }
        judged
    }

    /// What is found at a pair of places by itself, looked at once however often the walk comes there.
    fn local(&mut self, question: &Question, excused: Excused) -> Option<Rc<Local>> {
        let memory = (question.clone(), excused);
        if let Some(known) = self.locals.get(&memory) {
            return known.clone();
        }
        let local = self.look(question, excused).map(Rc::new);
        self.locals.insert(memory, local.clone());
        local
    }

    fn look(&mut self, question: &Question, excused: Excused) -> Option<Local> {
        let old_to_new = self.whole(question, excused, Direction::OldToNew);
        let new_to_old = self.whole(question, excused, Direction::NewToOld);
        let whole = (old_to_new, new_to_old);
        let (inside, respelling) = self.spelled_alike(question)?;
        let (old, new) = (self.place(&inside.old)?, self.place(&inside.new)?);
        let look = Look { shapes: &self.shapes, equality: self.engine.equality() };
        let pairing = pairing::pair(look, self.nothing, &old, &new);
        let pairs = shared(look, self.nothing, (&old, &new), &pairing);
        let judged = self.judge_local(&inside, (&old, &new), (&pairing, &pairs), &whole);
        let below = pairs.into_iter().filter(|pair| pair.old.is_transparent()).map(|pair| {
            let below = Question {
                old: shapes_in(&old, &pair.old),
                new: shapes_in(&new, &pair.new),
                polarity: question.polarity,
                carrier: inside_of(question.carrier, &pair.old),
            };
            (Rc::new(pair), below)
        });
        let below = below.collect();
        Some(Local { whole, inside, spans: (old.span, new.span), respelling, judged, below })
    }

    /// What is in effect where these shapes apply.
    pub(crate) fn place(&mut self, conjuncts: &[ShapeId]) -> Option<Rc<Effective>> {
        self.places.of(&self.shapes, conjuncts)
    }

    /// The question with both places spelled alike, and the slots that lead there if one was not.
    pub(super) fn spelled_alike(
        &mut self,
        question: &Question,
    ) -> Option<(Question, Option<SlotPair>)> {
        let ends = (question.old.clone(), question.new.clone());
        let (old, new) = (self.place(&question.old)?, self.place(&question.new)?);
        let known = self.respellings.get(&ends).cloned();
        let pair = known.unwrap_or_else(|| {
            let equality = self.engine.equality();
            let slots = respelled(&mut self.shapes, equality, self.nothing, (&old, &new));
            self.engine.learn(&self.shapes);
            slots.map(SlotPair::respelled)
        });
        self.respellings.insert(ends, pair.clone());
        let Some(pair) = pair else { return Some((question.clone(), None)) };
        let inside = Question {
            old: shapes_in(&old, &pair.old),
            new: shapes_in(&new, &pair.new),
            ..question.clone()
        };
        Some((inside, Some(pair)))
    }

    /// Judges an edit of a member again where the member is required, allowed and counted.
    fn judge_around(
        &mut self,
        question: &Question,
        found: Judged,
        whole: &(Outcome, Outcome),
    ) -> Judged {
        let Judged { edit, path, .. } = found;
        let old_to_new = self.answer(question, Direction::OldToNew, &whole.0, &edit, &path);
        let new_to_old = self.answer(question, Direction::NewToOld, &whole.1, &edit, &path);
        Judged { edit, path, old_to_new, new_to_old }
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
        let ends = direction.ends(question.old.as_slice(), question.new.as_slice());
        let answer = self.contains(ends, question.polarity, question.carrier);
        if let Containment::Fails(value) = &answer {
            self.lost.remember(question, direction, value);
        }
        match &answer {
            Containment::Undecided(reason)
                if self.is_proven_elsewhere(question, direction, reason) =>
            {
                Outcome::Holds
            }
            Containment::Holds | Containment::Fails(_) | Containment::Undecided(_) => answer.into(),
        }
    }
}

/// The reader and the writer of a payload.
pub(crate) fn views(
    (reader, writer): (&[ShapeId], &[ShapeId]),
    polarity: Polarity,
    carrier: Carrier,
) -> (View, View) {
    let view = |conjuncts: &[ShapeId], role| {
        let mut conjuncts = conjuncts.to_vec();
        conjuncts.sort_unstable();
        conjuncts.dedup();
        View { conjuncts, role, polarity, carrier }
    };
    (view(reader, Role::Reader), view(writer, Role::Writer))
}
