//! Opening a repository, and saying why it cannot be opened.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, RepositoryOpenFlags};

use super::error::shell_word;
use super::work_tree::native;
use super::{Environment, SourceError};

/// An open repository. Nothing here writes to it, moves a ref or talks to a remote.
///
/// A handle is good for one thread; [`Repository::reopen`] makes another and costs next to nothing.
pub struct Repository {
    pub(super) git: git2::Repository,
    place: Place,
}

/// Where a repository was found, so that it can be found again, on another thread too.
#[derive(Clone)]
pub(super) struct Place {
    folder: PathBuf,
    environment: Environment,
}

impl Place {
    /// A handle on the repository that was found here.
    ///
    /// # Errors
    /// When it has gone since.
    pub(super) fn open(&self) -> Result<Repository, SourceError> {
        Repository::open(&self.folder, &self.environment)
    }
}

impl Repository {
    /// Opens the repository that holds `folder`, or the one that the environment names: hooks run
    /// with `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` set, and another index than theirs is
    /// the wrong one. Relative paths there are relative to `folder`, as git's are to where it runs.
    ///
    /// # Errors
    /// When there is none, or git's library refuses it.
    pub fn open(folder: &Path, environment: &Environment) -> Result<Self, SourceError> {
        let git = match environment.path("GIT_DIR") {
            Some(git_dir) => open_exactly(&folder.join(git_dir), folder, environment)?,
            None => discover(folder, environment)?,
        };
        if let Some(work_tree) = environment.path("GIT_WORK_TREE") {
            set_work_tree(&git, &folder.join(work_tree))?;
        }
        borrow_objects(&git, folder, environment)?;
        let place = Place { folder: folder.to_owned(), environment: environment.clone() };
        Ok(Self { git, place })
    }

    /// Another handle on the same repository.
    ///
    /// # Errors
    /// When it has gone since.
    pub fn reopen(&self) -> Result<Self, SourceError> {
        self.place.open()
    }

    /// Where to open another handle.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether git ignores the path; those of folders end in a slash.
    ///
    /// # Errors
    /// When the rules cannot be read.
    pub(super) fn is_ignored(&self, path: &[u8]) -> Result<bool, SourceError> {
        let native = native(path);
        self.git.is_path_ignored(&native).map_err(|error| {
            let path = native.display();
            SourceError::git(format!("tell whether {path} is ignored"), &error)
        })
    }

    /// The folder whose files the index tracks.
    ///
    /// # Errors
    /// When the repository is bare.
    pub fn work_folder(&self) -> Result<&Path, SourceError> {
        self.git.workdir().ok_or_else(|| SourceError::Bare { folder: self.name() })
    }

    /// The environment that the program runs in.
    pub(super) fn environment(&self) -> &Environment {
        &self.place.environment
    }

    /// The file that holds the index.
    pub(super) fn index_path(&self) -> PathBuf {
        match self.place.environment.path("GIT_INDEX_FILE") {
            Some(path) => self.start().join(path),
            None => self.git.path().join("index"),
        }
    }

    /// Where git runs: it goes to the top of the work tree before it looks at a relative path, and stays
    /// where it is outside of one.
    fn start(&self) -> &Path {
        let folder = &self.place.folder;
        let here = folder.canonicalize();
        let is_inside = |top: &&Path| here.as_ref().is_ok_and(|here| here.starts_with(top));
        let top = self.git.workdir().and_then(|top| Some((top, top.canonicalize().ok()?)));
        let top = top.filter(|(_, path)| is_inside(&path.as_path()));
        top.map_or(folder, |(top, _)| top)
    }

    /// What to call the repository in a message.
    pub(super) fn name(&self) -> String {
        self.git.workdir().unwrap_or_else(|| self.git.path()).display().to_string()
    }
}

fn discover(folder: &Path, environment: &Environment) -> Result<git2::Repository, SourceError> {
    let ceilings = environment.path_list("GIT_CEILING_DIRECTORIES");
    git2::Repository::open_ext(folder, RepositoryOpenFlags::CROSS_FS, ceilings)
        .map_err(|error| refusal(folder, environment, &error))
}

/// Opens what `GIT_DIR` names. Without `GIT_WORK_TREE` and `core.worktree`, git takes the folder
/// in which it runs for the work tree.
fn open_exactly(
    git_dir: &Path,
    folder: &Path,
    environment: &Environment,
) -> Result<git2::Repository, SourceError> {
    let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT;
    let git = git2::Repository::open_ext(git_dir, flags, std::iter::empty::<&Path>())
        .map_err(|error| refusal(git_dir, environment, &error))?;
    let configured = git.config().and_then(|config| config.get_path("core.worktree")).is_ok();
    if !git.is_bare() && !configured && environment.path("GIT_WORK_TREE").is_none() {
        set_work_tree(&git, folder)?;
    }
    Ok(git)
}

/// Only this handle learns of it; nothing is written.
fn set_work_tree(git: &git2::Repository, folder: &Path) -> Result<(), SourceError> {
    git.set_workdir(folder, false)
        .map_err(|error| SourceError::git(format!("use {} as work tree", folder.display()), &error))
}

/// Hooks on a server see pushed objects in quarantine only through these variables.
fn borrow_objects(
    git: &git2::Repository,
    folder: &Path,
    environment: &Environment,
) -> Result<(), SourceError> {
    let mut stores = environment.path_list("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    stores.extend(environment.path("GIT_OBJECT_DIRECTORY"));
    for store in stores {
        let path = folder.join(store);
        let Some(name) = path.to_str() else { continue };
        git.odb()
            .and_then(|objects| objects.add_disk_alternate(name))
            .map_err(|error| SourceError::git(format!("read objects from {name}"), &error))?;
    }
    Ok(())
}

/// The library's refusals, told apart by code where it has one and by its words where not.
fn refusal(place: &Path, environment: &Environment, error: &git2::Error) -> SourceError {
    let folder = place.display().to_string();
    let message = error.message();
    if error.code() == ErrorCode::Owner {
        let folder = shell_word(&owned_folder(place, message));
        // The library looks into the home alone, whatever git is told.
        let elsewhere = environment.path("GIT_CONFIG_GLOBAL").is_some();
        let config = if elsewhere { "--file ~/.gitconfig" } else { "--global" };
        return SourceError::ForeignOwner { folder, config };
    }
    if error.code() == ErrorCode::NotFound {
        return SourceError::NoRepository { folder };
    }
    if message.contains("object format") {
        return SourceError::Sha256 { folder };
    }
    match message.split_once("unsupported extension name ") {
        Some((_, name)) if name.contains("refstorage") => SourceError::Reftable { folder },
        Some((_, name)) => {
            let partial = name.eq_ignore_ascii_case("extensions.partialclone");
            let mend = if partial { PARTIAL_CLONE } else { "" };
            SourceError::Extension { folder, name: name.trim().to_owned(), mend }
        }
        None => SourceError::git(format!("open {folder}"), error),
    }
}

const PARTIAL_CLONE: &str = "; run `git config --unset extensions.partialClone` \
     (git finds the promisor remote by remote.origin.promisor)";

/// The folder that git wants listed as safe: the one that the library names, in quotes.
fn owned_folder(place: &Path, message: &str) -> String {
    let quoted = message.split('\'').nth(1).map(|path| path.trim_end_matches('/'));
    quoted.map_or_else(
        || place.display().to_string(),
        |path| path.strip_suffix("/.git").unwrap_or(path).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use git2::{Error, ErrorClass};

    #[test]
    fn each_refusal_says_what_to_do() {
        let generic =
            |message: &str| Error::new(ErrorCode::GenericError, ErrorClass::Repository, message);
        let place = Path::new("/srv/a b");
        let told = |error: &Error| refusal(place, &Environment::default(), error).to_string();
        assert!(told(&generic("unknown object format 'sha256'")).contains("SHA-256"));
        let reftable = generic("unsupported extension name extensions.refstorage");
        assert!(told(&reftable).contains("git refs migrate --ref-format=files"));
        let partial = generic("unsupported extension name extensions.partialclone");
        assert!(told(&partial).contains("git config --unset extensions.partialClone"));
        let owner = Error::new(
            ErrorCode::Owner,
            ErrorClass::Config,
            "repository path '/srv/a b/' is not owned by current user",
        );
        assert!(told(&owner).ends_with("config --global --add safe.directory '/srv/a b'`"));
        let elsewhere: Environment = [("GIT_CONFIG_GLOBAL", "/dev/null")].into_iter().collect();
        let told = refusal(place, &elsewhere, &owner).to_string();
        assert!(told.contains("git config --file ~/.gitconfig --add safe.directory"), "{told}");
    }
}
