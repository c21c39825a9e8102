//! Which contracts are compared.

use std::fs;

use unbroken::source::{Head, HeadChoice, How, Request, SourceError};

use super::scratch::{
    Scratch, compared, fates, lines, openapi, orders, path, prepared, references, refused, text_of,
};

fn staged(scratch: &Scratch) -> Request {
    Request { head: HeadChoice::Staged, ..scratch.request() }
}

#[test]
fn where_nothing_that_could_be_a_contract_changed_nothing_is_read() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.write("readme.md", "1");
    scratch.commit();
    scratch.write("readme.md", "2");
    let scan = |_: &[u8]| -> Vec<String> { panic!("a file was read") };
    for request in [scratch.request(), staged(&scratch)] {
        let prepared = unbroken::source::prepare(&request, &scan).unwrap();
        assert!(prepared.comparisons[0].changes.is_empty());
        assert!(prepared.comparisons[0].pairs.is_empty());
    }
}

#[test]
fn the_index_and_the_work_tree_are_two_states() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.write("b.yaml", &openapi("b"));
    scratch.commit();
    scratch.write("a.yaml", &openapi("staged"));
    scratch.stage();
    scratch.write("a.yaml", &openapi("a"));
    scratch.write("b.yaml", &openapi("edited"));
    assert_eq!(compared(&staged(&scratch)), ["a.yaml"]);
    assert_eq!(compared(&scratch.request()), ["b.yaml"]);
    let index = prepared(&staged(&scratch)).head;
    assert_eq!(text_of(index.as_ref(), "a.yaml"), Some(openapi("staged")));
    let tree = prepared(&scratch.request()).head;
    assert_eq!(text_of(tree.as_ref(), "a.yaml"), Some(openapi("a")));
}

#[test]
fn an_edit_of_the_same_length_in_the_same_moment_is_seen() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("one"));
    scratch.commit();
    scratch.write("a.yaml", &openapi("two"));
    assert_eq!(compared(&scratch.request()), ["a.yaml"]);
}

#[test]
fn new_removed_and_moved_contracts_are_never_skipped() {
    let scratch = Scratch::new();
    let long = |title: &str| format!("{}# {}\n", openapi(title), "same words ".repeat(20));
    scratch.write("gone.yaml", "swagger: '2.0'\nhost: nowhere\n");
    scratch.write("old/equal.yaml", &openapi("equal"));
    scratch.write("old/similar.yaml", &long("before"));
    scratch.write("kept.yaml", &openapi("kept"));
    scratch.commit();
    for path in ["gone.yaml", "old/equal.yaml", "old/similar.yaml"] {
        scratch.remove(path);
    }
    scratch.write("new/equal.yaml", &openapi("equal"));
    scratch.write("new/similar.yaml", &long("after"));
    scratch.write("come.json", "{\"openapi\": \"3.0.0\", \"x\": 1}");
    let name = |text: &str| Some(text.to_owned());
    let expected = vec![
        (How::Added, None, name("come.json")),
        (How::Removed, name("gone.yaml"), None),
        (How::Unchanged, name("kept.yaml"), name("kept.yaml")),
        (How::Moved, name("old/equal.yaml"), name("new/equal.yaml")),
        (How::Moved, name("old/similar.yaml"), name("new/similar.yaml")),
    ];
    assert_eq!(fates(&scratch.request()), expected);
    scratch.stage();
    assert_eq!(fates(&staged(&scratch)), expected);
}

#[test]
fn a_contract_is_compared_when_a_fragment_that_it_reaches_changed() {
    let scratch = Scratch::new();
    let refers = |target: &str| format!("{}x:\n  $ref: \"{target}\"\n", openapi("x"));
    scratch.write("api/near.yaml", &refers("parts/a.yaml#/A"));
    scratch.write("api/far.yaml", &openapi("far"));
    scratch.write("api/parts/a.yaml", "A:\n  $ref: \"../../shared/my%20b.json\"\n");
    scratch.write("shared/my b.json", "{}");
    scratch.commit();
    scratch.write("shared/my b.json", "{\"type\": \"string\"}");
    assert_eq!(compared(&scratch.request()), ["api/near.yaml"]);
    scratch.remove("shared/my b.json");
    assert_eq!(compared(&scratch.request()), ["api/near.yaml"]);
}

#[test]
fn a_schema_is_reached_by_its_id() {
    let scratch = Scratch::new();
    let schema = |id: &str, rest: &str| {
        format!(
            "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\
             \"$id\": \"https://example.org/s/{id}\",\n{rest}}}\n"
        )
    };
    scratch.write("one/a.json", &schema("a", "\"$ref\": \"b\""));
    scratch.write("two/b.json", &schema("b", "\"type\": \"string\""));
    scratch.commit();
    scratch.write("two/b.json", &schema("b", "\"type\": \"number\""));
    assert_eq!(compared(&scratch.request()), ["one/a.json", "two/b.json"]);
}

#[test]
fn a_contract_that_can_no_longer_be_recognised_is_compared_and_not_removed() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    scratch.write("a.yaml", "<<<<<<< ours\n");
    let here = Some("a.yaml".to_owned());
    assert_eq!(fates(&scratch.request()), [(How::Changed, here.clone(), here)]);
}

#[test]
fn ignored_files_are_no_part_of_the_work_tree_unless_tracked() {
    let scratch = Scratch::new();
    scratch.write("vendor/tracked.yaml", &openapi("tracked"));
    scratch.commit();
    scratch.write(".gitignore", "node_modules/\nvendor/\n");
    scratch.write("node_modules/x/openapi.yaml", &openapi("x"));
    scratch.write("vendor/new.yaml", &openapi("new"));
    scratch.write("vendor/tracked.yaml", &openapi("edited"));
    scratch.write("sub/.gitignore", "*.json\n");
    fs::create_dir_all(scratch.root().join(".git/info")).unwrap();
    fs::write(scratch.root().join(".git/info/exclude"), "mine/\n").unwrap();
    scratch.write("mine/b.yaml", &openapi("b"));
    scratch.write("sub/a.json", "{\"openapi\": \"3.0.0\"}");
    assert_eq!(compared(&scratch.request()), ["vendor/tracked.yaml"]);
    let head = prepared(&scratch.request()).head;
    assert_eq!(text_of(head.as_ref(), "sub/a.json"), None);
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new();
    fs::create_dir(scratch.beside("outside")).unwrap();
    fs::write(scratch.beside("outside/secret.yaml"), openapi("secret")).unwrap();
    scratch.write("api/a.yaml", &openapi("a"));
    scratch.commit();
    symlink(scratch.beside("outside/secret.yaml"), scratch.root().join("leak.yaml")).unwrap();
    symlink(scratch.beside("outside"), scratch.root().join("out")).unwrap();
    assert!(compared(&scratch.request()).is_empty());
    scratch.stage();
    for request in [scratch.request(), staged(&scratch)] {
        let head = prepared(&request).head;
        for name in ["leak.yaml", "out/secret.yaml"] {
            let read = head.read(&path(name));
            assert!(matches!(read, Err(SourceError::SymbolicLink { .. })), "{name}: {read:?}");
        }
        assert!(head.paths().unwrap().contains(&path("api/a.yaml")));
        assert_eq!(head.paths().unwrap().len(), 1);
    }
    fs::rename(scratch.root().join("api"), scratch.beside("moved")).unwrap();
    symlink(scratch.beside("moved"), scratch.root().join("api")).unwrap();
    assert_eq!(fates(&scratch.request())[0].0, How::Removed);
    assert!(prepared(&scratch.request()).head.read(&path(".git/config")).unwrap().is_none());
}

#[test]
fn an_unsettled_merge_is_refused_in_the_index_only() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    let mut index = scratch.git.index().unwrap();
    let mut entry = index.get_path(std::path::Path::new("a.yaml"), 0).unwrap();
    index.remove_path(std::path::Path::new("a.yaml")).unwrap();
    for stage in 1..=3 {
        entry.flags = (entry.flags & 0x0fff) | (stage << 12);
        index.add(&entry).unwrap();
    }
    index.write().unwrap();
    let error = refused(&staged(&scratch));
    assert_eq!(error.to_string(), "a.yaml is in conflict; resolve it and `git add` it");
    assert!(compared(&scratch.request()).is_empty());
}

#[test]
fn a_clone_inside_the_work_tree_is_left_alone() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    git2::Repository::init(scratch.root().join("inner")).unwrap();
    scratch.write("inner/b.yaml", &openapi("b"));
    assert!(compared(&scratch.request()).is_empty());
}

#[test]
fn equal_files_have_equal_ids_in_every_state() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("a"));
    scratch.write("b.txt", "b");
    scratch.commit();
    let commit = Request { head: HeadChoice::Revision("HEAD".to_owned()), ..scratch.request() };
    let states = [scratch.request(), staged(&scratch), commit]
        .map(|request| unbroken::source::prepare(&request, &references).unwrap().head);
    for state in &states {
        let state: &dyn Head = state.as_ref();
        assert_eq!(state.listing().unwrap(), states[0].listing().unwrap());
        assert_eq!(state.listing().unwrap().len(), 1);
        assert_eq!(state.paths().unwrap(), [path("api/a.yaml"), path("b.txt")]);
    }
}

#[test]
fn an_edit_of_another_document_of_the_file_is_not_called_compatible() {
    let scratch = Scratch::new();
    let file = |first: &str, second: &str| format!("{}---\n{}", openapi(first), openapi(second));
    scratch.write("a.yaml", &file("1", "1"));
    scratch.commit();
    // The first one is compared, whatever stands behind it.
    scratch.write("a.yaml", &file("2", "1"));
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    for (text, line) in [(file("1", "2"), "a.yaml:6"), (openapi("1"), "a.yaml")] {
        scratch.write("a.yaml", &text);
        let report = scratch.report(&[]);
        assert_eq!(report["verdict"], "undecided", "{report}");
        let (code, said) = scratch.run(&["check"]);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("another document of this file has changed"), "{said}");
        assert!(said.contains(line), "{said}");
    }
    // A marker that nothing follows begins no document.
    scratch.commit();
    scratch.write("a.yaml", &format!("{}---\n# the end\n...\n", openapi("1")));
    assert_eq!(scratch.run(&["check"]).0, 0);
}

/// The two spellings share no line, and are one contract all the same.
#[test]
fn a_document_written_in_the_other_syntax_is_the_same_contract() {
    let scratch = Scratch::new();
    let schema = |kind: &str| {
        format!(
            "{{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\
             \"type\":\"object\",\"properties\":{{\"a\":{{\"type\":\"{kind}\"}}}}}}"
        )
    };
    scratch.write(
        "s/order.schema.yaml",
        "$schema: https://json-schema.org/draft/2020-12/schema\n\
         type: object\nproperties:\n  a:\n    type: integer\n",
    );
    scratch.write("s/other.schema.json", &schema("string"));
    scratch.commit();
    scratch.remove("s/order.schema.yaml");
    for (kind, told) in [
        ("integer", &["warning contract-moved"][..]),
        ("string", &["error type-changed", "warning contract-moved"]),
    ] {
        scratch.write("s/order.schema.json", &schema(kind));
        let report = scratch.report(&[]);
        assert_eq!(lines(&report), told, "{report}");
    }
}

#[test]
fn a_contract_that_moved_is_reported_as_moved() {
    let scratch = Scratch::new();
    scratch.write("old/a.yaml", &orders("a"));
    scratch.write("b.proto", "syntax = \"proto3\";\nmessage B {}\n");
    scratch.commit();
    let base = scratch.git.head().unwrap().target().unwrap().to_string();
    scratch.remove("old/a.yaml");
    scratch.write("new/a.yaml", &orders("a"));
    for state in [&["--base", &*base][..], &["--base", &*base, "--staged"]] {
        let report = scratch.report(state);
        assert_eq!(lines(&report), ["warning contract-moved"]);
        let finding = &report["findings"][0];
        assert_eq!(finding["message"], "the contract `old/a.yaml` was moved to `new/a.yaml`");
        assert_eq!(finding["old"]["path"], "old/a.yaml");
        assert_eq!(finding["new"]["path"], "new/a.yaml");
        scratch.stage();
    }
}

/// What `$schema` names may call itself so; what it requires counts where the schema is read.
#[test]
fn a_metaschema_is_known_by_its_identifier() {
    let scratch = Scratch::new();
    let meta = |required: bool| {
        format!(
            r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.com/meta",
            "$vocabulary": {{"https://json-schema.org/draft/2020-12/vocab/applicator": true,
                "https://json-schema.org/draft/2020-12/vocab/validation": true,
                "https://example.com/units": {required}}}}}"#
        )
    };
    scratch.write("meta.schema.json", &meta(false));
    let schema =
        |kind: &str| format!(r#"{{"$schema": "https://example.com/meta", "type": "{kind}"}}"#);
    scratch.write("a.schema.json", &schema("integer"));
    scratch.commit();
    scratch.write("a.schema.json", &schema("number"));
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("is not in the repository"), "{said}");
    scratch.write("meta.schema.json", &meta(true));
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("requires the vocabulary `https://example.com/units`"), "{said}");
}
