//! Is every value that this writer sends accepted by that reader? Pure, total, three-valued.
//!
//! The question is whether the writer's set without the reader's is empty. A *goal* is a set of
//! literals about one value: shapes that hold, shapes that refuse. It is split by type, then by
//! cases, until only facts are left; facts about members and elements are goals again. Recursive
//! shapes make goals recur: values are finite, so a goal that needs itself has no member.
//!
//! **Invariant:** no clock, no randomness, no I/O; every budget is a count, and one that is
//! exhausted is [`Containment::Undecided`] with its name.

pub(crate) mod admitted;
mod alternatives;
mod bounds;
mod budget;
mod candidates;
mod covering;
mod engine;
mod evaluate;
pub(crate) mod exchange;
pub mod format;
mod goal;
mod instance;
mod known;
pub mod language;
mod names;
mod notations;
pub mod number;
mod profile;
mod recall;
mod refute;
mod spare;
mod tables;
mod term;
mod text;
mod unevaluated;
mod unfold;
mod values;
mod view;
mod writer;

pub use engine::{Engine, Example};
pub use view::{Assumptions, Carrier, Containment, ContentModel, Formats, Reason, Role, View};
pub use writer::kept::KeptBack;
