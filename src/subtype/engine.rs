//! The engine: goals, memory, and the least fixpoint over recursive shapes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::model::{Equality, Json, Polarity, ShapeId, Shapes};

use super::budget::{Budget, Purse, too_deep};
use super::evaluate::evaluations::Evaluations;
use super::goal::{Answer, Claim, Goal, Lit, Marks, Source};
use super::tables::{Representatives, Tables};
use super::term::Basic;
use super::text::Crossing;
use super::{Assumptions, Carrier, Containment, Reason, Role, View};

/// Decides containment, and remembers what it has decided.
///
/// Shapes are append-only and ids immutable, so one engine serves a growing graph.
#[derive(Debug)]
pub struct Engine {
    assumptions: Assumptions,
    equality: Equality,
    same: Representatives,
    tables: Tables,
    /// What is remembered under other assumptions, once that is asked.
    others: BTreeMap<Assumptions, Tables>,
    evaluations: Evaluations,
    purse: Purse,
}

/// A member of a writer's set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Example {
    /// Here is one.
    Found(Json),
    /// There is none.
    Empty,
    /// Neither could be shown.
    Undecided(Reason),
}

/// The search for one question.
pub(super) struct Search<'e> {
    pub shapes: &'e Shapes,
    pub same: &'e Representatives,
    pub tables: &'e mut Tables,
    pub assumptions: Assumptions,
    pub marks: Marks,
    /// Whether values cross as themselves, and all of them.
    pub is_plain: bool,
    pub budget: Budget,
    pub purse: &'e mut Purse,
    /// The goals under way, with their depth.
    stack: HashMap<Goal, usize, foldhash::fast::FixedState>,
    /// The least depth of a goal under way that an answer has leant on.
    leant_on: usize,
    /// Goals found empty while a goal that they lean on was under way.
    provisional: Vec<(Goal, usize)>,
    provisional_ids: HashMap<Goal, usize, foldhash::fast::FixedState>,
    /// The goals that were left open because they nest too deep, with the least depth at which they were.
    too_deep: HashMap<Goal, u32, foldhash::fast::FixedState>,
    /// Whether an assumption about writers took something away at the place being searched.
    pub assumed: bool,
    pub evaluations: &'e mut Evaluations,
    /// The places under way whose values cross as text.
    pub crossings: Vec<Crossing>,
}

/// How deep goals may nest before the answer is left open.
const DEPTH: u32 = 160;

impl Engine {
    /// An engine that answers under these assumptions.
    pub fn new(assumptions: Assumptions) -> Self {
        Self::knowing(assumptions, Equality::default())
    }

    /// The same over a graph of which it is known which shapes say the same.
    pub(crate) fn knowing(assumptions: Assumptions, equality: Equality) -> Self {
        Self {
            assumptions,
            equality,
            same: Representatives::default(),
            tables: Tables::default(),
            others: BTreeMap::new(),
            evaluations: Evaluations::default(),
            purse: Purse::default(),
        }
    }

    /// What it assumes.
    pub fn assumptions(&self) -> Assumptions {
        self.assumptions
    }

    /// Whether every value that the writer sends is accepted by the reader.
    ///
    /// Both index the same graph; the reader's polarity and carrier count for both.
    pub fn contains(&mut self, shapes: &Shapes, reader: &View, writer: &View) -> Containment {
        self.search(shapes, writer).contains(reader, writer)
    }

    /// The same of those values only that these shapes admit too, which say nothing about what the
    /// writer sends.
    pub(crate) fn contains_among(
        &mut self,
        shapes: &Shapes,
        reader: &View,
        writer: &View,
        admitted: &[ShapeId],
    ) -> Containment {
        let mut search = self.search(shapes, writer);
        let mut written = search.claims(&writer.conjuncts, Source::Writer);
        written.extend(search.claims(admitted, Source::WriterDenial));
        search.refusals(reader, written)
    }

    /// The same under other assumptions.
    pub fn contains_under(
        &mut self,
        assumptions: Assumptions,
        shapes: &Shapes,
        reader: &View,
        writer: &View,
    ) -> Containment {
        let mut tables = self.others.remove(&assumptions).unwrap_or_default();
        tables.trade_languages(&mut self.tables);
        let mut evaluations = Evaluations::default();
        let mut search = self.search(shapes, writer);
        search.assumptions = assumptions;
        search.tables = &mut tables;
        search.evaluations = &mut evaluations;
        let answer = search.contains(reader, writer);
        drop(search);
        tables.trade_languages(&mut self.tables);
        self.others.insert(assumptions, tables);
        answer
    }

    /// A value that the writer may send, small and readable, or the proof that there is none.
    pub fn example(&mut self, shapes: &Shapes, writer: &View) -> Example {
        let mut search = self.search(shapes, writer);
        let source = match writer.role {
            Role::Writer => Source::Writer,
            Role::Reader => Source::Reader,
        };
        let lits = search.claims(&writer.conjuncts, source).into_iter().map(Lit::Holds).collect();
        let goal = Goal::new(lits, 0, search.marks);
        match search.solve(goal) {
            Answer::Found(value) => Example::Found(value),
            Answer::Empty => Example::Empty,
            Answer::Undecided(reason) => Example::Undecided(reason),
        }
    }

    /// Takes in the shapes that were added, so that [`Engine::equality`] knows them.
    pub fn learn(&mut self, shapes: &Shapes) {
        self.equality.extend(shapes);
    }

    /// Which shapes say the same, over the graph as last asked about or learnt.
    pub fn equality(&self) -> &Equality {
        &self.equality
    }

    /// Whether so much was asked already that what can be left unasked should be.
    pub fn is_strained(&self) -> bool {
        self.purse.is_half_spent()
    }

    pub(super) fn search<'e>(&'e mut self, shapes: &'e Shapes, view: &View) -> Search<'e> {
        self.equality.extend(shapes);
        self.same.extend(shapes, &self.equality);
        let marks = match (view.carrier, view.polarity) {
            (Carrier::StoredJson | Carrier::Text | Carrier::Joined(_), _) | (_, Polarity::Both) => {
                Marks::None
            }
            (
                Carrier::HttpJson
                | Carrier::HttpText
                | Carrier::HttpLines
                | Carrier::Form
                | Carrier::StyledForm
                | Carrier::Field,
                Polarity::Request,
            ) => Marks::ReadOnly,
            (
                Carrier::HttpJson
                | Carrier::HttpText
                | Carrier::HttpLines
                | Carrier::Form
                | Carrier::StyledForm
                | Carrier::Field,
                Polarity::Response,
            ) => Marks::WriteOnly,
        };
        Search {
            shapes,
            same: &self.same,
            tables: &mut self.tables,
            assumptions: self.assumptions,
            marks,
            is_plain: marks == Marks::None && view.carrier == Carrier::StoredJson,
            budget: Budget::new(DEPTH, self.purse.allowance()),
            purse: &mut self.purse,
            stack: HashMap::default(),
            leant_on: usize::MAX,
            provisional: Vec::new(),
            provisional_ids: HashMap::default(),
            too_deep: HashMap::default(),
            assumed: false,
            evaluations: self.evaluations.begin(),
            crossings: Vec::new(),
        }
    }
}

impl Search<'_> {
    fn contains(&mut self, reader: &View, writer: &View) -> Containment {
        let written = self.claims(&writer.conjuncts, Source::Writer);
        self.refusals(reader, written)
    }

    /// Whether the reader refuses something of which all this holds.
    fn refusals(&mut self, reader: &View, written: Vec<Claim>) -> Containment {
        let read = self.claims(&reader.conjuncts, Source::Reader);
        let place = self.root_place(&reader.conjuncts);
        let question = (written.clone(), read.clone(), reader.carrier, self.marks);
        if let Some(reason) = self.tables.open.get(&question) {
            return Containment::Undecided(reason.clone());
        }
        match super::text::refusals(self, (written, read), place, reader.carrier) {
            Answer::Found(value) => Containment::Fails(value),
            Answer::Empty => Containment::Holds,
            Answer::Undecided(reason) => {
                // Whoever asks again has the same to spend.
                self.tables.open.insert(question, reason.clone());
                Containment::Undecided(reason)
            }
        }
    }

    /// Whether anything satisfies the goal.
    pub(super) fn solve(&mut self, goal: Goal) -> Answer {
        if self.is_contradictory(&goal) {
            return Answer::Empty;
        }
        if let Some(answer) = self.tables.memo.get(&goal) {
            return answer.clone();
        }
        if let Some(depth) = self.stack.get(&goal).or_else(|| self.provisional_ids.get(&goal)) {
            self.leant_on = self.leant_on.min(*depth);
            return Answer::Empty;
        }
        let nesting = self.budget.depth();
        if self.too_deep.get(&goal).is_some_and(|known| *known <= nesting) {
            return Answer::Undecided(too_deep());
        }
        if self.is_covered(&goal) {
            self.tables.memo.insert(goal, Answer::Empty);
            return Answer::Empty;
        }
        if let Err(reason) = self.budget.take_goal().and_then(|()| self.budget.descend()) {
            return Answer::Undecided(reason);
        }
        let depth = self.stack.len();
        let mark = self.provisional.len();
        self.stack.insert(goal.clone(), depth);
        let outer_lean = std::mem::replace(&mut self.leant_on, usize::MAX);
        let outer_assumed = std::mem::replace(&mut self.assumed, false);
        let outer_budget = self.budget.enter_goal();
        let mut answer = self.search_goal(&goal);
        if answer == Answer::Empty && self.assumed {
            answer = self.without_assumptions(&goal);
        }
        self.assumed = outer_assumed;
        self.stack.remove(&goal);
        self.budget.ascend();
        // Each level asks more than once what it asks of the next, so that without this a question that
        // nests too deep is asked again and again at the bottom.
        if let Answer::Undecided(reason) = &answer
            && *reason == too_deep()
        {
            self.too_deep.insert(goal.clone(), nesting);
        }
        self.settle(goal, &answer, depth, mark);
        self.budget.leave_goal(outer_budget);
        let lean = if self.leant_on < depth { self.leant_on } else { usize::MAX };
        self.leant_on = match answer {
            Answer::Empty => outer_lean.min(lean),
            Answer::Found(_) | Answer::Undecided(_) => outer_lean,
        };
        answer
    }

    /// Remembers the answer as far as it is certain.
    fn settle(&mut self, goal: Goal, answer: &Answer, depth: usize, mark: usize) {
        match answer {
            Answer::Found(_) => {
                self.forget_provisional(mark);
                self.tables.memo.insert(goal, answer.clone());
            }
            Answer::Undecided(_) => {
                self.forget_provisional(mark);
                if self.budget.is_goal_spent() {
                    self.tables.memo.insert(goal, answer.clone());
                }
            }
            Answer::Empty if self.leant_on >= depth => {
                for (inner, _) in self.provisional.split_off(mark) {
                    self.provisional_ids.remove(&inner);
                    self.tables.memo.insert(inner, Answer::Empty);
                }
                self.tables.memo.insert(goal, Answer::Empty);
            }
            Answer::Empty => {
                self.provisional_ids.insert(goal.clone(), self.leant_on);
                self.provisional.push((goal, self.leant_on));
            }
        }
    }

    fn forget_provisional(&mut self, mark: usize) {
        for (goal, _) in self.provisional.split_off(mark) {
            self.provisional_ids.remove(&goal);
        }
    }

    /// Whether a shape is both held and refused.
    fn is_contradictory(&self, goal: &Goal) -> bool {
        goal.lits.iter().any(|lit| match lit {
            Lit::Refuses(refused) => {
                self.is_anything(refused.shape)
                    || goal.lits.iter().any(|other| {
                        other.held().is_some_and(|held| held.saying() == refused.saying())
                    })
            }
            Lit::Holds(_) | Lit::Differs(_) | Lit::Either(_) | Lit::Unsure(_) => false,
        })
    }

    fn search_goal(&mut self, goal: &Goal) -> Answer {
        if let Some(answer) = self.by_listed_values(goal) {
            return answer;
        }
        if let Some(value) = self.by_authored_values(goal) {
            return Answer::Found(value);
        }
        let mut undecided = None;
        for kind in Basic::ALL {
            if !self.is_typed(goal, kind) {
                continue;
            }
            match self.search_type(goal, kind) {
                Answer::Found(value) => return Answer::Found(value),
                Answer::Empty => {}
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// Whether what holds admits values of the type, as far as it shows at once.
    fn is_typed(&mut self, goal: &Goal, kind: Basic) -> bool {
        goal.lits.iter().filter_map(|lit| lit.held()).all(|claim| {
            let profile = self.profile(claim.shape);
            !profile.is_never && profile.kinds.has(kind.least_kind())
        })
    }

    /// The denial of another shape at the same place.
    pub(super) fn denial(&mut self, claim: Claim, shape: ShapeId) -> Lit {
        let inner = self.inner(claim, shape);
        Lit::Refuses(Claim { source: claim.source.denied(), ..inner })
    }

    /// The denial of a shape of a member or element.
    pub(super) fn child_denial(&mut self, claim: Claim, shape: ShapeId) -> Lit {
        let child = self.child(claim, shape);
        Lit::Refuses(Claim { source: claim.source.denied(), ..child })
    }

    /// The names that the claim is silent about.
    pub(super) fn ignored(&self, claim: Claim) -> Arc<std::collections::BTreeSet<Arc<str>>> {
        self.tables.ignores.get(claim.ignore)
    }
}
