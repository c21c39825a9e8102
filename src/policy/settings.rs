//! What holds for one contract, all that covers it taken together.

use super::config::{
    Config, ContentModelWord, ContractEntry, FormatsWord, KindWord, ModeWord, PackWord,
    ReadersWord, StabilityWord, SurfaceWord,
};
use crate::model::{Surface, Surfaces};
use crate::source::{LeftOut, Named, Selection};

/// What the config says of one contract. What it leaves open is decided by the contract's format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractSettings {
    /// Who owns it.
    pub owner: Option<String>,
    /// Which standalone payloads must be readable by whom.
    pub mode: Option<ModeWord>,
    /// The surfaces that count.
    pub surfaces: Option<Vec<SurfaceWord>>,
    /// How settled it is.
    pub stability: Option<StabilityWord>,
    /// What readers do with values that they do not know.
    pub readers: Option<ReadersWord>,
    /// What is assumed of the names that writers send.
    pub content_model: Option<ContentModelWord>,
    /// Whether known formats constrain values.
    pub formats: Option<FormatsWord>,
    /// Whether readers of JSON refuse names that they do not know.
    pub json_readers: Option<ReadersWord>,
    /// Whose options mean more than a note.
    pub packs: Option<Vec<PackWord>>,
}

impl Config {
    /// What holds for the contract of this path and these files. An entry covers a contract where
    /// it covers its path or each of its files.
    pub fn settings_of(&self, path: &str, files: &[&str]) -> ContractSettings {
        let covering = self.contracts.iter().filter(|entry| entry.covers(path, files));
        covering.fold(ContractSettings::default(), ContractSettings::overlaid)
    }

    /// What it says of files by their paths.
    pub fn selection(&self) -> Selection {
        let named = self.contracts.iter().map(|entry| Named {
            paths: entry.paths.clone(),
            kind: entry.kind.map(|KindWord(kind)| kind),
        });
        let (named, ignored) = (named.collect(), self.ignore.clone());
        let import_roots = self.import_roots.clone();
        Selection { named, ignored, import_roots, left_out: LeftOut::Compared }
    }
}

impl ContractEntry {
    /// Whether it covers the contract of this path: the path itself, or each of these files.
    pub fn covers(&self, path: &str, files: &[&str]) -> bool {
        let covers = |path: &str| self.paths.iter().any(|pattern| pattern.covers(path));
        covers(path) || !files.is_empty() && files.iter().all(|file| covers(file))
    }
}

impl ContractSettings {
    /// The same, with what the entry says in the place of what was known.
    #[must_use]
    pub fn overlaid(self, entry: &ContractEntry) -> Self {
        let ContractEntry {
            paths: _,
            kind: _,
            owner,
            mode,
            surfaces,
            stability,
            readers,
            content_model,
            formats,
            json_readers,
            packs,
        } = entry;
        Self {
            owner: owner.clone().or(self.owner),
            mode: mode.or(self.mode),
            surfaces: surfaces.clone().or(self.surfaces),
            stability: stability.or(self.stability),
            readers: readers.or(self.readers),
            content_model: content_model.or(self.content_model),
            formats: formats.or(self.formats),
            json_readers: json_readers.or(self.json_readers),
            packs: packs.clone().or(self.packs),
        }
    }
}

/// The surfaces that a list names.
pub fn named_surfaces(words: &[SurfaceWord]) -> Surfaces<bool> {
    let has = |surface| words.iter().any(|word| Surface::from(*word) == surface);
    Surfaces { wire: has(Surface::Wire), json: has(Surface::Json), source: has(Surface::Source) }
}

#[cfg(test)]
mod tests {
    use super::super::config::{CONFIG_PATH, ConfigFile};
    use super::*;
    use crate::source::{Files, RepoPath};

    #[test]
    fn later_entries_win_key_by_key() {
        let text = "contracts:\n  - {paths: ['**'], mode: full, owner: '@all'}\n  - {paths: [api], mode: \
                    backward}\n  - {paths: [proto/a], readers: tolerant}\n";
        let path = RepoPath::new(CONFIG_PATH).unwrap();
        let file = ConfigFile::parse(&mut Files::default(), &path, text.as_bytes()).unwrap();
        let settings = file.config.settings_of("api/a.yaml", &["api/a.yaml"]);
        assert_eq!(settings.mode, Some(ModeWord::Backward));
        assert_eq!(settings.owner.as_deref(), Some("@all"));
        assert_eq!(settings.readers, None);
        let some = file.config.settings_of("proto", &["proto/a/x.proto", "proto/b/y.proto"]);
        assert_eq!(some.readers, None, "an entry for some of the files is none for the contract");
        let all = file.config.settings_of("proto", &["proto/a/x.proto", "proto/a/y.proto"]);
        assert_eq!(all.readers, Some(ReadersWord::Tolerant));
    }
}
