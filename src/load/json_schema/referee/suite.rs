//! The referee and the engine's own evaluation against the JSON Schema Test Suite, where a checkout
//! of it lies nearby.

use std::path::Path;

use serde_json::Value as Wire;

use super::SchemaReferee;
use super::excerpt::Extent;
use crate::document::{Documents, Limits, Place};
use crate::load::json_schema::corpus::shared;
use crate::load::json_schema::{Dialect, SchemaReader, load};
use crate::load::{LoadOptions, Opinion, ProblemKind, Reading, Referee};
use crate::model::{Json, Polarity};
use crate::source::{MemorySnapshot, RepoPath, Span};
use crate::subtype::{Assumptions, Carrier, ContentModel, Engine, Formats, Role, View};

const DRAFTS: [(&str, &str); 5] = [
    ("draft4", "http://json-schema.org/draft-04/schema#"),
    ("draft6", "http://json-schema.org/draft-06/schema#"),
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    ("draft2019-09", "https://json-schema.org/draft/2019-09/schema"),
    ("draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
];

fn parse(path: &Path) -> Wire {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A value of a test, as the model has it.
pub(in crate::load::json_schema) fn json(value: &Wire) -> Json {
    match value {
        Wire::Null => Json::Null,
        Wire::Bool(value) => Json::Boolean(*value),
        Wire::Number(number) => Json::Number(number.to_string().parse().unwrap()),
        Wire::String(text) => Json::string(text.as_str()),
        Wire::Array(elements) => Json::array(elements.iter().map(json)),
        Wire::Object(members) => {
            Json::object(members.iter().map(|(name, value)| (name.as_str(), json(value))))
        }
    }
}

/// Every file below a folder.
pub(in crate::load::json_schema) fn collect(
    folder: &Path,
    root: &Path,
    files: &mut Vec<(RepoPath, Vec<u8>)>,
) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.push((RepoPath::new(name).unwrap(), std::fs::read(&path).unwrap()));
        }
    }
}

/// Groups of tests that ask for what we refuse to do or read otherwise, and why.
const EXCEPTIONS: [(&str, &str); 2] = [
    (
        "schema that uses custom metaschema with with no validation vocabulary",
        "the metaschema is on the network",
    ),
    (
        "retrieved nested refs resolve relative to their URI not $id",
        "a file that names itself is what its name says",
    ),
];

/// Where a schema of the suite lies among the remote files: where its identifier says.
fn home(schema: &Wire) -> RepoPath {
    let id = schema.get("$id").or(schema.get("id")).and_then(Wire::as_str).unwrap_or("");
    let path = id.strip_prefix("http://localhost:1234/").unwrap_or("").split('#').next().unwrap();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    RepoPath::new(format!("{folder}/the-schema.json").trim_start_matches('/')).unwrap()
}

/// How the tests of one draft came out.
#[derive(Default)]
struct Tally {
    right: usize,
    /// Needs a schema that only the network has.
    refused: usize,
    excepted: usize,
    wrong: Vec<String>,
    /// How many values the engine evaluates as the suite says, how many it leaves open because a
    /// schema is on the network, which others it leaves open, and which it gets wrong.
    evaluated: usize,
    absent: usize,
    open: Vec<String>,
    misjudged: Vec<String>,
}

impl Tally {
    fn run(&mut self, label: &str, group: &Wire, uri: &str, remotes: &[(RepoPath, Vec<u8>)]) {
        let mut schema = group["schema"].clone();
        if let Some(members) = schema.as_object_mut() {
            members.entry("$schema").or_insert(uri.into());
        }
        let home = home(&schema);
        let file = (home.clone(), schema.to_string().into_bytes());
        let snapshot = MemorySnapshot::new("suite", remotes.iter().cloned().chain([file]));
        let loaded = load(&snapshot, &home, &LoadOptions::default());
        let refused = loaded.problems.iter().any(|it| it.kind == ProblemKind::Refused);
        let Referee::Values(referee) = &loaded.referee else { panic!("no referee") };
        let root = loaded.contract.shapes.get(loaded.contract.roots[0].shape).span.span;
        let what = group["description"].as_str().unwrap();
        let strict =
            Assumptions { content_model: ContentModel::Strict, formats: Formats::Annotate };
        let mut engine = Engine::new(strict);
        let shape = loaded.contract.roots[0].shape;
        let view = View::of(shape, Role::Reader, Polarity::Both, Carrier::StoredJson);
        let is_excepted = EXCEPTIONS.iter().any(|(group, _)| *group == what);
        for test in group["tests"].as_array().unwrap() {
            let accepts = engine.accepts(&loaded.contract.shapes, &view, &json(&test["data"]));
            match accepts {
                None if refused => self.absent += 1,
                None => self.open.push(format!("{label}: {what}: {}", test["description"])),
                Some(accepts) if accepts == test["valid"].as_bool().unwrap() => self.evaluated += 1,
                Some(_) if is_excepted => {}
                Some(accepts) => {
                    let which = &test["description"];
                    self.misjudged.push(format!("{label}: {what}: {which}: {accepts}"));
                }
            }
            let how = Reading { polarity: Polarity::Both, http: false, assert_formats: false };
            let opinion = referee.judge(root, &json(&test["data"]), how);
            let valid = test["valid"].as_bool().unwrap();
            let is_right = match &opinion {
                Opinion::Accepts => valid,
                Opinion::Refuses(_) => !valid,
                Opinion::Unable(_) => false,
            };
            if is_right {
                self.right += 1;
            } else if is_excepted {
                self.excepted += 1;
            } else if refused && matches!(opinion, Opinion::Unable(_)) {
                self.refused += 1;
            } else {
                self.wrong.push(format!("{label}: {what}: {}: {opinion:?}", test["description"]));
            }
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "how much was tested is worth seeing")]
fn the_referee_agrees_with_the_suite() {
    let Some(suite) = shared("corpora/hostile/JSON-Schema-Test-Suite") else { return };
    let mut remotes = Vec::new();
    collect(&suite.join("remotes"), &suite.join("remotes"), &mut remotes);
    let mut tally = Tally::default();
    for (name, uri) in DRAFTS {
        for entry in std::fs::read_dir(suite.join("tests").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let groups = if path.is_dir() { Wire::Null } else { parse(&path) };
            for group in groups.as_array().into_iter().flatten() {
                tally.run(&path.display().to_string(), group, uri, &remotes);
            }
        }
    }
    let Tally { right, refused, excepted, wrong, evaluated, absent, open, misjudged } = tally;
    eprintln!("the engine: {evaluated} right, {absent} about schemas that are on the network");
    assert!(misjudged.is_empty(), "{}", misjudged.join("\n"));
    assert!(open.is_empty(), "open:\n{}", open.join("\n"));
    assert!(evaluated >= 4_874 && absent <= 66, "{evaluated} evaluated, {absent} not to be had");
    eprintln!("{right} right, {refused} refused for the network, {excepted} excepted");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right > 4_800 && refused <= 66, "{right} right, {refused} refused");
}

/// The referee over a schema of the suite, and where that is written.
fn referee(group: &Wire, uri: &str, remotes: &[(RepoPath, Vec<u8>)]) -> (SchemaReferee, Span) {
    let mut schema = group["schema"].clone();
    if let Some(members) = schema.as_object_mut() {
        members.entry("$schema").or_insert(uri.into());
    }
    let home = home(&schema);
    let file = (home.clone(), schema.to_string().into_bytes());
    let snapshot = MemorySnapshot::new("suite", remotes.iter().cloned().chain([file]));
    let mut documents = Documents::new(&snapshot, Limits::default());
    let file = documents.open(&home).unwrap();
    let node = documents.document(file).unwrap().root();
    let mut reader = SchemaReader::default();
    let usual = Dialect::Draft202012;
    let shape = reader.read(&mut documents, Place { file, node }, usual);
    let span = reader.shapes().get(shape).span.span;
    (SchemaReferee::new(&documents, &reader), span)
}

#[test]
#[expect(clippy::print_stderr, reason = "how much was tested is worth seeing")]
fn an_excerpt_says_of_a_value_what_its_texts_say() {
    let Some(suite) = shared("corpora/hostile/JSON-Schema-Test-Suite") else { return };
    let mut remotes = Vec::new();
    collect(&suite.join("remotes"), &suite.join("remotes"), &mut remotes);
    let (mut asked, mut told, mut wrong) = (0, 0, Vec::new());
    for (name, uri) in DRAFTS {
        for entry in std::fs::read_dir(suite.join("tests").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let groups = if path.is_dir() { Wire::Null } else { parse(&path) };
            for group in groups.as_array().into_iter().flatten() {
                let (referee, root) = referee(group, uri, &remotes);
                let how = Reading { polarity: Polarity::Both, http: false, assert_formats: true };
                for test in group["tests"].as_array().unwrap() {
                    let value = json(&test["data"]);
                    let whole = referee.judge_of(root, how);
                    let whole = whole.and_then(|judge| referee.heard(&judge, &value, ""));
                    asked += 1;
                    let mut extent = Extent::default();
                    extent.include(&value);
                    let excerpt = referee.compile_excerpt(root, how, &extent, usize::MAX);
                    let Some((judge, _)) = excerpt else { continue };
                    let Ok(said) = referee.heard(&judge, &value, "") else { continue };
                    told += 1;
                    if whole.as_ref() != Ok(&said) {
                        let what = (&group["description"], &test["description"]);
                        wrong.push(format!("{name}: {what:?}: {said:?}, where {whole:?}"));
                    }
                }
            }
        }
    }
    eprintln!("{told} of {asked} told by excerpts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told > 4_000, "{told} of {asked} told by excerpts");
}
