//! What is lost at a root is told by a finding, and what is not lost by none, whatever became of the
//! edits one by one: random edits of random schemas, in both content models.
//!
//! The seed is fixed; `UNBROKEN_EDITED_PAIRS` asks for more pairs than the everyday number.

use serde_json::{Value, json};
use unbroken::diff::Finding;
use unbroken::load::json_schema::Dialect;
use unbroken::model::{Mode, Polarity};
use unbroken::rules::Verdict;
use unbroken::subtype::{Assumptions, Carrier, Containment, ContentModel, Formats};

use crate::comparison::{findings, usual};
use crate::containment::{ask, pair};
use crate::containment_random::Random;
use crate::schema_edits::mutated;

const USUAL_PAIRS: u64 = 250;

/// Whether anything is said to be lost where data travels.
fn breaks(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.surfaces.wire.max(it.surfaces.json) == Verdict::Breaking)
}

fn is_open(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.surfaces.wire.max(it.surfaces.json) == Verdict::Undecided)
}

/// Alternatives of different types, one of which no longer says its type: who reads it takes it
/// literally, who writes it does not.
fn untyped(random: &mut Random) -> (Value, Value) {
    let mut old: Vec<Value> = vec![
        json!({"type": "object", "required": ["a"]}),
        json!({"type": "array", "maxItems": 1 + random.below(3)}),
        json!({"type": "string", "minLength": random.below(3)}),
        json!({"type": "integer", "minimum": random.below(3)}),
    ];
    for _ in 0..random.below(3) {
        old.swap_remove(usize::try_from(random.below(old.len() as u64)).unwrap());
    }
    let mut new = old.clone();
    let at = usize::try_from(random.below(new.len() as u64)).unwrap();
    new[at].as_object_mut().unwrap().remove("type");
    let word = random.of(&["oneOf", "oneOf", "anyOf", "allOf"]);
    let (old, new) = (json!({ word: old }), json!({ word: new }));
    if random.below(2) == 0 {
        return (old, new);
    }
    let (old, new) = (json!({"properties": {"p": old}}), json!({"properties": {"p": new}}));
    (old, new)
}

#[test]
fn the_report_says_what_the_roots_say() {
    let pairs = std::env::var("UNBROKEN_EDITED_PAIRS").ok().and_then(|n| n.parse().ok());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("json-schema");
    std::fs::create_dir(&folder).unwrap();
    let (mut held, mut failed, mut wrong) = (0_usize, 0_usize, Vec::new());
    for _ in 0..pairs.unwrap_or(USUAL_PAIRS) {
        let (old, new) = if random.below(3) == 0 {
            untyped(&mut random)
        } else {
            let old = random.root();
            if !old.is_object() {
                continue;
            }
            let mut new = mutated(&mut random, &old);
            for _ in 0..random.below(3) {
                new = mutated(&mut random, &new);
            }
            (old, new)
        };
        for (name, schema) in [("old.json", &old), ("new.json", &new)] {
            std::fs::write(folder.join(name), schema.to_string()).unwrap();
        }
        for content_model in [ContentModel::Open, ContentModel::Strict] {
            let assumptions = Assumptions { content_model, formats: Formats::Assert };
            let graph = pair(&old.to_string(), &new.to_string(), Dialect::Draft202012);
            let stored = (Polarity::Both, Carrier::StoredJson);
            let answers = [(graph.new, graph.old), (graph.old, graph.new)]
                .map(|(reader, writer)| ask(&graph.shapes, reader, writer, assumptions, stored));
            let options = unbroken::diff::CompareOptions { assumptions, ..usual(Mode::Full) };
            let found = findings(&folder, ("old.json", "new.json"), options);
            let is_lost = answers.iter().any(|it| matches!(it, Containment::Fails(_)));
            let is_held = answers.iter().all(|it| *it == Containment::Holds);
            failed += usize::from(is_lost);
            held += usize::from(is_held);
            let is_wrong = (is_lost && !breaks(&found) && !is_open(&found))
                || (is_held && (breaks(&found) || is_open(&found)));
            if is_wrong {
                let told: Vec<&str> = found.iter().map(|it| &*it.message).collect();
                wrong.push(format!("{content_model:?} {old}\n  {new}\n  {answers:?} {told:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(held > 30 && failed > 30, "{held} held, {failed} failed");
}
