//! From a counterexample to a confirmed witness.
//!
//! The engine's word is never taken for it: the writer's own schema must accept the value and the
//! reader's own schema refuse it, in the opinion of a referee that reads the source and shares nothing
//! with the engine. **Invariant:** no verdict of its own.

mod ahead;
mod confirm;
mod readings;
mod second;
mod shrink;

pub(crate) use ahead::{Answer, Asker, ahead};
pub(crate) use confirm::{Confirmation, Ends, Passage, confirm};
pub(crate) use second::{SECOND, Second, Written};
pub(crate) use shrink::{Shows, deletions, shrink, without};
