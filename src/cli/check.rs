//! `unbroken check`

use std::path::PathBuf;

use super::arguments::CheckOptions;
use super::output::{self, CommandError};
use super::pair::{BaseProblems, report_pair};
use crate::document::references;
use crate::policy::{Report, Threshold};
use crate::source::{
    Comparison, Environment, HeadChoice, How, Label, Prepared, Request, Snapshot, prepare,
};

/// Compares the contracts of the repository around us with their base.
pub(super) fn run(options: &CheckOptions) -> Result<u8, CommandError> {
    let report = compare(options)?;
    output::write(&report, &options.output)?;
    Ok(report.status(Threshold::from(options.output.fail_on)).exit_code())
}

/// What the options ask the source for.
pub(super) fn request(options: &CheckOptions) -> Result<Request, CommandError> {
    let (folder, environment) = here()?;
    let head = match (options.staged, &options.head) {
        (true, _) => HeadChoice::Staged,
        (false, Some(revision)) => HeadChoice::Revision(revision.clone()),
        (false, None) => HeadChoice::Auto,
    };
    Ok(Request { folder, environment, bases: options.base.clone(), head })
}

/// Compares, and writes nothing.
pub(super) fn compare(options: &CheckOptions) -> Result<Report, CommandError> {
    let Prepared { mut head, comparisons } = prepare(&request(options)?, &references)?;
    let mut report = Report {
        bases: Vec::new(),
        head: Label::clone(head.label()),
        contracts: Vec::new(),
        unchanged: 0,
        problems: Vec::new(),
    };
    for (index, comparison) in comparisons.into_iter().enumerate() {
        let Comparison { base, mut snapshot, changes: _, pairs } = comparison;
        report.bases.push(Label { name: base.label, revision: base.commit });
        for pair in &pairs {
            if pair.how == How::Unchanged {
                report.unchanged += 1;
                continue;
            }
            let new: &mut dyn Snapshot = head.as_mut();
            let sides: (&mut dyn Snapshot, &mut dyn Snapshot) = (&mut snapshot, new);
            let found = report_pair(sides, pair, &options.question, index, BaseProblems::Excuse);
            report.contracts.extend(found);
        }
    }
    Ok(report)
}

/// Where we run, and in which environment.
pub(super) fn here() -> Result<(PathBuf, Environment), CommandError> {
    let folder = std::env::current_dir().map_err(|error| {
        CommandError::Usage(format!("the current folder cannot be read: {error}"))
    })?;
    Ok((folder, std::env::vars_os().collect()))
}
