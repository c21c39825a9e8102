//! The program from outside: exit codes, streams, and what it says of bad input.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::cases::unbroken;

const SMALL: &str = "\
openapi: 3.1.0
info: { title: a, version: 1.0.0 }
paths:
  /a:
    get:
      responses:
        '200': { description: fine }
";

/// A folder that holds these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    home
}

/// Exit code and both streams of `unbroken diff old.yaml new.yaml`, as a person sees them.
fn diff(folder: &Path, arguments: &[&str]) -> String {
    let mut all = vec!["diff"];
    all.extend(arguments);
    let output = unbroken(folder, &all);
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    format!("exit {}\n{out}{err}", output.status.code().unwrap())
}

/// Everything that is said of a new side.
fn about(name: &str, bytes: &[u8]) -> String {
    let home = folder(&[("old.yaml", SMALL.as_bytes()), (name, bytes)]);
    let said = diff(home.path(), &["old.yaml", name, "--kind", "openapi"]);
    assert!(!said.contains(home.path().to_str().unwrap()), "{said}");
    said
}

/// The exit code and the problems of a new side that is bad.
fn bad(name: &str, bytes: &[u8]) -> String {
    let said = about(name, bytes);
    let is_problem = |line: &&str| {
        ["exit ", "refused: ", "unreadable: ", "not read: ", "warning: ", "unbroken: "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    said.lines().filter(is_problem).collect::<Vec<&str>>().join("\n")
}

#[test]
fn equal_files_pass() {
    let home = folder(&[("old.yaml", SMALL.as_bytes()), ("new.yaml", SMALL.as_bytes())]);
    let said = diff(home.path(), &["old.yaml", "new.yaml"]);
    assert!(said.starts_with("exit 0\n"), "{said}");
}

#[test]
fn a_break_fails_unless_the_caller_says_otherwise() {
    let new = SMALL.replace("/a:", "/b:");
    let home = folder(&[("old.yaml", SMALL.as_bytes()), ("new.yaml", new.as_bytes())]);
    for (flags, code) in [
        (&[][..], 1),
        (&["--fail-on", "note"][..], 1),
        (&["--fail-on", "never"][..], 0),
        (&["--format", "json"][..], 1),
    ] {
        let arguments = [&["old.yaml", "new.yaml"], flags].concat();
        let said = diff(home.path(), &arguments);
        assert!(said.starts_with(&format!("exit {code}\n")), "{flags:?}: {said}");
    }
}

#[test]
fn what_cannot_be_asked_is_a_usage_error() {
    let home = folder(&[("old.yaml", SMALL.as_bytes())]);
    let files = ["old.yaml", "old.yaml"];
    for arguments in [
        &["--colour"][..],
        &["--format", "sarif7"][..],
        &["-o", "report.json"][..],
        &["-o", "sarif7=report"][..],
        &["--mode", "sideways"][..],
    ] {
        let said = diff(home.path(), &[&files, arguments].concat());
        assert!(said.starts_with("exit 2\n"), "{arguments:?}: {said}");
    }
    assert_eq!(unbroken(home.path(), &["explain", "no-such-rule"]).status.code(), Some(2));
    assert_eq!(unbroken(home.path(), &["explain", "operation-removed"]).status.code(), Some(0));
    assert_eq!(unbroken(home.path(), &["frobnicate"]).status.code(), Some(2));
    assert_eq!(unbroken(home.path(), &["--help"]).status.code(), Some(0));
}

#[test]
fn what_is_not_there_is_not_compared() {
    let home = folder(&[("old.yaml", SMALL.as_bytes())]);
    assert_snapshot!(diff(home.path(), &["old.yaml", "new.yaml"]));
}

#[test]
fn a_duplicate_key_is_located() {
    let twice = format!("{SMALL}    get:\n      responses: {{}}\n");
    assert_snapshot!(bad("new.yaml", twice.as_bytes()));
}

#[test]
fn a_tab_is_located() {
    assert_snapshot!(bad("new.yaml", SMALL.replace("    get:", "\tget:").as_bytes()));
}

#[test]
fn bad_utf_8_is_located() {
    let mut bytes = SMALL.as_bytes().to_vec();
    bytes[33] = 0xff;
    assert_snapshot!(bad("new.yaml", &bytes));
}

#[test]
fn broken_json_is_located() {
    assert_snapshot!(bad("new.json", b"{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {,}\n}\n"));
}

#[test]
fn an_alias_bomb_is_located() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        let row = vec![below; 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{row}]").unwrap();
    }
    let text = referring("x").replace("$ref: 'x'", "enum: [*a11]");
    assert_snapshot!(bad("new.yaml", format!("{bomb}{text}").as_bytes()));
}

#[test]
fn a_depth_bomb_is_located() {
    let bomb = format!("{{\"openapi\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_snapshot!(bad("new.json", bomb.as_bytes()));
}

fn referring(reference: &str) -> String {
    let schema =
        format!("content: {{ application/json: {{ schema: {{ $ref: '{reference}' }} }} }}");
    SMALL.replace("description: fine }", &format!("description: fine, {schema} }}"))
}

#[test]
fn a_reference_to_the_network_is_refused() {
    assert_snapshot!(bad("new.yaml", referring("https://example.com/a.yaml").as_bytes()));
}

#[test]
fn a_reference_that_leaves_the_folder_is_refused() {
    assert_snapshot!(bad("new.yaml", referring("../../etc/passwd").as_bytes()));
}

#[test]
fn a_reference_to_nothing_leaves_the_rest_readable() {
    assert_snapshot!(bad("new.yaml", referring("#/components/schemas/Nothing").as_bytes()));
}

#[test]
fn names_cannot_paint_the_screen() {
    let hostile = "/a\\e[2J\\u202Eb\\u200B";
    let new = SMALL.replace("/a:", &format!("\"{hostile}\":"));
    let said = about("new.yaml", new.as_bytes());
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{said}");
    assert!(said.contains("/a\\u{1b}[2J\\u{202e}b\\u{200b}"), "{said}");
}

#[test]
fn reports_are_written_to_files_too() {
    let home = folder(&[("old.yaml", SMALL.as_bytes()), ("new.yaml", SMALL.as_bytes())]);
    let arguments = ["old.yaml", "new.yaml", "-o", "json=a.json", "-o", "text=a.txt"];
    let said = diff(home.path(), &arguments);
    let text = fs::read_to_string(home.path().join("a.txt")).unwrap();
    assert_eq!(said, format!("exit 0\n{text}"));
    let json = fs::read_to_string(home.path().join("a.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap().is_object());
}

/// Exit code and problems of a comparison of two schemas.
fn schemas(old: &str, new: &str) -> (i32, String) {
    let home = folder(&[("old.json", old.as_bytes()), ("new.json", new.as_bytes())]);
    let said = diff(home.path(), &["old.json", "new.json", "--kind", "json-schema"]);
    let code = said.lines().next().unwrap().trim_start_matches("exit ").parse().unwrap();
    (code, said)
}

#[test]
fn what_is_no_schema_is_located_and_never_called_compatible() {
    for (bad, place) in [
        ("42", "unreadable: new.json:1:1: this is no schema"),
        (r##"{"$ref": "#"}"##, "not read: new.json:1:2: this schema applies itself"),
        (r##"{"items": {"$ref": "#/nope"}}"##, "not read: new.json:1:12: `#/nope` names nothing"),
        (r#"{"type": "objet"}"#, "not read: new.json:1:10: `objet` is no type"),
        (r#"{"title": 3}"#, "not read: new.json:1:11: this is no schema of 2020-12: 3 is not"),
        (
            r#"{"$defs": {"unused": {"minimum": "a"}}, "items": {}}"#,
            "not read: new.json:1:34: this is no schema of 2020-12: \"a\" is not",
        ),
        (
            "{\"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"required\": []}",
            "not read: new.json:2:15: this is no schema of draft-04: [] has less than 1 item",
        ),
    ] {
        let (code, said) = schemas("{}", bad);
        assert_eq!(code, 3, "{bad}\n{said}");
        assert!(said.contains(place), "{bad}\n{said}");
        assert!(said.contains("\nUNDECIDED: "), "{bad}\n{said}");
        let (code, said) = schemas(bad, bad);
        let is_nothing = bad == "42";
        assert_eq!(code, if is_nothing { 3 } else { 0 }, "{bad} against itself\n{said}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_written_to_and_stays_what_it_is() {
    let home = folder(&[("old.json", b"{}"), ("new.json", b"{}"), ("real.json", b"longer {}")]);
    let link = home.path().join("link.json");
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    diff(home.path(), &["old.json", "new.json", "--kind", "json-schema", "-o", "json=link.json"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let said = fs::read_to_string(home.path().join("real.json")).unwrap();
    assert!(said.starts_with('{') && said.contains("\"verdict\""), "{said}");
}

#[test]
fn a_reader_that_went_away_has_seen_enough_and_a_full_disk_is_told() {
    let new = SMALL.replace("/a:", "/b:");
    let home = folder(&[("old.yaml", SMALL.as_bytes()), ("new.yaml", new.as_bytes())]);
    let said = |format: &str, out: Stdio| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        program.args(["diff", "old.yaml", "new.yaml"]).args(["--format", format]);
        program.current_dir(home.path()).env_clear().stdout(out).stderr(Stdio::piped());
        let output = program.spawn().unwrap().wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let formats = ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"];
    for format in formats {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(said(format, writer.into()), (1, String::new()), "{format}");
        if cfg!(target_os = "linux") {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let (code, error) = said(format, full.into());
            let is_told =
                error.starts_with("unbroken: cannot write standard output: No space left");
            assert!(code == 3 && is_told, "{format}: {code} {error}");
        }
    }
}

#[test]
fn each_part_of_a_bundle_is_a_schema_of_its_own_draft() {
    let bundle = |items: &str, outer: &str| {
        format!(
            r##"{{"$ref": "#/$defs/a", "title": {outer}, "$defs": {{"a": {{
                "$id": "https://example.com/a", "$schema": "http://json-schema.org/draft-07/schema#",
                "items": {items}, "additionalItems": false}}}}}}"##
        )
    };
    let said = |text: &str| schemas("{}", text).1;
    assert!(!said(&bundle("[{}]", "\"t\"")).contains("this is no schema"));
    let inner = said(&bundle("[{}], \"title\": 3", "\"t\""));
    assert!(inner.contains("new.json:3:41: this is no schema of draft-07: 3 is not"), "{inner}");
    let outer = said(&bundle("[{}]", "3"));
    assert!(outer.contains("new.json:1:32: this is no schema of 2020-12: 3 is not"), "{outer}");
}

#[test]
fn a_reference_outside_is_followed_on_demand_and_the_network_never() {
    let of = |reference: &str, longest: u32| {
        format!(
            r#"{{"properties": {{"a": {{"$ref": "{reference}"}},
                "b": {{"type": "string", "maxLength": {longest}}}}}}}"#
        )
    };
    let run = |reference: &str, flags: &[&str]| {
        let home = folder(&[
            ("api/old.json", of(reference, 4).as_bytes()),
            ("api/new.json", of(reference, 3).as_bytes()),
            ("shared/a.json", br#"{"$ref": "b.json#/$defs/x"}"#),
            ("shared/b.json", br#"{"$defs": {"x": {"type": "null"}}}"#),
        ]);
        let arguments = [&["old.json", "new.json", "--kind", "json-schema"], flags].concat();
        diff(&home.path().join("api"), &arguments)
    };
    let allowed = ["--allow-outside-references"];
    let refused = run("../shared/a.json", &[]);
    assert!(refused.starts_with("exit 4\n"), "{refused}");
    let followed = run("../shared/a.json", &allowed);
    assert!(followed.starts_with("exit 1\n"), "{followed}");
    assert!(!followed.contains("refused:") && followed.contains("maximum-lowered"), "{followed}");
    assert!(followed.contains("confirmed by jsonschema"), "{followed}");
    for reference in ["https://example.com/a.json", "/etc/passwd", "file:///etc/passwd"] {
        let said = run(reference, &allowed);
        assert!(said.starts_with("exit 4\n"), "{reference}\n{said}");
    }
    let missing = run("../shared/none.json", &allowed);
    assert!(missing.contains("`../shared/none.json`, which is not there"), "{missing}");
}
