//! Protobuf: the shared cases, measured on a real runtime, where they are present; and our own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use unbroken::diff::{CompareOptions, Finding, compare};
use unbroken::load::protobuf::{ProtoRoot, load, load_compiled};
use unbroken::load::{LoadOptions, Loaded, Problem, ProblemKind};
use unbroken::model::{Mode, Surface, Surfaces};
use unbroken::rules::{Pack, Packs, Verdict};
use unbroken::source::{Folder, MemorySnapshot, RepoPath};

use crate::cases::reports;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/cases/protobuf");

/// Loads every file of a folder as one contract.
fn side(folder: &Path) -> Loaded {
    let mut open = vec![folder.to_owned()];
    let mut files: Vec<(RepoPath, Vec<u8>)> = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            files.push((RepoPath::new(name).unwrap(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    let paths = files.iter().map(|(path, _)| path.clone()).collect();
    let root = ProtoRoot::new(files[0].0.clone(), vec![Folder::default()], paths);
    let loaded = load(&MemorySnapshot::new("case", files), &root, &LoadOptions::default());
    let is_wrong = |problem: &&Problem| problem.kind != ProblemKind::Warning;
    let wrong: Vec<&Problem> = loaded.problems.iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "{}: {wrong:?}", folder.display());
    loaded
}

/// Loads a side of a case: a folder, or a file that was compiled.
fn operand(case: &Path, name: &str) -> Loaded {
    let folder = case.join(name);
    if folder.is_dir() {
        return side(&folder);
    }
    let mut entries = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    let file = entries.find(|path| path.file_stem().is_some_and(|stem| stem == name)).unwrap();
    let path = RepoPath::new(file.file_name().unwrap().to_str().unwrap()).unwrap();
    let snapshot = MemorySnapshot::new("case", [(path.clone(), fs::read(&file).unwrap())]);
    let loaded = load_compiled(&snapshot, &path, &LoadOptions::default());
    assert_eq!(loaded.problems, [], "{}", file.display());
    loaded
}

fn differences(old: &Loaded, new: &Loaded) -> Vec<Finding> {
    with_packs(old, new, Packs::default())
}

fn with_packs(old: &Loaded, new: &Loaded, packs: Packs) -> Vec<Finding> {
    let options = CompareOptions { mode: Mode::Full, packs, ..CompareOptions::default() };
    compare(old, new, options).findings
}

/// The rules that fired, in order.
fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

/// The worst verdict on each surface.
fn worst(findings: &[Finding]) -> Surfaces<Verdict> {
    let mut worst = Surfaces::all(Verdict::Compatible);
    for finding in findings {
        worst.wire = worst.wire.max(finding.surfaces.wire);
        worst.json = worst.json.max(finding.surfaces.json);
        worst.source = worst.source.max(finding.surfaces.source);
    }
    worst
}

#[test]
fn every_case_has_the_verdicts_that_were_measured() {
    let expected = Path::new(CASES).join("expected.json");
    let Ok(expected) = fs::read_to_string(expected) else {
        eprintln!("skipped: no shared cases at {CASES}");
        return;
    };
    let expected: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&expected).unwrap();
    let mut wrong = Vec::new();
    for (case, surfaces) in &expected {
        let (old, new) = ("old", "new");
        let [old, new] =
            [old, new].map(|side_name| side(&Path::new(CASES).join(case).join(side_name)));
        let findings = differences(&old, &new);
        let found = worst(&findings);
        for surface in Surface::ALL {
            let wanted = surfaces.get(surface.name());
            let said = found.get(surface).name();
            if wanted.is_some_and(|wanted| wanted != said) {
                wrong.push(format!("{case} {}: {said} {:?}", surface.name(), rules(&findings)));
            }
        }
        for same in [&old, &new] {
            let nothing = differences(same, same);
            assert_eq!(rules(&nothing), [""; 0], "{case} differs from itself");
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Breaks of routes, which no payload shows.
const ROUTES: [&str; 5] =
    ["call-removed", "call-renamed", "package-renamed", "service-renamed", "streaming-changed"];

#[test]
fn every_break_of_a_payload_is_shown_and_confirmed() {
    let Ok(cases) = fs::read_dir(CASES) else {
        eprintln!("skipped: no shared cases at {CASES}");
        return;
    };
    for case in cases.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let [old, new] = ["old", "new"].map(|name| side(&case.join(name)));
        for finding in differences(&old, &new) {
            let (id, surfaces) = (finding.rule.id, finding.surfaces);
            let breaks = surfaces.wire.max(surfaces.json) == Verdict::Breaking;
            let shown = !finding.witnesses.is_empty() || ROUTES.contains(&id);
            assert!(!breaks || shown, "{} {id} shows nothing", case.display());
            let confirmed = finding.witnesses.iter().all(|one| one.confirmed_by.is_some());
            assert!(confirmed, "{} {id}", case.display());
        }
    }
}

/// Our own cases: every rule that a folder is named after fires on it, and no side differs from
/// itself.
#[test]
fn every_case_of_ours_fires_the_rule_it_is_named_after() {
    let mut apart = Vec::new();
    for (case, _, report) in reports().iter().filter(|(case, ..)| case.format == "protobuf") {
        // Where imports lead depends on several roots there, and a folder is loaded as one here.
        let contracts = report["contracts"].as_array().unwrap();
        let is_one = matches!(contracts.as_slice(), [only] if only["path"] == ".");
        if case.ground.join("old").is_dir() && !is_one {
            apart.push(case.title());
            continue;
        }
        let [old, new] = ["old", "new"].map(|name| operand(&case.ground, name));
        let (title, packs) = (case.title(), case.packs());
        let findings = with_packs(&old, &new, packs);
        let fires = rules(&findings).contains(&case.rule.as_str());
        assert!(fires != case.is_near_miss(), "{title}: {:?}", rules(&findings));
        for finding in &findings {
            let (rule, found) = (finding.rule, finding.surfaces);
            let breaks = |at: &Surface| found.get(*at) == Verdict::Breaking;
            let beyond = Surface::ALL.into_iter().find(|at| breaks(at) && !rule.surfaces.get(*at));
            assert_eq!(beyond, None, "{} breaks what it does not declare", rule.id);
        }
        for same in [&old, &new] {
            assert_eq!(rules(&with_packs(same, same, packs)), [""; 0], "{title}");
        }
    }
    assert!(apart.len() < 30, "several roots: {apart:?}");
}

#[test]
fn a_list_of_nothing_says_nothing_of_a_bound_beside_it() {
    let shared = crate::case::testdata().join("imports/protovalidate");
    let rules_of = "buf/validate/validate.proto";
    let home = tempfile::tempdir().unwrap();
    let [old, new] = [("old", 5), ("new", 10)].map(|(name, least)| {
        let folder = home.path().join(name);
        fs::create_dir_all(folder.join("buf/validate")).unwrap();
        fs::copy(shared.join(rules_of), folder.join(rules_of)).unwrap();
        let text = format!(
            "syntax = \"proto3\";\npackage shop.v1;\nimport \"{rules_of}\";\nmessage Order {{\n  \
             int32 n = 1 [(buf.validate.field).int32 = {{in: [], gte: {least}}}];\n}}\n"
        );
        fs::write(folder.join("shop.proto"), text).unwrap();
        side(&folder)
    });
    let packs: Packs = [Pack::Protovalidate].into_iter().collect();
    let found = with_packs(&old, &new, packs);
    let verdicts: Vec<_> = found.iter().map(|it| (it.rule.id, it.verdict())).collect();
    assert_eq!(verdicts, [("constraint-tightened", Verdict::Breaking)]);
}
