//! Pairing and the walk: finds what corresponds to what, and lets the rules speak.
//!
//! **Invariant:** both sides are taken apart in full, so a new word in the model does not compile
//! until somebody decides what a change to it means.

mod anchor;
mod assumed;
mod blame;
mod compare;
mod components;
mod culprits;
mod finding;
mod gaps;
mod heirs;
mod http;
mod innocent;
mod ledger;
mod lifecycle;
mod lift;
mod losing;
pub(crate) mod messages;
mod others;
mod remarks;
mod renamed;
mod session;
mod settle;
pub(crate) mod shapes;
mod together;
mod told;
mod trial;
mod untold;
mod whole;
mod witness;
mod wording;

pub use compare::{Comparison, as_peer, compare, compare_once};
pub use finding::{Crossing, Finding, PeerFinding, Proof, Reach};
pub use gaps::{Shared, shared};
pub use messages::has_passed;
pub use session::{CompareOptions, JsonReaders, Readers};
pub use whole::{Unread, dissolved, moved, unpaired, unreadable};
pub use witness::{
    HttpBody, HttpForm, HttpHeader, HttpResponse, Witness, WitnessEffect, WitnessForm, WitnessSide,
};
