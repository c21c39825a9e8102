//! Versions that are still in use.

use super::scratch::{Scratch, orders};

/// Three releases, of which the last two ask for more and more.
fn releases() -> Scratch {
    let scratch = Scratch::new();
    for (tag, required) in [("v1.9.0", ""), ("v1.10.0", "a"), ("v2.0.0", "a, b")] {
        scratch.write("api/orders.yaml", &orders(required));
        let commit = scratch.commit();
        scratch.point(&format!("refs/tags/{tag}"), commit);
    }
    scratch
}

fn bases(report: &serde_json::Value) -> Vec<String> {
    let label = |base: &serde_json::Value| {
        base["label"].as_str().unwrap().split(' ').next().unwrap().to_owned()
    };
    report["bases"].as_array().unwrap().iter().map(label).collect()
}

#[test]
fn head_is_compared_with_every_supported_version() {
    let scratch = releases();
    scratch.write("unbroken.yaml", "supported: [{tags: v1.*}]\n");
    let report = scratch.report(&[]);
    assert_eq!(bases(&report), ["main", "v1.9.0", "v1.10.0"]);
    let broken: Vec<(i64, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["verdict"] == "breaking")
        .map(|finding| (finding["base"].as_i64().unwrap(), finding["message"].as_str().unwrap()))
        .collect();
    assert!(broken.iter().all(|(base, _)| *base > 0), "{broken:?}");
    assert!(broken.iter().any(|(base, _)| *base == 1), "{broken:?}");
    assert!(broken.iter().any(|(base, _)| *base == 2), "{broken:?}");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 1);
    assert!(said.contains("against v1.10.0 at "), "{said}");
    assert!(said.contains("(still supported)"), "{said}");
}

#[test]
fn support_ends_with_its_day() {
    let scratch = releases();
    scratch.write("unbroken.yaml", "supported: [{tags: v1.*, until: 2027-06-30}]\n");
    assert_eq!(bases(&scratch.report(&["--today", "2027-06-30"])).len(), 3);
    assert_eq!(bases(&scratch.report(&["--today", "2027-07-01"])).len(), 1);
}

#[test]
fn a_pattern_that_names_nothing_is_no_silent_pass() {
    let scratch = releases();
    scratch.write("unbroken.yaml", "supported:\n  - branches: release/*\n");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("unbroken.yaml:2:5: no branch here is called `release/*`"), "{said}");
    let commit = scratch.git.head().unwrap().peel_to_commit().unwrap().id();
    scratch.point("refs/remotes/origin/release/2", commit);
    assert_eq!(scratch.run(&["check"]).0, 0);
}

#[test]
fn a_release_that_is_a_base_already_is_compared_once() {
    let scratch = releases();
    scratch.write("unbroken.yaml", "supported: [{tags: v2.*}, {tags: v2.0.0}]\n");
    assert_eq!(bases(&scratch.report(&[])), ["main"]);
    assert_eq!(bases(&scratch.report(&["--base", "v1.9.0"])), ["v1.9.0", "v2.0.0"]);
}

#[test]
fn versions_that_run_side_by_side_read_each_other() {
    let schema = |words: &str| format!("{{\"enum\": [{words}]}}");
    let scratch = Scratch::new();
    scratch.write("a.schema.json", &schema("1"));
    let commit = scratch.commit();
    scratch.point("refs/tags/v1", commit);
    scratch.write("a.schema.json", &schema("1, 2"));
    scratch.commit();
    let verdict = || scratch.report(&[])["verdict"].as_str().unwrap().to_owned();
    scratch.write("unbroken.yaml", "supported: [{tags: v1}]\n");
    assert_eq!(verdict(), "compatible");
    scratch.write("unbroken.yaml", "supported: [{tags: v1, side-by-side: true}]\n");
    assert_eq!(verdict(), "breaking");
    // Each reads what the other writes, whatever is promised to those who come later.
    let config = "contracts: [{paths: [a.schema.json], mode: backward}]\n\
                  supported: [{tags: v1, side-by-side: true}]\n";
    scratch.write("unbroken.yaml", config);
    assert_eq!(verdict(), "breaking");
}

/// Three versions of one contract, and an edit that all of them feel.
fn one_edit() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("orders.yaml", &orders("a"));
    let commit = scratch.commit();
    scratch.point("refs/tags/v1", commit);
    scratch.write("other.txt", "1");
    let commit = scratch.commit();
    scratch.point("refs/tags/v2", commit);
    scratch.write("other.txt", "2");
    scratch.commit();
    scratch.write("orders.yaml", &orders("a, b"));
    scratch.write("unbroken.yaml", "supported: [{tags: v*}]\n");
    scratch
}

#[test]
fn one_edit_counts_once_however_many_versions_it_breaks() {
    let scratch = one_edit();
    let report = scratch.report(&[]);
    assert_eq!(bases(&report).len(), 3, "{report}");
    assert_eq!(report["summary"]["breaking"], 1, "{report}");
    assert_eq!(report["summary"]["contracts"], 1, "{report}");
    let (_, said) = scratch.run(&["check", "--hook"]);
    assert_eq!(said.matches("✗").count(), 1, "{said}");
}

#[test]
fn every_report_tells_one_edit_once_and_names_the_versions() {
    let scratch = one_edit();
    let said = |format: &str| scratch.run(&["check", "--format", format]).1;
    for (format, sign) in [
        ("github", "::error"),
        ("comment", "<summary>❌"),
        ("markdown", "<summary>❌"),
        ("html", "open data-verdict=\"breaking\""),
        ("gitlab", "\"description\": \"breaking: "),
        ("sarif", "\"level\": \"error\",\n          \"message\""),
    ] {
        let said = said(format);
        assert_eq!(said.matches(sign).count(), 1, "{format}: {said}");
        let after = said.split_once(sign).unwrap().1;
        for name in ["main", "v1", "v2"] {
            assert!(after.contains(name), "{format} does not say {name}: {after}");
        }
    }
    // Text tells it in full where it comes first, and takes a line for each other version.
    let text = said("text");
    assert_eq!(text.matches("  unbroken explain ").count(), 1, "{text}");
    assert_eq!(text.matches(" (as above)").count(), 2, "{text}");
    assert!(text.contains(" · 1 contract compared"), "{text}");
}

#[test]
fn a_version_that_alone_is_broken_is_named_in_the_line_that_unfolds() {
    let scratch = releases();
    scratch.write("unbroken.yaml", "supported: [{tags: v1.9.0}]\n");
    let (_, said) = scratch.run(&["check", "--format", "comment"]);
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("<summary>❌")).collect();
    assert!(!lines.is_empty(), "{said}");
    assert!(lines.iter().all(|line| line.contains("against <code>v1.9.0 at ")), "{lines:?}");
}
