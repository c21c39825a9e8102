//! Real schemas and the cases with known answers, where they lie nearby: everything loads, and the
//! referee knows the answers.

use std::path::{Path, PathBuf};

use serde_json::Value as Wire;

use super::load;
use super::referee::suite::{collect, json};
use crate::load::{LoadOptions, Opinion, ProblemKind, Reading, Referee};
use crate::model::Polarity;
use crate::source::{MemorySnapshot, RepoPath};

/// A folder that a checkout may or may not have beside it.
#[expect(clippy::print_stderr, reason = "what is skipped must be seen")]
pub(super) fn shared(folder: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"].into_iter().find_map(|shared| {
        let path = root.join(shared).join(folder);
        path.exists().then_some(path)
    });
    if found.is_none() {
        eprintln!("skipped: there is no {folder} here");
    }
    found
}

/// Cases in which the validator is wrong, and why.
const VALIDATOR_ERRS: [(&str, &str); 1] =
    [("dot-excludes-line-separator", "its `.` takes U+2028 and U+2029, which ECMA-262 excludes")];

fn metaschema(draft: &str) -> &'static str {
    match draft {
        "04" => "http://json-schema.org/draft-04/schema#",
        "06" => "http://json-schema.org/draft-06/schema#",
        "07" => "http://json-schema.org/draft-07/schema#",
        "2019-09" => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    }
}

#[test]
fn every_case_with_a_known_answer_loads_and_its_values_are_judged() {
    let Some(path) = shared("cases/jsonschema/pairs.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut judged = 0;
    for line in text.lines() {
        let pair: Wire = serde_json::from_str(line).unwrap();
        let errs = VALIDATOR_ERRS.iter().any(|(name, _)| pair["name"] == *name);
        for side in ["old", "new"] {
            let mut schema = pair[side].clone();
            if let Some(members) = schema.as_object_mut() {
                let uri = metaschema(pair["draft"].as_str().unwrap());
                members.entry("$schema").or_insert(uri.into());
            }
            let path = RepoPath::new("schema.json").unwrap();
            let file = (path.clone(), schema.to_string().into_bytes());
            let snapshot = MemorySnapshot::new("case", [file]);
            let loaded = load(&snapshot, &path, &LoadOptions::default());
            let worst = loaded.problems.iter().map(|problem| problem.kind).max();
            assert!(worst.is_none_or(|kind| kind == ProblemKind::Warning), "{}", pair["name"]);
            assert!(loaded.contract.shapes.iter().all(|(_, shape)| shape.unread.is_empty()));
            let Referee::Values(referee) = &loaded.referee else { panic!("no referee") };
            let root = loaded.contract.shapes.get(loaded.contract.roots[0].shape).span.span;
            for (witness, holder) in [("in_new_not_old", "new"), ("in_old_not_new", "old")] {
                let Some(value) = pair.get(witness) else { continue };
                let how = Reading { polarity: Polarity::Both, http: false, assert_formats: false };
                let opinion = referee.judge(root, &json(value), how);
                let is_right = match opinion {
                    Opinion::Accepts => side == holder,
                    Opinion::Refuses(_) => side != holder,
                    Opinion::Unable(_) => false,
                };
                assert!(is_right || errs, "{} {side} {witness}: {opinion:?}", pair["name"]);
                judged += 1;
            }
        }
    }
    assert!(judged > 300, "{judged}");
}

#[test]
fn every_schema_of_the_corpora_loads() {
    let Some(folder) = shared("corpora/jsonschema") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let pair = entry.unwrap().path();
        for side in ["old", "new"] {
            let mut files = Vec::new();
            if !pair.join(side).is_dir() {
                continue;
            }
            collect(&pair.join(side), &pair.join(side), &mut files);
            let names = files.iter().map(|(path, _)| path.clone());
            let is_schema = |path: &RepoPath| ["json", "yaml"].contains(&&*path.extension());
            let paths: Vec<RepoPath> = names.filter(is_schema).collect();
            let snapshot = MemorySnapshot::new("corpus", files);
            for path in paths {
                let loaded = load(&snapshot, &path, &LoadOptions::default());
                for problem in &loaded.problems {
                    // Files that the corpus leaves out are all that may be missing.
                    let is_absent = problem.message.contains("is not there");
                    let is_ours = problem.kind != ProblemKind::Warning && !is_absent;
                    assert!(!is_ours, "{path}: {}", problem.message);
                }
                assert!(!loaded.contract.shapes.is_empty(), "{path}");
            }
        }
    }
}
