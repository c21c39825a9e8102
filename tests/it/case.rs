//! A case: `testdata/<format>/<rule-id>/<case>/` with an old side, a new side, and maybe `flags`.
//! A file `imports` names folders of `testdata/imports/`, which then lie in both sides.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use unbroken::diff::JsonReaders;
use unbroken::model::Mode;
use unbroken::rules::{Pack, Packs};
use unbroken::subtype::ContentModel;

/// A pair of contracts on disk, and the rule that it is about.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Where it is kept.
    pub(crate) folder: PathBuf,
    /// Where its sides lie complete: the folder itself, or a copy that has what they import.
    pub(crate) ground: PathBuf,
    /// The folder of its format: `openapi`, `json-schema`, `protobuf`.
    pub(crate) format: String,
    pub(crate) rule: String,
    pub(crate) name: String,
    /// What to name on the command line: `old.yaml`, or the folder `old`.
    pub(crate) old: String,
    pub(crate) new: String,
    /// Flags of `unbroken diff`.
    pub(crate) flags: Vec<String>,
}

pub(crate) const FORMATS: [&str; 3] = ["json-schema", "openapi", "protobuf"];

pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

impl Case {
    /// Every case, sorted by folder.
    pub(crate) fn all() -> Vec<Self> {
        FORMATS.into_iter().flat_map(Self::of).collect()
    }

    /// Every case of a format.
    pub(crate) fn of(format: &str) -> Vec<Self> {
        let rules = folders(&testdata().join(format));
        let folders = rules.iter().flat_map(|rule| folders(rule));
        let cases: Vec<Self> = folders.map(|folder| Self::at(&folder)).collect();
        assert!(!cases.is_empty(), "no case of {format}");
        cases
    }

    /// The case in a folder.
    pub(crate) fn at(folder: &Path) -> Self {
        let mut words = folder.iter().rev().map(|word| word.to_str().unwrap().to_owned());
        let (name, rule, format) =
            (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let flags = fs::read_to_string(folder.join("flags")).unwrap_or_default();
        Self {
            folder: folder.to_owned(),
            ground: ground(folder),
            format,
            rule,
            name,
            old: operand(folder, "old"),
            new: operand(folder, "new"),
            flags: flags.split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// Whether the rule must stay silent.
    pub(crate) fn is_near_miss(&self) -> bool {
        self.name.starts_with("near-miss")
    }

    /// `json-schema/enum-value-added/response`, for messages.
    pub(crate) fn title(&self) -> String {
        format!("{}/{}/{}", self.format, self.rule, self.name)
    }

    /// The text of a side that is one file.
    pub(crate) fn text(&self, operand: &str) -> Option<String> {
        let path = self.ground.join(operand);
        // A compiled side is a file, and no text.
        if path.is_file() { fs::read_to_string(path).ok() } else { None }
    }

    /// The mode that its flags ask for.
    pub(crate) fn mode(&self) -> Option<Mode> {
        let word = self.flag("--mode")?;
        match word {
            "backward" => Some(Mode::Backward),
            "forward" => Some(Mode::Forward),
            "full" => Some(Mode::Full),
            other => panic!("no mode {other}"),
        }
    }

    /// The content model that its flags ask for.
    pub(crate) fn content_model(&self) -> ContentModel {
        match self.flag("--content-model") {
            Some("strict") => ContentModel::Strict,
            _ => ContentModel::Open,
        }
    }

    /// The readers of JSON that its flags ask for.
    pub(crate) fn json_readers(&self) -> JsonReaders {
        match self.flag("--json-readers") {
            Some("strict") => JsonReaders::Strict,
            _ => JsonReaders::Lenient,
        }
    }

    /// The packs that its flags choose.
    pub(crate) fn packs(&self) -> Packs {
        let words = self.flag("--pack").unwrap_or_default();
        let chosen = |pack: &Pack| words.split(',').any(|word| word == pack.name());
        Pack::ALL.into_iter().filter(chosen).collect()
    }

    fn flag(&self, name: &str) -> Option<&str> {
        let at = self.flags.iter().position(|flag| flag == name)?;
        self.flags.get(at + 1).map(String::as_str)
    }
}

/// Where the sides of a case lie complete. A copy is made once, whoever asks first.
fn ground(folder: &Path) -> PathBuf {
    static COPIES: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());
    let Ok(names) = fs::read_to_string(folder.join("imports")) else { return folder.to_owned() };
    let mut copies = COPIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(copy) = copies.get(folder) {
        return copy.clone();
    }
    let place = folder.strip_prefix(testdata()).unwrap();
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases").join(place);
    let _ = fs::remove_dir_all(&copy);
    for side in ["old", "new"] {
        let shared = names.split_whitespace().map(|name| testdata().join("imports").join(name));
        for from in shared.chain([folder.join(side)]) {
            lay(&from, &copy.join(side));
        }
    }
    copies.insert(folder.to_owned(), copy.clone());
    copy
}

/// Copies what lies in a folder into another.
fn lay(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            lay(&path, &target);
        } else {
            assert!(!target.exists(), "{} is imported and stands there too", path.display());
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The folders in a folder, sorted.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The file or folder of a side.
fn operand(folder: &Path, side: &str) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = entries.filter(|path| path.file_stem().is_some_and(|stem| stem == side));
    let path = found.next().unwrap_or_else(|| panic!("{} has no {side}", folder.display()));
    assert!(found.next().is_none(), "{} has two of {side}", folder.display());
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
