//! What keeps a writer from sending a value that its schema accepts.

use std::sync::Arc;

use crate::model::{Json, Piece};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Key};
use crate::subtype::term::{Basic, Tag, Term};

/// A part of a value that its writer is assumed not to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    way: Vec<Piece>,
    beside: Beside,
}

/// What lies beside the way to a part of a value and may have a say in it, as it decides which
/// alternatives hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::subtype) struct Beside {
    /// The ways to members that refuse an alternative.
    members: Vec<Vec<Piece>>,
    /// From which step on it may be anything.
    open_from: Option<usize>,
}

impl KeptBack {
    /// The way to it.
    pub(in crate::subtype) fn way(&self) -> &[Piece] {
        &self.way
    }

    /// Whether the writer may send the value without what lies there; `false` only where it is sure
    /// not to.
    pub fn may_be_freed_without(&self, gone: &[Piece]) -> bool {
        let is_beside = |from: usize| {
            gone.len() > from && self.way.get(..from).is_some_and(|way| gone.starts_with(way))
        };
        let Beside { members, open_from } = &self.beside;
        self.way.starts_with(gone)
            || members.iter().any(|way| way == gone)
            || open_from.is_some_and(is_beside)
    }
}

impl Search<'_> {
    /// The first part of the value, which the claims accept, that [`Search::sends`] refuses.
    pub(in crate::subtype) fn kept_back(
        &mut self,
        claims: &[Claim],
        place: Key,
        value: &Json,
        (way, beside): (&mut Vec<Piece>, &Beside),
    ) -> Option<KeptBack> {
        let mut beside = beside.clone();
        if self.assumes(place) && !self.may_be_meant(claims, value) {
            beside.open_from.get_or_insert(way.len());
            return Some(KeptBack { way: way.clone(), beside });
        }
        let kind = Basic::of(value);
        let mut term = Term::new(kind);
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => return None,
            Json::Array(_) | Json::Object(_) => term.holding = self.holding_for(claims, value),
        }
        match self.deciding(&term.holding, value) {
            Some(names) => beside.members.extend(
                names
                    .into_iter()
                    .map(|name| way.iter().cloned().chain([Piece::Member(name)]).collect()),
            ),
            None => {
                beside.open_from.get_or_insert(way.len());
            }
        }
        let mut found = None;
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                for (position, element) in elements.iter().enumerate() {
                    way.push(Piece::Element(position));
                    let claims = self.element_claims(&term.holding, position);
                    let place = self.element_place(place, position);
                    found = self.kept_back(&claims, place, element, (&mut *way, &beside));
                    way.pop();
                    if found.is_some() {
                        break;
                    }
                }
            }
            Json::Object(members) => {
                for (name, member) in members.iter() {
                    way.push(Piece::Member(name.clone()));
                    if self.may_send(place, &term, name) {
                        let claims = self.member_claims(&term.holding, name);
                        let place = self.member_place(place, name);
                        found = self.kept_back(&claims, place, member, (&mut *way, &beside));
                    } else {
                        found = Some(KeptBack { way: way.clone(), beside: beside.clone() });
                    }
                    way.pop();
                    if found.is_some() {
                        break;
                    }
                }
            }
        }
        found
    }

    /// The members without which other alternatives may hold of a value of which these shapes do;
    /// `None` where that may be any.
    fn deciding(&mut self, holding: &[Claim], value: &Json) -> Option<Vec<Arc<str>>> {
        let shapes = self.shapes;
        let mut deciding = Vec::new();
        for claim in holding {
            let Some(logic) = shapes.get(claim.shape).logic.get() else { continue };
            if logic.condition.is_some() {
                return None;
            }
            for alternatives in logic.any_of.iter().chain(&logic.one_of) {
                let mut held = 0;
                for branch in self.typed(&alternatives.value, Basic::of(value)) {
                    let branch = self.inner(*claim, branch);
                    if self.accepts(branch, value) == Some(true) {
                        held += 1;
                    } else if !self.lacks(branch, value) {
                        deciding.push(self.refused_member(branch, value)?);
                    }
                }
                if held > 1 {
                    return None;
                }
            }
        }
        Some(deciding)
    }

    /// Whether the object is without a member that the claim's shape demands.
    fn lacks(&mut self, claim: Claim, value: &Json) -> bool {
        let Json::Object(members) = value else { return false };
        let (profile, ignored) = (self.profile(claim.shape), self.ignored(claim));
        let mut required = profile.required.iter();
        required.any(|name| !members.contains_key(name) && !ignored.contains(name))
    }

    /// A member for which the claim's shape refuses the object, whatever else is in it.
    fn refused_member(&mut self, claim: Claim, value: &Json) -> Option<Arc<str>> {
        let Json::Object(members) = value else { return None };
        let (profile, ignored) = (self.profile(claim.shape), self.ignored(claim));
        let is_refused = |tag: &Tag, member: &Json| {
            let is_listed = tag.values.as_ref().is_none_or(|values| values.contains(member));
            !is_listed || !tag.kinds.has(Basic::of(member).least_kind())
        };
        let mut tags = profile.tags.iter().filter(|(name, _)| !ignored.contains(*name));
        let refused = tags
            .find(|(name, tag)| members.get(*name).is_some_and(|member| is_refused(tag, member)));
        refused.map(|(name, _)| Arc::clone(name))
    }
}
