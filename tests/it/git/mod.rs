//! Repositories built in a temporary directory: what is found to compare, and with what.

mod acceptances;
#[cfg(unix)]
mod attack;
mod base;
mod changes;
mod ci;
mod clones;
mod closure;
mod config;
mod crossing;
mod diff;
mod discovery;
mod hooks;
mod index;
mod names;
mod opening;
mod past;
mod policy;
pub(crate) mod scratch;
mod supported;
mod unread;
mod unseen;
