//! Objects whose members cross as text: compared member by member, where nothing but members is
//! spoken of.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Json, Kind};

use super::engine::Search;
use super::goal::{Answer, Claim, Key, Lit};
use super::term::{Basic, Item, ObjectLeaf};
use super::text::{Ends, open};
use super::{Carrier, ContentModel};

/// How many shapes may apply to one object.
const MAX_PARTS: usize = 64;

/// What a member that neither side names may hold, where the writer says nothing of it.
const ANYTHING: [&str; 3] = ["", "a", "0"];

impl Search<'_> {
    /// The shapes that apply to an object, if all that they say is which members there are, what
    /// they hold and which must be there.
    pub(super) fn plain_object(&mut self, claims: &[Claim]) -> Option<Vec<Claim>> {
        let mut parts = claims.to_vec();
        let mut next = 0;
        while let Some(claim) = parts.get(next).copied() {
            next += 1;
            let shapes = self.shapes;
            let shape = shapes.get(claim.shape);
            let is_plain = shape.boolean != Some(false)
                && shape.kinds.as_ref().is_none_or(|kinds| kinds.value.has(Kind::Object))
                && shape.enumeration.is_none()
                && shape.constant.is_none()
                && shape.unread.is_empty()
                && shape.object.get().is_none_or(|object| {
                    object.patterns.is_empty()
                        && object.unevaluated.is_none()
                        && object.names.is_none()
                        && object.min_properties.is_none()
                        && object.max_properties.is_none()
                        && object.dependent_required.is_empty()
                        && object.dependent_shapes.is_empty()
                });
            let logic = shape.logic.get();
            let is_conjunction = logic.is_none_or(|logic| {
                logic.any_of.is_none()
                    && logic.one_of.is_none()
                    && logic.not.is_none()
                    && logic.condition.is_none()
            });
            if !is_plain || !is_conjunction || parts.len() > MAX_PARTS {
                return None;
            }
            let inside = shape.reference.iter().map(|reference| reference.target);
            let inside = inside.chain(logic.iter().flat_map(|logic| logic.all_of.iter().copied()));
            for part in inside.collect::<Vec<_>>() {
                let part = self.inner(claim, part);
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        Some(parts)
    }

    /// What is lost of objects, given one that would be lost if it crossed as JSON.
    pub(super) fn objects_as_text(
        &mut self,
        ends: &Ends,
        mut lost: Json,
        carrier: Carrier,
    ) -> Answer {
        if self.reads(&ends.read, &lost, carrier) == Some(false) {
            return Answer::Found(lost);
        }
        if lost == Json::object::<Arc<str>>([]) && carrier == Carrier::HttpText {
            // It is read as an empty text; what has content is not.
            let filled = vec![Item::Object(ObjectLeaf::AtLeast(1))];
            match self.search_type_with(&self.goal(ends, &[]), Basic::Object, filled) {
                Answer::Found(other) => lost = other,
                answer @ (Answer::Empty | Answer::Undecided(_)) => return answer,
            }
            if self.reads(&ends.read, &lost, carrier) == Some(false) {
                return Answer::Found(lost);
            }
        }
        let (Some(sent), Some(kept)) =
            (self.plain_object(&ends.written), self.plain_object(&ends.read))
        else {
            return Answer::Undecided(open());
        };
        let around = Around { ends, lost, carrier, sent, kept };
        let mut undecided = None;
        for name in around.names(self) {
            match self.member_as_text(&around, &name) {
                Answer::Empty => {}
                found @ Answer::Found(_) => return found,
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        match self.other_members_as_text(&around) {
            Answer::Empty => undecided.map_or(Answer::Empty, Answer::Undecided),
            answer @ (Answer::Found(_) | Answer::Undecided(_)) => answer,
        }
    }

    /// What is lost because of one member that a side names.
    fn member_as_text(&mut self, around: &Around<'_>, name: &Arc<str>) -> Answer {
        let silent = [&around.sent, &around.kept].into_iter().flatten();
        if silent.into_iter().any(|part| self.ignored(*part).contains(name)) {
            return Answer::Empty;
        }
        let demanded = self.demands(&around.kept, name) && !self.demands(&around.sent, name);
        if demanded && let Some(value) = self.shown(around, without(&around.lost, name)) {
            return Answer::Found(value);
        }
        let left = if demanded { Answer::Undecided(open()) } else { Answer::Empty };
        let read = self.member_claims(&around.kept, name);
        let written = self.member_claims(&around.sent, name);
        let is_named = |parts: &[Claim]| parts.iter().any(|part| self.names(*part, name));
        let typed = written.iter().any(|claim| !self.is_anything(claim.shape));
        if !typed && !is_named(&around.sent) {
            let is_free = !around.sent.iter().any(|part| self.states_members(*part));
            let strict = self.assumptions.content_model == ContentModel::Strict;
            // Nobody hits by accident a name to which the reader gives a meaning; whoever has a map
            // of anything sends every name.
            if !is_free && !strict {
                return left;
            }
        }
        let place = self.member_place(around.ends.place, name);
        let inner = around.carrier.of_member();
        let part = if typed || around.carrier.nests() {
            self.part_as_text((written, read), place, inner)
        } else {
            self.scalar_as_text(read, place, inner)
        };
        match part {
            Answer::Empty => left,
            Answer::Undecided(reason) => Answer::Undecided(reason),
            Answer::Found(part) => self.found(around, with(&around.lost, name, part)),
        }
    }

    /// What is lost because of members that neither side names.
    fn other_members_as_text(&mut self, around: &Around<'_>) -> Answer {
        let names = around.names(self);
        let mut fresh = (0..).map(|count| format!("extra{}", "_".repeat(count)));
        let Some(name) = fresh.find(|name| !names.contains(name.as_str())) else {
            return Answer::Empty;
        };
        let name: Arc<str> = name.into();
        let read = self.member_claims(&around.kept, &name);
        if read.iter().all(|claim| self.is_anything(claim.shape)) {
            return Answer::Empty;
        }
        let written = self.member_claims(&around.sent, &name);
        if written.iter().all(|claim| self.is_anything(claim.shape)) {
            let extra = ANYTHING.map(|text| with(&around.lost, &name, Json::string(text)));
            if let Some(value) = extra.into_iter().find_map(|value| self.shown(around, value)) {
                return Answer::Found(value);
            }
        }
        let place = self.member_place(around.ends.place, &name);
        match self.part_as_text((written, read), place, around.carrier.of_member()) {
            Answer::Found(part) => self.found(around, with(&around.lost, &name, part)),
            answer @ (Answer::Empty | Answer::Undecided(_)) => answer,
        }
    }

    /// What is lost of a part of which nobody says what it is, where parts have no parts: a scalar.
    fn scalar_as_text(&mut self, read: Vec<Claim>, place: Key, carrier: Carrier) -> Answer {
        let refusals: Vec<_> = read.iter().map(|claim| Lit::Refuses(*claim)).collect();
        if refusals.is_empty() {
            return Answer::Empty;
        }
        let refused = Lit::Either(self.tables.lists.id(refusals));
        let ends = Ends { written: Vec::new(), read, refused, place };
        let mut undecided = None;
        for kind in [Basic::String, Basic::Number, Basic::Boolean] {
            match self.scalars_as_text(&ends, kind, carrier) {
                Answer::Empty => {}
                found @ Answer::Found(_) => return found,
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    fn found(&mut self, around: &Around<'_>, value: Option<Json>) -> Answer {
        self.shown(around, value).map_or_else(|| Answer::Undecided(open()), Answer::Found)
    }

    /// The value, if the writer sends it and the reader does not take it as it arrives.
    fn shown(&mut self, around: &Around<'_>, value: Option<Json>) -> Option<Json> {
        let value = value?;
        let ends = around.ends;
        let written = super::evaluate::all(&ends.written, |claim| self.accepts(*claim, &value));
        let is_lost = written == Some(true)
            && self.sends(&ends.written, ends.place, &value)
            && self.reads(&ends.read, &value, around.carrier) == Some(false);
        is_lost.then_some(value)
    }

    fn demands(&self, parts: &[Claim], name: &str) -> bool {
        parts.iter().any(|part| {
            let object = self.shapes.get(part.shape).object.get();
            object.is_some_and(|object| object.required.contains_key(name))
        })
    }

    fn names(&self, part: Claim, name: &str) -> bool {
        let object = self.shapes.get(part.shape).object.get();
        object.is_some_and(|object| {
            object.properties.contains_key(name) || object.required.contains_key(name)
        })
    }

    /// Whether the shape states a name or restricts others.
    fn states_members(&self, part: Claim) -> bool {
        let object = self.shapes.get(part.shape).object.get();
        object.is_some_and(|object| {
            !object.properties.is_empty()
                || !object.required.is_empty()
                || object.additional.is_some_and(|additional| !self.is_anything(additional))
        })
    }
}

/// An object on both ends, and one that would be lost if it crossed as JSON.
struct Around<'e> {
    ends: &'e Ends,
    lost: Json,
    carrier: Carrier,
    sent: Vec<Claim>,
    kept: Vec<Claim>,
}

impl Around<'_> {
    /// The names that a side states.
    fn names(&self, search: &Search<'_>) -> BTreeSet<Arc<str>> {
        let parts = self.sent.iter().chain(&self.kept);
        let objects = parts.filter_map(|part| search.shapes.get(part.shape).object.get());
        objects
            .flat_map(|object| object.properties.keys().chain(object.required.keys()))
            .cloned()
            .collect()
    }
}

fn with(value: &Json, name: &Arc<str>, part: Json) -> Option<Json> {
    let Json::Object(members) = value else { return None };
    let mut members = (**members).clone();
    members.insert(Arc::clone(name), part);
    Some(Json::Object(Arc::new(members)))
}

fn without(value: &Json, name: &str) -> Option<Json> {
    let Json::Object(members) = value else { return None };
    let mut members = (**members).clone();
    members.remove(name);
    Some(Json::Object(Arc::new(members)))
}
