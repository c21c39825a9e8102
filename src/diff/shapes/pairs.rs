//! The pairs of places that lie inside a pair of places, and what was edited at each of them.
//!
//! A shape that is used in several ways is one place, and what was edited there was edited for all of
//! them: a pair is known by its shapes, however many ways lead to it, and is looked at once.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::judged::Direction;
use super::pairing;
use super::similarity::Look;
use super::slots::{SlotPair, shapes_in, shared};
use super::walk::{Ends, Question, Walk};
use crate::model::{Polarity, ShapeId};
use crate::rules::edit::{Edit, Facet};
use crate::rules::shape;
use crate::rules::{Effect, Rule};
use crate::source::Span;
use crate::subtype::Carrier;

/// Which pair of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PairId(usize);

/// Which edit, at however many pairs of places it is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EditId(usize);

/// A pair of places that differ.
pub(super) struct Pair {
    /// Both places, spelled alike.
    pub(super) old: Vec<ShapeId>,
    pub(super) new: Vec<ShapeId>,
    /// The slots that lead there, where one of them had to be spelled like the other.
    pub(super) respelling: Option<SlotPair>,
    /// What was edited here itself.
    pub(super) edits: Vec<EditId>,
    /// The pairs inside that differ.
    pub(super) below: Vec<(SlotPair, PairId)>,
    pub(super) spans: (Span, Span),
}

/// What edits are told apart by.
type Identity = (&'static str, Option<Span>, Option<Span>, String);

/// All pairs that were looked at, and all edits that were met there.
#[derive(Default)]
pub(super) struct Pairs {
    known: Vec<Option<Rc<Pair>>>,
    index: HashMap<Ends, PairId, FixedState>,
    /// The pairs that each is directly inside of.
    around: HashMap<PairId, Vec<PairId>, FixedState>,
    edits: Vec<(Rc<Edit>, Vec<PairId>)>,
    identities: HashMap<Identity, EditId, FixedState>,
}

/// How many pairs are looked at in one comparison; more are not taken apart.
const MAX_PAIRS: usize = 200_000;

impl Pairs {
    fn id(&mut self, ends: Ends) -> PairId {
        let next = PairId(self.known.len());
        let id = *self.index.entry(ends).or_insert(next);
        if id == next {
            self.known.push(None);
        }
        id
    }

    fn meet(&mut self, edit: Edit, place: PairId) -> EditId {
        let identity = (edit.rule.id, edit.old, edit.new, edit.message.clone());
        let next = EditId(self.edits.len());
        let id = *self.identities.entry(identity).or_insert(next);
        if id == next {
            self.edits.push((Rc::new(edit), Vec::new()));
        }
        if let Some((_, places)) = self.edits.get_mut(id.0) {
            places.push(place);
        }
        id
    }

    pub(super) fn get(&self, id: PairId) -> Option<&Rc<Pair>> {
        self.known.get(id.0)?.as_ref()
    }

    /// Every pair that was looked at.
    pub(super) fn iter(&self) -> impl Iterator<Item = (PairId, &Rc<Pair>)> {
        let all = self.known.iter().enumerate();
        all.filter_map(|(index, pair)| Some((PairId(index), pair.as_ref()?)))
    }

    /// The pairs that it is directly inside of.
    pub(super) fn around(&self, id: PairId) -> &[PairId] {
        self.around.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The pairs at which the edit was met.
    pub(super) fn places(&self, edit: EditId) -> &[PairId] {
        self.edits.get(edit.0).map(|(_, places)| places.as_slice()).unwrap_or_default()
    }
}

impl Walk<'_> {
    /// Looks at all pairs inside these two places, each once however often that is asked; `None` where
    /// they are too many.
    pub(crate) fn meet(&mut self, question: &Question) -> Option<PairId> {
        let ends = (question.old.clone(), question.new.clone());
        let outermost = self.pairs.id(ends.clone());
        let mut open = vec![(outermost, ends)];
        while let Some((id, ends)) = open.pop() {
            if self.pairs.get(id).is_some() {
                continue;
            }
            if id.0 > MAX_PAIRS {
                return None;
            }
            open.extend(self.look_at_pair(id, ends)?);
        }
        Some(outermost)
    }

    /// Looks at one pair; those inside it.
    fn look_at_pair(&mut self, id: PairId, (old, new): Ends) -> Option<Vec<(PairId, Ends)>> {
        let (polarity, carrier) = (Polarity::Both, Carrier::StoredJson);
        let question = Question { old, new, polarity, carrier };
        let (Question { old, new, .. }, respelling) = self.spelled_alike(&question)?;
        let (was, is) = (self.place(&old)?, self.place(&new)?);
        let look = Look { shapes: &self.shapes, equality: self.engine.equality() };
        let pairing = pairing::pair(look, self.nothing, &was, &is);
        let slots = shared(look, self.nothing, (&was, &is), &pairing);
        let edits = shape::compare(&self.shapes, (&was, &is), &pairing, &self.renamed);
        let suspects = edits
            .into_iter()
            .filter(|edit| edit.is_suspect() && !shape::comes_with_type(&was, &is, edit));
        let edits = suspects.map(|edit| self.pairs.meet(edit, id)).collect();
        let (mut below, mut inside) = (Vec::new(), Vec::new());
        for slots in slots {
            let ends = (shapes_in(&was, &slots.old), shapes_in(&is, &slots.new));
            let inner = self.pairs.id(ends.clone());
            self.pairs.around.entry(inner).or_default().push(id);
            below.push((slots, inner));
            inside.push((inner, ends));
        }
        let pair = Pair { old, new, respelling, edits, below, spans: (was.span, is.span) };
        *self.pairs.known.get_mut(id.0)? = Some(Rc::new(pair));
        Some(inside)
    }

    /// The edit.
    pub(crate) fn edit(&self, id: EditId) -> Option<&Rc<Edit>> {
        self.pairs.edits.get(id.0).map(|(edit, _)| edit)
    }

    /// Where the edit was met first.
    pub(crate) fn first_place(&self, id: EditId) -> Option<PairId> {
        self.pairs.places(id).first().copied()
    }

    /// Every edit that was met.
    pub(crate) fn edits(&self) -> impl Iterator<Item = (EditId, &Rc<Edit>)> {
        let all = self.pairs.edits.iter().enumerate();
        all.map(|(index, (edit, _))| (EditId(index), edit))
    }

    /// Which edit that is, if it was met.
    pub(crate) fn edit_told(
        &self,
        rule: &'static Rule,
        (old, new): (Option<Span>, Option<Span>),
        message: &str,
    ) -> Option<EditId> {
        self.pairs.identities.get(&(rule.id, old, new, message.to_owned())).copied()
    }

    /// Where both places of a pair are declared.
    pub(crate) fn spans_of(&self, pair: PairId) -> Option<(Span, Span)> {
        self.pairs.get(pair).map(|pair| pair.spans)
    }

    /// The edits made inside the pairs that are declared at such places.
    pub(crate) fn edits_below(
        &self,
        is_meant: impl Fn((Span, Span)) -> bool,
    ) -> HashSet<EditId, FixedState> {
        let there = self.pairs.iter().filter(|(_, pair)| is_meant(pair.spans));
        let mut open: Vec<PairId> = there.map(|(id, _)| id).collect();
        let mut seen: HashSet<PairId, FixedState> = HashSet::default();
        let mut all = HashSet::default();
        while let Some(id) = open.pop() {
            let Some(pair) = self.pairs.get(id) else { continue };
            if seen.insert(id) {
                all.extend(pair.edits.iter().copied());
                open.extend(pair.below.iter().map(|(_, below)| *below));
            }
        }
        all
    }

    /// The pairs from which such an edit is reached.
    pub(crate) fn leading_to<'e>(
        &self,
        edits: impl IntoIterator<Item = &'e EditId>,
    ) -> HashSet<PairId, FixedState> {
        let mut leading: HashSet<PairId, FixedState> = HashSet::default();
        let places = edits.into_iter().flat_map(|edit| self.pairs.places(*edit));
        let mut open: Vec<PairId> = places.copied().collect();
        while let Some(id) = open.pop() {
            if leading.insert(id) {
                open.extend(self.pairs.around(id));
            }
        }
        leading
    }

    /// Those of the edits that may lose something in this direction: by themselves they could not, had
    /// they been made where nothing but a part of the value is decided, and admitted only more.
    pub(crate) fn doubtful(&self, direction: Direction, edits: &[EditId]) -> Vec<EditId> {
        let mut turned: HashSet<PairId, FixedState> = HashSet::default();
        let mut open: Vec<PairId> = Vec::new();
        for (_, pair) in self.pairs.iter() {
            let in_place = pair.below.iter().filter(|(slots, _)| !slots.old.leads_to_part());
            open.extend(in_place.map(|(_, below)| *below));
        }
        while let Some(id) = open.pop() {
            if turned.insert(id) {
                let below = self.pairs.get(id).into_iter().flat_map(|pair| &pair.below);
                open.extend(below.map(|(_, below)| *below));
            }
        }
        let is_doubted = |id: &&EditId| {
            self.edit(**id).is_none_or(|edit| !only_admits(edit, direction))
                || self.pairs.places(**id).iter().any(|place| turned.contains(place))
        };
        edits.iter().filter(is_doubted).copied().collect()
    }
}

/// Whether the reader only admits more by it, at a place that decides by itself.
fn only_admits(edit: &Edit, direction: Direction) -> bool {
    let facet = edit.facet.as_ref();
    let stands =
        facet.is_some_and(|facet| facet.stands_alone() || matches!(facet, Facet::Required(_)));
    match (edit.effect, direction) {
        (Effect::Annotates, _) => true,
        (Effect::Widens, Direction::OldToNew) | (Effect::Narrows, Direction::NewToOld) => stands,
        (Effect::Widens, Direction::NewToOld)
        | (Effect::Narrows, Direction::OldToNew)
        | (Effect::Replaces | Effect::Withdraws | Effect::Offers, _) => false,
    }
}
