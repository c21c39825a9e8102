//! Which files are one contract, and where their imports begin.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Ownership;
use crate::source::{Folder, Imports, RepoPath};

/// A set of files that is one contract, and the folders that its imports are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtoRoot {
    /// What the contract is known by: the folder, or the only file.
    pub path: RepoPath,
    /// The folder below which the contract's own files lie.
    pub home: Folder,
    /// Those of the folders in which everybody's imports are looked for before all others.
    pub named: Vec<Folder>,
    /// The folders in which imports are looked for, in this order.
    pub folders: Vec<Folder>,
    /// The contract's own files.
    pub files: Vec<RepoPath>,
    /// The names by which files are imported, where the first folder that holds one does not tell.
    pub names: BTreeMap<RepoPath, String>,
    /// Who compares what they import.
    pub imports: Imports,
    /// Files of other contracts that are read along, and the folders that their own imports are
    /// relative to first.
    pub beside: BTreeMap<RepoPath, Folder>,
    /// Files that are none of its own and that nobody else compares as it uses them.
    pub adopted: BTreeSet<RepoPath>,
}

/// The folders of other contracts from which imports are looked for first.
pub(super) struct Others<'r>(Vec<&'r Folder>);

impl<'r> Others<'r> {
    /// Those of the files that are read along.
    pub(super) fn of(root: &'r ProtoRoot) -> Self {
        let all: BTreeSet<&Folder> = root.beside.values().collect();
        Self(all.into_iter().collect())
    }

    /// The namespace of the files below one of them.
    pub(super) fn namespace(&self, folder: &Folder) -> Namespace {
        self.0.binary_search(&folder).map_or(Namespace::OWN, |at| Namespace(at + 1))
    }

    /// Where the imports of a namespace are looked for before the folders of the contract.
    pub(super) fn first(&self, namespace: Namespace) -> Option<&'r Folder> {
        self.0.get(namespace.0.checked_sub(1)?).copied()
    }
}

/// In which folders the imports of a file are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Namespace(usize);

impl Namespace {
    /// Of the contract itself.
    pub(super) const OWN: Self = Self(0);
    /// Of files of the contract that nothing imports, since their names lead elsewhere.
    pub(super) const SHADOWED: Self = Self(usize::MAX);
}

impl ProtoRoot {
    /// These files, whose imports are looked for in these folders.
    pub fn new(path: RepoPath, folders: Vec<Folder>, files: Vec<RepoPath>) -> Self {
        Self {
            path,
            home: folders.first().cloned().unwrap_or_default(),
            named: Vec::new(),
            folders,
            files,
            names: BTreeMap::new(),
            imports: Imports::AsContracts,
            beside: BTreeMap::new(),
            adopted: BTreeSet::new(),
        }
    }

    /// The name by which other files import this one: relative to the first folder that holds it.
    pub(super) fn import_path<'p>(&'p self, path: &'p RepoPath) -> &'p str {
        if let Some(name) = self.names.get(path) {
            return name;
        }
        let mut relative = self.folders.iter().filter_map(|folder| folder.relative(path));
        relative.next().unwrap_or(path.as_str())
    }

    /// Where a file that is imported by this name may lie: in a folder that was named, in one that comes
    /// first, then in those of the contract.
    pub(super) fn candidates<'r>(
        &'r self,
        import_path: &'r str,
        first: Option<&'r Folder>,
    ) -> impl Iterator<Item = RepoPath> + use<'r> {
        let folders = self.named.iter().chain(first).chain(&self.folders);
        folders.filter_map(|folder| folder.file(import_path))
    }

    /// The namespace of a file of the contract's own.
    pub(super) fn namespace(
        &self,
        path: &RepoPath,
        exists: impl Fn(&RepoPath) -> bool,
    ) -> Namespace {
        // Where its own folder comes first, a file is what its name leads to.
        if self.folders.first() == Some(&self.home) {
            return Namespace::OWN;
        }
        let candidates = self.candidates(self.import_path(path), None);
        let shadowed = candidates.take_while(|one| one != path).any(|one| exists(&one));
        if shadowed { Namespace::SHADOWED } else { Namespace::OWN }
    }

    /// Whose a file is that the contract's own files lead to.
    pub(super) fn ownership(&self, path: &RepoPath) -> Ownership {
        match self.imports {
            Imports::WithIt => Ownership::Reached,
            Imports::AsContracts if self.adopted.contains(path) => Ownership::Reached,
            Imports::AsContracts if self.beside.contains_key(path) => Ownership::Beside,
            Imports::AsContracts => Ownership::Imported,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_imported_relative_to_the_contracts_own_folder() {
        let file = RepoPath::new("proto/acme/v1/a.proto").unwrap();
        let folders = ["proto", "proto/acme", ""].map(Folder::new).to_vec();
        let root = ProtoRoot::new(file.clone(), folders, vec![file.clone()]);
        assert_eq!(root.import_path(&file), "acme/v1/a.proto");
        let mut candidates = root.candidates("v1/a.proto", None);
        assert!(candidates.any(|path| path == file));
    }

    #[test]
    fn a_file_of_another_contract_looks_in_its_own_folder_first() {
        let path = |path: &str| RepoPath::new(path).unwrap();
        let (file, folder) = (path("y/b.proto"), Folder::new("y"));
        let mut root = ProtoRoot::new(path("x"), vec![Folder::new("x")], Vec::new());
        root.beside.insert(file, folder.clone());
        let others = Others::of(&root);
        let first = others.first(others.namespace(&folder));
        let candidates: Vec<RepoPath> = root.candidates("c.proto", first).collect();
        assert_eq!(candidates, [path("y/c.proto"), path("x/c.proto")]);
    }
}
