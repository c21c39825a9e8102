//! The shared cases, measured on a real runtime, where they are present.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{rules, tree, worst};
use crate::diff::messages::compare_messages;
use crate::load::Loaded;
use crate::model::{Mode, Surface};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/cases/protobuf");

fn side(folder: &Path) -> Loaded {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    tree(&files)
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
        let findings = compare_messages(&old, &new, Mode::Full);
        let found = worst(&findings);
        for surface in Surface::ALL {
            let wanted = surfaces.get(surface.name());
            let said = found.get(surface).name();
            if wanted.is_some_and(|wanted| wanted != said) {
                wrong.push(format!("{case} {}: {said} {:?}", surface.name(), rules(&findings)));
            }
        }
        for same in [&old, &new] {
            let nothing = compare_messages(same, same, Mode::Full);
            assert_eq!(rules(&nothing), [""; 0], "{case} differs from itself");
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
