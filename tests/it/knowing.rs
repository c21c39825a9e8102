//! What the program knows of itself: `explain`, `rules`, `completions`, `man`, and the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use unbroken::report::catalogue::{self, Example};
use unbroken::rules::Rule;

use crate::case::Case;
use crate::cases::unbroken;
use crate::fresh::assert_fresh;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = unbroken(root(), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The smallest case of a rule in which it speaks, of those in which something breaks where there are
/// any, and whose sides are one file each.
fn example(rule: &Rule, cases: &[Case]) -> Option<Example> {
    let fits = |case: &&Case| {
        case.rule == rule.id
            && !case.is_near_miss()
            && case.text(&case.old).is_some()
            && case.text(&case.new).is_some()
    };
    let size = |case: &&Case| case.text(&case.old).unwrap_or_default().len();
    let snapshot = |case: &Case| fs::read_to_string(case.folder.join("report.snap")).ok();
    let breaks = |case: &Case| {
        snapshot(case).is_some_and(|report| report.contains(&format!("✗ {}:", rule.id)))
    };
    let rank = |case: &&Case| (!breaks(case), size(case), case.title());
    let case = cases.iter().filter(fits).min_by_key(rank)?;
    let snapshot = snapshot(case)?;
    // A snapshot begins with a head of its own.
    let (_, report) = snapshot.strip_prefix("---\n")?.split_once("\n---\n")?;
    let file = |name: &String| {
        let language = name.rsplit('.').next().unwrap_or_default().to_owned();
        Some((name.clone(), language, case.text(name)?))
    };
    Some(Example {
        folder: format!("testdata/{}", case.title()),
        flags: case.flags.join(" "),
        files: vec![file(&case.old)?, file(&case.new)?],
        said: report.to_owned(),
    })
}

#[test]
fn every_rule_has_a_fresh_page() {
    let cases = Case::all();
    let mut files = vec![("docs/rules/README.md".to_owned(), catalogue::markdown())];
    files.extend(unbroken::rules::catalogue().map(|rule| {
        let page = catalogue::page(rule, example(rule, &cases).as_ref());
        (format!("docs/rules/{}.md", rule.id), page)
    }));
    assert_fresh(&files);
    let known: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for entry in fs::read_dir(root().join("docs/rules")).unwrap() {
        let name = format!("docs/rules/{}", entry.unwrap().file_name().to_str().unwrap());
        assert!(known.contains(name.as_str()), "{name} is the page of no rule");
    }
    assert_eq!(said(&["rules", "--format", "markdown"]).1, catalogue::markdown());
}

#[test]
fn explain_shows_the_page_with_its_example() {
    let (code, text, _) = said(&["explain", "property-became-required"]);
    assert_eq!(code, Some(0));
    for part in
        ["A property became required.", "  in a request   breaking", "    ✗ property-became"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("```") && !text.contains("**"), "{text}");
}

#[test]
fn a_misspelt_rule_gets_a_suggestion() {
    let (code, _, errors) = said(&["explain", "property-become-required"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("did you mean `property-became-required`?"), "{errors}");
    let (code, _, errors) = said(&["explain", "zzz"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("`unbroken rules` lists them"), "{errors}");
}

#[test]
fn rules_as_json_keep_the_promise_of_their_schema() {
    let schema = fs::read_to_string(root().join("schemas/rules.v1.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let rules: Value = serde_json::from_str(&said(&["rules", "--format", "json"]).1).unwrap();
    let validator = jsonschema::options().offline().build(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&rules).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let count = unbroken::rules::catalogue().count();
    assert_eq!(rules["rules"].as_array().unwrap().len(), count);
    assert_eq!(said(&["rules"]).1.lines().count(), count);
}

#[test]
fn shells_and_man_learn_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, _) = said(&["completions", shell]);
        assert_eq!(code, Some(0), "{shell}");
        assert!(script.contains("fail-on") && script.contains("explain"), "{shell}");
    }
    let (code, manual, _) = said(&["man"]);
    // roff writes a hyphen that may not become a dash with a backslash.
    let manual = manual.replace("\\-", "-");
    assert_eq!(code, Some(0));
    for part in [".TH unbroken 1", ".TH unbroken-check 1", "fail-on", "junit"] {
        assert!(manual.contains(part), "{part} is not in the manual");
    }
}
