//! Repositories built in a temporary directory: what is found to compare, and with what.

mod acceptances;
mod base;
mod changes;
mod ci;
mod diff;
mod discovery;
mod opening;
mod past;
mod policy;
mod scratch;
mod supported;
