//! Every case: what the user sees is the snapshot beside it, and its rule speaks, or stays silent.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use insta::{Settings, assert_snapshot, glob};
use serde_json::Value;

use crate::case::{Case, testdata};

/// Runs the program in a folder, cut off from the environment that the tests run in.
pub(crate) fn unbroken(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unbroken"))
        .current_dir(folder)
        .args(arguments)
        .env_clear()
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// What the program says of every case, as text and as JSON; it is asked once.
pub(crate) fn reports() -> &'static [(Case, String, Value)] {
    static REPORTS: OnceLock<Vec<(Case, String, Value)>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let said = Case::all().into_iter().map(|case| {
            let (text, json) = report(&case);
            (case, text, json)
        });
        said.collect()
    })
}

fn report(case: &Case) -> (String, Value) {
    let home = tempfile::tempdir().unwrap();
    let json = home.path().join("report.json");
    let target = format!("json={}", json.display());
    let mut arguments = vec!["diff", &case.old, &case.new, "-o", &target];
    if case.format == "json-schema" {
        arguments.extend(["--kind", "json-schema"]);
    }
    arguments.extend(case.flags.iter().map(String::as_str));
    let output = unbroken(&case.ground, &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let title = case.title();
    // Only of what cannot be read can a case show no more than that it was not compared.
    let is_unread = case.rule == "contract-unreadable" && output.status.code() == Some(3);
    assert!(
        matches!(output.status.code(), Some(0 | 1)) || is_unread,
        "{title} ends with {:?}: {errors}{text}",
        output.status.code()
    );
    assert!(errors.is_empty(), "{title}: {errors}");
    let json = std::fs::read_to_string(json).unwrap();
    (text, serde_json::from_str(&json).unwrap())
}

#[test]
fn the_user_sees_what_lies_beside_the_case() {
    let (base, said) = (testdata(), reports());
    glob!(&base, "{json-schema,openapi,protobuf}/*/*", |folder| {
        let (_, text, _) = said.iter().find(|(case, ..)| case.folder == *folder).unwrap();
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_snapshot_suffix("");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.remove_input_file();
        settings.bind(|| assert_snapshot!("report", text));
    });
}

#[test]
fn the_rule_of_a_folder_speaks_and_stays_silent_at_a_near_miss() {
    let mut wrong = Vec::new();
    for (case, _, json) in reports() {
        let findings = json["findings"].as_array().unwrap();
        let speaks = findings.iter().any(|finding| finding["rule"] == case.rule.as_str());
        if speaks == case.is_near_miss() {
            let found: Vec<&Value> = findings.iter().map(|finding| &finding["rule"]).collect();
            wrong.push(format!("{}: {found:?}", case.title()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_named_after_a_rule() {
    for case in Case::all() {
        assert!(unbroken::rules::find(&case.rule).is_some(), "{} is no rule", case.title());
    }
}

/// Rules of standalone schemas, which no description of operations has, and of whole contracts, whatever
/// they promise.
const OF_ROOTS: [&str; 5] = [
    "contract-added",
    "contract-moved",
    "contract-removed",
    "definition-added",
    "definition-removed",
];

#[test]
fn each_rule_that_speaks_of_operations_fires_in_a_case_and_nearly_fires_in_another() {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let (mut fires, mut misses) = (BTreeSet::new(), BTreeSet::new());
    for (case, _, json) in reports().iter().filter(|(case, ..)| case.format != "protobuf") {
        // What is said of schemas is said of payloads too.
        wanted.insert(&case.rule);
        if case.format == "openapi" {
            let findings = json["findings"].as_array().unwrap();
            wanted.extend(findings.iter().map(|finding| finding["rule"].as_str().unwrap()));
            let seen = if case.is_near_miss() { &mut misses } else { &mut fires };
            seen.insert(case.rule.as_str());
        }
    }
    wanted.retain(|rule| !OF_ROOTS.contains(rule));
    let lack = |seen: &BTreeSet<&str>| -> Vec<String> {
        wanted.iter().filter(|rule| !seen.contains(*rule)).map(|rule| (*rule).to_owned()).collect()
    };
    let (never, always) = (lack(&fires), lack(&misses));
    assert!(never.is_empty() && always.is_empty(), "no case: {never:?}; no near miss: {always:?}");
}
