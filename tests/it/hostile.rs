//! One contract whose every name attacks the reader, through every format.

use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::case::testdata;
use crate::cases::unbroken;

/// Every report of the hostile pair, by format.
fn report(format: &str) -> String {
    let output = unbroken(
        &testdata().join("hostile"),
        &["diff", "old.yaml", "new.yaml", "--format", format],
    );
    assert_eq!(output.status.code(), Some(1), "{format}");
    assert!(output.stderr.is_empty(), "{format}");
    String::from_utf8(output.stdout).unwrap()
}

/// What no report may hold as it is: it repaints a terminal, or nobody sees it.
fn is_hidden(character: char) -> bool {
    (character.is_control() && character != '\n')
        || ['\u{202e}', '\u{200b}', '\u{feff}'].contains(&character)
}

#[test]
fn nothing_hidden_is_left_in_what_people_read() {
    for format in ["text", "github", "gitlab", "junit", "markdown", "html"] {
        let text = report(format);
        let found: Vec<char> = text.chars().filter(|c| is_hidden(*c)).collect();
        assert!(found.is_empty(), "{format}: {found:?}");
        // Annotations are few, and this name is not among the first.
        let is_shown = text.contains("\\u{202e}");
        assert!(is_shown || format == "github", "{format}");
    }
}

#[test]
fn every_hostile_name_is_reported_by_every_format() {
    for format in ["text", "json", "sarif", "gitlab", "junit", "markdown", "html"] {
        let text = report(format);
        for name in
            ["onmouseover", "CDATA", "github.token", "forged%25", "javascript", "evil.example"]
        {
            assert!(text.contains(name), "{format} says nothing of {name}");
        }
    }
}

#[test]
fn no_line_of_the_text_is_a_command_to_a_build() {
    for line in report("text").lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
}

#[test]
fn annotations_are_commands_of_three_kinds_and_nothing_else() {
    let text = report("github");
    let mut counts = [0; 3];
    for line in text.lines() {
        let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        let (level, rest) = rest.split_once(' ').unwrap();
        let index = ["error", "warning", "notice"].iter().position(|known| *known == level);
        counts[index.unwrap_or_else(|| panic!("{line}"))] += 1;
        // The runner takes everything up to the next `::` as properties.
        let (properties, _) = rest.split_once("::").unwrap();
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap_or_else(|| panic!("{line}"));
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&name), "{line}");
            assert!(!value.contains([':', '\r']), "{line}");
        }
    }
    assert!(counts.iter().all(|count| *count <= 10), "{counts:?}");
    let last = text.lines().rfind(|line| line.starts_with("::error ")).unwrap();
    assert!(last.contains("more error"), "what was left out is counted: {last}");
}

#[test]
fn json_formats_are_read_back_with_the_names_that_went_in() {
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    let messages = json["findings"].to_string();
    assert!(messages.contains("user\u{202e}gpj.exe\u{200b}"), "a program gets the name as it is");
    let gitlab: Value = serde_json::from_str(&report("gitlab")).unwrap();
    let mut prints: Vec<&str> =
        gitlab.as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    let count = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), count, "GitLab shows only the first of two equal fingerprints");
}

#[test]
fn sarif_messages_hold_no_link() {
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!message.replace("\\](", "").contains("]("), "{message}");
    }
}

#[test]
fn junit_is_one_document_with_names_as_text() {
    let text = report("junit");
    let document = roxmltree::Document::parse(&text).unwrap();
    let known =
        ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "{node:?}");
    }
    let names = document.descendants().filter_map(|node| node.attribute("name"));
    assert!(names.into_iter().any(|name| name.contains("]]> <![CDATA[ &amp; &#0;")));
}

#[test]
fn markdown_holds_every_name_in_code() {
    let text = report("markdown");
    let mut in_code = 0;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        assert!(!matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })), "a link");
        if matches!(event, Event::Start(Tag::CodeBlock(_))) {
            in_code += 1;
        } else if matches!(event, Event::End(TagEnd::CodeBlock)) {
            in_code -= 1;
        }
        if let Event::Html(html) | Event::InlineHtml(html) = &event {
            is_ours(html);
        }
        if let Event::Text(text) = &event
            && in_code == 0
        {
            is_tame(text);
        }
    }
}

/// Only the tags that fold, and code, whose content is text.
fn is_ours(html: &str) {
    let mut rest = html.to_owned();
    while let Some((before, inside)) = rest.split_once("<code>") {
        let (code, after) = inside.split_once("</code>").unwrap_or_else(|| panic!("{html}"));
        assert!(!code.contains(['<', '>']), "{html}");
        rest = format!("{before}{after}");
    }
    for tag in ["<details>", "<details open>", "</details>", "<summary>", "</summary>"] {
        rest = rest.replace(tag, "");
    }
    assert!(!rest.contains(['<', '>']), "{html}");
    is_tame(&rest);
}

/// No mention, no link, no reference to an issue.
fn is_tame(text: &str) {
    for word in ["@", "://", "www.", "#", "GH-", "javascript:", "${{"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[test]
fn html_has_only_the_elements_that_we_wrote() {
    let text = report("html");
    for forged in ["<script>alert", "<img", "onmouseover=\"", "href=\"javascript", "href=\"http"] {
        assert!(!text.contains(forged), "{forged}");
    }
    assert_eq!(text.matches("<script").count(), 1, "one script, ours");
    assert_eq!(text.matches("<style").count(), 1, "one style, ours");
}

#[test]
fn problems_are_told_in_every_format() {
    let home = tempfile::tempdir().unwrap();
    let good = fs::read(testdata().join("showcase/old.yaml")).unwrap();
    fs::write(home.path().join("old.yaml"), good).unwrap();
    fs::write(home.path().join("new.yaml"), "openapi: 3.1.0\ninfo: {title: a, version: \"1\n")
        .unwrap();
    for format in ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        let output = unbroken(home.path(), &["diff", "old.yaml", "new.yaml", "--format", format]);
        assert_eq!(output.status.code(), Some(3), "{format}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("quote"), "{format} hides the problem: {text}");
    }
}
