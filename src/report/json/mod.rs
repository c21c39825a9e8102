//! The JSON report, version 1. Its types are the wire format; nothing of the core is serialised.

mod witness;

use std::sync::Arc;
use std::{fmt, io};

use serde::{Serialize, Serializer};

use self::witness::{WireWitness, witness};
use super::item::Item;
use crate::diff::{Crossing, Finding, PeerFinding, Proof, Reach, WitnessEffect, WitnessSide};
use crate::load::{Loaded, ProblemKind};
use crate::model::{Polarity, Surfaces};
use crate::policy::{
    Announcement, ContractReport, DeclaredVersions, JudgedFinding, Report, ReportedProblem,
    SuppressedBy, Suppression,
};
use crate::rules::Verdict;
use crate::source::{Label, Span};

/// Writes the report as JSON.
pub(super) fn render(report: &Report, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut letters = Letters(out);
    serde_json::to_writer_pretty(&mut letters, &wire(report)).map_err(|_| fmt::Error)?;
    letters.0.write_str("\n")
}

/// Passes text on as it comes: a large report is never held as a whole.
struct Letters<'o>(&'o mut dyn fmt::Write);

impl io::Write for Letters<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Serialize)]
struct WireReport<'r> {
    schema_version: u8,
    tool: WireTool,
    bases: Vec<WireLabel<'r>>,
    head: WireLabel<'r>,
    verdict: &'static str,
    summary: WireSummary,
    contracts: Vec<WireContract<'r>>,
    findings: Findings<'r>,
    problems: Vec<WireProblem<'r>>,
}

/// All findings, each turned into what is written when its turn comes.
struct Findings<'r>(&'r [ContractReport]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().flat_map(|contract| {
            let mut findings: Vec<&JudgedFinding> = contract.findings.iter().collect();
            findings.sort_by_key(|judged| Item { contract, judged }.rank());
            findings.into_iter().map(|judged| finding(contract, judged))
        }))
    }
}

#[derive(Serialize)]
struct WireTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct WireLabel<'r> {
    label: &'r str,
    revision: Option<&'r str>,
}

#[derive(Serialize)]
struct WireSummary {
    breaking: usize,
    undecided: usize,
    compatible: usize,
    suppressed: usize,
    policy: usize,
    contracts: usize,
    unchanged: usize,
}

#[derive(Serialize)]
struct WireContract<'r> {
    path: &'r str,
    format: &'r str,
    verdict: &'static str,
    suggested_bump: &'static str,
    declared_versions: WireVersions<'r>,
    owner: Option<&'r str>,
}

#[derive(Serialize)]
struct WireVersions<'r> {
    old: Option<&'r str>,
    new: Option<&'r str>,
    satisfies: Option<bool>,
}

#[derive(Serialize)]
struct WireFinding<'r> {
    rule: &'static str,
    verdict: &'static str,
    severity: &'static str,
    severity_because: Option<&'static str>,
    caution: bool,
    surfaces: WireSurfaces,
    directions: Vec<WireDirection>,
    languages: &'static [&'static str],
    proof: &'static str,
    undecided_because: Option<&'r str>,
    base: usize,
    contract: &'r str,
    message: &'r str,
    why: String,
    fix: &'static str,
    caution_because: Option<&'r str>,
    assumptions: &'r [String],
    site: String,
    reached_from: Vec<WireReach<'r>>,
    old: Option<WirePlace>,
    new: Option<WirePlace>,
    anchor: Option<WirePlace>,
    witnesses: Vec<WireWitness<'r>>,
    fingerprint: &'r str,
    suppressed: Option<WireSuppression<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    peers: Vec<WirePeer<'r>>,
}

#[derive(Serialize)]
struct WirePeer<'r> {
    rule: &'static str,
    element: &'r str,
}

#[derive(Serialize)]
struct WireSuppression<'r> {
    reason: &'r str,
    owner: Option<&'r str>,
    until: String,
    by: &'static str,
    place: Option<WirePlace>,
}

#[derive(Serialize)]
struct WireSurfaces {
    wire: &'static str,
    json: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct WireDirection {
    surface: &'static str,
    writer: &'static str,
    reader: &'static str,
    effect: &'static str,
}

#[derive(Serialize)]
struct WireReach<'r> {
    operation: &'r str,
    part: &'r str,
    polarity: &'static str,
    verdict: &'static str,
}

#[derive(Serialize)]
struct WirePlace {
    path: String,
    pointer: Option<String>,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct WireProblem<'r> {
    path: Option<&'r str>,
    line: Option<u32>,
    column: Option<u32>,
    message: &'r str,
    severity: &'static str,
    side: &'static str,
}

fn wire(report: &Report) -> WireReport<'_> {
    let summary = report.summary();
    let of_contracts = report.contracts.iter().flat_map(|contract| &contract.problems);
    WireReport {
        schema_version: 1,
        tool: WireTool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        bases: report.bases.iter().map(label).collect(),
        head: label(&report.head),
        verdict: report.verdict().name(),
        summary: WireSummary {
            breaking: summary.breaking,
            undecided: summary.undecided,
            compatible: summary.compatible,
            suppressed: summary.suppressed,
            policy: summary.policy,
            contracts: summary.contracts,
            unchanged: summary.unchanged,
        },
        contracts: report.contracts.iter().map(contract).collect(),
        findings: Findings(&report.contracts),
        problems: report.problems.iter().chain(of_contracts).map(problem).collect(),
    }
}

fn label(label: &Label) -> WireLabel<'_> {
    WireLabel { label: &label.name, revision: label.revision.as_deref() }
}

fn contract(contract: &ContractReport) -> WireContract<'_> {
    let DeclaredVersions { old, new, satisfies } = contract.declared_versions();
    WireContract {
        path: &contract.path,
        format: &contract.format,
        verdict: contract.verdict.name(),
        suggested_bump: contract.suggested_bump().name(),
        declared_versions: WireVersions { old, new, satisfies },
        owner: contract.owner.as_deref(),
    }
}

fn finding<'r>(contract: &'r ContractReport, judged: &'r JudgedFinding) -> WireFinding<'r> {
    let Finding {
        rule,
        surfaces,
        crossings,
        languages,
        caution,
        proof,
        message,
        assumptions,
        site,
        reached_from,
        old,
        new,
        // The files are among what is reached.
        also: _,
        anchor,
        witnesses,
        evidence: _,
        peers,
    } = &judged.finding;
    let Surfaces { wire, json, source } = surfaces;
    let (proof, undecided_because) = match proof {
        Proof::Witness => ("witness", None),
        Proof::Contained => ("contained", None),
        Proof::Rule => ("rule", None),
        Proof::Undecided(reason) => ("undecided", Some(reason.as_str())),
    };
    let at = |side: &Option<Arc<Loaded>>, span: &Option<Span>| {
        span.as_ref().and_then(|span| place(side.as_ref()?, *span))
    };
    WireFinding {
        rule: rule.id,
        verdict: judged.finding.verdict().name(),
        severity: judged.severity.name(),
        severity_because: judged.announcement.map(Announcement::name),
        caution: caution.is_some(),
        surfaces: WireSurfaces { wire: wire.name(), json: json.name(), source: source.name() },
        directions: crossings.iter().copied().map(direction).collect(),
        languages,
        proof,
        undecided_because,
        base: contract.base,
        contract: &contract.path,
        message,
        why: judged.finding.why(),
        fix: judged.finding.advice(),
        caution_because: caution.as_deref(),
        assumptions,
        site: site.to_string(),
        reached_from: reached_from.iter().map(reach).collect(),
        old: at(&contract.old, old),
        new: at(&contract.new, new),
        anchor: at(&contract.new, anchor),
        witnesses: witnesses.iter().map(witness).collect(),
        fingerprint: &judged.fingerprint,
        suppressed: judged.suppressed.as_ref().map(|found| suppression(contract, found)),
        peers: peers.iter().map(peer).collect(),
    }
}

fn suppression<'r>(contract: &ContractReport, found: &'r Suppression) -> WireSuppression<'r> {
    let Suppression { reason, owner, until, by } = found;
    let (by, place) = match by {
        SuppressedBy::File(_) => ("file", None),
        SuppressedBy::Contract(span) => {
            ("contract", contract.new.as_ref().and_then(|side| place(side, *span)))
        }
    };
    WireSuppression { reason, owner: owner.as_deref(), until: until.to_string(), by, place }
}

fn peer(found: &PeerFinding) -> WirePeer<'_> {
    let PeerFinding { rule, element } = found;
    WirePeer { rule: rule.id, element }
}

fn direction(crossing: Crossing) -> WireDirection {
    let Crossing { surface, writer, effect } = crossing;
    let (writer, reader) = ends(writer);
    WireDirection { surface: surface.name(), writer, reader, effect: effect_name(effect) }
}

/// The words for who writes and who reads.
fn ends(writer: WitnessSide) -> (&'static str, &'static str) {
    match writer {
        WitnessSide::Old => ("old", "new"),
        WitnessSide::New => ("new", "old"),
    }
}

/// The word for what becomes of a value.
fn effect_name(effect: WitnessEffect) -> &'static str {
    match effect {
        WitnessEffect::Refused => "refused",
        WitnessEffect::Misread => "misread",
        WitnessEffect::Lost => "lost",
    }
}

fn reach(reach: &Reach) -> WireReach<'_> {
    let Reach { operation, part, polarity, verdict } = reach;
    WireReach {
        operation,
        part,
        polarity: polarity_name(*polarity),
        verdict: Verdict::name(*verdict),
    }
}

/// The word for who writes.
fn polarity_name(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Request => "request",
        Polarity::Response => "response",
        Polarity::Both => "both",
    }
}

fn place(side: &Loaded, span: Span) -> Option<WirePlace> {
    let (path, position) = side.files.locate(span)?;
    let tree = side.trees.iter().find(|tree| tree.file() == span.file);
    Some(WirePlace {
        path: path.to_string(),
        pointer: tree.and_then(|tree| tree.pointer_of_span(span)),
        line: position.line,
        column: position.column,
    })
}

fn problem(problem: &ReportedProblem) -> WireProblem<'_> {
    let ReportedProblem { kind, message, path, position, side, counts: _ } = problem;
    WireProblem {
        path: path.as_deref(),
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        message,
        severity: match kind {
            ProblemKind::Warning => "warning",
            ProblemKind::Part | ProblemKind::Unreadable | ProblemKind::Refused => "error",
        },
        side,
    }
}
