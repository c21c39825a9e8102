//! The lines around a place of one side.

use std::borrow::Cow;
use std::ops::Range;

use super::{Line, Mark, Role, Side};
use crate::source::{SourceFile, Span};

/// How far around a place the sides are compared, so that its surroundings line up.
const RADIUS: u32 = 30;

/// The lines of one side that are compared.
pub(super) struct Window<'r> {
    /// The number of the first line.
    first: u32,
    pub(super) lines: Vec<Cow<'r, str>>,
    /// The numbers of the lines of the span.
    pub(super) edit: Range<u32>,
    /// The number of the line at which both sides line up, where that is known.
    pub(super) seam: Option<u32>,
    pub(super) role: Role,
    /// The line on which the span begins, which need not be among the others.
    beginning: String,
}

impl<'r> Window<'r> {
    pub(super) fn around(side: Side<'r>, columns: usize) -> Option<Self> {
        let Side { files, span, role, seam } = side;
        let file = files.get(span.file)?;
        let of = |span: Span| {
            let start = file.position(span.start).line;
            // The end is exclusive, so that a span with its line break ends on its own line.
            let end = file.position(span.end.saturating_sub(1).max(span.start)).line;
            (start, end)
        };
        let seam = seam.filter(|seam| seam.file == span.file);
        let (start, end) = of(span);
        let (from, to) = seam.map_or((start, end), of);
        let first = from.saturating_sub(RADIUS).max(1);
        let last = to.min(from.saturating_add(RADIUS)).saturating_add(RADIUS);
        let last = last.min(file.line_count());
        let line = |number| shown(file, number, span, columns);
        Some(Self {
            first,
            lines: (first..=last).filter_map(line).collect(),
            edit: start..end.saturating_add(1),
            seam: seam.map(|seam| of(seam).1),
            role,
            beginning: line(start).unwrap_or_default().trim_end().to_owned(),
        })
    }

    pub(super) fn number(&self, index: usize) -> u32 {
        self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The line at this index; `there` is its number on the other side, if that has it.
    pub(super) fn line(&self, index: usize, mark: Mark, there: Option<u32>) -> Option<Line> {
        let text = self.lines.get(index)?.trim_end().to_owned();
        let number = Some(self.number(index));
        Some(match mark {
            Mark::Removed => Line { mark, old: number, new: None, text, gap: false },
            Mark::Added | Mark::Same => Line { mark, old: there, new: number, text, gap: false },
        })
    }

    /// The line on which the span begins.
    pub(super) fn beginning(&self) -> Line {
        let (new, text) = (Some(self.edit.start), self.beginning.clone());
        Line { mark: Mark::Same, old: None, new, text, gap: false }
    }

    /// The lines of the span.
    pub(super) fn alone(&self, mark: Mark) -> Vec<Line> {
        let within = (0..self.lines.len()).filter(|at| self.edit.contains(&self.number(*at)));
        within.filter_map(|at| self.line(at, mark, None)).collect()
    }
}

/// A long line is cut at a multiple of this, so that both sides are cut alike where the spans are near.
const CUT: usize = 32;

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
    let skipped = column.saturating_sub(columns / 3) / CUT * CUT;
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
