//! Lines that are too long for those who read them.

use std::iter::zip;

use super::window::Window;
use super::{Line, Mark};

/// A line of an excerpt in its whole length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) mark: Mark,
    pub(super) old: Option<u32>,
    pub(super) new: Option<u32>,
    pub(super) text: &'r str,
    pub(super) gap: bool,
}

/// The lines as they are shown. Of those that are too long there is what lies around the edit: where a
/// line took the place of another the first character in which they differ, else where the span begins.
pub(super) fn cut(
    rows: &[Row<'_>],
    sides: (Option<&Window<'_>>, Option<&Window<'_>>),
    columns: usize,
) -> Vec<Line> {
    let partners = partners(rows);
    let shown = zip(rows, partners).map(|(row, partner)| {
        let Row { mark, old, new, text, gap } = *row;
        let partner = partner.and_then(|index| rows.get(index));
        // No line of so few bytes has more characters.
        let is_long = |row: &Row<'_>| row.text.len() > columns;
        let text = match partner {
            Some(other) if is_long(row) || is_long(other) => {
                around(text, columns, difference(text, other.text))
            }
            None if is_long(row) => around(text, columns, column(row, sides)),
            Some(_) | None => text.to_owned(),
        };
        Line { mark, old, new, text: text.trim_end().to_owned(), gap }
    });
    shown.collect()
}

/// For each row the one that it took the place of, or that took its place.
fn partners(rows: &[Row<'_>]) -> Vec<Option<usize>> {
    let mut partners = vec![None; rows.len()];
    let run = |from: usize, mark: Mark| {
        let rest = rows.get(from..).unwrap_or_default();
        rest.iter().take_while(|row| row.mark == mark).count()
    };
    let mut start = 0;
    while start < rows.len() {
        let removed = run(start, Mark::Removed);
        let added = run(start + removed, Mark::Added);
        for pair in 0..removed.min(added) {
            let (was, is) = (start + pair, start + removed + pair);
            for (one, other) in [(was, is), (is, was)] {
                if let Some(partner) = partners.get_mut(one) {
                    *partner = Some(other);
                }
            }
        }
        start += (removed + added).max(1);
    }
    partners
}

/// How many characters two lines have in common at their beginning.
fn difference(one: &str, other: &str) -> usize {
    zip(one.chars(), other.chars()).take_while(|(one, other)| one == other).count()
}

/// Where in a row its side's span begins, if it does there.
fn column(row: &Row<'_>, (old, new): (Option<&Window<'_>>, Option<&Window<'_>>)) -> usize {
    let begins = |window: Option<&Window<'_>>, number: Option<u32>| {
        let window = window.filter(|window| Some(window.edit.start) == number)?;
        Some(window.column)
    };
    begins(new, row.new).or_else(|| begins(old, row.old)).unwrap_or(0)
}

/// So many characters of a line, with a third of them before this one.
fn around(line: &str, columns: usize, place: usize) -> String {
    let skipped = place.saturating_sub(columns / 3);
    let mut rest = line.chars().skip(skipped);
    let mut text: String = rest.by_ref().take(columns).collect();
    if skipped > 0 {
        text.insert(0, '…');
    }
    if rest.next().is_some() {
        text.push('…');
    }
    text
}
