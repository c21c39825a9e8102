//! Edits that are harmless where they were made, judged again at the place around them.

use super::judged::{Direction, Judged, Outcome};
use super::path::Path;
use super::walk::{Question, Walk, views};
use crate::model::ShapeId;
use crate::rules::edit::{Alternatives, GroupAt, Slot};
use crate::subtype::Containment;

/// How many edits inside a place are judged again at the place.
const MAX_SUSPECTS: usize = 32;

impl Walk<'_> {
    /// Where the place fails, an edit inside may break by what the place makes of it, though it is
    /// harmless where it was made: of two alternatives, exactly one must hold. Of other places that is
    /// asked only where nothing inside is found to fail.
    pub(super) fn blame_inside(
        &mut self,
        question: &Question,
        whole: &(Outcome, Outcome),
        judged: &mut [Judged],
    ) {
        for (direction, whole) in Direction::ALL.into_iter().zip([&whole.0, &whole.1]) {
            let blamed = judged.iter().any(|found| *found.outcome(direction) == Outcome::Fails);
            let suspects = judged.iter().filter(|found| found.edit.is_suspect()).count();
            if *whole != Outcome::Fails || suspects > MAX_SUSPECTS {
                continue;
            }
            let is_asked = |found: &&mut Judged| {
                let holds = *found.outcome(direction) == Outcome::Holds;
                found.edit.is_suspect() && (!blamed || holds && is_in_one_of(&found.path))
            };
            for found in judged.iter_mut().filter(is_asked) {
                let answer = self.answer(question, direction, whole, &found.edit, &found.path);
                if answer == Outcome::Fails || (suspects == 1 && answer != Outcome::Holds) {
                    *found.outcome_mut(direction) = Outcome::Fails;
                }
            }
        }
    }
}

impl Walk<'_> {
    /// Where new writers send what old readers refuse, though each edit loses nothing beside all others:
    /// those are to blame that have a writer like the old readers send it by themselves.
    pub(super) fn blame_writers(
        &mut self,
        question: &Question,
        whole: &(Outcome, Outcome),
        judged: &mut [Judged],
    ) {
        let direction = Direction::NewToOld;
        let blamed = judged.iter().any(|found| *found.outcome(direction) == Outcome::Fails);
        let suspects = judged.iter().filter(|found| found.edit.is_suspect()).count();
        if whole.1 != Outcome::Fails || blamed || suspects > MAX_SUSPECTS {
            return;
        }
        for found in judged.iter_mut().filter(|found| found.edit.is_suspect()) {
            if self.sends_what_is_lost(question, found) {
                *found.outcome_mut(direction) = Outcome::Fails;
            }
        }
    }

    /// Whether old readers refuse what one of them would send with this edit done, and the new writers
    /// send it too.
    fn sends_what_is_lost(&mut self, question: &Question, found: &Judged) -> bool {
        let Some(facet) = &found.edit.facet else { return false };
        let edited = self.isolated(question, Direction::OldToNew, &found.path, facet);
        let Some((edited, old)) = edited else { return false };
        let Question { old: _, new, polarity, carrier } = question;
        let both: Vec<ShapeId> = new.iter().chain(&edited).copied().collect();
        let Containment::Fails(value) = self.contains((&old, &both), *polarity, *carrier) else {
            return false;
        };
        self.is_refused(question, Direction::NewToOld, &value)
            && [new, &edited].into_iter().all(|writer| {
                let (reader, writer) = views((&old, writer), *polarity, *carrier);
                self.engine.sends(&self.shapes, &reader, &writer, &value)
            })
    }
}

/// Whether the way begins in a branch that must hold alone.
fn is_in_one_of(path: &Path) -> bool {
    path.split_first().is_some_and(|(pair, _)| {
        [&pair.old, &pair.new]
            .into_iter()
            .any(|slot| matches!(slot, Slot::Branch(GroupAt { kind: Alternatives::OneOf, .. }, _)))
    })
}
