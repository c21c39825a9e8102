//! Rules about what happens in a repository over time, which no pair of files shows: a folder
//! `testdata/repository/<rule-id>/` holds the states of a repository, `1`, `2` and on. All but the last are
//! commits of `main`; the last is what lies in the work tree of a branch when `unbroken check` is asked.

use std::fs;
use std::path::{Path, PathBuf};

use insta::{Settings, assert_snapshot, glob};

use crate::case::testdata;
use crate::git::scratch::Scratch;

/// A rule's repository.
pub(crate) struct Story {
    pub(crate) folder: PathBuf,
    pub(crate) rule: String,
}

impl Story {
    /// Every story, sorted by rule.
    pub(crate) fn all() -> Vec<Self> {
        let folders = fs::read_dir(testdata().join("repository")).unwrap();
        let mut all: Vec<Self> = folders.map(|entry| Self::at(&entry.unwrap().path())).collect();
        all.sort_by(|one, other| one.rule.cmp(&other.rule));
        all
    }

    fn at(folder: &Path) -> Self {
        let rule = folder.file_name().unwrap().to_str().unwrap().to_owned();
        Self { folder: folder.to_owned(), rule }
    }

    /// The files of every state, by their paths in the story, with their texts.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut folders = self.states();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.folder).unwrap().to_str().unwrap();
                    files.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    fn states(&self) -> Vec<PathBuf> {
        let states = (1..).map(|state: u8| self.folder.join(state.to_string()));
        states.take_while(|state| state.is_dir()).collect()
    }

    /// What `unbroken check` says; commits are called by their place in the story.
    fn told(&self) -> String {
        let scratch = Scratch::new();
        let files = self.files();
        let states = self.states().len();
        let mut commits = Vec::new();
        for state in 1..=states {
            for (name, _) in &files {
                let (of, path) = name.split_once('/').unwrap();
                let path = scratch.root().join(path);
                if of == (state - 1).to_string() && path.exists() {
                    fs::remove_file(path).unwrap();
                }
            }
            for (name, text) in &files {
                let (of, path) = name.split_once('/').unwrap();
                if of == state.to_string() {
                    scratch.write(path, text);
                }
            }
            if state < states {
                commits.push(scratch.commit());
            } else {
                scratch.point("refs/heads/change", *commits.last().unwrap());
                scratch.git.set_head("refs/heads/change").unwrap();
            }
        }
        let mut said = scratch.run(&["check"]).1;
        for (at, commit) in commits.iter().enumerate() {
            said = said.replace(&commit.to_string()[..7], &format!("{:07}", at + 1));
        }
        said
    }
}

#[test]
fn the_user_sees_what_lies_beside_the_story() {
    let base = testdata();
    glob!(&base, "repository/*", |folder| {
        let story = Story::at(folder);
        let said = story.told();
        assert!(said.contains(&story.rule), "{}: {said}", story.rule);
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_snapshot_suffix("");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.remove_input_file();
        settings.bind(|| assert_snapshot!("report", said));
    });
}
