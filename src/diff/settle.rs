//! Settles what was collected: every break of a payload gets a witness, lifted to the cheapest root
//! that the edit reaches and confirmed there.

use std::mem;

use super::assumed::assumptions;
use super::blame::{Blame, Candidate, Found, writer_of};
use super::finding::{Finding, Proof};
use super::http::{carried, illustration, routed};
use super::innocent::acquit;
use super::ledger::{Entry, Lead, Ledger, MAX_LEADS};
use super::lift::lifted;
use super::losing::losing;
use super::others::{Own, own, own_values};
use super::session::Session;
use super::shapes::{Direction, Path};
use super::together::{Cleared, left_over};
use super::untold::tell_untold;
use super::witness::{Witness, WitnessEffect};
use crate::load::{Loaded, Reading, Referee};
use crate::model::{Json, Polarity, Surface};
use crate::proof::{Answer, Asker, Confirmation, Ends, Passage, ahead, confirm};
use crate::rules::Verdict;
use crate::rules::edit::{Facet, Slot};
use crate::source::Span;
use crate::subtype::{Carrier, Formats};

/// Turns the ledger into findings with their evidence, worst first, then by place.
pub(super) fn settle(session: &mut Session<'_>, old: &Loaded, new: &Loaded) -> Vec<Finding> {
    let mut ledger: Ledger = mem::take(&mut session.ledger);
    let roots = ledger.take_roots();
    let mut entries = ledger.into_entries();
    for lead in entries.iter_mut().flat_map(|entry| &mut entry.leads) {
        routed(session, lead);
    }
    let (asked, others): (Vec<_>, Vec<_>) =
        entries.into_iter().enumerate().partition(|(_, entry)| !entry.leads.is_empty());
    let mut settled: Vec<(usize, Finding)> = Vec::new();
    let firsts: Vec<Vec<First>> = ahead(asked.len(), |asker| {
        let mut first = |entry| ask_first(&mut *session, entry, asker, old, new);
        let firsts = asked.iter().map(|(_, entry)| first(entry)).collect();
        // What asks nobody is settled while the others are answered.
        for (index, entry) in others {
            settled.push((index, settle_entry(session, entry, &[], old, new).0));
        }
        firsts
    });
    let mut cleared = Cleared::default();
    let mut ways: Vec<(usize, Vec<Lead>)> = Vec::new();
    for ((index, entry), firsts) in asked.into_iter().zip(firsts) {
        let leads = entry.leads.clone();
        let (finding, unreachable) = settle_entry(session, entry, &firsts, old, new);
        cleared.note(&finding, leads.clone(), unreachable);
        ways.push((index, leads));
        settled.push((index, finding));
    }
    settled.sort_by_key(|(index, _)| *index);
    let mut findings: Vec<Finding> = settled.into_iter().map(|(_, finding)| finding).collect();
    let losing = losing(session, roots);
    cleared.stand(tell_untold(session, &losing, &mut findings, (old, new)));
    for entry in left_over(session, cleared) {
        let told = settle_entry(session, entry, &[], old, new).0;
        match findings.iter_mut().find(|known| known.is_of_same_edit(&told)) {
            Some(known) => known.retell(told),
            None => findings.push(told),
        }
    }
    acquit(session, &losing, &ways, &mut findings);
    for finding in &mut findings {
        finding.reached_from.sort();
    }
    findings.sort_by_cached_key(order);
    findings
}

/// Worst first, then by place.
pub(super) fn order(finding: &Finding) -> impl Ord + use<> {
    (
        std::cmp::Reverse(finding.verdict()),
        std::cmp::Reverse(finding.reached_from.len()),
        finding.new.or(finding.old),
        finding.rule.id,
        finding.message.clone(),
    )
}

/// At how many roots a value of one writer is sought where those before it showed nothing for certain.
const MAX_DOUBTS: usize = 4;

const NOT_SHOWN: &str = "no value was found that shows the break";

/// The value that is tried first at a root, and what was asked about it.
struct First {
    /// Which of the leads it is.
    lead: usize,
    value: Json,
    answer: Answer,
}

/// Asks about the value that each writer of a finding is most likely shown with.
fn ask_first<'r>(
    session: &mut Session<'_>,
    entry: &Entry,
    asker: &Asker<'r>,
    old: &'r Loaded,
    new: &'r Loaded,
) -> Vec<First> {
    let mut firsts = Vec::new();
    for direction in Direction::ALL {
        let found = entry.leads.iter().enumerate().find(|(_, lead)| lead.direction == direction);
        let Some((index, lead)) = found else { continue };
        let Some(value) = first_value(session, lead) else { continue };
        remember(session, lead, &value);
        let Some(ends) = ends(session, lead, &value, old, new) else { continue };
        let answer = asker.ask(ends, value.clone());
        firsts.push(First { lead: index, value, answer });
    }
    firsts
}

/// What is lost for one value of a list shows what is lost for the others.
fn remember(session: &mut Session<'_>, lead: &Lead, value: &Json) {
    let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
    if let Some(facet) = &edit.facet {
        session.walk.remember_lost_by_list(question, *direction, (path, facet), value);
    }
}

fn first_value(session: &mut Session<'_>, lead: &Lead) -> Option<Json> {
    if let Some(value) = Blame::by_list(session, lead) {
        return Some(value);
    }
    if let Some(found) = lifted(session, lead) {
        return match own(session, lead, &found) {
            Own::AsFound => Some(found.value),
            Own::Value(value) => Some(value),
            Own::Nothing => None,
        };
    }
    let blame = Blame::of(session, lead);
    let Found::Values(candidates) = own_values(session, &blame, lead) else { return None };
    let Candidate { value, strength } = candidates.into_iter().next()?;
    Some(blame.shrunk(session, &value, strength))
}

fn settle_entry(
    session: &mut Session<'_>,
    entry: Entry,
    firsts: &[First],
    old: &Loaded,
    new: &Loaded,
) -> (Finding, Unreachable) {
    let Entry { mut finding, survivor: _, leads, harmless, seconded, reached: _ } = entry;
    let mut unreachable = 0;
    let mut doubt = None;
    let mut unconfirmed = None;
    let mut doubts = Vec::new();
    for (index, lead) in leads.iter().enumerate() {
        let writer = writer_of(lead.direction);
        let is_given_up = doubts.iter().filter(|it| **it == lead.direction).count() == MAX_DOUBTS;
        if is_given_up || finding.witnesses.iter().any(|witness| witness.writer == writer) {
            continue;
        }
        let first = firsts.iter().find(|first| first.lead == index);
        let shown = first.and_then(|first| confirmed(session, lead, first));
        match shown.unwrap_or_else(|| show(session, lead, old, new)) {
            Shown::Witness(witness) => finding.witnesses.push(witness),
            Shown::Unconfirmed(witness, reason) => {
                doubts.push(lead.direction);
                unconfirmed = unconfirmed.or(Some(witness));
                doubt = Some(format!("the value that shows it cannot be judged: {reason}"));
            }
            Shown::Unreachable => {
                unreachable += 1;
                for reach in &lead.reaches {
                    if let Some(reach) = finding.reached_from.get_mut(*reach) {
                        reach.verdict = Verdict::Compatible;
                    }
                }
            }
            Shown::Doubtful(reason) => {
                doubts.push(lead.direction);
                doubt = Some(reason);
            }
        }
    }
    let breaking = |finding: &Finding| {
        finding.reached_from.iter().any(|reach| reach.verdict == Verdict::Breaking)
    };
    let is_cleared =
        unreachable > 0 && !breaking(&finding) && finding.verdict() == Verdict::Breaking;
    if is_cleared {
        lower(&mut finding, Verdict::Compatible);
        finding.proof = Proof::Contained;
    }
    let unreachable = if is_cleared { Unreachable::Everywhere } else { Unreachable::Nowhere };
    if finding.verdict() == Verdict::Compatible {
        for assumed in harmless.iter().flat_map(|lead| assumptions(session, lead)) {
            if !finding.assumptions.contains(&assumed) {
                finding.assumptions.push(assumed);
            }
        }
        finding.assumptions.extend(seconded);
    }
    if finding.verdict() != Verdict::Breaking {
        return (finding, unreachable);
    }
    let breaks = finding.surfaces.wire.max(finding.surfaces.json) == Verdict::Breaking;
    if breaks && finding.caution.as_deref() == finding.rule.caution {
        // What only bears watching at some of its places breaks at others.
        finding.caution = None;
    }
    if leads.is_empty() {
        finding.witnesses.extend(illustration(session, &finding));
    } else if finding.witnesses.is_empty() {
        let limit = if leads.len() == MAX_LEADS { "budget: roots of an edit" } else { NOT_SHOWN };
        let reason = doubt.unwrap_or_else(|| limit.to_owned());
        lower(&mut finding, Verdict::Undecided);
        finding.proof = Proof::Undecided(reason);
        finding.witnesses.extend(unconfirmed);
    }
    (finding, unreachable)
}

/// Whether an edit was found to lose nothing by itself at any root at which it was said to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreachable {
    Everywhere,
    Nowhere,
}

/// Replaces the verdict on every surface that the finding breaks, and at every place it reaches.
pub(super) fn lower(finding: &mut Finding, verdict: Verdict) {
    let surfaces = &mut finding.surfaces;
    for surface in [&mut surfaces.wire, &mut surfaces.json, &mut surfaces.source] {
        if *surface == Verdict::Breaking {
            *surface = verdict;
        }
    }
    for reach in &mut finding.reached_from {
        if reach.verdict == Verdict::Breaking {
            reach.verdict = verdict;
        }
    }
}

enum Shown {
    /// A confirmed value.
    Witness(Witness),
    /// A value that nobody could judge, and why.
    Unconfirmed(Witness, String),
    /// No value at this root can show the edit.
    Unreachable,
    /// The engine and the referee disagree, or no value was found.
    Doubtful(String),
}

/// What is shown where the value that was tried first does.
fn confirmed(session: &mut Session<'_>, lead: &Lead, first: &First) -> Option<Shown> {
    match first.answer.get()? {
        Confirmation::Confirmed { because, by } => {
            let (value, because) = (first.value.clone(), because.clone());
            Some(Shown::Witness(witness(session, lead, value, because, Some(by))))
        }
        Confirmation::Contradicted(_) | Confirmation::Unable(_) => None,
    }
}

fn show(session: &mut Session<'_>, lead: &Lead, old: &Loaded, new: &Loaded) -> Shown {
    let blame = Blame::of(session, lead);
    let candidates = match own_values(session, &blame, lead) {
        Found::Values(candidates) => candidates,
        Found::Nothing => return Shown::Unreachable,
        Found::Unknown(reason) => return Shown::Doubtful(reason),
    };
    let mut doubt = Shown::Doubtful(String::new());
    for Candidate { value, strength } in candidates {
        let small = blame.shrunk(session, &value, strength);
        let tried = if small == value { vec![value] } else { vec![small, value] };
        for value in tried {
            let Some(ends) = ends(session, lead, &value, old, new) else {
                return Shown::Doubtful("nobody judges values of this format".to_owned());
            };
            match confirm(&ends, &value) {
                Confirmation::Confirmed { because, by } => {
                    return Shown::Witness(witness(session, lead, value, because, Some(by)));
                }
                Confirmation::Contradicted(reason) => {
                    doubt = Shown::Doubtful(format!("the referee disagrees: {reason}"));
                }
                Confirmation::Unable(reason) => {
                    let unconfirmed = witness(session, lead, value, reason.clone(), None);
                    doubt = Shown::Unconfirmed(unconfirmed, reason);
                }
            }
        }
    }
    doubt
}

pub(super) fn witness(
    session: &mut Session<'_>,
    lead: &Lead,
    value: Json,
    because: String,
    confirmed_by: Option<&'static str>,
) -> Witness {
    let Lead { question, path, edit: _, direction, site, reaches: _ } = lead;
    let writer = writer_of(*direction);
    Witness {
        writer,
        polarity: question.polarity,
        effect: WitnessEffect::Refused,
        surface: Surface::Json,
        form: carried(session, site, writer, &value),
        focus: focus(path, &value),
        value: Some(value),
        read_as: None,
        relayed_as: None,
        because,
        confirmed_by,
    }
}

pub(super) fn ends<'r>(
    session: &Session<'_>,
    lead: &Lead,
    value: &Json,
    old: &'r Loaded,
    new: &'r Loaded,
) -> Option<Ends<'r>> {
    let Lead { question, path, edit, direction, site: _, reaches: _ } = lead;
    let span = |ids: &[crate::model::ShapeId]| -> Option<Span> {
        Some(session.walk.shapes.get(*ids.first()?).span.span)
    };
    let (was, is) = (span(&question.old)?, span(&question.new)?);
    let (writer, reader) = match direction {
        Direction::OldToNew => ((&old.referee, was), (&new.referee, is)),
        Direction::NewToOld => ((&new.referee, is), (&old.referee, was)),
    };
    let reading = Reading {
        polarity: match question.polarity {
            Polarity::Both => Polarity::Request,
            other @ (Polarity::Request | Polarity::Response) => other,
        },
        http: question.carrier != Carrier::StoredJson,
        assert_formats: session.options.assumptions.formats == Formats::Assert,
    };
    let passage = match question.carrier {
        Carrier::Text => Passage::Text,
        Carrier::HttpText => Passage::Body,
        Carrier::HttpLines => Passage::Lines,
        Carrier::Joined(separator) => Passage::Joined(separator),
        Carrier::Form => Passage::Form,
        Carrier::StyledForm => Passage::StyledForm,
        Carrier::Field => Passage::Field,
        Carrier::HttpJson | Carrier::StoredJson => Passage::Itself,
    };
    let values = |(referee, schema): (&'r Referee, Span)| match referee {
        Referee::Values(referee) => Some((&**referee, schema)),
        Referee::Messages(_) | Referee::None => None,
    };
    let mut focus = focus(path, value);
    if let Some(Facet::Required(name) | Facet::DependentRequired(_, name)) = &edit.facet {
        // What is amiss with it is that it is not there.
        step_into(&mut focus, name);
    }
    Some(Ends { writer: values(writer)?, reader: values(reader)?, reading, passage, focus })
}

/// Lengthens a JSON Pointer (RFC 6901 §3).
fn step_into(pointer: &mut String, step: &str) {
    pointer.push('/');
    pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
}

/// JSON Pointer to the edited place in the value, as far as the value has it.
fn focus(path: &Path, value: &Json) -> String {
    let mut pointer = String::new();
    let mut here = value;
    for pair in path.iter() {
        if pair.new.is_in_place() {
            continue;
        }
        let Some((step, next)) = part(&pair.new, here) else { break };
        step_into(&mut pointer, &step);
        here = next;
    }
    pointer
}

/// The part of a value that is in the slot, where only one can be meant.
fn part<'v>(slot: &Slot, value: &'v Json) -> Option<(String, &'v Json)> {
    match (slot, value) {
        (Slot::Property(name) | Slot::Member(name), Json::Object(members)) => {
            members.get(name).map(|part| (name.to_string(), part))
        }
        (Slot::Position(index), Json::Array(elements)) => {
            elements.get(*index).map(|part| (index.to_string(), part))
        }
        (Slot::Rest | Slot::UnevaluatedItems | Slot::Contained(_), Json::Array(elements)) => {
            elements.last().map(|part| (elements.len().saturating_sub(1).to_string(), part))
        }
        (
            Slot::Additional | Slot::Unevaluated | Slot::PatternProperty(_) | Slot::Family(_),
            Json::Object(members),
        ) => {
            let mut members = members.iter();
            let (name, part) = members.next()?;
            members.next().is_none().then(|| (name.to_string(), part))
        }
        _ => None,
    }
}
