//! A pull request from a copy that belongs to somebody else.

use super::can_run;
use super::scene::{Scene, contract};

const COMMENTS: &str = "/repos/acme/shop/issues/812/comments";

fn breaking() -> Scene {
    let scene = Scene::new(&contract(&["id", "total"]), &contract(&["id"]));
    scene.api.answer(&format!("GET {COMMENTS}?per_page=100&page=1"), 200, "[]");
    scene
}

#[test]
fn a_fork_gets_the_verdict_though_its_token_may_not_write() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let refusal = "{\"message\": \"Resource not accessible by integration\"}";
    scene.api.answer(&format!("POST {COMMENTS}"), 403, refusal);
    let run = scene.fork().run();
    assert_eq!((run.code, &*run.outputs["status"]), (1, "breaking"), "{}", run.log);
    assert!(run.log.contains("::error file=orders.yaml,line="), "{}", run.log);
    assert!(run.log.contains("(writing the comment answered 403)"), "{}", run.log);
    assert!(run.summary.contains("property-removed"), "{}", run.summary);
    assert!(!run.log.contains("users.yaml"), "{}", run.log);
    scene.show("fork", &run);
}

#[test]
fn the_target_s_job_reads_the_request_and_never_checks_it_out() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    scene.api.answer(&format!("POST {COMMENTS}"), 201, "{}");
    let runner = scene.pull_request_target();
    let orders = || std::fs::read_to_string(runner.workspace.join("orders.yaml")).unwrap();
    let before = orders();
    let run = runner.run();
    assert_eq!((run.code, &*run.outputs["status"]), (1, "breaking"), "{}", run.log);
    assert!(run.log.contains("(merge base with origin/main)"), "{}", run.log);
    assert!(!run.log.contains("users.yaml"), "main's own change: {}", run.log);
    scene.show("pull_request_target", &run);
    assert_eq!(orders(), before);
    assert_eq!(scene.api.writes().len(), 1);
}

#[test]
fn a_fork_cannot_weaken_the_gate_where_the_config_is_that_of_the_base() {
    if !can_run() {
        return;
    }
    let mut scene = breaking();
    scene.api.answer(&format!("POST {COMMENTS}"), 201, "{}");
    scene.add("feature", "feature", &[("unbroken.yaml", "policy: {fail-on: never}\n")]);
    scene.request();
    let run = scene.fork().run();
    assert_eq!(run.code, 0, "{}", run.log);
    assert!(run.log.contains("fail-on"), "the weakening is shown: {}", run.log);
    let run = scene.fork().input("config-from", "base").run();
    assert_eq!(run.code, 1, "{}", run.log);
    let run = scene.pull_request_target().input("config-from", "base").run();
    assert_eq!(run.code, 1, "{}", run.log);
}
