//! What an independent reader of 3.0 says of a description.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use openapiv3::{
    MediaType, OpenAPI, Operation, Parameter, ParameterSchemaOrContent, PathItem, ReferenceOr,
    Schema,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use unbroken::document::{Documents, Limits};
use unbroken::load::json_schema::json;
use unbroken::source::{MemorySnapshot, RepoPath};

use super::plain::Plain;

/// A schema, and the file in which its references are written.
pub(super) type Place = (RepoPath, ReferenceOr<Schema>);

/// One line for each promise, with its schema.
pub(super) type Reading = BTreeMap<String, Option<Place>>;

/// The files of a description; the other reader knows one file, so references are followed here.
pub(super) struct Their<'s> {
    documents: RefCell<Documents<'s>>,
    files: RefCell<BTreeMap<RepoPath, Option<Rc<Value>>>>,
}

impl<'s> Their<'s> {
    pub(super) fn new(snapshot: &'s MemorySnapshot) -> Self {
        let documents = RefCell::new(Documents::new(snapshot, Limits::default()));
        Self { documents, files: RefCell::default() }
    }

    /// Whether it is a description of 3.0.
    pub(super) fn is_meant(&self, root: &RepoPath) -> bool {
        let value = self.value(root);
        let version = value.as_ref().and_then(|value| value.get("openapi")?.as_str());
        version.is_some_and(|version| version.starts_with("3.0"))
    }

    /// `None` where the other reader cannot read it.
    pub(super) fn reading(&self, root: &RepoPath) -> Option<Reading> {
        let value = self.value(root)?;
        let api: OpenAPI = read(&value)?;
        let mut lines = Reading::new();
        for (path, item) in &api.paths.paths {
            let (file, item) = self.follow(root, item)?;
            let from = From { their: self, file: &file };
            for (method, operation) in item.iter() {
                let label = format!("{} {path}", method.to_ascii_uppercase());
                lines.insert(label.clone(), None);
                from.parameters((path, &label), &item, operation, &mut lines)?;
                from.body(&label, operation, &mut lines)?;
                from.responses(&label, operation, &mut lines)?;
            }
        }
        let components = api.components.iter().flat_map(|components| &components.schemas);
        for (name, schema) in components.filter(|(name, _)| !name.starts_with("x-")) {
            lines.insert(format!("schema {name}"), Some((root.clone(), schema.clone())));
        }
        Some(lines)
    }

    fn value(&self, path: &RepoPath) -> Option<Rc<Value>> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let value = self.parsed(path).map(Rc::new);
        self.files.borrow_mut().insert(path.clone(), value.clone());
        value
    }

    fn parsed(&self, path: &RepoPath) -> Option<Value> {
        let mut documents = self.documents.borrow_mut();
        let file = documents.open(path).ok()?;
        let document = documents.document(file)?;
        let text = json(&document, document.root()).ok()?.to_string();
        serde_json::from_str(&text).ok()
    }

    /// What an entry is, and the file in which it is written.
    pub(super) fn follow<T: DeserializeOwned + Clone>(
        &self,
        file: &RepoPath,
        entry: &ReferenceOr<T>,
    ) -> Option<(RepoPath, T)> {
        let (mut file, mut entry) = (file.clone(), entry.clone());
        for _ in 0..MAX_HOPS {
            let reference = match entry {
                ReferenceOr::Item(item) => return Some((file, item)),
                ReferenceOr::Reference { reference } => reference,
            };
            let (path, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
            if !path.is_empty() {
                file = file.join(path).ok()?;
            }
            let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8().ok()?;
            entry = read(self.value(&file)?.pointer(&pointer)?)?;
        }
        None
    }
}

/// How many references may lead to references.
const MAX_HOPS: usize = 32;

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(Plain(value)).ok()
}

/// Where something is written.
struct From<'t, 's> {
    their: &'t Their<'s>,
    file: &'t RepoPath,
}

impl From<'_, '_> {
    fn parameters(
        &self,
        (path, label): (&str, &str),
        item: &PathItem,
        operation: &Operation,
        lines: &mut Reading,
    ) -> Option<()> {
        let mut found: BTreeMap<(&str, String), (bool, Option<Place>)> = BTreeMap::new();
        for entry in item.parameters.iter().chain(&operation.parameters) {
            let (file, parameter) = self.their.follow(self.file, entry)?;
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
            let schema = described(&data.format).map(|schema| (file, schema));
            found.insert((location, name), (data.required || location == "path", schema));
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
            found.entry(("path", name)).or_insert((true, None));
        }
        for ((location, name), (required, schema)) in found {
            lines.insert(format!("{label} {location} {name} {required}"), schema);
        }
        Some(())
    }

    fn body(&self, label: &str, operation: &Operation, lines: &mut Reading) -> Option<()> {
        let Some(entry) = &operation.request_body else { return Some(()) };
        let (file, body) = self.their.follow(self.file, entry)?;
        for (name, media) in &body.content {
            lines.insert(format!("{label} takes {}", settled(name)), schema(&file, media));
        }
        Some(())
    }

    fn responses(&self, label: &str, operation: &Operation, lines: &mut Reading) -> Option<()> {
        let coded = operation.responses.responses.iter();
        let coded = coded.map(|(status, entry)| (status.to_string(), entry));
        let default = operation.responses.default.iter();
        for (status, entry) in coded.chain(default.map(|entry| ("default".to_owned(), entry))) {
            let (file, response) = self.their.follow(self.file, entry)?;
            lines.insert(format!("{label} {status}"), None);
            for (name, media) in &response.content {
                let line = format!("{label} {status} gives {}", settled(name));
                lines.insert(line, schema(&file, media));
            }
            for (name, entry) in &response.headers {
                let name = name.to_ascii_lowercase();
                if name != "content-type" {
                    let (file, header) = self.their.follow(&file, entry)?;
                    let schema = described(&header.format).map(|schema| (file, schema));
                    lines.insert(format!("{label} {status} header {name}"), schema);
                }
            }
        }
        Some(())
    }
}

/// The schema of what stands in a parameter or header.
fn described(format: &ParameterSchemaOrContent) -> Option<ReferenceOr<Schema>> {
    match format {
        ParameterSchemaOrContent::Schema(schema) => Some(schema.clone()),
        ParameterSchemaOrContent::Content(content) => content.values().next()?.schema.clone(),
    }
}

fn schema(file: &RepoPath, media: &MediaType) -> Option<Place> {
    media.schema.clone().map(|schema| (file.clone(), schema))
}

fn variables(path: &str) -> BTreeSet<String> {
    let pieces = path.split('{').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('}')?.0.to_owned())).collect()
}

/// A media type with its parameters in order; a `charset` says nothing of JSON (RFC 8259 §11).
fn settled(media: &str) -> String {
    let mut pieces = media.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    let essence = pieces.next().unwrap_or_default().to_ascii_lowercase();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().replace('"', ""));
        let is_charset = name == "charset";
        let value = if is_charset { value.to_ascii_lowercase() } else { value };
        (!is_charset || !essence.ends_with("json")).then(|| format!("; {name}={value}"))
    });
    let parameters: BTreeSet<String> = parameters.collect();
    format!("{essence}{}", parameters.into_iter().collect::<String>())
}
