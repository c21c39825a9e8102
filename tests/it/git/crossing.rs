//! Histories that cross: main took over an earlier state of the branch, and the branch one of main.

use git2::Oid;
use serde_json::Value;

use super::scratch::{Scratch, lines, orders};

/// `main` and `feature` with two merge bases. Main made `b` of users required before they met, the branch
/// that of accounts; `both` is written on either side, and each settles it in its own way.
fn crossed(both: [&str; 2]) -> (Scratch, [Oid; 2]) {
    let scratch = Scratch::new();
    for name in ["orders", "users", "accounts", "both", "gone"] {
        scratch.write(&format!("{name}.yaml"), &orders("a"));
    }
    let start = scratch.commit();
    scratch.write("users.yaml", &orders("a, b"));
    scratch.write("both.yaml", &orders(both[0]));
    scratch.remove("gone.yaml");
    let main = scratch.commit();
    scratch.branch("feature", start);
    scratch.write("accounts.yaml", &orders("a, b"));
    scratch.write("both.yaml", &orders(both[1]));
    scratch.write("gone.yaml", &orders(""));
    let feature = scratch.commit();
    for (name, text, parents) in
        [("main", both[0], [main, feature]), ("feature", both[1], [feature, main])]
    {
        scratch.checkout(name);
        scratch.write("users.yaml", &orders("a, b"));
        scratch.write("accounts.yaml", &orders("a, b"));
        scratch.write("both.yaml", &orders(text));
        let _ = std::fs::remove_file(scratch.root().join("gone.yaml"));
        scratch.stage();
        let tree = scratch.git.index().unwrap().write_tree().unwrap();
        let merge = scratch.commit_tree(None, tree, &parents);
        scratch.point(&format!("refs/heads/{name}"), merge);
    }
    scratch.checkout("feature");
    (scratch, [main, feature])
}

/// What breaks, and where.
fn broken(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let broken = findings.filter(|finding| finding["verdict"] == "breaking");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    broken.map(|it| format!("{} {}", text(&it["contract"]), text(&it["rule"]))).collect()
}

#[test]
fn neither_side_is_blamed_for_what_it_took_over() {
    let (scratch, [main, feature]) = crossed(["a", "a"]);
    assert_eq!(scratch.git.merge_bases(main, feature).unwrap().len(), 1);
    let report = scratch.report(&[]);
    assert_eq!(lines(&report), [""; 0], "{report}");
    let said = report["bases"][0]["label"].as_str().unwrap();
    let (short, other) = (&main.to_string()[..7], &feature.to_string()[..7]);
    assert_eq!(said, format!("main at {short} (merge base with main), merged with {other}"));
    assert_eq!(report["bases"][0]["revision"], main.to_string());
    // The branch's own edit is its own in every state of the head.
    scratch.write("orders.yaml", &orders("a, b"));
    let expected = ["orders.yaml property-became-required"];
    assert_eq!(broken(&scratch.report(&[])), expected);
    scratch.stage();
    assert_eq!(broken(&scratch.report(&["--staged"])), expected);
    scratch.commit();
    assert_eq!(broken(&scratch.report(&["--head", "feature"])), expected);
    // And so is that of main, seen from the branch.
    scratch.checkout("main");
    scratch.write("accounts.yaml", &orders(""));
    let commit = scratch.commit();
    scratch.checkout("feature");
    assert_eq!(broken(&scratch.report(&[])), expected);
    assert_eq!(
        scratch
            .git
            .merge_bases(commit, scratch.git.head().unwrap().target().unwrap())
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn what_both_sides_wrote_is_compared_with_what_main_wrote() {
    let (scratch, _) = crossed(["a, b", ""]);
    let report = scratch.report(&[]);
    // The branch settled it against main: it took back what main requires, which breaks nobody.
    assert_eq!(broken(&report), [""; 0], "{report}");
    assert_eq!(report["contracts"].as_array().unwrap().len(), 1);
    let (scratch, _) = crossed(["", "a, b"]);
    assert_eq!(broken(&scratch.report(&[])), vec!["both.yaml property-became-required"; 2]);
}

#[test]
fn nothing_is_written_for_a_base_that_is_made() {
    let (scratch, _) = crossed(["a, b", ""]);
    let objects = || {
        let mut found = Vec::new();
        scratch
            .git
            .odb()
            .unwrap()
            .foreach(|id| {
                found.push(*id);
                true
            })
            .unwrap();
        found.sort_unstable();
        found
    };
    let before = objects();
    scratch.report(&[]);
    assert_eq!(objects(), before);
}
