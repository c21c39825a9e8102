//! Where bytes come from: git objects, the index, the work tree, plain files.
//!
//! **Invariant:** nothing here knows a contract format, and nothing outside this folder and the
//! binary touches the disk or git.

mod across;
mod base;
mod base_error;
mod bearing;
mod beyond;
mod changes;
mod ci;
mod crossing;
mod directory;
mod disk;
mod environment;
mod error;
mod fetch;
mod git_index;
mod git_tree;
mod history;
mod hooks;
mod import_roots;
mod index_file;
mod kindred;
mod links;
mod main_line;
mod meeting;
mod modules;
mod moves;
mod operand;
mod package;
mod pairs;
mod path;
mod prepare;
mod remote;
mod repository;
mod selection;
mod similarity;
mod snapshot;
mod sniff;
mod span;
mod split_index;
mod supported;
mod survey;
mod unseen;
mod walk;
mod work_tree;

pub use base::{Base, HeadChoice, HeadState, Resolution, Why, resolve};
pub use base_error::BaseError;
pub use beyond::Beyond;
pub use changes::{Change, Changes, Differences, Head, between_listings};
pub use ci::deleted;
pub use directory::Directory;
pub use environment::Environment;
pub use error::SourceError;
pub use fetch::Fetch;
pub use git_index::GitIndex;
pub use git_tree::GitTree;
pub use history::{
    History, HistoryLimit, Kinship, Lost, MAX_LOST, MAX_REVISIONS, MAX_VERSIONS, Version,
};
pub use hooks::{HooksFolder, Reach};
pub use import_roots::Folder;
pub use operand::{Operand, open_operand};
pub use package::{are_near, family};
pub use pairs::{ContractPair, Discovered, How, Imports, Root, discover, pair_contracts};
pub use path::{InvalidPath, RepoPath};
pub use prepare::{
    Comparison, DiffRequest, Opened, Prepared, PreparedDiff, Request, lacking, open, prepare,
    prepare_diff,
};
pub use repository::Repository;
pub use selection::{LeftOut, Named, Pattern, Selection};
pub use snapshot::{ContentId, Label, Listing, MemorySnapshot, Snapshot, is_candidate};
pub use sniff::Kind;
pub use span::{FileId, Files, Position, SourceFile, Span};
pub use supported::{Line, supported};
pub use survey::{References, Seen};
pub use unseen::Unseen;
pub use work_tree::WorkTree;
