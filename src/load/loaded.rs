//! What loading yields.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::comments::ReadComments;
use super::texts::Texts;
use crate::document::Document;
use crate::model::{Contract, Json, MessageId, Polarity};
use crate::source::{Files, RepoPath, Span};

/// A contract format that can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// OpenAPI and Swagger descriptions of HTTP APIs.
    OpenApi,
    /// JSON Schema documents.
    JsonSchema,
    /// Protocol buffers.
    Protobuf,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::OpenApi, Self::JsonSchema, Self::Protobuf];

    /// The word that flags use.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::JsonSchema => "json-schema",
            Self::Protobuf => "protobuf",
        }
    }
}

/// How to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadOptions {
    /// The largest file that is read, in bytes.
    pub max_bytes: u64,
    /// How deep values may nest.
    pub max_depth: usize,
    /// How many files one contract may reach.
    pub max_files: usize,
    /// The files that identifiers in them name, as far as somebody has looked.
    pub identified: BTreeMap<String, RepoPath>,
    /// The texts that were read for others too.
    pub texts: Texts,
}

impl Default for LoadOptions {
    fn default() -> Self {
        let (identified, texts) = (BTreeMap::new(), Texts::default());
        Self { max_bytes: 256 << 20, max_depth: 512, max_files: 20_000, identified, texts }
    }
}

/// One side of a comparison.
pub struct Loaded {
    /// What is promised.
    pub contract: Contract,
    /// What could not be used.
    pub problems: Vec<Problem>,
    /// Every file that was read; spans of the contract index into it.
    pub files: Files,
    /// The trees of those files that have one, for showing where in them a place is.
    pub trees: Vec<Arc<Document>>,
    /// Who confirms witnesses on this side.
    pub referee: Referee,
    /// What the files declared before, where that is known.
    pub past: Option<Box<dyn Past>>,
    /// How the comments of its files are read; `None` where they say nothing, or are read with the
    /// rest.
    pub comments: Option<ReadComments>,
    /// Whether there is anything to compare.
    pub extent: Extent,
    /// The places of which nothing is known.
    pub gaps: Vec<Gap>,
}

/// A place of a contract of which nothing is known, because something could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The place: what is wrong itself, or what refers to it.
    pub at: Span,
    /// Which of the problems of its side it is.
    pub problem: usize,
    /// What is said wherever a verdict is open because of it; empty where no shape says so.
    pub reason: Arc<str>,
    /// The operation that lacks it, or the path of some; empty where any may lack it. `None` where
    /// no list is cut short by it: a shape says by itself that something of it was not read.
    pub owner: Option<Arc<str>>,
}

/// How much of a side could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it, but for the parts that problems tell of.
    Read,
    /// Nothing: what it promises is not known, which is not the same as that it promises nothing.
    Nothing,
    /// All of it, and it is no contract of this format.
    Foreign,
}

/// What the files of a side declared at earlier revisions.
pub trait Past: Send + Sync {
    /// The fields and enumeration values that a file, by its import path, has ever declared, newest
    /// first; what several revisions declared alike is told once.
    fn declared(&self, file: &str) -> Arc<[PastElement]>;

    /// The same of everything that files declared, and lost by an edit or with the file, where one
    /// declares or extends something of this name, which is one without its package and parents.
    fn lost(&self, name: &str) -> Arc<[PastElement]>;

    /// What of the earlier revisions was not looked at when it was asked about so far, and why: a
    /// sentence for each reason.
    fn unread(&self) -> Vec<String>;
}

/// What the owner of an extension begins with.
pub const EXTENDED: &str = "extend ";

/// A field, an extension or an enumeration value of an earlier revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastElement {
    /// The last revision that declared it so.
    pub revision: String,
    /// The message or enumeration, by the full name that it has today; for an extension [`EXTENDED`]
    /// and the message as it was written.
    pub owner: String,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// The type as written, types by their last part; `None` for an enumeration value.
    pub kind: Option<String>,
}

/// Something in an input that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub kind: ProblemKind,
    /// What is wrong and what to do, in one line.
    pub message: String,
    /// Where; `None` where the file itself could not be read as text.
    pub span: Option<Span>,
    /// The file, for problems without a span.
    pub path: Option<String>,
}

/// How bad a problem is. Order is from harmless to harmful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// Read in the closest sense; worth mending.
    Warning,
    /// A part of the contract could not be read; the rest could.
    Part,
    /// The contract could not be read at all.
    Unreadable,
    /// Refused for safety: a limit, or a reference outside the repository.
    Refused,
}

/// Who confirms witnesses: independent of our engine.
pub enum Referee {
    /// For JSON values.
    Values(Box<dyn ValueReferee>),
    /// For numbered messages.
    Messages(Box<dyn MessageReferee>),
    /// Nobody.
    None,
}

/// What a referee says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// The schema accepts it.
    Accepts,
    /// The schema refuses it, for this reason in its own words.
    Refuses(String),
    /// The referee cannot judge it, and why.
    Unable(String),
}

/// A validator of the source schema, not of our model.
pub trait ValueReferee: Send + Sync {
    /// Who it is: `jsonschema`.
    fn name(&self) -> &'static str;

    /// Whether the schema written at `schema` accepts `value`, crossing with this polarity.
    ///
    /// `http` says that `readOnly` and `writeOnly` bear on it; `assert_formats` that the formats of
    /// the table in `subtype::format` are asserted.
    /// The reason against a value is what the referee has against the place in it that `near`, a
    /// JSON Pointer, leads to, where it has anything against that.
    fn judge_near(&self, schema: Span, value: &Json, how: Reading, near: &str) -> Opinion;

    /// The same of a value no place of which matters more than others.
    fn judge(&self, schema: Span, value: &Json, how: Reading) -> Opinion {
        self.judge_near(schema, value, how, "")
    }

    /// Says that the value will be asked about, so that it can be seen to beside others.
    fn expect(&self, _schema: Span, _value: &Json, _how: Reading) {}

    /// The schema written at `schema` and all that it reaches as one text, for somebody else to
    /// compare, with names that begin with the prefix. There is none where the text would not say the same by itself: in several drafts,
    /// with names that other texts give a meaning, with formats that others read otherwise.
    fn by_itself(&self, schema: Span, how: Reading, prefix: &str) -> Option<Standalone>;

    /// Whether it accepts the value for certain: the same answer without a reason, which may cost
    /// much less.
    fn accepts(&self, schema: Span, value: &Json, how: Reading) -> bool {
        self.judge(schema, value, how) == Opinion::Accepts
    }
}

/// A schema that needs nothing beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standalone {
    /// The schema itself.
    pub root: serde_json::Value,
    /// What it refers to by `#/$defs/NAME`.
    pub definitions: serde_json::Map<String, serde_json::Value>,
    /// What it is written in.
    pub draft: jsonschema::Draft,
}

/// How a referee is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Who writes the value.
    pub polarity: Polarity,
    /// Whether `readOnly` and `writeOnly` bear on it.
    pub http: bool,
    /// Whether formats are asserted.
    pub assert_formats: bool,
}

/// What a message violates of the constraints that its contract states beside its types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    /// What it violates.
    pub found: Vec<Violated>,
    /// Whether there are constraints that nobody here can check.
    pub unchecked: bool,
}

/// A constraint that a message violates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violated {
    /// The field of the message, or its field around the place.
    pub field: Arc<str>,
    /// The constraint: its option in full, and the way into it.
    pub constraint: String,
    /// Fields of the message of which one must be set, where that is all that is asked.
    pub choices: Vec<Arc<str>>,
}

/// A runtime for the messages of one side, which are asked for by the ids that the side gives them.
pub trait MessageReferee: Send + Sync {
    /// Who answers for this message, or for these bytes of it: not one runtime serves them all.
    fn name_for(&self, message: MessageId, bytes: Option<&[u8]>) -> &'static str;

    /// The bytes of a message given in canonical JSON.
    ///
    /// # Errors
    /// When this side's message cannot hold the value, in the runtime's own words.
    fn encode(&self, message: MessageId, value: &Json) -> Result<Vec<u8>, String>;

    /// The message that this side reads from the bytes, in canonical JSON with all fields that are
    /// present; unknown fields are not shown.
    ///
    /// # Errors
    /// When this side refuses the bytes, in the runtime's own words.
    fn decode(&self, message: MessageId, bytes: &[u8]) -> Result<Json, String>;

    /// The bytes that this side writes when it passes on a message that it has read.
    ///
    /// # Errors
    /// When this side refuses the bytes, in the runtime's own words.
    fn relay(&self, message: MessageId, bytes: &[u8]) -> Result<Vec<u8>, String>;

    /// What this side reads where the field of this JSON name is absent.
    fn absent(&self, message: MessageId, name: &str) -> Option<Json>;

    /// What a message in canonical JSON violates of the constraints that this side states.
    fn violations(&self, message: MessageId, value: &Json) -> Violations;

    /// The JSON text that this side reads, read back as canonical JSON; unknown names are refused.
    ///
    /// # Errors
    /// When this side refuses the text, in the runtime's own words.
    fn read_json(&self, message: MessageId, value: &Json) -> Result<Json, String>;
}
