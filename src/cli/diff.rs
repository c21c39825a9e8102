//! `unbroken diff OLD NEW`

use std::path::Path;

use super::NOT_COMPARED;
use super::arguments::DiffOptions;
use super::inspect::here;
use super::output::{self, CommandError};
use super::pair::{BaseProblems, report_pair};
use super::progress::Progress;
use super::sides::Sides;
use super::terms::{Standing, Terms};
use crate::document::references;
use crate::load::{Format, ProblemKind};
use crate::policy::config::FailOnWord;
use crate::policy::{ContractSettings, Report, ReportedProblem, Scope, Threshold};
use crate::source::{DiffRequest, How, Label, PreparedDiff, Snapshot, prepare_diff};

/// Compares what the two words name.
pub(super) fn run(options: &DiffOptions) -> Result<u8, CommandError> {
    let DiffOptions { old, new: new_name, kind, question, calendar, output } = options;
    let (folder, environment) = here()?;
    let kind = kind.map(|kind| Format::from(kind).into());
    let left_out = question.left_out();
    let (old, new) = (old.clone(), new_name.clone());
    let request = DiffRequest { folder, environment, old, new, kind, left_out };
    let today = calendar.today();
    let progress = Progress::new();
    progress.say("reading both sides");
    let PreparedDiff { mut old, mut new, pairs } = prepare_diff(&request, &references)
        .map_err(|error| output::unable(error.into(), output, Scope::Pair))?;
    let nameless = [("old", old.nameless()), ("new", new.nameless())];
    let mut report = Report {
        bases: vec![Label::clone(old.label())],
        head: Label::clone(new.label()),
        contracts: Vec::new(),
        unchanged: 0,
        problems: nameless.into_iter().flat_map(|(side, paths)| not_named(side, paths)).collect(),
        scope: Scope::Pair,
    };
    let mut known_sides = Sides::new(1);
    for pair in &pairs {
        if pair.how == How::Unchanged {
            report.unchanged += 1;
            continue;
        }
        let Some(known) = pair.new.as_ref().or(pair.old.as_ref()) else { continue };
        progress.say(&format!("comparing {}", known.root.as_str()));
        let (format, settings) = (Format::from(known.kind), ContractSettings::default());
        let terms = Terms::of(format, question, settings, Standing::Replaced, today, None);
        let sides: (&mut dyn Snapshot, &mut dyn Snapshot) = (old.as_mut(), new.as_mut());
        report.contracts.extend(report_pair(
            &mut known_sides,
            sides,
            pair,
            &terms,
            0,
            BaseProblems::Count,
        ));
    }
    drop(progress);
    let fail_on = Threshold::from(output.fail_on.map_or(FailOnWord::Error, FailOnWord::from));
    let root = new.folder().filter(|_| Path::new(new_name).exists());
    output::write(&report, output, fail_on, root.as_deref())?;
    if pairs.is_empty() && report.problems.is_empty() {
        // Something was named, and nothing in it is a contract: never a silent pass.
        return Ok(NOT_COMPARED);
    }
    let status = report.status(fail_on);
    output::leave(report);
    Ok(status.exit_code())
}

/// What is to be said of files that nothing can refer to.
fn not_named(side: &'static str, paths: Vec<String>) -> impl Iterator<Item = ReportedProblem> {
    paths.into_iter().map(move |path| ReportedProblem {
        kind: ProblemKind::Unreadable,
        message: "the name is not UTF-8 and the file is not compared; rename it".to_owned(),
        path: Some(path),
        position: None,
        side,
        counts: true,
    })
}
