//! The `unbroken` command.

use std::process::ExitCode;
use std::thread::{Builder, JoinHandle};

/// A report is made of many small pieces, on which the system's allocator spends a sixth of the time.
/// Huge pages are left alone: a hook has nothing to put into them, and waits until they are cleared.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The stack of the thread that does the work. What nests in an input nests in the comparison, and
/// how much the system gives to the first thread is not ours to say; only what is used is backed by
/// memory.
const STACK_BYTES: usize = 256 << 20;

fn main() -> ExitCode {
    let work = || unbroken::cli::run(std::env::args_os());
    match Builder::new().stack_size(STACK_BYTES).spawn(work).map(JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => std::panic::resume_unwind(failure),
        Err(_) => work(),
    }
}
