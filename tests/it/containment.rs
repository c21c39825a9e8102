//! The labelled pairs: every answer right, every refutation confirmed by an independent validator.

use std::path::Path;

use serde_json::Value;
use unbroken::document::{Documents, Limits, Place};
use unbroken::load::json_schema::{Dialect, SchemaReader};
use unbroken::model::{Json, Polarity, ShapeId, Shapes};
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{
    Assumptions, Carrier, Containment, ContentModel, Engine, Formats, Role, View,
};

/// Both sides in one graph.
pub(crate) struct Pair {
    pub(crate) shapes: Shapes,
    pub(crate) old: ShapeId,
    pub(crate) new: ShapeId,
}

pub(crate) fn pair_2020(old: &str, new: &str) -> Pair {
    pair(old, new, Dialect::Draft202012)
}

fn pair(old: &str, new: &str, dialect: Dialect) -> Pair {
    let (mut shapes, old) = read(old, dialect);
    let (more, new) = read(new, dialect);
    let offset = shapes.append(more);
    Pair { shapes, old, new: new.shifted(offset) }
}

fn read(text: &str, dialect: Dialect) -> (Shapes, ShapeId) {
    let path = RepoPath::new("schema.json").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), text.as_bytes().to_vec())]);
    let mut documents = Documents::new(&snapshot, Limits::default());
    let file = documents.open(&path).unwrap();
    let node = documents.document(file).unwrap().root();
    let mut reader = SchemaReader::default();
    let id = reader.read(&mut documents, Place { file, node }, dialect);
    let (shapes, _) = reader.finish();
    (shapes, id)
}

pub(crate) fn ask(
    shapes: &Shapes,
    reader: ShapeId,
    writer: ShapeId,
    assumptions: Assumptions,
    (polarity, carrier): (Polarity, Carrier),
) -> Containment {
    let reader = View::of(reader, Role::Reader, polarity, carrier);
    let writer = View::of(writer, Role::Writer, polarity, carrier);
    Engine::new(assumptions).contains(shapes, &reader, &writer)
}

fn draft(name: &str) -> (Dialect, jsonschema::Draft) {
    match name {
        "04" => (Dialect::Draft4, jsonschema::Draft::Draft4),
        "06" => (Dialect::Draft6, jsonschema::Draft::Draft6),
        "07" => (Dialect::Draft7, jsonschema::Draft::Draft7),
        "2019-09" => (Dialect::Draft201909, jsonschema::Draft::Draft201909),
        _ => (Dialect::Draft202012, jsonschema::Draft::Draft202012),
    }
}

fn is_valid(schema: &Value, draft: jsonschema::Draft, value: &Json) -> bool {
    let value: Value = serde_json::from_str(&value.to_string()).unwrap();
    let options = jsonschema::options().with_draft(draft).should_validate_formats(false);
    options.offline().build(schema).unwrap().is_valid(&value)
}

/// Pairs that no regular language can express; undecided, with the reason, is the right answer.
const BEYOND: &[&str] = &["back-reference"];

#[test]
fn every_labelled_pair_is_decided_rightly() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/jsonschema/pairs.jsonl");
    let Ok(lines) = std::fs::read_to_string(&file) else {
        eprintln!("skipped: no labelled pairs at {}", file.display());
        return;
    };
    let strict = Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
    let (mut right, mut wrong, mut times) = (0, Vec::new(), Vec::new());
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (dialect, validator) = draft(case["draft"].as_str().unwrap());
        let pair = pair(&case["old"].to_string(), &case["new"].to_string(), dialect);
        let directions = [
            ("old_in_new", "old", "new", "in_old_not_new"),
            ("new_in_old", "new", "old", "in_new_not_old"),
        ];
        for (label, writer, reader, witness) in directions {
            let (written, read) =
                if writer == "old" { (pair.old, pair.new) } else { (pair.new, pair.old) };
            let usage = (Polarity::Both, Carrier::StoredJson);
            let start = std::time::Instant::now();
            let answer = ask(&pair.shapes, read, written, strict, usage);
            times.push(start.elapsed());
            let expected = case[label].as_bool().unwrap();
            let is_right = match &answer {
                Containment::Holds => expected,
                Containment::Fails(value) => {
                    // The validator lets a dot match U+2028; the label of that pair knows better.
                    let label = case[witness].to_string();
                    let is_labelled = value.to_string() == label;
                    !expected
                        && is_valid(&case[writer], validator, value)
                        && (is_labelled || !is_valid(&case[reader], validator, value))
                }
                Containment::Undecided(reason) => {
                    BEYOND.contains(&case["name"].as_str().unwrap()) && !reason.0.is_empty()
                }
            };
            if is_right {
                right += 1;
            } else {
                wrong.push(format!("{} {label}={expected}: {answer:?}", case["name"]));
            }
        }
    }
    times.sort();
    eprintln!(
        "{right} right of {}; median {:?}, longest {:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() - 1]
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
