//! SARIF 2.1.0, as GitHub's code scanning reads it.
//!
//! Every rule is declared, fired or not, so that an alert closes when its rule falls silent. Only the
//! members that the consumers use are written; each refers to its section of the standard.

mod wire;

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::escape::escape;
use super::excerpt::Extent;
use super::item::{Item, Place, against, distinct_of_all, reach_list, verb};
use super::problem;
use super::text::witness::{Shown, shown};
use crate::policy::{Report, ReportedProblem, Severity};
use crate::rules::{Rule, catalogue};
use wire::{
    Artifact, Automation, Driver, Fingerprints, Invocation, Level, Log, Markdown, Message,
    Notification, Physical, Region, Result as WireResult, ResultProperties, Run, Spot, Suppression,
    Tool, WireRule,
};

/// What must not stand in a relative reference (RFC 3986 section 3.3).
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':')
    .add(b'@');
/// How many results GitHub's code scanning takes of a run; it refuses a file that holds more.
const MOST_RESULTS: usize = 25_000;
/// How many places that a finding reaches are named.
const MOST_PLACES: usize = 5;

/// Writes the log.
pub(super) fn render(report: &Report, key: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    let log = log(report, key, MOST_RESULTS);
    let text = serde_json::to_string_pretty(&log).map_err(|_| fmt::Error)?;
    out.write_str(&text)?;
    out.write_str("\n")
}

fn log(report: &Report, key: &str, most: usize) -> Log {
    let rules: Vec<&'static Rule> = catalogue().collect();
    let index: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let mut times = BTreeMap::new();
    let mut items = distinct_of_all(report);
    let left_out = items.len().saturating_sub(most);
    // The most severe come first, and what was accepted last.
    items.truncate(most);
    let results = items.iter().map(|(item, bases)| {
        let said = sentences(item, against(report, bases));
        result(item, &said, &index, &mut times)
    });
    let results = results.collect();
    let problems = problem::problems(report);
    let complete = problems.iter().all(|problem| problem::level(problem) != Severity::Error);
    let notifications = problems.into_iter().map(notification).chain(rest(left_out)).collect();
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_iter().map(rule).collect(),
                },
            },
            automation_details: Automation { id: category(key) },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: complete,
                tool_execution_notifications: notifications,
            }],
            results,
        }],
    }
}

/// What runs of one kind have in common (section 3.17.3). Of two with the same one, code scanning takes the
/// later for all there is, and closes the alerts of the other.
fn category(key: &str) -> String {
    match key {
        "" => "unbroken/".to_owned(),
        key => format!("unbroken/{}/", uri(key)),
    }
}

fn rule(rule: &'static Rule) -> WireRule {
    let why = rule.why();
    let level = Level::usual(rule);
    let surfaces = crate::model::Surface::ALL.into_iter();
    let mut tags = vec!["api-contract"];
    tags.extend(surfaces.filter(|one| rule.surfaces.get(*one)).map(crate::model::Surface::name));
    WireRule {
        id: rule.id,
        short_description: Message::plain(rule.title()),
        full_description: Message::plain(&why),
        help: Markdown {
            text: format!("{why}\n\n{}", rule.fix),
            markdown: format!(
                "**{}.** {why}\n\n{}\n\n`unbroken explain {}`",
                rule.title(),
                rule.fix,
                rule.id
            ),
        },
        default_configuration: wire::Configuration { level },
        properties: wire::RuleProperties {
            tags,
            precision: "very-high",
            problem_severity: match level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "recommendation",
            },
        },
    }
}

fn result(
    item: &Item<'_>,
    said: &str,
    index: &BTreeMap<&str, usize>,
    times: &mut BTreeMap<String, usize>,
) -> WireResult {
    let finding = item.finding();
    let fingerprint = item.judged.fingerprint.clone();
    // Of two results with the same one code scanning would drop the second.
    let time = times.entry(fingerprint.clone()).or_default();
    *time += 1;
    let site = finding.site.to_string();
    let witnesses = finding.witnesses.iter().map(|witness| {
        let shown = shown(witness, &finding.proof);
        let reason = shown.reason();
        let Shown { sentence, lines, because: _, confirmed: _ } = shown;
        format!("{sentence} {}; {reason}", lines.join("; "))
    });
    WireResult {
        rule_id: finding.rule.id,
        rule_index: index.get(finding.rule.id).copied(),
        level: match item.judged.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Note | Severity::Off => Level::Note,
        },
        message: Message::plain(said),
        locations: [location(item.located(&item.excerpt(Extent::BRIEF)), None)],
        related_locations: item
            .old_place()
            .map(|place| location(place, Some("where it was in the base")))
            .into_iter()
            .collect(),
        partial_fingerprints: Fingerprints { primary: format!("{fingerprint}:{time}") },
        suppressions: item.acceptance().map(Suppression::accepted).into_iter().collect(),
        properties: ResultProperties {
            contract: item.contract.path.clone(),
            site,
            verdict: item.judged.verdict.name(),
            witnesses: witnesses.collect(),
        },
    }
}

/// What happened, to whom, and what to do.
fn sentences(item: &Item<'_>, against: Option<String>) -> String {
    let finding = item.finding();
    let mut text = format!("{}: {}.", item.judged.verdict.name(), escape(&finding.message));
    let (bad, _) = item.reached();
    let mut say = |sentence: String| {
        text.push(' ');
        text.push_str(&sentence);
    };
    if !bad.is_empty() {
        say(format!("It {} {}.", verb(finding.verdict()), reach_list(&bad, MOST_PLACES)));
    }
    if let Some(names) = against {
        say(format!("It was found against {names}."));
    }
    if let Some(why) = item.doubt() {
        say(format!("Undecided: {}.", escape(why)));
    }
    if let Some(why) = &finding.caution {
        say(format!("Caution: {}.", escape(why)));
    }
    say(finding.advice().to_owned());
    text
}

fn location(place: Place, message: Option<&str>) -> Spot {
    let Place { path, line, column, end_column } = place;
    Spot {
        id: message.map(|_| 1),
        message: message.map(Message::plain),
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(&path) },
            region: Some(Region {
                start_line: line,
                start_column: column,
                end_line: line,
                end_column: end_column.unwrap_or_else(|| column.saturating_add(1)),
            }),
        },
    }
}

fn notification(problem: &ReportedProblem) -> Notification {
    let ReportedProblem { kind, message, path, position, side: _, counts: _ } = problem;
    let said = format!("{}: {} {}", problem::word(*kind), escape(message), problem::side(problem));
    let place = path.as_ref().map(|path| match position {
        Some((line, column)) => {
            let (path, line, column) = (path.clone(), *line, *column);
            location(Place { path, line, column, end_column: None }, None)
        }
        None => Spot {
            id: None,
            message: None,
            physical_location: Physical {
                artifact_location: Artifact { uri: uri(path) },
                region: None,
            },
        },
    });
    Notification {
        level: match problem::level(problem) {
            Severity::Error => Level::Error,
            Severity::Warning | Severity::Note | Severity::Off => Level::Warning,
        },
        message: Message::plain(&said),
        locations: place.into_iter().collect(),
    }
}

/// What is said of the results that there is no room for.
fn rest(left_out: usize) -> Option<Notification> {
    let said = format!("{left_out} more findings are in the other reports of this run");
    let message = Message::plain(&said);
    (left_out > 0).then(|| Notification { level: Level::Warning, message, locations: Vec::new() })
}

/// A relative reference from the root of the repository.
fn uri(path: &str) -> String {
    utf8_percent_encode(path, NOT_IN_A_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Finding, Proof};
    use crate::model::{Site, Surfaces};
    use crate::policy::{ContractReport, JudgedFinding, Scope, Subject};
    use crate::rules::Verdict;
    use crate::source::Label;

    fn judged(index: usize, severity: Severity) -> JudgedFinding {
        let rule = catalogue().next().unwrap();
        let finding = Finding {
            rule,
            surfaces: Surfaces::all(Verdict::Compatible),
            crossings: Vec::new(),
            languages: &[],
            caution: None,
            also: Vec::new(),
            proof: Proof::Rule,
            message: format!("finding {index}"),
            assumptions: Vec::new(),
            site: Site::whole(""),
            reached_from: Vec::new(),
            old: None,
            new: None,
            anchor: None,
            witnesses: Vec::new(),
            evidence: Vec::new(),
            peers: Vec::new(),
        };
        JudgedFinding {
            finding,
            verdict: Verdict::Compatible,
            severity,
            announcement: None,
            fingerprint: format!("{index:032x}"),
            suppressed: None,
        }
    }

    #[test]
    fn each_key_has_its_own_alerts() {
        assert_eq!(category(""), "unbroken/");
        assert_eq!(category("web api"), "unbroken/web%20api/");
    }

    #[test]
    fn what_code_scanning_would_refuse_is_counted_and_the_most_severe_stays() {
        let severities = [Severity::Note, Severity::Note, Severity::Warning, Severity::Error];
        let findings = (0..).zip(severities).map(|(index, severity)| judged(index, severity));
        let contract = ContractReport {
            subject: Subject::Contract,
            path: "a.yaml".to_owned(),
            format: "openapi-3.1".to_owned(),
            base: 0,
            verdict: Verdict::Compatible,
            findings: findings.collect(),
            problems: Vec::new(),
            old: None,
            new: None,
            moved_from: None,
            owner: None,
        };
        let report = Report {
            bases: Vec::new(),
            head: Label::named("new"),
            contracts: vec![contract],
            unchanged: 0,
            problems: Vec::new(),
            scope: Scope::Pair,
        };
        let said = |most| serde_json::to_value(log(&report, "", most)).unwrap();
        let text = |log: &serde_json::Value, pointer: &str| {
            log.pointer(pointer).and_then(|it| it.as_str()).map(str::to_owned)
        };
        let cut = said(2);
        assert_eq!(cut.pointer("/runs/0/results").and_then(|it| it.as_array()).unwrap().len(), 2);
        let first = text(&cut, "/runs/0/results/0/level");
        assert_eq!(first.as_deref(), Some("error"));
        let told = "/runs/0/invocations/0/toolExecutionNotifications/0/message/text";
        let told = text(&cut, told).unwrap();
        assert_eq!(told, "2 more findings are in the other reports of this run");
        let whole = said(MOST_RESULTS);
        assert_eq!(MOST_RESULTS, 25_000, "what code scanning takes of a run");
        assert_eq!(whole.pointer("/runs/0/results").and_then(|it| it.as_array()).unwrap().len(), 4);
        let silent = whole.pointer("/runs/0/invocations/0/toolExecutionNotifications/0");
        assert!(silent.is_none(), "{silent:?}");
    }
}
