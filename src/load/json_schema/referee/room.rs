//! Room for the validator, which recurses as deep as schemas nest.

use std::thread;

/// The stack of the thread that a validator is given. It takes some eight kilobytes for each level
/// of a schema's text, of which there are as many as the document's limits allow, and a good one
/// for each schema that applies in place; only what is used is ever backed by memory.
const STACK_BYTES: usize = 256 << 20;

/// Does the work where it has room. A failure of the validator stays there.
///
/// # Errors
/// In words, when there is no such thread to be had, or the work fails.
pub(in crate::load::json_schema) fn with_room<T: Send>(
    work: impl FnOnce() -> T + Send,
) -> Result<T, String> {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let handle = started.map_err(|error| format!("the validator cannot run: {error}"))?;
        handle.join().map_err(|_| "the validator failed".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stays_inside() {
        assert_eq!(with_room(|| 5), Ok(5));
        assert!(with_room(|| panic!("as a dependency might")).is_err());
    }
}
