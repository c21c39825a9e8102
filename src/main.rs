//! The `unbroken` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    unbroken::cli::run(std::env::args_os())
}
