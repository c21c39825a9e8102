//! What is found at a pair of places, and how findings of one place are put together.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::path::Path;
use crate::rules::contract::CONTRACT_UNREADABLE;
use crate::rules::edit::{Edit, Facet};
use crate::rules::shape::{SHAPE_CHANGED, SHAPE_REWRITTEN};
use crate::source::Span;
use crate::subtype::{Containment, Reason};

/// Which side writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// Old writers, new readers: what is asked of requests and of stored data.
    OldToNew,
    /// New writers, old readers: what is asked of responses and of events.
    NewToOld,
}

impl Direction {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::OldToNew, Self::NewToOld];

    /// The other way round.
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::OldToNew => Self::NewToOld,
            Self::NewToOld => Self::OldToNew,
        }
    }

    /// What reads, and what writes.
    pub(crate) fn ends<T>(self, old: T, new: T) -> (T, T) {
        match self {
            Self::OldToNew => (new, old),
            Self::NewToOld => (old, new),
        }
    }
}

/// What became of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nobody asked.
    Unasked,
    /// Every value arrives.
    Holds,
    /// Some value is lost.
    Fails,
    /// Neither was shown.
    Undecided(Reason),
}

/// An edit with its answers.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) edit: Rc<Edit>,
    /// The way from the place that was asked about to the place of the edit.
    pub(crate) path: Path,
    pub(crate) old_to_new: Outcome,
    pub(crate) new_to_old: Outcome,
}

impl Judged {
    /// How bad the answers are.
    fn rank(&self) -> u8 {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Unasked | Outcome::Holds => 0,
            Outcome::Undecided(_) => 1,
            Outcome::Fails => 2,
        };
        rank(&self.old_to_new).max(rank(&self.new_to_old))
    }

    /// A place that was spelled in another way and in which nothing else was edited.
    pub(super) fn only_respelled(spans: (Span, Span)) -> Self {
        let message = "says the same in other words".to_owned();
        let edit = Rc::new(combined(&SHAPE_REWRITTEN, spans, message));
        let (old_to_new, new_to_old) = (Outcome::Holds, Outcome::Holds);
        Self { edit, path: Path::default(), old_to_new, new_to_old }
    }

    /// A place of which something could not be read.
    pub(super) fn only_unread(
        spans: (Span, Span),
        message: &str,
        whole: &(Outcome, Outcome),
    ) -> Self {
        let edit = Rc::new(combined(&CONTRACT_UNREADABLE, spans, message.to_owned()));
        let left = |outcome: &Outcome| match outcome {
            Outcome::Fails => Outcome::Holds,
            Outcome::Unasked | Outcome::Holds | Outcome::Undecided(_) => outcome.clone(),
        };
        let (old_to_new, new_to_old) = (left(&whole.0), left(&whole.1));
        Self { edit, path: Path::default(), old_to_new, new_to_old }
    }

    /// Whether it tells nobody anything: silence about what is free anyway, by which nothing is lost.
    pub(crate) fn is_idle(&self) -> bool {
        let holds = |outcome: &Outcome| matches!(outcome, Outcome::Unasked | Outcome::Holds);
        self.edit.facet == Some(Facet::Evaluated)
            && holds(&self.old_to_new)
            && holds(&self.new_to_old)
    }

    pub(super) fn outcome_mut(&mut self, direction: Direction) -> &mut Outcome {
        match direction {
            Direction::OldToNew => &mut self.old_to_new,
            Direction::NewToOld => &mut self.new_to_old,
        }
    }

    pub(crate) fn outcome(&self, direction: Direction) -> &Outcome {
        match direction {
            Direction::OldToNew => &self.old_to_new,
            Direction::NewToOld => &self.new_to_old,
        }
    }
}

/// What tells edits apart.
type Identity<'e> = (&'static str, Option<Span>, Option<Span>, &'e str);

/// Each edit once, by the shortest way, with the worst answers: the same shape may be reached from a
/// place along many ways, and all ways together grow without bound.
pub(super) fn once(judged: &[Judged]) -> Vec<Judged> {
    let hasher = FixedState::default();
    let mut index: HashMap<Identity<'_>, usize, FixedState> =
        HashMap::with_capacity_and_hasher(judged.len(), hasher);
    let mut kept: Vec<&Judged> = Vec::with_capacity(judged.len());
    for found in judged {
        let edit = &found.edit;
        let identity = (edit.rule.id, edit.old, edit.new, edit.message.as_str());
        let next = kept.len();
        let position = *index.entry(identity).or_insert(next);
        match kept.get_mut(position) {
            None => kept.push(found),
            Some(known) => {
                let worse = found.rank() > known.rank();
                let nearer = found.rank() == known.rank() && found.path.len() < known.path.len();
                if worse || nearer {
                    *known = found;
                }
            }
        }
    }
    let is_spelling = |edit: &Edit| edit.rule == &SHAPE_REWRITTEN;
    if !kept.iter().any(|found| is_spelling(&found.edit)) {
        return kept.into_iter().cloned().collect();
    }
    // What changes nothing at one place, and something at another, was no other spelling.
    let told: HashSet<(Option<Span>, Option<Span>, &str), FixedState> = kept
        .iter()
        .filter(|found| found.edit.is_suspect())
        .map(|found| (found.edit.old, found.edit.new, found.edit.message.as_str()))
        .collect();
    let is_told = |edit: &Edit| told.contains(&(edit.old, edit.new, edit.deed()));
    kept.into_iter().filter(|it| !is_spelling(&it.edit) || !is_told(&it.edit)).cloned().collect()
}

/// The same of what was found inside one pair alone, where each edit was told once: only what was called
/// another spelling there is looked at again.
pub(super) fn still_once(judged: Vec<Judged>) -> Vec<Judged> {
    let is_spelling = |found: &Judged| found.edit.rule == &SHAPE_REWRITTEN;
    if judged.iter().any(is_spelling) { once(&judged) } else { judged }
}

/// Whether the edit's own effect proves that the direction holds: more is admitted by a reader, or
/// less is written. Only of statements that stand by themselves: a branch of `oneOf` may take values
/// away by being added, and what a member does depends on what writers are assumed to send.
pub(super) fn settles(edit: &Edit, direction: Direction) -> bool {
    use crate::rules::Effect;
    if !edit.facet.as_ref().is_some_and(Facet::stands_alone) {
        return false;
    }
    match (edit.effect, direction) {
        (Effect::Annotates, _)
        | (Effect::Widens, Direction::OldToNew)
        | (Effect::Narrows, Direction::NewToOld) => true,
        (Effect::Widens, Direction::NewToOld)
        | (Effect::Narrows, Direction::OldToNew)
        | (Effect::Replaces | Effect::Withdraws | Effect::Offers, _) => false,
    }
}

/// The edits of a place that say the same in other words, as one.
pub(super) fn rewritten<'e>(
    spans: (Span, Span),
    joined: impl Iterator<Item = &'e Edit> + Clone,
) -> Edit {
    let message = format!("says the same in other words: {}", named(joined.clone()));
    let evidence = joined.flat_map(|edit| edit.evidence.clone()).collect();
    Edit { evidence, ..combined(&SHAPE_REWRITTEN, spans, message) }
}

/// The edits of a place that break only together, as one.
pub(crate) fn together<'e>(spans: (Span, Span), edits: impl Iterator<Item = &'e Edit>) -> Edit {
    let edits: Vec<&Edit> = edits.filter(|edit| edit.facet.is_some()).collect();
    let message = match edits.as_slice() {
        [] => "the shape changed".to_owned(),
        [only] => format!("with what surrounds it: {}", only.deed()),
        [_, _, ..] => format!("edits that break together: {}", named(edits.into_iter())),
    };
    combined(&SHAPE_CHANGED, spans, message)
}

/// What else was edited at a place of which somebody is told already.
pub(crate) fn left_open(spans: (Span, Span)) -> Edit {
    combined(&SHAPE_CHANGED, spans, "the other edits may break something too".to_owned())
}

/// The one edit of a place at which nothing else was edited: what the place loses is lost because of
/// it, wherever in the place its shape is used. To take it apart by one of those ways proves nothing.
pub(crate) fn sole(judged: &[Judged]) -> Option<(Edit, Path)> {
    let whole = [&SHAPE_CHANGED, &SHAPE_REWRITTEN, &CONTRACT_UNREADABLE];
    let mut counted = judged
        .iter()
        .filter(|found| found.edit.facet.is_some() || whole.contains(&found.edit.rule));
    let Judged { edit, path, .. } = counted.next()?;
    (edit.is_suspect() && counted.next().is_none())
        .then(|| (Edit { facet: None, ..(**edit).clone() }, path.clone()))
}

fn combined(rule: &'static crate::rules::Rule, (old, new): (Span, Span), message: String) -> Edit {
    Edit {
        rule,
        effect: rule.effect,
        message,
        facet: None,
        step: None,
        old: Some(old),
        new: Some(new),
        anchor: Some(new),
        tolerated: false,
        evidence: Vec::new(),
    }
}

/// The first of these edits, in words.
fn named<'e>(edits: impl Iterator<Item = &'e Edit>) -> String {
    const SHOWN: usize = 6;
    let words: Vec<&str> = edits.map(Edit::deed).take(SHOWN).collect();
    words.join("; ")
}

impl From<Containment> for Outcome {
    fn from(answer: Containment) -> Self {
        match answer {
            Containment::Holds => Self::Holds,
            Containment::Fails(_) => Self::Fails,
            Containment::Undecided(reason) => Self::Undecided(reason),
        }
    }
}

/// Where the place fails and nothing inside it was found to fail, all edits are to blame.
pub(super) fn blame_the_whole(
    spans: (Span, Span),
    whole: (Outcome, Outcome),
    mut judged: Vec<Judged>,
) -> Vec<Judged> {
    let blame = |direction: Direction, whole: &Outcome| {
        let worst = judged.iter().map(|found| found.outcome(direction));
        let (mut fails, mut undecided) = (false, false);
        for outcome in worst {
            match outcome {
                Outcome::Fails => fails = true,
                Outcome::Undecided(_) => undecided = true,
                Outcome::Holds | Outcome::Unasked => {}
            }
        }
        match whole {
            Outcome::Fails if !fails => Some(Outcome::Fails),
            Outcome::Undecided(reason) if !fails && !undecided => {
                Some(Outcome::Undecided(reason.clone()))
            }
            Outcome::Fails | Outcome::Undecided(_) | Outcome::Holds | Outcome::Unasked => None,
        }
    };
    let old_to_new = blame(Direction::OldToNew, &whole.0);
    let new_to_old = blame(Direction::NewToOld, &whole.1);
    if old_to_new.is_some() || new_to_old.is_some() {
        let (was, is) = whole;
        let known = |outcome: Outcome| match outcome {
            Outcome::Fails | Outcome::Undecided(_) | Outcome::Holds => Outcome::Holds,
            Outcome::Unasked => Outcome::Unasked,
        };
        let (edit, path) = sole(&judged).unwrap_or_else(|| {
            (together(spans, judged.iter().map(|found| &*found.edit)), Path::default())
        });
        // What was said of the one edit in the direction that the whole is not to blame for stands.
        let own = |direction| {
            let found = judged.iter().find(|found| found.edit.is_same(&edit));
            found.map(|found| found.outcome(direction).clone())
        };
        let said = (own(Direction::OldToNew), own(Direction::NewToOld));
        judged.retain(|found| !found.edit.is_same(&edit));
        judged.push(Judged {
            edit: Rc::new(edit),
            path,
            old_to_new: old_to_new.or(said.0).unwrap_or_else(|| known(was)),
            new_to_old: new_to_old.or(said.1).unwrap_or_else(|| known(is)),
        });
    }
    judged
}
