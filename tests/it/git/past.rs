//! Numbers and names that were given up before the base.

use unbroken::diff::{CompareOptions, Finding, compare};
use unbroken::load::{LoadOptions, load};
use unbroken::rules::Verdict;

use super::scratch::{Scratch, references};
use unbroken::source::{DiffRequest, MAX_LOST, prepare_diff};

const WITH: &str = "syntax = \"proto3\"; package x;\nmessage M { int32 a = 1; string gone = 4; }\n\
    enum E { Z = 0; OLD = 2; }\n";
const WITHOUT: &str =
    "syntax = \"proto3\"; package x;\nmessage M { int32 a = 1; }\nenum E { Z = 0; }\n";

/// Compares a head with the commit before it, in a repository that had `WITH` once.
fn findings(head: &str) -> (String, Vec<Finding>) {
    after(&[("api/m.proto", WITH), ("api/m.proto", WITHOUT), ("api/m.proto", head)])
}

/// Compares the last of these commits, each of which is one file, with the one before it; and what
/// the first is called.
fn after(commits: &[(&str, &str)]) -> (String, Vec<Finding>) {
    after_trees(&commits.iter().map(std::slice::from_ref).collect::<Vec<_>>())
}

/// The same with commits of several files.
fn after_trees(commits: &[&[(&str, &str)]]) -> (String, Vec<Finding>) {
    let scratch = Scratch::new();
    let mut made = Vec::new();
    for (at, files) in commits.iter().enumerate() {
        let before = at.checked_sub(1).map_or(&[][..], |before| commits[before]);
        for (path, _) in before {
            scratch.remove(path);
        }
        for (path, text) in *files {
            scratch.write(path, text);
        }
        made.push(scratch.commit());
    }
    let first = made[0];
    let request = DiffRequest {
        folder: scratch.root().to_owned(),
        old: "HEAD~1:api".to_owned(),
        new: "HEAD:api".to_owned(),
        ..DiffRequest::default()
    };
    let prepared = prepare_diff(&request, &references).unwrap();
    let [pair] = &prepared.pairs[..] else { panic!("one contract") };
    let (old, new) = (pair.old.as_ref().unwrap(), pair.new.as_ref().unwrap());
    let options = LoadOptions::default();
    let old = load(prepared.old.as_ref(), old, &options);
    let new = load(prepared.new.as_ref(), new, &options);
    let findings = compare(&old, &new, CompareOptions::default()).findings;
    (first.to_string()[..7].to_owned(), findings)
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|one| format!("{}: {}", one.rule.id, one.message)).collect()
}

#[test]
fn a_number_that_was_given_up_breaks_whoever_takes_it() {
    let (revision, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; bytes fresh = 4;"));
    let message = format!(
        "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
    );
    assert_eq!(told(&found), [message]);
    assert_eq!(found[0].surfaces.wire, Verdict::Breaking);
}

#[test]
fn a_name_that_was_given_up_breaks_json_under_another_type() {
    let (revision, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; bool gone = 5;"));
    let message = format!(
        "field-name-reused: name `gone` was `string gone = 4` until {revision} and is `bool gone = 5`"
    );
    assert_eq!(told(&found), [message]);
    assert_eq!(found[0].surfaces.json, Verdict::Breaking);
    assert_eq!(found[0].surfaces.wire, Verdict::Compatible);
}

#[test]
fn a_value_of_an_enumeration_is_told_too() {
    let (revision, found) = findings(&WITHOUT.replace("Z = 0;", "Z = 0; NEW = 2;"));
    let message = format!("enum-number-reused: number 2 was `OLD` until {revision} and is `NEW`");
    assert_eq!(told(&found), [message]);
}

#[test]
fn what_comes_back_as_it_was_and_what_was_never_there_takes_over_nothing() {
    let (_, found) = findings(WITH);
    let ids: Vec<&str> = found.iter().map(|one| one.rule.id).collect();
    assert_eq!(ids, ["field-added", "enum-value-added"]);
    let (_, found) = findings(&WITHOUT.replace("a = 1;", "a = 1; string fresh = 5;"));
    assert_eq!(found[0].rule.id, "field-added");
}

#[test]
fn a_file_is_followed_back_to_the_name_that_it_had() {
    let again = WITHOUT.replace("a = 1;", "a = 1; bytes fresh = 4;");
    let (revision, found) = after(&[
        ("api/old.proto", WITH),
        ("api/old.proto", WITHOUT),
        ("api/m.proto", WITHOUT),
        ("api/m.proto", &again),
    ]);
    let message = format!(
        "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
    );
    assert_eq!(told(&found), [message]);
}

#[test]
fn a_file_is_followed_back_though_it_moved_and_all_in_it_has_other_names() {
    let text = |package: &str, name: &str, fields: &str| {
        format!(
            "syntax = \"proto3\"; package {package}; message {name} {{ int32 a = 1; {fields} bool c = 4; }}\n"
        )
    };
    let before = text("x", "M", "string gone = 2;");
    let (without, moved) = (text("x", "M", ""), text("x.v1", "N", ""));
    let after_it = text("x.v1", "N", "bytes fresh = 2;");
    let (revision, found) = after(&[
        ("api/m.proto", &before),
        ("api/m.proto", &without),
        ("api/n.proto", &moved),
        ("api/n.proto", &after_it),
    ]);
    let message = format!(
        "field-number-reused: number 2 was `string gone = 2` until {revision} and is `bytes fresh = 2`"
    );
    assert_eq!(told(&found), [message]);
    // Of two that it may have been it was neither.
    let other = text("y", "O", "");
    let (_, found) = after_trees(&[
        &[("api/m.proto", &before), ("api/o.proto", &other)],
        &[("api/m.proto", &without), ("api/o.proto", &other)],
        &[("api/n.proto", &moved)],
        &[("api/n.proto", &after_it)],
    ]);
    assert_eq!(told(&found), ["field-added: `bytes fresh = 2` was added"]);
}

#[test]
fn a_message_is_followed_back_to_the_name_and_the_package_that_it_had() {
    let text = |package: &str, name: &str, fields: &str| {
        format!(
            "syntax = \"proto3\"; package {package};\n\
             message {name} {{ int32 a = 1; string b = 2; bool c = 3; {fields} }}\n"
        )
    };
    let (revision, found) = after(&[
        ("api/m.proto", &text("x.v1", "M", "string gone = 4;")),
        ("api/m.proto", &text("x.v1", "M", "")),
        ("api/m.proto", &text("x.v1", "N", "")),
        ("api/m.proto", &text("x.v2", "N", "")),
        ("api/m.proto", &text("x.v2", "N", "bytes fresh = 4;")),
    ]);
    let message = format!(
        "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
    );
    assert_eq!(told(&found), [message]);
}

#[test]
fn what_is_back_under_its_name_takes_over_the_numbers_that_it_had() {
    let without = "syntax = \"proto3\"; package x;\nmessage Other { int32 a = 1; }\n";
    let with = |rest: &str| format!("{without}{rest}\n");
    let (revision, found) = after(&[
        (
            "api/things.proto",
            &with("message M { string gone = 1; int32 b = 2; } enum E { Z = 0; OLD = 1; }"),
        ),
        ("api/things.proto", without),
        (
            "api/things.proto",
            &with("message M { bytes fresh = 1; int32 b = 2; } enum E { Z = 0; NEW = 1; }"),
        ),
    ]);
    let mut said = told(&found);
    said.sort();
    let expected = [
        format!("enum-number-reused: number 1 was `OLD` until {revision} and is `NEW`"),
        "enumeration-added: enumeration `x.E` was added".to_owned(),
        format!(
            "field-number-reused: number 1 was `string gone = 1` until {revision} and is `bytes fresh = 1`"
        ),
        "message-added: message `x.M` was added".to_owned(),
    ];
    assert_eq!(said, expected);
}

#[test]
fn an_extension_takes_over_the_number_of_one_that_was_given_up() {
    let text = |extensions: &str| {
        format!(
            "syntax = \"proto2\"; package x;\nmessage M {{ extensions 100 to 199; }}\n\
             extend M {{ optional int32 kept = 100; {extensions} }}\n"
        )
    };
    let (revision, found) = after(&[
        ("api/m.proto", &text("optional string gone = 101;")),
        ("api/m.proto", &text("")),
        ("api/m.proto", &text("optional string fresh = 101;")),
    ]);
    let message = format!(
        "field-number-reused: number 101 was `string x.gone = 101` until {revision} and is `string fresh = 101`"
    );
    assert_eq!(told(&found), [message]);
}

#[test]
fn a_file_that_is_back_may_have_had_a_number_for_something_else() {
    let other = "syntax = \"proto3\"; package y;\nmessage O { int32 a = 1; }\n";
    let scratch = Scratch::new();
    scratch.write("api/o.proto", other);
    scratch.write("api/m.proto", WITH);
    scratch.commit();
    scratch.remove("api/m.proto");
    scratch.commit();
    scratch.write("api/m.proto", &WITH.replace("string gone = 4", "bool fresh = 4"));
    scratch.commit();
    let (_, said) = scratch.run(&["diff", "HEAD~1:api", "HEAD:api"]);
    assert!(said.contains("number 4 was `string gone = 4` until"), "{said}");
}

/// A file of `x` that declares this.
fn declaring(declared: &str) -> String {
    format!("syntax = \"proto2\"; package x;\n{declared}\n")
}

#[test]
fn a_message_is_followed_back_to_the_file_that_it_was_moved_from() {
    let (used, unused) =
        ("message M { optional string gone = 4; }", "message M { optional bool a = 1; }");
    let again = "message M { optional bool a = 1; optional bytes fresh = 4; }";
    let other = declaring("message Other { optional int32 a = 1; }");
    let with = |rest: &str| format!("{other}{rest}\n");
    let (revision, found) = after_trees(&[
        &[("api/m.proto", &with(used)), ("api/n.proto", &other)],
        &[("api/m.proto", &with(unused)), ("api/n.proto", &declaring(""))],
        &[("api/m.proto", &other), ("api/n.proto", &declaring(unused))],
        &[("api/m.proto", &other), ("api/n.proto", &declaring(again))],
    ]);
    let message = format!(
        "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
    );
    assert_eq!(told(&found), [message]);
}

#[test]
fn a_message_whose_file_was_deleted_is_back_in_another_one() {
    let other = declaring("message Other { optional int32 a = 1; }");
    let kept = ("api/kept.proto", &*other);
    let gone = declaring("message M { optional string gone = 4; }\nenum E { Z = 0; OLD = 1; }");
    let back = declaring("message M { optional bytes fresh = 4; }\nenum E { Z = 0; NEW = 1; }");
    for path in ["api/m.proto", "api/back.proto"] {
        let (revision, found) =
            after_trees(&[&[("api/m.proto", &gone), kept], &[kept], &[(path, &back), kept]]);
        let mut said = told(&found);
        said.retain(|line| line.contains("reused"));
        said.sort();
        let expected = [
            format!("enum-number-reused: number 1 was `OLD` until {revision} and is `NEW`"),
            format!(
                "field-number-reused: number 4 was `string gone = 4` until {revision} and is `bytes fresh = 4`"
            ),
        ];
        assert_eq!(said, expected, "{path}");
    }
}

#[test]
fn an_extension_in_a_new_file_takes_over_the_number_of_one_in_an_old_one() {
    let text = |extensions: &str| {
        declaring(&format!(
            "message M {{ extensions 100 to 199; }}\nextend M {{ optional int32 kept = 100; {extensions} }}"
        ))
    };
    let (revision, found) = after(&[
        ("api/m.proto", &text("optional string gone = 101;")),
        ("api/m.proto", &text("")),
        ("api/n.proto", &text("optional bytes fresh = 101;")),
    ]);
    let message = format!(
        "field-number-reused: number 101 was `string x.gone = 101` until {revision} and is `bytes fresh = 101`"
    );
    let mut said = told(&found);
    said.retain(|line| !line.starts_with("file-moved"));
    assert_eq!(said, [message]);
}

#[test]
fn what_another_file_still_declares_under_the_same_name_is_its_own() {
    let copy =
        |number: &str| declaring(&format!("message M {{ optional string gone = {number}; }}"));
    let ours = |rest: &str| declaring(&format!("message M {{ optional bool a = 1; {rest} }}"));
    let (_, found) = after_trees(&[
        &[("api/copy.proto", &copy("4")), ("api/m.proto", &ours(""))],
        &[("api/copy.proto", &copy("5")), ("api/m.proto", &ours(""))],
        &[("api/copy.proto", &copy("5")), ("api/m.proto", &ours("optional bytes fresh = 4;"))],
    ]);
    assert!(!told(&found).iter().any(|line| line.contains("reused")), "{found:#?}");
}

#[test]
fn a_limit_of_what_is_looked_at_says_its_name_where_a_change_asks() {
    let scratch = Scratch::new();
    let gone: Vec<String> = (0..=MAX_LOST).map(|at| format!("api/gone{at}.proto")).collect();
    for (at, path) in gone.iter().enumerate() {
        scratch.write(path, &declaring(&format!("message Gone{at} {{}}\n")));
    }
    scratch.write("api/m.proto", &declaring("message M { optional int32 a = 1; }\n"));
    scratch.commit();
    for path in &gone {
        scratch.remove(path);
    }
    scratch.commit();
    let problems = |text: &str| {
        scratch.write("api/m.proto", &declaring(text));
        let report = scratch.report(&["--base", "HEAD"]);
        let told = report["problems"].as_array().unwrap().clone();
        let told = told.iter().map(|one| (one["message"].to_string(), one["severity"].to_string()));
        told.collect::<Vec<_>>()
    };
    let asked = problems("message M { optional int32 a = 1; optional int32 b = 2; }\n");
    assert!(
        matches!(&asked[..], [(message, level)]
        if message.contains("(MAX_LOST)") && level.contains("warning")),
        "{asked:?}"
    );
    assert_eq!(
        problems("message M { optional int64 a = 1; }\n"),
        [],
        "nothing is asked of the past"
    );
}

#[test]
fn a_past_that_is_not_there_is_told() {
    let scratch = Scratch::new();
    scratch.write("api/m.proto", WITH);
    let first = scratch.commit();
    scratch.write("api/m.proto", WITHOUT);
    scratch.commit();
    let tree = scratch.git.find_commit(first).unwrap().tree().unwrap();
    scratch.lose(tree.get_path(std::path::Path::new("api/m.proto")).unwrap().id());
    scratch.write("api/m.proto", &WITHOUT.replace("a = 1;", "a = 1; int32 b = 4;"));
    let report = scratch.report(&["--base", "HEAD"]);
    let told = report["problems"].to_string();
    assert!(told.contains("`api/m.proto` held before the base could not be read"), "{told}");
}

#[test]
fn a_past_that_is_not_in_the_grammar_is_told() {
    let scratch = Scratch::new();
    scratch.write("api/m.proto", &WITHOUT.replace("a = 1;", "a = 1; int32 = 2;"));
    scratch.commit();
    scratch.write("api/m.proto", WITHOUT);
    scratch.commit();
    scratch.write("api/m.proto", &WITHOUT.replace("a = 1;", "a = 1; int32 b = 4;"));
    let report = scratch.report(&["--base", "HEAD"]);
    let told = report["problems"].to_string();
    assert!(told.contains("`api/m.proto` held before the base could not be read"), "{told}");
}
