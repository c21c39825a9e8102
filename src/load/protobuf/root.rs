//! Where imports begin.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::lexer::{Lexer, TokenKind};
use super::tree::imports_in;
use super::wellknown::bundled;
use crate::source::RepoPath;

/// A folder of a snapshot, its root included.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportFolder(Option<RepoPath>);

/// A set of files that is one contract, and the folders that its imports are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtoRoot {
    /// What the contract is known by: the folder, or the only file.
    pub path: RepoPath,
    /// The folders in which imports are looked for, in order.
    pub folders: Vec<ImportFolder>,
    /// The contract's own files.
    pub files: Vec<RepoPath>,
}

impl ImportFolder {
    /// The root of the snapshot.
    pub const ROOT: Self = Self(None);

    /// The folder of this path; an empty path is the root.
    pub fn new(path: &str) -> Self {
        Self(RepoPath::new(path).ok())
    }

    /// Its path; `None` for the root of the snapshot.
    pub fn path(&self) -> Option<&RepoPath> {
        self.0.as_ref()
    }

    /// The path relative to this folder, where it lies in it.
    fn relative<'p>(&self, path: &'p RepoPath) -> Option<&'p str> {
        match &self.0 {
            None => Some(path.as_str()),
            Some(folder) => path.as_str().strip_prefix(folder.as_str())?.strip_prefix('/'),
        }
    }

    fn join(&self, import_path: &str) -> String {
        match &self.0 {
            None => import_path.to_owned(),
            Some(folder) => format!("{folder}/{import_path}"),
        }
    }
}

impl fmt::Display for ImportFolder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_ref().map_or(".", RepoPath::as_str))
    }
}

impl ProtoRoot {
    /// The name by which other files import this one: relative to the innermost import folder.
    pub(super) fn import_path<'p>(&self, path: &'p RepoPath) -> &'p str {
        let relative = self.folders.iter().filter_map(|folder| folder.relative(path));
        relative.min_by_key(|relative| relative.len()).unwrap_or(path.as_str())
    }

    /// Where a file that is imported by this name may lie.
    pub(super) fn candidates(&self, import_path: &str) -> impl Iterator<Item = RepoPath> {
        let paths = self.folders.iter().map(|folder| folder.join(import_path));
        paths.filter_map(|path| RepoPath::new(&path).ok())
    }
}

/// One contract of `files`, with the import folders that their imports show.
///
/// `paths` lists every `.proto` file that may be imported, `read` gives the text of one. Where the
/// imports show nothing, the folder of the file's package counts, else the one it lies in.
pub fn infer_root(
    path: RepoPath,
    files: Vec<RepoPath>,
    paths: &[RepoPath],
    read: impl Fn(&RepoPath) -> Option<String>,
) -> ProtoRoot {
    let folders: BTreeSet<ImportFolder> =
        Inference::new(paths).folders(&files, &read).into_iter().flatten().collect();
    let folders = if folders.is_empty() { vec![common_folder(&files)] } else { ordered(folders) };
    ProtoRoot { path, folders, files }
}

/// The contracts of a whole tree: one for each import folder that has files of its own.
///
/// `paths` lists every `.proto` file, `read` gives the text of one. Each contract's imports are
/// looked for in its own folder first and then in the others'.
pub fn infer_roots(
    paths: &[RepoPath],
    read: impl Fn(&RepoPath) -> Option<String>,
) -> Vec<ProtoRoot> {
    let homes = Inference::new(paths).folders(paths, &read);
    let mut owned: BTreeMap<ImportFolder, Vec<RepoPath>> = BTreeMap::new();
    for (path, home) in paths.iter().zip(homes) {
        let home = home.unwrap_or_else(|| ImportFolder::new(path.folder().unwrap_or("")));
        owned.entry(home).or_default().push(path.clone());
    }
    let all = ordered(owned.keys().cloned().collect());
    let contract = |(own, files): (ImportFolder, Vec<RepoPath>)| {
        let others = all.iter().filter(|folder| **folder != own).cloned();
        let folders = std::iter::once(own.clone()).chain(others).collect();
        let path = own.path().or(common_folder(&files).path()).cloned();
        Some(ProtoRoot { path: path.or_else(|| files.first().cloned())?, folders, files })
    };
    owned.into_iter().filter_map(contract).collect()
}

/// Innermost folders first, so that a file is imported by its shortest name.
fn ordered(folders: BTreeSet<ImportFolder>) -> Vec<ImportFolder> {
    let mut folders: Vec<ImportFolder> = folders.into_iter().collect();
    folders.sort_by_key(|folder| {
        let depth = folder.path().map_or(0, |path| path.as_str().split('/').count());
        std::cmp::Reverse(depth)
    });
    folders
}

struct Inference<'p> {
    known: BTreeSet<&'p str>,
    paths: &'p [RepoPath],
}

impl<'p> Inference<'p> {
    fn new(paths: &'p [RepoPath]) -> Self {
        Self { known: paths.iter().map(RepoPath::as_str).collect(), paths }
    }

    /// For each file the folder that its imports are relative to, as far as anything shows it.
    fn folders(
        &self,
        files: &[RepoPath],
        read: impl Fn(&RepoPath) -> Option<String>,
    ) -> Vec<Option<ImportFolder>> {
        let mut imported: BTreeSet<ImportFolder> = BTreeSet::new();
        let mut stated = Vec::with_capacity(files.len());
        for file in files {
            let text = read(file).unwrap_or_default();
            let mut own = None;
            for import in imports_in(&text).iter().filter(|import| bundled(import).is_none()) {
                if imported.iter().any(|folder| self.has(folder, import)) {
                    continue;
                }
                match self.ancestor_with(file, import) {
                    Some(folder) => {
                        own = own.or(Some(folder.clone()));
                        imported.insert(folder);
                    }
                    None => imported.extend(self.anywhere_with(import)),
                }
            }
            stated.push(own.or_else(|| package_folder(file, &text)));
        }
        let shown = files.iter().map(|file| innermost(&imported, file));
        shown.zip(stated).map(|(shown, stated)| shown.or(stated)).collect()
    }

    /// The nearest folder above `file` from which `import` is a file.
    fn ancestor_with(&self, file: &RepoPath, import: &str) -> Option<ImportFolder> {
        let mut folder = file.folder().unwrap_or("");
        loop {
            let candidate = ImportFolder::new(folder);
            if self.has(&candidate, import) {
                return Some(candidate);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
        }
    }

    /// The first folder of the tree from which `import` is a file.
    fn anywhere_with(&self, import: &str) -> Option<ImportFolder> {
        self.paths.iter().find_map(|path| {
            let folder = path.as_str().strip_suffix(import)?.strip_suffix('/')?;
            Some(ImportFolder::new(folder))
        })
    }

    fn has(&self, folder: &ImportFolder, import: &str) -> bool {
        self.known.contains(folder.join(import).as_str())
    }
}

fn innermost(folders: &BTreeSet<ImportFolder>, file: &RepoPath) -> Option<ImportFolder> {
    let holding = folders.iter().filter(|folder| folder.relative(file).is_some());
    holding.min_by_key(|folder| folder.relative(file).map_or(0, str::len)).cloned()
}

/// The folder above the folders that repeat the file's package.
fn package_folder(file: &RepoPath, text: &str) -> Option<ImportFolder> {
    let package = package_in(text)?.replace('.', "/");
    let above = file.folder()?.strip_suffix(&*package)?;
    if above.is_empty() {
        return Some(ImportFolder::ROOT);
    }
    above.strip_suffix('/').map(ImportFolder::new)
}

/// The package that a text states before it declares anything.
fn package_in(text: &str) -> Option<String> {
    let mut lexer = Lexer::new(text);
    loop {
        let token = lexer.next();
        match (token.kind, token.text) {
            (TokenKind::End, _) | (TokenKind::Symbol, "{") => return None,
            (TokenKind::Word, "package") => break,
            _ => {}
        }
    }
    let mut package = String::new();
    loop {
        let token = lexer.next();
        let belongs = token.kind == TokenKind::Word || token.text == ".";
        if !belongs {
            return Some(package);
        }
        package.push_str(token.text);
    }
}

fn common_folder(files: &[RepoPath]) -> ImportFolder {
    let mut folders = files.iter().map(|file| file.folder().unwrap_or(""));
    let first = folders.next().unwrap_or("");
    let common = folders.fold(first.to_owned(), |common, folder| {
        let pairs = common.split('/').zip(folder.split('/'));
        let shared = pairs.take_while(|(left, right)| left == right);
        shared.map(|(segment, _)| segment).collect::<Vec<&str>>().join("/")
    });
    ImportFolder::new(&common)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: [(&str, &str); 5] = [
        ("proto/acme/v1/a.proto", "package acme.v1; import \"acme/v1/b.proto\";"),
        ("proto/acme/v1/b.proto", "package acme.v1; import \"google/api/http.proto\";"),
        ("third_party/googleapis/google/api/http.proto", "package google.api;"),
        ("other/lonely.proto", "import \"google/protobuf/any.proto\";"),
        ("deep/x/y/z.proto", "package x.y;"),
    ];

    fn tree() -> Vec<RepoPath> {
        TREE.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect()
    }

    fn read(path: &RepoPath) -> Option<String> {
        TREE.iter().find(|(known, _)| *known == path.as_str()).map(|(_, text)| (*text).to_owned())
    }

    #[test]
    fn imports_and_packages_show_the_roots_of_a_tree() {
        let roots = infer_roots(&tree(), read);
        let found: Vec<(&str, usize)> =
            roots.iter().map(|root| (root.path.as_str(), root.files.len())).collect();
        let expected = [("deep", 1), ("other", 1), ("proto", 2), ("third_party/googleapis", 1)];
        assert_eq!(found, expected);
        assert_eq!(roots[2].import_path(&tree()[0]), "acme/v1/a.proto");
        let mut candidates = roots[2].candidates("google/api/http.proto");
        assert!(candidates.any(|path| path.as_str() == TREE[2].0));
    }

    #[test]
    fn a_single_file_finds_what_it_imports_above_itself() {
        let file = tree()[0].clone();
        let root = infer_root(file.clone(), vec![file], &tree(), read);
        assert_eq!(root.folders, [ImportFolder::new("proto")]);
    }

    #[test]
    fn a_tree_at_the_root_of_the_snapshot_needs_no_folder() {
        let file = RepoPath::new("a.proto").unwrap();
        let roots = infer_roots(std::slice::from_ref(&file), |_| Some(String::new()));
        assert_eq!(roots[0].folders, [ImportFolder::ROOT]);
        assert_eq!(roots[0].path, file);
    }
}
