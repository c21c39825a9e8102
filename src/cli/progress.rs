//! A sign of life where a person waits: on a terminal, on standard error, after half a second.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::interrupt::{CLEARED, Spoken};

/// How long nobody minds waiting.
const PATIENCE: Duration = Duration::from_millis(500);

/// Says what is being done, as long as it lives.
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
            let begun = Instant::now();
            let mut latest = None;
            let mut spoken = None;
            loop {
                // Many short steps are a long wait too: the half second is that of the whole run.
                let patience = PATIENCE.saturating_sub(begun.elapsed());
                let heard = match (&latest, &spoken) {
                    (Some(_), None) => heard.recv_timeout(patience),
                    (None, _) | (Some(_), Some(_)) => {
                        heard.recv().map_err(|_| RecvTimeoutError::Disconnected)
                    }
                };
                match heard {
                    Ok(what) => latest = Some(what),
                    Err(RecvTimeoutError::Timeout) => spoken = Some(Spoken::begin()),
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if let Some(what) = latest.as_ref().filter(|_| spoken.is_some()) {
                    let _ = write!(io::stderr(), "{CLEARED}{what} …");
                }
            }
        });
        Self { said: Some(said), speaker: Some(speaker) }
    }

    /// What is being done now; it is shown if the whole takes long.
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
