//! A finding that was accepted, in every form: it is told with its reason, it fails nothing, and whoever
//! cannot say "accepted" is not told to fix it.

use pulldown_cmark::{Event, Parser};
use serde_json::Value;

use crate::git::scratch::{Scratch, broken};

const TERMS: [&str; 6] =
    ["--reason", "nobody omits it", "--owner", "@acme/orders", "--until", "2027-06-30"];

fn accepted() -> Scratch {
    let scratch = broken();
    let (code, said) = scratch.run(&[&["baseline"][..], &TERMS].concat());
    assert_eq!(code, 0, "{said}");
    scratch
}

fn said(scratch: &Scratch, format: &str) -> String {
    let (code, said) = scratch.run(&["check", "--format", format]);
    assert_eq!(code, 0, "{format}: {said}");
    said
}

#[test]
fn forms_that_know_acceptances_show_them() {
    let scratch = accepted();
    // Markdown puts the day and the owner in code.
    let terms = "accepted until ";
    for format in ["text", "html", "junit", "markdown", "comment", "sarif"] {
        let text = said(&scratch, format);
        for part in [terms, "2027-06-30", "@acme/orders", "nobody omits it", "became required"] {
            assert!(text.contains(part), "{format} does not say {part}: {text}");
        }
    }
    let sarif: Value = serde_json::from_str(&said(&scratch, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let found: Vec<&Value> =
        results.iter().filter(|it| it["ruleId"] == "property-became-required").collect();
    let [result] = found.as_slice() else { panic!("one result: {found:?}") };
    assert_eq!(result["suppressions"][0]["kind"], "external");
    assert_eq!(result["suppressions"][0]["status"], "accepted");

    let junit = said(&scratch, "junit");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let skipped = document.descendants().find(|node| node.has_tag_name("skipped")).unwrap();
    assert!(
        skipped
            .attribute("message")
            .unwrap()
            .starts_with("accepted until 2027-06-30 by @acme/orders: ")
    );
    assert_eq!(document.root_element().attribute("failures"), Some("0"));

    let html = said(&scratch, "html");
    assert!(html.contains(">Accepted</span>"), "a badge");
    assert!(html.contains("1 breaking change (accepted)"), "the headline");
    // In Markdown the owner is code, and mentions nobody.
    for event in Parser::new(&said(&scratch, "comment")) {
        if let Event::Text(text) = event {
            assert!(!text.contains('@'), "{text}");
        }
    }
}

#[test]
fn forms_that_do_not_know_acceptances_are_silent_about_them() {
    let scratch = accepted();
    let gitlab: Value = serde_json::from_str(&said(&scratch, "gitlab")).unwrap();
    let names: Vec<&Value> =
        gitlab.as_array().unwrap().iter().map(|it| &it["check_name"]).collect();
    assert_eq!(names, ["acceptance-added"]);
    let github = said(&scratch, "github");
    assert!(!github.contains("::error") && !github.contains("::warning"), "{github}");
}

#[test]
fn what_the_team_turned_off_is_counted() {
    let scratch = broken();
    scratch.write("unbroken.yaml", "policy: {rules: {property-became-required: off}}\n");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 breaking (1 off)"), "{said}");
    assert!(said.contains("severity-lowered"), "{said}");
}
