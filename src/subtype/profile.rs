//! What can be said at once of the values of a shape: what it says itself, and what all of its
//! alternatives say.
//!
//! A value that a group of alternatives accepts is accepted by one of them. What each of them says is
//! thus said of the value, whichever it is: that it is an object, that a member is there, that the
//! member is one of these texts. Unions of unions are told apart by it without being multiplied out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Json, Kinds, ShapeId};

use super::engine::Search;
use super::names::conjuncts;
use super::tables::Profile;
use super::term::{Item, Tag};
use super::unfold::number_items;

/// How deep alternatives of alternatives are looked into.
const NESTED: usize = 3;
/// More values than this are not gathered from alternatives.
const VALUES: usize = 64;

impl Search<'_> {
    /// What can be said at once of the values of a shape.
    pub(super) fn profile(&mut self, shape: ShapeId) -> Arc<Profile> {
        self.profile_within(shape, NESTED)
    }

    /// The same, without what its alternatives say.
    pub(super) fn profile_itself(&mut self, shape: ShapeId) -> Arc<Profile> {
        self.profile_within(shape, 0)
    }

    fn profile_within(&mut self, shape: ShapeId, nested: usize) -> Arc<Profile> {
        if let Some(profile) = self.tables.profiles.get(&(shape, nested)) {
            return Arc::clone(profile);
        }
        let profile = match nested.checked_sub(1) {
            None => Arc::new(self.own_profile(shape)),
            Some(nested) => self.profile_with_alternatives(shape, nested),
        };
        self.tables.profiles.insert((shape, nested), Arc::clone(&profile));
        profile
    }

    fn profile_with_alternatives(&mut self, shape: ShapeId, nested: usize) -> Arc<Profile> {
        let shapes = self.shapes;
        let mut profile = self.profile_itself(shape);
        for part in conjuncts(shapes, shape) {
            let Some(logic) = shapes.get(part).logic.get() else { continue };
            for group in logic.any_of.iter().chain(&logic.one_of) {
                if let Some(either) = self.profile_of_either(&group.value, nested) {
                    Arc::make_mut(&mut profile).add(either);
                }
            }
        }
        profile
    }

    /// What the shape and what applies with it in any case say.
    fn own_profile(&mut self, shape: ShapeId) -> Profile {
        let shapes = self.shapes;
        let mut profile = Profile::of(&self.tag(shape));
        for part in conjuncts(shapes, shape) {
            let part = shapes.get(part);
            profile.is_never |= part.boolean == Some(false);
            profile.is_stated |=
                part.kinds.is_some() || part.enumeration.is_some() || part.constant.is_some();
            for item in part.number.get().into_iter().flat_map(number_items) {
                if let Item::Number(leaf) = item {
                    profile.numbers.push(leaf);
                }
            }
            let Some(object) = part.object.get() else { continue };
            profile.required.extend(object.required.keys().cloned());
            for (name, member) in object.properties.iter() {
                let tag = self.tag_of_any(member.value);
                if !tag.is_silent() {
                    profile.add_tag(name, &tag);
                }
            }
            let is_closed = object.additional.is_some_and(|rest| {
                shapes.get(rest).boolean == Some(false) && object.patterns.is_empty()
            });
            if is_closed {
                profile.close(object.properties.keys().cloned().collect());
            }
        }
        profile
    }

    /// What all alternatives say; `None` where that is nothing.
    fn profile_of_either(&mut self, branches: &[ShapeId], nested: usize) -> Option<Profile> {
        let mut all: Vec<Profile> = Vec::with_capacity(branches.len());
        let mut kinds = Kinds::NONE;
        let mut told: Option<BTreeSet<Arc<str>>> = None;
        for branch in branches {
            let profile = self.alternative(*branch, nested);
            if profile.is_never {
                continue;
            }
            kinds = kinds.or(profile.kinds);
            let names = profile.required.iter().chain(profile.tags.keys());
            let told = match &mut told {
                None => told.insert(names.cloned().collect()),
                Some(told) => {
                    told.retain(|name| {
                        profile.required.contains(name) || profile.tags.contains_key(name)
                    });
                    told
                }
            };
            let lists =
                profile.closed.is_some() || profile.values.is_some() || profile.texts.is_some();
            if kinds == Kinds::ALL && told.is_empty() && !lists {
                return None;
            }
            all.push(profile);
        }
        Some(Profile::either(&all))
    }

    /// What an alternative says of whoever satisfies it. Of members that it marks as kept by one end of
    /// an exchange nothing is said, since who reads them there ignores what is said (`docs/verdicts.md`).
    fn alternative(&mut self, shape: ShapeId, nested: usize) -> Profile {
        let mut profile = (*self.profile_within(shape, nested)).clone();
        let marked = self.marked_for_anyone(shape);
        if !marked.is_empty() {
            profile.required.retain(|name| !marked.contains(name));
            profile.tags.retain(|name, _| !marked.contains(name));
            profile.closed = None;
        }
        profile
    }
}

impl Profile {
    /// Takes it that all of this is said as well.
    fn add(&mut self, other: Self) {
        let Self {
            is_never,
            is_stated: _,
            kinds,
            values,
            texts,
            required,
            tags,
            closed,
            numbers: _,
        } = other;
        self.is_never |= is_never;
        let tag = |kinds, values, texts| Tag { kinds, values, texts, excluded: Vec::new() };
        let own = tag(self.kinds, self.values.take(), self.texts.take());
        let Tag { kinds, values, texts, excluded: _ } = own.and(&tag(kinds, values, texts));
        (self.kinds, self.values, self.texts) = (kinds, values, texts);
        self.required.extend(required);
        for (name, tag) in tags {
            self.add_tag(&name, &tag);
        }
        if let Some(closed) = closed {
            self.close((*closed).clone());
        }
    }

    fn add_tag(&mut self, name: &Arc<str>, tag: &Tag) {
        let tag = self.tags.get(name).map_or_else(|| tag.clone(), |known| known.and(tag));
        self.tags.insert(Arc::clone(name), tag);
    }

    fn close(&mut self, names: BTreeSet<Arc<str>>) {
        self.closed = Some(Arc::new(match self.closed.take() {
            None => names,
            Some(closed) => names.into_iter().filter(|name| closed.contains(name)).collect(),
        }));
    }

    /// What each of these says. Whether types are stated is asked of the choice that is made, and
    /// bounds are none of their business.
    fn either(all: &[Self]) -> Self {
        let tag = |profile: &Self| Tag {
            kinds: profile.kinds,
            values: profile.values.clone(),
            texts: profile.texts.clone(),
            excluded: Vec::new(),
        };
        let tags: Vec<Tag> = all.iter().map(tag).collect();
        let mut either = Self::of(&Tag::either(&tags.iter().collect::<Vec<_>>(), VALUES));
        // What is inside of a listed value is looked at where the list holds.
        let has_parts = |value: &Json| matches!(value, Json::Array(_) | Json::Object(_));
        either.values = either.values.filter(|values| !values.iter().any(has_parts));
        let Some((first, others)) = all.split_first() else {
            either.is_never = true;
            return either;
        };
        either.required.clone_from(&first.required);
        either.required.retain(|name| others.iter().all(|it| it.required.contains(name)));
        either.tags = Self::shared_tags(first, all);
        let closed: Option<Vec<_>> = all.iter().map(|it| it.closed.as_deref()).collect();
        either.closed = closed.map(|all| Arc::new(all.into_iter().flatten().cloned().collect()));
        either
    }

    /// What is said of members of which each says something.
    fn shared_tags(first: &Self, all: &[Self]) -> BTreeMap<Arc<str>, Tag> {
        let shared = first.tags.keys().filter_map(|name| {
            let tags: Option<Vec<&Tag>> = all.iter().map(|it| it.tags.get(name)).collect();
            let tag = Tag::either(&tags?, VALUES);
            (!tag.is_silent()).then(|| (Arc::clone(name), tag))
        });
        shared.collect()
    }
}
