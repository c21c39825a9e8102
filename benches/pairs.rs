//! What the comparison of a pair of schemas costs once both are loaded, its witnesses confirmed: the
//! median over pairs, and the median of what that is for each finding.
//!
//! The pairs are the cases of this repository, its realistic schemas with one edit each, and where
//! a corpus of real histories lies beside the repository, those. A part of a name as the only argument
//! chooses among them.

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
use unbroken::source::{MemorySnapshot, RepoPath};

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
}

fn report(what: &str, pairs: &[Pair]) {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_chosen = |pair: &&Pair| chosen.as_ref().is_none_or(|part| pair.name.contains(part));
    let measure = |pair| {
        let (time, findings) = time(pair);
        (time, findings, pair.name.as_str())
    };
    let mut times: Vec<(Duration, u32, &str)> =
        pairs.iter().filter(is_chosen).map(measure).collect();
    times.sort();
    let Some((median, ..)) = times.get(times.len() / 2) else { return };
    let mut each: Vec<Duration> =
        times.iter().map(|(time, findings, _)| *time / (*findings).max(1)).collect();
    each.sort();
    let each = each.get(each.len() / 2).copied().unwrap_or_default();
    println!("{what}: {} pairs, median {median:.1?}, {each:.1?} a finding", times.len());
    for (time, findings, name) in times.iter().rev().take(12) {
        println!("  {time:>10.1?} {findings:>5} findings  {name}");
    }
}

/// The median of a few runs, and how many findings there are.
fn time(pair: &Pair) -> (Duration, u32) {
    let run = || {
        let (mut old, mut new) = (load(&pair.old), load(&pair.new));
        let start = Instant::now();
        let found = black_box(compare_once(&mut old, &mut new, CompareOptions::default()));
        (start.elapsed(), u32::try_from(found.findings.len()).unwrap())
    };
    let mut times: Vec<(Duration, u32)> = (0..RUNS).map(|_| run()).collect();
    times.sort();
    times.get(RUNS / 2).copied().unwrap_or_default()
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
