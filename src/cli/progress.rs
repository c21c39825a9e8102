//! A sign of life where a person waits: on a terminal, on standard error, after half a second.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long nobody minds waiting.
const PATIENCE: Duration = Duration::from_millis(500);

/// Says what is being compared, as long as it lives.
pub(super) struct Progress {
    said: Option<Sender<String>>,
    speaker: Option<JoinHandle<()>>,
}

impl Progress {
    /// Speaks on a terminal, and nowhere else.
    pub(super) fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self { said: None, speaker: None };
        }
        let (said, heard) = channel::<String>();
        let speaker = thread::spawn(move || {
            let mut waiting = None;
            let mut shown = false;
            loop {
                match heard.recv_timeout(PATIENCE) {
                    Ok(what) => waiting = Some(what),
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(what) = waiting.take() {
                            // Back to the first column, and the rest of the line cleared.
                            let _ = write!(io::stderr(), "\r\u{1b}[Kcomparing {what} …");
                            shown = true;
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            if shown {
                let _ = write!(io::stderr(), "\r\u{1b}[K");
            }
        });
        Self { said: Some(said), speaker: Some(speaker) }
    }

    /// What is being compared now; it is shown if it takes long.
    pub(super) fn say(&self, what: &str) {
        if let Some(said) = &self.said {
            let plain = what.replace(|letter: char| letter.is_control(), "\u{fffd}");
            let _ = said.send(plain);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.said.take());
        if let Some(speaker) = self.speaker.take() {
            let _ = speaker.join();
        }
    }
}
