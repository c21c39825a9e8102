//! What can be said to `ci` and `install-hook`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::arguments::{OutputOptions, ScopeOptions};

/// What a script asks for.
#[derive(Debug, Subcommand)]
pub(super) enum CiCommand {
    /// Compare in a job of GitHub Actions: log, annotations, summary, outputs, reports, comment
    Github(Box<GithubOptions>),
    /// Print the words of the `git fetch` that brings the base, one a line; none if it is here
    Missing(ScopeOptions),
    /// Find our comment on a page of a pull request's: its id, `more` for the next page, or `none`
    Comment(CommentOptions),
}

/// Options of `ci github`.
#[derive(Debug, Args)]
pub(super) struct GithubOptions {
    #[command(flatten)]
    pub(super) scope: ScopeOptions,
    #[command(flatten)]
    pub(super) output: OutputOptions,
    /// The folder for the reports and the comment
    #[arg(long, value_name = "FOLDER")]
    pub(super) reports: PathBuf,
    /// Whether to remark on the lines of the change
    #[arg(long, value_enum, default_value_t = Wanted::True)]
    pub(super) annotations: Wanted,
    /// Whether to show the report on the page of the run
    #[arg(long, value_enum, default_value_t = Wanted::True)]
    pub(super) summary: Wanted,
    /// When to write a comment for the pull request
    #[arg(long, value_enum, default_value_t = CommentChoice::Auto)]
    pub(super) comment: CommentChoice,
    /// Tells comments of one job apart
    #[arg(long, default_value = "")]
    pub(super) key: String,
}

/// Options of `ci comment`.
#[derive(Debug, Args)]
pub(super) struct CommentOptions {
    /// The comment as it would be posted
    #[arg(long, value_name = "FILE")]
    pub(super) ours: PathBuf,
    /// GitHub's answer to a request for comments
    pub(super) page: PathBuf,
}

/// Options of `install-hook`.
#[derive(Debug, Args)]
pub(super) struct InstallHookOptions {
    /// When git asks
    #[arg(long, value_enum, default_value_t = HookStage::PreCommit)]
    pub(super) stage: HookStage,
    /// Replace a hook that is there, and write to a folder that other repositories share
    #[arg(long)]
    pub(super) force: bool,
}

/// An input of the action that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Wanted {
    True,
    False,
}

/// When a pull request is commented on.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CommentChoice {
    /// There is a finding, or there was one
    Auto,
    /// Each time
    Always,
    /// Not at all
    Never,
}

/// When git runs a hook.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum HookStage {
    /// Before a commit: the index
    PreCommit,
    /// Before a push: what is pushed
    PrePush,
}
