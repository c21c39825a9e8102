//! A repository at its host, a pull request, and the shallow clone that a job gets of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Api;
use super::runner::{Run, Runner};
use crate::fresh::assert_fresh;

/// A contract with one operation; the response has these properties.
pub(super) fn contract(properties: &[&str]) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: Orders, version: 1.0.0}\npaths:\n  /orders:\n    \
                    get:\n      responses:\n        '200':\n          description: All\n          \
                    content:\n            application/json:\n              schema:\n                \
                    type: object\n                properties:\n"
        .to_owned();
    for property in properties {
        writeln!(text, "                  {property}: {{type: string}}").unwrap();
    }
    writeln!(text, "                required: [{}]", properties.join(", ")).unwrap();
    text
}

/// The host's repository and everything that a job meets.
pub(super) struct Scene {
    home: TempDir,
    pub(super) api: Api,
    main: String,
    head: String,
}

impl Scene {
    /// The branch changes `orders.yaml` while main, later, changes `users.yaml`, which the branch must
    /// not be blamed for.
    pub(super) fn new(old: &str, new: &str) -> Self {
        let home = TempDir::new().unwrap();
        let mut scene = Self { home, api: Api::start(), main: String::new(), head: String::new() };
        let origin = scene.origin();
        fs::create_dir_all(&origin).unwrap();
        scene.git(&origin, &["init", "--quiet", "--initial-branch=main"]);
        scene.git(&origin, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        scene.commit(&[("orders.yaml", old), ("users.yaml", &contract(&["id"]))]);
        scene.git(&origin, &["checkout", "--quiet", "-b", "feature"]);
        scene.commit(&[("orders.yaml", new)]);
        scene.git(&origin, &["checkout", "--quiet", "main"]);
        scene.commit(&[("users.yaml", &contract(&["name"]))]);
        scene.request();
        scene
    }

    /// Has GitHub merge what the branch is now onto what main is now.
    pub(super) fn request(&mut self) {
        let origin = self.origin();
        self.main = self.git(&origin, &["rev-parse", "main"]);
        self.head = self.git(&origin, &["rev-parse", "feature"]);
        self.git(&origin, &["checkout", "--quiet", "--detach", "main"]);
        self.git(&origin, &["merge", "--quiet", "--no-edit", "feature"]);
        self.git(&origin, &["update-ref", "refs/pull/812/merge", "HEAD"]);
        self.git(&origin, &["update-ref", "refs/pull/812/head", &self.head]);
        self.git(&origin, &["checkout", "--quiet", "main"]);
    }

    fn origin(&self) -> PathBuf {
        self.home.path().join("origin")
    }

    fn commit(&self, files: &[(&str, &str)]) -> String {
        let origin = self.origin();
        for (name, text) in files {
            fs::write(origin.join(name), text).unwrap();
        }
        self.git(&origin, &["add", "--all"]);
        self.git(&origin, &["commit", "--quiet", "--message", "change"]);
        self.git(&origin, &["rev-parse", "HEAD"])
    }

    fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        command.current_dir(folder).env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("HOME", self.home.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        // The same commits have the same ids on every day.
        for date in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            command.env(date, "2026-01-01T00:00:00Z");
        }
        let ended = command.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "git {arguments:?}: {said}");
        String::from_utf8(ended.stdout).unwrap().trim().to_owned()
    }

    /// What `actions/checkout` leaves for a ref: one commit of it, under the name that the ref has at
    /// origin, and no tag but the one that was asked for.
    fn check_out(&self, reference: &str) -> PathBuf {
        let workspace = self.home.path().join("workspace");
        if workspace.exists() {
            fs::remove_dir_all(&workspace).unwrap();
        }
        fs::create_dir_all(&workspace).unwrap();
        let origin = format!("file://{}", self.origin().display());
        self.git(&workspace, &["init", "--quiet", "--initial-branch=checkout"]);
        self.git(&workspace, &["remote", "add", "origin", &origin]);
        let branch = reference.strip_prefix("refs/heads/");
        let here = match branch {
            Some(branch) => format!("refs/remotes/origin/{branch}"),
            None => reference.replace("refs/pull/", "refs/remotes/pull/"),
        };
        let refspec = format!("+{reference}:{here}");
        self.git(&workspace, &["fetch", "--quiet", "--no-tags", "--depth=1", "origin", &refspec]);
        match branch {
            Some(branch) => self.git(&workspace, &["checkout", "--quiet", "-B", branch, &here]),
            None => self.git(&workspace, &["checkout", "--quiet", "--detach", &here]),
        };
        workspace
    }

    /// The job of a pull request, from its merge ref.
    pub(super) fn pull_request(&self) -> Runner {
        self.of_request("pull_request", "refs/pull/812/merge", "acme/shop")
    }

    /// The job of a pull request whose branch lies in somebody else's copy.
    pub(super) fn fork(&self) -> Runner {
        self.of_request("pull_request", "refs/pull/812/merge", "mallory/shop")
    }

    /// The job that runs on the target of such a request, with all the rights of the target.
    pub(super) fn pull_request_target(&self) -> Runner {
        self.of_request("pull_request_target", "refs/heads/main", "mallory/shop")
    }

    fn of_request(&self, event: &str, reference: &str, from: &str) -> Runner {
        let owner = from.split('/').next().unwrap();
        let repository = |name: &str, fork: bool| {
            json!({
                "full_name": name, "fork": fork, "default_branch": "main", "private": false,
                "clone_url": format!("{}/{name}.git", self.api.address),
            })
        };
        // GitHub's own idea of the base may be older than the merge.
        let base = self.git(&self.origin(), &["rev-parse", "main~1"]);
        let payload = json!({
            "action": "synchronize",
            "number": 812,
            "pull_request": {
                "number": 812,
                "state": "open",
                "user": {"login": owner},
                "author_association": "FIRST_TIME_CONTRIBUTOR",
                "head": {
                    "sha": self.head, "ref": "feature", "label": format!("{owner}:feature"),
                    "repo": repository(from, from != "acme/shop"),
                },
                "base": {
                    "sha": base, "ref": "main", "label": "acme:main",
                    "repo": repository("acme/shop", false),
                },
            },
            "repository": repository("acme/shop", false),
            "sender": {"login": owner},
        });
        let runner = self.job(event, reference, &payload);
        runner.with("GITHUB_BASE_REF", "main").with("GITHUB_HEAD_REF", "feature")
    }

    /// The job that the clock starts, on the default branch.
    pub(super) fn schedule(&self) -> Runner {
        self.job("schedule", "refs/heads/main", &json!({"schedule": "30 5 * * 1"}))
    }

    /// The job that a person starts on a branch or a tag.
    pub(super) fn dispatch(&self, reference: &str) -> Runner {
        let repository = json!({"full_name": "acme/shop", "default_branch": "main"});
        let payload = json!({"inputs": null, "ref": reference, "repository": repository});
        self.job("workflow_dispatch", reference, &payload)
    }

    /// The job of a tag that was pushed.
    pub(super) fn tag(&self, name: &str) -> Runner {
        let zero = "0".repeat(40);
        let payload = json!({"before": zero, "repository": {"default_branch": "main"}});
        self.job("push", &format!("refs/tags/{name}"), &payload)
    }

    /// Names a commit of origin for good.
    pub(super) fn release(&self, tag: &str, commit: &str) {
        self.git(&self.origin(), &["tag", "--annotate", "--message", tag, tag, commit]);
    }

    /// A commit on a branch of origin, on top of what is there or of a commit.
    pub(super) fn add(&self, branch: &str, at: &str, files: &[(&str, &str)]) {
        let origin = self.origin();
        self.git(&origin, &["checkout", "--quiet", "-B", branch, at]);
        self.commit(files);
        self.git(&origin, &["checkout", "--quiet", "main"]);
    }

    /// The job of a merge queue.
    pub(super) fn merge_group(&self) -> Runner {
        let payload = json!({
            "merge_group": {"base_sha": self.main, "base_ref": "refs/heads/main"},
        });
        self.job("merge_group", "refs/pull/812/merge", &payload)
    }

    /// The job of a push of one commit to a branch.
    pub(super) fn push(&self, branch: &str) -> Runner {
        let before = self.git(&self.origin(), &["rev-parse", &format!("{branch}~1")]);
        let payload = json!({"before": before, "repository": {"default_branch": "main"}});
        self.job("push", &format!("refs/heads/{branch}"), &payload)
    }

    /// The job of a push that deleted a branch: the runner checks out the default branch.
    pub(super) fn deletion(&self, branch: &str) -> Runner {
        let before = self.git(&self.origin(), &["rev-parse", branch]);
        let reference = format!("refs/heads/{branch}");
        let payload = json!({
            "ref": reference, "before": before, "after": "0".repeat(40), "deleted": true,
            "repository": {"default_branch": "main"},
        });
        self.job("push", "refs/heads/main", &payload).with("GITHUB_REF", &reference)
    }

    /// The program that is tested is on PATH, as after the first job on a machine of one's own.
    fn job(&self, event: &str, reference: &str, payload: &Value) -> Runner {
        let home = self.home.path().join("runner");
        fs::create_dir_all(home.join("temp")).unwrap();
        let file = home.join("event.json");
        fs::write(&file, payload.to_string()).unwrap();
        let text = |path: &Path| path.display().to_string();
        let variables = [
            ("CI", "true".to_owned()),
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_API_URL", self.api.address.clone()),
            ("GITHUB_EVENT_NAME", event.to_owned()),
            ("GITHUB_EVENT_PATH", text(&file)),
            ("GITHUB_JOB", "contracts".to_owned()),
            ("GITHUB_REF", reference.to_owned()),
            ("GITHUB_REPOSITORY", "acme/shop".to_owned()),
            ("GITHUB_RUN_ID", "77".to_owned()),
            ("GITHUB_SERVER_URL", self.api.address.clone()),
            ("GITHUB_WORKFLOW", "CI".to_owned()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("HOME", text(&home)),
            ("RUNNER_ARCH", "X64".to_owned()),
            ("RUNNER_OS", "Linux".to_owned()),
            ("RUNNER_TEMP", text(&home.join("temp"))),
            ("RUNNER_TOOL_CACHE", text(&home.join("tools"))),
        ];
        let program = Path::new(env!("CARGO_BIN_EXE_unbroken"));
        Runner {
            action: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
            workspace: self.check_out(reference),
            home,
            inputs: BTreeMap::new(),
            variables: variables.map(|(name, value)| (name.to_owned(), value)).into(),
            path: vec![program.parent().unwrap().to_owned()],
            repository: "acme/unbroken".to_owned(),
        }
    }

    /// The text without what differs from run to run.
    pub(super) fn steady(&self, text: &str) -> String {
        let mut text = text.replace(&self.home.path().display().to_string(), "[home]");
        text = text.replace(&self.api.address, "[server]");
        let ids = [(&self.main, "[main]"), (&self.head, "[head]")];
        for (id, name) in ids {
            text = text.replace(id.as_str(), name).replace(&id[..7], name);
        }
        text
    }
}

impl Scene {
    /// Keeps what the job printed as a page: what a person sees who opens its log.
    pub(super) fn show(&self, event: &str, run: &Run) {
        let log = self.steady(&without_pause_words(&run.log));
        assert_fresh(&[(format!("docs/showcase/jobs/{event}.txt"), log)]);
    }
}

/// The words differ each time, as they must.
fn without_pause_words(log: &str) -> String {
    let Some((_, rest)) = log.split_once("::stop-commands::") else { return log.to_owned() };
    let word = rest.lines().next().unwrap_or_default().to_owned();
    log.replace(&word, "[word]")
}

impl Runner {
    pub(super) fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    pub(super) fn input(mut self, name: &str, value: &str) -> Self {
        self.inputs.insert(name.to_owned(), value.to_owned());
        self
    }
}
