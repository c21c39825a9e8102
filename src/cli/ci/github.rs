//! `unbroken ci github`: one comparison, and everything that a job shows of it.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::comment::{Comment, marker};
use super::log::inert;
use crate::cli::ci_arguments::{CommentChoice, GithubOptions, Wanted};
use crate::cli::inspect::{Inspection, here, inspect};
use crate::cli::output::{CommandError, exit_code, print, rendered, write_file, write_files};
use crate::policy::config::FailOnWord;
use crate::policy::{Report, Severity, Status, Summary, Threshold};
use crate::report::{Format, Options, Style, github, markdown};
use crate::rules::Verdict;
use crate::source::Environment;

/// Compares, shows it in every way that the job has, and only then says how it ended.
pub(super) fn run(options: &GithubOptions) -> Result<u8, CommandError> {
    let (_, environment) = here()?;
    let job = Job { environment, options };
    let Inspection { report, fail_on, accept: _, root: _ } = match inspect(&options.scope) {
        Ok(inspection) => inspection,
        Err(error) => {
            show_failure(&job.environment, options.summary, &error)?;
            return Err(error);
        }
    };
    let fail_on = Threshold::from(options.output.fail_on.map_or(fail_on, FailOnWord::from));
    let code = report.status(fail_on).exit_code();
    let files = job.write_reports(&report, fail_on)?;
    job.set_outputs(&report, code, &files)?;
    write_files(&report, &options.output, fail_on)?;
    job.write_log(&report, fail_on)?;
    job.write_summary(&markdown::summary(&report, markdown::SUMMARY_BUDGET))?;
    Ok(code)
}

/// Nothing was understood: the job must say so wherever it would have shown the comparison.
pub(super) fn misread(error: &CommandError) -> Result<(), CommandError> {
    let (_, environment) = here()?;
    show_failure(&environment, Wanted::True, error)
}

/// Nothing was compared: the job must say so wherever it would have shown the comparison.
fn show_failure(
    environment: &Environment,
    summary: Wanted,
    error: &CommandError,
) -> Result<(), CommandError> {
    let code = exit_code(error);
    append(environment, "GITHUB_OUTPUT", &format!("status=error\nexit-code={code}\n"))?;
    if summary == Wanted::True {
        append(environment, "GITHUB_STEP_SUMMARY", &markdown::failure(&error.to_string()))?;
    }
    let mut annotation = String::new();
    // Writing to a string cannot fail.
    let _ = github::failure(&error.to_string(), &mut annotation);
    print(&annotation).map(|_| ())
}

/// Adds to a file that the runner reads after the step.
fn append(environment: &Environment, variable: &str, text: &str) -> Result<(), CommandError> {
    let Some(path) = environment.path(variable) else { return Ok(()) };
    let opened = OpenOptions::new().append(true).create(true).open(&path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        CommandError::Write { path: path.display().to_string(), reason: error.to_string() }
    })
}

/// What the runner has told us, and where it listens.
struct Job<'o> {
    environment: Environment,
    options: &'o GithubOptions,
}

/// Where the reports are.
struct Files {
    reports: Vec<(&'static str, PathBuf)>,
    comment: Option<(PathBuf, CommentMode, u64)>,
}

/// What the script is to do with the comment.
#[derive(Clone, Copy)]
enum CommentMode {
    /// Write it, in the place of an earlier one if there is one.
    Upsert,
    /// Only say in an earlier one that nothing is left of what it said.
    Update,
}

impl Job<'_> {
    /// The report in each format that is kept.
    fn write_reports(&self, report: &Report, fail_on: Threshold) -> Result<Files, CommandError> {
        let folder = &self.options.reports;
        let mut reports = Vec::new();
        for (name, format, file) in [
            ("report-json", Format::Json, "report.json"),
            ("report-html", Format::Html, "report.html"),
            ("report-markdown", Format::Markdown, "report.md"),
            ("report-sarif", Format::Sarif, "report.sarif"),
        ] {
            let path = folder.join(file);
            write_file(&path, &rendered(report, format, &Options::plain(fail_on)))?;
            reports.push((name, path));
        }
        Ok(Files { reports, comment: self.write_comment(report, folder)? })
    }

    fn write_comment(
        &self,
        report: &Report,
        folder: &Path,
    ) -> Result<Option<(PathBuf, CommentMode, u64)>, CommandError> {
        let worth_it =
            worst(report) > Severity::Note || report.status(Threshold::Never) != Status::Passed;
        let mode = match (self.options.comment, worth_it) {
            (CommentChoice::Never, _) => return Ok(None),
            (CommentChoice::Always, _) | (CommentChoice::Auto, true) => CommentMode::Upsert,
            (CommentChoice::Auto, false) => CommentMode::Update,
        };
        let Some(number) = self.pull_request() else { return Ok(None) };
        let variable = |name: &str| self.environment.get(name).unwrap_or_default();
        let marker = marker(variable("GITHUB_WORKFLOW"), variable("GITHUB_JOB"), &self.options.key);
        let page = markdown::comment(report, markdown::COMMENT_BUDGET);
        let comment = Comment { body: format!("{marker}\n{page}{}", self.footer()) };
        let text = serde_json::to_string(&comment).map_err(|error| CommandError::Write {
            path: "the comment".to_owned(),
            reason: error.to_string(),
        })?;
        let path = folder.join("comment.json");
        write_file(&path, &text)?;
        Ok(Some((path, mode, number)))
    }

    /// The link to the run, whose summary has the rest.
    fn footer(&self) -> String {
        let variable = |name: &str| self.environment.get(name);
        match (
            variable("GITHUB_SERVER_URL"),
            variable("GITHUB_REPOSITORY"),
            variable("GITHUB_RUN_ID"),
        ) {
            (Some(server), Some(repository), Some(run)) => {
                format!(
                    "\n<sub>[The whole report]({server}/{repository}/actions/runs/{run})</sub>\n"
                )
            }
            _ => String::new(),
        }
    }

    /// The pull request of the event that started the job.
    fn pull_request(&self) -> Option<u64> {
        if !self.environment.get("GITHUB_EVENT_NAME")?.starts_with("pull_request") {
            return None;
        }
        let bytes = std::fs::read(self.environment.path("GITHUB_EVENT_PATH")?).ok()?;
        let payload: Value = serde_json::from_slice(&bytes).ok()?;
        payload.pointer("/pull_request/number").or_else(|| payload.pointer("/number"))?.as_u64()
    }

    /// What later steps can ask for.
    fn set_outputs(&self, report: &Report, code: u8, files: &Files) -> Result<(), CommandError> {
        let summary = report.summary();
        let Summary { breaking, undecided, compatible, suppressed, .. } = summary;
        let Summary { contracts, .. } = summary;
        let status = match (code, report.verdict()) {
            (3 | 4, _) => "error",
            (_, Verdict::Breaking) => "breaking",
            (_, Verdict::Undecided) => "undecided",
            (_, Verdict::Compatible) if contracts == 0 => "nothing-to-check",
            (_, Verdict::Compatible) => "compatible",
        };
        let base = report.bases.first().and_then(|base| base.revision.as_deref());
        let mut lines = String::new();
        let mut set = |name: &str, value: &dyn std::fmt::Display| {
            // A value is one line: numbers, words of ours, ids, and paths below the runner's folder.
            let _ = writeln!(lines, "{name}={value}");
        };
        set("status", &status);
        set("breaking-count", &breaking);
        set("undecided-count", &undecided);
        set("compatible-count", &compatible);
        set("suppressed-count", &suppressed);
        set("suggested-bump", &report.suggested_bump().name());
        set("base-sha", &base.unwrap_or_default());
        for (name, path) in &files.reports {
            set(name, &path.display());
        }
        if let Some((path, mode, number)) = &files.comment {
            set("comment", &path.display());
            set("comment-mode", &mode.name());
            set("pull-request", number);
        }
        append(&self.environment, "GITHUB_OUTPUT", &lines)
    }

    /// The report for whoever opens the log, and the annotations.
    fn write_log(&self, report: &Report, fail_on: Threshold) -> Result<(), CommandError> {
        let manner = Options { style: Style::Coloured, screen: None, fail_on };
        let mut log = inert(&rendered(report, Format::Text, &manner));
        if self.options.annotations == Wanted::True {
            log.push_str(&rendered(report, Format::Github, &Options::plain(fail_on)));
        }
        print(&log).map(|_| ())
    }

    fn write_summary(&self, text: &str) -> Result<(), CommandError> {
        if self.options.summary == Wanted::True {
            append(&self.environment, "GITHUB_STEP_SUMMARY", text)?;
        }
        Ok(())
    }
}

impl CommentMode {
    fn name(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Update => "update",
        }
    }
}

fn worst(report: &Report) -> Severity {
    let findings = report.contracts.iter().flat_map(|contract| &contract.findings);
    findings.map(|judged| judged.severity).max().unwrap_or(Severity::Off)
}
