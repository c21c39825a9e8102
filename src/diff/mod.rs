//! Pairing and the walk: finds what corresponds to what, and lets the rules speak.
//!
//! **Invariant:** both sides are taken apart in full, so a new word in the model does not compile
//! until somebody decides what a change to it means.

mod finding;
pub(crate) mod messages;

pub use finding::{Finding, Proof, Reach, Witness, WitnessEffect, WitnessForm, WitnessSide};
