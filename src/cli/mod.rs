//! The commands: arguments in, report and exit code out.
//!
//! **Invariant:** only this folder reads the environment and writes to the terminal, and nothing in it
//! decides anything about contracts.

mod accept;
mod arguments;
mod beside;
mod check;
mod ci;
mod ci_arguments;
mod diff;
mod doctor;
mod explained;
mod init;
mod inspect;
mod install_hook;
mod interrupt;
mod knowing;
mod naming;
mod output;
mod pair;
mod preset;
mod print_config;
mod progress;
mod screen;
mod sides;
mod team;
mod terms;

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::load::{is_contained, with_room_throughout};
use arguments::{Arguments, Command};

/// What a dependency fails at is told in the report, and not as a trace on the terminal.
fn keep_failures_quiet() {
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |failure| {
        if !is_contained() {
            told(failure);
        }
    }));
}

/// Usage or config error.
const USAGE: u8 = 2;
/// Could not compare.
const NOT_COMPARED: u8 = 3;
/// Refused for safety.
const REFUSED: u8 = 4;

/// Runs the program with these arguments on a thread of its own. What nests in an input nests in the
/// comparison, and how much room the system gives to the first thread is not ours to say; a thread
/// that has it once makes no others for each validator.
pub fn start(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    with_room_throughout(|| run(arguments.iter().cloned()))
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    keep_failures_quiet();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let of_job = arguments.iter().skip(1).map(OsString::as_os_str).take(2).eq(["ci", "github"]);
    let matches = Arguments::command().try_get_matches_from(arguments);
    let parsed = matches.and_then(|matches| {
        let parsed = Arguments::from_arg_matches(&matches)?;
        Ok((parsed, matches))
    });
    let (parsed, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no errors; clap prints each to the right stream.
            let code = if error.use_stderr() { USAGE } else { 0 };
            if of_job && error.use_stderr() {
                ci::github::misused(&error.to_string());
            }
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = match &parsed.command {
        Command::Check(options) => {
            let of_check = matches.subcommand_matches("check").unwrap_or(&matches);
            check::run(options, of_check)
        }
        Command::Accept(options) => accept::run(options),
        Command::Baseline(options) => accept::baseline(options),
        Command::Init(options) => init::run(options),
        Command::Doctor(options) => doctor::run(options),
        Command::Diff(options) => diff::run(options),
        Command::Explain { rule } => knowing::explain(rule),
        Command::Rules { format } => knowing::rules(*format),
        Command::Completions { shell } => knowing::completions(*shell),
        Command::Man => knowing::man(),
        Command::Ci { command } => ci::run(command),
        Command::InstallHook(options) => install_hook::run(options),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => ExitCode::from(output::fail(&error)),
    }
}
