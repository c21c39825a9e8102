//! What files declared at earlier revisions: numbers and names that were used once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;

use super::parser::parse;
use super::past_lost::{LostTexts, Standing, Unread, text_of};
use super::past_names::Names;
use super::scope::qualified;
use super::syntax::{Declarations, EnumNode, FieldNode, FieldType, Label, MessageBody, ProtoFile};
use super::wellknown::bundled;
use crate::load::{EXTENDED, Past, PastElement};
use crate::source::{FileId, Folder, History, RepoPath};

/// What the files of protocol buffers are called.
const ENDING: &str = ".proto";

/// The past of the files of one contract, each read when it is asked for.
pub(super) struct PastFiles {
    history: Mutex<Box<dyn History>>,
    /// By import path.
    paths: HashMap<Arc<str>, RepoPath, RandomState>,
    /// Where the contract's files lie that are not there now, but may have been.
    folder: Folder,
    known: Mutex<Known>,
    /// What files lost, by the names declared there; looked for when first asked.
    lost: OnceLock<LostTexts>,
    known_lost: Mutex<Known>,
    unread: Mutex<Unread>,
}

type Known = HashMap<Arc<str>, Arc<[PastElement]>, RandomState>;

impl PastFiles {
    pub(super) fn new(
        history: Box<dyn History>,
        files: impl IntoIterator<Item = (Arc<str>, RepoPath)>,
        folder: Folder,
    ) -> Self {
        let files = files.into_iter().filter(|(import_path, _)| bundled(import_path).is_none());
        Self {
            history: Mutex::new(history),
            paths: files.collect(),
            folder,
            known: Mutex::default(),
            lost: OnceLock::new(),
            known_lost: Mutex::default(),
            unread: Mutex::default(),
        }
    }

    /// What every text that once declared a name declared, newest first.
    ///
    /// What a file declares still is told by its own history; and where it is a copy of another's,
    /// its messages are its own. The numbers of extensions are everybody's.
    fn read_lost(&self, name: &str) -> Vec<PastElement> {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = self.lost.get_or_init(|| {
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            LostTexts::find(&**history, (&self.folder, ENDING), &mut unread)
        });
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Elements::default();
        let mut torn = Vec::new();
        for (lost, bytes, standing) in texts.declaring(&**history, name, &mut unread) {
            let text = text_of(&bytes);
            let (tree, problems) = parse(FileId::default(), &text);
            torn.push((lost.path.clone(), lost.revision.clone(), problems));
            let mut told = Told { revision: &lost.revision, elements: Vec::new() };
            told.file(&tree);
            let is_kept = standing == Standing::Kept;
            told.elements.retain(|one| !is_kept || one.owner.starts_with(EXTENDED));
            told.elements.into_iter().for_each(|element| found.add(element));
        }
        for (path, revision, problems) in torn {
            unread.hear_torn(path.as_str(), &revision, &problems);
        }
        found.all
    }

    fn read(&self, path: &RepoPath) -> Vec<PastElement> {
        // A history that cannot be read tells nothing but that; the base itself has been read already.
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = history.versions(path, &kinship);
        drop(history);
        let versions = versions.unwrap_or_else(|error| {
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            unread.hear(path.as_str(), &error);
            Vec::new()
        });
        let mut found = Elements::default();
        let mut names = Names::default();
        for version in versions {
            let text = text_of(&version.bytes);
            let (tree, problems) = parse(FileId::default(), &text);
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            unread.hear_torn(path.as_str(), &version.revision, &problems);
            drop(unread);
            let mut told = Told { revision: &version.revision, elements: Vec::new() };
            told.file(&tree);
            names.follow(tree.package.as_ref().map_or("", |package| &package.text), &told.elements);
            for mut element in told.elements {
                element.owner = names.today(element.owner);
                found.add(element);
            }
        }
        found.all
    }
}

/// What was declared, the newest first, and once what several revisions declared alike.
#[derive(Default)]
struct Elements {
    all: Vec<PastElement>,
    seen: BTreeSet<(String, i64, String, Option<String>)>,
}

impl Elements {
    fn add(&mut self, element: PastElement) {
        let PastElement { revision: _, owner, number, name, kind } = &element;
        if self.seen.insert((owner.clone(), *number, name.clone(), kind.clone())) {
            self.all.push(element);
        }
    }
}

impl Past for PastFiles {
    fn declared(&self, file: &str) -> Arc<[PastElement]> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(file) {
            return Arc::clone(known);
        }
        let path = self.paths.get(file).cloned().or_else(|| self.folder.file(file));
        let read = path.map_or_else(Vec::new, |path| self.read(&path));
        let read: Arc<[PastElement]> = read.into();
        known().insert(file.into(), Arc::clone(&read));
        read
    }

    fn lost(&self, name: &str) -> Arc<[PastElement]> {
        let known = || self.known_lost.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(name) {
            return Arc::clone(known);
        }
        let read: Arc<[PastElement]> = self.read_lost(name).into();
        known().insert(name.into(), Arc::clone(&read));
        read
    }

    fn unread(&self) -> Vec<String> {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = history.limits().into_iter().map(|limit| {
            format!(
                "whether a number or a name was given up once was looked for in {limit}, and there are more"
            )
        });
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        limits.chain(unread.told()).collect()
    }
}

/// What one version of a file declares.
struct Told<'r> {
    revision: &'r str,
    elements: Vec<PastElement>,
}

impl Told<'_> {
    fn file(&mut self, tree: &ProtoFile<'_>) {
        let package = tree.package.as_ref().map_or("", |package| &package.text);
        self.scope(&tree.scope, package);
    }

    fn scope(&mut self, scope: &Declarations<'_>, outer: &str) {
        let Declarations { messages, enums, extends } = scope;
        for extend in extends {
            let owner = format!("{EXTENDED}{}", extend.extendee.text.trim_start_matches('.'));
            for field in &extend.fields {
                let name = qualified(outer, &field.name.text).to_string();
                self.element(&owner, field.number.value, name, Some(kind_of(field)));
            }
        }
        for message in messages {
            self.message(&message.body, &qualified(outer, &message.name.text));
        }
        for declared in enums {
            self.enumeration(declared, outer);
        }
    }

    fn message(&mut self, body: &MessageBody<'_>, full_name: &str) {
        for field in &body.fields {
            let name = match &field.kind {
                FieldType::Group(group) => {
                    self.message(&group.body, &qualified(full_name, &group.name.text));
                    group.name.text.to_ascii_lowercase()
                }
                FieldType::Named(_) | FieldType::Map(..) => field.name.text.to_string(),
            };
            self.element(full_name, field.number.value, name, Some(kind_of(field)));
        }
        self.scope(&body.scope, full_name);
    }

    fn enumeration(&mut self, declared: &EnumNode<'_>, outer: &str) {
        let full_name = qualified(outer, &declared.name.text);
        for value in &declared.values {
            self.element(&full_name, value.number.value, value.name.text.to_string(), None);
        }
    }

    fn element(&mut self, owner: &str, number: i64, name: String, kind: Option<String>) {
        let (revision, owner) = (self.revision.to_owned(), owner.to_owned());
        self.elements.push(PastElement { revision, owner, number, name, kind });
    }
}

/// Of how many hundredths of what they declare a file is recognised under another name, whatever its
/// package and its messages are called.
const ENOUGH: usize = 75;

/// How many fields and values must be the same for that.
const FEWEST: usize = 2;

/// How much of what an earlier text declares a later one does: fields and values by number, name and
/// type, in hundredths.
fn kinship(earlier: &[u8], later: &[u8]) -> Option<usize> {
    let counted = |bytes: &[u8]| {
        let text = text_of(bytes);
        let (tree, _) = parse(FileId::default(), &text);
        let mut told = Told { revision: "", elements: Vec::new() };
        told.file(&tree);
        let mut counts: BTreeMap<(i64, String, Option<String>), usize> = BTreeMap::new();
        for PastElement { revision: _, owner: _, number, name, kind } in told.elements {
            *counts.entry((number, name, kind)).or_default() += 1;
        }
        counts
    };
    let (were, are) = (counted(earlier), counted(later));
    let common = were.iter().map(|(one, count)| are.get(one).map_or(0, |other| *other.min(count)));
    let common: usize = common.sum();
    let most = were.values().sum::<usize>().max(are.values().sum());
    let share = (100 * common).checked_div(most)?;
    (common >= FEWEST && share >= ENOUGH).then_some(share)
}

/// The type as a person would name it: types by their last part, since what they were then is not
/// looked up.
fn kind_of(field: &FieldNode<'_>) -> String {
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let repeated = matches!(field.label, Some((Label::Repeated, _)));
    let kind = match &field.kind {
        FieldType::Named(name) => short(&name.text),
        FieldType::Map(key, value) => format!("map<{}, {}>", short(&key.text), short(&value.text)),
        FieldType::Group(group) => group.name.text.to_string(),
    };
    if repeated { format!("repeated {kind}") } else { kind }
}
