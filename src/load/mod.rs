//! Format to model: one folder per format.
//!
//! **Invariant:** a format's name is known here and nowhere else. Loading never fails as a whole:
//! what cannot be used is a [`Problem`], what cannot be expressed is marked in the model.

mod comments;
mod loaded;
mod nearby;
mod open;
mod room;
mod standing;
mod survivor;
mod texts;

pub mod json_schema;
pub mod openapi;
pub mod protobuf;

pub use comments::{Comments, ReadComments};
pub use loaded::{
    EXTENDED, Extent, Format, Gap, LoadOptions, Loaded, MessageReferee, Opinion, Past, PastElement,
    Problem, ProblemKind, Reading, Referee, Standalone, ValueReferee, Violated, Violations,
};
pub use open::load;
pub(crate) use room::{contained, is_contained, spawn_with_room, with_room, with_room_throughout};
pub use texts::Texts;
