//! How it is said: one file per output format, all from the same [`crate::policy::Report`].
//!
//! **Invariant:** no effect on the exit code, and nothing of the input reaches an output unescaped.

mod escape;
mod excerpt;
mod hexadecimal;
mod json;
mod style;
mod text;

use std::fmt;

pub use style::Style;

use crate::policy::Report;

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal.
    #[default]
    Text,
    /// For programs: `schemas/report.v1.schema.json`.
    Json,
}

/// Writes the report in a format; only text knows colours.
///
/// # Errors
/// When `out` refuses to be written to.
pub fn render(
    report: &Report,
    format: Format,
    style: Style,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    match format {
        Format::Text => text::render(report, style, out),
        Format::Json => json::render(report, out),
    }
}
