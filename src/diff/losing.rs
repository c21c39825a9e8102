//! Roots that lose something, and which edits may do so unnoticed.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::session::{Crossing, Session};
use super::shapes::{Direction, EditId, Mixture, PairId, Question};
use super::told::Told;
use super::trial::Trial;
use crate::subtype::{Containment, Reason};

/// A root that loses something, who writes there, and where values cross.
pub(super) struct Losing {
    pub(super) question: Question,
    pub(super) direction: Direction,
    pub(super) crossing: Crossing,
    /// Its pair of places, where all inside it were met.
    pub(super) at: Option<PairId>,
}

/// The roots that lose something, whose pairs are met.
pub(super) fn losing(session: &mut Session<'_>, roots: Vec<(Question, Crossing)>) -> Vec<Losing> {
    let mut losing = Vec::new();
    // Who carries values as text may not carry all of them; what is routed by them is judged apart.
    for (question, crossing) in roots.into_iter().filter(|(root, _)| root.carrier.is_json()) {
        for direction in session.asked(question.polarity).iter().copied() {
            let ends = direction.ends(question.old.as_slice(), question.new.as_slice());
            let whole = session.walk.contains(ends, question.polarity, question.carrier);
            if !matches!(whole, Containment::Fails(_)) {
                continue;
            }
            let at = session.walk.meet(&question);
            let (question, crossing) = (question.clone(), crossing.clone());
            losing.push(Losing { question, direction, crossing, at });
        }
    }
    losing
}

/// The edits that may lose something unnoticed.
pub(super) struct Suspects {
    pub(super) edits: Vec<EditId>,
    pub(super) told: Vec<EditId>,
    /// The pairs from which one is reached.
    pub(super) leading: HashSet<PairId, FixedState>,
    /// The writers' sides with what is told of done, and nothing else.
    hearing: Mixture,
}

impl Suspects {
    pub(super) fn of(session: &Session<'_>, told: &Told, direction: Direction) -> Self {
        let (told, untold) = told.apart(session, direction);
        let edits = session.walk.doubtful(direction, &untold);
        let leading = session.walk.leading_to(&edits);
        let hearing = session.walk.mixture(direction, told.iter().copied().collect());
        Self { edits, told, leading, hearing }
    }

    /// What the root loses of the values that would arrive where only what is told of is edited; the
    /// root is asked about what it loses of these from now on.
    pub(super) fn lost(&mut self, trial: &mut Trial<'_, '_>, root: &Losing) -> Containment {
        let open = |reason: &str| Containment::Undecided(Reason(reason.into()));
        let Some(at) = root.at else { return open("budget: pairs of places") };
        if !self.leading.contains(&at) {
            return Containment::Holds;
        }
        match trial.mixed(&mut self.hearing) {
            Some(hearing) => trial.lost_of(&hearing),
            None => open("what else breaks cannot be done by itself"),
        }
    }
}
