//! `unbroken ci`: what scripts of a CI system need. Nothing here talks to the network: what has to be
//! fetched or posted is written down for the script that does it.

mod comment;
mod github;
mod log;

use std::ffi::OsString;
use std::fmt::Write as _;

use super::ci_arguments::{CiCommand, CommentOptions};
use super::inspect::lacking;
use super::output::{CommandError, print};

/// Whether a job of GitHub Actions asks, by the words of the command line.
pub(super) fn is_of_a_job(arguments: &[OsString]) -> bool {
    let mut words = arguments.iter().skip(1);
    words.next().is_some_and(|word| word == "ci")
        && words.next().is_some_and(|word| word == "github")
}

/// Has the job show that its inputs mean nothing; nobody reads its log.
pub(super) fn misread(error: &clap::Error) {
    let said = error.to_string();
    let said = said.lines().next().unwrap_or_default();
    let said = said.strip_prefix("error: ").unwrap_or(said).to_owned();
    // The command line is the worse fault, and its exit code stands.
    let _ = github::misread(&CommandError::Usage(said));
}

/// Does what the script asks for.
pub(super) fn run(command: &CiCommand) -> Result<u8, CommandError> {
    match command {
        CiCommand::Github(options) => github::run(options),
        CiCommand::Missing(options) => {
            let fetch = lacking(options)?;
            let mut lines = String::new();
            for word in fetch.iter().flat_map(crate::source::Fetch::words) {
                // Writing to a string cannot fail.
                let _ = writeln!(lines, "{word}");
            }
            print(&lines)
        }
        CiCommand::Comment(CommentOptions { ours, page }) => comment::find(ours, page),
    }
}
