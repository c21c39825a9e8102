//! Statements that stand by themselves: said again by a shape of their own, and taken back from
//! whichever shape said them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ArrayFacets, NumberFacets, ObjectFacets, Shape, Stated, TextFacets};
use crate::rules::edit::{Facet, Mark};
use crate::rules::effective::{Bound, Edge, Effective};
use crate::source::Span;

/// Shapes that say what the place says of this facet, and nothing else.
pub(super) fn plain(donor: &Effective, facet: &Facet, span: Span) -> Vec<Shape> {
    let mut extra = Shape::anything(span);
    match facet {
        Facet::Kinds => extra.kinds.clone_from(&donor.kinds),
        Facet::Values => {
            extra.enumeration = donor.values.as_ref().map(|values| Stated {
                value: values.value.iter().cloned().collect(),
                span: values.span,
            });
        }
        Facet::Minimum => {
            let (inclusive, exclusive) = bounds(donor.minimum.as_ref());
            let number = extra.number.edit();
            (number.minimum, number.exclusive_minimum) = (inclusive, exclusive);
        }
        Facet::Maximum => {
            let (inclusive, exclusive) = bounds(donor.maximum.as_ref());
            let number = extra.number.edit();
            (number.maximum, number.exclusive_maximum) = (inclusive, exclusive);
        }
        Facet::MinLength => extra.text.edit().min_length.clone_from(&donor.min_length),
        Facet::MaxLength => extra.text.edit().max_length.clone_from(&donor.max_length),
        Facet::Encoding => extra.text.edit().content_encoding = first(&donor.encodings),
        Facet::MediaType => extra.text.edit().content_media_type = first(&donor.carried),
        Facet::MinItems => extra.array.edit().min_items.clone_from(&donor.min_items),
        Facet::MaxItems => extra.array.edit().max_items.clone_from(&donor.max_items),
        Facet::Unique => {
            extra.array.edit().unique = donor.unique.map(|span| Stated { value: true, span });
        }
        Facet::Required(name) => {
            if let Some(span) = donor.required.get(name) {
                let stated = Stated { value: (), span: *span };
                Arc::make_mut(&mut extra.object.edit().required).insert(Arc::clone(name), stated);
            }
        }
        Facet::MinProperties => {
            extra.object.edit().min_properties.clone_from(&donor.min_properties);
        }
        Facet::MaxProperties => {
            extra.object.edit().max_properties.clone_from(&donor.max_properties);
        }
        Facet::DependentRequired(name, needed) => {
            if let Some(span) = donor.dependent_required.get(&(name.clone(), needed.clone())) {
                let needs = Stated { value: vec![Arc::clone(needed)], span: *span };
                extra.object.edit().dependent_required.insert(Arc::clone(name), needs);
            }
        }
        Facet::Mark(Mark::ReadOnly) => {
            extra.notes.edit().read_only.clone_from(&donor.notes.read_only);
        }
        Facet::Mark(Mark::WriteOnly) => {
            extra.notes.edit().write_only.clone_from(&donor.notes.write_only);
        }
        Facet::Multiples => return multiples(donor, span),
        Facet::Patterns => return patterns(donor, span),
        Facet::Formats => return formats(donor, span),
        Facet::Value(_)
        | Facet::Contained(_)
        | Facet::ContainedCount(_)
        | Facet::Tuple
        | Facet::Group(..)
        | Facet::Combination(_)
        | Facet::Branch(..)
        | Facet::Not(_)
        | Facet::Condition(_)
        | Facet::Consequence(..)
        | Facet::Others(_)
        | Facet::Evaluated
        | Facet::Slot(_) => return Vec::new(),
    }
    vec![extra]
}

/// Takes back what a shape says of this facet.
pub(super) fn strip_plain(shape: &mut Shape, facet: &Facet) {
    match facet {
        Facet::Kinds => shape.kinds = None,
        Facet::Values | Facet::Value(_) => strip_values(shape),
        Facet::Minimum | Facet::Maximum | Facet::Multiples => {
            if let Some(number) = shape.number.get_mut() {
                strip_number(number, facet);
            }
        }
        Facet::MinLength
        | Facet::MaxLength
        | Facet::Patterns
        | Facet::Encoding
        | Facet::MediaType => {
            if let Some(text) = shape.text.get_mut() {
                strip_text(text, facet);
            }
        }
        Facet::MinItems | Facet::MaxItems | Facet::Unique => {
            if let Some(array) = shape.array.get_mut() {
                strip_array(array, facet);
            }
        }
        Facet::Required(_)
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::DependentRequired(..) => {
            if let Some(object) = shape.object.get_mut() {
                strip_object(object, facet);
            }
        }
        Facet::Formats => {
            if let Some(notes) = shape.notes.get_mut() {
                notes.format = None;
            }
        }
        Facet::Mark(mark) => {
            if let Some(notes) = shape.notes.get_mut() {
                match mark {
                    Mark::ReadOnly => notes.read_only = None,
                    Mark::WriteOnly => notes.write_only = None,
                }
            }
        }
        Facet::Contained(_)
        | Facet::ContainedCount(_)
        | Facet::Tuple
        | Facet::Group(..)
        | Facet::Combination(_)
        | Facet::Branch(..)
        | Facet::Not(_)
        | Facet::Condition(_)
        | Facet::Consequence(..)
        | Facet::Others(_)
        | Facet::Evaluated
        | Facet::Slot(_) => {}
    }
}

/// Takes back a list of values.
pub(super) fn strip_values(shape: &mut Shape) {
    (shape.enumeration, shape.constant) = (None, None);
}

fn strip_number(number: &mut NumberFacets, facet: &Facet) {
    if *facet == Facet::Minimum {
        (number.minimum, number.exclusive_minimum) = (None, None);
    } else if *facet == Facet::Maximum {
        (number.maximum, number.exclusive_maximum) = (None, None);
    } else {
        number.multiple_of = None;
    }
}

fn strip_text(text: &mut TextFacets, facet: &Facet) {
    if *facet == Facet::MinLength {
        text.min_length = None;
    } else if *facet == Facet::MaxLength {
        text.max_length = None;
    } else if *facet == Facet::Patterns {
        text.pattern = None;
    } else if *facet == Facet::Encoding {
        text.content_encoding = None;
    } else {
        text.content_media_type = None;
    }
}

fn strip_array(array: &mut ArrayFacets, facet: &Facet) {
    if *facet == Facet::MinItems {
        array.min_items = None;
    } else if *facet == Facet::MaxItems {
        array.max_items = None;
    } else {
        array.unique = None;
    }
}

fn strip_object(object: &mut ObjectFacets, facet: &Facet) {
    if let Facet::Required(name) = facet {
        if object.required.contains_key(name) {
            Arc::make_mut(&mut object.required).remove(name);
        }
    } else if *facet == Facet::MinProperties {
        object.min_properties = None;
    } else if *facet == Facet::MaxProperties {
        object.max_properties = None;
    } else if let Facet::DependentRequired(name, needed) = facet
        && let Some(needs) = object.dependent_required.get_mut(name)
    {
        needs.value.retain(|known| known != needed);
    }
}

type Limit = Option<Stated<crate::model::Decimal>>;

/// The bound as inclusive and as exclusive statement; one of them at most.
fn bounds(bound: Option<&Stated<Bound>>) -> (Limit, Limit) {
    let Some(Stated { value: Bound { value, edge }, span }) = bound else { return (None, None) };
    let stated = Some(Stated { value: value.clone(), span: *span });
    match edge {
        Edge::Inclusive => (stated, None),
        Edge::Exclusive => (None, stated),
    }
}

fn first(all: &BTreeMap<Arc<str>, Span>) -> Option<Stated<Arc<str>>> {
    all.iter().next().map(|(text, span)| Stated { value: Arc::clone(text), span: *span })
}

fn multiples(donor: &Effective, span: Span) -> Vec<Shape> {
    let said = donor.multiples.iter().map(|(value, at)| {
        let mut shape = Shape::anything(span);
        shape.number.edit().multiple_of = Some(Stated { value: value.clone(), span: *at });
        shape
    });
    said.collect()
}

fn patterns(donor: &Effective, span: Span) -> Vec<Shape> {
    let said = donor.patterns.iter().map(|(pattern, at)| {
        let mut shape = Shape::anything(span);
        shape.text.edit().pattern = Some(Stated { value: Arc::clone(pattern), span: *at });
        shape
    });
    said.collect()
}

fn formats(donor: &Effective, span: Span) -> Vec<Shape> {
    let said = donor.formats.iter().map(|(format, at)| {
        let mut shape = Shape::anything(span);
        shape.notes.edit().format = Some(Stated { value: Arc::clone(format), span: *at });
        shape
    });
    said.collect()
}
