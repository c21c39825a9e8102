//! The loader of HTTP descriptions against an independent reader of 3.0, and on real descriptions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use openapiv3::{OpenAPI, Operation, Parameter, ReferenceOr};
use unbroken::document::{Documents, Limits};
use unbroken::load::json_schema::json;
use unbroken::load::openapi::load;
use unbroken::load::{LoadOptions, Loaded, ProblemKind};
use unbroken::model::{Caller, Exchange, MediaType, ParameterLocation, PathPart, StatusKey};
use unbroken::source::{MemorySnapshot, RepoPath};

/// Third-party descriptions beside the project; tests that need them say that they skip.
const SHARED: &str = "../shared";

/// A description on disk: the folder that a snapshot is made of, and the file to begin with.
#[derive(Debug)]
struct Description {
    folder: PathBuf,
    entry: String,
}

#[test]
fn an_independent_reader_finds_the_same_in_our_own_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/openapi-reader");
    for entry in ["orders.yaml", "uploads.json"] {
        let description = Description { folder: folder.clone(), entry: entry.to_owned() };
        assert_eq!(agrees(&description), Agreement::Same);
    }
}

#[test]
fn an_independent_reader_finds_the_same_in_the_cases() {
    if is_shared() {
        let read = cases().iter().filter(|case| agrees(case) == Agreement::Same).count();
        assert!(read >= 200, "{read}");
    }
}

#[test]
fn an_independent_reader_finds_the_same_in_real_descriptions() {
    if is_shared() {
        let read = real().iter().filter(|real| agrees(real) == Agreement::Same).count();
        assert!(read >= 8, "{read}");
    }
}

#[test]
fn every_real_description_loads() {
    for description in real().iter().filter(|_| is_shared()) {
        let loaded = description.load();
        report(description, &loaded);
        let told = loaded.problems.iter().any(|found| found.kind == ProblemKind::Unreadable);
        assert!(told || !loaded.contract.operations.is_empty(), "{description:?}");
    }
}

fn is_shared() -> bool {
    let there = Path::new(SHARED).exists();
    if !there {
        eprintln!("skipped: {SHARED} is not there");
    }
    there
}

/// One line for people: how much of a description could not be used.
fn report(description: &Description, loaded: &Loaded) {
    let mut kinds: BTreeMap<ProblemKind, usize> = BTreeMap::new();
    for problem in &loaded.problems {
        *kinds.entry(problem.kind).or_default() += 1;
    }
    let unread = loaded.contract.shapes.iter().filter(|(_, shape)| !shape.unread.is_empty());
    eprintln!(
        "{}: {} operations, {} shapes, {} unread, problems {kinds:?}",
        description.folder.display(),
        loaded.contract.operations.len(),
        loaded.contract.shapes.len(),
        unread.count(),
    );
    if std::env::var_os("UNBROKEN_SHOW_PROBLEMS").is_some() {
        for problem in &loaded.problems {
            let place = problem.span.and_then(|span| loaded.files.locate(span));
            let place = place.map(|(path, at)| format!("{path}:{}:{}", at.line, at.column));
            eprintln!("  {:?} {}: {}", problem.kind, place.unwrap_or_default(), problem.message);
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Agreement {
    Same,
    /// The other reader cannot read the document.
    Alone,
}

fn agrees(description: &Description) -> Agreement {
    let Some(theirs) = their_reading(description) else { return Agreement::Alone };
    let ours = our_reading(&description.load());
    let lost: Vec<_> = theirs.difference(&ours).collect();
    let added: Vec<_> = ours.difference(&theirs).collect();
    assert!(
        lost.is_empty() && added.is_empty(),
        "{description:?}: lost {lost:#?}, added {added:#?}"
    );
    Agreement::Same
}

impl Description {
    fn load(&self) -> Loaded {
        load(&self.snapshot(), &self.root(), &LoadOptions::default())
    }

    fn root(&self) -> RepoPath {
        RepoPath::new(&self.entry).unwrap()
    }

    fn snapshot(&self) -> MemorySnapshot {
        let files = files_below(&self.folder).into_iter().map(|path| {
            let name = path.strip_prefix(&self.folder).unwrap().to_str().unwrap();
            (RepoPath::new(name).unwrap(), fs::read(&path).unwrap())
        });
        MemorySnapshot::new("test", files.collect::<Vec<_>>())
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Each side of each case.
fn cases() -> Vec<Description> {
    let files = files_below(&Path::new(SHARED).join("cases/openapi")).into_iter();
    let sides = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let is_side = name.starts_with("old.") || name.starts_with("new.");
        is_side.then(|| Description { folder: path.parent().unwrap().into(), entry: name.into() })
    });
    sides.collect()
}

/// The entry file of each side of each real history.
fn real() -> Vec<Description> {
    let metas = files_below(&Path::new(SHARED).join("corpora/openapi"));
    let metas = metas.into_iter().filter(|path| path.ends_with("meta.json"));
    let mut found = Vec::new();
    for meta in metas {
        let parsed: serde_json::Value = serde_json::from_slice(&fs::read(&meta).unwrap()).unwrap();
        let entry = parsed["entry"].as_str().unwrap();
        for side in ["old", "new"] {
            let folder = meta.parent().unwrap().join(side);
            found.push(Description { folder, entry: entry.to_owned() });
        }
    }
    found
}

/// What both readers say, one line for each promise.
type Reading = BTreeSet<String>;

fn our_reading(loaded: &Loaded) -> Reading {
    let mut lines = Reading::new();
    for operation in &loaded.contract.operations {
        let Exchange::Http(http) = &operation.exchange else { continue };
        if operation.caller != Caller::Consumer {
            continue;
        }
        let path: String = http.path.parts.iter().map(written).collect();
        let label = format!("{} {path}", http.method);
        lines.insert(label.clone());
        for parameter in &http.parameters {
            let location = parameter.location.name();
            let required = parameter.required.value;
            let name = if parameter.location == ParameterLocation::Header {
                parameter.name.to_ascii_lowercase()
            } else {
                parameter.name.to_string()
            };
            lines.insert(format!("{label} {location} {name} {required}"));
        }
        for payload in http.request.iter().flat_map(|body| &body.content) {
            lines.insert(format!("{label} takes {}", essence(&payload.media)));
        }
        for (status, response) in &http.responses {
            let status = status_text(*status);
            lines.insert(format!("{label} {status}"));
            for payload in response.body.iter().flat_map(|body| &body.content) {
                lines.insert(format!("{label} {status} gives {}", essence(&payload.media)));
            }
            for name in response.headers.keys() {
                lines.insert(format!("{label} {status} header {name}"));
            }
        }
    }
    lines
}

fn written(part: &PathPart) -> String {
    match part {
        PathPart::Literal(text) => text.to_string(),
        PathPart::Variable(name) => format!("{{{name}}}"),
    }
}

fn essence(media: &MediaType) -> String {
    format!("{}/{}", media.type_name, media.subtype)
}

fn status_text(status: StatusKey) -> String {
    match status {
        StatusKey::Code(code) => code.to_string(),
        StatusKey::Class(digit) => format!("{digit}XX"),
        StatusKey::Default => "default".to_owned(),
    }
}

fn their_reading(description: &Description) -> Option<Reading> {
    let snapshot = description.snapshot();
    let mut documents = Documents::new(&snapshot, Limits::default());
    let file = documents.open(&description.root()).ok()?;
    let document = documents.document(file)?;
    let version = document.get(document.root(), "openapi")?;
    if !document.string(version)?.starts_with("3.0") {
        return None;
    }
    let text = json(&document, document.root()).ok()?.to_string();
    let api: OpenAPI = serde_json::from_str(&text).ok()?;
    Theirs(&api).reading()
}

struct Theirs<'a>(&'a OpenAPI);

impl Theirs<'_> {
    /// `None` where it would have to follow a reference that it cannot.
    fn reading(&self) -> Option<Reading> {
        let mut lines = Reading::new();
        for (path, item) in &self.0.paths.paths {
            let item = item.as_item()?;
            for (method, operation) in item.iter() {
                let label = format!("{} {path}", method.to_ascii_uppercase());
                lines.insert(label.clone());
                self.parameters(path, &label, &item.parameters, operation, &mut lines)?;
                self.body(&label, operation, &mut lines)?;
                self.responses(&label, operation, &mut lines)?;
            }
        }
        Some(lines)
    }

    fn parameters(
        &self,
        path: &str,
        label: &str,
        shared: &[ReferenceOr<Parameter>],
        operation: &Operation,
        lines: &mut Reading,
    ) -> Option<()> {
        let mut found: BTreeMap<(&str, String), bool> = BTreeMap::new();
        let component = |name: &str| self.0.components.as_ref()?.parameters.get(name);
        for entry in shared.iter().chain(&operation.parameters) {
            let parameter = resolved(entry, component, "#/components/parameters/")?;
            let data = parameter.parameter_data_ref();
            let location = match parameter {
                Parameter::Query { .. } => "query",
                Parameter::Header { .. } => "header",
                Parameter::Path { .. } => "path",
                Parameter::Cookie { .. } => "cookie",
            };
            // Header names have no case, so `x-trace` overrides `X-Trace`.
            let name = if location == "header" {
                data.name.to_ascii_lowercase()
            } else {
                data.name.clone()
            };
            found.insert((location, name), data.required || location == "path");
        }
        // What the specification has every reader do: ignore three headers, have a parameter for
        // each variable and none without one.
        let variables: BTreeSet<String> = variables(path);
        let ignored = ["accept", "content-type", "authorization"];
        found.retain(|(location, name), _| match *location {
            "header" => !ignored.contains(&name.as_str()),
            "path" => variables.contains(name),
            _ => true,
        });
        for name in variables {
            found.entry(("path", name)).or_insert(true);
        }
        for ((location, name), required) in found {
            lines.insert(format!("{label} {location} {name} {required}"));
        }
        Some(())
    }

    fn body(&self, label: &str, operation: &Operation, lines: &mut Reading) -> Option<()> {
        let Some(entry) = &operation.request_body else { return Some(()) };
        let component = |name: &str| self.0.components.as_ref()?.request_bodies.get(name);
        let body = resolved(entry, component, "#/components/requestBodies/")?;
        for media in body.content.keys() {
            lines.insert(format!("{label} takes {}", bare(media)));
        }
        Some(())
    }

    fn responses(&self, label: &str, operation: &Operation, lines: &mut Reading) -> Option<()> {
        let component = |name: &str| self.0.components.as_ref()?.responses.get(name);
        let coded = operation.responses.responses.iter();
        let coded = coded.map(|(status, entry)| (status.to_string(), entry));
        let default = operation.responses.default.iter();
        for (status, entry) in coded.chain(default.map(|entry| ("default".to_owned(), entry))) {
            let response = resolved(entry, component, "#/components/responses/")?;
            lines.insert(format!("{label} {status}"));
            for media in response.content.keys() {
                lines.insert(format!("{label} {status} gives {}", bare(media)));
            }
            let names = response.headers.keys().map(|name| name.to_ascii_lowercase());
            for name in names.filter(|name| name != "content-type") {
                lines.insert(format!("{label} {status} header {name}"));
            }
        }
        Some(())
    }
}

fn resolved<'a, T>(
    entry: &'a ReferenceOr<T>,
    component: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
    prefix: &str,
) -> Option<&'a T> {
    match entry {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { reference } => {
            component(reference.strip_prefix(prefix)?)?.as_item()
        }
    }
}

fn variables(path: &str) -> BTreeSet<String> {
    let pieces = path.split('{').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('}')?.0.to_owned())).collect()
}

fn bare(media: &str) -> String {
    media.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}
