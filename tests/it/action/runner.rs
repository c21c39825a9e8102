//! As much of GitHub's runner as a composite action meets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::yaml::json_of_yaml;

/// What a job shows and hands on.
pub(super) struct Run {
    /// Everything that the steps printed.
    pub(super) log: String,
    /// The exit code of the step that failed, or 0.
    pub(super) code: i32,
    /// What the workflow can ask the action for.
    pub(super) outputs: BTreeMap<String, String>,
    /// The page of the run.
    pub(super) summary: String,
}

/// A job about to use the action.
pub(super) struct Runner {
    /// The folder of the action's source.
    pub(super) action: PathBuf,
    /// The workspace.
    pub(super) workspace: PathBuf,
    /// What the runner keeps for itself: temporary files, tools, the home folder.
    pub(super) home: PathBuf,
    /// What the workflow wrote under `with`.
    pub(super) inputs: BTreeMap<String, String>,
    /// The variables that the runner sets.
    pub(super) variables: BTreeMap<String, String>,
    /// The folders on PATH before those of the system.
    pub(super) path: Vec<PathBuf>,
    /// `${{ github.action_repository }}`.
    pub(super) repository: String,
}

/// The state while steps run.
struct Job<'r> {
    runner: &'r Runner,
    inputs: BTreeMap<String, String>,
    steps: BTreeMap<String, BTreeMap<String, String>>,
    path: Vec<PathBuf>,
    summary: String,
    log: String,
    code: i32,
}

impl Runner {
    /// Runs the steps of `action.yml` one after the other.
    pub(super) fn run(&self) -> Run {
        let action = json_of_yaml(&fs::read_to_string(self.action.join("action.yml")).unwrap());
        assert_eq!(action["runs"]["using"], "composite");
        let mut inputs = self.inputs.clone();
        for (name, input) in action["inputs"].as_object().unwrap() {
            assert_ne!(input["required"], true, "{name}: no input may be required");
            let default = input["default"].as_str().unwrap_or_default().to_owned();
            inputs.entry(name.clone()).or_insert(default);
        }
        let mut job = Job {
            runner: self,
            inputs,
            steps: BTreeMap::new(),
            path: self.path.clone(),
            summary: String::new(),
            log: String::new(),
            code: 0,
        };
        let token = job.expand(&job.inputs["github-token"].clone());
        job.inputs.insert("github-token".to_owned(), token);
        for (number, step) in action["runs"]["steps"].as_array().unwrap().iter().enumerate() {
            job.step(number, step);
        }
        let outputs =
            action["outputs"].as_object().unwrap().iter().map(|(name, output)| {
                (name.clone(), job.expand(output["value"].as_str().unwrap()))
            });
        let outputs = outputs.collect();
        Run { log: job.log, code: job.code, outputs, summary: job.summary }
    }
}

impl Runner {
    /// A step that the workflow itself has: a line for the shell, in the workspace.
    pub(super) fn shell(&self, line: &str) -> (i32, String) {
        let mut command = Command::new("bash");
        command.args(["-e", "-o", "pipefail", "-c", line]).current_dir(&self.workspace);
        command.env_clear().envs(&self.variables).env("PATH", path_of(&self.path));
        let ended = command.stdin(Stdio::null()).output().unwrap();
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.code().unwrap_or(128), String::from_utf8_lossy(&said).into_owned())
    }
}

/// Folders before those of the system.
fn path_of(folders: &[PathBuf]) -> std::ffi::OsString {
    let system = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(folders.iter().cloned().chain(std::env::split_paths(&system))).unwrap()
}

impl Job<'_> {
    fn step(&mut self, number: usize, step: &Value) {
        if !self.wanted(step["if"].as_str()) {
            return;
        }
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "a template in a script is an injection: {script}");
        assert_eq!(step["shell"], "bash");
        let files = ["output", "path", "summary"].map(|name| {
            let file = self.runner.home.join(format!("{name}-{number}"));
            fs::write(&file, "").unwrap();
            file
        });
        let [output, added_path, summary] = &files;
        let file = self.runner.home.join(format!("step-{number}.sh"));
        fs::write(&file, script).unwrap();
        let folder = match step["working-directory"].as_str() {
            Some(folder) => self.runner.workspace.join(self.expand(folder)),
            None => self.runner.workspace.clone(),
        };
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&file);
        command.current_dir(folder).stdin(Stdio::null()).env_clear();
        command.envs(self.variables(step));
        command.env("GITHUB_OUTPUT", output).env("GITHUB_PATH", added_path);
        command.env("GITHUB_STEP_SUMMARY", summary);
        let ended = command.output().unwrap();
        writeln!(self.log, "▸ {}", step["name"].as_str().unwrap()).unwrap();
        self.log.push_str(&String::from_utf8_lossy(&ended.stdout));
        self.log.push_str(&String::from_utf8_lossy(&ended.stderr));
        let code = ended.status.code().unwrap_or(128);
        if self.code == 0 {
            self.code = code;
        }
        let set = fs::read_to_string(output).unwrap();
        let set = set.lines().map(|line| line.split_once('=').expect("name=value"));
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if let Some(id) = step["id"].as_str() {
            self.steps.insert(id.to_owned(), set);
        }
        let added = fs::read_to_string(added_path).unwrap();
        self.path.splice(0..0, added.lines().map(PathBuf::from));
        self.summary.push_str(&fs::read_to_string(summary).unwrap());
    }

    fn variables(&self, step: &Value) -> BTreeMap<String, String> {
        let mut variables = self.runner.variables.clone();
        variables.insert("PATH".to_owned(), path_of(&self.path).into_string().unwrap());
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            variables.insert(name.clone(), self.expand(value.as_str().unwrap()));
        }
        variables
    }

    /// The two forms of condition that the action uses.
    fn wanted(&self, condition: Option<&str>) -> bool {
        let Some(condition) = condition else { return self.code == 0 };
        let rest = condition.strip_prefix("always() && ").expect("an unknown condition");
        let value = rest.strip_suffix(" != ''").expect("an unknown condition");
        !self.value(value).is_empty()
    }

    /// A text in which `${{ … }}` stands for values.
    fn expand(&self, text: &str) -> String {
        let mut parts = text.split("${{");
        let mut expanded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (expression, rest) = part.split_once("}}").expect("an unclosed expression");
            expanded.push_str(&self.value(expression.trim()));
            expanded.push_str(rest);
        }
        expanded
    }

    fn value(&self, expression: &str) -> String {
        let path = |path: &Path| path.display().to_string();
        match expression.split('.').collect::<Vec<_>>().as_slice() {
            ["inputs", name] => self.inputs[*name].clone(),
            ["github", "action_path"] => path(&self.runner.action),
            ["github", "action_repository"] => self.runner.repository.clone(),
            ["github", "token"] => "the-token".to_owned(),
            ["steps", id, "outputs", name] => {
                let step = self.steps.get(*id);
                step.and_then(|set| set.get(*name)).cloned().unwrap_or_default()
            }
            _ => panic!("the action asks for {expression}, which this runner does not know"),
        }
    }
}
