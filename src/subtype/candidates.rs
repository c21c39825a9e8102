//! Values that are tried before any search: listed ones, and those that the author gives.

use std::sync::Arc;

use crate::model::{Json, ShapeId, Shapes};

use super::bounds::{Known, known};
use super::engine::Search;
use super::goal::{Answer, Claim, Goal, Source};
use super::names::conjuncts;
use super::term::{Basic, Item, Tag, Term};
use super::values::Values;

/// How many of an author's values are tried for one goal.
const AUTHORED: usize = 8;
/// How large such a value may be; a larger one is no readable witness, and dear to try everywhere.
const AUTHORED_SIZE: usize = 48;

impl Search<'_> {
    /// The answer where the values are listed: the list is tried.
    pub(super) fn by_listed_values(&mut self, goal: &Goal) -> Option<Answer> {
        let mut shortest: Option<Values> = None;
        for claim in goal.lits.iter().filter_map(|lit| lit.held()) {
            let profile = self.profile(claim.shape);
            let Some(values) = &profile.values else { continue };
            if shortest.as_ref().is_none_or(|known| values.len() < known.len()) {
                shortest = Some(values.clone());
            }
        }
        let mut undecided = false;
        for listed in shortest?.iter() {
            undecided |= !self.are_all_notations(listed);
            for value in self.notations(listed) {
                match self.satisfies_all(&goal.lits, &value) {
                    Some(true) => return Some(Answer::Found(value)),
                    Some(false) => {}
                    None => undecided = true,
                }
            }
        }
        Some(if undecided {
            Answer::Undecided(self.budget.cannot_evaluate())
        } else {
            Answer::Empty
        })
    }

    /// A value that the writer's author gives as an example or default, if it answers the goal.
    pub(super) fn by_authored_values(&mut self, goal: &Goal) -> Option<Json> {
        let written = Self::written(&goal.lits);
        let mut values = Vec::new();
        for claim in written.iter().filter(|claim| claim.source == Source::Writer) {
            values.extend(self.authored(claim.shape).iter().cloned());
        }
        values.truncate(AUTHORED);
        values.into_iter().find(|value| {
            self.satisfies_all(&goal.lits, value) == Some(true)
                && self.sends(&written, goal.place, value)
        })
    }

    /// The values that a shape's author gives and that are worth trying.
    fn authored(&mut self, shape: ShapeId) -> Arc<Vec<Json>> {
        if let Some(known) = self.tables.authored.get(&shape) {
            return Arc::clone(known);
        }
        let parts = conjuncts(self.shapes, shape).into_iter();
        let mut values: Vec<Json> = parts.flat_map(|part| authored(self.shapes, part)).collect();
        values.retain(|value| value.size() <= AUTHORED_SIZE);
        values.truncate(AUTHORED);
        let values = Arc::new(values);
        self.tables.authored.insert(shape, Arc::clone(&values));
        values
    }

    /// Notes what a shape that holds says at once of members.
    pub(super) fn note_tags(&mut self, term: &mut Term, claim: Claim) {
        if term.kind != Basic::Object {
            return;
        }
        let ignored = self.ignored(claim);
        let profile = self.profile(claim.shape);
        for (name, tag) in profile.tags.iter().filter(|(name, _)| !ignored.contains(*name)) {
            let known = term.object.tags.get(name).map_or(tag.clone(), |known| known.and(tag));
            term.object.tags.insert(Arc::clone(name), known);
        }
        if let Some(closed) = profile.closed.as_ref().filter(|_| ignored.is_empty()) {
            term.object.closed = Some(match &term.object.closed {
                None => Arc::clone(closed),
                Some(known) => Arc::new(known.intersection(closed).cloned().collect()),
            });
        }
    }

    /// Whether it shows at once that the claim's shape refuses everything in the term.
    pub(super) fn is_clash(&mut self, term: &Term, claim: Claim) -> bool {
        let profile = self.profile(claim.shape);
        self.budget.work(1 + profile.required.len() + profile.tags.len());
        if profile.is_never || !profile.kinds.has(term.kind.least_kind()) {
            return true;
        }
        let texts = profile.texts.as_ref().filter(|_| term.kind == Basic::String);
        if let Some(values) = profile.values.as_ref().or(texts) {
            let fits =
                |value: &Json| Basic::of(value) == term.kind && !term.differs.contains(value);
            let is_some = match &term.finite {
                Some(finite) => finite.share(values, fits),
                None => values.iter().any(fits),
            };
            if !is_some {
                return true;
            }
        }
        if term.kind == Basic::Number {
            let is_out = |leaf| known(term, &Item::Number(leaf)) == Known::Impossible;
            return profile.numbers.iter().cloned().any(is_out);
        }
        if term.kind != Basic::Object {
            return false;
        }
        let ignored = self.ignored(claim);
        let is_heard = |name: &Arc<str>| !ignored.contains(name);
        let object = &term.object;
        let is_gone = |name: &Arc<str>| {
            object.absent.contains(name)
                || object.closed.as_ref().is_some_and(|closed| !closed.contains(name))
                || object.tags.get(name).is_some_and(Tag::is_empty)
        };
        if profile.required.iter().any(|name| is_heard(name) && is_gone(name)) {
            return true;
        }
        if let Some(closed) = &profile.closed
            && object.present.iter().any(|name| is_heard(name) && !closed.contains(name))
        {
            return true;
        }
        profile.tags.iter().any(|(name, tag)| {
            is_heard(name)
                && (profile.required.contains(name) || object.present.contains(name))
                && match object.tags.get(name) {
                    Some(known) => known.is_apart_from(tag),
                    None => tag.is_empty(),
                }
        })
    }
}

fn authored(shapes: &Shapes, shape: ShapeId) -> Vec<Json> {
    let Some(notes) = shapes.get(shape).notes.get() else { return Vec::new() };
    let examples = notes.examples.iter().map(|example| example.value.clone());
    examples.chain(notes.default.iter().map(|default| default.value.clone())).collect()
}
