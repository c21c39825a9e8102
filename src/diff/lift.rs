//! Witnesses of edits inside something: what is lost there is put into the smallest value around.
//!
//! To look for such a value by variants of the whole costs what the whole costs, once for each edit, and
//! what is lost at the place itself was asked when the edit was judged. Where members and elements hold
//! a place whatever else is said, it is enough to look inside and to see that what is around arrives:
//! the value is judged at the root, by both sides, and where it does not do the whole is searched.

use std::collections::HashSet;
use std::sync::Arc;

use super::blame::{Blame, Candidate, Found, Strength};
use super::ledger::Lead;
use super::session::Session;
use super::shapes::{Direction, Question, has_many_branches, inside, position, put};
use crate::model::{Json, Piece, ShapeId, Shapes};
use crate::proof::{Shows, deletions, shrink};
use crate::rules::edit::{Facet, Slot};
use crate::rules::effective::nodes_of;
use crate::subtype::{Example, Role, View};

/// From how many members on a place is large.
const LARGE: usize = 48;

/// The way from a root to a place inside that decides by itself.
struct Lift<'l> {
    root: &'l Question,
    direction: Direction,
    /// The places from the root inwards.
    around: Vec<Around>,
    /// Whether one of them has so many branches that to look for values there is dear.
    is_branching: bool,
    /// Whether one of them declares so many members that it is.
    is_large: bool,
    /// Whether one of many members is demanded there.
    demands_of_many: bool,
    /// The crossing there.
    inner: Lead,
    /// A value for the place that both sides accept, where there is one.
    harmless: Option<Json>,
}

/// A pair of places on the way, and the writer's slot that leads on.
struct Around {
    writer: Vec<ShapeId>,
    reader: Vec<ShapeId>,
    slot: Slot,
}

/// Whose values are put around what is lost.
#[derive(Clone, Copy)]
enum Wrapping {
    /// Those that the writer sends.
    Writer,
    /// Those that the reader accepts too, so that nothing else is lost with them.
    Both,
}

/// A value at the root that shows the edit and nothing else, as small as it gets; where the root has
/// many branches, one that the edit alone suffices to lose. `None` where the edit is at the root
/// itself, or looking at the whole may find more.
pub(super) fn lifted(session: &mut Session<'_>, lead: &Lead) -> Option<Candidate> {
    let mut lift = Lift::of(session, lead)?;
    let is_dear = lift.is_branching || lift.is_large;
    if is_dear {
        lift.harmless = lift.arriving(session);
    }
    let blame = Blame::of(session, &lift.inner);
    let Found::Values(candidates) = blame.values(session) else { return None };
    let surest = candidates.into_iter().find(|found| found.strength == Strength::Only);
    let Candidate { value: lost, strength: _ } = surest?;
    if !is_dear {
        if !blame.shows(session, &lost, Strength::Only) {
            // What is around cannot have its writer send what it does not send by itself.
            return None;
        }
        lift.harmless = Some(lift.arriving(session)?);
    }
    // What both accept is made without regard to what authors give as examples, and reads worse: where the
    // whole is searched for little, that is done instead.
    let wrappings: &[Wrapping] = if is_dear || lift.demands_of_many {
        &[Wrapping::Writer, Wrapping::Both]
    } else {
        &[Wrapping::Writer]
    };
    let mut tried = Vec::new();
    for wrapping in wrappings.iter().copied() {
        let Some(value) = lift.wrapped(session, lost.clone(), wrapping) else { continue };
        if lift.shows(session, &blame, &value) && lift.is_lost(session, lead, &value) {
            let mut shrinking = Shrinking { lift: &lift, blame: &blame, session };
            let value = shrink(&value, &mut shrinking);
            return Some(Candidate { value, strength: Strength::Only });
        }
        tried.push(value);
    }
    let enough: &[Strength] =
        if lift.is_branching { &[Strength::Only, Strength::Alone] } else { &[Strength::Only] };
    // To look at a value costs little, where to look for one costs what the whole costs.
    let root = Blame::of(session, lead);
    for strength in enough {
        let value = tried.iter().find(|value| root.shows(session, value, *strength));
        if let Some(value) = value {
            let value = root.shrunk(session, value, *strength);
            return Some(Candidate { value, strength: *strength });
        }
    }
    None
}

impl<'l> Lift<'l> {
    fn of(session: &mut Session<'_>, lead: &'l Lead) -> Option<Self> {
        let root = &lead.question;
        if !root.carrier.is_json() {
            return None;
        }
        let (mut old, mut new) = (root.old.clone(), root.new.clone());
        let (mut around, mut is_large, mut is_branching) = (Vec::new(), false, false);
        let mut rest = &lead.path;
        while let Some((pair, deeper)) = rest.split_first() {
            let walk = &mut session.walk;
            let (Some(was), Some(is)) =
                (inside(walk, &old, &pair.old), inside(walk, &new, &pair.new))
            else {
                break;
            };
            let (writer, reader, slot) = match lead.direction {
                Direction::OldToNew => (old, new, pair.old.clone()),
                Direction::NewToOld => (new, old, pair.new.clone()),
            };
            let shapes = &session.walk.shapes;
            is_large |= self::is_large(shapes, &writer);
            is_branching |= has_many_branches(shapes, &writer);
            around.push(Around { writer, reader, slot });
            (old, new) = (was, is);
            rest = deeper;
        }
        if around.is_empty() {
            return None;
        }
        let shapes = &session.walk.shapes;
        let ends_large = self::is_large(shapes, &old) || self::is_large(shapes, &new);
        let demands_of_many = ends_large && matches!(lead.edit.facet, Some(Facet::Required(_)));
        let inner = Lead {
            question: Question { old, new, ..root.clone() },
            path: rest.clone(),
            ..lead.clone()
        };
        Some(Self {
            root,
            direction: lead.direction,
            around,
            is_branching,
            is_large,
            demands_of_many,
            inner,
            harmless: None,
        })
    }

    /// A value for the place inside that both sides accept.
    fn arriving(&self, session: &mut Session<'_>) -> Option<Json> {
        let Question { old, new, polarity: _, carrier: _ } = &self.inner.question;
        let view = view(self.root, old.iter().chain(new).copied().collect(), Role::Reader);
        match session.walk.engine.example(&session.walk.shapes, &view) {
            Example::Found(harmless) => Some(harmless),
            Example::Empty | Example::Undecided(_) => None,
        }
    }

    /// The value inside the smallest value of every place around it.
    fn wrapped(&self, session: &mut Session<'_>, value: Json, wrapping: Wrapping) -> Option<Json> {
        let mut value = value;
        let parts = self.around.iter().rev().filter(|around| !around.slot.is_in_place());
        for Around { writer, reader, slot } in parts {
            let beside = match wrapping {
                Wrapping::Writer => [].as_slice(),
                Wrapping::Both => reader.as_slice(),
            };
            let role = match wrapping {
                Wrapping::Writer => Role::Writer,
                Wrapping::Both => Role::Reader,
            };
            let view = view(self.root, writer.iter().chain(beside).copied().collect(), role);
            let Example::Found(around) = session.walk.engine.example(&session.walk.shapes, &view)
            else {
                return None;
            };
            let filled = put(&around, slot, value.clone());
            let reads = |session: &mut Session<'_>, value: &Json| {
                let view = self::view(self.root, writer.clone(), Role::Reader);
                session.walk.engine.reads(&session.walk.shapes, &view, value) == Some(true)
            };
            // What is smallest may be another choice: null, or a member beside which no other may be.
            let alone = || by_itself(slot, &value);
            value = match filled {
                Some(filled) if reads(session, &filled) => filled,
                filled => alone().filter(|alone| reads(session, alone)).or(filled)?,
            };
        }
        Some(value)
    }

    /// The ways to what may go: around the place, what neither end demands there; inside it, what
    /// the value can do without by itself.
    fn spare(&self, session: &mut Session<'_>, blame: &Blame, value: &Json) -> Vec<Vec<Piece>> {
        let slots = self.slots();
        let arriving = self.harmless.as_ref().and_then(|part| replaced(value, &slots, part));
        let found = follow(value, &slots).zip(arriving);
        let Some((here, arriving)) = found else { return deletions(value) };
        let place = parts(value, &slots);
        let (engine, shapes) = (&mut session.walk.engine, &session.walk.shapes);
        let around = engine.spare(shapes, &self.ends(), &arriving);
        let inside = blame.spare(session, here, Strength::Only);
        let (around, inside): (HashSet<_>, HashSet<_>) =
            (around.into_iter().collect(), inside.into_iter().collect());
        let mut ways = deletions(value);
        ways.retain(|way| match way.strip_prefix(place.as_slice()) {
            Some(inner) => inside.contains(inner),
            None => around.contains(way),
        });
        ways
    }

    /// The slots that lead to a part of the value; in a branch the value is the same.
    fn slots(&self) -> Vec<&Slot> {
        self.around.iter().map(|around| &around.slot).filter(|slot| !slot.is_in_place()).collect()
    }

    /// The reader and the writer at the root.
    fn ends(&self) -> [View; 2] {
        let (reader, writer) = match self.direction {
            Direction::OldToNew => (&self.root.new, &self.root.old),
            Direction::NewToOld => (&self.root.old, &self.root.new),
        };
        let reader = view(self.root, reader.clone(), Role::Reader);
        [reader, view(self.root, writer.clone(), Role::Writer)]
    }

    /// Whether the edit by itself loses the value at the root: what a branch refuses, another may accept.
    fn is_lost(&self, session: &mut Session<'_>, lead: &Lead, value: &Json) -> bool {
        if self.around.iter().all(|around| !around.slot.is_in_place()) {
            return true;
        }
        let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
        let alone = edit.facet.as_ref().and_then(|facet| {
            session.walk.isolated(question, *direction, path, facet).map(|(reader, _)| reader)
        });
        alone.is_none_or(|reader| {
            let reader = view(self.root, reader, Role::Reader);
            session.walk.engine.reads(&session.walk.shapes, &reader, value) == Some(false)
        })
    }

    /// Whether the writer may send the value and the reader refuses it, because of the edit alone.
    fn shows(&self, session: &mut Session<'_>, blame: &Blame, value: &Json) -> bool {
        let slots = self.slots();
        let Some(here) = follow(value, &slots) else { return false };
        let arriving = self.harmless.as_ref().and_then(|part| replaced(value, &slots, part));
        let Some(arriving) = arriving else { return false };
        let [reader, writer] = self.ends();
        blame.shows(session, here, Strength::Only) && {
            let (engine, shapes) = (&mut session.walk.engine, &session.walk.shapes);
            engine.reads(shapes, &reader, value) == Some(false)
                && engine.reads(shapes, &reader, &arriving) == Some(true)
                && engine.sends(shapes, &reader, &writer, value)
        }
    }
}

/// A value that shows an edit inside something large, while it is made smaller.
struct Shrinking<'s, 'l, 'c> {
    lift: &'s Lift<'l>,
    blame: &'s Blame,
    session: &'s mut Session<'c>,
}

impl Shows for Shrinking<'_, '_, '_> {
    fn shows(&mut self, value: &Json) -> bool {
        self.lift.shows(self.session, self.blame, value)
    }

    fn spare(&mut self, value: &Json) -> Vec<Vec<Piece>> {
        self.lift.spare(self.session, self.blame, value)
    }
}

/// Whether the place declares so many members that to look at all of them for each edit is dear.
pub(super) fn is_large(shapes: &Shapes, place: &[ShapeId]) -> bool {
    nodes_of(shapes, place)
        .into_iter()
        .filter_map(|node| shapes.get(node).object.get())
        .any(|object| object.properties.len() >= LARGE)
}

pub(super) fn view(question: &Question, mut conjuncts: Vec<ShapeId>, role: Role) -> View {
    conjuncts.sort_unstable();
    conjuncts.dedup();
    View { conjuncts, role, polarity: question.polarity, carrier: question.carrier }
}

/// The value that has this part in the slot and nothing else.
fn by_itself(slot: &Slot, part: &Json) -> Option<Json> {
    let mut around = [Json::object::<&str>([]), Json::array([])].into_iter();
    around.find_map(|around| put(&around, slot, part.clone()))
}

/// The part of a value that the slots lead to.
fn follow<'v>(value: &'v Json, slots: &[&Slot]) -> Option<&'v Json> {
    let Some((slot, rest)) = slots.split_first() else { return Some(value) };
    let part = match (value, slot) {
        (Json::Object(members), Slot::Property(name) | Slot::Member(name)) => members.get(name)?,
        (Json::Array(elements), slot) => elements.get(position(slot, elements)?)?,
        _ => return None,
    };
    follow(part, rest)
}

/// The way that the slots lead, as far as the value has it.
fn parts(value: &Json, slots: &[&Slot]) -> Vec<Piece> {
    let (mut here, mut way) = (value, Vec::new());
    for slot in slots {
        let part = match (here, slot) {
            (Json::Object(_), Slot::Property(name) | Slot::Member(name)) => {
                Some(Piece::Member(Arc::clone(name)))
            }
            (Json::Array(elements), slot) => position(slot, elements).map(Piece::Element),
            _ => None,
        };
        let (Some(part), Some(next)) = (part, follow(here, &[slot])) else { break };
        way.push(part);
        here = next;
    }
    way
}

/// The value with another part where the slots lead to.
fn replaced(value: &Json, slots: &[&Slot], part: &Json) -> Option<Json> {
    let Some((slot, rest)) = slots.split_first() else { return Some(part.clone()) };
    let inner = replaced(follow(value, &[slot])?, rest, part)?;
    put(value, slot, inner)
}
