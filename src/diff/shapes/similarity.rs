//! How much two places say the same: a measure for pairing what has no name, never for a verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, Hash};

use crate::model::{Condition, Contains, Equality, Json, Kind, Kinds, ShapeId, Shapes, Stated};
use crate::rules::effective::{Effective, Member};
use crate::rules::union::{only_value, reference_name};
use crate::subtype::language::listed;

/// The graph, and which of its shapes are equal.
#[derive(Clone, Copy)]
pub(super) struct Look<'g> {
    pub(super) shapes: &'g Shapes,
    pub(super) equality: &'g Equality,
}

/// What a place says, each statement with its weight.
#[derive(Default)]
pub(super) struct Profile {
    statements: BTreeMap<u64, u32>,
    /// The members that hold one value, by which alternatives are told apart.
    tags: BTreeMap<u64, Tag>,
}

/// The one value of a member, and the statement that says so.
struct Tag {
    value: u64,
    statement: u64,
}

/// What is asked of a likeness, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness(u32);

impl Likeness {
    /// Two places say the same, or one says it among other things.
    pub(super) const SAME: Self = Self(1000);
    /// Two places are more alike than not.
    pub(super) const ALIKE: Self = Self(500);
    /// They are alike although they are called differently.
    pub(super) const RENAMED: Self = Self(700);

    /// So many of so many are shared.
    pub(super) fn share(shared: usize, all: usize) -> Self {
        let thousandths = shared.saturating_mul(1000).checked_div(all).unwrap_or(1000);
        Self(u32::try_from(thousandths).unwrap_or(u32::MAX))
    }
}

/// What both ends of a pairing say by nature, and so tells nothing of who is who: all alternatives of a
/// union are called events, and have a name and a time.
#[derive(Default)]
pub(super) struct Common(BTreeSet<u64>);

impl Common {
    /// What all of these say; nothing where there are no two to compare.
    pub(super) fn of(mut all: impl Iterator<Item = Profile>) -> Self {
        let (Some(first), Some(second)) = (all.next(), all.next()) else { return Self::default() };
        let mut common: BTreeSet<u64> = first.statements.into_keys().collect();
        for profile in std::iter::once(second).chain(all) {
            common.retain(|statement| profile.statements.contains_key(statement));
            if common.is_empty() {
                break;
            }
        }
        Self(common)
    }

    /// What all of these or all of those say.
    pub(super) fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// How many values of a list are looked at.
const MAX_VALUES: usize = 64;
/// How many alternatives of a group are looked at.
const MAX_BRANCHES: usize = 16;
/// How deep elements are looked at.
const MAX_DEPTH: usize = 2;

impl Profile {
    /// What these shapes say together.
    pub(super) fn of(look: Look<'_>, ids: &[ShapeId]) -> Self {
        let mut profile = Self::default();
        profile.place(look, ids, MAX_DEPTH);
        profile
    }

    /// What both say of all that is said: 1000 where they say the same.
    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        let weight = |profile: &Self| profile.statements.values().copied().map(u64::from).sum();
        let (mine, theirs): (u64, u64) = (weight(self), weight(other));
        let shared: u64 = self
            .statements
            .iter()
            .filter_map(|(statement, weight)| {
                Some(u64::from(*weight.min(other.statements.get(statement)?)))
            })
            .sum();
        let all = mine.saturating_add(theirs);
        let thousandths = (2000 * shared).checked_div(all).unwrap_or(1000);
        Likeness(u32::try_from(thousandths).unwrap_or(u32::MAX))
    }

    /// The same of two that are called differently. That much is said of them already: what tells them
    /// apart is left out, and so is what is said by all that either could be mistaken for, which tells
    /// nothing. Where one of them says nothing else, all of it counts.
    pub(super) fn likeness_renamed(&self, other: &Self, common: &Common) -> Likeness {
        let own = |profile: &Self, beside: &Self| {
            let names = profile.tags.iter().filter(|(name, tag)| {
                beside.tags.get(*name).is_some_and(|theirs| theirs.value != tag.value)
            });
            let told: BTreeSet<u64> = names.map(|(_, tag)| tag.statement).collect();
            let is_own =
                |statement: &u64| !common.0.contains(statement) && !told.contains(statement);
            let statements = profile.statements.iter().filter(|(statement, _)| is_own(statement));
            let statements = statements.map(|(statement, weight)| (*statement, *weight)).collect();
            Self { statements, tags: BTreeMap::new() }
        };
        let (mine, theirs) = (own(self, other), own(other, self));
        if mine.statements.is_empty() || theirs.statements.is_empty() {
            return self.likeness(other);
        }
        mine.likeness(&theirs)
    }

    /// What it says, each once.
    pub(super) fn statements(&self) -> impl Iterator<Item = u64> {
        self.statements.keys().copied()
    }

    /// Whether both hold one value in the same member, and not the same one.
    pub(super) fn told_apart_from(&self, other: &Self) -> bool {
        self.tags
            .iter()
            .any(|(name, tag)| other.tags.get(name).is_some_and(|it| it.value != tag.value))
    }

    fn say(&mut self, statement: impl Hash, weight: u32) {
        *self.statements.entry(digest(statement)).or_default() += weight;
    }

    fn place(&mut self, look: Look<'_>, ids: &[ShapeId], depth: usize) {
        let Some(place) = Effective::of(look.shapes, ids) else { return };
        let kinds = self.kinds(&place);
        if kinds.admits(Kinds::NONE.with(Kind::Object)) {
            self.object(look, &place);
        }
        if kinds.admits(Kinds::NONE.with(Kind::Array)) {
            self.array(look, &place, depth);
        }
        self.scalar(&place);
        self.logic(look, &place, depth);
    }

    /// What is said of types and values; the types that may occur.
    fn kinds(&mut self, place: &Effective) -> Possible {
        let mut possible = Possible(None);
        if let Some(kinds) = &place.kinds {
            possible = Possible(Some(kinds.value));
            for kind in kinds.value.iter() {
                self.say(("type", kind.name()), 2);
            }
        }
        if let Some(values) = &place.values {
            let weight = if values.value.len() == 1 { 4 } else { 2 };
            let mut types = BTreeSet::new();
            for value in values.value.iter().take(MAX_VALUES) {
                self.say(("value", value), weight);
                types.insert(value.kind().name());
            }
            if place.kinds.is_none() {
                for name in types {
                    self.say(("type", name), 2);
                }
            }
        }
        possible
    }

    fn object(&mut self, look: Look<'_>, place: &Effective) {
        for (name, member) in &place.properties {
            self.member(look, "property", name, member);
            let only = Effective::of(look.shapes, &member.shapes);
            if let Some(value) = only.as_ref().and_then(sole_value) {
                let statement = member_statement(look, "property", name, member);
                let tag = Tag { value: digest(value), statement: digest(statement) };
                self.tags.insert(digest(name), tag);
            }
        }
        for (pattern, member) in &place.pattern_properties {
            self.member(look, "pattern property", pattern, member);
        }
        for name in place.required.keys() {
            self.say(("required", name), 1);
        }
        for (keyword, ids) in
            [("others", &place.additional), ("rest", &place.unevaluated), ("names", &place.names)]
        {
            if !ids.is_empty() {
                self.say((keyword, look.classes(ids)), 1);
            }
        }
        self.stated("minProperties", place.min_properties.as_ref());
        self.stated("maxProperties", place.max_properties.as_ref());
    }

    fn member(&mut self, look: Look<'_>, keyword: &str, name: &str, member: &Member) {
        self.say((keyword, name), 3);
        self.say(member_statement(look, keyword, name, member), 2);
    }

    fn array(&mut self, look: Look<'_>, place: &Effective, depth: usize) {
        let places = place.positions.iter().chain([&place.rest]);
        for (index, ids) in places.enumerate().filter(|(_, ids)| !ids.is_empty()) {
            self.say(("element", index), 1);
            self.say(("element", index, look.classes(ids)), 1);
            if depth > 0 {
                let mut inner = Self::default();
                inner.place(look, ids, depth - 1);
                for (statement, weight) in inner.statements {
                    self.say(("in element", index, statement), weight);
                }
            }
        }
        for Contains { span: _, shape, minimum: _, maximum: _, evaluates: _ } in &place.contains {
            self.say(("contains", look.classes(&[*shape])), 2);
        }
        self.stated("minItems", place.min_items.as_ref());
        self.stated("maxItems", place.max_items.as_ref());
        if place.unique.is_some() {
            self.say("unique", 1);
        }
    }

    fn scalar(&mut self, place: &Effective) {
        let bound = |bound: &crate::rules::effective::Bound| bound.value.to_string();
        for (keyword, stated) in [("minimum", &place.minimum), ("maximum", &place.maximum)] {
            if let Some(stated) = stated {
                self.say(keyword, 1);
                self.say((keyword, bound(&stated.value)), 1);
            }
        }
        self.stated("minLength", place.min_length.as_ref());
        self.stated("maxLength", place.max_length.as_ref());
        let texts = [("pattern", &place.patterns), ("format", &place.formats)];
        for (keyword, texts) in texts.into_iter().chain([("encoding", &place.encodings)]) {
            for text in texts.keys() {
                self.say(keyword, 1);
                self.say((keyword, text), 1);
            }
        }
        for step in place.multiples.keys() {
            self.say(("multiple", step.to_string()), 1);
        }
    }

    fn logic(&mut self, look: Look<'_>, place: &Effective, depth: usize) {
        for group in place.any_of.iter().chain(&place.one_of) {
            for branch in group.value.iter().take(MAX_BRANCHES) {
                self.say(("branch", look.classes(&[*branch])), 1);
                if let Some(name) = reference_name(look.shapes, *branch) {
                    self.say(("branch", name), 1);
                }
                if depth > 0 {
                    // What an alternative says is said by the place, if by none louder.
                    let mut inner = Self::default();
                    inner.place(look, &[*branch], depth - 1);
                    for (statement, weight) in inner.statements {
                        let known = self.statements.entry(statement).or_default();
                        *known = weight.max(*known);
                    }
                }
            }
        }
        for Stated { value, span: _ } in &place.not {
            self.say(("not", look.classes(&[*value])), 2);
        }
        for Stated { value: Condition { when, then: _, otherwise: _ }, span: _ } in
            &place.conditions
        {
            self.say(("if", look.classes(&[*when])), 2);
        }
    }

    fn stated(&mut self, keyword: &str, stated: Option<&Stated<u64>>) {
        if let Some(stated) = stated {
            self.say(keyword, 1);
            self.say((keyword, stated.value), 1);
        }
    }
}

/// What is said of a member itself.
fn member_statement<'n>(
    look: Look<'_>,
    keyword: &'n str,
    name: &'n str,
    member: &Member,
) -> (&'n str, &'n str, u64) {
    (keyword, name, look.classes(&member.shapes))
}

/// The one value that a place admits, be it written as a pattern.
fn sole_value(place: &Effective) -> Option<Json> {
    let written = || {
        let mut patterns = place.patterns.keys();
        let (pattern, None) = (patterns.next()?, patterns.next()) else { return None };
        match listed(pattern)?.as_slice() {
            [only] => Some(Json::string(only.as_str())),
            _ => None,
        }
    };
    only_value(place).cloned().or_else(written)
}

/// The types that a place may have; all of them where none is stated.
struct Possible(Option<Kinds>);

impl Possible {
    fn admits(&self, kinds: Kinds) -> bool {
        self.0.is_none_or(|mine| !mine.and(kinds).is_none())
    }
}

impl Look<'_> {
    /// What tells a conjunction apart from others that say something else.
    fn classes(self, ids: &[ShapeId]) -> u64 {
        let classes: BTreeSet<_> = ids.iter().map(|id| self.equality.sense(*id)).collect();
        digest(classes)
    }
}

fn digest(statement: impl Hash) -> u64 {
    foldhash::fast::FixedState::with_seed(0x7061_6972).hash_one(statement)
}
