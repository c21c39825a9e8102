//! An excerpt as rows of two columns, with the words marked that differ.

use std::collections::BTreeMap;

use similar::{Algorithm, ChangeTag, capture_diff_slices};

use crate::report::excerpt::{Excerpt, Line, Mark};

/// Below this share of common characters two lines are not versions of each other.
const LEAST_LIKENESS: usize = 30;
/// Of how many pairs of a removed and an added line it is asked how alike they are.
const MOST_PAIRS: usize = 400;

/// A row: what stands on the old side, and on the new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The same on both sides.
    Same(Cell, Cell),
    /// Edited, removed or added.
    Edited(Option<Cell>, Option<Cell>),
    /// Lines that were left out.
    Gap,
}

/// A line of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) number: Option<u32>,
    /// Stretches of text, and whether they are what differs.
    pub(super) text: Vec<(Tint, String)>,
}

/// Whether a stretch of a line differs from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    /// It does not.
    Plain,
    /// It does.
    Marked,
}

/// Puts removed lines beside the added ones that replaced them.
pub(super) fn rows(excerpt: &Excerpt) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut lines = excerpt.lines.iter().peekable();
    while let Some(line) = lines.peek() {
        if line.gap {
            rows.push(Row::Gap);
        }
        if line.mark == Mark::Same {
            rows.push(Row::Same(whole(line, line.old), whole(line, line.new)));
            lines.next();
            continue;
        }
        let mut take = |mark: Mark, after_gap: bool| -> Vec<&Line> {
            let mut may_follow_gap = after_gap;
            std::iter::from_fn(|| {
                let is_next = |line: &&Line| line.mark == mark && (may_follow_gap || !line.gap);
                let line = lines.next_if(is_next);
                may_follow_gap = false;
                line
            })
            .collect()
        };
        let removed = take(Mark::Removed, true);
        let added = take(Mark::Added, removed.is_empty());
        let (mut old, mut new) = (0, 0);
        for (at, to) in versions(&removed, &added) {
            foreign(removed.get(old..at), added.get(new..to), &mut rows);
            if let (Some(was), Some(is)) = (removed.get(at), added.get(to)) {
                let (was, is) = compared(was, is);
                rows.push(Row::Edited(Some(was), Some(is)));
            }
            (old, new) = (at + 1, to + 1);
        }
        foreign(removed.get(old..), added.get(new..), &mut rows);
    }
    rows
}

/// Lines that are no versions of each other, side by side.
fn foreign(removed: Option<&[&Line]>, added: Option<&[&Line]>, rows: &mut Vec<Row>) {
    let (removed, added) = (removed.unwrap_or_default(), added.unwrap_or_default());
    rows.extend((0..removed.len().max(added.len())).map(|index| {
        Row::Edited(
            removed.get(index).map(|line| whole(line, line.old)),
            added.get(index).map(|line| whole(line, line.new)),
        )
    }));
}

/// Which of the removed lines became which of the added ones, in their order: of all such pairings the
/// one that is most alike. Beyond [`MOST_PAIRS`] nobody reads so closely.
fn versions(removed: &[&Line], added: &[&Line]) -> Vec<(usize, usize)> {
    if removed.len() * added.len() > MOST_PAIRS {
        return (0..removed.len().min(added.len())).map(|index| (index, index)).collect();
    }
    let was: Vec<Bag<'_>> = removed.iter().map(|line| bag(&line.text)).collect();
    let is: Vec<Bag<'_>> = added.iter().map(|line| bag(&line.text)).collect();
    // How alike the best pairing of what is left on both sides is, and which it is, from the last on.
    let mut below: Vec<Pairing> = vec![Pairing::default(); added.len() + 1];
    for (at, old) in was.iter().enumerate().rev() {
        let mut row: Vec<Pairing> = vec![Pairing::default()];
        for (to, new) in is.iter().enumerate().rev() {
            let (without_old, without_new) = (below.get(to), row.last());
            let skipped = without_old.max(without_new).cloned().unwrap_or_default();
            let alike = likeness(old, new);
            let paired = below.get(to + 1).filter(|_| alike >= LEAST_LIKENESS).map(|rest| {
                let pairs = std::iter::once((at, to)).chain(rest.pairs.iter().copied()).collect();
                Pairing { alike: rest.alike + alike, pairs }
            });
            row.push(paired.filter(|paired| paired.alike >= skipped.alike).unwrap_or(skipped));
        }
        row.reverse();
        below = row;
    }
    below.into_iter().next().unwrap_or_default().pairs
}

/// Which lines belong together, and how alike they are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Pairing {
    alike: usize,
    pairs: Vec<(usize, usize)>,
}

/// The words of a line and how often each occurs, blanks aside.
type Bag<'l> = BTreeMap<&'l str, usize>;

fn bag(text: &str) -> Bag<'_> {
    let mut bag = Bag::new();
    for word in words(text).into_iter().filter(|word| !word.trim().is_empty()) {
        *bag.entry(word).or_default() += 1;
    }
    bag
}

/// The share of characters that both lines have, in percent of the longer one.
fn likeness(one: &Bag<'_>, other: &Bag<'_>) -> usize {
    let size =
        |bag: &Bag<'_>| -> usize { bag.iter().map(|(word, times)| word.len() * times).sum() };
    let common: usize =
        one.iter().map(|(word, times)| word.len() * times.min(other.get(word).unwrap_or(&0))).sum();
    common * 100 / size(one).max(size(other)).max(1)
}

fn whole(line: &Line, number: Option<u32>) -> Cell {
    Cell { number, text: vec![(Tint::Plain, line.text.clone())] }
}

/// Both versions of a line, with the words marked that the other does not have.
fn compared(old: &Line, new: &Line) -> (Cell, Cell) {
    let (was, is) = (words(&old.text), words(&new.text));
    let ops = capture_diff_slices(Algorithm::Myers, &was, &is);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut common = 0;
    for change in ops.iter().flat_map(|op| op.iter_changes(&was, &is)) {
        let word = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                common += word.trim().len();
                push(&mut left, Tint::Plain, word);
                push(&mut right, Tint::Plain, word);
            }
            ChangeTag::Delete => push(&mut left, Tint::Marked, word),
            ChangeTag::Insert => push(&mut right, Tint::Marked, word),
        }
    }
    let longest = old.text.trim().len().max(new.text.trim().len());
    if common * 100 < longest * LEAST_LIKENESS {
        return (whole(old, old.old), whole(new, new.new));
    }
    (Cell { number: old.old, text: left }, Cell { number: new.new, text: right })
}

fn push(text: &mut Vec<(Tint, String)>, tint: Tint, word: &str) {
    match text.last_mut() {
        Some((last, stretch)) if *last == tint => stretch.push_str(word),
        Some(_) | None => text.push((tint, word.to_owned())),
    }
}

/// Runs of letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |c: char| c.is_alphanumeric() || c == '_';
        let end = if run(first) {
            rest.find(|c| !run(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(mark: Mark, number: u32, text: &str) -> Line {
        let (old, new) = match mark {
            Mark::Same => (Some(number), Some(number)),
            Mark::Removed => (Some(number), None),
            Mark::Added => (None, Some(number)),
        };
        Line { mark, old, new, text: text.to_owned(), gap: false }
    }

    fn shown(lines: Vec<Line>) -> Vec<(String, String)> {
        let cell = |cell: &Cell| -> String {
            let words = cell.text.iter().map(|(tint, text)| match tint {
                Tint::Plain => text.clone(),
                Tint::Marked => format!("<{text}>"),
            });
            words.collect()
        };
        rows(&Excerpt { lines, more: 0 })
            .iter()
            .map(|row| match row {
                Row::Gap => (String::new(), String::new()),
                Row::Same(old, new) => (cell(old), cell(new)),
                Row::Edited(old, new) => (
                    old.as_ref().map(cell).unwrap_or_default(),
                    new.as_ref().map(cell).unwrap_or_default(),
                ),
            })
            .collect()
    }

    #[test]
    fn edited_words_are_marked_and_foreign_lines_are_not() {
        let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(
            shown(vec![
                line(Mark::Same, 1, "a:"),
                line(Mark::Removed, 2, "  required: [name]"),
                line(Mark::Removed, 3, "  gone: 1"),
                line(Mark::Added, 2, "  required: [name, email]"),
                line(Mark::Same, 4, "b:"),
            ]),
            [
                pair("a:", "a:"),
                pair("  required: [name]", "  required: [name<, email>]"),
                pair("  gone: 1", ""),
                pair("b:", "b:"),
            ]
        );
        // What a line became is beside it, though another was removed before it.
        assert_eq!(
            shown(vec![
                line(Mark::Removed, 1, "  total: {type: string}"),
                line(Mark::Removed, 2, "required: [id, total]"),
                line(Mark::Added, 1, "required: [id]"),
            ]),
            [
                pair("  total: {type: string}", ""),
                pair("required: [id<, total>]", "required: [id]"),
            ]
        );
        assert_eq!(
            shown(vec![line(Mark::Removed, 1, "alpha beta"), line(Mark::Added, 1, "gamma delta")]),
            [pair("alpha beta", "gamma delta")]
        );
    }
}
