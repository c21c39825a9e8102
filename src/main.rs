//! The `unbroken` command.

use std::process::ExitCode;

/// A report is made of many small pieces, on which the system's allocator spends a sixth of the time.
/// Huge pages are left alone: a hook has nothing to put into them, and waits until they are cleared.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    unbroken::cli::start(std::env::args_os())
}
