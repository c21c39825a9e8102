//! Objects whose members cross as text: compared member by member, where nothing but members is
//! spoken of.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Json, Kind};
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim, Goal, Key, Lit};
use crate::subtype::term::{Basic, Item, ObjectLeaf};
use crate::subtype::unfold::{absent, present};
use crate::subtype::{Carrier, ContentModel};

use super::likely::MAX_PAIRS;
use super::{Ends, open};

/// What a member that neither side names may hold, where the writer says nothing of it.
const ANYTHING: [&str; 3] = ["", "a", "0"];

impl Search<'_> {
    /// The shapes that apply to an object with each choice of the reader's alternatives, if all that
    /// they say is which members there are and what they hold.
    fn kept_objects(&mut self, read: &[Claim]) -> Option<Vec<Vec<Claim>>> {
        let mut choices = self.choices(read)?;
        choices.retain(|choice| self.admit(choice, Kind::Object));
        let is_plain = choices.iter().flatten().all(|claim| {
            let shape = self.shapes.get(claim.shape);
            shape.enumeration.is_none()
                && shape.constant.is_none()
                && shape.unread.is_empty()
                && shape.object.get().is_none_or(|object| {
                    object.patterns.is_empty()
                        && object.unevaluated.is_none()
                        && object.dependent_shapes.is_empty()
                })
                && self.is_told(*claim, Kind::Object)
        });
        is_plain.then_some(choices)
    }

    /// The same of a writer, who may send less than they say.
    fn sent_objects(&mut self, written: &[Claim]) -> Option<Vec<Vec<Claim>>> {
        let mut choices = self.choices(written)?;
        choices.retain(|choice| self.admit(choice, Kind::Object));
        let is_plain = choices.iter().flatten().all(|claim| {
            let object = self.shapes.get(claim.shape).object.get();
            object.is_none_or(|object| object.patterns.is_empty() && object.unevaluated.is_none())
        });
        is_plain.then_some(choices)
    }

    /// What is lost of objects, given one that would be lost if it crossed as JSON.
    pub(in crate::subtype) fn objects_as_text(
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
            (self.sent_objects(&ends.written), self.kept_objects(&ends.read))
        else {
            return Answer::Undecided(open());
        };
        if sent.len().saturating_mul(kept.len()) > MAX_PAIRS {
            return Answer::Undecided(open());
        }
        let mut undecided = None;
        for sent in sent {
            let mut answer = Answer::Undecided(open());
            for kept in kept.clone() {
                let (sent, lost) = (sent.clone(), lost.clone());
                let around = Around { ends, lost, carrier, sent, kept };
                match self.parts_as_text(&around) {
                    // Whoever reads it so reads all of them.
                    Answer::Empty => {
                        answer = Answer::Empty;
                        break;
                    }
                    found @ Answer::Found(_) => return found,
                    Answer::Undecided(_) => {}
                }
            }
            if let Answer::Undecided(reason) = answer {
                undecided = Some(reason);
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// What is lost of objects because of a member.
    fn parts_as_text(&mut self, around: &Around<'_>) -> Answer {
        let mut undecided = match self.names_as_text(around) {
            Answer::Empty => None,
            found @ Answer::Found(_) => return found,
            Answer::Undecided(reason) => Some(reason),
        };
        for name in around.names(self) {
            match self.member_as_text(around, &name) {
                Answer::Empty => {}
                found @ Answer::Found(_) => return found,
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        match self.other_members_as_text(around) {
            Answer::Empty => undecided.map_or(Answer::Empty, Answer::Undecided),
            answer @ (Answer::Found(_) | Answer::Undecided(_)) => answer,
        }
    }

    /// What is lost because of which members there are, and how many, whatever they hold.
    fn names_as_text(&mut self, around: &Around<'_>) -> Answer {
        let lits = around.sent.iter().map(|claim| Lit::Holds(*claim)).collect();
        let goal = Goal::new(lits, around.ends.place, self.marks);
        let mut undecided = None;
        let ways = around.kept.iter().flat_map(|claim| self.ways_by_names(*claim));
        for way in ways.collect::<Vec<_>>() {
            let mut items = self.written_in_full(Basic::Object, around.carrier);
            items.extend(way);
            match self.search_type_with(&goal, Basic::Object, items) {
                Answer::Empty => {}
                Answer::Found(value) => match self.shown(around, Some(value)) {
                    Some(value) => return Answer::Found(value),
                    None => undecided = Some(open()),
                },
                Answer::Undecided(reason) => undecided = Some(reason),
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// The ways in which names alone have an object refused; those that are required are spoken of
    /// one by one.
    fn ways_by_names(&mut self, claim: Claim) -> Vec<Vec<Item>> {
        let shapes = self.shapes;
        let Some(object) = shapes.get(claim.shape).object.get() else { return Vec::new() };
        let ignored = self.ignored(claim);
        let fewer = object.min_properties.as_ref().and_then(|least| least.value.checked_sub(1));
        let most = object.max_properties.as_ref().map(|most| most.value.saturating_add(1));
        let counts = fewer.map(ObjectLeaf::AtMost).into_iter().chain(most.map(ObjectLeaf::AtLeast));
        let mut ways: Vec<_> = counts.map(|leaf| vec![Item::Object(leaf)]).collect();
        for (name, needed) in &object.dependent_required {
            let needed = needed.value.iter().filter(|needed| !ignored.contains(*needed));
            if !ignored.contains(name) {
                ways.extend(needed.map(|needed| vec![present(name), absent(needed)]));
            }
        }
        if let Some(names) = object.names {
            let refused = Lit::Refuses(self.child(claim, names));
            ways.push(vec![Item::Object(ObjectLeaf::SomeName(refused))]);
        }
        ways
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
        let written =
            crate::subtype::evaluate::all(&ends.written, |claim| self.accepts(*claim, &value));
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
