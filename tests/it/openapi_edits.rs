//! No edit of a description goes unnoticed: whatever one member becomes, something is found.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use unbroken::diff::{CompareOptions, compare};
use unbroken::load::openapi::load;
use unbroken::load::{LoadOptions, Loaded};
use unbroken::source::{MemorySnapshot, RepoPath};

/// Members that promise nothing, and say nothing of a promise, each with its reason.
const SILENT: &[(&str, &str)] = &[
    (
        "openapi",
        "documents of one version line mean the same, others are compared by what they mean",
    ),
    ("swagger", "the same"),
    ("$self", "says where the description lives"),
    ("explode", "nothing where the value is no array or object, and always so in a deep object"),
    ("allowReserved", "nothing outside the query"),
    ("consumes", "may restate what is inherited"),
    ("produces", "may restate what is inherited"),
    ("required", "may name a member twice, or demand what is always there"),
    ("minimum", "a bound that another bound implies is none"),
    ("exclusiveMinimum", "the same"),
    ("multipleOf", "whatever is an integer is a multiple of one"),
    ("minLength", "the same as for bounds"),
    ("format", "an integer format beside narrower bounds"),
    ("description", "nothing counts beside a reference before 3.1"),
    ("summary", "the same"),
];

/// Our own documents in which every construct occurs once.
const DOCUMENTS: [&str; 3] = [
    "testdata/openapi-edits/v2.json",
    "testdata/openapi-edits/v3_1.json",
    "testdata/openapi-edits/v3_2.json",
];

/// How many members of each document are edited; each in every way that its value allows.
const EDITS: usize = 400;

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn loaded(document: &Value) -> Loaded {
    let path = RepoPath::new("api.json").unwrap();
    let bytes = serde_json::to_vec(document).unwrap();
    let snapshot = MemorySnapshot::new("edits", [(path.clone(), bytes)]);
    load(&snapshot, &path, &LoadOptions::default())
}

/// Every member of every object, as a JSON Pointer; extensions and what is in them are left out.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object.iter().filter(|(name, _)| !name.starts_with("x-")) {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                members(inner, &pointer, found);
                found.push(pointer);
            }
        }
        Value::Array(elements) => {
            for (index, inner) in elements.iter().enumerate() {
                members(inner, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The document with one scalar changed; `None` where the value is no scalar that can be another.
fn edited(document: &Value, pointer: &str) -> Option<Value> {
    let mut new = document.clone();
    let value = new.pointer_mut(pointer)?;
    *value = match value {
        Value::Bool(value) => Value::Bool(!*value),
        Value::Number(number) => Value::from(number.as_i64()? + 1),
        Value::String(text) if !pointer.ends_with("/$ref") => Value::from(format!("{text}z")),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(new)
}

fn dropped(document: &Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let mut new = document.clone();
    let name = name.replace("~1", "/").replace("~0", "~");
    new.pointer_mut(parent)?.as_object_mut()?.remove(&name)?;
    Some(new)
}

fn is_silent(document: &Value, pointer: &str) -> bool {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    // The name of the one body, and of the whole query, never travels.
    let place = document.pointer(&format!("{parent}/in")).and_then(Value::as_str);
    if name == "name" && matches!(place, Some("body" | "querystring")) {
        return true;
    }
    SILENT.iter().any(|(silent, _)| *silent == name)
}

#[test]
fn whatever_one_member_becomes_something_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut unnoticed = Vec::new();
    for document in DOCUMENTS {
        let (path, document): (PathBuf, Value) = (root.join(document), read(&root.join(document)));
        let old = loaded(&document);
        assert!(old.problems.is_empty(), "{}: {:?}", path.display(), old.problems);
        let mut pointers = Vec::new();
        members(&document, "", &mut pointers);
        assert!(pointers.len() > 60, "{}", path.display());
        for pointer in pointers.iter().filter(|pointer| !is_silent(&document, pointer)).take(EDITS)
        {
            for new in
                [edited(&document, pointer), dropped(&document, pointer)].into_iter().flatten()
            {
                let new = loaded(&new);
                let compared = compare(&old, &new, CompareOptions::default());
                // What cannot be read any more is said as a problem.
                if compared.findings.is_empty() && new.problems.is_empty() {
                    unnoticed.push(format!("{} {pointer}", path.display()));
                }
            }
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}
