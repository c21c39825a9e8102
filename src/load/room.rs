//! Room for validators, which recurse as deep as schemas and values nest.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{self, Scope, ScopedJoinHandle};

/// The stack of the thread that a validator is given. It takes some eight kilobytes for each level
/// of a schema's text, of which there are as many as the document's limits allow, and a good one
/// for each schema that applies in place; only what is used is ever backed by memory.
const STACK_BYTES: usize = 256 << 20;

thread_local! {
    /// Whether this thread was made with room. A thread costs more than most values take to judge,
    /// so that what asks often makes one and asks from there.
    static HAS_ROOM: Cell<bool> = const { Cell::new(false) };

    /// Whether this thread does work whose failure stays there.
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Does the work where it has room: here, if this thread has it. A failure of the work stays there.
///
/// # Errors
/// In words, when there is no such thread to be had, or the work fails.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let guarded = || contained(work);
    if HAS_ROOM.get() {
        return guarded();
    }
    thread::scope(|scope| {
        let handle = spawn_with_room(scope, guarded).ok_or("the validator cannot run")?;
        handle.join().unwrap_or_else(|_| Err(FAILED.to_owned()))
    })
}

/// Does the work of a whole process where it has room; here, where there is none to be had.
pub(crate) fn with_room_throughout<T: Send>(work: impl Fn() -> T + Send + Sync) -> T {
    let made = thread::scope(|scope| spawn_with_room(scope, &work).map(ScopedJoinHandle::join));
    match made {
        Some(Ok(done)) => done,
        Some(Err(failure)) => resume_unwind(failure),
        None => work(),
    }
}

/// Does the work of a dependency here. A failure of the work stays there.
///
/// # Errors
/// In words, when the work fails.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = IS_CONTAINED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work)).map_err(|_| FAILED.to_owned());
    IS_CONTAINED.set(outer);
    done
}

/// Whether a failure on this thread is told by whoever asked for the work, and by nobody else.
pub(crate) fn is_contained() -> bool {
    IS_CONTAINED.get()
}

/// What is said of a validator that gave up its work in the middle.
const FAILED: &str = "the validator failed";

/// Starts a thread that has room; `None` where there is none to be had.
pub(crate) fn spawn_with_room<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    let made = || {
        HAS_ROOM.set(true);
        work()
    };
    thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, made).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stays_inside() {
        assert_eq!(with_room(|| 5), Ok(5));
        assert!(with_room(|| panic!("as a dependency might")).is_err());
    }

    #[test]
    fn room_is_made_once() {
        let ids = with_room(|| {
            let outer = thread::current().id();
            (outer, with_room(|| thread::current().id()), with_room(|| panic!("inside")).is_err())
        });
        let (outer, inner, contained): (_, Result<thread::ThreadId, String>, bool) = ids.unwrap();
        assert_eq!(inner, Ok(outer));
        assert!(contained);
        assert_ne!(outer, thread::current().id());
    }
}
