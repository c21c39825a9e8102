//! `unbroken ci`: what scripts of a CI system need. Nothing here talks to the network: what has to be
//! fetched or posted is written down for the script that does it.

mod comment;
pub(super) mod github;
mod log;

use std::fmt::Write as _;

use super::ci_arguments::{CiCommand, CommentOptions};
use super::inspect::lacking;
use super::output::{CommandError, print};

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
