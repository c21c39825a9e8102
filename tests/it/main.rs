//! One binary for all tests from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod case;
mod cases;
mod cli;
mod comparison;
mod compiled;
mod config_page;
mod containment;
mod containment_random;
mod fingerprints;
mod formats;
mod git;
mod laws;
mod openapi_reader;
mod pages;
mod peer;
mod protobuf;
mod reports;
mod rewrite;
mod rules;
mod tidy;
mod writers;
