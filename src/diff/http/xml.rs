//! How values are written in XML: names of elements and attributes (OpenAPI 3.1.2 §4.26).
//!
//! What has no name of its own is called as the member that it is, an element of a wrapped list as the
//! wrapper, and the root of a document as the component that it refers to.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diff::session::Session;
use crate::model::{Component, Kind, Polarity, ShapeId, Shapes, Site, Step, Xml, XmlNode};
use crate::rules::Verdict;
use crate::rules::annotation::XML_CHANGED;
use crate::rules::effective::Effective;
use crate::rules::union::reference_name;

/// How many references and wrappers are followed to what they stand for.
const MAX_HOPS: usize = 16;

/// Compares the XML names at two places of the comparison's graph and of everything inside both.
pub(super) fn compare(
    session: &mut Session<'_>,
    site: &Site,
    polarity: Polarity,
    (old, new): (&[ShapeId], &[ShapeId]),
) {
    let mut walk = XmlWalk { polarity, seen: BTreeSet::new() };
    walk.pair(session, site, &Ends::of(old, &Name::Unknown), &Ends::of(new, &Name::Unknown));
}

struct XmlWalk {
    polarity: Polarity,
    seen: BTreeSet<(Ends, Ends)>,
}

/// A place, and what a value there is called from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ends {
    place: Vec<ShapeId>,
    outer: Name,
}

/// What an element or attribute is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// As it is said.
    Given(Arc<str>),
    /// As the member or component is called.
    Inferred(Arc<str>),
    /// As each member is called, whose names are not declared.
    Member,
    /// Nobody says.
    Unknown,
}

impl Ends {
    fn of(place: &[ShapeId], outer: &Name) -> Self {
        Self { place: place.to_vec(), outer: outer.clone() }
    }
}

impl XmlWalk {
    fn pair(&mut self, session: &mut Session<'_>, site: &Site, old: &Ends, new: &Ends) {
        const MAX_DEPTH: usize = 64;
        if site.steps.len() > MAX_DEPTH || !self.seen.insert((old.clone(), new.clone())) {
            return;
        }
        let look = |ends: &Ends| Side::of(session, ends);
        let (Some(before), Some(after)) = (look(old), look(new)) else { return };
        // Where only one side is a list, its elements stand where the one value stood.
        let (before, after) = match (is_list(&before.what), is_list(&after.what)) {
            (true, false) if before.is_bare() => (look(&before.elements()), Some(after)),
            (false, true) if after.is_bare() => (Some(before), look(&after.elements())),
            (_, _) => (Some(before), Some(after)),
        };
        let (Some(before), Some(after)) = (before, after) else { return };
        let is_told = self.compare(session, site, &before, &after);
        for (name, member) in &before.what.properties {
            if let Some(other) = after.what.properties.get(name) {
                let outer = Name::Inferred(Arc::clone(name));
                let inner = site.then(Step::Property(Arc::clone(name)));
                let ends = (Ends::of(&member.shapes, &outer), Ends::of(&other.shapes, &outer));
                self.pair(session, &inner, &ends.0, &ends.1);
            }
        }
        // What is called as the wrapper is called otherwise with it.
        let own = |side: &Side| side.names_elements(&session.walk.shapes);
        let (was, is) = if is_told && !own(&before) && !own(&after) {
            (Name::Unknown, Name::Unknown)
        } else {
            (before.inside(), after.inside())
        };
        self.rest(session, site, (&before.what, &was), (&after.what, &is));
        self.branches(session, site, (&before, is_told), &after);
    }

    /// States what is written otherwise at the place itself, and tells whether anything is.
    fn compare(&self, session: &mut Session<'_>, site: &Site, before: &Side, after: &Side) -> bool {
        let (was, is) = (&before.written, &after.written);
        if was.is_same(is) {
            return false;
        }
        let spans = (Some(before.what.span), Some(after.what.span));
        let message = format!("written as {} in XML, was {}", words(is), words(was));
        let fact = (Verdict::Breaking, self.polarity);
        session.ledger.state(&XML_CHANGED, spans, &message, site, fact);
        true
    }

    /// Elements, and members that are not declared by name.
    fn rest(
        &mut self,
        session: &mut Session<'_>,
        site: &Site,
        (old, was): (&Effective, &Name),
        (new, is): (&Effective, &Name),
    ) {
        for (index, (before, after)) in old.positions.iter().zip(&new.positions).enumerate() {
            let inner = site.then(Step::Position(index));
            self.pair(session, &inner, &Ends::of(before, was), &Ends::of(after, is));
        }
        let member = (&Name::Member, &Name::Member);
        let others = [
            (Step::Item, (&old.rest, &new.rest), (was, is)),
            (Step::AdditionalProperty, (&old.additional, &new.additional), member),
        ];
        for (step, (before, after), (was, is)) in others {
            if !before.is_empty() && !after.is_empty() {
                let ends = (Ends::of(before, was), Ends::of(after, is));
                self.pair(session, &site.then(step), &ends.0, &ends.1);
            }
        }
        for (pattern, before) in &old.pattern_properties {
            if let Some(after) = new.pattern_properties.get(pattern) {
                let inner = site.then(Step::PatternProperty(Arc::clone(pattern)));
                let ends = (
                    Ends::of(&before.shapes, &Name::Member),
                    Ends::of(&after.shapes, &Name::Member),
                );
                self.pair(session, &inner, &ends.0, &ends.1);
            }
        }
    }

    /// Alternatives, which stand where the value stands: by what they refer to, then in their order.
    fn branches(
        &mut self,
        session: &mut Session<'_>,
        site: &Site,
        (before, is_told): (&Side, bool),
        after: &Side,
    ) {
        let all = |side: &Effective| -> Vec<ShapeId> {
            let groups = side.any_of.iter().chain(&side.one_of);
            groups.flat_map(|group| group.value.iter().copied()).collect()
        };
        let shapes = &session.walk.shapes;
        let (mut was, mut is) = (all(&before.what), all(&after.what));
        let mut pairs = Vec::new();
        was.retain(|old| {
            let called = reference_name(shapes, *old);
            let same = |new: &ShapeId| called.is_some() && reference_name(shapes, *new) == called;
            let Some(index) = is.iter().position(same) else { return true };
            pairs.push((*old, is.remove(index)));
            false
        });
        if was.len() == is.len() {
            pairs.extend(was.into_iter().zip(is));
        }
        for (index, (old, new)) in pairs.into_iter().enumerate() {
            let name = reference_name(&session.walk.shapes, new);
            let name = name.map_or_else(|| index.to_string().into(), Arc::from);
            let outer = |side: &Side| if is_told { Name::Unknown } else { side.beside() };
            let ends = (Ends::of(&[old], &outer(before)), Ends::of(&[new], &outer(after)));
            self.pair(session, &site.then(Step::Branch(name)), &ends.0, &ends.1);
        }
    }
}

/// A place, and how what stands there is written.
struct Side {
    what: Effective,
    /// What it is called from outside, components aside.
    outer: Name,
    written: Written,
}

/// How a value is written, as far as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Written {
    node: XmlNode,
    /// The name, of what has one.
    name: Name,
    namespace: Option<Arc<str>>,
    /// A prefix stands for a namespace, and is part of the name where there is none (XML Names §3).
    prefix: Option<Arc<str>>,
}

impl Side {
    fn of(session: &Session<'_>, ends: &Ends) -> Option<Self> {
        let shapes = &session.walk.shapes;
        let mut place = ends.place.clone();
        for _ in 0..MAX_HOPS {
            let only = Effective::of(shapes, &place).and_then(|it| only_branch(shapes, &it));
            let Some(only) = only.filter(|only| !place.contains(only)) else { break };
            place.push(only);
        }
        let what = Effective::of(shapes, &place)?;
        let outer = match &ends.outer {
            Name::Unknown => {
                let mut names = place.iter().map(|shape| component(session, *shape));
                names.find(|name| *name != Name::Unknown).unwrap_or(Name::Unknown)
            }
            known @ (Name::Given(_) | Name::Inferred(_) | Name::Member) => known.clone(),
        };
        let written = written(&what, &outer);
        Some(Self { what, outer: ends.outer.clone(), written })
    }

    /// Whether nothing is written of it but what it holds: a list without a wrapper.
    fn is_bare(&self) -> bool {
        self.written.node == XmlNode::Content
    }

    fn elements(&self) -> Ends {
        Ends::of(&self.what.rest, &self.inside())
    }

    /// What the elements of a list are called that have no name of their own: as what is around them.
    fn inside(&self) -> Name {
        match self.written.node {
            XmlNode::Element => self.written.name.clone(),
            XmlNode::Attribute | XmlNode::Text | XmlNode::Content => self.outer.clone(),
        }
    }

    /// What an alternative is called that has no name of its own: as the whole.
    fn beside(&self) -> Name {
        match self.written.node {
            XmlNode::Element | XmlNode::Attribute => self.written.name.clone(),
            XmlNode::Text | XmlNode::Content => self.outer.clone(),
        }
    }

    fn names_elements(&self, shapes: &Shapes) -> bool {
        let element = Effective::of(shapes, &self.what.rest);
        let xml = element.and_then(|element| element.notes.xml);
        xml.is_some_and(|xml| xml.value.name.is_some())
    }
}

impl Written {
    fn is_same(&self, other: &Self) -> bool {
        let Self { node, name, namespace, prefix } = self;
        let named = match (name, &other.name) {
            (Name::Given(was) | Name::Inferred(was), Name::Given(is) | Name::Inferred(is)) => {
                was == is
            }
            // Where nobody said a name, nothing was promised that a component's could break.
            (Name::Unknown, Name::Inferred(_)) | (Name::Inferred(_), Name::Unknown) => true,
            (was, is) => was == is,
        };
        named && (node, namespace, prefix) == (&other.node, &other.namespace, &other.prefix)
    }
}

fn is_list(side: &Effective) -> bool {
    let kinds = side.kinds.as_ref();
    kinds.is_some_and(|kinds| kinds.value.has(Kind::Array) && !kinds.value.has(Kind::Object))
}

fn written(side: &Effective, outer: &Name) -> Written {
    let stated = side.notes.xml.as_ref().map(|stated| stated.value.clone()).unwrap_or_default();
    let Xml { name: own, namespace, prefix, node } = stated;
    let usual = if is_list(side) { XmlNode::Content } else { XmlNode::Element };
    let node = node.unwrap_or(usual);
    match node {
        XmlNode::Text | XmlNode::Content => {
            Written { node, name: Name::Unknown, namespace: None, prefix: None }
        }
        XmlNode::Element | XmlNode::Attribute => {
            let prefix = prefix.filter(|_| namespace.is_none());
            let name = own.map_or_else(|| outer.clone(), Name::Given);
            Written { node, name, namespace, prefix }
        }
    }
}

/// The one branch that is not null, which then is what the place is.
fn only_branch(shapes: &Shapes, place: &Effective) -> Option<ShapeId> {
    let mut groups = place.any_of.iter().chain(&place.one_of);
    let (Some(group), None) = (groups.next(), groups.next()) else { return None };
    let is_null = |branch: &ShapeId| {
        let kinds = Effective::of(shapes, &[*branch]).and_then(|branch| branch.kinds);
        kinds.is_some_and(|kinds| kinds.value.iter().all(|kind| kind == Kind::Null))
    };
    let mut others = group.value.iter().filter(|branch| !is_null(branch));
    match (others.next(), others.next()) {
        (Some(only), None) => Some(*only),
        _ => None,
    }
}

/// What the component of this shape is called.
fn called(session: &Session<'_>, shape: ShapeId) -> Option<Arc<str>> {
    let is_it = |known: &&Component, id| known.shape == Some(id);
    let old = session.old.components.iter().find(|known| is_it(known, shape));
    let found = old.or_else(|| {
        let id = session.shifted_back(shape);
        let is_new = session.shifted(id) == shape;
        session.new.components.iter().find(|known| is_new && is_it(known, id))
    });
    found.map(|known| Arc::clone(&known.name))
}

/// The component that the shape is or only refers to, by its name: the last of several references in a
/// row.
fn component(session: &Session<'_>, shape: ShapeId) -> Name {
    let shapes = &session.walk.shapes;
    let (mut found, mut next) = (Name::Unknown, Some(shape));
    for _ in 0..MAX_HOPS {
        let Some(id) = next else { break };
        let name = called(session, id);
        let is_named = name.is_some();
        found = name.map_or(found, Name::Inferred);
        let shape = shapes.get(id);
        let wrapped = shape.logic.get().and_then(|logic| match logic.all_of.as_slice() {
            [only] if shape.object.is_unstated() && !is_named => Some(*only),
            _ => None,
        });
        next = shape.reference.as_ref().map(|reference| reference.target).or(wrapped);
    }
    found
}

fn words(written: &Written) -> String {
    let Written { node, name, namespace, prefix } = written;
    let kind = match node {
        XmlNode::Element => "element",
        XmlNode::Attribute => "attribute",
        XmlNode::Text => return "text".to_owned(),
        XmlNode::Content => return "no element of its own".to_owned(),
    };
    let space = namespace.as_ref().map_or_else(String::new, |uri| format!(" of `{uri}`"));
    let prefix = prefix.as_ref().map_or_else(String::new, |prefix| format!("{prefix}:"));
    match name {
        Name::Given(name) | Name::Inferred(name) => format!("{kind} `{prefix}{name}`{space}"),
        Name::Member => format!("{kind} `{prefix}…` with the member's name{space}"),
        Name::Unknown => format!("{kind} of no certain name{space}"),
    }
}
