//! From comparisons to the report.

use super::fingerprint::fingerprint;
use super::severity::{Severity, Threshold, verdict_on};
use crate::diff::{Comparison, Finding};
use crate::load::{Loaded, Problem, ProblemKind};
use crate::model::Surfaces;
use crate::rules::Verdict;
use crate::source::Label;

/// What the team minds, for one contract.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The surfaces that count.
    pub surfaces: Surfaces<bool>,
}

/// Everything that is said in the end, whatever the output format.
pub struct Report {
    /// What was compared against, in the order asked for.
    pub bases: Vec<Label>,
    /// What was compared.
    pub head: Label,
    /// The contracts that were compared, by path.
    pub contracts: Vec<ContractReport>,
    /// How many contracts were seen and not compared, because nothing that they reach changed.
    pub unchanged: usize,
    /// What could not be used, outside any contract.
    pub problems: Vec<ReportedProblem>,
}

/// One contract, compared with one base.
pub struct ContractReport {
    /// Its path in head, or in the base where head has none.
    pub path: String,
    /// Its format and version, as a label.
    pub format: String,
    /// Which base: an index into [`Report::bases`].
    pub base: usize,
    /// The worst verdict over the selected surfaces.
    pub verdict: Verdict,
    /// What changed, and what the team minds of it.
    pub findings: Vec<JudgedFinding>,
    /// What could not be used.
    pub problems: Vec<ReportedProblem>,
    /// The old side, for showing text.
    pub old: Option<Loaded>,
    /// The new side, for showing text.
    pub new: Option<Loaded>,
    /// Where it was in the base, if it has moved.
    pub moved_from: Option<String>,
}

/// A finding and what the team thinks of it.
pub struct JudgedFinding {
    /// The fact.
    pub finding: Finding,
    /// The worst verdict over the selected surfaces.
    pub verdict: Verdict,
    /// The opinion.
    pub severity: Severity,
    /// Its identity across commits.
    pub fingerprint: String,
}

/// A problem, located.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedProblem {
    /// How bad it is.
    pub kind: ProblemKind,
    /// What is wrong and what to do.
    pub message: String,
    /// The file.
    pub path: Option<String>,
    /// Line and column, from 1.
    pub position: Option<(u32, u32)>,
    /// Which side has it.
    pub side: &'static str,
    /// Whether it keeps the comparison from being complete; a problem of the base that the head has
    /// mended does not.
    pub counts: bool,
}

/// How many findings there are of each kind, over the selected surfaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Somebody breaks.
    pub breaking: usize,
    /// Neither shown nor excluded.
    pub undecided: usize,
    /// Nobody breaks.
    pub compatible: usize,
    /// Accepted with a reason.
    pub suppressed: usize,
    /// Contracts that were compared.
    pub contracts: usize,
    /// Contracts in which nothing changed.
    pub unchanged: usize,
}

/// What the process says to its caller. Order is precedence: later wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing at or above the threshold: exit code 0.
    Passed,
    /// Findings at or above the threshold: exit code 1.
    Failed,
    /// Something could not be compared: exit code 3.
    NotCompared,
    /// Refused for safety: exit code 4.
    Refused,
}

impl Status {
    /// The exit code, the same for every output format.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::NotCompared => 3,
            Self::Refused => 4,
        }
    }
}

/// Judges one comparison by a policy. `path` is what people know the contract by.
pub fn judge(
    path: &str,
    comparison: Comparison,
    policy: Policy,
    base: usize,
    (old, new): (Option<Loaded>, Option<Loaded>),
) -> ContractReport {
    let Comparison { findings, old_problems, new_problems } = comparison;
    let contract = new.as_ref().or(old.as_ref()).map(|loaded| &loaded.contract);
    let format = contract.map_or_else(String::new, |contract| contract.format.to_string());
    let path = path.to_owned();
    let findings: Vec<JudgedFinding> = findings
        .into_iter()
        .map(|finding| JudgedFinding {
            verdict: verdict_on(&finding, policy.surfaces),
            severity: Severity::by_default(&finding, policy.surfaces),
            fingerprint: fingerprint(&path, &finding),
            finding,
        })
        .collect();
    let verdict = findings.iter().map(|judged| judged.verdict).max().unwrap_or_default();
    let mut problems = Vec::new();
    for (side, loaded, list) in
        [("old", old.as_ref(), old_problems), ("new", new.as_ref(), new_problems)]
    {
        problems.extend(list.iter().map(|problem| place(problem, loaded, side)));
    }
    ContractReport { path, format, base, verdict, findings, problems, old, new, moved_from: None }
}

fn place(problem: &Problem, loaded: Option<&Loaded>, side: &'static str) -> ReportedProblem {
    let Problem { kind, message, span, path } = problem;
    let located = span.and_then(|span| loaded.and_then(|loaded| loaded.files.locate(span)));
    ReportedProblem {
        kind: *kind,
        message: message.clone(),
        path: located.map(|(path, _)| path.to_string()).or_else(|| path.clone()),
        position: located.map(|(_, position)| (position.line, position.column)),
        side,
        counts: true,
    }
}

impl ReportedProblem {
    /// Whether it hides something of this change.
    pub fn is_gap(&self) -> bool {
        match self.kind {
            ProblemKind::Warning => false,
            ProblemKind::Part | ProblemKind::Unreadable | ProblemKind::Refused => self.counts,
        }
    }
}

impl ContractReport {
    /// What could not be compared is not called compatible.
    pub fn heed_problems(&mut self) {
        if self.problems.iter().any(ReportedProblem::is_gap) {
            self.verdict = self.verdict.max(Verdict::Undecided);
        }
    }
}

impl Report {
    /// The worst verdict of all contracts.
    pub fn verdict(&self) -> Verdict {
        self.contracts.iter().map(|contract| contract.verdict).max().unwrap_or_default()
    }

    /// Counts what was found.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            contracts: self.contracts.len(),
            unchanged: self.unchanged,
            ..Summary::default()
        };
        for judged in self.contracts.iter().flat_map(|contract| &contract.findings) {
            match judged.verdict {
                Verdict::Breaking => summary.breaking += 1,
                Verdict::Undecided => summary.undecided += 1,
                Verdict::Compatible => summary.compatible += 1,
            }
        }
        summary
    }

    /// What follows for the caller: findings by their severity, and what could not be compared.
    pub fn status(&self, fail_on: Threshold) -> Status {
        let mut findings = self.contracts.iter().flat_map(|contract| &contract.findings);
        let failed = findings.any(|judged| fail_on.is_reached_by(judged.severity));
        let of_contracts = self.contracts.iter().flat_map(|contract| &contract.problems);
        let problems = of_contracts.chain(&self.problems).filter(|problem| problem.counts);
        let worst = problems.map(|problem| match problem.kind {
            ProblemKind::Warning => Status::Passed,
            ProblemKind::Part | ProblemKind::Unreadable => Status::NotCompared,
            ProblemKind::Refused => Status::Refused,
        });
        let found = if failed { Status::Failed } else { Status::Passed };
        worst.fold(found, Status::max)
    }
}
