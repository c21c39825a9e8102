//! Where an edit is shown, of a place that several parts make up together.
//!
//! Facets compare what the parts say together, and it may stand at any of them; what changed stands at
//! the part that was edited.

use std::collections::BTreeSet;

use super::edit::{Edit, Facet, Slot};
use super::effective::Effective;
use super::openness::restricts;
use crate::model::{Decimal, Json, Kinds, Shape, ShapeId, Shapes, Stated};
use crate::source::Span;

/// Shows the edit at the parts that say what changed.
pub(super) fn point(shapes: &Shapes, places: (&Effective, &Effective), edit: &mut Edit) {
    stand_at_part(shapes, places, edit);
    stand_beside(shapes, places, edit);
}

/// What one part says by itself in a facet.
#[derive(PartialEq)]
enum Said<'s> {
    Kinds(Kinds),
    Bound(Option<&'s Decimal>, Option<&'s Decimal>),
    Count(u64),
    Values(BTreeSet<&'s Json>),
    Lists(bool),
    Elements(usize, bool),
    There,
}

/// What one part says, and where.
struct Statement<'s> {
    said: Said<'s>,
    part: Span,
    span: Span,
}

/// Which of two statements changed; one of them may not have been made.
type Change<'c, 's> = (Option<&'c Statement<'s>>, Option<&'c Statement<'s>>);

/// Moves the edit to where a part says what another does not say on the other side, unless it is there.
fn stand_at_part(shapes: &Shapes, (old, new): (&Effective, &Effective), edit: &mut Edit) {
    let Some(facet) = edit.facet.clone().filter(|_| old.nodes.len().max(new.nodes.len()) > 1)
    else {
        return;
    };
    let of = |side: &Effective| -> Vec<Option<Statement<'_>>> {
        side.nodes.iter().map(|id| Statement::of(shapes, shapes.get(*id), &facet)).collect()
    };
    let (was, is) = (of(old), of(new));
    let changes = if are_alike(shapes, &old.nodes, &new.nodes) {
        let both = was.iter().zip(&is).map(|(was, is)| (was.as_ref(), is.as_ref()));
        both.filter(|(was, is)| !same(*was, *is)).collect()
    } else {
        left(&was, &is)
    };
    let is_at = |side: &Effective, shown: Option<Span>, at: Option<&Statement<'_>>| {
        let part = shown.and_then(|span| part_of(shapes, &side.nodes, span));
        part.is_some() && part == at.map(|statement| statement.part)
    };
    let (shown_old, shown_new) = (edit.old, edit.new);
    let known =
        changes.iter().find(|(was, is)| is_at(new, shown_new, *is) || is_at(old, shown_old, *was));
    let Some((was, is)) = known.or_else(|| changes.first()) else { return };
    // Where each side's words changed at another part, each is shown at its own.
    let old_stays = changes.iter().any(|(was, _)| is_at(old, shown_old, *was));
    let new_stays = changes.iter().any(|(_, is)| is_at(new, shown_new, *is));
    let place = |side: &Effective, at: Option<&Statement<'_>>| {
        at.map_or(side.span, |statement| statement.span)
    };
    if !old_stays {
        edit.old = edit.old.map(|_| place(old, *was));
    }
    if !new_stays {
        edit.new = edit.new.map(|_| place(new, *is));
    }
    if edit.anchor == shown_new {
        edit.anchor = edit.new;
    }
}

/// Of parts that do not correspond one by one: what is said on one side only.
fn left<'c, 's>(
    was: &'c [Option<Statement<'s>>],
    is: &'c [Option<Statement<'s>>],
) -> Vec<Change<'c, 's>> {
    let mut gone: Vec<&Statement<'s>> = was.iter().flatten().collect();
    let mut come = Vec::new();
    for statement in is.iter().flatten() {
        match gone.iter().position(|known| known.said == statement.said) {
            Some(known) => {
                gone.remove(known);
            }
            None => come.push(statement),
        }
    }
    let most = gone.len().max(come.len());
    (0..most).map(|index| (gone.get(index).copied(), come.get(index).copied())).collect()
}

fn same(was: Option<&Statement<'_>>, is: Option<&Statement<'_>>) -> bool {
    was.map(|statement| &statement.said) == is.map(|statement| &statement.said)
}

impl<'s> Statement<'s> {
    /// What the part says in the facet; `None` where it says nothing, and of facets that are shown where
    /// they are stated anyway.
    fn of(shapes: &Shapes, shape: &'s Shape, facet: &Facet) -> Option<Self> {
        let (number, text) = (shape.number.get(), shape.text.get());
        let (array, object) = (shape.array.get(), shape.object.get());
        let count = |stated: Option<&Stated<u64>>| {
            stated.map(|stated| (Said::Count(stated.value), stated.span))
        };
        let here = shape.span.span;
        let (said, span) = match facet {
            Facet::Kinds => shape.kinds.as_ref().map(|it| (Said::Kinds(it.value), it.span)),
            Facet::Values => values(shape),
            Facet::Value(value) => values(shape).map(|(said, span)| {
                let lists = matches!(said, Said::Values(all) if all.contains(value));
                (Said::Lists(lists), span)
            }),
            Facet::Minimum => number.and_then(|facets| {
                bound(facets.minimum.as_ref(), facets.exclusive_minimum.as_ref())
            }),
            Facet::Maximum => number.and_then(|facets| {
                bound(facets.maximum.as_ref(), facets.exclusive_maximum.as_ref())
            }),
            Facet::MinLength => count(text.and_then(|it| it.min_length.as_ref())),
            Facet::MaxLength => count(text.and_then(|it| it.max_length.as_ref())),
            Facet::MinItems => count(array.and_then(|it| it.min_items.as_ref())),
            Facet::MaxItems => count(array.and_then(|it| it.max_items.as_ref())),
            Facet::MinProperties => count(object.and_then(|it| it.min_properties.as_ref())),
            Facet::MaxProperties => count(object.and_then(|it| it.max_properties.as_ref())),
            Facet::Tuple => array.and_then(|facets| {
                let said = Said::Elements(facets.prefix.len(), facets.rest.is_some());
                (said != Said::Elements(0, false)).then_some((said, here))
            }),
            Facet::Slot(Slot::Property(name)) => object
                .and_then(|it| it.properties.get(name))
                .filter(|member| restricts(shapes, &[member.value]))
                .map(|member| (Said::There, member.span)),
            Facet::Slot(slot) => filled(shapes, shape, slot),
            Facet::Evaluated => object
                .and_then(|it| it.additional)
                .map(|id| (Said::There, shapes.get(id).span.span)),
            Facet::Multiples
            | Facet::Patterns
            | Facet::Formats
            | Facet::Encoding
            | Facet::MediaType
            | Facet::Unique
            | Facet::Contained(_)
            | Facet::ContainedCount(_)
            | Facet::Required(_)
            | Facet::DependentRequired(..)
            | Facet::Group(..)
            | Facet::Combination(_)
            | Facet::Branch(..)
            | Facet::Not(_)
            | Facet::Condition(_)
            | Facet::Consequence(..)
            | Facet::Mark(_)
            | Facet::Others(_) => None,
        }?;
        Some(Self { said, part: here, span })
    }
}

/// Whether a part restricts something by a shape in this slot, and where that is shown.
fn filled<'s>(shapes: &Shapes, shape: &Shape, slot: &Slot) -> Option<(Said<'s>, Span)> {
    let (array, object) = (shape.array.get(), shape.object.get());
    let words = [
        (Slot::UnevaluatedItems, array.and_then(|it| it.unevaluated)),
        (Slot::Names, object.and_then(|it| it.names)),
        (Slot::Additional, object.and_then(|it| it.additional)),
        (Slot::Unevaluated, object.and_then(|it| it.unevaluated)),
    ];
    let (_, id) = words.into_iter().find(|(word, _)| word == slot)?;
    let id = id.filter(|id| restricts(shapes, &[*id]))?;
    let is_of_others = [Slot::Additional, Slot::Unevaluated].contains(slot);
    let span = if is_of_others { shapes.get(id).span.span } else { shape.span.span };
    Some((Said::There, span))
}

/// The values that a part leaves, and where it lists them.
fn values(shape: &Shape) -> Option<(Said<'_>, Span)> {
    let listed = shape.enumeration.as_ref();
    let list = listed.map(|list| (list.value.iter().collect::<BTreeSet<_>>(), list.span));
    let constant = shape.constant.as_ref().map(|it| (BTreeSet::from([&it.value]), it.span));
    let (values, span) = match (list, constant) {
        (Some((all, _)), Some((one, span))) => (all.intersection(&one).copied().collect(), span),
        (list, constant) => list.or(constant)?,
    };
    Some((Said::Values(values), span))
}

fn bound<'s>(
    inclusive: Option<&'s Stated<Decimal>>,
    exclusive: Option<&'s Stated<Decimal>>,
) -> Option<(Said<'s>, Span)> {
    let span = inclusive.or(exclusive)?.span;
    let value = |stated: Option<&'s Stated<Decimal>>| stated.map(|stated| &stated.value);
    Some((Said::Bound(value(inclusive), value(exclusive)), span))
}

/// Where one side states what the other does not, the other is shown at the shape that corresponds to
/// the one that states it: a component that several places put together with others is edited once.
fn stand_beside(shapes: &Shapes, (old, new): (&Effective, &Effective), edit: &mut Edit) {
    let beside = |side: &Effective, other: &Effective, stated: Option<Span>| {
        let stated = stated.filter(|span| *span != side.span)?;
        counterpart(shapes, &side.nodes, &other.nodes, stated)
    };
    if edit.old == Some(old.span) {
        edit.old = beside(new, old, edit.new).or(edit.old);
    }
    let place = beside(old, new, edit.old).unwrap_or(new.span);
    if edit.new == Some(new.span) {
        edit.new = Some(place);
    }
    if edit.anchor == Some(new.span) {
        edit.anchor = Some(place);
    }
    edit.anchor = edit.anchor.or(Some(place));
}

/// The other side's shape that stands where the one that holds this statement does, as long as both
/// sides are put together in the same way.
fn counterpart(
    shapes: &Shapes,
    nodes: &[ShapeId],
    others: &[ShapeId],
    stated: Span,
) -> Option<Span> {
    if !are_alike(shapes, nodes, others) {
        return None;
    }
    let places = nodes.iter().map(|id| shapes.get(*id).span.span).zip(others);
    let around = places.filter(|(span, _)| span.contains(stated));
    let (_, other) = around.min_by_key(|(span, _)| span.end.saturating_sub(span.start))?;
    Some(shapes.get(*other).span.span)
}

/// Whether both sides are put together in the same way.
fn are_alike(shapes: &Shapes, nodes: &[ShapeId], others: &[ShapeId]) -> bool {
    let is_reference = |id: &ShapeId| shapes.get(*id).is_only_a_reference();
    nodes.len() == others.len()
        && nodes.iter().zip(others).all(|(one, other)| is_reference(one) == is_reference(other))
}

/// The part that a statement stands in: the innermost, for parts stand in one another.
fn part_of(shapes: &Shapes, nodes: &[ShapeId], stated: Span) -> Option<Span> {
    let places = nodes.iter().map(|id| shapes.get(*id).span.span);
    let around = places.filter(|span| span.contains(stated));
    around.min_by_key(|span| span.end.saturating_sub(span.start))
}
