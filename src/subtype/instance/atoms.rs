//! Which sets of demands one element can meet.

use crate::subtype::budget::exhausted;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal, Lit};

use super::array::Draft;

/// More sets of demands that one element can meet are not combined.
const ATOMS: usize = 256;
/// From how many sets on it is looked whether an element can meet a part of one before the rest is.
const MANY_ATOMS: usize = 16;

impl Search<'_> {
    /// The sets of needs that an element at this position can serve, in order. Needs are taken one by
    /// one, the last first: what no element does, none does that serves others as well.
    pub(in crate::subtype) fn atoms(&mut self, draft: &mut Draft<'_>, position: usize) -> Vec<u32> {
        let mut atoms = vec![0];
        for index in (0..draft.needs.len()).rev() {
            let is_late = draft.needs.get(index).is_some_and(|need| position >= need.from);
            let of = |atom: u32| [Some(atom), is_late.then_some(atom | 1 << index)];
            atoms = atoms.into_iter().flat_map(of).flatten().collect();
            if index > 0 && atoms.len() > MANY_ATOMS {
                atoms.retain(|atom| self.may_serve(draft, position, (*atom, index)));
            }
            if atoms.len() > ATOMS {
                draft.undecided = Some(exhausted("elements of an array"));
                return Vec::new();
            }
        }
        atoms.retain(|atom| match self.serves(draft, position, *atom) {
            Answer::Found(_) => true,
            Answer::Empty => false,
            Answer::Undecided(reason) => {
                draft.undecided = Some(reason);
                false
            }
        });
        atoms
    }

    /// Whether an element at this position serves exactly these needs.
    fn serves(&mut self, draft: &Draft<'_>, position: usize, atom: u32) -> Answer {
        let extra = served_lits(draft, position, (atom, 0));
        self.element_answer(draft.goal, draft.term, position, extra)
    }

    /// Whether anybody's element at this position may serve exactly these of the needs from this one on.
    /// Of what its writer sends not all is known while some needs are left out.
    fn may_serve(
        &mut self,
        draft: &Draft<'_>,
        position: usize,
        (atom, from): (u32, usize),
    ) -> bool {
        let mut lits = Self::element_lits(draft.term, position);
        lits.extend(served_lits(draft, position, (atom, from)));
        let place = self.nowhere();
        self.solve(Goal::new(lits, place, draft.goal.marks)) != Answer::Empty
    }
}

/// What serving these needs, of those from this one on, and no others says of an element.
pub(in crate::subtype) fn served_lits(
    draft: &Draft<'_>,
    position: usize,
    (atom, from): (u32, usize),
) -> Vec<Lit> {
    let mut lits = Vec::new();
    for (index, need) in draft.needs.iter().enumerate().skip(from) {
        if atom >> index & 1 == 1 {
            lits.extend(&need.yes);
        } else if position >= need.from {
            lits.extend(need.no);
        }
    }
    lits
}
