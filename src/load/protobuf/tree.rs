//! The files of a contract: its own and, through their imports, the others.

use std::collections::HashSet;
use std::sync::Arc;

use super::ProtoRoot;
use super::lexer::{Lexer, TokenKind, unescape};
use super::wellknown::bundled;
use crate::document::{Decoded, DocumentError, Limits, decode};
use crate::load::{LoadOptions, Problem, ProblemKind};
use crate::model::{Legibility, Ownership};
use crate::source::{FileId, Files, Imports, RepoPath, Snapshot, SourceError};

/// A file that was read, not yet parsed.
pub(super) struct ReadFile {
    pub(super) import_path: Arc<str>,
    pub(super) id: FileId,
    pub(super) text: Arc<str>,
    pub(super) ownership: Ownership,
    pub(super) origin: Origin,
    /// What it imports as far as a glance tells; nothing that it imports is missing here.
    pub(super) imports: Vec<String>,
    /// Whether what it holds was given.
    pub(super) legibility: Legibility,
}

/// Where the text of a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Its author.
    Written,
    /// What a compiler made of it, who has checked it and kept of the options what others need.
    Compiled,
}

impl ReadFile {
    /// Whether it is one of the contract's own.
    pub(super) fn is_own(&self) -> bool {
        self.ownership == Ownership::Own
    }

    /// Whether it is there and what it holds was not given.
    pub(super) fn is_torn(&self) -> bool {
        self.legibility == Legibility::Torn
    }
}

/// Reads files from a snapshot.
pub(super) struct Reader<'s> {
    snapshot: &'s dyn Snapshot,
    root: &'s ProtoRoot,
    limits: &'s LoadOptions,
    pub(super) files: Files,
    pub(super) problems: Vec<Problem>,
    read: Vec<ReadFile>,
    seen: HashSet<String>,
    waiting: Vec<String>,
}

impl<'s> Reader<'s> {
    /// A reader that has read nothing yet.
    pub(super) fn new(
        snapshot: &'s dyn Snapshot,
        root: &'s ProtoRoot,
        limits: &'s LoadOptions,
    ) -> Self {
        let (files, problems, read) = (Files::default(), Vec::new(), Vec::new());
        let (seen, waiting) = (HashSet::new(), Vec::new());
        Self { snapshot, root, limits, files, problems, read, seen, waiting }
    }

    /// Reads the contract's own files and everything that they import, imports of imports included.
    pub(super) fn read_all(&mut self) -> Vec<ReadFile> {
        let root = self.root;
        for path in &root.files {
            let import_path = root.import_path(path);
            if !self.seen.insert(import_path.to_owned()) {
                continue;
            }
            // A vendored copy of a bundled file is not the contract's own, whatever its version.
            if bundled(import_path).is_some() {
                self.seen.remove(import_path);
                self.read_import(import_path);
                continue;
            }
            self.read_file(path, import_path, Ownership::Own);
        }
        self.finish();
        std::mem::take(&mut self.read)
    }

    /// Reads what was imported and not yet read.
    pub(super) fn finish(&mut self) {
        while let Some(import_path) = self.waiting.pop() {
            self.read_import(&import_path);
        }
    }

    /// Has a file read that nothing may import.
    pub(super) fn require(&mut self, import_path: &str) {
        self.waiting.push(import_path.to_owned());
    }

    /// Enters a file whose text is given; of two with one name the first counts.
    pub(super) fn enter_text(
        &mut self,
        path: RepoPath,
        import_path: &str,
        text: &str,
        ownership: Ownership,
    ) {
        if self.seen.insert(import_path.to_owned()) {
            self.enter_bytes(path, import_path, text.as_bytes(), (ownership, Origin::Compiled));
        }
    }

    fn read_import(&mut self, import_path: &str) {
        if !self.seen.insert(import_path.to_owned()) {
            return;
        }
        if let Some(text) = bundled(import_path) {
            if let Ok(path) = RepoPath::new(import_path) {
                self.enter(path, import_path, text.into(), (Ownership::Imported, Origin::Written));
            }
            return;
        }
        let candidates: Vec<RepoPath> = self.root.candidates(import_path).collect();
        for path in candidates {
            match self.snapshot.read(&path) {
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    let ownership = match self.root.imports {
                        Imports::AsContracts => Ownership::Imported,
                        Imports::WithIt => Ownership::Reached,
                    };
                    self.enter_bytes(path, import_path, &bytes, (ownership, Origin::Written));
                    return;
                }
                Err(error) => {
                    self.refuse(&path, unread(&error), error.to_string());
                    return;
                }
            }
        }
        // What is imported and missing is told where the import statement is resolved.
    }

    fn read_file(&mut self, path: &RepoPath, import_path: &str, ownership: Ownership) {
        match self.snapshot.read(path) {
            Ok(Some(bytes)) => {
                self.enter_bytes(path.clone(), import_path, &bytes, (ownership, Origin::Written));
            }
            Ok(None) => self.refuse(path, ProblemKind::Part, "there is no such file".to_owned()),
            Err(error) => {
                self.refuse(path, unread(&error), error.to_string());
                let id = self.files.add(path.clone(), Arc::from(""));
                self.tear(id, import_path, (ownership, Origin::Written));
            }
        }
    }

    fn enter_bytes(
        &mut self,
        path: RepoPath,
        import_path: &str,
        bytes: &[u8],
        whose: (Ownership, Origin),
    ) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let limit = self.limits.max_bytes.min(u64::from(u32::MAX));
        if length > limit {
            let message = format!("the file has {length} bytes, more than {limit} (max_bytes)");
            self.refuse(&path, ProblemKind::Refused, message);
            let id = self.files.add(path, Arc::from(""));
            self.tear(id, import_path, whose);
            return;
        }
        if self.read.len() >= self.limits.max_files {
            let limit = self.limits.max_files;
            let message = format!("the contract reaches more than {limit} files (max_files)");
            self.refuse(&path, ProblemKind::Refused, message);
            let id = self.files.add(path, Arc::from(""));
            self.tear(id, import_path, whose);
            return;
        }
        // How large it may be has just been asked.
        let Decoded { text, fault } =
            decode(bytes, &Limits { max_bytes: usize::MAX, ..Limits::default() });
        let Some(fault) = fault else { return self.enter(path, import_path, text, whose) };
        let id = self.files.add(path, text);
        let DocumentError { kind: _, message, span } = fault.in_file(id);
        self.problems.push(Problem {
            kind: ProblemKind::Part,
            message,
            span: Some(span),
            path: None,
        });
        self.tear(id, import_path, whose);
    }

    fn enter(
        &mut self,
        path: RepoPath,
        import_path: &str,
        text: Arc<str>,
        (ownership, origin): (Ownership, Origin),
    ) {
        let text = self.limits.texts.share(text);
        let imports = imports_in(&text);
        let unseen = imports.iter().filter(|import| !self.seen.contains(*import));
        self.waiting.extend(unseen.cloned());
        let id = self.files.add(path, Arc::clone(&text));
        let (import_path, legibility) = (import_path.into(), Legibility::Whole);
        self.read.push(ReadFile { import_path, id, text, ownership, origin, imports, legibility });
    }

    /// Remembers a file whose text cannot be read, for whoever looks for what it may hold.
    fn tear(&mut self, id: FileId, import_path: &str, (ownership, origin): (Ownership, Origin)) {
        let text: Arc<str> = Arc::from("");
        let (import_path, legibility) = (import_path.into(), Legibility::Torn);
        let imports = Vec::new();
        self.read.push(ReadFile { import_path, id, text, ownership, origin, imports, legibility });
    }

    fn refuse(&mut self, path: &RepoPath, kind: ProblemKind, message: String) {
        let path = Some(path.as_str().to_owned());
        self.problems.push(Problem { kind, message, span: None, path });
    }
}

/// How bad it is that a file of a tree is not given.
fn unread(error: &SourceError) -> ProblemKind {
    if error.is_refusal() { ProblemKind::Refused } else { ProblemKind::Part }
}

/// The contract's own files: by what name they are imported, and where they lie.
pub(super) fn own_paths(read: &[ReadFile], files: &Files) -> Vec<(Arc<str>, RepoPath)> {
    let own = read.iter().filter(|file| file.is_own());
    let paths = own
        .filter_map(|file| Some((Arc::clone(&file.import_path), files.get(file.id)?.path.clone())));
    paths.collect()
}

/// The paths that a text imports, found without reading the rest of it.
///
/// A commented import may be among them: this is for what to look at, not for what is meant.
fn imports_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("import") {
        let rest = text.get(at..).unwrap_or("");
        let mut lexer = Lexer::new(rest);
        if lexer.next().text != "import" {
            continue;
        }
        let mut token = lexer.next();
        if token.kind == TokenKind::Word && matches!(token.text, "public" | "weak" | "option") {
            token = lexer.next();
        }
        let mut path = Vec::new();
        while token.kind == TokenKind::Quoted {
            path.extend(unescape(token.text).unwrap_or_default());
            token = lexer.next();
        }
        if let Some(path) = String::from_utf8(path).ok().filter(|path| !path.is_empty()) {
            found.push(path);
        }
    }
    found
}
