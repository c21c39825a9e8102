//! What a word on the command line names: a file, a folder, `REVISION:PATH`, standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::base::History;
use super::git_tree::{MAX_BYTES, TreeKind};
use super::{
    Directory, Environment, GitIndex, GitTree, InvalidPath, MemorySnapshot, RepoPath, Repository,
    Snapshot, SourceError,
};

/// One side of `diff`.
pub struct Operand {
    /// Its files.
    pub snapshot: Box<dyn Snapshot>,
    /// The file that was named; `None` for a folder.
    pub file: Option<RepoPath>,
    /// The work tree of the repository, where the file is one of a commit or of the index.
    pub(super) top: Option<PathBuf>,
    /// The file on disk.
    on_disk: Option<PathBuf>,
}

impl Operand {
    fn folder(snapshot: Box<dyn Snapshot>) -> Self {
        Self { snapshot, file: None, top: None, on_disk: None }
    }

    fn file(snapshot: Box<dyn Snapshot>, file: RepoPath) -> Self {
        Self { snapshot, file: Some(file), top: None, on_disk: None }
    }

    /// Beside a file of a commit, one that lies in its work tree has the same name and the same
    /// neighbours.
    ///
    /// # Errors
    /// When the work tree is gone.
    pub(super) fn see_from(&mut self, top: Option<PathBuf>) -> Result<(), SourceError> {
        let (Some(top), Some(file)) = (top, &self.on_disk) else { return Ok(()) };
        let name = self.snapshot.label().name.clone();
        if let Some(inside) = Directory::of_file_in(&top, file, &name)? {
            self.file = inside.file().cloned();
            self.snapshot = Box::new(inside);
        }
        Ok(())
    }
}

/// Opens what the word names. What exists on disk wins over `REVISION:PATH`; `-` is standard input;
/// `:PATH` is the index.
///
/// # Errors
/// When it names nothing, or what it names cannot be read.
pub fn open_operand(
    text: &str,
    folder: &Path,
    environment: &Environment,
) -> Result<Operand, SourceError> {
    if text == "-" {
        return pipe("standard input", std::io::stdin().lock());
    }
    let path = folder.join(text);
    match std::fs::metadata(&path) {
        Ok(found) if found.is_dir() => Ok(Operand::folder(Box::new(Directory::open(&path, text)?))),
        Ok(found) if found.is_file() => {
            let snapshot = Directory::of_file(&path, text)?;
            let file = snapshot.file().cloned();
            Ok(Operand { snapshot: Box::new(snapshot), file, top: None, on_disk: Some(path) })
        }
        // A pipe, as shells make for `<(…)`: it can be read once and has no folder.
        Ok(_) => match std::fs::File::open(&path) {
            Ok(file) => pipe(text, file),
            Err(error) => Err(SourceError::disk(text, &error)),
        },
        Err(_) => match text.split_once(':') {
            Some((revision, path)) => of_revision(text, revision, path, folder, environment),
            None => Err(SourceError::NoSuchOperand { operand: text.to_owned() }),
        },
    }
}

fn pipe(name: &str, input: impl Read) -> Result<Operand, SourceError> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| SourceError::disk(name, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(SourceError::TooLarge { path: name.to_owned(), limit: MAX_BYTES });
    }
    let file = RepoPath::new("stdin").map_err(|error| SourceError::Unreadable {
        path: name.to_owned(),
        reason: error.to_string(),
    })?;
    let snapshot = MemorySnapshot::new(name, [(file.clone(), bytes)]);
    Ok(Operand::file(Box::new(snapshot), file))
}

fn of_revision(
    text: &str,
    revision: &str,
    path: &str,
    folder: &Path,
    environment: &Environment,
) -> Result<Operand, SourceError> {
    let nothing = || SourceError::NoSuchOperand { operand: text.to_owned() };
    let repository = Repository::open(folder, environment).map_err(|error| {
        if matches!(error, SourceError::NoRepository { .. }) { nothing() } else { error }
    })?;
    let path = from_top(&repository, folder, path).ok_or_else(nothing)?;
    let top = repository.work_folder().ok().map(Path::to_owned);
    let of_file = |snapshot, file| Operand { top, ..Operand::file(snapshot, file) };
    if revision.is_empty() {
        let index = GitIndex::open(repository)?;
        let file = RepoPath::new(&path).map_err(|_| nothing())?;
        index.content_id(&file)?.ok_or_else(nothing)?;
        return Ok(of_file(Box::new(index), file));
    }
    let commit = History { repository: &repository }.commit(revision)?;
    let tree = GitTree::of_commit(repository, commit, text.to_owned())?;
    let inside = match RepoPath::new(&path) {
        Ok(inside) => inside,
        Err(InvalidPath::Empty) => return Ok(Operand::folder(Box::new(tree))),
        // As git has it: no file of a commit has a path that begins with a slash.
        Err(InvalidPath::Outside) => return Err(nothing()),
    };
    match tree.kind(&inside)? {
        Some(TreeKind::File) => Ok(of_file(Box::new(tree), inside)),
        Some(TreeKind::Folder) => Ok(Operand::folder(Box::new(tree.narrowed(&inside)?))),
        None => Err(nothing()),
    }
}

/// As git reads it: `./` and `../` are relative to where we run, all else to the top.
fn from_top(repository: &Repository, folder: &Path, path: &str) -> Option<String> {
    if !(path.starts_with("./") || path.starts_with("../")) {
        return Some(path.to_owned());
    }
    let top = repository.work_folder().ok()?.canonicalize().ok()?;
    let here = folder.canonicalize().ok()?;
    let inside = here.strip_prefix(top).ok()?;
    let segments: Vec<&str> = inside.iter().map(std::ffi::OsStr::to_str).collect::<Option<_>>()?;
    Some(format!("{}/{path}", segments.join("/")).trim_start_matches('/').to_owned())
}
