//! Edits that lie further inside than the walk goes.

use std::rc::Rc;

use super::judged::{Direction, Judged, Outcome};
use super::walk::{MAX_DEPTH, Question, Walk};
use crate::rules::edit::Edit;

/// How many of them are judged one by one at a root; of more, those that lose something are found by
/// what is lost.
const MOST_EDITS: usize = 16;

impl Walk<'_> {
    /// The edits inside a place that the walk did not come to, judged at the place. Every pair of places
    /// is met by its shapes, however deep it lies.
    pub(super) fn found_deeper(
        &mut self,
        question: &Question,
        whole: &(Outcome, Outcome),
        known: &[Judged],
    ) -> Vec<Judged> {
        let Some(at) = self.meet(question) else { return Vec::new() };
        let ways = self.ways_from(at);
        let is_new = |edit: &Edit| known.iter().all(|found| !found.edit.is_same(edit));
        let place = |id| self.place_of(&ways, id);
        let met = self.edits().filter(|(_, edit)| is_new(edit));
        let met = met.filter_map(|(id, edit)| Some((Rc::clone(edit), place(id)?)));
        let met = met.map(|(edit, pair)| (edit, self.way_to(&ways, pair)));
        let met = met.filter(|(_, path)| path.len() >= MAX_DEPTH);
        let met: Vec<_> = met.take(MOST_EDITS).collect();
        let judge = |(edit, path): (Rc<Edit>, _)| {
            let mut answer = |direction, whole: &Outcome| match whole {
                // To take the place apart says no more of it, and costs as much again.
                Outcome::Undecided(_) => whole.clone(),
                Outcome::Unasked | Outcome::Holds | Outcome::Fails => {
                    self.answer(question, direction, whole, &edit, &path)
                }
            };
            let old_to_new = answer(Direction::OldToNew, &whole.0);
            let new_to_old = answer(Direction::NewToOld, &whole.1);
            Judged { edit, path, old_to_new, new_to_old }
        };
        met.into_iter().map(judge).collect()
    }
}
