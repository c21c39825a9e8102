//! Ctrl-C leaves nothing behind: the file that is being written goes with the program, and so do the words
//! that say what it is doing.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// The file that is being written, if any. Reading and comparing leave nothing that could stay behind.
static WRITTEN: Mutex<Option<PathBuf>> = Mutex::new(None);
/// Whether a line of the terminal says what is being done.
static SPEAKING: AtomicBool = AtomicBool::new(false);
static LISTENING: Once = Once::new();

/// Back to the first column, and the rest of the line cleared.
pub(super) const CLEARED: &str = "\r\u{1b}[K";

/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// A file that must not stay behind as it is.
pub(super) struct Unfinished;

impl Unfinished {
    /// Begins to watch over the file; until then Ctrl-C ends the program as it always does.
    pub(super) fn of(path: &Path) -> Self {
        listen();
        *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
        Self
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A line of the terminal that must not stay behind.
pub(super) struct Spoken;

impl Spoken {
    /// Begins to watch over the line.
    pub(super) fn begin() -> Self {
        listen();
        SPEAKING.store(true, Ordering::SeqCst);
        Self
    }
}

impl Drop for Spoken {
    fn drop(&mut self) {
        SPEAKING.store(false, Ordering::SeqCst);
        let _ = write!(io::stderr(), "{CLEARED}");
    }
}

fn listen() {
    LISTENING.call_once(|| {
        // Where nobody can listen, something may stay behind; that is no reason not to go on.
        let _ = ctrlc::set_handler(remove_and_leave);
    });
}

#[expect(clippy::exit, reason = "an interrupted program has nobody to return to")]
fn remove_and_leave() {
    if let Some(path) = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = std::fs::remove_file(path);
    }
    if SPEAKING.load(Ordering::SeqCst) {
        let _ = write!(io::stderr(), "{CLEARED}");
    }
    std::process::exit(INTERRUPTED);
}
