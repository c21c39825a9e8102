//! What a side holds and nobody can read is not taken for nothing.

use super::scratch::{Scratch, lines, openapi};

const OPERATION: &str =
    "\npaths:\n  /a:\n    get:\n      responses:\n        '200': { description: a }\n";

/// A description with an operation, and one so deep that it is refused.
fn served(title: &str) -> String {
    openapi(title).replace("\npaths: {}\n", OPERATION)
}

fn deep(title: &str) -> String {
    let levels = (1..700).flat_map(|depth| [" ".repeat(depth), "a:\n".to_owned()]);
    served(title) + "x-d:\n" + &levels.collect::<String>()
}

/// The report on an edit of one file.
fn edited(path: &str, old: &str, new: &str) -> serde_json::Value {
    let scratch = Scratch::new();
    scratch.write(path, old);
    scratch.commit();
    scratch.write(path, new);
    scratch.report(&[])
}

#[test]
fn what_neither_side_can_read_is_not_compatible() {
    let bad = |title: &str| served(title) + "x: [\n";
    let report = edited("a.yaml", &bad("a"), &bad("b"));
    assert_eq!(report["verdict"], "undecided");
    assert_eq!(lines(&report), ["error contract-unreadable"]);
    let report = edited("a.yaml", &deep("a"), &deep("b"));
    assert_eq!(lines(&report), ["error contract-unreadable"]);
}

#[test]
fn a_base_beyond_a_limit_did_not_promise_nothing() {
    let report = edited("a.yaml", &deep("a"), &served("b"));
    assert_eq!(report["verdict"], "undecided");
    assert_eq!(lines(&report), ["error contract-unreadable"]);
}

#[test]
fn a_head_beyond_a_limit_has_lost_nothing_that_is_known() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &served("a"));
    scratch.commit();
    scratch.write("a.yaml", &deep("b"));
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 4, "{said}");
    assert!(!said.contains("operation-removed"), "{said}");
}

#[test]
fn a_base_that_does_not_even_look_like_the_contract_may_have_been_it() {
    for old in ["openapi: [3.0.1\ninfo: {}\n", "\0\u{1}\u{2}: {{{"] {
        let report = edited("a.yaml", old, &served("b"));
        assert_eq!(lines(&report), ["error contract-unreadable"], "{old:?}");
    }
    // What can be read and was no contract is none that broke.
    let report = edited("a.yaml", "title: a\n", &served("b"));
    assert_eq!(lines(&report), ["note contract-added"]);
}

#[test]
fn a_contract_that_is_read_as_another_kind_is_not_compatible() {
    let scratch = Scratch::new();
    let text = |bound: u32| {
        format!(
            "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"maximum\": {bound}}}"
        )
    };
    scratch.write("a.json", &text(5));
    scratch.commit();
    scratch.write("a.json", &text(4));
    scratch.write("unbroken.yaml", "contracts:\n  - paths: [a.json]\n    kind: openapi\n");
    let report = scratch.report(&[]);
    assert_eq!(report["verdict"], "undecided");
    assert!(lines(&report).contains(&"error contract-unreadable".to_owned()), "{report}");
}

const WHOLE: &str = "syntax = \"proto3\";\npackage p;\nmessage Date {\n  int32 year = 1;\n  int32 month = 2;\n}\n\
    message Other { int32 a = 1; }\n";

#[test]
fn a_file_that_the_base_cannot_read_in_full_leaves_one_question_open() {
    let torn = WHOLE.replace("message Date {", "message Date {{");
    let report = edited("p/date.proto", &torn, WHOLE);
    assert_eq!(report["verdict"], "undecided");
    assert_eq!(lines(&report), ["error contract-unreadable"]);
}

#[test]
fn a_file_that_the_head_cannot_read_in_full_has_lost_nothing_that_is_known() {
    let scratch = Scratch::new();
    let user = "syntax = \"proto3\";\npackage p;\nimport \"p/date.proto\";\n\
        message User { Date born = 1; int32 age = 2; }\n";
    scratch.write("p/date.proto", WHOLE);
    scratch.write("p/user.proto", user);
    scratch.commit();
    scratch.write("p/date.proto", &WHOLE.replace("message Date {", "message Date {{"));
    scratch.write("p/user.proto", &user.replace("int32 age", "string age"));
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 3, "{said}");
    // One broken file does not hide the others' breaks.
    assert!(said.contains("`age` changed from `int32` to `string`"), "{said}");
    assert!(!said.contains("removed"), "{said}");
}

const USER: &str = "syntax = \"proto3\";\npackage p;\nimport \"google/type/date.proto\";\n\
    message User {\n  google.type.Date born = 1;\n  int32 age = 2;\n}\n";

#[test]
fn fields_whose_type_is_declared_elsewhere_are_compared_all_the_same() {
    let edits = [
        ("born = 1", "born = 3", "error field-renumbered"),
        ("  google.type.Date born = 1;\n", "", "error field-removed"),
        ("google.type.Date born", "repeated google.type.Date born", "error cardinality-changed"),
        ("google.type.Date born", "google.type.Day born", "error field-type-changed"),
        ("google.type.Date born", "google.type.Date birth", "error field-renamed"),
    ];
    for (was, is, expected) in edits {
        let report = edited("user.proto", USER, &USER.replace(was, is));
        assert!(lines(&report).iter().any(|line| line == expected), "{is}: {:?}", lines(&report));
    }
}

#[test]
fn a_dependency_that_is_kept_elsewhere_keeps_nobody_from_merging() {
    let scratch = Scratch::new();
    let text = USER.replace("import \"google/type/date.proto\";\n", "");
    let text = text.replace("  google.type.Date born = 1;\n", "");
    scratch.write("user.proto", &text);
    scratch.commit();
    scratch.write("user.proto", USER);
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("`google/type/date.proto` was not found"), "{said}");
}

#[test]
fn a_declaration_that_comes_to_lie_here_changes_nothing() {
    let scratch = Scratch::new();
    let user = "syntax = \"proto3\";\npackage p;\nimport \"ext/kind.proto\";\n\
        message User {\n  ext.Kind kind = 1;\n  int32 age = 2;\n}\n";
    scratch.write("p/user.proto", user);
    scratch.commit();
    scratch.write(
        "ext/kind.proto",
        "syntax = \"proto3\";\npackage ext;\nenum Kind { NONE = 0; SOME = 1; }\n",
    );
    scratch.write("p/user.proto", &user.replace("age = 2;", "age = 2;\n  bool old = 3;"));
    let report = scratch.report(&[]);
    assert_eq!(report["verdict"], "compatible", "{report}");
}

#[test]
fn a_file_that_is_gone_and_still_imported_did_not_move() {
    let scratch = Scratch::new();
    let user = "syntax = \"proto3\";\npackage p;\nimport \"q/date.proto\";\n\
        message User { q.Date born = 1; }\n";
    scratch.write("q/date.proto", &WHOLE.replace("package p;", "package q;"));
    scratch.write("p/user.proto", user);
    scratch.commit();
    scratch.remove("q/date.proto");
    let found = lines(&scratch.report(&[]));
    assert!(found.iter().any(|line| line.contains("removed")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("file-moved")), "{found:?}");
}

#[test]
fn a_part_that_neither_side_can_read_and_that_changed_is_not_compatible() {
    let scratch = Scratch::new();
    let schema =
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$ref\": \"f.json\"}";
    scratch.write("a.json", schema);
    scratch.write("f.json", "{\"type\": \"string\",}");
    scratch.commit();
    scratch.write("a.json", &schema.replace("{\"$s", "{\"title\": \"t\", \"$s"));
    assert_eq!(scratch.run(&["check"]).0, 0, "nothing of what cannot be read has changed");
    scratch.write("f.json", "{\"type\": \"integer\",}");
    let report = scratch.report(&[]);
    assert_eq!(report["verdict"], "undecided");
    assert!(lines(&report).contains(&"error contract-unreadable".to_owned()), "{report}");
    assert_eq!(scratch.run(&["check"]).0, 1);
}

#[test]
fn a_reference_that_breaks_elsewhere_in_the_same_words_is_of_this_change() {
    let operation = |schema: &str| {
        format!(
            "{{get: {{responses: {{'200': {{description: a, content: {{application/json: \
             {{schema: {schema}}}}}}}}}}}}}"
        )
    };
    let (broken, sound) = (operation("{$ref: '#/components/schemas/Nope'}"), operation("{}"));
    let text = |a: &str, b: &str| {
        openapi("t").replace("paths: {}", &format!("paths:\n  /a: {a}\n  /b: {b}"))
    };
    let scratch = Scratch::new();
    scratch.write("a.yaml", &text(&broken, &sound));
    scratch.commit();
    scratch.write("a.yaml", &text(&broken, &sound).replace("title: t", "title: u"));
    assert_eq!(scratch.run(&["check"]).0, 0);
    scratch.write("a.yaml", &text(&sound, &broken));
    assert_eq!(scratch.run(&["check"]).0, 3);
}

#[test]
fn what_only_its_encoding_hides_is_a_contract() {
    let wide = |text: &str| -> Vec<u8> { text.bytes().flat_map(|byte| [byte, 0]).collect() };
    let scratch = Scratch::new();
    scratch.write("notes.md", "a");
    scratch.commit();
    std::fs::write(scratch.root().join("a.yaml"), wide(&served("a"))).unwrap();
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("save it as UTF-8"), "{said}");
}

#[test]
fn a_tree_with_a_merge_that_is_not_settled_says_so_once() {
    let scratch = Scratch::new();
    scratch.write("a.proto", "syntax = \"proto3\";\nmessage A {\n  string a = 1;\n}\n");
    scratch.commit();
    let marks = "<<<<<<< HEAD\n  string a = 1;\n=======\n  int32 a = 1;\n>>>>>>> b\n";
    scratch.write("a.proto", &format!("syntax = \"proto3\";\nmessage A {{\n{marks}}}\n"));
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("a.proto:3:1: a merge conflict is not settled here"), "{said}");
    assert!(!said.contains("expected a field"), "{said}");
}

#[test]
fn what_nobody_can_read_is_told_apart_whatever_it_is_written_in() {
    let wide = |text: &str| -> Vec<u8> { text.bytes().flat_map(|byte| [byte, 0]).collect() };
    let scratch = Scratch::new();
    let schema =
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$ref\": \"f.json\"}";
    scratch.write("a.json", schema);
    std::fs::write(scratch.root().join("f.json"), wide("{\"type\": \"string\"}")).unwrap();
    scratch.commit();
    std::fs::write(scratch.root().join("f.json"), wide("{\"type\": \"integer\"}")).unwrap();
    assert_eq!(lines(&scratch.report(&[])), ["error contract-unreadable"]);
}

#[test]
fn a_file_that_the_config_calls_a_contract_is_not_passed_over_where_nobody_recognises_it() {
    let scratch = Scratch::new();
    scratch.write("unbroken.yaml", "contracts:\n  - paths: [a.yaml]\n    mode: full\n");
    scratch.write("a.yaml", "openapi 3.0.1\ninfo: [\n");
    scratch.commit();
    assert_eq!(scratch.run(&["check"]).0, 0, "nothing has changed");
    scratch.write("a.yaml", "openapi 3.0.2\ninfo: [\n");
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("unbroken.yaml:2:13: a.yaml cannot be recognised"), "{said}");
}
