//! What payloads say they are: shapes that inherit the one by which their place is described.
//!
//! A validator of that shape does not look for those that inherit it, and whoever reads the payload
//! does: its discriminator says which of them the payload is of (OpenAPI 2.0, Schema Object; 3.0.4
//! §4.7.25.2). So wherever a payload of the base crosses, payloads of each heir do.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::session::{Crossing, Session};
use super::shapes::Question;
use crate::model::{Heir, Json, ShapeId, Step};
use crate::rules::effective::Effective;
use crate::subtype::Carrier;

/// Where heirs stand in a payload.
#[derive(Clone, Debug)]
struct Place {
    shape: ShapeId,
    steps: Vec<Step>,
}

/// A heir that a payload may be of, and where in it.
#[derive(Clone, Debug)]
pub(super) struct Kin {
    heir: Heir,
    steps: Vec<Step>,
}

/// How deep in payloads heirs are shown the way to.
const MAX_STEPS: usize = 16;

impl Session<'_> {
    /// Judges the heirs that payloads of these roots may be of; the ids are the comparison's.
    pub(super) fn heirs(&mut self, crossing: &Crossing, old: ShapeId, new: ShapeId) {
        if self.old.heirs.is_empty() && self.new.heirs.is_empty() {
            return;
        }
        let (was, is) = (self.kin(old), self.kin(new));
        match crossing.carrier {
            Carrier::HttpJson | Carrier::StoredJson => {}
            Carrier::Form
            | Carrier::StyledForm
            | Carrier::Field
            | Carrier::HttpText
            | Carrier::HttpLines
            | Carrier::Joined(_)
            | Carrier::Text => return,
        }
        let mut judged = HashSet::new();
        for was in was.iter() {
            let says_so = |is: &&Kin| {
                let (was, is) = (&was.heir, &is.heir);
                (&was.property, &was.tag) == (&is.property, &is.tag)
            };
            let named = |is: &&Kin| says_so(is) && was.heir.name == is.heir.name;
            let Some(is) = is.iter().find(named).or_else(|| is.iter().find(says_so)) else {
                // Nobody says what became of it, so that an edit of it is told by itself.
                self.met.remove(&was.heir.shape);
                continue;
            };
            if !judged.insert((was.heir.shape, is.heir.shape)) {
                continue;
            }
            let question = Question {
                old: self.saying(&was.heir),
                new: self.saying(&is.heir),
                polarity: crossing.polarity,
                carrier: crossing.carrier,
            };
            let mut site = crossing.site.clone();
            let Heir { name, property, tag, shape: _, says: _ } = &was.heir;
            site.steps.extend(was.steps.iter().cloned());
            site.steps.push(Step::Branch(Arc::clone(name)));
            let crossing = Crossing { site, ..crossing.clone() };
            let rests = format!("a payload whose `{property}` is `{tag}` is of `{name}`");
            self.judge(&crossing, &question, Some(&rests));
        }
    }

    /// The shapes of a payload that is of the heir and says so, unless it may not say so.
    fn saying(&self, heir: &Heir) -> Vec<ShapeId> {
        let Heir { name: _, property, tag, shape, says } = heir;
        let tag = Json::string(Arc::clone(tag));
        let stated = Effective::of(&self.walk.shapes, &[*shape])
            .and_then(|place| {
                Effective::of(&self.walk.shapes, &place.properties.get(property)?.shapes)
            })
            .and_then(|member| member.values);
        let may = stated.is_none_or(|values| values.value.contains(&tag));
        if may { vec![*shape, *says] } else { vec![*shape] }
    }

    /// The heirs that payloads of a root may be of, those of heirs included.
    fn kin(&mut self, root: ShapeId) -> Rc<Vec<Kin>> {
        if let Some(known) = self.kin.get(&root) {
            return Rc::clone(known);
        }
        let mut found = Vec::new();
        let mut met = HashSet::from([root]);
        let mut applied = BTreeSet::new();
        let mut waiting = vec![Place { shape: root, steps: Vec::new() }];
        while let Some(place) = waiting.pop() {
            self.look_into(&place, &mut found, &mut applied, &mut |next: Place| {
                if met.insert(next.shape) {
                    waiting.push(next);
                }
            });
        }
        self.met.extend(met.into_iter().chain(applied));
        // The nearest is the easiest to show.
        found.sort_by_key(|kin: &Kin| kin.steps.len());
        let found = Rc::new(found);
        self.kin.insert(root, Rc::clone(&found));
        found
    }

    /// Notes the heirs of what applies at a place, and passes on what is inside.
    fn look_into(
        &self,
        place: &Place,
        found: &mut Vec<Kin>,
        applied: &mut BTreeSet<ShapeId>,
        inside: &mut dyn FnMut(Place),
    ) {
        let Place { shape, steps } = place;
        let mut applying = vec![(*shape, Sought::Yes)];
        let mut seen = BTreeSet::new();
        while let Some((id, sought)) = applying.pop() {
            if !seen.insert(id) {
                continue;
            }
            let heirs = self.heirs_of(id);
            // What an heir inherits is inherited by its brothers too, and the payload is none of those.
            let below = if heirs.is_some() { Sought::No } else { sought };
            let heirs = heirs.filter(|_| sought == Sought::Yes).unwrap_or_default();
            for heir in heirs {
                inside(Place { shape: heir.shape, steps: steps.clone() });
                found.push(Kin { heir, steps: steps.clone() });
            }
            let shape = self.walk.shapes.get(id);
            applying.extend(shape.reference.iter().map(|reference| (reference.target, below)));
            let logic = shape.logic.get();
            for all in logic.iter().flat_map(|logic| &logic.all_of) {
                applying.push((*all, below));
            }
            shape.for_each_child(&mut |child| {
                if seen.contains(&child) || applying.iter().any(|(known, _)| *known == child) {
                    return;
                }
                let steps = match self.step_to(id, child) {
                    Some(step) if steps.len() < MAX_STEPS => {
                        steps.iter().cloned().chain([step]).collect()
                    }
                    Some(_) | None => steps.clone(),
                };
                inside(Place { shape: child, steps });
            });
        }
        applied.extend(seen);
    }

    /// The step from a shape to a part of the values that it describes; `None` to what describes
    /// the same values.
    pub(super) fn step_to(&self, shape: ShapeId, part: ShapeId) -> Option<Step> {
        let shape = self.walk.shapes.get(shape);
        if let Some(object) = shape.object.get() {
            let mut members = object.properties.iter();
            if let Some((name, _)) = members.find(|(_, stated)| stated.value == part) {
                return Some(Step::Property(Arc::clone(name)));
            }
            let mut patterns = object.patterns.iter();
            if let Some((pattern, _)) = patterns.find(|(_, shape)| *shape == part) {
                return Some(Step::PatternProperty(Arc::clone(&pattern.value)));
            }
            if [object.additional, object.unevaluated].contains(&Some(part)) {
                return Some(Step::AdditionalProperty);
            }
        }
        let array = shape.array.get()?;
        if let Some(index) = array.prefix.iter().position(|shape| *shape == part) {
            return Some(Step::Position(index));
        }
        [array.rest, array.unevaluated].contains(&Some(part)).then_some(Step::Item)
    }

    /// The heirs of a shape that is told from its kind or is one of a kind, their ids the comparison's.
    fn heirs_of(&self, shape: ShapeId) -> Option<Vec<Heir>> {
        if !self.is_new(shape) {
            return self.old.heirs.get(&shape).cloned();
        }
        let heirs = self.new.heirs.get(&self.shifted_back(shape))?.iter();
        let moved = heirs.map(|heir| {
            let (shape, says) = (self.shifted(heir.shape), self.shifted(heir.says));
            Heir { shape, says, ..heir.clone() }
        });
        Some(moved.collect())
    }
}

/// Whether the payload may be of those that inherit what applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sought {
    Yes,
    No,
}
