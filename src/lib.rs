//! Tells, before a merge, whether an API contract change breaks anyone, and shows the value that breaks.
//!
//! The library is a pipeline, and `src/` reads like it: bytes come from a [`source`], become a
//! [`document`] in which every node has a position, are [`load`]ed into a [`model`] that knows no
//! format, are compared by [`diff`] with the help of the [`rules`] and of [`subtype`], which decides
//! whether every value that one side writes is accepted by the other; [`proof`] confirms each
//! counterexample with a referee that does not share our engine. [`policy`] says what the team
//! minds, and [`report`] says it.

pub mod cli;
pub mod diff;
pub mod document;
pub mod load;
pub mod model;
pub mod policy;
pub mod proof;
pub mod report;
pub mod rules;
pub mod source;
pub mod subtype;
