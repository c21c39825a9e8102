//! The commands: arguments in, report and exit code out.
//!
//! **Invariant:** only this folder reads the environment and writes to the terminal, and nothing in it
//! decides anything about contracts.

mod arguments;
mod check;
mod diff;
mod output;
mod pair;
mod preset;

use std::ffi::OsString;
use std::process::ExitCode;
use std::{panic, thread};

use clap::Parser as _;

use arguments::{Arguments, Command};
use output::CommandError;

/// Usage or config error.
const USAGE: u8 = 2;
/// Could not compare.
const NOT_COMPARED: u8 = 3;
/// Refused for safety.
const REFUSED: u8 = 4;

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no errors; clap prints each to the right stream.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = with_room(|| match &parsed.command {
        Command::Check(options) => check::run(options),
        Command::Diff(options) => diff::run(options),
        Command::Explain { rule } => output::explain(rule),
        Command::Rules => output::rules(),
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => ExitCode::from(output::fail(&error)),
    }
}

/// The stack of the thread that does the work. What nests in an input nests in the comparison, and
/// how much the system gives to the first thread is not ours to say; only what is used is backed by
/// memory.
const STACK_BYTES: usize = 256 << 20;

/// Does the work where it has room; without such a thread, here.
fn with_room(
    work: impl Fn() -> Result<u8, CommandError> + Send + Sync,
) -> Result<u8, CommandError> {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &work);
        match started.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(failure)) => panic::resume_unwind(failure),
            Err(_) => work(),
        }
    })
}
