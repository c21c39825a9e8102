//! Along a way, as far as what is inside can be judged there.

use super::path::Path;
use super::slots::{SlotPair, inside_of, shapes_in};
use super::walk::{Question, Walk};
use crate::rules::edit::Slot;

impl Walk<'_> {
    /// The place to which the transparent slots of a path lead, and the rest of the path.
    pub(crate) fn descend(&mut self, question: &Question, path: &Path) -> Option<(Question, Path)> {
        let mut here = question.clone();
        let mut rest = path;
        while let Some((pair, deeper)) = rest.split_first() {
            if !pair.old.is_transparent() {
                break;
            }
            here = self.inside(&here, pair)?;
            rest = deeper;
        }
        Some((here, rest.clone()))
    }

    /// The places on the way at whose alternatives it goes on, from the outside in, each with the rest
    /// of the way.
    pub(crate) fn around_alternatives(
        &mut self,
        question: &Question,
        path: &Path,
    ) -> Vec<(Question, Path)> {
        let (mut here, mut rest) = (question.clone(), path);
        let mut found = Vec::new();
        while let Some((pair, deeper)) = rest.split_first() {
            if matches!(pair.old, Slot::Branch(..)) {
                found.push((here.clone(), rest.clone()));
            }
            let Some(next) = self.inside(&here, pair) else { break };
            (here, rest) = (next, deeper);
        }
        found
    }

    /// The places in the slots of both, where what is inside can be judged there.
    fn inside(&mut self, around: &Question, pair: &SlotPair) -> Option<Question> {
        if !pair.old.is_transparent() {
            return None;
        }
        let (old, new) = (self.place(&around.old)?, self.place(&around.new)?);
        Some(Question {
            old: shapes_in(&old, &pair.old),
            new: shapes_in(&new, &pair.new),
            polarity: around.polarity,
            carrier: inside_of(around.carrier, &pair.old),
        })
    }
}
