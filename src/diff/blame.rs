//! Values that are lost because of one edit, and not because of another.
//!
//! The writer's side with the edit done by itself refuses such a value, and so does the reader's
//! side; where one can be had that the reader's side accepts once the edit is undone, it is taken.

use std::sync::Arc;

use super::ledger::Lead;
use super::lift::is_large;
use super::session::Session;
use super::shapes::{Direction, Question};
use super::witness::WitnessSide;
use crate::model::{Json, Piece, Polarity, ShapeId};
use crate::proof::{Shows, shrink};
use crate::rules::edit::{Facet, Slot};
use crate::subtype::{Carrier, Containment, Example, Role, View};

/// The sides of one crossing, and what each would be with the edit done or undone by itself.
pub(super) struct Blame {
    polarity: Polarity,
    carrier: Carrier,
    direction: Direction,
    writer: Vec<ShapeId>,
    reader: Vec<ShapeId>,
    /// The writer's side with this edit done; `None` where the finding is about all edits together.
    alone: Option<Vec<ShapeId>>,
    /// What accepts what either that or the reader's side does, at the edited place alone.
    either: Option<Vec<ShapeId>>,
    /// The reader's side with this edit undone.
    undone: Option<Vec<ShapeId>>,
    /// The one of many members that the edit is about.
    member: Option<Member>,
    /// The value of a list that the edit is about.
    listed: Option<Json>,
    /// Of one of many alternatives: what the edit loses there, as the whole value.
    inside: Option<Json>,
}

/// One of many members.
struct Member {
    name: Arc<str>,
    /// What reads with the edit done and what writes, where the object has no other members; `None`
    /// where the member is needed now.
    only: Option<(Vec<ShapeId>, Vec<ShapeId>)>,
}

/// How surely a value is lost because of the edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It is lost, and nothing is said about why: all edits together are to blame.
    Together,
    /// It is lost, and a writer like the reader would send it once this edit alone is done.
    Sent,
    /// The edit alone suffices to lose it.
    Alone,
    /// The edit alone suffices, and without it the value arrives.
    Only,
}

/// A value and what it shows.
pub(super) struct Candidate {
    pub(super) value: Json,
    pub(super) strength: Strength,
}

/// What came of looking for values.
pub(super) enum Found {
    /// Values that show the edit, the most telling first.
    Values(Vec<Candidate>),
    /// What the edit takes away never comes here, or arrives all the same.
    Nothing,
    /// Neither, and why.
    Unknown(String),
}

impl Blame {
    /// The sides of the root that a lead starts from.
    pub(super) fn of(session: &mut Session<'_>, lead: &Lead) -> Self {
        let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
        let Question { old, new, polarity, carrier } = question;
        let (reader, writer) = direction.ends(old, new);
        let facet = edit.facet.as_ref().filter(|_| path.is_empty() && !carrier.is_text());
        let member = facet.and_then(|facet| Member::of(session, lead, facet));
        let listed = match facet {
            Some(Facet::Value(value)) => Some(value.clone()),
            Some(_) | None => None,
        };
        let either = edit
            .facet
            .as_ref()
            .and_then(|facet| session.walk.isolated_place(question, *direction, path, facet));
        let mut side = |direction| {
            let facet = edit.facet.as_ref()?;
            session.walk.isolated(question, direction, path, facet).map(|(changed, _)| changed)
        };
        let (alone, undone) = (side(*direction), side(direction.opposite()));
        let walk = &mut session.walk;
        let among_many = walk.is_among_many(question, path);
        let ends = edit.facet.as_ref().zip(alone.as_deref()).filter(|_| among_many);
        let inside = ends.and_then(|(facet, alone)| {
            walk.loss_inside(question, *direction, (path, facet), alone)
        });
        Self {
            either,
            polarity: *polarity,
            carrier: *carrier,
            direction: *direction,
            writer: writer.clone(),
            reader: reader.clone(),
            alone,
            undone,
            member,
            listed,
            inside,
        }
    }

    /// Of one of many values of a list: a value that is lost because of this edit only, by what is
    /// known of another one of them.
    pub(super) fn by_list(session: &mut Session<'_>, lead: &Lead) -> Option<Json> {
        let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
        let facet = edit.facet.as_ref()?;
        let (list, value) = session.walk.lost_by_list(question, *direction, path, facet)?;
        let Question { old, new, polarity, carrier } = question;
        let (reader, writer) = direction.ends(old, new);
        let blame = Self {
            polarity: *polarity,
            carrier: *carrier,
            direction: *direction,
            writer: writer.clone(),
            reader: reader.clone(),
            alone: Some(list.alone.clone()),
            either: list.either.clone(),
            undone: Some(list.undone.clone()),
            member: None,
            listed: None,
            inside: None,
        };
        blame.shows(session, &value, Strength::Only).then_some(value)
    }

    /// Of a large object: a value that both sides accept, with the member as the edit loses it. To
    /// search for it costs what the object costs, once for each of its members.
    fn by_member(&self, session: &mut Session<'_>) -> Option<Json> {
        let Member { name, only } = self.member.as_ref()?;
        let lost = match only {
            None => None,
            Some((alone, writer)) => {
                let Containment::Fails(Json::Object(members)) = self.lost(session, alone, writer)
                else {
                    return None;
                };
                members.get(name).cloned()
            }
        };
        let Json::Object(members) = self.accepted(session)? else { return None };
        let mut members = (*members).clone();
        match lost {
            Some(lost) => members.insert(Arc::clone(name), lost),
            None => members.remove(name),
        };
        Some(Json::Object(Arc::new(members)))
    }

    /// A value that both sides accept.
    fn accepted(&self, session: &mut Session<'_>) -> Option<Json> {
        let ends = (self.writer.clone(), self.reader.clone());
        if let Some(known) = session.accepted.get(&ends) {
            return known.clone();
        }
        let both = self.writer.iter().chain(&self.reader).copied().collect::<Vec<_>>();
        let view = self.view(&both, Role::Reader);
        let accepted = match session.walk.engine.example(&session.walk.shapes, &view) {
            Example::Found(value) => Some(value),
            Example::Empty | Example::Undecided(_) => None,
        };
        session.accepted.insert(ends, accepted.clone());
        accepted
    }

    /// Values that show the edit.
    pub(super) fn values(&self, session: &mut Session<'_>) -> Found {
        let mut doubt = None;
        let mut found: Vec<Candidate> = Vec::new();
        let Some(alone) = &self.alone else {
            return match self.lost(session, &self.reader, &self.writer) {
                Containment::Fails(value) => {
                    Found::Values(vec![Candidate { value, strength: Strength::Together }])
                }
                Containment::Holds => Found::Nothing,
                Containment::Undecided(reason) => Found::Unknown(reason.to_string()),
            };
        };
        let likely = self.listed.clone().or_else(|| self.by_member(session));
        if let Some(value) = likely.filter(|value| self.shows(session, value, Strength::Only)) {
            return Found::Values(vec![Candidate { value, strength: Strength::Only }]);
        }
        if let Some(candidate) = self.found_inside(session) {
            return Found::Values(vec![candidate]);
        }
        match self.lost(session, alone, &self.writer) {
            Containment::Fails(value) => {
                let candidate = self.candidate(session, value);
                if candidate.as_ref().is_some_and(|it| it.strength == Strength::Only) {
                    return Found::Values(candidate.into_iter().collect());
                }
                found.extend(candidate);
            }
            Containment::Holds => return self.found_sent(session),
            Containment::Undecided(reason) => doubt = Some(reason),
        }
        if !found.is_empty() && session.walk.engine.is_strained() {
            // What shows the edit is known; a value that shows it better is looked for at leisure.
            return Found::Values(found);
        }
        // What both refuse, sent by whoever would be heard without the edit.
        let both = self.either.as_ref().unwrap_or(alone);
        if let Some(undone) = &self.undone {
            let writer: Vec<ShapeId> = self.writer.iter().chain(undone).copied().collect();
            if let Containment::Fails(value) = self.lost(session, both, &writer)
                && self.is_sent(session, &value)
            {
                found.extend(self.candidate(session, value));
            }
        }
        match self.lost(session, both, &self.writer) {
            Containment::Fails(value) => found.extend(self.candidate(session, value)),
            Containment::Holds if doubt.is_none() => return self.found_sent(session),
            Containment::Holds => {}
            Containment::Undecided(reason) => doubt = doubt.or(Some(reason)),
        }
        if let Containment::Fails(value) = self.lost(session, &self.reader, &self.writer) {
            found.extend(self.candidate(session, value));
        }
        found.sort_by_key(|candidate| std::cmp::Reverse(candidate.strength));
        match (found.is_empty(), doubt) {
            (false, _) => Found::Values(found),
            (true, Some(reason)) => Found::Unknown(reason.to_string()),
            (true, None) => Found::Unknown("no value was found that shows the edit".to_owned()),
        }
    }

    /// Of one of many alternatives: what the edit loses there. To look for a value that shows it
    /// better costs what all alternatives cost.
    fn found_inside(&self, session: &mut Session<'_>) -> Option<Candidate> {
        let value = self.inside.as_ref()?;
        let strengths = [Strength::Only, Strength::Alone];
        let strength = strengths.into_iter().find(|least| self.shows(session, value, *least))?;
        Some(Candidate { value: value.clone(), strength })
    }

    /// Of an edit by the writer after which the other edits let everything arrive: what the reader loses
    /// where nothing but this was edited. An edit beside it may lose the same, and neither is an excuse
    /// for the other.
    fn found_sent(&self, session: &mut Session<'_>) -> Found {
        let Some(edited) = self.undone.as_ref().filter(|_| self.direction == Direction::NewToOld)
        else {
            return Found::Nothing;
        };
        let both: Vec<ShapeId> = self.writer.iter().chain(edited).copied().collect();
        for writer in [&both, edited] {
            if let Containment::Fails(value) = self.lost(session, &self.reader, writer)
                && self.shows(session, &value, Strength::Sent)
            {
                return Found::Values(vec![Candidate { value, strength: Strength::Sent }]);
            }
        }
        Found::Nothing
    }

    /// Whether the value shows the edit as surely as this.
    pub(super) fn shows(&self, session: &mut Session<'_>, value: &Json, least: Strength) -> bool {
        self.is_lost(session, value, least)
            && self.is_sent(session, value)
            && (least != Strength::Sent || self.is_sent_by_edited(session, value))
    }

    /// Whether a writer like the reader sends the value once the edit is done.
    fn is_sent_by_edited(&self, session: &mut Session<'_>, value: &Json) -> bool {
        let Some(edited) = &self.undone else { return false };
        let (reader, writer) =
            (self.view(&self.reader, Role::Reader), self.view(edited, Role::Writer));
        session.walk.engine.sends(&session.walk.shapes, &reader, &writer, value)
    }

    /// The smallest value made from this one that shows the edit as surely as this.
    pub(super) fn shrunk(&self, session: &mut Session<'_>, value: &Json, least: Strength) -> Json {
        shrink(value, &mut Shrinking { blame: self, session, least })
    }

    /// The ways to what the value may be able to do without if it is to show the edit as surely as
    /// this: neither its writer demands it, nor the reader that is to accept it.
    pub(super) fn spare(
        &self,
        session: &mut Session<'_>,
        value: &Json,
        least: Strength,
    ) -> Vec<Vec<Piece>> {
        let mut views = vec![self.view(&self.writer, Role::Writer)];
        let role = match least {
            Strength::Together | Strength::Alone => None,
            Strength::Sent => Some(Role::Writer),
            Strength::Only => Some(Role::Reader),
        };
        views.extend(self.undone.as_ref().zip(role).map(|(undone, role)| self.view(undone, role)));
        session.walk.engine.spare(&session.walk.shapes, &views, value)
    }

    /// Whether the writer may send the value; errs towards `false`.
    fn is_sent(&self, session: &mut Session<'_>, value: &Json) -> bool {
        let (reader, writer) =
            (self.view(&self.reader, Role::Reader), self.view(&self.writer, Role::Writer));
        session.walk.engine.sends(&session.walk.shapes, &reader, &writer, value)
    }

    /// Whether the value is lost, and because of the edit as surely as this.
    fn is_lost(&self, session: &mut Session<'_>, value: &Json, least: Strength) -> bool {
        let arrives = |session: &mut Session<'_>, side: &[ShapeId]| {
            let view = self.view(side, Role::Reader);
            session.walk.engine.reads(&session.walk.shapes, &view, value)
        };
        if arrives(session, &self.reader) != Some(false) {
            return false;
        }
        if least >= Strength::Alone
            && let Some(alone) = self.either.as_ref().or(self.alone.as_ref())
            && arrives(session, alone) != Some(false)
        {
            return false;
        }
        if least >= Strength::Only
            && let Some(undone) = &self.undone
            && arrives(session, undone) != Some(true)
        {
            return false;
        }
        true
    }

    /// The value with what it shows, which the writer is known to send; `None` where the edit by
    /// itself does not lose it.
    fn candidate(&self, session: &mut Session<'_>, value: Json) -> Option<Candidate> {
        let strength = [Strength::Only, Strength::Alone]
            .into_iter()
            .find(|strength| self.is_lost(session, &value, *strength))?;
        if self.is_sent(session, &value) {
            return Some(Candidate { value, strength });
        }
        let value = self.otherwise_named(session, &value, strength).unwrap_or(value);
        Some(Candidate { value, strength })
    }

    fn lost(
        &self,
        session: &mut Session<'_>,
        reader: &[ShapeId],
        writer: &[ShapeId],
    ) -> Containment {
        session.walk.contains((reader, writer), self.polarity, self.carrier)
    }

    fn view(&self, conjuncts: &[ShapeId], role: Role) -> View {
        let mut conjuncts = conjuncts.to_vec();
        conjuncts.sort_unstable();
        conjuncts.dedup();
        View { conjuncts, role, polarity: self.polarity, carrier: self.carrier }
    }
}

impl Member {
    fn of(session: &mut Session<'_>, lead: &Lead, facet: &Facet) -> Option<Self> {
        let (Facet::Required(name) | Facet::Slot(Slot::Property(name))) = facet else {
            return None;
        };
        let Lead { question, path, edit: _, direction, site: _, reaches: _ } = lead;
        let shapes = &session.walk.shapes;
        if !is_large(shapes, &question.old) && !is_large(shapes, &question.new) {
            return None;
        }
        let is_needed = matches!(facet, Facet::Required(_));
        let only = if is_needed {
            None
        } else {
            let sliced = session.walk.sliced(question, path, facet)?;
            Some(session.walk.isolated(&sliced, *direction, path, facet)?)
        };
        Some(Self { name: Arc::clone(name), only })
    }
}

/// A value that shows an edit, while it is made smaller.
struct Shrinking<'s, 'c> {
    blame: &'s Blame,
    session: &'s mut Session<'c>,
    least: Strength,
}

impl Shows for Shrinking<'_, '_> {
    fn shows(&mut self, value: &Json) -> bool {
        self.blame.shows(self.session, value, self.least)
    }

    fn spare(&mut self, value: &Json) -> Vec<Vec<Piece>> {
        self.blame.spare(self.session, value, self.least)
    }
}

/// Who writes in this direction.
pub(super) fn writer_of(direction: Direction) -> WitnessSide {
    match direction {
        Direction::OldToNew => WitnessSide::Old,
        Direction::NewToOld => WitnessSide::New,
    }
}
