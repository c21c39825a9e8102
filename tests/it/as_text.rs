//! What breaks in a body of JSON breaks wherever the same values cross as text, if what they are read
//! as makes no difference: how many there are, which there are, and that they are other types altogether.

use serde_json::{Value, json};
use unbroken::diff::{CompareOptions, Finding, compare};
use unbroken::load::openapi::load;
use unbroken::load::{LoadOptions, Loaded};
use unbroken::rules::Verdict;
use unbroken::source::{MemorySnapshot, RepoPath};

/// Where a value crosses as text, and the direction in which an edit is made so that it breaks there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Json,
    JsonReply,
    Query(&'static str, bool),
    Path(&'static str, bool),
    Header(bool),
    Cookie,
    ReplyHeader(bool),
    Field(&'static str),
    ReplyField(&'static str),
    Form(&'static str),
    ReplyForm(&'static str),
}

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

const OF_LISTS: [At; 16] = [
    At::Json,
    At::JsonReply,
    At::Query("form", true),
    At::Query("form", false),
    At::Query("spaceDelimited", false),
    At::Query("pipeDelimited", false),
    At::Path("simple", false),
    At::Path("label", true),
    At::Path("matrix", false),
    At::Header(false),
    At::Cookie,
    At::ReplyHeader(false),
    At::Field(URLENCODED),
    At::Field(MULTIPART),
    At::ReplyField(URLENCODED),
    At::ReplyField(MULTIPART),
];

const OF_OBJECTS: [At; 11] = [
    At::Json,
    At::JsonReply,
    At::Query("form", true),
    At::Query("form", false),
    At::Query("deepObject", true),
    At::Header(true),
    At::ReplyHeader(true),
    At::Form(URLENCODED),
    At::Form(MULTIPART),
    At::ReplyForm(URLENCODED),
    At::ReplyForm(MULTIPART),
];

impl At {
    fn is_reply(self) -> bool {
        matches!(
            self,
            Self::JsonReply | Self::ReplyHeader(_) | Self::ReplyField(_) | Self::ReplyForm(_)
        )
    }

    /// A description in which the schema stands there.
    fn around(self, schema: &Value) -> Value {
        let (mut parameters, mut body, mut reply) = (json!([]), Value::Null, Value::Null);
        let mut headers = json!({});
        let content = |media: &str, schema: Value| json!({media: {"schema": schema}});
        let field = || json!({"type": "object", "properties": {"p": schema}});
        let parameter = |place: &str, style: &str, explode: bool| {
            json!([{
                "name": "p", "in": place, "required": place == "path", "style": style,
                "explode": explode, "schema": schema
            }])
        };
        match self {
            Self::Json => body = content("application/json", schema.clone()),
            Self::JsonReply => reply = content("application/json", schema.clone()),
            Self::Query(style, explode) => parameters = parameter("query", style, explode),
            Self::Path(style, explode) => parameters = parameter("path", style, explode),
            Self::Header(explode) => parameters = parameter("header", "simple", explode),
            Self::Cookie => parameters = parameter("cookie", "form", false),
            Self::ReplyHeader(explode) => {
                headers = json!({"X-P": {"schema": schema, "explode": explode}});
            }
            Self::Field(media) => body = content(media, field()),
            Self::ReplyField(media) => reply = content(media, field()),
            Self::Form(media) => body = content(media, schema.clone()),
            Self::ReplyForm(media) => reply = content(media, schema.clone()),
        }
        let mut answer = json!({"description": "Done", "headers": headers});
        if !reply.is_null() {
            answer["content"] = reply;
        }
        let mut call = json!({"parameters": parameters, "responses": {"200": answer}});
        if !body.is_null() {
            call["requestBody"] = json!({"required": true, "content": body});
        }
        let path = if matches!(self, Self::Path(..)) { "/a/{p}" } else { "/a" };
        json!({
            "openapi": "3.1.0", "info": {"title": "Texts", "version": "1"},
            "paths": {path: {"post": call}}
        })
    }
}

fn loaded(document: &Value) -> Loaded {
    let path = RepoPath::new("api.json").unwrap();
    let bytes = serde_json::to_vec(document).unwrap();
    let snapshot = MemorySnapshot::new("texts", [(path.clone(), bytes)]);
    load(&snapshot, &path, &LoadOptions::default())
}

/// What is found of the edit, made so that it takes away what is sent there.
fn compared(at: At, wide: &Value, narrow: &Value) -> Vec<Finding> {
    let (old, new) = if at.is_reply() { (narrow, wide) } else { (wide, narrow) };
    let (old, new) = (loaded(&at.around(old)), loaded(&at.around(new)));
    assert!(old.problems.is_empty(), "{at:?}: {:?}", old.problems);
    compare(&old, &new, CompareOptions::default()).findings
}

/// What is wrong with the report on an edit that breaks.
fn judge(at: At, wide: &Value, narrow: &Value) -> Option<String> {
    let found = compared(at, wide, narrow);
    let worst = found.iter().map(Finding::verdict).max().unwrap_or_default();
    let breaking = found.iter().filter(|finding| finding.verdict() == Verdict::Breaking);
    let is_shown =
        |finding: &Finding| finding.witnesses.iter().any(|witness| witness.confirmed_by.is_some());
    let unshown = breaking.filter(|finding| !is_shown(finding)).count();
    let is_whole = found.iter().any(|finding| finding.rule.id == "shape-changed");
    let is_right = worst == Verdict::Breaking && unshown == 0 && !is_whole;
    (!is_right).then(|| {
        let rules: Vec<_> = found.iter().map(|found| (found.rule.id, found.verdict())).collect();
        format!("{at:?}: {wide} to {narrow}: {rules:?}")
    })
}

/// Statements about lists, each of which takes something away from one with these elements.
fn narrower_lists(elements: &Value) -> Vec<(Value, Value)> {
    let list = |more: Value| {
        let mut schema = json!({"type": "array", "items": elements});
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    let free = list(json!({}));
    let mut edits: Vec<_> = [
        json!({"maxItems": 1}),
        json!({"maxItems": 2}),
        json!({"maxItems": 3}),
        json!({"minItems": 2}),
        json!({"minItems": 4}),
        json!({"contains": {"const": 2}}),
        json!({"contains": {"const": 2}, "minContains": 2}),
    ]
    .map(|more| (free.clone(), list(more)))
    .into();
    edits.push((list(json!({"maxItems": 5})), list(json!({"maxItems": 3}))));
    edits.push((list(json!({"minItems": 2})), list(json!({"minItems": 3}))));
    edits.push((list(json!({"minItems": 2})), list(json!({"minItems": 2, "maxItems": 4}))));
    if elements["type"].is_string() {
        // Where elements may be strings as well, equal texts can be read as different values.
        let few = json!({"contains": {"const": 2}, "minContains": 0, "maxContains": 1});
        edits.push((free.clone(), list(few)));
        edits.push((free, list(json!({"uniqueItems": true}))));
    }
    edits
}

#[test]
fn what_takes_lists_away_in_json_does_wherever_they_cross_as_text() {
    let elements = [
        json!({"type": "integer"}),
        json!({"type": "number"}),
        json!({"type": "integer", "minimum": 0, "maximum": 9}),
        json!({}),
        json!({"type": ["string", "integer"]}),
        json!({"enum": [1, 2]}),
        json!({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}),
    ];
    let (mut judged, mut wrong) = (0, Vec::new());
    for (wide, narrow) in elements.iter().flat_map(narrower_lists) {
        for at in OF_LISTS {
            wrong.extend(judge(at, &wide, &narrow));
            judged += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 1_000, "{judged}");
}

#[test]
fn what_takes_objects_away_in_json_does_wherever_they_cross_as_text() {
    let members = json!({
        "a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": ["boolean", "string"]},
        "d": {"type": "array", "items": {"type": "string"}}
    });
    let object = |more: Value| {
        let mut schema = json!({"type": "object", "properties": members});
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    let edits = [
        json!({"maxProperties": 3}),
        json!({"maxProperties": 1}),
        json!({"minProperties": 2}),
        json!({"required": ["a"]}),
        json!({"required": ["d"]}),
        json!({"dependentRequired": {"d": ["a"]}}),
        json!({"dependentRequired": {"a": ["d"]}}),
        json!({"not": {"required": ["d"]}}),
        json!({"not": {"required": ["b", "d"]}}),
        json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}),
        json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        json!({"propertyNames": {"enum": ["a", "b", "c"]}}),
    ];
    let (mut judged, mut wrong) = (0, Vec::new());
    for narrow in edits.map(object) {
        for at in OF_OBJECTS {
            wrong.extend(judge(at, &object(json!({})), &narrow));
            judged += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 100, "{judged}");
}
