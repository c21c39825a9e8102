//! The lines around a place of one side.

use std::ops::Range;

use super::cut::Row;
use super::{Mark, Role, Side};
use crate::source::Span;

/// How far around a place the sides are compared, so that its surroundings line up.
const RADIUS: u32 = 30;

/// The lines of one side that are compared.
pub(super) struct Window<'r> {
    /// The number of the first line.
    first: u32,
    pub(super) lines: Vec<&'r str>,
    /// The numbers of the lines of the span.
    pub(super) edit: Range<u32>,
    /// The number of the line at which both sides line up, where that is known.
    pub(super) seam: Option<u32>,
    pub(super) role: Role,
    /// The line on which the span begins, which need not be among the others, and in which column.
    beginning: &'r str,
    pub(super) column: usize,
}

impl<'r> Window<'r> {
    pub(super) fn around(side: Side<'r>) -> Option<Self> {
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
        let column = file.position(span.start).column;
        Some(Self {
            first,
            lines: (first..=last).filter_map(|number| file.line(number)).collect(),
            edit: start..end.saturating_add(1),
            seam: seam.map(|seam| of(seam).1),
            role,
            beginning: file.line(start).unwrap_or_default(),
            column: usize::try_from(column).unwrap_or(usize::MAX),
        })
    }

    pub(super) fn number(&self, index: usize) -> u32 {
        self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The line at this index; `there` is its number on the other side, if that has it.
    pub(super) fn row(&self, index: usize, mark: Mark, there: Option<u32>) -> Option<Row<'r>> {
        let text = *self.lines.get(index)?;
        let number = Some(self.number(index));
        Some(match mark {
            Mark::Removed => Row { mark, old: number, new: None, text, gap: false },
            Mark::Added | Mark::Same => Row { mark, old: there, new: number, text, gap: false },
        })
    }

    /// The line on which the span begins.
    pub(super) fn beginning(&self) -> Row<'r> {
        let (new, text) = (Some(self.edit.start), self.beginning);
        Row { mark: Mark::Same, old: None, new, text, gap: false }
    }

    /// The lines of the span.
    pub(super) fn alone(&self, mark: Mark) -> Vec<Row<'r>> {
        let within = (0..self.lines.len()).filter(|at| self.edit.contains(&self.number(*at)));
        within.filter_map(|at| self.row(at, mark, None)).collect()
    }
}
