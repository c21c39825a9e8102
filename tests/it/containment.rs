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

pub(crate) fn pair(old: &str, new: &str, dialect: Dialect) -> Pair {
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

/// Pairs on which the validator errs: it lets a dot match three of the four line terminators that
/// ECMA-262 excludes.
const VALIDATOR_ERRS: &[&str] = &["dot-excludes-line-separator", "dot-excludes-carriage-return"];

/// What became of a table of pairs with known answers.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: Vec<String>,
    times: Vec<std::time::Duration>,
}

impl Tally {
    fn of(lines: &str) -> Self {
        let mut tally = Self::default();
        for line in lines.lines() {
            tally.ask_both_ways(&serde_json::from_str(line).unwrap());
        }
        tally.times.sort();
        eprintln!(
            "{} right of {}; median {:?}, longest {:?}",
            tally.right,
            tally.times.len(),
            tally.times[tally.times.len() / 2],
            tally.times[tally.times.len() - 1]
        );
        tally
    }

    fn ask_both_ways(&mut self, case: &Value) {
        let name = case["name"].as_str().unwrap();
        let (dialect, validator) = draft(case["draft"].as_str().unwrap());
        let pair = pair(&case["old"].to_string(), &case["new"].to_string(), dialect);
        let directions = [
            ("old_in_new", "old", (pair.old, pair.new), "new"),
            ("new_in_old", "new", (pair.new, pair.old), "old"),
        ];
        let strict =
            Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
        let usage = (Polarity::Both, Carrier::StoredJson);
        for (label, writer, (written, read), reader) in directions {
            let start = std::time::Instant::now();
            let answer = ask(&pair.shapes, read, written, strict, usage);
            self.times.push(start.elapsed());
            let expected = case[label].as_bool().unwrap();
            let is_right = match &answer {
                Containment::Holds => expected,
                Containment::Fails(value) => {
                    !expected
                        && is_valid(&case[writer], validator, value)
                        && (VALIDATOR_ERRS.contains(&name)
                            || !is_valid(&case[reader], validator, value))
                }
                Containment::Undecided(_) => false,
            };
            if is_right {
                self.right += 1;
            } else {
                self.wrong.push(format!("{name} {label}={expected}: {answer:?}"));
            }
        }
    }
}

#[test]
fn every_labelled_pair_is_decided_rightly() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/jsonschema/pairs.jsonl");
    let Ok(lines) = std::fs::read_to_string(&file) else {
        eprintln!("skipped: no labelled pairs at {}", file.display());
        return;
    };
    let wrong = Tally::of(&lines).wrong;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_tricky_pair_is_decided_rightly() {
    let lines = include_str!("../../testdata/containment/tricky.jsonl");
    let Tally { wrong, times, .. } = Tally::of(lines);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(times.len() >= 240, "the table has {} questions", times.len());
}

#[test]
fn what_is_plainly_wider_at_any_depth_holds_and_the_other_way_fails() {
    let tree = |branches: u32, letters: u32| {
        format!(
            r##"{{"properties": {{"label": {{"type": "string", "maxLength": {letters}}},
                "branches": {{"type": "array", "maxItems": {branches}, "items": {{"$ref": "#"}}}}}}}}"##
        )
    };
    let usage = (Polarity::Both, Carrier::StoredJson);
    for (narrow, wide) in [(tree(2, 5), tree(3, 5)), (tree(2, 5), tree(2, 6))] {
        let pair = pair_2020(&narrow, &wide);
        let ask = |reader, writer| ask(&pair.shapes, reader, writer, Assumptions::default(), usage);
        assert_eq!(ask(pair.new, pair.old), Containment::Holds);
        assert!(matches!(ask(pair.old, pair.new), Containment::Fails(_)));
    }
}
