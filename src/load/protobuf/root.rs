//! Where imports begin.

use std::collections::BTreeSet;

use super::tree::imports_in;
use super::wellknown::bundled;
use crate::source::RepoPath;

/// A set of files that is one contract, and the folders that its imports are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtoRoot {
    /// What the contract is known by: the folder, or the only file.
    pub path: RepoPath,
    /// The folders in which imports are looked for, in order; `None` is the root of the snapshot.
    pub folders: Vec<Option<RepoPath>>,
    /// The contract's own files.
    pub files: Vec<RepoPath>,
}

impl ProtoRoot {
    /// The name by which other files import this one: relative to the innermost import folder.
    pub(super) fn import_path<'p>(&self, path: &'p RepoPath) -> &'p str {
        let relative = self.folders.iter().filter_map(|folder| below(path, folder.as_ref()));
        relative.min_by_key(|relative| relative.len()).unwrap_or(path.as_str())
    }

    /// Where a file that is imported by this name may lie.
    pub(super) fn candidates(&self, import_path: &str) -> impl Iterator<Item = RepoPath> {
        self.folders.iter().filter_map(move |folder| match folder {
            Some(folder) => RepoPath::new(&format!("{folder}/{import_path}")).ok(),
            None => RepoPath::new(import_path).ok(),
        })
    }
}

fn below<'p>(path: &'p RepoPath, folder: Option<&RepoPath>) -> Option<&'p str> {
    match folder {
        None => Some(path.as_str()),
        Some(folder) => path.as_str().strip_prefix(folder.as_str())?.strip_prefix('/'),
    }
}

/// The import folders of `files`, found from their imports: each is the folder from which the
/// imported path is a file. Where nothing is imported, the folder that they all lie in.
///
/// `paths` lists every `.proto` file that may be imported, `read` gives the text of one. Every
/// folder of the answer lies at or below the folder that `files` have in common, unless the
/// imports need one above it.
pub fn infer_root(
    path: RepoPath,
    files: Vec<RepoPath>,
    paths: &[RepoPath],
    read: impl Fn(&RepoPath) -> Option<String>,
) -> ProtoRoot {
    let known: BTreeSet<&str> = paths.iter().map(RepoPath::as_str).collect();
    let mut folders: BTreeSet<Option<RepoPath>> = BTreeSet::new();
    let mut unresolved = false;
    for file in &files {
        let text = read(file).unwrap_or_default();
        for import in imports_in(&text).iter().filter(|import| bundled(import).is_none()) {
            let resolved = folders.iter().any(|folder| is_file(&known, folder.as_ref(), import));
            if resolved {
                continue;
            }
            match ancestor_with(&known, file, import).or_else(|| anywhere_with(paths, import)) {
                Some(folder) => _ = folders.insert(folder),
                None => unresolved = true,
            }
        }
    }
    if folders.is_empty() || unresolved {
        folders.insert(common_folder(&files));
    }
    ProtoRoot { path, folders: folders.into_iter().collect(), files }
}

/// The nearest folder above `file` from which `import` is a file.
fn ancestor_with(
    known: &BTreeSet<&str>,
    file: &RepoPath,
    import: &str,
) -> Option<Option<RepoPath>> {
    let folders = std::iter::successors(Some(file.folder()), |folder| {
        folder.map(|inner| inner.rsplit_once('/').map(|(outer, _)| outer))
    });
    let mut folders = folders.map(|folder| folder.and_then(|folder| RepoPath::new(folder).ok()));
    folders.find(|folder| is_file(known, folder.as_ref(), import))
}

/// The first folder of the tree from which `import` is a file.
fn anywhere_with(paths: &[RepoPath], import: &str) -> Option<Option<RepoPath>> {
    paths.iter().find_map(|path| {
        let folder = path.as_str().strip_suffix(import)?.strip_suffix('/')?;
        Some(RepoPath::new(folder).ok())
    })
}

fn is_file(known: &BTreeSet<&str>, folder: Option<&RepoPath>, import: &str) -> bool {
    match folder {
        None => known.contains(import),
        Some(folder) => known.contains(format!("{folder}/{import}").as_str()),
    }
}

fn common_folder(files: &[RepoPath]) -> Option<RepoPath> {
    let mut folders = files.iter().map(|file| file.folder().unwrap_or(""));
    let first = folders.next()?;
    let common = folders.fold(first.to_owned(), |common, folder| {
        let shared =
            common.split('/').zip(folder.split('/')).take_while(|(left, right)| left == right);
        shared.map(|(segment, _)| segment).collect::<Vec<&str>>().join("/")
    });
    RepoPath::new(&common).ok()
}
