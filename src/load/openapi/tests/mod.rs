//! The loader as its callers see it: descriptions in, operations and problems out.

mod effective;
mod security;
mod swagger;
mod traps;

use super::load;
use crate::load::{LoadOptions, Loaded, ProblemKind};
use crate::model::{Exchange, HttpExchange, Operation, Parameter, ShapeId, StatusKey};
use crate::source::{MemorySnapshot, RepoPath};

/// Loads the first of these files; the others lie beside it.
fn load_files(files: &[(&str, &str)]) -> Loaded {
    let path = |name: &str| RepoPath::new(name).unwrap();
    let bytes = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let snapshot = MemorySnapshot::new("test", bytes);
    load(&snapshot, &path(files[0].0), &LoadOptions::default())
}

fn load_text(text: &str) -> Loaded {
    load_files(&[("api.yaml", text)])
}

/// A description of this version with these paths, written in YAML flow or block style.
fn load_paths(version: &str, paths: &str) -> Loaded {
    let key = if version == "2.0" { "swagger: \"2.0\"" } else { &format!("openapi: {version}") };
    load_text(&format!("{key}\ninfo: {{title: T, version: 1.0.0}}\npaths:\n{paths}"))
}

fn http(operation: &Operation) -> &HttpExchange {
    let Exchange::Http(http) = &operation.exchange else { panic!("not HTTP") };
    http
}

/// The exchange of the only operation.
fn only(loaded: &Loaded) -> &HttpExchange {
    assert_eq!(loaded.contract.operations.len(), 1, "{:?}", loaded.problems);
    http(&loaded.contract.operations[0])
}

fn parameter<'l>(loaded: &'l Loaded, name: &str) -> &'l Parameter {
    only(loaded).parameters.iter().find(|found| &*found.name == name).unwrap()
}

fn statuses(loaded: &Loaded) -> Vec<StatusKey> {
    only(loaded).responses.keys().copied().collect()
}

/// The problems, each with the text that it points to.
fn problems(loaded: &Loaded) -> Vec<(ProblemKind, &str)> {
    let place = |found: &crate::load::Problem| found.span.map(|span| loaded.files.text(span));
    loaded.problems.iter().map(|found| (found.kind, place(found).unwrap_or(""))).collect()
}

/// Everything that the exchanges say, without places: equal texts mean the same.
fn effective(loaded: &Loaded) -> String {
    let exchanges = loaded.contract.operations.iter();
    let text: Vec<String> = exchanges.map(|one| format!("{:#?}", http(one))).collect();
    spelled_out(loaded, &without_spans(&text.join("\n")), 5)
}

fn shape_text(loaded: &Loaded, shape: ShapeId) -> String {
    let text = without_spans(&format!("{:#?}", loaded.contract.shapes.get(shape)));
    spelled_out(loaded, &text, 5)
}

fn without_spans(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("Span {") {
        kept.push_str(before);
        rest = after.split_once('}').unwrap().1;
    }
    kept + rest
}

/// Puts shapes in place of their ids.
fn spelled_out(loaded: &Loaded, text: &str, depth: usize) -> String {
    let compact: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = compact.split("ShapeId( ");
    let mut out = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (id, rest) = piece.split_once(',').unwrap();
        let index: usize = id.trim().parse().unwrap();
        let (_, shape) = loaded.contract.shapes.iter().nth(index).unwrap();
        if depth > 0 {
            let text = without_spans(&format!("{shape:#?}"));
            out.push_str(&spelled_out(loaded, &text, depth - 1));
        }
        out.push_str(rest);
    }
    out
}
