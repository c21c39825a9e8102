//! Runs an automaton: backwards over a given string, forwards over all strings at once.

use std::collections::{BTreeSet, HashSet};

use foldhash::fast::FixedState;

use super::automaton::{ALWAYS, Automaton, ClassId, NEVER, State, StateId};
use super::class::Class;
use super::syntax::Sense;

/// A state or its negation.
pub(super) type Literal = (StateId, Sense);

/// What must hold of the rest of a string: any of the terms, each of which demands all of its
/// literals. No term is part of another. The term without literals is truth.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Formula {
    /// Terms of one literal; apart, because patterns without look-ahead have no others.
    single: Box<[Literal]>,
    /// The other terms, sorted.
    joint: Box<[Box<[Literal]>]>,
}

/// What is behind a place in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Behind {
    /// The string starts here.
    Start,
    /// A word character.
    Word,
    /// Another character.
    Other,
}

/// What comes next: the end, or a letter with its membership in the automaton's classes.
#[derive(Clone, Copy)]
pub(super) enum Next<'a> {
    End,
    Letter { member: &'a [bool], word: bool },
}

/// A count of elementary steps that must not reach its limit.
#[derive(Debug)]
pub(super) struct Effort {
    pub(super) left: u64,
}

/// The limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spent;

impl Effort {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Spent> {
        self.left = self.left.saturating_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        if self.left == 0 { Err(Spent) } else { Ok(()) }
    }
}

impl Formula {
    /// What must hold of a whole string.
    pub(super) fn of(start: StateId) -> Self {
        Self { single: [(start, Sense::Holds)].into(), joint: Box::default() }
    }

    /// Whether nothing satisfies it.
    pub(super) fn is_false(&self) -> bool {
        self.single.is_empty() && self.joint.is_empty()
    }

    /// Whether everything satisfies it.
    pub(super) fn is_true(&self) -> bool {
        self.joint.first().is_some_and(|term| term.is_empty())
            || self.single.contains(&(ALWAYS, Sense::Holds))
    }

    fn terms(&self) -> impl Iterator<Item = &[Literal]> {
        self.single.iter().map(std::slice::from_ref).chain(self.joint.iter().map(AsRef::as_ref))
    }

    fn from_terms(terms: BTreeSet<Vec<Literal>>) -> Self {
        if terms.first().is_some_and(Vec::is_empty) {
            return Self { single: Box::default(), joint: [Box::default()].into() };
        }
        let (mut single, mut joint): (Vec<Literal>, Vec<Vec<Literal>>) = (Vec::new(), Vec::new());
        for term in terms {
            match term.as_slice() {
                [only] => single.push(*only),
                _ => joint.push(term),
            }
        }
        let alone: BTreeSet<Literal> = single.iter().copied().collect();
        joint.retain(|term| !term.iter().any(|literal| alone.contains(literal)));
        let mut kept: Vec<Vec<Literal>> = Vec::with_capacity(joint.len());
        joint.sort_by_key(Vec::len);
        for term in joint {
            let within = |part: &Vec<Literal>| part.iter().all(|literal| term.contains(literal));
            if !kept.iter().any(within) {
                kept.push(term);
            }
        }
        kept.sort_unstable();
        Self { single: single.into(), joint: kept.into_iter().map(Vec::into_boxed_slice).collect() }
    }
}

/// A way to satisfy a formula that is being worked out.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Attempt {
    /// What must hold here.
    here: Vec<Literal>,
    /// What must hold after the next letter.
    after: BTreeSet<Literal>,
}

/// What must hold after the next letter so that `formula` holds here; at the end, truth or falsity.
pub(super) fn step(
    automaton: &Automaton,
    formula: &Formula,
    behind: Behind,
    next: Next<'_>,
    effort: &mut Effort,
) -> Result<Formula, Spent> {
    if automaton.plain {
        return step_plain(automaton, formula, behind, next, effort);
    }
    let mut terms = BTreeSet::new();
    let mut seen: HashSet<Attempt, FixedState> = HashSet::default();
    let mut seen_alone: HashSet<Literal, FixedState> = HashSet::default();
    let mut attempts: Vec<Attempt> = formula
        .terms()
        .map(|term| Attempt { here: term.to_vec(), after: BTreeSet::new() })
        .collect();
    while let Some(mut attempt) = attempts.pop() {
        effort.spend(1 + attempt.here.len() + attempt.after.len())?;
        let fresh = match (attempt.here.as_slice(), attempt.after.is_empty()) {
            ([only], true) => seen_alone.insert(*only),
            _ => seen.insert(attempt.clone()),
        };
        if !fresh {
            continue;
        }
        let Some(literal) = attempt.here.pop() else {
            effort.spend(terms.len() / 64)?;
            terms.insert(attempt.after.into_iter().collect());
            continue;
        };
        resolve(automaton, literal, behind, next, attempt, &mut attempts);
    }
    effort.spend(terms.len())?;
    Ok(Formula::from_terms(terms))
}

/// The same where no state demands two things at once: then every term is one state.
fn step_plain(
    automaton: &Automaton,
    formula: &Formula,
    behind: Behind,
    next: Next<'_>,
    effort: &mut Effort,
) -> Result<Formula, Spent> {
    let truth = Formula { single: Box::default(), joint: [Box::default()].into() };
    let mut stack: Vec<StateId> = formula.single.iter().map(|(id, _)| *id).collect();
    if formula.is_true() {
        return Ok(truth);
    }
    let mut seen = Seen::among(automaton.states.len());
    let mut after = Vec::new();
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        effort.spend(1)?;
        match automaton.state(id) {
            State::Always => return Ok(truth),
            State::Consume { class, next: then } if matches(*class, next) => {
                if *then == ALWAYS {
                    return Ok(truth);
                }
                after.push((*then, Sense::Holds));
            }
            State::Either(branches) => stack.extend(branches.iter().copied()),
            state @ (State::AtStart(then)
            | State::AtEnd(then)
            | State::Boundary { sense: _, next: then }) => {
                stack.extend(assertion(state, behind, next).then_some(*then));
            }
            State::Never | State::Consume { .. } | State::Both(..) | State::Without { .. } => {}
        }
    }
    after.sort_unstable();
    after.dedup();
    Ok(Formula { single: after.into(), joint: Box::default() })
}

/// States of an automaton, a bit each: a step meets many of them, and hashing each costs more.
struct Seen {
    bits: Vec<u64>,
}

impl Seen {
    fn among(states: usize) -> Self {
        Self { bits: vec![0; states / 64 + 1] }
    }

    /// Whether the state is new; what is no state never is.
    fn insert(&mut self, id: StateId) -> bool {
        let (word, bit) = (usize::try_from(id / 64).unwrap_or(usize::MAX), 1 << (id % 64));
        let Some(word) = self.bits.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

/// Replaces one literal by what it stands for, one hop further.
fn resolve(
    automaton: &Automaton,
    (id, sense): Literal,
    behind: Behind,
    next: Next<'_>,
    mut attempt: Attempt,
    attempts: &mut Vec<Attempt>,
) {
    let negated = |sense: Sense| match sense {
        Sense::Holds => Sense::Fails,
        Sense::Fails => Sense::Holds,
    };
    let fails = sense == Sense::Fails;
    let all: Vec<Literal> = match automaton.state(id) {
        State::Never if fails => Vec::new(),
        State::Always if !fails => Vec::new(),
        State::Never | State::Always => return,
        State::Consume { class, next: then } => {
            match (matches(*class, next), fails) {
                (false, true) => {}
                (false, false) => return,
                (true, _) => match (*then, fails) {
                    (ALWAYS, false) | (NEVER, true) => {}
                    (ALWAYS, true) | (NEVER, false) => return,
                    (then, _) if attempt.after.contains(&(then, negated(sense))) => return,
                    (then, _) => {
                        attempt.after.insert((then, sense));
                    }
                },
            }
            Vec::new()
        }
        State::Either(branches) if fails => branches.iter().map(|id| (*id, sense)).collect(),
        State::Either(branches) => {
            return fork(&attempt, branches.iter().rev().map(|id| (*id, sense)), attempts);
        }
        State::Both(left, right) if fails => {
            return fork(&attempt, [(*left, sense), (*right, sense)].into_iter(), attempts);
        }
        State::Both(left, right) => vec![(*left, sense), (*right, sense)],
        State::Without { not, next } if fails => {
            let ways = [(*not, negated(sense)), (*next, sense)];
            return fork(&attempt, ways.into_iter(), attempts);
        }
        State::Without { not, next } => vec![(*not, negated(sense)), (*next, sense)],
        State::AtStart(then) | State::AtEnd(then) | State::Boundary { next: then, .. } => {
            match (assertion(automaton.state(id), behind, next), fails) {
                (true, _) => vec![(*then, sense)],
                (false, true) => Vec::new(),
                (false, false) => return,
            }
        }
    };
    attempt.here.extend(all);
    attempts.push(attempt);
}

fn fork(attempt: &Attempt, ways: impl Iterator<Item = Literal>, attempts: &mut Vec<Attempt>) {
    for way in ways {
        let mut attempt = attempt.clone();
        attempt.here.push(way);
        attempts.push(attempt);
    }
}

fn matches(class: ClassId, next: Next<'_>) -> bool {
    match next {
        Next::End => false,
        Next::Letter { member, word: _ } => usize::try_from(class)
            .ok()
            .and_then(|class| member.get(class))
            .copied()
            .unwrap_or(false),
    }
}

/// Whether the condition of an assertion holds at a place.
fn assertion(state: &State, behind: Behind, next: Next<'_>) -> bool {
    match state {
        State::AtStart(_) => behind == Behind::Start,
        State::AtEnd(_) => matches!(next, Next::End),
        State::Boundary { sense, next: _ } => {
            let word = matches!(next, Next::Letter { word: true, .. });
            let boundary = (behind == Behind::Word) != word;
            boundary == (*sense == Sense::Holds)
        }
        State::Never
        | State::Always
        | State::Consume { .. }
        | State::Either(_)
        | State::Both(..)
        | State::Without { .. } => false,
    }
}

/// What is behind the place after a letter.
pub(super) fn behind(automaton: &Automaton, word: bool) -> Behind {
    if word && automaton.boundaries { Behind::Word } else { Behind::Other }
}

/// Whether the automaton accepts the string, from its end to its start: every state is decided at
/// every place, so that the time is bounded by the product of both.
pub(super) fn accepts(
    automaton: &Automaton,
    text: &str,
    effort: &mut Effort,
) -> Result<bool, Spent> {
    let word = Class::word();
    let mut after = vec![false; automaton.states.len()];
    let letters: Vec<char> = text.chars().collect();
    for place in (0..=letters.len()).rev() {
        effort.spend(automaton.states.len() + automaton.classes.len())?;
        let letter = letters.get(place).copied();
        let before = place.checked_sub(1).and_then(|place| letters.get(place)).copied();
        let behind = match before {
            None => Behind::Start,
            Some(letter) if word.has(letter) => Behind::Word,
            Some(_) => Behind::Other,
        };
        let member: Vec<bool> = match letter {
            Some(letter) => automaton.classes.iter().map(|class| class.has(letter)).collect(),
            None => Vec::new(),
        };
        let next = match letter {
            Some(letter) => Next::Letter { member: &member, word: word.has(letter) },
            None => Next::End,
        };
        after = decide(automaton, &after, behind, next);
    }
    Ok(usize::try_from(automaton.start).ok().and_then(|id| after.get(id)).copied() == Some(true))
}

/// Which states hold at a place, given which hold after the next letter.
fn decide(automaton: &Automaton, after: &[bool], behind: Behind, next: Next<'_>) -> Vec<bool> {
    let mut here = vec![false; automaton.states.len()];
    let get = |row: &[bool], id: StateId| {
        usize::try_from(id).ok().and_then(|id| row.get(id)).copied().unwrap_or(false)
    };
    for &id in &automaton.order {
        let holds = match automaton.state(id) {
            State::Never => false,
            State::Always => true,
            State::Consume { class, next: then } => matches(*class, next) && get(after, *then),
            State::Either(branches) => branches.iter().any(|branch| get(&here, *branch)),
            State::Both(left, right) => get(&here, *left) && get(&here, *right),
            State::Without { not, next } => !get(&here, *not) && get(&here, *next),
            state @ (State::AtStart(then)
            | State::AtEnd(then)
            | State::Boundary { sense: _, next: then }) => {
                assertion(state, behind, next) && get(&here, *then)
            }
        };
        if let Some(slot) = usize::try_from(id).ok().and_then(|id| here.get_mut(id)) {
            *slot = holds;
        }
    }
    here
}
