//! Whole files, read as a caller reads them.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod compilers;
mod hostile;
mod measured;
mod oracle;
mod reading;
mod validity;

use std::path::Path;

use super::*;
use crate::model::*;
use crate::source::{Folder, MemorySnapshot, RepoPath};

/// Loads files that are given as paths and texts; all of them are the contract's own.
pub(super) fn load_texts(files: &[(&str, &str)]) -> Loaded {
    let paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect();
    let texts = files.iter().map(|(_, text)| text.as_bytes().to_vec());
    let snapshot = MemorySnapshot::new("test", paths.iter().cloned().zip(texts));
    let root = ProtoRoot::new(paths[0].clone(), vec![Folder::default()], paths);
    load(&snapshot, &root, &LoadOptions::default())
}

pub(super) fn load_text(text: &str) -> Loaded {
    load_texts(&[("a.proto", text)])
}

fn messages(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| problem.message.clone()).collect()
}

fn field<'l>(loaded: &'l Loaded, message: &str, name: &str) -> &'l Field {
    let mut found = loaded.contract.messages.messages.iter();
    let message = found.rfind(|found| &*found.full_name == message).unwrap();
    message.fields.iter().find(|field| &*field.name == name).unwrap()
}

#[test]
fn every_measured_case_loads_without_a_problem() {
    let cases = Path::new("../shared/cases/protobuf");
    if !cases.exists() {
        eprintln!("skipped: {} is not here", cases.display());
        return;
    }
    for case in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        for side in ["old", "new"] {
            let Ok(text) = std::fs::read_to_string(case.join(side).join("a.proto")) else {
                continue;
            };
            let loaded = load_text(&text);
            assert_eq!(messages(&loaded), Vec::<String>::new(), "{}/{side}", case.display());
        }
    }
}

#[test]
fn what_is_imported_and_kept_elsewhere_hides_no_field() {
    let loaded = load_text(
        "syntax = \"proto2\";\nimport \"gone.proto\";\n\
         message A { optional Gone g = 1 [default = ON]; repeated Gone l = 2 [packed = true]; \
         map<int32, Gone> m = 3; }\nservice S { rpc Do(A) returns (Gone); }",
    );
    let kinds: Vec<ProblemKind> = loaded.problems.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [ProblemKind::Warning; 5], "{:?}", messages(&loaded));
    assert_eq!(messages(&loaded)[0], "the imported file `gone.proto` was not found");
    let fields = ["g", "l", "m"].map(|name| field(&loaded, "A", name).number.get());
    assert_eq!(fields, [1, 2, 3]);
    assert_eq!(loaded.contract.operations.len(), 1);
}

#[test]
fn a_broken_declaration_hides_no_other() {
    let loaded = load_text(
        "syntax = \"proto3\";\nmessage A { int32 x = ; string y = 2; }\nmessage ! { }\n\
         message B { A a = 1; Gone g = 2; }",
    );
    let expected = [
        "expected the number of the field, found `;`",
        "expected a name, found `!`",
        "`Gone` is not declared",
    ];
    assert_eq!(messages(&loaded), expected);
    assert_eq!(&*field(&loaded, "A", "y").name, "y");
    assert_eq!(&*field(&loaded, "B", "a").name, "a");
}
