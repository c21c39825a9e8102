//! Every keyword of every draft, added, taken away and replaced, in all kinds of places: no edit is
//! silent, and no verdict is contradicted by a validator.
//!
//! `testdata/keywords/edits.json` has a row for each keyword: what stands beside it, the values that it
//! takes, and values that say the same (`same`). A keyword without a row fails the test.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use unbroken::diff::{CompareOptions, Finding, Readers, compare};
use unbroken::load::json_schema::{Dialect, load, words};
use unbroken::load::{LoadOptions, Loaded, ProblemKind};
use unbroken::model::Mode;
use unbroken::rules::Verdict;
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{Assumptions, ContentModel, Formats};

const DRAFTS: [(Dialect, &str); 5] = [
    (Dialect::Draft4, "http://json-schema.org/draft-04/schema#"),
    (Dialect::Draft6, "http://json-schema.org/draft-06/schema#"),
    (Dialect::Draft7, "http://json-schema.org/draft-07/schema#"),
    (Dialect::Draft201909, "https://json-schema.org/draft/2019-09/schema"),
    (Dialect::Draft202012, "https://json-schema.org/draft/2020-12/schema"),
];

/// Where the edited schema stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Root,
    Property,
    Items,
    AllOf,
    AnyOf,
    OneOf,
    Reference,
    Then,
    If,
    Not,
}

const PLACES: [At; 10] = [
    At::Root,
    At::Property,
    At::Items,
    At::AllOf,
    At::AnyOf,
    At::OneOf,
    At::Reference,
    At::Then,
    At::If,
    At::Not,
];

impl At {
    /// The document in which the schema stands there.
    fn around(self, schema: &Value, uri: &str) -> Value {
        let mut document = match self {
            Self::Root => schema.clone(),
            Self::Property => json!({
                "type": "object", "required": ["id"],
                "properties": {"id": {"type": "string"}, "item": schema}
            }),
            Self::Items => json!({"type": "array", "items": schema}),
            Self::AllOf => json!({"allOf": [{"description": "all"}, schema]}),
            Self::AnyOf => json!({"anyOf": [schema, {"type": "null"}]}),
            Self::OneOf => json!({"oneOf": [schema, {"type": "null"}]}),
            Self::Reference => json!({
                "type": "object", "properties": {"item": {"$ref": "#/definitions/held"}},
                "definitions": {"held": schema}
            }),
            Self::Then => json!({
                "type": "object", "if": {"required": ["kind"]}, "then": {"properties": {"item": schema}}
            }),
            Self::If => json!({
                "type": "object", "if": {"properties": {"item": schema}}, "then": {"maxProperties": 1}
            }),
            Self::Not => json!({"not": schema}),
        };
        let members = document.as_object_mut().unwrap();
        members.insert("$schema".to_owned(), json!(uri));
        let definitions = members.entry("definitions").or_insert_with(|| json!({}));
        definitions["short"] = json!({"type": "string", "maxLength": 2});
        definitions["long"] = json!({"type": "string", "maxLength": 3});
        document
    }

    /// The value of the document whose part there is this one.
    fn holding(self, value: &Value) -> Value {
        match self {
            Self::Root | Self::AllOf | Self::AnyOf | Self::OneOf | Self::Not => value.clone(),
            Self::Property => json!({"id": "x", "item": value}),
            Self::Items => json!([value]),
            Self::Reference => json!({"item": value}),
            Self::Then | Self::If => json!({"kind": 1, "item": value}),
        }
    }

    fn is_known_by(self, dialect: Dialect) -> bool {
        let has_conditions = !matches!(dialect, Dialect::Draft4 | Dialect::Draft6);
        has_conditions || !matches!(self, Self::Then | Self::If)
    }
}

/// Values of the type that a keyword speaks of, and some others.
fn values(of: &str) -> Vec<Value> {
    let all = match of {
        "number" => json!([-1, 0, 0.5, 1, 1.5, 2, 3, 4, 6, "a", null]),
        "array" => json!([
            [],
            ["a"],
            [1],
            ["a", "a"],
            ["a", 1],
            [1, "a"],
            ["a", "ab", "b"],
            [1, 2, 3, 4],
            ["ab", "ab", "a", "b"],
            "a"
        ]),
        "object" => json!([
            {}, {"a": "a"}, {"a": 1}, {"b": 1}, {"b": "x"}, {"c": 1}, {"ab": "a"}, {"ab": 1},
            {"a": "a", "b": 1}, {"a": "a", "c": 1}, {"a": 1, "b": 2, "c": 3, "d": 4}, "a"
        ]),
        _ => json!(["", "a", "b", "ab", "ba", "abc", "abcd", 1, null, true]),
    };
    all.as_array().unwrap().clone()
}

/// Pairs of schemas that differ in the keyword, and whether they say the same.
fn edits(word: &str, row: &Value, dialect: Dialect) -> Vec<(Value, Value, bool)> {
    let (mut beside, mut values) =
        (row["beside"].clone(), row["values"].as_array().unwrap().clone());
    if let (Dialect::Draft4, Some(bound)) = (dialect, word.strip_prefix("exclusive")) {
        beside[bound.to_lowercase()] = json!(2);
        values = vec![json!(true)];
    }
    let with = |value: &Value| {
        let mut schema: Map<String, Value> = beside.as_object().unwrap().clone();
        schema.insert(word.to_owned(), value.clone());
        Value::Object(schema)
    };
    let mut found = Vec::new();
    for (index, value) in values.iter().enumerate() {
        found.push((beside.clone(), with(value), false));
        found.push((with(value), beside.clone(), false));
        let next = &values[(index + 1) % values.len()];
        if next != value {
            found.push((with(value), with(next), false));
            found.push((with(next), with(value), false));
        }
    }
    let same = row["same"].as_array().map_or(&[][..], Vec::as_slice);
    if let [one, other] = same {
        found.push((with(one), with(other), true));
    }
    found
}

fn loaded(schema: &Value) -> Loaded {
    let path = RepoPath::new("schema.json").unwrap();
    let file = (path.clone(), schema.to_string().into_bytes());
    load(&MemorySnapshot::new("test", [file]), &path, &LoadOptions::default())
}

fn compared(old: &Value, new: &Value) -> Vec<Finding> {
    let sides = (loaded(old), loaded(new));
    for problem in sides.0.problems.iter().chain(&sides.1.problems) {
        assert_eq!(problem.kind, ProblemKind::Warning, "{}: {old} to {new}", problem.message);
    }
    let assumptions =
        Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
    let options = CompareOptions {
        mode: Mode::Backward,
        assumptions,
        readers: Readers::Strict,
        ..CompareOptions::default()
    };
    compare(&sides.0, &sides.1, options).findings
}

/// What is wrong with the report on an edit, if anything.
fn judge(
    word: &str,
    row: &Value,
    at: At,
    uri: &str,
    edit: &(Value, Value, bool),
) -> Option<String> {
    let (old, new) = (at.around(&edit.0, uri), at.around(&edit.1, uri));
    let found = compared(&old, &new);
    let label = || format!("{word} at {at:?}: {old} to {new}");
    let worst = found.iter().map(Finding::verdict).max().unwrap_or_default();
    if edit.2 {
        return (worst != Verdict::Compatible).then(|| format!("{}: {worst:?}", label()));
    }
    if found.is_empty() {
        return Some(format!("{}: silent", label()));
    }
    if worst == Verdict::Undecided {
        return Some(format!("{}: open", label()));
    }
    let validator = |schema: &Value| {
        let options = jsonschema::options().should_validate_formats(false).offline();
        let options = options.without_content_media_type_support("application/json");
        options.without_content_encoding_support("base64").build(schema).unwrap()
    };
    let (sends, reads) = (validator(&old), validator(&new));
    let values = values(row["of"].as_str().unwrap());
    let mut held = values.iter().map(|value| at.holding(value));
    let lost = held.find(|value| sends.is_valid(value) && !reads.is_valid(value));
    let is_shown = || found.iter().any(|finding| !finding.witnesses.is_empty());
    match (worst, lost) {
        (Verdict::Compatible, Some(lost)) => Some(format!("{}: loses {lost}", label())),
        (Verdict::Breaking, _) if !is_shown() => Some(format!("{}: nothing shows it", label())),
        (Verdict::Compatible | Verdict::Breaking | Verdict::Undecided, _) => None,
    }
}

#[test]
fn no_edit_of_a_keyword_is_silent_or_misjudged() {
    let rows: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../../testdata/keywords/edits.json")).unwrap();
    let of_draft = |(dialect, uri): (Dialect, &str)| {
        let (mut judged, mut wrong) = (0, Vec::new());
        for word in words(dialect) {
            let row = rows.get(word).unwrap_or_else(|| panic!("`{word}` has no row"));
            for (index, edit) in edits(word, row, dialect).iter().enumerate() {
                let only = row["places"].as_array();
                let places = PLACES.iter().filter(|at| {
                    let listed = |only: &Vec<Value>| only.contains(&json!(format!("{at:?}")));
                    at.is_known_by(dialect) && only.is_none_or(listed)
                });
                let places: Vec<At> = places.copied().collect();
                // Every place in the newest draft in turn, three for an edit; one in the others.
                let count = if dialect == Dialect::Draft202012 { 3 } else { 1 };
                for step in 0..count.min(places.len()) {
                    let at = places[(index + judged + step * 3) % places.len()];
                    wrong.extend(judge(word, row, at, uri, edit));
                    judged += 1;
                }
            }
        }
        (judged, wrong)
    };
    let (mut judged, mut wrong) = (0, Vec::new());
    std::thread::scope(|scope| {
        let of_draft = &of_draft;
        let running = DRAFTS.map(|draft| scope.spawn(move || of_draft(draft)));
        for draft in running {
            let (more, found) = draft.join().unwrap();
            judged += more;
            wrong.extend(found);
        }
    });
    eprintln!("{judged} edits");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 1_500, "{judged} edits");
}
