//! One binary for all tests from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod accepted;
mod action;
mod answers;
mod as_text;
mod blame;
mod browser;
mod case;
mod cases;
mod cli;
mod comparison;
mod compiled;
mod config_page;
mod containment;
mod containment_mutated;
mod containment_random;
mod crowd;
mod edits;
mod findings_random;
mod fingerprints;
mod formats;
mod fresh;
mod git;
mod hostile;
mod keyword_edits;
mod knowing;
mod laws;
mod many;
mod nesting;
mod oasdiff;
mod one_edit;
mod openapi_edits;
mod openapi_reader;
mod openapi_versions;
mod pages;
mod peer;
mod places;
mod protobuf;
mod reports;
mod rewrite;
mod rules;
mod sampling;
mod sarif;
mod schema_edits;
mod second_opinion;
mod showcase;
mod stories;
mod terminal;
mod tidy;
mod truth;
mod whole_report;
mod wide;
mod writers;
