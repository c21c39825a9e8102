//! A snapshot whose references may lead to files outside of it, because the user said so.

use std::path::PathBuf;

use super::disk::DiskFolder;
use super::{ContentId, History, Label, Listing, RepoPath, Snapshot, SourceError};

/// A snapshot and the disk around it. What lies outside has no history: it is read as it is today,
/// whichever revision refers to it.
pub struct Beyond<'s> {
    inside: &'s mut dyn Snapshot,
    folder: Option<PathBuf>,
}

impl<'s> Beyond<'s> {
    /// The snapshot, with the files around the folder that it was taken of.
    pub fn new(inside: &'s mut dyn Snapshot) -> Self {
        let folder = inside.folder();
        Self { inside, folder }
    }
}

impl Snapshot for Beyond<'_> {
    fn label(&self) -> &Label {
        self.inside.label()
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
        let climbs = path.climbs();
        if climbs == 0 {
            return self.inside.read(path);
        }
        let above = self.folder.as_ref().and_then(|folder| folder.ancestors().nth(climbs));
        let Some(above) = above else { return Ok(None) };
        let below = path.as_str().get(climbs * "../".len()..).unwrap_or_default();
        DiskFolder::new(above.to_owned()).read(below)
    }

    fn link(&self, path: &RepoPath) -> Result<Option<String>, SourceError> {
        if path.climbs() == 0 { self.inside.link(path) } else { Ok(None) }
    }

    fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
        self.inside.paths()
    }

    fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
        self.inside.content_id(path)
    }

    fn listing(&self) -> Result<Listing, SourceError> {
        self.inside.listing()
    }

    fn history(&self) -> Option<Box<dyn History>> {
        self.inside.history()
    }

    fn folder(&self) -> Option<PathBuf> {
        self.folder.clone()
    }

    fn reaches_beyond(&self) -> bool {
        self.folder.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Directory;

    #[test]
    fn files_around_the_folder_are_read_and_links_are_not() {
        let place = tempfile::tempdir().unwrap();
        let inner = place.path().join("api");
        std::fs::create_dir_all(place.path().join("shared")).unwrap();
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(place.path().join("shared/a.json"), "{}").unwrap();
        std::fs::write(inner.join("b.json"), "[]").unwrap();
        let mut directory = Directory::open(&inner, "api").unwrap();
        let file = RepoPath::new("b.json").unwrap();
        let outside = file.beyond("../shared/a.json").unwrap();
        assert!(directory.read(&outside).unwrap().is_none());
        assert!(!directory.reaches_beyond());
        let beyond = Beyond::new(&mut directory);
        assert_eq!(beyond.read(&outside).unwrap().unwrap(), b"{}");
        assert_eq!(beyond.read(&file).unwrap().unwrap(), b"[]");
        let far = file.beyond(&"../".repeat(500)).is_err();
        assert!(far);
        let above_all = file.beyond(&format!("{}x.json", "../".repeat(500))).unwrap();
        assert!(beyond.read(&above_all).unwrap().is_none());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("shared/a.json", place.path().join("link.json")).unwrap();
            let link = file.beyond("../link.json").unwrap();
            assert!(matches!(beyond.read(&link), Err(SourceError::SymbolicLink { .. })));
        }
    }
}
