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
use crate::stories::Story;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = unbroken(root(), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The smallest case of a rule in which it speaks: of those in which something breaks, where there are
/// any, and then of those that need no explanation. Sides of several files are shown whole; what a side
/// imports from elsewhere is not.
fn example(rule: &Rule, cases: &[Case]) -> Option<Example> {
    let fits = |case: &&Case| case.rule == rule.id && !case.is_near_miss() && shown(case).is_some();
    let size = |case: &&Case| -> usize {
        let files = shown(case).unwrap_or_default();
        // A page with many files is long however short they are.
        files.iter().map(|(_, text)| text.len() + 200).sum()
    };
    let snapshot = |case: &Case| fs::read_to_string(case.folder.join("report.snap")).ok();
    let breaks = |case: &Case| {
        snapshot(case).is_some_and(|report| report.contains(&format!("✗ {}:", rule.id)))
    };
    let is_explained = |case: &Case| case.folder.join("why.md").exists();
    let rank = |case: &&Case| (!breaks(case), is_explained(case), size(case), case.title());
    let Some(case) = cases.iter().filter(fits).min_by_key(rank) else { return told(rule) };
    let flags = case.flags.join(" ");
    Some(Example {
        folder: format!("testdata/{}", case.title()),
        asked: if flags.is_empty() { flags } else { format!("with `{flags}`") },
        files: shown(case)?.into_iter().map(file).collect(),
        said: without_head(&snapshot(case)?)?,
    })
}

/// The rule's repository, where only one over time shows it.
fn told(rule: &Rule) -> Option<Example> {
    let story = Story::all().into_iter().find(|story| story.rule == rule.id)?;
    let snapshot = fs::read_to_string(story.folder.join("report.snap")).ok()?;
    Some(Example {
        folder: format!("testdata/repository/{}", story.rule),
        asked: "each folder a commit of `main`, the last the work tree".to_owned(),
        files: story.files().into_iter().map(file).collect(),
        said: without_head(&snapshot)?,
    })
}

fn file((name, text): (String, String)) -> (String, String, String) {
    let language = name.rsplit('.').next().unwrap_or_default().to_owned();
    (name, language, text)
}

/// A snapshot begins with a head of its own.
fn without_head(snapshot: &str) -> Option<String> {
    let (_, report) = snapshot.strip_prefix("---\n")?.split_once("\n---\n")?;
    Some(report.to_owned())
}

/// The files of both sides with their texts; `None` where one is no text.
fn shown(case: &Case) -> Option<Vec<(String, String)>> {
    let mut files = Vec::new();
    for side in [&case.old, &case.new] {
        let mut folders = vec![case.folder.join(side)];
        while let Some(path) = folders.pop() {
            if path.is_dir() {
                let mut inside: Vec<_> =
                    fs::read_dir(path).unwrap().map(|it| it.unwrap().path()).collect();
                inside.sort();
                folders.extend(inside.into_iter().rev());
                continue;
            }
            let name = path.strip_prefix(&case.folder).unwrap().to_str()?.to_owned();
            files.push((name, fs::read_to_string(&path).ok()?));
        }
    }
    Some(files)
}

#[test]
fn every_rule_has_an_example() {
    let cases = Case::all();
    let rules = unbroken::rules::catalogue();
    let without: Vec<&str> =
        rules.filter(|rule| example(rule, &cases).is_none()).map(|rule| rule.id).collect();
    assert!(without.is_empty(), "{without:?}");
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
        for word in ["fail-on", "explain", "property-removed"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let (code, manual, _) = said(&["man"]);
    // roff writes a hyphen that may not become a dash with a backslash.
    let manual = manual.replace("\\-", "-");
    assert_eq!(code, Some(0));
    for part in [
        ".TH unbroken 1",
        ".TH unbroken-check 1",
        "fail-on",
        "junit",
        ".SH \"EXIT STATUS\"",
        ".SH ENVIRONMENT",
        ".SH FILES",
    ] {
        assert!(manual.contains(part), "{part} is not in the manual");
    }
}
