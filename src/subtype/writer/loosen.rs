//! An assumption that would leave the writer nothing to send is dropped (docs/verdicts.md), in steps.
//!
//! Where every value that a writer may send hits two alternatives of which only one may hold, say, it
//! is first taken to send the names that any of its own alternatives states, whichever accepts the
//! value; only where that leaves nothing either, anything.

use std::sync::Arc;

use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Assumed, Goal, Key, Lit, Place};
use crate::subtype::names::in_place;

impl Search<'_> {
    /// The answer with less assumed, where all that is assumed leaves nothing.
    pub(in crate::subtype) fn without_assumptions(&mut self, goal: &Goal) -> Answer {
        let place = self.tables.places.get(goal.place);
        if place.assumed != Assumed::Here {
            return Answer::Empty;
        }
        let mut open = None;
        let sent: Vec<_> =
            goal.lits.iter().copied().filter(|lit| self.is_all_written(*lit)).collect();
        if sent.len() < goal.lits.len() || place.lent != 0 {
            // Who lends may not hold: it takes something that is sent without.
            let alone = self.tables.places.id(Place { lent: 0, ..(*place).clone() });
            let sent = Goal::new(sent, alone, goal.marks);
            match self.solve(sent.clone()) {
                Answer::Found(_) if self.tables.loosened.contains(&sent) => {}
                Answer::Found(_) => return Answer::Empty,
                Answer::Undecided(reason) => open = Some(reason),
                Answer::Empty => {}
            }
        }
        let place = self.looser(goal, &place);
        let loosely = Goal::new(goal.lits.clone(), place, goal.marks);
        if let Some(reason) = open {
            // Whether the writer has anything to send does not matter where nothing is lost anyway.
            return match self.solve(loosely) {
                Answer::Empty => Answer::Empty,
                Answer::Found(_) | Answer::Undecided(_) => Answer::Undecided(reason),
            };
        }
        self.tables.loosened.insert(goal.clone());
        self.solve(loosely)
    }

    /// Whether it is the writer's statement, whichever of its alternatives is taken.
    fn is_all_written(&self, lit: Lit) -> bool {
        match lit {
            Lit::Either(key) => self.tables.lists.get(key).iter().all(|lit| lit.is_written()),
            Lit::Holds(_) | Lit::Refuses(_) | Lit::Differs(_) | Lit::Unsure(_) => lit.is_written(),
        }
    }

    /// The same place with the next assumption dropped.
    fn looser(&mut self, goal: &Goal, place: &Place) -> Key {
        let readers = place.readers.clone();
        let granted = if place.granted == 0 { self.stated_by_writers(goal) } else { 0 };
        let assumed = if granted == 0 { Assumed::Inside } else { Assumed::Here };
        self.tables.places.id(Place { readers, granted, lent: place.lent, assumed })
    }

    /// The names to which a reader gives a meaning and that a shape of the writer states, in any
    /// branch.
    fn stated_by_writers(&mut self, goal: &Goal) -> Key {
        let stated = self.stated_names(goal.place);
        // What the writer denies may leave it the names that the denial is about.
        let claims = goal.lits.iter().filter(|lit| lit.is_written()).filter_map(|lit| lit.claim());
        let written = claims.map(|claim| claim.shape).collect();
        let shapes = self.shapes;
        let parts = in_place(shapes, written).into_iter();
        let objects = parts.filter_map(|part| shapes.get(part).object.get());
        let names = objects.flat_map(|object| {
            let needed = object.dependent_required.values().flat_map(|names| &names.value);
            let properties = object.properties.keys().chain(object.required.keys());
            let dependent = object.dependent_required.keys().chain(object.dependent_shapes.keys());
            properties.chain(dependent).chain(needed)
        });
        let names = names.filter(|name| stated.contains(*name)).map(Arc::clone).collect();
        self.tables.ignores.id(names)
    }
}
