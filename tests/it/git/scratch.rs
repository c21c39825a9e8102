//! A throwaway repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use git2::{Oid, Signature};
use serde_json::Value;
use tempfile::TempDir;
pub(crate) use unbroken::document::references;
use unbroken::source::{
    BaseError, Environment, How, Prepared, RepoPath, Request, Snapshot, SourceError, prepare,
};

/// The day on which the program runs.
pub(crate) const TODAY: &str = "2027-01-31";

/// The findings of a report as lines: severity, rule, and whether it is accepted.
pub(crate) fn lines(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |finding: &Value| {
        let accepted = if finding["suppressed"].is_null() { "" } else { " accepted" };
        format!("{} {}{accepted}", text(&finding["severity"]), text(&finding["rule"]))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// Small contracts, told apart by a word.
pub(crate) fn openapi(title: &str) -> String {
    format!("openapi: 3.1.0\ninfo:\n  title: {title}\n  version: 1.0.0\npaths: {{}}\n")
}

/// A repository and the folder that dies with it.
pub(crate) struct Scratch {
    _home: TempDir,
    root: PathBuf,
    pub(crate) git: git2::Repository,
}

impl Scratch {
    /// An empty repository on the unborn branch `main`.
    pub(crate) fn new() -> Self {
        let home = TempDir::new().unwrap();
        let root = home.path().canonicalize().unwrap().join("work");
        let mut options = git2::RepositoryInitOptions::new();
        let git = git2::Repository::init_opts(&root, options.initial_head("main")).unwrap();
        Self { _home: home, root, git }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap().join(name)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        write(&self.root, path, text);
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    /// Stages everything that is not ignored.
    pub(crate) fn stage(&self) {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
    }

    /// Stages everything and commits it on HEAD.
    pub(crate) fn commit(&self) -> Oid {
        self.stage();
        let tree = self.git.index().unwrap().write_tree().unwrap();
        let parent = self.git.head().ok().map(|head| head.peel_to_commit().unwrap().id());
        self.commit_tree(Some("HEAD"), tree, &parent.into_iter().collect::<Vec<_>>())
    }

    /// A commit of a tree with these parents.
    pub(crate) fn commit_tree(&self, name: Option<&str>, tree: Oid, parents: &[Oid]) -> Oid {
        let tree = self.git.find_tree(tree).unwrap();
        let parents: Vec<_> = parents.iter().map(|id| self.git.find_commit(*id).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        let who = Signature::new("A", "a@example.org", &git2::Time::new(1_700_000_000, 0)).unwrap();
        self.git.commit(name, &who, &who, "change", &tree, &parents).unwrap()
    }

    /// Has a ref point at a commit.
    pub(crate) fn point(&self, name: &str, commit: Oid) {
        self.git.reference(name, commit, true, "test").unwrap();
    }

    /// Moves HEAD and the files to a branch that begins at a commit.
    pub(crate) fn branch(&self, name: &str, at: Oid) {
        self.point(&format!("refs/heads/{name}"), at);
        self.checkout(name);
    }

    pub(crate) fn checkout(&self, name: &str) {
        self.git.set_head(&format!("refs/heads/{name}")).unwrap();
        let mut force = git2::build::CheckoutBuilder::new();
        self.git.checkout_head(Some(force.force())).unwrap();
    }

    /// Deletes a loose object, as a shallow or partial clone has not got it.
    pub(crate) fn lose(&self, id: Oid) {
        let id = id.to_string();
        let object = self.git.path().join("objects").join(&id[..2]).join(&id[2..]);
        fs::remove_file(object).unwrap();
    }

    /// Cuts the history before these commits.
    pub(crate) fn make_shallow(&self, commits: &[Oid]) {
        let lines = commits.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        fs::write(self.git.path().join("shallow"), lines).unwrap();
    }

    /// Exit code and both streams of the program, run at the root on the last day of January 2027.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbroken"));
        let command = command.current_dir(&self.root).env_clear().env("UNBROKEN_TODAY", TODAY);
        let output = command.args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }

    /// The JSON report of `check` with these arguments.
    pub(crate) fn report(&self, arguments: &[&str]) -> Value {
        let (code, text) = self.run(&[&["check", "--format", "json"], arguments].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{code}: {error}\n{text}"))
    }

    pub(crate) fn request(&self) -> Request {
        Request { folder: self.root.clone(), ..Request::default() }
    }
}

pub(crate) fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn environment<const N: usize>(variables: [(&str, &str); N]) -> Environment {
    variables.into_iter().collect()
}

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

pub(crate) fn text_of(snapshot: &dyn Snapshot, name: &str) -> Option<String> {
    snapshot.read(&path(name)).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
}

pub(crate) fn prepared(request: &Request) -> Prepared {
    prepare(request, &references).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn refused(request: &Request) -> SourceError {
    match prepare(request, &references) {
        Ok(_) => panic!("something was compared"),
        Err(error) => error,
    }
}

pub(crate) fn base_error(request: &Request) -> BaseError {
    let SourceError::Base(error) = refused(request) else { panic!("no error of the base") };
    error
}

/// The label of the only base.
pub(crate) fn base_label(request: &Request) -> String {
    let prepared = prepared(request);
    assert_eq!(prepared.comparisons.len(), 1);
    prepared.comparisons[0].base.label.clone()
}

/// What became of each contract: old place, new place.
pub(crate) fn fates(request: &Request) -> Vec<(How, Option<String>, Option<String>)> {
    let prepared = prepared(request);
    let pairs = prepared.comparisons.into_iter().flat_map(|comparison| comparison.pairs);
    let place = |side: Option<unbroken::source::Discovered>| {
        side.map(|contract| contract.root.as_str().to_owned())
    };
    pairs.map(|pair| (pair.how, place(pair.old), place(pair.new))).collect()
}

/// The places of the contracts that are compared.
pub(crate) fn compared(request: &Request) -> Vec<String> {
    let fates = fates(request).into_iter().filter(|(how, _, _)| *how != How::Unchanged);
    fates.filter_map(|(_, old, new)| new.or(old)).collect()
}

/// An operation whose request must hold these members.
pub(crate) fn orders(required: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{ title: orders, version: 1.0.0 }}\npaths:\n  /orders:\n    post:\n      \
         requestBody:\n        required: true\n        content:\n          application/json:\n            \
         schema:\n              type: object\n              required: [{required}]\n              \
         properties:\n                a: {{ type: string }}\n                b: {{ type: string }}\n      \
         responses:\n        '200': {{ description: fine }}\n"
    )
}

/// A repository in which a member became required since the last commit.
pub(crate) fn broken() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.commit();
    scratch.write("api/orders.yaml", &orders("a, b"));
    scratch
}
