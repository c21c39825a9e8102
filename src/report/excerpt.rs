//! The lines around an edit, as a diff of both sides.

use std::borrow::Cow;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::source::{Files, SourceFile, Span};

/// How far around a span the sides are compared, so that its surroundings line up.
const RADIUS: u32 = 30;
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
}

impl Line {
    /// The number in the old file where the line was removed, else in the new one.
    pub(super) fn number(&self) -> u32 {
        self.new.or(self.old).unwrap_or(0)
    }
}

/// The lines of an edit, and how many more there are that did not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) lines: Vec<Line>,
    pub(super) more: usize,
}

/// Shows both sides of an edit, or the one that there is.
pub(super) fn excerpt(old: Option<Side<'_>>, new: Option<Side<'_>>, extent: Extent) -> Excerpt {
    let around = |side| Window::around(side, extent.columns);
    let (old, new) = (old.and_then(around), new.and_then(around));
    let lines = match (&old, &new) {
        (Some(old), Some(new)) => both(old, new, extent.context),
        (Some(old), None) => old.alone(Mark::Removed),
        (None, Some(new)) => new.alone(Mark::Added),
        (None, None) => Vec::new(),
    };
    let more = lines.len().saturating_sub(extent.lines);
    Excerpt { lines: lines.into_iter().take(extent.lines).collect(), more }
}

/// The lines of one side that are compared.
struct Window<'r> {
    /// The number of the first line.
    first: u32,
    lines: Vec<Cow<'r, str>>,
    /// The lines of the span, as indices.
    edit: Range<usize>,
    role: Role,
}

impl<'r> Window<'r> {
    fn around(side: Side<'r>, columns: usize) -> Option<Self> {
        let Side { files, span, role } = side;
        let file = files.get(span.file)?;
        let start = file.position(span.start).line;
        // The end is exclusive, so that a span with its line break ends on its own line.
        let end = file.position(span.end.saturating_sub(1).max(span.start)).line;
        let first = start.saturating_sub(RADIUS).max(1);
        let last = end.min(start.saturating_add(RADIUS)).saturating_add(RADIUS);
        let last = last.min(file.line_count());
        let lines =
            (first..=last).filter_map(|number| shown(file, number, span, columns)).collect();
        let index = |line: u32| usize::try_from(line - first).unwrap_or(usize::MAX);
        Some(Self { first, lines, edit: index(start)..index(end).saturating_add(1), role })
    }

    fn number(&self, index: usize) -> u32 {
        self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn line(&self, index: usize, mark: Mark) -> Option<Line> {
        let text = self.lines.get(index)?.trim_end().to_owned();
        let number = Some(self.number(index));
        Some(match mark {
            Mark::Removed => Line { mark, old: number, new: None, text },
            Mark::Added | Mark::Same => Line { mark, old: None, new: number, text },
        })
    }

    fn alone(&self, mark: Mark) -> Vec<Line> {
        let edit = self.edit.start..self.edit.end.min(self.lines.len());
        edit.filter_map(|index| self.line(index, mark)).collect()
    }
}

/// A line; of one that is too long only what lies around the span.
fn shown(file: &SourceFile, number: u32, span: Span, columns: usize) -> Option<Cow<'_, str>> {
    let line = file.line(number)?;
    // No line of so few bytes has more characters.
    if line.len() <= columns {
        return Some(Cow::Borrowed(line));
    }
    let position = file.position(span.start);
    let column = if position.line == number { position.column } else { 1 };
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    let skipped = column.saturating_sub(columns / 3);
    let mut rest = line.chars().skip(skipped);
    let mut text: String = rest.by_ref().take(columns).collect();
    if skipped > 0 {
        text.insert(0, '…');
    }
    if rest.next().is_some() {
        text.push('…');
    }
    Some(Cow::Owned(text))
}

/// The changed lines that touch the edit, with some lines of context on each end.
fn both(old: &Window<'_>, new: &Window<'_>, context: usize) -> Vec<Line> {
    let ops = capture_diff_slices(Algorithm::Myers, &old.lines, &new.lines);
    let is_change = |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. });
    let changes: Vec<DiffOp> = ops.iter().filter(is_change).copied().collect();
    // The narrower span knows best which of several edits nearby is meant.
    let old_knows = new.role == Role::Surroundings
        || (old.role == Role::Element && old.edit.len() < new.edit.len());
    let touching = |in_old: bool| -> Vec<DiffOp> {
        let touches = |change: &&DiffOp| {
            if in_old {
                overlaps(&change.old_range(), &old.edit)
            } else {
                overlaps(&change.new_range(), &new.edit)
            }
        };
        changes.iter().filter(touches).copied().collect()
    };
    let mut meant = touching(old_knows);
    if meant.is_empty() {
        meant = touching(!old_knows);
    }
    let (Some(head), Some(tail)) = (meant.first(), meant.last()) else {
        // The edit is elsewhere, behind a reference; show the place that it reaches.
        let at = new.edit.start;
        let op = ops.iter().find(|op| op.new_range().contains(&at));
        let there = op.map(|op| op.old_range().start + (at - op.new_range().start));
        return same(old, new, there.unwrap_or(at)..usize::MAX, at..at + 1);
    };
    let (was, is) = (head.old_range().start, head.new_range().start);
    // What stands before the first change and after the last is the same on both sides, as far as
    // the next change allows.
    let earlier = changes.iter().rfind(|change| change.new_range().end <= is && *change != head);
    let free = is - earlier.map_or(0, |change| change.new_range().end);
    let before = context.min(free).min(was);
    let mut lines = same(old, new, was - before..was, is - before..is);
    let mut shown_to = (was, is);
    for change in &meant {
        let (there, here) = (change.old_range(), change.new_range());
        lines.extend(same(old, new, shown_to.0..there.start, shown_to.1..here.start));
        shown_to = (there.end, here.end);
        lines.extend(there.filter_map(|index| old.line(index, Mark::Removed)));
        lines.extend(here.filter_map(|index| new.line(index, Mark::Added)));
    }
    let (was, is) = (tail.old_range().end, tail.new_range().end);
    let later = changes.iter().find(|change| change.new_range().start >= is && *change != tail);
    let after = later.map_or(context, |change| context.min(change.new_range().start - is));
    lines.extend(same(old, new, was..was + after, is..is + after));
    lines
}

/// Lines that both sides have.
fn same(old: &Window<'_>, new: &Window<'_>, there: Range<usize>, here: Range<usize>) -> Vec<Line> {
    let lines = here.zip(there).filter_map(|(here, there)| {
        let line = new.line(here, Mark::Same)?;
        Some(Line { old: old.lines.get(there).map(|_| old.number(there)), ..line })
    });
    lines.collect()
}

fn overlaps(change: &Range<usize>, edit: &Range<usize>) -> bool {
    change.start < edit.end && edit.start < change.end
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
            }),
            Some(Side {
                files: &new_files,
                span: span(new_id, new, new_part),
                role: Role::Element,
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
        let side = Side { files: &files, span, role: Role::Element };
        let shown = excerpt(None, Some(side), Extent::BRIEF);
        assert_eq!((shown.lines.len(), shown.more), (8, 32));
    }

    #[test]
    fn where_nothing_differs_the_place_is_shown() {
        assert_eq!(show("a: 1\n", "a: 1\n", "1", "1"), [" 1 a: 1"]);
    }
}
