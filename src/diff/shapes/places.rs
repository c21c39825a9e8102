//! What is in effect at places that are looked at more than once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::model::{ShapeId, Shapes};
use crate::rules::effective::Effective;

/// The places that were looked at last. Shapes never change, so that what was in effect still is.
#[derive(Default)]
pub(super) struct Places {
    known: HashMap<Vec<ShapeId>, Rc<Effective>, foldhash::fast::FixedState>,
}

/// How many places are remembered; they are looked at again soon, or mostly not at all.
const MAX_PLACES: usize = 1_024;

impl Places {
    /// What is in effect where these shapes apply.
    pub(super) fn of(&mut self, shapes: &Shapes, conjuncts: &[ShapeId]) -> Option<Rc<Effective>> {
        if let Some(known) = self.known.get(conjuncts) {
            return Some(Rc::clone(known));
        }
        let place = Rc::new(Effective::of(shapes, conjuncts)?);
        if self.known.len() >= MAX_PLACES {
            self.known.clear();
        }
        self.known.insert(conjuncts.to_vec(), Rc::clone(&place));
        Some(place)
    }
}
