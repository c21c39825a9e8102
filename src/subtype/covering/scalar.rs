//! What shows at once of types, values, numbers and texts.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::Covering;
use crate::model::{Decimal, Json, Kinds, NumberFacets, ShapeId, Stated, TextFacets};

impl Covering<'_> {
    /// The types that are left.
    pub(super) fn kinds(&self, nodes: &[ShapeId]) -> Kinds {
        let stated = self.said(nodes).filter_map(|shape| shape.kinds.as_ref());
        stated.fold(Kinds::ALL, |left, kinds| left.and(kinds.value))
    }

    /// Whether the value is one of a list that is part of this one.
    pub(super) fn listed(&self, nodes: &[ShapeId], values: &[Json]) -> bool {
        let known: HashSet<&Json, FixedState> = values.iter().collect();
        self.said(nodes).any(|shape| {
            let is_known = |value: &Json| known.contains(value);
            shape.constant.as_ref().is_some_and(|it| is_known(&it.value))
                || shape.enumeration.as_ref().is_some_and(|list| list.value.iter().all(is_known))
        })
    }

    pub(super) fn has_format(&self, nodes: &[ShapeId], format: &str) -> bool {
        let formats = self.said(nodes).filter_map(|shape| shape.notes.get()?.format.as_ref());
        formats.into_iter().any(|stated| *stated.value == *format)
    }

    pub(super) fn number(&self, nodes: &[ShapeId], asked: &NumberFacets) -> bool {
        let NumberFacets { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of } =
            asked;
        let any = |passes: &dyn Fn(&NumberFacets) -> bool| {
            self.said(nodes).filter_map(|shape| shape.number.get()).any(passes)
        };
        let is = |stated: &Option<Stated<Decimal>>, passes: &dyn Fn(&Decimal) -> bool| {
            stated.as_ref().is_some_and(|stated| passes(&stated.value))
        };
        let all = |stated: &Option<Stated<Decimal>>, passes: &dyn Fn(&Decimal) -> bool| {
            stated.as_ref().is_none_or(|stated| passes(&stated.value))
        };
        all(minimum, &|least| {
            any(&|its| {
                is(&its.minimum, &|it| it >= least) || is(&its.exclusive_minimum, &|it| it >= least)
            })
        }) && all(exclusive_minimum, &|least| {
            any(&|its| {
                is(&its.minimum, &|it| it > least) || is(&its.exclusive_minimum, &|it| it >= least)
            })
        }) && all(maximum, &|most| {
            any(&|its| {
                is(&its.maximum, &|it| it <= most) || is(&its.exclusive_maximum, &|it| it <= most)
            })
        }) && all(exclusive_maximum, &|most| {
            any(&|its| {
                is(&its.maximum, &|it| it < most) || is(&its.exclusive_maximum, &|it| it <= most)
            })
        }) && all(multiple_of, &|factor| any(&|its| is(&its.multiple_of, &|it| it == factor)))
    }

    pub(super) fn text(&self, nodes: &[ShapeId], asked: &TextFacets) -> bool {
        let TextFacets {
            min_length,
            max_length,
            pattern,
            content_encoding,
            content_media_type,
            content,
        } = asked;
        let any = |passes: &dyn Fn(&TextFacets) -> bool| {
            self.said(nodes).filter_map(|shape| shape.text.get()).any(passes)
        };
        let is_same = |left: ShapeId, right: ShapeId| self.same.of(left) == self.same.of(right);
        at_least(min_length.as_ref(), &|passes| any(&|its| passes(its.min_length.as_ref())))
            && at_most(max_length.as_ref(), &|passes| any(&|its| passes(its.max_length.as_ref())))
            && (pattern.is_none() || any(&|its| its.pattern == *pattern))
            && (content_encoding.is_none() && content_media_type.is_none() && content.is_none()
                || any(&|its| {
                    its.content_encoding == *content_encoding
                        && its.content_media_type == *content_media_type
                        && match (its.content, *content) {
                            (_, None) => true,
                            (Some(its), Some(asked)) => is_same(its, asked),
                            (None, Some(_)) => false,
                        }
                }))
    }
}

/// What a stated count has to pass.
type Passes<'p> = &'p dyn Fn(Option<&Stated<u64>>) -> bool;

/// Whether a count that is asked for is reached wherever it is stated.
pub(super) fn at_least(asked: Option<&Stated<u64>>, any: &dyn Fn(Passes<'_>) -> bool) -> bool {
    let Some(asked) = asked.map(|asked| asked.value).filter(|asked| *asked > 0) else {
        return true;
    };
    any(&|stated| stated.is_some_and(|stated| stated.value >= asked))
}

/// Whether a count that is asked for is kept to wherever it is stated.
pub(super) fn at_most(asked: Option<&Stated<u64>>, any: &dyn Fn(Passes<'_>) -> bool) -> bool {
    let Some(asked) = asked.map(|asked| asked.value) else { return true };
    any(&|stated| stated.is_some_and(|stated| stated.value <= asked))
}
