//! What whoever reviews a change should know of the team's own policy: a subject of the report beside
//! the contracts.

use std::sync::Arc;

use super::acceptance::{Acceptance, operations};
use super::config::Day;
use super::fingerprint::fingerprint;
use super::judge::{ContractReport, JudgedFinding, Opinions, Subject};
use super::severity::Severity;
use super::team::Team;
use super::watched::Watched;
use super::weakened::{Remark, weakened};
use crate::diff::{Finding, Proof};
use crate::load::{Extent, Loaded, Referee};
use crate::model::{
    Contract, Equality, Heirs, Lifecycle, Remarks, Shapes, Site, Stability, Surfaces,
};
use crate::rules::Verdict;
use crate::rules::policy::{ACCEPTANCE_EXPIRED, ACCEPTANCE_OUTGROWN, ACCEPTANCE_UNUSED};
use crate::source::{FileId, Files, RepoPath, Span};

/// What became of the policy between the base and head, and of head's acceptances in this report.
/// `None` where there is nothing to say.
pub fn audit(
    base: Option<(&Team, &[Watched])>,
    head: &Team,
    contracts: &[ContractReport],
    opinions: &Opinions<'_>,
) -> Option<ContractReport> {
    let mut remarks = match base {
        Some((base, watched)) => weakened(base, head, watched, opinions.today),
        None => Vec::new(),
    };
    for (entry, span) in &head.accepted.entries {
        let of = || head.accepted.of(&entry.finding).map(|(other, _)| other.until);
        let renewed = of().max().filter(|last| entry.until < opinions.today && *last > entry.until);
        remarks.extend(match renewed {
            Some(last) => Some(replaced(entry, *span, last)),
            None => fate(entry, *span, contracts, opinions),
        });
    }
    if remarks.is_empty() {
        return None;
    }
    let base = base.map(|(base, _)| base);
    let config = head.path.as_ref().or(base.and_then(|base| base.path.as_ref()));
    let accepted = head.config.config.accept_path();
    // A team without a config has written nothing down but what it accepted.
    let path = config.map_or(accepted, RepoPath::as_str).to_owned();
    let surfaces = Surfaces::all(true);
    let findings =
        remarks.into_iter().map(|remark| judged(&path, remark, surfaces, opinions)).collect();
    Some(ContractReport {
        subject: Subject::Policy,
        format: "policy".to_owned(),
        base: 0,
        verdict: Verdict::Compatible,
        findings,
        problems: Vec::new(),
        old: base.map(|team| Arc::new(loaded(team))),
        new: Some(Arc::new(loaded(head))),
        moved_from: None,
        owner: None,
        path,
    })
}

/// An entry whose time is over, and whose finding another entry accepts for longer.
fn replaced(entry: &Acceptance, span: Option<Span>, last: Day) -> Remark {
    let Acceptance { finding, rule, contract, until, .. } = entry;
    let message = format!(
        "`{rule}` in {contract} was accepted until {until}, and another entry accepts it until {last}"
    );
    Remark { rule: &ACCEPTANCE_UNUSED, message, site: finding.clone(), old: None, new: span }
}

/// What is to be said of an acceptance, if anything.
fn fate(
    entry: &Acceptance,
    span: Option<Span>,
    contracts: &[ContractReport],
    opinions: &Opinions<'_>,
) -> Option<Remark> {
    let Acceptance { finding, rule, contract, at: _, covers, reason: _, owner: _, until } = entry;
    let remark = |kind, message| {
        Some(Remark { rule: kind, message, site: finding.clone(), old: None, new: span })
    };
    if *until < opinions.today {
        let message = format!("`{rule}` in {contract} was accepted until {until}");
        return remark(&ACCEPTANCE_EXPIRED, message);
    }
    let of_contract: Vec<&ContractReport> =
        contracts.iter().filter(|report| report.path == *contract).collect();
    let found: Vec<&JudgedFinding> = of_contract
        .iter()
        .flat_map(|report| &report.findings)
        .filter(|judged| judged.fingerprint == *finding)
        .collect();
    if found.is_empty() {
        // Where the contract was not compared nobody knows.
        let readable = |report: &&ContractReport| report.problems.iter().all(|it| !it.counts);
        if of_contract.is_empty() || !of_contract.iter().all(readable) {
            return None;
        }
        return remark(&ACCEPTANCE_UNUSED, format!("nothing in {contract} is `{rule}` like this"));
    }
    let mut new: Vec<String> = found
        .iter()
        .filter(|judged| judged.suppressed.is_none())
        .flat_map(|judged| operations(&judged.finding))
        .filter(|operation| !covers.contains(operation))
        .collect();
    new.sort();
    new.dedup();
    if new.is_empty() {
        return None;
    }
    let message = format!("`{rule}` in {contract} now reaches {} too", new.join(", "));
    remark(&ACCEPTANCE_OUTGROWN, message)
}

/// A remark as a finding. Nothing that travels changes with it, and it cannot be accepted.
pub(super) fn judged(
    path: &str,
    remark: Remark,
    surfaces: Surfaces<bool>,
    opinions: &Opinions<'_>,
) -> JudgedFinding {
    let Remark { rule, message, site, old, new } = remark;
    let finding = Finding {
        rule,
        surfaces: Surfaces::all(Verdict::Compatible),
        caution: None,
        proof: Proof::Rule,
        message,
        assumptions: Vec::new(),
        site: Site::whole(site),
        reached_from: Vec::new(),
        old,
        new,
        anchor: new,
        witnesses: Vec::new(),
        evidence: Vec::new(),
        crossings: Vec::new(),
        languages: &[],
        peers: Vec::new(),
        also: Vec::new(),
    };
    JudgedFinding {
        verdict: Verdict::Compatible,
        severity: Severity::of(
            &[path],
            &finding,
            surfaces,
            Stability::Stable,
            Some(opinions.policy),
        ),
        announcement: None,
        fingerprint: fingerprint(path, &finding),
        suppressed: None,
        finding,
    }
}

/// The policy's files as a side of a comparison, so that its findings are shown like all others.
fn loaded(team: &Team) -> Loaded {
    let path = team.path.clone().unwrap_or_else(RepoPath::fallback);
    let mut files = Files::default();
    for (_, file) in team.files.iter() {
        files.add(file.path.clone(), Arc::clone(&file.text));
    }
    let contract = Contract {
        path,
        format: "policy".into(),
        version: None,
        operations: Vec::new(),
        roots: Vec::new(),
        at_hand: Vec::new(),
        shapes: Shapes::default(),
        equality: Equality::default(),
        messages: Arc::default(),
        lifecycle: Lifecycle::default(),
        components: Vec::new(),
        heirs: Heirs::default(),
        remarks: Remarks::default(),
        span: Span { file: FileId::default(), start: 0, end: 0 },
    };
    let (problems, trees, referee) = (Vec::new(), Vec::new(), Referee::None);
    let extent = Extent::Read;
    Loaded {
        contract,
        problems,
        files,
        trees,
        referee,
        past: None,
        comments: None,
        extent,
        gaps: Vec::new(),
    }
}
