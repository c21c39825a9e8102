//! The base in a person's clone.

use unbroken::source::{BaseError, HeadChoice, Request};

use super::scratch::{Scratch, base_error, base_label, compared, openapi, prepared, text_of};

#[test]
fn a_branch_is_not_blamed_for_what_main_did_since() {
    let scratch = Scratch::new();
    scratch.write("orders.yaml", &openapi("orders"));
    scratch.write("users.yaml", &openapi("users"));
    let start = scratch.commit();
    scratch.write("users.yaml", &openapi("users of main"));
    scratch.commit();
    scratch.branch("feature", start);
    scratch.write("orders.yaml", &openapi("orders of feature"));
    scratch.commit();
    assert_eq!(compared(&scratch.request()), ["orders.yaml"]);
    let short = &start.to_string()[..7];
    assert_eq!(base_label(&scratch.request()), format!("main at {short} (merge base with main)"));
}

#[test]
fn the_upstream_comes_before_the_default_branch_of_origin() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.write("a.yaml", &openapi("2"));
    let second = scratch.commit();
    scratch.write("a.yaml", &openapi("3"));
    scratch.commit();
    scratch.git.remote("origin", "https://example.org/x.git").unwrap();
    scratch.point("refs/remotes/origin/trunk", first);
    let head = "refs/remotes/origin/HEAD";
    scratch.git.reference_symbolic(head, "refs/remotes/origin/trunk", true, "test").unwrap();
    assert!(base_label(&scratch.request()).ends_with("(merge base with origin/trunk)"));
    scratch.point("refs/remotes/origin/topic", second);
    let mut branch = scratch.git.find_branch("main", git2::BranchType::Local).unwrap();
    branch.set_upstream(Some("origin/topic")).unwrap();
    let short = &second.to_string()[..7];
    let expected = format!("topic at {short} (merge base with origin/topic)");
    assert_eq!(base_label(&scratch.request()), expected);
}

#[test]
fn a_clone_of_one_branch_is_not_compared_with_itself() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.branch("topic", first);
    scratch.git.find_reference("refs/heads/main").unwrap().delete().unwrap();
    let (url, only) = ("https://example.org/x.git", "+refs/heads/topic:refs/remotes/origin/topic");
    scratch.git.remote_with_fetch("origin", url, only).unwrap();
    scratch.point("refs/remotes/origin/topic", first);
    let mut branch = scratch.git.find_branch("topic", git2::BranchType::Local).unwrap();
    branch.set_upstream(Some("origin/topic")).unwrap();
    let refused = base_error(&scratch.request());
    assert!(
        matches!(&refused, BaseError::OnlyItself { with, fetch: Some(_) } if with == "origin/topic")
    );
    // With the main line beside it there is something to compare with.
    scratch.point("refs/remotes/origin/main", first);
    let beside = "(merge base with origin/main); origin/topic is the branch itself";
    assert!(base_label(&scratch.request()).ends_with(beside));
    // Where the remote is asked for every branch, the upstream is still the branch itself, unless there is
    // nothing else.
    scratch.git.remote_add_fetch("origin", "+refs/heads/*:refs/remotes/origin/*").unwrap();
    assert!(base_label(&scratch.request()).ends_with(beside));
    scratch.git.find_reference("refs/remotes/origin/main").unwrap().delete().unwrap();
    assert!(base_label(&scratch.request()).ends_with("(merge base with origin/topic)"));
}

#[test]
fn a_branch_that_was_pushed_under_another_name_is_not_compared_with_itself() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.branch("feat", first);
    scratch.write("a.yaml", &openapi("2"));
    let second = scratch.commit();
    scratch.git.remote("origin", "https://example.org/x.git").unwrap();
    scratch.point("refs/remotes/origin/main", first);
    let tracked = |name: &str, note: &str| {
        let full = format!("refs/remotes/origin/{name}");
        scratch.git.reference_ensure_log(&full).unwrap();
        scratch.git.reference(&full, second, true, note).unwrap();
        let mut branch = scratch.git.find_branch("feat", git2::BranchType::Local).unwrap();
        branch.set_upstream(Some(&format!("origin/{name}"))).unwrap();
        base_label(&scratch.request())
    };
    for (name, note) in [("me/feat", "fetch"), ("review", "update by push")] {
        let expected = format!("(merge base with origin/main); origin/{name} is the branch itself");
        let label = tracked(name, note);
        assert!(label.ends_with(&expected), "{label}");
    }
    // What others pushed, or this clone from another branch of its own, is something to stand on.
    let stacked = "(merge base with origin/below)";
    assert!(tracked("below", "fetch").ends_with(stacked));
    scratch.git.reference("refs/heads/lower", second, true, "test").unwrap();
    assert!(tracked("lower", "update by push").ends_with("(merge base with origin/lower)"));
}

#[test]
fn a_named_base_is_taken_as_it_is_and_may_be_repeated() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.point("refs/tags/v1", first);
    scratch.write("a.yaml", &openapi("2"));
    scratch.commit();
    let bases = vec!["v1".to_owned(), "main".to_owned()];
    let prepared = prepared(&Request { bases, ..scratch.request() });
    let [old, current] = prepared.comparisons.as_slice() else { panic!("two comparisons") };
    assert_eq!(text_of(&old.snapshot, "a.yaml"), Some(openapi("1")));
    assert_eq!(old.pairs.len(), 1);
    assert!(current.pairs.is_empty());
    // Two names of one commit are one base.
    let bases = ["v1", "v1", "v1^0", "main"].map(str::to_owned).to_vec();
    let prepared = self::prepared(&Request { bases, ..scratch.request() });
    let labels: Vec<&str> = prepared.comparisons.iter().map(|it| &*it.base.label).collect();
    let short = &first.to_string()[..7];
    assert_eq!(labels[0], format!("v1 at {short} (named by --base), which is v1^0"));
    assert_eq!(labels.len(), 2);
    let unknown = Request { bases: vec!["nowhere".to_owned()], ..scratch.request() };
    assert!(matches!(base_error(&unknown), BaseError::NoSuchRevision { .. }));
}

#[test]
fn every_base_is_asked_under_either_name_of_the_mode() {
    let scratch = Scratch::new();
    let schema = |minimum: u32| {
        format!(
            "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"minimum\": {minimum}}}"
        )
    };
    for (tag, minimum) in [("refs/tags/v1", 1), ("refs/tags/v2", 3)] {
        scratch.write("event.schema.json", &schema(minimum));
        let commit = scratch.commit();
        scratch.point(tag, commit);
    }
    scratch.write("event.schema.json", &schema(2));
    let bases = ["--base", "v1", "--base", "v2", "--mode"];
    // Against v1 the minimum rose, against v2 it fell.
    for (mode, code) in [("backward", 1), ("forward", 1), ("full", 1)] {
        let transitive = format!("{mode}-transitive");
        let plain = scratch.run(&[&["check"][..], &bases[..], &[mode]].concat());
        assert_eq!(plain.0, code, "{mode}: {}", plain.1);
        let same = scratch.run(&[&["check"][..], &bases[..], &[transitive.as_str()]].concat());
        assert_eq!(same, plain);
    }
    let (code, said) = scratch.run(&["check", "--base", "v2", "--mode", "backward-transitive"]);
    assert_eq!(code, 0, "{said}");
    // A config asks the same about the bases that are given, and about none where none is.
    let config = "contracts:\n  - paths: [event.schema.json]\n    mode: full-transitive\n";
    scratch.write("unbroken.yaml", config);
    let (code, said) = scratch.run(&["check", "--base", "v2", "--base", "v1"]);
    assert_eq!(code, 1, "{said}");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn a_shallow_clone_says_how_to_mend_it() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.write("a.yaml", &openapi("2"));
    let main = scratch.commit();
    scratch.branch("feature", first);
    scratch.write("a.yaml", &openapi("3"));
    let feature = scratch.commit();
    scratch.git.remote("origin", "https://example.org/x.git").unwrap();
    scratch.point("refs/remotes/origin/main", main);
    scratch.make_shallow(&[main, feature]);
    scratch.lose(first);
    let error = base_error(&scratch.request());
    assert!(matches!(error, BaseError::Shallow { .. }), "{error}");
    assert!(error.to_string().ends_with("run `git fetch --no-tags --unshallow origin`"), "{error}");
}

#[test]
fn strangers_are_told_apart_from_shallow_clones() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    scratch.commit();
    let empty = scratch.git.treebuilder(None).unwrap().write().unwrap();
    let rooted = scratch.commit_tree(None, empty, &[]);
    scratch.point("refs/remotes/origin/main", rooted);
    assert!(matches!(base_error(&scratch.request()), BaseError::Unrelated { .. }));
}

#[test]
fn without_a_main_line_the_user_is_asked() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let first = scratch.commit();
    scratch.branch("topic", first);
    scratch.git.find_reference("refs/heads/main").unwrap().delete().unwrap();
    let asked = base_error(&scratch.request());
    assert_eq!(asked, BaseError::NoMainLine { fetch: None });
    scratch.git.remote("up", "https://example.org/x.git").unwrap();
    let asked = base_error(&scratch.request()).to_string();
    let expected =
        "run `git fetch --no-tags up +HEAD:refs/remotes/up/HEAD`, or name the base with --base REV";
    assert!(asked.ends_with(expected), "{asked}");
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    assert_eq!(compared(&scratch.request()), ["a.yaml"]);
    assert!(base_label(&scratch.request()).contains("no commit yet"));
    scratch.stage();
    let staged = Request { head: HeadChoice::Staged, ..scratch.request() };
    assert_eq!(compared(&staged), ["a.yaml"]);
}
