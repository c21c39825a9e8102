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
use crate::cli::output::{
    CommandError, exit_code, print, rendered, report_of, write_file, write_files,
};
use crate::policy::config::FailOnWord;
use crate::policy::{Report, Scope, Severity, Status, Summary, Threshold};
use crate::report::{Format, Options, Style, github, markdown};
use crate::rules::Verdict;
use crate::source::{Environment, Label, deleted};

/// Compares, shows it in every way that the job has, and only then says how it ended.
pub(super) fn run(options: &GithubOptions) -> Result<u8, CommandError> {
    let (_, environment) = here()?;
    let job = Job { environment, options };
    let inspected = match deleted(&job.environment) {
        Some(branch) => Ok(nothing(&branch)),
        None => inspect(&options.scope),
    };
    let Inspection { report, fail_on, accept: _, root: _ } = match inspected {
        Ok(inspection) => inspection,
        Err(error) => {
            job.show_failure(&error)?;
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

/// Of a run whose arguments mean nothing, with what the parser said of them.
pub(in crate::cli) fn misused(reason: &str) {
    let Ok((_, environment)) = here() else { return };
    // What follows the first paragraph is how to ask for help, which nobody can in a job.
    let reason = reason.split("\n\n").next().unwrap_or(reason);
    let words: Vec<&str> = reason.trim_start_matches("error:").split_whitespace().collect();
    let error = CommandError::Usage(words.join(" "));
    let listener = Listener { environment: &environment };
    // The error itself is printed whatever becomes of this.
    let _ = listener.show(&error, Wanted::True, "");
}

/// Nothing is left of the branch that could break anybody.
fn nothing(branch: &str) -> Inspection {
    let report = Report {
        bases: Vec::new(),
        head: Label::named(format!("{branch}, which was deleted")),
        contracts: Vec::new(),
        unchanged: 0,
        problems: Vec::new(),
        scope: Scope::Repository,
    };
    Inspection { report, fail_on: FailOnWord::Error, accept: None, root: None }
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
        let manner = Options { key: self.options.key.clone(), ..Options::plain(fail_on) };
        let mut reports = Vec::new();
        for (name, format, file) in [
            ("report-json", Format::Json, "report.json"),
            ("report-html", Format::Html, "report.html"),
            ("report-markdown", Format::Markdown, "report.md"),
            ("report-sarif", Format::Sarif, "report.sarif"),
        ] {
            let path = folder.join(file);
            write_file(&path, &rendered(report, format, &manner))?;
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
        let payload = self.payload()?;
        payload.pointer("/pull_request/number").or_else(|| payload.pointer("/number"))?.as_u64()
    }

    /// The event that started the job.
    fn payload(&self) -> Option<Value> {
        let bytes = std::fs::read(self.environment.path("GITHUB_EVENT_PATH")?).ok()?;
        serde_json::from_slice(&bytes).ok()
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
        self.append("GITHUB_OUTPUT", &lines)
    }

    /// The report for whoever opens the log, and the annotations.
    fn write_log(&self, report: &Report, fail_on: Threshold) -> Result<(), CommandError> {
        let manner = Options { style: Style::Coloured, ..Options::plain(fail_on) };
        let mut log = inert(&rendered(report, Format::Text, &manner));
        if self.options.annotations == Wanted::True {
            log.push_str(&rendered(report, Format::Github, &Options::plain(fail_on)));
        }
        print(&log).map(|_| ())
    }

    fn write_summary(&self, text: &str) -> Result<(), CommandError> {
        if self.options.summary == Wanted::True {
            self.append("GITHUB_STEP_SUMMARY", text)?;
        }
        Ok(())
    }

    /// Nothing was compared: the job must say so wherever it would have shown the comparison.
    fn show_failure(&self, error: &CommandError) -> Result<(), CommandError> {
        let report = report_of(error, Scope::Repository);
        let fail_on = self.options.output.fail_on.map_or(FailOnWord::Error, FailOnWord::from);
        let fail_on = Threshold::from(fail_on);
        let reports = self.write_reports(&report, fail_on)?.reports;
        write_files(&report, &self.options.output, fail_on)?;
        let mut lines = String::new();
        for (name, path) in reports {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{name}={}", path.display());
        }
        self.listener().show(error, self.options.summary, &lines)
    }

    fn listener(&self) -> Listener<'_> {
        Listener { environment: &self.environment }
    }

    fn append(&self, variable: &str, text: &str) -> Result<(), CommandError> {
        self.listener().append(variable, text)
    }
}

/// Where the runner listens.
struct Listener<'e> {
    environment: &'e Environment,
}

impl Listener<'_> {
    /// Says everywhere that nothing was compared; `outputs` are further lines for later steps.
    fn show(
        &self,
        error: &CommandError,
        summary: Wanted,
        outputs: &str,
    ) -> Result<(), CommandError> {
        let code = exit_code(error);
        let lines = format!("status=error\nexit-code={code}\n{outputs}");
        self.append("GITHUB_OUTPUT", &lines)?;
        let problems = report_of(error, Scope::Repository).problems;
        if summary == Wanted::True {
            self.append("GITHUB_STEP_SUMMARY", &markdown::failure(&problems))?;
        }
        let mut annotations = String::new();
        for problem in &problems {
            // Writing to a string cannot fail.
            let _ = github::failure(problem, &mut annotations);
        }
        print(&annotations).map(|_| ())
    }

    /// Adds to a file that the runner reads after the step.
    fn append(&self, variable: &str, text: &str) -> Result<(), CommandError> {
        let Some(path) = self.environment.path(variable) else { return Ok(()) };
        let opened = OpenOptions::new().append(true).create(true).open(&path);
        opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
            CommandError::Write { path: path.display().to_string(), reason: error.to_string() }
        })
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
