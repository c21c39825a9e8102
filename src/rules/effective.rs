//! What holds at one place: everything that the shapes applying there say together.
//!
//! Facets compare *effective* statements, never schema components: an `allOf` split in two, a
//! reference extracted or inlined and a single-branch alternative all say the same thing here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use super::nodes::nodes_of;
use super::parts::{Demands, Others};
use crate::model::{
    ArrayFacets, Condition, Contains, Decimal, Json, Kinds, LogicFacets, Notes, NumberFacets,
    ObjectFacets, Shape, ShapeId, Shapes, Stated, TextFacets, Unread,
};
use crate::source::Span;

/// All statements in effect at one place.
#[derive(Clone, Debug)]
pub(crate) struct Effective {
    /// The shapes that were asked about.
    pub(crate) conjuncts: Vec<ShapeId>,
    /// Every shape that applies unconditionally, references and conjunctions followed.
    pub(crate) nodes: Vec<ShapeId>,
    /// Where the place is declared: the first shape that is more than a reference.
    pub(crate) span: Span,
    /// Where a shape admits nothing at all.
    pub(crate) nothing: Option<Span>,
    pub(crate) kinds: Option<Stated<Kinds>>,
    /// Where a word of its own admits null.
    pub(crate) null: Option<Span>,
    pub(crate) values: Option<Stated<BTreeSet<Json>>>,
    pub(crate) minimum: Option<Stated<Bound>>,
    pub(crate) maximum: Option<Stated<Bound>>,
    pub(crate) multiples: BTreeMap<Decimal, Span>,
    pub(crate) min_length: Option<Stated<u64>>,
    pub(crate) max_length: Option<Stated<u64>>,
    pub(crate) patterns: BTreeMap<Arc<str>, Span>,
    pub(crate) formats: BTreeMap<Arc<str>, Span>,
    pub(crate) encodings: BTreeMap<Arc<str>, Span>,
    pub(crate) carried: BTreeMap<Arc<str>, Span>,
    pub(crate) contents: Vec<ShapeId>,
    pub(crate) min_items: Option<Stated<u64>>,
    pub(crate) max_items: Option<Stated<u64>>,
    pub(crate) unique: Option<Span>,
    pub(crate) positions: Vec<Vec<ShapeId>>,
    pub(crate) rest: Vec<ShapeId>,
    pub(crate) unevaluated_items: Vec<ShapeId>,
    pub(crate) contains: Vec<Contains>,
    pub(crate) properties: BTreeMap<Arc<str>, Member>,
    pub(crate) pattern_properties: BTreeMap<Arc<str>, Member>,
    pub(crate) additional: Vec<ShapeId>,
    /// What each shape says of members that it does not name itself.
    pub(crate) others: Vec<Others>,
    pub(crate) unevaluated: Vec<ShapeId>,
    pub(crate) names: Vec<ShapeId>,
    pub(crate) required: BTreeMap<Arc<str>, Span>,
    pub(crate) demands: Vec<Demands>,
    pub(crate) min_properties: Option<Stated<u64>>,
    pub(crate) max_properties: Option<Stated<u64>>,
    pub(crate) dependent_required: BTreeMap<(Arc<str>, Arc<str>), Span>,
    pub(crate) dependent_shapes: BTreeMap<Arc<str>, Member>,
    pub(crate) any_of: Vec<Stated<Vec<ShapeId>>>,
    pub(crate) one_of: Vec<Stated<Vec<ShapeId>>>,
    pub(crate) not: Vec<Stated<ShapeId>>,
    pub(crate) conditions: Vec<Stated<Condition>>,
    pub(crate) notes: Notes,
    /// What the shapes are called and described as, and where; each has its own.
    pub(crate) words: BTreeMap<(&'static str, Arc<str>), Span>,
    pub(crate) unread: Vec<Unread>,
}

/// A numeric bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) value: Decimal,
    pub(crate) edge: Edge,
}

/// Whether the bound itself is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edge {
    /// It is.
    Inclusive,
    /// It is not.
    Exclusive,
}

/// The shapes that apply to one member, and where it is first declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) shapes: Vec<ShapeId>,
    pub(crate) span: Span,
}

impl Effective {
    /// Collects what the shapes say together.
    pub(crate) fn of(shapes: &Shapes, conjuncts: &[ShapeId]) -> Option<Self> {
        let nodes = nodes_of(shapes, conjuncts);
        let first = nodes
            .iter()
            .map(|id| shapes.get(*id))
            .find(|shape| !shape.is_only_a_reference())
            .or_else(|| nodes.first().map(|id| shapes.get(*id)))?;
        let mut effective = Self::anything(conjuncts.to_vec(), first.span.span);
        for id in &nodes {
            let shape = shapes.get(*id);
            effective.add(shape);
            effective.others.extend(Others::of(shapes, shape));
        }
        effective.nodes = nodes;
        Some(effective)
    }

    fn anything(conjuncts: Vec<ShapeId>, span: Span) -> Self {
        Self {
            conjuncts,
            nodes: Vec::new(),
            span,
            nothing: None,
            kinds: None,
            null: None,
            values: None,
            minimum: None,
            maximum: None,
            multiples: BTreeMap::new(),
            min_length: None,
            max_length: None,
            patterns: BTreeMap::new(),
            formats: BTreeMap::new(),
            encodings: BTreeMap::new(),
            carried: BTreeMap::new(),
            contents: Vec::new(),
            min_items: None,
            max_items: None,
            unique: None,
            positions: Vec::new(),
            rest: Vec::new(),
            unevaluated_items: Vec::new(),
            contains: Vec::new(),
            properties: BTreeMap::new(),
            pattern_properties: BTreeMap::new(),
            additional: Vec::new(),
            others: Vec::new(),
            unevaluated: Vec::new(),
            names: Vec::new(),
            required: BTreeMap::new(),
            demands: Vec::new(),
            min_properties: None,
            max_properties: None,
            dependent_required: BTreeMap::new(),
            dependent_shapes: BTreeMap::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            not: Vec::new(),
            conditions: Vec::new(),
            notes: Notes::default(),
            words: BTreeMap::new(),
            unread: Vec::new(),
        }
    }

    fn add(&mut self, shape: &Shape) {
        let Shape {
            span,
            boolean,
            reference: _,
            kinds,
            null,
            enumeration,
            constant,
            number,
            text,
            array,
            object,
            logic,
            notes,
            unread,
        } = shape;
        if *boolean == Some(false) {
            self.nothing.get_or_insert(span.span);
        }
        if let Some(kinds) = kinds {
            let value = self.kinds.as_ref().map_or(kinds.value, |old| old.value.and(kinds.value));
            self.kinds = Some(Stated { value, span: kinds.span });
        }
        self.null = self.null.or(null.as_ref().map(|null| null.span));
        if let Some(list) = enumeration {
            self.restrict_values(list.value.iter().cloned().collect(), list.span);
        }
        if let Some(constant) = constant {
            self.restrict_values(BTreeSet::from([constant.value.clone()]), constant.span);
        }
        number.get().into_iter().for_each(|facets| self.add_number(facets));
        text.get().into_iter().for_each(|facets| self.add_text(facets));
        array.get().into_iter().for_each(|facets| self.add_array(facets));
        object.get().into_iter().for_each(|facets| self.add_object(facets));
        logic.get().into_iter().for_each(|facets| self.add_logic(facets));
        notes.get().into_iter().for_each(|notes| self.add_notes(notes));
        self.unread.extend(unread.iter().cloned());
    }

    /// Where it would be said that this member must be there: in the list beside its declaration, else
    /// in the first, else at the place itself.
    pub(crate) fn demand_of(&self, name: &str) -> Span {
        let beside = self.demands.iter().find(|list| list.members.contains_key(name));
        beside.or_else(|| self.demands.first()).map_or(self.span, |list| list.span)
    }

    fn restrict_values(&mut self, values: BTreeSet<Json>, span: Span) {
        let value = match &self.values {
            Some(old) => old.value.intersection(&values).cloned().collect(),
            None => values,
        };
        self.values = Some(Stated { value, span });
    }

    fn add_number(&mut self, facets: &NumberFacets) {
        let NumberFacets { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of } =
            facets;
        for (stated, edge) in [(minimum, Edge::Inclusive), (exclusive_minimum, Edge::Exclusive)] {
            let Some(stated) = stated else { continue };
            let bound = Bound { value: stated.value.clone(), edge };
            let tighter = self
                .minimum
                .as_ref()
                .is_none_or(|old| (&bound.value, bound.edge) > (&old.value.value, old.value.edge));
            if tighter {
                self.minimum = Some(Stated { value: bound, span: stated.span });
            }
        }
        for (stated, edge) in [(maximum, Edge::Inclusive), (exclusive_maximum, Edge::Exclusive)] {
            let Some(stated) = stated else { continue };
            let bound = Bound { value: stated.value.clone(), edge };
            let tighter = self.maximum.as_ref().is_none_or(|old| {
                bound.value < old.value.value
                    || (bound.value == old.value.value && bound.edge > old.value.edge)
            });
            if tighter {
                self.maximum = Some(Stated { value: bound, span: stated.span });
            }
        }
        if let Some(step) = multiple_of {
            self.multiples.entry(step.value.clone()).or_insert(step.span);
        }
    }

    fn add_text(&mut self, facets: &TextFacets) {
        let TextFacets {
            min_length,
            max_length,
            pattern,
            content_encoding,
            content_media_type,
            content,
        } = facets;
        raise(&mut self.min_length, min_length.as_ref());
        lower(&mut self.max_length, max_length.as_ref());
        state(&mut self.patterns, pattern.as_ref());
        state(&mut self.encodings, content_encoding.as_ref());
        state(&mut self.carried, content_media_type.as_ref());
        self.contents.extend(content);
    }

    fn add_array(&mut self, facets: &ArrayFacets) {
        let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } =
            facets;
        raise(&mut self.min_items, min_items.as_ref());
        lower(&mut self.max_items, max_items.as_ref());
        if let Some(Stated { value: true, span }) = unique {
            self.unique.get_or_insert(*span);
        }
        // A position beyond a shape's own prefix is one of that shape's rest.
        let known = self.positions.len().max(prefix.len());
        self.positions.resize(known, self.rest.clone());
        for (index, position) in self.positions.iter_mut().enumerate() {
            position.extend(prefix.get(index).copied().or(*rest));
        }
        self.rest.extend(rest);
        self.unevaluated_items.extend(unevaluated);
        self.contains.extend(contains.iter().cloned());
    }

    fn add_object(&mut self, facets: &ObjectFacets) {
        let ObjectFacets {
            properties,
            patterns,
            additional,
            unevaluated,
            names,
            required,
            required_at,
            min_properties,
            max_properties,
            dependent_required,
            dependent_shapes,
        } = facets;
        if self.properties.is_empty() {
            // Most places have one shape that declares members, all in order.
            let member = |at: &Stated<ShapeId>| Member { shapes: vec![at.value], span: at.span };
            let declared = properties.iter().map(|(name, at)| (name.clone(), member(at)));
            self.properties = declared.collect();
        } else {
            for (name, at) in properties.iter() {
                declare(&mut self.properties, name, at.value, at.span);
            }
        }
        for (pattern, shape) in patterns {
            declare(&mut self.pattern_properties, &pattern.value, *shape, pattern.span);
        }
        self.additional.extend(additional);
        self.unevaluated.extend(unevaluated);
        self.names.extend(names);
        let required = required.iter().map(|(name, at)| (name.clone(), at.span));
        let earlier = std::mem::replace(&mut self.required, required.collect());
        self.required.extend(earlier);
        if let Some(span) = required_at {
            let members = Arc::clone(properties);
            self.demands.push(Demands { members, span: *span });
        }
        raise(&mut self.min_properties, min_properties.as_ref());
        lower(&mut self.max_properties, max_properties.as_ref());
        for (name, needs) in dependent_required {
            for needed in &needs.value {
                let key = (name.clone(), needed.clone());
                self.dependent_required.entry(key).or_insert(needs.span);
            }
        }
        for (name, shape) in dependent_shapes {
            declare(&mut self.dependent_shapes, name, shape.value, shape.span);
        }
    }

    fn add_logic(&mut self, facets: &LogicFacets) {
        let LogicFacets { all_of: _, any_of, one_of, not, condition } = facets;
        // A single branch is a conjunct, and was followed as one.
        self.any_of.extend(any_of.iter().filter(|group| group.value.len() != 1).cloned());
        self.one_of.extend(one_of.iter().filter(|group| group.value.len() != 1).cloned());
        self.not.extend(not.iter().cloned());
        self.conditions.extend(condition.iter().cloned());
    }

    fn add_notes(&mut self, notes: &Notes) {
        let Notes {
            format,
            default,
            examples,
            title,
            description,
            deprecated,
            read_only,
            write_only,
            extensible,
            discriminator,
            xml,
            others,
        } = notes;
        state(&mut self.formats, format.as_ref());
        let all = &mut self.notes;
        first(&mut all.default, default.as_ref());
        all.examples.extend(examples.iter().cloned());
        first(&mut all.title, title.as_ref());
        first(&mut all.description, description.as_ref());
        for (word, text) in [("title", title), ("description", description)] {
            if let Some(text) = text {
                self.words.entry((word, Arc::clone(&text.value))).or_insert(text.span);
            }
        }
        mark(&mut all.deprecated, deprecated.as_ref());
        mark(&mut all.read_only, read_only.as_ref());
        mark(&mut all.write_only, write_only.as_ref());
        first(&mut all.extensible, extensible.as_ref());
        first(&mut all.discriminator, discriminator.as_ref());
        first(&mut all.xml, xml.as_ref());
        for (keyword, stated) in others {
            all.others.entry(keyword.clone()).or_insert_with(|| stated.clone());
        }
    }
}

fn raise(bound: &mut Option<Stated<u64>>, stated: Option<&Stated<u64>>) {
    if let Some(stated) = stated
        && bound.as_ref().is_none_or(|old| stated.value > old.value)
    {
        *bound = Some(stated.clone());
    }
}

fn lower(bound: &mut Option<Stated<u64>>, stated: Option<&Stated<u64>>) {
    if let Some(stated) = stated
        && bound.as_ref().is_none_or(|old| stated.value < old.value)
    {
        *bound = Some(stated.clone());
    }
}

fn state(all: &mut BTreeMap<Arc<str>, Span>, stated: Option<&Stated<Arc<str>>>) {
    if let Some(stated) = stated {
        all.entry(stated.value.clone()).or_insert(stated.span);
    }
}

fn first<T: Clone>(known: &mut Option<T>, stated: Option<&T>) {
    if known.is_none() {
        *known = stated.cloned();
    }
}

/// A mark holds where any conjunct sets it.
fn mark(known: &mut Option<Stated<bool>>, stated: Option<&Stated<bool>>) {
    if let Some(stated) = stated
        && known.as_ref().is_none_or(|old| stated.value && !old.value)
    {
        *known = Some(stated.clone());
    }
}

fn declare(members: &mut BTreeMap<Arc<str>, Member>, name: &Arc<str>, shape: ShapeId, span: Span) {
    let member = members.entry(name.clone()).or_insert_with(|| Member { shapes: Vec::new(), span });
    if !member.shapes.contains(&shape) {
        member.shapes.push(shape);
    }
}
