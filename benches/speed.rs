//! What a comparison costs, step by step: reading, containment, and the whole.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark fails loudly")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use unbroken::diff::{CompareOptions, compare};
use unbroken::load::{LoadOptions, Loaded, json_schema, openapi};
use unbroken::model::{Polarity, ShapeId, Shapes};
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{Assumptions, Carrier, Engine, Role, View};

fn testdata() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn schema(text: &str) -> Loaded {
    let path = RepoPath::new("schema.json").unwrap();
    let snapshot = MemorySnapshot::new("bench", [(path.clone(), text.as_bytes().to_vec())]);
    json_schema::load(&snapshot, &path, &LoadOptions::default())
}

fn description(text: &str) -> Loaded {
    let path = RepoPath::new("api.yaml").unwrap();
    let snapshot = MemorySnapshot::new("bench", [(path.clone(), text.as_bytes().to_vec())]);
    openapi::load(&snapshot, &path, &LoadOptions::default())
}

/// A description of many operations that share schemas, one of which has another bound.
fn generated(operations: usize, most: usize) -> String {
    let mut text = String::from("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n");
    for at in 0..operations {
        let (model, path) = (at % 20, format!("/things{at}/{{id}}"));
        let schema = format!("{{$ref: '#/components/schemas/Model{model}'}}");
        let content = format!("content: {{application/json: {{schema: {schema}}}}}");
        writeln!(text, "  {path}:\n    put:").unwrap();
        writeln!(text, "      parameters: [{{name: id, in: path, required: true}}]").unwrap();
        writeln!(text, "      requestBody: {{{content}}}").unwrap();
        writeln!(text, "      responses: {{'200': {{description: ok, {content}}}}}").unwrap();
    }
    text.push_str("components:\n  schemas:\n");
    for model in 0..20 {
        writeln!(text, "    Model{model}:\n      type: object\n      properties:").unwrap();
        for member in 0..30 {
            let most = if (model, member) == (3, 7) { most } else { 80 };
            writeln!(text, "        p{member}: {{type: string, maxLength: {most}}}").unwrap();
        }
    }
    text
}

/// Both sides in one graph.
fn joined(old: &Loaded, new: &Loaded) -> (Shapes, ShapeId, ShapeId) {
    let root = |side: &Loaded| side.contract.roots.first().unwrap().shape;
    let mut shapes = old.contract.shapes.clone();
    let offset = shapes.append(new.contract.shapes.clone());
    (shapes, root(old), root(new).shifted(offset))
}

fn reading(criterion: &mut Criterion) {
    let text = generated(400, 80);
    criterion
        .bench_function("read/generated", |bench| bench.iter(|| description(black_box(&text))));
    let text =
        fs::read_to_string(testdata().join("containment/realistic/order-event.json")).unwrap();
    criterion.bench_function("read/order-event", |bench| bench.iter(|| schema(black_box(&text))));
}

/// Each realistic schema against what is left of it when one of its definitions changes type.
fn containment(criterion: &mut Criterion) {
    let mut paths: Vec<_> = fs::read_dir(testdata().join("containment/realistic"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let edited = text.replacen("\"string\"", "\"integer\"", 1);
        let (old, new) = (schema(&text), schema(&edited));
        let (shapes, was, is) = joined(&old, &new);
        let view = |id, role| View::of(id, role, Polarity::Both, Carrier::StoredJson);
        criterion.bench_function(&format!("contains/{name}"), |bench| {
            bench.iter(|| {
                let mut engine = Engine::new(Assumptions::default());
                engine.contains(&shapes, &view(is, Role::Reader), &view(was, Role::Writer))
            });
        });
        criterion.bench_function(&format!("compare/{name}"), |bench| {
            bench.iter(|| compare(&old, &new, CompareOptions::default()));
        });
    }
}

fn whole(criterion: &mut Criterion) {
    let side = |name| fs::read_to_string(testdata().join("showcase").join(name)).unwrap();
    let (old, new) = (description(&side("old.yaml")), description(&side("new.yaml")));
    criterion.bench_function("compare/showcase", |bench| {
        bench.iter(|| compare(&old, &new, CompareOptions::default()));
    });
    let (old, new) = (description(&generated(400, 80)), description(&generated(400, 40)));
    criterion.bench_function("compare/generated", |bench| {
        bench.iter(|| compare(&old, &new, CompareOptions::default()));
    });
}

criterion_group!(speed, reading, containment, whole);
criterion_main!(speed);
