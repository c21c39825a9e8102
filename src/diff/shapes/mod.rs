//! Payloads that are JSON values: walks pairs of places, and judges every edit by containment.
//!
//! An edit is judged at the place where it was made, every other edit undone; where an applicator
//! stands between the edit and the place's value, at the place that holds the applicator. What holds
//! as a whole excuses every edit inside it, and what fails as a whole without any edit to blame is
//! one finding that names them all.

mod copy;
mod cycles;
mod deeper;
mod fill;
mod graft;
mod grafts;
mod inside;
mod joined;
mod judged;
mod listed;
mod local;
mod loss;
mod lost;
mod mixed;
mod others;
mod pairing;
mod pairs;
mod path;
mod places;
mod plain;
mod respelling;
mod second;
mod similarity;
mod slice;
mod slots;
mod statement;
mod suspects;
mod telling;
mod touched;
mod turns;
mod walk;
mod way;
mod ways;

pub(crate) use inside::{has_many_branches, inside, position, put};
pub(crate) use judged::{Direction, Judged, Outcome, left_open, sole, together};
pub(crate) use mixed::Mixture;
pub(crate) use pairs::{EditId, PairId};
pub(crate) use path::Path;
pub(crate) use respelling::says_nothing_else;
pub(crate) use touched::Touched;
pub(crate) use walk::{Ends, Question, Walk, views};
