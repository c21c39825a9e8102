//! The base in CI and in hooks.

use git2::Oid;
use unbroken::source::{BaseError, Environment, HeadChoice, Request};

use super::scratch::{
    Scratch, base_error, base_label, compared, environment, openapi, prepared, write,
};

struct PullRequest {
    scratch: Scratch,
    main: Oid,
    head: Oid,
}

/// main has moved on since the branch left it; HEAD is the merge that GitHub makes of both.
fn pull_request() -> PullRequest {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.write("b.yaml", &openapi("b"));
    let start = scratch.commit();
    scratch.write("b.yaml", &openapi("b of main"));
    let main = scratch.commit();
    scratch.branch("feature", start);
    scratch.write("a.yaml", &openapi("a of feature"));
    let head = scratch.commit();
    scratch.write("b.yaml", &openapi("b of main"));
    scratch.stage();
    let tree = scratch.git.index().unwrap().write_tree().unwrap();
    let merge = scratch.commit_tree(None, tree, &[main, head]);
    scratch.git.set_head_detached(merge).unwrap();
    PullRequest { scratch, main, head }
}

impl PullRequest {
    fn event(&self, name: &str, payload: &str) -> Request {
        let folder = self.scratch.beside("event");
        write(&folder, "event.json", payload);
        let file = folder.join("event.json");
        let variables = environment([
            ("GITHUB_EVENT_NAME", name),
            ("GITHUB_EVENT_PATH", file.to_str().unwrap()),
            ("GITHUB_BASE_REF", if name.starts_with("pull_request") { "main" } else { "" }),
            ("GITHUB_REF", "refs/pull/812/merge"),
        ]);
        Request { environment: variables, ..self.scratch.request() }
    }

    fn payload(&self) -> String {
        let (main, head) = (self.main, self.head);
        format!(
            "{{\"number\": 812, \"pull_request\": {{\"head\": {{\"sha\": \"{head}\"}}, \
             \"base\": {{\"sha\": \"{main}\"}}}}}}"
        )
    }
}

#[test]
fn a_pull_request_is_compared_with_the_first_parent_of_its_merge() {
    let request = pull_request();
    let event = request.event("pull_request", &request.payload());
    let short = &request.main.to_string()[..7];
    let expected = format!("main at {short} (first parent of refs/pull/812/merge)");
    assert_eq!(base_label(&event), expected);
    assert_eq!(compared(&event), ["a.yaml"]);
}

#[test]
fn the_first_parent_is_named_even_where_it_is_not_in_the_clone() {
    let request = pull_request();
    let tip = request.scratch.git.head().unwrap().target().unwrap();
    request.scratch.make_shallow(&[tip]);
    request.scratch.lose(request.main);
    let error = base_error(&request.event("pull_request", &request.payload()));
    let command = format!("git fetch --no-tags --depth=1 origin {}", request.main);
    assert!(error.to_string().ends_with(&format!("run `{command}`")), "{error}");
}

#[test]
fn a_head_checkout_is_compared_with_its_merge_base() {
    let request = pull_request();
    request.scratch.checkout("feature");
    let event = request.event("pull_request", &request.payload());
    assert!(base_label(&event).ends_with("(merge base with origin/main)"));
    assert_eq!(compared(&event), ["a.yaml"]);
}

#[test]
fn pull_request_target_judges_the_head_of_the_request() {
    let request = pull_request();
    request.scratch.checkout("main");
    let event = request.event("pull_request_target", &request.payload());
    let prepared = prepared(&event);
    assert_eq!(prepared.head.label().revision, Some(request.head.to_string()));
    assert_eq!(compared(&event), ["a.yaml"]);
    request.scratch.lose(request.head);
    let error = base_error(&event);
    assert!(error.to_string().contains("refs/pull/812/head"), "{error}");
}

#[test]
fn a_merge_group_and_a_push_name_their_base() {
    let request = pull_request();
    let base = request.main;
    let group = format!("{{\"merge_group\": {{\"base_sha\": \"{base}\"}}}}");
    assert!(base_label(&request.event("merge_group", &group)).contains("merge group"));
    assert_eq!(
        base_error(&request.event("merge_group", "{}")),
        BaseError::Event { field: "merge_group.base_sha" }
    );
    let push = format!("{{\"before\": \"{base}\"}}");
    assert!(base_label(&request.event("push", &push)).contains("before the push"));
    let zero = "0".repeat(40);
    let new =
        format!("{{\"before\": \"{zero}\", \"repository\": {{\"default_branch\": \"main\"}}}}");
    let error = base_error(&request.event("push", &new));
    assert!(matches!(error, BaseError::MissingBranch { .. }), "{error}");
    request.scratch.point("refs/remotes/origin/main", base);
    assert!(base_label(&request.event("push", &new)).contains("merge base with origin/main"));
}

#[test]
fn a_schedule_is_compared_with_the_newest_release() {
    let request = pull_request();
    let parent = request.scratch.git.find_commit(request.main).unwrap().parent_id(0).unwrap();
    request.scratch.point("refs/tags/v1.9.0", parent);
    request.scratch.point("refs/tags/v1.10.0", request.main);
    request.scratch.point("refs/tags/v2.0.0-rc.1", request.head);
    assert!(base_label(&request.event("schedule", "{}")).starts_with("v1.10.0 at "));
}

#[test]
fn gitlab_gives_the_merge_base_or_the_merged_target() {
    let request = pull_request();
    let main = request.main.to_string();
    let start = request.scratch.git.find_commit(request.main).unwrap().parent_id(0).unwrap();
    let start = start.to_string();
    let gitlab = |variables: Environment| {
        compared(&Request { environment: variables, ..request.scratch.request() })
    };
    let plain = environment([("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &start)]);
    assert_eq!(gitlab(plain), ["a.yaml", "b.yaml"]);
    let merged = environment([
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &start),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &main),
    ]);
    assert_eq!(gitlab(merged), ["a.yaml"]);
}

#[test]
fn gitlab_compares_by_what_started_the_pipeline() {
    let request = pull_request();
    let scratch = &request.scratch;
    let parent = scratch.git.find_commit(request.main).unwrap().parent_id(0).unwrap();
    scratch.point("refs/tags/v1.9.0", parent);
    scratch.point("refs/tags/v1.10.0", request.main);
    scratch.point("refs/remotes/origin/main", request.main);
    let label = |variables: &[(&str, &str)]| {
        let all = [("GITLAB_CI", "true"), ("CI_DEFAULT_BRANCH", "main")];
        let variables: Environment = all.iter().chain(variables).copied().collect();
        base_label(&Request { environment: variables, ..scratch.request() })
    };
    // Nobody's change: the newest release, and for a release the one before it.
    for source in ["schedule", "web", "api", "trigger", "pipeline"] {
        let said = label(&[("CI_PIPELINE_SOURCE", source)]);
        assert!(said.starts_with("v1.10.0 at "), "{source}: {said}");
    }
    let tag = [("CI_COMMIT_TAG", "v1.10.0"), ("CI_PIPELINE_SOURCE", "push")];
    scratch.git.set_head_detached(request.main).unwrap();
    assert!(label(&tag).starts_with("v1.9.0 at "), "{}", label(&tag));
    // A push names what the branch was; a new branch was nothing, and has left the default branch.
    scratch.checkout("feature");
    let before = parent.to_string();
    let push = [("CI_PIPELINE_SOURCE", "push"), ("CI_COMMIT_BEFORE_SHA", &*before)];
    assert!(label(&push).ends_with("(before the push)"), "{}", label(&push));
    let zero = "0".repeat(40);
    let new = [("CI_PIPELINE_SOURCE", "push"), ("CI_COMMIT_BEFORE_SHA", &*zero)];
    assert!(label(&new).ends_with("(merge base with origin/main)"), "{}", label(&new));
}

#[test]
fn a_push_hook_judges_what_is_pushed_and_not_the_index() {
    let request = pull_request();
    let (from, to) = (request.main.to_string(), request.head.to_string());
    request.scratch.write("c.yaml", &openapi("not pushed"));
    request.scratch.stage();
    let variables = environment([("PRE_COMMIT_FROM_REF", &*from), ("PRE_COMMIT_TO_REF", &*to)]);
    let push =
        Request { environment: variables, head: HeadChoice::Staged, ..request.scratch.request() };
    assert_eq!(compared(&push), ["a.yaml", "b.yaml"]);
    assert!(base_label(&push).ends_with("(before the push)"));
}

#[test]
fn comparing_a_commit_with_itself_is_said() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    let request = Request { environment: environment([("CI", "true")]), ..scratch.request() };
    assert!(base_label(&request).ends_with("which is the head itself"));
}

#[test]
fn a_push_is_not_blamed_for_what_it_merges_from_the_default_branch() {
    let request = pull_request();
    let (main, head) = (request.main.to_string(), request.head.to_string());
    let push = |before: &str, default: &str| {
        let payload = format!(
            "{{\"before\": \"{before}\", \"repository\": {{\"default_branch\": \"{default}\"}}}}"
        );
        request.event("push", &payload)
    };
    let event = push(&head, "main");
    let error = base_error(&event);
    assert!(matches!(error, BaseError::MissingBranch { .. }), "{error}");
    request.scratch.point("refs/remotes/origin/main", request.main);
    assert_eq!(compared(&event), ["a.yaml"]);
    assert!(base_label(&event).ends_with("(merge base with origin/main)"));
    let gitlab = environment([
        ("GITLAB_CI", "true"),
        ("CI_COMMIT_BEFORE_SHA", &*head),
        ("CI_DEFAULT_BRANCH", "main"),
        ("CI_COMMIT_BRANCH", "feature"),
    ]);
    assert_eq!(compared(&Request { environment: gitlab, ..request.scratch.request() }), ["a.yaml"]);
    let hook = environment([("PRE_COMMIT_FROM_REF", &*head), ("PRE_COMMIT_TO_REF", "HEAD")]);
    assert_eq!(compared(&Request { environment: hook, ..request.scratch.request() }), ["a.yaml"]);
    // What takes over nothing is what was pushed, and so is a push to the default branch.
    request.scratch.checkout("feature");
    let start = request.scratch.git.find_commit(request.head).unwrap().parent_id(0).unwrap();
    assert!(base_label(&push(&start.to_string(), "main")).contains("(before the push)"));
    request.scratch.checkout("main");
    assert!(base_label(&push(&start.to_string(), "main")).contains("(before the push)"));
    assert!(base_label(&push(&main, "main")).contains("(before the push)"));
}

#[test]
fn a_branch_that_is_deleted_leaves_nothing_to_judge() {
    let request = pull_request();
    let (before, zero) = (request.head, "0".repeat(40));
    let payload = format!(
        "{{\"before\": \"{before}\", \"after\": \"{zero}\", \"deleted\": true, \
         \"repository\": {{\"default_branch\": \"main\"}}}}"
    );
    request.scratch.checkout("main");
    let event = request.event("push", &payload);
    assert_eq!(compared(&event), [""; 0]);
    assert!(base_label(&event).contains("(the ref was deleted, nothing of it is left to judge)"));
}
