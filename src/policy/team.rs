//! What a team has written down: its config and its acceptances, at one state of the repository.

use super::acceptance::AcceptedFile;
use super::config::{CONFIG_PATH, ConfigError, ConfigFile, MISNAMED};
use crate::source::{ContentId, Files, RepoPath, Snapshot, SourceError};

/// What a team has written down. Spans are of `files`.
#[derive(Debug, Default)]
pub struct Team {
    /// Where the config lies; there may be none.
    pub path: Option<RepoPath>,
    /// The config.
    pub config: ConfigFile,
    /// The acceptances.
    pub accepted: AcceptedFile,
    /// The texts of both.
    pub files: Files,
    /// What the texts are, so that two states are told apart without reading on.
    pub contents: Vec<ContentId>,
}

/// Why it cannot be known what a team has written down.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// A file says what it must not.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl Team {
    /// Reads what a snapshot holds. Where there is no config everything is as by default.
    ///
    /// # Errors
    /// When a file cannot be read or says what it must not.
    pub fn of(snapshot: &dyn Snapshot) -> Result<Self, TeamError> {
        let Ok(path) = RepoPath::new(CONFIG_PATH) else { return Ok(Self::default()) };
        if let Some(bytes) = snapshot.read(&path)? {
            return Self::with_config(snapshot, path, &bytes);
        }
        for name in MISNAMED {
            let Ok(path) = RepoPath::new(name) else { continue };
            if snapshot.content_id(&path)?.is_some() {
                let message = format!("the config is called {CONFIG_PATH}: rename this file");
                let path = name.to_owned();
                let error = ConfigError { path, position: None, message, others: Vec::new() };
                return Err(error.into());
            }
        }
        let mut team = Self::default();
        team.accept(snapshot)?;
        Ok(team)
    }

    /// The same with these bytes for the config, wherever they come from.
    ///
    /// # Errors
    /// When a file cannot be read or says what it must not.
    pub fn with_config(
        snapshot: &dyn Snapshot,
        path: RepoPath,
        bytes: &[u8],
    ) -> Result<Self, TeamError> {
        let mut files = Files::default();
        let config = ConfigFile::parse(&mut files, &path, bytes)?;
        let contents = vec![ContentId::of(bytes)?];
        let accepted = AcceptedFile::default();
        let mut team = Self { path: Some(path), config, accepted, files, contents };
        team.accept(snapshot)?;
        Ok(team)
    }

    fn accept(&mut self, snapshot: &dyn Snapshot) -> Result<(), TeamError> {
        let Ok(path) = RepoPath::new(self.config.config.accept_path()) else { return Ok(()) };
        if let Some(bytes) = snapshot.read(&path)? {
            self.accepted = AcceptedFile::parse(&mut self.files, &path, &bytes)?;
            self.contents.push(ContentId::of(&bytes)?);
        }
        Ok(())
    }
}
