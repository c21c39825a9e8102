//! The files of a contract: its own and, through their imports, the others.

use std::collections::HashMap;
use std::sync::Arc;

use super::lexer::{Lexer, TokenKind, unescape};
use super::root::{Namespace, Others, ProtoRoot};
use super::wellknown::bundled;
use crate::document::{Decoded, DocumentError, Limits, decode};
use crate::load::{LoadOptions, Problem, ProblemKind};
use crate::model::{Legibility, Ownership};
use crate::source::{FileId, Files, RepoPath, Snapshot, SourceError};

/// A file that was read, not yet parsed.
pub(super) struct ReadFile {
    pub(super) import_path: Arc<str>,
    pub(super) id: FileId,
    pub(super) text: Arc<str>,
    pub(super) ownership: Ownership,
    pub(super) origin: Origin,
    /// What it imports as far as a glance tells; nothing that it imports is missing here.
    imports: Vec<String>,
    namespace: Namespace,
    /// By what it imports: which of the files that is.
    targets: HashMap<String, usize>,
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

    /// Which of the files is imported by this path.
    pub(super) fn target(&self, import_path: &str) -> Option<usize> {
        self.targets.get(import_path).copied()
    }

    /// The files that it imports, as far as a glance tells.
    pub(super) fn targets(&self) -> impl Iterator<Item = usize> {
        self.imports.iter().filter_map(|import| self.target(import))
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
    others: Others<'s>,
    limits: &'s LoadOptions,
    pub(super) files: Files,
    pub(super) problems: Vec<Problem>,
    read: Vec<ReadFile>,
    /// By where they lie: the files that were read.
    placed: HashMap<RepoPath, usize>,
    /// By what it is called where: which of the files it is, if there is one.
    named: HashMap<Name, Option<usize>>,
    waiting: Vec<Name>,
}

/// What something imports, and from where it is looked for.
type Name = (Namespace, String);

/// The files that belong to the contract itself, and what these import.
const OWN: Namespace = Namespace::OWN;

impl<'s> Reader<'s> {
    /// A reader that has read nothing yet.
    pub(super) fn new(
        snapshot: &'s dyn Snapshot,
        root: &'s ProtoRoot,
        limits: &'s LoadOptions,
    ) -> Self {
        let (files, problems, read) = (Files::default(), Vec::new(), Vec::new());
        let (placed, named, waiting) = (HashMap::new(), HashMap::new(), Vec::new());
        let others = Others::of(root);
        Self { snapshot, root, others, limits, files, problems, read, placed, named, waiting }
    }

    /// Reads the contract's own files and everything that they import, imports of imports included;
    /// then what is read along.
    pub(super) fn read_all(&mut self) -> Vec<ReadFile> {
        let root = self.root;
        for path in &root.files {
            let exists = |path: &RepoPath| {
                self.snapshot.content_id(path).is_ok_and(|content| content.is_some())
            };
            let name = (root.namespace(path, exists), root.import_path(path).to_owned());
            if self.named.contains_key(&name) {
                continue;
            }
            // A vendored copy of a bundled file is not the contract's own, whatever its version.
            if bundled(&name.1).is_some() {
                self.read_import(name);
                continue;
            }
            self.read_file(path, name, Ownership::Own);
        }
        self.finish();
        for (path, folder) in &root.beside {
            let namespace = self.others.namespace(folder);
            let name = folder.relative(path).unwrap_or(path.as_str());
            if bundled(name).is_none() && !self.placed.contains_key(path) {
                self.read_file(path, (namespace, name.to_owned()), Ownership::Beside);
            }
        }
        self.finish();
        let mut read = std::mem::take(&mut self.read);
        for file in &mut read {
            let target = |import: &String| {
                let known = self.named.get(&(file.namespace, import.clone())).copied().flatten();
                Some((import.clone(), known?))
            };
            file.targets = file.imports.iter().filter_map(target).collect();
        }
        read
    }

    /// Reads what was imported and not yet read.
    fn finish(&mut self) {
        while let Some(name) = self.waiting.pop() {
            self.read_import(name);
        }
    }

    /// Has a file read that nothing may import.
    pub(super) fn require(&mut self, import_path: &str) {
        self.waiting.push((OWN, import_path.to_owned()));
    }

    /// Enters a file whose text is given; of two with one name the first counts.
    pub(super) fn enter_text(
        &mut self,
        path: RepoPath,
        import_path: &str,
        text: &str,
        ownership: Ownership,
    ) {
        let name = (OWN, import_path.to_owned());
        if !self.named.contains_key(&name) {
            self.enter_bytes(path, name, text.as_bytes(), (ownership, Origin::Compiled));
        }
    }

    fn read_import(&mut self, name: Name) {
        if self.named.contains_key(&name) {
            return;
        }
        if let Some(text) = bundled(&name.1) {
            if let Ok(path) = RepoPath::new(&name.1)
                && !self.is_placed(&path, &name)
            {
                self.enter(path, name, text.into(), (Ownership::Imported, Origin::Written));
            }
            return;
        }
        let first = self.others.first(name.0);
        let candidates: Vec<RepoPath> = self.root.candidates(&name.1, first).collect();
        for path in candidates {
            if self.is_placed(&path, &name) {
                return;
            }
            match self.snapshot.read(&path) {
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    let ownership = self.root.ownership(&path);
                    self.enter_bytes(path, name, &bytes, (ownership, Origin::Written));
                    return;
                }
                Err(error) => {
                    self.refuse(&path, unread(&error), error.to_string());
                    break;
                }
            }
        }
        // What is imported and missing is told where the import statement is resolved.
        self.named.insert(name, None);
    }

    /// Whether the file was read already, be it under another name; if so it has this one too.
    fn is_placed(&mut self, path: &RepoPath, name: &Name) -> bool {
        let Some(known) = self.placed.get(path) else { return false };
        self.named.insert(name.clone(), Some(*known));
        true
    }

    fn read_file(&mut self, path: &RepoPath, name: Name, ownership: Ownership) {
        match self.snapshot.read(path) {
            Ok(Some(bytes)) => {
                self.enter_bytes(path.clone(), name, &bytes, (ownership, Origin::Written));
            }
            Ok(None) => {
                self.named.insert(name, None);
                self.refuse(path, ProblemKind::Part, "there is no such file".to_owned());
            }
            Err(error) => {
                self.refuse(path, unread(&error), error.to_string());
                self.tear((path.clone(), Arc::from("")), name, (ownership, Origin::Written));
            }
        }
    }

    fn enter_bytes(
        &mut self,
        path: RepoPath,
        name: Name,
        bytes: &[u8],
        whose: (Ownership, Origin),
    ) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let limit = self.limits.max_bytes.min(u64::from(u32::MAX));
        if length > limit {
            let message = format!("the file has {length} bytes, more than {limit} (max_bytes)");
            self.refuse(&path, ProblemKind::Refused, message);
            self.tear((path, Arc::from("")), name, whose);
            return;
        }
        if self.read.len() >= self.limits.max_files {
            let limit = self.limits.max_files;
            let message = format!("the contract reaches more than {limit} files (max_files)");
            self.refuse(&path, ProblemKind::Refused, message);
            self.tear((path, Arc::from("")), name, whose);
            return;
        }
        // How large it may be has just been asked.
        let Decoded { text, fault } =
            decode(bytes, &Limits { max_bytes: usize::MAX, ..Limits::default() });
        let Some(fault) = fault else {
            self.enter(path, name, text, whose);
            return;
        };
        let (id, kind) = if is_broken_in_comments(&text) {
            (self.enter(path, name, text, whose), ProblemKind::Warning)
        } else {
            (self.tear((path, text), name, whose), ProblemKind::Part)
        };
        let DocumentError { kind: _, message, span } = fault.in_file(id);
        self.problems.push(Problem { kind, message, span: Some(span), path: None });
    }

    fn enter(
        &mut self,
        path: RepoPath,
        name: Name,
        text: Arc<str>,
        whose: (Ownership, Origin),
    ) -> FileId {
        let text = self.limits.texts.share(text);
        let imports = imports_in(&text);
        let names = imports.iter().map(|import| (name.0, import.clone()));
        let unseen = names.filter(|name| !self.named.contains_key(name));
        self.waiting.extend(unseen);
        let id = self.files.add(path.clone(), Arc::clone(&text));
        self.add((path, name), (id, text), (Legibility::Whole, imports), whose);
        id
    }

    /// Remembers a file whose text cannot be read, for whoever looks for what it may hold.
    fn tear(
        &mut self,
        (path, text): (RepoPath, Arc<str>),
        name: Name,
        whose: (Ownership, Origin),
    ) -> FileId {
        let id = self.files.add(path.clone(), text);
        self.add((path, name), (id, Arc::from("")), (Legibility::Torn, Vec::new()), whose);
        id
    }

    fn add(
        &mut self,
        (path, name): (RepoPath, Name),
        (id, text): (FileId, Arc<str>),
        (legibility, imports): (Legibility, Vec<String>),
        (ownership, origin): (Ownership, Origin),
    ) {
        let (namespace, import_path) = (name.0, name.1.as_str().into());
        let targets = HashMap::new();
        self.placed.insert(path, self.read.len());
        self.named.insert(name, Some(self.read.len()));
        self.read.push(ReadFile {
            import_path,
            id,
            text,
            ownership,
            origin,
            imports,
            namespace,
            targets,
            legibility,
        });
    }

    fn refuse(&mut self, path: &RepoPath, kind: ProblemKind, message: String) {
        let path = Some(path.as_str().to_owned());
        self.problems.push(Problem { kind, message, span: None, path });
    }
}

/// Whether what is no UTF-8, and was replaced, stands in comments alone: these were written in another
/// encoding, to which no compiler of the language minds.
fn is_broken_in_comments(text: &str) -> bool {
    let mut lexer = Lexer::new(text);
    loop {
        let token = lexer.next();
        if token.kind == TokenKind::End {
            return text.contains(char::REPLACEMENT_CHARACTER);
        }
        if token.text.contains(char::REPLACEMENT_CHARACTER) {
            return false;
        }
    }
}

/// How bad it is that a file of a tree is not given.
fn unread(error: &SourceError) -> ProblemKind {
    if error.is_refusal() { ProblemKind::Refused } else { ProblemKind::Part }
}

/// The contract's own files, and before them those that are read along, from which something may have
/// come: by what name they are imported, and where they lie.
pub(super) fn told_paths(read: &[ReadFile], files: &Files) -> Vec<(Arc<str>, RepoPath)> {
    let beside = read.iter().filter(|file| file.ownership == Ownership::Beside);
    let own = read.iter().filter(|file| file.is_own());
    let paths = beside
        .chain(own)
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
