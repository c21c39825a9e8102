//! Case distinction: takes the disjunctions of a term one by one, those with few cases first, and
//! drops cases that contradict what is known before it looks into any.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::model::Json;
use crate::subtype::Reason;
use crate::subtype::bounds::{is_beyond, take_number};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Lit, Source};
use crate::subtype::term::{Basic, Item, Split, Term};
use crate::subtype::unfold::{absent, present};

use super::branch;
use super::cases::Cases;
use super::trying::First;

/// Whether a term can still have members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::subtype) enum Alive {
    Yes,
    No,
}

/// A disjunction taken from a term, with the cases that are left of it.
type Taken = (Split, Vec<Vec<Item>>);

/// How late a disjunction comes: whether it had better wait, twice the number of its cases, and
/// whether it is about other members than what is known.
type Rank = (bool, usize, bool);

/// How late a disjunction comes, where it stands, and its cases.
type Choice = (Rank, usize, Vec<Vec<Item>>);

/// From how many other choices on a refusal by the reader is looked into before them, and how many
/// more for each further one: refusals multiply too.
const CROWD: (usize, usize) = (6, 4);

/// The disjunctions that wait, in numbers.
struct Queue {
    waiting: usize,
    is_crowded: bool,
    is_few: bool,
    /// Whether nothing waits but long lists of branches of which none holds.
    is_of_refused: bool,
}

impl Queue {
    fn of(splits: &[Split]) -> Self {
        let count = |counts: fn(&Split) -> bool| {
            splits.iter().filter(|split| counts(split)).map(Split::count).sum::<usize>()
        };
        let read = count(Split::is_denied_by_reader);
        let others = count(|_| true).saturating_sub(read.max(1));
        Self {
            waiting: count(|split| !split.may_declare()),
            is_crowded: others >= CROWD.0,
            is_few: others >= CROWD.0 + CROWD.1 * read.saturating_sub(1),
            is_of_refused: splits.iter().all(|split| matches!(split, Split::Neither(_))),
        }
    }

    /// How late a disjunction with so many cases comes, what it is about aside.
    fn rank(&self, split: &Split, cases: usize) -> (bool, usize) {
        let may_declare = split.may_declare();
        let is_later = cases > 1 && self.waiting > 1 && !may_declare;
        let is_early =
            self.waiting == 1 && !may_declare || self.is_few && split.is_refused_by_reader();
        // After what has one case only, and before all else.
        let late = 2 * cases;
        if self.is_crowded && is_early { (false, late.min(3)) } else { (is_later, late) }
    }
}

impl Search<'_> {
    /// Whether the goal has a member of this type.
    pub(in crate::subtype) fn search_type(&mut self, goal: &Goal, kind: Basic) -> Answer {
        self.search_type_with(goal, kind, Vec::new())
    }

    /// Whether the goal has a member of this type of which more is known.
    pub(in crate::subtype) fn search_type_with(
        &mut self,
        goal: &Goal,
        kind: Basic,
        mut items: Vec<Item>,
    ) -> Answer {
        let mut term = Term::new(kind);
        items.extend(goal.lits.iter().map(|lit| Item::Lit(*lit)));
        match self.assume(&mut term, items) {
            Alive::Yes => self.explore(goal, term),
            Alive::No => Answer::Empty,
        }
    }

    /// Whether the term has a member that satisfies the goal.
    pub(in crate::subtype) fn explore(&mut self, goal: &Goal, mut term: Term) -> Answer {
        if let Err(reason) = self.budget.take_term() {
            return Answer::Undecided(reason);
        }
        loop {
            let taken = match self.next_cases(goal, &mut term) {
                Ok(Some(taken)) => taken,
                Ok(None) => return self.finish(goal, &term),
                Err(answer) => return answer,
            };
            let (split, cases) = taken;
            if let [only] = cases.as_slice() {
                if self.assume(&mut term, only.clone()) == Alive::No {
                    return Answer::Empty;
                }
                continue;
            }
            match self.values_first(&term, &cases) {
                Some(First::Settled) => continue,
                Some(First::Values(values)) => {
                    term.splits.push(split);
                    return self.branch(goal, &term, values);
                }
                None => {}
            }
            if let Some(name) = self.untold_tag(&term, &split) {
                term.splits.push(split);
                let cases = vec![vec![absent(&name)], vec![present(&name)]];
                return self.branch(goal, &term, cases);
            }
            if let Some(answer) = self.foresee(goal, &mut term, &split) {
                return answer;
            }
            return self.branch(goal, &term, cases);
        }
    }

    pub(in crate::subtype) fn branch(
        &mut self,
        goal: &Goal,
        term: &Term,
        cases: Vec<Vec<Item>>,
    ) -> Answer {
        if let Err(reason) = self.budget.descend() {
            return Answer::Undecided(reason);
        }
        let mut undecided = None;
        let mut found = None;
        for case in cases {
            self.budget.work(term.size());
            let mut next = term.clone();
            if self.assume(&mut next, case) == Alive::No {
                continue;
            }
            match self.explore(goal, next) {
                Answer::Found(value) => {
                    found = Some(value);
                    break;
                }
                Answer::Empty => {}
                Answer::Undecided(reason) => {
                    undecided = undecided.or(Some(reason));
                    if self.budget.is_out_of_terms() {
                        break;
                    }
                }
            }
        }
        self.budget.ascend();
        match (found, undecided) {
            (Some(value), _) => Answer::Found(value),
            (None, Some(reason)) => Answer::Undecided(reason),
            (None, None) => Answer::Empty,
        }
    }

    /// The disjunction to take next, removed from the term; `None` where none is left.
    ///
    /// Those with few cases come first, but where several refusals wait, the writer's branches
    /// come before them: refusals by branches of the reader multiply, and mostly one of them alone
    /// settles a branch of the writer. Where few refusals by the reader wait beside many choices of
    /// the writer, they come first: each of their cases is about few of them, which would else all
    /// be multiplied.
    fn next_cases(&mut self, goal: &Goal, term: &mut Term) -> Result<Option<Taken>, Answer> {
        let queue = Queue::of(&term.splits);
        let last: Rank = (true, usize::MAX, true);
        let mut best: Option<Choice> = None;
        let mut position = 0;
        while let Some(place) = term.splits.get(position) {
            let limit = best.as_ref().map_or(last, |(rank, _, _)| *rank);
            let (is_later, late) = queue.rank(place, Self::least_cases(place));
            let waits = !queue.is_of_refused && place.waits_for_its_tag(term);
            if waits || (is_later, late, false) >= limit {
                position += 1;
                continue;
            }
            let Some(place) = term.splits.get_mut(position) else { break };
            let split = std::mem::replace(place, Split::Any(Vec::new()));
            let cases = self.cases(goal, term, &split);
            let ranked = match &cases {
                Cases::Settled => limit,
                Cases::Open(cases) => {
                    let (is_later, late) = queue.rank(&split, cases.len());
                    (is_later, late, queue.is_crowded && !self.is_related(term, cases))
                }
            };
            if let Err(reason) = self.budget.check_work() {
                return Err(Answer::Undecided(reason));
            }
            if let Some(place) = term.splits.get_mut(position) {
                *place = split;
            }
            match cases {
                Cases::Settled => {
                    term.splits.remove(position);
                    continue;
                }
                Cases::Open(cases) if cases.is_empty() => return Err(Answer::Empty),
                Cases::Open(cases) => {
                    let is_only = cases.len() == 1;
                    if ranked < limit {
                        best = Some((ranked, position, cases));
                    }
                    if is_only {
                        break;
                    }
                }
            }
            position += 1;
        }
        match best {
            Some((_, position, cases)) => Ok(Some((term.splits.remove(position), cases))),
            // Only branches that refuse are left, and nothing more will be known of their tag.
            None if !queue.is_of_refused && !term.splits.is_empty() => self.next_cases(goal, term),
            None => Ok(None),
        }
    }

    /// A cheap lower bound, so that large disjunctions are looked into only when it is their turn.
    fn least_cases(split: &Split) -> usize {
        match split {
            Split::Any(_)
            | Split::Writers(_)
            | Split::Exactly(_)
            | Split::Refuse(_)
            | Split::Neither(_) => 0,
            Split::NotExactly(_) => 2,
        }
    }

    /// Takes items as given.
    pub(in crate::subtype) fn assume(&mut self, term: &mut Term, items: Vec<Item>) -> Alive {
        let mut queue = VecDeque::from(items);
        while let Some(item) = queue.pop_front() {
            if is_beyond(&item) {
                return Alive::No;
            }
            match item {
                Item::Never => return Alive::No,
                Item::Lit(lit) => {
                    if !term.seen.insert(lit) {
                        continue;
                    }
                    let mut more = Vec::new();
                    if self.assume_lit(term, lit, &mut more) == Alive::No {
                        return Alive::No;
                    }
                    queue.extend(more);
                }
                Item::Number(leaf) => take_number(&mut term.numbers, leaf),
                Item::Text(leaf) => term.texts.push(leaf),
                Item::Array(leaf) => Self::assume_array(term, leaf),
                Item::Object(leaf) => {
                    if Self::assume_object(term, leaf) == Alive::No {
                        return Alive::No;
                    }
                }
                Item::NoneOf(values) => self.exclude(term, values),
                Item::OneOf(values) => {
                    let kind = term.kind;
                    let fits = |value: &Json| Basic::of(value) == kind;
                    let narrowed = match &term.finite {
                        Some(known) => known.shared(&values),
                        None if values.iter().all(fits) => values,
                        None => values.iter().filter(|value| fits(value)).cloned().collect(),
                    };
                    if narrowed.is_empty() {
                        return Alive::No;
                    }
                    term.finite = Some(narrowed);
                }
                Item::Split(split) => term.splits.push(split),
                Item::Unsure(reason) => term.unsure = term.unsure.take().or(Some(reason)),
                Item::Names(claims) => term.lent.push(claims),
                Item::Muted(claims) => term.muted.extend(claims.iter().copied()),
                Item::Neither(refused) => {
                    if refused.is_contradicted(term) {
                        return Alive::No;
                    }
                    term.splits.push(Split::Neither(Arc::clone(&refused)));
                    term.refused.push(refused);
                }
                Item::OnlyOf(branches, chosen) => {
                    let company = self.company(term.kind, &branches);
                    let others = branch::others_denied(&branches, chosen, &company);
                    queue.extend(self.refusals_of(others));
                }
            }
        }
        Alive::Yes
    }

    fn assume_lit(&mut self, term: &mut Term, lit: Lit, more: &mut Vec<Item>) -> Alive {
        match lit {
            Lit::Holds(claim) => {
                if Self::is_refused(term, claim) {
                    return Alive::No;
                }
                term.holding.push(claim);
                self.note_tags(term, claim);
                self.unfold(term, claim, more);
            }
            Lit::Refuses(claim) => {
                if Self::is_held(term, claim) || self.is_anything(claim.shape) {
                    return Alive::No;
                }
                term.splits.push(Split::Refuse(claim));
            }
            Lit::Differs(value) => {
                let value = self.tables.values.get(value);
                if Basic::of(&value) == term.kind {
                    more.push(Item::NoneOf(vec![(*value).clone()]));
                }
            }
            Lit::Either(key) => {
                let options = self.tables.lists.get(key);
                term.splits
                    .push(Split::Any(options.iter().map(|lit| vec![Item::Lit(*lit)]).collect()));
            }
            Lit::Unsure(reason) => {
                let reason = self.tables.reasons.get(reason);
                more.push(Item::Unsure(Reason((*reason).clone())));
            }
        }
        Alive::Yes
    }

    fn exclude(&mut self, term: &mut Term, values: Vec<Json>) {
        for value in values {
            if Basic::of(&value) != term.kind {
                continue;
            }
            match &value {
                Json::Array(elements) => {
                    let ways = self.array_differs(elements);
                    term.splits.push(Split::Any(ways));
                }
                Json::Object(members) => {
                    let ways = self.object_differs(members);
                    term.splits.push(Split::Any(ways));
                }
                Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
                    term.differs.push(value);
                }
            }
        }
    }

    /// Whether the term holds what the claim would refuse.
    pub(in crate::subtype) fn is_held(term: &Term, claim: Claim) -> bool {
        Source::ALL
            .into_iter()
            .any(|source| term.seen.contains(&Lit::Holds(Claim { source, ..claim })))
    }

    /// Whether the term refuses what the claim would hold.
    pub(in crate::subtype) fn is_refused(term: &Term, claim: Claim) -> bool {
        let refused = |source| Lit::Refuses(Claim { source, ..claim });
        Source::ALL.into_iter().any(|source| term.seen.contains(&refused(source)))
            || term.refused.iter().any(|refused| refused.has(claim))
    }
}
