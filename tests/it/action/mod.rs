//! The GitHub Action, run step by step as a runner runs it, with a server of our own in the place of GitHub.

mod api;
mod events;
mod fork;
#[cfg(unix)]
mod install;
mod readme;
mod runner;
mod runs;
mod scene;
mod yaml;

/// Whether this machine has what every GitHub runner has; without, the test says that it was not run.
fn can_run() -> bool {
    let has = |program: &str| {
        let asked = std::process::Command::new(program).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    };
    let lacking: Vec<&str> =
        ["bash", "git", "curl", "tar"].into_iter().filter(|program| !has(program)).collect();
    if !lacking.is_empty() {
        eprintln!("skipped: the action needs {}", lacking.join(", "));
    }
    lacking.is_empty()
}
