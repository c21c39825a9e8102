//! Values that are lost although every edit that is told of would let them through.
//!
//! An edit may lose nothing at the place where it was made, because an alternative accepts what it
//! refuses, and the alternative may have been edited in the same way, or be the same shape. Told alone
//! would be an edit elsewhere that breaks by itself; once that is accepted, the others go unnoticed. So
//! each root is asked whether a value is lost that arrives where only the edits that are told of are
//! done, and the fewest edits that lose it are told of too.

use std::collections::HashSet;
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::culprits::fewest;
use super::finding::{Finding, Proof};
use super::ledger::{Lead, Ledger};
use super::session::{Crossing, Session};
use super::settle::{ends, witness};
use super::shapes::{Direction, EditId, Mixture, PairId, Path, Question, together};
use super::together::Root;
use super::told::Told;
use super::trial::Trial;
use crate::load::Loaded;
use crate::model::Json;
use crate::proof::{Confirmation, confirm, shrink};
use crate::rules::Verdict;
use crate::rules::edit::Edit;
use crate::subtype::Containment;

/// How often a root is asked again, once what was found there is told of.
const MAX_ROUNDS: usize = 4;

/// A root that loses something, who writes there, and where values cross.
struct Losing {
    question: Question,
    direction: Direction,
    crossing: Crossing,
    at: PairId,
}

/// Tells of the edits that lose what no finding accounts for; the roots at which there were some.
pub(super) fn tell_untold(
    session: &mut Session<'_>,
    roots: Vec<(Question, Crossing)>,
    findings: &mut Vec<Finding>,
    (old, new): (&Loaded, &Loaded),
) -> Vec<Root> {
    let mut told_at = Vec::new();
    let mut open: Vec<Losing> = losing(session, roots);
    for _ in 0..MAX_ROUNDS {
        let told = Told::of(session, findings);
        let mut suspects = Direction::ALL.map(|it| Suspects::of(session, &told, it));
        let mut found = Vec::new();
        open.retain(|root| {
            let [old_to_new, new_to_old] = &mut suspects;
            let suspects = match root.direction {
                Direction::OldToNew => old_to_new,
                Direction::NewToOld => new_to_old,
            };
            let lost = Lost::at(session, root, suspects);
            let finding = lost.and_then(|lost| lost.finding(session, root, (old, new)));
            let is_lost = finding.is_some();
            found.extend(finding);
            is_lost
        });
        if open.is_empty() {
            break;
        }
        told_at.extend(open.iter().map(|root| (root.question.clone(), root.direction)));
        for finding in found {
            match findings.iter_mut().find(|known| known.is_of_same_edit(&finding)) {
                Some(known) => known.retell(finding),
                None => findings.push(finding),
            }
        }
    }
    told_at
}

/// The roots that lose something, whose pairs are met.
fn losing(session: &mut Session<'_>, roots: Vec<(Question, Crossing)>) -> Vec<Losing> {
    let mut losing = Vec::new();
    // Who carries values as text may not carry all of them; what is routed by them is judged apart.
    for (question, crossing) in roots.into_iter().filter(|(root, _)| root.carrier.is_json()) {
        for direction in session.asked(question.polarity).iter().copied() {
            let ends = direction.ends(question.old.as_slice(), question.new.as_slice());
            let whole = session.walk.contains(ends, question.polarity, question.carrier);
            if !matches!(whole, Containment::Fails(_)) {
                continue;
            }
            if let Some(at) = session.walk.meet(&question) {
                let (question, crossing) = (question.clone(), crossing.clone());
                losing.push(Losing { question, direction, crossing, at });
            }
        }
    }
    losing
}

/// The edits that may lose something unnoticed.
struct Suspects {
    edits: Vec<EditId>,
    told: Vec<EditId>,
    /// The pairs from which one is reached.
    leading: HashSet<PairId, FixedState>,
    /// The writers' sides with what is told of done, and nothing else.
    hearing: Mixture,
}

impl Suspects {
    fn of(session: &Session<'_>, told: &Told, direction: Direction) -> Self {
        let (told, untold) = told.apart(session, direction);
        let edits = session.walk.doubtful(direction, &untold);
        let leading = session.walk.leading_to(&edits);
        let hearing = session.walk.mixture(direction, told.iter().copied().collect());
        Self { edits, told, leading, hearing }
    }
}

/// A value that is lost at a root, and the edits that lose it.
struct Lost {
    value: Json,
    culprits: Vec<EditId>,
}

impl Lost {
    /// What is lost at the root, and would arrive where only what is told of is edited.
    fn at(session: &mut Session<'_>, root: &Losing, suspects: &mut Suspects) -> Option<Self> {
        let Losing { question, direction, crossing: _, at } = root;
        if !suspects.leading.contains(at) {
            return None;
        }
        let hearing = session.walk.mixed(&mut suspects.hearing, *at)?;
        let mut trial = Trial::new(session, question, *direction, *at);
        let lost = trial.lost_of(&hearing);
        trial.hearing = Some(hearing);
        let Containment::Fails(value) = lost else { return None };
        if !trial.is_lost(&value) {
            return None;
        }
        let touched = trial.touched(&value)?;
        let all = suspects.edits.iter().chain(&suspects.told);
        let is_met = |edit: &&EditId| touched.edits.contains(*edit);
        let accused: Vec<EditId> = all.filter(is_met).copied().collect();
        let shown = (&value, &touched);
        if trial.lose(&accused, shown) != Some(true) {
            return None;
        }
        let culprits = fewest(&accused, &mut |some| trial.lose(some, shown) == Some(true));
        trial.losing = trial.done(&culprits, &touched);
        let value = shrink(&value, &mut trial);
        Some(Self { value, culprits })
    }

    /// The finding about it; `None` where no referee says so.
    fn finding(
        self,
        session: &mut Session<'_>,
        root: &Losing,
        (old, new): (&Loaded, &Loaded),
    ) -> Option<Finding> {
        let Losing { question, direction, crossing, at } = root;
        let (edit, path) = self.edit(session, *at)?;
        let mut ledger = Ledger::default();
        let mut site = crossing.site.clone();
        site.steps.extend(path.iter().filter_map(|pair| pair.step.clone()));
        site.steps.extend(edit.step.clone());
        let entry = ledger.entry(edit.rule, (edit.old, edit.new), &edit.message, || site.clone());
        let reach =
            entry.reach(&crossing.site, question.polarity, Verdict::Breaking, || site.clone());
        entry.finding.anchor = edit.anchor;
        entry.finding.evidence.clone_from(&edit.evidence);
        let lead = Lead {
            question: question.clone(),
            path,
            edit: Rc::new(edit),
            direction: *direction,
            site: crossing.site.clone(),
            reach,
        };
        let ends = ends(session, &lead, &self.value, old, new)?;
        let Confirmation::Confirmed { because, by } = confirm(&ends, &self.value) else {
            return None;
        };
        let mut finding = ledger.into_entries().into_iter().next()?.finding;
        finding.proof = Proof::Witness;
        finding.witnesses.push(witness(session, &lead, self.value, because, Some(by)));
        Some(finding)
    }

    /// The edit that is to blame, or all of them as one, and the way to it.
    fn edit(&self, session: &Session<'_>, at: PairId) -> Option<(Edit, Path)> {
        let walk = &session.walk;
        let ways = walk.ways_from(at);
        if let [only] = self.culprits.as_slice() {
            let path = walk.way_to(&ways, walk.place_of(&ways, *only)?);
            return Some(((**walk.edit(*only)?).clone(), path));
        }
        let place = |edit: &EditId| walk.place_of(&ways, *edit);
        let places: Vec<PairId> = self.culprits.iter().filter_map(place).collect();
        let around = ways.around(&places)?;
        let edits = self.culprits.iter().filter_map(|id| walk.edit(*id));
        let edit = together(walk.spans_of(around)?, edits.map(|edit| &**edit));
        Some((edit, walk.way_to(&ways, around)))
    }
}
