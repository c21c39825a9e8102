//! Hooks: what they say, and how they are installed. The real git runs them; where there is none, the test
//! says that it was not run.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::scratch::{Scratch, broken, orders, write};

const HOOK: [&str; 3] = ["check", "--staged", "--hook"];

/// Whether there is a git and a shell.
pub(super) fn can_run() -> bool {
    let runs = Command::new("git").arg("--version").output().is_ok() && cfg!(unix);
    if !runs {
        eprintln!("skipped: hooks need git and a shell");
    }
    runs
}

/// git, as a person who has only this program on PATH calls it.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_unbroken")).parent().unwrap();
    let system = std::env::var_os("PATH").unwrap_or_default();
    let path = [program.to_owned()].into_iter().chain(std::env::split_paths(&system));
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
    command.args(arguments).env("PATH", std::env::join_paths(path).unwrap());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// Whether git did it, and all that was said.
pub(super) fn tried(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = git(folder, arguments);
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// A repository with the hook, and a break that nobody has staged.
fn hooked() -> Scratch {
    let scratch = broken();
    let (code, said) = scratch.run(&["install-hook"]);
    assert_eq!(code, 0, "{said}");
    scratch
}

#[test]
fn a_hook_is_silent_brief_or_short() {
    let scratch = broken();
    assert_eq!(scratch.run(&HOOK), (0, String::new()), "nothing is staged");
    scratch.write("notes.md", "x");
    scratch.stage();
    let (code, said) = scratch.run(&HOOK);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("property-became-required  api/orders.yaml:"), "{said}");
    assert_eq!(said.lines().count(), 4, "{said}");
    scratch.write("api/orders.yaml", &orders(""));
    scratch.stage();
    let (code, said) = scratch.run(&HOOK);
    assert_eq!((code, said.lines().count()), (0, 1), "{said}");
    assert!(said.starts_with("unbroken: 1 contract compared with main at "), "{said}");
    scratch.write("api/orders.yaml", "openapi: 3.1.0\npaths: [\n");
    scratch.stage();
    let (code, said) = scratch.run(&HOOK);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("! api/orders.yaml:"), "{said}");
}

#[test]
fn a_hook_never_says_more_than_a_screen_holds() {
    let scratch = Scratch::new();
    let contract = |kind: &str| {
        let mut text = "openapi: 3.1.0\ninfo: {title: a, version: 1.0.0}\npaths:\n".to_owned();
        for number in 0..40 {
            let name = format!("/{}{number}", "long".repeat(60));
            writeln!(text, "  {name}:\n    get:\n      parameters: [{{name: q, in: query, schema: {{type: {kind}}}}}]\n      responses: {{'200': {{description: fine}}}}").unwrap();
        }
        text
    };
    scratch.write("a.yaml", &contract("string"));
    for number in 0..9 {
        scratch.write(&format!("{number}.yaml"), &orders("a"));
    }
    let first = scratch.commit();
    for number in 0..30 {
        scratch.point(&format!("refs/tags/v1.{number}"), first);
    }
    scratch.write("a.yaml", &contract("boolean"));
    for number in 0..9 {
        scratch.write(&format!("{number}.yaml"), "openapi: 3.1.0\npaths: [\n");
    }
    scratch.stage();
    let (code, said) = scratch.run(&HOOK);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("… and 34 more findings"), "{said}");
    assert!(said.contains("… and 5 more problems"), "{said}");
    assert!(said.lines().count() <= 20, "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 200), "{said}");
}

#[test]
fn a_commit_is_stopped_in_every_form_that_git_knows() {
    if !can_run() {
        return;
    }
    let scratch = hooked();
    let root = scratch.root();
    // What is not staged is not judged.
    write(root, "notes.md", "x");
    assert!(git(root, &["add", "notes.md"]).status.success());
    let (done, said) = tried(root, &["commit", "--message", "notes"]);
    assert!(done && !said.contains("unbroken"), "{said}");
    // `--all` and a path have git make an index of their own for the commit.
    for arguments in [
        &["commit", "--all", "--message", "x"][..],
        &["commit", "--message", "x", "api/orders.yaml"],
    ] {
        let (done, said) = tried(root, arguments);
        assert!(!done && said.contains("property-became-required"), "{arguments:?}: {said}");
    }
    // A part of the edits of a file, as `commit --patch` takes it.
    let mut patch = Command::new("sh");
    let line = format!(
        "yes | PATH=\"{}:$PATH\" git -c user.name=A -c user.email=a@example.org commit -p -m x",
        Path::new(env!("CARGO_BIN_EXE_unbroken")).parent().unwrap().display()
    );
    let patch = patch.args(["-c", &line]).current_dir(root).output().unwrap();
    let said = String::from_utf8([patch.stdout, patch.stderr].concat()).unwrap();
    assert!(!patch.status.success() && said.contains("property-became-required"), "{said}");
    let (done, said) = tried(root, &["commit", "--all", "--no-verify", "--message", "x"]);
    assert!(done, "{said}");
}

#[test]
fn a_linked_work_tree_has_the_same_hook_and_its_own_index() {
    if !can_run() {
        return;
    }
    let scratch = hooked();
    let linked = scratch.beside("linked");
    let (done, said) =
        tried(scratch.root(), &["worktree", "add", "-b", "other", linked.to_str().unwrap()]);
    assert!(done, "{said}");
    write(&linked, "api/orders.yaml", &orders("b"));
    let (done, said) = tried(&linked, &["commit", "--all", "--message", "x"]);
    assert!(!done && said.contains("property-became-required"), "{said}");
    write(&linked, "api/orders.yaml", &orders(""));
    let (done, said) = tried(&linked, &["commit", "--all", "--message", "x"]);
    assert!(done, "{said}");
}

#[test]
fn what_is_pushed_is_judged() {
    if !can_run() {
        return;
    }
    let scratch = broken();
    let (root, origin) = (scratch.root(), scratch.beside("origin.git"));
    let origin = origin.to_str().unwrap();
    assert!(git(root, &["init", "--bare", "--quiet", origin]).status.success());
    assert!(git(root, &["remote", "add", "origin", origin]).status.success());
    assert!(git(root, &["push", "--quiet", "origin", "main"]).status.success());
    let (code, said) = scratch.run(&["install-hook", "--stage", "pre-push"]);
    assert_eq!(code, 0, "{said}");
    assert!(git(root, &["checkout", "--quiet", "-b", "feature"]).status.success());
    assert!(git(root, &["commit", "--quiet", "--all", "--message", "x"]).status.success());
    let (done, said) = tried(root, &["push", "origin", "feature"]);
    assert!(!done && said.contains("property-became-required"), "{said}");
    // A branch that goes away takes no contract along.
    assert!(git(root, &["push", "--quiet", "origin", "main:gone"]).status.success());
    let (done, said) = tried(root, &["push", "origin", ":gone"]);
    assert!(done, "{said}");
    scratch.write("api/orders.yaml", &orders(""));
    assert!(git(root, &["commit", "--quiet", "--all", "--amend", "--no-edit"]).status.success());
    let (done, said) = tried(root, &["push", "origin", "feature"]);
    assert!(done, "{said}");
}

#[test]
fn a_hook_of_somebody_else_is_kept() {
    let scratch = broken();
    let theirs = scratch.root().join(".git/hooks/pre-commit");
    fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    fs::write(&theirs, "#!/bin/sh\nmake lint\n").unwrap();
    let (code, said) = scratch.run(&["install-hook"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("add the line `unbroken check --staged --hook` to it"), "{said}");
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "#!/bin/sh\nmake lint\n");
    assert_eq!(scratch.run(&["install-hook", "--force"]).0, 0);
    // Ours is replaced by ours.
    assert_eq!(scratch.run(&["install-hook"]).0, 0);
    assert!(fs::read_to_string(&theirs).unwrap().contains("unbroken check --staged --hook"));
}

#[test]
fn a_folder_of_hooks_is_found_and_a_shared_one_is_asked_about() {
    let scratch = broken();
    let set = |path: &str| {
        scratch.git.config().unwrap().set_str("core.hooksPath", path).unwrap();
    };
    set("tools/hooks");
    assert_eq!(scratch.run(&["install-hook"]).0, 0);
    assert!(scratch.root().join("tools/hooks/pre-commit").is_file());
    let shared = scratch.beside("shared");
    set(shared.to_str().unwrap());
    let (code, said) = scratch.run(&["install-hook"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("which other repositories may share; use --force"), "{said}");
    assert!(!shared.exists());
    assert_eq!(scratch.run(&["install-hook", "--force"]).0, 0);
    assert!(shared.join("pre-commit").is_file());
}

#[test]
fn a_merge_is_not_blamed_for_what_main_did() {
    if !can_run() {
        return;
    }
    let scratch = Scratch::new();
    let root = scratch.root();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("api/users.yaml", &orders("a"));
    let start = scratch.commit();
    scratch.write("api/users.yaml", &orders("a, b"));
    scratch.commit();
    scratch.branch("feature", start);
    scratch.write("api/orders.yaml", &orders(""));
    scratch.commit();
    let (done, said) = tried(root, &["merge", "--no-commit", "--no-ff", "main"]);
    assert!(done, "{said}");
    for arguments in [&HOOK[..], &["check"]] {
        let (code, said) = scratch.run(arguments);
        assert!(code == 0 && !said.contains("users"), "{said}");
    }
    // What the branch itself breaks is still its own.
    scratch.write("api/orders.yaml", &orders("a, b"));
    scratch.stage();
    assert_eq!(scratch.run(&HOOK).0, 1);
    assert!(git(root, &["merge", "--abort"]).status.success());
    // While git runs this hook it has not written down yet what it merges.
    let hook = root.join(".git/hooks/pre-merge-commit");
    assert_eq!(scratch.run(&["install-hook"]).0, 0);
    fs::rename(root.join(".git/hooks/pre-commit"), hook).unwrap();
    let (done, said) = tried(root, &["merge", "--no-edit", "main"]);
    assert!(done, "{said}");
}

#[test]
fn a_hook_that_goes_into_a_folder_sees_the_index_of_the_commit() {
    if !can_run() {
        return;
    }
    let scratch = hooked();
    let root = scratch.root();
    // git names the index relative to the top of the work tree, wherever the hook goes from there.
    let hook = root.join(".git/hooks/pre-commit");
    fs::write(hook, "#!/bin/sh\ncd api && exec unbroken check --staged --hook\n").unwrap();
    for arguments in [
        &["commit", "--all", "--message", "x"][..],
        &["commit", "--message", "x", "api/orders.yaml"],
    ] {
        let (done, said) = tried(root, arguments);
        assert!(!done && said.contains("property-became-required"), "{arguments:?}: {said}");
        assert!(!said.contains("contract-removed"), "{arguments:?}: {said}");
    }
    scratch.write("api/orders.yaml", &orders(""));
    let (done, said) = tried(root, &["commit", "--all", "--message", "x"]);
    assert!(done, "{said}");
}
