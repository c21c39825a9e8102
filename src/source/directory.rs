//! Plain folders and files, for comparisons without git.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::changes::spelt;
use super::disk::DiskFolder;
use super::git_tree::MAX_FILES;
use super::snapshot::is_candidate_name;
use super::{ContentId, Label, RepoPath, Snapshot, SourceError};

/// A folder on disk, or one file and whatever its folder holds for it to refer to.
pub struct Directory {
    disk: DiskFolder,
    label: Label,
    only: Option<RepoPath>,
    /// What the listing left out, as the shell spells it.
    nameless: RefCell<BTreeSet<String>>,
}

impl Directory {
    /// Every file below the folder that its own `.gitignore` files do not exclude.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(folder: &Path, name: &str) -> Result<Self, SourceError> {
        let disk = DiskFolder::new(canonical(folder, name)?);
        Ok(Self { disk, label: Label::named(name), only: None, nameless: RefCell::default() })
    }

    /// One file. It may refer to files beside and below it, never to one above its folder.
    ///
    /// # Errors
    /// When there is no such file, or its name is not UTF-8.
    pub fn of_file(file: &Path, name: &str) -> Result<Self, SourceError> {
        let file = canonical(file, name)?;
        let only = file.file_name().and_then(|name| RepoPath::new(name.to_str()?).ok());
        let (Some(only), Some(folder)) = (only, file.parent()) else {
            return Err(SourceError::NotUtf8 { path: name.to_owned() });
        };
        let disk = DiskFolder::new(folder.to_owned());
        Ok(Self { disk, label: Label::named(name), only: Some(only), nameless: RefCell::default() })
    }

    /// One file of a work tree, by its path there; it may refer to whatever is in the work tree. `None` where it
    /// lies elsewhere.
    ///
    /// # Errors
    /// When either is gone.
    pub(super) fn of_file_in(
        top: &Path,
        file: &Path,
        name: &str,
    ) -> Result<Option<Self>, SourceError> {
        let (top, file) = (canonical(top, name)?, canonical(file, name)?);
        let Below::Named(only) = path_below(&top, &file) else { return Ok(None) };
        let disk = DiskFolder::new(top);
        let label = Label::named(name);
        Ok(Some(Self { disk, label, only: Some(only), nameless: RefCell::default() }))
    }

    /// The file that was named, if it was a file.
    pub fn file(&self) -> Option<&RepoPath> {
        self.only.as_ref()
    }
}

/// A link that the user names is followed: it is the user who points there.
fn canonical(path: &Path, name: &str) -> Result<PathBuf, SourceError> {
    path.canonicalize().map_err(|error| SourceError::disk(name, &error))
}

impl Snapshot for Directory {
    fn label(&self) -> &Label {
        &self.label
    }

    fn folder(&self) -> Option<PathBuf> {
        Some(self.disk.root().to_owned())
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        self.disk.read(path.as_str())
    }

    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        self.disk.content_id(path.as_str())
    }

    fn link(&self, path: &RepoPath) -> Result<Option<String>, SourceError> {
        Ok(self.disk.link(path.as_str()))
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        if let Some(file) = &self.only {
            return Ok(vec![file.clone()]);
        }
        let mut walk = WalkBuilder::new(self.disk.root());
        walk.standard_filters(false).git_ignore(true).require_git(false).parents(false);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        let mut paths = Vec::new();
        for entry in walk.build() {
            let entry = entry.map_err(|error| unreadable(&self.label.name, &error))?;
            if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                continue;
            }
            match path_below(self.disk.root(), entry.path()) {
                Below::Named(path) => paths.push(path),
                Below::Nameless(path) => {
                    self.nameless.borrow_mut().insert(path);
                }
                Below::NoMatter => {}
            }
            if paths.len() > MAX_FILES {
                return Err(SourceError::TooManyFiles { limit: MAX_FILES });
            }
        }
        paths.sort_unstable();
        Ok(paths)
    }

    fn nameless(&self) -> Vec<String> {
        self.nameless.borrow().iter().cloned().collect()
    }
}

/// A walked file inside a folder.
enum Below {
    Named(RepoPath),
    /// It could be a contract, and its name is not UTF-8.
    Nameless(String),
    NoMatter,
}

fn path_below(root: &Path, file: &Path) -> Below {
    let Ok(inside) = file.strip_prefix(root) else { return Below::NoMatter };
    let bytes = inside.as_os_str().as_encoded_bytes();
    let segments: Option<Vec<&str>> = inside.iter().map(std::ffi::OsStr::to_str).collect();
    match segments.map(|segments| RepoPath::new(&segments.join("/"))) {
        Some(Ok(path)) => Below::Named(path),
        None if is_candidate_name(bytes) => Below::Nameless(spelt(bytes)),
        Some(Err(_)) | None => Below::NoMatter,
    }
}

/// A walk that stumbled.
pub(super) fn unreadable(name: &str, error: &ignore::Error) -> SourceError {
    SourceError::Unreadable { path: name.to_owned(), reason: error.to_string() }
}
