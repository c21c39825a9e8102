//! Variants of places that were made. An edit is asked about again and again, by itself and for each
//! edit beside it; its variant is made once, and what was found out about it stays known.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::graft::{BaseSide, graft, graft_either};
use super::judged::Direction;
use super::path::Path;
use super::walk::{Question, Walk};
use crate::model::ShapeId;
use crate::rules::edit::Facet;

/// How many variants of places may be made; beyond it edits are undecided.
const MAX_GRAFTS: usize = 200_000;

/// The variants by a digest of what was asked for.
#[derive(Default)]
pub(super) struct Grafts {
    known: HashMap<u64, Vec<Known>, FixedState>,
    made: usize,
}

/// What was asked for, and the place that was made; `None` where it cannot be expressed.
struct Known {
    extent: Extent,
    question: Question,
    direction: Direction,
    path: Path,
    facet: Facet,
    place: Option<Vec<ShapeId>>,
}

/// What is taken from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Extent {
    /// The one edit.
    Edit,
    /// The one edit, or all that was edited at its place.
    Place,
}

impl Grafts {
    /// Takes one of the variants that may be made; `None` where none is left.
    pub(super) fn spend(&mut self) -> Option<()> {
        self.made += 1;
        (self.made <= MAX_GRAFTS).then_some(())
    }
}

impl Walk<'_> {
    /// The other side with one edit done or undone, and which side plays which role, so that a
    /// containment asked of them concerns this edit alone.
    pub(crate) fn isolated(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        facet: &Facet,
    ) -> Option<(Vec<ShapeId>, Vec<ShapeId>)> {
        let reader = self.grafted(Extent::Edit, question, direction, (path, facet))?;
        let Question { old, new, polarity: _, carrier: _ } = question;
        let (_, writer) = direction.ends(old, new);
        Some((reader, writer.clone()))
    }

    /// The other side with the edited place accepting what it does with the one edit done, or with all
    /// edits done: what it refuses is lost because of that place.
    pub(crate) fn isolated_place(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        facet: &Facet,
    ) -> Option<Vec<ShapeId>> {
        self.grafted(Extent::Place, question, direction, (path, facet))
    }

    fn grafted(
        &mut self,
        extent: Extent,
        question: &Question,
        direction: Direction,
        (path, facet): (&Path, &Facet),
    ) -> Option<Vec<ShapeId>> {
        let asked = (extent, question, direction, path, facet);
        let digest = FixedState::default().hash_one(asked);
        let known = self.grafts.known.get(&digest).into_iter().flatten().find(|known| {
            let Known { extent, question, direction, path, facet, place: _ } = known;
            (*extent, question, *direction, path, facet) == asked
        });
        if let Some(known) = known {
            return known.place.clone();
        }
        self.grafts.spend()?;
        let Question { old, new, polarity: _, carrier: _ } = question;
        let (side, base, donor) = match direction {
            Direction::OldToNew => (BaseSide::Old, old, new),
            Direction::NewToOld => (BaseSide::New, new, old),
        };
        let make = match extent {
            Extent::Edit => graft,
            Extent::Place => graft_either,
        };
        let place = make((&mut self.shapes, &mut self.places), side, (base, donor), path, facet);
        self.engine.learn(&self.shapes);
        let (question, path, facet) = (question.clone(), path.clone(), facet.clone());
        let known = Known { extent, question, direction, path, facet, place: place.clone() };
        self.grafts.known.entry(digest).or_default().push(known);
        place
    }
}
