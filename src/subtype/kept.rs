//! What keeps a writer from sending a value that its schema accepts.

use crate::model::{Json, Piece};

use super::engine::Search;
use super::goal::{Claim, Key};
use super::term::{Basic, Term};

/// A part of a value that its writer is assumed not to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    way: Vec<Piece>,
    /// From which step on what lies beside the way may have a say in it, as it decides which
    /// alternatives hold.
    open_from: Option<usize>,
}

impl KeptBack {
    /// Whether the writer may send the value without what lies there; `false` only where it is sure
    /// not to.
    pub fn may_be_freed_without(&self, gone: &[Piece]) -> bool {
        let is_beside = |from: usize| {
            gone.len() > from && self.way.get(..from).is_some_and(|way| gone.starts_with(way))
        };
        self.way.starts_with(gone) || self.open_from.is_some_and(is_beside)
    }
}

impl Search<'_> {
    /// The first part of the value, which the claims accept, that [`Search::sends`] refuses.
    pub(super) fn kept_back(
        &mut self,
        claims: &[Claim],
        place: Key,
        value: &Json,
        (way, open_from): (&mut Vec<Piece>, Option<usize>),
    ) -> Option<KeptBack> {
        if self.assumes(place) && !self.may_be_meant(claims, value) {
            let open_from = open_from.or(Some(way.len()));
            return Some(KeptBack { way: way.clone(), open_from });
        }
        let kind = Basic::of(value);
        let mut term = Term::new(kind);
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => return None,
            Json::Array(_) | Json::Object(_) => term.holding = self.holding_for(claims, value),
        }
        let is_open = open_from.is_none() && !self.is_settled(claims, kind);
        let open_from = if is_open { Some(way.len()) } else { open_from };
        let mut found = None;
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                for (position, element) in elements.iter().enumerate() {
                    way.push(Piece::Element(position));
                    let claims = self.element_claims(&term.holding, position);
                    let place = self.element_place(place, position);
                    found = self.kept_back(&claims, place, element, (&mut *way, open_from));
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
                        found = self.kept_back(&claims, place, member, (&mut *way, open_from));
                    } else {
                        found = Some(KeptBack { way: way.clone(), open_from });
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
}
