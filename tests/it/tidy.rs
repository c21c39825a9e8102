//! The shape of the code: layers, sizes, names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. A layer may always use itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("document", &["source"]),
    ("model", &["source"]),
    ("subtype", &["model"]),
    ("load", &["document", "model", "source", "subtype"]),
    ("proof", &["load", "model", "source"]),
    ("rules", &["model", "source"]),
    ("diff", &["load", "model", "proof", "rules", "source", "subtype"]),
    ("policy", &["diff", "document", "load", "model", "rules", "source", "subtype"]),
    ("report", &["diff", "load", "model", "policy", "rules", "source"]),
    (
        "cli",
        &[
            "diff", "document", "load", "model", "policy", "proof", "report", "rules", "source",
            "subtype",
        ],
    ),
];

/// Uses across layers that the table does not list, each with its reason. Unit tests are held to
/// the table too.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/rules/call.rs", "diff", SEES_PAIRS),
    ("src/rules/edition.rs", "diff", SEES_PAIRS),
    ("src/rules/enum_type.rs", "diff", SEES_PAIRS),
    ("src/rules/enum_value.rs", "diff", SEES_PAIRS),
    ("src/rules/extension.rs", "diff", SEES_PAIRS),
    ("src/rules/feature.rs", "diff", SEES_PAIRS),
    ("src/rules/field.rs", "diff", SEES_PAIRS),
    ("src/rules/field_default.rs", "diff", SEES_PAIRS),
    ("src/rules/field_number.rs", "diff", SEES_PAIRS),
    ("src/rules/field_presence.rs", "diff", SEES_PAIRS),
    ("src/rules/field_type.rs", "diff", SEES_PAIRS),
    ("src/rules/generated_code.rs", "diff", SEES_PAIRS),
    ("src/rules/import.rs", "diff", SEES_PAIRS),
    ("src/rules/java_class.rs", "diff", SEES_PAIRS),
    ("src/rules/json_name.rs", "diff", SEES_PAIRS),
    ("src/rules/message.rs", "diff", SEES_PAIRS),
    ("src/rules/oneof.rs", "diff", SEES_PAIRS),
    ("src/rules/package.rs", "diff", SEES_PAIRS),
    ("src/rules/reserved.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/choice.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/condition.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/constraint.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/google.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/http.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/kept.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/loss.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/mod.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/whole.rs", "diff", SEES_PAIRS),
    ("src/rules/service.rs", "diff", SEES_PAIRS),
    ("src/rules/standing.rs", "diff", SEES_PAIRS),
    ("src/rules/packs/http.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/enum_type.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/enum_value.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/extension.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field_default.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field_number.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field_presence.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field_type.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/field_number.rs", "load", TOLD_OF_THE_PAST),
    ("src/rules/impact.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/json_name.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/choice.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/condition.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/constraint.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/google.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/kept.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/loss.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/masks.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/reach.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/spelling.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/trial.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/packs/whole.rs", "subtype", ASKS_WHAT_CROSSES),
    ("src/rules/parts.rs", "subtype", "which members a pattern names is a question of languages"),
    ("src/subtype/exchange/tests.rs", "source", "its samples of fields need spans"),
];

/// The facets of messages are given the pairs of `diff::messages`, which belong in `rules`.
const SEES_PAIRS: &str = "the pairs of elements are declared in diff::messages";

/// What becomes of a value between two types of fields is a question of containment.
const ASKS_WHAT_CROSSES: &str = "the outcome of a crossing is decided by subtype::exchange";

/// What an element once was is told as its loader read it.
const TOLD_OF_THE_PAST: &str = "an element of an earlier revision is the loader's";

/// How many lines a file may have.
const MOST_LINES: usize = 450;

/// Files that are longer, each with its reason.
const LONG: &[(&str, &str)] = &[];

/// Names that say nothing of what a file is about.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc"];

/// Words of single formats, which no layer but `load` and `cli` may know.
const FORMAT_WORDS: &[&str] =
    &["openapi", "open_api", "json_schema", "jsonschema_", "protobuf", "swagger", "proto_"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of a folder, with its path from the package and its text.
fn files(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

fn layer(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// The line without its comment; good enough for code that has no `//` in strings that matter.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or("")
}

/// What follows each `crate::` on a line, braces taken apart.
fn used(line: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for rest in line.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group.split(',').map(|part| word(part.trim()))),
            None => found.push(word(rest)),
        }
    }
    found
}

#[test]
fn arrows_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in files("src") {
        let here = layer(&path);
        let Some(below) = allowed.get(here) else {
            assert!(matches!(here, "lib" | "main"), "{path} lies in no known layer");
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for there in used(code(line)) {
                let is_layer = allowed.contains_key(there.as_str());
                let is_fine = there == here || below.contains(&there.as_str());
                let excepted =
                    EXCEPTIONS.iter().any(|(file, to, _)| path.starts_with(file) && *to == there);
                if is_layer && !is_fine && !excepted {
                    wrong.push(format!("{path}:{}: {here} uses {there}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let files = files("src");
    for (path, to, why) in EXCEPTIONS {
        let mut lines = files.get(*path).unwrap_or_else(|| panic!("{path} is gone")).lines();
        assert!(!why.is_empty());
        assert!(
            lines.any(|line| used(code(line)).iter().any(|there| there == to)),
            "{path} no longer uses {to}: take it off the list"
        );
    }
    for (path, why) in LONG {
        let lines = files.get(*path).map_or(0, |text| text.lines().count());
        assert!(lines > MOST_LINES && !why.is_empty(), "{path} is short now: take it off the list");
    }
}

#[test]
fn of_the_sources_the_model_knows_only_positions() {
    let mut wrong = Vec::new();
    for (path, text) in files("src/model") {
        let test = text.find("#[cfg(test)]").unwrap_or(text.len());
        for (number, line) in text[..test].lines().enumerate() {
            let Some((_, names)) = code(line).split_once("crate::source::") else { continue };
            let names = names.trim_matches(['{', '}', ';']).split(',').map(str::trim);
            let known = ["FileId", "Span", "RepoPath"];
            if names.clone().any(|name| !known.contains(&name.trim_end_matches(['}', ';']))) {
                wrong.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_holds_one_idea() {
    let mut wrong = Vec::new();
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        let lines = text.lines().count();
        if lines > MOST_LINES && !LONG.iter().any(|(long, _)| *long == path) {
            wrong.push(format!("{path} has {lines} lines"));
        }
        let stem = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        if EMPTY_NAMES.contains(&stem) {
            wrong.push(format!("{path} has a name that says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_about() {
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        assert!(text.starts_with("//! "), "{path} does not begin with a line about itself");
    }
}

#[test]
fn a_format_is_known_to_its_loader_only() {
    let mut wrong = Vec::new();
    for (path, text) in files("src") {
        if matches!(layer(&path), "load" | "cli" | "lib" | "main") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = without_strings(code(line)).to_lowercase();
            // What discovery recognises is data of the source layer.
            let code = code.replace("kind::openapi", "").replace("kind::protobuf", "");
            for word in FORMAT_WORDS {
                let excepted = FORMAT_EXCEPTIONS.iter().any(|(file, _)| path.starts_with(file));
                if code.contains(word) && !excepted {
                    wrong.push(format!("{path}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that must tell formats apart, each with its reason.
const FORMAT_EXCEPTIONS: &[(&str, &str)] = &[
    ("src/policy/config/schema.rs", "the test that derives the schema of the config"),
    ("src/source/sniff.rs", "discovery recognises what a file is by what it says"),
    ("src/source/pairs.rs", "discovery groups files by what they are"),
    ("src/source/prepare.rs", "two files are paired as what they are"),
    ("src/source/survey.rs", "discovery groups files by what they are"),
    ("src/diff/messages/tests/", "tests of the comparison of messages load some"),
];

fn without_strings(line: &str) -> String {
    line.split('"').step_by(2).collect()
}

#[test]
fn the_table_of_layers_has_every_folder() {
    let mut folders: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort();
    let mut listed: Vec<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    listed.sort_unstable();
    assert_eq!(folders, listed);
}
