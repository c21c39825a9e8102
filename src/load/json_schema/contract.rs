//! A schema document as a contract.

use std::sync::Arc;

use super::asides::asides;
use super::resources::Part;
use super::{Declaration, Dialect, SchemaReader, SchemaReferee, validity};
use crate::document::{
    Document, DocumentError, DocumentErrorKind, Documents, Limits, NodeId, Place, Value,
};
use crate::load::{Extent, LoadOptions, Loaded, Problem, ProblemKind, Referee};
use crate::model::{Contract, Equality, Heirs, Lifecycle, Remarks, Root, Shape, ShapeId, Shapes};
use crate::source::{RepoPath, Snapshot, Span};

/// Reads the schema document at `root` and everything that it refers to.
///
/// The document is one payload, named after its file. A document that asserts nothing itself is a
/// library: each of its definitions is a payload of its own, so that an edit of one is compared. Those
/// of any other document are at hand, for a side that is a library.
pub fn load(snapshot: &dyn Snapshot, root: &RepoPath, options: &LoadOptions) -> Loaded {
    let mut documents = Documents::new(snapshot, limits(options)).naming(&options.identified);
    let opened = documents.open(root).and_then(|file| {
        let unread = || DocumentError {
            kind: DocumentErrorKind::Malformed,
            message: format!("{root} cannot be read"),
            span: Span { file, start: 0, end: 0 },
        };
        documents.document(file).ok_or_else(unread)
    });
    match opened {
        Ok(document) => read(documents, root, &document),
        Err(error) => unreadable(documents, root, error),
    }
}

fn read(mut documents: Documents<'_>, path: &RepoPath, document: &Arc<Document>) -> Loaded {
    match document.value(document.root()) {
        Value::Object | Value::Boolean(_) => {}
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array => {
            let message = "this is no schema: a schema is an object or a boolean".to_owned();
            let span = document.span(document.root());
            let error = DocumentError { kind: DocumentErrorKind::Malformed, message, span };
            return unreadable(documents, path, error);
        }
    }
    let mut reader = SchemaReader::default();
    let place = Place { file: document.file(), node: document.root() };
    let shape = reader.read(&mut documents, place, Dialect::Draft202012);
    let declared = reader.declared(document.span(place.node));
    let dialect = declared.unwrap_or(Dialect::Draft202012);
    let mut roots = vec![Root { name: path.file_name().into(), shape }];
    if asserts_nothing(reader.shapes().get(shape)) {
        for (name, node) in definitions(document) {
            let place = Place { node, ..place };
            let shape = reader.read(&mut documents, place, dialect);
            roots.push(Root { name, shape });
        }
    }
    let lifecycle = lifecycle(reader.shapes(), shape);
    let read = reader.places();
    let is_read = |node| read.contains_key(&Place { node, ..place });
    let remarks = asides(document, dialect, &is_read);
    let judged = with_metaschemas(&documents, &reader, document, dialect);
    let mut problems = warnings(&documents);
    let gaps = reader.gaps(problems.len());
    // What is wrong with a definition that nothing uses is no problem of the contract.
    let told = reader.problems();
    let at_hand = if roots.len() == 1 {
        let mut read = |(name, node)| {
            let shape = reader.read(&mut documents, Place { node, ..place }, dialect);
            Root { name, shape }
        };
        definitions(document).into_iter().map(&mut read).collect()
    } else {
        Vec::new()
    };
    let referee = Referee::Values(Box::new(SchemaReferee::new(&documents, &reader)));
    let (shapes, read_problems) = reader.finish();
    problems.extend(read_problems.into_iter().take(told));
    for (document, part) in judged {
        validity::judge(&document, &part, &mut problems);
    }
    let format = format!("json-schema-{}", dialect.name());
    let blank = empty(path, &format, document.span(document.root()));
    let equality = Equality::of_side(&shapes);
    let contract = Contract { roots, at_hand, shapes, equality, remarks, lifecycle, ..blank };
    let (files, trees) = documents.into_parts();
    let extent = Extent::Read;
    Loaded { contract, problems, files, trees, referee, past: None, comments: None, extent, gaps }
}

/// What metaschemas are to judge: the parts of the contract's own text, and of those that name their
/// draft.
fn with_metaschemas(
    documents: &Documents<'_>,
    reader: &SchemaReader,
    root: &Arc<Document>,
    dialect: Dialect,
) -> Vec<(Arc<Document>, Part)> {
    let mut judged = Vec::new();
    for (file, _) in documents.files().iter() {
        let Some(document) = documents.document(file) else { continue };
        let usual = match Dialect::declared(&document, document.root()) {
            Declaration::Known(declared) => declared,
            Declaration::Absent if file == root.file() => dialect,
            Declaration::Absent | Declaration::Unknown(_) => continue,
        };
        let parts = reader.parts(file, usual).into_iter();
        judged.extend(parts.map(|part| (Arc::clone(&document), part)));
    }
    judged
}

/// What a document's oddities are to a contract.
fn warnings(documents: &Documents<'_>) -> Vec<Problem> {
    let told = documents.warnings().iter();
    told.map(|warning| Problem {
        kind: ProblemKind::Warning,
        message: warning.message.clone(),
        span: Some(warning.span),
        path: None,
    })
    .collect()
}

/// Whether the shape admits everything, whatever it says besides.
fn asserts_nothing(shape: &Shape) -> bool {
    let bare = Shape { notes: shape.notes.clone(), ..Shape::anything(shape.span.span) };
    *shape == bare
}

fn definitions(document: &Document) -> Vec<(Arc<str>, NodeId)> {
    let mut found: Vec<(Arc<str>, NodeId)> = Vec::new();
    for word in ["$defs", "definitions"] {
        let group = document.get(document.root(), word);
        for member in group.iter().flat_map(|group| document.members(*group)) {
            let is_schema =
                matches!(document.value(member.value), Value::Object | Value::Boolean(_));
            let is_new = found.iter().all(|(name, _)| **name != *member.key.text);
            if is_schema && is_new {
                found.push((member.key.text.into(), member.value));
            }
        }
    }
    found
}

fn lifecycle(shapes: &Shapes, root: ShapeId) -> Lifecycle {
    let notes = shapes.get(root).notes.get();
    let deprecated = notes.and_then(|notes| notes.deprecated.as_ref());
    let deprecated = deprecated.filter(|stated| stated.value).map(|stated| stated.span);
    Lifecycle { deprecated, ..Lifecycle::default() }
}

fn limits(options: &LoadOptions) -> Limits {
    let LoadOptions { max_bytes, max_depth, max_files, identified: _, texts: _ } = *options;
    let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    Limits { max_bytes, max_depth, max_files, ..Limits::default() }
}

/// A contract of which nothing could be read.
fn unreadable(documents: Documents<'_>, path: &RepoPath, error: DocumentError) -> Loaded {
    let DocumentError { kind, message, span } = error;
    let told = Some(path.as_str().to_owned());
    let problem = Problem { kind: problem_kind(kind), message, span: Some(span), path: told };
    let contract = empty(path, "json-schema", span);
    let problems = vec![problem];
    let (files, trees) = documents.into_parts();
    let (referee, extent, gaps) = (Referee::None, Extent::Nothing, Vec::new());
    Loaded { contract, problems, files, trees, referee, past: None, comments: None, extent, gaps }
}

fn empty(path: &RepoPath, format: &str, span: Span) -> Contract {
    Contract {
        path: path.clone(),
        format: format.into(),
        version: None,
        operations: Vec::new(),
        roots: Vec::new(),
        at_hand: Vec::new(),
        shapes: Shapes::default(),
        equality: Equality::default(),
        messages: Arc::default(),
        components: Vec::new(),
        heirs: Heirs::default(),
        remarks: Remarks::default(),
        lifecycle: Lifecycle::default(),
        span,
    }
}

fn problem_kind(kind: DocumentErrorKind) -> ProblemKind {
    match kind {
        DocumentErrorKind::Malformed | DocumentErrorKind::Dangling => ProblemKind::Unreadable,
        DocumentErrorKind::Limit | DocumentErrorKind::Outside => ProblemKind::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Opinion, Reading};
    use crate::model::{Json, Kind, Polarity};
    use crate::source::MemorySnapshot;

    fn loaded(files: &[(&str, &str)]) -> Loaded {
        let path = |name: &str| RepoPath::new(name).unwrap();
        let bytes = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let snapshot = MemorySnapshot::new("test", bytes);
        load(&snapshot, &path(files[0].0), &LoadOptions::default())
    }

    fn names(loaded: &Loaded) -> Vec<&str> {
        loaded.contract.roots.iter().map(|root| &*root.name).collect()
    }

    #[test]
    fn a_library_is_its_definitions() {
        let library = r##"{"title": "Shared", "$defs": {"A": {"type": "null"},
            "B": {"$ref": "#/$defs/A"}, "C": true}}"##;
        assert_eq!(names(&loaded(&[("lib.json", library)])), ["lib.json", "A", "B", "C"]);
        let schema = r##"{"$ref": "#/$defs/A", "$defs": {"A": {"type": "null"}, "B": {}}}"##;
        assert_eq!(names(&loaded(&[("one.json", schema)])), ["one.json"]);
    }

    #[test]
    fn drafts_may_be_mixed() {
        let old = r#"{"$schema": "http://json-schema.org/draft-04/schema#",
            "properties": {"a": {"$ref": "new.json"}, "b": {"type": "integer"}}}"#;
        let new = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "integer", "exclusiveMinimum": 3}"#;
        let loaded = loaded(&[("old.json", old), ("new.json", new)]);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        assert_eq!(&*loaded.contract.format, "json-schema-draft-04");
        let shapes = &loaded.contract.shapes;
        let root = shapes.get(loaded.contract.roots[0].shape);
        let property = |name: &str| shapes.get(root.object.get().unwrap().properties[name].value);
        let target = shapes.get(property("a").reference.as_ref().unwrap().target);
        assert!(target.kinds.as_ref().unwrap().value.has(Kind::Integer));
        assert!(!property("b").kinds.as_ref().unwrap().value.has(Kind::Integer));
        assert!(target.number.get().unwrap().exclusive_minimum.is_some());
    }

    #[test]
    fn what_is_no_json_is_unreadable_and_what_is_missing_too() {
        let broken = loaded(&[("a.json", "{\"type\": }")]);
        assert_eq!(broken.problems[0].kind, ProblemKind::Unreadable);
        assert!(broken.contract.roots.is_empty());
        let snapshot = MemorySnapshot::new("test", []);
        let path = RepoPath::new("gone.json").unwrap();
        let gone = load(&snapshot, &path, &LoadOptions::default());
        assert_eq!(gone.problems[0].kind, ProblemKind::Unreadable);
    }

    #[test]
    fn a_metaschema_is_at_hand() {
        let schema = r#"{"$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {"schema": {"$ref": "http://json-schema.org/draft-07/schema#"}}}"#;
        let loaded = loaded(&[("a.json", schema)]);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        assert!(loaded.contract.shapes.len() > 50);
    }

    #[test]
    fn a_vocabulary_that_is_not_known_leaves_the_schema_unread() {
        let schema = r#"{"$schema": "meta.json", "type": "string"}"#;
        let meta = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema",
            "$vocabulary": {"https://example.com/units": true}}"#;
        let loaded = loaded(&[("a.json", schema), ("meta.json", meta)]);
        let root = loaded.contract.shapes.get(loaded.contract.roots[0].shape);
        assert!(root.unread[0].reason.contains("https://example.com/units"));
        assert_eq!(loaded.problems[0].kind, ProblemKind::Part);
    }

    #[test]
    fn a_schema_is_read_as_what_its_metaschema_extends() {
        let schema = r##"{"$schema": "meta.json", "items": [{"type": "string"}],
            "properties": {"a": {"$ref": "#/definitions/a", "minimum": 1}},
            "definitions": {"a": {"type": "integer"}}}"##;
        let own = r#"{"$schema": "../base.json"}"#;
        let base = |uri: &str| format!(r#"{{"$schema": "{uri}", "allOf": [{{"$ref": "{uri}"}}]}}"#);
        for (uri, format) in [
            ("http://json-schema.org/draft-04/schema#", "json-schema-draft-04"),
            ("http://json-schema.org/draft-07/schema#", "json-schema-draft-07"),
        ] {
            let base = base(uri);
            let files = [("a/a.json", schema), ("a/meta.json", own), ("base.json", &*base)];
            let loaded = loaded(&files);
            assert_eq!(&*loaded.contract.format, format);
            let kinds: Vec<_> = loaded.problems.iter().map(|problem| problem.kind).collect();
            assert_eq!(kinds, [ProblemKind::Warning], "{:?}", loaded.problems);
            assert!(loaded.problems[0].message.contains("nothing beside `$ref` counts"));
        }
        // Metaschemas that lead in a circle say nothing.
        let circle = r#"{"$schema": "meta.json"}"#;
        let loaded = loaded(&[("a.json", r#"{"$schema": "meta.json"}"#), ("meta.json", circle)]);
        assert_eq!(&*loaded.contract.format, "json-schema-2020-12");
        assert!(loaded.problems[0].message.contains("is not known"), "{:?}", loaded.problems);
    }

    #[test]
    fn a_vocabulary_that_is_left_out_leaves_unread_what_uses_it() {
        let said = |words: &[&str], schema: &str| {
            let vocabulary = |word: &&str| {
                format!(r#""https://json-schema.org/draft/2020-12/vocab/{word}": true"#)
            };
            let words: Vec<String> = words.iter().map(vocabulary).collect();
            let meta = format!(
                r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema",
                    "$vocabulary": {{{}}}}}"#,
                words.join(", ")
            );
            let schema = format!(r#"{{"$schema": "meta.json", {schema}}}"#);
            let loaded = loaded(&[("a.json", &schema), ("meta.json", &meta)]);
            loaded.problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        let usual = ["core", "applicator", "validation"];
        let closed = r#""properties": {"a": {"unevaluatedProperties": false}}"#;
        assert_eq!(said(&usual, r#""type": "object""#), [] as [&str; 0]);
        assert!(said(&usual, closed)[0].contains("leaves out the vocabulary `unevaluated`"));
        assert!(said(&usual, r#""contentEncoding": "base64""#)[0].contains("`content`"));
        assert_eq!(said(&usual[1..], r#""type": "object""#), [] as [&str; 0]);
        let all = ["core", "applicator", "validation", "unevaluated"];
        assert_eq!(said(&all, closed), [] as [&str; 0]);
    }

    fn opinion_of_null(loaded: &Loaded) -> Opinion {
        let Referee::Values(referee) = &loaded.referee else { panic!("no referee") };
        let root = loaded.contract.shapes.get(loaded.contract.roots[0].shape).span.span;
        let how = Reading { polarity: Polarity::Both, http: false, assert_formats: true };
        referee.judge(root, &Json::Null, how)
    }

    #[test]
    fn schemas_as_deep_as_the_limits_allow_are_judged() {
        for (open, close, levels) in
            [(r#"{"not":"#, "}", 500), (r#"{"anyOf":["#, "]}", 250), (r#"{"items":"#, "}", 500)]
        {
            let nested = format!("{}{{}}{}", open.repeat(levels), close.repeat(levels));
            let loaded = loaded(&[("deep.json", &nested)]);
            assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
            assert!(matches!(opinion_of_null(&loaded), Opinion::Accepts), "{open}");
        }
    }

    #[test]
    fn a_chain_of_references_is_followed_so_far() {
        let chain = |length: usize| {
            let link =
                |at| format!(r##""d{at}": {{"allOf": [{{"$ref": "#/$defs/d{}"}}]}}"##, at + 1);
            let links: Vec<String> = (0..length).map(link).collect();
            let links = links.join(",");
            format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{links}, "d{length}": {{}}}}}}"##)
        };
        let short = loaded(&[("short.json", &chain(200))]);
        assert!(short.problems.is_empty(), "{:?}", short.problems);
        assert_eq!(opinion_of_null(&short), Opinion::Accepts);
        let long = loaded(&[("long.json", &chain(2000))]);
        assert!(long.problems[0].message.contains("max-in-place"), "{:?}", long.problems);
        assert!(matches!(opinion_of_null(&long), Opinion::Unable(_)));
    }
}
