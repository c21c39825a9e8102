//! Where git looks for hooks.

use std::path::PathBuf;

use super::{Repository, SourceError};

/// The folder of a repository's hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HooksFolder {
    /// Where it is; it need not exist.
    pub path: PathBuf,
    /// Who uses it.
    pub reach: Reach,
}

/// Whose hooks a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This repository's, with all its linked work trees.
    Repository,
    /// Those of every repository that is configured alike.
    Shared,
}

impl Repository {
    /// Where git looks for hooks here: `core.hooksPath`, relative to the work tree, else `hooks` beside
    /// the objects that all linked work trees share (githooks(5)).
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn hooks_folder(&self) -> Result<HooksFolder, SourceError> {
        let unreadable = |error: &git2::Error| SourceError::git("read core.hooksPath", error);
        let config = self.git.config().map_err(|error| unreadable(&error))?;
        let common = self.git.commondir();
        let configured = match config.get_path("core.hooksPath") {
            Ok(path) => path,
            Err(error) if error.code() == git2::ErrorCode::NotFound => {
                return Ok(HooksFolder { path: common.join("hooks"), reach: Reach::Repository });
            }
            Err(error) => return Err(unreadable(&error)),
        };
        let home = self.git.workdir().unwrap_or(common);
        let path = home.join(configured);
        let own = path.starts_with(home) || path.starts_with(common);
        Ok(HooksFolder { path, reach: if own { Reach::Repository } else { Reach::Shared } })
    }
}
