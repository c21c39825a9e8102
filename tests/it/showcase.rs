//! What the showcase looks like in every form that people read, as files under `docs/showcase/`.

use std::fmt::Write as _;

use crate::case::testdata;
use crate::cases::unbroken;
use crate::fresh::assert_fresh;

const INDEX: &str = "\
# What people see

One change to one contract, `testdata/showcase/`, in every form. The tests write these files.

| file | | command |
|---|---|---|
";

const JOBS: &str = "
[jobs/](jobs) has the log of a job of the GitHub Action for each event, with the steps of `action.yml` run
by the tests in a runner of their own, and the comment that the pull request gets.
[pre-commit.txt](pre-commit.txt) is what `.ci/pre-commit --page` prints: the hooks under the real
pre-commit, from `pre-commit try-repo` to a merge.
";

#[test]
fn the_showcase_is_shown_in_every_form() {
    let forms = [
        ("text", "report.txt", "for people at a terminal"),
        ("comment", "comment.md", "for the conversation of a pull request"),
        ("markdown", "summary.md", "for the page of a run"),
        ("github", "annotations.txt", "beside the lines of a pull request"),
        ("html", "report.html", "for reviewers: one file, to be opened in a browser"),
        ("sarif", "report.sarif", "for code scanning"),
        ("gitlab", "code-quality.json", "for GitLab"),
        ("junit", "junit.xml", "for whatever shows tests"),
    ];
    let mut index = INDEX.to_owned();
    let mut files = Vec::new();
    for (format, name, whom) in forms {
        let arguments = ["diff", "old.yaml", "new.yaml", "--format", format];
        let output = unbroken(&testdata().join("showcase"), &arguments);
        assert_eq!(output.status.code(), Some(1), "{format}");
        let shown = String::from_utf8(output.stdout).unwrap();
        files.push((format!("docs/showcase/{name}"), shown));
        writeln!(index, "| [{name}]({name}) | {whom} | `unbroken {}` |", arguments.join(" "))
            .unwrap();
    }
    index.push_str(JOBS);
    files.push(("docs/showcase/README.md".to_owned(), index));
    assert_fresh(&files);
}

#[test]
fn markdown_keeps_to_its_budget() {
    // A page of the hostile pair, cut ever shorter, is never longer than it may be: the comment is
    // the short one.
    let run = |format: &str| {
        let arguments = ["diff", "old.yaml", "new.yaml", "--format", format];
        unbroken(&testdata().join("hostile"), &arguments).stdout.len()
    };
    assert!(run("comment") <= 60_000);
    assert!(run("markdown") <= 1_000_000);
}
