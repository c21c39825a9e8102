//! The edits of one place, and of what its applicators hold: found, joined, judged one by one.

use std::collections::HashSet;
use std::rc::Rc;

use super::judged::{Direction, Judged, Outcome, rewritten, settles};
use super::pairing;
use super::path::Path;
use super::similarity::Look;
use super::slots::{SlotPair, shapes_in, shared};
use super::walk::{Ends, MAX_DEPTH, Question, Walk, views};
use crate::model::{Json, Polarity, ShapeId, Unread};
use crate::rules::edit::{Edit, Facet, Slot};
use crate::rules::effective::Effective;
use crate::rules::matching::Pairing;
use crate::rules::shape;
use crate::subtype::{Assumptions, Carrier, Containment, ContentModel, Reason};

impl Walk<'_> {
    /// The edits of the place itself, and those inside its applicators.
    pub(super) fn judge_local(
        &mut self,
        question: &Question,
        places: (&Effective, &Effective),
        (pairing, pairs): (&Pairing, &[SlotPair]),
        whole: &(Outcome, Outcome),
    ) -> Vec<Judged> {
        let mut edits: Vec<(Edit, Path)> = Vec::new();
        let mut seen = HashSet::new();
        let parts = (pairing, pairs, question.carrier);
        self.collect(places, parts, &mut Vec::new(), &mut seen, &mut edits);
        let edits = self.join_respellings(question, places, whole, edits);
        let judge = |(edit, path): (Edit, Path)| {
            let old_to_new = self.answer(question, Direction::OldToNew, &whole.0, &edit, &path);
            let new_to_old = self.answer(question, Direction::NewToOld, &whole.1, &edit, &path);
            Judged { edit: Rc::new(edit), path, old_to_new, new_to_old }
        };
        let judged = edits.into_iter().map(judge).collect();
        self.leave_open(places, whole, judged)
    }

    /// Where something of a place could be read on one side only, the other says nothing about it that
    /// is certain but a break.
    fn leave_open(
        &self,
        (old, new): (&Effective, &Effective),
        whole: &(Outcome, Outcome),
        mut judged: Vec<Judged>,
    ) -> Vec<Judged> {
        let unread = |side: &Effective| -> Vec<Unread> {
            side.nodes.iter().flat_map(|id| self.shapes.get(*id).unread.clone()).collect()
        };
        let (was, is) = (unread(old), unread(new));
        let only = |one: &[Unread], other: &[Unread]| {
            let mut alone = one.iter().filter(|it| other.iter().all(|its| its.reason != it.reason));
            alone.next().cloned()
        };
        let (gone, come) = (only(&was, &is), only(&is, &was));
        let message = match (&gone, &come) {
            (Some(_), None) => "what stood here could not be read, and was replaced",
            (None, Some(_)) => "what stands here now cannot be read",
            (Some(_), Some(_)) => "what stands here and what stood here cannot be read",
            (None, None) => return judged,
        };
        judged
            .retain(|found| Direction::ALL.iter().any(|it| *found.outcome(*it) == Outcome::Fails));
        if [&whole.0, &whole.1].iter().any(|it| matches!(it, Outcome::Undecided(_))) {
            let at = |unread: &Option<Unread>, side: &Effective| {
                unread.as_ref().map_or(side.span, |unread| unread.span)
            };
            let spans = (at(&gone, old), at(&come, new));
            judged.push(Judged::only_unread(spans, message, whole));
        }
        judged
    }

    /// What becomes of one direction by this edit, given what becomes of it as a whole.
    pub(super) fn answer(
        &mut self,
        question: &Question,
        direction: Direction,
        whole: &Outcome,
        edit: &Edit,
        path: &Path,
    ) -> Outcome {
        match (whole, &edit.facet) {
            (Outcome::Unasked, _) => Outcome::Unasked,
            (Outcome::Holds, _) | (_, None) => Outcome::Holds,
            (Outcome::Fails | Outcome::Undecided(_), Some(facet)) => {
                if let Facet::Value(value) = facet
                    && let Some(outcome) = if path.is_empty() {
                        self.judge_listed(question, direction, value)
                    } else {
                        self.judge_listed_inside(question, direction, path, value)
                    }
                {
                    return outcome;
                }
                let alone = self.sliced(question, path, facet);
                let alone = alone.map(|of| self.judge_edit(&of, direction, path, facet, edit));
                // What is lost by a member alone is lost where there is an object with such a member
                // at all, of which nothing is known where the whole is open.
                let is_known =
                    |known: &Outcome| *known != Outcome::Fails || *whole == Outcome::Fails;
                alone
                    .filter(is_known)
                    .unwrap_or_else(|| self.judge_edit(question, direction, path, facet, edit))
            }
        }
    }

    /// Edits that change nothing are another spelling, and one edit where they do so only together.
    /// Whether they do must not depend on who writes, or one edit would be called two names.
    fn join_respellings(
        &mut self,
        question: &Question,
        (old, new): (&Effective, &Effective),
        whole: &(Outcome, Outcome),
        edits: Vec<(Edit, Path)>,
    ) -> Vec<(Edit, Path)> {
        let edits: Vec<_> = edits.into_iter().map(named_for_content).collect();
        let fails = |outcome: &Outcome| matches!(outcome, Outcome::Fails | Outcome::Undecided(_));
        let any = edits.iter().any(|(edit, _)| edit.is_respelling());
        if !any || fails(&whole.0) || fails(&whole.1) {
            return edits;
        }
        let stored =
            Question { polarity: Polarity::Both, carrier: Carrier::StoredJson, ..question.clone() };
        if !self.is_contained_both_ways(&stored, (&question.new, &question.old)) {
            return edits;
        }
        if !self.is_same_to_all(&stored, (&question.new, &question.old)) {
            return self.name_respellings(&stored, edits);
        }
        let made_up: Vec<bool> = edits
            .iter()
            .map(|(edit, path)| self.is_spelled_otherwise(&stored, edit, path))
            .collect();
        let (spelled, kept): (Vec<_>, Vec<_>) = edits
            .into_iter()
            .zip(made_up)
            .partition(|((edit, _), is_made_up)| *is_made_up || edit.is_respelling());
        let without = |all: Vec<((Edit, Path), bool)>| all.into_iter().map(|(edit, _)| edit);
        let (spelled, mut kept): (Vec<_>, Vec<_>) =
            (without(spelled).collect(), without(kept).collect());
        let independent = spelled.len() == 1
            || spelled.iter().all(|(edit, path)| self.changes_nothing(&stored, edit, path));
        if independent {
            kept.extend(spelled.into_iter().map(|(edit, path)| (edit.respelling(), path)));
        } else {
            let spans = (old.span, new.span);
            kept.push((rewritten(spans, spelled.iter().map(|(edit, _)| edit)), Path::default()));
        }
        kept
    }

    /// Where both sides admit the same only of what writers are assumed to send, each edit is told as
    /// what it is, unless it says the same to every validator.
    fn name_respellings(
        &mut self,
        question: &Question,
        edits: Vec<(Edit, Path)>,
    ) -> Vec<(Edit, Path)> {
        let name = |(edit, path): (Edit, Path)| {
            let is_spelling = edit.is_respelling() && self.changes_nothing(question, &edit, &path);
            (if is_spelling { edit.respelling() } else { edit }, path)
        };
        edits.into_iter().map(name).collect()
    }

    /// Whether a member that came or went is declared by other edits of the place instead, to every
    /// validator: by a pattern that its name matches.
    fn is_spelled_otherwise(&mut self, question: &Question, edit: &Edit, path: &Path) -> bool {
        let Some(facet @ Facet::Slot(Slot::Property(_))) = &edit.facet else { return false };
        Direction::ALL.into_iter().any(|direction| {
            self.isolated(question, direction, path, facet)
                .is_some_and(|(changed, base)| !self.is_same_to_all(question, (&changed, &base)))
        })
    }

    /// Whether the edit changes nothing by itself.
    fn changes_nothing(&mut self, question: &Question, edit: &Edit, path: &Path) -> bool {
        let Some(facet) = &edit.facet else { return true };
        Direction::ALL.into_iter().all(|direction| {
            self.isolated(question, direction, path, facet)
                .is_some_and(|(changed, base)| self.is_same_to_all(question, (&changed, &base)))
        })
    }

    /// Whether both admit the same, whatever is assumed of writers.
    fn is_same_to_all(
        &mut self,
        question: &Question,
        (one, other): (&[ShapeId], &[ShapeId]),
    ) -> bool {
        let strict =
            Assumptions { content_model: ContentModel::Strict, ..self.engine.assumptions() };
        let Question { old: _, new: _, polarity, carrier } = question;
        [(one, other), (other, one)].into_iter().all(|ends| {
            self.contains_under(strict, ends, *polarity, *carrier) == Containment::Holds
        })
    }

    fn is_contained_both_ways(
        &mut self,
        question: &Question,
        (one, other): (&[ShapeId], &[ShapeId]),
    ) -> bool {
        let Question { old: _, new: _, polarity, carrier } = question;
        [(one, other), (other, one)]
            .into_iter()
            .all(|ends| self.contains(ends, *polarity, *carrier) == Containment::Holds)
    }

    fn judge_edit(
        &mut self,
        question: &Question,
        direction: Direction,
        path: &Path,
        facet: &Facet,
        edit: &Edit,
    ) -> Outcome {
        let Some((reader, writer)) = self.isolated(question, direction, path, facet) else {
            return Outcome::Undecided(Reason("the edit cannot be taken apart from others".into()));
        };
        if self.is_known_to_lose(question, direction, (&reader, &writer)) {
            return Outcome::Fails;
        }
        let among_many = self.is_among_many(question, path);
        let inside = |walk: &mut Self| {
            let lost = walk.loss_inside(question, direction, (path, facet), &reader)?;
            walk.lost.remember(question, direction, &lost);
            Some(Outcome::Fails)
        };
        if among_many && let Some(fails) = inside(self) {
            return fails;
        }
        let answer = self.contains((&reader, &writer), question.polarity, question.carrier);
        if matches!(answer, Containment::Undecided(_))
            && !among_many
            && let Some(fails) = inside(self)
        {
            return fails;
        }
        if let Containment::Fails(value) = &answer {
            if self.is_refused(question, direction, value) {
                self.lost.remember(question, direction, value);
            } else if self.is_made_up_for(question, direction, (&reader, &writer)) {
                return Outcome::Holds;
            }
        }
        match Outcome::from(answer) {
            // Where nothing stands in the way, the effect by itself is the answer.
            Outcome::Undecided(_) if path.is_empty() && settles(edit, direction) => Outcome::Holds,
            Outcome::Unasked => Outcome::Unasked,
            Outcome::Holds => Outcome::Holds,
            Outcome::Fails => Outcome::Fails,
            Outcome::Undecided(reason) => Outcome::Undecided(reason),
        }
    }

    /// Whether a value that was lost at the place before is lost by this edit alone too, which many
    /// edits of one place have in common.
    fn is_known_to_lose(
        &mut self,
        question: &Question,
        direction: Direction,
        ends: (&[ShapeId], &[ShapeId]),
    ) -> bool {
        let known = self.lost.known(question, direction);
        if known.is_empty() || question.carrier.is_text() {
            return false;
        }
        let (reader, writer) = views(ends, question.polarity, question.carrier);
        known.iter().any(|value| {
            self.engine.reads(&self.shapes, &reader, value) == Some(false)
                && self.engine.sends(&self.shapes, &reader, &writer, value)
        })
    }

    /// Whether the reader of the place as it is, every edit done, refuses the value.
    pub(super) fn is_refused(
        &mut self,
        question: &Question,
        direction: Direction,
        value: &Json,
    ) -> bool {
        let Question { old, new, polarity, carrier } = question;
        let (reader, _) = views(direction.ends(old, new), *polarity, *carrier);
        self.engine.reads(&self.shapes, &reader, value) == Some(false)
    }

    /// Whether everything that the edit takes away by itself arrives all the same, because other
    /// edits of the place give it back: an alternative that took the place of another.
    fn is_made_up_for(
        &mut self,
        question: &Question,
        direction: Direction,
        (alone, writer): (&[ShapeId], &[ShapeId]),
    ) -> bool {
        let Question { old, new, polarity, carrier } = question;
        let (reader, _) = direction.ends(old, new);
        let either = self.either(alone, reader);
        self.contains((&either, writer), *polarity, *carrier) == Containment::Holds
    }

    /// The edits of a place and of the slots inside its applicators.
    fn collect(
        &mut self,
        (old, new): (&Effective, &Effective),
        (pairing, pairs, carrier): (&Pairing, &[SlotPair], Carrier),
        path: &mut Vec<SlotPair>,
        seen: &mut HashSet<Ends>,
        edits: &mut Vec<(Edit, Path)>,
    ) {
        for edit in shape::compare(&self.shapes, (old, new), pairing, &self.renamed) {
            if !(carrier.is_json() && shape::comes_with_type(old, new, &edit)) {
                edits.push((edit, path.iter().cloned().collect()));
            }
        }
        for pair in pairs {
            if path.is_empty() && pair.old.is_transparent() {
                continue;
            }
            let (was, is) = (shapes_in(old, &pair.old), shapes_in(new, &pair.new));
            if path.len() >= MAX_DEPTH {
                self.cycles.cut_short();
                continue;
            }
            if !seen.insert((was.clone(), is.clone())) {
                continue;
            }
            let below = Question {
                old: was,
                new: is,
                polarity: Polarity::Both,
                carrier: Carrier::StoredJson,
            };
            let Some((below, respelling)) = self.spelled_alike(&below) else { continue };
            let places = (self.place(&below.old), self.place(&below.new));
            if let (Some(was), Some(is)) = places {
                let look = Look { shapes: &self.shapes, equality: self.engine.equality() };
                let inner = pairing::pair(look, self.nothing, &was, &is);
                let pairs = shared(look, self.nothing, (&was, &is), &inner);
                let length = path.len();
                path.push(pair.clone());
                path.extend(respelling);
                self.collect((&was, &is), (&inner, &pairs, carrier), path, seen, edits);
                path.truncate(length);
            }
        }
    }
}

/// An edit inside of what a text should contain is named for that.
fn named_for_content((edit, path): (Edit, Path)) -> (Edit, Path) {
    let is_of_content = path.iter().any(|pair| pair.new == Slot::Content);
    (if is_of_content && edit.facet.is_some() { edit.of_content() } else { edit }, path)
}
