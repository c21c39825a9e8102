//! Lines that are longer than the terminal is wide go on below their own beginning.

use std::fmt::{self, Write};
use std::mem;

use unicode_width::UnicodeWidthStr as _;

/// How much further in a line goes on.
const HANGING: usize = 2;

/// Breaks what is written through it at spaces. A word that does not fit alone stays whole, so that
/// a path, a fingerprint or a URL can be copied.
pub(super) struct Wrapped<'o> {
    out: &'o mut dyn Write,
    columns: usize,
    line: String,
}

impl<'o> Wrapped<'o> {
    pub(super) fn new(out: &'o mut dyn Write, columns: usize) -> Self {
        Self { out, columns, line: String::new() }
    }

    fn end_line(&mut self) -> fmt::Result {
        let line = mem::take(&mut self.line);
        if width(&line) <= self.columns {
            return writeln!(self.out, "{line}");
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let hanging = (indent + HANGING).min(self.columns / 2);
        let (mut used, mut gap) = (0, 0);
        for word in line.split(' ') {
            let wide = width(word);
            if used > indent && wide > 0 && used + gap + wide > self.columns {
                write!(self.out, "\n{:hanging$}", "")?;
                (used, gap) = (hanging, 0);
            }
            write!(self.out, "{:gap$}{word}", "")?;
            used += gap + wide;
            gap = 1;
        }
        self.out.write_str("\n")
    }
}

impl Write for Wrapped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            self.line.push_str(line);
            self.end_line()?;
            rest = after;
        }
        self.line.push_str(rest);
        Ok(())
    }
}

/// How many columns the text takes, without what a terminal obeys. Names of an input hold no escape
/// character any more, so whatever begins with one is a colour or a link of ours.
fn width(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().width();
    let rest = parts.map(|part| match part.split_at_checked(1) {
        Some(("[", code)) => code.split_once('m').map_or("", |(_, shown)| shown).width(),
        Some(("\\", shown)) => shown.width(),
        Some(_) | None => 0,
    });
    first + rest.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, columns: usize) -> String {
        let mut out = String::new();
        Wrapped::new(&mut out, columns).write_str(text).unwrap();
        out
    }

    #[test]
    fn a_line_goes_on_below_its_own_beginning() {
        assert_eq!(wrapped("  one two three\n", 10), "  one two\n    three\n");
        assert_eq!(wrapped("one  two\n", 8), "one  two\n");
        assert_eq!(wrapped("one two three four\n", 9), "one two\n  three\n  four\n");
    }

    #[test]
    fn a_long_word_stays_whole() {
        assert_eq!(wrapped("a bbbbbbbbbbbb c\n", 6), "a\n  bbbbbbbbbbbb\n  c\n");
        assert_eq!(wrapped("      bbbbbbbbbbbb\n", 6), "      bbbbbbbbbbbb\n");
    }

    #[test]
    fn colours_and_links_take_no_room_and_wide_letters_take_two() {
        assert_eq!(width("\u{1b}[31m東京\u{1b}[0m"), 4);
        assert_eq!(width("\u{1b}]8;;file:///a\u{1b}\\x\u{1b}]8;;\u{1b}\\"), 1);
    }
}
