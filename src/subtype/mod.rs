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
mod apart;
mod array;
mod asked;
mod atoms;
mod bounds;
mod branch;
mod budget;
mod candidates;
mod cases;
mod coming;
mod covering;
mod decide;
mod denied;
mod engine;
mod evaluate;
mod evaluations;
mod evaluators;
pub(crate) mod exchange;
mod foresee;
pub mod format;
mod fresh;
mod goal;
mod inside;
mod kept;
mod known;
pub mod language;
mod lent;
mod likely;
mod loosen;
mod marked;
mod names;
mod notations;
pub mod number;
mod object;
mod placement;
mod profile;
mod readings;
mod recall;
mod refute;
mod rest;
mod scalar;
mod sends;
mod serving;
mod sharing;
mod spare;
mod spelling;
mod tables;
mod tagged;
mod tags;
mod term;
mod text;
mod text_elements;
mod text_members;
mod trying;
mod unevaluated;
mod unfold;
mod untold;
mod values;
mod view;
mod writer;

pub use engine::{Engine, Example};
pub use kept::KeptBack;
pub use view::{Assumptions, Carrier, Containment, ContentModel, Formats, Reason, Role, View};
