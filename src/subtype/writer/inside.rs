//! What the alternatives that may hold beside the one that is taken say of members and elements.
//!
//! A member of which several alternatives speak is sent with the names that each of them states there,
//! as far as they accept the value (`docs/verdicts.md`, *What writers are assumed not to send*). As at the value itself, one is taken, the others lend
//! the member what they state inside of it, at whatever depth, and only where an answer uses such a loan
//! is it asked who lends.

use std::sync::Arc;

use crate::model::{Json, Piece, ShapeId};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Key, Place};
use crate::subtype::names::accepting_in_place;
use crate::subtype::term::{Item, Term};
use crate::subtype::unfold::holds;

use super::kept::Beside;
use super::lent::lenders;

impl Search<'_> {
    /// The place of a member of the term.
    pub(in crate::subtype) fn place_of_member(
        &mut self,
        goal: &Goal,
        term: &Term,
        name: &Arc<str>,
    ) -> Key {
        let place = self.member_place(goal.place, name);
        if term.lent.is_empty() || !self.speaks_of_parts(place) {
            return place;
        }
        let sure = self.claims_of_member(&term.holding, name);
        self.lent_inside(term, place, (&Piece::Member(Arc::clone(name)), &sure))
    }

    /// The place of an element of the term.
    pub(in crate::subtype) fn place_of_element(
        &mut self,
        goal: &Goal,
        term: &Term,
        position: usize,
    ) -> Key {
        let place = self.element_place(goal.place, position);
        if term.lent.is_empty() || !self.speaks_of_parts(place) {
            return place;
        }
        let sure = self.claims_of_element(&term.holding, position);
        self.lent_inside(term, place, (&Piece::Element(position), &sure))
    }

    /// The place of a part of the term, with what may be lent it beside what is sure to hold of it.
    fn lent_inside(&mut self, term: &Term, place: Key, (part, sure): (&Piece, &[Claim])) -> Key {
        let mut lent = Vec::new();
        for lender in lenders_inside(term) {
            let parts = self.parts_of(lender.shape, part);
            let brings = |search: &mut Self, shape: &ShapeId| {
                let claim = search.child(lender, *shape);
                search.bring(sure, std::iter::once(claim))
            };
            lent.extend(parts.iter().copied().filter(|shape| brings(self, shape)));
        }
        if lent.is_empty() {
            return place;
        }
        let known = self.tables.places.get(place);
        lent.extend(self.tables.lent.get(known.lent).iter().copied());
        let lent = self.lending(lent);
        self.tables.places.id(Place { lent, ..(*known).clone() })
    }

    /// The shapes that lend, as a part of a place.
    pub(in crate::subtype) fn lending(&mut self, shapes: Vec<ShapeId>) -> Key {
        let mut shapes: Vec<ShapeId> = shapes.into_iter().map(|id| self.same.of(id)).collect();
        shapes.retain(|shape| !self.is_anything(*shape));
        shapes.sort_unstable();
        shapes.dedup();
        self.tables.lent.id(shapes)
    }

    /// What the shapes that lend at a place say of a part, as a part of its place.
    pub(in crate::subtype) fn lent_to_part(&mut self, place: Key, part: &Piece) -> Key {
        let lent = self.tables.places.get(place).lent;
        if lent == 0 {
            return 0;
        }
        let lent = self.tables.lent.get(lent);
        let parts: Vec<_> = lent.iter().map(|shape| self.parts_of(*shape, part)).collect();
        self.lending(parts.iter().flat_map(|parts| parts.iter().copied()).collect())
    }

    /// Whether a shape that lends at the place may state the name there.
    pub(in crate::subtype) fn is_lent_at(&mut self, place: Key, name: &str) -> bool {
        let lent = self.tables.places.get(place).lent;
        let lent = self.tables.lent.get(lent);
        lent.iter().any(|shape| self.states_somewhere(*shape, name))
    }

    /// What a shape says of a part of the value, in any branch that may accept it.
    fn parts_of(&mut self, shape: ShapeId, part: &Piece) -> Arc<[ShapeId]> {
        let asked = (shape, part.clone());
        if let Some(parts) = self.tables.parts.get(&asked) {
            return Arc::clone(parts);
        }
        let closure = accepting_in_place(self.shapes, shape);
        self.budget.work(closure.len());
        let mut parts = match part {
            Piece::Member(name) => self.member_parts(&closure, name),
            Piece::Element(position) => self.element_parts(&closure, *position),
        };
        parts.retain(|part| !self.is_anything(*part));
        let parts: Arc<[ShapeId]> = parts.into();
        self.tables.parts.insert(asked, Arc::clone(&parts));
        parts
    }

    /// The answer where parts of the value may use what is lent them.
    ///
    /// Where they do, one of those that lend holds, or none of them does.
    pub(in crate::subtype) fn settle_inside(
        &mut self,
        goal: &Goal,
        term: &Term,
        value: Json,
    ) -> Answer {
        if !self.is_lent_inside(goal, term, &value) {
            return Answer::Found(value);
        }
        let written = Self::written(&goal.lits);
        self.evaluations.enter();
        let beside = Beside::default();
        let kept = self.kept_back(&written, goal.place, &value, (&mut Vec::new(), &beside));
        self.evaluations.leave();
        let Some(kept) = kept else { return Answer::Found(value) };
        let all: Vec<Claim> = lenders_inside(term).collect();
        let states = |claim: &&Claim| self.states_at_end(claim.shape, kept.way());
        let telling: Vec<Claim> = all.iter().filter(states).copied().collect();
        let asked: Arc<[Claim]> = if telling.is_empty() { all } else { telling }.into();
        let case = |(at, lender): (usize, &Claim)| {
            let before = asked.get(..at).unwrap_or_default();
            vec![holds(*lender), Item::Muted(before.into())]
        };
        let mut cases: Vec<_> = asked.iter().enumerate().map(case).collect();
        cases.push(vec![Item::Muted(Arc::clone(&asked))]);
        self.branch(goal, term, cases)
    }

    /// Whether a part of the value is lent what is stated inside of it.
    fn is_lent_inside(&mut self, goal: &Goal, term: &Term, value: &Json) -> bool {
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => false,
            Json::Array(elements) => (0..elements.len()).any(|at| {
                self.place_of_element(goal, term, at) != self.element_place(goal.place, at)
            }),
            Json::Object(members) => members.keys().any(|name| {
                self.place_of_member(goal, term, name) != self.member_place(goal.place, name)
            }),
        }
    }

    /// Whether the shape may state the name to which the way leads.
    fn states_at_end(&mut self, shape: ShapeId, way: &[Piece]) -> bool {
        let Some((Piece::Member(name), steps)) = way.split_last() else { return false };
        let mut shapes = vec![shape];
        for step in steps {
            let parts: Vec<_> =
                shapes.into_iter().map(|shape| self.parts_of(shape, step)).collect();
            shapes = parts.iter().flat_map(|parts| parts.iter().copied()).collect();
            shapes.sort_unstable();
            shapes.dedup();
        }
        shapes.into_iter().any(|shape| self.states_somewhere(shape, name))
    }
}

/// The branches that lend what they state inside of parts.
fn lenders_inside(term: &Term) -> impl Iterator<Item = Claim> {
    lenders(term).filter(|claim| !term.muted.contains(claim))
}
