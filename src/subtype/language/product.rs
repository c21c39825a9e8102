//! The automaton of a query, made deterministic while it is walked.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Query;
use super::alphabet::{self, Letter};
use super::automaton::Automaton;
use super::class::Class;
use super::lengths::Lengths;
use super::step::{self, Behind, Effort, Formula, Next, Spent};
use super::syntax::Sense;
use super::words::{self, Words};
use super::{Body, MAX_EFFORT, MAX_NODES};
use crate::subtype::Reason;

/// The index of a node of the product.
pub(super) type NodeId = u32;

/// The languages of a query side by side.
pub(super) struct Product<'q> {
    pub(super) letters: Vec<Letter>,
    parts: Vec<Part<'q>>,
    nodes: Vec<Arc<[u32]>>,
    index: HashMap<Arc<[u32]>, NodeId, FixedState>,
    edges: Vec<Option<Arc<[Edge]>>>,
    pub(super) effort: Effort,
}

/// Where a letter leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The index of the letter.
    pub(super) letter: u32,
    pub(super) to: NodeId,
}

/// Whether the strings must be in a language or outside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    Inside,
    Outside,
}

struct Part<'q> {
    demand: Demand,
    lengths: Lengths,
    /// The language is where each of these holds, or fails; its states follow each other.
    machines: Vec<(Sense, Machine<'q>)>,
}

enum Machine<'q> {
    Words { words: &'q Words, dead: u32 },
    Walk(Box<Walk<'q>>),
}

/// A pattern made deterministic.
struct Walk<'q> {
    automaton: &'q Automaton,
    /// The place of the automaton's first class among those that split the alphabet.
    offset: usize,
    states: Vec<(Formula, Behind)>,
    accepting: Vec<bool>,
    index: HashMap<(Formula, Behind), u32, FixedState>,
    /// Where each letter leads from each state, where that is known.
    edges: Vec<Vec<Option<u32>>>,
}

/// What is already known about every string that goes on from a state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Accepted,
    Refused,
}

impl<'q> Product<'q> {
    /// The product and the node of the empty string; no node where the query is plainly empty.
    pub(super) fn new(
        query: &'q Query<'q>,
        except: &'q Words,
        allowed: u64,
    ) -> Result<(Self, Option<NodeId>), Reason> {
        let mut classes: Vec<Class> = vec![Class::word()];
        let mut parts = Vec::new();
        let inside = query.all.iter().map(|language| (Demand::Inside, *language));
        let outside = query.none.iter().map(|language| (Demand::Outside, *language));
        for (demand, language) in inside.chain(outside) {
            let machines = match &*language.body {
                Body::Words(words) => vec![(Sense::Holds, Machine::words(words, &mut classes))],
                Body::Automata(automata) => automata
                    .iter()
                    .map(|(sense, automaton)| (*sense, Machine::walk(automaton, &mut classes)))
                    .collect(),
            };
            parts.push(Part { demand, lengths: language.lengths, machines });
        }
        if !query.except.is_empty() {
            let machines = vec![(Sense::Holds, Machine::words(except, &mut classes))];
            parts.push(Part { demand: Demand::Outside, lengths: Lengths::ANY, machines });
        }
        let letters = alphabet::letters(&classes.iter().collect::<Vec<_>>());
        let effort = Effort { left: allowed };
        let (nodes, index, edges) = (Vec::new(), HashMap::default(), Vec::new());
        let mut product = Self { letters, parts, nodes, index, edges, effort };
        let start = product.start()?;
        Ok((product, start))
    }

    fn start(&mut self) -> Result<Option<NodeId>, Reason> {
        let mut node = Vec::with_capacity(self.parts.len());
        for (_, machine) in self.parts.iter_mut().flat_map(|part| &mut part.machines) {
            node.push(machine.start(&mut self.effort).map_err(|Spent| too_long())?);
        }
        self.intern(&node)
    }

    /// Adds a node, unless no string that goes on from it can be a member.
    fn intern(&mut self, node: &[u32]) -> Result<Option<NodeId>, Reason> {
        if let Some(id) = self.index.get(node) {
            return Ok(Some(*id));
        }
        let mut states = node;
        for part in &self.parts {
            let hopeless = match (part.demand, part.fate(part.own(&mut states))) {
                (Demand::Inside, Fate::Refused) => true,
                (Demand::Outside, Fate::Accepted) => part.lengths == Lengths::ANY,
                (Demand::Inside, Fate::Open | Fate::Accepted)
                | (Demand::Outside, Fate::Open | Fate::Refused) => false,
            };
            if hopeless {
                return Ok(None);
            }
        }
        if self.nodes.len() >= MAX_NODES {
            return Err(Reason(format!(
                "comparing the patterns needs more than {MAX_NODES} automaton states"
            )));
        }
        let node: Arc<[u32]> = node.into();
        let id = NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX);
        self.nodes.push(node.clone());
        self.edges.push(None);
        self.index.insert(node, id);
        Ok(Some(id))
    }

    /// Where the letters lead, the most readable first.
    pub(super) fn edges(&mut self, id: NodeId) -> Result<Arc<[Edge]>, Reason> {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        if let Some(Some(edges)) = self.edges.get(place) {
            return Ok(edges.clone());
        }
        let node = self.nodes.get(place).cloned().unwrap_or_default();
        let (mut edges, mut target) = (Vec::new(), Vec::with_capacity(node.len()));
        for letter in 0..self.letters.len() {
            let letter = u32::try_from(letter).unwrap_or(u32::MAX);
            target.clear();
            let machines = self.parts.iter_mut().flat_map(|part| &mut part.machines);
            for ((_, machine), state) in machines.zip(node.iter()) {
                let stepped = machine.step(*state, letter, &self.letters, &mut self.effort);
                target.push(stepped.map_err(|Spent| too_long())?);
            }
            if let Some(to) = self.intern(&target)? {
                edges.push(Edge { letter, to });
            }
        }
        let edges: Arc<[Edge]> = edges.into();
        if let Some(slot) = self.edges.get_mut(place) {
            *slot = Some(edges.clone());
        }
        Ok(edges)
    }

    /// Whether strings of this length that lead to the node are members.
    pub(super) fn accepts(&self, id: NodeId, length: u64) -> bool {
        self.each_part(id, |part, inside| {
            (inside && part.lengths.admits(length)) == (part.demand == Demand::Inside)
        })
    }

    /// Whether strings of some length that lead to the node may be members.
    pub(super) fn may_accept(&self, id: NodeId) -> bool {
        self.each_part(id, |part, inside| match part.demand {
            Demand::Inside => inside,
            Demand::Outside => !inside || part.lengths != Lengths::ANY,
        })
    }

    fn each_part(&self, id: NodeId, mut holds: impl FnMut(&Part<'q>, bool) -> bool) -> bool {
        let node = usize::try_from(id).ok().and_then(|id| self.nodes.get(id));
        node.is_some_and(|node| {
            let mut states = &**node;
            self.parts.iter().all(|part| holds(part, part.accepts(part.own(&mut states))))
        })
    }

    /// The lengths at which what is accepted changes, ascending; zero is among them.
    pub(super) fn thresholds(&self) -> Vec<u64> {
        let mut all = vec![0];
        for part in &self.parts {
            all.push(part.lengths.min);
            all.extend(part.lengths.max.and_then(|max| max.checked_add(1)));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The lengths that all languages allow.
    pub(super) fn lengths(&self) -> Lengths {
        let inside = self.parts.iter().filter(|part| part.demand == Demand::Inside);
        inside.fold(Lengths::ANY, |all, part| all.and(part.lengths))
    }

    /// How many code points a letter stands for.
    pub(super) fn size(&self, letter: u32) -> u64 {
        let at = usize::try_from(letter).ok();
        at.and_then(|at| self.letters.get(at)).map_or(0, |letter| letter.size)
    }

    /// The face of a letter.
    pub(super) fn face(&self, letter: u32) -> Option<char> {
        usize::try_from(letter).ok().and_then(|at| self.letters.get(at)).map(|letter| letter.face)
    }
}

impl Part<'_> {
    /// Takes the states of this part's machines off the front.
    fn own<'s>(&self, states: &mut &'s [u32]) -> &'s [u32] {
        let (own, rest) = states.split_at_checked(self.machines.len()).unwrap_or_default();
        *states = rest;
        own
    }

    fn accepts(&self, states: &[u32]) -> bool {
        let mut machines = self.machines.iter().zip(states);
        machines
            .all(|((sense, machine), state)| machine.accepts(*state) == (*sense == Sense::Holds))
    }

    fn fate(&self, states: &[u32]) -> Fate {
        let mut all = Fate::Accepted;
        for ((sense, machine), state) in self.machines.iter().zip(states) {
            match (machine.fate(*state), *sense) {
                (Fate::Open, _) => all = Fate::Open,
                (Fate::Refused, Sense::Holds) | (Fate::Accepted, Sense::Fails) => {
                    return Fate::Refused;
                }
                (Fate::Accepted, Sense::Holds) | (Fate::Refused, Sense::Fails) => {}
            }
        }
        all
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn too_long() -> Reason {
    Reason(format!("comparing the patterns takes more than {MAX_EFFORT} steps"))
}

impl<'q> Machine<'q> {
    fn words(words: &'q Words, classes: &mut Vec<Class>) -> Self {
        classes.extend(words.letters());
        Self::Words { words, dead: u32::MAX }
    }

    fn walk(automaton: &'q Automaton, classes: &mut Vec<Class>) -> Self {
        let offset = classes.len();
        classes.extend(automaton.classes.iter().cloned());
        let (states, accepting) = (Vec::new(), Vec::new());
        let (index, edges) = (HashMap::default(), Vec::new());
        Self::Walk(Box::new(Walk { automaton, offset, states, accepting, index, edges }))
    }

    fn start(&mut self, effort: &mut Effort) -> Result<u32, Spent> {
        match self {
            Self::Words { .. } => Ok(words::ROOT),
            Self::Walk(walk) => {
                let start = Formula::of(walk.automaton.start);
                walk.intern(start, Behind::Start, effort)
            }
        }
    }

    fn step(
        &mut self,
        state: u32,
        letter: u32,
        letters: &[Letter],
        effort: &mut Effort,
    ) -> Result<u32, Spent> {
        effort.spend(1)?;
        let Some(next) = usize::try_from(letter).ok().and_then(|at| letters.get(at)) else {
            return Ok(state);
        };
        match self {
            Self::Words { words, dead } => Ok(words.next(state, next.face).unwrap_or(*dead)),
            Self::Walk(walk) => walk.step(state, letter, next, effort),
        }
    }

    fn accepts(&self, state: u32) -> bool {
        match self {
            Self::Words { words, dead: _ } => words.is_member(state),
            Self::Walk(walk) => {
                let place = usize::try_from(state).ok();
                place.and_then(|at| walk.accepting.get(at)).copied().unwrap_or(false)
            }
        }
    }

    fn fate(&self, state: u32) -> Fate {
        match self {
            Self::Words { words: _, dead } if state == *dead => Fate::Refused,
            Self::Words { .. } => Fate::Open,
            Self::Walk(walk) => {
                let place = usize::try_from(state).ok();
                match place.and_then(|at| walk.states.get(at)) {
                    Some((formula, _)) if formula.is_true() => Fate::Accepted,
                    Some((formula, _)) if formula.is_false() => Fate::Refused,
                    Some(_) | None => Fate::Open,
                }
            }
        }
    }
}

impl Walk<'_> {
    fn intern(
        &mut self,
        formula: Formula,
        behind: Behind,
        effort: &mut Effort,
    ) -> Result<u32, Spent> {
        let key = (formula, behind);
        if let Some(id) = self.index.get(&key) {
            return Ok(*id);
        }
        let id = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        let at_end = step::step(self.automaton, &key.0, behind, Next::End, effort)?;
        self.accepting.push(!at_end.is_false());
        self.states.push(key.clone());
        self.index.insert(key, id);
        Ok(id)
    }

    fn step(
        &mut self,
        state: u32,
        letter: u32,
        next: &Letter,
        effort: &mut Effort,
    ) -> Result<u32, Spent> {
        let (place, at) = (index(state), index(letter));
        if let Some(Some(known)) = self.edges.get(place).and_then(|edges| edges.get(at)) {
            return Ok(*known);
        }
        let Some((formula, behind)) = self.states.get(place) else {
            return Ok(state);
        };
        let word = next.member.first() == Some(&true);
        let member = next.member.get(self.offset..).unwrap_or_default();
        let next = Next::Letter { member, word };
        let formula = step::step(self.automaton, formula, *behind, next, effort)?;
        let to = self.intern(formula, step::behind(self.automaton, word), effort)?;
        if self.edges.len() <= place {
            self.edges.resize(place + 1, Vec::new());
        }
        if let Some(edges) = self.edges.get_mut(place) {
            if edges.len() <= at {
                edges.resize(at + 1, None);
            }
            edges.get_mut(at).into_iter().for_each(|edge| *edge = Some(to));
        }
        Ok(to)
    }
}
