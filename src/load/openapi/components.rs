//! Named elements that a description declares for reuse, and which of them anything reaches.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::node::Node;
use super::reader::Reader;
use super::remarks::digest;
use super::version::Version;
use crate::document::Place;
use crate::model::{Component, Heirs, Naming, Remarks, ShapeId, Shapes, Usage};

/// The members of the Components Object, and what one entry of each is called.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("schemas", "schema"),
    ("responses", "response"),
    ("parameters", "parameter"),
    ("examples", EXAMPLE),
    ("requestBodies", "request body"),
    ("headers", "header"),
    ("securitySchemes", SCHEME),
    ("links", LINK),
    ("callbacks", "callback"),
    ("pathItems", "path item"),
    ("mediaTypes", "media type"),
];

/// The members of the root that 2.0 has instead.
const KINDS_OF_2: &[(&str, &str)] = &[
    ("definitions", SCHEMA),
    ("responses", "response"),
    ("parameters", "parameter"),
    ("securityDefinitions", SCHEME),
];

const EXAMPLE: &str = "example";
const LINK: &str = "link";
const SCHEMA: &str = "schema";
const SCHEME: &str = "security scheme";

/// Members of a security scheme that are read as what it promises.
const OF_SCHEMES: &[&str] = &["type", "name", "in", "scheme", "flow", "flows"];

impl Reader<'_> {
    /// Every named element; asked for once all operations are read.
    pub(super) fn components(&mut self, root: &Node, heirs: &Heirs) -> Vec<Component> {
        let (holder, kinds) = match self.version {
            Version::V2 => (Some(root.clone()), KINDS_OF_2),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => (root.get("components"), KINDS),
        };
        let Some(holder) = holder else { return Vec::new() };
        let (named, shapes) = (self.names_that_travel(), self.schemas.places());
        let mut components = Vec::new();
        for (field, kind) in kinds {
            let Some(declared) = holder.get(field) else { continue };
            for (name, _, node) in declared.members().filter(|(name, ..)| !name.starts_with("x-")) {
                let place = node.place();
                let shape = shapes.get(&place).copied().filter(|_| *kind == SCHEMA);
                let reached = match *kind {
                    SCHEMA => shape.is_some(),
                    SCHEME => self.required.contains(name),
                    _ => self.reached.contains(&place),
                };
                let travels = *kind == SCHEMA
                    && (named.contains(name) || self.is_told_by_its_base(name, &node, &shapes));
                let usage = match (reached, travels) {
                    (_, true) => Usage::Named,
                    (true, false) => Usage::Reached,
                    (false, false) => Usage::Unused,
                };
                let (mut remarks, mut addresses) = (Remarks::default(), Remarks::default());
                if *kind == SCHEME {
                    self.remarks_of_scheme(&node, &mut remarks, &mut addresses);
                }
                // A scheme is known again by what it says, whoever requires it.
                let is_scheme = *kind == SCHEME;
                let is_asked = usage != Usage::Reached || is_scheme || !heirs.is_empty();
                let whole = is_asked.then(|| digest(&node));
                // No generator calls anything by the name of an example or a link.
                let naming = match *kind {
                    EXAMPLE | LINK => Naming::Contract,
                    _ => Naming::Code,
                };
                let (kind, name, span) = ((*kind).into(), name.into(), node.span());
                components.push(Component {
                    kind,
                    name,
                    naming,
                    remarks,
                    addresses,
                    shape,
                    whole,
                    usage,
                    span,
                    siblings: declared.span(),
                });
            }
        }
        components
    }

    /// What a security scheme says beside how it is presented, and where a token is had.
    fn remarks_of_scheme(&mut self, node: &Node, remarks: &mut Remarks, addresses: &mut Remarks) {
        // 2.0 has one flow, beside the scheme itself, and calls two of them otherwise.
        let only = node.get("flow").and_then(|_| self.flows(node).into_iter().next());
        let mut said = |prefix: String, node: &Node, understood: &[&str]| {
            for (name, _, member) in node.members().filter(|(name, ..)| !name.starts_with("x-")) {
                let digest = digest(&member);
                if name.ends_with("Url") {
                    addresses.insert(format!("{prefix}{name}"), digest, member.span());
                } else if !understood.contains(&name) && name != "$ref" {
                    remarks.insert(format!("{prefix}{name}"), digest, member.span());
                }
            }
        };
        said(only.map_or_else(String::new, |flow| format!("{flow} ")), node, OF_SCHEMES);
        let flows = node.get("flows");
        for (flow, _, member) in flows.iter().flat_map(Node::members) {
            said(format!("{flow} "), &member, &[]);
        }
    }

    /// The names of schemas by which a discriminator tells alternatives apart, for want of a mapping
    /// that gives them other values (OAS 3.1 §4.8.25).
    fn names_that_travel(&self) -> HashSet<Arc<str>> {
        let shapes: &Shapes = self.schemas.shapes();
        let mut names = HashSet::default();
        for (_, shape) in shapes.iter() {
            let discriminator = shape.notes.get().and_then(|notes| notes.discriminator.as_ref());
            let (Some(discriminator), Some(logic)) = (discriminator, shape.logic.get()) else {
                continue;
            };
            let alternatives = logic.one_of.iter().chain(&logic.any_of);
            for branch in alternatives.flat_map(|group| &group.value) {
                let Some(reference) = &shapes.get(*branch).reference else { continue };
                let mut mapped = discriminator.value.mapping.values();
                let name = last(&reference.name);
                if mapped.all(|target| last(target) != name) {
                    names.insert(name.into());
                }
            }
        }
        names
    }

    /// Whether a schema is one of the kinds of a base that something reaches and that tells its
    /// kinds apart by name: `allOf` with a reference to a schema that has a discriminator.
    fn is_told_by_its_base(
        &mut self,
        name: &str,
        node: &Node,
        known: &HashMap<Place, ShapeId>,
    ) -> bool {
        let bases = node.get("allOf");
        let bases: Vec<Node> = bases.iter().flat_map(Node::elements).collect();
        bases.iter().filter_map(|base| base.get("$ref")).any(|reference| {
            let Some(target) = self.quietly(&reference) else { return false };
            let Some(shape) = known.get(&target.place()) else { return false };
            let notes = self.schemas.shapes().get(*shape).notes.get();
            let discriminator = notes.and_then(|notes| notes.discriminator.as_ref());
            discriminator.is_some_and(|stated| {
                stated.value.mapping.values().all(|target| last(target) != name)
            })
        })
    }
}

/// The last segment of a reference, which is the name of the component that it leads to.
pub(super) fn last(reference: &str) -> &str {
    reference.rsplit(['/', '#']).next().unwrap_or(reference)
}
