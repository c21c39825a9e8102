//! Many demands on few elements.
//!
//! Which sets of demands one element can serve is asked for every set where the demands are few. Where they
//! are many, they are given to elements one by one, and an element that can serve no more of them is not
//! given more. Nothing is assumed of who writes the element meanwhile, as it may serve other demands too;
//! whether what was found is sent shows once every demand has its element.

use crate::model::Json;
use crate::subtype::budget::exhausted;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal};

use super::array::Draft;

/// More demands, each as often as it is made, are not given to elements.
const MANY: usize = 32;
/// How often it may turn out that what was found cannot be.
const FAILURES: usize = 32;

/// Demands as they are given to elements.
struct Sharing {
    /// By their position among the needs.
    demands: Vec<usize>,
    /// Which needs each element serves.
    served: Vec<u32>,
    failures: usize,
}

impl Search<'_> {
    /// An array of at most so many elements of which each serves as many demands as it can.
    pub(in crate::subtype) fn share(&mut self, draft: &mut Draft<'_>, most: usize) -> Answer {
        let open = || Answer::Undecided(exhausted("elements of an array"));
        let mut demands = Vec::new();
        for (index, need) in draft.needs.iter().enumerate() {
            let least = usize::try_from(need.least).unwrap_or(usize::MAX);
            demands.extend(std::iter::repeat_n(index, least.min(MANY + 1)));
        }
        if draft.needs.len() > MANY || demands.len() > MANY {
            return open();
        }
        let served = vec![0; most.min(draft.tail + demands.len())];
        let mut sharing = Sharing { demands, served, failures: 0 };
        match self.give(draft, &mut sharing, (0, 0)) {
            Some(elements) => Answer::Found(Json::array(elements)),
            None => match draft.undecided.take() {
                Some(reason) => Answer::Undecided(reason),
                None if sharing.failures > 0 => open(),
                None => Answer::Empty,
            },
        }
    }

    /// Gives the next demand to an element from this position on, and then the others.
    fn give(
        &mut self,
        draft: &mut Draft<'_>,
        sharing: &mut Sharing,
        (next, from): (usize, usize),
    ) -> Option<Vec<Json>> {
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return None;
        }
        let Some(need) = sharing.demands.get(next).copied() else {
            return self.built(draft, sharing);
        };
        let is_again = sharing.demands.get(next + 1) == Some(&need);
        let from = from.max(draft.needs.get(need).map_or(0, |need| need.from));
        for position in from..sharing.served.len() {
            let before = sharing.served.get(position).copied().unwrap_or_default();
            let after = before | 1 << need;
            if self.can_serve(draft, position, after) {
                sharing.put(position, after);
                let from = if is_again { position + 1 } else { 0 };
                let found = self.give(draft, sharing, (next + 1, from));
                sharing.put(position, before);
                if found.is_some() || draft.undecided.is_some() || sharing.failures > FAILURES {
                    return found;
                }
            }
            // One element of the tail that serves nothing yet is as good as the next.
            if before == 0 && position >= draft.tail {
                break;
            }
        }
        None
    }

    /// Whether an element at this position may serve these needs.
    fn can_serve(&mut self, draft: &mut Draft<'_>, position: usize, served: u32) -> bool {
        let mut lits = Self::element_lits(draft.term, position);
        let needs = draft.needs.iter().enumerate();
        let given = needs.filter(|(index, _)| served >> index & 1 == 1);
        lits.extend(given.flat_map(|(_, need)| need.yes.iter().copied()));
        let place = self.nowhere();
        self.solve(Goal::new(lits, place, draft.goal.marks)) != Answer::Empty
    }

    /// The array in which every demand has its element.
    fn built(&mut self, draft: &mut Draft<'_>, sharing: &mut Sharing) -> Option<Vec<Json>> {
        let used =
            sharing.served.iter().rposition(|served| *served != 0).map_or(0, |last| last + 1);
        let least = usize::try_from(draft.term.array.least).unwrap_or(usize::MAX).max(used);
        draft.served.clone_from(&sharing.served);
        draft.served.resize(least, 0);
        let found = self.build(draft);
        draft.served.clear();
        sharing.failures += usize::from(found.is_none());
        found
    }
}

impl Sharing {
    fn put(&mut self, position: usize, served: u32) {
        if let Some(element) = self.served.get_mut(position) {
            *element = served;
        }
    }
}
