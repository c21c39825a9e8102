//! What can be said on the command line.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::accept::{AcceptOptions, BaselineOptions};
use super::ci_arguments::{CiCommand, InstallHookOptions};
use super::explained::Explained;
use super::init::InitOptions;
use super::team::{Calendar, TeamOptions};
use crate::diff::Readers;
use crate::model::Mode;
use crate::policy::config::{FailOnWord, SurfaceWord};
use crate::report::Format;
use crate::source::LeftOut;
use crate::subtype::{ContentModel, Formats};

/// Tells, before you merge, whether an API contract change breaks anyone, and shows the value that
/// breaks.
#[derive(Debug, Parser)]
#[command(name = "unbroken", version, about, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare the contracts of this repository with their git base
    Check(CheckOptions),
    /// Compare two files or folders; each may also be REVISION:PATH
    Diff(DiffOptions),
    /// Accept findings: with a reason, an owner and an end
    Accept(AcceptOptions),
    /// Accept everything that fails today, to adopt the check on a repository with history
    Baseline(BaselineOptions),
    /// Write a config from the contracts that are found
    Init(InitOptions),
    /// Say what would be compared with what, and why
    Doctor(ScopeOptions),
    /// Say what a rule means, why it matters and what to do
    Explain {
        /// The rule's id, or the fingerprint of a finding, as a report shows them
        #[arg(value_parser = Explained, hide_possible_values = true)]
        rule: String,
    },
    /// For scripts of a CI system
    Ci {
        #[command(subcommand)]
        command: CiCommand,
    },
    /// Have git ask before a commit or a push
    InstallHook(InstallHookOptions),
    /// List all rules
    Rules {
        /// How to write the list
        #[arg(long, value_enum, default_value_t = CatalogueFormat::Text)]
        format: CatalogueFormat,
    },
    /// Print what a shell needs to complete the words of this program
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual, for `man -l -`
    Man,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    #[command(flatten)]
    pub(super) scope: ScopeOptions,
    #[command(flatten)]
    pub(super) output: OutputOptions,
    /// Write only what stops a commit, in a screenful
    #[arg(long, conflicts_with = "format")]
    pub(super) hook: bool,
    /// Print what holds and where each value comes from, and compare nothing
    #[arg(long)]
    pub(super) print_config: bool,
}

/// What is compared with what, and by whose policy.
#[derive(Debug, Args)]
pub(super) struct ScopeOptions {
    /// Compare with this revision instead of the one that the rules choose; may be repeated
    #[arg(long, value_name = "REVISION", value_parser = NonEmptyStringValueParser::new())]
    pub(super) base: Vec<String>,
    /// Compare the index instead of the work tree
    #[arg(long, conflicts_with = "head")]
    pub(super) staged: bool,
    /// Compare this revision instead of the work tree
    #[arg(long, value_name = "REVISION", value_parser = NonEmptyStringValueParser::new())]
    pub(super) head: Option<String>,
    #[command(flatten)]
    pub(super) question: QuestionOptions,
    #[command(flatten)]
    pub(super) team: TeamOptions,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffOptions {
    /// The old contract: a file, a folder, REVISION:PATH, or - for standard input
    pub(super) old: String,
    /// The new contract
    pub(super) new: String,
    /// What the files are, where it cannot be seen from their content
    #[arg(long, value_enum)]
    pub(super) kind: Option<KindArgument>,
    #[command(flatten)]
    pub(super) question: QuestionOptions,
    #[command(flatten)]
    pub(super) calendar: Calendar,
    #[command(flatten)]
    pub(super) output: OutputOptions,
}

/// Who writes, who reads, and what is assumed of them.
#[derive(Debug, Args)]
pub(super) struct QuestionOptions {
    /// Which standalone payloads must be readable by whom [default: backward; full for protobuf]
    #[arg(long, value_enum)]
    pub(super) mode: Option<ModeArgument>,
    /// Whether writers may send names that only the reader gives a meaning [default: open]
    #[arg(long, value_enum)]
    pub(super) content_model: Option<ContentModelArgument>,
    /// Whether known formats constrain values [default: assert]
    #[arg(long, value_enum)]
    pub(super) formats: Option<FormatsArgument>,
    /// What readers do with values that they do not know [default: strict]
    #[arg(long, value_enum)]
    pub(super) readers: Option<ReadersArgument>,
    /// Follow references to files outside the repository; the network stays out of reach
    #[arg(long)]
    pub(super) allow_outside_references: bool,
    /// The surfaces that count [default: wire,json; protobuf: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(super) surface: Vec<SurfaceArgument>,
    /// Whether readers of protobuf's JSON refuse names that they do not know [default: tolerant]
    #[arg(long, value_enum)]
    pub(super) json_readers: Option<JsonReadersArgument>,
    /// Whose options of protobuf mean more than a note [default: nobody's]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(super) pack: Vec<PackArgument>,
    /// Report what a peer would of protobuf: `buf` as its `buf.yaml` says, or one category of it
    #[arg(long, value_enum)]
    pub(super) preset: Option<PresetArgument>,
}

impl QuestionOptions {
    /// What becomes of files that buf's configuration leaves out: who asks what buf would report compares
    /// what buf compares, and for everybody else a file is not out of danger because buf does not build it.
    pub(super) fn left_out(&self) -> LeftOut {
        if self.preset.is_some() { LeftOut::Ignored } else { LeftOut::Compared }
    }
}

/// What to write, and when to fail.
#[derive(Debug, Args)]
pub(super) struct OutputOptions {
    /// How to write the report to standard output
    #[arg(long, value_enum, default_value_t = FormatArgument::Text)]
    pub(super) format: FormatArgument,
    /// Write a report to a file too; may be repeated
    #[arg(short = 'o', long = "output", value_name = "FORMAT=PATH")]
    pub(super) files: Vec<String>,
    /// From which severity on to fail [default: error]
    #[arg(long, value_enum, env = "UNBROKEN_FAIL_ON", hide_env_values = true)]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum KindArgument {
    Openapi,
    JsonSchema,
    Protobuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ModeArgument {
    /// New readers read old data; every base is asked, so `backward-transitive` is the same
    #[value(alias = "backward-transitive")]
    Backward,
    /// Old readers read new data; `forward-transitive` is the same
    #[value(alias = "forward-transitive")]
    Forward,
    /// Both; `full-transitive` is the same
    #[value(alias = "full-transitive")]
    Full,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ContentModelArgument {
    /// Nobody hits by accident a name that the reader gives a meaning later
    Open,
    /// Anything that a validator accepts may be sent
    Strict,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatsArgument {
    /// They do
    Assert,
    /// They are notes
    Annotate,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ReadersArgument {
    /// They refuse them
    Strict,
    /// They skip unknown members of closed objects and unknown values of closed lists
    Tolerant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SurfaceArgument {
    /// Bytes, HTTP exchanges and their routes
    Wire,
    /// Names in JSON
    Json,
    /// Generated code
    Source,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum JsonReadersArgument {
    /// They skip them
    #[value(alias = "lenient")]
    Tolerant,
    /// They refuse them: a field or a value that is added breaks them
    Strict,
}

impl From<JsonReadersArgument> for crate::diff::JsonReaders {
    fn from(argument: JsonReadersArgument) -> Self {
        match argument {
            JsonReadersArgument::Tolerant => Self::Lenient,
            JsonReadersArgument::Strict => Self::Strict,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PackArgument {
    /// `google.api` and `google.longrunning`: HTTP routes, field behavior, resources, operations
    GoogleApi,
    /// `buf.validate`: constraints on values
    Protovalidate,
}

impl From<PackArgument> for crate::rules::Pack {
    fn from(argument: PackArgument) -> Self {
        match argument {
            PackArgument::GoogleApi => Self::GoogleApi,
            PackArgument::Protovalidate => Self::Protovalidate,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PresetArgument {
    /// What the `breaking:` section of `buf.yaml` selects, else FILE
    #[value(name = "buf")]
    Buf,
    /// Generated code, file by file
    #[value(name = "buf:FILE")]
    BufFile,
    /// Generated code, package by package
    #[value(name = "buf:PACKAGE")]
    BufPackage,
    /// Bytes and JSON
    #[value(name = "buf:WIRE_JSON")]
    BufWireJson,
    /// Bytes
    #[value(name = "buf:WIRE")]
    BufWire,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArgument {
    /// For people
    Text,
    /// For programs: schemas/report.v1.schema.json
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For the log of a GitHub workflow: annotations on the change
    Github,
    /// For GitLab: Code Quality
    Gitlab,
    /// For whatever shows tests
    Junit,
    /// For a job's summary
    Markdown,
    /// For a conversation: Markdown in at most 60,000 bytes
    Comment,
    /// For reviewers: one file for a browser
    Html,
}

/// How the rules are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CatalogueFormat {
    /// Ids and titles
    Text,
    /// Everything that is declared: schemas/rules.v1.schema.json
    Json,
    /// A table
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl From<FailOn> for FailOnWord {
    fn from(argument: FailOn) -> Self {
        match argument {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
            FailOn::Never => Self::Never,
        }
    }
}

impl From<ModeArgument> for Mode {
    fn from(argument: ModeArgument) -> Self {
        match argument {
            ModeArgument::Backward => Self::Backward,
            ModeArgument::Forward => Self::Forward,
            ModeArgument::Full => Self::Full,
        }
    }
}

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Self {
        match argument {
            FormatArgument::Text => Self::Text,
            FormatArgument::Json => Self::Json,
            FormatArgument::Sarif => Self::Sarif,
            FormatArgument::Github => Self::Github,
            FormatArgument::Gitlab => Self::Gitlab,
            FormatArgument::Junit => Self::Junit,
            FormatArgument::Markdown => Self::Markdown,
            FormatArgument::Comment => Self::Comment,
            FormatArgument::Html => Self::Html,
        }
    }
}

impl From<KindArgument> for crate::load::Format {
    fn from(argument: KindArgument) -> Self {
        match argument {
            KindArgument::Openapi => Self::OpenApi,
            KindArgument::JsonSchema => Self::JsonSchema,
            KindArgument::Protobuf => Self::Protobuf,
        }
    }
}

impl From<ContentModelArgument> for ContentModel {
    fn from(argument: ContentModelArgument) -> Self {
        match argument {
            ContentModelArgument::Open => Self::Open,
            ContentModelArgument::Strict => Self::Strict,
        }
    }
}

impl From<FormatsArgument> for Formats {
    fn from(argument: FormatsArgument) -> Self {
        match argument {
            FormatsArgument::Assert => Self::Assert,
            FormatsArgument::Annotate => Self::Annotate,
        }
    }
}

impl From<ReadersArgument> for Readers {
    fn from(argument: ReadersArgument) -> Self {
        match argument {
            ReadersArgument::Strict => Self::Strict,
            ReadersArgument::Tolerant => Self::Tolerant,
        }
    }
}

impl From<SurfaceArgument> for SurfaceWord {
    fn from(argument: SurfaceArgument) -> Self {
        match argument {
            SurfaceArgument::Wire => Self::Wire,
            SurfaceArgument::Json => Self::Json,
            SurfaceArgument::Source => Self::Source,
        }
    }
}
