//! A thousand findings in every form that has a limit: GitHub drops, refuses or hides what is beyond it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;
use tempfile::TempDir;

use crate::cases::unbroken;

/// How many findings each of two contracts has.
pub(crate) const MANY: usize = 500;

/// Operations whose responses say this type; `{id}` is declared nowhere, which is remarked upon.
fn contract(kind: &str) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: Many, version: 1.0.0}\npaths:\n".to_owned();
    for number in 0..MANY {
        writeln!(
            text,
            "  /things{number}/{{id}}:\n    get:\n      responses:\n        '200':\n          \
             description: fine\n          content:\n            application/json:\n              \
             schema: {{type: object, properties: {{member{number}: {{type: {kind}}}}}}}"
        )
        .unwrap();
    }
    text
}

/// Two folders whose contracts differ in a thousand places.
pub(crate) fn crowd() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (side, kind) in [("old", "integer"), ("new", "string")] {
        fs::create_dir(home.path().join(side)).unwrap();
        for name in ["orders.yaml", "users.yaml"] {
            fs::write(home.path().join(side).join(name), contract(kind)).unwrap();
        }
    }
    home
}

fn said(home: &Path, format: &str) -> String {
    let output = unbroken(home, &["diff", "old", "new", "--format", format]);
    assert_eq!(output.status.code(), Some(1), "{format}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_thousand_findings_fit_every_form() {
    let home = crowd();
    let said = |format: &str| said(home.path(), format);

    let annotations = said("github");
    for level in ["error", "warning", "notice"] {
        let count = annotations.lines().filter(|line| line.starts_with(&format!("::{level} ")));
        assert!(count.count() <= 10, "the eleventh {level} would be dropped without a word");
    }
    let rest = format!("… and {} more errors", 2 * MANY - 9);
    assert!(annotations.contains(&rest), "{annotations}");

    for (format, budget) in [("comment", 60_000), ("markdown", 1024 * 1024)] {
        let text = said(format);
        assert!(text.chars().count() <= budget, "{format}");
        is_whole(&text);
        // What has no room for its details has a line, and what has no line is counted.
        let shown = text.matches("type changed from").count();
        let counted = match text.split_once(" more findings; ") {
            Some((before, _)) => before.rsplit(' ').next().unwrap().parse().unwrap(),
            None => 0,
        };
        assert_eq!(shown + counted, 2 * MANY, "{format}");
        // What both sides share is remarked upon once.
        assert!(text.contains(&format!("{} remarks on what was read", 2 * MANY)), "{format}");
    }

    let gitlab: Value = serde_json::from_str(&said("gitlab")).unwrap();
    assert!(gitlab.as_array().unwrap().len() >= 2 * MANY);
    let sarif: Value = serde_json::from_str(&said("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 2 * MANY);

    let text = said("text");
    // What is said of all of them, and of both sides, is said once.
    let remarks: Vec<&str> = text.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(remarks.len(), 1);
    let rest = format!(" and {} more places", 2 * MANY - 4);
    assert!(remarks.iter().all(|line| line.ends_with(&rest)), "{remarks:?}");
}

/// Every tag that was opened is closed, and no block of code is left open.
fn is_whole(text: &str) {
    let mut depth = 0_i64;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        if let Event::Html(html) | Event::InlineHtml(html) = &event {
            let count = |tag: &str| i64::try_from(html.matches(tag).count()).unwrap();
            depth += count("<details>") + count("<details open>") - count("</details>");
            assert!(depth >= 0, "{html}");
        }
    }
    assert_eq!(depth, 0, "a fold is left open");
}
