//! Which files are one contract, and where their imports begin.

use std::collections::BTreeMap;

use crate::source::{Folder, Imports, RepoPath};

/// A set of files that is one contract, and the folders that its imports are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtoRoot {
    /// What the contract is known by: the folder, or the only file.
    pub path: RepoPath,
    /// The folders in which imports are looked for, the contract's own first.
    pub folders: Vec<Folder>,
    /// The contract's own files.
    pub files: Vec<RepoPath>,
    /// The names by which files are imported, where the first folder that holds one does not tell.
    pub names: BTreeMap<RepoPath, String>,
    /// Who compares what they import.
    pub imports: Imports,
}

impl ProtoRoot {
    /// The name by which other files import this one: relative to the first folder that holds it.
    pub(super) fn import_path<'p>(&'p self, path: &'p RepoPath) -> &'p str {
        if let Some(name) = self.names.get(path) {
            return name;
        }
        let mut relative = self.folders.iter().filter_map(|folder| folder.relative(path));
        relative.next().unwrap_or(path.as_str())
    }

    /// Where a file that is imported by this name may lie.
    pub(super) fn candidates(&self, import_path: &str) -> impl Iterator<Item = RepoPath> {
        self.folders.iter().filter_map(|folder| folder.file(import_path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_imported_relative_to_the_contracts_own_folder() {
        let file = RepoPath::new("proto/acme/v1/a.proto").unwrap();
        let folders = ["proto", "proto/acme", ""].map(Folder::new).to_vec();
        let root = ProtoRoot {
            path: file.clone(),
            folders,
            files: vec![file.clone()],
            names: BTreeMap::new(),
            imports: Imports::AsContracts,
        };
        assert_eq!(root.import_path(&file), "acme/v1/a.proto");
        let mut candidates = root.candidates("v1/a.proto");
        assert!(candidates.any(|path| path == file));
    }
}
