//! Ctrl-C leaves nothing behind: the file that is being written goes with the program.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// The file that is being written, if any. Reading and comparing leave nothing that could stay behind.
static WRITTEN: Mutex<Option<PathBuf>> = Mutex::new(None);
static LISTENING: Once = Once::new();

/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// A file that must not stay behind as it is.
pub(super) struct Unfinished;

impl Unfinished {
    /// Begins to watch over the file; until then Ctrl-C ends the program as it always does.
    pub(super) fn of(path: &Path) -> Self {
        LISTENING.call_once(|| {
            // Where nobody can listen, a file may stay behind; that is no reason not to write.
            let _ = ctrlc::set_handler(remove_and_leave);
        });
        *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
        Self
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[expect(clippy::exit, reason = "an interrupted program has nobody to return to")]
fn remove_and_leave() {
    if let Some(path) = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(INTERRUPTED);
}
