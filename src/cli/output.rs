//! Writing to the terminal and to files.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::{FormatArgument, OutputOptions};
use super::interrupt::Unfinished;
use super::{NOT_COMPARED, REFUSED, USAGE};
use crate::policy::{Report, TeamError};
use crate::report::{Format, Style, render};
use crate::rules;
use crate::source::SourceError;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// The source has no such bytes.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What the team has written down cannot be understood.
    #[error(transparent)]
    Team(#[from] TeamError),
    /// A word on the command line means nothing.
    #[error("{0}")]
    Usage(String),
    /// A report could not be written.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// Where to.
        path: String,
        /// The system's words.
        reason: String,
    },
}

/// Prints the error and says which exit code it means.
pub(super) fn fail(error: &CommandError) -> u8 {
    let _ = writeln!(io::stderr(), "unbroken: {error}");
    match error {
        CommandError::Source(source) | CommandError::Team(TeamError::Source(source))
            if source.is_refusal() =>
        {
            REFUSED
        }
        CommandError::Source(_)
        | CommandError::Team(TeamError::Source(_))
        | CommandError::Write { .. } => NOT_COMPARED,
        CommandError::Usage(_) | CommandError::Team(TeamError::Config(_)) => USAGE,
    }
}

/// Writes the report wherever the options say, standard output last.
pub(super) fn write(report: &Report, options: &OutputOptions) -> Result<(), CommandError> {
    for file in &options.files {
        let (format, path) = target(file)?;
        write_file(&path, &rendered(report, format, Style::Plain))?;
    }
    match print_report(report, options.format.into()) {
        // A reader that went away (`| head`) has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Write {
            path: "standard output".to_owned(),
            reason: error.to_string(),
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn print_report(report: &Report, format: Format) -> io::Result<()> {
    match format {
        Format::Text => {
            // The stream drops the colours where nobody sees them, and honours `NO_COLOR`.
            let mut out = anstream::stdout().lock();
            out.write_all(rendered(report, format, Style::Coloured).as_bytes())?;
            out.flush()
        }
        Format::Json => {
            let mut out = io::stdout().lock();
            out.write_all(rendered(report, format, Style::Plain).as_bytes())?;
            out.flush()
        }
    }
}

/// Leaves what was compared to the system: the process ends here, and taking a large contract apart
/// piece by piece costs a good part of what reading it did.
pub(super) fn leave(report: Report) {
    std::mem::forget(report);
}

fn rendered(report: &Report, format: Format, style: Style) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = render(report, format, style, &mut text);
    text
}

fn target(argument: &str) -> Result<(Format, PathBuf), CommandError> {
    use clap::ValueEnum as _;
    let Some((format, path)) = argument.split_once('=') else {
        let message = format!("`-o {argument}` lacks a format; write `-o json={argument}`");
        return Err(CommandError::Usage(message));
    };
    let format = FormatArgument::from_str(format, true)
        .map_err(|_| CommandError::Usage(format!("`{format}` is no output format")))?;
    Ok((format.into(), PathBuf::from(path)))
}

/// Writes beside the target and renames, so that nobody reads half a report.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), CommandError> {
    let failed = |error: &dyn std::fmt::Display| CommandError::Write {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let unfinished = Unfinished::of(file.path());
    file.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error))?;
    drop(unfinished);
    Ok(())
}

/// Prints what a rule means.
pub(super) fn explain(id: &str) -> Result<u8, CommandError> {
    let Some(rule) = rules::find(id) else {
        let near = rules::catalogue()
            .map(|rule| (strsim::jaro_winkler(rule.id, id), rule.id))
            .max_by(|left, right| left.0.total_cmp(&right.0));
        let hint = match near {
            Some((likeness, near)) if likeness > 0.8 => format!("; did you mean `{near}`?"),
            _ => "; `unbroken rules` lists them".to_owned(),
        };
        return Err(CommandError::Usage(format!("there is no rule `{id}`{hint}")));
    };
    let text = format!("{}\n\n{}\n\n{}\n\n{}\n", rule.id, rule.title(), rule.why(), rule.fix);
    print(&text)
}

/// Prints the ids and titles of all rules.
pub(super) fn rules() -> Result<u8, CommandError> {
    let mut lines: Vec<String> =
        rules::catalogue().map(|rule| format!("{:<34} {}\n", rule.id, rule.title())).collect();
    lines.sort();
    print(&lines.concat())
}

pub(super) fn print(text: &str) -> Result<u8, CommandError> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Write {
            path: "standard output".to_owned(),
            reason: error.to_string(),
        }),
        Ok(()) | Err(_) => Ok(0),
    }
}
