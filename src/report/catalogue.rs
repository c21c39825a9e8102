//! The rules themselves, said in each form: a list, a page, a table, JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::model::{Polarity, Surface};
use crate::rules::{DefaultSeverity, Effect, Rule, Turned, Verdict, catalogue};

/// What a rule speaks about, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where it is kept.
    pub folder: String,
    /// How it is asked about, in a few words after the folder; empty where that goes without saying.
    pub asked: String,
    /// Each file: its name, the language that it is written in, its text.
    pub files: Vec<(String, String, String)>,
    /// The report, as text.
    pub said: String,
}

/// Ids and titles, one rule a line, by id.
pub fn text() -> String {
    let line = |rule: &&Rule| format!("{:<34} {}\n", rule.id, rule.title());
    sorted().iter().map(line).collect::<Vec<String>>().concat()
}

/// Everything that is declared, as JSON: `schemas/rules.v1.schema.json`.
pub fn json() -> String {
    let rules = sorted().into_iter().map(wire).collect();
    let list = WireCatalogue { schema_version: 1, rules };
    let text = serde_json::to_string_pretty(&list).unwrap_or_default();
    format!("{text}\n")
}

/// A table of all rules, each with a link to its page.
pub fn markdown() -> String {
    let mut lines = vec![
        "# Rules\n".to_owned(),
        "Each kind of change is one rule, wherever it happens. `unbroken explain RULE` shows a page."
            .to_owned(),
        "A rule says what a change does; who writes at the place decides whom it breaks.\n"
            .to_owned(),
        "| Rule | | In a request | In a response | Touches |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(sorted().into_iter().map(|rule| {
        let (id, title) = (rule.id, rule.title());
        let request = outcome(rule, Polarity::Request);
        let response = outcome(rule, Polarity::Response);
        format!("| [{id}]({id}.md) | {title} | {request} | {response} | {} |", surfaces(rule))
    }));
    lines.push(String::new());
    lines.join("\n")
}

/// The page of a rule.
pub fn page(rule: &Rule, example: Option<&Example>) -> String {
    let why = rule.why().replace('\n', "\n\n");
    let mut text = format!("# {}\n\n**{}.** {why}\n\n", rule.id, rule.title());
    if let Some(Turned { why, fix }) = rule.turned {
        // Writing to a string cannot fail.
        let _ =
            write!(text, "In webhooks and callbacks, where the producer calls: {why} {fix}\n\n");
    }
    let severity = match rule.severity {
        Some(DefaultSeverity::Error) => "error, whatever the verdict",
        Some(DefaultSeverity::Warning) => "at least a warning",
        Some(DefaultSeverity::Note) | None => "follows from the verdict",
    };
    let mut facts = vec![
        ("does", effect(rule.effect).to_owned()),
        ("in a request", outcome(rule, Polarity::Request).to_owned()),
        ("in a response", outcome(rule, Polarity::Response).to_owned()),
        ("touches", surfaces(rule)),
        ("severity", severity.to_owned()),
    ];
    facts.extend(rule.caution.map(|caution| ("caution", caution.to_owned())));
    text.push_str("| | |\n|---|---|\n");
    for (name, fact) in facts {
        text.push_str(&["| ", name, " | ", &fact, " |\n"].concat());
    }
    text.push_str(&["\nWhat to do: ", rule.fix, "\n"].concat());
    if let Some(Example { folder, asked, files, said }) = example {
        let how = if asked.is_empty() { String::new() } else { format!(", {asked}") };
        text.push_str(&["\n## Example\n\nThe tests run it: `", folder, "`", &how, "\n"].concat());
        for (name, language, content) in files {
            text.push_str(&["\n`", name, "`\n\n", &fenced(language, content)].concat());
        }
        text.push_str(&["\nUnbroken says:\n\n", &fenced("text", said)].concat());
    }
    text
}

/// A page as a terminal shows it: without the marks that only a renderer needs.
pub fn plain(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut fence: Option<&str> = None;
    for line in page.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) if line.is_empty() => out.push('\n'),
            Some(_) => out.push_str(&["    ", line, "\n"].concat()),
            None if line.starts_with("```") => {
                fence = Some(line.trim_end_matches(char::is_alphabetic));
            }
            None if line.starts_with("|-") || line == "| | |" => {}
            None => {
                let line = line.trim_start_matches('#').trim_start().replace("**", "");
                let row = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"));
                match row.and_then(|row| row.split_once(" | ")) {
                    Some((name, fact)) => {
                        let gap = " ".repeat(15_usize.saturating_sub(name.len()));
                        out.push_str(&["  ", name, &gap, fact, "\n"].concat());
                    }
                    None => out.push_str(&[line.as_str(), "\n"].concat()),
                }
            }
        }
    }
    out
}

fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    [&fence, language, "\n", text.trim_end(), "\n", &fence, "\n"].concat()
}

fn sorted() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = catalogue().collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Narrows => "narrows: fewer values are admitted",
        Effect::Widens => "widens: more values are admitted",
        Effect::Replaces => "replaces: some values are admitted no more, others are now",
        Effect::Annotates => "annotates: the same values are admitted",
        Effect::Withdraws => "withdraws: what was offered is offered no more",
        Effect::Offers => "offers: something new is offered",
    }
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Narrows => "narrows",
        Effect::Widens => "widens",
        Effect::Replaces => "replaces",
        Effect::Annotates => "annotates",
        Effect::Withdraws => "withdraws",
        Effect::Offers => "offers",
    }
}

/// What follows where nothing else bears on the place.
fn outcome(rule: &Rule, polarity: Polarity) -> &'static str {
    if touched(rule).is_empty() {
        return "does not apply";
    }
    match rule.effect.verdict(polarity) {
        Verdict::Breaking => "breaking",
        Verdict::Undecided => "undecided",
        Verdict::Compatible if rule.caution.is_some() => "compatible, with a caution",
        Verdict::Compatible => "compatible",
    }
}

fn touched(rule: &Rule) -> Vec<&'static str> {
    let touched = Surface::ALL.into_iter().filter(|one| rule.surfaces.get(*one));
    touched.map(Surface::name).collect()
}

fn surfaces(rule: &Rule) -> String {
    let touched = touched(rule);
    if touched.is_empty() { "the team's policy".to_owned() } else { touched.join(", ") }
}

#[derive(Serialize)]
struct WireCatalogue {
    schema_version: u8,
    rules: Vec<WireRule>,
}

#[derive(Serialize)]
struct WireRule {
    id: &'static str,
    title: &'static str,
    why: String,
    fix: &'static str,
    effect: &'static str,
    request: &'static str,
    response: &'static str,
    surfaces: Vec<&'static str>,
    caution: Option<&'static str>,
    severity: Option<&'static str>,
}

fn wire(rule: &'static Rule) -> WireRule {
    WireRule {
        id: rule.id,
        title: rule.title(),
        why: rule.why(),
        fix: rule.fix,
        effect: effect_name(rule.effect),
        request: rule.effect.verdict(Polarity::Request).name(),
        response: rule.effect.verdict(Polarity::Response).name(),
        surfaces: touched(rule),
        caution: rule.caution,
        severity: rule.severity.map(|severity| match severity {
            DefaultSeverity::Error => "error",
            DefaultSeverity::Warning => "warning",
            DefaultSeverity::Note => "note",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_readable_at_a_terminal() {
        let rule = catalogue().find(|rule| rule.id == "property-became-required").unwrap();
        let example = Example {
            folder: "testdata/x".to_owned(),
            asked: String::new(),
            files: vec![(
                "old.yaml".to_owned(),
                "yaml".to_owned(),
                "a: '```'\n\nb: 1\n".to_owned(),
            )],
            said: "fine\n".to_owned(),
        };
        let page = page(rule, Some(&example));
        assert!(page.contains("````yaml\na: '```'\n\nb: 1\n````\n"), "{page}");
        let plain = plain(&page);
        assert!(
            !plain.contains("````") && !plain.contains("**") && !plain.contains("|-"),
            "{plain}"
        );
        assert!(plain.contains("\n    a: '```'\n\n    b: 1\n"), "{plain}");
        assert!(plain.contains("  in a request   breaking\n"), "{plain}");
    }
}
