//! What must hold of every case, whatever it is about.

use std::fs;
use std::path::Path;

use serde_json::Value;
use unbroken::diff::{CompareOptions, Finding, Proof, Witness, WitnessForm, WitnessSide};
use unbroken::model::Mode;
use unbroken::rules::{Effect, Verdict};

use crate::case::Case;
use crate::comparison::{findings, options, usual, verdicts};
use crate::rewrite::{extracted, reversed};

/// Runs a law over cases and says of which ones it does not hold.
fn hold(cases: &[Case], law: impl Fn(&Case) -> Result<(), String>) {
    let broken: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.title(), law(case).err()?)))
        .collect();
    assert!(broken.is_empty(), "{} of {}:\n{}", broken.len(), cases.len(), broken.join("\n"));
}

fn same(left: &[Finding], right: &[Finding]) -> Result<(), String> {
    let (left, right) = (verdicts(left), verdicts(right));
    if left == right { Ok(()) } else { Err(format!("{left:?} became {right:?}")) }
}

fn found(case: &Case) -> Vec<Finding> {
    findings(&case.ground, (&case.old, &case.new), options(case))
}

/// Compares two texts that stand for the sides of a case.
fn rewritten(format: &str, old: &str, new: &str, options: CompareOptions) -> Vec<Finding> {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(format);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("old.json"), old).unwrap();
    fs::write(folder.join("new.json"), new).unwrap();
    findings(&folder, ("old.json", "new.json"), options)
}

/// Both sides of a case whose sides are one file each.
fn texts(case: &Case) -> Option<(String, String)> {
    Some((case.text(&case.old)?, case.text(&case.new)?))
}

fn schemas(case: &Case) -> Option<(Value, Value)> {
    let (old, new) = texts(case)?;
    Some((serde_json::from_str(&old).ok()?, serde_json::from_str(&new).ok()?))
}

#[test]
fn nothing_differs_from_itself() {
    hold(&Case::all(), |case| {
        for side in [&case.old, &case.new] {
            let options = CompareOptions { mode: Mode::Full, ..options(case) };
            let found = findings(&case.ground, (side, side), options);
            if !found.is_empty() {
                return Err(format!("{side}: {:?}", verdicts(&found)));
            }
        }
        Ok(())
    });
}

#[test]
fn two_runs_say_the_same() {
    hold(&Case::all(), |case| {
        let (first, second) = (found(case), found(case));
        if format!("{first:?}") == format!("{second:?}") {
            Ok(())
        } else {
            Err("the second run says something else".to_owned())
        }
    });
}

#[test]
fn the_order_of_members_and_the_notation_change_nothing() {
    let cases: Vec<Case> = ["json-schema", "openapi"].into_iter().flat_map(Case::of).collect();
    hold(&cases, |case| {
        let Some((old, new)) = texts(case) else { return Ok(()) };
        let (old, new) = (reversed(&case.old, &old), reversed(&case.new, &new));
        same(&found(case), &rewritten(&case.format, &old, &new, options(case)))
    });
}

/// Whatever was edited is told, and all of it is proven to say the same.
fn only_rewritten(found: &[Finding]) -> Result<(), String> {
    let is_proven = |finding: &Finding| {
        finding.rule.id == "shape-rewritten" && finding.proof == Proof::Contained
    };
    let holds = !found.is_empty() && found.iter().all(is_proven);
    if holds { Ok(()) } else { Err(format!("{:?}", verdicts(found))) }
}

#[test]
fn referring_to_a_property_instead_of_writing_it_in_place_changes_nothing() {
    hold(&Case::of("json-schema"), |case| {
        let Some((old, new)) = schemas(case) else { return Ok(()) };
        for side in [&old, &new] {
            let Some(moved) = extracted(side) else { continue };
            let full = usual(Mode::Full);
            let (place, there) = (side.to_string(), moved.to_string());
            only_rewritten(&rewritten("json-schema", &place, &there, full))?;
            only_rewritten(&rewritten("json-schema", &there, &place, full))?;
        }
        let (Some(was), Some(is)) = (extracted(&old), extracted(&new)) else { return Ok(()) };
        let mut moved = rewritten("json-schema", &was.to_string(), &is.to_string(), options(case));
        // By what name a property is referred to depends on how many there are.
        let is_edit = |finding: &Finding| finding.rule.id != "shape-rewritten";
        moved.retain(is_edit);
        let mut found = found(case);
        found.retain(is_edit);
        same(&found, &moved)
    });
}

#[test]
fn swapping_the_sides_and_the_direction_mirrors_the_verdict() {
    hold(&Case::of("json-schema"), |case| {
        let ask = |sides, mode| {
            let mut found = findings(&case.ground, sides, CompareOptions { mode, ..options(case) });
            found.retain(is_about_a_payload);
            let breaks = found.iter().any(|finding| finding.verdict() == Verdict::Breaking);
            (found.iter().map(Finding::verdict).max().unwrap_or_default(), breaks)
        };
        for (mode, mirrored) in [(Mode::Backward, Mode::Forward), (Mode::Forward, Mode::Backward)] {
            let there = ask((case.old.as_str(), case.new.as_str()), mode);
            let back = ask((case.new.as_str(), case.old.as_str()), mirrored);
            if there != back {
                return Err(format!("{mode:?} {there:?}, mirrored {back:?}"));
            }
        }
        Ok(())
    });
}

/// Taking an offer away breaks whoever writes; a payload depends on it.
fn is_about_a_payload(finding: &Finding) -> bool {
    match finding.rule.effect {
        Effect::Withdraws | Effect::Offers => false,
        Effect::Narrows | Effect::Widens | Effect::Replaces | Effect::Annotates => true,
    }
}

#[test]
fn every_witness_is_confirmed() {
    hold(&Case::all(), |case| {
        for finding in found(case) {
            for witness in &finding.witnesses {
                // An exchange may illustrate a rule: then there is nothing to judge.
                if finding.proof == Proof::Rule && matches!(witness.form, WitnessForm::Http(_)) {
                    continue;
                }
                if witness.confirmed_by.is_none() {
                    return Err(format!("{}: {}", finding.rule.id, witness.because));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn every_witness_convinces_a_validator_of_the_source() {
    // To a validator `contentEncoding` is an annotation; to us it is a format. And the validator reads
    // patterns with the flag `u` only.
    let mut cases = Case::of("json-schema");
    cases.retain(|case| case.rule != "content-encoding-changed");
    hold(&cases, |case| {
        let Some((old, new)) = schemas(case) else { return Ok(()) };
        // The library's copy of the metaschema of draft 4 is not the published one.
        let refers =
            |side: &Value| side.to_string().contains("//json-schema.org/draft-04/schema#/");
        if !reads_patterns(&old) || !reads_patterns(&new) || refers(&new) {
            return Ok(());
        }
        for finding in found(case) {
            for witness in &finding.witnesses {
                convinces(witness, &old, &new)
                    .map_err(|why| format!("{}: {:?} {why}", finding.rule.id, witness.value))?;
            }
        }
        Ok(())
    });
}

/// Whether every pattern of the schema is one that the validator reads, which knows neither surrogates
/// nor names of groups.
fn reads_patterns(schema: &Value) -> bool {
    let is_read = |pattern: &str| {
        let is_foreign = [r"\ud", r"\k<"].iter().any(|word| pattern.contains(word));
        jsonschema_regex::is_valid_ecma_regex(pattern) && !is_foreign
    };
    match schema {
        Value::Object(members) => {
            let pattern = members.get("pattern").and_then(Value::as_str);
            let keyed = members.get("patternProperties").and_then(Value::as_object);
            pattern.is_none_or(is_read)
                && keyed.is_none_or(|keyed| keyed.keys().all(|key| is_read(key)))
                && members.values().all(reads_patterns)
        }
        Value::Array(elements) => elements.iter().all(reads_patterns),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn convinces(witness: &Witness, old: &Value, new: &Value) -> Result<(), String> {
    let value = witness.value.as_ref().unwrap().to_string();
    let value: Value = serde_json::from_str(&value).unwrap();
    let accepts = |schema: &Value| {
        let options = jsonschema::options().should_validate_formats(true).offline();
        options.build(&with_escaped_references(schema)).unwrap().is_valid(&value)
    };
    let (writer, reader) = match witness.writer {
        WitnessSide::Old => (old, new),
        WitnessSide::New => (new, old),
    };
    match (accepts(writer), accepts(reader)) {
        (true, false) => Ok(()),
        (false, _) => Err("is refused by its writer's schema".to_owned()),
        (true, true) => Err("is accepted by its reader's schema".to_owned()),
    }
}

/// The schema with its references as a validator takes them: names outside URI syntax escaped.
fn with_escaped_references(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let escaped = members.iter().map(|(name, value)| match (name.as_str(), value) {
                ("$ref", Value::String(text)) => {
                    (name.clone(), text.replace('<', "%3C").replace('>', "%3E").into())
                }
                _ => (name.clone(), with_escaped_references(value)),
            });
            Value::Object(escaped.collect())
        }
        Value::Array(elements) => elements.iter().map(with_escaped_references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}

#[test]
fn our_own_schema_of_the_report_does_not_differ_from_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let name = "report.v1.schema.json";
    assert_eq!(verdicts(&findings(&folder, (name, name), usual(Mode::Full))), []);
}
