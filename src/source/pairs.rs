//! Which contracts are compared with which.

use std::collections::{BTreeMap, BTreeSet};

use super::across::{Across, note_adopted};
use super::bearing::{State, bearing};
use super::moves::Moves;
use super::survey::{Memory, References, Seen, Survey};
use super::{Changes, Folder, Kind, Listing, RepoPath, Selection, Snapshot, SourceError, Unseen};

/// A contract of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// What it seems to be.
    pub kind: Kind,
    /// Where it begins.
    pub root: Root,
    /// The files that are the contract: the document, or every `.proto` file of the tree.
    pub files: Vec<RepoPath>,
    /// Everything that these files reach, themselves included.
    pub reached: BTreeSet<RepoPath>,
    /// Which of those is meant by which identifier.
    pub identified: BTreeMap<String, RepoPath>,
    /// Where imports are looked up, the contract's own root first; empty but for `.proto` trees.
    pub import_roots: Vec<Folder>,
    /// Those of them in which the configuration says that imports are looked up, before all others.
    pub named_roots: Vec<Folder>,
    /// Those of its files on which no change bears: they need not be read to compare it.
    pub at_rest: BTreeSet<RepoPath>,
    /// The names by which files are imported, where the first folder that holds one does not tell.
    pub names: BTreeMap<RepoPath, String>,
    /// Who compares what they import.
    pub imports: Imports,
    /// Files of other contracts that are read along: from where something may have come or where it
    /// may have gone to, and who uses what has changed. Each with the folder that its own imports are
    /// relative to first.
    pub beside: BTreeMap<RepoPath, Folder>,
    /// Files that are none of its own and that nobody else compares as it uses them: to which an import
    /// leads that leads to another file on the other side, or that belong to no contract.
    pub adopted: BTreeSet<RepoPath>,
}

/// Who compares the files that a contract imports, and that are none of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Imports {
    /// Those whose contract they are.
    #[default]
    AsContracts,
    /// Nobody: the contract was named alone.
    WithIt,
}

impl Discovered {
    fn rest_without(&mut self, bearing: &BTreeSet<RepoPath>) {
        let resting = self.files.iter().filter(|path| !bearing.contains(*path));
        self.at_rest = resting.cloned().collect();
    }
}

/// Where a contract begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// At a document.
    File(RepoPath),
    /// At a folder of files that import each other.
    Folder(Folder),
}

impl Root {
    /// The path as the report shows it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::File(path) => path.as_str(),
            Self::Folder(folder) if folder.as_str().is_empty() => ".",
            Self::Folder(folder) => folder.as_str(),
        }
    }
}

/// A contract and its successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractPair {
    /// In the base.
    pub old: Option<Discovered>,
    /// In the head.
    pub new: Option<Discovered>,
    /// What became of it.
    pub how: How,
}

/// What became of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Neither it nor anything it reaches has changed.
    Unchanged,
    /// It, or something it reaches, has changed.
    Changed,
    /// The head has it, the base has not.
    Added,
    /// The base has it, the head has not.
    Removed,
    /// It lies elsewhere, changed or not.
    Moved,
    /// Nothing lies where it began, and some of it may be in other contracts now.
    Dissolved,
}

/// Finds the contracts of a snapshot, sorted by kind and place, and says why each file was taken
/// for what it is.
///
/// # Errors
/// When a file cannot be read.
pub fn discover(
    snapshot: &dyn Snapshot,
    selection: &Selection,
    references: &References<'_>,
) -> Result<(Vec<Discovered>, Seen), SourceError> {
    let listing = snapshot.listing()?;
    let survey = Survey::of(snapshot, &listing, selection, references, &mut Memory::default())?;
    Ok((contracts(&survey).into_values().collect(), survey.seen(selection)))
}

/// Pairs the contracts of two snapshots that differ in `changes`.
///
/// # Errors
/// When a file cannot be read.
pub fn pair_contracts(
    old: &dyn Snapshot,
    new: &dyn Snapshot,
    changes: &Changes,
    references: &References<'_>,
) -> Result<Vec<ContractPair>, SourceError> {
    let selection = Selection::default();
    Ok(pair_with((old, new), changes, &selection, references, &mut Memory::default())?.pairs)
}

/// The contracts of two snapshots.
pub(super) struct Paired {
    pub(super) pairs: Vec<ContractPair>,
    /// Files that differ, were not looked into and belong to no contract that we know of.
    pub(super) unseen: Vec<Unseen>,
}

/// The same, for callers that ask again about the same head.
pub(super) fn pair_with(
    (old, new): (&dyn Snapshot, &dyn Snapshot),
    changes: &Changes,
    selection: &Selection,
    references: &References<'_>,
    memory: &mut Memory,
) -> Result<Paired, SourceError> {
    let new_listing = new.listing()?;
    let mut old_listing: Listing = new_listing.clone();
    for (path, change) in changes {
        match change.old {
            Some(id) => old_listing.insert(path.clone(), id),
            None => old_listing.remove(path),
        };
    }
    let new_survey = Survey::of(new, &new_listing, selection, references, memory)?;
    let mut old_survey = Survey::of(old, &old_listing, selection, references, memory)?;
    old_survey.follow(&new_survey);
    let (mut old_contracts, mut new_contracts) = (contracts(&old_survey), contracts(&new_survey));
    keep_unreadable(&old_contracts, &mut new_contracts, &new_survey);
    keep_pointers(&mut old_contracts, &new_contracts, &old_survey);
    let moves = Moves { old, new, old_listing: &old_listing, new_listing: &new_listing };
    let moves = moves
        .find(&without(&old_contracts, &new_contracts), &without(&new_contracts, &old_contracts))?;
    let folders = moves.iter().filter_map(|((_, from), (_, to))| match (from, to) {
        (Root::Folder(from), Root::Folder(to)) => Some((from.clone(), to.clone())),
        (Root::Folder(_) | Root::File(_), _) => None,
    });
    let known = (changes, folders.collect());
    let sides = Sides {
        across: Across::of((&old_survey, &old_contracts), (&new_survey, &new_contracts), known),
        is_rearranged: old_survey.roots().all() != new_survey.roots().all()
            || changes.values().any(|change| change.old.is_none() || change.new.is_none()),
        old: &old_survey,
        new: &new_survey,
        changes,
    };
    let mut pairs = Vec::new();
    let roots: Vec<Key> = old_contracts.keys().cloned().collect();
    for key in roots {
        let Some(new_contract) = new_contracts.remove(&key) else { continue };
        let Some(old_contract) = old_contracts.remove(&key) else { continue };
        pairs.push(sides.kept(old_contract, new_contract));
    }
    for (from, to) in moves {
        let Some(new_contract) = new_contracts.remove(&to) else { continue };
        let Some(old_contract) = old_contracts.remove(&from) else { continue };
        pairs.push(sides.moved(old_contract, new_contract));
    }
    pairs.extend(old_contracts.into_values().map(|old| sides.gone(old)));
    pairs.extend(new_contracts.into_values().map(|new| sides.come(new)));
    pairs.sort_by(|one, other| place(one).cmp(&place(other)));
    let known = |path: &RepoPath| pairs.iter().any(|pair| pair.reaches(path));
    let unknown = changes.keys().filter(|path| !known(path));
    let mut unseen: Vec<Unseen> = unknown.filter_map(|path| new_survey.unseen(path)).collect();
    let removed = pairs.iter().filter(|pair| matches!(pair.how, How::Removed | How::Dissolved));
    let files = removed.filter_map(|pair| pair.old.as_ref()).flat_map(|old| &old.files);
    unseen.extend(files.filter_map(|path| link_at(new, path)));
    Ok(Paired { pairs, unseen })
}

/// The contracts that only the one side has.
fn without<'c>(
    contracts: &'c BTreeMap<Key, Discovered>,
    others: &BTreeMap<Key, Discovered>,
) -> BTreeMap<&'c Key, &'c Discovered> {
    contracts.iter().filter(|(key, _)| !others.contains_key(*key)).collect()
}

/// What is known of both sides.
struct Sides<'s> {
    old: &'s Survey,
    new: &'s Survey,
    changes: &'s Changes,
    across: Option<Across<'s>>,
    /// Whether an import may lead elsewhere than it did.
    is_rearranged: bool,
}

impl Sides<'_> {
    /// A contract that is where it was.
    fn kept(&self, mut old: Discovered, mut new: Discovered) -> ContractPair {
        let mut reached = old.reached.iter().chain(&new.reached);
        let touched = reached.any(|path| self.changes.contains_key(path))
            || old.reached != new.reached
            || self.is_rearranged && leads_elsewhere(&old, (self.old, self.new));
        let how = if touched { How::Changed } else { How::Unchanged };
        if touched && !new.import_roots.is_empty() {
            let was = State { survey: self.old, tree: &old };
            let is = State { survey: self.new, tree: &new };
            let bearing = bearing([&was, &is], self.changes);
            old.rest_without(&bearing);
            new.rest_without(&bearing);
            self.join(&mut old, &mut new);
        }
        ContractPair { old: Some(old), new: Some(new), how }
    }

    /// A contract that lies elsewhere.
    fn moved(&self, mut old: Discovered, mut new: Discovered) -> ContractPair {
        self.join(&mut old, &mut new);
        ContractPair { old: Some(old), new: Some(new), how: How::Moved }
    }

    /// A contract of which nothing lies where it did.
    fn gone(&self, mut old: Discovered) -> ContractPair {
        let new = self.across.as_ref().and_then(|across| across.left_of(&mut old));
        let how = if new.is_some() { How::Dissolved } else { How::Removed };
        ContractPair { old: Some(old), new, how }
    }

    /// A contract where none was.
    fn come(&self, mut new: Discovered) -> ContractPair {
        let mut old = self.across.as_ref().and_then(|across| across.before(&mut new));
        if let Some(old) = &mut old {
            note_adopted((self.old, old), (self.new, &mut new));
        }
        let how = if old.is_some() { How::Changed } else { How::Added };
        ContractPair { old, new: Some(new), how }
    }

    /// Has both states of a contract read along what they have to do with others.
    fn join(&self, old: &mut Discovered, new: &mut Discovered) {
        if let Some(across) = &self.across {
            across.join(old, new);
        }
        if self.is_rearranged {
            note_adopted((self.old, old), (self.new, new));
        }
    }
}

/// Whether an import of the contract leads to another file than it did.
fn leads_elsewhere(contract: &Discovered, (old, new): (&Survey, &Survey)) -> bool {
    !contract.import_roots.is_empty()
        && contract.reached.iter().any(|path| old.targets(path) != new.targets(path))
}

/// The symbolic link that stands where the file was.
fn link_at(head: &dyn Snapshot, path: &RepoPath) -> Option<Unseen> {
    match head.content_id(path).and_then(|_| head.read(path)) {
        Err(SourceError::SymbolicLink { path: _, link }) => {
            Some(Unseen::Link { path: path.clone(), link })
        }
        Ok(_) | Err(_) => None,
    }
}

impl ContractPair {
    fn reaches(&self, path: &RepoPath) -> bool {
        let mut sides = self.old.iter().chain(&self.new);
        sides.any(|side| side.reached.contains(path))
    }
}

/// What a contract is known by on a side.
pub(super) type Key = (Kind, Root);

fn place(pair: &ContractPair) -> Option<(&Root, Kind, How)> {
    let contract = pair.new.as_ref().or(pair.old.as_ref())?;
    Some((&contract.root, contract.kind, pair.how))
}

fn contracts(survey: &Survey) -> BTreeMap<Key, Discovered> {
    let mut trees: BTreeMap<Folder, Vec<RepoPath>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (path, kind) in survey.files() {
        match kind {
            Some(Kind::Protobuf) if survey.is_text(path) => {
                trees.entry(survey.root_of(path)).or_default().push(path.clone());
            }
            Some(kind @ (Kind::OpenApi | Kind::JsonSchema | Kind::Protobuf)) => {
                let contract = document(survey, kind, path);
                found.insert((kind, contract.root.clone()), contract);
            }
            None => {}
        }
    }
    for (folder, files) in trees {
        let import_roots = survey.roots().looked_up(&folder);
        // Another root may hold the file too.
        let name = |path: &RepoPath| Some((path.clone(), folder.relative(path)?.to_owned()));
        let is_first = import_roots.first() == Some(&folder);
        let names = files.iter().filter(|_| !is_first).filter_map(name).collect();
        let reached = survey.closure(&files);
        let left_out = reached.iter().filter(|path| survey.leaves_out(path));
        let adopted = left_out.cloned().collect();
        let (kind, root) = (Kind::Protobuf, Root::Folder(folder));
        let at_rest = BTreeSet::new();
        let identified = BTreeMap::new();
        let contract = Discovered {
            kind,
            root: root.clone(),
            files,
            reached,
            identified,
            import_roots,
            at_rest,
            names,
            imports: Imports::AsContracts,
            beside: BTreeMap::new(),
            named_roots: survey.roots().named().to_vec(),
            adopted,
        };
        found.insert((kind, root), contract);
    }
    found
}

fn document(survey: &Survey, kind: Kind, path: &RepoPath) -> Discovered {
    let reached = survey.closure([path]);
    Discovered {
        kind,
        root: Root::File(path.clone()),
        files: vec![path.clone()],
        identified: survey.identified(&reached),
        reached,
        import_roots: Vec::new(),
        at_rest: BTreeSet::new(),
        names: BTreeMap::new(),
        imports: Imports::AsContracts,
        beside: BTreeMap::new(),
        named_roots: Vec::new(),
        adopted: BTreeSet::new(),
    }
}

/// A document that was a contract and is still there was not removed, whatever it looks like now:
/// it is loaded, and says itself what is wrong with it.
fn keep_unreadable(
    old: &BTreeMap<Key, Discovered>,
    new: &mut BTreeMap<Key, Discovered>,
    survey: &Survey,
) {
    for key @ (kind, root) in old.keys() {
        if let Root::File(path) = root
            && survey.is_plain(path)
        {
            new.insert(key.clone(), document(survey, *kind, path));
        }
    }
}

/// A contract whose base is kept elsewhere is not new: its base cannot be read, and says so itself.
fn keep_pointers(
    old: &mut BTreeMap<Key, Discovered>,
    new: &BTreeMap<Key, Discovered>,
    survey: &Survey,
) {
    for key @ (kind, root) in new.keys() {
        if let Root::File(path) = root
            && survey.is_pointer(path)
        {
            old.insert(key.clone(), document(survey, *kind, path));
        }
    }
}
