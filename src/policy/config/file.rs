//! The file that holds a config, and what is wrong with one.

use std::fmt;
use std::sync::Arc;

use super::read::read_all;
use super::{Config, Misfit, ModeWord, Supported};
use crate::document::{Decoded, Document, Limits, NodeId, Pointer, decode, parse_text};
use crate::source::{Files, Position, RepoPath, Span};

/// Where the config of a repository is.
pub const CONFIG_PATH: &str = "unbroken.yaml";

/// Names that people may take for it; a file so called would be ignored without a word.
pub const MISNAMED: [&str; 4] =
    ["unbroken.yml", ".unbroken.yaml", ".unbroken.yml", "unbroken.json"];

/// A config with the tree that it was read from.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// What it says.
    pub config: Config,
    /// The tree of the text; `None` where nothing is said and everything is as by default.
    pub document: Option<Document>,
}

/// What is wrong with a file that says what the team minds: `unbroken.yaml:3:5: unknown key …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// Where.
    pub position: Option<Position>,
    /// What is wrong and what to do.
    pub message: String,
    /// What else is wrong with the file.
    pub others: Vec<ConfigError>,
}

impl ConfigError {
    /// Each thing that is wrong, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, position, message, others: _ } = self;
        match position {
            Some(Position { line, column }) => write!(out, "{path}:{line}:{column}: {message}"),
            None => write!(out, "{path}: {message}"),
        }
    }
}

impl ConfigFile {
    /// Reads the bytes of a config. Nothing else is looked at.
    ///
    /// # Errors
    /// When it is no YAML, or says what no config can say.
    pub fn parse(files: &mut Files, path: &RepoPath, bytes: &[u8]) -> Result<Self, ConfigError> {
        let Some(document) = tree(files, path, bytes)? else { return Ok(Self::default()) };
        let read = read_all(&document, document.root());
        let config = read.and_then(|config| check(config, &document).map_err(|one| vec![one]));
        let config = config.map_err(|wrong| located(wrong, files, path))?;
        Ok(Self { config, document: Some(document) })
    }

    /// What is wrong where nobody names bases: a transitive mode asks about versions that are in use,
    /// and the config names none.
    pub fn without_bases(&self, files: &Files, path: &RepoPath) -> Option<ConfigError> {
        let Config { contracts, supported, import_roots: _, ignore: _, policy: _, accept: _ } =
            &self.config;
        let is_transitive = |mode: Option<ModeWord>| mode.is_some_and(ModeWord::is_transitive);
        let index = contracts.iter().position(|entry| is_transitive(entry.mode))?;
        let message = "a transitive mode asks about supported versions, and `supported` names none: \
                       name some there, or each with `--base`";
        let span = self.span(&format!("/contracts/{index}/mode"));
        let misfit = Misfit { message: message.to_owned(), span };
        supported.is_empty().then(|| misfit.located(files, path))
    }

    /// Where the pointer leads in the file, if it is there.
    pub fn span(&self, pointer: &str) -> Option<Span> {
        let document = self.document.as_ref()?;
        let node = document.at(&Pointer::parse(pointer).ok()?)?;
        Some(document.span(node))
    }
}

/// The tree of a text of ours, which is kept among `files`; `None` where it says nothing.
pub(in crate::policy) fn tree(
    files: &mut Files,
    path: &RepoPath,
    bytes: &[u8],
) -> Result<Option<Document>, ConfigError> {
    let limits = Limits::default();
    let Decoded { text, fault } = decode(bytes, &limits);
    let id = files.add(path.clone(), Arc::clone(&text));
    let says_nothing = |line: &str| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line == "---"
    };
    if fault.is_none() && text.lines().all(says_nothing) {
        return Ok(None);
    }
    let parsed = match fault {
        Some(fault) => Err(fault.in_file(id)),
        None => parse_text(id, path, &text, &limits),
    };
    match parsed {
        Ok(parsed) => Ok(Some(parsed.document)),
        Err(error) => {
            let misfit = Misfit { message: error.message, span: Some(error.span) };
            Err(misfit.located(files, path))
        }
    }
}

/// All that is wrong, in the order of the file.
fn located(mut wrong: Vec<Misfit>, files: &Files, path: &RepoPath) -> ConfigError {
    wrong.sort_by_key(|misfit| misfit.span);
    let mut errors = wrong.into_iter().map(|misfit| misfit.located(files, path));
    let first = errors.next();
    let others = errors.collect();
    match first {
        Some(first) => ConfigError { others, ..first },
        None => ConfigError {
            path: path.as_str().to_owned(),
            position: None,
            message: "this is no config".to_owned(),
            others,
        },
    }
}

impl Misfit {
    /// The error at its place in the file.
    pub(in crate::policy) fn located(self, files: &Files, path: &RepoPath) -> ConfigError {
        let Self { message, span } = self;
        let position = span.and_then(|span| files.locate(span)).map(|(_, position)| position);
        ConfigError { path: path.as_str().to_owned(), position, message, others: Vec::new() }
    }
}

/// What the types alone cannot tell.
fn check(config: Config, document: &Document) -> Result<Config, Misfit> {
    let at = |pointer: String| -> Option<NodeId> { document.at(&Pointer::parse(&pointer).ok()?) };
    let misfit = |pointer: String, message: &str| Misfit {
        message: message.to_owned(),
        span: at(pointer).map(|node| document.span(node)),
    };
    for (index, entry) in config.supported.iter().enumerate() {
        let Supported { tags, branches, until: _, side_by_side: _ } = entry;
        if tags.is_some() == branches.is_some() {
            let message = "an entry of `supported` names either `tags` or `branches`";
            return Err(misfit(format!("/supported/{index}"), message));
        }
    }
    for (index, folder) in config.import_roots.iter().enumerate() {
        if config.import_roots.iter().take(index).any(|earlier| earlier == folder) {
            let message = "the folder stands twice, and the first place counts: take this out";
            return Err(misfit(format!("/import-roots/{index}"), message));
        }
    }
    let empty = "the list is empty: leave the key out, or name something";
    for (index, entry) in config.contracts.iter().enumerate() {
        let at = format!("/contracts/{index}");
        if entry.paths.is_empty() {
            return Err(misfit(format!("{at}/paths"), empty));
        }
        if entry.surfaces.as_ref().is_some_and(Vec::is_empty) {
            return Err(misfit(format!("{at}/surfaces"), empty));
        }
    }
    for (index, entry) in config.policy.severities.iter().enumerate() {
        let at = format!("/policy/severities/{index}");
        let lists = [
            ("rules", entry.rules.as_ref().map(Vec::is_empty)),
            ("paths", entry.paths.as_ref().map(Vec::is_empty)),
            ("surfaces", entry.surfaces.as_ref().map(Vec::is_empty)),
        ];
        for (key, list) in lists {
            if list == Some(true) {
                return Err(misfit(format!("{at}/{key}"), empty));
            }
        }
        if lists.iter().all(|(_, list)| list.is_none()) {
            let message = "name `rules`, `paths` or `surfaces`: this would hold for everything";
            return Err(misfit(at, message));
        }
    }
    if let Some(path) = &config.accept
        && RepoPath::new(path).is_err()
    {
        return Err(misfit("/accept".to_owned(), "the file must lie in the repository"));
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let path = RepoPath::new(CONFIG_PATH).unwrap();
        ConfigFile::parse(&mut Files::default(), &path, text.as_bytes()).unwrap_err().to_string()
    }

    fn config(text: &str) -> Config {
        let path = RepoPath::new(CONFIG_PATH).unwrap();
        let file = ConfigFile::parse(&mut Files::default(), &path, text.as_bytes());
        file.unwrap_or_else(|error| panic!("{error}")).config
    }

    #[test]
    fn nothing_is_a_config() {
        for text in ["", "# only a comment\n", "{}", "contracts: []\n"] {
            assert_eq!(config(text), Config::default(), "{text}");
        }
    }

    #[test]
    fn whatever_is_wrong_has_a_place_and_a_way_out() {
        for (text, expected) in [
            (
                "contracts:\n  - paths: [a.yaml]\n    moed: full\n",
                "unbroken.yaml:3:5: unknown key `moed`; did you mean `mode`?",
            ),
            ("polizy: {}\n", "unbroken.yaml:1:1: unknown key `polizy`; did you mean `policy`?"),
            (
                "policy:\n  rules:\n    property-remove: note\n",
                "unbroken.yaml:3:5: there is no rule `property-remove`; did you mean \
                 `property-removed`?",
            ),
            (
                "policy:\n  rules:\n    property-removed: warn\n",
                "unbroken.yaml:3:23: unknown word `warn`; did you mean `warning`?",
            ),
            (
                "contracts:\n  - paths: [a.yaml]\n    kind: openpai\n",
                "unbroken.yaml:3:11: unknown kind `openpai`; did you mean `openapi`?",
            ),
            ("contracts:\n  - mode: full\n", "unbroken.yaml:2:5: the key `paths` is missing"),
            ("contracts:\n  - paths: a.yaml\n", "unbroken.yaml:2:12: this is the text `a.yaml`"),
            ("ignore: [1]\n", "unbroken.yaml:1:10: this is the number `1`"),
            ("ignore: ['a[']\n", "unbroken.yaml:1:10: `a[`: "),
            ("import-roots: [../a]\n", "unbroken.yaml:1:16: `../a`: name one folder by its path"),
            ("import-roots: ['a/*']\n", "unbroken.yaml:1:16: `a/*`: name one folder by its path"),
            ("import-roots: [a, ./a/]\n", "unbroken.yaml:1:19: the folder stands twice"),
            (
                "import-root: [a]\n",
                "unbroken.yaml:1:1: unknown key `import-root`; did you mean `import-roots`?",
            ),
            (
                "supported:\n  - tags: v1.*\n    until: 2027-02-30\n",
                "unbroken.yaml:3:12: `2027-02-30` is no date; write it as 2027-01-31",
            ),
            ("supported:\n  - until: 2027-01-30\n", "unbroken.yaml:2:5: an entry of `supported`"),
            (
                "policy:\n  severities:\n    - severity: note\n",
                "unbroken.yaml:3:7: name `rules`, `paths` or `surfaces`",
            ),
            ("accept: ../x.yaml\n", "unbroken.yaml:1:9: the file must lie in the repository"),
            ("policy: [never]\n", "unbroken.yaml:1:9: this is a list, not a mapping"),
            ("[]\n", "unbroken.yaml:1:1: this is a list, not a mapping"),
            ("contracts: [[[a]]]\n", "unbroken.yaml:1:13: this is a list, not a mapping"),
            ("policy: {rules: [off]}\n", "unbroken.yaml:1:17: this is a list, not a mapping"),
            (
                "policy: {sunset: {minimum-days: -3}}\n",
                "unbroken.yaml:1:33: this is the number `-3`, not a whole number from 0 to 4294967295",
            ),
            (
                "policy: {sunset: {minimum-days: 4294967296}}\n",
                "unbroken.yaml:1:33: this is the number `4294967296`, not a whole number",
            ),
            (
                "policy: {sunset: {minimum-days: ninety}}\n",
                "unbroken.yaml:1:33: this is the text `ninety`, not a whole number from 0 to 4294967295",
            ),
            (
                "supported: [{tags: a, side-by-side: yes}]\n",
                "unbroken.yaml:1:37: this is the text `yes`, not `true` or `false`",
            ),
            (
                "contracts: [{paths: [../a.yaml]}]\n",
                "unbroken.yaml:1:22: `../a.yaml`: a path begins at the root of the repository",
            ),
            ("policy: [\n", "unbroken.yaml:2:1: "),
            ("a: 1\na: 2\n", "unbroken.yaml:2:1: the name `a` stands twice"),
        ] {
            let error = error(text);
            assert!(error.starts_with(expected), "{text}\n{error}\n{expected}");
        }
    }

    #[test]
    fn a_transitive_mode_asks_about_versions_that_something_names() {
        let said = |text: &str| {
            let (mut files, path) = (Files::default(), RepoPath::new(CONFIG_PATH).unwrap());
            let file = ConfigFile::parse(&mut files, &path, text.as_bytes()).unwrap();
            file.without_bases(&files, &path).map(|error| error.to_string())
        };
        let mode = |mode: &str| format!("contracts:\n  - paths: [a]\n    mode: {mode}\n");
        let transitive = mode("full-transitive");
        let wrong = said(&transitive).unwrap();
        assert!(wrong.starts_with("unbroken.yaml:3:11: a transitive mode asks about"), "{wrong}");
        assert_eq!(said(&format!("{transitive}supported:\n  - tags: v*\n")), None);
        assert_eq!(said(&mode("full")), None);
    }

    #[test]
    fn every_key_can_be_said() {
        let config = config(
            "contracts:\n  - paths: [api/**]\n    kind: openapi\n    owner: '@a/b'\n    mode: full\n    \
             surfaces: [wire]\n    stability: beta\n    readers: tolerant\n    content-model: strict\n    \
             formats: annotate\n    json-readers: strict\n    packs: [google-api, protovalidate]\nignore: [vendor]\nimport-roots: [., a]\nsupported:\n  - tags: v1.*\n    \
             until: 2027-01-31\n    side-by-side: true\n  - branches: release/*\npolicy:\n  fail-on: warning\n  \
             rules: {property-removed: off}\n  severities:\n    - rules: [property-removed]\n      \
             paths: [a]\n      surfaces: [source]\n      severity: error\n  sunset: {minimum-days: 90}\n\
             accept: accepted.yaml\n",
        );
        assert_eq!(config.contracts.len(), 1);
        assert_eq!(config.policy.sunset.minimum_days, 90);
        assert_eq!(config.accept_path(), "accepted.yaml");
    }
}
