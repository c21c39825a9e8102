//! Alternatives: which cases of a disjunction are looked into, in which order, and which need never be.

pub(in crate::subtype) mod apart;
mod branch;
mod cases;
pub(in crate::subtype) mod decide;
mod foresee;
pub(in crate::subtype) mod tagged;
mod tags;
mod trying;
mod untold;
