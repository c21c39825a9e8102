//! From comparisons to the report.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::acceptance::{AcceptedFile, SuppressedBy, Suppression, operations};
use super::allowed::Allowed;
use super::announced;
use super::audit;
use super::config::{Day, PolicySection};
use super::fingerprint::fingerprints;
use super::gone::member_gone;
use super::lifecycle::{Announcement, Announcements, announcement, of_removal};
use super::severity::{Severity, Threshold, verdict_on};
use crate::diff::{Comparison, Finding};
use crate::load::{Loaded, Problem, ProblemKind};
use crate::model::{Stability, Surfaces};
use crate::rules::Verdict;
use crate::source::{Label, Span};

/// What the team minds, for one contract.
#[derive(Clone, Debug)]
pub struct Policy<'t> {
    /// The surfaces that count.
    pub surfaces: Surfaces<bool>,
    /// How settled the contract is, whatever it says of itself.
    pub stability: Stability,
    /// Who owns it.
    pub owner: Option<String>,
    /// The day on which announced removals are looked at; without it none counts as due.
    pub today: Option<Day>,
    /// What the team has written down; `None` where nobody is asked.
    pub opinions: Option<Opinions<'t>>,
}

/// What a team has written down, and the day on which it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Opinions<'t> {
    /// Severities.
    pub policy: &'t PolicySection,
    /// Acceptances.
    pub accepted: &'t AcceptedFile,
    /// Today.
    pub today: Day,
    /// Whose acceptances inside a contract count.
    pub trust: Trust,
}

/// Whose word counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The change's own.
    #[default]
    Head,
    /// Only what the base says too: for changes of people who may not move the gate.
    Base,
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
    /// Whether its findings can be accepted.
    pub scope: Scope,
}

/// What a report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Two things that somebody named; nothing of it is remembered.
    #[default]
    Pair,
    /// A repository, which remembers what it has accepted.
    Repository,
}

/// What a part of the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A contract.
    Contract,
    /// The team's own policy.
    Policy,
}

/// One contract, compared with one base.
pub struct ContractReport {
    /// Whether it is one; the team's policy is shown like one.
    pub subject: Subject,
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
    pub old: Option<Arc<Loaded>>,
    /// The new side, for showing text.
    pub new: Option<Arc<Loaded>>,
    /// Where it was in the base, if it has moved.
    pub moved_from: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
}

/// A finding and what the team thinks of it.
pub struct JudgedFinding {
    /// The fact.
    pub finding: Finding,
    /// The worst verdict over the selected surfaces.
    pub verdict: Verdict,
    /// The opinion.
    pub severity: Severity,
    /// What was announced of it, where that bears on the opinion.
    pub announcement: Option<Announcement>,
    /// Its identity across commits.
    pub fingerprint: String,
    /// The acceptance that covers it.
    pub suppressed: Option<Suppression>,
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

/// How many findings there are of each kind, over the selected surfaces; what is found against
/// several bases counts once, and so does what is compared with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Somebody breaks.
    pub breaking: usize,
    /// Neither shown nor excluded.
    pub undecided: usize,
    /// Nobody breaks.
    pub compatible: usize,
    /// Of all these, how many are accepted with a reason.
    pub suppressed: usize,
    /// What is to be said of the team's own policy, which is no change of a contract.
    pub policy: usize,
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

/// Judges one comparison by a policy. `path` is what people know the contract by; where it moved, it
/// is accepted under the name that it had.
pub fn judge(
    (path, moved_from): (&str, Option<&str>),
    comparison: Comparison,
    policy: &Policy<'_>,
    base: usize,
    (old, new): (Option<Arc<Loaded>>, Option<Arc<Loaded>>),
) -> ContractReport {
    let Comparison { findings, old_problems, mut new_problems } = comparison;
    let contract = new.as_ref().or(old.as_ref()).map(|loaded| &loaded.contract);
    let format = contract.map_or_else(String::new, |contract| contract.format.to_string());
    let opinions = policy.opinions.as_ref();
    let sides = (old.as_deref(), new.as_deref());
    let mut allowed =
        opinions.map_or_else(Allowed::default, |opinions| Allowed::of(sides.0, sides.1, opinions));
    new_problems.append(&mut allowed.problems);
    let mut judged: Vec<JudgedFinding> = Vec::new();
    let mut notices = Vec::new();
    // An acceptance goes on holding where the file moves.
    let known = fingerprints(moved_from.unwrap_or(path), &findings, sides);
    for (finding, fingerprint) in findings.into_iter().zip(known) {
        if let Some(opinions) = opinions {
            let days = opinions.policy.sunset.minimum_days;
            notices.extend(announced::short_notice(&finding, sides.1, days, opinions.today));
        }
        judged.push(policy.judged(finding, fingerprint, (path, sides), &mut allowed));
    }
    if let Some(opinions) = opinions {
        let remarks = allowed.remarks().into_iter().chain(notices);
        let surfaces = policy.surfaces;
        judged.extend(remarks.map(|remark| audit::judged(path, remark, surfaces, opinions)));
    }
    let verdict = judged.iter().map(|judged| judged.verdict).max().unwrap_or_default();
    let placed = |side, loaded: Option<&Loaded>, list: &[Problem]| -> Vec<ReportedProblem> {
        list.iter().map(|problem| place(problem, loaded, side)).collect()
    };
    let mut problems = placed("old", sides.0, &old_problems);
    problems.extend(placed("new", sides.1, &new_problems));
    ContractReport {
        subject: Subject::Contract,
        path: path.to_owned(),
        format,
        base,
        verdict,
        findings: judged,
        problems,
        old,
        new,
        moved_from: moved_from.map(str::to_owned),
        owner: policy.owner.clone(),
    }
}

impl Policy<'_> {
    /// A finding of the contract at this path, as the team sees it.
    fn judged(
        &self,
        finding: Finding,
        fingerprint: String,
        (path, (old, new)): (&str, (Option<&Loaded>, Option<&Loaded>)),
        allowed: &mut Allowed,
    ) -> JudgedFinding {
        let Self { surfaces, stability, owner, today, opinions } = self;
        let accepted = opinions.as_ref().and_then(|known| known.accepts(&finding, &fingerprint));
        // Both are asked: what the contract allows is needed, whoever else accepts it too.
        let allowed_here = allowed.covers(&finding, owner.as_deref());
        let suppressed = accepted.or(allowed_here);
        let going = old.and_then(|old| member_gone(&finding, old, new));
        let section = opinions.as_ref().map(|opinions| opinions.policy);
        let announcement = if let Some(life) = &going {
            of_removal(life, *today)
        } else {
            let contracts = (old.map(|one| &one.contract), new.map(|one| &one.contract));
            let minimum_days = section.map_or(0, |section| section.sunset.minimum_days);
            announcement(&finding, contracts, Announcements { today: *today, minimum_days })
        };
        let severity = if suppressed.is_some() {
            Severity::Off
        } else {
            let file = file_of(&finding, old, new);
            let places: Vec<&str> = std::iter::once(path).chain(file).collect();
            let severity = Severity::of(&places, &finding, *surfaces, *stability, section);
            announcement.map_or(severity, |told| told.severity(severity))
        };
        let verdict = verdict_on(&finding, *surfaces);
        JudgedFinding { finding, verdict, severity, announcement, fingerprint, suppressed }
    }
}

/// The file in which a finding stands, on the new side if it is there.
fn file_of<'l>(
    finding: &Finding,
    old: Option<&'l Loaded>,
    new: Option<&'l Loaded>,
) -> Option<&'l str> {
    let on = |span: Option<Span>, side: Option<&'l Loaded>| side?.files.get(span?.file);
    let file = on(finding.anchor.or(finding.new), new).or_else(|| on(finding.old, old))?;
    Some(file.path.as_str())
}

impl Opinions<'_> {
    /// The acceptance in the file that covers the finding and all that it reaches, today.
    fn accepts(&self, finding: &Finding, fingerprint: &str) -> Option<Suppression> {
        let mut of = self.accepted.of(fingerprint).peekable();
        of.peek()?;
        let reached = operations(finding);
        let (entry, span) = of.find(|(entry, _)| {
            entry.until >= self.today && reached.iter().all(|one| entry.covers.contains(one))
        })?;
        Some(Suppression {
            reason: entry.reason.clone(),
            owner: Some(entry.owner.clone()),
            until: entry.until,
            by: SuppressedBy::File(*span),
        })
    }
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
    /// Whether both sides could be read, in part at least.
    pub fn is_compared(&self) -> bool {
        !self.problems.iter().any(|problem| match problem.kind {
            ProblemKind::Unreadable | ProblemKind::Refused => problem.is_gap(),
            ProblemKind::Warning | ProblemKind::Part => false,
        })
    }

    /// What could not be compared is not called compatible.
    pub fn heed_problems(&mut self) {
        if self.problems.iter().any(ReportedProblem::is_gap) {
            self.verdict = self.verdict.max(Verdict::Undecided);
        }
    }
}

/// The findings of these reports, one edit once however many bases it was found against: as it is
/// against the one that has the team mind it most.
pub fn distinct<'r>(
    contracts: impl IntoIterator<Item = &'r ContractReport>,
) -> Vec<&'r JudgedFinding> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found: Vec<&JudgedFinding> = Vec::new();
    for (contract, judged) in
        contracts.into_iter().flat_map(|it| it.findings.iter().map(move |judged| (it, judged)))
    {
        let key = (contract.path.as_str(), judged.fingerprint.as_str());
        let known = places.get(&key).and_then(|index| found.get_mut(*index));
        let weight = |judged: &JudgedFinding| (judged.verdict, judged.severity);
        match known {
            Some(known) if weight(known) < weight(judged) => *known = judged,
            Some(_) => {}
            None => {
                places.insert(key, found.len());
                found.push(judged);
            }
        }
    }
    found
}

impl Report {
    /// The worst verdict of all contracts. What could not be compared is not called compatible.
    pub fn verdict(&self) -> Verdict {
        let worst = self.contracts.iter().map(|contract| contract.verdict).max();
        let is_blind = self.problems.iter().any(ReportedProblem::is_gap);
        let blind = if is_blind { Verdict::Undecided } else { Verdict::Compatible };
        worst.unwrap_or_default().max(blind)
    }

    /// How many contracts could not be compared at all, with one base or another.
    pub fn uncompared(&self) -> usize {
        self.count(|contract| !contract.is_compared())
    }

    /// How many contracts are such; one that is compared with several bases is one.
    fn count(&self, is_such: impl Fn(&ContractReport) -> bool) -> usize {
        let such = self.contracts.iter().filter(|contract| is_such(contract));
        such.map(|contract| contract.path.as_str()).collect::<HashSet<&str>>().len()
    }

    /// Counts what was found.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            contracts: self.count(|contract| contract.subject == Subject::Contract),
            unchanged: self.unchanged,
            ..Summary::default()
        };
        for judged in distinct(&self.contracts) {
            if judged.finding.rule.is_about_policy() {
                summary.policy += 1;
                continue;
            }
            summary.suppressed += usize::from(judged.suppressed.is_some());
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
