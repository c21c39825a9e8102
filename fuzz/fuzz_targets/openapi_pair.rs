//! Two descriptions, divided by a zero byte: compared without a panic, and nothing is found in one
//! against itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unbroken::diff::{CompareOptions, Readers, compare};
use unbroken::load::{LoadOptions, Loaded, openapi};
use unbroken::model::Mode;
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::Assumptions;

fn loaded(bytes: &[u8]) -> Option<Loaded> {
    let path = RepoPath::new("fuzz.yaml").ok()?;
    let snapshot = MemorySnapshot::new("fuzz", [(path.clone(), bytes.to_vec())]);
    Some(openapi::load(&snapshot, &path, &LoadOptions::default()))
}

fuzz_target!(|bytes: &[u8]| {
    let Some(middle) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (Some(old), Some(new)) = (loaded(&bytes[..middle]), loaded(&bytes[middle + 1..])) else {
        return;
    };
    let options = CompareOptions {
        mode: Mode::Backward,
        assumptions: Assumptions::default(),
        readers: Readers::Strict,
        ..CompareOptions::default()
    };
    compare(&old, &new, options);
    if let Some(again) = loaded(&bytes[..middle]) {
        assert!(compare(&old, &again, options).findings.is_empty());
    }
});
