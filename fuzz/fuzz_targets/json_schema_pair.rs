//! Two schemas, divided by a zero byte: what is said to be a counterexample is one.
#![no_main]

use jsonschema::{Draft, Validator};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use unbroken::load::{LoadOptions, Loaded, json_schema};
use unbroken::model::Polarity;
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{
    Assumptions, Carrier, Containment, ContentModel, Engine, Formats, Role, View,
};

fn loaded(bytes: &[u8]) -> Option<Loaded> {
    let path = RepoPath::new("fuzz.json").ok()?;
    let snapshot = MemorySnapshot::new("fuzz", [(path.clone(), bytes.to_vec())]);
    let loaded = json_schema::load(&snapshot, &path, &LoadOptions::default());
    loaded.problems.is_empty().then_some(loaded)
}

fn validator(bytes: &[u8]) -> Option<Validator> {
    let schema: Value = serde_json::from_slice(bytes).ok()?;
    let options = jsonschema::options().with_draft(Draft::Draft202012);
    options.should_validate_formats(false).offline().build(&schema).ok()
}

fuzz_target!(|bytes: &[u8]| {
    let Some(middle) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (old, new) = (&bytes[..middle], &bytes[middle + 1..]);
    let (Some(sends), Some(reads)) = (validator(old), validator(new)) else { return };
    let (Some(old), Some(new)) = (loaded(old), loaded(new)) else { return };
    let (Some(writer), Some(reader)) = (old.contract.roots.first(), new.contract.roots.first())
    else {
        return;
    };
    let (writer, reader) = (writer.shape, reader.shape);
    let mut shapes = old.contract.shapes;
    let offset = shapes.append(new.contract.shapes);
    let view = |shape, role| View::of(shape, role, Polarity::Both, Carrier::StoredJson);
    let strict = Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
    let (writer, reader) = (view(writer, Role::Writer), view(reader.shifted(offset), Role::Reader));
    if let Containment::Fails(value) = Engine::new(strict).contains(&shapes, &reader, &writer) {
        let Ok(value) = serde_json::from_str(&value.to_string()) else { return };
        assert!(sends.is_valid(&value) && !reads.is_valid(&value), "{value}");
    }
});
