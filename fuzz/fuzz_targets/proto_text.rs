//! Any bytes are a tree of messages, or problems.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unbroken::load::LoadOptions;
use unbroken::load::protobuf::{self, ProtoRoot};
use unbroken::source::{Folder, MemorySnapshot, RepoPath};

fuzz_target!(|bytes: &[u8]| {
    let Ok(path) = RepoPath::new("fuzz.proto") else { return };
    let snapshot = MemorySnapshot::new("fuzz", [(path.clone(), bytes.to_vec())]);
    let folders = vec![Folder::new("")];
    let root = ProtoRoot::new(path.clone(), folders, vec![path]);
    protobuf::load(&snapshot, &root, &LoadOptions::default());
});
