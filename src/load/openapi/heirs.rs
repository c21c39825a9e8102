//! Schemas that payloads may say they are of: those that inherit one with a discriminator.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::components::last;
use super::node::Node;
use super::reader::Reader;
use super::version::Version;
use crate::document::Place;
use crate::model::{
    Discriminator, Heir, Heirs, Json, ObjectFacets, Shape, ShapeId, Shapes, Stated,
};
use crate::source::Span;

/// A declared schema, as one that inherits others.
struct Declared {
    name: Arc<str>,
    node: Node,
}

/// The declared schemas, and which of them inherit a schema by `allOf`.
#[derive(Default)]
struct Lineage {
    declared: Vec<Declared>,
    children: HashMap<Place, Vec<usize>>,
}

impl Lineage {
    /// Everything that inherits the schema, at whatever remove.
    fn descendants(&self, of: Place) -> Vec<&Declared> {
        let (mut found, mut met) = (BTreeSet::new(), HashSet::from_iter([of]));
        let mut waiting = vec![of];
        while let Some(place) = waiting.pop() {
            for index in self.children.get(&place).into_iter().flatten() {
                let Some(child) = self.declared.get(*index) else { continue };
                if met.insert(child.node.place()) {
                    found.insert(*index);
                    waiting.push(child.node.place());
                }
            }
        }
        found.into_iter().filter_map(|index| self.declared.get(index)).collect()
    }
}

impl Reader<'_> {
    /// What inherits the schemas that something reaches and that tell their kinds apart, read as well;
    /// asked for once all operations are read. The value of the property is the name of the schema
    /// (OAS 2.0, Schema Object), or what a mapping has in its place (3.0.4 §4.7.25.2).
    pub(super) fn heirs(&mut self, root: &Node) -> Heirs {
        let (mut heirs, mut done) = (Heirs::new(), HashSet::default());
        let mut lineage = None;
        loop {
            // What heirs refer to may tell its own kinds apart.
            let mut bases = self.bases();
            bases.retain(|(place, ..)| done.insert(*place));
            if bases.is_empty() {
                return heirs;
            }
            let lineage = lineage.get_or_insert_with(|| self.lineage(root));
            for (place, shape, told) in bases {
                let kinds = lineage.descendants(place);
                let mut inherited = vec![(shape, kinds.clone())];
                for kind in kinds {
                    let below = lineage.descendants(kind.node.place());
                    inherited.push((self.shape(&kind.node), below));
                }
                for (base, kinds) in inherited {
                    heirs.entry(base).or_default();
                    if !self.inherit(&mut heirs, base, &kinds, &told) {
                        return heirs;
                    }
                }
            }
        }
    }

    /// The schemas read so far that have a discriminator and do not list their alternatives themselves.
    fn bases(&self) -> Vec<(Place, ShapeId, Discriminator)> {
        let shapes: &Shapes = self.schemas.shapes();
        let told = |id: ShapeId| {
            let shape = shapes.get(id);
            let logic = shape.logic.get();
            let lists = logic.is_some_and(|it| it.one_of.is_some() || it.any_of.is_some());
            let stated = shape.notes.get()?.discriminator.as_ref()?;
            (!lists).then(|| stated.value.clone())
        };
        let places = self.schemas.places().into_iter();
        let mut bases: Vec<_> =
            places.filter_map(|(place, id)| Some((place, id, told(id)?))).collect();
        bases.sort_by_key(|(_, id, _)| *id);
        bases
    }

    /// Remembers who inherits a schema; `false` where no more may be in effect.
    fn inherit(
        &mut self,
        heirs: &mut Heirs,
        base: ShapeId,
        kinds: &[&Declared],
        told: &Discriminator,
    ) -> bool {
        for kind in kinds {
            let span = kind.node.span();
            let tags = tags(told, &kind.name);
            if !self.afford(tags.len(), span) {
                return false;
            }
            let shape = self.shape(&kind.node);
            for tag in tags {
                let says = self.says(&told.property, &tag, span);
                let (name, property) = (Arc::clone(&kind.name), Arc::clone(&told.property));
                let heir = Heir { name, property, tag, shape, says };
                heirs.entry(base).or_default().push(heir);
            }
        }
        true
    }

    /// The objects that say by this property that they are so.
    fn says(&mut self, property: &Arc<str>, tag: &Arc<str>, span: Span) -> ShapeId {
        let constant = Some(Stated { value: Json::String(Arc::clone(tag)), span });
        let shapes = self.schemas.shapes_mut();
        let value = shapes.add(Shape { constant, ..Shape::anything(span) });
        let member = |stated| [(Arc::clone(property), stated)].into_iter().collect();
        let object = ObjectFacets {
            properties: Arc::new([(Arc::clone(property), Stated { value, span })].into()),
            required: Arc::new(member(Stated { value: (), span })),
            ..ObjectFacets::default()
        };
        shapes.add(Shape { object: object.into(), ..Shape::anything(span) })
    }

    fn lineage(&mut self, root: &Node) -> Lineage {
        let declared = match self.version {
            Version::V2 => root.get("definitions"),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => {
                root.get("components").and_then(|components| components.get("schemas"))
            }
        };
        let mut lineage = Lineage::default();
        for (name, _, node) in declared.iter().flat_map(Node::members) {
            let bases: Vec<Node> = node.get("allOf").iter().flat_map(Node::elements).collect();
            for reference in bases.iter().filter_map(|base| base.get("$ref")) {
                if let Some(base) = self.quietly(&reference) {
                    let index = lineage.declared.len();
                    lineage.children.entry(base.place()).or_default().push(index);
                }
            }
            lineage.declared.push(Declared { name: name.into(), node });
        }
        lineage
    }
}

/// The values by which a payload is of the schema of this name.
fn tags(told: &Discriminator, name: &str) -> Vec<Arc<str>> {
    let mapped = told.mapping.iter().filter(|(_, target)| last(target) == name);
    let mapped: Vec<Arc<str>> = mapped.map(|(value, _)| Arc::clone(value)).collect();
    if mapped.is_empty() { vec![name.into()] } else { mapped }
}
