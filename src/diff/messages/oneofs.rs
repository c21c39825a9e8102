//! Who excludes whom, before and after.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{FieldPair, MessagePair};
use crate::model::Oneof;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// Fields that moved into a oneof or out of one.
pub(crate) struct OneofShift<'a> {
    /// The oneof: of the new side where they joined, of the old one where they left.
    pub(crate) oneof: &'a Oneof,
    /// Whether they joined it.
    pub(crate) joined: bool,
    /// Members whose company changed; one of each group that can be told apart comes first.
    pub(crate) fields: Vec<FieldPair<'a>>,
    /// Those of them that were not in it, or are no longer.
    pub(crate) moved: Vec<FieldPair<'a>>,
    /// Whether two of them could be sent together on the side without the oneof.
    pub(crate) exclusive: bool,
}

impl<'a> OneofShift<'a> {
    /// What becomes of messages in which two of the fields are set, where they may be.
    pub(crate) fn collisions(&self) -> Directions<Exchange> {
        let both = |outcome| Passage::new(outcome, Sample::Ordinary, "only one may be set");
        let collision = Exchange { wire: both(Outcome::Lost), json: both(Outcome::Refused) };
        match (self.exclusive, self.joined) {
            (true, true) => Directions { old_to_new: collision, ..Directions::default() },
            (true, false) => Directions { new_to_old: collision, ..Directions::default() },
            (false, _) => Directions::default(),
        }
    }

    /// Whether the other tells of the same fields, which left the one oneof for the other.
    pub(crate) fn is_move_with(&self, other: &Self) -> bool {
        let numbers = |shift: &Self| -> BTreeSet<_> {
            shift.moved.iter().map(|pair| pair.old.number).collect()
        };
        self.joined != other.joined && numbers(self) == numbers(other)
    }

    /// The fields that show it: where some exclude each other now, two that did not.
    pub(crate) fn telling(&self) -> &[FieldPair<'a>] {
        match self.fields.split_at_checked(2) {
            Some((two, _)) if self.exclusive => two,
            Some(_) | None => &self.fields,
        }
    }
}

/// A oneof on both sides.
type Both<'a> = (&'a Oneof, &'a Oneof);

impl<'a> MessagePair<'a> {
    /// What happened to the oneofs, judged by the members that both sides have.
    pub(crate) fn oneof_shifts(
        &self,
        fields: &[FieldPair<'a>],
    ) -> (Vec<OneofShift<'a>>, Vec<Both<'a>>) {
        let twins = self.twins(fields);
        let mut shifts = Vec::new();
        for (at, oneof) in self.new.oneofs.iter().enumerate() {
            let twin = twins.iter().find(|(_, new)| *new == at).map(|(old, _)| *old);
            shifts.extend(shift(fields, oneof, Some(at), twin, Side::New));
        }
        for (at, oneof) in self.old.oneofs.iter().enumerate() {
            let twin = twins.iter().find(|(old, _)| *old == at).map(|(_, new)| *new);
            shifts.extend(shift(fields, oneof, Some(at), twin, Side::Old));
        }
        let named = self.oneof_pairs(fields).into_iter();
        (shifts, named.filter(|(old, new)| old.name != new.name).collect())
    }

    /// The oneofs that both sides have.
    pub(crate) fn oneof_pairs(&self, fields: &[FieldPair<'a>]) -> Vec<Both<'a>> {
        let pairs = self.twins(fields).into_iter();
        pairs
            .filter_map(|(old, new)| Some((self.old.oneofs.get(old)?, self.new.oneofs.get(new)?)))
            .collect()
    }

    /// Oneofs that are the same: by name where they have a member in common, else by most members
    /// in common, else by name alone.
    fn twins(&self, fields: &[FieldPair<'a>]) -> Vec<(usize, usize)> {
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (old, new) in fields.iter().filter_map(|pair| Some((pair.old.oneof?, pair.new.oneof?)))
        {
            *shared.entry((old, new)).or_default() += 1;
        }
        let by_name = self.old.oneofs.iter().enumerate().filter_map(|(old, oneof)| {
            let new = self.new.oneofs.iter().position(|new| new.name == oneof.name)?;
            Some((old, new))
        });
        let by_name: Vec<(usize, usize)> = by_name.collect();
        let mut twins = by_name.clone();
        twins.retain(|at| shared.contains_key(at));
        let mut by_share: Vec<_> = shared.into_iter().collect();
        by_share.sort_by_key(|(at, share)| (std::cmp::Reverse(*share), *at));
        let by_share = by_share.into_iter().map(|(at, _)| at);
        for (old, new) in by_share.chain(by_name) {
            if twins.iter().all(|(left, right)| *left != old && *right != new) {
                twins.push((old, new));
            }
        }
        twins
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// The members of a oneof of one side that were not together on the other.
fn shift<'a>(
    fields: &[FieldPair<'a>],
    oneof: &'a Oneof,
    at: Option<usize>,
    twin: Option<usize>,
    side: Side,
) -> Option<OneofShift<'a>> {
    let here = |pair: &FieldPair<'a>| match side {
        Side::New => pair.new,
        Side::Old => pair.old,
    };
    let there = |pair: &FieldPair<'a>| match side {
        Side::New => pair.old,
        Side::Old => pair.new,
    };
    let members: Vec<&FieldPair<'a>> =
        fields.iter().filter(|pair| here(pair).oneof == at).collect();
    let moved = |pair: &&&FieldPair<'a>| twin.is_none() || there(pair).oneof != twin;
    let newcomers: Vec<&FieldPair<'a>> = members.iter().filter(moved).copied().collect();
    let (first, stays) = (newcomers.first()?, members.iter().find(|pair| !moved(pair)));
    // Fields of one oneof are one group; a field outside of all oneofs is a group of its own.
    let group = |pair: &FieldPair<'a>| match there(pair).oneof {
        Some(oneof) => (Some(oneof), None),
        None => (None, Some(pair.old.number)),
    };
    let groups: BTreeSet<_> = members.iter().map(|pair| group(pair)).collect();
    let from_oneofs = newcomers.iter().all(|pair| there(pair).oneof.is_some());
    let split = fields
        .iter()
        .any(|pair| pair.old.oneof == first.old.oneof && pair.new.oneof != first.new.oneof);
    if from_oneofs && groups.len() < 2 && (side == Side::Old || split) {
        // They moved on together, or their old oneof fell apart: the other side's oneof tells it.
        return None;
    }
    let other = stays
        .copied()
        .or_else(|| newcomers.iter().find(|pair| group(pair) != group(first)).copied());
    let told = [Some(*first), other].into_iter().flatten();
    let rest = newcomers.iter().filter(|pair| {
        pair.old.number != first.old.number
            && other.is_none_or(|other| pair.old.number != other.old.number)
    });
    let shown: Vec<FieldPair<'a>> = told.chain(rest.copied()).copied().collect();
    Some(OneofShift {
        oneof,
        joined: side == Side::New,
        fields: shown,
        moved: newcomers.into_iter().copied().collect(),
        exclusive: groups.len() > 1,
    })
}
