//! Any bytes are a tree or an error with a place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unbroken::document::{Documents, Limits};
use unbroken::source::{MemorySnapshot, RepoPath};

fuzz_target!(|bytes: &[u8]| {
    let Ok(path) = RepoPath::new("fuzz.json") else { return };
    let snapshot = MemorySnapshot::new("fuzz", [(path.clone(), bytes.to_vec())]);
    let mut documents = Documents::new(&snapshot, Limits::default());
    if let Err(error) = documents.open(&path) {
        assert!(!error.message.is_empty());
        assert!(documents.files().get(error.span.file).is_some());
    }
});
