//! What the writer's alternatives that are still to be taken may bring: names that they state.
//!
//! Where a schema has many conditions, what its writer sends is known in full only once each of them is
//! decided, and their choices multiply. Mostly none of them speaks of the name, or of what lies inside
//! the member, that the question is about, and nothing needs to be decided.

use std::sync::Arc;

use crate::model::{Json, Shape, ShapeId};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Goal, Lit, Source};
use crate::subtype::names::in_place;
use crate::subtype::recall::Said;
use crate::subtype::term::{Basic, Item, Split, Term};

/// How much is known of the names that the writer sends.
#[derive(Clone, Copy)]
pub(in crate::subtype) struct Told<'s> {
    /// Everything, or less.
    pub(in crate::subtype) said: Said,
    /// The disjunction that is looked at, beside those that wait.
    pub(in crate::subtype) taken: &'s Split,
}

/// What is looked at beside the disjunctions that wait.
#[derive(Clone, Copy)]
pub(in crate::subtype) enum More<'m> {
    /// One of the cases of one.
    Case(&'m [Item]),
    /// One in full.
    Taken(&'m Split),
}

/// Of more shapes than this it is not looked at what they state inside of a member.
const MANY: usize = 48;
/// How deep it is looked at what a shape states inside of members and elements.
const DEPTH: usize = 5;

impl<'s> Told<'s> {
    /// How much is known where this disjunction is looked at beside those that wait: everything, where
    /// none of them may bring names that the writer declares.
    pub(in crate::subtype) fn beside(term: &Term, taken: &'s Split) -> Self {
        let is_all = term.kind == Basic::Object
            && !taken.may_declare()
            && !term.splits.iter().any(Split::may_declare);
        Self { said: if is_all { Said::All } else { Said::Part }, taken }
    }
}

impl Search<'_> {
    /// Whether the writer does not send a member of this name, whatever is decided later.
    pub(in crate::subtype) fn withholds(
        &mut self,
        goal: &Goal,
        term: &Term,
        told: Told<'_>,
        name: &Arc<str>,
    ) -> bool {
        if term.kind != Basic::Object || self.may_send(goal.place, term, name) {
            return false;
        }
        if told.said == Said::All {
            return true;
        }
        let mut claims = Vec::new();
        let is_known =
            term.splits.iter().all(|split| add(split, &mut claims)) && add(told.taken, &mut claims);
        self.budget.work(1 + claims.len());
        is_known && !claims.iter().any(|claim| self.may_state(*claim, name))
    }

    /// Whether nothing that is to be decided, nor what is looked at beside it, states names inside the
    /// member that are not stated there in any case.
    pub(in crate::subtype) fn is_member_told(
        &mut self,
        term: &Term,
        more: More<'_>,
        name: &Arc<str>,
    ) -> bool {
        let mut claims = Vec::new();
        let is_known = term.splits.iter().all(|split| add(split, &mut claims))
            && match more {
                More::Case(case) => case.iter().all(|item| add_item(item, &mut claims)),
                More::Taken(split) => add(split, &mut claims),
            };
        claims.retain(|claim| self.may_state(*claim, name));
        if !is_known || term.kind != Basic::Object || claims.len() > MANY {
            return false;
        }
        let sure = self.claims_of_member(&term.holding, name);
        self.claims_inside(&claims, name)
            .is_some_and(|members| !members.into_iter().any(|it| self.brings(&sure, it, DEPTH)))
    }

    /// What the claims say of a member, in whichever branch; `None` where that is not known.
    pub(in crate::subtype) fn claims_inside(
        &mut self,
        claims: &[Claim],
        name: &Arc<str>,
    ) -> Option<Vec<Claim>> {
        self.budget.work(1 + claims.len());
        let shapes = self.shapes;
        let mut members = Vec::new();
        for claim in claims {
            for part in in_place(shapes, vec![claim.shape]) {
                let Some(object) = shapes.get(part).object.get() else { continue };
                let (found, is_sure) = self.member_shapes(object, name);
                if !is_sure || object.unevaluated.is_some() {
                    return None;
                }
                members.extend(found.into_iter().map(|shape| self.child(*claim, shape)));
            }
        }
        members.sort_unstable();
        members.dedup();
        Some(members)
    }

    /// Whether it may be that a writer sends more because the claims hold, or are denied, as well.
    pub(in crate::subtype) fn bring(
        &mut self,
        sure: &[Claim],
        claims: impl Iterator<Item = Claim>,
    ) -> bool {
        let mut claims = claims.filter(|claim| claim.source != Source::Reader);
        claims.any(|claim| self.brings(sure, claim, DEPTH))
    }

    /// Whether the claim may state names, or the type, where what holds in any case does not.
    fn brings(&mut self, sure: &[Claim], claim: Claim, depth: usize) -> bool {
        if sure.contains(&claim) || self.is_anything(claim.shape) {
            return false;
        }
        let Some(depth) = depth.checked_sub(1) else { return true };
        let asked = (self.marks, sure.to_vec(), claim, depth);
        if let Some(known) = self.tables.brought.get(&asked) {
            return *known;
        }
        let brings = self.brings_more(sure, claim, depth);
        self.tables.brought.insert(asked, brings);
        brings
    }

    fn brings_more(&mut self, sure: &[Claim], claim: Claim, depth: usize) -> bool {
        let shapes = self.shapes;
        let is_typed = |claim: &Claim| {
            claim.source == Source::Writer && shapes.get(claim.shape).kinds.is_some()
        };
        let [objects, arrays] =
            [Basic::Object, Basic::Array].map(|kind| self.holding_in_any_case(sure.to_vec(), kind));
        // Where no type is stated, what is tested may leave nothing of the type that is meant.
        if !objects.iter().any(is_typed) {
            return true;
        }
        let parts = in_place(shapes, vec![claim.shape]);
        self.budget.work(parts.len());
        parts.into_iter().any(|part| {
            let shape = shapes.get(part);
            lists_objects(shape)
                || self.brings_names(&objects, (claim, shape), depth)
                || self.brings_elements(&arrays, (claim, shape), depth)
        })
    }

    fn brings_names(
        &mut self,
        holding: &[Claim],
        (claim, shape): (Claim, &Shape),
        depth: usize,
    ) -> bool {
        let Some(object) = shape.object.get() else { return false };
        let is_open = !object.patterns.is_empty()
            || object.additional.is_some_and(|rest| !self.is_anything(rest))
            || object.unevaluated.is_some()
            || object.names.is_some()
            || !object.dependent_required.is_empty()
            || !object.dependent_shapes.is_empty();
        // More names than are known may be all that what is denied leaves.
        let is_counted = object.min_properties.is_some() || object.max_properties.is_some();
        let is_open = is_open || is_counted && claim.source == Source::WriterDenial;
        let mut names = object.properties.keys().chain(object.required.keys());
        if is_open || names.any(|name| !self.is_stated(holding, name)) {
            return true;
        }
        object.properties.iter().any(|(name, member)| {
            let sure = self.claims_of_member(holding, name);
            let member = self.child(claim, member.value);
            self.brings(&sure, member, depth)
        })
    }

    fn brings_elements(
        &mut self,
        holding: &[Claim],
        (claim, shape): (Claim, &Shape),
        depth: usize,
    ) -> bool {
        let Some(array) = shape.array.get() else { return false };
        let shapes = self.shapes;
        let lists = |claim: &Claim| shapes.get(claim.shape).array.get();
        if holding.iter().filter_map(lists).any(|array| !array.prefix.is_empty()) {
            return true;
        }
        let sure = self.claims_of_element(holding, 0);
        let contains = array.contains.as_ref().map(|contains| contains.shape);
        let parts = array.prefix.iter().copied().chain(array.rest).chain(contains);
        let parts: Vec<ShapeId> = parts.chain(array.unevaluated).collect();
        parts.into_iter().any(|part| {
            let element = self.child(claim, part);
            self.brings(&sure, element, depth)
        })
    }
}

/// Whether the shape lists an object: who lists it states its names.
fn lists_objects(shape: &Shape) -> bool {
    let listed = shape.enumeration.iter().flat_map(|list| &list.value);
    let mut values = listed.chain(shape.constant.iter().map(|only| &only.value));
    values.any(|value| matches!(value, Json::Object(_) | Json::Array(_)))
}

/// Adds the shapes of the writer that the disjunction may bring; `false` where that may be any.
fn add(split: &Split, claims: &mut Vec<Claim>) -> bool {
    match split {
        Split::Any(cases) => return cases.iter().flatten().all(|item| add_item(item, claims)),
        Split::Writers(all) | Split::Exactly(all) | Split::NotExactly(all) => {
            claims.extend(all.iter().filter(|claim| claim.source.declares()));
        }
        Split::Refuse(claim) => claims.extend(Some(claim).filter(|it| it.source.declares())),
        Split::Neither(refused) => claims.extend(refused.declaring()),
    }
    true
}

fn add_item(item: &Item, claims: &mut Vec<Claim>) -> bool {
    match item {
        Item::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => {
            claims.extend(Some(claim).filter(|claim| claim.source.declares()));
        }
        Item::Names(all) => claims.extend(all.iter().filter(|claim| claim.source.declares())),
        Item::Split(split) => return add(split, claims),
        Item::Neither(refused) => claims.extend(refused.declaring()),
        Item::Lit(Lit::Either(_)) => return false,
        // What they say of members and elements states names inside of them.
        Item::Object(_) | Item::Array(_) => return !item.speaks_of_writers(),
        Item::Lit(Lit::Differs(_) | Lit::Unsure(_))
        | Item::Number(_)
        | Item::Text(_)
        | Item::NoneOf(_)
        | Item::OneOf(_)
        | Item::Unsure(_)
        | Item::OnlyOf(..)
        | Item::Muted(_)
        | Item::Never => {}
    }
    true
}
