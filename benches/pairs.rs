//! What the comparison of a pair of schemas costs once both are loaded, its witnesses confirmed: the
//! median over pairs, and the median of what that is for each finding. Beside it, what the bare verdict
//! costs: whether each root accepts all that the other does, with nothing said of edits.
//!
//! The pairs are the cases of this repository, its realistic schemas with one edit each, and where
//! a corpus of real histories lies beside the repository, those. A folder as an argument holds folders of
//! versions of one schema each, a file a version: every two that follow each other are a pair. A part of a
//! name as an argument chooses among all.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures and fails loudly"
)]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use unbroken::diff::{CompareOptions, compare_once};
use unbroken::load::{LoadOptions, Loaded, json_schema};
use unbroken::model::Polarity;
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::{Assumptions, Carrier, Engine, Role, View};

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How often each pair is compared.
const RUNS: usize = 5;

struct Pair {
    name: String,
    old: Side,
    new: Side,
}

/// The files of a side and the one that is read first.
struct Side {
    files: Vec<(String, Vec<u8>)>,
    entry: String,
}

fn main() {
    report("cases", &cases());
    report("realistic schemas, one edit each", &edited());
    report("real histories", &histories());
    let arguments = std::env::args().skip(1).map(PathBuf::from);
    for folder in arguments.filter(|argument| argument.is_dir()) {
        report("versions that follow each other", &versions(&folder));
    }
}

fn report(what: &str, pairs: &[Pair]) {
    let is_name = |argument: &String| !argument.starts_with('-') && !Path::new(argument).is_dir();
    let chosen = std::env::args().skip(1).find(is_name);
    let is_chosen = |pair: &&Pair| chosen.as_ref().is_none_or(|part| pair.name.contains(part));
    let (mut loading, mut verdicts): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    let mut times: Vec<(Duration, u32, &str)> = Vec::new();
    for pair in pairs.iter().filter(is_chosen) {
        let Run { time, findings, loaded, verdict } = time(pair);
        times.push((time, findings, &pair.name));
        loading.push(loaded);
        verdicts.push(verdict);
    }
    times.sort();
    loading.sort();
    verdicts.sort();
    let Some((median, ..)) = times.get(times.len() / 2) else { return };
    let mut each: Vec<Duration> =
        times.iter().map(|(time, findings, _)| *time / (*findings).max(1)).collect();
    each.sort();
    let each = each.get(each.len() / 2).copied().unwrap_or_default();
    let loaded = loading.get(loading.len() / 2).copied().unwrap_or_default();
    let verdict = verdicts.get(verdicts.len() / 2).copied().unwrap_or_default();
    let count = times.len();
    println!("{what}: {count} pairs, median {median:.1?}, {each:.1?} a finding");
    println!("  (the bare verdict on the roots, both directions: median {verdict:.1?})");
    println!("  (loading both sides, one after the other: median {loaded:.1?})");
    for (time, findings, name) in times.iter().rev().take(12) {
        println!("  {time:>10.1?} {findings:>5} findings  {name}");
    }
}

/// What a comparison took, how many findings there were, and what loading both sides and the bare verdict
/// on them took before it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    time: Duration,
    findings: u32,
    loaded: Duration,
    verdict: Duration,
}

/// The median of a few runs.
fn time(pair: &Pair) -> Run {
    let run = || {
        let start = Instant::now();
        let (mut old, mut new) = (load(&pair.old), load(&pair.new));
        let loaded = start.elapsed();
        let verdict = verdict(&old, &new);
        let start = Instant::now();
        let found = black_box(compare_once(&mut old, &mut new, CompareOptions::default()));
        let findings = u32::try_from(found.findings.len()).unwrap();
        Run { time: start.elapsed(), findings, loaded, verdict }
    };
    let mut runs: Vec<Run> = (0..RUNS).map(|_| run()).collect();
    runs.sort();
    runs.get(RUNS / 2).copied().unwrap_or_default()
}

/// What it takes to ask whether each root accepts all that the other does. Which shapes say the same is known
/// beforehand, as it is to a comparison.
fn verdict(old: &Loaded, new: &Loaded) -> Duration {
    let (Some(was), Some(is)) = (old.contract.roots.first(), new.contract.roots.first()) else {
        return Duration::default();
    };
    let mut shapes = old.contract.shapes.clone();
    let offset = shapes.append(new.contract.shapes.clone());
    let roots = (was.shape, is.shape.shifted(offset));
    let view = |root, role| View::of(root, role, Polarity::Both, Carrier::StoredJson);
    let mut engine = Engine::new(Assumptions::default());
    engine.learn(&shapes);
    let start = Instant::now();
    for (writer, reader) in [roots, (roots.1, roots.0)] {
        let (reader, writer) = (view(reader, Role::Reader), view(writer, Role::Writer));
        black_box(engine.contains(&shapes, &reader, &writer));
    }
    start.elapsed()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> Vec<Pair> {
    let folders = inside(&repository().join("testdata/json-schema")).into_iter();
    let cases = folders.filter(|folder| folder.is_dir()).flat_map(|folder| inside(&folder));
    let pair = |case: PathBuf| {
        let side = |side: &str| {
            let names = ["json", "yaml"].map(|kind| format!("{side}.{kind}"));
            let file = names.into_iter().map(|name| case.join(name)).find(|file| file.exists())?;
            let name = file.file_name()?.to_str()?;
            let files = vec![(name.to_owned(), fs::read(&file).ok()?)];
            Some(Side { files, entry: name.to_owned() })
        };
        let name = case.strip_prefix(repository()).ok()?.display().to_string();
        Some(Pair { name, old: side("old")?, new: side("new")? })
    };
    cases.filter_map(pair).collect()
}

fn edited() -> Vec<Pair> {
    let schemas = inside(&repository().join("testdata/containment/realistic"));
    let pair = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let edited = text.replacen("\"string\"", "\"integer\"", 1);
        let entry = "schema.json".to_owned();
        let side =
            |text: String| Side { files: vec![(entry.clone(), text.into())], entry: entry.clone() };
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        Pair { name, old: side(text), new: side(edited) }
    };
    schemas.into_iter().map(pair).collect()
}

fn histories() -> Vec<Pair> {
    let pair = |folder: PathBuf| {
        let meta = fs::read(folder.join("meta.json")).ok()?;
        let meta: serde_json::Value = serde_json::from_slice(&meta).ok()?;
        let side = |side: &str| {
            let mut files = Vec::new();
            collect(&folder.join(side), &folder.join(side), &mut files);
            let entry = meta.get("entry").unwrap_or(&serde_json::Value::Null);
            let stated = entry.as_str().or_else(|| entry.get(0)?.as_str());
            let known = stated.filter(|entry| files.iter().any(|(name, _)| name == entry));
            let first = files.first().map(|(name, _)| name.clone())?;
            let entry = known.map_or(first, str::to_owned);
            Some(Side { files, entry })
        };
        let name = folder.file_name()?.to_string_lossy().into_owned();
        Some(Pair { name, old: side("old")?, new: side("new")? })
    };
    // Beside the repository, or beside the folder in which its work trees are.
    let beside = ["../shared", "../../shared"].map(|shared| repository().join(shared));
    let folders = beside.map(|shared| inside(&shared.join("corpora/jsonschema")));
    let found = folders.into_iter().find(|folders| !folders.is_empty());
    found.into_iter().flatten().filter_map(pair).collect()
}

fn versions(folder: &Path) -> Vec<Pair> {
    let schemas = inside(folder).into_iter().filter(|path| path.is_dir());
    let pairs = schemas.flat_map(|schema| {
        let name = schema.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut files = inside(&schema);
        files.sort_by_key(|file| numbers(&file.file_stem().unwrap_or_default().to_string_lossy()));
        let side = |file: &PathBuf| {
            let entry = "schema.json".to_owned();
            Side { files: vec![(entry.clone(), fs::read(file).unwrap_or_default())], entry }
        };
        let pair = |pair: &[PathBuf]| {
            let [was, is] = pair else { return None };
            let version = |file: &PathBuf| file.file_stem()?.to_str().map(str::to_owned);
            let name = format!("{name} {} → {}", version(was)?, version(is)?);
            let (old, new) = (side(was), side(is));
            (old.files != new.files).then_some(Pair { name, old, new })
        };
        files.windows(2).filter_map(pair).collect::<Vec<Pair>>()
    });
    pairs.collect()
}

/// The numbers in a version, by which it comes before or after others.
fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(|character: char| !character.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

fn load(Side { files, entry }: &Side) -> Loaded {
    let files = files.iter().map(|(name, text)| (RepoPath::new(name).unwrap(), text.clone()));
    let snapshot = MemorySnapshot::new("bench", files);
    json_schema::load(&snapshot, &RepoPath::new(entry).unwrap(), &LoadOptions::default())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for path in inside(folder) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if let (Ok(name), Ok(text)) = (path.strip_prefix(root), fs::read(&path)) {
            files.push((name.to_string_lossy().into_owned(), text));
        }
    }
}

/// What is in a folder, in order; nothing where there is none.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
