//! What shows at once: that a shape accepts whatever others accept, keyword by keyword.
//!
//! Most of two versions of a place is the same, and most of what is not is plainly wider or narrower.
//! To see that costs what the keywords cost; what does not show so is searched.
//!
//! **Invariant:** this speaks of what validators accept. Writers send less than that, so that what is
//! covered here holds of them whatever is assumed; that something does not show means nothing.

mod rest;
mod scalar;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;

use scalar::{at_least, at_most};

use super::engine::Search;
use super::goal::{Goal, Lit, Marks};
use super::tables::{Covered, Representatives};
use crate::model::{
    ArrayFacets, Condition, Contains, Kind, Kinds, LogicFacets, ObjectFacets, Shape, ShapeId,
    Shapes, Stated,
};

/// A shape, and those that the same value is accepted by.
pub(super) type Cover = (ShapeId, Vec<ShapeId>);

/// How many shapes one question may look at, and how many may hold at once.
const MAX_STEPS: usize = 4_000;
const MAX_HELD: usize = 48;
/// How deep shapes of one value are followed, and values nest.
const MAX_IN_PLACE: usize = 24;
const MAX_DEPTH: usize = 64;

impl Search<'_> {
    /// Whether a shape is refused that plainly accepts whatever the held ones accept.
    pub(super) fn is_covered(&mut self, goal: &Goal) -> bool {
        if goal.marks != Marks::None || !self.is_plain {
            return false;
        }
        let refused = goal.lits.iter().filter_map(|lit| match lit {
            Lit::Refuses(claim) if claim.ignore == 0 => Some(claim.shape),
            Lit::Refuses(_) | Lit::Holds(_) | Lit::Differs(_) | Lit::Either(_) | Lit::Unsure(_) => {
                None
            }
        });
        let refused: Vec<ShapeId> = refused.collect();
        if refused.is_empty() {
            return false;
        }
        let held = goal.lits.iter().filter_map(|lit| lit.held());
        let held: Vec<ShapeId> = held.filter(|it| it.ignore == 0).map(|it| it.shape).collect();
        let (shapes, same, known) = (self.shapes, self.same, &mut self.tables.covered);
        let open = HashSet::default();
        let mut covering =
            Covering { shapes, same, known, open, trail: Vec::new(), left: MAX_STEPS };
        refused.into_iter().any(|shape| covering.covers(shape, &held))
    }
}

struct Covering<'c> {
    shapes: &'c Shapes,
    same: &'c Representatives,
    known: &'c mut Covered,
    /// What is being shown. Values are finite: where it comes up again, for a part of the value, it may be
    /// leant on.
    open: HashSet<Cover, FixedState>,
    /// What was shown so far, and may lean on what is open.
    trail: Vec<Cover>,
    left: usize,
}

impl<'c> Covering<'c> {
    /// Whether the shape accepts every value that these accept.
    fn covers(&mut self, shape: ShapeId, held: &[ShapeId]) -> bool {
        let shape = self.same.of(shape);
        let mut held: Vec<ShapeId> = held.iter().map(|id| self.same.of(*id)).collect();
        if self.same.is_anything(shape) || held.contains(&shape) {
            return true;
        }
        held.sort_unstable();
        held.dedup();
        let cover = (shape, held);
        if let Some(known) = self.known.get(&cover) {
            return *known;
        }
        if self.open.contains(&cover) {
            return true;
        }
        if self.open.len() >= MAX_DEPTH {
            return false;
        }
        let mark = self.trail.len();
        self.open.insert(cover.clone());
        let shows = self.nodes(&[], &cover.1).is_some_and(|nodes| {
            self.admit_nothing(&nodes) || self.accepts(shape, &nodes, MAX_IN_PLACE)
        });
        self.open.remove(&cover);
        if !shows {
            for leant in self.trail.drain(mark..) {
                self.known.remove(&leant);
            }
        } else if !self.open.is_empty() {
            self.trail.push(cover.clone());
        }
        self.known.insert(cover, shows);
        shows
    }

    /// All shapes that accept a value which these accept: references and conjunctions followed.
    fn nodes(&self, known: &[ShapeId], more: &[ShapeId]) -> Option<Vec<ShapeId>> {
        let mut nodes = known.to_vec();
        let mut waiting = more.to_vec();
        while let Some(id) = waiting.pop() {
            let id = self.same.of(id);
            if nodes.contains(&id) {
                continue;
            }
            if nodes.len() == MAX_HELD {
                return None;
            }
            nodes.push(id);
            let shape = self.shapes.get(id);
            if !shape.unread.is_empty() {
                continue;
            }
            waiting.extend(shape.reference.as_ref().map(|reference| reference.target));
            waiting.extend(shape.logic.get().into_iter().flat_map(|logic| &logic.all_of));
        }
        Some(nodes)
    }

    /// What is said of the value, as far as it could be read.
    fn said<'n>(&self, nodes: &'n [ShapeId]) -> impl Iterator<Item = &'c Shape> + use<'n, 'c> {
        let shapes = self.shapes;
        nodes.iter().map(|id| shapes.get(*id)).filter(|shape| shape.unread.is_empty())
    }

    fn admit_nothing(&self, nodes: &[ShapeId]) -> bool {
        self.said(nodes).any(|shape| shape.boolean == Some(false))
    }

    /// Whether the shape accepts the value of which all this is said.
    fn accepts(&mut self, shape: ShapeId, nodes: &[ShapeId], depth: usize) -> bool {
        let id = self.same.of(shape);
        if self.same.is_anything(id) || nodes.contains(&id) {
            return true;
        }
        let (Some(depth), Some(left)) = (depth.checked_sub(1), self.left.checked_sub(1)) else {
            return false;
        };
        self.left = left;
        let Shape {
            span: _,
            boolean,
            reference,
            kinds,
            null: _,
            enumeration,
            constant,
            number,
            text,
            array,
            object,
            logic,
            notes,
            unread,
        } = self.shapes.get(id);
        if *boolean == Some(false) || !unread.is_empty() {
            return false;
        }
        let left = self.kinds(nodes);
        let bears = |kind: Kind| !left.and(Kinds::NONE.with(kind)).is_none();
        let format = notes.get().and_then(|notes| notes.format.as_ref());
        kinds.as_ref().is_none_or(|kinds| left.and(kinds.value) == left)
            && enumeration.as_ref().is_none_or(|list| self.listed(nodes, &list.value))
            && constant
                .as_ref()
                .is_none_or(|it| self.listed(nodes, std::slice::from_ref(&it.value)))
            && number.stated().is_none_or(|it| !bears(Kind::Number) || self.number(nodes, it))
            && text.stated().is_none_or(|it| !bears(Kind::String) || self.text(nodes, it))
            && format.is_none_or(|format| self.has_format(nodes, &format.value))
            && reference.as_ref().is_none_or(|it| self.accepts(it.target, nodes, depth))
            && array.stated().is_none_or(|it| !bears(Kind::Array) || self.array(nodes, it))
            && object
                .stated()
                .is_none_or(|it| !bears(Kind::Object) || self.object(nodes, id, it, depth))
            && logic.stated().is_none_or(|logic| self.logic(nodes, logic, depth))
    }

    fn array(&mut self, nodes: &[ShapeId], asked: &ArrayFacets) -> bool {
        let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } =
            asked;
        let arrays: Vec<&ArrayFacets> =
            self.said(nodes).filter_map(|shape| shape.array.get()).collect();
        let any = |passes: &dyn Fn(&ArrayFacets) -> bool| arrays.iter().any(|its| passes(its));
        let is_unique = |its: &ArrayFacets| its.unique.as_ref().is_some_and(|unique| unique.value);
        let counts = |its: &ArrayFacets, asked: &Contains| {
            its.contains.as_ref().is_some_and(|its| {
                self.same.of(its.shape) == self.same.of(asked.shape)
                    && its.minimum == asked.minimum
                    && its.maximum == asked.maximum
            })
        };
        let is_plain = unevaluated.is_none_or(|shape| self.same.is_anything(self.same.of(shape)))
            && contains.as_ref().is_none_or(|asked| any(&|its| counts(its, asked)))
            && at_least(min_items.as_ref(), &|passes| any(&|its| passes(its.min_items.as_ref())))
            && at_most(max_items.as_ref(), &|passes| any(&|its| passes(its.max_items.as_ref())))
            && (unique.as_ref().is_none_or(|unique| !unique.value) || any(&is_unique));
        if !is_plain {
            return false;
        }
        let at = |index: usize| -> Vec<ShapeId> {
            arrays.iter().filter_map(|its| its.prefix.get(index).copied().or(its.rest)).collect()
        };
        let longest = arrays.iter().map(|its| its.prefix.len()).max().unwrap_or(0);
        prefix.iter().enumerate().all(|(index, shape)| self.covers(*shape, &at(index)))
            && rest.is_none_or(|rest| {
                // What comes after all prefixes is said once.
                (prefix.len()..=longest.max(prefix.len()))
                    .all(|index| self.covers(rest, &at(index)))
            })
    }

    fn object(
        &mut self,
        nodes: &[ShapeId],
        id: ShapeId,
        asked: &'c ObjectFacets,
        depth: usize,
    ) -> bool {
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
        } = asked;
        let objects: Vec<&ObjectFacets> =
            self.said(nodes).filter_map(|shape| shape.object.get()).collect();
        let any = |passes: &dyn Fn(&ObjectFacets) -> bool| objects.iter().any(|its| passes(its));
        let is_plain = required.keys().all(|name| needs(&objects, name))
            && at_least(min_properties.as_ref(), &|passes| {
                any(&|its| passes(its.min_properties.as_ref()))
            })
            && at_most(max_properties.as_ref(), &|passes| {
                any(&|its| passes(its.max_properties.as_ref()))
            })
            && depends(&objects, dependent_required);
        is_plain
            && properties.iter().all(|(name, shape)| self.member(&objects, name, shape.value))
            && patterns.iter().all(|(pattern, shape)| {
                objects.iter().any(|its| {
                    let mut stated = its.patterns.iter().filter(|(its, _)| its == pattern);
                    stated.any(|(_, its)| self.covers(*shape, &[*its]))
                })
            })
            && additional.is_none_or(|shape| {
                self.others(&objects, asked, shape) || self.additional(nodes, asked, shape, depth)
            })
            && names.is_none_or(|shape| {
                let stated: Vec<ShapeId> = objects.iter().filter_map(|its| its.names).collect();
                self.covers(shape, &stated)
            })
            && dependent_shapes.iter().all(|(name, shape)| {
                let is_same = |stated: Option<&Stated<ShapeId>>| {
                    stated.is_some_and(|it| self.same.of(it.value) == self.same.of(shape.value))
                };
                let stated = objects.iter().filter_map(|its| its.dependent_shapes.get(name));
                objects.iter().any(|its| is_same(its.dependent_shapes.get(name))) || {
                    let held: Vec<ShapeId> = stated.map(|it| it.value).collect();
                    self.accepts_beside(nodes, &held, shape.value, depth)
                }
            })
            && unevaluated.is_none_or(|shape| self.unevaluated(nodes, id, shape, depth))
    }

    /// Whether the shape accepts the member, if it is there.
    fn member(&mut self, objects: &[&ObjectFacets], name: &str, shape: ShapeId) -> bool {
        let stated = objects.iter().filter_map(|its| match its.properties.get(name) {
            Some(stated) => Some(stated.value),
            // A pattern may take it from what is said of the others.
            None => its.additional.filter(|_| its.patterns.is_empty()),
        });
        self.covers(shape, &stated.collect::<Vec<ShapeId>>())
    }

    /// Whether the shape accepts all members of which the asked object says nothing by name or pattern.
    fn others(&mut self, objects: &[&ObjectFacets], asked: &ObjectFacets, shape: ShapeId) -> bool {
        if self.same.is_anything(self.same.of(shape)) {
            return true;
        }
        objects.iter().any(|its| {
            let is_asked = |pattern: &Stated<_>| asked.patterns.iter().any(|(it, _)| it == pattern);
            let news = |name: &&Arc<str>| !asked.properties.contains_key(*name);
            its.additional.is_some_and(|rest| self.covers(shape, &[rest]))
                && its.properties.keys().filter(news).all(|name| self.member(objects, name, shape))
                && its
                    .patterns
                    .iter()
                    .all(|(pattern, stated)| is_asked(pattern) || self.covers(shape, &[*stated]))
        })
    }

    fn logic(&mut self, nodes: &[ShapeId], asked: &LogicFacets, depth: usize) -> bool {
        let LogicFacets { all_of, any_of, one_of, not, condition } = asked;
        let all: Vec<&LogicFacets> =
            self.said(nodes).filter_map(|shape| shape.logic.get()).collect();
        let of = |id: ShapeId| self.same.of(id);
        let classes = |group: &Stated<Vec<ShapeId>>| {
            let mut classes: Vec<ShapeId> = group.value.iter().map(|id| of(*id)).collect();
            classes.sort_unstable();
            classes
        };
        let stands = one_of.as_ref().is_none_or(|asked| {
            let asked = classes(asked);
            all.iter().any(|its| its.one_of.as_ref().is_some_and(|it| classes(it) == asked))
        }) && not.as_ref().is_none_or(|asked| {
            all.iter().any(|its| its.not.as_ref().is_some_and(|it| of(it.value) == of(asked.value)))
        });
        let stated = all.iter().filter_map(|its| its.condition.as_ref());
        let stated: Vec<&Condition> = stated.map(|it| &it.value).collect();
        stands
            && condition
                .as_ref()
                .is_none_or(|asked| self.condition(nodes, &asked.value, &stated, depth))
            && all_of.iter().all(|part| self.accepts(*part, nodes, depth))
            && any_of.as_ref().is_none_or(|group| self.any_of(nodes, &group.value, &all, depth))
    }

    /// Whether one of the branches accepts the value, whichever of another choice it is.
    fn any_of(
        &mut self,
        nodes: &[ShapeId],
        branches: &[ShapeId],
        all: &[&LogicFacets],
        depth: usize,
    ) -> bool {
        let known: HashSet<ShapeId, FixedState> =
            branches.iter().map(|id| self.same.of(*id)).collect();
        let choices = all.iter().flat_map(|its| its.any_of.iter().chain(&its.one_of));
        let covers = |group: &Stated<Vec<ShapeId>>, covering: &mut Self| {
            group.value.iter().all(|branch| {
                known.contains(&covering.same.of(*branch))
                    || covering.nodes(nodes, &[*branch]).is_some_and(|nodes| {
                        covering.admit_nothing(&nodes)
                            || branches.iter().any(|it| covering.accepts(*it, &nodes, depth))
                    })
            })
        };
        choices.into_iter().any(|group| covers(group, self))
            || branches.iter().any(|branch| self.accepts(*branch, nodes, depth))
    }
}

/// Whether the member must be there.
fn needs(objects: &[&ObjectFacets], name: &str) -> bool {
    objects.iter().any(|its| its.required.contains_key(name))
}

/// Whether what must be there beside others is there.
fn depends(objects: &[&ObjectFacets], asked: &BTreeMap<Arc<str>, Stated<Vec<Arc<str>>>>) -> bool {
    asked.iter().all(|(name, asked)| {
        let has_all = |its: &&ObjectFacets| {
            let stated = its.dependent_required.get(name);
            stated.is_some_and(|it| asked.value.iter().all(|needed| it.value.contains(needed)))
        };
        asked.value.iter().all(|needed| needs(objects, needed)) || objects.iter().any(has_all)
    })
}
