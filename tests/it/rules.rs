//! The catalogue of rules as a whole.

use std::collections::BTreeSet;

use unbroken::rules::{catalogue, find};

/// Titles must fit in a table.
const LONGEST_TITLE: usize = 72;

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = BTreeSet::new();
    for rule in catalogue() {
        assert!(seen.insert(rule.id), "{} is declared twice", rule.id);
        let words = rule.id.split('-');
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        assert!(words.clone().count() > 0 && words.clone().all(is_word), "{}", rule.id);
        assert_eq!(find(rule.id), Some(rule));
    }
    assert_eq!(find("no-such-rule"), None);
}

#[test]
fn no_id_says_where_it_happened() {
    // Location and polarity are data on the finding.
    for rule in catalogue() {
        for word in ["request", "response"] {
            assert!(!rule.id.split('-').any(|part| part == word), "{}", rule.id);
        }
    }
}

#[test]
fn each_rule_says_what_why_and_what_to_do() {
    for rule in catalogue() {
        let first = rule.docs.first().map_or("", |line| line.trim());
        assert!(!first.is_empty(), "{} has no title", rule.id);
        assert!(rule.title().chars().count() <= LONGEST_TITLE, "{}: {first}", rule.id);
        assert!(!rule.title().ends_with('.'), "{}: {first}", rule.id);
        assert!(!rule.why().is_empty(), "{} does not say why", rule.id);
        assert!(!rule.fix.trim().is_empty(), "{} does not say what to do", rule.id);
        assert!(rule.file.starts_with("src/rules/"), "{} is declared in {}", rule.id, rule.file);
        let touched = rule.surfaces;
        let of_policy = rule.file == "src/rules/policy.rs";
        let any = touched.wire || touched.json || touched.source;
        assert!(any != of_policy, "{} touches nothing, or is about policy", rule.id);
    }
}
