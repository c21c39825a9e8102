//! The table for people who come from oasdiff is complete, names nothing that does not exist, and says
//! what both tools do; and the page of cases in which the two differ says what they say.
//!
//! `UNBROKEN_OASDIFF=oasdiff cargo test --test it oasdiff` asks the other tool about every case.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::case::Case;
use crate::cases::reports;

const TABLE: &str = "docs/from-oasdiff.tsv";

const PAGE: &str = "docs/peers.md";

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
    let (table, checks) = (first(TABLE), first(CHECKS));
    assert!(table.is_superset(&checks), "{:?}", checks.difference(&table));
}

/// What the other tool says of a case: the ids of its errors, or of everything that it lists.
fn told(tool: &str, command: &[&str], case: &Case) -> Vec<String> {
    listed(tool, command, case, |_| true)
}

/// Whether it stands by what it says: of parts of `allOf` that it did not put together it does not.
fn is_sure(entry: &Value) -> bool {
    entry["disclaimers"].as_array().is_none_or(Vec::is_empty)
}

fn listed(tool: &str, command: &[&str], case: &Case, counts: fn(&Value) -> bool) -> Vec<String> {
    let mut asked = Command::new(tool);
    asked.current_dir(&case.folder).args(command).args(["-f", "json", &case.old, &case.new]);
    let output = asked.output().unwrap_or_else(|error| panic!("{tool}: {error}"));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    let listed = said.get("changes").unwrap_or(&said).as_array().cloned().unwrap_or_default();
    let counted = listed.iter().filter(|entry| counts(entry));
    let ids = counted.filter_map(|entry| Some(entry["id"].as_str()?.to_owned()));
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The other tool, and the cases of one file a side that both can read, with our report.
fn asked() -> Option<(String, Vec<(&'static Case, &'static Value)>)> {
    let Ok(tool) = std::env::var("UNBROKEN_OASDIFF") else {
        eprintln!("skipped: UNBROKEN_OASDIFF names no oasdiff");
        return None;
    };
    let is_asked = |case: &Case| case.format == "openapi" && case.text(&case.old).is_some();
    let cases = reports().iter().filter(|(case, ..)| is_asked(case));
    Some((tool, cases.map(|(case, _, report)| (case, report)).collect()))
}

/// Each check that fires on a case of ours, and stands by it, does so beside a rule of its line, at least
/// where we do not say that the shape as a whole tells it all. What a team's release should be numbered is
/// no check of ours.
#[test]
fn a_rule_of_the_line_speaks_where_the_check_fires() {
    let Some((tool, cases)) = asked() else { return };
    let table: BTreeMap<String, String> =
        lines(TABLE).into_iter().map(|line| (line[0].clone(), line[1].clone())).collect();
    let (mut fired, mut never) = (BTreeSet::new(), BTreeMap::new());
    for (case, report) in cases.into_iter().filter(|(case, _)| !case.is_near_miss()) {
        let findings = report["findings"].as_array().unwrap();
        let ours: BTreeSet<&str> =
            findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
        let as_whole = ours.contains("shape-rewritten") || ours.contains("shape-changed");
        for id in listed(&tool, &["changelog"], case, is_sure) {
            let rules = table.get(&id).map_or("", String::as_str);
            if rules.split(' ').any(|rule| ours.contains(rule)) {
                fired.insert(id);
            } else if !as_whole && !id.starts_with("api-version") {
                let said = format!("{}: {id} is {rules:?}, and we say {ours:?}", case.title());
                never.insert(id, said);
            }
        }
    }
    never.retain(|id, _| !fired.contains(id));
    eprintln!("{} checks fired beside a rule of their line", fired.len());
    assert!(never.is_empty(), "{never:#?}");
    assert!(fired.len() >= 40);
}

/// The page of the cases in which the verdicts differ.
#[test]
fn the_page_of_differing_verdicts_is_fresh() {
    let Some((tool, cases)) = asked() else { return };
    let explained = cases.into_iter().filter(|(case, _)| case.folder.join("why.md").is_file());
    let (mut rows, mut count, mut missed, mut false_alarms) = (String::new(), 0, 0, 0);
    for (case, report) in explained {
        count += 1;
        let is_breaking = report["verdict"] == "breaking";
        let errors = told(&tool, &["breaking", "--fail-on", "ERR"], case);
        let errors: Vec<String> = if stops(&tool, case) { errors } else { Vec::new() };
        if is_breaking != errors.is_empty() {
            continue;
        }
        let theirs = if is_breaking {
            missed += 1;
            "compatible".to_owned()
        } else {
            false_alarms += 1;
            let ids: Vec<String> = errors.iter().map(|id| format!("`{id}`")).collect();
            format!("breaking: {}", ids.join(", "))
        };
        let why = fs::read_to_string(case.folder.join("why.md")).unwrap();
        let title = case.title();
        let (name, ours) =
            (title.trim_start_matches("openapi/"), report["verdict"].as_str().unwrap());
        writeln!(rows, "| {name} | {ours} | {theirs} | {} |", why.trim().replace('\n', " "))
            .unwrap();
    }
    let page = format!(
        "# Where another tool answers otherwise\n\nOur cases of OpenAPI on which `oasdiff breaking \
         --fail-on ERR` 1.x gives another verdict. Each folder has\nthe two descriptions, the reason, \
         and what we say. Run it yourself over `testdata/openapi/<case>`.\n\nOf the {count} cases that \
         have a `why.md`, {} differ: it is silent on {missed} breaks and\nstops at {false_alarms} edits \
         that break nobody.\n\n| case | ours | oasdiff | because |\n|---|---|---|---|\n{rows}",
        missed + false_alarms
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if fs::read_to_string(&path).unwrap_or_default() != page {
        fs::write(&path, page).unwrap();
        panic!("{PAGE} was stale; commit it");
    }
}

/// Whether the other tool would stop the change.
fn stops(tool: &str, case: &Case) -> bool {
    let mut asked = Command::new(tool);
    let words = ["breaking", "--fail-on", "ERR", &case.old, &case.new];
    asked.current_dir(&case.folder).args(words).output().unwrap().status.code() == Some(1)
}
