//! Values that are lost although every edit that is told of would let them through.
//!
//! An edit may lose nothing at the place where it was made, because an alternative accepts what it
//! refuses, and the alternative may have been edited in the same way, or be the same shape. Told alone
//! would be an edit elsewhere that breaks by itself; once that is accepted, the others go unnoticed. So
//! each root is asked whether a value is lost that arrives where only the edits that are told of are
//! done, and the fewest edits that lose it are told of too.

use std::rc::Rc;

use super::culprits::fewest;
use super::finding::{Finding, Proof};
use super::ledger::{Lead, Ledger};
use super::losing::{Losing, Suspects};
use super::session::Session;
use super::settle::{ends, lower, witness};
use super::shapes::{Direction, EditId, PairId, Path, Touched, left_open, together};
use super::together::Root;
use super::told::Told;
use super::trial::Trial;
use crate::load::Loaded;
use crate::model::{Json, ShapeId};
use crate::proof::{Confirmation, confirm, shrink};
use crate::rules::Verdict;
use crate::rules::edit::Edit;
use crate::subtype::{Containment, Reason};

/// How often a root is asked again, once what was found there is told of.
const MAX_ROUNDS: usize = 256;
/// How often that is done whatever was asked of the engine before.
const SURE_ROUNDS: usize = 32;

/// Tells of the edits that lose what no finding accounts for; the roots at which there were some.
pub(super) fn tell_untold(
    session: &mut Session<'_>,
    losing: &[Losing],
    findings: &mut Vec<Finding>,
    (old, new): (&Loaded, &Loaded),
) -> Vec<Root> {
    let mut told_at = Vec::new();
    let mut open: Vec<&Losing> = losing.iter().collect();
    for round in 0..=MAX_ROUNDS {
        let is_strained = session.walk.engine.is_strained();
        let is_final = round == MAX_ROUNDS || round >= SURE_ROUNDS && is_strained;
        let told = Told::of(session, &*findings);
        let mut suspects = Direction::ALL.map(|it| Suspects::of(session, &told, it));
        let mut found = Vec::new();
        open.retain(|root| {
            let [old_to_new, new_to_old] = &mut suspects;
            let suspects = match root.direction {
                Direction::OldToNew => old_to_new,
                Direction::NewToOld => new_to_old,
            };
            let finding = match ask(session, root, suspects) {
                Answer::Nothing => None,
                Answer::Lost(_) if is_final => {
                    undecided(session, root, Reason("budget: rounds of a root".to_owned()))
                }
                Answer::Lost(lost) => lost.finding(session, root, (old, new)),
                Answer::Open(reason) => undecided(session, root, reason),
            };
            let is_lost = finding.is_some();
            found.extend(finding);
            is_lost
        });
        if open.is_empty() {
            break;
        }
        for (root, finding) in open.iter().zip(&found) {
            if finding.verdict() == Verdict::Breaking {
                told_at.push((root.question.clone(), root.direction));
            }
        }
        // Who is told of all that was found is told nothing new by asking again.
        let mut is_news = false;
        for finding in found {
            let known = findings.iter_mut().find(|known| known.is_of_same_edit(&finding));
            if let Some(known) = known {
                is_news |= finding.verdict() > known.verdict();
                known.retell(finding);
            } else {
                is_news = true;
                findings.push(finding);
            }
        }
        if !is_news || is_final {
            break;
        }
    }
    told_at
}

/// What was found out about a root.
enum Answer {
    /// Nothing is lost there but by what is told of.
    Nothing,
    Lost(Lost),
    /// Neither was shown.
    Open(Reason),
}

/// A value that is lost at a root, and the edits that lose it.
struct Lost {
    value: Json,
    culprits: Vec<EditId>,
    company: Company,
}

/// What has to be done beside the edits that lose a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    /// Nothing else.
    None,
    /// What is told of: some of it loses the value too, and all of it together brings it back.
    Told,
}

/// Asks what is lost at the root, and would arrive where only what is told of is edited.
fn ask(session: &mut Session<'_>, root: &Losing, suspects: &mut Suspects) -> Answer {
    let mut trial = Trial::new(session, root);
    let value = match suspects.lost(&mut trial, root) {
        Containment::Holds => return Answer::Nothing,
        Containment::Undecided(reason) => return Answer::Open(reason),
        Containment::Fails(value) => value,
    };
    let open = |reason: &str| Answer::Open(Reason(reason.into()));
    let touched = trial.touched(&value);
    let Some(touched) = touched.filter(|_| trial.is_lost(&value)) else {
        return open("the value that was found to be lost is too large to be looked at");
    };
    let met = |edits: &[EditId]| -> Vec<EditId> {
        edits.iter().copied().filter(|edit| touched.edits.contains(edit)).collect()
    };
    let (untold, told) = (met(&suspects.edits), met(&suspects.told));
    Answer::Lost(Lost::to(&mut trial, (untold, told), (value, &touched)))
}

impl Lost {
    /// The fewest edits to which the value is lost, those first that nobody is told of; none where all
    /// that were seen do not lose it.
    fn to(
        trial: &mut Trial<'_, '_>,
        (untold, told): (Vec<EditId>, Vec<EditId>),
        (value, touched): (Json, &Touched),
    ) -> Self {
        let all: Vec<EditId> = untold.iter().chain(&told).copied().collect();
        let shown = (&value, touched);
        if trial.lose(&all, shown) != Some(true) {
            return Self {
                value: shrink(&value, trial),
                culprits: Vec::new(),
                company: Company::None,
            };
        }
        let mut culprits = fewest(&all, &mut |some| trial.lose(some, shown) == Some(true));
        let mut done = culprits.clone();
        let mut company = Company::None;
        if culprits.iter().all(|edit| told.contains(edit)) {
            let beside = |some: &[EditId]| -> Vec<EditId> { [&told, some].concat() };
            culprits = fewest(&untold, &mut |some| trial.lose(&beside(some), shown) == Some(true));
            done = beside(&culprits);
            company = Company::Told;
        }
        let untold: Vec<EditId> =
            culprits.iter().copied().filter(|edit| !told.contains(edit)).collect();
        if let Some(sent) = trial.sent_by_one_of(&untold, shown) {
            // The others that do are asked about once this is told of.
            (culprits, company) = (vec![sent], Company::None);
        } else if let [only] = untold.as_slice()
            && trial.brings(*only, shown)
        {
            // Of what is told of already, nothing more is said where the one other edit suffices.
            culprits = untold;
        }
        trial.losing = trial.done(&done, touched);
        let value = shrink(&value, trial);
        Self { value, culprits, company }
    }

    /// The finding about it; one that is undecided where no referee says so.
    fn finding(
        self,
        session: &mut Session<'_>,
        root: &Losing,
        (old, new): (&Loaded, &Loaded),
    ) -> Option<Finding> {
        let (edit, path) = self.edit(session, root.at?)?;
        let (mut finding, lead) = made(root, edit, path)?;
        let Some(ends) = ends(session, &lead, &self.value, old, new) else {
            leave_open(&mut finding, "nobody judges values of this format".to_owned());
            return Some(finding);
        };
        match confirm(&ends, &self.value) {
            Confirmation::Confirmed { because, by } => {
                let shown = witness(session, &lead, self.value, because, Some(by));
                finding.proof = Proof::Witness;
                finding.witnesses.push(shown);
            }
            Confirmation::Contradicted(reason) => {
                leave_open(&mut finding, format!("the referee disagrees: {reason}"));
            }
            Confirmation::Unable(reason) => {
                leave_open(
                    &mut finding,
                    format!("the value that shows it cannot be judged: {reason}"),
                );
                finding.witnesses.push(witness(session, &lead, self.value, reason, None));
            }
        }
        Some(finding)
    }

    /// The edit that is to blame, or all of them as one, and the way to it.
    fn edit(&self, session: &Session<'_>, at: PairId) -> Option<(Edit, Path)> {
        let walk = &session.walk;
        let ways = walk.ways_from(at);
        if let ([only], Company::None) = (self.culprits.as_slice(), self.company) {
            let path = walk.way_to(&ways, walk.place_of(&ways, *only)?);
            return Some(((**walk.edit(*only)?).clone(), path));
        }
        let place = |edit: &EditId| walk.place_of(&ways, *edit);
        let places: Vec<PairId> = self.culprits.iter().filter_map(place).collect();
        let around = ways.around(&places).unwrap_or(at);
        let edits = self.culprits.iter().filter_map(|id| walk.edit(*id));
        let edit = together(walk.spans_of(around)?, edits.map(|edit| &**edit));
        Some((edit, walk.way_to(&ways, around)))
    }
}

/// The finding that something is lost by an edit at a root, and how a value for it can be had.
fn made(root: &Losing, edit: Edit, path: Path) -> Option<(Finding, Lead)> {
    let Losing { question, direction, crossing, at: _ } = root;
    let mut ledger = Ledger::default();
    let mut site = crossing.site.clone();
    site.steps.extend(path.iter().filter_map(|pair| pair.step.clone()));
    site.steps.extend(edit.step.clone());
    let entry = ledger.entry(edit.rule, (edit.old, edit.new), &edit.message, || site.clone());
    let reach = entry.reach(&crossing.site, question.polarity, Verdict::Breaking, || site.clone());
    entry.finding.anchor = edit.anchor;
    entry.finding.evidence.clone_from(&edit.evidence);
    let lead = Lead {
        question: question.clone(),
        path,
        edit: Rc::new(edit),
        direction: *direction,
        site: crossing.site.clone(),
        reaches: vec![reach],
    };
    Some((ledger.into_entries().into_iter().next()?.finding, lead))
}

/// The finding that nobody can tell whether anything else is lost at a root.
fn undecided(session: &Session<'_>, root: &Losing, reason: Reason) -> Option<Finding> {
    let span = |ids: &[ShapeId]| Some(session.walk.shapes.get(*ids.first()?).span.span);
    let spans = || Some((span(&root.question.old)?, span(&root.question.new)?));
    let edit = left_open(root.at.and_then(|at| session.walk.spans_of(at)).or_else(spans)?);
    let (mut finding, _) = made(root, edit, Path::default())?;
    leave_open(&mut finding, reason.0);
    Some(finding)
}

fn leave_open(finding: &mut Finding, reason: String) {
    lower(finding, Verdict::Undecided);
    finding.proof = Proof::Undecided(reason);
}
