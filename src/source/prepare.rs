//! The two questions that callers ask: what differs from the base, and what differs between two
//! things on the command line.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use super::import_roots::{declared_below, folders_above};
use super::operand::{Operand, open_operand};
use super::pairs::{discover, pair_with};
use super::sniff::{Form, Sniffed, sniff};
use super::survey::{Memory, References};
use super::unseen::moved_submodules;
use super::{
    Base, Changes, ContractPair, Differences, Discovered, Environment, Fetch, Folder, GitIndex,
    GitTree, Head, HeadChoice, HeadState, How, Imports, Kind, LeftOut, RepoPath, Repository,
    Resolution, Root, Selection, Snapshot, SourceError, Unseen, WorkTree, between_listings,
    resolve,
};

/// What is to be compared with a git base.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Where the program runs.
    pub folder: PathBuf,
    /// Its environment.
    pub environment: Environment,
    /// The revisions named by `--base`; none leaves the choice to the rules.
    pub bases: Vec<String>,
    /// The head.
    pub head: HeadChoice,
}

/// Both sides, ready to be loaded.
pub struct Prepared {
    /// The head.
    pub head: Box<dyn Head>,
    /// The head's comparison with each base.
    pub comparisons: Vec<Comparison>,
}

/// The head against one base.
pub struct Comparison {
    /// The base, and why it is the base.
    pub base: Base,
    /// Its files.
    pub snapshot: GitTree,
    /// The files that differ and could belong to a contract.
    pub changes: Changes,
    /// The contracts. Where no candidate file differs nothing was read and there is none.
    pub pairs: Vec<ContractPair>,
    /// What differs and was not looked into.
    pub unseen: Vec<Unseen>,
}

/// Finds base, head, and the contracts that have to be compared. Nothing is read where nothing
/// that could be a contract has changed.
///
/// # Errors
/// When there is no base, or a side cannot be read.
pub fn prepare(request: &Request, references: &References<'_>) -> Result<Prepared, SourceError> {
    open(request)?.compare(&Selection::default(), references)
}

/// Base and head, found and not yet compared: what is compared may depend on what they hold.
pub struct Opened {
    /// The repository.
    pub repository: Repository,
    /// The head.
    pub head: Box<dyn Head>,
    /// The bases, and why they are the bases.
    pub bases: Vec<Base>,
}

/// Finds base and head.
///
/// # Errors
/// When there is no base, or a side cannot be read.
pub fn open(request: &Request) -> Result<Opened, SourceError> {
    let repository = Repository::open(&request.folder, &request.environment)?;
    let Resolution { bases, head, head_name } =
        resolve(&repository, &request.environment, &request.bases, &request.head)?;
    let head = open_head(&repository, head, &request.head, head_name)?;
    Ok(Opened { repository, head, bases })
}

impl Opened {
    /// The files of a base.
    ///
    /// # Errors
    /// When its commit is not here.
    pub fn files_of(&self, base: &Base) -> Result<GitTree, SourceError> {
        open_base(&self.repository, base)
    }

    /// Finds what has to be compared with each base.
    ///
    /// # Errors
    /// When a side cannot be read.
    pub fn compare(
        self,
        selection: &Selection,
        references: &References<'_>,
    ) -> Result<Prepared, SourceError> {
        let Self { repository, head, bases } = self;
        let mut memory = Memory::default();
        let mut comparisons = Vec::new();
        for base in bases {
            let snapshot = open_base(&repository, &base)?;
            let Differences { files: changes, unnamed, links } = head.changes_since(&snapshot)?;
            let mut unseen = unnamed;
            unseen.extend(moved_submodules(&snapshot, head.as_ref())?);
            let mut pairs = Vec::new();
            if !changes.is_empty() || !links.is_empty() {
                let sides = (&snapshot as &dyn Snapshot, head.as_ref() as &dyn Snapshot);
                let paired = pair_with(sides, &changes, selection, references, &mut memory)?;
                unseen.extend(paired.unseen);
                pairs = paired.pairs;
            }
            comparisons.push(Comparison { base, snapshot, changes, pairs, unseen });
        }
        Ok(Prepared { head, comparisons })
    }
}

/// What has to be fetched before the request can be prepared; `None` where all of it is here.
///
/// # Errors
/// When no fetch would help.
pub fn lacking(request: &Request) -> Result<Option<Fetch>, SourceError> {
    let repository = Repository::open(&request.folder, &request.environment)?;
    match resolve(&repository, &request.environment, &request.bases, &request.head) {
        Ok(_) => Ok(None),
        Err(SourceError::Base(error)) => match error.fetch() {
            Some(fetch) => Ok(Some(fetch.clone())),
            None => Err(error.into()),
        },
        Err(error) => Err(error),
    }
}

fn open_head(
    repository: &Repository,
    state: HeadState,
    choice: &HeadChoice,
    name: Option<String>,
) -> Result<Box<dyn Head>, SourceError> {
    let handle = repository.reopen()?;
    Ok(match state {
        HeadState::WorkTree => Box::new(WorkTree::open(handle)?),
        HeadState::Index => Box::new(GitIndex::open(handle)?),
        HeadState::Commit(commit) => {
            let id = commit.to_string();
            let short = id.get(..7).unwrap_or(&id);
            let name = match choice {
                HeadChoice::Revision(revision) if !id.starts_with(revision.as_str()) => {
                    format!("{revision} at {short}")
                }
                HeadChoice::Revision(_) => short.to_owned(),
                HeadChoice::Auto | HeadChoice::Staged | HeadChoice::WorkTree => {
                    name.unwrap_or_else(|| format!("commit {short}"))
                }
            };
            Box::new(GitTree::of_commit(handle, commit, name)?)
        }
    })
}

fn open_base(repository: &Repository, base: &Base) -> Result<GitTree, SourceError> {
    let handle = repository.reopen()?;
    let id = |text: &str| git2::Oid::from_str(text).ok();
    let crossing: Vec<git2::Oid> = base.crossing.iter().filter_map(|other| id(other)).collect();
    let name = base.label.clone();
    match base.commit.as_deref().and_then(id) {
        Some(commit) if crossing.is_empty() => GitTree::of_commit(handle, commit, name),
        Some(commit) => GitTree::crossing(handle, commit, &crossing, name),
        None => Ok(GitTree::empty(handle, name)),
    }
}

/// What `diff OLD NEW` compares.
#[derive(Clone, Debug, Default)]
pub struct DiffRequest {
    /// Where the program runs.
    pub folder: PathBuf,
    /// Its environment.
    pub environment: Environment,
    /// A file, a folder, `REVISION:PATH`, or `-`.
    pub old: String,
    /// The same.
    pub new: String,
    /// What the files are, where the user says it.
    pub kind: Option<Kind>,
    /// What becomes of files that buf's configuration leaves out of its modules.
    pub left_out: LeftOut,
}

/// Two things on the command line, ready to be loaded.
pub struct PreparedDiff {
    /// The first.
    pub old: Box<dyn Snapshot>,
    /// The second.
    pub new: Box<dyn Snapshot>,
    /// The contracts.
    pub pairs: Vec<ContractPair>,
}

/// Opens both sides. Two files are one pair whatever they are called; two folders are paired as
/// two states of one repository are.
///
/// # Errors
/// When a side does not exist or cannot be read, or a file is no contract and no kind was named.
pub fn prepare_diff(
    request: &DiffRequest,
    references: &References<'_>,
) -> Result<PreparedDiff, SourceError> {
    let DiffRequest { folder, environment, old, new, kind, left_out } = request;
    let mut old_side = open_operand(old, folder, environment)?;
    let mut new_side = open_operand(new, folder, environment)?;
    old_side.see_from(new_side.top.clone())?;
    new_side.see_from(old_side.top.clone())?;
    let pairs = match (&old_side.file, &new_side.file) {
        (Some(old_file), Some(new_file)) => {
            let (was, is) = (look(&old_side, old_file)?, look(&new_side, new_file)?);
            // Who names a file alone does not name what it is written in.
            let spoken =
                is.metaschema.as_ref().or(was.metaschema.as_ref()).map(|_| Kind::JsonSchema);
            let seen = kind.or(is.kind).or(was.kind).or(spoken);
            let kind = seen.ok_or_else(|| SourceError::NoContract { path: new.clone() })?;
            // What tells nothing of itself, as an empty set does, is written as the other is.
            let form = |own: &Sniffed, other: &Sniffed| own.kind.map_or(other.form, |_| own.form);
            let mut old = named(kind, old_file, form(&was, &is));
            let mut new = named(kind, new_file, form(&is, &was));
            // They are one contract, so that the name of the new one is that of both.
            for (side, operand, file) in
                [(&mut old, &old_side, old_file), (&mut new, &new_side, new_file)]
            {
                side.names.insert(file.clone(), new_file.file_name().to_owned());
                let snapshot = operand.snapshot.as_ref();
                side.import_roots = roots_above(snapshot, file, &side.import_roots, references);
            }
            vec![ContractPair { old: Some(old), new: Some(new), how: How::Changed }]
        }
        (None, None) => {
            let changes = differences(old_side.snapshot.as_mut(), new_side.snapshot.as_mut())?;
            let (old, new) = (old_side.snapshot.as_ref(), new_side.snapshot.as_ref());
            let selection = Selection { left_out: *left_out, ..Selection::default() };
            let memory = &mut Memory::default();
            pair_with((old, new), &changes, &selection, references, memory)?.pairs
        }
        (Some(file), None) => match compiled(&old_side, file)? {
            Some(set) => {
                vec![changed(set, one_tree(new_side.snapshot.as_ref(), references)?)]
            }
            None => return Err(SourceError::Unlike { old: old.clone(), new: new.clone() }),
        },
        (None, Some(file)) => match compiled(&new_side, file)? {
            Some(set) => {
                vec![changed(one_tree(old_side.snapshot.as_ref(), references)?, set)]
            }
            None => return Err(SourceError::Unlike { old: old.clone(), new: new.clone() }),
        },
    };
    Ok(PreparedDiff { old: old_side.snapshot, new: new_side.snapshot, pairs })
}

/// What differs between two folders, each listed on its own thread.
fn differences(old: &mut dyn Snapshot, new: &mut dyn Snapshot) -> Result<Changes, SourceError> {
    thread::scope(|scope| {
        let old_side = scope.spawn(move || old.listing());
        let new_listing = new.listing();
        let old_listing = old_side.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok(between_listings(&old_listing?, &new_listing?))
    })
}

fn changed(old: Discovered, new: Discovered) -> ContractPair {
    ContractPair { old: Some(old), new: Some(new), how: How::Changed }
}

fn look(side: &Operand, file: &RepoPath) -> Result<Sniffed, SourceError> {
    let bytes = side.snapshot.read(file)?.unwrap_or_default();
    Ok(sniff(file, &bytes))
}

fn named(kind: Kind, file: &RepoPath, form: Form) -> Discovered {
    let folder = Folder::new(file.folder().unwrap_or_default());
    let (root, import_roots) = match (kind, form) {
        (Kind::Protobuf, Form::Text | Form::Pointer) => {
            (Root::Folder(folder.clone()), vec![folder])
        }
        (Kind::Protobuf, Form::Compiled) | (Kind::OpenApi | Kind::JsonSchema, _) => {
            (Root::File(file.clone()), Vec::new())
        }
    };
    let reached = [file.clone()].into();
    let (identified, at_rest) = (BTreeMap::new(), BTreeSet::new());
    let files = vec![file.clone()];
    Discovered {
        kind,
        root,
        files,
        reached,
        identified,
        import_roots,
        at_rest,
        names: BTreeMap::new(),
        imports: Imports::WithIt,
        beside: BTreeMap::new(),
        named_roots: Vec::new(),
        adopted: BTreeSet::new(),
    }
}

/// The folders in which a file that was named alone, or one that it imports, may look for imports: what
/// buf's configuration above it names, then the folders above it, the one from which most of its own
/// are found first; those that the file has already where it is a document.
fn roots_above(
    snapshot: &dyn Snapshot,
    file: &RepoPath,
    own: &[Folder],
    references: &References<'_>,
) -> Vec<Folder> {
    let Some(nearest) = own.first() else { return Vec::new() };
    // What cannot be read is not there for imports; the file itself says so when it is loaded.
    let read = |path: &RepoPath| snapshot.read(path).ok().flatten().unwrap_or_default();
    let imports = references(&read(file));
    let (mut declared, mut above) = (Vec::new(), Vec::new());
    for folder in folders_above(nearest) {
        for name in ["buf.yaml", "buf.work.yaml"] {
            let Some(path) = folder.file(name) else { continue };
            declared.extend(declared_below(&path, &read(&path)));
        }
        above.push(folder);
    }
    let mut found = Vec::new();
    for folder in above {
        let places = imports.iter().filter_map(|import| folder.file(import));
        let here = places.filter(|path| matches!(snapshot.content_id(path), Ok(Some(_))));
        found.push((Reverse(here.count()), folder));
    }
    found.sort_by_key(|(here, _)| *here);
    declared.sort_by_key(|root| Reverse(root.holds(file)));
    declared.into_iter().chain(found.into_iter().map(|(_, folder)| folder)).collect()
}

/// A set of compiled files, which may be compared with a whole folder.
fn compiled(side: &Operand, file: &RepoPath) -> Result<Option<Discovered>, SourceError> {
    let Sniffed { kind, form, why: _, id: _, package: _, metaschema: _, extends: _ } =
        look(side, file)?;
    Ok(match (kind, form) {
        (Some(kind), Form::Compiled) => Some(named(kind, file, form)),
        (Some(_) | None, _) => None,
    })
}

/// Every text of the folder as one contract, which is what a compiler would make of it.
fn one_tree(
    snapshot: &dyn Snapshot,
    references: &References<'_>,
) -> Result<Discovered, SourceError> {
    let found = discover(snapshot, &Selection::default(), references)?.0.into_iter();
    let trees = found.filter(|one| one.kind == Kind::Protobuf && !one.import_roots.is_empty());
    let empty = Discovered {
        kind: Kind::Protobuf,
        root: Root::Folder(Folder::default()),
        files: Vec::new(),
        reached: BTreeSet::new(),
        identified: BTreeMap::new(),
        import_roots: Vec::new(),
        at_rest: BTreeSet::new(),
        names: BTreeMap::new(),
        imports: Imports::AsContracts,
        beside: BTreeMap::new(),
        named_roots: Vec::new(),
        adopted: BTreeSet::new(),
    };
    let merged = trees.fold(empty, |mut all, tree| {
        if let Root::Folder(root) = &tree.root {
            let name = |file: &RepoPath| Some((file.clone(), root.relative(file)?.to_owned()));
            all.names.extend(tree.files.iter().filter_map(name));
        }
        all.files.extend(tree.files);
        all.reached.extend(tree.reached);
        let fresh = tree.import_roots.into_iter().filter(|root| !all.import_roots.contains(root));
        let fresh: Vec<Folder> = fresh.collect();
        all.import_roots.extend(fresh);
        all
    });
    Ok(merged)
}
