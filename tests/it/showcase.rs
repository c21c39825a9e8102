//! What the showcase looks like in every form that people read, as files under `docs/showcase/`.

use crate::case::testdata;
use crate::cases::unbroken;
use crate::fresh::assert_fresh;

#[test]
fn the_showcase_is_shown_in_every_form() {
    let forms = [
        ("comment", "comment.md"),
        ("markdown", "summary.md"),
        ("github", "annotations.txt"),
        ("sarif", "report.sarif"),
        ("gitlab", "code-quality.json"),
        ("junit", "junit.xml"),
        ("html", "report.html"),
        ("text", "report.txt"),
    ];
    let files = forms.map(|(format, name)| {
        let arguments = ["diff", "old.yaml", "new.yaml", "--format", format];
        let output = unbroken(&testdata().join("showcase"), &arguments);
        assert_eq!(output.status.code(), Some(1), "{format}");
        (format!("docs/showcase/{name}"), String::from_utf8(output.stdout).unwrap())
    });
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
