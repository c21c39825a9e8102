//! What a shape that refuses leaves as possibilities, for values of one type.

use std::sync::Arc;

use crate::model::{ArrayFacets, Kind, NumberFacets, ObjectFacets, Shape, TextFacets};

use super::Reason;
use super::engine::Search;
use super::goal::{Claim, Lit};
use super::term::{ArrayLeaf, Basic, Item, Names, NumberLeaf, ObjectLeaf, Split, Tally, TextLeaf};
use super::unfold::{absent, covered_by, present};

/// The ways out; `None` where the shape refuses every value of the type.
pub(super) type Ways = Option<Vec<Vec<Item>>>;

impl Search<'_> {
    /// The ways in which a value of this type is refused by the claim's shape.
    pub(super) fn ways(&mut self, kind: Basic, claim: Claim) -> Ways {
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        if shape.boolean == Some(false) {
            return None;
        }
        let mut ways = Vec::new();
        Self::ways_by_value(kind, shape, &mut ways)?;
        match kind {
            Basic::Null | Basic::Boolean => {}
            Basic::Number => ways.extend(shape.number.get().into_iter().flat_map(number_ways)),
            Basic::String => ways.extend(shape.text.get().into_iter().flat_map(text_ways)),
            Basic::Array => {
                if let Some(array) = shape.array.get() {
                    self.array_ways(claim, array, &mut ways);
                }
            }
            Basic::Object => {
                if let Some(object) = shape.object.get() {
                    self.object_ways(claim, object, &mut ways);
                }
            }
        }
        self.format_ways(kind, shape, &mut ways);
        if let Some(reference) = &shape.reference {
            ways.push(vec![Item::Lit(Lit::Refuses(self.inner(claim, reference.target)))]);
        }
        self.logic_ways(claim, shape, &mut ways);
        for unread in &shape.unread {
            ways.push(vec![Item::Unsure(Reason(unread.reason.to_string()))]);
        }
        Some(ways)
    }

    fn ways_by_value(kind: Basic, shape: &Shape, ways: &mut Vec<Vec<Item>>) -> Option<()> {
        if let Some(kinds) = &shape.kinds {
            let kinds = kinds.value;
            if !kinds.has(kind.least_kind()) {
                return None;
            }
            if kind == Basic::Number && !kinds.has(Kind::Number) {
                ways.push(vec![Item::Number(if kinds.has(Kind::Integer) {
                    NumberLeaf::Integer(false)
                } else {
                    NumberLeaf::Literal(false)
                })]);
            }
        }
        let lists = shape.enumeration.iter().map(|list| list.value.clone());
        let constants = shape.constant.iter().map(|value| vec![value.value.clone()]);
        for mut values in lists.chain(constants) {
            values.retain(|value| Basic::of(value) == kind);
            if values.is_empty() {
                return None;
            }
            ways.push(vec![Item::NoneOf(values)]);
        }
        Some(())
    }

    fn format_ways(&self, kind: Basic, shape: &Shape, ways: &mut Vec<Vec<Item>>) {
        for name in self.formats_of(shape) {
            match kind {
                Basic::Number => {
                    let leaves = super::instance::scalar::numeric_format(&name);
                    ways.extend(leaves.into_iter().filter_map(negated_number));
                }
                Basic::String
                    if super::instance::scalar::format_kind(&name) == Some(Kind::String) =>
                {
                    ways.push(vec![Item::Text(TextLeaf::Format(name, false))]);
                }
                Basic::String | Basic::Boolean | Basic::Null | Basic::Object | Basic::Array => {}
            }
        }
    }

    fn logic_ways(&mut self, claim: Claim, shape: &Shape, ways: &mut Vec<Vec<Item>>) {
        let Some(logic) = shape.logic.get() else { return };
        for part in &logic.all_of {
            ways.push(vec![Item::Lit(Lit::Refuses(self.inner(claim, *part)))]);
        }
        if let Some(any) = &logic.any_of {
            let branches: Vec<_> = any.value.iter().map(|part| self.inner(claim, *part)).collect();
            ways.push(match self.refused_as_one(claim, &branches) {
                Some(refused) => vec![Item::Neither(refused)],
                None => branches.into_iter().map(Lit::Refuses).map(Item::Lit).collect(),
            });
        }
        if let Some(one) = &logic.one_of {
            let branches: Vec<_> = one.value.iter().map(|part| self.inner(claim, *part)).collect();
            ways.push(vec![Item::Split(Split::NotExactly(branches))]);
        }
        if let Some(not) = &logic.not {
            ways.push(vec![Item::Lit(Lit::Holds(self.inner(claim, not.value)))]);
        }
        if let Some(condition) = &logic.condition {
            let condition = &condition.value;
            if let Some(then) = condition.then {
                ways.push(vec![
                    Item::Lit(Lit::Holds(self.inner(claim, condition.when))),
                    Item::Lit(Lit::Refuses(self.inner(claim, then))),
                ]);
            }
            if let Some(otherwise) = condition.otherwise {
                ways.push(vec![
                    Item::Lit(Lit::Refuses(self.inner(claim, condition.when))),
                    Item::Lit(Lit::Refuses(self.inner(claim, otherwise))),
                ]);
            }
        }
    }

    fn array_ways(&mut self, claim: Claim, array: &ArrayFacets, ways: &mut Vec<Vec<Item>>) {
        let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } =
            array;
        if let Some(least) = min_items.as_ref().and_then(|n| n.value.checked_sub(1)) {
            ways.push(vec![Item::Array(ArrayLeaf::AtMost(least))]);
        }
        if let Some(most) = max_items {
            ways.push(vec![Item::Array(ArrayLeaf::AtLeast(most.value.saturating_add(1)))]);
        }
        for (position, shape) in prefix.iter().enumerate() {
            if !self.is_anything(*shape) {
                let lit = Lit::Refuses(self.child(claim, *shape));
                ways.push(vec![Item::Array(ArrayLeaf::At(position, lit))]);
            }
        }
        if let Some(rest) = rest.filter(|shape| !self.is_anything(*shape)) {
            let lit = Lit::Refuses(self.child(claim, rest));
            ways.push(vec![Item::Array(ArrayLeaf::Some(prefix.len(), vec![lit]))]);
        }
        if let Some(contains) = contains {
            let yes = Lit::Holds(self.child(claim, contains.shape));
            let no = Lit::Refuses(self.child(claim, contains.shape));
            let least = contains.minimum.as_ref().map_or(1, |least| least.value);
            if let Some(fewer) = least.checked_sub(1) {
                let tally = Tally { yes, no, least: 0, most: Some(fewer) };
                ways.push(vec![Item::Array(ArrayLeaf::Count(tally))]);
            }
            if let Some(most) = &contains.maximum {
                let least = most.value.saturating_add(1);
                let tally = Tally { yes, no, least, most: None };
                ways.push(vec![Item::Array(ArrayLeaf::Count(tally))]);
            }
        }
        if unique.as_ref().is_some_and(|unique| unique.value) {
            ways.push(vec![Item::Array(ArrayLeaf::Unique(false))]);
        }
        if let Some(shape) = unevaluated.filter(|shape| !self.is_anything(*shape)) {
            ways.push(vec![Item::Split(self.unevaluated_items(claim, shape, false))]);
        }
    }

    fn object_ways(&mut self, claim: Claim, object: &ObjectFacets, ways: &mut Vec<Vec<Item>>) {
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
        for name in required.keys().filter(|name| is_heard(name)) {
            ways.push(vec![absent(name)]);
        }
        for (name, shape) in properties.iter().filter(|(name, _)| is_heard(name)) {
            if !self.is_anything(shape.value) {
                let lit = Lit::Refuses(self.child(claim, shape.value));
                let member = Item::Object(ObjectLeaf::Member(Arc::clone(name), lit));
                ways.push(vec![present(name), member]);
            }
        }
        if let Some(least) = min_properties.as_ref().and_then(|n| n.value.checked_sub(1)) {
            ways.push(vec![Item::Object(ObjectLeaf::AtMost(least))]);
        }
        if let Some(most) = max_properties {
            ways.push(vec![Item::Object(ObjectLeaf::AtLeast(most.value.saturating_add(1)))]);
        }
        for (name, needed) in dependent_required.iter().filter(|(name, _)| is_heard(name)) {
            for needed in needed.value.iter().filter(|name| is_heard(name)) {
                ways.push(vec![present(name), absent(needed)]);
            }
        }
        for (name, shape) in dependent_shapes.iter().filter(|(name, _)| is_heard(name)) {
            let lit = Lit::Refuses(self.inner(claim, shape.value));
            ways.push(vec![present(name), Item::Lit(lit)]);
        }
        for (pattern, shape) in patterns {
            if !self.is_anything(*shape) {
                let lit = Lit::Refuses(self.child(claim, *shape));
                let names = Names::Matching(Arc::clone(&pattern.value));
                ways.push(vec![Item::Object(ObjectLeaf::Some(names, vec![lit]))]);
            }
        }
        if let Some(shape) = additional.filter(|shape| !self.is_anything(*shape)) {
            let mut covered = covered_by(object);
            covered.names.extend(ignored.iter().cloned());
            let names = Names::Outside(Arc::new(covered));
            // Whatever is there is refused where nothing may be.
            let is_never = self.profile(shape).is_never;
            let lit = (!is_never).then(|| Lit::Refuses(self.child(claim, shape)));
            ways.push(vec![Item::Object(ObjectLeaf::Some(names, Vec::from_iter(lit)))]);
        }
        if let Some(shape) = names.filter(|shape| !self.is_anything(*shape)) {
            let lit = Lit::Refuses(self.child(claim, shape));
            ways.push(vec![Item::Object(ObjectLeaf::SomeName(lit))]);
        }
        if let Some(shape) = unevaluated.filter(|shape| !self.is_anything(*shape)) {
            ways.push(vec![Item::Split(self.unevaluated_members(claim, shape, false))]);
        }
    }
}

fn number_ways(number: &NumberFacets) -> Vec<Vec<Item>> {
    let NumberFacets { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of } =
        number;
    let leaves = [
        minimum.as_ref().map(|bound| NumberLeaf::Below(bound.value.clone())),
        exclusive_minimum.as_ref().map(|bound| NumberLeaf::AtMost(bound.value.clone())),
        maximum.as_ref().map(|bound| NumberLeaf::Above(bound.value.clone())),
        exclusive_maximum.as_ref().map(|bound| NumberLeaf::AtLeast(bound.value.clone())),
        multiple_of.as_ref().map(|step| NumberLeaf::Multiple(step.value.clone(), false)),
    ];
    leaves.into_iter().flatten().map(|leaf| vec![Item::Number(leaf)]).collect()
}

fn negated_number(item: Item) -> Option<Vec<Item>> {
    let Item::Number(leaf) = item else { return None };
    Some(vec![Item::Number(leaf.negated())])
}

fn text_ways(text: &TextFacets) -> Vec<Vec<Item>> {
    let TextFacets {
        min_length,
        max_length,
        pattern,
        content_encoding: _,
        content_media_type: _,
        content: _,
    } = text;
    let fewer = min_length.as_ref().and_then(|length| length.value.checked_sub(1));
    let leaves = [
        fewer.map(TextLeaf::AtMost),
        max_length.as_ref().map(|length| TextLeaf::AtLeast(length.value.saturating_add(1))),
        pattern.as_ref().map(|pattern| TextLeaf::Pattern(Arc::clone(&pattern.value), false)),
    ];
    leaves.into_iter().flatten().map(|leaf| vec![Item::Text(leaf)]).collect()
}
