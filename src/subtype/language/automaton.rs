//! Compiles a pattern into an alternating automaton.
//!
//! A state is a claim about the rest of the string. Besides consuming and choosing, states may
//! demand that two claims hold together, or that one holds and another does not: that is what
//! look-ahead means, anywhere in a pattern. No state reaches itself without consuming: an
//! iteration that consumes nothing is never repeated (ECMA-262 §22.2.2.3.1, `RepeatMatcher`).

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::class::Class;
use super::syntax::{Node, Sense};
use crate::subtype::Reason;

/// How many states one pattern may compile to.
const MAX_STATES: usize = 50_000;
/// How many steps compiling may take: nested repetitions visit a node often.
const MAX_STEPS: usize = 1_000_000;

/// The index of a state.
pub(super) type StateId = u32;
/// The index of a class.
pub(super) type ClassId = u32;

/// A claim about the rest of the string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// False.
    Never,
    /// True, whatever comes.
    Always,
    /// There is a next code point, in the class, and `next` holds after it.
    Consume { class: ClassId, next: StateId },
    /// One of these holds.
    Either(Box<[StateId]>),
    /// Both hold.
    Both(StateId, StateId),
    /// `next` holds and `not` does not.
    Without { not: StateId, next: StateId },
    /// Nothing was before, and the other holds.
    AtStart(StateId),
    /// Nothing comes, and the other holds.
    AtEnd(StateId),
    /// Here is a word boundary or none, and `next` holds.
    Boundary { sense: Sense, next: StateId },
}

/// A compiled pattern: does `start` hold of the whole string?
#[derive(Debug)]
pub(super) struct Automaton {
    pub(super) states: Vec<State>,
    pub(super) classes: Vec<Class>,
    pub(super) start: StateId,
    /// The states, each after those that it refers to without consuming.
    pub(super) order: Vec<StateId>,
    /// Whether no state demands two things at once.
    pub(super) plain: bool,
    /// Whether some state looks at word boundaries.
    pub(super) boundaries: bool,
}

pub(super) const NEVER: StateId = 0;
pub(super) const ALWAYS: StateId = 1;

impl Automaton {
    /// The strings in which the pattern is found.
    pub(super) fn search(node: &Node) -> Result<Self, Reason> {
        let mut builder = Builder::new();
        let here = builder.node(node, Then { consumed: ALWAYS, empty: ALWAYS })?;
        builder.started = true;
        let later = builder.reserve()?;
        let found = builder.node(node, Then { consumed: ALWAYS, empty: ALWAYS })?;
        let on = builder.consume(Class::any(), later)?;
        builder.set(later, State::Either([found, on].into()));
        let start = builder.either(vec![here, on])?;
        Ok(builder.finish(start))
    }

    pub(super) fn state(&self, id: StateId) -> &State {
        usize::try_from(id).ok().and_then(|id| self.states.get(id)).unwrap_or(&State::Never)
    }
}

/// Where to go on after a piece: if anything was consumed since the innermost loop began, and if
/// not.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Then {
    consumed: StateId,
    empty: StateId,
}

impl Then {
    fn after_consuming(self) -> Self {
        Self { empty: self.consumed, ..self }
    }
}

struct Builder {
    states: Vec<State>,
    known: HashMap<State, StateId, FixedState>,
    classes: Vec<Class>,
    class_ids: HashMap<Class, ClassId, FixedState>,
    /// Whether something was surely consumed before the pattern, so that `^` fails.
    started: bool,
    steps: usize,
}

impl Builder {
    fn new() -> Self {
        let states = vec![State::Never, State::Always];
        let known = [(State::Never, NEVER), (State::Always, ALWAYS)].into_iter().collect();
        let (classes, class_ids) = (Vec::new(), HashMap::default());
        Self { states, known, classes, class_ids, started: false, steps: 0 }
    }

    fn node(&mut self, node: &Node, then: Then) -> Result<StateId, Reason> {
        self.step()?;
        match node {
            Node::One(class) => self.consume(class.clone(), then.consumed),
            Node::Sequence(nodes) => self.sequence(nodes, then),
            Node::Either(nodes) => {
                let mut branches = Vec::with_capacity(nodes.len());
                for node in nodes {
                    branches.push(self.node(node, then)?);
                }
                self.either(branches)
            }
            Node::Repeat { body, min, max } => self.repeat(body, *min, *max, then),
            Node::Start if self.started => Ok(NEVER),
            Node::Start => self.guard(then.empty, State::AtStart(then.empty)),
            Node::End => self.guard(then.empty, State::AtEnd(then.empty)),
            Node::Boundary(sense) => {
                let state = State::Boundary { sense: *sense, next: then.empty };
                self.guard(then.empty, state)
            }
            Node::Ahead(sense, body) => {
                let body = self.node(body, Then { consumed: ALWAYS, empty: ALWAYS })?;
                self.ahead(*sense, body, then.empty)
            }
            Node::Behind(..) => Err(Reason("the pattern uses look-behind".to_owned())),
            Node::Unsupported(feature) => Err(Reason(format!("the pattern uses {feature}"))),
        }
    }

    fn sequence(&mut self, nodes: &[Node], mut then: Then) -> Result<StateId, Reason> {
        for (place, node) in nodes.iter().enumerate().rev() {
            then =
                self.before(node, then, if place == 0 { Needed::Empty } else { Needed::Both })?;
        }
        Ok(then.empty)
    }

    /// What must hold before a piece so that `then` holds after it.
    fn before(&mut self, node: &Node, then: Then, needed: Needed) -> Result<Then, Reason> {
        let empty = self.node(node, then)?;
        let consumed = match needed {
            Needed::Both if then.consumed != then.empty => {
                self.node(node, then.after_consuming())?
            }
            Needed::Both | Needed::Empty => empty,
        };
        Ok(Then { consumed, empty })
    }

    fn repeat(
        &mut self,
        body: &Node,
        min: u64,
        max: Option<u64>,
        then: Then,
    ) -> Result<StateId, Reason> {
        let mut then = match max {
            None => self.star(body, then)?,
            Some(max) => self.at_most(body, max.saturating_sub(min), then)?,
        };
        for remaining in (0..min).rev() {
            let needed = if remaining == 0 { Needed::Empty } else { Needed::Both };
            let before = self.before(body, then, needed)?;
            if before == then {
                break;
            }
            then = before;
        }
        Ok(then.empty)
    }

    fn star(&mut self, body: &Node, then: Then) -> Result<Then, Reason> {
        let consumed = self.reserve()?;
        let body = self.node(body, Then { consumed, empty: NEVER })?;
        self.set(consumed, State::Either([body, then.consumed].into()));
        let same = then.consumed == then.empty;
        let empty = if same { consumed } else { self.either(vec![body, then.empty])? };
        Ok(Then { consumed, empty })
    }

    fn at_most(&mut self, body: &Node, count: u64, then: Then) -> Result<Then, Reason> {
        let mut now = then;
        for _ in 0..count {
            let once = self.node(body, Then { consumed: now.consumed, empty: NEVER })?;
            let consumed = self.either(vec![once, then.consumed])?;
            let empty = self.either(vec![once, then.empty])?;
            let next = Then { consumed, empty };
            if next == now {
                break;
            }
            now = next;
        }
        Ok(now)
    }

    fn ahead(&mut self, sense: Sense, body: StateId, next: StateId) -> Result<StateId, Reason> {
        match (sense, body) {
            (_, _) if next == NEVER => Ok(NEVER),
            (Sense::Holds, NEVER) | (Sense::Fails, ALWAYS) => Ok(NEVER),
            (Sense::Holds, ALWAYS) | (Sense::Fails, NEVER) => Ok(next),
            (Sense::Holds, _) if next == ALWAYS => Ok(body),
            (Sense::Holds, _) => self.intern(State::Both(body, next)),
            (Sense::Fails, _) => self.intern(State::Without { not: body, next }),
        }
    }

    fn guard(&mut self, next: StateId, state: State) -> Result<StateId, Reason> {
        let place = usize::try_from(next).unwrap_or(usize::MAX);
        let repeated = match (self.states.get(place), &state) {
            (Some(State::AtStart(_)), State::AtStart(_))
            | (Some(State::AtEnd(_)), State::AtEnd(_)) => true,
            (
                Some(State::Boundary { sense, next: _ }),
                State::Boundary { sense: again, next: _ },
            ) => sense == again,
            _ => false,
        };
        if next == NEVER || repeated { Ok(next) } else { self.intern(state) }
    }

    fn consume(&mut self, class: Class, next: StateId) -> Result<StateId, Reason> {
        if next == NEVER || class.is_empty() {
            return Ok(NEVER);
        }
        let class = if let Some(id) = self.class_ids.get(&class) {
            *id
        } else {
            let id = ClassId::try_from(self.classes.len()).map_err(|_| too_large())?;
            self.class_ids.insert(class.clone(), id);
            self.classes.push(class);
            id
        };
        self.intern(State::Consume { class, next })
    }

    fn either(&mut self, mut branches: Vec<StateId>) -> Result<StateId, Reason> {
        branches.retain(|branch| *branch != NEVER);
        branches.sort_unstable();
        branches.dedup();
        match branches.as_slice() {
            [] => Ok(NEVER),
            [only] => Ok(*only),
            many if many.contains(&ALWAYS) => Ok(ALWAYS),
            _ => self.intern(State::Either(branches.into())),
        }
    }

    fn intern(&mut self, state: State) -> Result<StateId, Reason> {
        if let Some(id) = self.known.get(&state) {
            return Ok(*id);
        }
        let id = self.reserve()?;
        self.known.insert(state.clone(), id);
        self.set(id, state);
        Ok(id)
    }

    fn reserve(&mut self) -> Result<StateId, Reason> {
        self.step()?;
        if self.states.len() >= MAX_STATES {
            return Err(too_large());
        }
        self.states.push(State::Never);
        StateId::try_from(self.states.len() - 1).map_err(|_| too_large())
    }

    fn set(&mut self, id: StateId, state: State) {
        let place = usize::try_from(id).ok().and_then(|id| self.states.get_mut(id));
        if let Some(place) = place {
            *place = state;
        }
    }

    fn step(&mut self) -> Result<(), Reason> {
        self.steps += 1;
        if self.steps > MAX_STEPS { Err(too_large()) } else { Ok(()) }
    }

    fn finish(self, start: StateId) -> Automaton {
        let Self { mut states, classes, .. } = self;
        let live = live(&states);
        for (state, live) in states.iter_mut().zip(&live) {
            if !live {
                *state = State::Never;
            }
        }
        let boundaries = states.iter().any(|state| matches!(state, State::Boundary { .. }));
        let joint = |state: &State| matches!(state, State::Both(..) | State::Without { .. });
        let plain = !states.iter().any(joint);
        let order = bottom_up(&states);
        Automaton { states, classes, start, order, plain, boundaries }
    }
}

/// Which continuations of a piece are asked for.
#[derive(Clone, Copy)]
enum Needed {
    Empty,
    Both,
}

fn too_large() -> Reason {
    Reason(format!("a pattern needs more than {MAX_STATES} automaton states"))
}

/// The states that some string may satisfy, seen from afar: assertions count as satisfiable.
fn live(states: &[State]) -> Vec<bool> {
    let mut live = vec![false; states.len()];
    loop {
        let mut changed = false;
        for (place, state) in states.iter().enumerate() {
            let is = |id: &StateId| {
                usize::try_from(*id).ok().and_then(|id| live.get(id)).copied().unwrap_or(false)
            };
            let now = match state {
                State::Never => false,
                State::Always => true,
                State::Either(branches) => branches.iter().any(is),
                State::Both(left, right) => is(left) && is(right),
                State::Consume { class: _, next }
                | State::Without { not: _, next }
                | State::AtStart(next)
                | State::AtEnd(next)
                | State::Boundary { sense: _, next } => is(next),
            };
            if let Some(slot) = live.get_mut(place) {
                changed |= now && !*slot;
                *slot |= now;
            }
        }
        if !changed {
            return live;
        }
    }
}

/// The states, each after those that it refers to without consuming.
fn bottom_up(states: &[State]) -> Vec<StateId> {
    let mut order = Vec::with_capacity(states.len());
    let mut seen = vec![false; states.len()];
    let mut stack: Vec<(StateId, bool)> = Vec::new();
    for root in 0..states.len() {
        stack.extend(StateId::try_from(root).map(|root| (root, false)));
        while let Some((id, leaving)) = stack.pop() {
            if leaving {
                order.push(id);
                continue;
            }
            let place = usize::try_from(id).unwrap_or(usize::MAX);
            let Some(slot) = seen.get_mut(place) else { continue };
            if std::mem::replace(slot, true) {
                continue;
            }
            stack.push((id, true));
            match states.get(place) {
                None | Some(State::Never | State::Always | State::Consume { .. }) => {}
                Some(State::Either(branches)) => {
                    stack.extend(branches.iter().map(|branch| (*branch, false)));
                }
                Some(State::Both(left, right)) => stack.extend([(*left, false), (*right, false)]),
                Some(State::Without { not, next }) => {
                    stack.extend([(*not, false), (*next, false)]);
                }
                Some(
                    State::AtStart(next) | State::AtEnd(next) | State::Boundary { sense: _, next },
                ) => stack.push((*next, false)),
            }
        }
    }
    order
}
