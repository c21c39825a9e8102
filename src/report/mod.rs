//! How it is said: one file per output format, all from the same [`crate::policy::Report`].
//!
//! **Invariant:** no effect on the exit code, and nothing of the input reaches an output unescaped.

pub mod catalogue;
mod escape;
mod excerpt;
pub mod github;
mod gitlab;
mod hexadecimal;
pub mod hook;
mod html;
mod item;
mod json;
mod junit;
pub mod markdown;
mod problem;
mod sarif;
mod screen;
mod style;
mod tally;
mod text;
mod version;

use std::fmt;

pub(crate) use escape::escape;
pub use screen::{Root, Screen};
pub use style::Style;

use crate::policy::{Report, Severity, Threshold};

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal.
    #[default]
    Text,
    /// For programs: `schemas/report.v1.schema.json`.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For the log of a GitHub workflow: annotations on the change.
    Github,
    /// For GitLab: Code Quality.
    Gitlab,
    /// For whatever shows tests.
    Junit,
    /// For a job's summary.
    Markdown,
    /// For a conversation: Markdown in at most 60,000 bytes.
    Comment,
    /// For reviewers: one file for a browser.
    Html,
}

/// How to write a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether text is coloured.
    pub style: Style,
    /// The terminal that text is read at, if it is.
    pub screen: Option<Screen>,
    /// From which severity on the run fails: tests of JUnit fail from there on too.
    pub fail_on: Threshold,
    /// What tells this report apart from others of the same tool about the same commit; empty where it
    /// is the only one.
    pub key: String,
}

impl Options {
    /// For a file or a pipe.
    pub fn plain(fail_on: Threshold) -> Self {
        Self { style: Style::Plain, screen: None, fail_on, key: String::new() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::plain(Threshold::At(Severity::Error))
    }
}

/// Writes the report in a format.
///
/// # Errors
/// When `out` refuses to be written to.
pub fn render(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    match format {
        Format::Text => text::render(report, options, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, &options.key, out),
        Format::Github => github::render(report, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, options.fail_on, out),
        Format::Html => html::render(report, out),
        Format::Comment => out.write_str(&markdown::comment(report, markdown::COMMENT_BUDGET)),
        Format::Markdown => out.write_str(&markdown::summary(report, markdown::SUMMARY_BUDGET)),
    }
}
