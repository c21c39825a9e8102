//! Which edits a value can have met: those at the pairs of places that its parts come to.

use std::collections::HashSet;
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::pairs::{EditId, PairId};
use super::slots::SlotPair;
use super::walk::Walk;
use crate::model::{Json, Kinds};
use crate::rules::edit::{Edit, Facet, Slot};

/// How many pairs of a place and a part of the value are looked at.
const MAX_MEETINGS: usize = 50_000;

/// Where a value comes to, and what it can meet there.
pub(crate) struct Touched {
    /// The edits that can matter to it.
    pub(crate) edits: HashSet<EditId, FixedState>,
    /// The pairs that it or a part of it comes to.
    pub(crate) pairs: HashSet<PairId, FixedState>,
}

impl Walk<'_> {
    /// What the value can have met from this pair on, whatever became of it there; `None` where that is
    /// too much to be told.
    pub(crate) fn touched(&self, at: PairId, value: &Json) -> Option<Touched> {
        let mut touched = Touched { edits: HashSet::default(), pairs: HashSet::default() };
        let mut seen: HashSet<(PairId, *const Json), FixedState> = HashSet::default();
        let mut open = vec![(at, value)];
        while let Some((id, value)) = open.pop() {
            if !seen.insert((id, std::ptr::from_ref(value))) {
                continue;
            }
            if seen.len() > MAX_MEETINGS {
                return None;
            }
            let pair = Rc::clone(self.pairs.get(id)?);
            touched.pairs.insert(id);
            let matters = |id: &&EditId| self.edit(**id).is_none_or(|edit| matters(edit, value));
            touched.edits.extend(pair.edits.iter().filter(matters).copied());
            for (slots, below) in &pair.below {
                open.extend(parts(slots, value).into_iter().map(|part| (*below, part)));
            }
        }
        Some(touched)
    }
}

/// Whether it can matter to the value at the place of the edit.
fn matters(edit: &Edit, value: &Json) -> bool {
    let Some(facet) = &edit.facet else { return false };
    let bears = |kind| Kinds::NONE.with(kind).has(value.kind());
    if !facet.kind().is_none_or(bears) {
        return false;
    }
    match (facet, value) {
        (Facet::Value(listed), value) => listed == value,
        (Facet::Slot(Slot::Property(name)), Json::Object(members)) => members.contains_key(name),
        _ => true,
    }
}

/// The parts of the value that may come to the slot.
fn parts<'v>(slots: &SlotPair, value: &'v Json) -> Vec<&'v Json> {
    let SlotPair { old, new: _, step: _ } = slots;
    match (old, value) {
        (Slot::Property(name) | Slot::Member(name), Json::Object(members)) => {
            members.get(name).into_iter().collect()
        }
        (
            Slot::PatternProperty(_) | Slot::Family(_) | Slot::Additional | Slot::Unevaluated,
            Json::Object(members),
        ) => members.values().collect(),
        (
            Slot::Position(_) | Slot::Rest | Slot::UnevaluatedItems | Slot::Contained(_),
            Json::Array(elements),
        ) => elements.iter().collect(),
        (
            Slot::Property(_)
            | Slot::Member(_)
            | Slot::Family(_)
            | Slot::PatternProperty(_)
            | Slot::Additional
            | Slot::Unevaluated
            | Slot::Position(_)
            | Slot::Rest
            | Slot::UnevaluatedItems
            | Slot::Contained(_),
            _,
        ) => Vec::new(),
        (
            Slot::Names
            | Slot::Content
            | Slot::DependentShape(_)
            | Slot::Branch(..)
            | Slot::Not(_)
            | Slot::When(_)
            | Slot::Then(_)
            | Slot::Otherwise(_)
            | Slot::Itself
            | Slot::Respelled(_),
            value,
        ) => vec![value],
    }
}
