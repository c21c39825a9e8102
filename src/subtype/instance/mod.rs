//! A value that meets what a term knows: its members, its elements, or the scalar that it is.

mod array;
mod atoms;
mod fresh;
mod object;
mod placement;
pub(in crate::subtype) mod scalar;
mod serving;
mod sharing;
