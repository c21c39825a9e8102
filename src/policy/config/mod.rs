//! `unbroken.yaml`: what a team says of its contracts, and what it minds.
//!
//! The types here are the file: what they admit is what the file may say, the descriptions of
//! `schemas/config.v1.schema.json` are their comments, and a test holds the two together.

mod file;
mod listing;
mod read;
#[cfg(test)]
mod schema;
mod values;
mod words;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(in crate::policy) use file::tree;
pub use file::{CONFIG_PATH, ConfigError, ConfigFile, MISNAMED};
pub use listing::{Given, Origin, Setting, settings};
pub(in crate::policy) use read::{Misfit, read};
pub use values::{Day, KindWord, RuleId, day};
pub(in crate::policy) use values::{read_day, read_optional_day};
pub use words::{
    ContentModelWord, FailOnWord, FormatsWord, ModeWord, PackWord, ReadersWord, StabilityWord,
    SurfaceWord,
};

use super::Severity;
use crate::source::{Folder, Pattern};

/// What a team says of its contracts, and what it minds. Every part may be left out: what is not
/// said has a default, and contracts are found without being named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// What is said of single contracts. Where several entries cover one, the later ones win, key
    /// by key.
    pub contracts: Vec<ContractEntry>,
    /// Files that are no contracts of this team: copies, fixtures, generated files. A file that
    /// `contracts` covers is never ignored.
    pub ignore: Vec<Pattern>,
    /// The folders in which imports of `.proto` files are looked up, in this order and before all others,
    /// as compilers are given them. What lies below one is imported by its path from there. Those that
    /// are not named are found, or taken from `buf.yaml`.
    pub import_roots: Vec<Folder>,
    /// Versions that are still in use. Head is compared with each of them too.
    pub supported: Vec<Supported>,
    /// What the team minds.
    pub policy: PolicySection,
    /// Where findings are accepted: the path of the file, from the root of the repository. By
    /// default `.unbroken/accepted.yaml`.
    pub accept: Option<String>,
}

/// What is said of the contracts at some paths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContractEntry {
    /// Which contracts: patterns of paths from the root of the repository. A tree of `.proto`
    /// files is named by the folder in which it begins.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub paths: Vec<Pattern>,
    /// What the files are, where it cannot be seen from their content.
    #[serde(default)]
    pub kind: Option<KindWord>,
    /// Who owns them; by default whom `CODEOWNERS` names.
    #[serde(default)]
    pub owner: Option<String>,
    /// Which standalone payloads must be readable by whom. By default `backward`, for protobuf
    /// `full`.
    #[serde(default)]
    pub mode: Option<ModeWord>,
    /// The surfaces that count. By default `wire` and `json`, for protobuf all three.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub surfaces: Option<Vec<SurfaceWord>>,
    /// How settled they are: what breaks in a draft is no error.
    #[serde(default)]
    pub stability: Option<StabilityWord>,
    /// What readers do with values that they do not know. By default `strict`.
    #[serde(default)]
    pub readers: Option<ReadersWord>,
    /// What is assumed of the names that writers send. By default `open`.
    #[serde(default)]
    pub content_model: Option<ContentModelWord>,
    /// Whether known formats constrain values. By default `assert`.
    #[serde(default)]
    pub formats: Option<FormatsWord>,
    /// Whether readers of ProtoJSON refuse names that they do not know (`strict`) or skip them. By
    /// default `tolerant`.
    #[serde(default)]
    pub json_readers: Option<ReadersWord>,
    /// Whose options of messages mean more than a note: routes, constraints, resources. By default
    /// nobody's.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub packs: Option<Vec<PackWord>>,
}

/// Versions that are still in use: tags or branches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("oneOf" = [
    { "required": ["tags"] }, { "required": ["branches"] }
])))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Supported {
    /// Tags: a pattern of their names.
    #[serde(default)]
    pub tags: Option<Pattern>,
    /// Branches: a pattern of their names; one that is here and one of `origin` both count.
    #[serde(default)]
    pub branches: Option<Pattern>,
    /// The last day on which they are supported (`2027-01-31`); afterwards the entry means nothing.
    #[serde(default, deserialize_with = "read_optional_day")]
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date")))]
    pub until: Option<Day>,
    /// Whether they run beside the new version, so that each must read what the other writes: in a
    /// rolling deployment, before a rollback.
    #[serde(default)]
    pub side_by_side: bool,
}

/// What the team minds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicySection {
    /// From which severity on `check` fails. By default `error`.
    pub fail_on: Option<FailOnWord>,
    /// How much the team minds each kind of change, wherever it happens.
    #[cfg_attr(test, schemars(extend("propertyNames" = { "$ref": "#/$defs/Rule" })))]
    pub rules: BTreeMap<RuleId, Severity>,
    /// The same for some places only. The last entry that fits a finding decides, before `rules`.
    pub severities: Vec<SeverityEntry>,
    /// What is expected of an announced removal.
    pub sunset: Sunset,
}

/// How much the team minds some findings: those that fit every key that is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeverityEntry {
    /// Of these rules.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub rules: Option<Vec<RuleId>>,
    /// In contracts that one of these patterns covers.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub paths: Option<Vec<Pattern>>,
    /// That break, or may break, nothing but these surfaces.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub surfaces: Option<Vec<SurfaceWord>>,
    /// How much.
    pub severity: Severity,
}

/// What is expected of an announced removal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sunset {
    /// How many days at least lie between the announcement and the sunset. By default 0.
    pub minimum_days: u32,
}

/// Where findings are accepted unless the config says otherwise.
pub const ACCEPT_PATH: &str = ".unbroken/accepted.yaml";

impl Config {
    /// Where findings are accepted.
    pub fn accept_path(&self) -> &str {
        self.accept.as_deref().unwrap_or(ACCEPT_PATH)
    }
}
