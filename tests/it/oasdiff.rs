//! The table for people who come from oasdiff is complete, and names nothing that does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const TABLE: &str = "docs/from-oasdiff.tsv";

/// The ids of its checks, beside the project; the test says so where they are not there.
const CHECKS: &str = "../shared/reference/oasdiff_rules.tsv";

fn lines(path: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(path).unwrap();
    let fields = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().skip(1).map(fields).collect()
}

#[test]
fn every_line_names_rules_that_exist_and_a_polarity() {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines(TABLE) {
        let [id, rules, polarity, site] = &line[..] else { panic!("four fields: {line:?}") };
        assert!(!rules.is_empty() && !site.is_empty(), "{id}");
        for rule in rules.split(' ') {
            assert!(unbroken::rules::find(rule).is_some(), "{id}: {rule} is no rule");
        }
        assert!(["request", "response", "both"].contains(&polarity.as_str()), "{id}: {polarity}");
        assert!(seen.insert(id.clone(), line.clone()).is_none(), "{id} stands twice");
    }
    assert!(seen.keys().is_sorted());
    assert!(seen.len() > 500);
}

#[test]
fn every_check_has_a_line() {
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join(CHECKS).exists() {
        eprintln!("skipped: {CHECKS} is not there");
        return;
    }
    let first = |path: &str| -> BTreeSet<String> {
        lines(path).into_iter().map(|mut line| line.remove(0)).collect()
    };
    assert_eq!(first(TABLE), first(CHECKS));
}
