//! What is promised, in no format's words.
//!
//! Plain data with public fields: contracts, operations, the graph of shapes (cycles allowed),
//! numbered messages, exact numbers. **Invariant:** no I/O, no serialisation, no format's name.

mod alone;
mod component;
mod contract;
mod decimal;
mod enum_values;
mod equality;
mod file_defaults;
mod graph;
mod json;
mod kind;
mod lifecycle;
mod message;
pub(crate) mod moment;
mod operation;
mod payload;
mod polarity;
mod remarks;
mod security;
mod shape;
mod site;
mod surface;
mod written;

pub use component::{Component, Heir, Heirs, Naming, Usage};
pub use contract::{Contract, Declared, Mode, Root};
pub use decimal::{Decimal, NotANumber, Notation};
pub use enum_values::EnumValues;
pub use equality::{Class, Equality};
pub(crate) use equality::{are_written_alike, same_words, spelling};
pub use file_defaults::FileDefaults;
pub use graph::*;
pub use json::{Json, Piece};
pub use kind::{Kind, Kinds};
pub use lifecycle::{Day, Lifecycle, Stability, Sunset};
pub use message::*;
pub use operation::*;
pub use payload::*;
pub use polarity::Polarity;
pub use remarks::{EXAMPLE, IGNORED_HEADER, Remarks, Reworded};
pub use security::*;
pub use shape::*;
pub use site::{Part, Site, Step};
pub use surface::{Surface, Surfaces};
pub(crate) use written::{Holder, written_parts};
