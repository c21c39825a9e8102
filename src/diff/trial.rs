//! Asks what becomes of values at a root where only some of its edits are done.

use super::lift::view;
use super::losing::Losing;
use super::session::Session;
use super::shapes::{Direction, EditId, Mixture, PairId, Question, Touched};
use crate::model::{Json, Piece, ShapeId};
use crate::proof::Shows;
use crate::subtype::{Containment, Role, View};

/// A root, and what is asked of values there.
pub(super) struct Trial<'t, 'c> {
    session: &'t mut Session<'c>,
    question: &'t Question,
    direction: Direction,
    at: Option<PairId>,
    /// A side that is to accept the value, though the reader does not.
    pub(super) hearing: Option<Vec<ShapeId>>,
    /// A side that is to refuse it, as the reader does.
    pub(super) losing: Option<Vec<ShapeId>>,
}

impl<'t, 'c> Trial<'t, 'c> {
    /// A root, of which nothing was found yet.
    pub(super) fn new(session: &'t mut Session<'c>, root: &'t Losing) -> Self {
        let Losing { question, direction, crossing: _, at } = root;
        Self { session, question, direction: *direction, at: *at, hearing: None, losing: None }
    }

    /// What the value can have met; `None` where that is too much.
    pub(super) fn touched(&self, value: &Json) -> Option<Touched> {
        self.session.walk.touched(self.at?, value)
    }

    /// What the reader refuses of what the writer sends and this side accepts.
    pub(super) fn lost_of(&mut self, hearing: &[ShapeId]) -> Containment {
        let Question { old, new, polarity, carrier } = self.question;
        let (reader, writer) = self.direction.ends(old, new);
        let sent: Vec<ShapeId> = writer.iter().chain(hearing).copied().collect();
        let lost = self.session.walk.contains((reader, &sent), *polarity, *carrier);
        self.hearing = Some(hearing.to_vec());
        match &lost {
            Containment::Fails(value) if !self.is_lost(value) => self.lost_among(hearing),
            Containment::Fails(_) | Containment::Holds | Containment::Undecided(_) => lost,
        }
    }

    /// The same where what only this side declares is nothing that the writer sends.
    fn lost_among(&mut self, hearing: &[ShapeId]) -> Containment {
        let [reader, writer] = self.ends();
        let (engine, shapes) = (&mut self.session.walk.engine, &self.session.walk.shapes);
        match engine.contains_among(shapes, &reader, &writer, hearing) {
            // Who could send nothing otherwise is taken to send what nobody is assumed to send.
            Containment::Fails(value) if !engine.sends(shapes, &reader, &writer, &value) => {
                Containment::Holds
            }
            answer @ (Containment::Fails(_) | Containment::Holds | Containment::Undecided(_)) => {
                answer
            }
        }
    }

    /// Whether the writer may send the value, the reader refuses it, and the sides that are to accept it
    /// or to refuse it do.
    pub(super) fn is_lost(&mut self, value: &Json) -> bool {
        let hearing = self.hearing.clone();
        let losing = self.losing.clone();
        let [reader, writer] = self.ends();
        hearing.is_none_or(|side| self.reads(&side, value) == Some(true))
            && losing.is_none_or(|side| self.refuses(&side, value))
            && {
                let (engine, shapes) = (&mut self.session.walk.engine, &self.session.walk.shapes);
                engine.reads(shapes, &reader, value) == Some(false)
                    && engine.sends(shapes, &reader, &writer, value)
            }
    }

    /// Whether these edits, done by themselves, lose the value that comes to these places; `None` where
    /// they cannot be done together.
    pub(super) fn lose<'e>(
        &mut self,
        edits: impl IntoIterator<Item = &'e EditId>,
        (value, touched): (&Json, &Touched),
    ) -> Option<bool> {
        let side = self.done(edits, touched)?;
        Some(self.refuses(&side, value))
    }

    /// The writer's side with these edits done, as far as the value comes.
    pub(super) fn done<'e>(
        &mut self,
        edits: impl IntoIterator<Item = &'e EditId>,
        touched: &Touched,
    ) -> Option<Vec<ShapeId>> {
        let edits = edits.into_iter().copied();
        let mut mixture = self.session.walk.mixture_for(self.direction, edits, touched);
        self.session.walk.mixed(&mut mixture, self.at?)
    }

    /// Whether a writer like the reader sends the value once the edit tells it to, whatever else was
    /// edited.
    pub(super) fn brings(&mut self, edit: EditId, (value, touched): (&Json, &Touched)) -> bool {
        let back = self.direction.opposite();
        let mut mixture = self.session.walk.mixture_for(back, [edit].into_iter(), touched);
        let Some(at) = self.at else { return false };
        let Some(side) = self.session.walk.mixed(&mut mixture, at) else { return false };
        let [reader, _] = self.ends();
        let writer = view(self.question, side, Role::Writer);
        let (engine, shapes) = (&mut self.session.walk.engine, &self.session.walk.shapes);
        engine.sends(shapes, &reader, &writer, value)
    }

    /// The first of these edits that by itself has a writer like the old readers send the value.
    pub(super) fn sent_by_one_of(
        &mut self,
        edits: &[EditId],
        shown: (&Json, &Touched),
    ) -> Option<EditId> {
        let is_by_new = self.direction == Direction::NewToOld;
        edits.iter().copied().find(|edit| is_by_new && self.brings(*edit, shown))
    }

    /// The writer's side with edits done.
    pub(super) fn mixed(&mut self, mixture: &mut Mixture) -> Option<Vec<ShapeId>> {
        self.session.walk.mixed(mixture, self.at?)
    }

    /// What such a side refuses of what the writer sends.
    pub(super) fn lost_by(&mut self, side: &[ShapeId]) -> Containment {
        let Question { old, new, polarity, carrier } = self.question;
        let (_, writer) = self.direction.ends(old, new);
        self.session.walk.contains((side, writer), *polarity, *carrier)
    }

    /// Whether the side refuses the value.
    fn refuses(&mut self, side: &[ShapeId], value: &Json) -> bool {
        self.reads(side, value) == Some(false)
    }

    fn reads(&mut self, side: &[ShapeId], value: &Json) -> Option<bool> {
        let view = view(self.question, side.to_vec(), Role::Reader);
        self.session.walk.engine.reads(&self.session.walk.shapes, &view, value)
    }

    fn ends(&self) -> [View; 2] {
        let Question { old, new, polarity: _, carrier: _ } = self.question;
        let (reader, writer) = self.direction.ends(old, new);
        let view = |side: &[ShapeId], role| view(self.question, side.to_vec(), role);
        [view(reader, Role::Reader), view(writer, Role::Writer)]
    }
}

impl Shows for Trial<'_, '_> {
    fn shows(&mut self, value: &Json) -> bool {
        self.is_lost(value)
    }

    fn spare(&mut self, value: &Json) -> Vec<Vec<Piece>> {
        let [_, writer] = self.ends();
        let mut views = vec![writer];
        views.extend(self.hearing.clone().map(|side| view(self.question, side, Role::Reader)));
        self.session.walk.engine.spare(&self.session.walk.shapes, &views, value)
    }
}
