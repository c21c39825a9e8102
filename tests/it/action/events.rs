//! What a job does for each event.

use serde_json::{Value, json};

use super::can_run;
use super::runner::Run;
use super::scene::{Scene, contract};
use crate::fresh::assert_fresh;

const COMMENTS: &str = "/repos/acme/shop/issues/812/comments";

/// A response loses a property.
fn breaking() -> Scene {
    Scene::new(&contract(&["id", "total"]), &contract(&["id"]))
}

/// A response gains one.
fn compatible() -> Scene {
    Scene::new(&contract(&["id"]), &contract(&["id", "total"]))
}

fn page(number: usize) -> String {
    format!("GET {COMMENTS}?per_page=100&page={number}")
}

fn body_of(text: &str) -> String {
    let comment: Value = serde_json::from_str(text).unwrap();
    comment["body"].as_str().unwrap().to_owned()
}

fn assert_breaking(run: &Run) {
    assert_eq!(run.code, 1, "{}", run.log);
    assert_eq!(run.outputs["status"], "breaking", "{}", run.log);
    assert_eq!(run.outputs["exit-code"], "1");
    assert_eq!(run.outputs["suggested-bump"], "major");
    assert!(run.log.contains("::error file=orders.yaml,line="), "{}", run.log);
    assert!(!run.log.contains("users.yaml"), "main's change is nobody's here: {}", run.log);
    assert!(run.summary.contains("property-removed"), "{}", run.summary);
    for report in ["report-json", "report-html", "report-markdown", "report-sarif"] {
        let path = &run.outputs[report];
        assert!(std::fs::metadata(path).is_ok_and(|file| file.len() > 0), "{report}: {path}");
    }
}

#[test]
fn a_pull_request_that_breaks_fails_with_a_comment() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    scene.api.answer(&page(1), 200, "[]");
    scene.api.answer(&format!("POST {COMMENTS}"), 201, "{}");
    let run = scene.pull_request().run();
    assert_breaking(&run);
    scene.show("pull_request", &run);
    let writes = scene.api.writes();
    let [post] = writes.as_slice() else { panic!("one comment: {writes:?}") };
    assert_eq!(post.authorization.as_deref(), Some("Bearer the-token"));
    let body = body_of(&post.body);
    let page = ("docs/showcase/jobs/pull_request.comment.md".to_owned(), scene.steady(&body));
    assert_fresh(&[page]);
    assert!(body.starts_with("<!-- unbroken CI/contracts/ -->\n"), "{body}");
    assert!(body.contains("/acme/shop/actions/runs/77"), "{body}");
    assert!(!run.log.contains("the-token"), "{}", run.log);
}

#[test]
fn an_earlier_comment_is_replaced_wherever_it_is() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let other = |id: u64| json!({"id": id, "body": "me too", "user": {"type": "User"}});
    let first: Vec<Value> = (0..100).map(other).collect();
    let marker = "<!-- unbroken CI/contracts/ -->\nearlier";
    let second = json!([
        {"id": 7, "body": marker, "user": {"type": "User"}, "author_association": "NONE"},
        {"id": 8, "body": marker, "user": {"type": "Bot"}, "author_association": "NONE"},
    ]);
    scene.api.answer(&page(1), 200, Value::from(first).to_string());
    scene.api.answer(&page(2), 200, second.to_string());
    scene.api.answer("PATCH /repos/acme/shop/issues/comments/8", 200, "{}");
    let run = scene.pull_request().run();
    assert_breaking(&run);
    let writes = scene.api.writes();
    let [patch] = writes.as_slice() else { panic!("one change: {writes:?}") };
    assert_eq!(patch.line, "PATCH /repos/acme/shop/issues/comments/8");
}

#[test]
fn a_pull_request_that_breaks_nobody_only_takes_back_what_was_said() {
    if !can_run() {
        return;
    }
    let scene = compatible();
    scene.api.answer(&page(1), 200, "[]");
    let run = scene.pull_request().run();
    assert_eq!((run.code, &*run.outputs["status"]), (0, "compatible"), "{}", run.log);
    assert!(scene.api.writes().is_empty());
    let ours =
        json!([{"id": 5, "body": "<!-- unbroken CI/contracts/ -->\n", "user": {"type": "Bot"}}]);
    scene.api.answer(&page(1), 200, ours.to_string());
    scene.api.answer("PATCH /repos/acme/shop/issues/comments/5", 200, "{}");
    scene.pull_request().run();
    assert_eq!(scene.api.writes().len(), 1);
}

#[test]
fn a_token_that_may_not_comment_costs_a_notice_and_not_the_verdict() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    scene.api.answer(&page(1), 200, "[]");
    scene.api.answer(&format!("POST {COMMENTS}"), 403, "{}");
    let run = scene.pull_request().run();
    assert_breaking(&run);
    assert!(run.log.contains("::notice title=unbroken::the pull request was not commented on"));
}

#[test]
fn whatever_answers_in_the_place_of_github_costs_a_notice() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    scene.api.answer(&page(1), 200, "<html>Sign in to the network</html>");
    let run = scene.pull_request().run();
    assert_breaking(&run);
    assert!(run.log.contains("(listing its comments answered something else)"), "{}", run.log);
    let run = scene.pull_request().with("GITHUB_API_URL", "http://127.0.0.1:1").run();
    assert_breaking(&run);
    assert!(run.log.contains("(listing its comments answered 000)"), "{}", run.log);
}

#[test]
fn the_head_is_called_what_the_request_calls_it() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let run = scene.pull_request().input("comment", "never").run();
    let log = scene.steady(&run.log);
    assert!(log.contains("head feature at [head], merged in "), "{log}");
    let run = scene.pull_request().input("comment", "never").input("key", "web").run();
    let sarif = std::fs::read_to_string(&run.outputs["report-sarif"]).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "unbroken/web/", "alerts of its own");
    let report = std::fs::read_to_string(&run.outputs["report-json"]).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    // What was read is the merge all the same.
    assert_eq!(report["head"]["revision"].as_str().unwrap().len(), 40);
}

#[test]
fn a_merge_group_and_a_push_are_compared_without_a_comment() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let run = scene.merge_group().run();
    assert_breaking(&run);
    scene.show("merge_group", &run);
    let run = scene.push("feature").run();
    assert_breaking(&run);
    scene.show("push", &run);
    assert!(scene.api.received().is_empty());
}

#[test]
fn what_cannot_be_compared_is_an_error_everywhere() {
    if !can_run() {
        return;
    }
    let scene = Scene::new(&contract(&["id"]), "openapi: 3.1.0\npaths: [\n");
    scene.api.answer(&page(1), 200, "[]");
    scene.api.answer(&format!("POST {COMMENTS}"), 201, "{}");
    let run = scene.pull_request().run();
    assert_eq!((run.code, &*run.outputs["status"]), (3, "error"), "{}", run.log);
    assert!(run.log.contains("::error file=orders.yaml,line="), "{}", run.log);
    let run = scene.pull_request().input("base", "no-such-branch").run();
    assert_eq!((run.code, &*run.outputs["status"]), (3, "error"), "{}", run.log);
    assert!(run.log.contains("::error title=unbroken::"), "{}", run.log);
    assert!(run.summary.contains("no-such-branch"), "{}", run.summary);
}

#[test]
fn an_input_that_means_nothing_is_an_error_everywhere() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    for (name, value) in [("fail-on", "bad"), ("comment", "sometimes"), ("base", "--x")] {
        let run = scene.pull_request().input(name, value).run();
        assert_eq!((run.code, &*run.outputs["status"]), (2, "error"), "{}", run.log);
        assert!(run.log.contains("::error title=unbroken::"), "{}", run.log);
        let named = run.summary.contains(value) || run.summary.contains(name);
        assert!(named && run.summary.contains("not compared"), "{}", run.summary);
    }
}

#[test]
fn a_config_that_is_wrong_leaves_a_report_that_says_so() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let run = scene.pull_request().input("config", "no-such-config.yaml").run();
    assert_eq!((run.code, &*run.outputs["status"]), (2, "error"), "{}", run.log);
    let report = std::fs::read_to_string(&run.outputs["report-json"]).unwrap();
    assert!(report.contains("no-such-config.yaml"), "{report}");
}

#[test]
fn a_push_that_deletes_a_branch_has_nothing_to_compare() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let run = scene.deletion("feature").run();
    assert_eq!((run.code, &*run.outputs["status"]), (0, "nothing-to-check"), "{}", run.log);
    assert!(run.log.contains("feature, which was deleted"), "{}", run.log);
    assert!(run.summary.contains("nothing was compared"), "{}", run.summary);
}

#[test]
fn a_base_by_name_is_fetched_and_inputs_are_never_run() {
    if !can_run() {
        return;
    }
    let scene = breaking();
    let run = scene.pull_request().input("base", "main").input("comment", "never").run();
    assert_breaking(&run);
    let hostile = scene.pull_request().input("base", "$(touch ran)`touch ran`; touch ran");
    let run = hostile.run();
    assert_eq!(run.code, 3, "{}", run.log);
    assert!(!hostile.workspace.join("ran").exists());
}

#[test]
fn nothing_in_a_contract_becomes_a_command() {
    if !can_run() {
        return;
    }
    let name = "\"x\\n::set-output name=status::compatible\\n##[error]y\"";
    let scene = Scene::new(&contract(&["id", name]), &contract(&["id"]));
    scene.api.answer(&page(1), 200, "[]");
    scene.api.answer(&format!("POST {COMMENTS}"), 201, "{}");
    let run = scene.pull_request().run();
    assert_breaking(&run);
    let mut paused = None;
    for line in run.log.lines() {
        match (&paused, line.strip_prefix("::stop-commands::")) {
            (None, Some(word)) => paused = Some(format!("::{word}::")),
            (Some(end), _) if line == end => paused = None,
            (Some(_), _) => {}
            (None, None) => {
                let command = line.trim_start().starts_with("::") || line.contains("##[");
                let ours = ["::error ", "::warning ", "::notice "];
                let ours = ours.iter().any(|level| line.starts_with(level));
                assert!(!command || ours, "{line}");
            }
        }
    }
    assert!(paused.is_none());
}
