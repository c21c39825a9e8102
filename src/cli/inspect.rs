//! A repository compared with its bases, by its team's policy: what `check` reports, and what
//! `accept` and `baseline` choose from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::arguments::ScopeOptions;
use super::naming::{misnamed, problem, rootless};
use super::output::CommandError;
use super::pair::{BaseProblems, report_pair};
use super::progress::Progress;
use super::sides::Sides;
use super::terms::{Standing, Terms};
use crate::document::references;
use crate::load::{Format, ProblemKind};
use crate::policy::config::{Config, Day, FailOnWord, Supported};
use crate::policy::{
    ContractSettings, Opinions, Owners, Report, ReportedProblem, Scope, Team, Watched, audit,
};
use crate::source::{
    Comparison, ContractPair, Environment, Fetch, HeadChoice, How, Label, Line, Opened, Prepared,
    RepoPath, Repository, Request, Selection, Snapshot, SourceError, Unseen, open, supported,
};

/// What a comparison of a repository yields.
pub(super) struct Inspection {
    pub(super) report: Report,
    /// From which severity on the config has it fail.
    pub(super) fail_on: FailOnWord,
    /// The file of acceptances, in the work tree; `None` in a bare repository.
    pub(super) accept: Option<PathBuf>,
    /// The folder of head's files, where head is what lies there.
    pub(super) root: Option<PathBuf>,
}

/// Where we run, and in which environment.
pub(super) fn here() -> Result<(PathBuf, Environment), CommandError> {
    let folder = std::env::current_dir().map_err(|error| {
        CommandError::Usage(format!("the current folder cannot be read: {error}"))
    })?;
    Ok((folder, std::env::vars_os().collect()))
}

/// What the options ask to be compared.
pub(super) fn request(options: &ScopeOptions) -> Result<Request, CommandError> {
    let ScopeOptions { base, staged, head, question: _, team: _ } = options;
    let (folder, environment) = here()?;
    let head = match (staged, head) {
        (true, _) => HeadChoice::Staged,
        (false, Some(revision)) => HeadChoice::Revision(revision.clone()),
        (false, None) => HeadChoice::Auto,
    };
    Ok(Request { folder, environment, bases: base.clone(), head })
}

/// Compares the contracts of the repository around us with their bases.
pub(super) fn inspect(options: &ScopeOptions) -> Result<Inspection, CommandError> {
    let progress = Progress::new();
    progress.say("reading the repository");
    let mut opened = open(&request(options)?)?;
    let team = options.team.read(&opened)?;
    let config: &Config = &team.config.config;
    let today = options.team.today();
    let (standings, problems) = add_supported(&mut opened, &team, today)?;
    let mut owners = options.team.owners(&opened)?;
    let root = opened.repository.work_folder().ok().map(Path::to_owned);
    let left_out = options.question.left_out();
    let selection = Selection { left_out, ..config.selection() };
    let Prepared { mut head, comparisons } = opened.compare(&selection, &references)?;
    let opinions = Opinions {
        policy: &config.policy,
        accepted: &team.accepted,
        today,
        trust: options.team.trust(),
    };
    let mut report = Report {
        bases: Vec::new(),
        head: Label::clone(head.label()),
        contracts: Vec::new(),
        unchanged: 0,
        problems,
        scope: Scope::Repository,
    };
    report.problems.extend(misnamed_in(&team, head.as_ref(), &comparisons)?);
    let mut before = None;
    let mut watched = Vec::new();
    let mut known = Sides::new(comparisons.len());
    // What has changed since one base may be as it was in another.
    let (mut still, mut moved) = (BTreeSet::new(), BTreeSet::new());
    for (index, (comparison, standing)) in comparisons.into_iter().zip(standings).enumerate() {
        let Comparison { base, mut snapshot, changes: _, pairs, unseen } = comparison;
        report.problems.extend(unseen.iter().map(not_looked_into));
        report.bases.push(Label { name: base.label, revision: base.commit });
        if index == 0 {
            before = options.team.before(&snapshot, &team);
            if let Some(before) = &before {
                let configs = (&before.config.config, config);
                watched = Watched::all(&snapshot, configs, &pairs, &references)?;
            }
        }
        for pair in &pairs {
            let root = pair.new.as_ref().or(pair.old.as_ref()).map_or("", |it| it.root.as_str());
            if pair.how == How::Unchanged {
                still.insert(root.to_owned());
                continue;
            }
            moved.insert(root.to_owned());
            let Some((path, format, mut settings)) = settings(config, pair) else { continue };
            progress.say(&format!("comparing {root}"));
            if settings.owner.is_none() {
                let all = match owners.take() {
                    Some(all) => all,
                    None => Owners::of(head.as_ref())?,
                };
                settings.owner = all.of_files(path.iter().map(String::as_str));
                owners = Some(all);
            }
            let terms =
                Terms::of(format, &options.question, settings, standing, today, Some(opinions));
            let new: &mut dyn Snapshot = head.as_mut();
            let sides: (&mut dyn Snapshot, &mut dyn Snapshot) = (&mut snapshot, new);
            let found = report_pair(&mut known, sides, pair, &terms, index, BaseProblems::Excuse);
            report.contracts.extend(found);
        }
    }
    report.unchanged = still.difference(&moved).count();
    let fail_on = config.policy.fail_on.unwrap_or(FailOnWord::Error);
    let before = before.as_ref().map(|team| (team, watched.as_slice()));
    let of_policy = audit(before, &team, &report.contracts, &opinions);
    report.contracts.extend(of_policy);
    let accept = root.as_ref().map(|root| root.join(config.accept_path()));
    let root = root.filter(|_| report.head.revision.is_none());
    Ok(Inspection { report, fail_on, accept, root })
}

/// What the config says of nothing that is here.
fn misnamed_in(
    team: &Team,
    head: &dyn Snapshot,
    comparisons: &[Comparison],
) -> Result<Vec<ReportedProblem>, SourceError> {
    let pairs = comparisons.iter().flat_map(|comparison| &comparison.pairs);
    let contracts = pairs.flat_map(|pair| pair.old.iter().chain(&pair.new));
    // What has no file on a side names nothing there.
    let contracts: Vec<_> = contracts.filter(|contract| !contract.files.is_empty()).collect();
    let looked = comparisons.iter().any(|comparison| !comparison.changes.is_empty());
    let contracts = looked.then_some(contracts.as_slice());
    let mut problems = rootless(&team.config, &team.files, |folder| {
        let holds = |all: Vec<RepoPath>| all.iter().any(|path| folder.holds(path));
        let mut found = holds(head.paths()?);
        for Comparison { snapshot, .. } in comparisons {
            found = found || holds(snapshot.paths()?);
        }
        Ok(found)
    })?;
    problems.extend(misnamed(&team.config, &team.files, contracts, |path| {
        let mut found = head.content_id(path)?.is_some();
        for Comparison { snapshot, .. } in comparisons {
            found = found || snapshot.content_id(path)?.is_some();
        }
        Ok(found)
    })?);
    Ok(problems)
}

fn not_looked_into(unseen: &Unseen) -> ReportedProblem {
    ReportedProblem {
        kind: if unseen.is_gap() { ProblemKind::Unreadable } else { ProblemKind::Warning },
        message: unseen.to_string(),
        path: Some(unseen.path().to_string()),
        position: None,
        side: "new",
        counts: true,
    }
}

/// The files of a contract, its format, and what the config says of it.
fn settings(
    config: &Config,
    pair: &ContractPair,
) -> Option<(Vec<String>, Format, ContractSettings)> {
    // Of what has no file any more that holds what was said of it.
    let new = pair.new.as_ref().filter(|new| !new.files.is_empty());
    let known = new.or(pair.old.as_ref())?;
    let files: Vec<&str> = known.files.iter().map(RepoPath::as_str).collect();
    let settings = config.settings_of(known.root.as_str(), &files);
    let files = files.into_iter().map(str::to_owned).collect();
    Some((files, Format::from(known.kind), settings))
}

/// Adds the versions that are supported today to the bases. A pattern that names nothing here would
/// be a silent pass, so it is a problem.
pub(super) fn add_supported(
    opened: &mut Opened,
    team: &Team,
    today: Day,
) -> Result<(Vec<Standing>, Vec<ReportedProblem>), CommandError> {
    let mut standings = vec![Standing::Replaced; opened.bases.len()];
    let mut problems = Vec::new();
    for (index, entry) in team.config.config.supported.iter().enumerate() {
        let Supported { tags, branches, until, side_by_side } = entry;
        if until.is_some_and(|until| until < today) {
            continue;
        }
        let lines = tags.iter().map(Line::Tags).chain(branches.iter().map(Line::Branches));
        let standing = if *side_by_side { Standing::Beside } else { Standing::Replaced };
        for line in lines {
            let found = supported(&opened.repository, line)?;
            if found.is_empty() {
                let message = nothing_supported(&opened.repository, line);
                let pointer = format!("/supported/{index}");
                problems.push(problem(&team.config, &team.files, &pointer, message));
            }
            for base in found {
                let known = opened.bases.iter().position(|known| known.is_same(&base));
                if let Some(index) = known
                    && let Some(known) = standings.get_mut(index)
                {
                    *known = (*known).max(standing);
                    let name = base.label.split(' ').next().unwrap_or_default();
                    if let Some(same) = opened.bases.get_mut(index) {
                        same.is_also(name);
                    }
                } else {
                    opened.bases.push(base);
                    standings.push(standing);
                }
            }
        }
    }
    Ok((standings, problems))
}

fn nothing_supported(repository: &Repository, line: Line<'_>) -> String {
    let (what, pattern) = match line {
        Line::Tags(pattern) => ("tag", pattern.as_str()),
        Line::Branches(pattern) => ("branch", pattern.as_str()),
    };
    let fetch = line.fetch(repository);
    format!("no {what} here is called `{pattern}`; run `{fetch}`")
}

/// The fetch that brings what an inspection lacks; `None` where all of it is here.
pub(super) fn lacking(options: &ScopeOptions) -> Result<Option<Fetch>, CommandError> {
    let request = request(options)?;
    if let Some(fetch) = crate::source::lacking(&request)? {
        return Ok(Some(fetch));
    }
    let opened = open(&request)?;
    let team = options.team.read(&opened)?;
    let today = options.team.today();
    let entries = team.config.config.supported.iter();
    for entry in entries.filter(|entry| entry.until.is_none_or(|until| until >= today)) {
        let branches = entry.branches.iter().map(Line::Branches);
        for line in entry.tags.iter().map(Line::Tags).chain(branches) {
            if supported(&opened.repository, line)?.is_empty() {
                return Ok(Some(line.fetch(&opened.repository)));
            }
        }
    }
    Ok(None)
}
