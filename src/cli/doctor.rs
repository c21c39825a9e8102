//! `unbroken doctor`: what would be compared with what, and why.

use std::fmt::Write as _;

use super::arguments::ScopeOptions;
use super::inspect::{add_supported, inspect, request};
use super::naming::{misnamed, rootless};
use super::output::{self, CommandError, fail};
use super::terms::chosen_packs;
use crate::document::references;
use crate::load::{Format, LoadOptions, Loaded, ProblemKind, load};
use crate::policy::{ContractSettings, Owners, PLACES, ReportedProblem, Status, Team, Threshold};
use crate::report::escape;
use crate::rules::Pack;
use crate::source::{
    Discovered, Opened, RepoPath, Request, Seen, Snapshot, SourceError, discover, open,
};

/// Says what a check would do, and ends as it would where it could not compare.
pub(super) fn run(options: &ScopeOptions) -> Result<u8, CommandError> {
    let (mut opened, baseless) = look(options)?;
    // What cannot be understood of the config is told, and the rest is seen as without it.
    let (team, misread) = match options.team.read(&opened) {
        Ok(team) => (team, None),
        Err(error) => (Team::default(), Some(error)),
    };
    let (_, mut problems) = add_supported(&mut opened, &team, options.team.today())?;
    let selection = team.config.config.selection();
    let (contracts, seen) = discover(opened.head.as_ref(), &selection, &references)?;
    problems.extend(misnamed_in(&opened, &team, &contracts)?);
    let mut text = bases(&opened, baseless.as_ref());
    match &misread {
        None => text.push_str(&config(&team)),
        Some(_) => {
            text.push_str("config    cannot be understood; the rest is told as without it\n");
        }
    }
    text.push_str(&seen_contracts(options, &opened, &team, &contracts, &seen, &mut problems)?);
    for ReportedProblem { message, path, position, .. } in &problems {
        let place = match (path, position) {
            (Some(path), Some((line, column))) => format!("{path}:{line}:{column}: "),
            (Some(path), None) => format!("{path}: "),
            (None, _) => String::new(),
        };
        let _ = writeln!(text, "problem   {place}{message}");
    }
    // Only a check itself knows which of the problems bear on what has changed.
    let status = match (&misread, &baseless) {
        (None, None) => inspect(options)?.report.status(Threshold::Never),
        (Some(_), _) | (None, Some(_)) => Status::NotCompared,
    };
    let harmless = problems.iter().all(|problem| problem.kind == ProblemKind::Warning);
    let leaves_parts = problems.iter().any(|problem| problem.kind == ProblemKind::Part);
    let conclusion = match status {
        _ if misread.is_some() => "not ready: `unbroken check` would refuse the config",
        _ if baseless.is_some() => "not ready: `unbroken check` has nothing to compare with",
        Status::NotCompared | Status::Refused => {
            "not ready: `unbroken check` could not compare everything"
        }
        _ if contracts.is_empty() => "no contract is seen: `unbroken check` would compare nothing",
        _ if harmless => "ready: `unbroken check` can compare everything that it sees",
        Status::Passed | Status::Failed if leaves_parts => {
            "ready, but for what the problems above leave unread: a change that reaches it is \
             undecided in `unbroken check`"
        }
        Status::Passed | Status::Failed => {
            "ready: the problems above are none of this change, and `unbroken check` passes over them"
        }
    };
    let _ = writeln!(text, "{conclusion}");
    output::say(&text)?;
    let code = match status {
        Status::NotCompared | Status::Refused => status.exit_code(),
        Status::Passed | Status::Failed => 0,
    };
    Ok(misread.map_or(code, |error| fail(&error)))
}

/// Both ends of a check, and why there is no base, where there is none.
fn look(options: &ScopeOptions) -> Result<(Opened, Option<SourceError>), CommandError> {
    let asked = request(options)?;
    match open(&asked) {
        Ok(opened) => Ok((opened, None)),
        Err(error @ SourceError::Base(_)) => {
            // The rest can be told all the same.
            match open(&Request { bases: vec!["HEAD".to_owned()], ..asked }) {
                Ok(opened) => Ok((opened, Some(error))),
                Err(_) => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// What the config says of nothing that is here.
fn misnamed_in(
    opened: &Opened,
    team: &Team,
    contracts: &[Discovered],
) -> Result<Vec<ReportedProblem>, CommandError> {
    let selection = team.config.config.selection();
    let (mut bases, mut before) = (Vec::new(), Vec::new());
    for base in &opened.bases {
        let base = opened.files_of(base)?;
        before.extend(discover(&base, &selection, &references)?.0);
        bases.push(base);
    }
    let all: Vec<&Discovered> = contracts.iter().chain(&before).collect();
    let mut found = rootless(&team.config, &team.files, |folder| {
        let mut held = opened.head.paths()?.iter().any(|path| folder.holds(path));
        for base in &bases {
            held = held || base.paths()?.iter().any(|path| folder.holds(path));
        }
        Ok(held)
    })?;
    found.extend(misnamed(&team.config, &team.files, Some(&all), |path| {
        let mut found = opened.head.content_id(path)?.is_some();
        for base in &bases {
            found = found || base.content_id(path)?.is_some();
        }
        Ok(found)
    })?);
    Ok(found)
}

fn bases(opened: &Opened, baseless: Option<&SourceError>) -> String {
    let mut text = format!("head      {}\n", opened.head.label().name);
    if let Some(error) = baseless {
        let _ = writeln!(text, "base      none: {}", escape(&error.to_string()));
        return text;
    }
    for base in &opened.bases {
        let _ = writeln!(text, "base      {}", base.label);
    }
    text
}

fn config(team: &Team) -> String {
    let path = team.path.as_ref().map_or_else(
        || "none; everything is as by default, `unbroken init` writes one".to_owned(),
        |path| {
            let entries = team.config.config.contracts.len();
            let noun = if entries == 1 { "entry" } else { "entries" };
            format!("{path}, {entries} {noun} of contracts")
        },
    );
    let accepted = counted(team.accepted.entries.len(), "finding");
    let file = team.config.config.accept_path();
    format!("config    {path}\naccepted  {accepted} in {file}\n")
}

fn seen_contracts(
    options: &ScopeOptions,
    opened: &Opened,
    team: &Team,
    contracts: &[Discovered],
    seen: &Seen,
    problems: &mut Vec<ReportedProblem>,
) -> Result<String, CommandError> {
    let owners = match options.team.owners(opened)? {
        Some(owners) => owners,
        None => Owners::of(opened.head.as_ref())?,
    };
    let mut text = String::new();
    for contract in contracts {
        text.push_str(&seen_contract(team, &owners, (contract, seen)));
        let loaded = load(opened.head.as_ref(), contract, &LoadOptions::default());
        text.push_str(&unused_packs(options, team, (contract, &loaded)));
        problems.extend(problems_of(&loaded));
    }
    if contracts.is_empty() {
        let _ = writeln!(text, "contract  none; `contracts` in the config names what is not seen");
    }
    text.push_str(&left_out(team, seen));
    let known = PLACES.iter().find(|place| {
        RepoPath::new(place).is_ok_and(|path| matches!(opened.head.content_id(&path), Ok(Some(_))))
    });
    let _ = writeln!(text, "owners    {}", known.unwrap_or(&"no CODEOWNERS"));
    Ok(text)
}

/// What the config says of a contract.
fn settings(team: &Team, contract: &Discovered) -> ContractSettings {
    let paths: Vec<&str> = contract.files.iter().map(RepoPath::as_str).collect();
    team.config.config.settings_of(contract.root.as_str(), &paths)
}

fn seen_contract(team: &Team, owners: &Owners, (contract, seen): (&Discovered, &Seen)) -> String {
    let Discovered {
        kind,
        root,
        files,
        reached,
        identified: _,
        import_roots: _,
        named_roots: _,
        at_rest: _,
        names: _,
        imports: _,
        beside: _,
        adopted: _,
    } = contract;
    let why = seen.contracts.iter().find(|(path, _)| files.contains(path));
    let why = why.map_or("", |(_, why)| why);
    let owner = settings(team, contract).owner;
    let owner = owner.or_else(|| owners.of_files(files.iter().map(RepoPath::as_str)));
    let owner = owner.unwrap_or_else(|| "nobody".to_owned());
    let kind = Format::from(*kind).name();
    let files = counted(reached.len(), "file");
    let root = root.as_str();
    format!("contract  {root}  {kind}: {why} · reads {files} · owned by {owner}\n")
}

/// The packs that would give a meaning to options that the contract sets, and do not count.
fn unused_packs(
    options: &ScopeOptions,
    team: &Team,
    (contract, loaded): (&Discovered, &Loaded),
) -> String {
    let packs = chosen_packs(&options.question, settings(team, contract).packs.as_deref());
    let unused = Pack::ALL.into_iter().filter(|pack| !packs.has(*pack));
    let told = unused.filter(|pack| pack.is_stated_in(&loaded.contract)).map(|pack| {
        let (root, name) = (contract.root.as_str(), pack.name());
        format!(
            "pack      {root}  sets options that `packs: [{name}]` has judged; now they are notes\n"
        )
    });
    told.collect()
}

fn problems_of(loaded: &Loaded) -> impl Iterator<Item = ReportedProblem> {
    loaded.problems.iter().map(|problem| {
        let place = problem.span.and_then(|span| loaded.files.locate(span));
        ReportedProblem {
            kind: problem.kind,
            message: problem.message.clone(),
            path: place.map(|(path, _)| path.to_string()).or_else(|| problem.path.clone()),
            position: place.map(|(_, position)| (position.line, position.column)),
            side: "new",
            counts: true,
        }
    })
}

/// What is compared with nothing, and why.
fn left_out(team: &Team, seen: &Seen) -> String {
    let mut text = String::new();
    for (path, index) in &seen.ignored {
        let pattern = team.config.config.ignore.get(*index).map_or("", |it| it.as_str());
        let pointer = format!("/ignore/{index}");
        let place = team.config.span(&pointer).and_then(|span| team.files.locate(span));
        let place = place.map_or_else(String::new, |(path, at)| format!(" at {path}:{}", at.line));
        let _ = writeln!(text, "ignored   {path}  by `{pattern}`{place}");
    }
    for path in &seen.left_out {
        let _ =
            writeln!(text, "ignored   {path}  by buf's configuration, in no module of which it is");
    }
    let _ = writeln!(text, "others    {}", no_contracts(&seen.others));
    text
}

/// How many files of others that are not named.
const MOST_OTHERS: usize = 3;

/// The files that could have been contracts by their names: whoever misses one finds it here.
fn no_contracts(files: &[RepoPath]) -> String {
    let what = if files.len() == 1 { "is no contract" } else { "are no contracts" };
    let number = counted(files.len(), "file");
    let names: Vec<_> = files.iter().take(MOST_OTHERS).map(|path| escape(path.as_str())).collect();
    match files.len().saturating_sub(MOST_OTHERS) {
        _ if files.is_empty() => format!("{number} that {what}"),
        0 => format!("{number} that {what}: {}", names.join(", ")),
        more => format!("{number} that {what}: {} and {more} more", names.join(", ")),
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
