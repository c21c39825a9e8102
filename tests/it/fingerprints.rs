//! What a fingerprint is made of, seen from outside: it survives whatever does not touch the edit.

use std::fs;

use serde_json::Value;

use unbroken::diff::Finding;

use crate::case::Case;
use crate::cases::unbroken;
use crate::comparison::{findings, options};

/// The fingerprint of the only finding of this rule between two texts.
fn fingerprint(rule: &str, old: &str, new: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("old.yaml"), old).unwrap();
    fs::write(home.path().join("new.yaml"), new).unwrap();
    let output = unbroken(home.path(), &["diff", "old.yaml", "new.yaml", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let of: Vec<&Value> = findings.iter().filter(|finding| finding["rule"] == rule).collect();
    let [only] = of.as_slice() else { panic!("not one {rule}: {report}") };
    only["fingerprint"].as_str().unwrap().to_owned()
}

/// Operations that send a customer, and the schemas behind them.
fn contract(operations: &[&str], schemas: &str) -> String {
    let mut text = "openapi: 3.1.0\ninfo: { title: a, version: 1.0.0 }\npaths:\n".to_owned();
    for path in operations {
        text.push_str(
            &"  PATH:\n    post:\n      requestBody:\n        content:\n          application/json:\n            \
              schema: { $ref: '#/components/schemas/Customer' }\n      responses: { '200': { description: d } }\n"
                .replace("PATH", path),
        );
    }
    text + "components:\n  schemas:\n" + schemas
}

const OLD: &str = "    Customer:\n      type: object\n      required: [name]\n      properties:\n        \
    name: { type: string }\n        email: { type: string }\n    Other: { type: string }\n";

fn became_required() -> String {
    let new = OLD.replace("required: [name]", "required: [name, email]");
    fingerprint("property-became-required", &contract(&["/b"], OLD), &contract(&["/b"], &new))
}

#[test]
fn it_survives_whatever_does_not_touch_the_edit() {
    let expected = became_required();
    let new = OLD.replace("required: [name]", "required: [name, email]");
    let variants: [(&str, String, String); 7] = [
        (
            "reformatted",
            OLD.into(),
            new.replace("required: [name, email]", "required:\n        - name\n\n        - email"),
        ),
        ("reordered", OLD.into(), new.replace("[name, email]", "[email, name]")),
        (
            "described",
            OLD.into(),
            new.replace("type: object", "type: object\n      description: who buys"),
        ),
        ("renamed beside", OLD.into(), new.replace("Other:", "Another:")),
        (
            "moved down",
            OLD.replace("    Customer", "    First: { type: string }\n    Customer"),
            new.replace("    Customer", "    First: { type: string }\n    Customer"),
        ),
        (
            "base described",
            OLD.replace("type: object", "type: object\n      title: t"),
            new.clone(),
        ),
        (
            "edited beside",
            OLD.into(),
            new.replace("name: { type: string }", "name: { type: string, maxLength: 9 }"),
        ),
    ];
    for (what, old, new) in variants {
        let found = fingerprint(
            "property-became-required",
            &contract(&["/b"], &old),
            &contract(&["/b"], &new),
        );
        assert_eq!(found, expected, "{what}");
    }
    for operations in [["/a", "/b"], ["/b", "/c"]] {
        let (old, new) = (contract(&operations, OLD), contract(&operations, &new));
        assert_eq!(fingerprint("property-became-required", &old, &new), expected, "{operations:?}");
    }
}

#[test]
fn the_wording_of_a_message_is_no_part_of_it() {
    for case in Case::all() {
        let sides = (&*case.old, &*case.new);
        for finding in findings(&case.ground, sides, options(&case)) {
            let Finding { rule, message, evidence, .. } = finding;
            let is_prose = |part: &&String| part.contains(' ') && **part == message;
            let told = evidence.iter().find(is_prose);
            assert_eq!(told, None, "{} of {}", rule.id, case.ground.display());
        }
    }
}

#[test]
fn it_tells_edits_apart() {
    let mut seen = vec![became_required()];
    let name = OLD.replace("required: [name]", "required: [email]");
    let both = OLD.replace("required: [name]", "required: [name, email]");
    seen.push(fingerprint(
        "property-became-required",
        &contract(&["/b"], &name),
        &contract(&["/b"], &both),
    ));
    for length in [5, 6] {
        let new = OLD.replace(
            "name: { type: string }",
            &format!("name: {{ type: string, maxLength: {length} }}"),
        );
        seen.push(fingerprint(
            "maximum-lowered",
            &contract(&["/b"], OLD),
            &contract(&["/b"], &new),
        ));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "{seen:?}");
}

#[test]
fn elements_of_lists_are_known_by_name() {
    let with = |parameters: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: a, version: 1.0.0 }}\npaths:\n  /a:\n    get:\n      parameters:\n{parameters}      \
             responses: {{ '200': {{ description: d }} }}\n"
        )
    };
    let a = "        - { name: a, in: query, schema: { type: string } }\n";
    let b = "        - { name: b, in: query, schema: { type: string, maxLength: 9 } }\n";
    let shorter = b.replace('9', "8");
    let rule = "maximum-lowered";
    let first = fingerprint(rule, &with(b), &with(&shorter));
    let second = fingerprint(rule, &with(&format!("{a}{b}")), &with(&format!("{shorter}{a}")));
    assert_eq!(first, second);
}

#[test]
fn edits_that_come_from_one_place_are_told_apart() {
    let used = contract(&["/a", "/b"], OLD);
    let relaxed = OLD.replace("required: [name]", "required: []");
    let alone = contract(&["/a", "/b"], &relaxed);
    let shared = fingerprint("property-became-optional", &used, &alone);
    // One of the two operations has a copy of the schema now, which requires nothing either.
    let reference = "schema: { $ref: '#/components/schemas/Customer' }";
    let copy =
        "schema: { type: object, properties: { name: { type: string }, email: { type: string } } }";
    let (first, second) = alone.split_at(alone.find("/b:").unwrap());
    let copied = format!("{first}{}", second.replace(reference, copy));
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("old.yaml"), &used).unwrap();
    fs::write(home.path().join("new.yaml"), &copied).unwrap();
    let output = unbroken(home.path(), &["diff", "old.yaml", "new.yaml", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of_rule = |finding: &&Value| finding["rule"] == "property-became-optional";
    let mut told: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_rule)
        .map(|finding| finding["fingerprint"].as_str().unwrap())
        .collect();
    assert!(told.contains(&&*shared), "the edit of the shared schema is what it was: {report}");
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 2, "{report}");
}
