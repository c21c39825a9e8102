//! Which lines of a comparison show an edit best.

use std::collections::BTreeSet;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::cut::Row;
use super::window::Window;
use super::{Extent, Mark, Role};

/// How many equal lines are shown where leaving them out would save no room.
const SMALL_GAP: usize = 2;

/// The changed lines that touch the edit, with some lines of context on each end; of what does not fit
/// the lines nearest to the two places. And how many there are besides.
pub(super) fn both<'r>(
    old: &Window<'r>,
    new: &Window<'r>,
    extent: Extent,
) -> (Vec<Row<'r>>, usize) {
    let ops = capture_diff_slices(Algorithm::Myers, &old.lines, &new.lines);
    let (mut lines, stretches) = sequence(&ops, old, new);
    let anchor = lines.iter().position(|line| line.new == Some(new.edit.start));
    let meant = meant(&ops, old, new);
    let touched: Vec<Range<usize>> =
        meant.iter().filter_map(|index| stretches.get(*index).cloned()).collect();
    let is_one_change = || {
        let holds = |change: &Range<usize>| anchor.is_some_and(|anchor| change.contains(&anchor));
        matches!(touched.as_slice(), [only] if holds(only) && only.len() <= extent.lines)
    };
    if new.role == Role::Surroundings
        && !line_up(&ops, &meant, &lines, anchor, new)
        && !is_one_change()
    {
        return apart(Some(old), new, extent);
    }
    let (mut chosen, more) = match (touched.first(), touched.last()) {
        (Some(first), Some(last)) => {
            let whole = with_context(first.start..last.end, &lines, extent.context);
            if whole.len() <= extent.lines {
                (whole.collect(), 0)
            } else {
                nearest(&lines, &touched, anchor, (old, new), extent.lines)
            }
        }
        // The edit is elsewhere, behind a reference; the place that it reaches is shown.
        (None, _) | (_, None) => (BTreeSet::new(), 0),
    };
    if new.role == Role::Surroundings
        && let Some(left) = anchor.filter(|anchor| !chosen.contains(anchor))
        && let Some(line) = lines.get_mut(left)
    {
        // The old side has it as well, though not where it was looked for.
        line.mark = Mark::Same;
    }
    chosen.extend(anchor);
    let mut shown = told(lines, &chosen);
    if anchor.is_none() {
        if let Some(first) = shown.first_mut() {
            first.gap = true;
        }
        shown.insert(0, new.beginning());
    }
    (shown, more)
}

/// The first of these lines, and how many there are besides.
pub(super) fn first(mut rows: Vec<Row<'_>>, most: usize) -> (Vec<Row<'_>>, usize) {
    let more = rows.len().saturating_sub(most);
    rows.truncate(most);
    (rows, more)
}

/// What is gone, below the line that is left of where it was: nothing else corresponds.
pub(super) fn apart<'r>(
    old: Option<&Window<'r>>,
    new: &Window<'r>,
    extent: Extent,
) -> (Vec<Row<'r>>, usize) {
    let gone = old.map(|old| old.alone(Mark::Removed)).unwrap_or_default();
    let (gone, more) = first(gone, extent.lines);
    let mut lines = vec![new.beginning()];
    lines.extend(gone);
    if let Some(first) = lines.get_mut(1) {
        first.gap = true;
    }
    (lines, more)
}

/// All lines of both sides in one order, and which of them each step makes.
fn sequence<'r>(
    ops: &[DiffOp],
    old: &Window<'r>,
    new: &Window<'r>,
) -> (Vec<Row<'r>>, Vec<Range<usize>>) {
    let mut lines: Vec<Row<'r>> = Vec::new();
    let mut stretches = Vec::new();
    for op in ops {
        let start = lines.len();
        let (there, here) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            let same = here.zip(there);
            lines.extend(
                same.filter_map(|(here, there)| new.row(here, Mark::Same, Some(old.number(there)))),
            );
        } else {
            lines.extend(there.filter_map(|index| old.row(index, Mark::Removed, None)));
            lines.extend(here.filter_map(|index| new.row(index, Mark::Added, None)));
        }
        stretches.push(start..lines.len());
    }
    (lines, stretches)
}

/// The changes that touch the edit, by index.
fn meant(ops: &[DiffOp], old: &Window<'_>, new: &Window<'_>) -> Vec<usize> {
    // The narrower span knows best which of several edits nearby is meant.
    let old_knows = new.role == Role::Surroundings
        || (old.role == Role::Element && old.edit.len() < new.edit.len());
    let touching = |in_old: bool| -> Vec<usize> {
        let touches = |op: &DiffOp| {
            let (window, range) =
                if in_old { (old, op.old_range()) } else { (new, op.new_range()) };
            overlaps(&(window.number(range.start)..window.number(range.end)), &window.edit)
        };
        let changes = ops.iter().enumerate().filter(|(_, op)| !matches!(op, DiffOp::Equal { .. }));
        changes.filter(|(_, op)| touches(op)).map(|(index, _)| index).collect()
    };
    let found = touching(old_knows);
    // What surrounds something that is gone says nothing of which change it was.
    if found.is_empty() && new.role == Role::Element { touching(!old_knows) } else { found }
}

/// Whether the sides correspond around something that is gone: what stood before it stands where it
/// was taken out.
fn line_up(
    ops: &[DiffOp],
    meant: &[usize],
    lines: &[Row<'_>],
    anchor: Option<usize>,
    new: &Window<'_>,
) -> bool {
    let Some(change) = meant.first().and_then(|index| ops.get(*index)) else { return false };
    match new.seam {
        Some(seam) => {
            let range = change.new_range();
            let (start, end) = (new.number(range.start), new.number(range.end));
            start <= seam.saturating_add(1) && seam <= end
        }
        None => {
            anchor.and_then(|anchor| lines.get(anchor)).is_some_and(|line| line.mark == Mark::Same)
        }
    }
}

/// The stretch with the equal lines around it, as far as they are wanted.
fn with_context(stretch: Range<usize>, lines: &[Row<'_>], context: usize) -> Range<usize> {
    let is_same = |line: &&Row<'_>| line.mark == Mark::Same;
    let before = lines.get(..stretch.start).unwrap_or_default().iter().rev();
    let before = before.take(context).take_while(is_same).count();
    let after = lines.get(stretch.end..).unwrap_or_default().iter();
    let after = after.take(context).take_while(is_same).count();
    stretch.start - before..stretch.end + after
}

/// Of the changed lines of an edit those nearest to where it begins on either side, and how many
/// there are besides.
fn nearest(
    lines: &[Row<'_>],
    touched: &[Range<usize>],
    anchor: Option<usize>,
    (old, new): (&Window<'_>, &Window<'_>),
    most: usize,
) -> (BTreeSet<usize>, usize) {
    let start = touched.first().map_or(0, |first| first.start);
    let was = lines.iter().position(|line| line.old == Some(old.edit.start)).unwrap_or(start);
    let is = anchor.unwrap_or(start);
    let within = |window: &Window<'_>, number: Option<u32>| {
        number.is_some_and(|number| window.edit.contains(&number))
    };
    let mut wanted: Vec<(usize, usize)> = touched
        .iter()
        .cloned()
        .flatten()
        .filter_map(|index| {
            let line = lines.get(index)?;
            match line.mark {
                Mark::Removed => within(old, line.old).then(|| (index.abs_diff(was), index)),
                Mark::Added => within(new, line.new).then(|| (index.abs_diff(is), index)),
                Mark::Same => None,
            }
        })
        .collect();
    wanted.sort_unstable();
    let more = wanted.len().saturating_sub(most);
    (wanted.into_iter().take(most).map(|(_, index)| index).collect(), more)
}

/// The chosen lines; where lines between two of them are left out, the latter says so.
fn told<'r>(lines: Vec<Row<'r>>, chosen: &BTreeSet<usize>) -> Vec<Row<'r>> {
    let is_small = |from: usize, to: usize| {
        let between = lines.get(from + 1..to).unwrap_or_default();
        between.len() <= SMALL_GAP && between.iter().all(|line| line.mark == Mark::Same)
    };
    let mut filled = BTreeSet::new();
    for (from, to) in chosen.iter().zip(chosen.iter().skip(1)) {
        if is_small(*from, *to) {
            filled.extend(*from..*to);
        }
    }
    filled.extend(chosen);
    let mut shown: Vec<Row<'r>> = Vec::new();
    let mut last: Option<(usize, Mark)> = None;
    for (index, line) in lines.into_iter().enumerate().filter(|(at, _)| filled.contains(at)) {
        // What took the place of a line stands beside it, whatever else came and went between them.
        let gap = last.is_some_and(|(before, mark)| {
            index > before + 1 && (mark, line.mark) != (Mark::Removed, Mark::Added)
        });
        last = Some((index, line.mark));
        shown.push(Row { gap, ..line });
    }
    shown
}

fn overlaps(change: &Range<u32>, edit: &Range<u32>) -> bool {
    change.start < edit.end && edit.start < change.end
}
