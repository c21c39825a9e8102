//! What the trees of `.proto` files of one state have to do with each other: a root only says how
//! imports are resolved, and what has a full name may live below any of them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::kindred::{Circle, Lone};
use super::package::any_version;
use super::pairs::Key;
use super::survey::{Importers, Survey};
use super::{Changes, Discovered, Folder, Kind, RepoPath, Root};

/// The trees of both sides.
pub(super) struct Across<'s> {
    old: Trees<'s>,
    new: Trees<'s>,
    /// The trees that lie elsewhere as a whole: where they did, and where they do.
    moved: Vec<(Folder, Folder)>,
    /// The files that may have gone from one tree to another under another package.
    circles: Vec<Circle>,
}

/// The trees of one side, as far as a change touches them.
pub(super) struct Trees<'s> {
    survey: &'s Survey,
    /// Who imports what, once somebody asks.
    importers: OnceCell<Importers>,
    /// Which tree each file belongs to.
    of_file: BTreeMap<RepoPath, Folder>,
    /// The files that changed, and their packages.
    changed: BTreeMap<RepoPath, String>,
}

impl<'s> Trees<'s> {
    /// Those among these contracts.
    fn of<'c>(
        survey: &'s Survey,
        contracts: impl Iterator<Item = &'c Discovered>,
        changes: &Changes,
    ) -> Self {
        let mut of_file = BTreeMap::new();
        for tree in contracts {
            let Some(folder) = folder(tree) else { continue };
            of_file.extend(tree.files.iter().map(|path| (path.clone(), folder.clone())));
        }
        let edited = of_file.keys().filter(|path| changes.contains_key(*path));
        let package = |path: &RepoPath| Some((path.clone(), survey.package(path)?.to_owned()));
        let packages = edited.filter_map(package).collect();
        Self { survey, importers: OnceCell::new(), of_file, changed: packages }
    }

    /// The packages of what changed below a folder.
    fn packages(&self, tree: &Folder) -> BTreeSet<&str> {
        let own = self.changed.iter().filter(|(path, _)| self.of_file.get(*path) == Some(tree));
        own.map(|(_, package)| package.as_str()).collect()
    }

    /// The changed files of other trees in these packages.
    fn elsewhere(&self, tree: &Folder, packages: &BTreeSet<&str>) -> Vec<RepoPath> {
        let is_it = |(path, package): &(&RepoPath, &String)| {
            let is_elsewhere = self.of_file.get(*path).is_some_and(|home| home != tree);
            is_elsewhere && packages.contains(package.as_str())
        };
        self.changed.iter().filter(is_it).map(|(path, _)| path.clone()).collect()
    }

    /// The files that only this side has, but for those that went along with their tree.
    fn lone(&self, is_lone: impl Fn(&RepoPath, &Folder) -> bool) -> Vec<Lone> {
        let lone = self.changed.iter().filter_map(|(path, package)| {
            let tree = self.of_file.get(path).filter(|tree| is_lone(path, tree))?;
            Some(Lone { path: path.clone(), package: package.clone(), tree: tree.clone() })
        });
        lone.collect()
    }

    /// The files of these packages, whatever their version.
    fn of_families(&self, families: &BTreeSet<String>) -> Vec<RepoPath> {
        if families.is_empty() {
            return Vec::new();
        }
        let is_it = |path: &&RepoPath| {
            let package = self.survey.package(path);
            package.is_some_and(|package| families.contains(&any_version(package)))
        };
        self.of_file.keys().filter(is_it).cloned().collect()
    }

    /// Whether a file of another tree is called like one of the tree's own; `None` where it is of no tree.
    fn is_copy(&self, path: &RepoPath, tree: &Folder) -> Option<bool> {
        let twin = self.of_file.get(path)?.relative(path).and_then(|name| tree.file(name));
        Some(twin.is_some_and(|twin| self.of_file.get(&twin) == Some(tree)))
    }

    /// The file of a tree that another one's is called like.
    fn twin(&self, (path, from): (&RepoPath, &Folder), to: &Folder) -> Option<RepoPath> {
        let twin = from.relative(path).and_then(|name| to.file(name))?;
        (self.of_file.get(&twin) == Some(to)).then_some(twin)
    }

    /// The files of other trees from which imports lead to these, and these as far as they are of other
    /// trees, each with its folder.
    fn beside(
        &self,
        tree: &Folder,
        files: impl Iterator<Item = RepoPath>,
    ) -> BTreeMap<RepoPath, Folder> {
        let importers = self.importers.get_or_init(|| self.survey.importers(self.of_file.keys()));
        let mut open: Vec<RepoPath> = files.collect();
        let mut seen: BTreeSet<RepoPath> = BTreeSet::new();
        while let Some(path) = open.pop() {
            if seen.insert(path.clone()) {
                open.extend(importers.get(&path).into_iter().flatten().cloned());
            }
        }
        let others = seen.into_iter().filter_map(|path| {
            let home = self.of_file.get(&path).filter(|home| *home != tree)?.clone();
            Some((path, home))
        });
        others.collect()
    }

    /// Takes down what has to be read along with a tree.
    fn note(&self, tree: &mut Discovered, beside: BTreeMap<RepoPath, Folder>) {
        tree.reached.extend(self.survey.closure(beside.keys()));
        tree.beside = beside;
    }
}

type Contracts = BTreeMap<Key, Discovered>;

impl<'s> Across<'s> {
    /// The trees among these contracts; `None` where there is only one, which has to do with itself.
    pub(super) fn of(
        (old, were): (&'s Survey, &Contracts),
        (new, are): (&'s Survey, &Contracts),
        (changes, moved): (&Changes, Vec<(Folder, Folder)>),
    ) -> Option<Self> {
        let all: BTreeSet<&Folder> = were.values().chain(are.values()).filter_map(folder).collect();
        (all.len() > 1).then(|| {
            let old = Trees::of(old, were.values(), changes);
            let new = Trees::of(new, are.values(), changes);
            let mut across = Self { old, new, moved, circles: Vec::new() };
            let left = across.old.lone(|path, tree| {
                !across.new.of_file.contains_key(path) && !across.went_along(path, tree)
            });
            let arrived = across.new.lone(|path, tree| {
                !across.old.of_file.contains_key(path) && !across.came_along(path, tree)
            });
            across.circles = Circle::all(left, arrived);
            across
        })
    }

    /// Whether an old file lies where its tree went as a whole.
    fn went_along(&self, path: &RepoPath, tree: &Folder) -> bool {
        let mut moved = self.moved.iter().filter(|(from, _)| from == tree);
        moved.any(|(from, to)| self.new.twin((path, from), to).is_some())
    }

    /// Whether a new file lay where its tree came from as a whole.
    fn came_along(&self, path: &RepoPath, tree: &Folder) -> bool {
        let mut moved = self.moved.iter().filter(|(_, to)| to == tree);
        moved.any(|(from, to)| self.old.twin((path, to), from).is_some())
    }

    /// Whether a file is no place from which something may have come to a tree or to which it may have gone
    /// there: it is a copy of one of the tree's own, whichever side has it, or only went along with its tree.
    fn is_nothing(&self, path: &RepoPath, was: &Folder, is: &Folder) -> bool {
        let mut copies = [self.old.is_copy(path, was), self.new.is_copy(path, is)].into_iter();
        copies.all(|copy| copy.unwrap_or(true))
            || self.old.of_file.get(path).is_some_and(|tree| self.went_along(path, tree))
            || self.new.of_file.get(path).is_some_and(|tree| self.came_along(path, tree))
    }

    /// Has both states of a tree read along what may have come from other trees or gone there, and whoever
    /// uses what has changed in it.
    pub(super) fn join(&self, old: &mut Discovered, new: &mut Discovered) {
        let (Some(was), Some(is)) = (folder(old).cloned(), folder(new).cloned()) else { return };
        let mut packages = self.old.packages(&was);
        packages.extend(self.new.packages(&is));
        let is_something = |path: &RepoPath| !self.is_nothing(path, &was, &is);
        let mut came = self.old.elsewhere(&was, &packages);
        let mut went = self.new.elsewhere(&is, &packages);
        came.retain(is_something);
        went.retain(is_something);
        for circle in self.circles.iter().filter(|circle| circle.touches(&was, &is)) {
            let families = circle.families();
            let [left, arrived] = circle.files();
            came.extend(left.cloned().chain(self.old.of_families(&families)));
            went.extend(arrived.cloned().chain(self.new.of_families(&families)));
        }
        for (trees, tree, folder, others) in
            [(&self.old, old, &was, came), (&self.new, new, &is, went)]
        {
            let own = tree.files.iter().filter(|path| trees.changed.contains_key(*path));
            let files = own.cloned().chain(others).collect::<Vec<_>>();
            let beside = trees.beside(folder, files.into_iter());
            trees.note(tree, beside);
        }
    }

    /// What is left of a tree of the old side whose files are all gone: nothing, beside the files of other
    /// trees to which they may have gone. `None` where there are none.
    pub(super) fn left_of(&self, old: &mut Discovered) -> Option<Discovered> {
        let mut nothing = emptied(old)?;
        self.join(old, &mut nothing);
        (!nothing.beside.is_empty()).then_some(nothing)
    }

    /// What was there before a tree that is new: nothing, beside the files of other trees from which its
    /// own may have come. `None` where there are none.
    pub(super) fn before(&self, new: &mut Discovered) -> Option<Discovered> {
        let mut nothing = emptied(new)?;
        self.join(&mut nothing, new);
        (!nothing.beside.is_empty()).then_some(nothing)
    }
}

fn folder(tree: &Discovered) -> Option<&Folder> {
    match &tree.root {
        Root::Folder(folder) if tree.kind == Kind::Protobuf => Some(folder),
        Root::Folder(_) | Root::File(_) => None,
    }
}

/// The tree without its files.
fn emptied(tree: &Discovered) -> Option<Discovered> {
    folder(tree)?;
    Some(Discovered {
        files: Vec::new(),
        reached: BTreeSet::new(),
        at_rest: BTreeSet::new(),
        beside: BTreeMap::new(),
        named_roots: Vec::new(),
        adopted: BTreeSet::new(),
        ..tree.clone()
    })
}

/// Notes on both states of a tree the files of other trees to which an import leads on one side, while it
/// leads to another file on the other. What only moved is compared by those whose it is.
pub(super) fn note_adopted(
    (old, was): (&Survey, &mut Discovered),
    (new, is): (&Survey, &mut Discovered),
) {
    let (Some(from), Some(to)) = (folder(was).cloned(), folder(is).cloned()) else { return };
    let twin = |path: &RepoPath| from.relative(path).and_then(|name| to.file(name));
    let own = |tree: &Discovered| -> BTreeSet<RepoPath> { tree.files.iter().cloned().collect() };
    let (were, are) = (own(was), own(is));
    let twins = were.iter().filter_map(|path| Some((path.clone(), twin(path)?)));
    // What came from another tree has its twin there.
    let came = was.beside.iter().filter_map(|(path, home)| {
        Some((path.clone(), home.relative(path).and_then(|name| to.file(name))?))
    });
    let came = came.filter(|(_, twin)| !were.contains(twin));
    let twins = twins.chain(came);
    let mut open: Vec<(RepoPath, RepoPath)> =
        twins.filter(|(_, twin)| are.contains(twin)).collect();
    let mut seen: BTreeSet<(RepoPath, RepoPath)> = open.iter().cloned().collect();
    while let Some((importer, twin)) = open.pop() {
        for import in old.references(&importer) {
            let leads = old.imported(&importer, import).zip(new.imported(&twin, import));
            let Some(both) = leads.filter(|both| seen.insert(both.clone())) else { continue };
            let (before, after) = &both;
            let is_own = were.contains(before) && are.contains(after);
            let is_moved = !new.has(before) && !old.has(after);
            if before != after && !is_own && !is_moved {
                was.adopted.extend(Some(before.clone()).filter(|path| !were.contains(path)));
                is.adopted.extend(Some(after.clone()).filter(|path| !are.contains(path)));
            }
            open.push(both);
        }
    }
}
