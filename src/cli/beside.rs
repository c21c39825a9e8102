//! The documents that stand in a file beside the one that is the contract.

use crate::document::ONLY_THE_FIRST;
use crate::load::{Loaded, Problem, ProblemKind};
use crate::source::Span;

/// Of a file that holds several documents the first is read; an edit of another is not compared, and is
/// not passed over either.
pub(super) fn beside(old: &Loaded, new: &Loaded) -> Option<Problem> {
    let (was, is) = (others(old), others(new));
    let texts = |found: &[(&str, Span)]| {
        let mut texts: Vec<String> = found.iter().map(|(text, _)| (*text).to_owned()).collect();
        texts.sort_unstable();
        texts
    };
    if texts(&was) == texts(&is) {
        return None;
    }
    let message = "another document of this file has changed, and only the first is compared: give it a \
                   file of its own";
    Some(Problem {
        kind: ProblemKind::Part,
        message: message.to_owned(),
        span: is.first().map(|(_, span)| *span),
        path: Some(new.contract.path.to_string()),
    })
}

/// The documents of its files that are not read, as text, and where; markers alone are none.
fn others(loaded: &Loaded) -> Vec<(&str, Span)> {
    let unread = loaded.problems.iter().filter(|problem| problem.message == ONLY_THE_FIRST);
    let texts =
        unread.filter_map(|problem| Some((loaded.files.text(problem.span?), problem.span?)));
    let says = |line: &str| !matches!(line, "" | "---" | "...") && !line.starts_with('#');
    texts.filter(|(text, _)| text.lines().map(str::trim).any(says)).collect()
}
