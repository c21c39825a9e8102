//! What is told of random pairs, against an independent validator: no finding contradicts it, and none
//! depends on what is edited elsewhere.
//!
//! The seed is fixed; `UNBROKEN_RANDOM_FINDINGS` asks for more pairs than the everyday number.

use serde_json::{Value, json};
use unbroken::diff::{CompareOptions, Finding, WitnessSide, compare};
use unbroken::load::{LoadOptions, Loaded, json_schema};
use unbroken::model::Mode;
use unbroken::rules::Verdict;
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{Assumptions, ContentModel, Formats};

use crate::comparison::{usual, verdicts};
use crate::containment_random::{Random, universe, validator, varied, wire};

const USUAL_PAIRS: u64 = 1500;

fn count() -> u64 {
    let asked = std::env::var("UNBROKEN_RANDOM_FINDINGS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(USUAL_PAIRS)
}

fn loaded(schema: &Value) -> Loaded {
    let path = RepoPath::new("a.json").unwrap();
    let files = [(path.clone(), schema.to_string().into_bytes())];
    json_schema::load(&MemorySnapshot::new("test", files), &path, &LoadOptions::default())
}

/// What a validator's view of both sides finds.
fn told(old: &Value, new: &Value) -> Vec<Finding> {
    let assumptions =
        Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
    let options = CompareOptions { assumptions, ..usual(Mode::Backward) };
    compare(&loaded(old), &loaded(new), options).findings
}

/// A schema, and what became of it by some edits.
fn pair(random: &mut Random) -> (Value, Value) {
    let old = random.root();
    let mut new = old.clone();
    for _ in 0..=random.below(3) {
        new = varied(random, &new);
    }
    (old, new)
}

/// Why what is told of a pair cannot be, if it cannot.
fn contradiction(old: &Value, new: &Value, universe: &[Value]) -> Result<Verdict, String> {
    let found = told(old, new);
    let (sends, reads) = (validator(old), validator(new));
    let verdict = found.iter().map(Finding::verdict).max().unwrap_or_default();
    if verdict == Verdict::Compatible
        && let Some(lost) = universe.iter().find(|it| sends.is_valid(it) && !reads.is_valid(it))
    {
        return Err(format!("said to lose nothing, loses {lost}"));
    }
    let is_rewriting = |finding: &Finding| finding.rule.id == "shape-rewritten";
    if !found.is_empty()
        && found.iter().all(is_rewriting)
        && let Some(other) = universe.iter().find(|it| sends.is_valid(it) != reads.is_valid(it))
    {
        return Err(format!("said to be no more than rewritten, and judges {other} otherwise"));
    }
    for witness in found.iter().flat_map(|finding| &finding.witnesses) {
        let Some(value) = &witness.value else { continue };
        let value = wire(value);
        let (writer, reader) = match witness.writer {
            WitnessSide::Old => (&sends, &reads),
            WitnessSide::New => (&reads, &sends),
        };
        if !writer.is_valid(&value) || reader.is_valid(&value) {
            return Err(format!("{value} is no witness"));
        }
    }
    Ok(verdict)
}

#[test]
fn findings_of_random_pairs_agree_with_a_validator() {
    let universe = universe();
    let mut random = Random(0x000f_17d1_0095);
    let (mut wrong, mut open) = (Vec::new(), 0);
    let pairs = count();
    for _ in 0..pairs {
        let (old, new) = pair(&mut random);
        match contradiction(&old, &new, &universe) {
            Ok(verdict) => open += u64::from(verdict == Verdict::Undecided),
            Err(why) => wrong.push(format!("{old}\n    to {new}: {why}")),
        }
    }
    eprintln!("{pairs} pairs, {open} undecided");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(open * 100 < pairs, "{open} of {pairs} are undecided");
}

#[test]
fn what_is_told_of_a_place_does_not_depend_on_an_edit_beside_it() {
    let mut random = Random(0x0be5_1de5);
    let mut wrong = Vec::new();
    for _ in 0..count() / 3 {
        let (old, new) = pair(&mut random);
        // References lead to the root.
        if [&old, &new].iter().any(|side| side.get("$defs").is_some()) {
            continue;
        }
        let around = |schema: &Value, beside: &str| json!({"type": "object", "properties": {"of": schema, "beside": {"type": beside}}});
        let alone = told(&around(&old, "string"), &around(&new, "string"));
        let mut both = told(&around(&old, "string"), &around(&new, "boolean"));
        both.retain(|finding| !finding.site.to_string().ends_with("beside"));
        let (alone, both) = (verdicts(&alone), verdicts(&both));
        if alone != both {
            wrong.push(format!("{old}\n    to {new}: {alone:?}, beside another edit {both:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
