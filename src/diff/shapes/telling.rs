//! By what the branches of a group are told apart: a title, or a member that holds one value.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::similarity::Look;
use crate::model::{Json, ShapeId};
use crate::rules::effective::Effective;
use crate::rules::union::only_value_of;

/// The titles and tags of the branches of a group.
pub(super) struct Told {
    titles: Vec<Option<Arc<str>>>,
    /// The members of each branch that hold one value which no other branch holds there.
    tags: Vec<BTreeSet<(Arc<str>, Json)>>,
}

impl Told {
    pub(super) fn apart(look: Look<'_>, all: &[ShapeId]) -> Self {
        let mut told = Self { titles: Vec::new(), tags: Vec::new() };
        let mut counts: HashMap<(Arc<str>, Json), usize, FixedState> = HashMap::default();
        for id in all {
            let place = Effective::of(look.shapes, &[*id]);
            let title = place.as_ref().and_then(|place| place.notes.title.as_ref());
            told.titles.push(title.map(|title| Arc::clone(&title.value)));
            let members = place.iter().flat_map(|place| &place.properties);
            let tags: BTreeSet<(Arc<str>, Json)> = members
                .filter_map(|(name, member)| {
                    Some((Arc::clone(name), only_value_of(look.shapes, &member.shapes)?))
                })
                .collect();
            for tag in &tags {
                *counts.entry(tag.clone()).or_default() += 1;
            }
            told.tags.push(tags);
        }
        for tags in &mut told.tags {
            tags.retain(|tag| counts.get(tag) == Some(&1));
        }
        told
    }

    pub(super) fn title(&self, index: usize) -> Option<Arc<str>> {
        self.titles.get(index)?.clone()
    }

    /// The first value by which the branch is told apart on both sides.
    pub(super) fn tag(&self, index: usize, other: &Self) -> Option<(Arc<str>, Json)> {
        let known = |tag: &&(Arc<str>, Json)| other.tags.iter().any(|tags| tags.contains(*tag));
        self.tags.get(index)?.iter().find(known).cloned()
    }
}
