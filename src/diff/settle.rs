//! Settles what was collected: every break of a payload gets a witness, lifted to the cheapest root
//! that the edit reaches and confirmed there.

use std::mem;

use super::finding::{Finding, Proof, Witness, WitnessEffect, WitnessForm, WitnessSide};
use super::ledger::{Entry, Lead, Ledger};
use super::session::Session;
use super::shapes::{Direction, Question, SlotPair};
use crate::load::{Loaded, Reading};
use crate::model::{Json, Polarity, Surface};
use crate::proof::{Confirmation, Ends, confirm};
use crate::rules::Verdict;
use crate::rules::edit::Slot;
use crate::source::Span;
use crate::subtype::{Carrier, Containment, Formats};

/// Turns the ledger into findings with their evidence, worst first, then by place.
pub(super) fn settle(mut session: Session<'_>, old: &Loaded, new: &Loaded) -> Vec<Finding> {
    let ledger: Ledger = mem::take(&mut session.ledger);
    let mut findings: Vec<Finding> = ledger
        .into_entries()
        .into_iter()
        .map(|entry| settle_entry(&mut session, entry, old, new))
        .collect();
    for finding in &mut findings {
        finding.reached_from.sort();
    }
    findings.sort_by_key(order);
    findings
}

fn order(finding: &Finding) -> impl Ord + use<> {
    (
        std::cmp::Reverse(finding.verdict()),
        std::cmp::Reverse(finding.reached_from.len()),
        finding.new.or(finding.old),
        finding.rule.id,
        finding.message.clone(),
    )
}

fn settle_entry(session: &mut Session<'_>, entry: Entry, old: &Loaded, new: &Loaded) -> Finding {
    let Entry { mut finding, leads, reached: _ } = entry;
    let mut unreachable = 0;
    let mut doubt = None;
    for lead in &leads {
        let known = finding.witnesses.iter().any(|witness| witness.writer == writer_of(lead));
        if known {
            continue;
        }
        match show(session, lead, old, new) {
            Shown::Witness(witness) => finding.witnesses.push(witness),
            Shown::Unreachable => {
                unreachable += 1;
                if let Some(reach) = finding.reached_from.get_mut(lead.reach) {
                    reach.verdict = Verdict::Compatible;
                }
            }
            Shown::Doubtful(reason) => doubt = Some(reason),
        }
    }
    let breaking = |finding: &Finding| {
        finding.reached_from.iter().any(|reach| reach.verdict == Verdict::Breaking)
    };
    if unreachable > 0 && !breaking(&finding) && finding.verdict() == Verdict::Breaking {
        lower(&mut finding, Verdict::Compatible);
        finding.proof = Proof::Contained;
    }
    if finding.verdict() == Verdict::Breaking && !leads.is_empty() && finding.witnesses.is_empty() {
        let reason = doubt.unwrap_or_else(|| "no value was found that shows the break".to_owned());
        lower(&mut finding, Verdict::Undecided);
        finding.proof = Proof::Undecided(reason);
    }
    finding
}

/// Replaces the verdict on every surface that the finding breaks, and at every place it reaches.
fn lower(finding: &mut Finding, verdict: Verdict) {
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
    /// No value at this root can show the edit.
    Unreachable,
    /// The engine and the referee disagree, or nobody could say.
    Doubtful(String),
}

fn writer_of(lead: &Lead) -> WitnessSide {
    match lead.direction {
        Direction::OldToNew => WitnessSide::Old,
        Direction::NewToOld => WitnessSide::New,
    }
}

fn show(session: &mut Session<'_>, lead: &Lead, old: &Loaded, new: &Loaded) -> Shown {
    let Lead { question, path, edit, direction, exchange, reach: _ } = lead;
    let Question { old: old_root, new: new_root, polarity, carrier } = question;
    let direct = match direction {
        Direction::OldToNew => (new_root.clone(), old_root.clone()),
        Direction::NewToOld => (old_root.clone(), new_root.clone()),
    };
    let alone = edit
        .facet
        .as_ref()
        .and_then(|facet| session.walk.isolated(question, *direction, path, facet));
    let mut doubt = String::new();
    for (reader, writer) in alone.into_iter().chain([direct]) {
        let answer = session.walk.contains((&reader, &writer), *polarity, *carrier);
        let value = match answer {
            Containment::Fails(value) => value,
            Containment::Holds => return Shown::Unreachable,
            Containment::Undecided(reason) => {
                doubt = reason.to_string();
                continue;
            }
        };
        let ends = ends(session, question, *direction, old, new);
        let Some(ends) = ends else { continue };
        match confirm(&ends, &value) {
            Confirmation::Confirmed { value, because, by } => {
                return Shown::Witness(Witness {
                    writer: writer_of(lead),
                    effect: WitnessEffect::Refused,
                    surface: Surface::Json,
                    form: form(exchange.as_deref()),
                    focus: focus(path, &value),
                    value,
                    read_as: None,
                    because,
                    confirmed_by: Some(by),
                });
            }
            Confirmation::Contradicted(reason) => {
                doubt = format!("the referee disagrees: {reason}");
            }
            Confirmation::Unable(reason) => {
                return Shown::Witness(Witness {
                    writer: writer_of(lead),
                    effect: WitnessEffect::Refused,
                    surface: Surface::Json,
                    form: form(exchange.as_deref()),
                    focus: focus(path, &value),
                    value,
                    read_as: None,
                    because: format!("not confirmed: {reason}"),
                    confirmed_by: None,
                });
            }
        }
    }
    Shown::Doubtful(doubt)
}

fn form(exchange: Option<&str>) -> WitnessForm {
    exchange.map_or(WitnessForm::Json, |line| WitnessForm::Http(line.to_owned()))
}

fn ends<'r>(
    session: &Session<'_>,
    question: &Question,
    direction: Direction,
    old: &'r Loaded,
    new: &'r Loaded,
) -> Option<Ends<'r>> {
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
    Some(Ends { writer, reader, reading })
}

/// JSON Pointer to the edited place in the value, as far as the value has it.
fn focus(path: &[SlotPair], value: &Json) -> String {
    let mut pointer = String::new();
    let mut here = value;
    for pair in path {
        let (step, next) = match (&pair.new, here) {
            (Slot::Property(name), Json::Object(members)) => {
                (name.replace('~', "~0").replace('/', "~1"), members.get(name))
            }
            (Slot::Position(index), Json::Array(elements)) => {
                (index.to_string(), elements.get(*index))
            }
            (Slot::Rest, Json::Array(elements)) => ("0".to_owned(), elements.first()),
            _ => break,
        };
        let Some(next) = next else { break };
        pointer.push('/');
        pointer.push_str(&step);
        here = next;
    }
    pointer
}
