//! Names that somebody else chose, of files, owners, references and reasons, attack whoever reads about
//! them. `tests/it/hostile.rs` does the same with what a contract holds.

use serde_json::Value;

use super::scratch::{Scratch, orders};

/// What a terminal, a build, a page of Markdown or HTML would obey.
const EVIL: &str = "::error::x \u{1b}[31m<script>alert(1)</script> @team `rm` \u{202e}gpj ${{ github.token }} \
                    [a](javascript:x) ##[error]z\n::error::second";

/// Names of files with the same, as far as a file may be called so.
const FILES: [&str; 8] = [
    "::error file=x::y.yaml",
    "a\n::error::c.yaml",
    "esc\u{1b}[31m.yaml",
    "<script>alert(1)<script>.yaml",
    "@team.yaml",
    "`tick`.yaml",
    "rtl\u{202e}gpj.yaml",
    "%0A##[error]x.yaml",
];

const REFERENCE: &str = "a/b<script>alert(1)<script>@team`x`\u{202e}${{y}}##;rm";

/// A break in each file, one of them accepted, each owned by somebody.
fn scene() -> Scratch {
    let scratch = Scratch::new();
    let write = |required: &str| {
        for name in FILES {
            scratch.write(name, &orders(required));
        }
        scratch.write("mine.yaml", &orders(required));
    };
    write("a");
    let base = scratch.commit();
    scratch.git.reference(&format!("refs/heads/{REFERENCE}"), base, true, "test").unwrap();
    write("a, b");
    scratch.write(
        "CODEOWNERS",
        "*.yaml @team\u{202e} @org/<script> ::error::x@example.org `t`@b.org\n",
    );
    let quoted = Value::from(EVIL).to_string();
    scratch
        .write("unbroken.yaml", &format!("contracts: [{{paths: [mine.yaml], owner: {quoted}}}]\n"));
    let report = scratch.report(&["--base", REFERENCE]);
    let mut findings = report["findings"].as_array().unwrap().iter();
    let one = findings.find(|finding| finding["rule"] == "property-became-required").unwrap();
    let digits = one["fingerprint"].as_str().unwrap();
    let terms = ["--reason", EVIL, "--owner", EVIL, "--until", "2027-06-30", "--base", REFERENCE];
    let (code, said) = scratch.run(&[&["accept", digits][..], &terms].concat());
    assert_eq!(code, 0, "{said}");
    is_tame(&said);
    scratch
}

/// No line is a command to a build, and nothing repaints a terminal or hides.
fn is_tame(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
}

#[test]
fn names_of_files_owners_references_and_reasons_are_text_everywhere() {
    let scratch = scene();
    let said = |format: &str| {
        let (code, text) = scratch.run(&["check", "--base", REFERENCE, "--format", format]);
        assert_eq!(code, 1, "{format}: {text}");
        text
    };
    is_tame(&said("text"));
    is_tame(&scratch.run(&["check", "--base", REFERENCE, "--hook"]).1);
    is_tame(&scratch.run(&["doctor", "--base", REFERENCE]).1);
    is_tame(&scratch.run(&["check", "--print-config"]).1);
    for line in said("github").lines() {
        let level = line.strip_prefix("::").and_then(|line| line.split(' ').next());
        assert!(["error", "warning", "notice"].contains(&level.unwrap_or_default()), "{line}");
        let properties = line.split_once(' ').unwrap().1.split_once("::").unwrap().0;
        for property in properties.split(',') {
            let value = property.split_once('=').unwrap().1;
            assert!(!value.contains([':', '\r', '\u{1b}']), "{line}");
        }
    }
    for format in ["json", "sarif", "gitlab"] {
        let text = said(format);
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{format}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{format}");
    }
    let junit = said("junit");
    assert!(roxmltree::Document::parse(&junit).is_ok(), "{junit}");
    for format in ["html", "markdown", "junit"] {
        let text = said(format);
        assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'));
        assert!(format == "markdown" || !text.contains("<script>alert"), "{format}");
    }
    outside_code(&said("markdown"));
}

/// What Markdown shows outside code mentions nobody and links nowhere.
fn outside_code(text: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut in_code = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        if let Event::Start(Tag::CodeBlock(_)) = event {
            in_code = true;
        } else if let Event::End(TagEnd::CodeBlock) = event {
            in_code = false;
        }
        assert!(!matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })), "a link");
        if let Event::Text(text) = &event
            && !in_code
        {
            for word in ["@", "<script", "javascript:", "${{"] {
                assert!(!text.contains(word), "{text}");
            }
        }
        if let Event::Html(html) | Event::InlineHtml(html) = &event {
            assert!(!html.contains("<script"), "{html}");
        }
    }
}

#[test]
fn an_error_is_one_line_whatever_it_names() {
    let scratch = scene();
    for arguments in [["check", "--base", EVIL], ["diff", EVIL, EVIL]] {
        let (code, said) = scratch.run(&arguments);
        assert_eq!(code, 3, "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        is_tame(&said);
        assert!(said.contains("\\n::error::second"), "{said}");
    }
}
