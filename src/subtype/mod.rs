//! Is every value that this writer sends accepted by that reader? Pure, total, three-valued.
//!
//! **Invariant:** no clock, no randomness, no I/O; every budget is a count, and one that is
//! exhausted is [`Containment::Undecided`] with its name.

pub mod language;
mod view;

pub use view::{Assumptions, Carrier, Containment, ContentModel, Formats, Reason, Role, View};
