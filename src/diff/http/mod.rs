//! HTTP operations: pairs what is offered, and sends every payload to the walk.

mod body;
mod coverage;
mod encoding;
mod exchange;
mod header;
mod layout;
mod media;
mod moves;
mod operation;
mod parameter;
mod response;
mod security;
mod server;
mod sketch;
mod spread;
mod styled;
mod way;
mod xml;

pub(crate) use operation::compare;
pub(crate) use sketch::{Parties, carried, illustration, routed};
