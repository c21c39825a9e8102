//! One side of a pair of places with some of the edits done, wherever they were made.
//!
//! Every pair of places from which such an edit is reached becomes one shape, however many ways lead to
//! it; everything else stays as it is, and what was known about it stays known.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::fill::put_all;
use super::graft::{BaseSide, take};
use super::judged::Direction;
use super::pairs::{EditId, Pair, PairId};
use super::slots::shapes_in;
use super::statement::take_values;
use super::touched::Touched;
use super::walk::Walk;
use crate::model::{Shape, ShapeId};
use crate::rules::edit::{Edit, Facet, Listed, Slot};
use crate::rules::effective::Effective;

/// Edits that are done.
pub(crate) type Done = HashSet<EditId, FixedState>;

/// The writer's sides of pairs, with the same edits done in all of them.
pub(crate) struct Mixture {
    side: BaseSide,
    done: Done,
    /// The pairs from which such an edit is reached.
    leading: HashSet<PairId, FixedState>,
    /// What was made of them so far.
    places: HashMap<PairId, ShapeId, FixedState>,
}

impl Walk<'_> {
    /// What the writer in this direction would be with these edits done, wherever they were made.
    pub(crate) fn mixture(&self, direction: Direction, done: Done) -> Mixture {
        let side = match direction {
            Direction::OldToNew => BaseSide::Old,
            Direction::NewToOld => BaseSide::New,
        };
        Mixture { side, leading: self.leading_to(&done), done, places: HashMap::default() }
    }

    /// The same, where it is only asked about a value that comes to no other pairs than these.
    pub(crate) fn mixture_for(
        &self,
        direction: Direction,
        edits: impl Iterator<Item = EditId>,
        touched: &Touched,
    ) -> Mixture {
        let done = edits.filter(|edit| touched.edits.contains(edit)).collect();
        let mut mixture = self.mixture(direction, done);
        mixture.leading.retain(|pair| touched.pairs.contains(pair));
        mixture
    }

    /// The mixture at one pair; `None` where the edits cannot be done together, or cost too much.
    pub(crate) fn mixed(&mut self, mixture: &mut Mixture, at: PairId) -> Option<Vec<ShapeId>> {
        if !mixture.leading.contains(&at) {
            let (base, _) = ends(mixture.side, self.pairs.get(at)?);
            return Some(base.to_vec());
        }
        let mut making: Vec<PairId> = Vec::new();
        let mut open = vec![at];
        while let Some(id) = open.pop() {
            if !mixture.leading.contains(&id) || mixture.places.contains_key(&id) {
                continue;
            }
            let pair = self.pairs.get(id)?;
            mixture.places.insert(id, self.shapes.reserve(pair.spans.0));
            making.push(id);
            open.extend(pair.below.iter().map(|(_, below)| *below));
        }
        let is_made = making.iter().all(|id| self.make(*id, mixture).is_some());
        self.engine.learn(&self.shapes);
        if !is_made {
            // Nothing else refers to what was made in vain.
            mixture.places.retain(|id, _| !making.contains(id));
        }
        Some(vec![*mixture.places.get(&at)?])
    }

    fn make(&mut self, id: PairId, mixture: &Mixture) -> Option<()> {
        let place = *mixture.places.get(&id)?;
        let mut all = Shape::anything(self.shapes.get(place).span.span);
        all.logic.edit().all_of = self.mix(id, mixture)?;
        self.shapes.set(place, all);
        Some(())
    }

    /// The side of one pair with what is inside it mixed, and with its own edits that are done.
    fn mix(&mut self, id: PairId, mixture: &Mixture) -> Option<Vec<ShapeId>> {
        let Mixture { side, done, leading: _, places } = mixture;
        let side = *side;
        let pair = Rc::clone(self.pairs.get(id)?);
        let (base, donor) = ends(side, &pair);
        let donor = self.place(donor)?;
        let mut here = Effective::of(&self.shapes, base)?;
        let inner = pair.below.iter().filter_map(|(slots, below)| {
            let (slot, _) = side.pick(slots);
            places.get(below).map(|place| (slot.clone(), vec![*place]))
        });
        let edits: Vec<Rc<Edit>> = pair
            .edits
            .iter()
            .filter(|edit| done.contains(edit))
            .filter_map(|edit| self.edit(*edit).cloned())
            .collect();
        let mut fills: Vec<(Slot, Vec<ShapeId>)> = inner.collect();
        let (mut values, mut single) = (Vec::new(), Vec::new());
        for facet in edits.iter().filter_map(|edit| edit.facet.as_ref()) {
            if let Facet::Slot(slot) = facet {
                fills.push((slot.clone(), shapes_in(&donor, slot)));
            } else if let Facet::Value(value) = facet {
                values.push(value);
            } else {
                single.push(facet);
            }
        }
        let made = put_all(&mut self.shapes, &here, &fills)?;
        here = Effective::of(&self.shapes, &made)?;
        if !values.is_empty() {
            let made = take_values(&mut self.shapes, &here, &donor, &values)?;
            here = Effective::of(&self.shapes, &made)?;
        }
        for facet in one_by_one(side, single)? {
            self.grafts.spend()?;
            let made = take(&mut self.shapes, side, &here, &donor, facet)?;
            here = Effective::of(&self.shapes, &made)?;
        }
        Some(here.conjuncts)
    }
}

/// The statements that are taken over each by itself, in an order in which they can be.
fn one_by_one(side: BaseSide, mut facets: Vec<&Facet>) -> Option<Vec<&Facet>> {
    let has = |is_such: fn(&Facet) -> bool| facets.iter().any(|facet| is_such(facet));
    if has(|it| matches!(it, Facet::Combination(_))) && has(|it| matches!(it, Facet::Group(..))) {
        // Where groups come and go, the positions of those that combine otherwise are others.
        return None;
    }
    facets.sort_by_key(|facet| turn(side, facet));
    Some(facets)
}

/// What the base has, and what the donor has.
fn ends(side: BaseSide, pair: &Pair) -> (&[ShapeId], &[ShapeId]) {
    match side {
        BaseSide::Old => (&pair.old, &pair.new),
        BaseSide::New => (&pair.new, &pair.old),
    }
}

/// When it is an edit's turn, so that the positions by which others are told stay what they are: what is
/// added goes to the end, and what goes is taken away from the end on.
fn turn(side: BaseSide, facet: &Facet) -> (u8, Reverse<usize>) {
    let listed = |first: u8, edit: &Listed| match (edit, side) {
        (Listed::Removed(index), BaseSide::Old) | (Listed::Added(index), BaseSide::New) => {
            (first + 1, Reverse(*index))
        }
        (Listed::Removed(index), BaseSide::New) | (Listed::Added(index), BaseSide::Old) => {
            (first, Reverse(*index))
        }
    };
    match facet {
        Facet::Kinds
        | Facet::Values
        | Facet::Value(_)
        | Facet::Minimum
        | Facet::Maximum
        | Facet::Multiples
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Patterns
        | Facet::Formats
        | Facet::Encoding
        | Facet::MediaType
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::Unique
        | Facet::Tuple
        | Facet::Required(_)
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::DependentRequired(..)
        | Facet::Mark(_)
        | Facet::Slot(_) => (0, Reverse(0)),
        Facet::ContainedCount(_) => (1, Reverse(0)),
        Facet::Contained(edit) => listed(2, edit),
        Facet::Consequence(..) => (4, Reverse(0)),
        Facet::Condition(edit) => listed(5, edit),
        Facet::Not(edit) => listed(7, edit),
        Facet::Branch(_, edit) => listed(9, edit),
        Facet::Group(_, edit) => listed(11, edit),
        Facet::Combination(_) => (13, Reverse(0)),
    }
}
