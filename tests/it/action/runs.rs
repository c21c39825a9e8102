//! Jobs that no change to a branch has started, and versions that are still in use: what they are
//! compared with is not in the clone of depth 1.

use super::can_run;
use super::runner::Run;
use super::scene::{Scene, contract};

/// Main drops a member of `users.yaml` in its last commit.
fn scene() -> Scene {
    Scene::new(&contract(&["id"]), &contract(&["id", "total"]))
}

fn assert_compared(run: &Run, with: &str) {
    assert_eq!((run.code, &*run.outputs["status"]), (1, "breaking"), "{}", run.log);
    assert!(run.log.contains(with), "{}", run.log);
    assert!(run.log.contains("::error file=users.yaml,line="), "{}", run.log);
}

#[test]
fn the_clock_compares_with_the_newest_release() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.release("v0.9.0", "main~1");
    scene.release("v0.10.0", "main~1");
    // Not a release of main.
    scene.release("v2.0.0", "feature");
    let run = scene.schedule().run();
    assert_compared(&run, "base v0.10.0 at ");
    scene.show("schedule", &run);
}

#[test]
fn the_clock_says_so_where_nothing_has_changed_since_the_release() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.release("v1.0.0", "main");
    let run = scene.schedule().run();
    assert_eq!((run.code, &*run.outputs["status"]), (0, "nothing-to-check"), "{}", run.log);
    assert!(run.log.contains("(newest release), which is the head itself"), "{}", run.log);
}

#[test]
fn the_clock_compares_nothing_with_itself() {
    if !can_run() {
        return;
    }
    let scene = scene();
    let run = scene.schedule().run();
    assert_eq!((run.code, &*run.outputs["status"]), (3, "error"), "{}", run.log);
    assert!(run.log.contains("no tag in the history of HEAD is a release"), "{}", run.log);
}

#[test]
fn without_an_action_the_missing_release_costs_one_fetch() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.release("v1.0.0", "main~1");
    let runner = scene.schedule();
    let (code, said) = runner.shell("unbroken check");
    assert_eq!(code, 3, "{said}");
    let command = "git fetch --no-tags --unshallow origin '+refs/tags/*:refs/tags/*' HEAD";
    assert!(said.contains(&format!("run `{command}`")), "{said}");
    runner.shell(command);
    let (code, said) = runner.shell("unbroken check");
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("base v1.0.0 at "), "{said}");
}

#[test]
fn a_person_compares_a_branch_with_the_release_or_with_main() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.add("work", "main~1", &[("users.yaml", &contract(&["number"]))]);
    let run = scene.dispatch("refs/heads/work").run();
    assert_compared(&run, "(merge base with origin/main)");
    scene.release("v1.0.0", "main~1");
    assert_compared(&scene.dispatch("refs/heads/work").run(), "base v1.0.0 at ");
}

#[test]
fn a_tag_is_compared_with_the_release_before_it() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.release("v2.0.0", "main");
    let run = scene.tag("v2.0.0").run();
    assert_eq!(run.code, 0, "{}", run.log);
    assert!(run.log.contains("the empty tree (no earlier release"), "{}", run.log);
    scene.release("web/v1.9.0", "main");
    scene.release("v1.0.0", "main~1");
    assert_compared(&scene.tag("v2.0.0").run(), "base v1.0.0 at ");
    assert_compared(&scene.dispatch("refs/tags/v2.0.0").run(), "base v1.0.0 at ");
}

#[test]
fn versions_still_in_use_are_fetched() {
    if !can_run() {
        return;
    }
    let scene = scene();
    scene.release("v1.0.0", "main~1");
    scene.add("release/1.0", "main~1", &[("orders.yaml", &contract(&["id", "price"]))]);
    let config = "supported: [{tags: v1.*}, {branches: release/*}]\n";
    scene.add("main", "main", &[("unbroken.yaml", config)]);
    let run = scene.push("main").run();
    assert_eq!((run.code, &*run.outputs["status"]), (1, "breaking"), "{}", run.log);
    for against in ["against v1.0.0 at ", "against release/1.0 at "] {
        assert!(run.log.contains(against), "{against}: {}", run.log);
    }
}
