//! `diff OLD NEW`: files, folders and revisions.

use unbroken::source::{DiffRequest, How, Kind, PreparedDiff, SourceError, prepare_diff};

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
