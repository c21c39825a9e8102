//! Alternatives: groups of shapes of which one must hold, or exactly one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Alternatives, Both, Edits, Facet, GroupAt, Listed, Slot};
use super::effective::{Effective, nodes_of};
use super::matching::{GroupPair, Pairing};
use super::{Effect, rules};
use crate::model::{Json, LogicFacets, ShapeId, Shapes, Stated, Step};
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
        fix: "Let a new group admit what came before; keep alternatives disjoint, and one and any \
              of them are the same.",
    }
}

/// Compares alternatives whose branches were paired by the caller.
pub(super) fn compare(
    shapes: &Shapes,
    old: &Effective,
    new: &Effective,
    pairing: &Pairing,
    edits: &mut Edits,
) {
    if let Some(at) = pairing.replaced {
        replaced(shapes, (old, new), at, edits);
    }
    for at in &pairing.groups_removed {
        whole_group(shapes, (old, *at), new.span, Listed::Removed(at.index), edits);
    }
    for at in &pairing.groups_added {
        whole_group(shapes, (new, *at), old.span, Listed::Added(at.index), edits);
    }
    for pair in &pairing.groups {
        let (Some(was), Some(is)) = (group(old, pair.at.old), group(new, pair.at.new)) else {
            continue;
        };
        if pair.at.old.kind != pair.at.new.kind && was.value.len() > 1 && is.value.len() > 1 {
            let (before, after) = (word(pair.at.old.kind), word(pair.at.new.kind));
            let message = format!("`{before}` became `{after}`");
            let spans = (Some(was.span), Some(is.span));
            edits
                .push(&ALTERNATIVES_CHANGED, Facet::Combination(pair.at), message, spans)
                .evidence(&before, &after);
        }
        branches(shapes, pair, (was, is), edits);
    }
}

/// A group that has nothing in common with what the other side says instead of it.
fn replaced(
    shapes: &Shapes,
    (old, new): (&Effective, &Effective),
    Both { old: was, new: is }: Both<Option<GroupAt>>,
    edits: &mut Edits,
) {
    let told = |side: &Effective, at: Option<GroupAt>| {
        let (at, stated) = (at?, group(side, at?)?);
        let names: Vec<String> = branch_names(shapes, &stated.value).iter().map(quoted).collect();
        let (words, known) = (listed(&names), names.join(" "));
        let kind = word(at.kind);
        Some((format!("`{kind}` of {words}"), format!("{kind} {known}"), stated.span))
    };
    let missing = |side: &Effective| ("another shape".to_owned(), String::new(), side.span);
    let (was, was_known, was_span) = told(old, was).unwrap_or_else(|| missing(old));
    let (is, is_known, is_span) = told(new, is).unwrap_or_else(|| missing(new));
    let message = format!("{is} took the place of {was}");
    let spans = (Some(was_span), Some(is_span));
    edits
        .push(&ALTERNATIVES_CHANGED, Facet::Slot(Slot::Itself), message, spans)
        .evidence(&was_known, &is_known);
}

/// A group that only one side has.
fn whole_group(
    shapes: &Shapes,
    (side, at): (&Effective, GroupAt),
    other: Span,
    edit: Listed,
    edits: &mut Edits,
) {
    let Some(group) = group(side, at) else { return };
    let names: Vec<String> = branch_names(shapes, &group.value).iter().map(quoted).collect();
    let known = names.join(" ");
    let (verb, spans, effect, [was, is]) = match edit {
        Listed::Removed(_) => {
            ("dropped", (Some(group.span), Some(other)), Effect::Widens, [&*known, ""])
        }
        Listed::Added(_) => {
            ("added", (Some(other), Some(group.span)), Effect::Narrows, ["", &*known])
        }
    };
    let message = format!("`{}` of {} was {verb}", word(at.kind), listed(&names));
    let pushed = edits.push(&ALTERNATIVES_CHANGED, Facet::Group(at.kind, edit), message, spans);
    pushed.evidence(&was, &is).effect = effect;
}

fn branches(
    shapes: &Shapes,
    pair: &GroupPair,
    (was, is): (&Stated<Vec<ShapeId>>, &Stated<Vec<ShapeId>>),
    edits: &mut Edits,
) {
    // Of a group that is only gone through on the way in, nobody asks what its branches are called.
    let names = |group: &Stated<Vec<ShapeId>>, told: &[usize]| {
        if told.is_empty() { Vec::new() } else { branch_names(shapes, &group.value) }
    };
    let (before, after) = (names(was, &pair.branches.removed), names(is, &pair.branches.added));
    let name = |names: &[Arc<str>], index: usize| names.get(index).cloned().unwrap_or_default();
    let at = |group: &Stated<Vec<ShapeId>>, index: usize| {
        group.value.get(index).map_or(group.span, |id| shapes.get(*id).span.span)
    };
    for index in &pair.branches.removed {
        let facet = Facet::Branch(pair.at, Listed::Removed(*index));
        let name = name(&before, *index);
        let message = format!("alternative {} was removed", quoted(&name));
        let spans = (Some(at(was, *index)), Some(is.span));
        let edit = edits.push(&VARIANT_REMOVED, facet, message, spans);
        edit.at(Step::Branch(name.clone())).evidence(&name, &"");
    }
    for index in &pair.branches.added {
        let facet = Facet::Branch(pair.at, Listed::Added(*index));
        let name = name(&after, *index);
        let message = format!("alternative {} was added", quoted(&name));
        let spans = (Some(was.span), Some(at(is, *index)));
        let edit = edits.push(&VARIANT_ADDED, facet, message, spans);
        edit.at(Step::Branch(name.clone())).evidence(&"", &name);
    }
}

fn word(kind: Alternatives) -> &'static str {
    match kind {
        Alternatives::AnyOf => "anyOf",
        Alternatives::OneOf => "oneOf",
    }
}

/// The groups of this kind, in order.
pub(crate) fn groups(side: &Effective, kind: Alternatives) -> &[Stated<Vec<ShapeId>>] {
    match kind {
        Alternatives::AnyOf => &side.any_of,
        Alternatives::OneOf => &side.one_of,
    }
}

/// The group at this position.
pub(crate) fn group(side: &Effective, at: GroupAt) -> Option<&Stated<Vec<ShapeId>>> {
    groups(side, at.kind).get(at.index)
}

/// What people call the branches of a group: what each one is called by itself, with its position
/// where two are called the same or one is not called anything.
pub(crate) fn branch_names(shapes: &Shapes, branches: &[ShapeId]) -> Vec<Arc<str>> {
    let names: Vec<Option<String>> = branches.iter().map(|id| branch_name(shapes, *id)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let unique = names.iter().enumerate().map(|(index, name)| match name {
        Some(name) if counts.get(name.as_str()) == Some(&1) => name.as_str().into(),
        Some(name) => format!("{} ({name})", index + 1).into(),
        None => (index + 1).to_string().into(),
    });
    unique.collect()
}

/// What a branch is called by itself: the last word of its reference, its title, the value by which it
/// is told apart, else its types.
fn branch_name(shapes: &Shapes, id: ShapeId) -> Option<String> {
    if let Some(name) = reference_name(shapes, id) {
        return Some(name.to_owned());
    }
    let place = Effective::of(shapes, &[id])?;
    if let Some(title) = &place.notes.title {
        return Some(title.value.to_string());
    }
    if let Some(value) = only_value(&place) {
        return Some(value.to_string());
    }
    let tag = place.properties.iter().find_map(|(name, member)| {
        Some(format!("{name}: {}", only_value_of(shapes, &member.shapes)?))
    });
    let kinds = || {
        let kinds = place.kinds.as_ref()?.value;
        let words: Vec<&str> = kinds.iter().map(crate::model::Kind::name).collect();
        Some(words.join(" | "))
    };
    tag.or_else(kinds)
}

/// The last word of the reference that a branch is, or of the one that it holds and adds to.
pub(crate) fn reference_name(shapes: &Shapes, id: ShapeId) -> Option<&str> {
    let shape = shapes.get(id);
    let reference = shape.reference.as_ref().or_else(|| {
        let LogicFacets { all_of, any_of: _, one_of: _, not: _, condition: _ } =
            shape.logic.get()?;
        let mut referring = all_of.iter().filter_map(|id| shapes.get(*id).reference.as_ref());
        let first = referring.next()?;
        referring.next().is_none().then_some(first)
    })?;
    reference.name.rsplit(['/', '#']).next()
}

/// The value of a place that admits one only.
pub(crate) fn only_value(place: &Effective) -> Option<&Json> {
    let values = &place.values.as_ref()?.value;
    values.first().filter(|_| values.len() == 1)
}

/// The value that these shapes admit together, where they admit one only.
pub(crate) fn only_value_of(shapes: &Shapes, conjuncts: &[ShapeId]) -> Option<Json> {
    let lists = |id: &ShapeId| {
        let shape = shapes.get(*id);
        shape.enumeration.is_some() || shape.constant.is_some()
    };
    // Most list no values, and what else they say does not matter.
    let nodes = nodes_of(shapes, conjuncts);
    let place = nodes.iter().any(lists).then(|| Effective::of(shapes, conjuncts))??;
    only_value(&place).cloned()
}

fn quoted(name: &Arc<str>) -> String {
    format!("`{name}`")
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut words = names.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    if names.len() > SHOWN {
        words.push(format!("… ({} alternatives)", names.len()));
    }
    words.join(", ")
}
