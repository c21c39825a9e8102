//! The truth table of protobuf: `testdata/protobuf-truth.tsv` says of every kind of change which of our
//! cases show it, and what becomes there of a value in each direction on each surface.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::case::{Case, testdata};
use crate::cases::reports;

/// Where the rows were measured, for whoever has it.
const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/reference/protobuf.md");

/// A line of the table: a row, one of its cases, and what must be said there.
struct Line {
    /// The place of the row among those that were measured; none for what lies beyond them.
    number: Option<usize>,
    name: String,
    case: String,
    cells: Cells,
}

/// What becomes of values: bytes and JSON, each from old writers and from new ones, then generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cells([String; 5]);

impl fmt::Display for Cells {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

fn table() -> Vec<Line> {
    let text = fs::read_to_string(testdata().join("protobuf-truth.tsv")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 8, "{line}");
        let own = |at: usize| cells[at].to_owned();
        Line {
            number: cells[0].parse().ok(),
            name: own(1),
            case: own(2),
            cells: Cells([own(3), own(4), own(5), own(6), own(7)]),
        }
    };
    lines.map(read).collect()
}

/// The worst that a report says on each surface and in each direction.
fn said(report: &Value) -> Cells {
    let findings = report["findings"].as_array().unwrap();
    let worst = |surface: &str, writer: &str| -> String {
        let of = |finding: &Value| -> Vec<String> {
            let ways = finding["directions"].as_array().unwrap();
            let on = |way: &&Value| way["surface"] == surface;
            let mine = ways.iter().filter(on);
            let verdict = finding["surfaces"][surface].as_str().unwrap();
            if mine.clone().count() == 0 && verdict != "compatible" {
                // Whoever writes: what is missed is no value.
                return vec![verdict.to_owned()];
            }
            let from = mine.filter(|way| way["writer"] == writer);
            from.map(|way| way["effect"].as_str().unwrap().to_owned()).collect()
        };
        let all: BTreeSet<String> = findings.iter().flat_map(of).collect();
        let ranks = ["breaking", "refused", "misread", "lost", "undecided"];
        let found = ranks.iter().find(|rank| all.contains(**rank));
        assert!(found.is_some() || all.is_empty(), "{all:?}");
        (*found.unwrap_or(&"ok")).to_owned()
    };
    let source = findings.iter().any(|finding| finding["surfaces"]["source"] == "breaking");
    Cells([
        worst("wire", "old"),
        worst("wire", "new"),
        worst("json", "old"),
        worst("json", "new"),
        if source { "breaking" } else { "ok" }.to_owned(),
    ])
}

fn cases() -> BTreeMap<String, &'static Value> {
    let title = |case: &Case| format!("{}/{}", case.rule, case.name);
    let own = reports().iter().filter(|(case, ..)| case.format == "protobuf");
    own.map(|(case, _, report)| (title(case), report)).collect()
}

#[test]
fn every_row_is_what_its_cases_say() {
    let cases = cases();
    let mut wrong = Vec::new();
    for line in table() {
        let found = cases.get(&line.case).map(|report| said(report));
        let found = found.unwrap_or_else(|| panic!("{} is no case", line.case));
        if found != line.cells {
            wrong.push(format!("{} {}: {found}, not {}", line.name, line.case, line.cells));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_is_claimed_by_a_row_or_lies_beyond_them() {
    let table = table();
    let claimed: BTreeSet<&str> = table.iter().map(|line| &*line.case).collect();
    let cases = cases();
    let kept: BTreeSet<&str> = cases.keys().map(|title| &**title).collect();
    let apart: Vec<_> = claimed.symmetric_difference(&kept).collect();
    assert!(apart.is_empty(), "in one of the table and the folders: {apart:?}");
    let pairs: BTreeSet<(&str, &str)> =
        table.iter().map(|line| (&*line.name, &*line.case)).collect();
    assert_eq!(pairs.len(), table.len(), "a line stands twice");
}

#[test]
fn no_row_is_left_out() {
    let mut rows: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for line in table() {
        if let Some(number) = line.number {
            rows.entry(number).or_default().insert(line.name);
        }
    }
    let count = rows.len();
    assert!(rows.keys().copied().eq(1..=count), "a number is left out: {:?}", rows.keys());
    let named = rows.values().all(|names| names.len() == 1);
    assert!(named, "a row has two names: {rows:?}");
    let Ok(text) = fs::read_to_string(Path::new(REFERENCE)) else {
        eprintln!("skipped: nothing was measured at {REFERENCE}");
        return;
    };
    let (_, after) = text.split_once("| change |").unwrap();
    let measured = after.lines().skip(2).take_while(|line| line.starts_with('|')).count();
    assert_eq!(count, measured, "rows here, and rows that were measured");
}
