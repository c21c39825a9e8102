//! The lines that the README and `docs/ci.md` tell people to copy.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::can_run;
use super::scene::{Scene, contract};
use super::yaml::json_of_yaml;
use crate::git::scratch::Scratch;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The YAML blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let text = text(page);
    let blocks = text.split("```yaml\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

/// The block of the README that begins with a word.
fn block(start: &str) -> String {
    let found = blocks("README.md").into_iter().find(|block| block.starts_with(start));
    found.unwrap_or_else(|| panic!("the README has no block that begins with {start}"))
}

/// The steps of a workflow, or a list of them, that use an action.
fn steps(block: &Value) -> Vec<Value> {
    let steps = block.pointer("/jobs/contracts/steps").unwrap_or(&block["steps"]);
    steps.as_array().cloned().unwrap_or_default()
}

fn is_ours(step: &Value) -> bool {
    step["uses"].as_str().is_some_and(|used| used.starts_with("OWNER/unbroken@"))
}

#[test]
fn the_six_lines_of_the_readme_are_an_action_that_works() {
    if !can_run() {
        return;
    }
    let lines = block("on:");
    assert_eq!(lines.lines().count(), 6, "{lines}");
    let workflow = json_of_yaml(&lines);
    for event in workflow["on"].as_array().unwrap() {
        assert!(["pull_request", "merge_group", "push"].contains(&event.as_str().unwrap()));
    }
    let steps = steps(&workflow);
    let step = steps.iter().find(|step| is_ours(step)).unwrap();
    let major = env!("CARGO_PKG_VERSION").split('.').next().unwrap();
    assert_eq!(step["uses"], format!("OWNER/unbroken@v{major}"));
    let scene = Scene::new(&contract(&["id", "total"]), &contract(&["id"]));
    let comments = "/repos/acme/shop/issues/812/comments";
    scene.api.answer(&format!("GET {comments}?per_page=100&page=1"), 200, "[]");
    scene.api.answer(&format!("POST {comments}"), 201, "{}");
    let mut runner = scene.pull_request();
    for (name, value) in step["with"].as_object().into_iter().flatten() {
        runner = runner.input(name, value.as_str().unwrap());
    }
    let run = runner.run();
    assert_eq!((run.code, &*run.outputs["status"]), (1, "breaking"), "{}", run.log);
    assert_eq!(scene.api.writes().len(), 1);
    assert_eq!(scene.merge_group().run().code, 1);
}

#[test]
fn the_five_lines_of_the_readme_name_a_hook_that_works() {
    let lines = block("repos:");
    assert_eq!(lines.lines().count(), 5, "{lines}");
    let config = json_of_yaml(&lines);
    assert_eq!(config["repos"][0]["rev"], format!("v{}", env!("CARGO_PKG_VERSION")));
    let hooks = json_of_yaml(&text(".pre-commit-hooks.yaml"));
    let hooks = hooks.as_array().unwrap();
    let used = &config["repos"][0]["hooks"][0]["id"];
    assert!(hooks.iter().any(|hook| hook["id"] == *used), "{used}");
    // What pre-commit runs of each hook, run here.
    let scratch = Scratch::new();
    scratch.write("a.yaml", &contract(&["id"]));
    scratch.commit();
    for hook in hooks {
        let entry = hook["entry"].as_str().unwrap().split(' ').collect::<Vec<&str>>();
        assert_eq!((entry[0], &hook["pass_filenames"]), ("unbroken", &Value::Bool(false)));
        assert_eq!(scratch.run(&entry[1..]), (0, String::new()), "{entry:?}");
    }
}

#[test]
fn the_page_names_inputs_and_outputs_that_there_are() {
    let action = json_of_yaml(&text("action.yml"));
    let names = |part: &str| -> BTreeSet<String> {
        action[part].as_object().unwrap().keys().cloned().collect()
    };
    let (inputs, outputs) = (names("inputs"), names("outputs"));
    let mut used = 0;
    for block in blocks("docs/ci.md") {
        for part in block.split("steps.contracts.outputs.").skip(1) {
            let end = part.find(|letter: char| !letter.is_ascii_lowercase() && letter != '-');
            let name = &part[..end.unwrap_or(part.len())];
            assert!(outputs.contains(name), "{name}");
        }
        // Expressions are a template's, not YAML's.
        let plain = block.replace("${{", "\"").replace("}}", "\"");
        for step in steps(&json_of_yaml(&plain)).iter().filter(|step| is_ours(step)) {
            used += 1;
            for name in step["with"].as_object().into_iter().flatten().map(|(name, _)| name) {
                assert!(inputs.contains(name), "{name}");
            }
        }
    }
    assert!(used > 0);
}

#[test]
fn a_release_states_where_its_archives_are() {
    let home = tempfile::tempdir().unwrap();
    let scripts = home.path().join(".github/action");
    fs::create_dir_all(&scripts).unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("Cargo.toml"), home.path().join("Cargo.toml")).unwrap();
    fs::copy(root.join(".github/action/repository.sh"), scripts.join("repository.sh")).unwrap();
    if !can_run() {
        return;
    }
    for owner in ["other", "acme"] {
        let mut script = std::process::Command::new("bash");
        script.arg(scripts.join("repository.sh"));
        let url = format!("https://github.com/{owner}/unbroken");
        assert!(script.arg(url).status().unwrap().success());
    }
    let manifest = fs::read_to_string(home.path().join("Cargo.toml")).unwrap();
    let value = |key: &str| {
        let lines: Vec<&str> = manifest.lines().filter(|line| line.starts_with(key)).collect();
        let [line] = lines.as_slice() else { panic!("{key}: {lines:?}") };
        line.split_once(" = ").unwrap().1.trim_matches('"').to_owned()
    };
    // What cargo-binstall makes of it is what the action downloads.
    let url = value("pkg-url")
        .replace("{ repo }", &value("repository"))
        .replace("{ version }", env!("CARGO_PKG_VERSION"))
        .replace("{ target }", "x86_64-unknown-linux-musl");
    let path = format!("releases/download/v{}", env!("CARGO_PKG_VERSION"));
    let archive = "unbroken-x86_64-unknown-linux-musl.tar.gz";
    assert_eq!(url, format!("https://github.com/acme/unbroken/{path}/{archive}"));
    let release = text(".github/workflows/release.yml");
    assert!(release.contains("repository.sh \"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY\""));
}
