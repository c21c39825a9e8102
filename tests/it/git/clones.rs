//! Clones that lack something: the command that is printed is run, and mends it. The real git makes them;
//! where there is none, the test says that it was not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::hooks::{can_run, git, tried};
use super::scratch::{Scratch, TODAY, orders, write};

/// A repository of others: `trunk` has gone on, with a break, since `feat` left it.
fn theirs() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("orders.yaml", &orders("a"));
    scratch.write("users.yaml", &orders("a"));
    scratch.commit();
    scratch.write("notes.md", "more");
    let start = scratch.commit();
    scratch.branch("trunk", start);
    scratch.git.find_reference("refs/heads/main").unwrap().delete().unwrap();
    scratch.branch("feat", start);
    for notes in ["one", "two"] {
        scratch.write("notes.md", notes);
        scratch.commit();
    }
    scratch.write("orders.yaml", &orders("a, b"));
    scratch.commit();
    scratch.checkout("trunk");
    scratch.write("users.yaml", &orders("a, b"));
    let released = scratch.commit();
    scratch.point("refs/tags/v9", released);
    scratch
}

/// A clone beside it, made with these words.
fn clone(of: &Scratch, words: &[&str]) -> PathBuf {
    let (place, url) = (of.beside("clone"), format!("file://{}", of.root().display()));
    let _ = std::fs::remove_dir_all(&place);
    let words = [&["clone", "--quiet"], words, &[url.as_str(), place.to_str().unwrap()]].concat();
    let (done, said) = tried(of.root(), &words);
    assert!(done, "{said}");
    place
}

fn unbroken(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
    let command = command.current_dir(folder).env_clear().env("UNBROKEN_TODAY", TODAY);
    let output = command.args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// Runs what the message says, as often as it says something, and returns the commands with the report.
fn mended(folder: &Path, arguments: &[&str]) -> (Vec<String>, Value) {
    let mut commands = Vec::new();
    let check = [&["check", "--format", "json"], arguments].concat();
    loop {
        let (code, said) = unbroken(folder, &check);
        if code != 3 {
            return (commands, serde_json::from_str(&said).unwrap());
        }
        let command = said.split('`').nth(1).unwrap_or_else(|| panic!("no command in {said}"));
        assert!(command.starts_with("git fetch ") && commands.len() < 3, "{said}");
        let words: Vec<String> = unbroken(folder, &[&["ci", "missing"], arguments].concat())
            .1
            .lines()
            .map(str::to_owned)
            .collect();
        assert_eq!(command, format!("git fetch {}", words.join(" ")));
        let run = Command::new("sh").args(["-c", command]).current_dir(folder).output().unwrap();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        commands.push(command.to_owned());
    }
}

/// The contracts of which something is said to break.
fn broken(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let broken = findings.filter(|finding| finding["verdict"] == "breaking");
    broken.map(|finding| finding["contract"].as_str().unwrap()).collect()
}

fn label(report: &Value) -> &str {
    report["bases"][0]["label"].as_str().unwrap()
}

#[test]
fn a_clone_of_one_commit_of_one_branch_asks_for_the_default_branch() {
    if !can_run() {
        return;
    }
    let theirs = theirs();
    for depth in [&["--depth", "1", "-b", "feat"][..], &["--single-branch", "-b", "feat"]] {
        let ours = clone(&theirs, depth);
        let (commands, report) = mended(&ours, &[]);
        let all = if depth.len() == 4 { "--unshallow " } else { "" };
        let expected = format!("git fetch --no-tags {all}origin +HEAD:refs/remotes/origin/HEAD");
        assert_eq!(commands, [expected], "{depth:?}");
        assert_eq!(broken(&report), ["orders.yaml"]);
        assert!(label(&report).contains("(merge base with origin/HEAD)"), "{}", label(&report));
    }
}

#[test]
fn a_shallow_clone_asks_for_as_much_history_as_a_revision_goes_back() {
    if !can_run() {
        return;
    }
    let theirs = theirs();
    for (base, deepen) in [("HEAD~1", 1), ("HEAD^", 1), ("feat~3", 3), ("HEAD^^~1", 3)] {
        let ours = clone(&theirs, &["--depth", "1", "-b", "feat"]);
        let cut = theirs.git.find_reference("refs/heads/feat").unwrap().target().unwrap();
        let (commands, report) = mended(&ours, &["--base", base]);
        assert_eq!(commands, [format!("git fetch --no-tags --deepen={deepen} origin {cut}")]);
        assert_eq!(broken(&report), ["orders.yaml"], "{base}");
    }
    // A commit of one's own before the cut counts.
    let ours = clone(&theirs, &["--depth", "1", "-b", "feat"]);
    write(&ours, "notes.md", "mine");
    assert!(git(&ours, &["commit", "--quiet", "--all", "--message", "x"]).status.success());
    let (commands, report) = mended(&ours, &["--base", "HEAD~2"]);
    assert!(commands[0].contains("--deepen=1 "), "{commands:?}");
    assert_eq!(broken(&report), ["orders.yaml"]);
    // Where the history ends, no fetch helps.
    let whole = clone(&theirs, &["-b", "feat"]);
    let (code, said) = unbroken(&whole, &["check", "--base", "HEAD~99"]);
    assert!(code == 3 && said.contains("check its spelling"), "{said}");
}

#[test]
fn a_remote_may_have_any_name() {
    if !can_run() {
        return;
    }
    let theirs = theirs();
    let ours = clone(&theirs, &["--origin", "upstream", "--no-tags", "-b", "feat"]);
    let (commands, report) = mended(&ours, &[]);
    assert_eq!(commands, [""; 0]);
    let said = label(&report);
    assert!(said.contains("(merge base with upstream/trunk)"), "{said}");
    assert_eq!(broken(&report), ["orders.yaml"]);
    let (commands, _) = mended(&ours, &["--base", "v9"]);
    assert_eq!(commands, ["git fetch --no-tags upstream +refs/tags/v9:refs/tags/v9"]);
    // A branch that is only there is known by its own name, and by that of the remote.
    for name in ["trunk", "upstream/trunk"] {
        assert_eq!(mended(&ours, &["--base", name]).0, [""; 0]);
    }
    let shallow = clone(&theirs, &["--origin", "up", "--depth", "1", "-b", "feat"]);
    let (commands, report) = mended(&shallow, &["--base", "up/trunk"]);
    let branch = "+refs/heads/trunk:refs/remotes/up/trunk";
    assert_eq!(commands, [format!("git fetch --no-tags --depth=1 up {branch}")]);
    assert_eq!(broken(&report), ["orders.yaml"]);
}

#[test]
fn where_a_branch_was_pushed_to_is_not_where_it_goes() {
    if !can_run() {
        return;
    }
    let theirs = theirs();
    let ours = clone(&theirs, &[]);
    for words in [
        &["checkout", "--quiet", "-b", "mine", "origin/feat"][..],
        &["push", "--quiet", "--set-upstream", "origin", "mine"],
    ] {
        let (done, said) = tried(&ours, words);
        assert!(done, "{said}");
    }
    let report = mended(&ours, &[]).1;
    assert_eq!(broken(&report), ["orders.yaml"]);
    let said = label(&report);
    assert!(said.starts_with("trunk at "), "{said}");
    assert!(said.ends_with("(merge base with origin/trunk); origin/mine is the branch itself"));
    // What it takes over from the main line is not its own, and was not there when it was pushed.
    let (done, said) = tried(&ours, &["merge", "--quiet", "--no-edit", "origin/trunk"]);
    assert!(done, "{said}");
    assert_eq!(broken(&mended(&ours, &[]).1), ["orders.yaml"]);
    // On the main line itself the upstream is what others have.
    let (done, said) = tried(&ours, &["checkout", "--quiet", "trunk"]);
    assert!(done, "{said}");
    write(&ours, "orders.yaml", &orders("b"));
    assert!(git(&ours, &["commit", "--quiet", "--all", "--message", "x"]).status.success());
    let report = mended(&ours, &[]).1;
    assert_eq!(broken(&report), ["orders.yaml"]);
    assert!(label(&report).ends_with("(merge base with origin/trunk)"), "{}", label(&report));
}

#[test]
fn a_push_is_not_blamed_for_what_it_takes_over_from_the_main_line() {
    if !can_run() {
        return;
    }
    let theirs = theirs();
    for (how, words) in [
        ("merge", &["merge", "--quiet", "--no-edit", "origin/trunk"][..]),
        ("rebase", &["rebase", "--quiet", "origin/trunk"]),
    ] {
        let ours = clone(&theirs, &["-b", "feat"]);
        let (code, said) = unbroken(&ours, &["install-hook", "--stage", "pre-push"]);
        assert_eq!(code, 0, "{said}");
        let (done, said) = tried(&ours, words);
        assert!(done, "{how}: {said}");
        let push = ["push", "--force", "origin", "feat:other", "feat"];
        let (done, said) = tried(&ours, &push);
        assert!(!done && said.contains("orders.yaml"), "{how}: {said}");
        assert!(!said.contains("users.yaml"), "{how}: {said}");
    }
    // A break that was pushed before is not pushed again.
    let ours = clone(&theirs, &["-b", "feat"]);
    assert_eq!(unbroken(&ours, &["install-hook", "--stage", "pre-push"]).0, 0);
    write(&ours, "notes.md", "mine");
    assert!(git(&ours, &["commit", "--quiet", "--all", "--message", "x"]).status.success());
    let (done, said) = tried(&ours, &["push", "origin", "feat"]);
    assert!(done, "{said}");
    // A branch that only follows main is asked what that does to whoever used it.
    let (done, said) = tried(&theirs.beside("clone"), &["push", "origin", "v9~1:refs/heads/live"]);
    assert!(done, "{said}");
    let (done, said) = tried(&ours, &["push", "origin", "v9:live"]);
    assert!(!done && said.contains("users.yaml"), "{said}");
}
