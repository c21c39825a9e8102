//! The folders from which `.proto` files import each other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use super::modules::{Placed, declared_modules, is_left_out};
use super::sniff::Form;
use super::survey::Facts;
use super::{Kind, RepoPath};

/// A folder of a snapshot; the snapshot's own root is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folder(String);

impl Folder {
    /// The folder of this path; the empty path is the root, and so is `.`.
    pub fn new(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        Self(if path == "." { "" } else { path }.to_owned())
    }

    /// The path, empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file of this name below the folder, if the name does not leave the snapshot.
    pub fn file(&self, name: &str) -> Option<RepoPath> {
        RepoPath::new(&super::git_tree::below(&self.0, name)).ok()
    }

    /// The path seen from the folder, where it lies below.
    pub fn relative<'p>(&self, path: &'p RepoPath) -> Option<&'p str> {
        if self.0.is_empty() {
            return Some(path.as_str());
        }
        path.as_str().strip_prefix(self.0.as_str())?.strip_prefix('/')
    }

    /// Whether the file lies below.
    pub fn holds(&self, path: &RepoPath) -> bool {
        self.relative(path).is_some()
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

/// Which folder each `.proto` file belongs to.
pub(super) struct ImportRoots {
    of_file: BTreeMap<RepoPath, Folder>,
    /// Those in which somebody said that imports are looked up, in this order and before all others.
    named: Vec<Folder>,
    /// In the order in which imports are looked up: those that a configuration names come first.
    all: Vec<Folder>,
    /// Files of which buf's configuration says that they belong to no module.
    left_out: BTreeSet<RepoPath>,
}

impl ImportRoots {
    /// The folder that is named as one, by the team or in buf's configuration, the innermost of
    /// several; else the one from which most of the file's
    /// imports are found, the outermost of several; else the one from which most others import the
    /// file; else the one that leaves of the path what the package says, unless files beside it, within
    /// what the package says, are imported from another; else that of the files nearest to it; else
    /// the file's own.
    pub(super) fn infer(facts: &BTreeMap<RepoPath, Rc<Facts>>, named: &[Folder]) -> Self {
        let is_proto = |known: &Facts| {
            known.sniffed.kind == Some(Kind::Protobuf) && known.sniffed.form == Form::Text
        };
        let protos: BTreeSet<&RepoPath> =
            facts.iter().filter(|(_, known)| is_proto(known)).map(|(path, _)| path).collect();
        let modules = modules(facts);
        let declared: BTreeSet<Folder> = modules.keys().chain(named).cloned().collect();
        let workspaces = workspaces(facts);
        let mut left_out = BTreeSet::new();
        let mut of_file = BTreeMap::new();
        let mut votes: Votes = BTreeMap::new();
        for (path, known) in facts.iter().filter(|(_, known)| is_proto(known)) {
            let buf =
                declared.iter().filter(|root| root.holds(path)).max_by_key(|root| root.0.len());
            let of_buf =
                buf.filter(|root| !named.contains(root)).and_then(|root| modules.get(root));
            // What a configuration names as modules is all that is built below it.
            let is_beside = || buf.is_none() && workspaces.iter().any(|one| one.holds(path));
            if of_buf.is_some_and(|modules| is_left_out(path, modules)) || is_beside() {
                left_out.insert(path.clone());
            }
            let root = buf.cloned().or_else(|| by_imports(path, &known.references, &protos));
            let Some(root) = root else { continue };
            for import in &known.references {
                let found = root.file(import).filter(|file| protos.contains(file));
                if let Some(file) = found {
                    *votes.entry(file).or_default().entry(root.clone()).or_default() += 1;
                }
            }
            of_file.insert(path.clone(), root);
        }
        let leaves = || facts.iter().filter(|(_, known)| is_proto(known));
        for (path, _) in leaves() {
            if let (false, Some(root)) =
                (of_file.contains_key(path), votes.get(path).and_then(elected))
            {
                of_file.insert(path.clone(), root);
            }
        }
        let near = Near::of(&of_file);
        for (path, known) in leaves() {
            if !of_file.contains_key(path) {
                of_file.insert(path.clone(), near.root(path, by_package(path, known)));
            }
        }
        let all: BTreeSet<Folder> = of_file.values().cloned().collect();
        let others = all.into_iter().filter(|root| !named.contains(root));
        let (declared, others): (Vec<_>, Vec<_>) = others.partition(|root| declared.contains(root));
        let all = named.iter().cloned().chain(declared).chain(others).collect();
        Self { of_file, named: named.to_vec(), all, left_out }
    }

    /// The folder of a file; its own where nothing is known of it.
    pub(super) fn of(&self, path: &RepoPath) -> Folder {
        let own = || Folder::new(path.folder().unwrap_or_default());
        self.of_file.get(path).cloned().unwrap_or_else(own)
    }

    /// Those in which somebody said that imports are looked up, before all others.
    pub(super) fn named(&self) -> &[Folder] {
        &self.named
    }

    /// Every folder from which something is imported, in the order of the look-up.
    pub(super) fn all(&self) -> &[Folder] {
        &self.all
    }

    /// The same for what lies below this one: in which it is looked for first, unless somebody has named
    /// others.
    pub(super) fn looked_up(&self, own: &Folder) -> Vec<Folder> {
        let is_other = |folder: &&Folder| *folder != own && !self.named.contains(folder);
        let own = std::iter::once(own).filter(|own| !self.named.contains(own));
        let others = self.all.iter().filter(is_other);
        self.named.iter().chain(own).chain(others).cloned().collect()
    }

    /// Takes every file for one of its tree, whatever buf's configuration says.
    pub(super) fn leave_nothing_out(&mut self) {
        self.left_out.clear();
    }

    /// Whether buf's configuration says of the file that it belongs to no module.
    pub(super) fn leaves_out(&self, path: &RepoPath) -> bool {
        self.left_out.contains(path)
    }

    /// Files known to both sides belong to one tree on both, the one that the new side says. Where
    /// imports were looked up first stays what it was.
    pub(super) fn follow(&mut self, new: &Self) {
        for (path, root) in &mut self.of_file {
            if let Some(followed) = new.of_file.get(path) {
                root.clone_from(followed);
            }
        }
        let known: BTreeSet<&Folder> = self.all.iter().collect();
        let fresh = new.all.iter().filter(|root| !known.contains(root));
        let fresh: Vec<Folder> = fresh.cloned().collect();
        self.all.extend(fresh);
    }

    /// The file that an import names: below the importer's own root, else below any other.
    pub(super) fn find(
        &self,
        from: &RepoPath,
        import: &str,
        exists: impl Fn(&RepoPath) -> bool,
    ) -> Vec<RepoPath> {
        let own = self.of(from);
        let folders = self.named.iter().chain(std::iter::once(&own)).chain(&self.all);
        let mut found = folders.filter_map(|folder| folder.file(import));
        found.find(|path| exists(path)).into_iter().collect()
    }
}

/// The folder and all above it, the innermost first.
pub(super) fn folders_above(folder: &Folder) -> impl Iterator<Item = Folder> {
    std::iter::successors(Some(folder.as_str()), |folder| outer(folder)).map(Folder::new)
}

fn outer(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(outer, _)| outer))
}

/// The folders that a configuration of buf's at this path names as modules.
pub(super) fn declared_below(path: &RepoPath, bytes: &[u8]) -> Vec<Folder> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let folder = path.folder().unwrap_or_default();
    let modules = declared_modules(path.file_name(), bytes);
    modules.iter().filter_map(|module| Some(module.placed(folder)?.folder)).collect()
}

/// The folders in which configurations of buf's lie.
fn workspaces(facts: &BTreeMap<RepoPath, Rc<Facts>>) -> BTreeSet<Folder> {
    let telling = facts.iter().filter(|(_, known)| !known.modules.is_empty());
    telling.map(|(path, _)| Folder::new(path.folder().unwrap_or_default())).collect()
}

/// The modules of buf, by their folders.
fn modules(facts: &BTreeMap<RepoPath, Rc<Facts>>) -> BTreeMap<Folder, Vec<Placed>> {
    let mut found: BTreeMap<Folder, Vec<Placed>> = BTreeMap::new();
    for (path, known) in facts {
        let folder = path.folder().unwrap_or_default();
        for module in known.modules.iter().filter_map(|module| module.placed(folder)) {
            found.entry(module.folder.clone()).or_default().push(module);
        }
    }
    found
}

/// How many files import a file from each folder.
type Votes = BTreeMap<RepoPath, BTreeMap<Folder, usize>>;

/// The folder with the most votes, the outermost of several.
fn elected(votes: &BTreeMap<Folder, usize>) -> Option<Folder> {
    let most = votes.iter().max_by_key(|(folder, count)| (**count, Reverse(folder.0.len())));
    most.map(|(folder, _)| folder.clone())
}

fn by_imports(path: &RepoPath, imports: &[String], protos: &BTreeSet<&RepoPath>) -> Option<Folder> {
    let mut best: Option<(usize, Folder)> = None;
    let text = path.as_str();
    let ends = std::iter::once(0).chain(text.match_indices('/').map(|(slash, _)| slash));
    for end in ends {
        let folder = Folder::new(text.get(..end).unwrap_or_default());
        let here = |name: &&String| folder.file(name).is_some_and(|file| protos.contains(&file));
        let found = imports.iter().filter(here).count();
        if found > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((found, folder));
        }
    }
    best.map(|(_, folder)| folder)
}

/// `proto/a/v1/x.proto` of package `a.v1` lies below `proto`.
fn by_package(path: &RepoPath, known: &Facts) -> Option<Folder> {
    let folder = path.folder().unwrap_or_default();
    let package = known.sniffed.package.as_deref().unwrap_or_default().replace('.', "/");
    let root = folder.strip_suffix(&package).filter(|_| !package.is_empty())?;
    (root.is_empty() || root.ends_with('/')).then(|| Folder::new(root))
}

/// The roots of the files whose root is certain, by every folder above them.
struct Near(BTreeMap<String, BTreeMap<Folder, usize>>);

impl Near {
    fn of(known: &BTreeMap<RepoPath, Folder>) -> Self {
        let mut near: BTreeMap<String, BTreeMap<Folder, usize>> = BTreeMap::new();
        for (path, root) in known {
            for folder in above(path) {
                *near.entry(folder.to_owned()).or_default().entry(root.clone()).or_default() += 1;
            }
        }
        Self(near)
    }

    /// The root of a file that nothing imports and that imports nothing.
    fn root(&self, path: &RepoPath, by_package: Option<Folder>) -> Folder {
        let most = |folder: &str| {
            let roots = self.0.get(folder)?.iter().filter(|(root, _)| root.holds(path));
            elected(&roots.map(|(root, count)| (root.clone(), *count)).collect())
        };
        let limit = by_package.as_ref().map(|root| root.0.len());
        let mut within =
            above(path).take_while(|folder| limit.is_none_or(|limit| folder.len() > limit));
        let nearest = within.find_map(most);
        let own = || Folder::new(path.folder().unwrap_or_default());
        nearest.or(by_package).unwrap_or_else(own)
    }
}

/// The folders that hold a file, the innermost first.
fn above(path: &RepoPath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path.folder().unwrap_or_default()), |folder| outer(folder))
}
