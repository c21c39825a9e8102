//! SARIF is what the standard and its consumers ask for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::case::testdata;
use crate::cases::unbroken;

fn sarif(folder: &str) -> Value {
    let output =
        unbroken(&testdata().join(folder), &["diff", "old.yaml", "new.yaml", "--format", "sarif"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The schema of the standard, which an independent reader of SARIF brings along.
fn schema() -> Value {
    // Packages of other platforms are not at hand.
    let compiler = Command::new("rustc").arg("-vV").output().unwrap();
    let compiler = String::from_utf8(compiler.stdout).unwrap();
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let reader = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(reader["manifest_path"].as_str().unwrap());
    let path = manifest.parent().unwrap_or(Path::new("")).join("src/schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // Its pattern for languages has a bracket too many; we state no language.
    for part in ["run", "toolComponent"] {
        let language = format!("/definitions/{part}/properties/language");
        let language = schema.pointer_mut(&language).unwrap().as_object_mut().unwrap();
        language.remove("pattern").unwrap();
    }
    schema
}

#[test]
fn it_is_valid_under_the_schema_of_the_standard() {
    let schema = schema();
    assert!(schema["$id"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let validator = jsonschema::options().offline().build(&schema).unwrap();
    for folder in ["showcase", "hostile"] {
        let sarif = sarif(folder);
        let errors: Vec<String> = validator
            .iter_errors(&sarif)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{folder}: {}", errors.join("\n"));
    }
}

#[test]
fn an_independent_reader_finds_what_code_scanning_needs() {
    let read: Sarif = serde_json::from_value(sarif("showcase")).unwrap();
    let run = &read.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let declared: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let known: Vec<&str> = unbroken::rules::catalogue().map(|rule| rule.id).collect();
    assert_eq!(declared, known, "every rule is declared, so that its alerts can close");
    for rule in rules {
        let help = rule.help.as_ref().unwrap();
        assert!(help.markdown.is_some() && rule.full_description.is_some(), "{}", rule.id);
        assert!(rule.short_description.as_ref().unwrap().text.len() <= 1024);
    }
    let mut prints = BTreeSet::new();
    for result in run.results.as_ref().unwrap() {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(Some(known[index]), result.rule_id.as_deref());
        let place = &result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
        assert_eq!(place.artifact_location.as_ref().unwrap().uri.as_deref(), Some("new.yaml"));
        assert!(place.region.as_ref().unwrap().start_line.unwrap() > 0);
        let print = &result.partial_fingerprints.as_ref().unwrap()["primaryLocationLineHash"];
        assert!(prints.insert(print.clone()), "{print} twice");
    }
    assert!(!prints.is_empty());
}
