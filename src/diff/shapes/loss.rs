//! What an edit inside a place loses there, found where the edit is.
//!
//! To look for such a value at a place of many alternatives costs what all of them cost, once for each
//! edit inside one. To look inside, and at what is found inside, costs little.

use super::inside::{has_many_branches, inside, put};
use super::judged::Direction;
use super::path::Path;
use super::slots::inside_of;
use super::walk::{Question, Walk, views};
use crate::model::{Json, ShapeId};
use crate::rules::edit::{Facet, Slot};
use crate::subtype::{Containment, Example, Role, View};

/// A place on the way to the edit: what writes there, and the slot that leads on.
struct Around {
    writer: Vec<ShapeId>,
    slot: Slot,
}

impl Walk<'_> {
    /// Whether a place on the way to an edit has so many alternatives that to search it is dear.
    pub(crate) fn is_among_many(&mut self, question: &Question, path: &Path) -> bool {
        let mut here = question.old.clone();
        let mut rest = path;
        while let Some((pair, deeper)) = rest.split_first() {
            if has_many_branches(&self.shapes, &here) {
                return true;
            }
            let Some(next) = inside(self, &here, &pair.old) else { return false };
            (here, rest) = (next, deeper);
        }
        false
    }

    /// A value that is lost at the place with this one edit done, and as the place is now too; `None`
    /// where none is found by looking inside.
    pub(crate) fn loss_inside(
        &mut self,
        question: &Question,
        direction: Direction,
        (path, facet): (&Path, &Facet),
        reader: &[ShapeId],
    ) -> Option<Json> {
        if !question.carrier.is_json() {
            return None;
        }
        let (around, inner, rest) = self.way_inside(question, direction, path);
        if around.is_empty() {
            return None;
        }
        let (alone, writer) = self.isolated(&inner, direction, &rest, facet)?;
        let lost = self.contains((&alone, &writer), inner.polarity, inner.carrier);
        let Containment::Fails(lost) = lost else { return None };
        let value = self.wrapped(question, &around, lost)?;
        let (_, writer) = direction.ends(question.old.as_slice(), question.new.as_slice());
        let (reader, writer) = views((reader, writer), question.polarity, question.carrier);
        let is_lost = self.engine.reads(&self.shapes, &reader, &value) == Some(false)
            && self.engine.sends(&self.shapes, &reader, &writer, &value)
            && self.is_refused(question, direction, &value);
        is_lost.then_some(value)
    }

    /// The places on the way to the edit as far as each decides about its part by itself, and what is
    /// left: the question there and the rest of the way.
    fn way_inside(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
    ) -> (Vec<Around>, Question, Path) {
        let mut here = question.clone();
        let mut around = Vec::new();
        let mut rest = path;
        while let Some((pair, deeper)) = rest.split_first() {
            let ends = (inside(self, &here.old, &pair.old), inside(self, &here.new, &pair.new));
            let (Some(old), Some(new)) = ends else { break };
            let (writer, slot) = match direction {
                Direction::OldToNew => (here.old, pair.old.clone()),
                Direction::NewToOld => (here.new, pair.new.clone()),
            };
            around.push(Around { writer, slot });
            let carrier = inside_of(here.carrier, &pair.old);
            here = Question { old, new, polarity: here.polarity, carrier };
            rest = deeper;
        }
        (around, here, rest.clone())
    }

    /// The value inside the smallest value that the writer sends of every place around it.
    fn wrapped(&mut self, question: &Question, around: &[Around], value: Json) -> Option<Json> {
        let mut value = value;
        let parts = around.iter().rev().filter(|around| !around.slot.is_in_place());
        for Around { writer, slot } in parts {
            let view = View {
                conjuncts: writer.clone(),
                role: Role::Writer,
                polarity: question.polarity,
                carrier: question.carrier,
            };
            let Example::Found(whole) = self.engine.example(&self.shapes, &view) else {
                return None;
            };
            value = put(&whole, slot, value)?;
        }
        Some(value)
    }
}
