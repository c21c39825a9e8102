//! The log of a workflow, in which lines that look like commands are commands.

use std::hash::{BuildHasher, RandomState};

/// The text so that the runner shows it and obeys none of it: a contract can hold a line that reads
/// `::set-output …`, or `##[…]` anywhere in a line.
pub(super) fn inert(text: &str) -> String {
    // Whoever wrote the contracts must not know the word that ends the pause.
    let word = || RandomState::new().hash_one("unbroken");
    let word = format!("{:016x}{:016x}", word(), word());
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{word}\n{text}{end}::{word}::\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_ends_the_pause_is_another_each_time() {
        let first = inert("::error::x\n");
        assert!(first.starts_with("::stop-commands::"));
        assert_ne!(first, inert("::error::x\n"));
        assert_eq!(first.lines().count(), 3);
    }
}
