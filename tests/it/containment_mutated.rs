//! Realistic schemas and mutations of them, held against an independent validator on generated
//! values and against an independent engine.
//!
//! The seed is fixed; `UNBROKEN_MUTATED_PAIRS` asks for more pairs than the everyday number.

use jsonschema::Draft;
use jsonschema::canonical::Containment as Opinion;
use serde_json::{Map, Value, json};
use unbroken::load::json_schema::Dialect;
use unbroken::model::Polarity;
use unbroken::subtype::{Assumptions, Carrier, Containment, ContentModel, Formats};

use crate::containment::{ask, pair};
use crate::containment_random::{Random, wire};
use crate::sampling::samples;
use crate::schema_edits::mutated;

const USUAL_PAIRS: u64 = 120;
/// How many values of each side are tried where containment is said to hold.
const SAMPLES: usize = 12;

const SCHEMAS: [(&str, Dialect, Draft); 6] = [
    (
        include_str!("../../testdata/containment/realistic/order-event.json"),
        Dialect::Draft202012,
        Draft::Draft202012,
    ),
    (
        include_str!("../../testdata/containment/realistic/package-manifest.json"),
        Dialect::Draft7,
        Draft::Draft7,
    ),
    (
        include_str!("../../testdata/containment/realistic/pipeline.json"),
        Dialect::Draft201909,
        Draft::Draft201909,
    ),
    (
        include_str!("../../testdata/containment/realistic/expression.json"),
        Dialect::Draft202012,
        Draft::Draft202012,
    ),
    (
        include_str!("../../testdata/containment/realistic/device.json"),
        Dialect::Draft4,
        Draft::Draft4,
    ),
    (
        include_str!("../../testdata/containment/realistic/profile.json"),
        Dialect::Draft6,
        Draft::Draft6,
    ),
];

/// What the questions came to.
#[derive(Default)]
struct Tally {
    held: usize,
    failed: usize,
    open: Vec<String>,
    wrong: Vec<String>,
    /// How often the other engine had an opinion.
    seconded: usize,
    /// How often it had one where ours is open.
    rescued: usize,
}

impl Tally {
    fn questions(&self) -> usize {
        self.held + self.failed + self.open.len()
    }

    fn ask(&mut self, writer: &Value, reader: &Value, dialect: Dialect, draft: Draft) {
        let pair = pair(&writer.to_string(), &reader.to_string(), dialect);
        let [sends, reads] = [writer, reader].map(|schema| validator(schema, draft));
        let usage = (Polarity::Both, Carrier::StoredJson);
        let label = || format!("{writer}\n    in {reader}");
        let strict =
            Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
        let second = second_opinion(writer, reader, draft);
        self.seconded += usize::from(matches!(second, Some(Opinion::Yes | Opinion::No)));
        match ask(&pair.shapes, pair.new, pair.old, strict, usage) {
            Containment::Holds => {
                self.held += 1;
                let mut values = samples(writer, SAMPLES);
                values.extend(samples(reader, SAMPLES));
                let is_lost = |value: &&Value| sends.is_valid(value) && !reads.is_valid(value);
                if let Some(lost) = values.iter().find(is_lost) {
                    self.wrong.push(format!("{}\n    said to hold, loses {lost}", label()));
                }
                if second == Some(Opinion::No) {
                    self.wrong.push(format!("{}\n    said to hold, denied", label()));
                }
            }
            Containment::Fails(value) => {
                self.failed += 1;
                let value = wire(&value);
                if !sends.is_valid(&value) || reads.is_valid(&value) {
                    self.wrong.push(format!("{}\n    {value} is no counterexample", label()));
                }
                if second == Some(Opinion::Yes) {
                    self.wrong.push(format!("{}\n    fails by {value}, denied", label()));
                }
            }
            Containment::Undecided(reason) => {
                self.rescued += usize::from(matches!(second, Some(Opinion::Yes | Opinion::No)));
                self.open.push(format!("{}\n    {reason}", label()));
            }
        }
        let open = Assumptions { content_model: ContentModel::Open, formats: Formats::Assert };
        match ask(&pair.shapes, pair.new, pair.old, open, usage) {
            Containment::Holds => self.held += 1,
            Containment::Fails(value) => {
                self.failed += 1;
                let value = wire(&value);
                if !sends.is_valid(&value) {
                    self.wrong.push(format!("{}\n    open: {value} is not sent", label()));
                }
            }
            Containment::Undecided(reason) => {
                self.open.push(format!("{}\n    open: {reason}", label()));
            }
        }
    }
}

fn validator(schema: &Value, draft: Draft) -> jsonschema::Validator {
    let options = jsonschema::options().with_draft(draft).should_validate_formats(false);
    let options = options.without_content_media_type_support("application/json");
    options.without_content_encoding_support("base64").offline().build(schema).unwrap()
}

/// What the library's own algebra says; both sides stand in one document, since it compares nothing
/// across two.
pub(crate) fn second_opinion(writer: &Value, reader: &Value, draft: Draft) -> Option<Opinion> {
    let under = |schema: &Value, name: &str| moved(schema, &format!("#/$defs/{name}"));
    let both =
        json!({"$defs": {"writer": under(writer, "writer"), "reader": under(reader, "reader")}});
    let options = jsonschema::canonical::options().with_draft(draft).offline();
    let prepared = options.should_validate_formats(false).prepare(&both).ok()?;
    let writer = prepared.canonicalize_at("/$defs/writer").ok()?;
    let reader = prepared.canonicalize_at("/$defs/reader").ok()?;
    reader.covers(&writer).ok()
}

/// The schema with its references into itself moved along.
fn moved(schema: &Value, to: &str) -> Value {
    match schema {
        Value::Object(members) => {
            let moved = members.iter().filter(|(name, _)| *name != "$schema");
            let moved = moved.map(|(name, value)| match (name.as_str(), value) {
                ("$ref", Value::String(text)) => (name.clone(), json!(text.replacen('#', to, 1))),
                _ => (name.clone(), moved_value(value, to)),
            });
            Value::Object(moved.collect::<Map<_, _>>())
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            moved_value(schema, to)
        }
    }
}

fn moved_value(value: &Value, to: &str) -> Value {
    match value {
        Value::Object(_) => moved(value, to),
        Value::Array(values) => values.iter().map(|value| moved_value(value, to)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[test]
fn mutated_schemas_agree_with_a_validator_and_another_engine() {
    let pairs = std::env::var("UNBROKEN_MUTATED_PAIRS").ok().and_then(|n| n.parse().ok());
    let mut random = Random(0xabcd_0042);
    let mut tally = Tally::default();
    for index in 0..pairs.unwrap_or(USUAL_PAIRS) {
        let (text, dialect, draft) = SCHEMAS[usize::try_from(index).unwrap() % SCHEMAS.len()];
        let old: Value = serde_json::from_str(text).unwrap();
        let mut new = old.clone();
        for _ in 0..=random.below(3) {
            let next = mutated(&mut random, &new);
            if jsonschema::options().with_draft(draft).offline().build(&next).is_ok() {
                new = next;
            }
        }
        tally.ask(&old, &new, dialect, draft);
        tally.ask(&new, &old, dialect, draft);
    }
    let questions = tally.questions();
    eprintln!(
        "{questions} questions: {} hold, {} fail, {} open; of the strict half {} were answered by \
         the other engine too, {} of those that are open here",
        tally.held,
        tally.failed,
        tally.open.len(),
        tally.seconded,
        tally.rescued
    );
    for line in tally.open.iter().take(10) {
        eprintln!("open  {line}");
    }
    let Tally { open, wrong, .. } = tally;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(open.len() * 50 < questions, "{} of {questions} are open", open.len());
}
