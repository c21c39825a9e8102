//! `unbroken check`

use clap::ArgMatches;

use super::arguments::CheckOptions;
use super::inspect::{Inspection, inspect};
use super::output::{self, CommandError};
use super::print_config;
use crate::policy::config::FailOnWord;
use crate::policy::{Scope, Threshold};
use crate::report::{self, Style};

/// Compares the contracts of the repository around us with their bases.
pub(super) fn run(options: &CheckOptions, matches: &ArgMatches) -> Result<u8, CommandError> {
    let CheckOptions { scope, output, hook, print_config } = options;
    if *print_config {
        return print_config::run(scope, matches);
    }
    let failed = |error| output::unable(error, output, Scope::Repository);
    let Inspection { report, fail_on, accept: _, root } = inspect(scope).map_err(failed)?;
    let fail_on = Threshold::from(output.fail_on.map_or(fail_on, FailOnWord::from));
    if *hook {
        output::write_files(&report, output, fail_on)?;
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = report::hook::render(&report, fail_on, Style::Coloured, &mut text);
        output::print(&text)?;
    } else {
        output::write(&report, output, fail_on, root.as_deref())?;
    }
    let status = report.status(fail_on);
    output::leave(report);
    Ok(status.exit_code())
}
