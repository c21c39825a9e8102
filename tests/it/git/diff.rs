//! `diff OLD NEW`: files, folders and revisions.

use unbroken::source::{DiffRequest, How, Kind, PreparedDiff, Root, SourceError, prepare_diff};

use super::scratch::{Scratch, openapi, path, references, text_of, write};

fn diff(scratch: &Scratch, old: &str, new: &str) -> Result<PreparedDiff, SourceError> {
    let request = DiffRequest {
        folder: scratch.root().to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
        ..DiffRequest::default()
    };
    prepare_diff(&request, &references)
}

#[test]
fn two_files_are_one_pair_whatever_they_are_called() {
    let scratch = Scratch::new();
    scratch.write("v1/api.yaml", &openapi("1"));
    scratch.write("v2.json", "{\"openapi\": \"3.0.0\"}");
    let both = diff(&scratch, "v1/api.yaml", "v2.json").unwrap();
    let [pair] = both.pairs.as_slice() else { panic!("one pair") };
    assert_eq!(pair.old.as_ref().unwrap().root.as_str(), "api.yaml");
    assert_eq!(pair.new.as_ref().unwrap().root.as_str(), "v2.json");
    assert_eq!(pair.new.as_ref().unwrap().kind, Kind::OpenApi);
    assert_eq!(both.old.label().name, "v1/api.yaml");
}

#[test]
fn what_tells_nothing_of_itself_is_written_as_the_other_file_is() {
    let scratch = Scratch::new();
    scratch.write("set.pb", "\n\u{b}\n\u{7}a.proto\"\u{0}");
    scratch.write("empty.pb", "");
    for (old, new) in [("set.pb", "empty.pb"), ("empty.pb", "set.pb")] {
        let prepared = diff(&scratch, old, new).unwrap();
        let [pair] = &prepared.pairs[..] else { panic!("one pair") };
        let roots = [pair.old.as_ref(), pair.new.as_ref()].map(|side| &side.unwrap().root);
        assert!(roots.iter().all(|root| matches!(root, Root::File(_))), "{roots:?}");
    }
}

#[test]
fn a_file_cannot_be_made_to_read_above_its_folder() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("1"));
    scratch.write("secret.yaml", "x");
    let both = diff(&scratch, "api/a.yaml", "api/a.yaml").unwrap();
    assert!(path("a.yaml").join("../secret.yaml").is_err());
    assert_eq!(text_of(both.old.as_ref(), "secret.yaml"), None);
}

#[test]
fn folders_are_paired_like_states_of_a_repository() {
    let scratch = Scratch::new();
    for (side, title) in [("old", "1"), ("new", "2")] {
        write(scratch.root(), &format!("{side}/a.yaml"), &openapi(title));
        write(scratch.root(), &format!("{side}/same.yaml"), &openapi("same"));
    }
    let both = diff(&scratch, "old", "new").unwrap();
    let fates: Vec<How> = both.pairs.iter().map(|pair| pair.how).collect();
    assert_eq!(fates, [How::Changed, How::Unchanged]);
}

#[test]
fn a_revision_and_a_path_name_a_file_or_a_folder() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("1"));
    scratch.commit();
    scratch.write("api/a.yaml", &openapi("2"));
    let files = diff(&scratch, "HEAD:api/a.yaml", "api/a.yaml").unwrap();
    assert_eq!(text_of(files.old.as_ref(), "api/a.yaml"), Some(openapi("1")));
    assert!(files.old.label().revision.is_some());
    let folders = diff(&scratch, "HEAD:api", "api").unwrap();
    assert_eq!(folders.pairs.len(), 1);
    assert_eq!(folders.pairs[0].how, How::Changed);
    scratch.stage();
    let index = diff(&scratch, "HEAD:./api/a.yaml", ":api/a.yaml").unwrap();
    assert_eq!(text_of(index.new.as_ref(), "api/a.yaml"), Some(openapi("2")));
}

#[cfg(unix)]
#[test]
fn a_file_on_disk_wins_over_a_revision() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    scratch.commit();
    scratch.write("HEAD:a.yaml", &openapi("on disk"));
    let both = diff(&scratch, "HEAD:a.yaml", "a.yaml").unwrap();
    assert_eq!(text_of(both.old.as_ref(), "HEAD:a.yaml"), Some(openapi("on disk")));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("1"));
    scratch.write("plain.yaml", "x: 1\n");
    scratch.commit();
    let refusal = |old: &str, new: &str| match diff(&scratch, old, new) {
        Ok(_) => panic!("something was compared"),
        Err(error) => error.to_string(),
    };
    assert!(refusal("nothing", "api").contains("neither a file"));
    assert!(refusal("HEAD:nothing", "api").contains("neither a file"));
    assert!(refusal("nowhere:a", "api").contains("names no commit"));
    assert!(refusal("api", "plain.yaml").contains("both be files"));
    assert!(refusal("plain.yaml", "plain.yaml").contains("--kind"));
}

#[test]
fn two_files_that_are_named_have_not_moved() {
    let scratch = Scratch::new();
    let proto = "syntax = \"proto3\";\npackage a.v1;\nmessage A { string b = 1; }\n";
    scratch.write("old.proto", proto);
    scratch.write("api/new.proto", proto);
    scratch.commit();
    let sides = [
        ["old.proto", "api/new.proto"],
        ["HEAD:old.proto", "HEAD:api/new.proto"],
        ["HEAD:old.proto", "api/new.proto"],
        ["api/new.proto", "HEAD:old.proto"],
    ];
    for [old, new] in sides {
        let (code, said) = scratch.run(&["diff", old, new]);
        assert_eq!(code, 0, "{said}");
        assert!(!said.contains("file-moved"), "{old} {new}: {said}");
    }
    // What changed in them is still found, and said of each by its own name.
    scratch.write("api/new.proto", &proto.replace("string b = 1", "int32 b = 1"));
    let (code, said) = scratch.run(&["diff", "old.proto", "api/new.proto", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, 1, "{said}");
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["old"]["path"], &finding["new"]["path"]),
        (&"old.proto".into(), &"new.proto".into())
    );
}

#[test]
fn beside_a_file_of_a_commit_one_of_the_work_tree_is_called_as_the_commit_calls_it() {
    let scratch = Scratch::new();
    let text = |title| {
        let paths = "paths:\n  /a:\n    get:\n      parameters: [{ $ref: ../shared.yaml }]\n      \
                     responses: { '200': { description: a } }";
        openapi(title).replace("paths: {}", paths)
    };
    scratch.write("shared.yaml", "name: q\nin: query\nschema: { type: string }\n");
    scratch.write("api/a.yaml", &text("1"));
    scratch.commit();
    scratch.stage();
    scratch.write("api/a.yaml", &text("2"));
    for (old, new) in [
        ("HEAD:api/a.yaml", "api/a.yaml"),
        (":api/a.yaml", "api/a.yaml"),
        ("api/a.yaml", "HEAD:api/a.yaml"),
    ] {
        let both = diff(&scratch, old, new).unwrap();
        let [pair] = both.pairs.as_slice() else { panic!("one pair") };
        for side in [&pair.old, &pair.new] {
            assert_eq!(side.as_ref().unwrap().root.as_str(), "api/a.yaml", "{old} {new}");
        }
        // Both sides reach the same neighbours.
        assert_eq!(scratch.run(&["diff", old, new]).0, 0, "{old} {new}");
    }
    // Two files on disk know no repository.
    let both = diff(&scratch, "api/a.yaml", "api/a.yaml").unwrap();
    assert_eq!(both.pairs[0].new.as_ref().unwrap().root.as_str(), "a.yaml");
    let outside = scratch.beside("b.yaml");
    std::fs::write(&outside, openapi("b")).unwrap();
    let both = diff(&scratch, "HEAD:api/a.yaml", outside.to_str().unwrap()).unwrap();
    assert_eq!(both.pairs[0].new.as_ref().unwrap().root.as_str(), "b.yaml");
}

#[test]
fn a_path_of_a_revision_does_not_begin_with_a_slash() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("1"));
    scratch.commit();
    for path in ["HEAD:/api/a.yaml", "HEAD:/", "HEAD:../a.yaml"] {
        let Err(error) = diff(&scratch, path, "api/a.yaml") else { panic!("{path} was compared") };
        assert!(error.to_string().contains("neither a file"), "{error}");
    }
    assert!(diff(&scratch, "HEAD:", ".").is_ok());
    assert!(diff(&scratch, "HEAD:./", ".").is_ok());
}

#[test]
fn a_report_that_has_no_place_is_said_in_words() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("1"));
    let file = |place: &str| scratch.run(&["diff", "a.yaml", "a.yaml", "-o", place]);
    let (code, said) = file("json=");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`-o json=` names no file; write `-o json=FILE`"), "{said}");
    let (code, said) = file("json=nowhere/report.json");
    assert_eq!(code, 3, "{said}");
    assert!(
        said.ends_with("cannot write nowhere/report.json: there is no folder nowhere\n"),
        "{said}"
    );
    let (code, said) = file("json=.git");
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("cannot write .git: ") && !said.contains("tmp"), "{said}");
}

#[test]
fn what_a_named_file_imports_is_found_in_its_revision() {
    let scratch = Scratch::new();
    let user =
        "syntax = \"proto3\";\npackage p;\nimport \"c/c.proto\";\nmessage A { c.C c = 1; }\n";
    let imported = "syntax = \"proto3\";\npackage c;\nmessage C { int32 y = 1; }\nmessage D { int32 y = 1; }\n";
    scratch.write("api/p/a.proto", user);
    scratch.write("api/c/c.proto", imported);
    scratch.commit();
    let changed =
        imported.replace("C { int32", "C { string").replace("message D { int32 y = 1; }", "");
    scratch.write("api/c/c.proto", &changed);
    scratch.commit();
    for new in ["HEAD:api/p/a.proto", "api/p/a.proto"] {
        let (code, said) = scratch.run(&["diff", "HEAD~1:api/p/a.proto", new, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!((code, &report["problems"]), (1, &serde_json::json!([])), "{said}");
        let findings = report["findings"].as_array().unwrap();
        let told: Vec<_> = findings.iter().map(|one| (&one["rule"], &one["site"])).collect();
        // What the file does not use of it is none of its business.
        assert_eq!(told, [(&"field-type-changed".into(), &"c.C › y".into())], "{said}");
    }
}
