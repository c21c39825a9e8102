//! The closed lists of words that a config may say, and what they mean to the rest of the program.

use serde::Deserialize;

use crate::diff::{JsonReaders, Readers};
use crate::model::{Mode, Stability, Surface};
use crate::policy::{Severity, Threshold};
use crate::rules::Pack;
use crate::subtype::{ContentModel, Formats};

/// Which standalone payloads (stored documents, events) must be readable by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ModeWord {
    /// New readers read old data.
    Backward,
    /// Old readers read new data.
    Forward,
    /// Both.
    Full,
    /// New readers read the data of every supported version; `supported` must name some.
    BackwardTransitive,
    /// The readers of every supported version read new data; `supported` must name some.
    ForwardTransitive,
    /// Both, for every supported version; `supported` must name some.
    FullTransitive,
}

impl ModeWord {
    /// The question that is asked of each base.
    pub fn mode(self) -> Mode {
        match self {
            Self::Backward | Self::BackwardTransitive => Mode::Backward,
            Self::Forward | Self::ForwardTransitive => Mode::Forward,
            Self::Full | Self::FullTransitive => Mode::Full,
        }
    }

    /// Whether it promises something to all supported versions.
    pub fn is_transitive(self) -> bool {
        match self {
            Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive => true,
            Self::Backward | Self::Forward | Self::Full => false,
        }
    }
}

/// What a consumer may be coupled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SurfaceWord {
    /// Bytes, HTTP exchanges and the routes they travel.
    Wire,
    /// Names in JSON.
    Json,
    /// Generated code.
    Source,
}

impl From<SurfaceWord> for Surface {
    fn from(word: SurfaceWord) -> Self {
        match word {
            SurfaceWord::Wire => Self::Wire,
            SurfaceWord::Json => Self::Json,
            SurfaceWord::Source => Self::Source,
        }
    }
}

/// How settled a contract is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StabilityWord {
    /// Not meant for use: what breaks is a note.
    Draft,
    /// May change at any time: what breaks is a note.
    Alpha,
    /// May change with notice: what breaks is a warning.
    Beta,
    /// Settled.
    Stable,
}

impl From<StabilityWord> for Stability {
    fn from(word: StabilityWord) -> Self {
        match word {
            StabilityWord::Draft => Self::Draft,
            StabilityWord::Alpha => Self::Alpha,
            StabilityWord::Beta => Self::Beta,
            StabilityWord::Stable => Self::Stable,
        }
    }
}

/// What readers do with values that they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReadersWord {
    /// They skip unknown members of closed objects and unknown values of closed lists.
    Tolerant,
    /// They refuse them.
    Strict,
}

impl From<ReadersWord> for JsonReaders {
    fn from(word: ReadersWord) -> Self {
        match word {
            ReadersWord::Tolerant => Self::Lenient,
            ReadersWord::Strict => Self::Strict,
        }
    }
}

impl From<ReadersWord> for Readers {
    fn from(word: ReadersWord) -> Self {
        match word {
            ReadersWord::Tolerant => Self::Tolerant,
            ReadersWord::Strict => Self::Strict,
        }
    }
}

/// A pack of options that mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PackWord {
    /// `google.api` and `google.longrunning`: HTTP routes, field behavior, resources, operations.
    GoogleApi,
    /// `buf.validate`: constraints on values.
    Protovalidate,
}

impl From<PackWord> for Pack {
    fn from(word: PackWord) -> Self {
        match word {
            PackWord::GoogleApi => Self::GoogleApi,
            PackWord::Protovalidate => Self::Protovalidate,
        }
    }
}

/// What is assumed of the names that writers send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ContentModelWord {
    /// Nobody hits by accident a name that the reader gives a meaning later.
    Open,
    /// Anything that a validator accepts may be sent.
    Strict,
}

impl From<ContentModelWord> for ContentModel {
    fn from(word: ContentModelWord) -> Self {
        match word {
            ContentModelWord::Open => Self::Open,
            ContentModelWord::Strict => Self::Strict,
        }
    }
}

/// Whether known formats (`date-time`, `uuid`, …) constrain values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FormatsWord {
    /// They are notes.
    Annotate,
    /// They do.
    Assert,
}

impl From<FormatsWord> for Formats {
    fn from(word: FormatsWord) -> Self {
        match word {
            FormatsWord::Assert => Self::Assert,
            FormatsWord::Annotate => Self::Annotate,
        }
    }
}

/// From which severity on a comparison fails. Order is from strict to lenient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FailOnWord {
    /// From notes on.
    Note,
    /// From warnings on.
    Warning,
    /// From errors on.
    Error,
    /// Never: for observing first.
    Never,
}

impl FailOnWord {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Never => "never",
        }
    }
}

impl From<FailOnWord> for Threshold {
    fn from(word: FailOnWord) -> Self {
        match word {
            FailOnWord::Note => Self::At(Severity::Note),
            FailOnWord::Warning => Self::At(Severity::Warning),
            FailOnWord::Error => Self::At(Severity::Error),
            FailOnWord::Never => Self::Never,
        }
    }
}
