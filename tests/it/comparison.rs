//! Comparing two things in a folder as the program does, in this process.

use std::path::Path;

use unbroken::diff::{CompareOptions, Finding, Readers, compare, unpaired};
use unbroken::document::references;
use unbroken::load::{LoadOptions, load};
use unbroken::model::Mode;
use unbroken::rules::Verdict;
use unbroken::source::{DiffRequest, Environment, Kind, LeftOut, PreparedDiff, prepare_diff};
use unbroken::subtype::{Assumptions, ContentModel, Formats};

use crate::case::Case;

/// How a case is to be compared.
pub(crate) fn options(case: &Case) -> CompareOptions {
    let usual = if case.format == "protobuf" { Mode::Full } else { Mode::Backward };
    CompareOptions {
        mode: case.mode().unwrap_or(usual),
        assumptions: Assumptions { content_model: case.content_model(), formats: Formats::Assert },
        readers: Readers::Strict,
        json_readers: case.json_readers(),
        packs: case.packs(),
    }
}

/// The options of a plain comparison.
pub(crate) fn usual(mode: Mode) -> CompareOptions {
    let assumptions = Assumptions { content_model: ContentModel::Open, formats: Formats::Assert };
    CompareOptions { mode, assumptions, readers: Readers::Strict, ..CompareOptions::default() }
}

/// Everything that changed between two operands, whether or not their bytes are the same.
pub(crate) fn findings(
    folder: &Path,
    (old, new): (&str, &str),
    options: CompareOptions,
) -> Vec<Finding> {
    let request = DiffRequest {
        folder: folder.to_owned(),
        environment: Environment::default(),
        old: old.to_owned(),
        new: new.to_owned(),
        kind: kind(folder),
        left_out: LeftOut::Compared,
    };
    let PreparedDiff { old, new, pairs } = prepare_diff(&request, &references).unwrap();
    assert!(!pairs.is_empty(), "nothing to compare in {}", folder.display());
    let mut findings = Vec::new();
    for pair in &pairs {
        let load_options = LoadOptions::default();
        let was = pair.old.as_ref().map(|found| load(old.as_ref(), found, &load_options));
        let is = pair.new.as_ref().map(|found| load(new.as_ref(), found, &load_options));
        match (was, is) {
            (Some(was), Some(is)) => findings.extend(compare(&was, &is, options).findings),
            (Some(one), None) => findings.push(unpaired(&one.contract, false)),
            (None, Some(one)) => findings.push(unpaired(&one.contract, true)),
            (None, None) => {}
        }
    }
    findings
}

/// Files in a folder that names no format are recognised by what they say.
fn kind(folder: &Path) -> Option<Kind> {
    let word = |name: &str| folder.iter().any(|word| word == name);
    word("json-schema").then_some(Kind::JsonSchema)
}

/// Each finding's rule and verdict, sorted: what must not depend on how a contract is written.
pub(crate) fn verdicts(findings: &[Finding]) -> Vec<(&'static str, Verdict)> {
    let mut found: Vec<(&'static str, Verdict)> =
        findings.iter().map(|finding| (finding.rule.id, finding.verdict())).collect();
    found.sort_unstable();
    found
}
