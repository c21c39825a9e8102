//! Edits done or undone wherever they were made: a copy of one side in which each place that an edit
//! was found at has its statement taken from the other side, by whatever way the place is reached.
//!
//! A shared shape is used at many places. To take an edit back along one way leaves it done at all
//! others, and a value that goes another way would still be lost to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::graft::{BaseSide, take};
use super::judged::{Direction, Judged};
use super::path::Path;
use super::slots::shapes_in;
use super::walk::{Ends, Question, Walk};
use crate::model::{Condition, LogicFacets, Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::{Edit, Facet, Listed, Slot};
use crate::rules::effective::Effective;

/// Where edits were found.
#[derive(Default)]
pub(super) struct Everywhere {
    made: HashMap<u64, Vec<Made>, FixedState>,
    /// The places that were spelled in another way, by what they were spelled as.
    written: HashMap<ShapeId, Vec<ShapeId>, FixedState>,
    /// What was made last.
    known: VecDeque<(Asked, Option<Vec<ShapeId>>)>,
}

/// Of which places which edits are done.
type Asked = (Question, Direction, Vec<Spot>);

/// A place at which an edit was found.
struct Made {
    from: Ends,
    path: Path,
    facet: Option<Facet>,
}

/// A statement of a pair of places that is not the same on both sides; all of them, where it is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The pair of places, references followed.
    pub(crate) ends: Ends,
    facet: Option<Facet>,
}

/// How many copies are remembered.
const MAX_KNOWN: usize = 16;
/// How many shapes are looked through for those at which an edit was made.
const MAX_SHAPES: usize = 200_000;

impl Walk<'_> {
    /// Remembers at which place edits were found.
    pub(super) fn note(&mut self, inside: &Question, judged: &[Judged]) {
        let from = (inside.old.clone(), inside.new.clone());
        for Judged { edit, path, old_to_new: _, new_to_old: _ } in judged {
            let known = self.everywhere.made.entry(identity(edit)).or_default();
            let (path, facet) = (path.clone(), edit.facet.clone());
            known.push(Made { from: from.clone(), path, facet });
        }
    }

    /// Remembers of which place a shape is another spelling.
    pub(super) fn note_spelling(&mut self, slot: &Slot, place: &[ShapeId]) {
        if let Slot::Respelled(id) = slot {
            self.everywhere.written.insert(*id, place.to_vec());
        }
    }

    /// Every place at which the edit was found that lies at the end of this way; what has no statement
    /// of its own is all that was edited there.
    pub(crate) fn spots(&mut self, question: &Question, path: &Path, edit: &Edit) -> Vec<Spot> {
        let known = self.everywhere.made.get(&identity(edit));
        let made: Vec<(Ends, Path, Option<Facet>)> = known
            .into_iter()
            .flatten()
            .map(|Made { from, path, facet }| (from.clone(), path.clone(), facet.clone()))
            .collect();
        let mut spots = Vec::new();
        let root = (question.old.clone(), question.new.clone());
        let here = made.is_empty().then(|| (root, path.clone(), edit.facet.clone()));
        for (from, path, facet) in made.into_iter().chain(here) {
            let Some(ends) = self.follow(from, &path) else { continue };
            let spot = Spot { ends: self.as_meant(&ends), facet };
            if !spots.contains(&spot) {
                spots.push(spot);
            }
        }
        spots
    }

    /// What the writer's side of the direction would be with these edits done, wherever inside the
    /// place they were made; `None` where they cannot be done together.
    pub(crate) fn everywhere(
        &mut self,
        question: &Question,
        direction: Direction,
        spots: &[Spot],
    ) -> Option<Vec<ShapeId>> {
        let asked = (question.clone(), direction, spots.to_vec());
        if let Some((_, known)) = self.everywhere.known.iter().find(|(known, _)| *known == asked) {
            return known.clone();
        }
        let made = self.made_everywhere(question, direction, spots);
        if self.everywhere.known.len() >= MAX_KNOWN {
            self.everywhere.known.pop_front();
        }
        self.everywhere.known.push_back((asked, made.clone()));
        made
    }

    fn made_everywhere(
        &mut self,
        question: &Question,
        direction: Direction,
        spots: &[Spot],
    ) -> Option<Vec<ShapeId>> {
        let side = match direction {
            Direction::OldToNew => BaseSide::Old,
            Direction::NewToOld => BaseSide::New,
        };
        let (_, root) = direction.ends(&question.old, &question.new);
        let first = self.shapes.len();
        let mut moved: BTreeMap<ShapeId, ShapeId> = BTreeMap::new();
        let mut edited: Vec<(Vec<ShapeId>, Vec<&Spot>)> = Vec::new();
        for spot in spots {
            let base = self.as_written(side.of_ends(&spot.ends).0);
            match edited.iter_mut().find(|(known, _)| *known == base) {
                Some((_, here)) => here.push(spot),
                None => edited.push((base, vec![spot])),
            }
        }
        for (base, here) in edited {
            let all = self.edited(side, &base, &here)?;
            moved.extend(base.into_iter().map(|id| (id, all)));
        }
        for id in leading(&self.shapes, root, &moved)? {
            let copy = self.shapes.add(self.shapes.get(id).clone());
            moved.insert(id, copy);
        }
        self.redirect(first, &moved);
        self.engine.learn(&self.shapes);
        Some(root.iter().map(|id| moved.get(id).copied().unwrap_or(*id)).collect())
    }

    /// One shape that says what the place does with its own edits.
    fn edited(&mut self, side: BaseSide, base: &[ShapeId], spots: &[&Spot]) -> Option<ShapeId> {
        let first = self.shapes.len();
        let made = self.made_there(side, base, spots)?;
        let mut all = Shape::anything(self.shapes.get(*base.first()?).span.span);
        all.logic.edit().all_of = made;
        let all = self.shapes.add(all);
        // Where it applies in place, the place is what it was before.
        let mut before: BTreeMap<ShapeId, ShapeId> = BTreeMap::new();
        let made: Vec<ShapeId> = self.shapes.since(first).map(|(id, _)| id).collect();
        for id in base {
            before.insert(*id, self.shapes.add(self.shapes.get(*id).clone()));
        }
        for id in made {
            let mut shape = self.shapes.get(id).clone();
            for_each_in_place(&mut shape, |child| {
                *child = before.get(child).copied().unwrap_or(*child);
            });
            self.shapes.set(id, shape);
        }
        Some(all)
    }

    /// One place with its own edits.
    fn made_there(
        &mut self,
        side: BaseSide,
        base: &[ShapeId],
        spots: &[&Spot],
    ) -> Option<Vec<ShapeId>> {
        let mut ids = base.to_vec();
        let facets = spots.iter().filter_map(|spot| Some((spot.facet.as_ref()?, *spot)));
        let mut all: Vec<(&Facet, &Spot)> = facets.collect();
        if let Some(whole) = spots.iter().find(|spot| spot.facet.is_none()) {
            return Some(side.of_ends(&whole.ends).1.clone());
        }
        in_order(side, &mut all)?;
        for (facet, spot) in all {
            // A respelled place is known by its spelling, in which its branches are counted.
            let (own, donor) = side.of_ends(&spot.ends);
            if ids == base {
                ids.clone_from(own);
            }
            let place = Effective::of(&self.shapes, &ids)?;
            let donor = Effective::of(&self.shapes, donor)?;
            ids = take(&mut self.shapes, side, &place, &donor, facet)?;
        }
        Some(ids)
    }

    /// Has everything that was made since then refer to what took the place of others.
    fn redirect(&mut self, first: usize, moved: &BTreeMap<ShapeId, ShapeId>) {
        let made: Vec<ShapeId> = self.shapes.since(first).map(|(id, _)| id).collect();
        for id in made {
            let mut is_moved = false;
            let shape = self.shapes.get(id);
            shape.for_each_child(&mut |child| is_moved |= moved.contains_key(&child));
            if is_moved {
                let mut shape = shape.clone();
                shape.for_each_child_mut(|child| {
                    *child = moved.get(child).copied().unwrap_or(*child);
                });
                self.shapes.set(id, shape);
            }
        }
    }

    /// The pair of places at the end of the way.
    fn follow(&mut self, from: Ends, path: &Path) -> Option<Ends> {
        let mut here = from;
        for pair in path.iter() {
            let (old, new) = (self.place(&here.0)?, self.place(&here.1)?);
            here = (shapes_in(&old, &pair.old), shapes_in(&new, &pair.new));
        }
        Some(here)
    }

    /// The same pair whoever refers to it.
    fn as_meant(&self, (old, new): &Ends) -> Ends {
        let equality = self.engine.equality();
        let resolved = |ids: &[ShapeId]| ids.iter().map(|id| equality.resolved(*id)).collect();
        (resolved(old), resolved(new))
    }

    /// The place as a contract writes it.
    fn as_written(&self, place: &[ShapeId]) -> Vec<ShapeId> {
        let mut place = place.to_vec();
        while let [only] = place.as_slice()
            && let Some(written) = self.everywhere.written.get(only)
            && written.as_slice() != [*only]
        {
            let equality = self.engine.equality();
            place = written.iter().map(|id| equality.resolved(*id)).collect();
        }
        place
    }
}

/// Visits what applies to the same values as the shape itself.
fn for_each_in_place(shape: &mut Shape, mut visit: impl FnMut(&mut ShapeId)) {
    shape.reference.iter_mut().for_each(|reference| visit(&mut reference.target));
    let Some(logic) = shape.logic.get_mut() else { return };
    let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
    all_of.iter_mut().for_each(&mut visit);
    let groups = [any_of, one_of].into_iter().flatten();
    groups.flat_map(|group| &mut group.value).for_each(&mut visit);
    if let Some(not) = not {
        visit(&mut not.value);
    }
    if let Some(Stated { value: Condition { when, then, otherwise }, span: _ }) = condition {
        [Some(when), then.as_mut(), otherwise.as_mut()].into_iter().flatten().for_each(visit);
    }
}

/// The shapes that lead from the root to those that moved; `None` where there are too many to tell.
fn leading(
    shapes: &Shapes,
    root: &[ShapeId],
    moved: &BTreeMap<ShapeId, ShapeId>,
) -> Option<Vec<ShapeId>> {
    let mut above: HashMap<ShapeId, Vec<ShapeId>, FixedState> = HashMap::default();
    let mut open: Vec<ShapeId> = root.to_vec();
    let mut seen: BTreeSet<ShapeId> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        shapes.get(id).for_each_child(&mut |child| {
            above.entry(child).or_default().push(id);
            if seen.insert(child) {
                open.push(child);
            }
        });
        if seen.len() > MAX_SHAPES {
            return None;
        }
    }
    let mut leading = BTreeSet::new();
    let mut waiting: Vec<ShapeId> = moved.keys().copied().filter(|id| seen.contains(id)).collect();
    while let Some(id) = waiting.pop() {
        for above in above.get(&id).into_iter().flatten() {
            if !moved.contains_key(above) && leading.insert(*above) {
                waiting.push(*above);
            }
        }
    }
    Some(leading.into_iter().collect())
}

/// Brings the statements of one place into an order in which each can be taken: what is told by its
/// position in a list is somewhere else once another is gone. `None` where there is no such order.
fn in_order(side: BaseSide, all: &mut [(&Facet, &Spot)]) -> Option<()> {
    let moved = all.iter().filter(|(facet, _)| matches!(facet, Facet::Combination(_))).count();
    let grouped = all.iter().any(|(facet, _)| matches!(facet, Facet::Group(..)));
    if moved > 1 || moved == 1 && grouped {
        return None;
    }
    // Of one list the last goes first, and what comes is added behind what stays.
    let position = |edit: &Listed| match (edit, side) {
        (Listed::Removed(index), BaseSide::Old) | (Listed::Added(index), BaseSide::New) => {
            Some(Reverse(*index))
        }
        (Listed::Removed(_), BaseSide::New) | (Listed::Added(_), BaseSide::Old) => None,
    };
    all.sort_by_key(|(facet, _)| {
        let (list, at) = if let Facet::Branch(_, edit) = facet {
            (1, Some(edit))
        } else if let Facet::Contained(edit) | Facet::Not(edit) | Facet::Condition(edit) = facet {
            (2, Some(edit))
        } else if let Facet::Group(_, edit) = facet {
            (3, Some(edit))
        } else {
            (if matches!(facet, Facet::Combination(_)) { 4 } else { 0 }, None)
        };
        let position = at.and_then(position);
        (list, position.is_none(), position)
    });
    Some(())
}

/// What tells edits apart.
fn identity(edit: &Edit) -> u64 {
    FixedState::default().hash_one((edit.rule.id, edit.old, edit.new, &edit.message))
}
