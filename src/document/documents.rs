//! The files of one side, opened when something asks for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;

use crate::source::{FileId, Files, RepoPath, Snapshot, SourceError, Span};

use super::pointer::{Pointer, escape};
use super::reference::Reference;
use super::text::{Decoded, Fault};
use super::{
    Document, DocumentError, DocumentErrorKind, Limits, NodeId, Parsed, Value, Warning, decode,
    parse_text,
};

/// A node of one of the files of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The node in it.
    pub node: NodeId,
}

/// Every file that one side has opened, each read and parsed once, and references between them.
pub struct Documents<'s> {
    snapshot: &'s dyn Snapshot,
    limits: Limits,
    files: Files,
    /// What asking for each path led to; nothing where there is no such file.
    opened: BTreeMap<RepoPath, Option<Result<FileId, DocumentError>>>,
    parsed: BTreeMap<FileId, Arc<Document>>,
    /// Files that the snapshot did not give: they have no text to point into.
    withheld: BTreeSet<FileId>,
    warnings: Vec<Warning>,
    /// Where references led: a large contract says the same few thousands of times.
    resolved: HashMap<FileId, HashMap<String, Place>>,
    /// The files that identifiers name.
    identified: BTreeMap<String, RepoPath>,
}

impl<'s> Documents<'s> {
    /// No file yet of this snapshot.
    pub fn new(snapshot: &'s dyn Snapshot, limits: Limits) -> Self {
        Self {
            snapshot,
            limits,
            files: Files::default(),
            opened: BTreeMap::new(),
            parsed: BTreeMap::new(),
            withheld: BTreeSet::new(),
            warnings: Vec::new(),
            resolved: HashMap::default(),
            identified: BTreeMap::new(),
        }
    }

    /// Has the files of the snapshot be known by these identifiers.
    #[must_use]
    pub fn naming(self, identified: &BTreeMap<String, RepoPath>) -> Self {
        Self { identified: identified.clone(), ..self }
    }

    /// The file that claims this identifier, opened; `None` where none is known to.
    pub fn open_identified(&mut self, uri: &str) -> Option<Result<FileId, DocumentError>> {
        let path = self.identified.get(uri)?.clone();
        Some(self.open(&path))
    }

    /// Reads and parses a file, or remembers it.
    ///
    /// # Errors
    /// When the file is absent ([`DocumentErrorKind::Dangling`]), cannot be read or is not a text
    /// we accept. The error's span is valid in [`Documents::files`] in each case.
    pub fn open(&mut self, path: &RepoPath) -> Result<FileId, DocumentError> {
        if let Some(answer) = self.load(path) {
            return answer;
        }
        let message = format!("{} has no file `{path}`", self.snapshot.label().name);
        Err(self.unread(path, DocumentErrorKind::Dangling, message))
    }

    /// A text that the snapshot need not hold, such as a metaschema that everybody knows, as the
    /// file of this path; whatever was opened under the path before stays.
    ///
    /// # Errors
    /// When the text is not one that we accept.
    pub fn supply(&mut self, path: &RepoPath, text: &str) -> Result<FileId, DocumentError> {
        if let Some(Some(answer)) = self.opened.get(path) {
            return answer.clone();
        }
        let answer = self.add(path, text.as_bytes());
        self.opened.insert(path.clone(), Some(answer.clone()));
        answer
    }

    /// The parsed text of a file that was opened without an error.
    pub fn document(&self, file: FileId) -> Option<Arc<Document>> {
        self.parsed.get(&file).cloned()
    }

    /// The files so far, readable or not; spans of this side index into them.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The texts and the trees, for showing places in them.
    pub fn into_parts(self) -> (Files, Vec<Arc<Document>>) {
        (self.files, self.parsed.into_values().collect())
    }

    /// What was odd about the files opened so far and did not keep them from being read.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The node that a relative URI reference (RFC 3986 §4.2) names, its fragment being a JSON
    /// Pointer (RFC 6901 §6). `at` is where the reference is written: errors about the reference
    /// point there, errors inside the file that it names point into that file.
    ///
    /// # Errors
    /// [`DocumentErrorKind::Outside`] when the reference leaves the snapshot,
    /// [`DocumentErrorKind::Dangling`] when it names nothing, and the error of the other file when
    /// that cannot be read.
    pub fn resolve(
        &mut self,
        from: FileId,
        reference: &str,
        at: Span,
    ) -> Result<Place, DocumentError> {
        let known = self.resolved.get(&from).and_then(|places| places.get(reference));
        if let Some(place) = known {
            return Ok(*place);
        }
        let place = self.follow(from, reference, at)?;
        self.resolved.entry(from).or_default().insert(reference.to_owned(), place);
        Ok(place)
    }

    fn follow(&mut self, from: FileId, reference: &str, at: Span) -> Result<Place, DocumentError> {
        let refuse = |(kind, message)| DocumentError { kind, message, span: at };
        let Reference { path, pointer } = Reference::parse(reference).map_err(refuse)?;
        let file = match path {
            None => from,
            Some(relative) => {
                let target = self.beside(from, reference, &relative).map_err(refuse)?;
                self.open_from(&target, reference, at)?
            }
        };
        let Some(document) = self.parsed.get(&file) else {
            let message = format!("`{reference}` points into a file that cannot be read");
            return Err(refuse((DocumentErrorKind::Dangling, message)));
        };
        match document.at(&pointer) {
            Some(node) => Ok(Place { file, node }),
            None => {
                Err(refuse((DocumentErrorKind::Dangling, dangling(document, reference, &pointer))))
            }
        }
    }

    fn beside(
        &self,
        from: FileId,
        reference: &str,
        relative: &str,
    ) -> Result<RepoPath, (DocumentErrorKind, String)> {
        let base = self.files.get(from).map(|file| &file.path);
        let joined = match base {
            None => RepoPath::new(relative),
            Some(base) if self.snapshot.reaches_beyond() => base.beyond(relative),
            Some(base) => base.join(relative),
        };
        joined.map_err(|reason| {
            let message = format!(
                "`{reference}` is not followed: {reason}; keep what a contract needs inside it, \
                 or pass `--allow-outside-references`"
            );
            (DocumentErrorKind::Outside, message)
        })
    }

    /// Like [`Documents::open`], but an absent file is an error at the reference, and so is one
    /// that has no text to point into.
    fn open_from(
        &mut self,
        path: &RepoPath,
        reference: &str,
        at: Span,
    ) -> Result<FileId, DocumentError> {
        match self.load(path) {
            Some(Err(DocumentError { kind, message, span }))
                if self.withheld.contains(&span.file) =>
            {
                let message = format!("`{reference}` is not followed: {message}");
                Err(DocumentError { kind, message, span: at })
            }
            Some(answer) => answer,
            None => {
                let message = format!("`{reference}` names the file `{path}`, which is not there");
                Err(DocumentError { kind: DocumentErrorKind::Dangling, message, span: at })
            }
        }
    }

    /// Reads and parses a file, or remembers it; nothing where there is no such file.
    fn load(&mut self, path: &RepoPath) -> Option<Result<FileId, DocumentError>> {
        if let Some(known) = self.opened.get(path) {
            return known.clone();
        }
        let answer = match self.read(path) {
            Ok(bytes) => bytes.map(|bytes| self.add(path, &bytes)),
            Err((kind, message)) => Some(Err(self.unread(path, kind, message))),
        };
        self.opened.insert(path.clone(), answer.clone());
        answer
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, (DocumentErrorKind, String)> {
        if self.opened.len() >= self.limits.max_files {
            let limit = self.limits.max_files;
            let message = format!("more files are opened than the limit max-files = {limit}");
            return Err((DocumentErrorKind::Limit, message));
        }
        let unreadable = |error: &SourceError| (DocumentErrorKind::of(error), error.to_string());
        self.snapshot.read_through(path).map_err(|error| unreadable(&error))
    }

    fn add(&mut self, path: &RepoPath, bytes: &[u8]) -> Result<FileId, DocumentError> {
        let Decoded { text, fault } = decode(bytes, &self.limits);
        let file = self.files.add(path.clone(), Arc::clone(&text));
        if let Some(fault) = fault {
            return Err(fault.in_file(file));
        }
        let Parsed { document, warnings } = parse_text(file, path, &text, &self.limits)?;
        self.parsed.insert(file, Arc::new(document));
        self.warnings.extend(warnings);
        Ok(file)
    }

    /// An error about a file without a text; the file is there for its span only.
    fn unread(
        &mut self,
        path: &RepoPath,
        kind: DocumentErrorKind,
        message: String,
    ) -> DocumentError {
        let known = self.files.find(path);
        let file = known.unwrap_or_else(|| self.files.add(path.clone(), Arc::from("")));
        self.withheld.insert(file);
        Fault::new(kind, message, 0, 0).in_file(file)
    }
}

/// Says how far a pointer leads and what it may have meant.
fn dangling(document: &Document, reference: &str, pointer: &Pointer) -> String {
    let mut node = document.root();
    let mut reached = Pointer::default();
    for token in pointer.tokens() {
        if let Some(next) = document.child(node, token) {
            node = next;
            reached = reached.child(token);
            continue;
        }
        let place = if reached.tokens().is_empty() {
            "the root of the file".to_owned()
        } else {
            format!("`{reached}`")
        };
        let lacks = match document.value(node) {
            Value::Object => format!("has no member `{token}`{}", similar(document, node, token)),
            Value::Array => format!(
                "is an array of {} and has no element `{token}`",
                document.elements(node).len()
            ),
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {
                format!("is a scalar and has no member `{token}`")
            }
        };
        return format!("`{reference}` names nothing: {place} {lacks}");
    }
    format!("`{reference}` names nothing")
}

fn similar(document: &Document, node: NodeId, token: &str) -> String {
    let names = document.members(node).map(|member| member.key.text);
    let scored = names.map(|name| (strsim::normalized_damerau_levenshtein(name, token), name));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right));
    match best {
        Some((score, name)) if score > 0.6 => format!("; did you mean `{}`?", escape(name)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemorySnapshot;

    const MAIN: &str = r##"{"components": {"schemas": {"Pet": {"type": "object"}}},
        "paths": {"/a/{id}": {"get~": [10, 20]}}, "x": "#/"}"##;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    fn snapshot() -> MemorySnapshot {
        let file = |name: &str, text: &str| (path(name), text.as_bytes().to_vec());
        MemorySnapshot::new(
            "test",
            [
                file("api/main.json", MAIN),
                file("api/my item.json", r#"{"a": 1}"#),
                file("broken.json", "{\"a\": 1,\n \"b\" 2}"),
                file("common.json", r#"{"back": {"$ref": "api/main.json"}}"#),
            ],
        )
    }

    fn resolve(documents: &mut Documents<'_>, reference: &str) -> Result<Place, DocumentError> {
        let from = documents.open(&path("api/main.json")).unwrap();
        documents.resolve(from, reference, Span { file: from, start: 3, end: 9 })
    }

    fn leads_to(reference: &str) -> String {
        let snapshot = snapshot();
        let mut documents = Documents::new(&snapshot, Limits::default());
        let place = resolve(&mut documents, reference).unwrap();
        let document = documents.document(place.file).unwrap();
        documents.files().text(document.span(place.node)).to_owned()
    }

    fn refusal(reference: &str) -> (DocumentErrorKind, String) {
        let snapshot = snapshot();
        let mut documents = Documents::new(&snapshot, Limits::default());
        let error = resolve(&mut documents, reference).unwrap_err();
        assert_eq!((error.span.start, error.span.end), (3, 9));
        (error.kind, error.message)
    }

    #[test]
    fn references_resolve_in_and_across_files() {
        assert_eq!(leads_to("#/components/schemas/Pet/type"), "\"object\"");
        assert_eq!(leads_to("#/paths/~1a~1%7Bid%7D/get~0/1"), "20");
        assert_eq!(leads_to(""), MAIN);
        assert_eq!(leads_to("#"), MAIN);
        assert_eq!(leads_to("my%20item.json#/a"), "1");
        assert_eq!(leads_to("./my item.json#/a"), "1");
        assert_eq!(leads_to("..\\api\\my item.json#/a"), "1");
        assert_eq!(leads_to("../common.json#/back/$ref"), "\"api/main.json\"");
        assert_eq!(leads_to("../api/./main.json#/x"), "\"#/\"");
    }

    #[test]
    fn nothing_outside_the_snapshot_is_followed() {
        for reference in [
            "https://example.com/a.json",
            "HTTP://example.com",
            "file:///etc/passwd",
            "//host/a.json",
            "/etc/passwd",
            "%2Fetc/passwd",
            "C:\\a.json",
            "\\\\host\\a.json",
            "../../a.json",
            "%2e%2e/%2e%2e/a.json",
            "urn:example:a",
        ] {
            let (kind, message) = refusal(reference);
            assert_eq!(kind, DocumentErrorKind::Outside, "{reference}");
            assert!(message.contains(reference), "{message}");
        }
    }

    #[test]
    fn a_dangling_reference_says_how_far_it_leads() {
        let dangling = |reference: &str| {
            let (kind, message) = refusal(reference);
            assert_eq!(kind, DocumentErrorKind::Dangling, "{message}");
            message
        };
        assert_eq!(
            dangling("#/components/schemas/Pat"),
            "`#/components/schemas/Pat` names nothing: `/components/schemas` has no member `Pat`; \
             did you mean `Pet`?"
        );
        assert!(dangling("#/paths/~1a~1{id}/get~0/2").contains("is an array of 2"));
        assert!(dangling("#/x/y").contains("`/x` is a scalar"));
        assert!(dangling("gone.json#/a").contains("`api/gone.json`, which is not there"));
        assert!(dangling("#Pet").contains("JSON Pointer"));
        assert!(dangling("#/a~2").contains("`~0`"));
    }

    #[test]
    fn a_file_that_cannot_be_read_has_a_place_all_the_same() {
        let snapshot = snapshot();
        let mut documents = Documents::new(&snapshot, Limits::default());
        let error = documents.open(&path("broken.json")).unwrap_err();
        let (file, position) = documents.files().locate(error.span).unwrap();
        assert_eq!((file.as_str(), position.line, position.column), ("broken.json", 2, 6));
        assert_eq!(documents.open(&path("broken.json")), Err(error.clone()));
        let from_reference = resolve(&mut documents, "../broken.json#/a").unwrap_err();
        assert_eq!(from_reference, error);

        let gone = documents.open(&path("gone.json")).unwrap_err();
        assert_eq!(gone.kind, DocumentErrorKind::Dangling);
        assert_eq!(documents.files().locate(gone.span).unwrap().0.as_str(), "gone.json");
        assert!(resolve(&mut documents, "../gone.json").unwrap_err().message.contains("not there"));
    }

    #[test]
    fn the_number_of_files_is_a_budget() {
        let snapshot = snapshot();
        let limits = Limits { max_files: 1, ..Limits::default() };
        let mut documents = Documents::new(&snapshot, limits);
        let error = resolve(&mut documents, "../common.json").unwrap_err();
        assert_eq!(error.kind, DocumentErrorKind::Limit);
        assert!(error.message.contains("max-files = 1"));
    }
}
