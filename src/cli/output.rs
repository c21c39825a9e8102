//! Writing to the terminal and to files.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::{FormatArgument, OutputOptions};
use super::{NOT_COMPARED, REFUSED, USAGE};
use crate::policy::Report;
use crate::report::{Format, Options, Style, render};
use crate::source::SourceError;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// The source has no such bytes.
    #[error(transparent)]
    Source(#[from] SourceError),
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
        CommandError::Source(source) if source.is_refusal() => REFUSED,
        CommandError::Source(_) | CommandError::Write { .. } => NOT_COMPARED,
        CommandError::Usage(_) => USAGE,
    }
}

/// Writes the report wherever the options say, standard output last.
pub(super) fn write(report: &Report, options: &OutputOptions) -> Result<(), CommandError> {
    let fail_on = options.fail_on.into();
    // What is wrong with one target is said before another is written.
    let targets: Result<Vec<_>, _> = options.files.iter().map(|file| target(file)).collect();
    for (format, path) in targets? {
        let manner = Options { style: Style::Plain, fail_on };
        write_file(&path, &rendered(report, format, &manner))?;
    }
    // The stream drops the colours where nobody sees them, and honours `NO_COLOR`.
    let manner = Options { style: Style::Coloured, fail_on };
    let text = rendered(report, options.format.into(), &manner);
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        // A reader that went away (`| head`) has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Write {
            path: "standard output".to_owned(),
            reason: error.to_string(),
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn rendered(report: &Report, format: Format, manner: &Options) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = render(report, format, manner, &mut text);
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
fn write_file(path: &Path, text: &str) -> Result<(), CommandError> {
    let failed = |error: &dyn std::fmt::Display| CommandError::Write {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut file = beside(folder).map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error))?;
    Ok(())
}

/// A file that others may read, as far as the process lets them; a temporary one is private.
fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Prints what is no report.
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
