//! Members and families of members under all that the parts of a place say of them, those too that do
//! not declare them.
//!
//! The shapes of an `allOf` do not know of each other (JSON Schema 2020-12 core §10.3.2.3): where one of
//! them forbids what it does not declare, what another says of undeclared members is said of the members
//! that the first declares, and shows nowhere but there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::others::{declare, of_members};
use super::similarity::Look;
use crate::model::{Shape, ShapeId, Shapes, Stated};
use crate::rules::edit::Slot;
use crate::rules::effective::Effective;
use crate::rules::parts::{Leeway, Others};
use crate::source::Span;

/// The members and families that both sides declare and of which parts that do not declare them say
/// something else than before: by what declares them alone, and under all that is said of them. Where
/// just one part says something of what it does not declare, that shows in its own place.
pub(super) fn joined(look: Look<'_>, old: &Effective, new: &Effective) -> Vec<(Slot, Slot)> {
    let said = |side: &Effective| -> Vec<ShapeId> {
        let parts = side.others.iter().filter(|part| part.leeway == Leeway::Some);
        parts.map(|part| part.shape).collect()
    };
    let restricting =
        |side: &Effective| side.others.iter().filter(|part| part.leeway != Leeway::All).count();
    let (was, is) = (said(old), said(new));
    let are_many = restricting(old).max(restricting(new)) > 1;
    if !are_many || was.is_empty() || is.is_empty() || look.equality.same_texts(&was, &is) {
        return Vec::new();
    }
    let differ = |was: &[ShapeId], is: &[ShapeId]| {
        !was.is_empty() && was.len() == is.len() && !look.equality.same_texts(was, is)
    };
    let of_member =
        |side: &Effective, name: &str| -> Vec<ShapeId> { side.said_of_undeclared(name).collect() };
    let of_family = |side: &Effective, pattern: &Arc<str>| -> Vec<ShapeId> {
        side.said_of_family(pattern).collect()
    };
    let members = old.properties.keys().filter(|name| {
        new.properties.contains_key(*name) && differ(&of_member(old, name), &of_member(new, name))
    });
    let families = old.pattern_properties.keys().filter(|pattern| {
        new.pattern_properties.contains_key(*pattern)
            && differ(&of_family(old, pattern), &of_family(new, pattern))
    });
    let member = |name: &Arc<str>| (Slot::Property(name.clone()), Slot::Member(name.clone()));
    let family = |it: &Arc<str>| (Slot::PatternProperty(it.clone()), Slot::Family(it.clone()));
    members.map(member).chain(families.map(family)).collect()
}

/// Members and families that get one shape for all that is said of them.
pub(super) struct Joined<'f> {
    members: BTreeSet<&'f Arc<str>>,
    families: BTreeSet<&'f Arc<str>>,
}

/// What a part is to declare, so that it says nothing of it as of something undeclared.
pub(super) enum Free {
    Member(Arc<str>),
    Family(Arc<str>),
}

impl<'f> Joined<'f> {
    /// Those of the slots.
    pub(super) fn of(slots: impl Iterator<Item = &'f Slot>) -> Self {
        let (mut members, mut families) = (BTreeSet::new(), BTreeSet::new());
        for slot in slots {
            if let Slot::Member(name) = slot {
                members.insert(name);
            } else if let Slot::Family(pattern) = slot {
                families.insert(pattern);
            }
        }
        Self { members, families }
    }

    /// Which parts have to declare what, so that nothing is said of these but in their one shape.
    pub(super) fn free(&self, shapes: &Shapes, base: &Effective) -> Vec<(ShapeId, Free)> {
        let mut all = Vec::new();
        if self.members.is_empty() && self.families.is_empty() {
            return all;
        }
        for id in &base.nodes {
            let parts = Others::of(shapes, shapes.get(*id));
            for part in parts.filter(|part| part.leeway == Leeway::Some) {
                let names = self.members.iter().filter(|name| part.include(name));
                all.extend(names.map(|name| (*id, Free::Member(Arc::clone(name)))));
                let families = self.families.iter().filter(|it| !part.families.contains(**it));
                all.extend(families.map(|pattern| (*id, Free::Family(Arc::clone(pattern)))));
            }
        }
        all
    }

    /// What parts of the place say of members that they do not declare, as long as it is not in the
    /// members' one shape.
    pub(super) fn beside(&self, shapes: &mut Shapes, base: &Effective) -> Shape {
        of_members(shapes, base, base.properties.keys(), |part, name| {
            let is_apart = part.leeway != Leeway::Some || !self.members.contains(name);
            part.include(name) && is_apart
        })
    }
}

impl Free {
    /// Declares it, if the shape does not yet.
    pub(super) fn declare(&self, shape: &mut Shape, span: Span, anything: ShapeId) {
        match self {
            Self::Member(name) => declare(shape, name, anything),
            Self::Family(pattern) => {
                let patterns = &mut shape.object.edit().patterns;
                if patterns.iter().all(|(stated, _)| stated.value != *pattern) {
                    patterns.push((Stated { value: Arc::clone(pattern), span }, anything));
                }
            }
        }
    }
}
