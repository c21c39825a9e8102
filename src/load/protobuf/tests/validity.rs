//! What compilers accept and refuse, we accept and refuse: `testdata/protobuf-reader/`.
//!
//! Where the two are of different opinions, a file that one of them accepts is hardly ever refused: it
//! is somebody's contract.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;
use std::sync::Mutex;

use super::*;

/// Whole files, and the rules of compilers one by one.
const TABLES: [(&str, &str); 2] = [
    ("files", include_str!("../../../../testdata/protobuf-reader/files.txt")),
    ("rules", include_str!("../../../../testdata/protobuf-reader/rules.txt")),
];

/// A file of a table, and those that it imports.
struct Row {
    accepted: bool,
    /// The compiler that is of another opinion.
    unlike: Option<&'static str>,
    what: &'static str,
    /// By path; the first is the one in question.
    files: Vec<(&'static str, String)>,
}

fn rows(table: &'static str) -> Vec<Row> {
    let blocks = table.split("\n## ").skip(1);
    let rows = blocks.map(|block| {
        let (head, text) = block.split_once('\n').unwrap_or((block, ""));
        let (opinion, what) = head.split_once(": ").unwrap();
        let (opinion, unlike) = match opinion.split_once(" (") {
            Some((opinion, unlike)) => (opinion, unlike.split(' ').next()),
            None => (opinion, None),
        };
        assert!(matches!(opinion, "accept" | "refuse"), "{head}");
        Row { accepted: opinion == "accept", unlike, what, files: files(text) }
    });
    rows.collect()
}

fn files(text: &'static str) -> Vec<(&'static str, String)> {
    let mut others = text.split("\n=== ");
    let first = others.next().unwrap();
    let others = others.map(|other| other.split_once('\n').unwrap());
    let all = std::iter::once(("a.proto", first)).chain(others);
    all.map(|(path, text)| (path, format!("{text}\n"))).collect()
}

/// What is wrong with a file, each with its place.
fn refusals(row: &Row) -> Vec<String> {
    let files: Vec<(&str, &str)> = row.files.iter().map(|(path, text)| (*path, &**text)).collect();
    let loaded = load_texts(&files);
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
    for (name, table) in TABLES {
        let (mut wrong, mut told) = (String::new(), String::new());
        let rows = rows(table);
        for row in &rows {
            let refusals = refusals(row);
            if refusals.is_empty() != row.accepted {
                writeln!(wrong, "{} (accepted {}): {refusals:?}", row.what, row.accepted).unwrap();
            }
            if !row.accepted {
                writeln!(told, "{}\n    {}", row.what, refusals.join("\n    ")).unwrap();
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
        assert!(rows.iter().filter(|row| !row.accepted).count() > 100);
        insta::assert_snapshot!(name, told);
    }
}

/// The tables themselves beside compilers: `UNBROKEN_PROTOC=protoc UNBROKEN_BUF=buf cargo test`.
#[test]
fn compilers_say_what_the_table_says() {
    let compilers = [("protoc", "UNBROKEN_PROTOC"), ("buf", "UNBROKEN_BUF")];
    for (name, variable) in compilers {
        let Ok(program) = std::env::var(variable) else {
            eprintln!("skipped: {variable} names no compiler");
            continue;
        };
        let (mut wrong, mut beyond) = (String::new(), 0);
        for row in TABLES.into_iter().flat_map(|(_, table)| rows(table)) {
            if row.editions().any(|edition| is_beyond(name, &program, edition)) {
                beyond += 1;
                continue;
            }
            let accepted = accepts(name, &program, &row.files);
            if accepted != (row.accepted != (row.unlike == Some(name))) {
                writeln!(wrong, "{} (accepted {accepted}):\n{:?}", row.what, row.files).unwrap();
            }
        }
        eprintln!("{name}: {beyond} rows are of editions that it does not know");
        assert!(wrong.is_empty(), "{name}: {wrong}");
    }
}

impl Row {
    /// The editions that its files state, of those that we know.
    fn editions(&self) -> impl Iterator<Item = &'static str> {
        ["2023", "2024", "2026"].into_iter().filter(|edition| {
            let statement = format!("edition = \"{edition}\"");
            self.files.iter().any(|(_, text)| text.contains(&statement))
        })
    }
}

/// Whether a compiler knows nothing of an edition, and so has no opinion of what is written in it.
fn is_beyond(name: &str, program: &str, edition: &str) -> bool {
    static ASKED: Mutex<BTreeMap<(String, String), bool>> = Mutex::new(BTreeMap::new());
    let mut asked = ASKED.lock().unwrap();
    let both = (name.to_owned(), edition.to_owned());
    *asked.entry(both).or_insert_with(|| {
        let bare = ("a.proto", format!("edition = \"{edition}\";\n"));
        !accepts(name, program, &[bare])
    })
}

fn accepts(name: &str, program: &str, files: &[(&str, String)]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut command = Command::new(program);
    match name {
        "buf" => command.args(["build", "."]),
        _ => command.args(["-I.", "a.proto", "-o", "a.binpb"]),
    };
    command.current_dir(folder.path()).output().unwrap().status.success()
}
