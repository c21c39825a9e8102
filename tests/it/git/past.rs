//! Numbers and names that were given up before the base.

use unbroken::diff::{CompareOptions, Finding, compare};
use unbroken::load::{LoadOptions, load};
use unbroken::rules::Verdict;

use super::scratch::{Scratch, references};
use unbroken::source::{DiffRequest, prepare_diff};

const WITH: &str = "syntax = \"proto3\"; package x;\nmessage M { int32 a = 1; string gone = 4; }\n\
    enum E { Z = 0; OLD = 2; }\n";
const WITHOUT: &str =
    "syntax = \"proto3\"; package x;\nmessage M { int32 a = 1; }\nenum E { Z = 0; }\n";

/// Compares a head with the commit before it, in a repository that had `WITH` once.
fn findings(head: &str) -> (String, Vec<Finding>) {
    let scratch = Scratch::new();
    scratch.write("api/m.proto", WITH);
    let first = scratch.commit();
    scratch.write("api/m.proto", WITHOUT);
    scratch.commit();
    scratch.write("api/m.proto", head);
    scratch.commit();
    let request = DiffRequest {
        folder: scratch.root().to_owned(),
        old: "HEAD~1:api".to_owned(),
        new: "HEAD:api".to_owned(),
        ..DiffRequest::default()
    };
    let prepared = prepare_diff(&request, &references).unwrap();
    let [pair] = &prepared.pairs[..] else { panic!("one contract") };
    let (old, new) = (pair.old.as_ref().unwrap(), pair.new.as_ref().unwrap());
    let options = LoadOptions::default();
    let old = load(prepared.old.as_ref(), old, &options);
    let new = load(prepared.new.as_ref(), new, &options);
    let findings = compare(&old, &new, CompareOptions::default()).findings;
    (first.to_string()[..7].to_owned(), findings)
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|one| format!("{}: {}", one.rule.id, one.message)).collect()
}

#[test]
fn a_number_that_was_given_up_breaks_whoever_takes_it() {
    let (revision, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; bytes fresh = 4;"));
    let message = format!(
        "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
    );
    assert_eq!(told(&found), [message]);
    assert_eq!(found[0].surfaces.wire, Verdict::Breaking);
}

#[test]
fn a_name_that_was_given_up_breaks_json_under_another_type() {
    let (revision, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; bool gone = 5;"));
    let message = format!(
        "field-name-reused: name `gone` was `string gone = 4` until {revision} and is `bool gone = 5`"
    );
    assert_eq!(told(&found), [message]);
    assert_eq!(found[0].surfaces.json, Verdict::Breaking);
    assert_eq!(found[0].surfaces.wire, Verdict::Compatible);
}

#[test]
fn a_value_of_an_enumeration_is_told_too() {
    let (revision, found) = findings(&WITHOUT.replace("Z = 0;", "Z = 0; NEW = 2;"));
    let message = format!("enum-number-reused: number 2 was `OLD` until {revision} and is `NEW`");
    assert_eq!(told(&found), [message]);
}

#[test]
fn what_comes_back_as_it_was_and_what_was_never_there_takes_over_nothing() {
    let (_, found) = findings(WITH);
    let ids: Vec<&str> = found.iter().map(|one| one.rule.id).collect();
    assert_eq!(ids, ["field-added", "enum-value-added"]);
    let (_, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; string fresh = 5;"));
    assert_eq!(found[0].rule.id, "field-added");
}
