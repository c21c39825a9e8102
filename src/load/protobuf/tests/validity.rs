//! What compilers accept and refuse, we accept and refuse: `testdata/protobuf-reader/files.txt`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::*;

const FILES: &str = include_str!("../../../../testdata/protobuf-reader/files.txt");

/// A file of the table.
struct Row {
    accepted: bool,
    /// The compiler that is of another opinion.
    unlike: Option<&'static str>,
    what: &'static str,
    text: String,
}

fn rows() -> Vec<Row> {
    let blocks = FILES.split("\n## ").skip(1);
    let rows = blocks.map(|block| {
        let (head, text) = block.split_once('\n').unwrap_or((block, ""));
        let (opinion, what) = head.split_once(": ").unwrap();
        let (opinion, unlike) = match opinion.split_once(" (") {
            Some((opinion, unlike)) => (opinion, unlike.split(' ').next()),
            None => (opinion, None),
        };
        assert!(matches!(opinion, "accept" | "refuse"), "{head}");
        Row { accepted: opinion == "accept", unlike, what, text: format!("{text}\n") }
    });
    rows.collect()
}

/// What is wrong with a file, each with its place.
fn refusals(text: &str) -> Vec<String> {
    let loaded = load_text(text);
    let severe = loaded.problems.iter().filter(|one| one.kind != ProblemKind::Warning);
    let told = severe.map(|problem| {
        let place = problem.span.and_then(|span| loaded.files.locate(span));
        let (path, at) = place.unwrap_or_else(|| panic!("no place: {}", problem.message));
        format!("{path}:{}:{}: {}", at.line, at.column, problem.message)
    });
    told.collect()
}

#[test]
fn files_are_accepted_and_refused_as_compilers_do() {
    let rows = rows();
    let (mut wrong, mut told) = (String::new(), String::new());
    for row in &rows {
        let refusals = refusals(&row.text);
        if refusals.is_empty() != row.accepted {
            writeln!(wrong, "{} (accepted {}): {refusals:?}", row.what, row.accepted).unwrap();
        }
        if !row.accepted {
            writeln!(told, "{}\n    {}", row.what, refusals.join("\n    ")).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(rows.iter().filter(|row| !row.accepted).count() > 100);
    insta::assert_snapshot!(told);
}

/// The table itself beside compilers: `UNBROKEN_PROTOC=protoc UNBROKEN_BUF=buf cargo test`.
#[test]
fn compilers_say_what_the_table_says() {
    let compilers = [("protoc", "UNBROKEN_PROTOC"), ("buf", "UNBROKEN_BUF")];
    for (name, variable) in compilers {
        let Ok(program) = std::env::var(variable) else {
            eprintln!("skipped: {variable} names no compiler");
            continue;
        };
        let folder = tempfile::tempdir().unwrap();
        for row in rows() {
            std::fs::write(folder.path().join("a.proto"), &row.text).unwrap();
            let accepted = accepts(name, &program, folder.path());
            let expected = row.accepted != (row.unlike == Some(name));
            assert_eq!(accepted, expected, "{name}: {}\n{}", row.what, row.text);
        }
    }
}

fn accepts(name: &str, program: &str, folder: &Path) -> bool {
    let mut command = Command::new(program);
    match name {
        "buf" => command.args(["build", "."]),
        _ => command.args(["-I.", "a.proto", "-o", "a.binpb"]),
    };
    command.current_dir(folder).output().unwrap().status.success()
}
