//! JSON Schema, every draft from 04 to 2020-12, and the schemas inside descriptions of HTTP APIs.
//!
//! **Invariant:** a keyword is read where its dialect knows it and only there; what cannot be read
//! is a problem with a place *and* marks its shape, so that nothing passes in silence.

mod asides;
mod contract;
mod declarations;
mod dialect;
mod in_place;
mod keyword;
mod keywords;
mod metaschemas;
mod positions;
mod reader;
mod referee;
mod references;
mod resources;
mod schema;
mod scope;
mod validity;
mod values;

#[cfg(test)]
mod corpus;

use keyword::Keyword;

pub use contract::load;
pub use dialect::{Declaration, Dialect};
pub use keyword::words;
pub use reader::SchemaReader;
pub use referee::SchemaReferee;
pub use resources::own_fragment;
pub use values::{MAX_VALUES, json};
