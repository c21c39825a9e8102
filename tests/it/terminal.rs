//! The text report at a terminal, which `script` plays; where there is none, the test says that it was not
//! run.

use std::path::Path;
use std::process::Command;

use crate::case::testdata;

/// Whether this machine can play a terminal.
fn can_run() -> bool {
    let runs = cfg!(target_os = "linux")
        && Command::new("script").arg("--version").output().is_ok_and(|it| it.status.success());
    if !runs {
        eprintln!("skipped: `script` plays the terminal");
    }
    runs
}

/// What a terminal of so many columns gets.
fn shown(folder: &Path, columns: usize, variables: &str, arguments: &str) -> String {
    let program = env!("CARGO_BIN_EXE_unbroken");
    played(folder, &format!("stty rows 40 cols {columns}; {variables} {program} {arguments}"))
}

/// What a terminal gets of a line for the shell.
fn played(folder: &Path, line: &str) -> String {
    let mut script = Command::new("script");
    script.args(["-qec", line, "/dev/null"]).current_dir(folder).env_clear();
    script.env("PATH", std::env::var_os("PATH").unwrap()).env("TERM", "xterm-256color");
    String::from_utf8(script.output().unwrap().stdout).unwrap().replace("\r\n", "\n")
}

/// The text without colours and links.
fn bare(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let shown = match part.as_bytes().first() {
            Some(b'[') => part.split_once('m').map(|(_, shown)| shown),
            Some(b'\\') => part.get(1..),
            _ => None,
        };
        bare.push_str(shown.unwrap_or_default());
    }
    bare
}

#[test]
fn the_report_is_as_wide_as_the_terminal() {
    if !can_run() {
        return;
    }
    let folder = testdata().join("showcase");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let plain = crate::cases::unbroken(&folder, &["diff", "old.yaml", "new.yaml"]);
    let plain = String::from_utf8(plain.stdout).unwrap();
    for columns in [60, 80, 120] {
        let text = bare(&shown(&folder, columns, "", "diff old.yaml new.yaml"));
        for line in text.lines() {
            // Only a word that is longer than a line is.
            let wide = line.chars().count() > columns && line.trim().contains(' ');
            assert!(!wide, "{columns} columns: {line}");
        }
        if columns == 120 {
            assert_eq!(words(&text), words(&plain), "nothing is lost by breaking lines");
        }
    }
    assert!(plain.lines().any(|line| line.chars().count() > 120), "a pipe gets whole lines");
}

#[test]
fn links_and_colours_are_for_terminals_and_can_be_declined() {
    if !can_run() {
        return;
    }
    let folder = testdata().join("showcase");
    let text = shown(&folder, 100, "", "diff old.yaml new.yaml");
    let url = format!("\u{1b}]8;;file://{}/new.yaml\u{1b}\\", folder.display());
    assert!(text.contains(&url), "{text}");
    assert!(text.contains("\u{1b}[31m"), "{text}");
    for variables in ["NO_COLOR=1", "TERM=dumb"] {
        let text = shown(&folder, 100, variables, "diff old.yaml new.yaml");
        assert!(!text.contains('\u{1b}'), "{variables}: {text}");
    }
    let program = env!("CARGO_BIN_EXE_unbroken");
    let piped = |force: bool| {
        let mut command = Command::new(program);
        command.args(["diff", "old.yaml", "new.yaml"]).current_dir(&folder).env_clear();
        if force {
            command.env("CLICOLOR_FORCE", "1");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(!piped(false).contains('\u{1b}'));
    assert!(piped(true).contains("\u{1b}[31m") && !piped(true).contains("\u{1b}]8"));
}

/// The line of the terminal is empty again.
const CLEARED: &str = "\r\u{1b}[K";

#[test]
fn long_work_shows_what_is_done_on_a_terminal_only() {
    if !can_run() {
        return;
    }
    let folder = testdata().join("showcase");
    let program = env!("CARGO_BIN_EXE_unbroken");
    let compare = format!("{program} diff --kind openapi - new.yaml --fail-on never >/dev/null");
    let slow = format!("(sleep 1; cat old.yaml) | {compare}");
    let said = played(&folder, &slow);
    assert!(said.starts_with(&format!("{CLEARED}reading both sides …")), "{said:?}");
    assert!(said.ends_with(CLEARED), "{said:?}");
    assert_eq!(
        played(&folder, &format!("cat old.yaml | {compare}")),
        "",
        "short work says nothing"
    );
    assert_eq!(played(&folder, &format!("{slow} 2>&1 | cat")), "", "nobody waits at a pipe");
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    if !can_run() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(testdata().join("showcase/new.yaml"), home.path().join("new.yaml")).unwrap();
    let program = env!("CARGO_BIN_EXE_unbroken");
    let interrupted = "timeout --foreground --signal=INT 2";
    let compare = format!("{program} diff --kind openapi - new.yaml -o html=report.html");
    let said = played(home.path(), &format!("sleep 3 | {interrupted} {compare}"));
    assert!(said.contains("reading both sides …"), "{said:?}");
    assert!(said.ends_with(CLEARED), "{said:?}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
}
