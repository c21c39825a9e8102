//! What shows at once of `unevaluatedProperties`: that nothing is left to the asked shape but what is
//! left to one that holds, member by member and condition by condition.
//!
//! Let a shape that holds say of the members which nothing evaluates there no less than the asked shape
//! says of its own. Then it is enough that each member which is evaluated there is evaluated by the
//! asked shape too. What evaluates members there is listed from above, with the conditions on which
//! each part applies, and what does so at the asked shape from below; a member is evaluated by the
//! asked shape where the conditions of one of its parts follow from those of the part there. No way in
//! which the conditions can turn out together is looked at: each follows by itself, or it does not show.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Covering;
use crate::model::{Condition, ObjectFacets, ShapeId};

/// On what a part applies to the value.
#[derive(Clone)]
enum Given {
    Accepted(ShapeId),
    Refused(ShapeId),
    There(Arc<str>),
}

/// What evaluates members, and on what; those of all names where it evaluates what it does not name.
struct Evaluator<'c> {
    given: Vec<Given>,
    object: &'c ObjectFacets,
    reach: Reach,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Stated,
    Everything,
}

/// From which side the evaluated members are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// All that may be evaluated.
    Above,
    /// Some of what is.
    Below,
}

/// A shape with more parts than this that evaluate members is left open.
const MAX_EVALUATORS: usize = 400;
/// So is one of which more are met: a part may be reached in many ways.
const MAX_VISITS: usize = 4_000;

/// The parts of a shape that evaluate members.
struct Listing<'c> {
    side: Side,
    found: Vec<Evaluator<'c>>,
    path: BTreeSet<ShapeId>,
    visits: usize,
    /// Whether something was met of which it cannot be told what it evaluates.
    is_open: bool,
}

impl<'c> Covering<'c> {
    /// Whether what the asked shape says of the members that it does not evaluate shows to be met.
    pub(super) fn unevaluated(
        &mut self,
        nodes: &[ShapeId],
        asked: ShapeId,
        rest: ShapeId,
        depth: usize,
    ) -> bool {
        if self.same.is_anything(self.same.of(rest)) {
            return true;
        }
        let ours = self.evaluators(asked, Side::Below).found;
        if ours.iter().any(|it| it.given.is_empty() && it.reach == Reach::Everything) {
            return true;
        }
        self.is_rest_met(nodes, &ours, rest, depth)
    }

    /// The same of the members that the facets do not state.
    pub(super) fn additional(
        &mut self,
        nodes: &[ShapeId],
        asked: &'c ObjectFacets,
        rest: ShapeId,
        depth: usize,
    ) -> bool {
        let ours = [Evaluator { given: Vec::new(), object: asked, reach: Reach::Stated }];
        self.is_rest_met(nodes, &ours, rest, depth)
    }

    fn is_rest_met(
        &mut self,
        nodes: &[ShapeId],
        ours: &[Evaluator<'c>],
        rest: ShapeId,
        depth: usize,
    ) -> bool {
        let shapes = self.shapes;
        nodes.iter().any(|node| {
            let shape = shapes.get(*node);
            let Some(object) = shape.object.get().filter(|_| shape.unread.is_empty()) else {
                return false;
            };
            let is_as_narrow = |left: Option<ShapeId>, covering: &mut Self| {
                left.is_some_and(|left| covering.covers(rest, &[left]))
            };
            let theirs = if is_as_narrow(object.unevaluated, self) {
                let listing = self.evaluators(*node, Side::Above);
                if listing.is_open {
                    return false;
                }
                listing.found
            } else if is_as_narrow(object.additional, self) {
                vec![Evaluator { given: Vec::new(), object, reach: Reach::Stated }]
            } else {
                return false;
            };
            theirs.iter().all(|one| self.is_evaluated(nodes, one, ours, rest, depth))
        })
    }

    /// Whether ours evaluate whatever members this one does, or the rest accepts them.
    fn is_evaluated(
        &mut self,
        nodes: &[ShapeId],
        one: &Evaluator<'c>,
        ours: &[Evaluator<'c>],
        rest: ShapeId,
        depth: usize,
    ) -> bool {
        let mut known: Vec<Option<bool>> = vec![None; ours.len()];
        let mut any = |covering: &mut Self, evaluates: &dyn Fn(&Evaluator<'_>) -> bool| {
            ours.iter().zip(&mut known).any(|(our, known)| {
                (our.reach == Reach::Everything || evaluates(our))
                    && *known.get_or_insert_with(|| {
                        covering.follow(nodes, &our.given, &one.given, depth)
                    })
            })
        };
        if one.reach == Reach::Everything && !any(self, &|_| false) {
            return false;
        }
        let objects: Vec<&ObjectFacets> =
            self.said(nodes).filter_map(|shape| shape.object.get()).collect();
        one.object.properties.iter().all(|(name, _)| {
            any(self, &|our| our.object.properties.contains_key(name))
                || self.member(&objects, name, rest)
        }) && one.object.patterns.iter().all(|(pattern, stated)| {
            any(self, &|our| our.object.patterns.iter().any(|(it, _)| it == pattern))
                || self.covers(rest, &[*stated])
        })
    }

    /// Whether conditions follow from others, given what is said of the value.
    fn follow(
        &mut self,
        nodes: &[ShapeId],
        asked: &[Given],
        given: &[Given],
        depth: usize,
    ) -> bool {
        if asked.is_empty() {
            return true;
        }
        let accepted = given.iter().filter_map(|it| match it {
            Given::Accepted(shape) => Some(*shape),
            Given::Refused(_) | Given::There(_) => None,
        });
        let Some(held) = self.nodes(nodes, &accepted.collect::<Vec<_>>()) else { return false };
        asked.iter().all(|asked| match asked {
            Given::Accepted(shape) => self.accepts(*shape, &held, depth),
            // Were it accepted, so would be what is refused.
            Given::Refused(shape) => given.iter().any(|it| match it {
                Given::Refused(refused) => self.implies(&held, *shape, *refused, depth),
                Given::Accepted(_) | Given::There(_) => false,
            }),
            Given::There(name) => {
                given.iter().any(|it| matches!(it, Given::There(there) if there == name))
                    || self.said(&held).any(|shape| {
                        let object = shape.object.get();
                        object.is_some_and(|object| object.required.contains_key(name))
                    })
            }
        })
    }

    /// Whether the value, of which all this is said, is accepted by the second shape if it is by the
    /// first.
    fn implies(&mut self, nodes: &[ShapeId], given: ShapeId, asked: ShapeId, depth: usize) -> bool {
        self.same.of(given) == self.same.of(asked)
            || self.nodes(nodes, &[given]).is_some_and(|nodes| self.accepts(asked, &nodes, depth))
    }

    /// Whether `then` and `else` accept the value, each where it applies: beside the test, or its
    /// refusal, holds what conditions that are met as well, or unmet as well, demand.
    pub(super) fn condition(
        &mut self,
        nodes: &[ShapeId],
        asked: &Condition,
        stated: &[&Condition],
        depth: usize,
    ) -> bool {
        let Condition { when, then, otherwise } = asked;
        let of = |shape: ShapeId| self.same.of(shape);
        let same: Vec<&Condition> =
            stated.iter().copied().filter(|it| of(it.when) == of(*when)).collect();
        let known = if same.is_empty() { stated } else { same.as_slice() };
        then.is_none_or(|then| {
            let mut held = vec![*when];
            for its in known {
                if let Some(demanded) = its.then
                    && self.implies(nodes, *when, its.when, depth)
                {
                    held.push(demanded);
                }
            }
            self.accepts_beside(nodes, &held, then, depth)
        }) && otherwise.is_none_or(|otherwise| {
            let mut held = Vec::new();
            for its in known {
                if let Some(demanded) = its.otherwise
                    && self.implies(nodes, its.when, *when, depth)
                {
                    held.push(demanded);
                }
            }
            self.accepts_beside(nodes, &held, otherwise, depth)
        })
    }

    /// Whether the shape accepts the value if these do as well.
    pub(super) fn accepts_beside(
        &mut self,
        nodes: &[ShapeId],
        held: &[ShapeId],
        shape: ShapeId,
        depth: usize,
    ) -> bool {
        self.nodes(nodes, held)
            .is_some_and(|nodes| self.admit_nothing(&nodes) || self.accepts(shape, &nodes, depth))
    }

    fn evaluators(&self, root: ShapeId, side: Side) -> Listing<'c> {
        let (found, path) = (Vec::new(), BTreeSet::new());
        let mut listing = Listing { side, found, path, visits: 0, is_open: false };
        self.list(root, Root::Yes, &[], &mut listing);
        listing
    }

    /// Lists what evaluates members at the shape and in whatever applies in place there, given this.
    fn list(&self, id: ShapeId, root: Root, given: &[Given], listing: &mut Listing<'c>) {
        let shape = self.shapes.get(id);
        listing.visits += 1;
        let is_long = listing.found.len() >= MAX_EVALUATORS || listing.visits > MAX_VISITS;
        if is_long || !shape.unread.is_empty() || !listing.path.insert(id) {
            listing.is_open = true;
            return;
        }
        if let Some(object) = shape.object.get() {
            self.list_members(object, root, given, listing);
        }
        if let Some(reference) = &shape.reference {
            self.list(reference.target, Root::No, given, listing);
        }
        if let Some(logic) = shape.logic.get() {
            for part in &logic.all_of {
                self.list(*part, Root::No, given, listing);
            }
            for part in logic.any_of.iter().chain(&logic.one_of).flat_map(|group| &group.value) {
                self.list(*part, Root::No, &and(given, Given::Accepted(*part)), listing);
            }
            if let Some(condition) = &logic.condition {
                let Condition { when, then, otherwise } = condition.value;
                let met = and(given, Given::Accepted(when));
                let unmet = and(given, Given::Refused(when));
                for (part, given) in [(Some(when), &met), (then, &met), (otherwise, &unmet)] {
                    if let Some(part) = part {
                        self.list(part, Root::No, given, listing);
                    }
                }
            }
        }
        listing.path.remove(&id);
    }

    fn list_members(
        &self,
        object: &'c ObjectFacets,
        root: Root,
        given: &[Given],
        listing: &mut Listing<'c>,
    ) {
        // Where no member is left to a part, its members are those that it evaluates otherwise.
        let leaves_any = |rest: &ShapeId| {
            listing.side == Side::Below || self.shapes.get(*rest).boolean != Some(false)
        };
        let rest = object.unevaluated.filter(|_| root == Root::No);
        let takes_all = [object.additional, rest].iter().flatten().any(leaves_any);
        let reach = if takes_all { Reach::Everything } else { Reach::Stated };
        let is_silent = object.properties.is_empty() && object.patterns.is_empty();
        if takes_all || !is_silent {
            listing.found.push(Evaluator { given: given.to_vec(), object, reach });
        }
        for (name, part) in &object.dependent_shapes {
            let given = and(given, Given::There(Arc::clone(name)));
            self.list(part.value, Root::No, &given, listing);
        }
    }
}

/// Whether it is the shape whose rest is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Yes,
    No,
}

fn and(given: &[Given], more: Given) -> Vec<Given> {
    given.iter().cloned().chain([more]).collect()
}
