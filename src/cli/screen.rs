//! What is known of the terminal behind standard output.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use crate::report::{Root, Screen};
use crate::source::Environment;

/// How wide a terminal is that does not say so.
const USUAL_COLUMNS: usize = 80;
/// Below this, breaking lines would not help anybody.
const FEWEST_COLUMNS: usize = 40;

/// The terminal that standard output goes to, if it does; `root` is the folder of head's files.
pub(super) fn screen(root: Option<&Path>, environment: &Environment) -> Option<Screen> {
    let out = io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let asked = environment.get("COLUMNS").and_then(|columns| columns.parse().ok());
    let told = terminal_size::terminal_size_of(&out).map(|(width, _)| usize::from(width.0));
    let columns = told.filter(|columns| *columns > 0).or(asked).unwrap_or(USUAL_COLUMNS);
    let is_dumb = environment.get("TERM").is_none_or(|kind| kind == "dumb");
    let root = root.filter(|_| !is_dumb).and_then(|folder| folder.canonicalize().ok());
    let root = root.as_deref().and_then(Path::to_str).map(Root::new);
    Some(Screen { columns: columns.max(FEWEST_COLUMNS), root })
}
