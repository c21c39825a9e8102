//! Confirmations that are asked for while others are still being looked for.
//!
//! Referees share nothing with the engine, so that they can work beside it. What they answer does
//! not depend on when or where they are asked.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use super::confirm::{Confirmation, Ends, confirm};
use crate::load::spawn_with_room;
use crate::model::Json;

/// The answer to one question, there once [`ahead`] has returned.
pub(crate) type Answer = Arc<OnceLock<Confirmation>>;

/// Takes questions.
pub(crate) struct Asker<'r> {
    queue: Sender<Asked<'r>>,
}

struct Asked<'r> {
    ends: Ends<'r>,
    value: Json,
    answer: Answer,
}

/// More threads than this wait for each other more than they do.
const MAX_THREADS: usize = 8;
/// How many questions take longer to answer than a thread takes to start.
const WORTH_A_THREAD: usize = 32;

impl<'r> Asker<'r> {
    /// Asks whether the writer may send the value and the reader refuses it.
    pub(crate) fn ask(&self, ends: Ends<'r>, value: Json) -> Answer {
        ends.expect(&value);
        let answer = Answer::default();
        // The queue is open for as long as there is somebody to ask.
        let _ = self.queue.send(Asked { ends, value, answer: Arc::clone(&answer) });
        answer
    }
}

/// Does work that asks so many questions, and answers beside it; every answer is there in the end.
pub(crate) fn ahead<'r, T>(questions: usize, work: impl FnOnce(&Asker<'r>) -> T) -> T {
    let (sender, receiver) = mpsc::channel();
    let queue = Mutex::new(receiver);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(MAX_THREADS).min(questions / WORTH_A_THREAD + 1);
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where there is no thread to be had, this one answers all.
            spawn_with_room(scope, || answer_all(&queue));
        }
        let asker = Asker { queue: sender };
        let done = work(&asker);
        drop(asker);
        answer_all(&queue);
        done
    })
}

/// Answers until nothing is left and nobody asks.
fn answer_all(queue: &Mutex<Receiver<Asked<'_>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Asked { ends, value, answer }) = next else { return };
        // Each question has an answer of its own.
        let _ = answer.set(confirm(&ends, &value));
    }
}
