//! Colours, where a person reads at a terminal.

use std::fmt;

use anstyle::AnsiColor;

/// Whether the report is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Bare text: files, pipes, tests.
    #[default]
    Plain,
    /// With ANSI codes.
    Coloured,
}

/// What a stretch of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// It breaks somebody, or was removed.
    Bad,
    /// It needs a look.
    Doubtful,
    /// It is fine, or was added.
    Good,
    /// A heading.
    Strong,
    /// Beside the point.
    Faint,
}

impl Style {
    /// The text in the colour of its tone.
    pub(super) fn paint<T: fmt::Display>(self, tone: Tone, text: T) -> Painted<T> {
        let style = match (self, tone) {
            (Self::Plain, _) => anstyle::Style::new(),
            (Self::Coloured, Tone::Bad) => AnsiColor::Red.on_default(),
            (Self::Coloured, Tone::Doubtful) => AnsiColor::Yellow.on_default(),
            (Self::Coloured, Tone::Good) => AnsiColor::Green.on_default(),
            (Self::Coloured, Tone::Strong) => anstyle::Style::new().bold(),
            (Self::Coloured, Tone::Faint) => anstyle::Style::new().dimmed(),
        };
        Painted { style, text }
    }
}

/// Text with its colour.
pub(super) struct Painted<T> {
    style: anstyle::Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}{}", self.style.render(), self.text, self.style.render_reset())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_codes_and_coloured_text_ends_its_colour() {
        assert_eq!(Style::Plain.paint(Tone::Bad, "x").to_string(), "x");
        assert_eq!(Style::Coloured.paint(Tone::Bad, "x").to_string(), "\u{1b}[31mx\u{1b}[0m");
    }
}
