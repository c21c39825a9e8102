//! One side of a pair of places with some of the edits done, wherever they were made.
//!
//! Every pair of places from which such an edit is reached becomes one shape, however many ways lead to
//! it; everything else stays as it is, and what was known about it stays known.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::fill::put_all;
use super::graft::{BaseSide, take};
use super::judged::Direction;
use super::pairs::{EditId, Pair, PairId};
use super::slots::shapes_in;
use super::statement::{take_branches, take_values};
use super::touched::Touched;
use super::turns::turn;
use super::walk::Walk;
use crate::model::{Shape, ShapeId, Shapes};
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
            if let Facet::Slot(slot) = facet
                && ![Slot::Additional, Slot::Unevaluated].contains(slot)
            {
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
        single.sort_by_key(|facet| turn(side, facet));
        for facets in single.chunk_by(|one, other| are_of_one_group(one, other)) {
            self.grafts.spend()?;
            let made = take_all(&mut self.shapes, side, (&here, &donor), facets)?;
            here = Effective::of(&self.shapes, &made)?;
        }
        Some(here.conjuncts)
    }
}

/// What the base has, and what the donor has.
fn ends(side: BaseSide, pair: &Pair) -> (&[ShapeId], &[ShapeId]) {
    match side {
        BaseSide::Old => (&pair.old, &pair.new),
        BaseSide::New => (&pair.new, &pair.old),
    }
}

/// Whether both are about branches of the same group.
fn are_of_one_group(one: &Facet, other: &Facet) -> bool {
    matches!((one, other), (Facet::Branch(one, _), Facet::Branch(other, _)) if one == other)
}

/// One statement taken over, or the branches of one group.
fn take_all(
    shapes: &mut Shapes,
    side: BaseSide,
    (here, donor): (&Effective, &Effective),
    facets: &[&Facet],
) -> Option<Vec<ShapeId>> {
    let Some(Facet::Branch(at, _)) = facets.first() else {
        return take(shapes, side, here, donor, facets.first()?);
    };
    let mut edits: Vec<Listed> = Vec::new();
    for facet in facets {
        if let Facet::Branch(_, edit) = facet {
            edits.push(*edit);
        }
    }
    let (own, other) = side.of(*at);
    take_branches(shapes, side, (here, own), (donor, other), &edits)
}
