//! Arrays: how many elements, and which demands each of them serves.

use crate::model::Json;
use crate::subtype::Reason;
use crate::subtype::budget::exhausted;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal, Lit};
use crate::subtype::term::{ArrayLeaf, Item, Tally, Term};

use super::atoms::served_lits;
use super::serving::{Need, needs};

/// An array under construction.
pub(in crate::subtype) struct Draft<'t> {
    pub(in crate::subtype) goal: &'t Goal,
    pub(in crate::subtype) term: &'t Term,
    pub(in crate::subtype) needs: Vec<Need>,
    /// From here on all positions are alike.
    pub(in crate::subtype) tail: usize,
    /// Which needs each element serves, as a bit set.
    pub(in crate::subtype) served: Vec<u32>,
    pub(in crate::subtype) undecided: Option<Reason>,
}

/// Longer arrays are not built.
pub(in crate::subtype) const LENGTH: usize = 131_072;
/// More demands on elements than this are given to elements one by one first.
const FEW_NEEDS: usize = 8;
/// More demands on elements than this are not combined.
const NEEDS: usize = 24;
/// Longer arrays are not made of distinct elements.
const DISTINCT: usize = 256;
/// Arrays that hold more values than this, at whatever depth, are not built.
const VALUES: usize = 262_144;
/// Nor are longer ones whose positions ask for different things.
const MATCHED: usize = 48;

impl Search<'_> {
    pub(in crate::subtype) fn assume_array(term: &mut Term, leaf: ArrayLeaf) {
        let array = &mut term.array;
        match leaf {
            ArrayLeaf::AtLeast(count) => array.least = array.least.max(count),
            ArrayLeaf::AtMost(count) => {
                array.most = Some(array.most.map_or(count, |most| most.min(count)));
            }
            ArrayLeaf::Position(position, lit) => {
                array.positions.entry(position).or_default().push(lit);
            }
            ArrayLeaf::From(position, lit) => array.from.push((position, lit)),
            ArrayLeaf::Some(position, lits) => array.some.push((position, lits)),
            ArrayLeaf::At(position, lit) => {
                array.positions.entry(position).or_default().push(lit);
                let least = u64::try_from(position).unwrap_or(u64::MAX).saturating_add(1);
                array.least = array.least.max(least);
            }
            // None may be one: that is said of each.
            ArrayLeaf::Count(Tally { no, least: 0, most: Some(0), .. }) => array.from.push((0, no)),
            ArrayLeaf::Count(tally) => array.tallies.push(tally),
            ArrayLeaf::Unique(true) => array.unique = true,
            ArrayLeaf::Unique(false) => array.repeated = true,
        }
    }

    /// The ways in which an array differs from this one.
    pub(in crate::subtype) fn array_differs(&mut self, elements: &[Json]) -> Vec<Vec<Item>> {
        let count = u64::try_from(elements.len()).unwrap_or(u64::MAX);
        let mut ways = vec![vec![Item::Array(ArrayLeaf::AtLeast(count.saturating_add(1)))]];
        if let Some(fewer) = count.checked_sub(1) {
            ways.push(vec![Item::Array(ArrayLeaf::AtMost(fewer))]);
        }
        for (position, element) in elements.iter().enumerate() {
            let differs = Lit::Differs(self.tables.values.id(element.clone()));
            ways.push(vec![Item::Array(ArrayLeaf::At(position, differs))]);
        }
        ways
    }

    pub(in crate::subtype) fn element_lits(term: &Term, position: usize) -> Vec<Lit> {
        let mut lits = term.array.positions.get(&position).cloned().unwrap_or_default();
        let rules = term.array.from.iter().filter(|(from, _)| *from <= position);
        lits.extend(rules.map(|(_, lit)| *lit));
        lits
    }

    /// Whether an element at this position has a value.
    pub(in crate::subtype) fn element_answer(
        &mut self,
        goal: &Goal,
        term: &Term,
        position: usize,
        extra: Vec<Lit>,
    ) -> Answer {
        let mut lits = Self::element_lits(term, position);
        lits.extend(extra);
        let place = self.place_of_element(goal, term, position);
        self.solve(Goal::new(lits, place, goal.marks))
    }

    /// An array that meets the term.
    pub(in crate::subtype) fn finish_array(&mut self, goal: &Goal, term: &Term) -> Answer {
        let array = &term.array;
        if array.unique && array.repeated {
            return Answer::Empty;
        }
        let needs = needs(array);
        if needs.iter().any(|need| need.most.is_some_and(|most| most < need.least)) {
            return Answer::Empty;
        }
        let starts = array.positions.keys().map(|position| position + 1);
        let starts = starts.chain(array.from.iter().map(|(from, _)| *from));
        let tail = starts.chain(needs.iter().map(|need| need.from)).max().unwrap_or(0);
        let wanted = needs.iter().fold(0, |sum: u64, need| sum.saturating_add(need.least));
        let pair = if array.repeated { 2 } else { 0 };
        let enough = wanted
            .saturating_add(pair)
            .saturating_add(u64::try_from(tail).unwrap_or(u64::MAX))
            .max(array.least);
        let enough = array.most.map_or(enough, |most| enough.min(most));
        if array.least > enough {
            return Answer::Empty;
        }
        let (Ok(least), Ok(most)) = (usize::try_from(array.least), usize::try_from(enough)) else {
            return Answer::Undecided(exhausted("elements of an array"));
        };
        if let Some(answer) = self.serve_each(goal, term, &needs, tail) {
            return answer;
        }
        if most > LENGTH {
            return Answer::Undecided(exhausted("elements of an array"));
        }
        // No shorter array has room for what is needed most often.
        let room = needs.iter().map(|need| usize::try_from(need.least).unwrap_or(usize::MAX));
        let least = room.max().unwrap_or(0).max(least);
        let mut draft = Draft { goal, term, needs, tail, served: Vec::new(), undecided: None };
        if draft.needs.len() > FEW_NEEDS {
            let shared = self.share(&mut draft, most);
            if draft.needs.len() > NEEDS || !matches!(shared, Answer::Undecided(_)) {
                return shared;
            }
            (draft.undecided, draft.served) = (None, Vec::new());
        }
        for length in least..=most {
            if let Some(elements) = self.place_elements(&mut draft, length) {
                let values = elements.iter().map(Json::size).fold(0, usize::saturating_add);
                return if values <= VALUES {
                    Answer::Found(Json::array(elements))
                } else {
                    Answer::Undecided(exhausted("values in an array"))
                };
            }
        }
        draft.undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// Chooses what the elements before the tail serve, one by one, then those of the tail.
    fn place_elements(&mut self, draft: &mut Draft<'_>, length: usize) -> Option<Vec<Json>> {
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return None;
        }
        let position = draft.served.len();
        if position >= length {
            return self.build(draft);
        }
        if position >= draft.tail {
            let atoms = self.atoms(draft, position);
            return self.place_tail(draft, &atoms, length);
        }
        for atom in self.atoms(draft, position) {
            draft.served.push(atom);
            let found = self.place_elements(draft, length);
            draft.served.truncate(position);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn place_tail(
        &mut self,
        draft: &mut Draft<'_>,
        atoms: &[u32],
        length: usize,
    ) -> Option<Vec<Json>> {
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return None;
        }
        let placed = draft.served.len();
        let left = length - placed.min(length);
        if left == 0 {
            return self.build(draft);
        }
        let (atom, rest) = atoms.split_first()?;
        for count in shares(draft, *atom, rest, left)?.rev() {
            draft.served.extend(std::iter::repeat_n(*atom, count));
            let found = self.place_tail(draft, rest, length);
            draft.served.truncate(placed);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The array, if the needs are met.
    pub(in crate::subtype) fn build(&mut self, draft: &mut Draft<'_>) -> Option<Vec<Json>> {
        for (index, need) in draft.needs.iter().enumerate() {
            let count = served_count(draft, index);
            if count < need.least || need.most.is_some_and(|most| count > most) {
                return None;
            }
        }
        let slots: Vec<_> = (0..draft.served.len()).map(|position| slot(draft, position)).collect();
        if draft.term.array.unique {
            self.distinct(draft, &slots)
        } else if draft.term.array.repeated {
            self.with_a_pair(draft, &slots)
        } else {
            self.elements(draft, &slots)
        }
    }

    /// A value for each position. What follows an element and asks for the same holds the same: a long
    /// array costs no question for each element.
    fn elements(&mut self, draft: &mut Draft<'_>, slots: &[Vec<Lit>]) -> Option<Vec<Json>> {
        let mut elements: Vec<Json> = Vec::with_capacity(slots.len());
        let mut last = None;
        for (position, lits) in slots.iter().enumerate() {
            let asked = Some((lits, self.place_of_element(draft.goal, draft.term, position)));
            let known = elements.last().filter(|_| asked == last).cloned();
            let element = match known {
                Some(element) => element,
                None => self.element(draft, position, lits)?,
            };
            elements.push(element);
            last = asked;
        }
        Some(elements)
    }

    fn element(&mut self, draft: &mut Draft<'_>, position: usize, lits: &[Lit]) -> Option<Json> {
        let place = self.place_of_element(draft.goal, draft.term, position);
        match self.solve(Goal::new(lits.to_vec(), place, draft.goal.marks)) {
            Answer::Found(value) => Some(value),
            Answer::Empty => None,
            Answer::Undecided(reason) => {
                draft.undecided = Some(reason);
                None
            }
        }
    }

    /// Two equal elements somewhere.
    fn with_a_pair(&mut self, draft: &mut Draft<'_>, slots: &[Vec<Lit>]) -> Option<Vec<Json>> {
        for (left, ours) in slots.iter().enumerate() {
            for (right, theirs) in slots.iter().enumerate().skip(left + 1) {
                if let Err(reason) = self.budget.take_step() {
                    draft.undecided = Some(reason);
                    return None;
                }
                let both: Vec<_> = ours.iter().chain(theirs).copied().collect();
                let Some(value) = self.element(draft, right, &both) else { continue };
                let mut elements = Vec::with_capacity(slots.len());
                for (position, lits) in slots.iter().enumerate() {
                    elements.push(if position == left || position == right {
                        value.clone()
                    } else {
                        self.element(draft, position, lits)?
                    });
                }
                return Some(elements);
            }
        }
        None
    }

    /// Pairwise different elements: a matching of positions and values.
    fn distinct(&mut self, draft: &mut Draft<'_>, slots: &[Vec<Lit>]) -> Option<Vec<Json>> {
        let is_uniform = self.are_alike(draft, slots);
        if slots.len() > if is_uniform { DISTINCT } else { MATCHED } {
            draft.undecided = Some(exhausted("distinct elements of an array"));
            return None;
        }
        if let Some(lits) = slots.first().filter(|_| is_uniform) {
            let values = self.members(draft, 0, lits, slots.len());
            return (values.len() == slots.len()).then_some(values);
        }
        let mut choices: Vec<Vec<Json>> = Vec::with_capacity(slots.len());
        for (position, lits) in slots.iter().enumerate() {
            let is_same = |other: &usize| slots.get(*other) == Some(lits) && position > draft.tail;
            let earlier = (draft.tail..position).find(is_same);
            let values = match earlier.and_then(|earlier| choices.get(earlier)) {
                Some(values) => values.clone(),
                None => self.members(draft, position, lits, slots.len()),
            };
            choices.push(values);
        }
        let mut owner: Vec<(Json, usize)> = Vec::new();
        for position in 0..choices.len() {
            let mut tried = Vec::new();
            if !assign(&choices, &mut owner, &mut tried, position, choices.len()) {
                return None;
            }
        }
        owner.sort_by_key(|(_, position)| *position);
        Some(owner.into_iter().map(|(value, _)| value).collect())
    }

    /// Whether every position asks for the same, of the same readers.
    fn are_alike(&mut self, draft: &Draft<'_>, slots: &[Vec<Lit>]) -> bool {
        let first = self.place_of_element(draft.goal, draft.term, 0);
        slots.iter().enumerate().all(|(position, lits)| {
            Some(lits) == slots.first()
                && self.place_of_element(draft.goal, draft.term, position) == first
        })
    }

    /// Up to so many different values for one position.
    fn members(
        &mut self,
        draft: &mut Draft<'_>,
        position: usize,
        lits: &[Lit],
        wanted: usize,
    ) -> Vec<Json> {
        let mut lits = lits.to_vec();
        let mut values = Vec::new();
        while values.len() < wanted {
            let Some(value) = self.element(draft, position, &lits) else { break };
            lits.push(Lit::Differs(self.tables.values.id(value.clone())));
            values.push(value);
        }
        values
    }
}

/// Gives the position one of its values, moving others where that is needed.
fn assign(
    choices: &[Vec<Json>],
    owner: &mut Vec<(Json, usize)>,
    tried: &mut Vec<Json>,
    position: usize,
    depth: usize,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    for value in choices.get(position).into_iter().flatten() {
        if tried.contains(value) {
            continue;
        }
        tried.push(value.clone());
        match owner.iter().position(|(owned, _)| owned == value) {
            None => {
                owner.push((value.clone(), position));
                return true;
            }
            Some(index) => {
                let Some((_, other)) = owner.get(index).cloned() else { continue };
                if assign(choices, owner, tried, other, depth) {
                    owner.retain(|(owned, held)| !(owned == value && *held == other));
                    owner.push((value.clone(), position));
                    return true;
                }
            }
        }
    }
    false
}

/// What an element does that serves these needs of those from the second on, and none of the others.
fn slot(draft: &Draft<'_>, position: usize) -> Vec<Lit> {
    let mut lits = Search::element_lits(draft.term, position);
    let atom = draft.served.get(position).copied().unwrap_or(0);
    lits.extend(served_lits(draft, position, (atom, 0)));
    lits
}

fn served_count(draft: &Draft<'_>, need: usize) -> u64 {
    let serving = draft.served.iter().filter(|atom| *atom >> need & 1 == 1).count();
    u64::try_from(serving).unwrap_or(u64::MAX)
}

/// How many of the elements that are left may serve these needs, so that the rest can still meet all
/// others; `None` where no number does.
fn shares(
    draft: &Draft<'_>,
    atom: u32,
    rest: &[u32],
    left: usize,
) -> Option<std::ops::RangeInclusive<usize>> {
    let (mut fewest, mut most) = (if rest.is_empty() { left } else { 0 }, left);
    for (index, need) in draft.needs.iter().enumerate() {
        let is_of = |atom: u32| atom >> index & 1 == 1;
        let served = served_count(draft, index);
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let lacking = size(need.least.saturating_sub(served));
        let is_met_later = rest.iter().any(|other| is_of(*other));
        if is_of(atom) {
            most = most.min(size(need.most.map_or(u64::MAX, |most| most.saturating_sub(served))));
            fewest = fewest.max(if is_met_later { 0 } else { lacking });
        } else if is_met_later {
            most = most.min(left.checked_sub(lacking)?);
        } else if lacking > 0 {
            return None;
        }
    }
    (fewest <= most).then_some(fewest..=most)
}
