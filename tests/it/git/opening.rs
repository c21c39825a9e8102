//! Repositories of every make.

use std::fs;

use unbroken::source::{Environment, HeadChoice, Request, SourceError};

use super::scratch::{Scratch, compared, environment, openapi, prepared, refused, text_of, write};

fn committed() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.yaml", &openapi("a"));
    scratch.commit();
    scratch
}

#[test]
fn a_linked_worktree_has_its_own_index_and_files() {
    let scratch = committed();
    let linked = scratch.beside("linked");
    scratch.git.worktree("linked", &linked, None).unwrap();
    write(&linked, "a.yaml", &openapi("linked"));
    let request = Request { folder: linked.clone(), ..Request::default() };
    assert_eq!(compared(&request), ["a.yaml"]);
    assert!(compared(&scratch.request()).is_empty());
    let git_dir = scratch.git.path().join("worktrees/linked");
    let variables: Environment = [("GIT_DIR", git_dir)].into_iter().collect();
    let hook = Request { folder: linked, environment: variables, ..Request::default() };
    assert_eq!(compared(&hook), ["a.yaml"]);
}

#[test]
fn a_bare_repository_compares_commits() {
    let scratch = committed();
    scratch.write("a.yaml", &openapi("b"));
    scratch.commit();
    let bare = scratch.beside("bare.git");
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(scratch.root().to_str().unwrap(), &bare)
        .unwrap();
    let bases = vec!["HEAD~1".to_owned()];
    let request = Request { folder: bare, bases, ..Request::default() };
    assert_eq!(compared(&request), ["a.yaml"]);
    for head in [HeadChoice::Staged, HeadChoice::WorkTree] {
        let error = refused(&Request { head, ..request.clone() });
        assert!(matches!(error, SourceError::Bare { .. }), "{error}");
    }
}

#[test]
fn a_hook_is_judged_by_the_index_that_git_gives_it() {
    let scratch = committed();
    let given = scratch.git.path().join("next-index");
    fs::copy(scratch.git.path().join("index"), &given).unwrap();
    scratch.write("a.yaml", &openapi("in the default index"));
    scratch.stage();
    let head = HeadChoice::Staged;
    let plain = Request { head: head.clone(), ..scratch.request() };
    assert_eq!(compared(&plain), ["a.yaml"]);
    let hook = environment([("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/next-index")]);
    let request = Request { environment: hook, head, ..scratch.request() };
    assert!(compared(&request).is_empty());
    let index = prepared(&request).head;
    assert_eq!(text_of(index.as_ref(), "a.yaml"), Some(openapi("a")));
}

#[test]
fn git_dir_and_work_tree_may_lie_apart() {
    let scratch = committed();
    let files = scratch.beside("files");
    write(&files, "a.yaml", &openapi("elsewhere"));
    let variables: Environment =
        [("GIT_DIR", scratch.git.path()), ("GIT_WORK_TREE", files.as_path())].into_iter().collect();
    let request = Request { environment: variables, folder: files, ..Request::default() };
    assert_eq!(compared(&request), ["a.yaml"]);
    assert_eq!(scratch.git.config().unwrap().get_path("core.worktree").ok(), None);
}

#[test]
fn every_folder_of_the_work_tree_leads_to_the_repository() {
    let scratch = committed();
    scratch.write("deep/er/b.yaml", &openapi("b"));
    let request = Request { folder: scratch.root().join("deep/er"), ..Request::default() };
    assert_eq!(compared(&request), ["deep/er/b.yaml"]);
}

#[test]
fn what_the_library_cannot_read_is_named() {
    let configured = |extra: &str| {
        let scratch = committed();
        let config = scratch.git.path().join("config");
        let text = fs::read_to_string(&config)
            .unwrap()
            .replace("repositoryformatversion = 0", "repositoryformatversion = 1");
        fs::write(&config, format!("{text}[extensions]\n\t{extra}\n")).unwrap();
        refused(&scratch.request())
    };
    assert!(matches!(configured("objectFormat = sha256"), SourceError::Sha256 { .. }));
    assert!(matches!(configured("refStorage = reftable"), SourceError::Reftable { .. }));
    let partial = configured("partialClone = origin").to_string();
    assert!(partial.contains("git config --unset extensions.partialClone"), "{partial}");
    assert!(matches!(configured("strange = 1"), SourceError::Extension { .. }));
}

#[test]
fn a_folder_outside_every_repository_is_said_to_be_so() {
    let home = tempfile::TempDir::new().unwrap();
    let ceiling = home.path().canonicalize().unwrap();
    let folder = ceiling.join("x");
    fs::create_dir(&folder).unwrap();
    let environment: Environment = [("GIT_CEILING_DIRECTORIES", &ceiling)].into_iter().collect();
    let request = Request { folder, environment, ..Request::default() };
    assert!(matches!(refused(&request), SourceError::NoRepository { .. }));
}

#[test]
fn a_commit_is_asked_of_an_unborn_head_in_vain() {
    let scratch = Scratch::new();
    let request = Request { environment: environment([("CI", "true")]), ..scratch.request() };
    assert!(matches!(refused(&request), SourceError::UnbornHead));
}

#[test]
fn a_blob_that_a_partial_clone_left_out_is_named() {
    let scratch = committed();
    let blob = scratch.git.find_commit(scratch.git.head().unwrap().target().unwrap()).unwrap();
    let blob = blob.tree().unwrap().get_name("a.yaml").unwrap().id();
    scratch.write("a.yaml", &openapi("b"));
    scratch.lose(blob);
    let error = refused(&scratch.request());
    assert!(error.to_string().contains(&format!("git fetch --no-tags origin {blob}")), "{error}");
}
