//! Writing to the terminal and to files.

use std::fmt;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::{FormatArgument, OutputOptions};
use super::inspect::here;
use super::interrupt::Unfinished;
use super::screen::screen;
use super::{NOT_COMPARED, REFUSED, USAGE};
use crate::load::ProblemKind;
use crate::policy::config::FailOnWord;
use crate::policy::{Report, ReportedProblem, Scope, TeamError, Threshold};
use crate::report::{Format, Options, Style, escape, render};
use crate::source::{Label, Position, SourceError};

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
    // A build reads the log, and the error may name what an input calls itself.
    for line in error.lines() {
        let _ = writeln!(io::stderr(), "unbroken: {}", escape(&line));
    }
    exit_code(error)
}

impl CommandError {
    /// Each thing that is wrong.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Team(TeamError::Config(config)) => {
                config.all().map(ToString::to_string).collect()
            }
            Self::Source(_)
            | Self::Team(TeamError::Source(_))
            | Self::Usage(_)
            | Self::Write { .. } => {
                vec![self.to_string()]
            }
        }
    }
}

/// What the process says to its caller of an error.
pub(super) fn exit_code(error: &CommandError) -> u8 {
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

/// Writes the report wherever the options say, standard output last; `root` is the folder of head's
/// files, if they are files.
pub(super) fn write(
    report: &Report,
    options: &OutputOptions,
    fail_on: Threshold,
    root: Option<&Path>,
) -> Result<(), CommandError> {
    write_files(report, options, fail_on)?;
    match Format::from(options.format) {
        // The stream drops the colours where nobody sees them, and honours `NO_COLOR`.
        Format::Text => {
            let screen = screen(root, &here()?.1);
            let manner = Options { style: Style::Coloured, screen, ..Options::plain(fail_on) };
            print(&rendered(report, Format::Text, &manner))?;
        }
        // Other formats know no colours; looking for some costs as much as writing them.
        format @ (Format::Json
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Junit
        | Format::Markdown
        | Format::Comment
        | Format::Html) => {
            let mut out = Stream { out: BufWriter::new(io::stdout().lock()), fault: None };
            let rendered = render(report, format, &Options::plain(fail_on), &mut out);
            // What is wrong with the stream is told by the stream; half a report is none.
            written(out.finish().and_then(|()| rendered.map_err(io::Error::other)))?;
        }
    }
    Ok(())
}

/// A stream of bytes that text is written to.
struct Stream<W: io::Write> {
    out: BufWriter<W>,
    fault: Option<io::Error>,
}

impl<W: io::Write> fmt::Write for Stream<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.out.write_all(text.as_bytes()).map_err(|error| {
            self.fault = Some(error);
            fmt::Error
        })
    }
}

impl<W: io::Write> Stream<W> {
    /// Writes what is left, unless something went wrong before.
    fn finish(mut self) -> io::Result<()> {
        match self.fault.take() {
            Some(fault) => Err(fault),
            None => self.out.flush(),
        }
    }
}

/// The report of a run in which nothing could be compared: why, and no contract.
pub(super) fn report_of(error: &CommandError, scope: Scope) -> Report {
    let kind =
        if exit_code(error) == REFUSED { ProblemKind::Refused } else { ProblemKind::Unreadable };
    let problem = |message: String, path: Option<String>, position: Option<Position>| {
        let position = position.map(|at| (at.line, at.column));
        ReportedProblem { kind, message, path, position, side: "new", counts: true }
    };
    let problems = match error {
        CommandError::Team(TeamError::Config(config)) => config
            .all()
            .map(|one| problem(one.message.clone(), Some(one.path.clone()), one.position))
            .collect(),
        CommandError::Source(_)
        | CommandError::Team(TeamError::Source(_))
        | CommandError::Usage(_)
        | CommandError::Write { .. } => vec![problem(error.to_string(), None, None)],
    };
    Report {
        bases: Vec::new(),
        head: Label::named("none"),
        contracts: Vec::new(),
        unchanged: 0,
        problems,
        scope,
    }
}

/// Writes the report of such a run wherever the options say, but for the text, whose place the error
/// itself takes; and hands the error on.
pub(super) fn unable(error: CommandError, options: &OutputOptions, scope: Scope) -> CommandError {
    let fail_on = Threshold::from(options.fail_on.map_or(FailOnWord::Error, FailOnWord::from));
    let report = report_of(&error, scope);
    let written = match Format::from(options.format) {
        Format::Text => write_files(&report, options, fail_on),
        Format::Json
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Junit
        | Format::Markdown
        | Format::Comment
        | Format::Html => write(&report, options, fail_on, None),
    };
    // What was wrong first is said last.
    if let Err(second) = written {
        fail(&second);
    }
    error
}

/// Writes the report into the files that the options name.
pub(super) fn write_files(
    report: &Report,
    options: &OutputOptions,
    fail_on: Threshold,
) -> Result<(), CommandError> {
    // What is wrong with one target is said before another is written.
    let targets: Result<Vec<_>, _> = options.files.iter().map(|file| target(file)).collect();
    for (format, path) in targets? {
        write_file(&path, &rendered(report, format, &Options::plain(fail_on)))?;
    }
    Ok(())
}

/// Leaves what was compared to the system: the process ends here, and taking a large contract apart
/// piece by piece costs a good part of what reading it did.
pub(super) fn leave(report: Report) {
    std::mem::forget(report);
}

/// The report in a format.
pub(super) fn rendered(report: &Report, format: Format, manner: &Options) -> String {
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
    let format = FormatArgument::from_str(format, true).map_err(|_| {
        let known = FormatArgument::value_variants().iter();
        let known = known.filter_map(|one| Some(one.to_possible_value()?.get_name().to_owned()));
        let known = known.collect::<Vec<String>>().join(", ");
        CommandError::Usage(format!("`{format}` is no output format: one of {known}"))
    })?;
    if path.is_empty() {
        let message = format!("`-o {argument}` names no file; write `-o {argument}FILE`");
        return Err(CommandError::Usage(message));
    }
    Ok((format.into(), PathBuf::from(path)))
}

/// Writes beside the target and renames, so that nobody reads half a report. What is no plain file (a
/// device, a pipe, a link) is written to, and stays what it is.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), CommandError> {
    let failed = |reason: String| CommandError::Write { path: path.display().to_string(), reason };
    if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let written = std::fs::File::create(path).and_then(|mut it| it.write_all(text.as_bytes()));
        return seen(written).map_err(|error| failed(words(&error, path)));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut file = beside(folder).map_err(|error| failed(words(&error, folder)))?;
    let unfinished = Unfinished::of(file.path());
    file.write_all(text.as_bytes()).map_err(|error| failed(words(&error, folder)))?;
    file.persist(path).map_err(|error| failed(words(&error.error, folder)))?;
    drop(unfinished);
    Ok(())
}

/// What the system says, without the name of a file that nobody has asked for.
fn words(error: &io::Error, folder: &Path) -> String {
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::NotFound, _) => format!("there is no folder {}", folder.display()),
        (_, Some(code)) => io::Error::from_raw_os_error(code).to_string(),
        (kind, None) => kind.to_string(),
    }
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

/// Prints a text of ours; its colours are for terminals.
pub(super) fn print(text: &str) -> Result<u8, CommandError> {
    written(anstream::stdout().lock().write_all(text.as_bytes()))
}

/// Prints lines that name what an input calls itself: none of them is a command to a build.
pub(super) fn say(text: &str) -> Result<u8, CommandError> {
    let lines = text.lines().flat_map(|line| [escape(line), "\n".into()]);
    print(&lines.collect::<String>())
}

/// What became of writing to standard output.
fn written(result: io::Result<()>) -> Result<u8, CommandError> {
    seen(result).map(|()| 0).map_err(|error| CommandError::Write {
        path: "standard output".to_owned(),
        reason: error.to_string(),
    })
}

/// A reader that went away (`| head`) has seen enough.
fn seen(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Ok(()) | Err(_) => written,
    }
}
