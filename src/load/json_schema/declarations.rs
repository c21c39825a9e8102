//! `$schema` that names no dialect of ours, and the vocabularies of such metaschemas.

use std::sync::Arc;

use jsonschema::uri;

use super::dialect::Declaration;
use super::resources::resolve;
use super::schema::SchemaObject;
use super::{Dialect, SchemaReader};
use crate::document::{Document, Documents, Member, NodeId, Value};
use crate::source::FileId;

/// Vocabularies that the drafts define; whatever else a metaschema requires is somebody's own.
const VOCABULARIES: [&str; 2] = [
    "https://json-schema.org/draft/2019-09/vocab/",
    "https://json-schema.org/draft/2020-12/vocab/",
];

impl SchemaObject<'_, '_, '_> {
    /// Says what a `$schema` that is not one of ours means for the reading of this schema.
    pub(super) fn read_declaration(&mut self) {
        let document = self.document;
        let Some(member) = document.member(self.place.node, "$schema") else { return };
        let Declaration::Unknown(uri) = Dialect::declared(document, self.place.node) else {
            return;
        };
        let span = self.whole(member);
        let name = self.dialect().name();
        if uri.contains("json-schema.org/draft-0") || uri.contains("json-schema.org/draft/next") {
            return self.wrong(span, &format!("the draft `{uri}` is not supported"));
        }
        let Some((metaschema, node)) = self.metaschema(uri) else {
            let message = format!(
                "the metaschema `{uri}` is not in the repository; the schema is read as {name}"
            );
            return self.warn(span, message);
        };
        if self.reader.resources.dialect_of(self.place.file, uri).is_none() {
            let message = format!(
                "what the metaschema `{uri}` is written in itself is not known; the schema is read \
                 as {name}"
            );
            self.warn(span, message);
        }
        if let Some(reason) = foreign_vocabulary(&metaschema, node, (self.dialect(), document)) {
            self.wrong(span, &format!("the metaschema `{uri}` {reason}"));
        }
    }
}

/// How many metaschemas may each be written in the next.
const MAX_HOPS: usize = 16;

impl SchemaReader {
    /// Finds out what the metaschemas are written in that a file names and that are somebody's own: a
    /// schema is read as what its metaschema extends (JSON Schema Core 2020-12, 8.1.1), which that says
    /// by a `$schema` of its own.
    pub(super) fn settle_metaschemas(&mut self, documents: &mut Documents<'_>, file: FileId) {
        let Some(document) = documents.document(file) else { return };
        if !self.resources.is_new(file) {
            return;
        }
        let mentions = document.text().matches("$schema").take(2).count();
        let is_root = document.get(document.root(), "$schema").is_some();
        let nodes: Vec<NodeId> = match (mentions, is_root) {
            (0, _) => return,
            (1, true) => vec![document.root()],
            _ => document.nodes().collect(),
        };
        for node in nodes {
            if let Declaration::Unknown(uri) = Dialect::declared(&document, node)
                && !self.resources.is_settled(file, uri)
            {
                let dialect = followed(documents, &document, uri);
                self.resources.settle(file, uri, dialect);
            }
        }
    }
}

/// What the metaschema is written in that a document names.
fn followed(documents: &mut Documents<'_>, from: &Document, uri: &str) -> Option<Dialect> {
    let (mut from, mut uri) = (found(documents, from, uri)?, String::new());
    for _ in 0..MAX_HOPS {
        match Dialect::declared(&from, from.root()) {
            Declaration::Known(dialect) => return Some(dialect),
            Declaration::Absent => return None,
            Declaration::Unknown(next) => next.clone_into(&mut uri),
        }
        from = found(documents, &from, &uri)?;
    }
    None
}

/// The file of a metaschema: the one that is called so, else the one that lies there.
fn found(documents: &mut Documents<'_>, from: &Document, uri: &str) -> Option<Arc<Document>> {
    let uri = uri.strip_suffix('#').unwrap_or(uri);
    let root = from.root();
    let named = |word| from.get(root, word).and_then(|name| from.string(name));
    let base = ["$id", "id"].into_iter().find_map(named).and_then(|name| uri::from_str(name).ok());
    let absolute = base.and_then(|base| resolve(&base, uri));
    let called = absolute.and_then(|uri| documents.open_identified(uri.as_str()));
    let file = match called.or_else(|| documents.open_identified(uri)) {
        Some(opened) => opened.ok()?,
        None => documents.resolve(from.file(), uri, from.span(root)).ok()?.file,
    };
    documents.document(file)
}

/// Why the vocabularies of a metaschema cannot be followed, if they cannot, by a schema that is read in
/// a dialect and is part of a document.
fn foreign_vocabulary(
    metaschema: &Document,
    node: NodeId,
    (dialect, document): (Dialect, &Document),
) -> Option<String> {
    let declared = metaschema.get(node, "$vocabulary")?;
    let required = |member: &Member<'_>| metaschema.value(member.value) == Value::Boolean(true);
    let ours = |name: &str| VOCABULARIES.iter().any(|known| name.starts_with(known));
    let mut members = metaschema.members(declared);
    if let Some(foreign) = members.find(|each| required(each) && !ours(each.key.text)) {
        let name = foreign.key.text;
        return Some(format!("requires the vocabulary `{name}`, which is not known"));
    }
    let is_used = |words: &[&str]| {
        let uses = |node| words.iter().any(|word| document.get(node, word).is_some());
        words.is_empty() || document.nodes().any(uses)
    };
    // Nobody does without the words of `core` (JSON Schema Core 2020-12, 8.1.2).
    let evaluated: &[&str] = &["unevaluatedItems", "unevaluatedProperties"];
    let content: &[&str] = &["contentEncoding", "contentMediaType", "contentSchema"];
    let wanted: [(&str, &[&str]); 4] = [
        ("applicator", &[]),
        ("validation", &[]),
        ("unevaluated", evaluated),
        ("content", content),
    ];
    let is_declared = |wanted: &str| {
        // In 2019-09 what is evaluated belongs to the applicators.
        let is_elsewhere = wanted == "unevaluated" && dialect == Dialect::Draft201909;
        let mut names = metaschema.members(declared).map(|member| member.key.text);
        is_elsewhere || names.any(|name| name.rsplit('/').next() == Some(wanted))
    };
    let (name, _) =
        { wanted }.into_iter().find(|(name, words)| !is_declared(name) && is_used(words))?;
    Some(format!("leaves out the vocabulary `{name}`, whose keywords are read anyway"))
}
