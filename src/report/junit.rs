//! JUnit XML: a suite for each contract, a test for each change. What fails the run is a failure.

use std::fmt;

use quick_junit::{NonSuccessKind, Report as Tests, TestCase, TestCaseStatus, TestSuite};

use super::escape::escape;
use super::excerpt::Extent;
use super::item::{Item, Place, accepted, ranked, ranked_contracts, reach_list, verb};
use super::problem;
use super::text::witness::{Shown, shown};
use crate::policy::{ContractReport, Report, ReportedProblem, Severity, Threshold};

/// How many places that a finding reaches are named.
const MOST_PLACES: usize = 20;

/// Writes the suites.
pub(super) fn render(report: &Report, fail_on: Threshold, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut tests = Tests::new(env!("CARGO_PKG_NAME"));
    for contract in ranked_contracts(report) {
        tests.add_test_suite(suite(report, contract, fail_on));
    }
    if !report.problems.is_empty() {
        let mut suite = TestSuite::new("problems");
        suite.add_test_cases(report.problems.iter().map(|problem| of_problem(problem, "problems")));
        tests.add_test_suite(suite);
    }
    out.write_str(&tests.to_string().map_err(|_| fmt::Error)?)
}

fn suite(report: &Report, contract: &ContractReport, fail_on: Threshold) -> TestSuite {
    let name = match report.bases.get(contract.base) {
        Some(base) if report.bases.len() > 1 => {
            format!("{} against {}", escape(&contract.path), escape(&base.name))
        }
        Some(_) | None => escape(&contract.path).into_owned(),
    };
    let mut suite = TestSuite::new(name.as_str());
    for problem in &contract.problems {
        suite.add_test_case(of_problem(problem, &name));
    }
    for item in ranked(contract) {
        suite.add_test_case(of_finding(&item, &name, fail_on));
    }
    for item in accepted(contract) {
        suite.add_test_case(of_finding(&item, &name, fail_on));
    }
    if suite.test_cases.is_empty() {
        let mut unchanged = TestCase::new("nothing changed", TestCaseStatus::success());
        unchanged.set_classname(name.as_str());
        suite.add_test_case(unchanged);
    }
    suite
}

fn of_finding(item: &Item<'_>, class: &str, fail_on: Threshold) -> TestCase {
    let finding = item.finding();
    let said = escape(&finding.message);
    let details = description(item);
    let status = if let Some(acceptance) = item.acceptance() {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message(acceptance);
        skipped
    } else if fail_on.is_reached_by(item.judged.severity) {
        let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
        failure
            .set_message(format!("{}: {said}", item.judged.verdict.name()))
            .set_type(finding.rule.id)
            .set_description(details.as_str());
        failure
    } else {
        TestCaseStatus::success()
    };
    let passes = matches!(status, TestCaseStatus::Success { .. });
    let site = finding.site.to_string();
    let site = if site.is_empty() { site } else { format!(" ({})", escape(&site)) };
    let mut test = TestCase::new(format!("{}: {said}{site}", finding.rule.id), status);
    test.set_classname(class);
    let Place { path, line, .. } = item.located(&item.excerpt(Extent::BRIEF));
    test.extra.insert("file".into(), escape(&path).as_ref().into());
    test.extra.insert("line".into(), line.to_string().into());
    if passes {
        test.set_system_out(details);
    }
    test
}

/// What helps to understand it, in lines.
fn description(item: &Item<'_>) -> String {
    let finding = item.finding();
    let mut lines: Vec<String> = item.position().into_iter().collect();
    let (bad, rest) = item.reached();
    if !bad.is_empty() {
        lines.push(format!("{} {}", verb(finding.verdict()), reach_list(&bad, MOST_PLACES)));
    }
    if !rest.is_empty() {
        lines.push(format!("harmless in {}", reach_list(&rest, MOST_PLACES)));
    }
    lines.extend(item.doubt().map(|why| format!("Undecided: {}", escape(why))));
    lines.extend(finding.caution.as_deref().map(|why| format!("Caution: {}", escape(why))));
    for witness in &finding.witnesses {
        let shown = shown(witness, &finding.proof);
        let reason = shown.reason();
        let Shown { sentence, lines: crossing, because: _, confirmed: _ } = shown;
        lines.push(sentence);
        lines.extend(crossing.into_iter().chain([reason]).map(|line| format!("    {line}")));
    }
    lines.push(finding.advice().to_owned());
    lines.join("\n")
}

fn of_problem(problem: &ReportedProblem, class: &str) -> TestCase {
    let message = format!("{} {}", escape(&problem.message), problem::side(problem));
    let word = problem::word(problem.kind);
    let status = match problem::level(problem) {
        Severity::Error => {
            let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
            error.set_message(message.as_str()).set_type(word);
            error
        }
        Severity::Warning | Severity::Note | Severity::Off => TestCaseStatus::skipped(),
    };
    let place = problem::place(problem).map(|place| format!("{place}: ")).unwrap_or_default();
    let mut test = TestCase::new(format!("{word}: {place}{message}"), status);
    test.set_classname(class);
    test
}
