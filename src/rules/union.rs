//! Alternatives, exclusions and conditions.

use super::edit::{Alternatives, BranchEdit, Edits, Facet};
use super::effective::Effective;
use super::{Effect, rules};
use crate::model::{ShapeId, Shapes, Stated, Step};
use crate::source::Span;

rules! {
    /// An alternative was added
    ///
    /// Values that only the new alternative admits are refused by readers of the old contract.
    /// Where exactly one alternative must hold, values that match two are refused now.
    VARIANT_ADDED {
        id: "variant-added",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Send the new alternative only to consumers that know it, and keep alternatives disjoint.",
    }

    /// An alternative was removed
    ///
    /// Values that only it admitted are refused now.
    VARIANT_REMOVED {
        id: "variant-removed",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Deprecate the alternative, and remove it after its sunset.",
    }

    /// The way alternatives combine changed
    ///
    /// Any one of them, exactly one of them, or none: a value may be admitted by one reading and
    /// refused by the other.
    ALTERNATIVES_CHANGED {
        id: "alternatives-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Keep alternatives disjoint, so that one and any of them mean the same.",
    }

    /// What is excluded changed
    ///
    /// Values that one side excludes may be admitted by the other.
    EXCLUSION_CHANGED {
        id: "exclusion-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only exclude less in requests and more in responses.",
    }

    /// A condition changed
    ///
    /// Values for which the condition holds are held to another shape.
    CONDITION_CHANGED {
        id: "condition-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Announce the condition, measure who breaks it, then enforce it.",
    }
}

/// How the groups of alternatives at two places correspond.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairing {
    /// Old group, new group, and the pairs of their branches.
    pub(crate) groups: Vec<GroupPair>,
}

/// Two groups of alternatives that correspond.
#[derive(Clone, Debug)]
pub(crate) struct GroupPair {
    pub(crate) kind: Alternatives,
    pub(crate) index: usize,
    /// Old branch, new branch.
    pub(crate) branches: Vec<(usize, usize)>,
}

/// Compares alternatives whose branches were paired by the caller; `same_test` says whether the
/// groups at the two places can be told apart branch by branch at all.
pub(super) fn compare(
    shapes: &Shapes,
    old: &Effective,
    new: &Effective,
    pairing: &Pairing,
    edits: &mut Edits,
) {
    group(shapes, Alternatives::AnyOf, (old, new), pairing, edits);
    group(shapes, Alternatives::OneOf, (old, new), pairing, edits);
    let places = (Some(old.span), Some(new.span));
    if old.not.len() != new.not.len() {
        let message = match (old.not.is_empty(), new.not.is_empty()) {
            (true, _) => "an exclusion was added",
            (false, true) => "an exclusion was dropped",
            (false, false) => "the number of exclusions changed",
        };
        let edit = edits.push(&EXCLUSION_CHANGED, Facet::Not, message.to_owned(), places);
        edit.effect = counted(old.not.len(), new.not.len());
    }
    if old.conditions.len() != new.conditions.len() {
        let message = match (old.conditions.is_empty(), new.conditions.is_empty()) {
            (true, _) => "a condition was added",
            (false, true) => "a condition was dropped",
            (false, false) => "the number of conditions changed",
        };
        let edit = edits.push(&CONDITION_CHANGED, Facet::Conditions, message.to_owned(), places);
        edit.effect = counted(old.conditions.len(), new.conditions.len());
    }
}

fn group(
    shapes: &Shapes,
    kind: Alternatives,
    (old, new): (&Effective, &Effective),
    pairing: &Pairing,
    edits: &mut Edits,
) {
    let (was, is) = (groups(old, kind), groups(new, kind));
    let facet = match kind {
        Alternatives::AnyOf => Facet::AnyOf,
        Alternatives::OneOf => Facet::OneOf,
    };
    if was.len() != is.len() {
        let word = match kind {
            Alternatives::AnyOf => "`anyOf`",
            Alternatives::OneOf => "`oneOf`",
        };
        let message = match (was.is_empty(), is.is_empty()) {
            (true, _) => format!("{word} was added"),
            (false, true) => format!("{word} was dropped"),
            (false, false) => format!("the number of {word} changed"),
        };
        let span = |side: &[Stated<Vec<ShapeId>>], place| side.first().map_or(place, |g| g.span);
        let spans = (Some(span(was, old.span)), Some(span(is, new.span)));
        edits.push(&ALTERNATIVES_CHANGED, facet, message, spans).effect =
            counted(was.len(), is.len());
        return;
    }
    for (index, (was, is)) in was.iter().zip(is).enumerate() {
        let pairs = pairing.groups.iter().find(|pair| pair.kind == kind && pair.index == index);
        let pairs: &[(usize, usize)] = pairs.map_or(&[], |pair| &pair.branches);
        for (removed, id) in was.value.iter().enumerate() {
            if !pairs.iter().any(|(old, _)| *old == removed) {
                let facet = Facet::Branch(kind, index, BranchEdit::Removed(removed));
                let name = branch_name(shapes, *id, removed);
                let message = format!("alternative {name} was removed");
                let spans = (Some(at(shapes, *id)), Some(is.span));
                let edit = edits.push(&VARIANT_REMOVED, facet, message, spans);
                edit.at(Step::Branch(name.clone().into())).evidence(&name, &"");
            }
        }
        for (added, id) in is.value.iter().enumerate() {
            if !pairs.iter().any(|(_, new)| *new == added) {
                let facet = Facet::Branch(kind, index, BranchEdit::Added(added));
                let name = branch_name(shapes, *id, added);
                let message = format!("alternative {name} was added");
                let spans = (Some(was.span), Some(at(shapes, *id)));
                let edit = edits.push(&VARIANT_ADDED, facet, message, spans);
                edit.at(Step::Branch(name.clone().into())).evidence(&"", &name);
            }
        }
    }
}

/// The groups of this kind, in order.
pub(crate) fn groups(side: &Effective, kind: Alternatives) -> &[Stated<Vec<ShapeId>>] {
    match kind {
        Alternatives::AnyOf => &side.any_of,
        Alternatives::OneOf => &side.one_of,
    }
}

/// What people call a branch: the last word of its reference, its title, else its position.
pub(crate) fn branch_name(shapes: &Shapes, id: ShapeId, index: usize) -> String {
    let shape = shapes.get(id);
    if let Some(reference) = &shape.reference {
        let name = reference.name.rsplit(['/', '#']).next().unwrap_or(&reference.name);
        return format!("`{name}`");
    }
    if let Some(title) = shape.notes.get().and_then(|notes| notes.title.as_ref()) {
        return format!("`{}`", title.value);
    }
    if let Some(constant) = &shape.constant {
        return format!("`{}`", constant.value);
    }
    if let Some(kinds) = &shape.kinds {
        let words: Vec<&str> = kinds.value.iter().map(crate::model::Kind::name).collect();
        return format!("{} (`{}`)", index + 1, words.join(" | "));
    }
    (index + 1).to_string()
}

fn at(shapes: &Shapes, id: ShapeId) -> Span {
    shapes.get(id).span.span
}

fn counted(was: usize, is: usize) -> Effect {
    if was == 0 {
        Effect::Narrows
    } else if is == 0 {
        Effect::Widens
    } else {
        Effect::Replaces
    }
}
