//! `unbroken accept` and `unbroken baseline`: writing down what the team lives with.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use clap::Args;

use super::arguments::ScopeOptions;
use super::inspect::{Inspection, inspect};
use super::output::{self, CommandError};
use crate::policy::config::{Day, day};
use crate::policy::{
    Acceptance, AcceptedFile, ContractReport, HEADER, JudgedFinding, Subject, Suppression,
    Threshold, entry, operations,
};
use crate::source::{Files, RepoPath};

/// Options of `accept`.
#[derive(Debug, Args)]
pub(super) struct AcceptOptions {
    /// Fingerprints, as a report shows them; the first eight digits do
    #[arg(required = true, value_name = "FINGERPRINT")]
    findings: Vec<String>,
    #[command(flatten)]
    terms: AcceptTerms,
    #[command(flatten)]
    scope: ScopeOptions,
}

/// Options of `baseline`.
#[derive(Debug, Args)]
pub(super) struct BaselineOptions {
    #[command(flatten)]
    terms: AcceptTerms,
    #[command(flatten)]
    scope: ScopeOptions,
}

/// What every acceptance needs.
#[derive(Debug, Args)]
struct AcceptTerms {
    /// Why the team lives with it
    #[arg(long)]
    reason: String,
    /// Who answers for that: a person or team
    #[arg(long)]
    owner: String,
    /// The last day on which it is accepted
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: Day,
}

/// How few digits of a fingerprint may stand for it.
const FEWEST_DIGITS: usize = 8;

/// Accepts the findings that were named.
pub(super) fn run(options: &AcceptOptions) -> Result<u8, CommandError> {
    let AcceptOptions { findings, terms, scope } = options;
    check(terms, scope)?;
    let inspection = inspect(scope)?;
    let mut chosen = Vec::new();
    for digits in findings {
        chosen.push(find(&inspection, digits)?);
    }
    append(&inspection, &chosen, terms)
}

/// Accepts whatever fails today.
pub(super) fn baseline(options: &BaselineOptions) -> Result<u8, CommandError> {
    let BaselineOptions { terms, scope } = options;
    check(terms, scope)?;
    let inspection = inspect(scope)?;
    let fails = match Threshold::from(inspection.fail_on) {
        Threshold::Never => Threshold::At(crate::policy::Severity::Error),
        threshold @ Threshold::At(_) => threshold,
    };
    let chosen: Vec<Chosen<'_>> = acceptable(&inspection)
        .filter(|(_, judged)| fails.is_reached_by(judged.severity))
        .collect();
    append(&inspection, &chosen, terms)
}

fn check(terms: &AcceptTerms, scope: &ScopeOptions) -> Result<(), CommandError> {
    let AcceptTerms { reason, owner, until } = terms;
    let usage = |message: String| Err(CommandError::Usage(message));
    if reason.trim().is_empty() || owner.trim().is_empty() {
        return usage("--reason and --owner say why, and who answers for it".to_owned());
    }
    if *until < scope.team.today() {
        return usage(format!("--until {until} has passed already"));
    }
    Ok(())
}

pub(super) type Chosen<'r> = (&'r ContractReport, &'r JudgedFinding);

fn acceptable(inspection: &Inspection) -> impl Iterator<Item = Chosen<'_>> {
    let contracts =
        inspection.report.contracts.iter().filter(|report| report.subject == Subject::Contract);
    contracts.flat_map(|report| report.findings.iter().map(move |judged| (report, judged)))
}

/// Whether a word can stand for a finding.
pub(super) fn is_fingerprint(word: &str) -> bool {
    word.len() >= FEWEST_DIGITS && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The finding with this fingerprint; the same finding against several bases is one.
pub(super) fn find<'r>(
    inspection: &'r Inspection,
    digits: &str,
) -> Result<Chosen<'r>, CommandError> {
    let usage = |message: String| Err(CommandError::Usage(message));
    let wanted = digits.to_ascii_lowercase();
    if !is_fingerprint(&wanted) {
        return usage(format!(
            "`{digits}` is no fingerprint: {FEWEST_DIGITS} digits or more of it"
        ));
    }
    let found: Vec<Chosen<'r>> =
        acceptable(inspection).filter(|it| it.1.fingerprint.starts_with(&wanted)).collect();
    let distinct: BTreeSet<&str> = found.iter().map(|it| it.1.fingerprint.as_str()).collect();
    match (found.into_iter().max_by_key(|it| it.1.finding.reached_from.len()), distinct.len()) {
        (Some(found), 1) => Ok(found),
        (Some(_), several) => usage(format!("`{digits}` fits {several} findings: add digits")),
        (None, _) => usage(format!(
            "no finding of this comparison has the fingerprint `{digits}`; \
             `unbroken check --format json` lists them"
        )),
    }
}

/// Appends entries to the file of acceptances and says so.
fn append(
    inspection: &Inspection,
    chosen: &[Chosen<'_>],
    terms: &AcceptTerms,
) -> Result<u8, CommandError> {
    let Some(path) = &inspection.accept else {
        let message = "a bare repository has no work tree to write to".to_owned();
        return Err(CommandError::Usage(message));
    };
    let shown = path.display().to_string();
    let failed = |error: std::io::Error| CommandError::Write {
        path: shown.clone(),
        reason: error.to_string(),
    };
    let mut text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => HEADER.to_owned(),
        Err(error) => return Err(failed(error)),
    };
    let mut said = String::new();
    let mut known = String::new();
    let mut written = BTreeSet::new();
    for (contract, judged) in chosen {
        if !written.insert(&judged.fingerprint) {
            continue;
        }
        if let Some(Suppression { until, .. }) = &judged.suppressed {
            let _ = writeln!(known, "accepted already, until {until}: {}", judged.fingerprint);
            continue;
        }
        let acceptance = acceptance(contract, judged, terms);
        let gap = if text.ends_with('\n') { "\n" } else { "\n\n" };
        text.push_str(gap);
        text.push_str(&entry(&acceptance));
        let Acceptance { finding, rule, contract, at, .. } = &acceptance;
        let at = at.as_deref().unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(said, "accepted {finding}  {rule}  {contract}  {at}");
    }
    if said.is_empty() {
        let nothing = if known.is_empty() { "nothing to accept: nothing fails\n" } else { &known };
        return output::say(nothing);
    }
    // What is written must be readable by the next run; a file that people broke is told now.
    let name = RepoPath::new("accepted.yaml").unwrap_or_else(|_| RepoPath::fallback());
    AcceptedFile::parse(&mut Files::default(), &name, text.as_bytes()).map_err(|error| {
        CommandError::Usage(format!("{shown} would be no list any more: {error}"))
    })?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    output::write_file(Path::new(path), &text)?;
    output::say(&format!("{known}{said}written to {shown}\n"))
}

fn acceptance(
    contract: &ContractReport,
    judged: &JudgedFinding,
    terms: &AcceptTerms,
) -> Acceptance {
    let site = judged.finding.site.to_string();
    let AcceptTerms { reason, owner, until } = terms;
    Acceptance {
        finding: judged.fingerprint.clone(),
        rule: judged.finding.rule.id.to_owned(),
        contract: contract.path.clone(),
        at: if site.is_empty() { None } else { Some(site) },
        covers: operations(&judged.finding),
        reason: reason.clone(),
        owner: owner.clone(),
        until: *until,
    }
}
