//! Repositories built in a temporary directory: what is found to compare, and with what.

mod base;
mod changes;
mod ci;
mod diff;
mod discovery;
mod opening;
mod past;
mod scratch;
