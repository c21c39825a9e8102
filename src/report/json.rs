//! The JSON report, version 1. Its types are the wire format; nothing of the core is serialised.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::hexadecimal::hexadecimal;
use crate::diff::{
    Finding, HttpBody, HttpForm, HttpHeader, HttpResponse, PeerFinding, Proof, Reach, Witness,
    WitnessEffect, WitnessForm, WitnessSide,
};
use crate::load::{Loaded, ProblemKind};
use crate::model::{Json, Polarity, Surfaces};
use crate::policy::{
    ContractReport, JudgedFinding, Report, ReportedProblem, SuppressedBy, Suppression,
};
use crate::rules::Verdict;
use crate::source::{Label, Span};

/// Writes the report as JSON.
pub(super) fn render(report: &Report, out: &mut dyn fmt::Write) -> fmt::Result {
    let text = serde_json::to_string_pretty(&wire(report)).map_err(|_| fmt::Error)?;
    out.write_str(&text)?;
    out.write_str("\n")
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
    findings: Vec<WireFinding<'r>>,
    problems: Vec<WireProblem<'r>>,
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
    contracts: usize,
    unchanged: usize,
}

#[derive(Serialize)]
struct WireContract<'r> {
    path: &'r str,
    format: &'r str,
    verdict: &'static str,
    suggested_bump: &'static str,
    owner: Option<&'r str>,
}

#[derive(Serialize)]
struct WireFinding<'r> {
    rule: &'static str,
    verdict: &'static str,
    severity: &'static str,
    caution: bool,
    surfaces: WireSurfaces,
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
struct WireWitness<'r> {
    writer: &'static str,
    reader: &'static str,
    effect: &'static str,
    polarity: &'static str,
    surface: &'static str,
    form: &'static str,
    exchange: Option<String>,
    http: Option<WireHttp<'r>>,
    value: Option<Value>,
    focus: &'r str,
    hex: Option<String>,
    read_as: Option<Value>,
    because: &'r str,
    confirmed_by: Option<&'static str>,
}

#[derive(Serialize)]
struct WireHttp<'r> {
    method: &'r str,
    target: &'r str,
    headers: Vec<WireHeader<'r>>,
    body: Option<Value>,
    response: Option<WireResponse<'r>>,
}

#[derive(Serialize)]
struct WireHeader<'r> {
    name: &'r str,
    value: &'r str,
}

#[derive(Serialize)]
struct WireResponse<'r> {
    status: &'r str,
    headers: Vec<WireHeader<'r>>,
    body: Option<Value>,
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
            contracts: summary.contracts,
            unchanged: summary.unchanged,
        },
        contracts: report.contracts.iter().map(contract).collect(),
        findings: report
            .contracts
            .iter()
            .flat_map(|contract| contract.findings.iter().map(|judged| finding(contract, judged)))
            .collect(),
        problems: report.problems.iter().chain(of_contracts).map(problem).collect(),
    }
}

fn label(label: &Label) -> WireLabel<'_> {
    WireLabel { label: &label.name, revision: label.revision.as_deref() }
}

fn contract(contract: &ContractReport) -> WireContract<'_> {
    WireContract {
        path: &contract.path,
        format: &contract.format,
        verdict: contract.verdict.name(),
        suggested_bump: contract.suggested_bump(),
        owner: contract.owner.as_deref(),
    }
}

fn finding<'r>(contract: &'r ContractReport, judged: &'r JudgedFinding) -> WireFinding<'r> {
    let Finding {
        rule,
        surfaces,
        caution,
        proof,
        message,
        assumptions,
        site,
        reached_from,
        old,
        new,
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
    let at = |side: &Option<Loaded>, span: &Option<Span>| {
        span.as_ref().and_then(|span| place(side.as_ref()?, *span))
    };
    WireFinding {
        rule: rule.id,
        verdict: judged.finding.verdict().name(),
        severity: judged.severity.name(),
        caution: caution.is_some(),
        surfaces: WireSurfaces { wire: wire.name(), json: json.name(), source: source.name() },
        proof,
        undecided_because,
        base: contract.base,
        contract: &contract.path,
        message,
        why: rule.why(),
        fix: rule.fix,
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

fn witness(witness: &Witness) -> WireWitness<'_> {
    let Witness {
        writer,
        polarity,
        effect,
        surface,
        form,
        value,
        focus,
        read_as,
        because,
        confirmed_by,
    } = witness;
    let (writer, reader) = match writer {
        WitnessSide::Old => ("old", "new"),
        WitnessSide::New => ("new", "old"),
    };
    let (form, http, hex) = match form {
        WitnessForm::Json => ("json", None, None),
        WitnessForm::Http(form) => ("http", Some(form), None),
        WitnessForm::Bytes(bytes) => ("protobuf", None, Some(hexadecimal(bytes))),
    };
    WireWitness {
        writer,
        reader,
        polarity: polarity_name(*polarity),
        surface: surface.name(),
        effect: match effect {
            WitnessEffect::Refused => "refused",
            WitnessEffect::Misread => "misread",
            WitnessEffect::Lost => "lost",
        },
        form,
        exchange: http.map(ToString::to_string),
        http: http.map(|form| http_form(form)),
        value: value.as_ref().and_then(raw),
        focus,
        hex,
        read_as: read_as.as_ref().and_then(raw),
        because,
        confirmed_by: *confirmed_by,
    }
}

/// The value with its numbers as they are.
fn raw(value: &Json) -> Option<Value> {
    serde_json::from_str(&value.to_string()).ok()
}

fn http_form(form: &HttpForm) -> WireHttp<'_> {
    let HttpForm { method, target, headers, body, response } = form;
    WireHttp {
        method,
        target,
        headers: headers.iter().map(header).collect(),
        body: body.as_ref().and_then(http_body),
        response: response.as_ref().map(|response| {
            let HttpResponse { status, headers, body } = response;
            WireResponse {
                status,
                headers: headers.iter().map(header).collect(),
                body: body.as_ref().and_then(http_body),
            }
        }),
    }
}

fn header(header: &HttpHeader) -> WireHeader<'_> {
    let HttpHeader { name, value } = header;
    WireHeader { name, value }
}

fn http_body(body: &HttpBody) -> Option<Value> {
    match body {
        HttpBody::Json(value) => raw(value),
        HttpBody::Text(text) => Some(Value::String(text.clone())),
    }
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
