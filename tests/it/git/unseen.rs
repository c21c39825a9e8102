//! What a repository names and does not hold, or holds and no contract can be.

use std::fs;

use super::hooks::{can_run, tried};
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

#[test]
fn what_buf_leaves_out_is_compared_and_where_it_is_asked_as_buf_it_is_named() {
    let scratch = Scratch::new();
    let file =
        |kind: &str| format!("syntax = \"proto3\";\npackage x;\nmessage X {{ {kind} a = 1; }}\n");
    let buf = "version: v2\nmodules:\n  - path: proto\n    excludes: [proto/x]\n";
    scratch.write("buf.yaml", buf);
    scratch.write("proto/x/x.proto", &file("int32"));
    scratch.commit();
    scratch.write("proto/x/x.proto", &file("string"));
    assert_eq!(lines(&scratch.report(&["--base", "HEAD"])), ["error field-type-changed"]);
    let report = scratch.report(&["--base", "HEAD", "--preset", "buf:FILE"]);
    assert_eq!(lines(&report), Vec::<String>::new());
    let problem = &report["problems"][0];
    assert_eq!(
        (&problem["path"], &problem["severity"]),
        (&"proto/x/x.proto".into(), &"warning".into())
    );
}

#[test]
fn what_buf_leaves_out_from_now_on_is_compared_with_what_it_was() {
    let scratch = Scratch::new();
    let file =
        |kind: &str| format!("syntax = \"proto3\";\npackage x;\nmessage X {{ {kind} a = 1; }}\n");
    scratch.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
    scratch.write("proto/x/x.proto", &file("int32"));
    scratch.commit();
    scratch.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n    excludes: [proto/x]\n");
    scratch.write("proto/x/x.proto", &file("string"));
    assert_eq!(lines(&scratch.report(&["--base", "HEAD"])), ["error field-type-changed"]);
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

/// What is said of a file that could not be looked into, and how the run ends.
fn said_of(scratch: &Scratch, path: &str, arguments: &[&str]) -> (i32, String) {
    let (code, _) = scratch.run(&[&["check"], arguments].concat());
    let report = scratch.report(arguments);
    let mut problems = report["problems"].as_array().unwrap().iter();
    let problem = problems.find(|problem| problem["path"] == path);
    let problem = problem.unwrap_or_else(|| panic!("nothing of {path} in {report}"));
    (code, problem["message"].as_str().unwrap().to_owned())
}

#[cfg(unix)]
#[test]
fn a_contract_in_whose_place_a_link_stands_says_so() {
    let scratch = Scratch::new();
    scratch.write("api/a.yaml", &openapi("a"));
    let base = scratch.commit().to_string();
    write(&scratch.beside("elsewhere"), "a.yaml", &openapi("a"));
    scratch.remove("api/a.yaml");
    let target = scratch.beside("elsewhere").join("a.yaml");
    std::os::unix::fs::symlink(target, scratch.root().join("api/a.yaml")).unwrap();
    let base = ["--base", &*base];
    let states =
        [&base[..], &["--base", base[1], "--staged"], &["--base", base[1], "--head", "HEAD"]];
    for (state, arguments) in states.into_iter().enumerate() {
        let (code, said) = said_of(&scratch, "api/a.yaml", arguments);
        assert_eq!(code, 1, "{said}");
        assert!(said.starts_with("the file was replaced by a symbolic link"), "{said}");
        assert_eq!(lines(&scratch.report(arguments)), ["error contract-removed"]);
        if state == 0 {
            scratch.stage();
        } else {
            scratch.commit();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_edit_under_a_name_that_is_not_utf_8_is_a_gap_before_it_is_staged() {
    use std::os::unix::ffi::OsStrExt as _;
    let scratch = Scratch::new();
    let name = std::ffi::OsStr::from_bytes(b"bad\xff.yaml");
    let place = scratch.root().join(name);
    fs::write(&place, openapi("a")).unwrap();
    scratch.commit();
    assert_eq!(scratch.run(&["check"]).0, 0, "what nobody has touched is passed over");
    fs::write(&place, openapi("another")).unwrap();
    let (code, said) = said_of(&scratch, "bad\\377.yaml", &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("not UTF-8"), "{said}");
    scratch.stage();
    assert_eq!(said_of(&scratch, "bad\\377.yaml", &["--staged"]), (code, said));
    fs::remove_file(&place).unwrap();
    assert_eq!(said_of(&scratch, "bad\\377.yaml", &[]).0, 0);
}

#[test]
fn a_submodule_is_seen_where_it_stands_on_disk() {
    if !can_run() {
        return;
    }
    let theirs = Scratch::new();
    theirs.write("a.yaml", &openapi("a"));
    theirs.commit();
    let scratch = Scratch::new();
    let url = theirs.root().to_str().unwrap();
    let allow = "protocol.file.allow=always";
    let (done, said) =
        tried(scratch.root(), &["-c", allow, "submodule", "--quiet", "add", url, "theirs"]);
    assert!(done, "{said}");
    scratch.git.index().unwrap().read(true).unwrap();
    let (done, said) = tried(scratch.root(), &["commit", "--quiet", "--message", "x"]);
    assert!(done, "{said}");
    assert_eq!(scratch.report(&[])["problems"].as_array().unwrap().len(), 0);
    let inside = scratch.root().join("theirs");
    write(&inside, "a.yaml", &openapi("another"));
    let (done, said) = tried(&inside, &["commit", "--quiet", "--all", "--message", "x"]);
    assert!(done, "{said}");
    let (code, unstaged) = said_of(&scratch, "theirs", &[]);
    assert_eq!(code, 0, "{unstaged}");
    assert!(unstaged.starts_with("the submodule moved from "), "{unstaged}");
    assert_eq!(scratch.report(&["--staged"])["problems"].as_array().unwrap().len(), 0);
    assert!(tried(scratch.root(), &["add", "theirs"]).0);
    assert_eq!(said_of(&scratch, "theirs", &["--staged"]).1, unstaged);
    // Where it is not checked out, what is staged is all that there is.
    fs::remove_dir_all(&inside).unwrap();
    fs::create_dir(&inside).unwrap();
    assert_eq!(said_of(&scratch, "theirs", &[]).1, unstaged);
}

#[test]
fn a_proto_file_in_another_encoding_is_told_its_place_and_what_to_do() {
    let scratch = Scratch::new();
    scratch.write("a.proto", "syntax = \"proto3\";\nmessage A {}\n");
    scratch.commit();
    fs::write(scratch.root().join("a.proto"), b"syntax = \"proto3\";\nmessage A\xe9 {}\n").unwrap();
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("a.proto:2:10"), "{said}");
    assert!(said.contains("is not UTF-8: save the file as UTF-8"), "{said}");
    let wide: Vec<u8> = "syntax = \"proto3\";\n".bytes().flat_map(|byte| [byte, 0]).collect();
    fs::write(scratch.root().join("a.proto"), [&b"\xff\xfe"[..], &wide].concat()).unwrap();
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("a.proto:1:1"), "{said}");
    assert!(said.contains("the file is in UTF-16: save it as UTF-8"), "{said}");
}

#[test]
fn a_depth_bomb_is_refused_by_its_name_in_either_style() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    let levels = (1..=700).flat_map(|level| [" ".repeat(level), "a:\n".to_owned()]);
    let bombs = [
        levels.collect(),
        format!(" {}\n", "[".repeat(100_000)),
        format!(" {}\n", "{a: ".repeat(400)),
    ];
    for bomb in bombs {
        let bomb: String = bomb;
        scratch.write("a.yaml", &format!("{}x-deep:\n{bomb}", openapi("a")));
        let (code, said) = scratch.run(&["check"]);
        assert_eq!(code, 4, "{said}");
        assert!(said.contains("deeper than the limit max-depth = 512"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn an_edit_behind_a_link_that_stays_inside_is_compared() {
    let scratch = Scratch::new();
    let paths = "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: a\n          \
                 content: { application/json: { schema: { $ref: lib/link.yaml } } }";
    scratch.write("api/a.yaml", &openapi("a").replace("paths: {}", paths));
    scratch.write("shared/real.yaml", "type: string\n");
    std::os::unix::fs::symlink("../shared", scratch.root().join("api/lib")).unwrap();
    std::os::unix::fs::symlink("real.yaml", scratch.root().join("shared/link.yaml")).unwrap();
    let base = scratch.commit().to_string();
    assert_eq!(scratch.run(&["check"]).0, 0);
    scratch.write("shared/real.yaml", "type: integer\n");
    let states = [&["check", "--base", &*base][..], &["check", "--base", &*base, "--staged"]];
    for state in states {
        let (code, said) = scratch.run(state);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("type-changed"), "{said}");
        scratch.stage();
    }
    scratch.commit();
    assert_eq!(scratch.run(&["check", "--base", &*base, "--head", "HEAD"]).0, 1);
    assert_eq!(scratch.run(&["diff", &format!("{base}:"), "."]).0, 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_changes_is_a_change_of_what_it_leads_to() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new();
    let paths = "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: a\n          \
                 content: { application/json: { schema: { $ref: m.yml } } }";
    scratch.write("api/a.yaml", &openapi("a").replace("paths: {}", paths));
    scratch.write("api/real.yml", "type: string\n");
    scratch.write("api/other.yml", "type: integer\n");
    let link = scratch.root().join("api/m.yml");
    symlink("real.yml", &link).unwrap();
    let base = scratch.commit().to_string();
    let check = |expected: i32, what: &str| {
        let states = [&["check", "--base", &*base][..], &["check", "--base", &*base, "--staged"]];
        for state in states {
            let (code, said) = scratch.run(state);
            assert_eq!(code, expected, "{what} {state:?}: {said}");
            scratch.stage();
        }
    };
    fs::remove_file(&link).unwrap();
    check(3, "gone");
    scratch.write("api/m.yml", "type: integer\n");
    check(1, "a file in its place");
    for (target, expected) in
        [("other.yml", 1), ("real.yml", 0), ("nowhere.yml", 3), ("m.yml", 4), ("/etc/hostname", 4)]
    {
        fs::remove_file(&link).unwrap();
        symlink(target, &link).unwrap();
        check(expected, target);
    }
}
