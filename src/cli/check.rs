//! `unbroken check`

use clap::ArgMatches;

use super::arguments::CheckOptions;
use super::inspect::{Inspection, inspect, request};
use super::output::{self, CommandError};
use super::team::{given, listing};
use crate::policy::Threshold;
use crate::policy::config::FailOnWord;
use crate::source::open;

/// Compares the contracts of the repository around us with their bases.
pub(super) fn run(options: &CheckOptions, matches: &ArgMatches) -> Result<u8, CommandError> {
    let CheckOptions { scope, output, print_config } = options;
    if *print_config {
        let team = scope.team.read(&open(&request(scope)?)?)?;
        return output::print(&listing(&team.config, &team.files, &given(matches)));
    }
    let Inspection { report, fail_on, accept: _ } = inspect(scope)?;
    output::write(&report, output)?;
    let fail_on = output.fail_on.map_or(fail_on, FailOnWord::from);
    let status = report.status(Threshold::from(fail_on));
    output::leave(report);
    Ok(status.exit_code())
}
