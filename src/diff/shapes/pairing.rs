//! Which part without a name is which at the other place: branches of alternatives, exclusions,
//! conditions, demands on what an array contains.
//!
//! Identity comes first: equal parts, then parts that are called the same, then parts told apart by
//! the same value. What is left is paired by likeness, the most alike first, and what is alike to
//! nothing was removed or added. All but the likeness of leftovers is linear.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::FixedState;

use super::respelling::{says_nothing_else, sole_group};
use super::similarity::{Common, Likeness, Look, Profile};
use super::telling::Told;
use crate::model::{Class, Condition, Json, Kind, Kinds, ShapeId, Stated, spelling};
use crate::rules::edit::{Alternatives, Both, GroupAt};
use crate::rules::effective::Effective;
use crate::rules::matching::{GroupPair, Matching, Pairing};
use crate::rules::union::{group, groups, only_value, reference_name};

/// How many parts of two lists are compared each with each; of more, only those are that share what few
/// say.
const MAX_LEFTOVERS: usize = 48;
/// How many parts of a list are looked at for likeness at all; the rest was removed or added.
const MAX_LOOKED_AT: usize = 2_000;
/// By how many parts of a list something may be said so that few say it.
const FEW: usize = 4;

/// Pairs what the two places list. `nothing` is the branch that a respelling filled a group up with.
pub(super) fn pair(look: Look<'_>, nothing: ShapeId, old: &Effective, new: &Effective) -> Pairing {
    let mut pairing = Pairing { replaced: replaced(look, old, new), ..Pairing::default() };
    if pairing.replaced.is_some() {
        return pairing;
    }
    pair_groups(look, nothing, old, new, &mut pairing);
    let shapes = |stated: &[Stated<ShapeId>]| -> Vec<ShapeId> {
        stated.iter().map(|not| not.value).collect()
    };
    pairing.not = lone(look, &shapes(&old.not), &shapes(&new.not));
    let shapes =
        |side: &Effective| -> Vec<ShapeId> { side.contains.iter().map(|it| it.shape).collect() };
    pairing.contained = lone(look, &shapes(old), &shapes(new));
    pairing.conditions = conditions(look, &old.conditions, &new.conditions);
    pairing
}

/// The group that is all one side says, where the other side says something else and no group.
fn replaced(look: Look<'_>, old: &Effective, new: &Effective) -> Option<Both<Option<GroupAt>>> {
    let alone = |side: &Effective| {
        let only = side.kinds.is_none() && says_nothing_else(look.shapes, side);
        sole_group(side).filter(|_| only)
    };
    let plain = |side: &Effective| {
        let grouped = !side.any_of.is_empty() || !side.one_of.is_empty();
        let says = side.kinds.is_some() || !says_nothing_else(look.shapes, side);
        !grouped && says
    };
    match (alone(old), alone(new)) {
        (Some(was), None) if plain(new) => Some(Both { old: Some(was), new: None }),
        (None, Some(is)) if plain(old) => Some(Both { old: None, new: Some(is) }),
        _ => None,
    }
}

/// A list in which parts are still without partner.
struct Open {
    old: Vec<usize>,
    new: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

impl Open {
    fn new(old: impl Iterator<Item = usize>, new: impl Iterator<Item = usize>) -> Self {
        Self { old: old.collect(), new: new.collect(), pairs: Vec::new() }
    }

    /// Pairs what has the same key, in order.
    fn by_key<K: Hash + Eq>(
        &mut self,
        old: impl Fn(usize) -> Option<K>,
        new: impl Fn(usize) -> Option<K>,
    ) {
        if self.old.is_empty() || self.new.is_empty() {
            return;
        }
        let mut waiting: HashMap<K, VecDeque<usize>, FixedState> = HashMap::default();
        for index in &self.new {
            if let Some(key) = new(*index) {
                waiting.entry(key).or_default().push_back(*index);
            }
        }
        let mut taken = BTreeSet::new();
        let pairs = &mut self.pairs;
        self.old.retain(|index| {
            let partner = old(*index).and_then(|key| waiting.get_mut(&key)?.pop_front());
            let Some(partner) = partner else { return true };
            pairs.push((*index, partner));
            taken.insert(partner);
            false
        });
        self.new.retain(|index| !taken.contains(index));
    }

    /// Each with each, as far as that is worth the while.
    fn all_pairs(&self) -> BTreeSet<(usize, usize)> {
        let new = self.new.iter().take(MAX_LEFTOVERS);
        let old = self.old.iter().take(MAX_LEFTOVERS);
        old.flat_map(|old| new.clone().map(|new| (*old, *new))).collect()
    }

    /// Pairs the most alike of these that are alike enough; of equals what is where it was.
    fn by_likeness(
        &mut self,
        among: BTreeSet<(usize, usize)>,
        likeness: impl Fn(usize, usize) -> Option<Likeness>,
    ) {
        let likely = among.into_iter().filter_map(|(old, new)| {
            let likeness = std::cmp::Reverse(likeness(old, new)?);
            Some((likeness, old.abs_diff(new), old, new))
        });
        let mut candidates: Vec<_> = likely.collect();
        candidates.sort_unstable();
        for (_, _, old, new) in candidates {
            if self.old.contains(&old) && self.new.contains(&new) {
                self.pairs.push((old, new));
                self.old.retain(|index| *index != old);
                self.new.retain(|index| *index != new);
            }
        }
    }

    fn close(mut self) -> Matching {
        self.pairs.sort_unstable();
        Matching { pairs: self.pairs, removed: self.old, added: self.new }
    }
}

/// Pairs groups, those first whose branches are the same, and then the branches of each pair.
fn pair_groups(
    look: Look<'_>,
    nothing: ShapeId,
    old: &Effective,
    new: &Effective,
    pairing: &mut Pairing,
) {
    let all = |side: &Effective| -> Vec<GroupAt> {
        let of = |kind| (0..groups(side, kind).len()).map(move |index| GroupAt { kind, index });
        of(Alternatives::AnyOf).chain(of(Alternatives::OneOf)).collect()
    };
    let (was, is) = (all(old), all(new));
    if was.is_empty() && is.is_empty() {
        return;
    }
    let mut open = Open::new(0..was.len(), 0..is.len());
    let classes = |side, all: &[GroupAt], index: usize| -> Option<(Alternatives, BTreeSet<_>)> {
        let at = all.get(index)?;
        let branches = &group(side, *at)?.value;
        Some((at.kind, branches.iter().map(|id| look.equality.sense(*id)).collect()))
    };
    open.by_key(|index| classes(old, &was, index), |index| classes(new, &is, index));
    let compared: RefCell<BTreeMap<(usize, usize), GroupPair>> = RefCell::default();
    let branches = |old_at: usize, new_at: usize| -> Option<GroupPair> {
        if let Some(known) = compared.borrow().get(&(old_at, new_at)) {
            return Some(known.clone());
        }
        let at = Both { old: *was.get(old_at)?, new: *is.get(new_at)? };
        let (was, is) = (group(old, at.old)?, group(new, at.new)?);
        let branches = branches(look, nothing, &was.value, &is.value);
        let pair = GroupPair { at, branches };
        compared.borrow_mut().insert((old_at, new_at), pair.clone());
        Some(pair)
    };
    open.by_likeness(open.all_pairs(), |was, is| {
        let GroupPair { at, branches } = branches(was, is)?;
        let Matching { pairs, removed, added } = branches;
        let share = Likeness::share(2 * pairs.len(), 2 * pairs.len() + removed.len() + added.len());
        (!pairs.is_empty() || at.old.kind == at.new.kind).then_some(share)
    });
    let Matching { pairs, removed, added } = open.close();
    pairing.groups = pairs.into_iter().filter_map(|(was, is)| branches(was, is)).collect();
    let at = |all: &[GroupAt], indices: Vec<usize>| {
        indices.into_iter().filter_map(|index| all.get(index).copied()).collect()
    };
    (pairing.groups_removed, pairing.groups_added) = (at(&was, removed), at(&is, added));
}

fn branches(look: Look<'_>, nothing: ShapeId, old: &[ShapeId], new: &[ShapeId]) -> Matching {
    let real = |all: &[ShapeId]| {
        let found = all.iter().enumerate().filter(|(_, id)| **id != nothing);
        found.map(|(index, _)| index).collect::<Vec<_>>().into_iter()
    };
    let mut open = Open::new(real(old), real(new));
    identical(look, &mut open, old, new);
    let name = |all: &[ShapeId], index: usize| {
        all.get(index).and_then(|id| reference_name(look.shapes, *id)).map(str::to_owned)
    };
    open.by_key(|index| name(old, index), |index| name(new, index));
    if !open.old.is_empty() && !open.new.is_empty() {
        let spelled = |all: &[ShapeId], index: usize| {
            let id = all.get(index).filter(|id| look.shapes.get(**id).reference.is_none())?;
            Some(spelling(look.shapes, *id))
        };
        open.by_key(|index| spelled(old, index), |index| spelled(new, index));
        let (was, is) = (Told::apart(look, old), Told::apart(look, new));
        open.by_key(|index| was.title(index), |index| is.title(index));
        open.by_key(|index| was.tag(index, &is), |index| is.tag(index, &was));
        let differ = |was: usize, is: usize| {
            let (was, is) = (name(old, was), name(new, is));
            was.is_some() && is.is_some() && was != is
        };
        let common = said_by_all(look, old).or(said_by_all(look, new));
        alike(look, &mut open, (old, new), differ, &common);
        lone_object(look, &mut open, (old, new));
    }
    open.close()
}

/// Pairs the only alternative on each side that may be an object, however little they have in common:
/// beside `null` or a text it is what the place is about, as it would be without them. One that is told
/// apart by its tag is another.
fn lone_object(look: Look<'_>, open: &mut Open, (old, new): (&[ShapeId], &[ShapeId])) {
    let lone = |all: &[ShapeId], left: &[usize]| {
        let objects = all.iter().filter(|id| may_be_object(look, **id)).take(2).count();
        let only =
            left.iter().find(|index| all.get(**index).is_some_and(|id| may_be_object(look, *id)));
        only.copied().filter(|_| objects == 1)
    };
    let (Some(was), Some(is)) = (lone(old, &open.old), lone(new, &open.new)) else { return };
    let profile = |all: &[ShapeId], index: usize| Some(Profile::of(look, &[*all.get(index)?]));
    let apart = profile(old, was).zip(profile(new, is));
    if apart.is_some_and(|(was, is)| !was.told_apart_from(&is)) {
        open.by_key(|index| (index == was).then_some(()), |index| (index == is).then_some(()));
    }
}

/// Whether objects are among what the shape admits, as far as its types and values say, and those of
/// its alternatives.
fn may_be_object(look: Look<'_>, id: ShapeId) -> bool {
    /// How deep alternatives of alternatives are looked at.
    const MAX_DEPTH: usize = 4;
    may_be_object_within(look, id, MAX_DEPTH)
}

fn may_be_object_within(look: Look<'_>, id: ShapeId, depth: usize) -> bool {
    let Some((place, depth)) = Effective::of(look.shapes, &[id]).zip(depth.checked_sub(1)) else {
        return true;
    };
    let object = Kinds::NONE.with(Kind::Object);
    let is_object = |value: &Json| value.kind() == Kind::Object;
    place.nothing.is_none()
        && place.kinds.as_ref().is_none_or(|kinds| !kinds.value.and(object).is_none())
        && place.values.as_ref().is_none_or(|values| values.value.iter().any(is_object))
        && place
            .any_of
            .iter()
            .chain(&place.one_of)
            .all(|group| group.value.iter().any(|id| may_be_object_within(look, *id, depth)))
}

/// Pairs what says the same, and first of all what is called the same or stands where it stood.
fn identical(look: Look<'_>, open: &mut Open, old: &[ShapeId], new: &[ShapeId]) {
    let text = |all: &[ShapeId], index: usize| look.equality.text(*all.get(index)?);
    let stood = |all: &[ShapeId], index: usize| {
        let name = reference_name(look.shapes, *all.get(index)?).map(str::to_owned);
        let place = name.is_none().then_some(index);
        Some((name, place, text(all, index)?))
    };
    open.by_key(|index| stood(old, index), |index| stood(new, index));
    open.by_key(|index| text(old, index), |index| text(new, index));
    let sense = |all: &[ShapeId], index: usize| look.equality.sense(*all.get(index)?);
    open.by_key(|index| sense(old, index), |index| sense(new, index));
}

/// What all branches of a group say that may be objects.
fn said_by_all(look: Look<'_>, all: &[ShapeId]) -> Common {
    let objects = all.iter().take(MAX_LOOKED_AT).filter(|id| may_be_object(look, **id));
    Common::of(objects.map(|id| Profile::of(look, &[*id])))
}

/// Pairs what says nearly the same; `renamed` tells which two are called differently. What is common to
/// all of a side is no evidence that two of them are the same.
fn alike(
    look: Look<'_>,
    open: &mut Open,
    (old, new): (&[ShapeId], &[ShapeId]),
    renamed: impl Fn(usize, usize) -> bool,
    common: &Common,
) {
    if open.old.is_empty() || open.new.is_empty() {
        return;
    }
    let profiles = |all: &[ShapeId], indices: &[usize]| -> HashMap<usize, Profile> {
        let known = indices
            .iter()
            .take(MAX_LOOKED_AT)
            .filter_map(|index| Some((*index, Profile::of(look, &[*all.get(*index)?]))));
        known.collect()
    };
    let (was, is) = (profiles(old, &open.old), profiles(new, &open.new));
    let among = likely(open, &was, &is);
    open.by_likeness(among, |a, b| {
        let ids = (*old.get(a)?, *new.get(b)?);
        if is_wrapped(look, ids.0, ids.1) || is_wrapped(look, ids.1, ids.0) {
            return Some(Likeness::SAME);
        }
        let (before, after) = (was.get(&a)?, is.get(&b)?);
        let (likeness, asked) = if renamed(a, b) || before.told_apart_from(after) {
            (before.likeness_renamed(after, common), Likeness::RENAMED)
        } else {
            (before.likeness(after), Likeness::ALIKE)
        };
        (likeness >= asked).then_some(likeness)
    });
    let kinds = |all: &[ShapeId], index: usize| simple_kinds(look, *all.get(index)?);
    let was = unique(&open.old, |index| kinds(old, index));
    let is = unique(&open.new, |index| kinds(new, index));
    open.by_key(
        |index| kinds(old, index).filter(|kinds| was.contains(kinds)),
        |index| kinds(new, index).filter(|kinds| is.contains(kinds)),
    );
}

/// The pairs that are worth comparing: each with each, and of long lists those that share what few on
/// either side say.
fn likely(
    open: &Open,
    old: &HashMap<usize, Profile>,
    new: &HashMap<usize, Profile>,
) -> BTreeSet<(usize, usize)> {
    let mut pairs = open.all_pairs();
    if open.old.len() <= MAX_LEFTOVERS && open.new.len() <= MAX_LEFTOVERS {
        return pairs;
    }
    let (old, new) = (speakers(&open.old, old), speakers(&open.new, new));
    for (statement, olds) in &old {
        let news = new.get(statement).filter(|news| olds.len().max(news.len()) <= FEW);
        for is in news.into_iter().flatten() {
            pairs.extend(olds.iter().map(|was| (*was, *is)));
        }
    }
    pairs
}

/// Which parts say each statement.
fn speakers(indices: &[usize], profiles: &HashMap<usize, Profile>) -> BTreeMap<u64, Vec<usize>> {
    let mut speakers: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for index in indices {
        for statement in profiles.get(index).into_iter().flat_map(Profile::statements) {
            speakers.entry(statement).or_default().push(*index);
        }
    }
    speakers
}

/// Whether the one is an alternative of the other, which says nothing else.
fn is_wrapped(look: Look<'_>, inner: ShapeId, outer: ShapeId) -> bool {
    let Some(outer) = Effective::of(look.shapes, &[outer]) else { return false };
    let group = sole_group(&outer).and_then(|at| group(&outer, at));
    group.is_some_and(|group| group.value.iter().any(|id| look.equality.same_sense(*id, inner)))
        && says_nothing_else(look.shapes, &outer)
}

/// The types of a branch that is not an object and not a single value.
fn simple_kinds(look: Look<'_>, id: ShapeId) -> Option<Kinds> {
    let place = Effective::of(look.shapes, &[id])?;
    let kinds = place.kinds.as_ref()?.value;
    let object = !kinds.and(Kinds::NONE.with(Kind::Object)).is_none();
    (!object && only_value(&place).is_none()).then_some(kinds)
}

/// The keys that one element only has.
fn unique<K: Ord + Clone>(indices: &[usize], key: impl Fn(usize) -> Option<K>) -> BTreeSet<K> {
    let (mut once, mut often) = (BTreeSet::new(), BTreeSet::new());
    for key in indices.iter().filter_map(|index| key(*index)) {
        if !once.insert(key.clone()) {
            often.insert(key);
        }
    }
    once.difference(&often).cloned().collect()
}

/// Pairs shapes of lists that mostly hold one: two that are alone correspond.
fn lone(look: Look<'_>, old: &[ShapeId], new: &[ShapeId]) -> Matching {
    if old.is_empty() && new.is_empty() {
        return Matching::default();
    }
    let mut open = Open::new(0..old.len(), 0..new.len());
    identical(look, &mut open, old, new);
    if old.len() == 1 && new.len() == 1 {
        open.by_key(|_| Some(()), |_| Some(()));
    }
    alike(look, &mut open, (old, new), |_, _| false, &Common::default());
    open.close()
}

fn conditions(look: Look<'_>, old: &[Stated<Condition>], new: &[Stated<Condition>]) -> Matching {
    type Classes = (Option<Class>, Option<Option<Class>>, Option<Option<Class>>);
    if old.is_empty() && new.is_empty() {
        return Matching::default();
    }
    let mut open = Open::new(0..old.len(), 0..new.len());
    let all = |side: &[Stated<Condition>], index: usize| -> Option<Classes> {
        let Condition { when, then, otherwise } = side.get(index)?.value.clone();
        let class = |id: ShapeId| look.equality.sense(id);
        Some((class(when), then.map(class), otherwise.map(class)))
    };
    open.by_key(|index| all(old, index), |index| all(new, index));
    let when = |side, index| all(side, index).map(|(when, _, _)| when);
    open.by_key(|index| when(old, index), |index| when(new, index));
    let follows = |side, index| all(side, index).map(|(_, then, otherwise)| (then, otherwise));
    open.by_key(|index| follows(old, index), |index| follows(new, index));
    if old.len() == 1 && new.len() == 1 {
        open.by_key(|_| Some(()), |_| Some(()));
    }
    let tests = |side: &[Stated<Condition>]| -> Vec<ShapeId> {
        side.iter().map(|condition| condition.value.when).collect()
    };
    alike(look, &mut open, (&tests(old), &tests(new)), |_, _| false, &Common::default());
    open.close()
}
