//! What the config says of contracts that are not there, or of parts of one: it would be heeded by
//! nobody, and a misspelt path would be a silent pass.

use crate::load::ProblemKind;
use crate::policy::ReportedProblem;
use crate::policy::config::ConfigFile;
use crate::source::{Discovered, Files, Folder, Pattern, RepoPath, SourceError, is_candidate};

/// The paths of the config that name nothing that it could be about. `contracts` are those of all
/// sides; `None` where nothing differs, so that nobody has looked for them.
pub(super) fn misnamed(
    config: &ConfigFile,
    files: &Files,
    contracts: Option<&[&Discovered]>,
    mut is_there: impl FnMut(&RepoPath) -> Result<bool, SourceError>,
) -> Result<Vec<ReportedProblem>, SourceError> {
    let mut problems = Vec::new();
    let entries = config.config.contracts.iter().enumerate();
    let of_contracts = entries.flat_map(|(index, entry)| {
        let paths = entry.paths.iter().enumerate();
        paths.map(move |(nth, path)| (format!("/contracts/{index}/paths/{nth}"), path))
    });
    for (pointer, pattern) in of_contracts {
        let message = match contracts.and_then(|all| heeded(pattern, all)) {
            Some(Heeded::Whole) => continue,
            Some(Heeded::Part(of)) => {
                let root = of.root.as_str();
                Some(format!(
                    "what `{}` covers is a part of a contract: name `{root}`",
                    pattern.as_str()
                ))
            }
            None => nowhere(pattern, contracts.is_some(), &mut is_there)?
                .or_else(|| contracts.and_then(|_| unrecognised(pattern))),
        };
        problems.extend(message.map(|message| problem(config, files, &pointer, message)));
    }
    let severities = config.config.policy.severities.iter().enumerate();
    let of_severities = severities.flat_map(|(index, entry)| {
        let paths = entry.paths.iter().flatten().enumerate();
        paths.map(move |(nth, path)| (format!("/policy/severities/{index}/paths/{nth}"), path))
    });
    for (pointer, pattern) in of_severities {
        if contracts.and_then(|all| heeded(pattern, all)).is_none() {
            let message = nowhere(pattern, contracts.is_some(), &mut is_there)?;
            problems.extend(message.map(|message| problem(config, files, &pointer, message)));
        }
    }
    Ok(problems)
}

/// The folders of `import-roots` below which nothing lies on any side.
pub(super) fn rootless(
    config: &ConfigFile,
    files: &Files,
    mut is_held: impl FnMut(&Folder) -> Result<bool, SourceError>,
) -> Result<Vec<ReportedProblem>, SourceError> {
    let mut problems = Vec::new();
    for (index, folder) in config.config.import_roots.iter().enumerate() {
        if !is_held(folder)? {
            let message = format!("nothing lies below `{folder}`, neither in head nor in a base");
            problems.push(problem(config, files, &format!("/import-roots/{index}"), message));
        }
    }
    Ok(problems)
}

/// What a pattern is about.
enum Heeded<'c> {
    /// A contract.
    Whole,
    /// Some of the files of one, or what it refers to.
    Part(&'c Discovered),
}

fn heeded<'c>(pattern: &Pattern, contracts: &[&'c Discovered]) -> Option<Heeded<'c>> {
    let is_whole = |contract: &&Discovered| {
        pattern.covers(contract.root.as_str())
            || contract.files.iter().all(|path| pattern.covers(path.as_str()))
    };
    if contracts.iter().any(is_whole) {
        return Some(Heeded::Whole);
    }
    let is_part = |contract: &&&Discovered| {
        let mut all = contract.files.iter().chain(&contract.reached);
        all.any(|path| pattern.covers(path.as_str()))
    };
    contracts.iter().find(is_part).map(|contract| Heeded::Part(contract))
}

/// Says that a pattern names nothing, where it names one thing and that is neither file nor folder.
fn nowhere(
    pattern: &Pattern,
    is_complete: bool,
    mut is_there: impl FnMut(&RepoPath) -> Result<bool, SourceError>,
) -> Result<Option<String>, SourceError> {
    let Some(path) = pattern.plain() else { return Ok(None) };
    let is_known = if is_candidate(&path) { true } else { is_complete };
    if !is_known || is_there(&path)? {
        return Ok(None);
    }
    Ok(Some(if is_candidate(&path) {
        format!("{path} is neither in head nor in a base")
    } else {
        format!("no contract lies at {path}, neither in head nor in a base")
    }))
}

/// Says that the one file that a pattern names is there and seems to be no contract.
fn unrecognised(pattern: &Pattern) -> Option<String> {
    let path = pattern.plain().filter(is_candidate)?;
    Some(format!("{path} cannot be recognised as a contract: mend it, or say its `kind` here"))
}

/// What is wrong with the config, at its place.
pub(super) fn problem(
    config: &ConfigFile,
    files: &Files,
    pointer: &str,
    message: String,
) -> ReportedProblem {
    let located = config.span(pointer).and_then(|span| files.locate(span));
    ReportedProblem {
        kind: ProblemKind::Unreadable,
        message,
        path: located.map(|(path, _)| path.to_string()),
        position: located.map(|(_, position)| (position.line, position.column)),
        side: "new",
        counts: true,
    }
}
