//! `unbroken diff OLD NEW`

use super::NOT_COMPARED;
use super::arguments::DiffOptions;
use super::inspect::here;
use super::output::{self, CommandError};
use super::pair::{BaseProblems, report_pair};
use super::terms::{Standing, Terms};
use crate::document::references;
use crate::load::Format;
use crate::policy::config::FailOnWord;
use crate::policy::{ContractSettings, Report, Scope, Threshold};
use crate::source::{DiffRequest, How, Label, PreparedDiff, Snapshot, prepare_diff};

/// Compares what the two words name.
pub(super) fn run(options: &DiffOptions) -> Result<u8, CommandError> {
    let DiffOptions { old, new, kind, question, output } = options;
    let (folder, environment) = here()?;
    let kind = kind.map(|kind| Format::from(kind).into());
    let request = DiffRequest { folder, environment, old: old.clone(), new: new.clone(), kind };
    let PreparedDiff { mut old, mut new, pairs } = prepare_diff(&request, &references)?;
    let mut report = Report {
        bases: vec![Label::clone(old.label())],
        head: Label::clone(new.label()),
        contracts: Vec::new(),
        unchanged: 0,
        problems: Vec::new(),
        scope: Scope::Pair,
    };
    for pair in &pairs {
        if pair.how == How::Unchanged {
            report.unchanged += 1;
            continue;
        }
        let Some(known) = pair.new.as_ref().or(pair.old.as_ref()) else { continue };
        let (format, settings) = (Format::from(known.kind), ContractSettings::default());
        let terms = Terms::of(format, question, settings, Standing::Replaced, None);
        let sides: (&mut dyn Snapshot, &mut dyn Snapshot) = (old.as_mut(), new.as_mut());
        report.contracts.extend(report_pair(sides, pair, &terms, 0, BaseProblems::Count));
    }
    output::write(&report, output)?;
    if pairs.is_empty() {
        // Something was named, and nothing in it is a contract: never a silent pass.
        return Ok(NOT_COMPARED);
    }
    let fail_on = output.fail_on.map_or(FailOnWord::Error, FailOnWord::from);
    let status = report.status(Threshold::from(fail_on));
    output::leave(report);
    Ok(status.exit_code())
}
