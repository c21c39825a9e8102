//! What a shape that holds says about values of one type.

use std::sync::Arc;

use crate::model::{ArrayFacets, Kind, NumberFacets, ObjectFacets, Shape, ShapeId, TextFacets};

use super::engine::Search;
use super::goal::{Claim, Lit};
use super::term::{ArrayLeaf, Basic, Covered, Item, Names, NumberLeaf, ObjectLeaf, Split, Tally};
use super::term::{Term, TextLeaf};
use super::{ContentModel, Formats, Reason};

impl Search<'_> {
    /// Adds to `items` what the claim says, and to the term what has to be split.
    pub(super) fn unfold(&mut self, term: &mut Term, claim: Claim, items: &mut Vec<Item>) {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        if shape.boolean == Some(false) {
            items.push(Item::Never);
            return;
        }
        if let Some(unread) = shape.unread.first() {
            items.push(Item::Unsure(Reason(unread.reason.to_string())));
        }
        Self::unfold_kinds(term.kind, shape, items);
        items.extend(self.listings(claim.shape).map(Item::OneOf));
        if let Some(reference) = &shape.reference {
            items.push(Item::Lit(Lit::Holds(self.inner(claim, reference.target))));
        }
        self.unfold_logic(term, claim, shape, items);
        self.unfold_format(term.kind, shape, items);
        match term.kind {
            Basic::Null | Basic::Boolean => {}
            Basic::Number => items.extend(shape.number.get().into_iter().flat_map(number_items)),
            Basic::String => {
                let text = shape.text.get();
                let pattern = text.and_then(|text| text.pattern.as_ref());
                let words = pattern.and_then(|pattern| self.words(&pattern.value));
                items.extend(words.map(Item::OneOf));
                items.extend(text.into_iter().flat_map(text_items));
            }
            Basic::Array => {
                if let Some(array) = shape.array.get() {
                    self.unfold_array(term, claim, array, items);
                }
            }
            Basic::Object => {
                if let Some(object) = shape.object.get() {
                    self.unfold_object(term, claim, object, items);
                }
            }
        }
    }

    fn unfold_kinds(kind: Basic, shape: &Shape, items: &mut Vec<Item>) {
        let Some(kinds) = &shape.kinds else { return };
        let kinds = kinds.value;
        if !kinds.has(kind.least_kind()) {
            items.push(Item::Never);
        } else if kind == Basic::Number && !kinds.has(Kind::Number) {
            items.push(Item::Number(if kinds.has(Kind::Integer) {
                NumberLeaf::Integer(true)
            } else {
                NumberLeaf::Literal(true)
            }));
        }
    }

    fn unfold_logic(
        &mut self,
        term: &mut Term,
        claim: Claim,
        shape: &Shape,
        items: &mut Vec<Item>,
    ) {
        let Some(logic) = shape.logic.get() else { return };
        for part in &logic.all_of {
            items.push(Item::Lit(Lit::Holds(self.inner(claim, *part))));
        }
        if let Some(any) = &logic.any_of {
            let branches: Vec<_> = any.value.iter().map(|part| self.inner(claim, *part)).collect();
            let several =
                claim.source.declares() && self.assumptions.content_model == ContentModel::Open;
            term.splits.push(if several {
                Split::Writers(branches)
            } else {
                Split::Any(branches.into_iter().map(|part| vec![holds(part)]).collect())
            });
        }
        if let Some(one) = &logic.one_of {
            let branches = one.value.iter().map(|part| self.inner(claim, *part)).collect();
            term.splits.push(Split::Exactly(branches));
        }
        if let Some(not) = &logic.not {
            items.push(Item::Lit(self.denial(claim, not.value)));
        }
        if let Some(condition) = &logic.condition {
            let condition = &condition.value;
            let mut test = self.inner(claim, condition.when);
            test.source = claim.source.tested();
            let mut met = vec![holds(test)];
            met.extend(condition.then.map(|then| holds(self.inner(claim, then))));
            let mut unmet = vec![Item::Lit(self.denial(claim, condition.when))];
            unmet.extend(condition.otherwise.map(|other| holds(self.inner(claim, other))));
            term.splits.push(Split::Any(vec![met, unmet]));
        }
    }

    /// Known formats, where they assert.
    pub(super) fn unfold_format(&self, kind: Basic, shape: &Shape, items: &mut Vec<Item>) {
        for name in self.formats_of(shape) {
            match kind {
                Basic::Number => items.extend(super::instance::scalar::numeric_format(&name)),
                Basic::String
                    if super::instance::scalar::format_kind(&name) == Some(Kind::String) =>
                {
                    items.push(Item::Text(TextLeaf::Format(name, true)));
                }
                Basic::String | Basic::Boolean | Basic::Null | Basic::Object | Basic::Array => {}
            }
        }
    }

    /// The formats that a shape asserts on some type.
    pub(super) fn formats_of(&self, shape: &Shape) -> Vec<Arc<str>> {
        if self.assumptions.formats == Formats::Annotate {
            return Vec::new();
        }
        let mut formats = Vec::new();
        let stated = shape.notes.get().and_then(|notes| notes.format.as_ref());
        if let Some(format) = stated.filter(|format| super::known::kind(&format.value).is_some()) {
            formats.push(Arc::clone(&format.value));
        }
        let encoding = shape.text.get().and_then(|text| text.content_encoding.as_ref());
        if encoding.is_some_and(|encoding| encoding.value.eq_ignore_ascii_case("base64")) {
            formats.push(Arc::from("byte"));
        }
        formats
    }

    fn unfold_array(
        &mut self,
        term: &mut Term,
        claim: Claim,
        array: &ArrayFacets,
        items: &mut Vec<Item>,
    ) {
        let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } =
            array;
        for (position, shape) in prefix.iter().enumerate() {
            if !self.is_anything(*shape) {
                let lit = Lit::Holds(self.child(claim, *shape));
                items.push(Item::Array(ArrayLeaf::Position(position, lit)));
            }
        }
        if let Some(rest) = rest.filter(|shape| !self.is_anything(*shape)) {
            let lit = Lit::Holds(self.child(claim, rest));
            items.push(Item::Array(ArrayLeaf::From(prefix.len(), lit)));
        }
        if let Some(contains) = contains {
            let tally = Tally {
                yes: Lit::Holds(self.child(claim, contains.shape)),
                no: self.child_denial(claim, contains.shape),
                least: contains.minimum.as_ref().map_or(1, |least| least.value),
                most: contains.maximum.as_ref().map(|most| most.value),
            };
            items.push(Item::Array(ArrayLeaf::Count(tally)));
        }
        items.extend(min_items.iter().map(|n| Item::Array(ArrayLeaf::AtLeast(n.value))));
        items.extend(max_items.iter().map(|n| Item::Array(ArrayLeaf::AtMost(n.value))));
        if unique.as_ref().is_some_and(|unique| unique.value) {
            items.push(Item::Array(ArrayLeaf::Unique(true)));
        }
        if let Some(shape) = unevaluated.filter(|shape| !self.is_anything(*shape)) {
            let split = self.unevaluated_items(claim, shape, true);
            term.splits.push(split);
        }
    }

    fn unfold_object(
        &mut self,
        term: &mut Term,
        claim: Claim,
        object: &ObjectFacets,
        items: &mut Vec<Item>,
    ) {
        let ObjectFacets {
            properties,
            patterns,
            additional,
            unevaluated,
            names,
            required,
            required_at: _,
            min_properties,
            max_properties,
            dependent_required,
            dependent_shapes,
        } = object;
        let ignored = self.ignored(claim);
        let is_heard = |name: &Arc<str>| !ignored.contains(name);
        for (name, shape) in properties.iter().filter(|(name, _)| is_heard(name)) {
            if !self.is_anything(shape.value) {
                let lit = Lit::Holds(self.child(claim, shape.value));
                items.push(Item::Object(ObjectLeaf::Member(Arc::clone(name), lit)));
            }
        }
        for (pattern, shape) in patterns {
            if !self.is_anything(*shape) {
                let lit = Lit::Holds(self.child(claim, *shape));
                let names = Names::Matching(Arc::clone(&pattern.value));
                items.push(Item::Object(ObjectLeaf::Members(names, lit)));
            }
        }
        if let Some(shape) = additional.filter(|shape| !self.is_anything(*shape)) {
            let mut covered = covered_by(object);
            covered.names.extend(ignored.iter().cloned());
            let lit = Lit::Holds(self.child(claim, shape));
            let names = Names::Outside(Arc::new(covered));
            items.push(Item::Object(ObjectLeaf::Members(names, lit)));
        }
        if let Some(shape) = names.filter(|shape| !self.is_anything(*shape)) {
            let lit = Lit::Holds(self.child(claim, shape));
            items.push(Item::Object(ObjectLeaf::Name(lit)));
        }
        for name in required.keys().filter(|name| is_heard(name)) {
            items.push(Item::Object(ObjectLeaf::Present(Arc::clone(name))));
        }
        items.extend(min_properties.iter().map(|n| Item::Object(ObjectLeaf::AtLeast(n.value))));
        items.extend(max_properties.iter().map(|n| Item::Object(ObjectLeaf::AtMost(n.value))));
        for (name, needed) in dependent_required.iter().filter(|(name, _)| is_heard(name)) {
            let needed = needed.value.iter().filter(|name| is_heard(name));
            let there = needed.map(present).collect();
            term.splits.push(Split::Any(vec![vec![absent(name)], there]));
        }
        for (name, shape) in dependent_shapes.iter().filter(|(name, _)| is_heard(name)) {
            let there = vec![present(name), holds(self.inner(claim, shape.value))];
            term.splits.push(Split::Any(vec![vec![absent(name)], there]));
        }
        if let Some(shape) = unevaluated.filter(|shape| !self.is_anything(*shape)) {
            let split = self.unevaluated_members(claim, shape, true);
            term.splits.push(split);
        }
    }

    /// Whether a shape admits everything, by what is written.
    pub(super) fn is_anything(&self, shape: ShapeId) -> bool {
        self.same.is_anything(shape)
    }
}

/// The names that `properties` and `patternProperties` of one schema object cover.
pub(super) fn covered_by(object: &ObjectFacets) -> Covered {
    Covered {
        names: object.properties.keys().cloned().collect(),
        patterns: object.patterns.iter().map(|(pattern, _)| Arc::clone(&pattern.value)).collect(),
    }
}

pub(super) fn holds(claim: Claim) -> Item {
    Item::Lit(Lit::Holds(claim))
}

pub(super) fn present(name: &Arc<str>) -> Item {
    Item::Object(ObjectLeaf::Present(Arc::clone(name)))
}

pub(super) fn absent(name: &Arc<str>) -> Item {
    Item::Object(ObjectLeaf::Absent(Arc::clone(name)))
}

pub(super) fn number_items(number: &NumberFacets) -> Vec<Item> {
    let NumberFacets { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of } =
        number;
    let leaves = [
        minimum.as_ref().map(|bound| NumberLeaf::AtLeast(bound.value.clone())),
        exclusive_minimum.as_ref().map(|bound| NumberLeaf::Above(bound.value.clone())),
        maximum.as_ref().map(|bound| NumberLeaf::AtMost(bound.value.clone())),
        exclusive_maximum.as_ref().map(|bound| NumberLeaf::Below(bound.value.clone())),
        multiple_of.as_ref().map(|step| NumberLeaf::Multiple(step.value.clone(), true)),
    ];
    leaves.into_iter().flatten().map(Item::Number).collect()
}

pub(super) fn text_items(text: &TextFacets) -> Vec<Item> {
    let TextFacets {
        min_length,
        max_length,
        pattern,
        content_encoding: _,
        content_media_type: _,
        content: _,
    } = text;
    let leaves = [
        min_length.as_ref().map(|length| TextLeaf::AtLeast(length.value)),
        max_length.as_ref().map(|length| TextLeaf::AtMost(length.value)),
        pattern.as_ref().map(|pattern| TextLeaf::Pattern(Arc::clone(&pattern.value), true)),
    ];
    leaves.into_iter().flatten().map(Item::Text).collect()
}
