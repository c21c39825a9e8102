//! What the findings say together is what containment says of the whole: edits that lose nothing one
//! by one may lose something together, and a report that blames none of them would be a lie.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use unbroken::diff::{CompareOptions, Finding, Readers};
use unbroken::model::{Mode, Polarity};
use unbroken::rules::Verdict;
use unbroken::subtype::{Assumptions, Carrier, Containment, ContentModel, Formats};

use crate::comparison::findings;
use crate::containment::{ask, pair_2020};
use crate::containment_random::{Random, varied};

const USUAL_PAIRS: u64 = 250;

/// Schemas that edits make up for one another in: alternatives that say nearly the same.
fn crowded(random: &mut Random, schema: &Value) -> Value {
    let mut schema = schema.clone();
    // References name definitions of the root.
    let definitions = schema.as_object_mut().and_then(|members| members.remove("$defs"));
    let group = random.of(&["anyOf", "allOf", "oneOf"]);
    let other = varied(random, &schema);
    let mut crowded = match random.below(3) {
        0 => json!({group: [schema, schema]}),
        1 => json!({group: [schema, other]}),
        _ => schema,
    };
    if let (Some(definitions), Some(members)) = (definitions, crowded.as_object_mut()) {
        members.insert("$defs".to_owned(), definitions);
    }
    crowded
}

#[test]
fn the_findings_agree_with_containment() {
    let pairs = std::env::var("UNBROKEN_RANDOM_PAIRS").ok().and_then(|n| n.parse().ok());
    let folder = TempDir::new().unwrap();
    let mut random = Random(0x0dd5_ba11);
    let mut wrong = Vec::new();
    let (mut kept, mut lost, mut open) = (0, 0, 0);
    for _ in 0..pairs.unwrap_or(USUAL_PAIRS) {
        let plain = random.root();
        let old = crowded(&mut random, &plain);
        let edited = varied(&mut random, &plain);
        let new = crowded(&mut random, &edited);
        for (name, schema) in [("old.schema.json", &old), ("new.schema.json", &new)] {
            fs::write(folder.path().join(name), schema.to_string()).unwrap();
        }
        let content_model = random.of(&[ContentModel::Open, ContentModel::Strict]);
        let assumptions = Assumptions { content_model, formats: Formats::Annotate };
        let options = CompareOptions {
            mode: Mode::Backward,
            assumptions,
            readers: Readers::Strict,
            ..CompareOptions::default()
        };
        let found = findings(folder.path(), ("old.schema.json", "new.schema.json"), options);
        let worst = found.iter().map(Finding::verdict).max().unwrap_or_default();
        let pair = pair_2020(&old.to_string(), &new.to_string());
        let usage = (Polarity::Both, Carrier::StoredJson);
        let answer = ask(&pair.shapes, pair.new, pair.old, assumptions, usage);
        let agrees = match answer {
            Containment::Holds => worst != Verdict::Breaking,
            Containment::Fails(_) => worst != Verdict::Compatible,
            Containment::Undecided(_) => true,
        };
        if agrees {
            kept += u32::from(answer == Containment::Holds);
            lost += u32::from(worst == Verdict::Breaking);
            open += u32::from(worst == Verdict::Undecided);
            if worst == Verdict::Undecided && std::env::var_os("UNBROKEN_RANDOM_SHOW").is_some() {
                eprintln!("open {content_model:?} {old} to {new}: {answer:?}");
            }
        } else {
            wrong.push(format!("{content_model:?} {old} to {new}: {worst:?}, but {answer:?}"));
        }
    }
    eprintln!("{kept} kept, {lost} lost, {open} open");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(kept > 20 && lost > 20, "{kept} kept, {lost} lost: too few to mean anything");
}
