//! The loader of HTTP descriptions against an independent reader of 3.0, and on real descriptions.

mod ours;
mod plain;
mod schemas;
mod theirs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use unbroken::load::openapi::load;
use unbroken::load::{LoadOptions, Loaded, ProblemKind};
use unbroken::source::{MemorySnapshot, RepoPath};

use schemas::Comparing;
use theirs::Their;

/// Third-party descriptions beside the project; tests that need them say that they skip.
const SHARED: &str = "../shared";

/// A description on disk: the folder that a snapshot is made of, and the file to begin with.
#[derive(Debug)]
struct Description {
    folder: PathBuf,
    entry: String,
}

/// Every document of 3.0 that there is, with how many the other reader must be able to read of each lot.
#[test]
fn an_independent_reader_finds_the_same_in_our_own_documents() {
    let ours = below("openapi-reader").into_iter().chain(below("openapi-versions"));
    assert_eq!(read(ours.collect()), 3);
    let read = read(below("openapi"));
    assert!(read >= 220, "{read}");
}

#[test]
fn an_independent_reader_finds_the_same_in_the_cases() {
    if is_shared() {
        let read = read(cases());
        assert!(read >= 290, "{read}");
    }
}

#[test]
fn an_independent_reader_finds_the_same_in_real_descriptions() {
    if is_shared() {
        let read = read(real());
        assert!(read >= 10, "{read}");
    }
}

/// How many of them both readers read, who then agree.
fn read(descriptions: Vec<Description>) -> usize {
    let (all, mut count, mut differences) = (descriptions.len(), 0, Vec::new());
    for description in descriptions {
        if let Some(found) = disagreement(&description) {
            count += 1;
            differences.extend(found.iter().map(|found| format!("{description:?}: {found}")));
        }
    }
    eprintln!("{count} of {all} documents are of 3.0 and read by both");
    assert!(differences.is_empty(), "{differences:#?}");
    count
}

/// Each document below a folder of ours that begins a description; those of several files lie in the
/// folders `old` and `new` of a case.
fn below(folder: &str) -> Vec<Description> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let documents = files_below(&folder).into_iter().filter(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("yaml" | "yml" | "json"))
    });
    let described = documents.map(|path| Description {
        folder: path.parent().unwrap().into(),
        entry: path.file_name().unwrap().to_str().unwrap().to_owned(),
    });
    described.collect()
}

#[test]
fn every_real_description_loads() {
    for description in real().iter().filter(|_| is_shared()) {
        let loaded = description.load();
        report(description, &loaded);
        let told = loaded.problems.iter().any(|found| found.kind == ProblemKind::Unreadable);
        assert!(told || !loaded.contract.operations.is_empty(), "{description:?}");
    }
}

fn is_shared() -> bool {
    let there = Path::new(SHARED).exists();
    if !there {
        eprintln!("skipped: {SHARED} is not there");
    }
    there
}

/// One line for people: how much of a description could not be used.
fn report(description: &Description, loaded: &Loaded) {
    let mut kinds: BTreeMap<ProblemKind, usize> = BTreeMap::new();
    for problem in &loaded.problems {
        *kinds.entry(problem.kind).or_default() += 1;
    }
    let unread = loaded.contract.shapes.iter().filter(|(_, shape)| !shape.unread.is_empty());
    eprintln!(
        "{}: {} operations, {} shapes, {} unread, problems {kinds:?}",
        description.folder.display(),
        loaded.contract.operations.len(),
        loaded.contract.shapes.len(),
        unread.count(),
    );
    if std::env::var_os("UNBROKEN_SHOW_PROBLEMS").is_some() {
        for problem in &loaded.problems {
            let place = problem.span.and_then(|span| loaded.files.locate(span));
            let place = place.map(|(path, at)| format!("{path}:{}:{}", at.line, at.column));
            eprintln!("  {:?} {}: {}", problem.kind, place.unwrap_or_default(), problem.message);
        }
    }
}

/// Where the readers disagree; `None` where the other one cannot read the document.
fn disagreement(description: &Description) -> Option<Vec<String>> {
    let snapshot = description.snapshot();
    let their = Their::new(&snapshot);
    if !their.is_meant(&description.root()) {
        return None;
    }
    let Some(theirs) = their.reading(&description.root()) else {
        eprintln!("only we read {description:?}");
        return None;
    };
    let loaded = description.load();
    let ours = ours::reading(&loaded);
    let lost = theirs.keys().filter(|line| !ours.contains_key(*line));
    let added = ours.keys().filter(|line| !theirs.contains_key(*line));
    let mut differences: Vec<String> = lost
        .map(|line| format!("lost {line}"))
        .chain(added.map(|line| format!("added {line}")))
        .collect();
    let mut comparing = Comparing::new(&loaded.contract.shapes, &their);
    for (line, shape) in ours {
        // We do not read the components that nothing reaches.
        let is_left = shape.is_none() && line.starts_with(ours::COMPONENT);
        if let Some(theirs) = theirs.get(&line).filter(|_| !is_left) {
            comparing.compare(&line, shape, theirs.as_ref());
        }
    }
    differences.extend(comparing.finish());
    Some(differences)
}

impl Description {
    fn load(&self) -> Loaded {
        load(&self.snapshot(), &self.root(), &LoadOptions::default())
    }

    fn root(&self) -> RepoPath {
        RepoPath::new(&self.entry).unwrap()
    }

    fn snapshot(&self) -> MemorySnapshot {
        let files = files_below(&self.folder).into_iter().map(|path| {
            let name = path.strip_prefix(&self.folder).unwrap().to_str().unwrap();
            (RepoPath::new(name).unwrap(), fs::read(&path).unwrap())
        });
        MemorySnapshot::new("test", files.collect::<Vec<_>>())
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Each side of each case.
fn cases() -> Vec<Description> {
    let files = files_below(&Path::new(SHARED).join("cases/openapi")).into_iter();
    let sides = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let is_side = name.starts_with("old.") || name.starts_with("new.");
        is_side.then(|| Description { folder: path.parent().unwrap().into(), entry: name.into() })
    });
    sides.collect()
}

/// The entry file of each side of each real history.
fn real() -> Vec<Description> {
    let metas = files_below(&Path::new(SHARED).join("corpora/openapi"));
    let metas = metas.into_iter().filter(|path| path.ends_with("meta.json"));
    let mut found = Vec::new();
    for meta in metas {
        let parsed: serde_json::Value = serde_json::from_slice(&fs::read(&meta).unwrap()).unwrap();
        let entry = parsed["entry"].as_str().unwrap();
        for side in ["old", "new"] {
            let folder = meta.parent().unwrap().join(side);
            found.push(Description { folder, entry: entry.to_owned() });
        }
    }
    found
}
