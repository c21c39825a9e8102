//! One edit of one keyword at one place is one finding there, and its verdict is what containment of
//! the whole says; a rewriting that changes nothing breaks nothing.
//!
//! The seed is fixed; `UNBROKEN_RANDOM_EDITS` asks for more edits than the everyday number.

use std::fs;
use std::path::Path;

use serde_json::Value;
use unbroken::diff::{Finding, Proof};
use unbroken::document::{Document, Limits, parse};
use unbroken::model::{Mode, Polarity};
use unbroken::rules::{Effect, Verdict};
use unbroken::source::{FileId, RepoPath};
use unbroken::subtype::{Assumptions, Carrier, Containment};

use crate::comparison::{findings, usual};
use crate::containment::{ask, pair_2020};
use crate::edits::{Kind, Mutant, mutants};

const USUAL_EDITS: usize = 25;

#[test]
fn one_edit_is_one_finding_at_its_place() {
    let count = std::env::var("UNBROKEN_RANDOM_EDITS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(USUAL_EDITS);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/one-edit");
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(!names.is_empty(), "nothing to edit");
    let mut wrong = Vec::new();
    let mut edits = 0;
    for path in names {
        let base: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for mutant in mutants(&base, count) {
            edits += 1;
            // An edit undone is an edit, too.
            for (old, new) in [(&base, &mutant.schema), (&mutant.schema, &base)] {
                if let Err(why) = holds(&mutant, old, new) {
                    let side = if old == &base { "done" } else { "undone" };
                    let name = path.file_stem().unwrap().display();
                    wrong
                        .push(format!("{name}: {} at {} {side}: {why}", mutant.what, mutant.place));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {edits} edits:\n{}", wrong.len(), wrong.join("\n"));
}

fn holds(mutant: &Mutant, old: &Value, new: &Value) -> Result<(), String> {
    let (old, new) = (old.to_string(), new.to_string());
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("json-schema");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("old.json"), &old).unwrap();
    fs::write(folder.join("new.json"), &new).unwrap();
    let found = |mode| {
        let mut found = findings(&folder, ("old.json", "new.json"), usual(mode));
        // What a schema offers to others by name is no payload, nor is what nothing refers to.
        found.retain(|finding| {
            !matches!(finding.rule.effect, Effect::Offers | Effect::Withdraws)
                && !finding.message.contains("that nothing refers to")
        });
        found
    };
    let full = found(Mode::Full);
    let neutral = agrees(&old, &new, &found(Mode::Backward), &found(Mode::Forward))?;
    match mutant.kind {
        // A type that another conjunct refuses anyway.
        Kind::Edit if full.is_empty() && neutral => Ok(()),
        Kind::Edit => {
            let [only] = full.as_slice() else { return Err(said(&full)) };
            is_at(only, mutant, &old, &new)
        }
        Kind::Note => {
            let quiet = |finding: &Finding| finding.verdict() == Verdict::Compatible;
            if full.len() == 1 && full.iter().all(quiet) { Ok(()) } else { Err(said(&full)) }
        }
        Kind::Rewriting => {
            let proven = |finding: &Finding| {
                finding.verdict() == Verdict::Compatible && finding.proof == Proof::Contained
            };
            // Of another order there is nothing to tell.
            let told = usize::from(mutant.what != "another order");
            if full.len() == told && full.iter().all(proven) { Ok(()) } else { Err(said(&full)) }
        }
    }
}

/// The verdicts are those of the schemas as a whole, asked of the engine without any walk.
/// Tells whether both hold.
fn agrees(old: &str, new: &str, backward: &[Finding], forward: &[Finding]) -> Result<bool, String> {
    let pair = pair_2020(old, new);
    let mut neutral = true;
    for (found, reader, writer) in [(backward, pair.new, pair.old), (forward, pair.old, pair.new)] {
        let crossing = (Polarity::Both, Carrier::StoredJson);
        let answer = ask(&pair.shapes, reader, writer, Assumptions::default(), crossing);
        neutral &= answer == Containment::Holds;
        let worst = found.iter().map(Finding::verdict).max().unwrap_or_default();
        let agree = match answer {
            Containment::Holds => worst == Verdict::Compatible,
            Containment::Fails(_) => worst == Verdict::Breaking,
            Containment::Undecided(_) => worst != Verdict::Breaking,
        };
        if !agree {
            return Err(format!("{worst:?}, but the whole {answer:?}: {}", said(found)));
        }
    }
    Ok(neutral)
}

/// The finding points at the edited place, or inside.
fn is_at(finding: &Finding, mutant: &Mutant, old: &str, new: &str) -> Result<(), String> {
    let inside = |pointer: Option<String>| {
        pointer.is_some_and(|pointer| {
            mutant
                .places()
                .any(|place| pointer == place || pointer.starts_with(&format!("{place}/")))
        })
    };
    let (was, is) = (document("old.json", old), document("new.json", new));
    let was = finding.old.and_then(|span| was.pointer_of_span(span));
    let is = finding.new.and_then(|span| is.pointer_of_span(span));
    let message = format!("{} {}: {was:?} {is:?}", finding.rule.id, finding.message);
    if inside(was) || inside(is) { Ok(()) } else { Err(message) }
}

fn document(name: &str, text: &str) -> Document {
    let path = RepoPath::new(name).unwrap();
    parse(FileId::default(), &path, text.as_bytes(), &Limits::default()).unwrap().document
}

fn said(found: &[Finding]) -> String {
    let words = found.iter().map(|finding| {
        format!(
            "{:?} {} ({}) at {}",
            finding.verdict(),
            finding.rule.id,
            finding.message,
            finding.site
        )
    });
    format!("{} findings: {}", found.len(), words.collect::<Vec<_>>().join(" + "))
}
