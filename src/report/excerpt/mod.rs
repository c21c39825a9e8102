//! The lines around an edit, as a diff of both sides.

mod choice;
mod cut;
mod window;

use choice::{apart, both, first};
use cut::cut;
use window::Window;

use crate::source::{Files, Span};

/// How many characters of a line are shown at most.
const MOST_COLUMNS: usize = 120;
/// How many characters of a line are shown at least, however narrow the terminal is.
const FEWEST_COLUMNS: usize = 24;

/// One side of an edit: the files that were read there, and where in them it is.
#[derive(Clone, Copy)]
pub(super) struct Side<'r> {
    pub(super) files: &'r Files,
    pub(super) span: Span,
    /// Whether the span is the edit itself, or only what surrounds it.
    pub(super) role: Role,
    /// Where in it both sides line up, where that is known: what stands before something that is gone.
    pub(super) seam: Option<Span>,
}

/// How much of an edit is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// How many lines at most.
    pub(super) lines: usize,
    /// How many of them before and after the edit.
    pub(super) context: usize,
    /// How many characters of a line.
    pub(super) columns: usize,
}

impl Extent {
    /// Enough to recognise the edit.
    pub(super) const BRIEF: Self = Self { lines: 8, context: 1, columns: MOST_COLUMNS };
    /// Enough to review it.
    pub(super) const AMPLE: Self = Self { lines: 60, context: 3, columns: MOST_COLUMNS };

    /// The same where a line has room for so many characters.
    pub(super) fn within(self, columns: usize) -> Self {
        Self { columns: columns.clamp(FEWEST_COLUMNS, MOST_COLUMNS), ..self }
    }
}

/// What a span has to do with an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The edited element.
    Element,
    /// The surviving parent of what was removed.
    Surroundings,
}

/// What a line of an excerpt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The same on both sides.
    Same,
    /// Only the old side has it.
    Removed,
    /// Only the new side has it.
    Added,
}

/// A line of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) mark: Mark,
    /// The number in the old file, unless it was added.
    pub(super) old: Option<u32>,
    /// The number in the new file, unless it was removed.
    pub(super) new: Option<u32>,
    pub(super) text: String,
    /// Whether lines were left out before it.
    pub(super) gap: bool,
}

impl Line {
    /// The number in the old file where the line was removed, else in the new one.
    pub(super) fn number(&self) -> u32 {
        self.new.or(self.old).unwrap_or(0)
    }
}

/// The lines of an edit, and how many more of them there are that did not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) lines: Vec<Line>,
    pub(super) more: usize,
}

/// Shows both sides of an edit, or the one that there is. The line on which the new side's span begins
/// is always among them: it is the one that a report names.
pub(super) fn excerpt(old: Option<Side<'_>>, new: Option<Side<'_>>, extent: Extent) -> Excerpt {
    let (old, new) = (old.and_then(Window::around), new.and_then(Window::around));
    let (rows, more) = match (&old, &new) {
        (Some(old), Some(new)) => both(old, new, extent),
        (Some(old), None) => first(old.alone(Mark::Removed), extent.lines),
        (None, Some(new)) if new.role == Role::Surroundings => apart(None, new, extent),
        (None, Some(new)) => first(new.alone(Mark::Added), extent.lines),
        (None, None) => (Vec::new(), 0),
    };
    Excerpt { lines: cut(&rows, (old.as_ref(), new.as_ref()), extent.columns), more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    fn side(text: &str) -> (Files, crate::source::FileId) {
        let mut files = Files::default();
        let id = files.add(RepoPath::new("a.yaml").unwrap(), text.into());
        (files, id)
    }

    fn show(old: &str, new: &str, old_part: &str, new_part: &str) -> Vec<String> {
        let ((old_files, old_id), (new_files, new_id)) = (side(old), side(new));
        let span = |file, text: &str, part: &str| {
            let start = u32::try_from(text.find(part).unwrap()).unwrap();
            Span { file, start, end: start + u32::try_from(part.len()).unwrap() }
        };
        let shown = excerpt(
            Some(Side {
                files: &old_files,
                span: span(old_id, old, old_part),
                role: Role::Element,
                seam: None,
            }),
            Some(Side {
                files: &new_files,
                span: span(new_id, new, new_part),
                role: Role::Element,
                seam: None,
            }),
            Extent::BRIEF,
        );
        let sign = |mark| match mark {
            Mark::Same => ' ',
            Mark::Removed => '-',
            Mark::Added => '+',
        };
        shown.lines.iter().map(|l| format!("{}{} {}", sign(l.mark), l.number(), l.text)).collect()
    }

    #[test]
    fn an_edited_line_is_shown_between_its_neighbours() {
        let old = "a: 1\nb: 2\nc: 3\nd: 4\n";
        let new = "z: 0\na: 1\nb: 5\nc: 3\nd: 4\n";
        assert_eq!(show(old, new, "2", "5"), [" 2 a: 1", "-2 b: 2", "+3 b: 5", " 4 c: 3"]);
    }

    #[test]
    fn of_several_edits_the_one_under_the_narrower_span_is_shown() {
        let old = "o:\n  a: 1\n  b: 2\n  c: 3\n";
        let new = "o:\n  a: 9\n  b: 2\n  c: 8\n";
        assert_eq!(show(old, new, old, "8"), [" 3   b: 2", "-4   c: 3", "+4   c: 8"]);
    }

    #[test]
    fn a_file_of_one_long_line_is_cut_around_the_edit() {
        let text = |value: &str| {
            format!("{{{}\"x\":{value},{}}}", "\"a\":1,".repeat(90), "\"b\":2,".repeat(90))
        };
        let lines = show(&text("777"), &text("888"), "777", "888");
        let [old, new] = &lines[..] else { panic!("{lines:?}") };
        assert!(old.starts_with("-1 …") && old.contains("777") && old.ends_with('…'), "{old}");
        assert!(new.starts_with("+1 …") && new.contains("888") && new.ends_with('…'), "{new}");
        assert!(old.chars().count() < 130);
    }

    #[test]
    fn many_lines_are_cut_and_counted() {
        let (files, id) = side(&"x\n".repeat(40));
        let span = Span { file: id, start: 0, end: 80 };
        let side = Side { files: &files, span, role: Role::Element, seam: None };
        let shown = excerpt(None, Some(side), Extent::BRIEF);
        assert_eq!((shown.lines.len(), shown.more), (8, 32));
    }

    #[test]
    fn where_nothing_differs_the_place_is_shown() {
        assert_eq!(show("a: 1\n", "a: 1\n", "1", "1"), [" 1 a: 1"]);
    }
}
