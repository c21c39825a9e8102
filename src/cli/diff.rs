//! `unbroken diff OLD NEW`

use super::NOT_COMPARED;
use super::arguments::DiffOptions;
use super::check::here;
use super::output::{self, CommandError};
use super::pair::{BaseProblems, report_pair};
use crate::document::references;
use crate::policy::{Report, Threshold};
use crate::source::{DiffRequest, How, Label, PreparedDiff, Snapshot, prepare_diff};

/// Compares what the two words name.
pub(super) fn run(options: &DiffOptions) -> Result<u8, CommandError> {
    let DiffOptions { old, new, kind, question, output } = options;
    let (folder, environment) = here()?;
    let kind = kind.map(|kind| crate::load::Format::from(kind).into());
    let request = DiffRequest { folder, environment, old: old.clone(), new: new.clone(), kind };
    let PreparedDiff { mut old, mut new, pairs } = prepare_diff(&request, &references)?;
    let mut report = Report {
        bases: vec![Label::clone(old.label())],
        head: Label::clone(new.label()),
        contracts: Vec::new(),
        unchanged: 0,
        problems: Vec::new(),
    };
    for pair in &pairs {
        if pair.how == How::Unchanged {
            report.unchanged += 1;
            continue;
        }
        let sides: (&mut dyn Snapshot, &mut dyn Snapshot) = (old.as_mut(), new.as_mut());
        report.contracts.extend(report_pair(sides, pair, question, 0, BaseProblems::Count));
    }
    output::write(&report, output)?;
    let status = report.status(Threshold::from(output.fail_on));
    output::leave(report);
    if pairs.is_empty() {
        // Something was named, and nothing in it is a contract: never a silent pass.
        return Ok(NOT_COMPARED);
    }
    Ok(status.exit_code())
}
