//! One value of a list added or taken away: what that does is what becomes of the value.
//!
//! To make the list anew for each of its values, and to ask about all that it holds, costs the list
//! once for each of them. A value in which just one of the values occurs that only one side lists is
//! judged alike by the list with this one edit and by the list with all of them: the latter is made
//! once, and what is lost by one value shows, with the others in its stead, what is lost by them.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::judged::{Direction, Outcome};
use super::path::Path;
use super::slots::shapes_in;
use super::walk::{Question, Walk, views};
use crate::model::{Json, ShapeId};
use crate::rules::edit::{Alternatives, Facet, GroupAt, Slot};

/// From how many differing values on a list is looked at as a whole: of a few, each is.
const MANY: usize = 8;

/// A list inside a place, as the sides have it and as they would have it.
pub(crate) struct List {
    /// The values that only one side lists.
    differing: BTreeSet<Json>,
    /// Those of them that the reader lists.
    read: BTreeSet<Json>,
    /// Whether the place accepts the more the more the list does.
    is_direct: bool,
    /// The writer's side with the reader's list.
    pub(crate) alone: Vec<ShapeId>,
    /// The same, where the edited place accepts what the reader's does too.
    pub(crate) either: Option<Vec<ShapeId>>,
    /// The reader's side with the writer's list.
    pub(crate) undone: Vec<ShapeId>,
    /// A value that is lost for one of the differing values, as small as it gets.
    lost: OnceCell<Json>,
}

/// The lists that were looked at, by the place asked about and the ways inside.
#[derive(Default)]
pub(super) struct Lists {
    known: HashMap<(Question, Direction), Vec<Known>, FixedState>,
}

type Known = (Path, Option<Rc<List>>);

impl Walk<'_> {
    /// What becomes of the direction by this value alone; `None` where that does not show at once.
    pub(super) fn judge_listed(
        &mut self,
        question: &Question,
        direction: Direction,
        value: &Json,
    ) -> Option<Outcome> {
        if !question.carrier.is_json() {
            return None;
        }
        let (read, written) = direction.ends(&question.old, &question.new);
        let (donor, base) = (self.place(read)?, self.place(written)?);
        if donor.values.as_ref()?.value.contains(value) {
            return base.values.is_some().then_some(Outcome::Holds);
        }
        let (reader, writer) = views((read, written), question.polarity, question.carrier);
        let is_lost = !self.engine.reads(&self.shapes, &reader, value)?;
        if is_lost && self.engine.sends(&self.shapes, &reader, &writer, value) {
            return Some(Outcome::Fails);
        }
        let is_sent = self.engine.accepts(&self.shapes, &writer, value) != Some(false);
        (!is_lost || !is_sent).then_some(Outcome::Holds)
    }

    /// The same of a value of one of many in a list inside the place.
    pub(super) fn judge_listed_inside(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        value: &Json,
    ) -> Option<Outcome> {
        let list = self.list(question, direction, path)?;
        if list.is_direct && list.read.contains(value) {
            return Some(Outcome::Holds);
        }
        let is_lost = self.lost.known(question, direction).into_iter().any(|sample| {
            let other = list.exchanged(&sample, value);
            other.is_some_and(|other| self.is_lost_by(question, direction, &list, &other))
        });
        is_lost.then_some(Outcome::Fails)
    }

    /// Whether the edit takes nothing away wherever the list is read: one more value of many.
    pub(crate) fn only_lists_more(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        facet: &Facet,
    ) -> bool {
        let Facet::Value(value) = facet else { return false };
        let list = self.list(question, direction, path);
        list.is_some_and(|list| list.is_direct && list.read.contains(value))
    }

    /// A value that is lost for this one of many values of a list, and the list.
    pub(crate) fn lost_by_list(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        facet: &Facet,
    ) -> Option<(Rc<List>, Json)> {
        let Facet::Value(value) = facet else { return None };
        let list = self.list(question, direction, path)?;
        let sample = if path.is_empty() { Some(value) } else { list.lost.get() };
        let other = list.exchanged(sample?, value)?;
        self.is_lost_by(question, direction, &list, &other).then_some((list, other))
    }

    /// Takes note of the smallest value that was found to be lost for this one of many values of a
    /// list.
    pub(crate) fn remember_lost_by_list(
        &mut self,
        question: &Question,
        direction: Direction,
        (path, facet): (&Path, &Facet),
        shown: &Json,
    ) {
        let Facet::Value(value) = facet else { return };
        let list = self.list(question, direction, path);
        if let Some(list) = list.filter(|list| list.exchanged(shown, value).is_some()) {
            let _ = list.lost.set(shown.clone());
        }
    }

    /// Whether the writer sends the value, and it is lost with the reader's list and at the reader.
    fn is_lost_by(
        &mut self,
        question: &Question,
        direction: Direction,
        list: &List,
        sent: &Json,
    ) -> bool {
        let Question { old, new, polarity, carrier } = question;
        let (_, writer) = direction.ends(old.as_slice(), new.as_slice());
        let (reader, writer) = views((&list.alone, writer), *polarity, *carrier);
        self.engine.reads(&self.shapes, &reader, sent) == Some(false)
            && self.is_refused(question, direction, sent)
            && self.engine.sends(&self.shapes, &reader, &writer, sent)
    }

    /// The list at the end of the way; `None` where not many of its values differ.
    fn list(&mut self, question: &Question, direction: Direction, path: &Path) -> Option<Rc<List>> {
        if !question.carrier.is_json() {
            return None;
        }
        let asked = (question.clone(), direction);
        let known = self.lost.lists.known.get(&asked).into_iter().flatten();
        if let Some((_, list)) = { known }.find(|(way, _)| way == path) {
            return list.clone();
        }
        let list = self.look_at_list(question, direction, path).map(Rc::new);
        self.lost.lists.known.entry(asked).or_default().push((path.clone(), list.clone()));
        list
    }

    fn look_at_list(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
    ) -> Option<List> {
        let (mut old, mut new) = (question.old.clone(), question.new.clone());
        for pair in path.iter() {
            let (was, is) = (self.place(&old)?, self.place(&new)?);
            (old, new) = (shapes_in(&was, &pair.old), shapes_in(&is, &pair.new));
        }
        let (was, is) = (self.place(&old)?, self.place(&new)?);
        let (was, is) = (&was.values.as_ref()?.value, &is.values.as_ref()?.value);
        let differing: BTreeSet<Json> = was.symmetric_difference(is).cloned().collect();
        if differing.len() < MANY {
            return None;
        }
        let (read, _) = direction.ends(was, is);
        let read = differing.intersection(read).cloned().collect();
        let is_direct = path.iter().all(|pair| pair.old.is_direct() && pair.new.is_direct());
        let (alone, _) = self.isolated(question, direction, path, &Facet::Values)?;
        let either = self.isolated_place(question, direction, path, &Facet::Values);
        let (undone, _) = self.isolated(question, direction.opposite(), path, &Facet::Values)?;
        Some(List { differing, read, is_direct, alone, either, undone, lost: OnceCell::new() })
    }
}

impl List {
    /// The sample with this value in the place of the one in it that only one side lists.
    fn exchanged(&self, sample: &Json, value: &Json) -> Option<Json> {
        let mut found = 0;
        let exchanged = self.exchange(sample, value, &mut found);
        let mut inside = 0;
        self.exchange(value, value, &mut inside);
        (found == 1 && inside == 1).then_some(exchanged)
    }

    fn exchange(&self, sample: &Json, value: &Json, found: &mut usize) -> Json {
        if self.differing.contains(sample) {
            *found += 1;
            *found += self.parts(sample);
            return value.clone();
        }
        match sample {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => sample.clone(),
            Json::Array(elements) => {
                Json::array(elements.iter().map(|part| self.exchange(part, value, found)))
            }
            Json::Object(members) => {
                let mut exchange = |(name, part): (&Arc<str>, &Json)| {
                    *found += usize::from(self.differing.contains(&Json::String(name.clone())));
                    (name.clone(), self.exchange(part, value, found))
                };
                Json::Object(Arc::new(members.iter().map(&mut exchange).collect()))
            }
        }
    }

    /// How many values that only one side lists there are inside the value.
    fn parts(&self, value: &Json) -> usize {
        let mut found = 0;
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                for part in elements.iter() {
                    self.exchange(part, part, &mut found);
                }
            }
            Json::Object(members) => {
                for (name, part) in members.iter() {
                    found += usize::from(self.differing.contains(&Json::String(name.clone())));
                    self.exchange(part, part, &mut found);
                }
            }
        }
        found
    }
}

impl Slot {
    /// Whether what accepts more in the slot leads to no less being accepted around it.
    fn is_direct(&self) -> bool {
        match self {
            Self::Property(_)
            | Self::Member(_)
            | Self::Family(_)
            | Self::PatternProperty(_)
            | Self::Additional
            | Self::Unevaluated
            | Self::Position(_)
            | Self::Rest
            | Self::UnevaluatedItems
            | Self::DependentShape(_)
            | Self::Branch(GroupAt { kind: Alternatives::AnyOf, index: _ }, _)
            | Self::Then(_)
            | Self::Otherwise(_)
            | Self::Itself
            | Self::Respelled(_) => true,
            Self::Names
            | Self::Contained(_)
            | Self::Content
            | Self::Branch(GroupAt { kind: Alternatives::OneOf, index: _ }, _)
            | Self::Not(_)
            | Self::When(_) => false,
        }
    }
}
