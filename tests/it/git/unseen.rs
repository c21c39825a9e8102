//! What a repository names and does not hold, or holds and no contract can be.

use std::fs;

use super::scratch::{Scratch, lines, openapi, write};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\n\
     oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n\
     size 12345\n";

#[test]
fn a_contract_that_the_base_only_points_to_is_not_taken_for_new() {
    let scratch = Scratch::new();
    scratch.write("openapi.yaml", POINTER);
    scratch.commit();
    scratch.write("openapi.yaml", &openapi("here"));
    let report = scratch.report(&[]);
    assert_eq!(report["verdict"], "undecided");
    assert_eq!(lines(&report), ["error contract-unreadable"]);
}

#[test]
fn a_pointer_that_moved_is_said_not_to_be_compared() {
    let scratch = Scratch::new();
    scratch.write("openapi.yaml", POINTER);
    scratch.commit();
    scratch.write("openapi.yaml", &POINTER.replace("12345", "12346"));
    let report = scratch.report(&[]);
    let problems = report["problems"].as_array().unwrap();
    let message = problems.first().and_then(|problem| problem["message"].as_str()).unwrap();
    assert!(message.contains("Git LFS pointer"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_repository_is_refused() {
    let scratch = Scratch::new();
    write(&scratch.beside("elsewhere"), "secret.yaml", "type: string\n");
    let text = openapi("a").replace(
        "paths: {}",
        "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: a\n          \
         content: { application/json: { schema: { $ref: link.yaml } } }",
    );
    scratch.write("a.yaml", &text);
    scratch.commit();
    let target = scratch.beside("elsewhere").join("secret.yaml");
    std::os::unix::fs::symlink(target, scratch.root().join("link.yaml")).unwrap();
    scratch.write("a.yaml", &text.replace("title: a", "title: b"));
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 4, "{said}");
    assert!(said.contains("link.yaml"), "{said}");
}

#[test]
fn a_large_file_that_is_no_contract_is_none_of_our_business() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    let file = fs::File::create(scratch.root().join("dump.json")).unwrap();
    // Nothing is written: the file has no content but its length.
    file.set_len(300 << 20).unwrap();
    let (status, said) = scratch.run(&["check"]);
    assert_eq!(status, 0, "{said}");
}
